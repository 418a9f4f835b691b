"""What the grammars of matches and actions share: shapes, problems, tokens.

Lives here: everything about a logical flow's text that knows neither symbols nor actions. The lexis
is that of ovn-sb(5): matches and actions have one.

The *shape* of a text is the text with each constant replaced by ``HOLE``. A listing of 50 000 flows
has some hundred shapes; what a grammar makes of one serves every text that has it.
"""

import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

from ..diagnostic import Code
from ..grammar import Problem

# What a token of a logical flow is.
Role = Literal["name", "register", "port", "mac", "address", "set", "drop"]


class Token(NamedTuple):
    """A piece that means something; offsets into the text it was found in, ``value`` canonical."""

    start: int
    end: int
    role: Role
    value: str


BLANKS = " \t\r\n\f\v"
# Stands for a constant in a shape. A character of its own: no program prints it.
HOLE = "\ue000"
# None begins behind a backslash: where nothing closes one, every quote behind it stands there, and
# to look for its end from each would take the square of the length.
STRING = r'(?<!\\)"(?:[^"\\]|\\.)*+"'
# Letters only where a colon follows, else they are a name; ".." ends a number.
_DIGITS = r"(?:[0-9A-Za-z_:]|\.(?!\.))++"
_NUMBER = rf"(?<![\w.:\[])(?=[0-9]|[0-9A-Fa-f]+:|::){_DIGITS}(?:/{_DIGITS})?"
_NAMED = r"[$@^][A-Za-z_.][A-Za-z_.0-9]*+"
CONSTANT = rf"{STRING}|{_NUMBER}|{_NAMED}"
_COMMENT = re.compile(rf"{STRING}|(?P<comment>//[^\n]*|/\*(?:[^*\n]|\*(?!/))*+(?:\*/)?)")
WORD = r"(?!\.\.)[A-Za-z_.][A-Za-z_.0-9]*"
# Tokens of a shape whose constants are put back are no concern of it: a hole is one token.
_LEXEME = re.compile(rf"{HOLE}|\.\.|{WORD}|[0-9]+|&&|\|\||[=!<>]=|<->|--|\S", re.ASCII)


def bad(reason: str, start: int, end: int) -> Problem:
    """What OVN itself would refuse."""
    return Problem(Code.BAD_EXPRESSION, start, end, {"reason": reason})


class Pieces(NamedTuple):
    """A text as shape and constants."""

    shape: str
    constants: Sequence[str]

    @property
    def is_told_apart(self) -> bool:
        """Does every hole stand for a constant? Not where the text itself has the character."""
        return self.shape.count(HOLE) == len(self.constants)

    def in_text(self, problem: Problem) -> Problem:
        """A problem of the shape, at its place in the text."""
        place = self.places()
        return problem._replace(start=place(problem.start), end=place(problem.end))

    def places(self) -> Callable[[int], int]:
        """Where a place of the shape is in the text."""
        holes = [found.start() for found in re.finditer(HOLE, self.shape)]
        lengths = [0, *accumulate(len(constant) - 1 for constant in self.constants)]

        def place(offset: int) -> int:
            return offset + lengths[sum(hole < offset for hole in holes)]

        return place


def split(text: str, constant: re.Pattern[str]) -> Pieces:
    """``constant`` has one group, which is all of it."""
    parts = constant.split(text)
    return Pieces(HOLE.join(parts[::2]), parts[1::2])


def without_comments(text: str) -> str:
    """The text with blanks in place of its comments: every other character stays where it is."""
    if "//" not in text and "/*" not in text:
        return text
    return _COMMENT.sub(_blanked, text)


def _blanked(found: re.Match[str]) -> str:
    comment = found["comment"]
    # One that is not closed is none; to look for its end again and again would take long.
    if comment is None or (comment.startswith("/*") and not comment.endswith("*/", 2)):
        return found[0]
    return " " * len(comment)


def gaps_of_shape(shape: str, wholes: Sequence[tuple[int, int]] = ()) -> tuple[str, ...]:
    """What stands between the tokens of a shape: blanks only, where it has no comment.

    ``wholes``: pieces that are one token each, sorted; what could not be read is.
    """
    position = 0
    gaps = []
    pieces = iter(wholes)
    start, end = next(pieces, (len(shape), len(shape)))
    for lexeme in _LEXEME.finditer(shape):
        while lexeme.start() >= end > start:
            start, end = next(pieces, (len(shape), len(shape)))
        if lexeme.start() > start:
            continue
        gaps.append(shape[position : lexeme.start()])
        position = end if lexeme.start() == start else lexeme.end()
    gaps.append(shape[position:])
    return tuple(gaps)


def gaps_of_text(text: str, pieces: Pieces) -> tuple[str, ...]:
    """The gaps of a text with comments, whose ``pieces`` were made without them."""
    gaps = gaps_of_shape(pieces.shape)
    constants = iter(pieces.constants)
    position = 0
    found = []
    for gap, lexeme in zip(gaps, [*_LEXEME.findall(pieces.shape), ""], strict=True):
        found.append(text[position : position + len(gap)])
        position += len(gap) + len(next(constants) if lexeme == HOLE else lexeme)
    return tuple(found)
