"""Tracks: the horizontal pieces of lines between two rows, each at a height of its own.

Of two pieces that meet, the one stands above that makes fewer crossings; no two lines share a
piece of a column.
"""

from collections.abc import Sequence
from dataclasses import dataclass

NEAR = 8  # px; lines nearer than this are read as one
_SHARED = 10  # what it costs, in crossings, when two lines share a piece of a column


@dataclass(frozen=True, slots=True)
class Piece:
    """A line's way between two rows. ``ups``, ``downs``: where it goes up to the upper row and
    down to the lower one; a way back turns and has two of one.
    """

    link: str
    ups: tuple[int, ...]
    downs: tuple[int, ...]

    @property
    def low(self) -> int:
        return min((*self.ups, *self.downs))

    @property
    def high(self) -> int:
        return max((*self.ups, *self.downs))

    @property
    def straight(self) -> bool:
        return self.low == self.high and len(self.ups) == len(self.downs)

    def meets(self, other: "Piece") -> bool:
        return self.low - NEAR < other.high and other.low - NEAR < self.high


def _cost(upper: Piece, lower: Piece) -> int:
    """Crossings when ``upper`` stands above ``lower``."""
    cost = sum(1 for x in upper.downs if lower.low < x < lower.high)
    cost += sum(1 for x in lower.ups if upper.low < x < upper.high)
    shared = sum(1 for x in upper.downs for other in lower.ups if abs(x - other) < NEAR)
    return cost + _SHARED * shared


def tracks(pieces: Sequence[Piece]) -> dict[str, int]:
    """The track of each piece that needs one, 0 the uppermost. A link has one piece here."""
    order = sorted((piece for piece in pieces if not piece.straight), key=_first_guess)
    for _ in order:
        changed = False
        for place in range(len(order) - 1):
            upper, lower = order[place : place + 2]
            if upper.meets(lower) and _cost(lower, upper) < _cost(upper, lower):
                order[place : place + 2] = [lower, upper]
                changed = True
        if not changed:
            break
    found: dict[str, int] = {}
    for place, piece in enumerate(order):
        above = [found[one.link] for one in order[:place] if one.meets(piece)]
        found[piece.link] = max(above, default=-1) + 1
    return found


def _first_guess(piece: Piece) -> tuple[int, int, str]:
    """To the right: the rightmost above; to the left: the leftmost above."""
    if not piece.ups or not piece.downs:
        return (0, 0, piece.link)
    start, end = piece.ups[0], piece.downs[0]
    return (1, -start if end > start else start, piece.link)
