"""Terminal colours inside a capture: ``ip -c``, ``grep --color``, ``script``.

No format of its own. The text is shown as it was captured, byte for byte; readers see it without
the sequences, and what they find is put back where it stands. Grammar: ECMA-48, 8.3.117 (SGR) and
5.4 (control sequences); what erases to the end of the line (``ESC [ K``, of grep) goes with it.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from ..source import Source, Span
from .base import Mark, Parsed

_SEQUENCE = re.compile("\x1b\\[[0-9;:]*[mK]")


class Uncoloured:
    """A source without its colours, and the way back to the places in it."""

    def __init__(self, source: Source) -> None:
        self.coloured = source
        kept: list[str] = []
        self._starts: list[int] = [0]  # in the text without colours, of each piece
        self._places: list[int] = [source.start]  # the same in the captured text
        position, length = source.start, 0
        for match in _SEQUENCE.finditer(source.text, source.start, source.end):
            kept.append(source.text[position : match.start()])
            length += match.start() - position
            position = match.end()
            self._starts.append(length)
            self._places.append(position)
        kept.append(source.text[position : source.end])
        self.source = Source(source.name, "".join(kept), first_line=source.first_line)

    def _first(self, offset: int) -> int:
        """Where the character at ``offset`` stands, behind the colours before it."""
        index = bisect_right(self._starts, offset) - 1
        return self._places[index] + offset - self._starts[index]

    def _after(self, offset: int) -> int:
        """Where the character before ``offset`` ends, in front of the colours behind it."""
        return self._first(offset - 1) + 1 if offset else self.coloured.start

    def tight(self, span: Span) -> Span:
        """A span without the colours around it."""
        start = self._first(span.start)
        return Span(start, max(start, self._after(span.end)))

    def wide(self, span: Span) -> Span:
        """A span with the colours around it, as far as the lines go."""
        text = self.coloured.text
        start, end = self._after(span.start), self._after(span.end)
        before = text.rfind("\n", 0, self._first(span.start)) + 1
        newline = text.find("\n", end, self.coloured.end)
        after = self.coloured.end if newline < 0 else newline
        whole = _SEQUENCE.sub("", text[before : self._first(span.start)]) == ""
        if whole:
            start = max(before, self.coloured.start)
        if _SEQUENCE.sub("", text[end:after]).strip("\r") == "":
            end = after
        return Span(start, max(start, end))

    def put_back(self, parsed: Parsed) -> Parsed:
        """What was read, at its places in the captured text."""
        return Parsed(
            tuple(self._moved(record) for record in parsed.records),
            tuple(
                replace(problem, source=self.coloured, span=self.tight(problem.span))
                for problem in parsed.diagnostics
            ),
            tuple(Mark(self.tight(mark.span), mark.kind, mark.value) for mark in parsed.marks),
            parsed.elided,
        )

    def _moved(self, value: Any) -> Any:
        """A record, or a part of one, with every span put back."""
        if isinstance(value, Span):
            return self.wide(value)
        if isinstance(value, tuple) and type(value) is tuple:
            return tuple(self._moved(item) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            parts = {item.name: getattr(value, item.name) for item in fields(value)}
            moved = {name: self._moved(part) for name, part in parts.items() if _may_move(part)}
            return replace(value, **moved)
        return value


def _may_move(part: object) -> bool:
    return not isinstance(part, str | int | float | Mapping | None)


def has_colours(source: Source) -> bool:
    if "\x1b" not in source.text:
        return False
    return bool(_SEQUENCE.search(source.text, source.start, source.end))
