"""Mutated captures of every format, and the promises that reading them must keep.

``texts`` makes them: a capture cut at any byte, spliced with another, or with bytes changed.
``broken_promises`` reads one as a file is read and as its format. What stands on the readers is
tried by ``tools/fuzz_engines.py``. The same seed makes the same inputs.
"""

import random
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from ovs_capture.formats.base import Format, Kind
from ovs_capture.formats.reading import Capture, has_format, read
from ovs_capture.formats.transcript import split
from ovs_capture.render.capture.annotate import (
    Meaning,
    annotate,
)
from ovs_capture.render.view import Cut, plain
from ovs_capture.source import Source, decode, encode
from tools.texts import Text, corpus

# Bytes that a grammar trips over more often than over others.
SIGNS = (
    *(b",", b"=", b"(", b")", b'"', b"'", b"\\", b"[", b"]", b"{", b"}", b"<", b">", b"|", b":"),
    *(b"/", b"+", b"-", b"--", b" ", b"\t", b"\r\n", b"\n", b"\n\n", b"\x1b[1m", b"\x00", b"\xff"),
    *(b"\xc2", b"\xe3\x80\x80", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"$ ", b"# ", b"(...)\n"),
    *(b"\xd9\xa3", b"\xc2\xb2", b"-1", b"0x", b"4294967296", b"18446744073709551616", b"9" * 5000),
)
LINES = (1, 3, 8, 30)
WHOLE = 30_000
SECONDS = 5


class Hang(BaseException):
    """One input took longer than ``SECONDS``; no ``except Exception`` may hide it."""


@contextmanager
def watched(seconds: float = SECONDS) -> Iterator[None]:
    """Raise ``Hang`` in the main thread when the work takes too long of the processor."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Hang(f"more than {seconds} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _excerpt(text: Text, chance: random.Random) -> bytes:
    """Lines that follow one another: a long capture would be the same lines again and again."""
    found, lines = text.output.split(b"\n"), chance.choice(LINES)
    if len(found) <= lines:
        return text.output
    start = chance.choice([0, chance.randrange(len(found) - lines)])
    return b"\n".join(found[start : start + lines])


def changed(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """One text with one thing done to it; ``other`` lends pieces."""
    text = bytearray(data)
    at = chance.randrange(len(text) + 1)
    match chance.randrange(9):
        case 0:
            del text[at:]
        case 1:
            del text[:at]
        case 2:
            start = chance.randrange(len(other) + 1)
            text[at:] = other[start:]
        case 3:
            start = chance.randrange(len(other) + 1)
            text[at : at + 10] = other[start : start + chance.randint(1, 60)]
        case 4:
            text[at:at] = chance.choice(SIGNS)
        case 5:
            text[at : at + 1] = bytes([chance.randrange(256)])
        case 6:
            del text[at : at + chance.randint(1, 12)]
        case 7:
            text[at : at + 2] = text[at : at + 2] * chance.randint(2, 40)
        case _:
            lines = bytes(text).split(b"\n")
            one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[two] = lines[two], lines[one]
            text = bytearray(b"\n".join(lines))
    return bytes(text)


def texts(names: Sequence[str], seed: int) -> Iterator[tuple[Format, bytes]]:
    """Mutated captures without end, of one format after the other, each with its command."""
    chance = random.Random(seed)
    known = corpus()
    everything = [text for found in known.values() for text in found]
    while True:
        for name in names:
            text = chance.choice(known[name])
            data = _excerpt(text, chance)
            for _ in range(chance.choice([1, 1, 1, 2, 3, 5])):
                same = chance.random() < 0.7
                other = chance.choice(known[name] if same else everything)
                data = changed(data, _excerpt(other, chance), chance)
            # A command that is broken itself, or none at all, is as likely as in real files.
            command = text.command
            match chance.randrange(12):
                case 0:
                    command = b""
                case 1 if command:
                    command = changed(command, chance.choice(everything).command, chance)
            yield text.format, command + data


def prefixes(names: Sequence[str], seed: int) -> Iterator[tuple[Format, bytes]]:
    """A capture or a piece of one, cut at any byte; of one format after the other, without end."""
    chance = random.Random(seed)
    while True:
        for name in names:
            text = chance.choice(corpus()[name])
            whole = len(text.output) < WHOLE and chance.random() < 0.1
            data = text.with_output(text.output if whole else _excerpt(text, chance))
            yield text.format, data[: chance.randrange(len(data) + 1)]


def broken_promises(format: Format, data: bytes) -> list[str]:
    """What reading these bytes does that no reading may do; empty where all is well."""
    text = decode(data)
    broken = [] if encode(text) == data else ["the bytes do not come back"]
    source = Source("mutated.txt", text)
    broken += _of_pieces(source)
    for found in (read(source), read(source, format_name=format.name)):
        for capture in found:
            broken += _of_capture(capture)
    return broken


def _of_pieces(source: Source) -> Iterator[str]:
    """Prompts, commands and outputs follow one another and leave nothing but prompts."""
    position = source.start
    for piece in split(source, has_format):
        for span in ([piece.command.span] if piece.command else []) + [piece.source.span]:
            if not position <= span.start <= span.end <= source.end:
                yield f"{span} stands before {position}"
            position = span.end


def _of_capture(capture: Capture) -> Iterator[str]:
    source, name = capture.source, capture.format.name
    position = source.start
    for record in capture.parsed.records:
        if not position <= record.span.start < record.span.end <= source.end:
            yield f"{name}: record {record.span} stands before {position} or outside"
        position = record.span.end
    position = source.start
    for mark in capture.marks:
        if not position <= mark.span.start < mark.span.end <= source.end:
            yield f"{name}: mark {mark.span} stands before {position} or outside"
        position = mark.span.end
    for problem in capture.parsed.diagnostics:
        if problem.span not in source.span:
            yield f"{name}: {problem.code} stands outside"
        str(problem)
    view = annotate(capture, _MEANING, language="en", redact=False)
    shown = "".join(
        plain(entry.pieces)
        for row in view.rows
        for entry in (row.entries if isinstance(row, Cut) else (row,))
    )
    if shown != source.window:
        yield f"{name}: the joined pieces are not the text"


_MEANING = Meaning(
    note=lambda record: None,
    entity=lambda mark: mark.value if mark.kind is not Kind.DIM else None,
    ref=lambda ref: None,
    tip=lambda key: None,
)


@dataclass(frozen=True)
class Fault:
    """One input and what it did."""

    kind: str
    data: bytes
    told: str


def tried(
    kind: str, data: bytes, work: Callable[[], Sequence[str]], seconds: float = SECONDS
) -> list[Fault]:
    """The faults of one piece of work: promises that it broke, what it raised, or that it hung."""
    try:
        with watched(seconds):
            return [Fault(kind, data, told) for told in work()]
    except (Exception, Hang):
        return [Fault(kind, data, traceback.format_exc(limit=-6))]
