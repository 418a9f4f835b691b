"""What holds for every text, whatever is in it: nothing raises, nothing is lost, spans nest."""

import json
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ovs_capture.command.records_json import capture_json
from ovs_capture.formats.base import Format, Kind
from ovs_capture.formats.reading import Capture, has_format, read, read_output
from ovs_capture.formats.registry import FORMATS
from ovs_capture.formats.transcript import split
from ovs_capture.source import Source, Span, decode, encode

HERE = Path(__file__).parent
# Flows are read by another grammar, which has its own properties.
OWN = [format for format in FORMATS if format.name != "ovs_ofctl_dump_flows"]
FIXTURES = {
    f"{path.parent.name}/{path.stem}": decode(path.read_bytes())
    for path in sorted(HERE.glob("*/*.txt"))
    if path.parent.name != "ovs_ofctl_dump_flows"
}
ODD = [
    "\t",
    "\r\n",
    "\ufeff",
    "\u3000",
    "\udcff",
    "\x00",
    "\u2028",
    '"',
    "'",
    "|",
    "<",
    "{",
    "…",
    "--",
    "<![CDATA[x]]>",
    "9" * 5000,  # more digits than int() takes
]


def check(capture: Capture) -> None:
    """Every promise that a capture makes."""
    source, parsed = capture.source, capture.parsed
    position = source.start
    spans = []
    for record in parsed.records:
        span = record.span
        assert position <= span.start < span.end <= source.end
        position = span.end
        spans.append(span)
        for value in (getattr(record, name, ()) for name in ("interfaces", "addresses")):
            assert all(part.span in span for part in value if not isinstance(part, str))
    _check_lines(capture, spans)
    position = source.start
    for mark in capture.marks:
        assert position <= mark.span.start < mark.span.end <= source.end
        position = mark.span.end
        assert mark.kind is Kind.SECRET or any(mark.span in span for span in spans), mark
        assert "\n" not in source.slice(mark.span) or mark.kind is Kind.DIM, mark
    for problem in parsed.diagnostics:
        assert problem.span in source.span
        assert problem.span.start <= problem.span.end
        assert str(problem).startswith(source.name)
        problem.caret()
    json.dumps(capture_json(capture, "scenario/host"))


def _check_lines(capture: Capture, spans: Sequence[Span]) -> None:
    """A record is whole lines, unless two of them stand on one line (XML and JSON have none)."""
    source = capture.source
    for span in spans:
        before, after = source.text[source.start : span.start], source.text[span.end : source.end]
        whole = (not before or before.endswith("\n")) and (not after or after.startswith("\n"))
        assert whole or capture.format.name == "virsh_dumpxml" or _is_json(source)


def _is_json(source: Source) -> bool:
    return source.window.lstrip()[:1] in ("[", "{")


def check_text(text: str) -> None:
    for capture in read(Source("t.txt", text)):
        if capture.format in OWN:
            check(capture)


def check_as(format: Format, text: str) -> None:
    """The text as the output of ``format``, however little it looks like it."""
    for capture in read(Source("t.txt", text), format_name=format.name):
        check(capture)


@pytest.mark.parametrize("name", FIXTURES)
def test_every_fixture(name: str) -> None:
    check_text(FIXTURES[name])


@pytest.mark.parametrize("name", FIXTURES)
def test_every_prefix_of_every_fixture(name: str) -> None:
    """Of a long one some, half of them where a word begins or ends; ``make fuzz`` cuts anywhere."""
    text = FIXTURES[name]
    ends: Sequence[int] = range(0, len(text), 1 if len(text) < 1500 else 5)
    if len(text) > 10_000:
        chance = random.Random(name)
        words = [match.start() for match in re.finditer(r"\b", text)]
        ends = sorted({*chance.sample(words, 150), *chance.sample(range(len(text)), 150)})
    for end in ends:
        check_text(text[:end])


@pytest.mark.parametrize("change", ["windows", "mark", "tabs", "indented", "blank lines"])
@pytest.mark.parametrize("name", FIXTURES)
def test_what_editors_do_to_every_fixture(name: str, change: str) -> None:
    text = FIXTURES[name]
    if change == "windows":
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    elif change == "mark":
        text = "\ufeff" + text
    elif change == "tabs":
        text = text.replace("    ", "\t")
    elif change == "indented":
        text = text.replace("\n", "\n    ")
    else:
        text = text.replace("\n", "\n\n")
    check_text(text)


# Records of logical flows hold their places, and the text of a wrapped one its line ends.
WITHOUT_PLACES = [name for name in FIXTURES if not name.startswith(("raw", "ovn_sbctl_lflow_list"))]


@pytest.mark.parametrize("name", WITHOUT_PLACES)
def test_windows_line_ends_change_no_record(name: str) -> None:
    text = FIXTURES[name].replace("\r\n", "\n")
    before = read(Source("t.txt", text))
    after = read(Source("t.txt", text.replace("\n", "\r\n")))
    assert [c.parsed.records for c in after] == [c.parsed.records for c in before]
    assert [c.format for c in after] == [c.format for c in before]
    assert [[m.value for m in c.marks if m.kind is not Kind.DIM] for c in after] == [
        [m.value for m in c.marks if m.kind is not Kind.DIM] for c in before
    ]


@pytest.mark.parametrize("name", FIXTURES)
def test_a_byte_order_mark_changes_no_record(name: str) -> None:
    before = read(Source("t.txt", FIXTURES[name]))
    after = read(Source("t.txt", "\ufeff" + FIXTURES[name]))
    assert [capture_json(c)["records"] for c in after] == [
        capture_json(c)["records"] for c in before
    ]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A fixture with lines moved, doubled, dropped, cut and strange characters put in."""
    lines = draw(st.sampled_from(sorted(FIXTURES.values()))).split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        place = draw(st.integers(0, len(line)))
        match draw(st.integers(0, 4)):
            case 0:
                lines[at] = line[:place]
            case 1:
                lines[at] = line[:place] + draw(st.sampled_from(ODD)) + line[place:]
            case 2:
                lines.insert(draw(st.integers(0, len(lines))), line)
            case 3:
                lines[at : at + 1] = []
            case _:
                lines[at] = line[place:]
        lines = lines or [""]
    return "\n".join(lines)


@given(mutated())
@settings(max_examples=300, deadline=None)
def test_mutations_of_fixtures(text: str) -> None:
    check_text(text)


@given(mutated(), st.sampled_from(OWN))
@settings(max_examples=200, deadline=None)
def test_mutations_read_as_another_format(text: str, format: Format) -> None:
    check_as(format, text)


@given(st.binary(max_size=200), st.sampled_from(OWN))
@example(b"\xff\xfe$ ip a\n\x00\xed\xa0\x80", OWN[0])
@settings(max_examples=200, deadline=None)
def test_random_bytes(data: bytes, format: Format) -> None:
    text = decode(data)
    assert encode(text) == data
    check_as(format, text)
    check_text(text)


PROMPTS = ["$ ", "# ", "[root@compute ~]# ", "compute:~$ ", "> ", ""]
WORDS = ["ip link", "cat <<EOF", "EOF", "echo 'a", "b'", "x \\", "Generated by", "", "virsh list"]


@given(st.lists(st.tuples(st.sampled_from(PROMPTS), st.sampled_from(WORDS)), max_size=12))
@settings(max_examples=300, deadline=None)
def test_pieces_and_prompts_are_the_text(parts: list[tuple[str, str]]) -> None:
    """Windows and command lines are disjoint, in order, and between them are only prompts."""
    text = "\n".join(prompt + word for prompt, word in parts)
    position, rest = 0, ""
    for piece in split(Source("t.txt", text), has_format):
        if piece.command:
            assert position <= piece.command.span.start
            rest += text[position : piece.command.span.start]
            position = piece.command.span.end
        assert position <= piece.source.start
        rest += text[position : piece.source.start]
        position = piece.source.end
    rest += text[position:]
    left = {line.strip() for line in rest.split("\n")}
    assert left <= {"", "$", "#", "[root@compute ~]#", "compute:~$"}


@pytest.mark.parametrize("name", FIXTURES)
def test_a_window_reads_as_a_file_of_its_own(name: str) -> None:
    """Spans count from the beginning of the text and not of the window."""
    text = FIXTURES[name]
    for capture in read(Source("t.txt", text)):
        alone = read_output(Source("t.txt", capture.source.window), capture.command)
        if capture.command and alone.format is capture.format:
            shift = capture.source.start
            moved = [Span(r.span.start + shift, r.span.end + shift) for r in alone.parsed.records]
            assert [record.span for record in capture.parsed.records] == moved
