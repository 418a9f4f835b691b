"""The way of a packet in the picture of a logical network: parts, directions, discs."""

from typing import Any

import pytest

from ovs_capture.diagram.logical.layout import lay_out_logical
from ovs_capture.diagram.logical.paint import paint_logical
from ovs_capture.diagram.logical.parts import LogicalScene, logical_scene
from ovs_capture.diagram.logical.passage import around_passage, passage
from ovs_capture.diagram.passage import Passage
from ovs_capture.translation import Translator
from tests.trace.logical.pages import logical_trace_of, logical_traces, network, southbound

SAY = Translator("en").text
TRACES = logical_traces()
SCENE = logical_scene(network().logical)
NAMES: dict[str, Any] = {one.id: one.title for one in SCENE.elements if hasattr(one, "title")}


def way_of(expect: str, at: int = 0) -> Passage:
    one = [one for one in TRACES if one.expect == expect][at]
    return passage(SCENE, logical_trace_of(one), southbound().state)


def courses(way: Passage) -> dict[str, str]:
    """Where each line is entered, by what it joins."""
    links = {link.id: "-".join(sorted(NAMES[end] for end in link.ends)) for link in SCENE.links}
    return {links.get(key, NAMES.get(key, key)): NAMES[end] for key, end in way.wires.items()}


@pytest.mark.parametrize(
    ("expect", "at", "wanted"),
    [
        ("output vm4", 0, {"vm0": "vm0", "vm4": "ovn-selfservice"}),
        (
            "output vm3",
            0,
            {
                "vm2": "vm2",
                "ovn-selfservice-router": "ovn-selfservice",
                "ovn-backend-router": "router",
                "vm3": "ovn-backend",
            },
        ),
        (
            "output provnet-1fa55b15-8ac5-55ca-85ec-2694c677d667",
            0,
            {
                "vm2": "vm2",
                "ovn-selfservice-router": "ovn-selfservice",
                "ovn-provider-router": "router",
                "ovn-provider-provider": "ovn-provider",
            },
        ),
        (
            "output vm0",
            0,
            {
                "ovn-provider-provider": "provider",
                "ovn-provider-router": "ovn-provider",
                "ovn-selfservice-router": "router",
                "vm0": "ovn-selfservice",
            },
        ),
        ("drop in ls_in_apply_port_sec of ovn-selfservice", 0, {"vm0": "vm0"}),
    ],
)
def test_every_line_is_gone_in_its_direction(expect: str, at: int, wanted: dict[str, str]) -> None:
    assert courses(way_of(expect, at)) == wanted


def test_a_link_that_is_gone_both_ways_has_no_arrow() -> None:
    way = way_of("output vm0", 1)  # back from the router to the switch that it came from
    both = [link.id for link in SCENE.links if way.wires.get(link.id) == ""]
    assert len(both) == 1
    scene = around_passage(SCENE, way)
    svg = painted(scene, way, "web")
    assert svg.count("ovs-taken") == 3 and svg.count('class="ovs-course"') == 2


def test_discs_number_every_step_and_the_end() -> None:
    discs = {NAMES[part]: text for part, text in way_of("output vm3").discs}
    assert discs == {
        "ovn-selfservice": "1–36",
        "router": "37–65",
        "ovn-backend": "66–101",
        "vm3": "102",
    }


def test_beside_the_way_little_is_left() -> None:
    way = way_of("output vm4")
    part = around_passage(SCENE, way)
    assert [NAMES[one.id] for one in part.datapaths] == ["ovn-selfservice", "router"]
    assert len(part.ports) == 4
    assert way.elements <= {one.id for one in part.elements}
    assert (part.groups, part.balancers, part.chassis) == ((), (), ())
    assert {NAMES[fact.owner] for fact in part.facts} == {"ovn-selfservice"}


def painted(scene: LogicalScene, way: Passage | None, mode: Any) -> str:
    return paint_logical(
        scene, lay_out_logical(scene, SAY), mode=mode, say=SAY, prefix="p-", lang="en",
        title="A", description="B", passage=way,
    )  # fmt: skip


def test_what_the_packet_does_not_take_is_pale() -> None:
    way = way_of("output vm3")
    scene = around_passage(SCENE, way)
    svg = painted(scene, way, "web")
    assert svg.count('class="ovs-disc"') == 4
    assert svg.count("ovs-taken") == 4 and svg.count('class="ovs-course"') == 4
    pale = [one for one in scene.datapaths if one.id not in way.elements]
    for one in pale:
        assert f'ovs-pale" data-ovs-el="{one.id}"' in svg
    static = painted(scene, way, "static")
    assert 'opacity=".36"' in static and "102" in static
    assert "ovs-" not in static


def test_without_a_way_nothing_is_pale() -> None:
    svg = painted(SCENE, None, "web")
    assert "ovs-pale" not in svg and "ovs-taken" not in svg and "ovs-disc" not in svg
