"""Measures how the time of reading grows with what is repeated in a text.

Every format reads its own lines with a piece repeated at a place inside: blanks, quotes, brackets,
digits, ``a=`` and the like, where a regex that goes back or a loop that looks again would need the
square of the length. What is slow is read at twice the length: a ratio above 2.6, or more than a
second for each 100 000 characters, is told. ``--largest`` reads repetitions up to that length too:
pieces alone, and tokens of lines made longer.
"""

import argparse
import re
import time
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from ovs_capture.formats.base import Format
from ovs_capture.formats.command import Command
from ovs_capture.formats.reading import read
from ovs_capture.formats.registry import BY_NAME, FORMATS
from ovs_capture.formats.secrets import secret_spans
from ovs_capture.source import Source, decode
from tools.texts import corpus

# Each alone, and as tokens of the printers.
PIECES = (
    *" \t\"'\\,;:|=()[]{}<>-_.+#$*/0a\n",
    *(", ", "a=", "a:", "a ", " a", "0:", "0.", "1,", "0x", "a=1,", "a(", "a,b=(", "[{", '{"a":'),
    *('"a', '\\"', "<a>", "<!--", "--", "- ", "| ", "\n ", "\r\n", " \n", "\n\n", "$ ", "||", "&&"),
    *("a-", "a.", "::", ":a", "00:", "\x1b[1m", "\x1b[", "(...)\n", "a 1\n", "!", "((", "){", "`"),
    *("\u3000", "\udcff", "password ", "token=", "-----BEGIN ", "resubmit(", "ip4 && ", "next; "),
)
SCREEN = 12_000
# Where a square is seen: twelve thousand characters read in a tenth of a second are 0.8 s a 100 kB.
SLOW = 0.05
RATIO = 2.6
PLACES = 6
LINES = 8
# What the longest repetitions are screened by: what takes less here is within ten seconds for a
# million characters even when it grows as a square, which is the bound.
LARGE = 100_000
LARGE_SECONDS = 0.1
LONG = ("a", "0", "a-", "0.", "a=1,", "(", " ", '\\"', ":a")


class Input(NamedTuple):
    """``before``, then ``piece`` as often as asked, then ``after``."""

    before: str
    piece: str
    after: str

    def text(self, length: int) -> str:
        return self.before + self.piece * (length // len(self.piece)) + self.after


class Finding(NamedTuple):
    reader: str
    input: Input
    length: int
    seconds: float
    ratio: float


def seconds_of(work: Callable[[str], object], text: str, times: int = 1) -> float:
    """Of the processor, the best of so many."""
    best = float("inf")
    for _ in range(times):
        begin = time.process_time()
        work(text)
        best = min(best, time.process_time() - begin)
    return best


def growth(work: Callable[[str], object], input: Input, length: int, times: int = 3) -> float:
    """How many times longer twice the length takes; linear is 2, a square 4."""
    once = seconds_of(work, input.text(length), times)
    return seconds_of(work, input.text(2 * length), times) / max(once, 1e-4)


def reading(format: Format, command: Command | None = None) -> Callable[[str], object]:
    """One format's reader and its marks."""

    def work(text: str) -> None:
        source = Source("repeated.txt", text)
        if command is not None and format.parse_with is not None:
            parsed = format.parse_with(source, command)
        else:
            parsed = format.parse(source)
        format.marks(source, parsed)

    return work


def detecting(text: str) -> None:
    """Everything that is asked of a text before its format is known, and its secrets."""
    source = Source("repeated.txt", text)
    for format in FORMATS:
        format.detect(source)
    secret_spans(source)


def whole(text: str) -> None:
    """As a file is read."""
    for capture in read(Source("repeated.txt", text), hide=True):
        _ = capture.marks


def _shape(line: str) -> str:
    return re.sub(r"[0-9a-f]+", "0", re.sub(r"[a-zA-Z_]+", "a", line))


def _lines(name: str, limit: int) -> list[tuple[str, str, str]]:
    """Lines of unlike shapes, the longest first, each with two lines before it and one after."""
    found: dict[str, tuple[str, str, str]] = {}
    for text in corpus().get(name, ()):
        lines = decode(text.output).split("\n")[:400]
        for index, line in enumerate(lines):
            if line.strip() and len(line) < 400:
                before = "".join(f"{other}\n" for other in lines[max(0, index - 2) : index])
                after = "".join(f"\n{other}" for other in lines[index + 1 : index + 2])
                found.setdefault(_shape(line), (before, line, after))
    every = sorted(found.values(), key=lambda one: -len(one[1]))
    step = max(1, len(every) // limit)
    return every[::step][:limit]


def inputs(name: str, lines: int = LINES, places: int = PLACES) -> Iterator[Input]:
    """Pieces alone, and inside lines of the format, where a token begins or ends."""
    for piece in PIECES:
        yield Input("", piece, "")
        yield Input("", piece, "x")
    for before, line, after in _lines(name, lines):
        edges = sorted({0, len(line), *(match.start() for match in re.finditer(r"\b", line))})
        step = max(1, len(edges) // places)
        for edge in edges[::step]:
            for piece in PIECES:
                yield Input(before + line[:edge], piece, line[edge:] + after)
                # What nothing fits: a pattern that has taken the pieces has to give them back.
                yield Input(before + line[:edge], piece, " \0" + after)


def findings(
    name: str, work: Callable[[str], object], chosen: Iterator[Input]
) -> Iterator[Finding]:
    """What grows too fast. One measure that is slow is taken again, for a machine has others."""
    for input in chosen:
        if seconds_of(work, input.text(SCREEN)) < SLOW:
            continue
        if (once := seconds_of(work, input.text(SCREEN), 2)) < SLOW:
            continue
        ratio = growth(work, input, SCREEN // 2, 2)
        if ratio > RATIO or once > SCREEN / 100_000:
            yield Finding(name, input, SCREEN, once, ratio)


def large_inputs(name: str) -> Iterator[Input]:
    """Pieces alone, with an ending that they do not fit, and long tokens in lines of the format."""
    for piece in PIECES:
        yield Input("", piece, "x")
    for before, line, after in _lines(name, 2):
        edges = [match.end() for match in re.finditer(r"[\w.:-]+", line)]
        for edge in edges[:: max(1, len(edges) // 3)]:
            for piece in LONG:
                yield Input(before + line[:edge], piece, line[edge:] + after)


def large_findings(name: str, work: Callable[[str], object], largest: int) -> Iterator[Finding]:
    """What takes more than a second for each 100 000 characters, at the length that is asked."""
    for input in large_inputs(name):
        once = seconds_of(work, input.text(LARGE))
        if once < LARGE_SECONDS:
            continue
        # Not at once: what is a square there would take a hundred times as long.
        if once < 1:
            length = largest
            seconds = seconds_of(work, input.text(length))
        else:
            length, seconds = LARGE, once
        if seconds > length / 100_000:
            ratio = seconds_of(work, input.text(2 * LARGE)) / once
            yield Finding(name, input, length, seconds, ratio)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help="all, if none is named")
    parser.add_argument("--lines", type=int, default=LINES, help="lines of each format")
    parser.add_argument("--places", type=int, default=PLACES, help="places in each line")
    parser.add_argument("--largest", type=int, default=0, help="repetitions up to this length too")
    parser.add_argument("--only", action="store_true", help="nothing but those of --largest")
    options = parser.parse_args()
    found = 0
    readers: dict[str, Callable[[str], object]] = {
        "detect": detecting,
        "read": whole,
        **{name: reading(BY_NAME[name]) for name in BY_NAME},
    }
    for name in options.formats or readers:
        count, begin = 0, time.perf_counter()
        chosen = list(inputs(name, options.lines, options.places))
        found_here = findings(name, readers[name], iter(chosen))
        if options.largest:
            largest = large_findings(name, readers[name], options.largest)
            found_here = largest if options.only else chain(found_here, largest)
        for finding in found_here:
            count += 1
            shown = finding.input.before[-60:], finding.input.piece, finding.input.after[:40]
            print(f"  {name}: {shown!r} takes {finding.seconds:.2f} s for {finding.length}, "
                  f"{finding.ratio:.1f} times as long for twice as much", flush=True)  # fmt: skip
        seconds = time.perf_counter() - begin
        print(f"{name}: {len(chosen)} repetitions in {seconds:.0f} s, {count} too slow", flush=True)
        found += count
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
