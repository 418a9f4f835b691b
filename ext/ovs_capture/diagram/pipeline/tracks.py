"""Tracks: the horizontal pieces of lines between two rows, each at a height of its own.

Of two pieces that meet, the one stands above that makes fewer crossings; no two lines share a
piece of a column.
"""

from collections.abc import Sequence
from dataclasses import dataclass

NEAR = 8  # px; lines nearer than this are read as one
_PASSES = 8
_LINE = 5  # px; the thickest line
# What it costs, in crossings, when two lines run beside, and when they run on each other.
_BESIDE, _SHARED = 4, 20


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
    apart = [abs(x - other) for x in upper.downs for other in lower.ups]
    cost += _BESIDE * sum(1 for px in apart if px < NEAR)
    return cost + _SHARED * sum(1 for px in apart if px < _LINE)


def tracks(pieces: Sequence[Piece]) -> dict[str, int]:
    """The track of each piece that needs one, 0 the uppermost. A link has one piece here."""
    order = _ordered(sorted((piece for piece in pieces if not piece.straight), key=_first_guess))
    found: dict[str, int] = {}
    for place, piece in enumerate(order):
        above = [found[one.link] for one in order[:place] if one.meets(piece)]
        found[piece.link] = max(above, default=-1) + 1
    return found


def _ordered(pieces: list[Piece]) -> list[Piece]:
    """The pieces with each moved to where it costs least, until none wants to move."""
    count = len(pieces)
    cost = [
        [_cost(upper, lower) if upper.meets(lower) else 0 for lower in pieces] for upper in pieces
    ]
    order = list(range(count))
    for _ in range(_PASSES):
        before = order.copy()
        for piece in range(count):
            place = order.index(piece)
            others = order[:place] + order[place + 1 :]
            here = sum(cost[piece][other] for other in others)
            costs = [here]
            for other in others:
                here += cost[other][piece] - cost[piece][other]
                costs.append(here)
            best = min(costs)
            if best < costs[place]:
                others.insert(costs.index(best), piece)
                order = others
        if order == before:
            break
    return [pieces[number] for number in order]


def _first_guess(piece: Piece) -> tuple[int, int, str]:
    """To the right: the rightmost above; to the left: the leftmost above."""
    if not piece.ups or not piece.downs:
        return (0, 0, piece.link)
    start, end = piece.ups[0], piece.downs[0]
    return (1, -start if end > start else start, piece.link)
