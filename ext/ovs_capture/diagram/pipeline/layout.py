"""Layout: every place of the graph of tables, in whole px.

What stands in which order in a row and where from left to right is said elsewhere (``order``); here
the rows get their heights and the lines their ways: down from a slot of a box, along a track
between two rows, down again beside the tables that they pass. Lines have right angles, as those of
the other pictures.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import sqrt
from typing import Literal, NamedTuple

from ...explain.message import Message
from ..places import Point, WirePath
from ..text import shorten, whole_width
from . import words
from .order import order
from .parts import Link, Stop, TablePart, TablePicture
from .rows import Rows, Size, rows_of
from .tracks import Piece, tracks

Anchor = Literal["start", "middle", "end"]
TextRole = Literal[
    "number", "role", "constant", "port", "bridge", "packets", "drop", "end", "heading", "legend"
]

NUMBER, ROLE, CONSTANT, LABEL, BRIDGE = 14.0, 12.0, 10.5, 11.5, 13.0  # sizes in px
BOLD = 1.1  # how much wider than the table of widths
LONGEST = 18  # em, of a name in a box
EDGE = 8  # px around the pane
PAD = 18  # px inside it
BOX, PLAIN_BOX, PORT = 40, 28, 22  # heights
SMALL, SMALL_GAP = 20, 4
SLOT = 14  # px between two lines at a box, where there is room
STEP, ABOVE, BELOW, LEAST = 17, 13, 20, 32  # of the room between two rows
STUB = 30
LOOP, LOOP_HALF, NESTED = 22, 7, 12
THIN, THICK = 1.4, 4.6
JUMP = 4


class Rect(NamedTuple):
    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    def hits(self, other: "Rect", by: int = 0) -> bool:
        return (
            self.x < other.right + by
            and other.x < self.right + by
            and self.y < other.bottom + by
            and other.y < self.bottom + by
        )


class Text(NamedTuple):
    """``y`` is the middle; ``full``: the whole of a text that was shortened."""

    role: TextRole
    text: str
    x: int
    y: int
    anchor: Anchor
    size: float
    full: str | None = None

    @property
    def rect(self) -> Rect:
        wide = _wide(self.text, self.size, bold=self.role in ("number", "bridge", "end"))
        left = {"start": 0, "middle": wide // 2, "end": wide}[self.anchor]
        return Rect(self.x - left, self.y - 7, wide, 14)


@dataclass(frozen=True, slots=True)
class BoxPlace:
    owner: str
    role: Literal["table", "aside", "port"]
    rect: Rect
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A link. ``path.points`` end where the arrow's tip is; ``width`` follows the packets."""

    owner: str
    kind: str
    path: WirePath
    width: float
    label: Text | None


@dataclass(frozen=True, slots=True)
class StopPlace:
    """A short end: from the table to the tip, and its word."""

    owner: str
    kind: str
    start: Point
    tip: Point
    width: float
    label: Text


@dataclass(frozen=True, slots=True)
class LegendItem:
    """A sample line (``sample``: its kind, "" for none) and its words."""

    sample: str
    x: int
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLayout:
    """Everything with its place."""

    width: int
    height: int
    pane: Rect
    boxes: tuple[BoxPlace, ...]
    lines: tuple[LinePlace, ...]
    stops: tuple[StopPlace, ...]
    texts: tuple[Text, ...]
    legend: tuple[LegendItem, ...]

    @property
    def written(self) -> str:
        """Everything that the picture writes: what a font must have."""
        found = [text.text for box in self.boxes for text in box.texts]
        found += [text.text for text in self.texts]
        found += [stop.label.text for stop in self.stops]
        found += [item.text.text for item in self.legend]
        return "".join(found)

    def text(self) -> str:
        """The layout as lines for people and goldens."""
        lines = [f"size {self.width}x{self.height} pane {_at(self.pane)}"]
        for box in self.boxes:
            says = " | ".join(text.text for text in box.texts)
            lines.append(f"{box.role} {box.owner} {_at(box.rect)} {says}")
        for line in self.lines:
            way = " ".join(f"{x},{y}" for x, y in line.path.points)
            jumps = "".join(f" jump {x},{y}" for x, y, _ in line.path.jumps)
            label = f" '{line.label.text}' {line.label.x},{line.label.y}" if line.label else ""
            lines.append(f"{line.kind} {line.owner} {line.width:.1f} {way}{jumps}{label}")
        for stop in self.stops:
            ends = f"{stop.start[0]},{stop.start[1]} {stop.tip[0]},{stop.tip[1]}"
            lines.append(f"end {stop.owner} {stop.kind} {stop.width:.1f} {ends} {stop.label.text}")
        lines += [f"text {t.role} {t.x},{t.y} {t.anchor} {t.text}" for t in self.texts]
        lines += [f"legend {i.sample or '-'} {i.x} {i.text.text}" for i in self.legend]
        return "\n".join(lines) + "\n"


def _at(rect: Rect) -> str:
    return f"{rect.x},{rect.y} {rect.width}x{rect.height}"


def lay_out_tables(picture: TablePicture, say: Callable[[Message], str]) -> TableLayout:
    """Place everything of a picture, in the language of ``say``."""
    return _Plan(picture, say).layout()


def _wide(text: str, size: float, *, bold: bool = False) -> int:
    return whole_width(text, size * (BOLD if bold else 1))


@dataclass
class _Plan:
    picture: TablePicture
    say: Callable[[Message], str]
    stops: dict[str, list[Stop]] = field(default_factory=lambda: defaultdict(list))
    loops: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    below: set[str] = field(default_factory=set)
    x: dict[str, int] = field(default_factory=dict)
    rects: dict[str, Rect] = field(default_factory=dict)

    def layout(self) -> TableLayout:
        picture = self.picture
        for stop in picture.stops:
            self.stops[stop.table].append(stop)
        onward = {link.source for link in picture.links if link.source != link.target}
        self.below = {t for t, stops in self.stops.items() if t not in onward and len(stops) == 1}
        for link in picture.links:
            if link.source == link.target:
                self.loops[link.source].append(link)
        self.links = [link for link in picture.links if link.source != link.target]
        tall = any(t.constant is not None for t in picture.drawn)
        self.tall = BOX if tall else PLAIN_BOX
        counts = [link.packets for link in picture.links]
        counts += [stop.packets for stop in picture.stops]
        self.most = max((count or 0 for count in counts), default=0)
        sizes = {part: self._size(part) for part in self._parts()}
        self.sizes = sizes
        self.rows = rows_of(picture, sizes)
        self.x = order(self.rows.bodies, self.rows.pulls)
        slots = _Slots(self.links, self.rows, self.x, sizes)
        ways, gaps = self._ways(slots)
        tops = self._tops(gaps)
        boxes = self._boxes(tops)
        lines = self._lines(ways, gaps, tops)
        stops = [place for table in self.stops for place in self._stops(table)]
        lines = _labelled(lines, self.links, boxes, stops)
        lines += [
            self._loop(link, n, len(links))
            for links in self.loops.values()
            for n, link in enumerate(links)
        ]
        return self._framed(boxes, lines, stops, tops[-1])

    def _parts(self) -> Iterable[str]:
        yield from (table.id for table in self.picture.drawn)
        yield from (port.id for port in self.picture.ports)

    def _size(self, part: str) -> Size:
        ends: dict[tuple[str, str], int] = defaultdict(int)
        for link in self.links:
            ends[link.source, "out"] += 1
            ends[link.target, "in"] += 1
        least = 2 * SLOT + 10 * (max(ends[part, "out"], ends[part, "in"], 1) - 1)
        port = next((port for port in self.picture.ports if port.id == part), None)
        if port is not None:
            shown = shorten(self.say(words.port(port)), ROLE, LONGEST)
            return Size(max(least, 72, _wide(shown, ROLE) + 20))
        table = next(table for table in self.picture.drawn if table.id == part)
        number, role, constant = self._table_words(table)
        first = _wide(number, NUMBER, bold=True) + (7 + _wide(role, ROLE) if role else 0)
        width = max(96, least, 26 + max(first, _wide(constant, CONSTANT)))
        right = 0
        if part not in self.below and self.stops.get(part):
            said = [_wide(self.say(words.stop(s)), LABEL, bold=True) for s in self.stops[part]]
            right = STUB + 6 + max(said)
        left = 0
        if loops := self.loops.get(part):
            counts = [words.number(loop.packets) for loop in loops if loop.packets is not None]
            wide = max((_wide(count, LABEL) for count in counts), default=0)
            left = LOOP + (len(loops) - 1) * NESTED + 8 + wide
        return Size(width + width % 2, left, right)

    def _table_words(self, table: TablePart) -> tuple[str, str, str]:
        return (
            words.table_label(table),
            shorten(words.role(table, self.say), ROLE, LONGEST),
            shorten(table.constant or "", CONSTANT, LONGEST * 1.4),
        )

    # Ways of lines, from left to right.

    def _ways(
        self, slots: "_Slots"
    ) -> tuple[dict[str, list[tuple[int, int]]], list[dict[str, int]]]:
        """Of each link the columns ``(gap, x)`` that it takes in turn; of each gap the tracks.

        Gap n is above row n. A column belongs to the gap that it leads to.
        """
        gaps: list[list[Piece]] = [[] for _ in range(len(self.rows.bodies) + 1)]
        ways: dict[str, list[tuple[int, int]]] = {}
        for link in self.links:
            upper, lower = slots.at[link.id, link.source], slots.at[link.id, link.target]
            lane = [self.x[body] for body in self.rows.lane(link)]
            start, end = self.rows.of[link.source], self.rows.of[link.target]
            if link.id in self.rows.back:
                up = list(reversed(lane))
                gaps[start + 1].append(Piece(link.id, (upper, up[0]), ()))
                for number, (x, after) in enumerate(itertools.pairwise(up)):
                    gaps[start - number].append(Piece(link.id, (after,), (x,)))
                gaps[end].append(Piece(link.id, (), (up[-1], lower)))
                ways[link.id] = [(start + 1, upper)]
                ways[link.id] += [(start - number, x) for number, x in enumerate(up)]
                ways[link.id] += [(-1, lower)]
                continue
            columns = [upper, *lane, lower]
            for number, (x, after) in enumerate(itertools.pairwise(columns)):
                gaps[start + 1 + number].append(Piece(link.id, (x,), (after,)))
            ways[link.id] = [(start + 1 + number, x) for number, x in enumerate(columns[:-1])]
            ways[link.id] += [(-1, lower)]
        return ways, [tracks(pieces) for pieces in gaps]

    def _tops(self, gaps: Sequence[Mapping[str, int]]) -> list[int]:
        """The top of each row, then the bottom of the last gap."""
        y = EDGE
        tops: list[int] = []
        bodies = self.rows.bodies
        ports_in = any(port.side == "in" for port in self.picture.ports)
        ports_out = any(port.side == "out" for port in self.picture.ports)
        for row, content in enumerate(bodies):
            count = max(gaps[row].values(), default=-1) + 1
            if row:
                y += max(LEAST, ABOVE + (count - 1) * STEP + BELOW)
            elif not ports_in:
                y += PAD + (ABOVE + count * STEP if count else 0)
            tops.append(y)
            y += max((self._tall(body.id) for body in content if not body.lane), default=0)
        count = max(gaps[-1].values(), default=-1) + 1
        if not ports_out:
            y += PAD + (ABOVE + count * STEP if count else 0)
        return [*tops, y]

    def _tall(self, part: str) -> int:
        """The height of a part with what belongs to it."""
        if any(port.id == part for port in self.picture.ports):
            return PORT
        return self._high(part) + (STUB + 16 if part in self.below else 0)

    def _high(self, part: str) -> int:
        """The height of a table's box: all its ends leave from its side."""
        loops = 2 * (LOOP_HALF + 6 * (len(self.loops.get(part, ())) - 1)) + 10
        return max(self.tall, 17 * len(self.stops.get(part, ())) + 4, loops)

    def _boxes(self, tops: Sequence[int]) -> list[BoxPlace]:
        boxes = []
        for port in self.picture.ports:
            rect = self._rect(port.id, tops, PORT)
            full = self.say(words.port(port))
            shown = shorten(full, ROLE, LONGEST)
            whole = full if shown != full else None
            text = Text("port", shown, rect.middle, rect.y + PORT // 2, "middle", ROLE, whole)
            boxes.append(BoxPlace(port.id, "port", rect, (text,)))
        for table in self.picture.drawn:
            rect = self._rect(table.id, tops, self._high(table.id))
            boxes.append(BoxPlace(table.id, "table", rect, tuple(self._texts(table, rect))))
        return boxes

    def _rect(self, part: str, tops: Sequence[int], height: int) -> Rect:
        width = self.sizes[part].width
        top = tops[self.rows.of[part]]
        rect = Rect(self.x[part] - width // 2, top, width, height)
        self.rects[part] = rect
        return rect

    def _texts(self, table: TablePart, rect: Rect) -> Iterable[Text]:
        number, role, constant = self._table_words(table)
        left = rect.x + 13
        first = rect.y + (14 if constant else rect.height // 2)
        yield Text("number", number, left, first, "start", NUMBER)
        if role:
            x = left + _wide(number, NUMBER, bold=True) + 7
            full = words.role(table, self.say)
            whole = full if full != role else None
            yield Text("role", role, x, first, "start", ROLE, whole)
        if constant:
            yield Text("constant", constant, left, rect.y + 29, "start", CONSTANT)

    def _lines(
        self,
        ways: Mapping[str, Sequence[tuple[int, int]]],
        gaps: Sequence[Mapping[str, int]],
        tops: Sequence[int],
    ) -> list[LinePlace]:
        made: dict[str, list[Point]] = {}
        for link in self.links:
            columns = ways[link.id]
            points = [(columns[0][1], self.rects[link.source].bottom)]
            for (gap, x), (_, after) in itertools.pairwise(columns):
                if x == after:
                    continue
                y = self._track(gap, gaps[gap][link.id], tops)
                points += [(x, y), (after, y)]
            points.append((columns[-1][1], self.rects[link.target].y))
            made[link.id] = points
        return [
            LinePlace(
                link.id,
                link.kind,
                WirePath(
                    link.id, tuple(made[link.id]), _jumps(link.id, made), link.kind in ("ct",)
                ),
                self._thick(link.packets),
                None,
            )
            for link in self.links
        ]

    def _track(self, gap: int, track: int, tops: Sequence[int]) -> int:
        if gap == 0:
            return EDGE + PAD + track * STEP
        bottoms = [
            tops[gap - 1] + max(self._tall(b.id) for b in self.rows.bodies[gap - 1] if not b.lane)
        ]
        return bottoms[0] + ABOVE + track * STEP

    def _thick(self, packets: int | None) -> float:
        if not packets or not self.most:
            return THIN + 0.2
        return round(THIN + (THICK - THIN) * sqrt(packets / self.most), 1)

    def _stops(self, table: str) -> Iterable[StopPlace]:
        rect = self.rects[table]
        stops = self.stops[table]
        for number, stop in enumerate(stops):
            said = self.say(words.stop(stop))
            role: TextRole = "drop" if stop.kind == "drop" else "end"
            if table in self.below:
                start, tip = (rect.middle, rect.bottom), (rect.middle, rect.bottom + STUB - 6)
                label = Text(role, said, tip[0], tip[1] + 11, "middle", LABEL)
            else:
                y = rect.y + (2 * number + 1) * rect.height // (2 * len(stops))
                start, tip = (rect.right, y), (rect.right + STUB, y)
                label = Text(role, said, tip[0] + 5, y, "start", LABEL)
            yield StopPlace(stop.id, stop.kind, start, tip, self._thick(stop.packets), label)

    def _loop(self, link: Link, number: int, count: int) -> LinePlace:
        """From the lower left side of a table back to its upper left side, around the former."""
        rect = self.rects[link.source]
        x = rect.x - LOOP - number * NESTED
        middle, half = rect.y + rect.height // 2, LOOP_HALF + 6 * number
        upper, lower = middle - half, middle + half
        points = ((rect.x, lower), (x, lower), (x, upper), (rect.x, upper))
        label = None
        if link.packets is not None:
            shown = words.number(link.packets)
            beside = rect.x - LOOP - (count - 1) * NESTED - 6
            y = middle + (2 * number - count + 1) * 7
            label = Text("packets", shown, beside, y, "end", LABEL)
        path = WirePath(link.id, points, (), link.kind == "ct")
        return LinePlace(link.id, link.kind, path, self._thick(link.packets), label)

    # Around the graph.

    def _framed(
        self,
        boxes: list[BoxPlace],
        lines: list[LinePlace],
        stops: list[StopPlace],
        bottom: int,
    ) -> TableLayout:
        taken = [*_taken(boxes, lines, stops)]
        bottom = max([bottom, EDGE + 48, *(rect.bottom for rect in taken)])
        left = min((rect.x for rect in taken), default=EDGE) - PAD
        texts: list[Text] = []
        if self.picture.bridge is not None:
            name = shorten(self.picture.bridge, BRIDGE, LONGEST)
            full = self.picture.bridge if name != self.picture.bridge else None
            title = Text("bridge", name, left + 12, bottom - 14, "start", BRIDGE, full)
            if any(title.rect.hits(rect, 4) for rect in taken):
                left = min(left, min(r.x for r in taken) - title.rect.width - PAD)
                title = title._replace(x=left + 10)
            texts.append(title)
            taken.append(title.rect)
            left = min(left, title.rect.x - 12)
        aside, headings, bottom = self._aside(taken, bottom)
        texts += headings
        right = max([r.right for r in taken] + [b.rect.right for b in aside], default=left)
        right = max([right, *(text.rect.right for text in headings)]) + PAD
        legend, wide = self._legend(bottom + EDGE + 14)
        width = max(right - left + 2 * EDGE, wide + 2 * EDGE)
        pane = Rect(EDGE, EDGE, width - 2 * EDGE, bottom - EDGE)
        # Where the legend is wider than the graph, the graph stands in the middle.
        by = EDGE - left + (pane.width - (right - left)) // 2
        return TableLayout(
            width=width,
            height=bottom + EDGE + 28,
            pane=pane,
            boxes=tuple(_moved_box(box, by) for box in (*boxes, *aside)),
            lines=tuple(_moved_line(line, by) for line in lines),
            stops=tuple(_moved_stop(stop, by) for stop in stops),
            texts=tuple(
                # The bridge's name keeps to the corner of its pane.
                text._replace(x=EDGE + 12 if text.role == "bridge" else text.x + by)
                for text in texts
            ),
            legend=tuple(legend),
        )

    def _aside(self, taken: Sequence[Rect], bottom: int) -> tuple[list[BoxPlace], list[Text], int]:
        """The tables that no packet reached, in columns at the right of what stands there."""
        boxes: list[BoxPlace] = []
        texts: list[Text] = []
        top = EDGE + PAD + PORT
        for reason, title in (
            ("unreachable", words.NEVER_REACHED),
            ("idle", words.NO_PACKETS),
        ):
            tables = [table for table in self.picture.aside if table.aside == reason]
            if not tables:
                continue
            said = self.say(title)
            step = SMALL + SMALL_GAP
            fitting = max(1, (bottom - 12 - top - 16) // step)
            fitting = max(fitting, min(len(tables), 8))
            for first in range(0, len(tables), fitting):
                column = tables[first : first + fitting]
                shown = [self._small(table) for table in column]
                wide = 22 + max(_wide(n, ROLE, bold=True) + 6 + _wide(w, CONSTANT)
                                for n, w in shown)  # fmt: skip
                wide = max(wide, _wide(said, LABEL) if not first else 0)
                space = Rect(0, top - 8, 1 << 20, 24 + len(column) * step)
                near = [r.right for r in taken if r.y < space.bottom and space.y < r.bottom]
                near += [b.rect.right for b in boxes
                         if b.rect.y < space.bottom and space.y < b.rect.bottom]  # fmt: skip
                x = max(near, default=0) + 28
                if not first:
                    texts.append(Text("heading", said, x, top, "start", LABEL))
                y = top + 16
                for table, (number, name) in zip(column, shown, strict=True):
                    rect = Rect(x, y, wide, SMALL)
                    middle = y + SMALL // 2
                    at = x + 9
                    inside = [Text("number", number, at, middle, "start", ROLE)]
                    if name:
                        at += _wide(number, ROLE, bold=True) + 6
                        inside.append(Text("constant", name, at, middle, "start", CONSTANT))
                    boxes.append(BoxPlace(table.id, "aside", rect, tuple(inside)))
                    y += step
                bottom = max(bottom, y + 8)
            top = max(box.rect.bottom for box in boxes) + 24
            if top + 16 + step > bottom - 12:
                top = EDGE + PAD + PORT
        return boxes, texts, bottom

    def _small(self, table: TablePart) -> tuple[str, str]:
        name = table.constant or words.role(table, self.say)
        return words.table_label(table), shorten(name, CONSTANT, LONGEST * 1.4)

    def _legend(self, y: int) -> tuple[list[LegendItem], int]:
        items: list[LegendItem] = []
        x = EDGE + 8
        for sample, message in words.legend(self.picture):
            said = self.say(message)
            at = x + (34 if sample else 0)
            items.append(LegendItem(sample, x, Text("legend", said, at, y, "start", LABEL)))
            x = at + _wide(said, LABEL) + 24
        return items, x - 24 - EDGE + 8


class _Slots:
    """Where the lines of each box begin and end. ``at``: x by link and box."""

    def __init__(
        self, links: Sequence[Link], rows: Rows, x: dict[str, int], sizes: Mapping[str, Size]
    ) -> None:
        self.x, self.rows, self.sizes = x, rows, sizes
        self.at: dict[tuple[str, str], int] = {}
        sides: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        for link in links:
            sides[link.source, "bottom"].append((self._wish(link, upper=True), link.id))
            sides[link.target, "top"].append((self._wish(link, upper=False), link.id))
        for (part, _), wishes in sides.items():
            wishes.sort()
            half = max(0, sizes[part].width // 2 - SLOT)
            placed = _spread([wish for wish, _ in wishes], x[part] - half, x[part] + half)
            for (_, link_id), place in zip(wishes, placed, strict=True):
                self.at[link_id, part] = place
        for link in links:
            self._straighten(link, sides)

    def _wish(self, link: Link, *, upper: bool) -> int:
        lane = self.rows.lane(link)
        back = link.id in self.rows.back
        if lane:
            return self.x[lane[-1 if back == upper else 0]]
        ends = [
            (self.x[part] - self.sizes[part].width // 2 + SLOT,
             self.x[part] + self.sizes[part].width // 2 - SLOT)
            for part in (link.source, link.target)
        ]  # fmt: skip
        low, high = max(end[0] for end in ends), min(end[1] for end in ends)
        if low <= high:
            # Straight down, as near to the middle of the narrower box as the other allows.
            narrow = min((link.source, link.target), key=lambda part: self.sizes[part].width)
            return max(low, min(high, self.x[narrow]))
        return self.x[link.target if upper else link.source]

    def _straighten(
        self, link: Link, sides: Mapping[tuple[str, str], list[tuple[int, str]]]
    ) -> None:
        """Take away a bend of a few px where a slot or a lane can move so far."""
        lane = self.rows.lane(link)
        if link.id in self.rows.back:
            return
        upper, lower = (link.id, link.source), (link.id, link.target)
        if not lane:
            if 0 < abs(self.at[upper] - self.at[lower]) <= SLOT and not (
                self._move(lower, self.at[upper], sides[link.target, "top"])
            ):
                self._move(upper, self.at[lower], sides[link.source, "bottom"])
            return
        for slot, body, side in ((upper, lane[0], "bottom"), (lower, lane[-1], "top")):
            if 0 < abs(self.at[slot] - self.x[body]) <= SLOT and not (
                self._move(slot, self.x[body], sides[slot[1], side])
            ):
                self._move_lane(lane, body, self.at[slot])

    def _move_lane(self, lane: Sequence[str], body: str, to: int) -> None:
        """Move the bodies of a lane that are in line with ``body``, when nothing is in the way."""
        here = self.x[body]
        along = [one for one in lane if self.x[one] == here]
        for row in self.rows.bodies:
            moving = {one.id for one in row} & set(along)
            for other in row if moving else ():
                if other.id in moving:
                    continue
                left = self.x[other.id] - other.box // 2 - other.left - 8
                right = self.x[other.id] + other.box // 2 + other.right + 8
                low, high = sorted((here, to))
                if left < high and low < right:
                    return
        self.x.update(dict.fromkeys(along, to))

    def _move(self, slot: tuple[str, str], to: int, side: Sequence[tuple[int, str]]) -> bool:
        link, part = slot
        half = self.sizes[part].width // 2 - 8
        others = [self.at[other, part] for _, other in side if other != link]
        here = self.at[slot]
        low, high = sorted((here, to))
        if abs(to - self.x[part]) > half:
            return False
        # A slot may neither come near another nor pass it.
        if any(low - 9 < other < high + 9 for other in others):
            return False
        self.at[slot] = to
        return True


def _spread(wishes: Sequence[int], low: int, high: int) -> list[int]:
    """Places for sorted wishes, in order and apart, between ``low`` and ``high``."""
    count = len(wishes)
    apart = min(SLOT, (high - low) / max(1, count - 1))
    rightward: list[float] = []
    for number, wish in enumerate(wishes):
        least = rightward[-1] + apart if rightward else low
        rightward.append(min(max(wish, least), high - (count - 1 - number) * apart))
    leftward: list[float] = []
    for number, wish in zip(range(count - 1, -1, -1), reversed(wishes), strict=True):
        most = leftward[-1] - apart if leftward else high
        leftward.append(max(min(wish, most), low + number * apart))
    return [round((a + b) / 2) for a, b in zip(rightward, reversed(leftward), strict=True)]


def _jumps(link: str, ways: Mapping[str, Sequence[Point]]) -> tuple[tuple[int, int, int], ...]:
    """Where the upright pieces of a line cross the level pieces of others."""
    found = set()
    for (x, y), (x2, y2) in _segments(ways[link]):
        if x != x2:
            continue
        top, bottom = sorted((y, y2))
        for other, points in ways.items():
            for (ax, ay), (bx, by) in _segments(points) if other != link else ():
                inside = top + JUMP + 3 < ay < bottom - JUMP - 3
                if ay == by and inside and min(ax, bx) + 3 < x < max(ax, bx) - 3:
                    found.add((x, ay, JUMP))
    return tuple(sorted(found))


def _segments(points: Sequence[Point]) -> Iterable[tuple[Point, Point]]:
    return itertools.pairwise(points)


def _taken(
    boxes: Iterable[BoxPlace], lines: Iterable[LinePlace], stops: Iterable[StopPlace]
) -> Iterable[Rect]:
    for box in boxes:
        yield box.rect
    for line in lines:
        if line.label is not None:
            yield line.label.rect
        for segment in _segments(line.path.points):
            yield _around(segment)
    for stop in stops:
        yield stop.label.rect
        yield _around((stop.start, stop.tip))


def _around(segment: tuple[Point, Point]) -> Rect:
    (x, y), (x2, y2) = segment
    return Rect(min(x, x2) - 2, min(y, y2) - 2, abs(x - x2) + 4, abs(y - y2) + 4)


def _labelled(
    lines: Sequence[LinePlace],
    links: Sequence[Link],
    boxes: Sequence[BoxPlace],
    stops: Sequence[StopPlace],
) -> list[LinePlace]:
    """Each counted line with its number, where it touches nothing else if there is such a place."""
    solid = [box.rect for box in boxes]
    solid += [rect for stop in stops for rect in (stop.label.rect, _around((stop.start, stop.tip)))]
    segments = {
        line.owner: [_around(segment) for segment in _segments(line.path.points)] for line in lines
    }
    found: list[LinePlace] = []
    for line, link in zip(lines, links, strict=True):
        if link.packets is None:
            found.append(line)
            continue
        others = [r for owner, rects in segments.items() if owner != line.owner for r in rects]
        own = segments[line.owner]

        def cost(text: Text, others: Sequence[Rect] = others, own: Sequence[Rect] = own) -> int:
            rect = text.rect
            solids = sum(1 for one in solid if rect.hits(one))
            crossed = sum(1 for one in others if rect.hits(one))
            return 9 * solids + 3 * crossed + 2 * sum(1 for one in own if rect.hits(one))

        shown = words.number(link.packets)
        label = min(_places(shown, line), key=cost)
        solid.append(label.rect)
        found.append(LinePlace(line.owner, line.kind, line.path, line.width, label))
    return found


def _places(shown: str, line: LinePlace) -> Iterable[Text]:
    """Where a line's number may stand, best first."""
    wide = _wide(shown, LABEL)
    gap = 5 + round(line.width / 2)
    points = line.path.points
    level = [s for s in _segments(points) if s[0][1] == s[1][1]]
    upright = [s for s in _segments(points) if s[0][0] == s[1][0]]
    for (x, y), (x2, _) in level:
        if abs(x2 - x) >= wide + 16:
            near = x + (1 if x2 > x else -1) * (wide // 2 + 12)
            for middle in ((x + x2) // 2, near):
                yield Text("packets", shown, middle, y - gap - 4, "middle", LABEL)
                yield Text("packets", shown, middle, y + gap + 5, "middle", LABEL)
    for (x, y), (_, y2) in upright:
        top, bottom = sorted((y, y2))
        steps = range(top + 10, max(top + 11, bottom - 12), 7)
        middle = (top + bottom) // 2 - 2
        middles = sorted(steps, key=partial(_distance, middle))
        for at in middles if len(points) == 2 else steps:
            yield Text("packets", shown, x + gap, at, "start", LABEL)
            yield Text("packets", shown, x - gap, at, "end", LABEL)


def _distance(a: int, b: int) -> int:
    return abs(a - b)


def _moved(rect: Rect, by: int) -> Rect:
    return rect._replace(x=rect.x + by)


def _moved_text(text: Text, by: int) -> Text:
    return text._replace(x=text.x + by)


def _moved_box(box: BoxPlace, by: int) -> BoxPlace:
    texts = tuple(_moved_text(text, by) for text in box.texts)
    return BoxPlace(box.owner, box.role, _moved(box.rect, by), texts)


def _moved_line(line: LinePlace, by: int) -> LinePlace:
    path = WirePath(
        line.owner,
        tuple((x + by, y) for x, y in line.path.points),
        tuple((x + by, y, radius) for x, y, radius in line.path.jumps),
        line.path.carried,
    )
    label = _moved_text(line.label, by) if line.label else None
    return LinePlace(line.owner, line.kind, path, line.width, label)


def _moved_stop(stop: StopPlace, by: int) -> StopPlace:
    start, tip = ((x + by, y) for x, y in (stop.start, stop.tip))
    label = _moved_text(stop.label, by)
    return StopPlace(stop.owner, stop.kind, start, tip, stop.width, label)
