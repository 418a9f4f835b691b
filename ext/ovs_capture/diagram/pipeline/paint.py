"""Paint: the graph of tables as SVG, in the two modes of ``svg``."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from ...explain.message import Message
from ..palette import Theme, colour
from ..places import Point, WirePath
from ..svg import Sheet, document, number, path_data
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
    brush = _Brush(
        web=mode == "web",
        theme=theme,
        links=links or {},
        entities=entities or {},
        tooltips=_tooltips(picture, say),
        ways={},
        way=way,
    )
    return document(
        (layout.width, layout.height),
        brush.everything(layout),
        name="graph",
        web=brush.web,
        prefix=prefix,
        lang=lang,
        title=title,
        description=description,
        font=font,
        theme=theme,
    )


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
class _Brush(Sheet):
    way: Collection[str] | None

    def everything(self, layout: TableLayout) -> list[str]:
        """Busy lines over idle ones, arrows and numbers over all lines, boxes over everything."""
        way = self.way or ()
        lines = [self.rect(layout.pane, "pane", "pane", "pane-edge")]
        for line in sorted(layout.lines, key=lambda line: (line.owner in way, line.width)):
            lines.append(self.line(line))
        lines += [self.stop(stop) for stop in layout.stops]
        lines += [self.box(box) for box in layout.boxes]
        lines += [self.packets(line) for line in layout.lines if line.label is not None]
        lines += [self.text(text) for text in layout.texts]
        for item in layout.legend:
            if item.sample:
                y = item.text.y
                width = 2.4 if item.sample == "drop" else 1.8
                lines.append(self.stroke(f"M{item.x} {y}H{item.x + 26}", item.sample, width))
            lines.append(self.text(item.text))
        return lines

    def part(self, owner: str, role: str, body: str) -> str:
        """What stands for one element, pale beside a packet's way."""
        pale = self.way is not None and owner not in self.way
        return self.group(owner, f"ovs-{role}", body, pale=pale)

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
        return self.part(box.owner, role, body + "".join(self.text(text) for text in box.texts))

    def line(self, line: LinePlace) -> str:
        *before, last, tip = line.path.points
        shortened = _before(last, tip, _length(line.width) - 1)
        path = WirePath(line.owner, (*before, last, shortened), line.path.jumps, False)
        body = self.stroke(path_data(path), line.kind, line.width)
        body += self.arrow(last, tip, line.kind, line.width)
        return self.part(line.owner, "way", body)

    def packets(self, line: LinePlace) -> str:
        """How many went this way."""
        assert line.label is not None
        return self.text(line.label, role="ct" if line.kind == "ct" else None)

    def stop(self, stop: StopPlace) -> str:
        (x, y), end = stop.start, _before(stop.start, stop.tip, _length(stop.width) - 1)
        kind = "drop" if stop.kind == "drop" else "end"
        body = self.stroke(f"M{x} {y}L{end[0]} {end[1]}", kind, stop.width)
        body += self.arrow(stop.start, stop.tip, kind, stop.width)
        return self.part(stop.owner, "way", body + self.text(stop.label))

    def stroke(self, way: str, kind: str, width: float) -> str:
        name = LINES.get(kind, "way")
        dashes = f' stroke-dasharray="{DASHES[kind]}"' if kind in DASHES else ""
        if self.web:
            return (
                f'<path d="{way}" class="ovs-way-line ovs-w-{name}"'
                f' stroke-width="{number(width)}"{dashes}/>'
            )
        return (
            f'<path d="{way}" fill="none" stroke="{colour(name, self.theme)}"'
            f' stroke-width="{number(width)}" stroke-linejoin="round"{dashes}/>'
        )

    def arrow(self, start: Point, tip: Point, kind: str, width: float) -> str:
        name = LINES.get(kind, "way")
        base, half = _before(start, tip, _length(width)), 3.2 + width / 2
        across = (half, 0.0) if start[0] == tip[0] else (0.0, half)
        left = (base[0] - across[0], base[1] - across[1])
        right = (base[0] + across[0], base[1] + across[1])
        corners = [f"{number(x)} {number(y)}" for x, y in (left, tip, right)]
        shape = f"M{corners[0]}L{corners[1]}L{corners[2]}Z"
        if self.web:
            return f'<path d="{shape}" class="ovs-head-{name}"/>'
        return f'<path d="{shape}" fill="{colour(name, self.theme)}"/>'

    def text(self, text: Text, role: str | None = None) -> str:
        fill = role or FILLS[text.role]
        weight = ' font-weight="600"' if text.role in BOLD else ""
        halo = text.role in ("packets", "drop", "end")
        if self.web:
            classes = f"ovs-f-{fill}" + (" ovs-halo" if halo else "")
            paint = f' class="{classes}"'
        else:
            paint = f' fill="{colour(fill, self.theme)}"'
            if halo:
                pane = colour("pane", self.theme)
                paint += f' stroke="{pane}" stroke-width="4" paint-order="stroke"'
        return self.written(text, text.size, weight + paint)


def _length(width: float) -> int:
    """Of an arrow's head."""
    return 6 + round(width)


def _before(start: Point, tip: Point, by: int) -> Point:
    """The point ``by`` px before the tip of an upright or level line."""
    if start[0] == tip[0]:
        return tip[0], tip[1] - (by if tip[1] > start[1] else -by)
    return tip[0] - (by if tip[0] > start[0] else -by), tip[1]
