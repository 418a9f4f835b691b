"""What ``:only:``, ``:highlight:`` and ``:lines:`` find."""

import re

import pytest

from ovs_capture.formats.base import Kind, Mark
from ovs_capture.render.capture.selection import (
    find,
    line_ranges,
    terms_of,
)
from ovs_capture.source import Source, Span

TEXT = "1: eth1 mtu 60\n2: eth10 172.16.0.31/24 table=60\n"


def mark(text: str, kind: Kind) -> Mark:
    start = TEXT.index(text)
    return Mark(Span(start, start + len(text)), kind, text)


MARKS = (
    mark("eth1", Kind.DEVICE),
    mark("60", Kind.COUNTER),
    mark("eth10", Kind.DEVICE),
    mark("172.16.0.31/24", Kind.ADDRESS),
    Mark(Span(TEXT.rindex("60"), TEXT.rindex("60") + 2), Kind.TABLE, "60"),
)


@pytest.mark.parametrize(
    ("term", "lines"),
    [
        ("eth1", [1]),  # not eth10
        ("ETH10", [2]),
        ("172.16.0.31", [2]),
        ("172.16.0.31/24", [2]),
        ("table=60", [2]),  # not the counter
        ("mtu", [1]),  # no token: an expression
        ("eth1.*", [1, 2]),
        ("/mtu 6/", [1]),
        ("nothing", []),
    ],
)
def test_find(term: str, lines: list[int]) -> None:
    source = Source("a.txt", TEXT)
    found = find(term, source, MARKS)
    spans = [(n, Span(o, o + len(line))) for n, (o, line) in enumerate(source.lines(), 1)]
    assert [number for number, span in spans if found.chooses(span)] == lines


def test_a_bad_expression_says_so() -> None:
    with pytest.raises(re.error):
        find("(", Source("a.txt", TEXT), MARKS)


def test_terms() -> None:
    assert terms_of(" eth0, eth1  br-int ") == ("eth0", "eth1", "br-int")
    assert terms_of("/a b/") == ("/a b/",)
    assert terms_of("") == ()


def test_line_ranges() -> None:
    assert line_ranges("3-7, 12") == (range(3, 8), range(12, 13))
    assert 10**6 in line_ranges("20-")[0]


@pytest.mark.parametrize("value", ["", "x", "0", "7-3", "3-x", "-3"])
def test_bad_lines(value: str) -> None:
    with pytest.raises(ValueError, match=r"line"):
        line_ranges(value)
