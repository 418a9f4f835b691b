"""Paint: the picture of a logical network as SVG, in the two modes of ``svg``."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from ..palette import DASHES, PALE, STRONG, Theme, colour, network_key
from ..passage import Passage
from ..places import Point, WirePath
from ..svg import ARROW_ROOM, Sheet, arrow_head, disc, distance, document, half_of_disc, path_data
from . import words
from .layout import SMALL, TEXT, TITLE, BoxPlace, LinePlace, LogicalLayout, Role, Text
from .parts import LogicalScene

# The colours of the other pictures, by what a box is: their name there, fill and edge.
LOOKS: Mapping[Role, tuple[str, str, str]] = {
    "network": ("cloud", "cloud", "edge"),
    "switch": ("host", "host", "edge"),
    "router": ("callout", "callout", "callout-edge"),
    "port": ("guest", "guest", "edge"),
    "panel": ("cloud", "cloud", "edge"),
}
RADII: Mapping[Role, int] = {"network": 14, "switch": 4, "router": 22, "port": 8, "panel": 4}
SIZES = {"title": TITLE, "head": SMALL, "text": TEXT, "muted": SMALL, "chip": SMALL}
WIDTH = "2.5"


def paint_logical(
    scene: LogicalScene,
    layout: LogicalLayout,
    *,
    mode: Literal["web", "static"],
    say: words.Say,
    prefix: str,
    lang: str,
    title: str,
    description: str,
    links: Mapping[str, str] | None = None,
    entities: Mapping[str, str] | None = None,
    font: str | None = None,
    theme: Theme = "light",
    passage: Passage | None = None,
) -> str:
    """The picture as one ``<svg>`` element; the parameters are those of the other pictures."""
    brush = _Brush(
        web=mode == "web",
        theme=theme,
        links=links or {},
        entities=entities or {},
        tooltips=_tooltips(scene, say),
        ways=_ways(scene),
        passage=passage,
        boxes={box.owner: box for box in layout.boxes},
    )
    return document(
        (layout.width, layout.height),
        brush.everything(layout),
        name="logical",
        web=brush.web,
        prefix=prefix,
        lang=lang,
        title=title,
        description=description,
        font=font,
        theme=theme,
    )


def _tooltips(scene: LogicalScene, say: words.Say) -> dict[str, str]:
    names = {one.id: one.title for one in scene.elements if hasattr(one, "title")}
    found: dict[str, str] = {}
    facts: dict[str, list[Any]] = {}
    for fact in scene.facts:
        facts.setdefault(fact.owner, []).append(fact)
    for part in scene.elements:
        told = words.about(part, names, say)
        for fact in facts.get(part.id, ()):
            told += words.about(fact, names, say)
        found[part.id] = "\n".join((*told, *words.proofs(part.source)))
    return found


def _ways(scene: LogicalScene) -> dict[str, tuple[str, ...]]:
    """What is emphasised with an element: a port's switch and the links of that switch."""
    links: dict[str, list[str]] = {}
    for link in scene.links:
        for end, other in (link.ends, link.ends[::-1]):
            links.setdefault(end, []).extend((link.id, other))
    ways: dict[str, tuple[str, ...]] = {
        port.id: (
            port.id,
            port.datapath,
            *links.get(port.datapath, ()),
            *port.chassis,
            *port.groups,
        )
        for port in scene.ports
    }
    ways |= {link.id: (link.id, *link.ends) for link in scene.links}
    for node in [*(one.id for one in scene.datapaths), *(one.id for one in scene.networks)]:
        own = [port.id for port in scene.ports if port.datapath == node]
        ways[node] = (node, *links.get(node, ()), *own)
    for panel in [*(one.id for one in scene.chassis), *(one.id for one in scene.groups)]:
        own = [port.id for port in scene.ports if panel in (*port.chassis, *port.groups)]
        ways[panel] = (panel, *own)
    return ways


def _taken(layout: LogicalLayout, passage: Passage) -> list[LinePlace]:
    """The lines that the packet takes, each from where it comes.

    The line above a row of ports belongs to their switch; of it only the piece to a port is taken.
    """
    boxes = {box.owner: box for box in layout.boxes}
    found = []
    for line in layout.lines:
        if line.owner not in passage.wires:
            continue
        start = passage.wires[line.owner]
        points = line.path.points
        if line.owner in boxes:  # a port, whose line comes from the bus of its switch
            switch = next(
                (one for one in layout.lines if one.owner != line.owner and _meets(one, points[0])),
                None,
            )
            points = (*_along(layout, switch, points[0]), *points[1:])
            inwards = start == line.owner
        else:
            inwards = start in boxes and boxes[start].y >= points[-1][1]
        points = points[::-1] if inwards else points
        found.append(replace(line, path=WirePath(line.owner, points, (), False)))
    return found


def _meets(line: LinePlace, point: Point) -> bool:
    """Whether a level line goes through a point, or an upright one ends there."""
    (x, y), (x2, y2) = line.path.points[0], line.path.points[-1]
    if y == y2 == point[1]:
        return min(x, x2) <= point[0] <= max(x, x2)
    return (x2, y2) == point


def _along(layout: LogicalLayout, bus: LinePlace | None, goal: Point) -> tuple[Point, ...]:
    """From a switch to the point where a port's line begins."""
    if bus is None:
        return (goal,)
    (x, y), (x2, y2) = bus.path.points[0], bus.path.points[-1]
    if x == x2:
        return ((x, y), goal)
    for line in layout.lines:
        (top_x, top), (foot_x, foot) = line.path.points[0], line.path.points[-1]
        if line.owner == bus.owner and top_x == foot_x and foot == y2 and top < foot:
            return tuple(dict.fromkeys(((top_x, top), (top_x, y), goal)))
    return (goal,)


@dataclass(slots=True)
class _Brush(Sheet):
    passage: Passage | None
    boxes: Mapping[str, BoxPlace]

    def everything(self, layout: LogicalLayout) -> list[str]:
        """All elements: lines, the packet's way over them, boxes, texts, the numbers of steps."""
        lines = [self.line(line) for line in layout.lines]
        if self.passage is not None:
            lines += [self.taken(line) for line in _taken(layout, self.passage)]
        lines += [self.text(text) for line in layout.lines for text in line.texts]
        lines += [self.box(box) for box in layout.boxes]
        lines += [self.text(text) for text in layout.texts]
        return lines + self.discs()

    def is_pale(self, owner: str) -> bool:
        """Whether a packet's way is shown, and not by this part."""
        return self.passage is not None and owner not in self.passage.elements

    def is_pale_line(self, owner: str) -> bool:
        """The line from a switch to its ports belongs to the switch, and is not on the way yet."""
        return self.passage is not None and owner not in self.passage.wires

    def box(self, box: BoxPlace) -> str:
        css, fill, edge = LOOKS[box.role]
        body = self.rect(box, 4, fill, edge) if box.stack else ""
        body += self.rect(box, 0, fill, edge)
        if box.role in ("switch", "router"):
            body += self.sign(box)
        body += "".join(map(self.text, box.texts))
        return self.group(box.owner, f"ovs-{css}", body, pale=self.is_pale(box.owner))

    def rect(self, box: BoxPlace, shift: int, fill: str, edge: str) -> str:
        geometry = (
            f'<rect x="{box.x + shift + 0.5}" y="{box.y + shift + 0.5}" width="{box.width - 1}"'
            f' height="{box.height - 1}" rx="{RADII[box.role]}"'
        )
        if box.dashed:
            geometry += f' stroke-dasharray="{DASHES}"'
        if self.web:
            return f'{geometry} class="ovs-shape"/>'
        return f'{geometry} fill="{colour(fill, self.theme)}" stroke="{colour(edge, self.theme)}"/>'

    def sign(self, box: BoxPlace) -> str:
        """Arrows in a round sign for a router, in a square one for a switch."""
        x, y = box.x + 20, box.y + 15
        if box.role == "router":
            frame = f"M{x - 8} {y}a8 8 0 1 0 16 0a8 8 0 1 0 -16 0"
            arrows = f"M{x - 4} {y - 4}L{x + 4} {y + 4}M{x + 4} {y - 4}L{x - 4} {y + 4}"
        else:
            frame = f"M{x - 8} {y - 7}h16v14h-16z"
            arrows = f"M{x - 5} {y - 3}h9m-3 -2l3 2l-3 2M{x + 5} {y + 3}h-9m3 -2l-3 2l3 2"
        if self.web:
            return f'<path d="{frame}{arrows}" class="ovs-arrow"/>'
        ink = colour("ink", self.theme)
        return f'<path d="{frame}{arrows}" fill="none" stroke="{ink}" stroke-width="1.2"/>'

    def line(self, line: LinePlace) -> str:
        data = path_data(line.path)
        key = network_key(f"net{line.network}")
        if self.web:
            body = f'<path d="{data}" class="ovs-line"/><path d="{data}" class="ovs-hit"/>'
            pale = self.is_pale_line(line.owner)
            return self.group(line.owner, f"ovs-wire ovs-n-{key}", body, pale=pale)
        body = (
            f'<path d="{data}" fill="none" stroke="{colour(key, self.theme)}"'
            f' stroke-width="{WIDTH}" stroke-linejoin="round"/>'
        )
        return f'<g opacity="{PALE}">{body}</g>' if self.is_pale_line(line.owner) else body

    def taken(self, line: LinePlace) -> str:
        """A line that the packet takes, with arrows in its straight pieces."""
        data = path_data(line.path)
        key = network_key(f"net{line.network}")
        pieces = [(a, b) for a, b in pairwise(line.path.points) if distance(a, b) >= ARROW_ROOM]
        if self.passage is None or not self.passage.wires[line.owner]:
            pieces = []
        heads = "".join(arrow_head(a, b) for a, b in pieces)
        if self.web:
            arrows = f'<path d="{heads}" class="ovs-course"/>' if heads else ""
            body = f'<path d="{data}" class="ovs-line ovs-taken"/>{arrows}'
            pale = self.is_pale(line.owner)
            return self.group(line.owner, f"ovs-wire ovs-n-{key}", body, pale=pale)
        paint, edge = colour(key, self.theme), colour("surface", self.theme)
        arrows = (
            f'<path d="{heads}" fill="{paint}" stroke="{edge}" stroke-width="1.2"/>'
            if heads
            else ""
        )
        return (
            f'<path d="{data}" fill="none" stroke="{paint}" stroke-width="{STRONG}"'
            f' stroke-linejoin="round"/>{arrows}'
        )

    def discs(self) -> list[str]:
        """The numbers of the steps, at the corners of their boxes."""
        found = []
        for owner, numbers in () if self.passage is None else self.passage.discs:
            if (box := self.boxes.get(owner)) is not None:
                half = half_of_disc(numbers)
                x = box.right - half + 6
                found.append(disc(x, box.y, half, numbers, web=self.web, theme=self.theme))
        return found

    def text(self, text: Text) -> str:
        size = SIZES[text.role]
        weight = ' font-weight="600"' if text.role in ("title", "chip") else ""
        muted = text.role in ("muted", "head")
        if self.web:
            paint = ' class="ovs-muted"' if muted else ""
        else:
            paint = f' fill="{colour("muted" if muted else "ink", self.theme)}"'
        return self.written(text, size, weight + paint)
