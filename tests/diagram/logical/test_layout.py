"""Places of the picture of a logical network: what holds for every one."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_capture.diagram.logical.parts import LogicalScene
from tests.conftest import ROOT
from tests.diagram.logical.networks import crowd, faults, layout_of, scene_of, scene_of_target


def test_an_empty_scene_has_a_size() -> None:
    layout = layout_of(LogicalScene())
    assert layout.width > 0
    assert layout.boxes == ()


@given(
    st.lists(st.integers(0, 14), min_size=1, max_size=6),
    st.integers(0, 3),
)
@settings(max_examples=40, deadline=None)
def test_nothing_lies_on_anything(sizes: list[int], routers: int) -> None:
    assert faults(layout_of(scene_of(crowd(*sizes, routers=routers)))) == []


def test_the_outside_is_on_top_and_instances_at_the_bottom() -> None:
    scene = scene_of(crowd(2, 2))
    at = {box.owner: box for box in layout_of(scene).boxes}
    inner, outer = (at[switch.id] for switch in scene.switches)
    assert at[scene.networks[0].id].bottom < outer.y
    assert outer.bottom < at[scene.routers[0].id].y
    assert at[scene.routers[0].id].bottom < inner.y
    assert all(at[port.id].y > inner.bottom for port in scene.ports if "vm0" in port.title)


def test_370_ports_are_readable_and_soon_there() -> None:
    scene = scene_of(crowd(60, 250, 20, 10, 20, 10, routers=2))
    start = time.perf_counter()
    layout = layout_of(scene)
    assert time.perf_counter() - start < 2
    assert layout.width < 1500
    assert faults(layout) == []


def test_it_is_the_same_every_time() -> None:
    scene = scene_of(crowd(3, 5, 2, routers=2))
    assert layout_of(scene).text() == layout_of(scene).text()


def test_the_second_seed() -> None:
    layout = layout_of(scene_of_target(ROOT / "captures" / "selfservice"))
    assert faults(layout) == []
    titles = [box.texts[0].text for box in layout.boxes if box.role == "switch"]
    assert sorted(titles) == ["15e2c80b-1461\u2026", "selfservice"]


@pytest.mark.needs("shared")
def test_the_lab(shared: Path) -> None:
    scene = scene_of_target(shared / "lab" / "captures" / "ovn")
    layout = layout_of(scene)
    assert faults(layout) == []
    drawn = {box.owner for box in layout.boxes} | {line.owner for line in layout.lines}
    assert {part.id for part in scene.elements} - {fact.id for fact in scene.facts} == drawn
    assert "172.19.0.150" in layout.written
