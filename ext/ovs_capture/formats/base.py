"""What every reader of a printer's output shares: records, marks, and the shape of a format.

Rules of residence: one module per printer, named by the printer's words. It exports one ``FORMAT``.
Its docstring holds the command, a sample and the grammar. ``parse`` is pure: no I/O, no logging,
never raises on bad text; an unknown line costs one diagnostic and nothing else. No format module
imports another.
"""

import gc
import re
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_interface
from typing import NamedTuple, Protocol

from ..diagnostic import Code, Diagnostic
from ..grammar import too_long
from ..source import Source, Span
from .command import Command


class Kind(StrEnum):
    """What a piece of a capture stands for. The page gives each kind its hue (VISUAL.md)."""

    DEVICE = "device"
    BRIDGE = "bridge"
    MAC = "mac"
    ADDRESS = "address"  # IPv4, IPv6, with or without prefix length
    VLAN = "vlan"  # VLAN, tag, VNI, metadata
    TABLE = "table"
    REGISTER = "register"  # register, ct zone, mark
    GUEST = "guest"
    NAMESPACE = "namespace"
    HOST = "host"
    UUID = "uuid"
    COOKIE = "cookie"
    COUNTER = "counter"
    HEAD = "head"  # a head word: kind, state, key that carries the line
    DIM = "dim"  # noise that most readers skip
    DROP = "drop"  # the word drop
    SECRET = "secret"  # a password, token or key: shown masked, character by character


class Mark(NamedTuple):
    """A token of a capture. ``value`` is canonical (lower-case MAC, unquoted name), for joining."""

    span: Span
    kind: Kind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An entry of a capture. Its ``span`` covers whole lines and takes no part in comparison."""

    span: Span = field(compare=False, repr=False)


class Entry(Protocol):
    """Anything that a reader returns as a record: it has a span. A ``Record``, or a ``Flow``."""

    @property
    def span(self) -> Span: ...


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a reader saw: records in order of the text, marks sorted and disjoint, diagnostics.

    ``elided``: a line ``(...)`` says that something was cut, so absence proves nothing.
    """

    records: tuple[Entry, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    marks: tuple[Mark, ...] = ()
    elided: bool = False


@dataclass(frozen=True, kw_only=True)
class Format:
    """One printer.

    ``command``: does this command print the format?
    ``detect``: does this text look like it? Used only when no command tells; must be strict.
    ``hint``: words of a file name that suggest it, tried when content alone is ambiguous.
    ``parse_with``: only where the command says what the output does not (which objects an OpenStack
    table lists); without a command ``parse`` is used.
    ``marks``: only where marking is dearer than reading (flows): then ``Parsed.marks`` is empty and
    this makes them on demand.
    """

    name: str
    title: str
    parse: Callable[[Source], Parsed]
    command: Callable[[Command], bool] = lambda command: False
    detect: Callable[[Source], bool] = lambda source: False
    hint: re.Pattern[str] | None = None
    parse_with: Callable[[Source, Command], Parsed] | None = None
    marks: Callable[[Source, Parsed], tuple[Mark, ...]] = lambda source, parsed: parsed.marks


# Words, marks and their places take some hundred bytes for each character of a line.
MOST_OF_A_LINE = 1 << 20
# A line by which an author says that something was cut; ``--`` is how grep says it.
ELISION = re.compile(
    r"[ \t]*(?:\(\.\.\.\)|\.\.\.|…|（略）|\(略\)|<snip>|\[snip\]|\(snip\)|--)[ \t]*\r?"
)

_SAYS = re.compile(r"\S")

# As the kernel and every tool print them: six bytes, two digits each.
MAC = r"[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}"
UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
IPV4 = r"(?:\d{1,3}\.){3}\d{1,3}"
# A candidate only: what it finds is an address if ``is_address`` says so.
IPV6 = r"[0-9a-fA-F]*:[0-9a-fA-F:]*:(?:[0-9a-fA-F]+|(?:\d{1,3}\.){3}\d{1,3})?"


def is_address(text: str) -> bool:
    """An IPv4 or IPv6 address, with or without prefix length."""
    try:
        ip_interface(text)
    except ValueError:
        return False
    return "." in text or ":" in text  # ip_interface takes a bare number


def as_number(text: str | None) -> int | None:
    """A decimal number; None where there is none, or one of more digits than any tool prints."""
    return int(text) if text and len(text) <= 20 and text.isdecimal() else None


def canonical(text: str, kind: Kind) -> str:
    """The one spelling of a value by which mentions of a thing are joined."""
    return text.lower() if kind in (Kind.MAC, Kind.UUID, Kind.ADDRESS) else text


class Findings:
    """What a reader has found so far: the one mutable thing while a capture is read."""

    def __init__(self, source: Source, format_name: str) -> None:
        self.source = source
        self.format_name = format_name
        self.records: list[Entry] = []
        self.diagnostics: list[Diagnostic] = []
        self.elided = False
        self._marks: list[Mark] = []
        self._asked = self._end = -1  # by line_end: an offset, and the end of its line

    def lines(self) -> Iterator[tuple[int, str]]:
        """``(offset, line)`` of every line that says something, without a carriage return.

        Blank lines say nothing; an elision is noted, and what is too long to be read is told.
        """
        text, position, end = self.source.text, self.source.start, self.source.end
        while position < end:
            newline = text.find("\n", position, end)
            stop = end if newline < 0 else newline
            offset, line = position, text[position:stop]
            position = stop + 1
            if not line.strip():
                # A hundred thousand blank lines are skipped at once, not one by one.
                said = _SAYS.search(text, stop, end)
                position = text.rfind("\n", stop, said.start()) + 1 if said else end
            elif ELISION.fullmatch(line):
                self.elided = True
            elif len(line) > MOST_OF_A_LINE:
                code, start, stop, args = too_long(line, MOST_OF_A_LINE)
                span = Span(offset + start, offset + stop)
                self.diagnostics.append(Diagnostic(code, self.source, span, args))
            else:
                yield offset, line.removesuffix("\r")

    def line_end(self, offset: int) -> int:
        """Where the line that holds ``offset`` ends, a carriage return included."""
        # Many records may stand on one line (XML): it is not searched again for each.
        if not self._asked <= offset <= self._end:
            newline = self.source.text.find("\n", offset, self.source.end)
            self._asked = offset
            self._end = self.source.end if newline < 0 else newline
        return self._end

    def mark(self, start: int, text: str, kind: Kind, value: str | None = None) -> None:
        """Mark ``text``, which stands at ``start``; ``value`` where it differs from the text."""
        if text:
            value = canonical(text if value is None else value, kind)
            self._marks.append(Mark(Span(start, start + len(text)), kind, value))

    def mark_groups(self, match: re.Match[str], offset: int, kinds: Mapping[str, Kind]) -> None:
        """Mark the named groups of a match on a line that begins at ``offset``."""
        for group, kind in kinds.items():
            if match[group]:
                self.mark(offset + match.start(group), match[group], kind)

    def are_bridges(self, names: Set[str]) -> None:
        """Devices that a later line told to be bridges."""
        self._marks = [
            mark._replace(kind=Kind.BRIDGE)
            if mark.kind is Kind.DEVICE and mark.value in names
            else mark
            for mark in self._marks
        ]

    def unknown_line(self, offset: int, line: str) -> None:
        span = Span(offset, offset + len(line))
        self.diagnostics.append(unknown_line(self.source, span, self.format_name))

    def unknown_token(self, offset: int, token: str) -> None:
        span = Span(offset, offset + len(token))
        self.diagnostics.append(unknown_token(self.source, span, self.format_name))

    def truncated(self, span: Span, what: str) -> None:
        self.diagnostics.append(Diagnostic(Code.TRUNCATED, self.source, span, {"what": what}))

    def without_value(self, span: Span, what: str) -> None:
        """A key that ends its line: at the end of the capture ``what`` was cut, else it is odd."""
        if self.source.text[span.end : self.source.end].strip():
            self.unknown_token(span.start, self.source.slice(span))
        else:
            self.truncated(span, what)

    def parsed(self) -> Parsed:
        return Parsed(
            tuple(self.records),
            tuple(sorted(self.diagnostics, key=lambda d: d.span)),
            tuple(self._marks_of_records()),
            self.elided,
        )

    def _marks_of_records(self) -> Iterator[Mark]:
        """Marks in order, record by record; what stands in no record is not marked.

        Noise is joined over the blanks between it; of two marks that overlap the first counts.
        """
        marks = sorted(self._marks)
        index = 0
        for record in self.records:
            last: Mark | None = None
            while index < len(marks) and marks[index].span.start < record.span.end:
                mark = marks[index]
                index += 1
                if mark.span not in record.span:
                    continue
                if last is None:
                    last = mark
                elif mark.kind is last.kind is Kind.DIM and self._only_blanks(last, mark):
                    span = Span(last.span.start, mark.span.end)
                    last = Mark(span, Kind.DIM, self.source.slice(span))
                elif mark.span.start >= last.span.end:
                    yield last
                    last = mark
            if last is not None:
                yield last

    def _only_blanks(self, before: Mark, after: Mark) -> bool:
        between = self.source.text[before.span.end : after.span.start]
        return not between.strip(" \t")


def first_line(source: Source) -> str:
    """The first line that says something, by which a format is told; "" where none does."""
    return next((line for _, line in Findings(source, "").lines()), "")


def unknown_line(source: Source, span: Span, format_name: str) -> Diagnostic:
    """The diagnostic for a line that fits no rule; long lines are cut in the message only."""
    line = source.slice(span)
    shown = line if len(line) <= 60 else line[:57] + "..."
    return Diagnostic(Code.UNKNOWN_LINE, source, span, {"format": format_name, "line": shown})


def unknown_token(source: Source, span: Span, format_name: str) -> Diagnostic:
    return Diagnostic(
        Code.UNKNOWN_TOKEN, source, span, {"format": format_name, "token": source.slice(span)}
    )


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the cycle collector from searching a million live tuples, again and again, for nothing.

    Neither reading flows nor explaining them makes cycles. With the collector a dump of 60 000
    flows takes two and a half times as long to read, and a half longer to explain; freezing and
    unfreezing puts what was made among the old objects without a search.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
