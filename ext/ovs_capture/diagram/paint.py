"""Paint: a layout as SVG.

Lives here: the order of drawing and the two modes. *web* writes classes, custom properties, links,
tooltips and data for the page's script (all listed in ``palette``); *static* writes plain
attributes and a font, because converters know neither ``var()`` nor the page's stylesheet. Only
this module escapes, and it escapes everything: a name from a capture is text wherever it stands.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from ..explain.message import Message
from . import describe
from .palette import DASHES, PALE, RAIL, STRONG, WIRE, Theme, colour, network_key
from .passage import Passage
from .places import Box, CalloutBox, Label, Layout, Point, RailLine, WirePath, nearest
from .since import SIGNS
from .text import printable, whole_width

NAMES = ("name", "bridge", "host", "title", "cidr")  # labels that tell what an element is called
STATIC_FONT = "DejaVu Sans, sans-serif"
BASELINE = 0.35  # of the size, from a text's middle to its baseline
CORNER = 5
STACK = 4  # px between the edges of a box that stands for several
DISC, DISC_TEXT = 9, 10.5  # radius and size of the number of a step
ARROW_ROOM = 22  # px of a straight piece that shows where the packet goes
RADII = {"host": 28, "cloud": 12, "guest": 10, "namespace": 10, "process": 7}
FILLS = {"namespace": "guest", "linux-bridge": "bridge"}
EDGES = {
    "bridge": "bridge-edge",
    "linux-bridge": "bridge-edge",
    "interface": "interface-edge",
    "port": None,
}
TEXT_FILLS = {
    "bridge": "bridge-text",
    "linux-bridge": "bridge-text",
    "port": "port-text",
    "interface": "interface-text",
}


def paint_svg(
    layout: Layout,
    *,
    mode: Literal["web", "static"],
    words: Callable[[Message], str],
    prefix: str,
    lang: str,
    title: str,
    description: str,
    links: Mapping[str, str] | None = None,
    tooltips: Mapping[str, str] | None = None,
    entities: Mapping[str, str] | None = None,
    font: str | None = None,
    theme: Theme = "light",
    passage: Passage | None = None,
) -> str:
    """The picture as one ``<svg>`` element.

    ``prefix`` begins every id, so that several pictures fit on one page. ``links``, ``tooltips``
    and ``entities`` are by element id; without a tooltip an element's is its kind and name.
    ``font`` and ``theme`` are for static mode. ``passage``: the way of a packet, beside which all
    else turns pale.
    """
    brush = _Brush(
        layout=layout,
        web=mode == "web",
        words=words,
        theme=theme,
        links=links or {},
        tooltips=tooltips or {},
        entities=entities or {},
        networks=dict(layout.networks),
        ways=dict(layout.ways),
        kinds=dict(layout.kinds),
        passage=passage,
        since=dict(layout.since),
    )
    for label in layout.labels:
        brush.labels.setdefault(label.owner, []).append(label)
    size = f'width="{layout.width}" height="{layout.height}"'
    view = f'viewBox="0 0 {layout.width} {layout.height}"'
    title_id, desc_id = _attribute(f"{prefix}title"), _attribute(f"{prefix}desc")
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} lang="{_attribute(lang)}"'
        f' aria-labelledby="{title_id}" aria-describedby="{desc_id}"'
    ]
    if brush.web:
        # role="img" would hide the links from assistive tools.
        head.append(f' class="ovs-picture" role="group" id="{_attribute(prefix)}picture"')
        head.append(f' style="--ovs-pic-width:{layout.width}px">')
    else:
        head.append(f' role="img" font-family="{_attribute(font or STATIC_FONT)}">')
    lines = [
        "".join(head),
        f'<title id="{title_id}">{_text(title)}</title>',
        f'<desc id="{desc_id}">{_text(description)}</desc>',
    ]
    if not brush.web:
        lines.append(
            f'<rect width="{layout.width}" height="{layout.height}"'
            f' fill="{colour("surface", theme)}"/>'
        )
    lines += brush.everything()
    lines.append("</svg>")
    return "\n".join(lines) + "\n"


@dataclass(slots=True)
class _Brush:
    layout: Layout
    web: bool
    words: Callable[[Message], str]
    theme: Theme
    links: Mapping[str, str]
    tooltips: Mapping[str, str]
    entities: Mapping[str, str]
    networks: Mapping[str, str]
    ways: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, str]
    passage: Passage | None
    since: Mapping[str, str]
    labels: dict[str, list[Label]] = field(default_factory=dict)

    def everything(self) -> list[str]:
        """All elements: containers by depth, bridges, rails, wires, dots, small boxes, callouts."""
        layout = self.layout
        large = [b for b in layout.boxes if b.role not in ("port", "interface")]
        small = [b for b in layout.boxes if b.role in ("port", "interface")]
        lines = [self._box(box) for box in large]
        lines += [self._rail(rail) for rail in layout.rails]
        lines += [self._wire(wire) for wire in layout.wires]
        for dot in layout.dots:
            key = network_key(self.networks[dot.wire])
            circle = f'<circle cx="{dot.x}" cy="{dot.y}" r="4"'
            pale = self._is_pale(dot.wire)
            if self.web:
                off = " ovs-pale" if pale else ""
                lines.append(f'<g class="ovs-n-{key}{off}">{circle} class="ovs-dot"/></g>')
            else:
                opacity = f' opacity="{PALE}"' if pale else ""
                lines.append(f'{circle} fill="{colour(key, self.theme)}"{opacity}/>')
        lines += [self._box(box) for box in small]
        lines += [self._address(t) for t in layout.labels if t.role == "address"]
        lines += [self._callout(callout) for callout in layout.callouts]
        lines += [self._label(t, "ink") for t in self.labels.get("", ())]
        lines += self._discs()
        return lines

    def _is_pale(self, owner: str) -> bool:
        """Whether a packet's way is shown, and not by this element."""
        if self.passage is None:
            return False
        drawn_for = (owner, *dict(self.layout.bundles).get(owner, ()))
        return self.passage.elements.isdisjoint(drawn_for)

    def _discs(self) -> list[str]:
        """The numbers of the steps: beside a bridge's name, at the corner of a small box."""
        if self.passage is None:
            return []
        boxes = {box.owner: box for box in self.layout.boxes}
        discs = []
        for owner, numbers in self.passage.discs:
            if (box := boxes.get(owner)) is None:
                continue
            half = half_of_disc(numbers)
            x, y = self._disc_place(box, half)
            discs.append(disc(x, y, half, numbers, web=self.web, theme=self.theme))
        return discs

    def _disc_place(self, box: Box, half: int) -> Point:
        name = next((t for t in self.labels.get(box.owner, ()) if t.role in NAMES), None)
        if box.role in ("port", "interface") or name is None:
            return box.x + box.width + half - 4, box.y - 2
        right = name.left + name.width + 6 + half
        if right + half < box.x + box.width - 2:
            return right, name.y
        left = name.left - 6 - half
        if left - half > box.x + 2:
            return left, name.y
        return box.x + box.width, name.y

    def _group(self, owner: str, role: str, content: Sequence[str], *, colored: bool) -> str:
        """What stands for one element; on the web with classes, data and tooltip."""
        body = "".join(content)
        pale = self._is_pale(owner)
        if not self.web:
            return self._linked(owner, f'<g opacity="{PALE}">{body}</g>' if pale else body)
        classes = f"ovs-el ovs-{role}"
        if pale:
            classes += " ovs-pale"
        if colored and owner in self.networks:
            classes += f" ovs-n-{network_key(self.networks[owner])}"
        data = f' data-ovs-el="{_attribute(owner)}"'
        if owner in self.entities:
            data += f' data-ovs="{_attribute(self.entities[owner])}"'
        if owner in self.ways:
            data += f' data-ovs-way="{_attribute(" ".join(self.ways[owner]))}"'
        tip = self._tooltip(owner)
        tooltip = f"<title>{_text(tip)}</title>" if tip else ""
        return self._linked(owner, f'<g class="{classes}"{data}>{tooltip}{body}</g>')

    def _linked(self, owner: str, body: str) -> str:
        if owner not in self.links:
            return body
        css = ' class="ovs-link"' if self.web else ""
        return f'<a href="{_attribute(self.links[owner])}"{css}>{body}</a>'

    def _tooltip(self, owner: str) -> str:
        if owner in self.tooltips:
            return self.tooltips[owner]
        named = [t for t in self.labels.get(owner, ()) if t.role in NAMES]
        if named and owner in self.kinds:
            full = named[0].full or named[0].text
            return self.words(describe.element(self.kinds[owner], full))
        return ""

    def _box(self, box: Box) -> str:
        role = "bridge" if box.role == "linux-bridge" else box.role
        if self.web:
            paint = ' class="ovs-shape"/>'
        else:
            fill = colour(
                "process" if _is_inner(box) else FILLS.get(box.role, box.role), self.theme
            )
            edge = EDGES.get(box.role, "edge")
            stroke = f' stroke="{colour(edge, self.theme)}"' if edge else ""
            paint = f' fill="{fill}"{stroke}/>'
        behind = (2, 1) if box.owner in self.layout.stacks else ()
        shapes = [_rectangle(box, STACK * n) + paint for n in (*behind, 0)]
        texts = [
            self._label(t, TEXT_FILLS.get(box.role, "ink"))
            for t in self.labels.get(box.owner, ())
            if t.role != "address"
        ]
        if _is_inner(box):
            role = "process"
        marks = self._since(box) if box.owner in self.since else []
        return self._ground(box) + self._group(
            box.owner, role, [*shapes, *texts, *marks], colored=True
        )

    def _since(self, box: Box) -> list[str]:
        """The edge and the sign of a box that is new or changed."""
        mark = self.since[box.owner]
        x, y = box.x + box.width - 1, box.y + 1
        edge = _rectangle(box, 0)
        dot = f'<circle cx="{x}" cy="{y}" r="6.5"'
        sign = f'<text x="{x}" y="{_n(y + 3.5)}" text-anchor="middle" font-size="11"'
        text = f' font-weight="700">{SIGNS[mark]}</text>'
        if self.web:
            return [
                f'{edge} class="ovs-since-edge"/>',
                f'{dot} class="ovs-since-dot"/>',
                f'{sign} class="ovs-since-sign"{text}',
            ]
        ink, ground = colour("ink", self.theme), colour("surface", self.theme)
        return [
            f'{edge} fill="none" stroke="{ink}" stroke-width="2" stroke-dasharray="5 3"/>',
            f'{dot} fill="{ink}"/>',
            f'{sign} fill="{ground}"{text}',
        ]

    def _ground(self, box: Box) -> str:
        """Below a pale interface: else its wire and the edge of a host shine through its name."""
        if box.role != "interface" or not self._is_pale(box.owner):
            return ""
        geometry = (
            f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{box.width}" height="{box.height}"'
        )
        if self.web:
            return f'{geometry} class="ovs-ground"/>'
        return f'{geometry} fill="{colour("surface", self.theme)}"/>'

    def _rail(self, rail: RailLine) -> str:
        line = f"M{rail.left} {rail.y}H{rail.right}"
        ends = [f'<circle cx="{x}" cy="{rail.y}" r="5.5"' for x in (rail.left, rail.right)]
        key = network_key(self.networks[rail.owner])
        if self.web:
            parts = [
                f'<path d="{line}" class="ovs-hit"/><path d="{line}" class="ovs-line"/>',
                *(f'{end} class="ovs-dot"/>' for end in ends),
            ]
        else:
            value = colour(key, self.theme)
            parts = [
                f'<path d="{line}" fill="none" stroke="{value}" stroke-width="{RAIL}"/>',
                *(f'{end} fill="{value}"/>' for end in ends),
            ]
        parts += [
            self._label(t, "muted" if t.role == "annotation" else "ink")
            for t in self.labels.get(rail.owner, ())
            if nearest(self.layout.rails, rail.owner, t.y) == rail
        ]
        return self._group(rail.owner, "rail", parts, colored=True)

    def _wire(self, wire: WirePath) -> str:
        way = path_data(wire)
        dashes = f' stroke-dasharray="{DASHES}"' if wire.carried else ""
        taken = self.passage is not None and wire.owner in self.passage.wires
        if self.web:
            css = "ovs-line ovs-taken" if taken else "ovs-line"
            parts = [
                f'<path d="{way}" class="ovs-hit"/>',
                f'<path d="{way}" class="{css}"{dashes}/>',
            ]
        else:
            value = colour(network_key(self.networks[wire.owner]), self.theme)
            parts = [
                f'<path d="{way}" fill="none" stroke="{value}"'
                f' stroke-width="{STRONG if taken else WIRE}" stroke-linejoin="round"{dashes}/>'
            ]
        parts += self._course(wire)
        parts += [self._label(t, "ink") for t in self.labels.get(wire.owner, ())]
        return self._group(wire.owner, "wire", parts, colored=True)

    def _course(self, wire: WirePath) -> list[str]:
        """Arrows in the middle of a wire's straight pieces: where the packet goes."""
        if self.passage is None or wire.owner not in self.passage.wires:
            return []
        points = wire.points
        if self._far(self.passage.wires[wire.owner], points[0], points[-1]):
            points = points[::-1]
        pieces = [(a, b) for a, b in pairwise(points) if distance(a, b) >= ARROW_ROOM]
        heads = "".join(head(a, b) for a, b in pieces)
        if not heads:
            return []
        if self.web:
            return [f'<path d="{heads}" class="ovs-course"/>']
        fill = colour(network_key(self.networks[wire.owner]), self.theme)
        edge = colour("surface", self.theme)
        return [f'<path d="{heads}" fill="{fill}" stroke="{edge}" stroke-width="1.2"/>']

    def _far(self, element: str, start: Point, end: Point) -> bool:
        """Whether an element is nearer to the end of a line than to its start."""
        for box in self.layout.boxes:
            if box.owner == element or element in dict(self.layout.bundles).get(box.owner, ()):
                return _to_box(box, end) < _to_box(box, start)
        rails = [rail.y for rail in self.layout.rails if rail.owner == element]
        return bool(rails) and min(abs(y - end[1]) for y in rails) < min(
            abs(y - start[1]) for y in rails
        )

    def _address(self, label: Label) -> str:
        return self._group(label.owner, "address", [self._label(label, "ink")], colored=False)

    def _callout(self, box: CalloutBox) -> str:
        geometry = (
            f'<rect x="{_n(box.x + 0.5)}" y="{_n(box.y + 0.5)}" width="{box.width - 1}"'
            f' height="{box.height - 1}" rx="6"'
        )
        if self.web:
            parts = [f'{geometry} class="ovs-shape"/>']
        else:
            fill, edge = colour("callout", self.theme), colour("callout-edge", self.theme)
            parts = [f'{geometry} fill="{fill}" stroke="{edge}"/>']
        for line in box.lines:
            parts.append(self._label(line.first, "ink"))
            parts.append(self._arrow(line.x, line.y, line.arrow))
            parts.append(self._label(line.second, "ink"))
        return self._group(box.lines[0].owner, "callout", parts, colored=False)

    def _arrow(self, x: int, y: int, way: Literal["up", "down", "both"]) -> str:
        """An arrow 10 px high. Drawn, not written: not every font has one."""
        if way == "both":
            shape = _arrow_path(x - 5, y, up=True) + _arrow_path(x + 5, y, up=False)
        else:
            shape = _arrow_path(x, y, up=way == "up")
        if self.web:
            return f'<path d="{shape}" class="ovs-arrow"/>'
        ink = colour("ink", self.theme)
        return f'<path d="{shape}" fill="none" stroke="{ink}" stroke-width="1.2"/>'

    def _label(self, label: Label, fill: str) -> str:
        muted = label.role in ("subtitle", "annotation")
        anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
        if self.web:
            paint = ' class="ovs-muted"' if muted else ""
        else:
            paint = f' fill="{colour("muted" if muted else fill, self.theme)}"'
        y = label.y + BASELINE * label.size
        tip = f"<title>{_text(label.full)}</title>" if label.full and self.web else ""
        return (
            f'<text x="{label.x}" y="{_n(y)}" font-size="{_n(label.size)}"{anchor}{paint}>'
            f"{tip}{_text(label.text)}</text>"
        )


def half_of_disc(numbers: str) -> int:
    """Half of the width of a disc, px."""
    return max(DISC, whole_width(numbers, DISC_TEXT) // 2 + 5)


def disc(x: int, y: int, half: int, numbers: str, *, web: bool, theme: Theme) -> str:
    """The numbers of steps on their ground, with its middle at x and y."""
    shape = (
        f'<rect x="{x - half}" y="{y - DISC}" width="{2 * half}" height="{2 * DISC}" rx="{DISC}"'
    )
    text = (
        f'<text x="{x}" y="{_n(y + BASELINE * DISC_TEXT)}" font-size="{_n(DISC_TEXT)}"'
        ' font-weight="600" text-anchor="middle"'
    )
    if web:
        inside = f'{shape} class="ovs-shape"/>{text}>{_text(numbers)}</text>'
        return f'<g class="ovs-disc">{inside}</g>'
    fill, edge = colour("port", theme), colour("surface", theme)
    ink = colour("port-text", theme)
    return (
        f'{shape} fill="{fill}" stroke="{edge}" stroke-width="1.5"/>\n'
        f'{text} fill="{ink}">{_text(numbers)}</text>'
    )


def _rectangle(box: Box, off: int) -> str:
    """A box's ``<rect`` without its paint, ``off`` px to the right and down."""
    # An edge of 1 px is sharp when it runs through the middle of a pixel.
    geometry = (
        f'<rect x="{_n(box.x + off + 0.5)}" y="{_n(box.y + off + 0.5)}" width="{box.width - 1}"'
        f' height="{box.height - 1}"'
    )
    radius = RADII.get(box.role, 0)
    return f'{geometry} rx="{min(radius, box.height // 2)}"' if radius else geometry


def _is_inner(box: Box) -> bool:
    """Whether a box stands in one of its own colour and needs the darker one."""
    return box.depth > 1 and box.role in ("guest", "namespace")


def path_data(wire: WirePath) -> str:
    """A wire's ``d``: round corners, and an arc to the right over every foreign horizontal."""
    points = wire.points
    data = [f"M{points[0][0]} {points[0][1]}"]
    for n in range(1, len(points)):
        before, here = points[n - 1], points[n]
        if before[0] == here[0]:
            data += _jumps(wire, before, here)
        if n + 1 == len(points):
            data.append(f"L{here[0]} {here[1]}")
            continue
        after = points[n + 1]
        radius = min(CORNER, distance(before, here) // 2, distance(here, after) // 2)
        x1, y1 = _towards(here, before, radius)
        x2, y2 = _towards(here, after, radius)
        data.append(f"L{x1} {y1}Q{here[0]} {here[1]} {x2} {y2}")
    return "".join(data)


def _jumps(wire: WirePath, start: tuple[int, int], end: tuple[int, int]) -> list[str]:
    low, high = sorted((start[1], end[1]))
    down = start[1] < end[1]
    found = [j for j in wire.jumps if j[0] == start[0] and low < j[1] < high]
    found.sort(key=lambda j: j[1], reverse=not down)
    data: list[str] = []
    for x, y, radius in found:
        first, last = (y - radius, y + radius) if down else (y + radius, y - radius)
        data.append(f"L{x} {first}A{radius} {radius} 0 0 {int(down)} {x} {last}")
    return data


def distance(a: tuple[int, int], b: tuple[int, int]) -> int:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _to_box(box: Box, point: Point) -> int:
    """How far a point is from a box; 0 inside."""
    x, y = point
    across = max(box.x - x, x - box.x - box.width, 0)
    return across + max(box.y - y, y - box.y - box.height, 0)


def _towards(start: tuple[int, int], goal: tuple[int, int], by: int) -> tuple[int, int]:
    """The point ``by`` px from ``start`` on the horizontal or vertical to ``goal``."""
    if start[0] == goal[0]:
        return start[0], start[1] + (by if goal[1] > start[1] else -by)
    return start[0] + (by if goal[0] > start[0] else -by), start[1]


def _arrow_path(x: int, y: int, *, up: bool) -> str:
    tip, tail, barb = (y - 5, y + 5, y - 2) if up else (y + 5, y - 5, y + 2)
    return f"M{x} {tail}V{tip}M{x - 3} {barb}L{x} {tip}L{x + 3} {barb}"


def head(start: Point, goal: Point) -> str:
    """A triangle in the middle of a straight piece, pointing to ``goal``."""
    x, y = (start[0] + goal[0]) // 2, (start[1] + goal[1]) // 2
    if start[0] == goal[0]:
        tip = 5 if goal[1] > start[1] else -5
        return f"M{x - 6} {y - tip}H{x + 6}L{x} {y + tip}Z"
    tip = 5 if goal[0] > start[0] else -5
    return f"M{x - tip} {y - 6}V{y + 6}L{x + tip} {y}Z"


def _n(value: float) -> str:
    """A number with at most two decimals and none that say nothing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    """Element content."""
    return (
        printable(text.replace("\n", " "))
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
    )


def _attribute(text: str) -> str:
    """An attribute's value between double quotes."""
    return _text(text).replace('"', "&quot;").replace("'", "&#39;")
