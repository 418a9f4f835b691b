"""Order: what stands beside what in each row, and where from left to right.

Lives here: the two steps of a layered drawing (Sugiyama, Tagawa and Toda 1981) that follow once
everything has its row. First the order: sweeps by weighted medians with exchanges of neighbours
(Gansner, Koutsofios, North and Vo, "A technique for drawing directed graphs", 1993) from several
starts, then moves of single bodies and of whole lanes. Of the orders with the fewest crossings that
stays whose lines bend least once everything has its place (``straighten``). Does not live here:
which row something stands in.

The order of everything is the order given, so equal input gives equal output, on every machine.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from .straighten import Gap, Tie, straighten

SPACE = 22  # px between neighbours of a row
SLOT = 14  # px from a box's corner where no line begins
SWEEPS = 24
PATIENCE = 6  # sweeps that find nothing better before we stop
ROUNDS = 4  # of moves
MOST = 2000  # bodies of all starts together
ALONG = 100  # how much more a lane is kept straight than the line at its ends


class Body(NamedTuple):
    """What stands in a row. ``left``, ``box``, ``right``: widths in px of what belongs to the box
    at its left, of the box where lines begin and end, and of what belongs to it at its right.
    ``lane``: the id of the line that passes here; "" for a box.
    """

    id: str
    box: int
    left: int = 0
    right: int = 0
    lane: str = ""


class Pull(NamedTuple):
    """Two bodies of neighbouring rows that a line joins, upper first."""

    upper: str
    lower: str
    weight: int


def order(rows: Sequence[Sequence[Body]], pulls: Iterable[Pull]) -> dict[str, int]:
    """The middle of each body in px from the left; of a box with something beside it that of the
    box. Nothing of a row overlaps; the leftmost thing begins at 0.
    """
    bodies = [body for row in rows for body in row]
    number = {body.id: n for n, body in enumerate(bodies)}
    lanes = [body.lane for body in bodies]
    ties = []
    for pull in pulls:
        upper, lower = number[pull.upper], number[pull.lower]
        along = lanes[upper] and lanes[upper] == lanes[lower]
        ties.append(Tie(upper, lower, pull.weight * (ALONG if along else 1)))
    counted = iter(range(len(bodies)))
    numbered = [[next(counted) for _ in row] for row in rows]
    eased = _eased(ties, bodies)
    best: tuple[int, list[int]] | None = None
    for ordered in _Orders(numbered, ties, bodies).best():
        gaps = [
            Gap(a, b, _right(bodies[a]) + SPACE + _left(bodies[b]))
            for row in ordered
            for a, b in pairwise(row)
        ]
        places = straighten(ordered, gaps, eased)
        bent = sum(t.weight * abs(places[t.lower] - places[t.upper] - t.apart) for t in eased)
        if best is None or bent < best[0]:
            best = bent, places
    middles = best[1] if best else []
    first = min((x - _left(body) for x, body in zip(middles, bodies, strict=True)), default=0)
    return {body.id: x - first for x, body in zip(middles, bodies, strict=True)}


def _eased(ties: Iterable[Tie], bodies: Sequence[Body]) -> list[Tie]:
    """Each tie with two more that draw only beyond where its line can leave a box straight.

    A line leaves a box anywhere between its corners: what stands below the box's end needs no bend.
    """
    found = []
    for tie in ties:
        found.append(tie)
        ends = [bodies[tie.upper], bodies[tie.lower]]
        reach = sum(max(0, body.box // 2 - SLOT) for body in ends if not body.lane)
        if reach:
            found += [tie._replace(apart=apart) for apart in (-reach, reach)]
    return found


def crossings(rows: Sequence[Sequence[str]], pulls: Iterable[Pull]) -> int:
    """How many pairs of lines between neighbouring rows cross where rows stand in this order."""
    place = {body: n for row in rows for n, body in enumerate(row)}
    of = {body: n for n, row in enumerate(rows) for body in row}
    between: dict[int, list[tuple[int, int]]] = {}
    for pull in pulls:
        between.setdefault(of[pull.upper], []).append((place[pull.upper], place[pull.lower]))
    return sum(_inversions(ends) for ends in between.values())


def _left(body: Body) -> int:
    return body.left + (body.box + 1) // 2


def _right(body: Body) -> int:
    return body.right + (body.box + 1) // 2


def _inversions(ends: list[tuple[int, int]]) -> int:
    seen: list[int] = []
    found = 0
    for _, lower in sorted(ends):
        # Those at the same upper end come in the order of their lower ends: never counted.
        at = bisect_right(seen, lower)
        found += len(seen) - at
        seen.insert(at, lower)
    return found


class _Orders:
    """The search for an order of each row; ``place`` is where each body stands in its row."""

    def __init__(self, rows: list[list[int]], ties: Sequence[Tie], bodies: Sequence[Body]) -> None:
        self.rows = rows
        self.of = [0] * len(bodies)
        self.place = [0] * len(bodies)
        for number, row in enumerate(rows):
            for body in row:
                self.of[body] = number
        self.above: list[list[int]] = [[] for _ in bodies]
        self.below: list[list[int]] = [[] for _ in bodies]
        for tie in ties:
            self.below[tie.upper].append(tie.lower)
            self.above[tie.lower].append(tie.upper)
        self.boxes = {number for number, body in enumerate(bodies) if not body.lane}
        self.chains = list(self._chains())

    def _chains(self) -> Iterator[list[int]]:
        """Bodies one below the other that nothing else hangs on: lanes, and what they lead to."""
        seen: set[int] = set()
        for start in (body for row in self.rows for body in row):
            chain = []
            here: int | None = start
            while here is not None and here not in seen and self._lone(here):
                seen.add(here)
                chain.append(here)
                here = next(iter(self.below[here]), None)
            if chain:
                yield chain

    def _lone(self, body: int) -> bool:
        return len(self.above[body]) <= 1 and len(self.below[body]) <= 1

    def best(self) -> list[list[list[int]]]:
        """The orders with the fewest crossings that were found, each once."""
        found: dict[tuple[tuple[int, ...], ...], int] = {}
        for start in self._starts():
            self._take(start)
            self._sweep()
            self._move()
            found.setdefault(tuple(map(tuple, self.rows)), self._count())
        least = min(found.values(), default=0)
        return [self._unmirrored(rows) for rows, count in found.items() if count == least]

    def _unmirrored(self, rows: Sequence[Sequence[int]]) -> list[list[int]]:
        """Rows, or all of them from right to left if that is nearer to the order of the boxes."""
        boxes = [[body for body in row if body in self.boxes] for row in rows]
        # Bodies are numbered as given, so what stands wrong is an inversion.
        wrong = sum(_inversions(list(enumerate(row))) for row in boxes)
        pairs = sum(len(row) * (len(row) - 1) // 2 for row in boxes)
        return [list(row) if 2 * wrong <= pairs else list(reversed(row)) for row in rows]

    def _starts(self) -> list[list[list[int]]]:
        """As given; and as walks from the top and from the bottom meet the bodies."""
        given = [row.copy() for row in self.rows]
        found = [given]
        for rows in (given, given[::-1]):
            for deep in (True, False):
                walked: list[list[int]] = [[] for _ in given]
                seen: set[int] = set()
                for first in (body for row in rows for body in row):
                    waiting = deque([first])
                    while waiting:
                        here = waiting.pop() if deep else waiting.popleft()
                        if here not in seen:
                            seen.add(here)
                            walked[self.of[here]].append(here)
                            near = [*self.above[here], *self.below[here]]
                            waiting += reversed(near) if deep else near
                found.append(walked)
        found += [[row[::-1] for row in rows] for rows in found]
        return found[: max(1, MOST // max(1, len(self.of)))]

    def _take(self, rows: Sequence[Sequence[int]]) -> None:
        self.rows = [list(row) for row in rows]
        for row in self.rows:
            self._number(row)

    def _number(self, row: Sequence[int]) -> None:
        for place, body in enumerate(row):
            self.place[body] = place

    def _count(self) -> int:
        place, below = self.place, self.below
        return sum(
            _inversions([(place[body], place[one]) for body in row for one in below[body]])
            for row in self.rows
        )

    def _sweep(self) -> None:
        self._exchange()
        best, kept, idle = self._count(), self.rows, 0
        for number in range(SWEEPS):
            if not best or idle > PATIENCE:
                break
            down = number % 2 == 0
            rows = self.rows[1:] if down else self.rows[-2::-1]
            near = self.above if down else self.below
            for row in rows:
                self._by_medians(row, near, equal=number % 4 > 1)
            self._exchange(equal=number % 4 > 1)
            count = self._count()
            if count < best:
                best, kept, idle = count, [row.copy() for row in self.rows], 0
            else:
                idle += 1
        self._take(kept)

    def _by_medians(self, row: list[int], near: Sequence[Sequence[int]], *, equal: bool) -> None:
        """Sort a row by the medians of its neighbours; what has none keeps its place."""
        medians = [_median(sorted(self.place[one] for one in near[body])) for body in row]
        fixed = [n for n, median in enumerate(medians) if median is None]
        sign = -1 if equal else 1
        moving = sorted(
            (median, sign * n, row[n]) for n, median in enumerate(medians) if median is not None
        )
        sorted_ = [body for _, _, body in moving]
        for place in fixed:
            sorted_.insert(place, row[place])
        row[:] = sorted_
        self._number(row)

    def _exchange(self, *, equal: bool = False) -> None:
        """Exchange neighbours as long as that takes crossings away."""
        dirty = set(range(len(self.rows)))
        for _ in range(SWEEPS):
            if not dirty:
                return
            now, dirty = sorted(dirty), set()
            for number in now:
                if self._exchange_row(self.rows[number], equal=equal):
                    dirty |= {number - 1, number, number + 1} & set(range(len(self.rows)))
            equal = False

    def _exchange_row(self, row: list[int], *, equal: bool) -> bool:
        place = self.place
        ups = {body: sorted(place[one] for one in self.above[body]) for body in row}
        downs = {body: sorted(place[one] for one in self.below[body]) for body in row}
        changed = False
        for n in range(len(row) - 1):
            a, b = row[n], row[n + 1]
            gain = _crossed(ups[a], ups[b]) + _crossed(downs[a], downs[b])
            gain -= _crossed(ups[b], ups[a]) + _crossed(downs[b], downs[a])
            if gain > 0 or (equal and gain == 0):
                row[n], row[n + 1] = b, a
                place[a], place[b] = n + 1, n
                changed = changed or gain > 0
        return changed

    def _move(self) -> None:
        """Move single bodies and whole chains as long as that takes crossings away."""
        for _ in range(ROUNDS):
            if not self._count():
                return
            moved = [self._sift_row(number) for number in range(len(self.rows))]
            moved += [self._lead(chain) for chain in self.chains]
            if not any(moved):
                return
            self._exchange()

    def _lead(self, chain: Sequence[int]) -> bool:
        """Lead a chain past the others with the fewest crossings that there are."""
        first = self.of[chain[0]]
        upper, lower = self.above[chain[0]], self.below[chain[-1]]
        top, bottom = first - len(upper), first + len(chain) + len(lower)
        members = set(chain)
        others = [[one for one in row if one not in members] for row in self.rows[top:bottom]]
        at = {one: n for row in others for n, one in enumerate(row)}
        now = [self.place[body] for body in chain]
        # The places that may be taken in each row; one where an end of the chain hangs on.
        free = [range(len(row) + 1) for row in others]
        if upper:
            now.insert(0, at[upper[0]])
            free[0] = range(now[0], now[0] + 1)
        if lower:
            now.append(at[lower[0]])
            free[-1] = range(now[-1], now[-1] + 1)
        costs = {place: (0, abs(place - now[0])) for place in free[0]}
        before: list[dict[int, int]] = []
        stays = 0
        for n, (here, there) in enumerate(pairwise(others)):
            ends = [(at[a], at[b]) for a in here for b in self.below[a] if b in at]
            # Lines that hang on the same body do not cross.
            if upper and n == 0:
                ends = [end for end in ends if end[0] != now[0]]
            if lower and n == len(others) - 2:
                ends = [end for end in ends if end[1] != now[-1]]
            price = _prices(ends, len(here), len(there))
            stays += price[now[n]][now[n + 1]]
            came: dict[int, int] = {}
            following: dict[int, tuple[int, int]] = {}
            for to in free[n + 1]:
                crossed, far, place = min(
                    (cost + price[p][to], far, p) for p, (cost, far) in costs.items()
                )
                following[to] = (crossed, far + abs(to - now[n + 1]))
                came[to] = place
            costs = following
            before.append(came)
        to = min(costs, key=lambda place: (costs[place], place))
        if costs[to][0] >= stays:
            return False
        way = [to]
        for came in reversed(before):
            way.append(came[way[-1]])
        way.reverse()
        for body, place in zip(chain, way[bool(upper) :], strict=False):
            row = [one for one in self.rows[self.of[body]] if one != body]
            row.insert(place, body)
            self.rows[self.of[body]][:] = row
            self._number(row)
        return True

    def _sift_row(self, number: int) -> bool:
        row, place = self.rows[number], self.place
        ups = {body: sorted(place[one] for one in self.above[body]) for body in row}
        downs = {body: sorted(place[one] for one in self.below[body]) for body in row}
        changed = False
        for body in row.copy():
            others = [one for one in row if one != body]
            here = row.index(body)
            # The cost of each place against that at the left end.
            costs = [0]
            for one in others:
                costs.append(
                    costs[-1]
                    + _crossed(ups[one], ups[body])
                    + _crossed(downs[one], downs[body])
                    - _crossed(ups[body], ups[one])
                    - _crossed(downs[body], downs[one])
                )
            best = min(range(len(costs)), key=lambda n: (costs[n], abs(n - here)))
            if costs[best] < costs[here]:
                others.insert(best, body)
                row[:] = others
                changed = True
        self._number(row)
        return changed


def _crossed(left: Sequence[int], right: Sequence[int]) -> int:
    """How many lines of two neighbours cross, by the sorted places of their other ends."""
    return sum(bisect_left(right, end) for end in left)


def _prices(ends: Iterable[tuple[int, int]], here: int, there: int) -> list[list[int]]:
    """How many of the lines ``ends`` one crosses that leads from each place between ``here``
    bodies to each between ``there``.
    """
    table = [[0] * (there + 1) for _ in range(here + 1)]
    for a, b in ends:
        table[a + 1][b + 1] += 1
    for p in range(here + 1):
        for q in range(1, there + 1):
            table[p][q] += table[p][q - 1]
        if p:
            for q in range(there + 1):
                table[p][q] += table[p - 1][q]
    left = [row[-1] for row in table]
    right = table[-1].copy()
    return [
        [left[p] + right[q] - 2 * table[p][q] for q in range(there + 1)] for p in range(here + 1)
    ]


def _median(places: Sequence[int]) -> float | None:
    """The median, nearer to where most are (Gansner et al., section 3)."""
    count = len(places)
    middle = count // 2
    if not count:
        return None
    if count % 2:
        return places[middle]
    if count == 2:
        return (places[0] + places[1]) / 2
    left, right = places[middle - 1] - places[0], places[-1] - places[middle]
    if not left + right:
        return (places[middle - 1] + places[middle]) / 2
    return (places[middle - 1] * right + places[middle] * left) / (left + right)
