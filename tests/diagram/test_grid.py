"""Grid: many guests in rows, their trunks in lanes."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from ovs_capture.diagram import cells
from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.scene import Scene
from tests.diagram.crowd import crowd
from tests.diagram.geometry import (
    contained,
    loose_ends,
    lying_on_each_other,
    overlaps,
    through_boxes,
)
from tests.diagram.scenes import english, examples, scenes


def faults(drawn: Scene) -> list[str]:
    layout = lay_out(drawn, english)
    return [
        *overlaps(layout),
        *contained(drawn, layout),
        *loose_ends(drawn, layout),
        *lying_on_each_other(drawn, layout),
        *through_boxes(drawn, layout),
    ]


@pytest.mark.parametrize("guests", [6, 12, 60])
def test_a_crowd_has_no_fault(guests: int) -> None:
    assert faults(crowd(guests)) == []


def test_sixty_guests_are_no_wider_than_a_screen() -> None:
    layout = lay_out(crowd(60), english)
    assert layout.width < 1700
    assert layout.height < 2300


def test_guests_of_a_row_stand_on_one_line() -> None:
    layout = lay_out(crowd(60), english)
    guests = [b for b in layout.boxes if b.role == "guest"]
    bottoms = {b.y: {o.y + o.height for o in guests if o.y == b.y} for b in guests}
    assert 5 < len(bottoms) < 10
    assert all(len(found) == 1 for found in bottoms.values())


def test_guests_of_one_network_stand_together() -> None:
    drawn = crowd(60)
    layout = lay_out(drawn, english)
    known = dict(layout.networks)
    taps = {i.id for i in drawn.interfaces if i.kind == "tap"}
    placed = sorted((b.y, b.x, b.owner) for b in layout.boxes if b.owner in taps)
    found = [known[owner] for _, _, owner in placed]
    changes = sum(1 for a, b in pairwise(found) if a != b)
    assert len(set(found)) == 3
    assert changes <= 10  # those of the few guests on two networks


def test_the_grid_of_any_scene_has_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "WIDEST_ROW", 0)
    monkeypatch.setattr(cells, "FEWEST", 1)

    @settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
    @given(scenes())
    def holds(drawn: Scene) -> None:
        assert faults(drawn) == []

    holds()
