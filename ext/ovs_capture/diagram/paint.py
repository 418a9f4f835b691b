"""Paint: a layout as SVG, in the two modes of ``svg``.

Lives here: the order of drawing, and the looks of boxes, rails, wires and callouts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from ..explain.message import Message
from . import describe
from .palette import DASHES, PALE, RAIL, STRONG, WIRE, Theme, colour, network_key
from .passage import Passage
from .places import Box, CalloutBox, Label, Layout, Point, RailLine, WirePath, at_their_lines
from .since import SIGNS
from .svg import (
    ARROW_ROOM,
    Sheet,
    arrow_head,
    disc,
    distance,
    document,
    half_of_disc,
    number,
    path_data,
)

NAMES = ("name", "bridge", "host", "title", "cidr")  # labels that tell what an element is called
STACK = 4  # px between the edges of a box that stands for several
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
        web=mode == "web",
        theme=theme,
        links=links or {},
        entities=entities or {},
        tooltips=tooltips or {},
        ways=dict(layout.ways),
        layout=layout,
        words=words,
        networks=dict(layout.networks),
        kinds=dict(layout.kinds),
        passage=passage,
        since=dict(layout.since),
        of_lines=at_their_lines(layout.rails, layout.labels),
    )
    for label in layout.labels:
        brush.labels.setdefault(label.owner, []).append(label)
    return document(
        (layout.width, layout.height),
        brush.everything(),
        name="picture",
        web=brush.web,
        prefix=prefix,
        lang=lang,
        title=title,
        description=description,
        font=font,
        theme=theme,
    )


@dataclass(slots=True)
class _Brush(Sheet):
    layout: Layout
    words: Callable[[Message], str]
    networks: Mapping[str, str]
    kinds: Mapping[str, str]
    passage: Passage | None
    since: Mapping[str, str]
    of_lines: Mapping[RailLine, Sequence[Label]]
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

    def _group(self, owner: str, role: str, parts: Sequence[str], *, colored: bool) -> str:
        """What stands for one element, in the colour of its network."""
        css = f"ovs-{role}"
        if colored and owner in self.networks:
            css += f" ovs-n-{network_key(self.networks[owner])}"
        return self.group(owner, css, "".join(parts), pale=self._is_pale(owner))

    def tooltip(self, owner: str) -> str:
        """What the caller gave, else the kind and name of the element."""
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
        sign = f'<text x="{x}" y="{number(y + 3.5)}" text-anchor="middle" font-size="11"'
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
        size = f'width="{box.width}" height="{box.height}"'
        geometry = f'<rect x="{number(box.x)}" y="{number(box.y)}" {size}'
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
            for t in self.of_lines.get(rail, ())
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
        heads = "".join(arrow_head(a, b) for a, b in pieces)
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
            f'<rect x="{number(box.x + 0.5)}" y="{number(box.y + 0.5)}" width="{box.width - 1}"'
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
        if self.web:
            paint = ' class="ovs-muted"' if muted else ""
        else:
            paint = f' fill="{colour("muted" if muted else fill, self.theme)}"'
        return self.written(label, label.size, paint)


def _rectangle(box: Box, off: int) -> str:
    """A box's ``<rect`` without its paint, ``off`` px to the right and down."""
    # An edge of 1 px is sharp when it runs through the middle of a pixel.
    place = f'x="{number(box.x + off + 0.5)}" y="{number(box.y + off + 0.5)}"'
    geometry = f'<rect {place} width="{box.width - 1}" height="{box.height - 1}"'
    radius = RADII.get(box.role, 0)
    return f'{geometry} rx="{min(radius, box.height // 2)}"' if radius else geometry


def _is_inner(box: Box) -> bool:
    """Whether a box stands in one of its own colour and needs the darker one."""
    return box.depth > 1 and box.role in ("guest", "namespace")


def _to_box(box: Box, point: Point) -> int:
    """How far a point is from a box; 0 inside."""
    x, y = point
    across = max(box.x - x, x - box.x - box.width, 0)
    return across + max(box.y - y, y - box.y - box.height, 0)


def _arrow_path(x: int, y: int, *, up: bool) -> str:
    tip, tail, barb = (y - 5, y + 5, y - 2) if up else (y + 5, y - 5, y + 2)
    return f"M{x} {tail}V{tip}M{x - 3} {barb}L{x} {tip}L{x + 3} {barb}"
