"""What ``:only:``, ``:highlight:`` and ``:lines:`` choose.

A term is a name or value as captured (``tap635485ff-6c``, ``fa:16:3e:55:2a:5d``, ``172.16.0.31``,
a UUID), a table (``table=60``), or a regular expression. A term that equals a marked token means
that token; only another is tried as a regular expression, so that ``eth1`` never finds ``eth10``.
Terms stand apart by blanks or commas; ``/between slashes/`` is one expression with its blanks.
"""

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from ...formats.base import (
    Kind,
    Mark,
)
from ...source import (
    Source,
    Span,
)

# Kinds whose values are names of things; a counter that happens to be 60 is not table 60.
_NAMED = frozenset(Kind) - {Kind.HEAD, Kind.DIM, Kind.COUNTER, Kind.SECRET, Kind.TABLE, Kind.VLAN}

Chooses = Callable[[Span], bool]


@dataclass(frozen=True, slots=True)
class Term:
    """One term and what it found: offsets in the text, sorted."""

    text: str
    offsets: tuple[int, ...]

    def chooses(self, span: Span) -> bool:
        at = bisect_left(self.offsets, span.start)
        return at < len(self.offsets) and self.offsets[at] < span.end


def terms_of(value: str) -> tuple[str, ...]:
    """The terms of an option's value."""
    value = value.strip()
    if len(value) > 2 and value[0] == value[-1] == "/":
        return (value,)
    return tuple(term for term in re.split(r"[\s,]+", value) if term)


def find(term: str, source: Source, marks: tuple[Mark, ...]) -> Term:
    """Where a term occurs. Raises ``re.error`` for what is neither a token nor an expression."""
    table = re.fullmatch(r"table=(\d+)", term)
    wanted = term.lower()
    named = tuple(
        mark.span.start
        for mark in marks
        if (mark.kind is Kind.TABLE and table and mark.value == table[1])
        or (mark.kind in _NAMED and _same(mark.value.lower(), wanted))
    )
    if named:
        return Term(term, named)
    is_marked_as_expression = len(term) > 2 and term[0] == term[-1] == "/"
    pattern = re.compile(term[1:-1] if is_marked_as_expression else term, re.MULTILINE)
    found = pattern.finditer(source.text, source.start, source.end)
    return Term(term, tuple(match.start() for match in found if match[0]))


def _same(value: str, wanted: str) -> bool:
    # 172.16.0.31 means 172.16.0.31/24 too: the prefix length is how the printer writes an address.
    return value == wanted or value.partition("/")[0] == wanted


def line_ranges(value: str) -> tuple[range, ...]:
    """``3-7, 12, 20-`` as ranges of line numbers. Raises ValueError with the reason."""
    ranges = []
    for part in filter(None, re.split(r"[\s,]+", value)):
        match = re.fullmatch(r"(\d+)(-(\d*))?", part)
        if match is None:
            raise ValueError(f"{part!r} is not a line number or a range like 3-7")
        first = int(match[1])
        last = first if match[2] is None else int(match[3] or 10**9)
        if not 1 <= first <= last:
            raise ValueError(f"{part!r} is not a range of lines")
        ranges.append(range(first, last + 1))
    if not ranges:
        raise ValueError("no lines are named")
    return tuple(ranges)
