"""Grid: the cells of a host in rows, and their trunks in lanes at the left.

Lives here: the second half of step 9 of the layout. Every cell is laid out by itself, so that time
grows with their number and no faster; rows hold cells of one trunk together; the trunk of a lane
that reaches far down stands where it crosses least. What stands above, and everything about one
cell, is the work of the layout as always. Does not live here: what a cell is (``cells``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from .cells import Cell, Cut
from .places import Box, CalloutBox, Dot, Label, Layout, Point, WirePath, moved_callout
from .routing import TRACK, Net, line_up
from .slots import Side, Slot
from .strands import Pin
from .wiring import TRACK_JUMP, corners

Span = tuple[int, int, int, int]  # a track: its y, its two ends, its trunk
Jump = tuple[int, int, int]

ROW = 1350  # px of cells in one row
CELL_GAP = 16
ROW_GAP = 12  # between two rows, tracks apart
CLEAR = 10  # between a track and what stands above or below
LANE = 12  # between two lanes
TOO_NEAR = 5  # px within which a drop would look like the wire that comes from above
# Networks that tags after the first take, so that lanes can be told from each other.
TAGS = ("tagged", "net4", "net2", "net3", "net5")


@dataclass(slots=True, eq=False)
class Placed:
    """A cell that is laid out. ``left``, ``right``, ``top``, ``bottom``: what it needs.

    ``drops``: for every wire from a trunk its x. ``rooms``: the y of the guests' upper border.
    """

    cell: Cell
    layout: Layout
    left: int
    right: int
    top: int
    bottom: int
    rooms: int
    drops: list[tuple[str, str, int]] = field(default_factory=list)  # trunk, wire, x
    x: int = 0  # of its left edge, within the grid
    dx: int = 0  # added to all that it holds
    dy: int = 0


@dataclass(slots=True, eq=False)
class Row:
    """Cells side by side. ``tracks``: how many trunks pass over it at most."""

    cells: list[Placed] = field(default_factory=list)
    trunks: set[int] = field(default_factory=set)
    tracks: int = 0
    width: int = 0
    over: int = 0  # from the highest thing to the guests' upper border
    height: int = 0  # from there to the lowest


class Grid:
    """The rows of one cut host: first how much room they need, then everything in its place."""

    def __init__(self, cut: Cut, lay_out: Callable[[Cell], Layout]) -> None:
        self.cut = cut
        ranked = sorted(range(len(cut.trunks)), key=lambda n: (-len(cut.trunks[n].cells), n))
        rank = {n: place for place, n in enumerate(ranked)}
        spaces = {c.id for cell in cut.cells for c in cell.scene.containers if c.kind != "guest"}
        for n, cell in enumerate(cut.cells):
            ranks = sorted(rank[t] for t in cell.trunks)
            # Namespaces first; then what hangs on the busiest trunk, alone before with others.
            guest = not all(room in spaces for room in cell.rooms)
            cell.order = (guest, ranks[0] if ranks else len(rank), len(ranks) > 1, *ranks[1:], n)
        ordered = sorted(cut.cells, key=lambda cell: cell.order)
        self.rows = _rows([_place(cell, cut, lay_out(cell)) for cell in ordered])
        self.lanes = self._lanes()
        self.left = LANE * len(self.lanes) + 10 if self.lanes else 0
        for n, row in enumerate(self.rows):
            # In the first row a trunk whose first cell is further down has a track to its lane.
            row.tracks = len(cut.trunks) if n == 0 else len(row.trunks)
        self.width = self.left + max((row.width for row in self.rows), default=0) + 2 * CLEAR
        self.height = sum(_height(row) for row in self.rows)

    def _lanes(self) -> list[int]:
        """The trunks that go on to a further row, from left to right."""
        used: dict[int, list[int]] = {}
        for n, row in enumerate(self.rows):
            for trunk in row.trunks:
                used.setdefault(trunk, []).append(n)
        last = {trunk: rows[-1] for trunk, rows in used.items() if rows[-1] > 0}
        lanes: list[int] = []
        for trunk in sorted(last, key=lambda t: (last[t], t)):
            # A track starts at its lane and crosses every lane right of it that goes on.
            costs = [
                sum(1 for right in lanes[place:] for row in used[trunk] if row < last[right])
                + sum(1 for left in lanes[:place] for row in used[left] if row < last[trunk])
                for place in range(len(lanes) + 1)
            ]
            lanes.insert(costs.index(min(costs)), trunk)
        return lanes

    def order(self) -> list[int]:
        """The trunks from left to right as they best come from above: outer lanes first."""
        rest = [n for n in range(len(self.cut.trunks)) if n not in self.lanes]
        return self.lanes + rest

    def fill(self, base: Layout) -> "Filled":
        """Everything of the grid, at the place that ``base`` has for it."""
        return Filled(self, base)


class Filled:
    """A grid in its place: what it adds to a layout."""

    def __init__(self, grid: Grid, base: Layout) -> None:
        self.grid = grid
        self.boxes: list[Box] = []
        self.labels: list[Label] = []
        self.callouts: list[CalloutBox] = []
        self.wires: list[WirePath] = []
        self.dots: list[Dot] = []
        self.trunks = grid.cut.trunks
        self.number = {trunk.key: n for n, trunk in enumerate(self.trunks)}
        self.last = {t: n for n, row in enumerate(grid.rows) for t in sorted(row.trunks)}
        room = next(box for box in base.boxes if box.owner == grid.cut.box)
        self.exits = {
            self.number[b.owner]: b.x + b.width // 2 for b in base.boxes if b.owner in self.number
        }
        self.lane = {trunk: room.x + 8 + LANE * n for n, trunk in enumerate(grid.lanes)}
        self.start = room.x + CLEAR + grid.left
        self.spans: list[Span] = []
        self.of_row: list[list[Span]] = []
        tracks: list[dict[int, int]] = []
        y = room.y
        for n, row in enumerate(grid.rows):
            tracks.append(self._row(n, row, y))
            y += _height(row)
        self.begins = self._begins(base, room.y, tracks[0])
        self.down = {t: _over(x, tracks[0][t], y, self.spans, t) for t, x in self.lane.items()}
        for n, row in enumerate(grid.rows):
            for placed in row.cells:
                self._wires(n, placed, tracks)

    def _begins(
        self, base: Layout, top: int, tracks: dict[int, int]
    ) -> dict[int, tuple[list[Point], list[Jump]]]:
        """Every trunk from its upper end to its track over the first row."""
        found: dict[int, tuple[list[Point], list[Jump]]] = {}
        ways = {w.owner: w for w in base.wires}
        for n, trunk in enumerate(self.trunks):
            way = ways[f"{trunk.key} wire"]
            points = list(way.points)
            if points[0][1] > points[-1][1]:
                points.reverse()
            x = points[-1][0]
            jumps = [*way.jumps, *_over(x, top, tracks[n], self.spans, n)]
            found[n] = ([*points[:-1], (x, tracks[n])], jumps)
        return found

    def _row(self, n: int, row: Row, y: int) -> dict[int, int]:
        """Place a row that begins at ``y``; the y of its tracks by trunk."""
        nudge = self._clear_of_exits(row) if n == 0 else 0
        for placed in row.cells:
            placed.dx = self.start + nudge + placed.x - placed.left
        nets = self._nets(n, row)
        used = max((net.track for net in nets.values() if net.track is not None), default=-1) + 1
        first = y + CLEAR + (row.tracks - used) * TRACK
        guests = y + CLEAR + row.tracks * TRACK + CLEAR + row.over
        for placed in row.cells:
            placed.dy = guests - placed.rooms
            self._cell(placed, guests + row.height)
        heights = {t: first + (net.track or 0) * TRACK for t, net in nets.items()}
        self.of_row.append([])
        for trunk, net in nets.items():
            if net.track is None:
                continue
            self.of_row[n].append((heights[trunk], net.low, net.high, trunk))
            self.spans.append(self.of_row[n][-1])
            for x in sorted({pin.x for pin in net.pins}):
                arms = (x > net.low) + (x < net.high)
                arms += any(pin.x == x for pin in net.tops)
                arms += any(pin.x == x for pin in net.bottoms)
                if arms > 2:
                    self.dots.append(Dot(self.trunks[trunk].wires[0], x, heights[trunk]))
        return heights

    def _clear_of_exits(self, row: Row) -> int:
        """How far the first row moves so that no drop runs on a wire from above."""
        drops = [self.start + c.x - c.left + x for c in row.cells for _, _, x in c.drops]
        for by in range(2 * CLEAR):
            if all(abs(d + by - x) >= TOO_NEAR for d in drops for x in self.exits.values()):
                return by
        return 0

    def _nets(self, n: int, row: Row) -> dict[int, Net]:
        """What crosses the room over a row: from above, or from its lane, to its drops."""
        drops: dict[int, list[int]] = {}
        for placed in row.cells:
            for key, _, x in placed.drops:
                drops.setdefault(self.number[key], []).append(placed.dx + x)
        nets: dict[int, Net] = {}
        for trunk in range(len(self.trunks)) if n == 0 else sorted(drops):
            tops = [_pin(self.exits[trunk] if n == 0 else self.lane[trunk], "down")]
            bottoms = [_pin(x, "up") for x in drops.get(trunk, ())]
            if self.last[trunk] > n:
                bottoms.append(_pin(self.lane[trunk], "up"))
            nets[trunk] = Net(n, [], tops, bottoms)
        line_up([net for net in nets.values() if net.low != net.high])
        return nets

    def _cell(self, placed: Placed, bottom: int) -> None:
        """A cell's boxes and texts; its guests are drawn down to ``bottom``."""
        dx, dy = placed.dx, placed.dy
        host = self.grid.cut.host
        grown: dict[str, int] = {}
        for box in placed.layout.boxes:
            if box.owner == host:
                continue
            more = bottom - (box.y + dy + box.height) if box.owner in placed.cell.rooms else 0
            grown[box.owner] = more // 2
            self.boxes.append(replace(box, x=box.x + dx, y=box.y + dy, height=box.height + more))
        own = {t.key for t in self.trunks} | {host}
        for label in placed.layout.labels:
            if label.owner not in own and label.role != "label":
                more = grown.get(label.owner, 0)
                self.labels.append(replace(label, x=label.x + dx, y=label.y + dy + more))
            elif label.role == "label":
                self.labels.append(replace(label, x=label.x + dx, y=label.y + dy))
        self.callouts += [moved_callout(c, dx, dy) for c in placed.layout.callouts]
        self.dots += [Dot(d.wire, d.x + dx, d.y + dy) for d in placed.layout.dots]

    def _wires(self, n: int, placed: Placed, tracks: list[dict[int, int]]) -> None:
        """The wires of a cell: those of trunks all the way from their upper end."""
        dx, dy = placed.dx, placed.dy
        trunk_of = {wire: (self.number[trunk], x + dx) for trunk, wire, x in placed.drops}
        for wire in placed.layout.wires:
            points = [(x + dx, y + dy) for x, y in wire.points]
            jumps = [(x + dx, y + dy, r) for x, y, r in wire.jumps if y > placed.top]
            if wire.owner in trunk_of:
                trunk, x = trunk_of[wire.owner]
                if points[0][1] > points[-1][1]:
                    points.reverse()
                way, over = self.begins[trunk]
                way, over = way.copy(), over.copy()
                if n:
                    lane = self.lane[trunk]
                    way += [(lane, way[-1][1]), (lane, tracks[n][trunk])]
                    over += [jump for jump in self.down[trunk] if jump[1] < tracks[n][trunk]]
                y = tracks[n][trunk]
                over += _over(x, y, placed.top + dy, self.of_row[n], trunk)
                points = corners([*way, (x, y), *points[1:]])
                jumps += over
            self.wires.append(
                WirePath(wire.owner, tuple(points), tuple(sorted(set(jumps))), wire.carried)
            )


def _place(cell: Cell, cut: Cut, layout: Layout) -> Placed:
    """A cell's layout without the host and the rails that it was drawn under."""
    trunks = {trunk.key for trunk in cut.trunks}
    owner = {w.id: w.ends for w in cell.scene.wires if w.ends[0] in trunks}
    boxes = [b for b in layout.boxes if b.owner != cut.host]
    labels = [t for t in layout.labels if t.owner != cut.host and t.owner not in trunks]
    lefts = [b.x for b in boxes] + [t.left for t in labels] + [c.x for c in layout.callouts]
    rights = [b.x + b.width for b in boxes] + [t.left + t.width for t in labels]
    rights += [c.x + c.width for c in layout.callouts]
    tops = [b.y for b in boxes] + [c.y for c in layout.callouts]
    bottoms = [b.y + b.height for b in boxes] + [c.y + c.height for c in layout.callouts]
    rails = max((rail.y for rail in layout.rails), default=0)
    drops: list[tuple[str, str, int]] = []
    for wire in layout.wires:
        points = sorted(wire.points, key=lambda p: p[1])
        tops += [y for _, y in points if y > rails]
        bottoms += [y for _, y in points]
        lefts += [x for x, _ in points]
        rights += [x for x, _ in points]
        if wire.owner in owner:
            drops.append((owner[wire.owner][0], wire.owner, points[0][0]))
    rooms = min(b.y for b in boxes if b.owner in cell.rooms)
    top = min(tops) - 4
    return Placed(cell, layout, min(lefts), max(rights), top, max(bottoms), rooms, drops)


def _rows(cells: list[Placed]) -> list[Row]:
    """Cells side by side as long as there is room."""
    rows: list[Row] = []
    for placed in cells:
        width = placed.right - placed.left
        if not rows or rows[-1].width + CELL_GAP + width > ROW:
            rows.append(Row())
        row = rows[-1]
        placed.x = row.width + (CELL_GAP if row.cells else 0)
        row.width = placed.x + width
        row.cells.append(placed)
        row.trunks |= set(placed.cell.trunks)
        row.over = max(row.over, placed.rooms - placed.top)
        row.height = max(row.height, placed.bottom - placed.rooms)
    return rows


def _height(row: Row) -> int:
    return CLEAR + row.tracks * TRACK + CLEAR + row.over + row.height + ROW_GAP


def _pin(x: int, side: Side) -> Pin:
    return Pin(Slot("", 0, x=x), side, ())


def _over(x: int, y: int, to: int, spans: list[Span], trunk: int) -> list[Jump]:
    """Where a vertical from ``y`` down to ``to`` jumps over the tracks of other trunks."""
    return [
        (x, height, TRACK_JUMP)
        for height, low, high, other in spans
        if other != trunk and y + TRACK_JUMP < height < to - TRACK_JUMP and low < x < high
    ]
