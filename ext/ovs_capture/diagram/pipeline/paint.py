"""Paint: the graph of tables as SVG, in the two modes of the other pictures.

*web* writes classes, links, tooltips and the page's data; *static* plain attributes, for
converters. Only here is anything escaped, and everything is.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from ...explain.message import Message
from ..paint import BASELINE, STATIC_FONT, _attribute, _n, _text, path_data
from ..palette import PALE, Theme, colour
from ..places import Point, WirePath
from . import words
from .layout import BoxPlace, LinePlace, StopPlace, TableLayout, Text
from .parts import TablePicture

FILLS = {
    "number": "table-number",
    "role": "ink",
    "constant": "muted",
    "port": "port-text",
    "bridge": "table-number",
    "packets": "muted",
    "drop": "drop",
    "end": "ink",
    "heading": "muted",
    "legend": "muted",
}
BOLD = ("number", "bridge")
LINES = {"ct": "ct", "drop": "drop"}  # the others: "way"
DASHES = {"ct": "6 4", "learn": "2 4"}


def paint_tables(
    picture: TablePicture,
    layout: TableLayout,
    *,
    mode: Literal["web", "static"],
    say: Callable[[Message], str],
    prefix: str,
    lang: str,
    title: str,
    description: str,
    links: Mapping[str, str] | None = None,
    entities: Mapping[str, str] | None = None,
    font: str | None = None,
    theme: Theme = "light",
    way: Collection[str] | None = None,
) -> str:
    """The graph as one ``<svg>`` element; the parameters are those of the other pictures.

    ``way``: the parts on the way of a packet, beside which all others turn pale.
    """
    brush = _Brush(mode == "web", theme, links or {}, entities or {}, _tooltips(picture, say), way)
    title_id, desc_id = _attribute(f"{prefix}title"), _attribute(f"{prefix}desc")
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{layout.width}" height="{layout.height}"'
        f' viewBox="0 0 {layout.width} {layout.height}" lang="{_attribute(lang)}"'
        f' aria-labelledby="{title_id}" aria-describedby="{desc_id}"'
    )
    if brush.web:
        head += (
            f' class="ovs-picture" role="group" id="{_attribute(prefix)}graph"'
            f' style="--ovs-pic-width:{layout.width}px">'
        )
    else:
        head += f' role="img" font-family="{_attribute(font or STATIC_FONT)}">'
    lines = [
        head,
        f'<title id="{title_id}">{_text(title)}</title>',
        f'<desc id="{desc_id}">{_text(description)}</desc>',
    ]
    if not brush.web:
        lines.append(
            f'<rect width="{layout.width}" height="{layout.height}"'
            f' fill="{colour("surface", theme)}"/>'
        )
    lines.append(brush.rect(layout.pane, "pane", "pane", "pane-edge"))
    # Busy lines over idle ones, arrows and numbers over all lines, boxes over everything.
    for line in sorted(layout.lines, key=lambda line: (line.owner in (way or ()), line.width)):
        lines.append(brush.line(line))
    lines += [brush.stop(stop) for stop in layout.stops]
    lines += [brush.box(box) for box in layout.boxes]
    lines += [brush.number(line) for line in layout.lines if line.label is not None]
    lines += [brush.text(text) for text in layout.texts]
    for item in layout.legend:
        if item.sample:
            y = item.text.y
            width = 2.4 if item.sample == "drop" else 1.8
            lines.append(brush.stroke(f"M{item.x} {y}H{item.x + 26}", item.sample, width))
        lines.append(brush.text(item.text))
    lines.append("</svg>")
    return "\n".join(lines) + "\n"


def _tooltips(picture: TablePicture, say: Callable[[Message], str]) -> dict[str, str]:
    names = {table.id: words.table_label(table) for table in picture.tables}
    names |= {port.id: say(words.port(port)) for port in picture.ports}
    found = {table.id: say(words.about_table(table, say)) for table in picture.tables}
    for port in picture.ports:
        found[port.id] = "\n".join(port.ports) if len(port.ports) > 1 else names[port.id]
    for link in picture.links:
        about = words.about_link(link, names[link.source], names[link.target])
        found[link.id] = say(about)
    for stop in picture.stops:
        found[stop.id] = f"{names[stop.table]} → {say(words.stop(stop))}"
    return found


@dataclass(slots=True)
class _Brush:
    web: bool
    theme: Theme
    links: Mapping[str, str]
    entities: Mapping[str, str]
    tooltips: Mapping[str, str]
    way: Collection[str] | None

    def is_pale(self, owner: str) -> bool:
        return self.way is not None and owner not in self.way

    def group(self, owner: str, role: str, body: str) -> str:
        pale = self.is_pale(owner)
        if not self.web:
            return self.linked(owner, f'<g opacity="{PALE}">{body}</g>' if pale else body)
        if pale:
            role += " ovs-pale"
        data = f' data-ovs-el="{_attribute(owner)}"'
        if owner in self.entities:
            data += f' data-ovs="{_attribute(self.entities[owner])}"'
        tip = self.tooltips.get(owner, "")
        tooltip = f"<title>{_text(tip)}</title>" if tip else ""
        return self.linked(owner, f'<g class="ovs-el ovs-{role}"{data}>{tooltip}{body}</g>')

    def linked(self, owner: str, body: str) -> str:
        if owner not in self.links:
            return body
        css = ' class="ovs-link"' if self.web else ""
        return f'<a href="{_attribute(self.links[owner])}"{css}>{body}</a>'

    def rect(self, rect: tuple[int, int, int, int], role: str, fill: str, edge: str) -> str:
        x, y, width, height = rect
        geometry = f'<rect x="{x + 0.5}" y="{y + 0.5}" width="{width - 1}" height="{height - 1}"'
        radius = "" if role in ("pane", "port") else ' rx="4"'
        if self.web:
            css = "ovs-pane" if role == "pane" else "ovs-shape"
            return f'{geometry}{radius} class="{css}"/>'
        paint = f' fill="{colour(fill, self.theme) if fill else "none"}"'
        stroke = f' stroke="{colour(edge, self.theme)}"' if edge else ""
        dashes = ' stroke-dasharray="3 3"' if role == "aside" else ""
        return f"{geometry}{radius}{paint}{stroke}{dashes}/>"

    def box(self, box: BoxPlace) -> str:
        role = {"table": "node", "aside": "aside", "port": "port"}[box.role]
        fill, edge = {
            "table": ("node", "node-edge"),
            "aside": ("", "node-edge"),
            "port": ("port", ""),
        }[box.role]
        body = self.rect(box.rect, box.role, fill, edge)
        return self.group(box.owner, role, body + "".join(self.text(text) for text in box.texts))

    def line(self, line: LinePlace) -> str:
        *before, last, tip = line.path.points
        shortened = _before(last, tip, _length(line.width) - 1)
        path = WirePath(line.owner, (*before, last, shortened), line.path.jumps, False)
        body = self.stroke(path_data(path), line.kind, line.width)
        body += self.arrow(last, tip, line.kind, line.width)
        return self.group(line.owner, "way", body)

    def number(self, line: LinePlace) -> str:
        assert line.label is not None
        return self.text(line.label, role="ct" if line.kind == "ct" else None)

    def stop(self, stop: StopPlace) -> str:
        (x, y), end = stop.start, _before(stop.start, stop.tip, _length(stop.width) - 1)
        kind = "drop" if stop.kind == "drop" else "end"
        body = self.stroke(f"M{x} {y}L{end[0]} {end[1]}", kind, stop.width)
        body += self.arrow(stop.start, stop.tip, kind, stop.width)
        return self.group(stop.owner, "way", body + self.text(stop.label))

    def stroke(self, way: str, kind: str, width: float) -> str:
        name = LINES.get(kind, "way")
        dashes = f' stroke-dasharray="{DASHES[kind]}"' if kind in DASHES else ""
        if self.web:
            return (
                f'<path d="{way}" class="ovs-way-line ovs-w-{name}"'
                f' stroke-width="{_n(width)}"{dashes}/>'
            )
        return (
            f'<path d="{way}" fill="none" stroke="{colour(name, self.theme)}"'
            f' stroke-width="{_n(width)}" stroke-linejoin="round"{dashes}/>'
        )

    def arrow(self, start: Point, tip: Point, kind: str, width: float) -> str:
        name = LINES.get(kind, "way")
        base, half = _before(start, tip, _length(width)), 3.2 + width / 2
        across = (half, 0.0) if start[0] == tip[0] else (0.0, half)
        left = (base[0] - across[0], base[1] - across[1])
        right = (base[0] + across[0], base[1] + across[1])
        shape = f"M{_n(left[0])} {_n(left[1])}L{tip[0]} {tip[1]}L{_n(right[0])} {_n(right[1])}Z"
        if self.web:
            return f'<path d="{shape}" class="ovs-head-{name}"/>'
        return f'<path d="{shape}" fill="{colour(name, self.theme)}"/>'

    def text(self, text: Text, role: str | None = None) -> str:
        fill = role or FILLS[text.role]
        anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
        weight = ' font-weight="600"' if text.role in BOLD else ""
        y = text.y + BASELINE * text.size
        halo = text.role in ("packets", "drop", "end")
        if self.web:
            classes = f"ovs-f-{fill}" + (" ovs-halo" if halo else "")
            paint = f' class="{classes}"'
        else:
            paint = f' fill="{colour(fill, self.theme)}"'
            if halo:
                pane = colour("pane", self.theme)
                paint += f' stroke="{pane}" stroke-width="4" paint-order="stroke"'
        tip = f"<title>{_text(text.full)}</title>" if text.full and self.web else ""
        return (
            f'<text x="{text.x}" y="{_n(y)}" font-size="{_n(text.size)}"{anchor}{weight}{paint}>'
            f"{tip}{_text(text.text)}</text>"
        )


def _length(width: float) -> int:
    """Of an arrow's head."""
    return 6 + round(width)


def _before(start: Point, tip: Point, by: int) -> Point:
    """The point ``by`` px before the tip of an upright or level line."""
    if start[0] == tip[0]:
        return tip[0], tip[1] - (by if tip[1] > start[1] else -by)
    return tip[0] - (by if tip[0] > start[0] else -by), tip[1]
