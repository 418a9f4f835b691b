"""Texts keep their bytes and their places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture.source import Source, Span, decode, encode


def test_an_empty_text_has_no_lines_but_a_place() -> None:
    source = Source("t", "")
    assert list(source.lines()) == []
    assert source.place(0) == (1, 1)
    assert source.line_numbers(Span(0, 0)) == (1, 1)


@given(st.binary())
def test_every_byte_comes_back(data: bytes) -> None:
    assert encode(decode(data)) == data


@given(st.text(alphabet="ab\n\r\u2028\x0c\udcff"), st.data())
def test_lines_and_places_are_those_of_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    source = Source("t", text, start, end)
    assert source.window == text[start:end]
    for offset, line in source.lines():
        assert text[offset : offset + len(line)] == line
        assert "\n" not in line
    window = text[start:end]
    assert "\n".join(line for _, line in source.lines()) == window.removesuffix("\n")
    for offset in range(len(text) + 1):
        line_number, column = source.place(offset)
        assert line_number == text.count("\n", 0, offset) + 1
        assert column == offset - (text.rfind("\n", 0, offset) + 1) + 1


def test_only_a_newline_ends_a_line() -> None:
    text = "a\x0cb\u2028c\r\nd"
    assert list(Source("t", text).lines()) == [(0, "a\x0cb\u2028c\r"), (7, "d")]


def test_a_window_of_a_window_counts_from_the_same_text() -> None:
    source = Source("page.md", "one\ntwo\nthree\n", first_line=10)
    part = source.part(Span(4, 7)).part(Span(5, 7))
    assert (part.window, part.name) == ("wo", "page.md")
    assert part.place(5) == (11, 2)
    assert part.slice(Span(8, 13)) == "three"


def test_a_line_by_its_number() -> None:
    source = Source("page.md", "one\n\nthree\n", first_line=10)
    assert [source.slice(source.line(number)) for number in (10, 11, 12, 13)] == [
        "one",
        "",
        "three",
        "",
    ]
    for number in (-1, 9, 14, 99):
        assert source.line(number) == Span(11, 11)


@pytest.mark.parametrize(
    ("span", "lines"),
    [((0, 3), (1, 1)), ((0, 4), (1, 1)), ((0, 5), (1, 2)), ((4, 4), (2, 2)), ((0, 8), (1, 2))],
)
def test_a_newline_at_the_end_touches_no_further_line(
    span: tuple[int, int], lines: tuple[int, int]
) -> None:
    assert Source("t", "one\ntwo\n").line_numbers(Span(*span)) == lines


def test_a_span_holds_what_lies_in_it() -> None:
    assert Span(2, 4) in Span(2, 4)
    assert Span(2, 5) not in Span(2, 4)
    assert Span(4, 4) in Span(2, 4)
