"""Layout: every place of the picture of a logical network, in whole px.

Physical networks stand on top, below them the switches that lead there, then routers, then the
switches behind them; each switch has its ports in a grid below. What stands in which place of its
row is said elsewhere (``pipeline.order``); lines have right angles and tracks of their own between
rows.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

from ...explain.message import Message
from ...formats.base import UUID
from ..pipeline.order import Body, Pull, order
from ..pipeline.tracks import Piece, tracks
from ..places import Point, WirePath
from ..text import ELLIPSIS, shorten, whole_width
from . import words
from .parts import DatapathPart, LinkPart, LogicalScene, PhysicalNetwork, PortPart

Role = Literal["network", "switch", "router", "port", "panel"]
TextRole = Literal["title", "head", "text", "muted", "chip"]

TITLE, TEXT, SMALL = 13.0, 11.0, 10.5  # sizes in px
BOLD = 1.1  # how much wider than the table of widths
LONGEST, NAME = 46, 24  # em, of a line and of a name
EDGE, PAD, GAP = 16, 10, 12  # px around the picture, in a card, between boxes of a grid
LINE, FIRST = 16, 20  # px from line to line in a card, and of its title
ICON = 26  # px that the sign of a router or switch takes
COLUMNS = 4
LANE, SLOT = 14, 18
BUS = 16  # px between a card and its first row of ports, and between rows
STEP, ABOVE, BELOW = 12, 20, 16
LABEL = 13  # px a line
ROUND = 22  # px at each side of a box where no line begins
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Text:
    """``y`` is the middle; ``full``: the whole of a text that was shortened."""

    role: TextRole
    text: str
    x: int
    y: int
    anchor: Literal["start", "middle", "end"] = "start"
    full: str | None = None


@dataclass(frozen=True, slots=True)
class BoxPlace:
    """``stack``: drawn as several; ``dashed``: of a port that is no instance's own."""

    owner: str
    role: Role
    x: int
    y: int
    width: int
    height: int
    texts: tuple[Text, ...]
    stack: bool = False
    dashed: bool = False

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class LinePlace:
    """``network``: whose colour it has; ``texts``: addresses beside its ends."""

    owner: str
    network: int
    path: WirePath
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LogicalLayout:
    width: int
    height: int
    boxes: tuple[BoxPlace, ...]
    lines: tuple[LinePlace, ...]
    texts: tuple[Text, ...]

    @property
    def written(self) -> str:
        """Everything that the picture writes: what a font must have."""
        found = [text.text for box in self.boxes for text in box.texts]
        found += [text.text for line in self.lines for text in line.texts]
        return "".join((*found, *(text.text for text in self.texts)))

    def text(self) -> str:
        """The layout as lines for people and goldens."""
        lines = [f"size {self.width}x{self.height}"]
        for box in self.boxes:
            says = " | ".join(text.text for text in box.texts)
            at = f"{box.x},{box.y} {box.width}x{box.height}"
            lines.append(f"{box.role} {box.owner} {at}{' stack' * box.stack} {says}")
        for line in self.lines:
            way = " ".join(f"{x},{y}" for x, y in line.path.points)
            says = "".join(f" '{text.text}'" for text in line.texts)
            lines.append(f"line {line.owner} net{line.network} {way}{says}")
        return "\n".join([*lines, *(f"text {t.text} {t.x},{t.y}" for t in self.texts), ""])


def lay_out_logical(scene: LogicalScene, say: Callable[[Message], str]) -> LogicalLayout:
    """Place everything of a scene, in the language of ``say``."""
    return _Plan(scene, say).layout()


def marks_of_groups(scene: LogicalScene) -> dict[str, str]:
    """The letter by which a port's box names each of its port groups."""
    few = len(scene.groups) <= len(LETTERS)
    return {
        group.id: LETTERS[number] if few else str(number + 1)
        for number, group in enumerate(scene.groups)
    }


def _wide(text: str, size: float, *, bold: bool = False) -> int:
    return ceil(whole_width(text, size) * (BOLD if bold else 1))


def _named(title: str) -> str:
    """A UUID by its first two groups, by which people tell them apart; other names as they are.

    Neutron names its rows by UUIDs behind a word (neutron-, pg_); it stays.
    """
    match = re.fullmatch(rf"(?:neutron-|pg-)?(?P<uuid>{UUID})", title.replace("_", "-"))
    return title[: match.start("uuid") + 13] + ELLIPSIS if match else title


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a card before its place: a bold beginning and the rest."""

    head: str
    text: str
    role: TextRole = "text"
    full: str | None = None

    @property
    def width(self) -> int:
        lead = _wide(self.head, SMALL) + 6 if self.head else 0
        return lead + _wide(self.text, TEXT if self.role == "text" else SMALL)


def _row(head: str, text: str, role: TextRole = "text", limit: float = LONGEST) -> _Row:
    short = shorten(text, TEXT, limit)
    return _Row(head, short, role, text if short != text else None)


@dataclass
class _Card:
    """A box before its place, with what hangs below it."""

    owner: str
    role: Role
    title: str
    full: str | None
    rows: list[_Row]
    least: int = 0
    ports: tuple["_Card", ...] = ()
    stack: bool = False
    dashed: bool = False
    chips: str = ""
    lanes: int = 0  # lines that leave downwards

    @property
    def width(self) -> int:
        sign = ICON if self.role in ("switch", "router") else 0
        title = _wide(self.title, TITLE, bold=True) + sign
        if self.chips:
            title += 10 + _wide(self.chips, SMALL)
        widest = max((title, *(row.width for row in self.rows)))
        return max(widest + 2 * PAD, self.least)

    @property
    def height(self) -> int:
        return FIRST + LINE * len(self.rows) + PAD

    @property
    def columns(self) -> int:
        return min(COLUMNS, max(1, len(self.ports)))

    @property
    def cell(self) -> tuple[int, int]:
        return max(p.width for p in self.ports), max(p.height for p in self.ports)

    @property
    def grid_width(self) -> int:
        return self.columns * (self.cell[0] + GAP) - GAP if self.ports else 0

    @property
    def side(self) -> int:
        """The room at each side of the grid, so that the card stays over its middle."""
        left = LANE if len(self.ports) > self.columns else 0
        right = LANE + SLOT * self.lanes if self.lanes and self.ports else 0
        return max(left, right)

    @property
    def whole_width(self) -> int:
        return max(self.width, self.grid_width + 2 * self.side)

    @property
    def whole_height(self) -> int:
        rows = ceil(len(self.ports) / self.columns) if self.ports else 0
        return self.height + rows * (self.cell[1] + 2 * BUS if rows else 0)


class _Plan:
    def __init__(self, scene: LogicalScene, say: Callable[[Message], str]) -> None:
        self.scene = scene
        self.say = say
        self.marks = marks_of_groups(scene)
        self.titles = {one.id: one.title for one in scene.chassis}
        self.colours = {one.id: n for n, one in enumerate(scene.switches)}
        self.boxes: list[BoxPlace] = []
        self.lines: list[LinePlace] = []
        self.texts: list[Text] = []

    def layout(self) -> LogicalLayout:
        cards = {card.owner: card for card in self._cards()}
        level = _levels(cards, self.scene.links)
        links = [_downwards(link, level) for link in self.scene.links]
        for _, (upper, _lower) in links:
            cards[upper].lanes += 1
        for side in (0, 1):
            needs: dict[str, int] = {}
            for link, ends in links:
                needs[ends[side]] = needs.get(ends[side], 2 * ROUND) + _need(link, ends[side])
            for owner, need in needs.items():
                cards[owner].least = max(cards[owner].least, need)
        rows: list[list[Body]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
        for owner, row in level.items():
            rows[row].append(Body(owner, cards[owner].whole_width))
        pulls: list[Pull] = []
        for link, (upper, lower) in links:
            lane = [f"{link.id}r{row}" for row in range(level[upper] + 1, level[lower])]
            for row, body in zip(range(level[upper] + 1, level[lower]), lane, strict=True):
                rows[row].append(Body(body, LANE, lane=link.id))
            way = (upper, *lane, lower)
            pulls += [Pull(a, b, 4) for a, b in itertools.pairwise(way)]
        middles = order(rows, pulls)
        left = min((middles[b.id] - b.box // 2 for row in rows for b in row), default=0)
        middles = {name: x - left + EDGE for name, x in middles.items()}
        bottom = self._place(cards, level, links, rows, middles)
        right = max((box.right for box in self.boxes), default=200)
        right = max((right, *(p[0] for line in self.lines for p in line.path.points)))
        bottom = self._panels(bottom, max(right, 760))
        right = max((box.right for box in self.boxes), default=right)
        return LogicalLayout(
            width=right + EDGE,
            height=bottom + EDGE,
            boxes=tuple(self.boxes),
            lines=tuple(self.lines),
            texts=tuple(self.texts),
        )

    # Cards

    def _cards(self) -> Iterable[_Card]:
        for network in self.scene.networks:
            yield self._network(network)
        facts: dict[str, list[_Row]] = {}
        for fact in self.scene.facts:
            row = _row(self.say(words.head(fact)), self.say(words.value(fact)))
            facts.setdefault(fact.owner, []).append(row)
        ports: dict[str, list[_Card]] = {}
        for port in self.scene.ports:
            ports.setdefault(port.datapath, []).append(self._port(port))
        for one in self.scene.datapaths:
            yield self._datapath(one, facts.get(one.id, []), ports.get(one.id, []))

    def _network(self, network: PhysicalNetwork) -> _Card:
        return self._card(network.id, "network", self.say(words.network(network)), [])

    def _card(self, owner: str, role: Role, title: str, rows: list[_Row], **more: Any) -> _Card:
        short = shorten(_named(title), TITLE, NAME + 8 * (role == "network"))
        return _Card(owner, role, short, title if short != title else None, rows, **more)

    def _datapath(self, one: DatapathPart, rows: list[_Row], ports: Sequence[_Card]) -> _Card:
        about = _row("", self.say(words.subtitle(one)), "muted")
        return self._card(one.id, one.kind, one.title, [about, *rows], ports=tuple(ports))

    def _port(self, port: PortPart) -> _Card:
        rows = [_row("", self.say(line), limit=NAME) for line in words.span(port)]
        if port.floating:
            rows.append(_row("", self.say(words.floating(port)), "muted", NAME))
        kind = [port.type] if port.type else []
        titles = tuple(_named(self.titles[one]) for one in port.chassis)
        if titles:
            kind.append(self.say(words.where(port, titles)))
        if kind:
            rows.append(_row("", ", ".join(kind), "muted", NAME))
        return self._card(
            port.id,
            "port",
            self.say(words.bundle(port)),
            rows,
            stack=len(port.names) > 1,
            dashed=bool(port.type),
            chips=" ".join(sorted(self.marks[one] for one in port.groups)),
        )

    # Rows

    def _place(
        self,
        cards: Mapping[str, _Card],
        level: Mapping[str, int],
        links: Sequence[tuple[LinkPart, tuple[str, str]]],
        rows: Sequence[Sequence[Body]],
        middles: Mapping[str, int],
    ) -> int:
        """Cards and lines; returns where they end."""
        ups = _slots(cards, links, middles, upper=False)
        downs = _slots(cards, links, middles, upper=True)
        tops: list[int] = []
        y = EDGE
        channels: list[dict[str, int]] = []
        starts: list[int] = []
        for number, row in enumerate(rows):
            tops.append(y)
            y += max((cards[b.id].whole_height for b in row if not b.lane), default=20)
            starts.append(y)
            if number + 1 < len(rows):
                pieces = _pieces(number, level, links, ups, downs, middles)
                tracked = tracks(pieces)
                channels.append(tracked)
                below = max(
                    (
                        len(_labels(link, low))
                        for link, (_, low) in links
                        if level[low] == number + 1
                    ),
                    default=0,
                )
                above = max(
                    (len(_labels(link, up)) for link, (up, _) in links if level[up] == number),
                    default=0,
                )
                deep = max(tracked.values(), default=-1) + 1
                starts[-1] = y + ABOVE + LABEL * above
                y = starts[-1] + STEP * deep + BELOW + LABEL * below
        for card in cards.values():
            self._draw(card, middles[card.owner], tops[level[card.owner]])
        at = {box.owner: box for box in self.boxes}
        for link, (upper, lower) in links:
            points: list[Point] = [(downs[link.id], at[upper].bottom)]
            for number in range(level[upper], level[lower]):
                last = number + 1 == level[lower]
                x = ups[link.id] if last else middles[f"{link.id}r{number + 1}"]
                if x != points[-1][0]:
                    track = starts[number] + STEP * channels[number].get(link.id, 0)
                    points += [(points[-1][0], track), (x, track)]
            points.append((ups[link.id], at[lower].y))
            self._line(link, upper, lower, points)
        return max((box.bottom for box in self.boxes), default=EDGE)

    def _line(self, link: LinkPart, upper: str, lower: str, points: list[Point]) -> None:
        (x, y), (x2, y2) = points[0], points[-1]
        above, below = _labels(link, upper), _labels(link, lower)
        texts = [Text("muted", t, x + 5, y + 9 + LABEL * n) for n, t in enumerate(above)]
        texts += [
            Text("muted", t, x2 + 5, y2 - 9 - LABEL * (len(below) - 1 - n))
            for n, t in enumerate(below)
        ]
        colour = next((self.colours[end] for end in link.ends if end in self.colours), 5)
        path = WirePath(link.id, tuple(points), (), False)
        self.lines.append(LinePlace(link.id, colour, path, tuple(texts)))

    def _draw(self, card: _Card, middle: int, top: int) -> None:
        width = card.width
        if card.lanes and card.ports:
            width = max(width, card.grid_width + 2 * card.side)
        left = middle - width // 2
        self._box(card, left, top, width)
        if not card.ports:
            return
        wide, high = card.cell
        # A row that is not full stands in the middle, as the card does.
        colour = self.colours.get(card.owner, 5)
        full = middle - card.grid_width // 2
        lane = full - LANE
        y = top + card.height
        for start in range(0, len(card.ports), card.columns):
            row = card.ports[start : start + card.columns]
            x = full if start else middle - (len(row) * (wide + GAP) - GAP) // 2
            bus = y + BUS
            ends = [x + n * (wide + GAP) + wide // 2 for n in range(len(row))]
            first = middle if start == 0 else lane
            stops = [*ends, first] if start == 0 else [lane, *ends]
            if start == 0 and len(card.ports) > card.columns:
                stops.append(lane)
            if min(stops) != max(stops):
                self._wire(card.owner, colour, [(min(stops), bus), (max(stops), bus)])
            if start == 0:
                self._wire(card.owner, colour, [(middle, top + card.height), (middle, bus)])
            else:
                self._wire(card.owner, colour, [(lane, bus - high - 2 * BUS), (lane, bus)])
            for number, port in enumerate(row):
                self._wire(port.owner, colour, [(ends[number], bus), (ends[number], bus + BUS)])
                self._box(port, x + number * (wide + GAP), bus + BUS, wide, high)
            y = bus + BUS + high

    def _wire(self, owner: str, colour: int, points: list[Point]) -> None:
        self.lines.append(LinePlace(owner, colour, WirePath(owner, tuple(points), (), False)))

    def _box(self, card: _Card, x: int, y: int, width: int, height: int | None = None) -> None:
        sign = ICON if card.role in ("switch", "router") else 0
        middle = y + PAD // 2 + FIRST // 2
        texts = [Text("title", card.title, x + PAD + sign, middle, full=card.full)]
        if card.role == "network":
            texts = [Text("title", card.title, x + width // 2, y + card.height // 2, "middle")]
        if card.chips:
            texts.append(Text("chip", card.chips, x + width - PAD, middle, "end"))
        for number, row in enumerate(card.rows):
            at = y + PAD // 2 + FIRST + LINE * number + LINE // 2
            indent = x + PAD
            if row.head:
                texts.append(Text("head", row.head, indent, at))
                indent += _wide(row.head, SMALL) + 6
            texts.append(Text(row.role, row.text, indent, at, full=row.full))
        self.boxes.append(
            BoxPlace(
                card.owner,
                card.role,
                x,
                y,
                width,
                height or card.height,
                tuple(texts),
                card.stack,
                card.dashed,
            )
        )

    # Panels

    def _panels(self, bottom: int, right: int) -> int:
        """Chassis, port groups and load balancers below, as many in a row as there is room."""
        scene = self.scene
        chassis = [
            self._panel(one.id, one.title, words.chassis_lines(one)) for one in scene.chassis
        ]
        groups = [
            self._panel(
                one.id, f"{self.marks[one.id]}  {_named(one.title)}", words.group_lines(one)
            )
            for one in scene.groups
        ]
        balancers = [
            self._panel(
                one.id, f"{one.title} {one.protocol or ''}".strip(), words.balancer_lines(one)
            )
            for one in scene.balancers
        ]
        for title, cards in (
            (words.BALANCERS, balancers),
            (words.GROUPS, groups),
            (words.CHASSIS, chassis),
        ):
            if not cards:
                continue
            bottom += 34
            self.texts.append(Text("title", self.say(title), EDGE, bottom - 8))
            x, high = EDGE, 0
            for card in cards:
                if x > EDGE and x + card.width > right:
                    x, bottom, high = EDGE, bottom + high + GAP, 0
                self._box(card, x, bottom + 6, card.width)
                x += card.width + GAP
                high = max(high, card.height)
            bottom += 6 + high
        return bottom

    def _panel(self, owner: str, title: str, lines: Iterable[Message]) -> _Card:
        return self._card(owner, "panel", title, [_row("", self.say(line)) for line in lines])


def _labels(link: LinkPart, end: str) -> tuple[str, ...]:
    return link.labels[link.ends.index(end)]


def _need(link: LinkPart, end: str) -> int:
    """The room of a line at a box, with the addresses beside it."""
    return max((_wide(text, SMALL) for text in _labels(link, end)), default=0) + SLOT


def _levels(cards: Mapping[str, _Card], links: Sequence[LinkPart]) -> dict[str, int]:
    """The row of each card: how far it is from the outside; no link stays in a row."""
    beside: dict[str, list[str]] = {owner: [] for owner in cards}
    for link in links:
        beside[link.ends[0]].append(link.ends[1])
        beside[link.ends[1]].append(link.ends[0])
    level: dict[str, int] = {}
    # Without a physical network a router is the middle, and without one a switch stands alone.
    for role in ("network", "router", "switch"):
        seeds = [o for o, card in cards.items() if card.role == role and o not in level]
        while seeds:
            start = 0 if role == "network" else 1
            at = seeds if role == "network" else seeds[:1]
            level.update(dict.fromkeys(at, start))
            while at:
                found = [n for owner in at for n in beside[owner] if n not in level]
                level.update({n: min(level[b] for b in beside[n] if b in level) + 1 for n in found})
                at = list(dict.fromkeys(found))
            seeds = [owner for owner in seeds if owner not in level]
    for _ in cards:
        equal = [link for link in links if level[link.ends[0]] == level[link.ends[1]]]
        for link in equal:
            if level[link.ends[0]] == level[link.ends[1]]:
                level[link.ends[1]] += 1
        if not equal:
            break
    used = sorted(set(level.values()))
    return {owner: used.index(row) for owner, row in level.items()}


def _downwards(link: LinkPart, level: Mapping[str, int]) -> tuple[LinkPart, tuple[str, str]]:
    """The link with its upper end first."""
    first, second = link.ends
    return link, (first, second) if level[first] < level[second] else (second, first)


def _slots(
    cards: Mapping[str, _Card],
    links: Sequence[tuple[LinkPart, tuple[str, str]]],
    middles: Mapping[str, int],
    *,
    upper: bool,
) -> dict[str, int]:
    """Where lines meet the lower edge of their upper box (``upper``), or the upper edge."""
    found: dict[str, int] = {}
    for owner, card in cards.items():
        own = [(link, ends) for link, ends in links if ends[0 if upper else 1] == owner]
        own.sort(key=lambda one: (middles[one[1][1 if upper else 0]], one[0].id))
        if upper and card.ports:
            right = middles[owner] + card.grid_width // 2 + card.side
            for number, (link, _) in enumerate(own):
                found[link.id] = right - SLOT * (len(own) - number) + SLOT // 2
            continue
        needs = [_need(link, owner) for link, _ in own]
        # Addresses stand at the right of a line: the middle of all, lines with theirs.
        x = middles[owner] - (sum(needs) - SLOT) // 2
        if len(own) == 1:
            x = middles[owner]
        for (link, _), need in zip(own, needs, strict=True):
            found[link.id] = x
            x += need
    return found


def _pieces(
    row: int,
    level: Mapping[str, int],
    links: Sequence[tuple[LinkPart, tuple[str, str]]],
    ups: Mapping[str, int],
    downs: Mapping[str, int],
    middles: Mapping[str, int],
) -> list[Piece]:
    """The lines' ways through the room below a row."""
    found = []
    for link, (upper, lower) in links:
        if level[upper] <= row < level[lower]:
            above = downs[link.id] if level[upper] == row else middles[f"{link.id}r{row}"]
            below = ups[link.id] if level[lower] == row + 1 else middles[f"{link.id}r{row + 1}"]
            found.append(Piece(link.id, (above,), (below,)))
    return found
