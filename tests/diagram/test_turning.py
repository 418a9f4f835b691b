"""Turning: guests on top, and every text as it was written."""

import pytest

from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.places import Layout
from ovs_capture.diagram.turning import turned
from tests.diagram.crowd import crowd
from tests.diagram.scenes import NAMES, english, scene
from tests.diagram.topologies import topology


def both(name: str) -> tuple[Layout, Layout]:
    drawn = scene(name)
    return lay_out(drawn, english), lay_out(drawn, english, "up")


@pytest.mark.parametrize("name", NAMES)
def test_all_is_there_and_nothing_bends_more(name: str) -> None:
    down, up = both(name)
    assert (up.width, up.height, up.bends, up.crossings) == (
        down.width,
        down.height,
        down.bends,
        down.crossings,
    )
    assert up.texts == down.texts or sorted(up.texts) == sorted(down.texts)
    assert turned(up) == down


def test_rails_are_below_and_guests_above() -> None:
    _, up = both("flat")
    guest = next(box for box in up.boxes if box.role == "guest")
    bridges = [box for box in up.boxes if box.role == "bridge"]
    assert guest.y < min(box.y for box in bridges)
    assert max(box.y for box in bridges) < min(rail.y for rail in up.rails)


def test_a_title_stays_above_its_subtitle() -> None:
    up = lay_out(crowd(3), english, "up")
    places = {(t.owner, t.role): t.y for t in up.labels}
    pairs = [(y, places[owner, "subtitle"]) for (owner, role), y in places.items()
             if role == "title" and (owner, "subtitle") in places]  # fmt: skip
    assert pairs and all(above < below for above, below in pairs)


def test_arrows_go_where_frames_go() -> None:
    down, up = both("flat")
    for before, after in zip(down.callouts, up.callouts, strict=True):
        for one, other in zip(before.lines, after.lines, strict=True):
            assert {one.arrow, other.arrow} == {"up", "down"}
            assert (one.first.text, one.second.text) == (other.second.text, other.first.text)
            assert other.first.y < other.y < other.second.y


def test_lines_of_several_callouts_keep_their_order() -> None:
    layouts = [lay_out(topology(seed), english, "up") for seed in range(12)]
    boxes = [box for up in layouts for box in up.callouts if len(box.lines) > 1]
    assert boxes
    for box in boxes:
        heights = [line.y for line in box.lines]
        assert heights == sorted(heights)


def test_a_grid_turns_too() -> None:
    up = lay_out(crowd(60), english, "up")
    rails = min(rail.y for rail in up.rails)
    assert all(box.y + box.height < rails for box in up.boxes)
