"""Printing: from a tree alone."""

import pytest

from ovs_capture.logical.flow import And, Match, Predicate, Symbol
from ovs_capture.logical.match import parse_match
from ovs_capture.logical.printing import expression_text, print_match

from .mutations import flows


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("ip4&&tcp.dst==80", "ip4 && tcp.dst == 80"),
        ("!( ct.est )||reg0[ 1 ]", "!(ct.est) || reg0[1]"),
        ('is_chassis_resident( "a" )', 'is_chassis_resident("a")'),
        ("1<tcp.dst<=5", "1 < tcp.dst <= 5"),
        ("80<tcp.dst", "80 < tcp.dst"),
    ],
)
def test_usual_spacing(text: str, usual: str) -> None:
    assert expression_text(parse_match(text)[0].expression) == usual
    assert parse_match(usual)[0].expression == parse_match(text)[0].expression


def test_a_tree_of_another_text_is_an_error() -> None:
    match = parse_match("ip4")[0]
    other = And((Predicate(Symbol("ip4")), Predicate(Symbol("tcp"))))
    with pytest.raises(ValueError, match="3 tokens do not go with 2 gaps"):
        print_match(Match(other, match.text, match.gaps))


def test_most_real_matches_have_the_usual_spacing_already() -> None:
    """Northd builds them from pieces of its own; what it spaces otherwise is the same tree."""
    texts = {flow.match.text for flow in flows()}
    usual = {text for text in texts if expression_text(parse_match(text)[0].expression) == text}
    assert len(usual) > 0.9 * len(texts)
