"""Shapes, places and comments."""

import re

from ovs_capture.logical.constants import IN_MATCH
from ovs_capture.logical.text import HOLE, gaps_of_shape, gaps_of_text, split, without_comments


def test_a_shape_has_holes_for_constants_and_not_for_bits() -> None:
    pieces = split('reg0[0..15] == 0x10 && inport == {"a {", "b"} && ip4.src == $as', IN_MATCH)
    assert pieces.shape == (
        f"reg0[0..15] == {HOLE} && inport == {HOLE} && ip4.src == {HOLE}"
    )  # fmt: skip
    assert list(pieces.constants) == ["0x10", '{"a {", "b"}', "$as"]


def test_a_hole_of_the_text_itself_is_noticed() -> None:
    assert not split(f"ip4 == 1 && {HOLE}", IN_MATCH).is_told_apart


def test_places_of_a_shape_in_the_text() -> None:
    text = "ip4.src == 10.0.0.1 && tcp.dst == 80 || x"
    pieces = split(text, IN_MATCH)
    place = pieces.places()
    for word in ("ip4", "tcp", "x"):
        found = re.search(rf"\b{word}", pieces.shape)
        assert found is not None
        assert place(found.start()) == text.index(word)


def test_comments_become_blanks_and_strings_stay() -> None:
    text = 'a == "/* no */" /* yes */ && b // too\n&& c'
    clean = without_comments(text)
    assert clean == 'a == "/* no */"           && b       \n&& c'
    pieces = split(clean, IN_MATCH)
    assert "".join(gaps_of_text(text, pieces)) == "   /* yes */   // too\n "
    assert without_comments("a /* not closed") == "a /* not closed"


def test_a_whole_piece_is_one_token() -> None:
    assert gaps_of_shape("a; b c ; d;", [(3, 8)]) == ("", "", " ", " ", "", "")
