"""Collapsing: equal guests are one box, and nobody vanishes."""

from dataclasses import replace

import pytest

from ovs_capture.diagram.choice import Reason
from ovs_capture.diagram.crowds import GRID_REACH, collapsed
from ovs_capture.diagram.layout import picture
from ovs_capture.diagram.scene import Scene
from tests.diagram.crowd import crowd
from tests.diagram.geometry import faults
from tests.diagram.scenes import NAMES, english, names, scene
from tests.diagram.topologies import topology


def titles(drawn: Scene) -> list[str]:
    return [c.title for c in drawn.containers if c.kind == "guest"]


def test_guests_of_one_tag_are_one_box() -> None:
    found = collapsed(crowd(60))
    assert titles(found.scene) == ["instance ×27", "instance ×29", "instance ×3", "instance60"]
    assert sorted(found.stacks.values()) == [3, 27, 29]
    shown = names(found.scene)
    assert {"tap ×27", "tap ×29", "tap ×3"} <= set(shown.values())
    ports = {p.name: p.tag for p in found.scene.ports}
    assert (ports["tap ×27"], ports["tap ×29"]) == (1, 2)
    assert faults(found.scene) == []


def test_who_is_not_drawn_is_told() -> None:
    drawn = crowd(12)
    found = collapsed(drawn)
    told = [o.name for o in found.scene.omitted if o.reason == Reason.COLLAPSED.text]
    assert sorted([*told, *(t for t in titles(found.scene) if "×" not in t)]) == titles(drawn)


def test_an_address_is_no_difference_and_only_a_common_one_is_shown() -> None:
    drawn = crowd(4)
    same = replace(
        drawn, addresses=tuple(replace(address, text="10.9.9.9") for address in drawn.addresses)
    )
    for before, texts in ((drawn, set()), (same, {"10.9.9.9"})):
        after = collapsed(before)
        stacked = {i.id for i in after.scene.interfaces if i.container in after.stacks}
        assert {a.text for a in after.scene.addresses if a.interface in stacked} == texts


def test_a_tag_or_a_translation_is_a_difference() -> None:
    drawn = crowd(4)
    first = next(p for p in drawn.ports if p.name.startswith("tap"))
    ports = tuple(replace(p, tag=77) if p is first else p for p in drawn.ports)
    assert len(titles(collapsed(replace(drawn, ports=ports)).scene)) == 1 + len(
        titles(collapsed(drawn).scene)
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_scene_stays_whole(name: str) -> None:
    found = collapsed(scene(name))
    assert faults(found.scene) == []
    assert collapsed(found.scene).stacks == {}


def test_random_topologies_stay_whole() -> None:
    stacked = 0
    for seed in range(40):
        found = collapsed(topology(seed))
        stacked += len(found.stacks)
        assert faults(found.scene) == []
    assert stacked > 3


def test_the_grid_is_the_default_within_its_reach() -> None:
    drawn, layout = picture(crowd(60), english)
    assert drawn == crowd(60)
    assert layout.stacks == ()
    drawn, layout = picture(crowd(GRID_REACH + 1), english)
    assert len(layout.stacks) == 3
    assert layout.height < 1000
