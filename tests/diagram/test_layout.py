"""Layouts: goldens of our scenes, and what holds for every scene."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.scene import Address, Container, Interface, Scene, Wire
from ovs_capture.diagram.turning import DIRECTIONS, Direction
from tests.diagram.expected import load
from tests.diagram.geometry import faults
from tests.diagram.scenes import NAMES, english, examples, japanese, scene, scenes
from tests.diagram.topologies import topology

GOLDENS = Path(__file__).parent / "golden"
# Bends and crossings of the cases that people drew: the prototypes reached 0 and 0 too.
CASES = (
    "network_flat_instance_ovs",
    "network_geneve_instance_ovn",
    "network_vxlan_instance_linuxbridge",
    "network_vxlan_lb_linuxbridge",
    "network_vxlan_router_ovs",
)


@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str) -> None:
    text = lay_out(scene(name), english).text()
    golden = GOLDENS / f"{name}.layout"
    if os.environ.get("OVS_CAPTURE_REGEN") == "1":
        golden.write_text(text, "utf-8")
        pytest.fail(f"rewrote {golden.name}: read its diff")
    assert text == golden.read_text("utf-8")


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", NAMES)
def test_our_scenes_have_no_fault(name: str, direction: Direction) -> None:
    assert faults(scene(name), direction) == []


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.too_slow])
@given(scenes())
def test_no_scene_has_a_fault(drawn: Scene) -> None:
    assert faults(drawn) == []


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.sampled_from(DIRECTIONS))
def test_no_topology_has_a_fault(seed: int, direction: Direction) -> None:
    assert faults(topology(seed), direction) == []


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow])
@given(scenes())
def test_the_same_scene_gives_the_same_layout(drawn: Scene) -> None:
    assert lay_out(drawn, english).text() == lay_out(drawn, english).text()


def test_no_hash_decides(root: Path) -> None:
    """Other processes, other hash seeds: the same bytes."""
    program = (
        "from tests.diagram.scenes import NAMES, english, examples, scene\n"
        "from ovs_capture.diagram.layout import lay_out\n"
        "for name in NAMES:\n"
        "    layout = lay_out(scene(name), english)\n"
        "    print(layout.text(), layout.networks, layout.ways)\n"
    )
    outputs = set()
    for seed in ("1", "2", "3"):
        path = os.pathsep.join((str(root), str(root / "ext")))
        env = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": path}
        done = subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, check=True
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1


@pytest.mark.needs("shared")
@pytest.mark.parametrize("case", CASES)
def test_what_people_drew_has_no_bend_and_no_crossing(shared: Path, case: str) -> None:
    drawn = load(shared / "reference" / "cases" / case / "expected.json")
    layout = lay_out(drawn, japanese)
    assert (layout.bends, layout.crossings) == (0, 0)
    assert faults(drawn) == []


def test_the_flat_host_has_no_bend_and_no_crossing() -> None:
    layout = lay_out(scene("flat"), english)
    assert (layout.bends, layout.crossings) == (0, 0)
    assert layout.width < 760


def test_words_are_the_readers() -> None:
    texts = [c.first.text for box in lay_out(scene("flat"), japanese).callouts for c in box.lines]
    assert texts == ["tag なし", "tag なし"]


def test_an_empty_scene_says_so() -> None:
    layout = lay_out(Scene(), english)
    assert [t.text for t in layout.labels] == ["The captures show nothing to draw."]
    assert layout.labels[0].width < layout.width


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"wires": (Wire(id="n9", ends=("n77", "n78")),)}, "n77", id="wire-to-nowhere"),
        pytest.param({"addresses": (Address(id="n9", interface="n5", text="x"),)}, "n5", id="lost"),
        pytest.param(
            {"containers": (Container(id="n0", kind="host", title="a", parent="n0"),)},
            "inside itself",
            id="box-in-itself",
        ),
        pytest.param(
            {
                "interfaces": (Interface(id="n1", kind="tap", name="t", container="n0"),),
                "wires": (Wire(id="n2", ends=("n1", "n1")),),
            },
            "with itself",
            id="wire-to-itself",
        ),
    ],
)
def test_a_broken_scene_is_our_mistake(change: dict[str, object], says: str) -> None:
    host = Scene(containers=(Container(id="n0", kind="host", title="a"),))
    with pytest.raises(ValueError, match=says):
        lay_out(replace(host, **change), english)  # type: ignore[arg-type]
