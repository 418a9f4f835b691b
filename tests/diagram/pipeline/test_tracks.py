"""Which of two level pieces stands above."""

from ovs_capture.diagram.pipeline.tracks import Piece, tracks


def test_a_straight_line_needs_no_track() -> None:
    assert tracks([Piece("e0", (10,), (10,))]) == {}


def test_pieces_apart_share_a_track() -> None:
    assert tracks([Piece("e0", (10,), (50,)), Piece("e1", (90,), (140,))]) == {"e0": 0, "e1": 0}


def test_lines_to_the_right_do_not_cross() -> None:
    # e1 begins and ends right of e0: above it, it stays clear of it.
    assert tracks([Piece("e0", (10,), (60,)), Piece("e1", (20,), (90,))]) == {"e0": 1, "e1": 0}


def test_lines_to_the_left_do_not_cross() -> None:
    assert tracks([Piece("e0", (90,), (20,)), Piece("e1", (60,), (10,))]) == {"e0": 1, "e1": 0}


def test_two_lines_never_share_a_column() -> None:
    # e0 comes down where e1 goes up: e1 has to turn first.
    assert tracks([Piece("e0", (10,), (50,)), Piece("e1", (50,), (90,))]) == {"e0": 1, "e1": 0}


def test_what_passes_over_a_way_back_stands_below_it() -> None:
    found = tracks([Piece("on", (30,), (200,)), Piece("back", (50, 120), ())])
    assert found == {"back": 0, "on": 1}
