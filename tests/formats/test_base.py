"""Lines, as every reader gets them: quickly, and the same as one by one."""

from hypothesis import given
from hypothesis import strategies as st

from ovs_capture.formats.base import ELISION, MOST_OF_A_LINE, Findings, first_line
from ovs_capture.formats.registry import FORMATS
from ovs_capture.source import Source, Span
from tools.growth import Input, detecting, seconds_of

# Blanks of every kind that Python knows, between words, carriage returns and elisions.
TEXTS = st.text(alphabet=" \t\n\r\f\x1c\x85\xa0\u2028\u3000a.(…)", max_size=60)


@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
def test_blank_lines_say_nothing(text: str, start: int, length: int) -> None:
    source = Source("t.txt", text).part(Span(min(start, len(text)), min(start + length, len(text))))
    found = Findings(source, "none")
    expected = [
        (offset, line.removesuffix("\r"))
        for offset, line in source.lines()
        if line.strip() and not ELISION.fullmatch(line)
    ]
    assert list(found.lines()) == expected
    assert found.elided == any(ELISION.fullmatch(line) for _, line in source.lines())
    assert first_line(source) == (expected[0][1] if expected else "")


@given(TEXTS, st.lists(st.integers(0, 60)))
def test_where_a_line_ends(text: str, offsets: list[int]) -> None:
    """In whatever order it is asked."""
    found = Findings(Source("t.txt", text), "none")
    for offset in (min(one, len(text)) for one in offsets):
        end = text.find("\n", offset)
        assert found.line_end(offset) == (len(text) if end < 0 else end)


def test_a_line_too_long_is_told_and_blanks_are_not() -> None:
    found = Findings(Source("t.txt", "a" * (MOST_OF_A_LINE + 1) + "\n" + " " * 2**21 + "\nb"), "t")
    assert [line for _, line in found.lines()] == ["b"]
    assert len(found.diagnostics) == 1


def test_no_format_looks_at_blank_lines_one_by_one() -> None:
    """Against one pass over the lines: fifty formats need less than ten."""

    def lines(text: str) -> None:
        for _, line in Source("t.txt", text).lines():
            line.strip()

    assert len(FORMATS) > 50
    for blanks in ("\n", " \n"):
        text = Input("", blanks, "x\n").text(100_000)
        assert seconds_of(detecting, text, 3) < 10 * seconds_of(lines, text, 3)
