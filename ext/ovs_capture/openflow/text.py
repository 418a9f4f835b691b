"""What the grammars of matches and actions share: tokens, problems, and texts that were wrapped.

Lives here: everything about a flow's text that knows neither fields nor actions.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple, TypeVar

from ..grammar import Problem

# What a token of a flow is. ``name``: the word of a field or an action.
Role = Literal["name", "register", "port", "table", "mac", "address", "vlan", "drop"]


class Token(NamedTuple):
    """A piece that means something; offsets into the text it was found in, ``value`` canonical."""

    start: int
    end: int
    role: Role
    value: str


_Placed = TypeVar("_Placed", Token, Problem)


class Unwrapped(NamedTuple):
    """A text without its line breaks and colours, and where each character came from.

    ``origin`` has one entry more than ``text``: the end.
    """

    text: str
    origin: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of ``text`` stands in the text as captured: from its first character to
        behind its last."""
        first = self.origin[start]
        return first, self.origin[end - 1] + 1 if end > start else first


def as_captured(piece: _Placed, joined: Unwrapped) -> _Placed:
    """A token or a problem of the joined text, at its place in the text as captured."""
    start, end = joined.place(piece.start, piece.end)
    return piece._replace(start=start, end=end)


# Line breaks with the blanks around them; a colour, which ``ovs-ofctl --color=always`` prints.
# Blanks are looked at from the first: from each anew would take the square of their number.
_NOISE = re.compile(
    r"(?P<break>(?<![ \t])(?:[ \t]*+\r?\n)++[ \t]*+)|\x1b\[[0-9;]*+[A-Za-z]", re.ASCII
)
# Where a printer writes a blank: before "actions=", and after a flag such as send_flow_rem.
_BLANK_AFTER_BREAK = re.compile(r"actions=")
_BLANK_BEFORE_BREAK = re.compile(
    r"(?:send_flow_rem|check_overlap|reset_counts|no_(?:packet|byte)_counts)$"
)
_LONGEST_BEFORE_BREAK = len("no_packet_counts")
# A quote that nothing closes is a character like others, and so are all after it.
_SEPARATORS = re.compile(r'"(?:[^"\\]|\\.)*+"|[(),"]', re.DOTALL)
_WITHOUT_QUOTES = re.compile(r"[(),]")


def has_noise(text: str) -> bool:
    return "\n" in text or "\x1b" in text


def unwrap(text: str) -> Unwrapped:
    """Join what a person, a mail program or a terminal wrapped, and drop colours.

    A break inside a flow stands where the printer has nothing (after a comma, or anywhere when a
    terminal wrapped the line), or in place of a blank.
    """
    parts: list[str] = []
    # An object for each character of a long line would take half a gigabyte.
    origin = array("q")
    position = 0
    for noise in _NOISE.finditer(text):
        parts.append(text[position : noise.start()])
        origin.extend(range(position, noise.start()))
        position = noise.end()
        before = max(0, noise.start() - _LONGEST_BEFORE_BREAK)
        if noise["break"] is not None and (
            _BLANK_AFTER_BREAK.match(text, position)
            or _BLANK_BEFORE_BREAK.search(text, before, noise.start())
        ):
            parts.append(" ")
            origin.append(noise.start())
    parts.append(text[position:])
    origin.extend(range(position, len(text) + 1))
    return Unwrapped("".join(parts), origin)


class Items(NamedTuple):
    """Items between commas, each with its offset; ``balanced`` is False when a ``)`` is missing."""

    items: tuple[tuple[int, str], ...]
    balanced: bool


# One item and its comma, else all that is left: to look for items further on would cost the square
# of the length. Deeper nesting than this is split with a count of the parentheses.
_IN_QUOTES = r'"[^"\\]*+"'
_NESTED = rf"(?:[^()\"]|{_IN_QUOTES})*+"
for _ in range(4):
    _NESTED = rf"(?:[^()\"]++|{_IN_QUOTES}|\({_NESTED}\))*+"
_ITEM = re.compile(rf'((?:[^,()" \t]++|{_IN_QUOTES}|\({_NESTED}\))++)(?:,|\Z)|[\s\S]++')


def plain_items(text: str) -> list[str]:
    """The items of a list as ovs-ofctl prints it, one comma apart; none when it is not so."""
    items: list[str] = _ITEM.findall(text)
    return items if sum(map(len, items)) + len(items) - 1 == len(text) else []


def split_items(text: str) -> Items:
    """Split at the commas that stand in no parentheses and no quotes; empty items are left out."""
    if plain := plain_items(text):
        starts = accumulate((len(item) + 1 for item in plain[:-1]), initial=0)
        return Items(tuple(zip(starts, plain, strict=True)), True)
    found: list[tuple[int, str]] = []
    depth = start = 0
    for at, char in _separators(text):
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif char == "," and depth == 0:
            _take(found, start, text[start:at])
            start = at + 1
    _take(found, start, text[start:])
    return Items(tuple(found), depth == 0)


def _separators(text: str) -> Iterator[tuple[int, str]]:
    """Parentheses and commas outside quotes."""
    for separator in _SEPARATORS.finditer(text):
        if separator[0] == '"':
            rest = _WITHOUT_QUOTES.finditer(text, separator.end())
            yield from ((one.start(), one[0]) for one in rest)
            return
        yield separator.start(), separator[0]


def _take(found: list[tuple[int, str]], start: int, part: str) -> None:
    item = part.lstrip()
    if item:
        found.append((start + len(part) - len(item), item.rstrip()))
