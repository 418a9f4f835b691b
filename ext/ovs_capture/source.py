"""Text as it was captured, with offsets that never lose their place.

Lives here: ``Source`` (a window on a text) and ``Span`` (a piece of it). May not know: any format,
any file system, anything that is done with the text. Every offset in the project counts characters
of the untouched text from its beginning; line and column are computed only when something is said
to a person.

A file's bytes are decoded as UTF-8 with ``surrogateescape``: a byte that is not UTF-8 becomes one
lone surrogate and can be written back as the byte it was, so nothing is lost and offsets stay.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self


class Span(tuple[Any, Any]):
    """Characters ``start`` up to, not including, ``end``; offsets into the whole text.

    A tuple, because a dump of flows makes a hundred thousand; no NamedTuple, because what it holds
    (``in``) is other spans and not its two numbers.
    """

    __slots__ = ()

    def __new__(cls, start: int, end: int) -> Self:
        return tuple.__new__(cls, (start, end))

    def __getnewargs__(self) -> tuple[int, int]:
        return self.start, self.end

    def __repr__(self) -> str:
        return f"Span(start={self.start}, end={self.end})"

    @property
    def start(self) -> int:
        start: int = self[0]
        return start

    @property
    def end(self) -> int:
        end: int = self[1]
        return end

    def __contains__(self, other: object) -> bool:
        """Is another span inside this one?"""
        if not isinstance(other, Span):
            return False
        return self.start <= other.start and other.end <= self.end


def decode(data: bytes) -> str:
    """Bytes of a capture as text; ``encode`` gives the same bytes back."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes that ``decode`` read."""
    return text.encode("utf-8", "surrogateescape")


@lru_cache(maxsize=16)
def _line_starts(text: str) -> tuple[int, ...]:
    starts = [0]
    # Only the newline ends a line: str.splitlines would also split at form feeds and U+2028.
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return tuple(starts)


@dataclass(frozen=True, slots=True)
class Source:
    """A window ``start``..``end`` on a text that has a name.

    ``name``: the file as the user named it. ``first_line``: the number of the text's first line in
    that file (a capture pasted in a page starts in the middle of it). ``text`` is always the whole
    text, so spans of a window and of the whole are the same numbers.
    """

    name: str
    text: str = field(repr=False)
    start: int = 0
    end: int = -1
    first_line: int = 1

    def __post_init__(self) -> None:
        if self.end < 0:
            object.__setattr__(self, "end", len(self.text))

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def window(self) -> str:
        """The text inside the window."""
        return self.text[self.start : self.end]

    def part(self, span: Span) -> "Source":
        """The same text through a smaller window."""
        return Source(self.name, self.text, span.start, span.end, self.first_line)

    def slice(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def lines(self) -> Iterator[tuple[int, str]]:
        """``(offset, line)`` of each line in the window, without its newline.

        A carriage return before the newline stays in the line: it was captured.
        """
        position = self.start
        while position < self.end:
            newline = self.text.find("\n", position, self.end)
            stop = self.end if newline < 0 else newline
            yield position, self.text[position:stop]
            position = stop + 1

    def place(self, offset: int) -> tuple[int, int]:
        """``(line, column)`` of an offset, both from 1, the line as numbered in the file."""
        starts = _line_starts(self.text)
        index = bisect_right(starts, offset) - 1
        return self.first_line + index, offset - starts[index] + 1

    def line(self, number: int) -> Span:
        """The characters of one line, numbered as in the file; of none the text's end."""
        starts = _line_starts(self.text)
        index = number - self.first_line
        if not 0 <= index < len(starts):
            return Span(self.end, self.end)
        end = starts[index + 1] - 1 if index + 1 < len(starts) else len(self.text)
        return Span(starts[index], end)

    def line_numbers(self, span: Span) -> tuple[int, int]:
        """First and last line that a span touches."""
        first = self.place(span.start)[0]
        return first, self.place(max(span.start, span.end - 1))[0]
