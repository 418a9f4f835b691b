"""From a text to captures: split into commands, recognise each, parse each.

The one entrance to the readers, for files and for captures pasted in a page alike.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from types import UnionType
from typing import Literal

from ..diagnostic import Code, Diagnostic
from ..source import Source, Span
from .base import Entry, Format, Kind, Mark, Parsed
from .colours import Uncoloured, has_colours
from .command import Command
from .registry import BY_NAME, FORMATS
from .secrets import masked, secret_spans
from .transcript import split

Recognised = Literal["command", "content", "name", "asked", "none"]


class Reading:
    """What a reader saw in a text. It can be forgotten, and is read again when it is asked for.

    The records of a dump take ten times the memory of its text.
    """

    __slots__ = ("_classes", "_parsed", "_read")

    def __init__(self, read: Callable[[], Parsed]) -> None:
        self._read = read
        self._parsed: Parsed | None = read()
        self._classes: frozenset[type] | None = None

    @property
    def parsed(self) -> Parsed:
        if self._parsed is None:
            self._parsed = self._read()
        return self._parsed

    @property
    def classes(self) -> frozenset[type]:
        """Those of the records. They are remembered."""
        if self._classes is None:
            self._classes = frozenset(map(type, self.parsed.records))
        return self._classes

    @property
    def is_remembered(self) -> bool:
        return self._parsed is not None

    def forget(self) -> None:
        """Only where nothing holds a record and looks for the same object again."""
        self._classes = self.classes
        self._parsed = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reading) and self.parsed == other.parsed

    def __hash__(self) -> int:
        return hash(self.parsed)

    def __repr__(self) -> str:
        return repr(self.parsed)


@dataclass(frozen=True)
class Capture:
    """A command and its output, read.

    ``source``: its window is the output, its text the whole file. ``prompt``: as typed before the
    command. ``recognised``: what told the format. ``hidden``: where secrets of the text stood that
    were made asterisks before anything was read.
    """

    source: Source
    command: Command | None
    prompt: str | None
    format: Format
    recognised: Recognised
    reading: Reading
    hidden: tuple[Span, ...] = ()

    @property
    def parsed(self) -> Parsed:
        return self.reading.parsed

    def has(self, kind: type | UnionType) -> bool:
        """Has it a record of this class, or of one of several?"""
        return any(issubclass(one, kind) for one in self.reading.classes)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Marks of the output, sorted and disjoint; a secret hides what it overlaps."""
        return self.marks_of(self.parsed.records)

    def marks_of(self, records: Iterable[Entry]) -> tuple[Mark, ...]:
        """Marks as far as they are made for some records only: a dump may have 60 000."""
        parsed = replace(self.parsed, records=tuple(records))
        marks = self.format.marks(self.source, parsed)
        secrets = self.secrets
        if not secrets:
            return marks
        ends = [secret.end for secret in secrets]

        def is_open(mark: Mark) -> bool:
            index = bisect_right(ends, mark.span.start)
            return index == len(secrets) or mark.span.end <= secrets[index].start

        # The value of a secret is nobody's business: it joins nothing.
        hidden = (Mark(secret, Kind.SECRET, "") for secret in secrets)
        return tuple(sorted([*filter(is_open, marks), *hidden]))

    @cached_property
    def secrets(self) -> tuple[Span, ...]:
        """What is secret in the output."""
        return self._secrets_in(self.source)

    @cached_property
    def command_secrets(self) -> tuple[Span, ...]:
        """What is secret in the command itself: ``--os-password ...``."""
        return self._secrets_in(self.source.part(self.command.span)) if self.command else ()

    def _secrets_in(self, source: Source) -> tuple[Span, ...]:
        hidden = (span for span in self.hidden if span in source.span)
        return tuple(sorted({*hidden, *secret_spans(source)}))

    @property
    def line(self) -> int:
        """The line of the command, or of the output where there is none."""
        start = self.command.span.start if self.command else self.source.start
        return self.source.place(start)[0]


def has_format(command: Command) -> bool:
    return any(format.command(command) for format in FORMATS)


def read(
    source: Source, *, format_name: str | None = None, hide: bool = False
) -> tuple[Capture, ...]:
    """All captures of a text, in order. ``format_name`` overrides recognition.

    ``hide``: secrets become asterisks before anything is read, so that no record, mark or
    diagnostic can hold one; the captures remember where they stood.
    """
    if hide and (spans := secret_spans(source)):
        shown = read(without(source, spans), format_name=format_name)
        return tuple(replace(capture, hidden=spans) for capture in shown)
    return tuple(
        _read_piece(piece.source, piece.command, piece.prompt, format_name)
        for piece in split(source, has_format)
    )


def without(source: Source, secrets: tuple[Span, ...]) -> Source:
    """The same window on a text of the same length, with asterisks for its secrets."""
    text = source.text[: source.start] + masked(source, secrets) + source.text[source.end :]
    return replace(source, text=text)


def read_output(source: Source, command: Command | None, *, hide: bool = False) -> Capture:
    """A text that is output only, as printed by ``command`` (the directive's ``:command:``)."""
    if hide and (spans := secret_spans(source)):
        return replace(read_output(without(source, spans), command), hidden=spans)
    return _read_piece(source, command, None, None)


def _read_piece(
    source: Source, command: Command | None, prompt: str | None, format_name: str | None
) -> Capture:
    recognised: Recognised
    if format_name is not None:
        format, recognised = BY_NAME[format_name], "asked"
    else:
        seen = Uncoloured(source).source if has_colours(source) else source
        format, recognised = _recognise(seen, command)
    return Capture(
        source=source,
        command=command,
        prompt=prompt,
        format=format,
        recognised=recognised,
        reading=Reading(partial(_parse, source, command, format)),
    )


def _parse(source: Source, command: Command | None, format: Format) -> Parsed:
    plain = Uncoloured(source) if _reads_colours(format) and has_colours(source) else None
    seen = plain.source if plain else source
    if command is not None and format.parse_with is not None:
        parsed = format.parse_with(seen, command)
    else:
        parsed = format.parse(seen)
    if plain:
        parsed = plain.put_back(parsed)
    return _with_general_diagnostics(source, command, parsed)


def _reads_colours(format: Format) -> bool:
    """A format that makes its marks on demand needs the very text that it was read from."""
    return format.marks is Format.marks


_SAYS = re.compile(r"\S")


def _recognise(source: Source, command: Command | None) -> tuple[Format, Recognised]:
    if command is not None:
        for format in FORMATS:
            if format.command(command):
                return format, "command"
    if said := _SAYS.search(source.text, source.start, source.end):
        # Each format would go over the empty lines before the first that says something.
        start = max(source.start, source.text.rfind("\n", 0, said.start()) + 1)
        seen = source.part(Span(start, source.end))
        fitting = [format for format in FORMATS[:-1] if format.detect(seen)]
        if len(fitting) == 1:
            return fitting[0], "content"
        name = source.name.rsplit("/", 1)[-1].removesuffix(".gz").removesuffix(".txt")
        for format in fitting:
            if format.hint is not None and format.hint.search(name):
                return format, "name"
    return FORMATS[-1], "none"


_BYTES = re.compile("[\udc80-\udcff]+")


def _with_general_diagnostics(source: Source, command: Command | None, parsed: Parsed) -> Parsed:
    found = list(parsed.diagnostics)
    text = source.text
    # Most texts are ASCII, which a string knows of itself.
    broken = [] if text.isascii() else [*_BYTES.finditer(text, source.start, source.end)]
    if broken:
        count = sum(len(found_bytes[0]) for found_bytes in broken)
        found.append(Diagnostic(Code.NOT_UTF8, source, Span(*broken[0].span()), {"count": count}))
    if command is None and not source.window.strip():
        found.append(Diagnostic(Code.EMPTY, source, Span(source.start, source.start)))
    if len(found) == len(parsed.diagnostics):
        return parsed
    return replace(parsed, diagnostics=tuple(sorted(found, key=lambda problem: problem.span)))
