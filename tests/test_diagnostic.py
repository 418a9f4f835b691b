"""Every code has its words, and says where."""

import re
from enum import Enum

import pytest

from ovs_capture.diagnostic import WORDING, Code, Diagnostic
from ovs_capture.source import Source, Span

SOURCE = Source("dir/f.txt", "one\ntwo three\n\tfour\n")


@pytest.mark.parametrize("code", Code)
def test_every_code_has_its_words(code: Code) -> None:
    wording = WORDING[code]
    holes = re.findall(r"%\((\w+)\)[sr]", wording.text)
    said = Diagnostic(code, SOURCE, Span(0, 0), dict.fromkeys(holes, "X"))
    assert "%(" not in said.message
    assert said.message.count("X") >= len(holes)
    # `%%` would be needed for a sign, and a hole without name cannot be filled by name.
    assert "%" not in re.sub(r"%\(\w+\)[sr]", "", wording.text)
    assert wording.meaning.endswith(".")


def test_codes_are_subtypes_that_sphinx_takes() -> None:
    assert issubclass(Code, Enum)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", code.value) for code in Code)
    assert set(WORDING) == set(Code)


def test_where_it_is_told() -> None:
    found = Diagnostic(Code.EMPTY, SOURCE, Span(8, 13))
    assert found.place == (2, 5)
    assert str(found) == "dir/f.txt:2:5: empty: the capture is empty"


def test_a_pasted_capture_is_told_by_the_lines_of_its_page() -> None:
    source = Source("page.md", SOURCE.text, first_line=20)
    assert str(Diagnostic(Code.EMPTY, source, Span(4, 7))).startswith("page.md:21:1: ")


@pytest.mark.parametrize(
    ("span", "lines"),
    [
        ((8, 13), ["    two three", "        ^^^^^"]),
        ((8, 8), ["    two three", "        ^"]),
        ((4, 19), ["    two three", "    ^^^^^^^^^"]),
        ((20, 20), ["    ", "    ^"]),
    ],
)
def test_the_caret_stands_under_the_span(span: tuple[int, int], lines: list[str]) -> None:
    assert Diagnostic(Code.EMPTY, SOURCE, Span(*span)).caret().split("\n")[1:] == lines


def test_a_tab_before_the_span_stands_before_the_caret() -> None:
    caret = Diagnostic(Code.EMPTY, SOURCE, Span(15, 19)).caret()
    assert caret.split("\n")[1:] == ["    \tfour", "    \t^^^^"]
