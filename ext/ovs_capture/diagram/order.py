"""Order: what stands left of what.

Lives here: step 5 of the layout. The order starts from the scene's own, which is the natural one,
and changes only for strictly fewer crossings (then fewer bows around something), so that ties keep
what the reader expects: eth0 before eth1.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from .slots import Block, Side, Slot, World, flatten
from .strands import Segment, Strands

SWEEPS = 8
TRIALS = 3000  # cost evaluations of the local search; bounds the time of a very large picture
LED_TRIALS = 300  # of moves that take with them what leads there: each is a sweep

Cost = tuple[int, int]
T = TypeVar("T")


class Order:
    """The rows and port rows of a picture while they are put in order."""

    def __init__(self, world: World, strands: Strands, bands: int) -> None:
        self.hosts = world.hosts
        self.bands = bands
        self.rows: dict[int, list[list[Block]]] = {band: [] for band in range(bands)}
        self.borders: dict[int, list[Block]] = {band: [] for band in range(bands)}
        for block in world.blocks.values():
            if block.kind == "bridge":
                self.borders[block.band].append(block)
            for band, row in block.rows.items():
                if row:
                    self.rows[band].append(row)
        self.straight: dict[int, list[Segment]] = {band: [] for band in range(-1, bands)}
        self.bows: list[Segment] = []
        self.above: dict[str, list[Slot]] = {}
        self.below: dict[str, list[Slot]] = {}
        for segment in strands.segments:
            if segment.bow:
                self.bows.append(segment)
                continue
            self.straight[segment.channel].append(segment)
            self.above.setdefault(segment.lower.slot.key, []).append(segment.upper.slot)
            self.below.setdefault(segment.upper.slot.key, []).append(segment.lower.slot)
        self.trials = 0

    def positions(self) -> tuple[dict[str, int], dict[str, int]]:
        """The place of every slot among those with wires upwards, and with wires downwards."""
        up: dict[str, int] = {}
        down: dict[str, int] = {}
        for band in range(self.bands):
            for n, slot in enumerate(self._flat(band, "up")):
                up[slot.key] = n
            for n, slot in enumerate(self._flat(band, "down")):
                down[slot.key] = n
        return up, down

    def _flat(self, band: int, side: Side) -> Iterator[Slot]:
        for host in self.hosts:
            yield from flatten(host, band, side)

    def cost(self) -> Cost:
        """Crossings, then bows that have something between their ends."""
        self.trials += 1
        up, down = self.positions()
        crossings = 0
        for segments in self.straight.values():
            pairs = sorted((down[s.upper.slot.key], up[s.lower.slot.key]) for s in segments)
            seen: list[int] = []
            n = 0
            while n < len(pairs):
                m = n
                while m < len(pairs) and pairs[m][0] == pairs[n][0]:
                    crossings += len(seen) - bisect_left(seen, pairs[m][1] + 1)
                    m += 1
                for pair in pairs[n:m]:
                    insort(seen, pair[1])
                n = m
        around = 0
        wired: dict[tuple[int, Side], list[int]] = {}
        for bow in self.bows:
            side = bow.upper.side
            place = down if side == "down" else up
            low, high = sorted((place[bow.upper.slot.key], place[bow.lower.slot.key]))
            around += high - low > 1
            where = self._band_of(bow), side
            if where not in wired:
                wired[where] = self._wired(*where, place)
            crossings += bisect_left(wired[where], high) - bisect_right(wired[where], low)
        return crossings, around

    def _wired(self, band: int, side: Side, place: dict[str, int]) -> list[int]:
        """The places of a band's slots that have wires on that side, from left to right."""
        near = self.below if side == "down" else self.above
        return [place[slot.key] for slot in self._flat(band, side) if slot.key in near]

    @staticmethod
    def _band_of(bow: Segment) -> int:
        return bow.channel if bow.upper.side == "down" else bow.channel + 1

    def settle(self) -> Cost:
        """Order everything; the result is what is left to pay."""
        self._bring_together()
        self._insert_dummies()
        best, kept = self.cost(), self._snapshot()
        natural = kept
        for backwards in (False, True):
            for down_first in (True, False):
                if best[0] == 0:
                    break
                self._restore(natural)
                if backwards:
                    for row in self._lists():
                        row.reverse()
                for sweep in range(SWEEPS):
                    self._sweep(down=(sweep % 2 == 0) == down_first)
                    cost = self.cost()
                    if cost < best:
                        best, kept = cost, self._snapshot()
                    if best[0] == 0:
                        break
        self._restore(kept)
        best = self._search(best)
        if best[0]:
            best = self._search(self._move_columns(best))
        return self._move_with_ways(best) if best[0] else best

    def _lists(self) -> list[list[Any]]:
        """All that can be ordered: rows of blocks and, of bridges, rows of slots."""
        lists: list[list[Any]] = []
        for band in range(self.bands):
            lists.extend(self.rows[band])
            for bridge in self.borders[band]:
                lists.extend((bridge.tops, bridge.bottoms))
        return lists

    def _snapshot(self) -> list[list[Any]]:
        return [row.copy() for row in self._lists()]

    def _restore(self, kept: list[list[Any]]) -> None:
        for row, old in zip(self._lists(), kept, strict=True):
            row[:] = old

    def _bring_together(self) -> None:
        """Put what a NIC carries right after it: vxlan-267 after eth0, by nature."""
        for bow in self.bows:
            for row in self.rows[self._band_of(bow)]:
                keys = [block.key for block in row]
                ends = bow.upper.slot.key, bow.lower.slot.key
                if ends[0] in keys and ends[1] in keys:
                    first, last = sorted(keys.index(end) for end in ends)
                    row.insert(first + 1, row.pop(last))

    def _insert_dummies(self) -> None:
        """Put every dummy where the slot above it is, between blocks that keep their order."""
        for band in range(self.bands):
            for row in self.rows[band]:
                dummies = [b for b in row if b.kind == "dummy"]
                if not dummies or len(dummies) == len(row):
                    continue
                row[:] = [b for b in row if b.kind != "dummy"]
                _, down = self.positions()
                for dummy in dummies:
                    mine = self._mean(flatten(dummy, band, "up"), self.above, down)
                    if mine is None:  # a drop from a rail has nothing above
                        row.append(dummy)
                        continue
                    place = len(row)
                    for n, block in enumerate(row):
                        other = self._mean(flatten(block, band, "up"), self.above, down)
                        if other is not None and other > mine:
                            place = n
                            break
                    row.insert(place, dummy)

    @staticmethod
    def _mean(
        slots: Iterable[Slot], near: dict[str, list[Slot]], place: dict[str, int]
    ) -> float | None:
        found = [place[n.key] for slot in slots for n in near.get(slot.key, ()) if n.key in place]
        return sum(found) / len(found) if found else None

    def _sweep(self, *, down: bool, start: int | None = None) -> None:
        """Sort every row by what it is wired to, from ``start`` on, else from the first row."""
        first = start if start is not None else 1 if down else self.bands - 2
        bands = range(first, self.bands) if down else range(first, -1, -1)
        for band in bands:
            ups, downs = self.positions()
            near, place = (self.above, downs) if down else (self.below, ups)
            for row in self.rows[band]:
                _sort_some(row, [self._block_mean(b, band, near, place) for b in row])
            for bridge in self.borders[band]:
                slots = bridge.tops if down else bridge.bottoms
                _sort_some(slots, [self._mean((slot,), near, place) for slot in slots])

    def _block_mean(
        self, block: Block, band: int, near: dict[str, list[Slot]], place: dict[str, int]
    ) -> float | None:
        side: Side = "up" if near is self.above else "down"
        return self._mean(flatten(block, band, side), near, place)

    def _search(self, best: Cost) -> Cost:
        """Move one thing at a time to another place in its row while that costs less."""
        improved = best > (0, 0)
        while improved:
            improved = False
            for row in self._lists():
                for i, j in moves(len(row)):
                    if best == (0, 0) or self.trials > TRIALS:
                        return best
                    row.insert(j, row.pop(i))
                    cost = self.cost()
                    if cost < best:
                        best, improved = cost, True
                    else:
                        row.insert(i, row.pop(j))
        return best

    def _move_with_ways(self, best: Cost) -> Cost:
        """Move one box at a time, and what leads to it from above along with it.

        A router between two bridges crosses a wire wherever its taps stand, until its box and its
        taps move at once.
        """
        left = LED_TRIALS
        improved = True
        while improved:
            improved = False
            for band in range(self.bands - 1, 0, -1):
                for row in self.rows[band]:
                    for i, j in moves(len(row)):
                        if best[0] == 0 or left == 0:
                            return best
                        left -= 1
                        kept = self._snapshot()
                        row.insert(j, row.pop(i))
                        self._sweep(down=False, start=band - 1)
                        cost = self.cost()
                        if cost < best:
                            best, improved = cost, True
                        else:
                            self._restore(kept)
        return best

    def _move_columns(self, best: Cost) -> Cost:
        """Try a NIC with all that hangs on it alone at the far left, then at the far right."""
        owners = {
            slot.key: block
            for band in range(self.bands)
            for row in self.rows[band]
            for block in row
            if block.kind != "container"
            for slot in (*block.tops, *block.bottoms)
        }
        for first in [block for row in self.rows.get(0, []) for block in row]:
            column = self._hanging_on(first, owners)
            for left in (True, False):
                kept = self._snapshot()
                self._push_aside(column, owners, left=left)
                cost = self.cost()
                if cost < best:
                    best = cost
                else:
                    self._restore(kept)
        return best

    def _push_aside(self, column: set[str], owners: dict[str, Block], *, left: bool) -> None:
        """Put the blocks of ``column`` and the ports that lead to them at one end of their rows."""
        for row in (row for rows in self.rows.values() for row in rows):
            inside = [block for block in row if block.key in column]
            others = [block for block in row if block.key not in column]
            row[:] = inside + others if left else others + inside
        for bridge in (bridge for bridges in self.borders.values() for bridge in bridges):
            leads = {
                slot.key
                for slot in bridge.tops
                if any(owners[n.key].key in column for n in self.above.get(slot.key, ()))
            }
            inside_slots = [slot for slot in bridge.tops if slot.key in leads]
            others_slots = [slot for slot in bridge.tops if slot.key not in leads]
            bridge.tops[:] = inside_slots + others_slots if left else others_slots + inside_slots

    def _hanging_on(self, first: Block, owners: dict[str, Block]) -> set[str]:
        found = {first.key}
        grew = True
        while grew:
            grew = False
            for block in owners.values():
                ups = [n for s in block.tops for n in self.above.get(s.key, ())]
                if block.key not in found and ups and all(owners[n.key].key in found for n in ups):
                    found.add(block.key)
                    grew = True
        return found


def moves(length: int) -> Iterator[tuple[int, int]]:
    """Every move of one thing of a row, ``(from, to)``.

    Near places first, so that as little as possible leaves the natural order; and what stands later
    moves to what stands earlier. One by one: a row of a thousand has a million.
    """
    for distance in range(1, length):
        for start in range(length - 1, -1, -1):
            if start >= distance:
                yield start, start - distance
            if start + distance < length:
                yield start, start + distance


def _sort_some(row: list[T], values: list[float | None]) -> None:
    """Sort what has a value among its own places; what has none stays where it is."""
    valued = [(value, n) for n, value in enumerate(values) if value is not None]
    before = row.copy()
    for (_, place), (_, item) in zip(valued, sorted(valued), strict=True):
        row[place] = before[item]
