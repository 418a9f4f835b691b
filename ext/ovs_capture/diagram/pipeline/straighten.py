"""Straighten: places from left to right that bend as little as possible.

Lives here: the solver of the second step of ``order``. It finds places in whole px that keep every
gap and make the weighted sum of all ``|upper - lower|`` least: not their squares, so that a line
is rather straight than a little aslant, and what is heavy is straight first.

Bodies held together by tight gaps and straight ties are a clump, whose ties and gaps form a tree.
A clump that is pulled harder to one side moves until a gap is tight or a tie is straight; a tree
is cut where what holds it is pulled apart. That is the simplex method for this dual of a flow
problem (Ahuja, Magnanti and Orlin, "Network flows", 1993, chapter 11), begun with no tree at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

STEPS = 40  # times the number of bodies, before we leave it as it is
WALKED = 2_000_000  # bodies of trees, before the same: many times what graphs of 250 bodies need
EVENINGS = 12


class Tie(NamedTuple):
    """Two bodies of which ``lower`` wants to stand ``apart`` px right of ``upper``."""

    upper: int
    lower: int
    weight: int
    apart: int = 0


class Gap(NamedTuple):
    """``right`` stands at least ``least`` px right of ``left``."""

    left: int
    right: int
    least: int


@dataclass(slots=True, eq=False)
class _Edge:
    """A tie or a gap. ``weight`` 0: a gap. ``side``: +1 where the first end of a loose tie is
    drawn to the right, -1 to the left. ``held``: part of a tree.
    """

    first: int
    second: int
    weight: int
    least: int
    side: int = 1
    held: bool = False
    flow: int = 0


@dataclass(slots=True, eq=False)
class _Clump:
    """``rests``: nothing in it is pulled apart, and nothing has changed since that was seen."""

    bodies: list[int]
    force: int = 0
    rests: bool = False


def straighten(
    rows: Sequence[Sequence[int]], gaps: Sequence[Gap], ties: Sequence[Tie]
) -> list[int]:
    """The place of each body, in px; bodies are the numbers from 0 up."""
    count = sum(map(len, rows))
    least = {(gap.left, gap.right): gap.least for gap in gaps}
    x = _begin(rows, least, ties, count)
    return _Solver(x, gaps, ties).solve()


def _begin(
    rows: Sequence[Sequence[int]],
    least: dict[tuple[int, int], int],
    ties: Sequence[Tie],
    count: int,
) -> list[int]:
    """Places to begin with: rows in the middle, then each body near the mean of its neighbours."""
    near: list[list[tuple[int, int, int]]] = [[] for _ in range(count)]
    for tie in ties:
        near[tie.upper].append((tie.lower, tie.weight, -tie.apart))
        near[tie.lower].append((tie.upper, tie.weight, tie.apart))
    x = [0] * count
    offsets: dict[int, int] = {}
    for row in rows:
        at = 0
        for n, body in enumerate(row):
            at += least[row[n - 1], body] if n else 0
            offsets[body] = at
        for body in row:
            x[body] = offsets[body] - at // 2
    for number in range(EVENINGS):
        for row in rows if number % 2 == 0 else reversed(rows):
            wishes = []
            for body in row:
                weight = sum(w for _, w, _ in near[body])
                drawn = sum((x[one] + apart) * w for one, w, apart in near[body])
                wish = drawn / weight if weight else x[body]
                wishes.append((wish - offsets[body], weight or 0.01))
            for body, place in zip(row, _monotone(wishes), strict=True):
                x[body] = offsets[body] + round(place)
    return x


def _monotone(wishes: Sequence[tuple[float, float]]) -> list[float]:
    """The values nearest to weighted wishes that never fall: adjacent violators are pooled."""
    pools: list[list[float]] = []
    for wish, weight in wishes:
        pools.append([wish, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            value, heavy, many = pools.pop()
            last = pools[-1]
            last[0] = (last[0] * last[1] + value * heavy) / (last[1] + heavy)
            last[1] += heavy
            last[2] += many
    return [value for value, _, many in pools for _ in range(int(many))]


class _Solver:
    def __init__(self, x: list[int], gaps: Sequence[Gap], ties: Sequence[Tie]) -> None:
        self.x = x
        self.edges = [_Edge(g.left, g.right, 0, g.least) for g in gaps]
        self.edges += [_Edge(t.upper, t.lower, t.weight, t.apart) for t in ties if t.weight]
        self.at: list[list[_Edge]] = [[] for _ in x]
        for edge in self.edges:
            self.at[edge.first].append(edge)
            self.at[edge.second].append(edge)
            edge.side = 1 if x[edge.first] + edge.least <= x[edge.second] else -1
        self.clump = [_Clump([body]) for body in range(len(x))]
        for clump in self.clump:
            self._weigh(clump)

    def solve(self) -> list[int]:
        waiting = list(self.clump)
        self.left = STEPS * len(self.x)
        self.walk = WALKED
        while waiting and self.left > 0:
            self._settle(waiting)
            waiting = self._cut() if self.walk > 0 else []
        return self.x

    def _weigh(self, clump: _Clump) -> None:
        """Sum the pull of loose ties on a clump; inside one they cancel out."""
        clump.force = sum(
            edge.side * edge.weight * (1 if edge.first == body else -1)
            for body in clump.bodies
            for edge in self.at[body]
            if edge.weight and not edge.held
        )

    def _settle(self, waiting: list[_Clump]) -> None:
        """Move clumps until none is pulled harder to one side."""
        while waiting and self.left > 0:
            clump = waiting.pop()
            while clump.force and clump.bodies and self.left > 0:
                self.left -= 1
                clump = self._push(clump, waiting)

    def _push(self, clump: _Clump, waiting: list[_Clump]) -> _Clump:
        """Move a clump to where something stops it, and join it to that."""
        way = 1 if clump.force > 0 else -1
        stops: list[_Edge] = []
        for body in clump.bodies:
            for edge in self.at[body]:
                if edge.held:
                    continue
                other = edge.second if edge.first == body else edge.first
                if self.clump[other] is clump:
                    continue
                first = edge.first == body
                if edge.weight:
                    # It draws us where we go, and stops doing so once it is straight.
                    if (edge.side if first else -edge.side) == way:
                        stops.append(edge)
                elif first == (way > 0):
                    stops.append(edge)
        stops.sort(key=lambda edge: (self._slack(edge), edge.weight > 0))
        force = abs(clump.force)
        passed = 0
        # As far as it draws us at all: a tie that we pass draws us back.
        while stops[passed].weight and force > 2 * stops[passed].weight:
            edge = stops[passed]
            passed += 1
            force -= 2 * edge.weight
            edge.side = -edge.side
            other = edge.second if self.clump[edge.first] is clump else edge.first
            there = self.clump[other]
            there.force += 2 * edge.weight * way
            there.rests = False
            waiting.append(there)
        far = self._slack(stops[passed]) * way
        for body in clump.bodies:
            self.x[body] += far
        clump.force = force * way
        return self._join(clump, stops[passed])

    def _slack(self, edge: _Edge) -> int:
        """How far the ends are from being straight or tight."""
        return abs(self.x[edge.second] - self.x[edge.first] - edge.least)

    def _join(self, clump: _Clump, edge: _Edge) -> _Clump:
        first, second = self.clump[edge.first], self.clump[edge.second]
        keep, gone = (first, second) if len(first.bodies) >= len(second.bodies) else (second, first)
        # A held tie no longer counts as loose; its two ends cancelled out.
        keep.force += gone.force
        keep.rests = False
        for body in gone.bodies:
            self.clump[body] = keep
        keep.bodies += gone.bodies
        gone.bodies, gone.force = [], 0
        edge.held = True
        return keep

    def _cut(self) -> list[_Clump]:
        """Cut every clump where it is pulled apart hardest; the parts."""
        parts: list[_Clump] = []
        for clump in dict.fromkeys(clump for clump in self.clump if not clump.rests):
            worst, most = None, 0
            for edge in self._flows(clump):
                # What flows through a gap pushes its ends together, or holds nothing.
                over = abs(edge.flow) - edge.weight if edge.weight else -edge.flow
                if over > most:
                    worst, most = edge, over
            if worst is not None:
                parts += self._part(worst)
            else:
                clump.rests = True
        return parts

    def _part(self, edge: _Edge) -> list[_Clump]:
        edge.held = False
        if edge.weight:
            # ``flow`` is how hard the first end is drawn to the right by all but the tie.
            edge.side = -1 if edge.flow > 0 else 1
        parts = []
        for end in (edge.first, edge.second):
            part = _Clump(self._reached(end))
            for body in part.bodies:
                self.clump[body] = part
            self._weigh(part)
            parts.append(part)
        return parts

    def _reached(self, start: int) -> list[int]:
        found, seen = [start], {start}
        for here in found:
            for edge in self.at[here]:
                if edge.held:
                    other = edge.second if edge.first == here else edge.first
                    if other not in seen:
                        seen.add(other)
                        found.append(other)
        return found

    def _flows(self, clump: _Clump) -> list[_Edge]:
        """The tree of a clump; of each edge how hard its first end is drawn to the right."""
        root = clump.bodies[0]
        self.walk -= len(clump.bodies)
        walk: list[tuple[int, _Edge | None, int]] = [(root, None, root)]
        for here, came, _ in walk:
            for edge in self.at[here]:
                if edge.held and edge is not came:
                    walk.append((edge.second if edge.first == here else edge.first, edge, here))
        force: dict[int, int] = {}
        for here, _, _ in walk:
            force[here] = sum(
                edge.side * edge.weight * (1 if edge.first == here else -1)
                for edge in self.at[here]
                if edge.weight and not edge.held
            )
        found = []
        for here, came, parent in reversed(walk):
            if came is not None:
                came.flow = force[here] if came.first == here else -force[here]
                force[parent] += force[here]
                found.append(came)
        return found
