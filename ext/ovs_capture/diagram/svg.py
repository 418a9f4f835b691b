"""SVG: what the painters share.

Lives here: the ``<svg>`` around a picture, the group that stands for one element, texts, escaping,
lines with round corners, arrow heads and discs. Two modes: *web* writes classes, links, tooltips
and data for the page's script (all listed in ``palette``); *static* writes plain attributes and a
font, because converters know neither ``var()`` nor the page's stylesheet. A name from a capture is
text wherever it stands: every value goes through ``content`` or ``attribute``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from .palette import PALE, Theme, colour
from .places import Point, WirePath
from .text import printable, whole_width

STATIC_FONT = "DejaVu Sans, sans-serif"
BASELINE = 0.35  # of the size, from a text's middle to its baseline
CORNER = 5
DISC, DISC_TEXT = 9, 10.5  # radius and size of the number of a step
ARROW_ROOM = 22  # px of a straight piece that shows where the packet goes


def document(
    size: tuple[int, int],
    body: Iterable[str],
    *,
    name: str,
    web: bool,
    prefix: str,
    lang: str,
    title: str,
    description: str,
    font: str | None,
    theme: Theme,
) -> str:
    """The ``<svg>`` element around the lines of a picture.

    ``size``: width and height, px. ``name`` ends the picture's id, ``prefix`` begins every id, so
    that several pictures fit on one page. ``font`` and ``theme`` are for static mode.
    """
    width, height = size
    title_id, desc_id = attribute(f"{prefix}title"), attribute(f"{prefix}desc")
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" lang="{attribute(lang)}"'
        f' aria-labelledby="{title_id}" aria-describedby="{desc_id}"'
    )
    if web:
        # role="img" would hide the links from assistive tools.
        opening += (
            f' class="ovs-picture" role="group" id="{attribute(prefix + name)}"'
            f' style="--ovs-pic-width:{width}px">'
        )
    else:
        opening += f' role="img" font-family="{attribute(font or STATIC_FONT)}">'
    lines = [
        opening,
        f'<title id="{title_id}">{content(title)}</title>',
        f'<desc id="{desc_id}">{content(description)}</desc>',
    ]
    if not web:
        surface = colour("surface", theme)
        lines.append(f'<rect width="{width}" height="{height}" fill="{surface}"/>')
    return "\n".join((*lines, *body, "</svg>")) + "\n"


class Written(Protocol):
    """A text with its place: ``x`` of its ``anchor``, ``y`` of its middle; ``full`` where it is
    shortened."""

    @property
    def x(self) -> int: ...
    @property
    def y(self) -> int: ...
    @property
    def anchor(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def full(self) -> str | None: ...


@dataclass(slots=True)
class Sheet:
    """What a painter of either mode knows of its picture's elements, each by its id.

    ``ways``: the ids that are emphasised together with one.
    """

    web: bool
    theme: Theme
    links: Mapping[str, str]
    entities: Mapping[str, str]
    tooltips: Mapping[str, str]
    ways: Mapping[str, tuple[str, ...]]

    def group(self, owner: str, css: str, body: str, *, pale: bool) -> str:
        """What stands for one element; on the web with classes, data and tooltip."""
        if not self.web:
            return self.linked(owner, f'<g opacity="{PALE}">{body}</g>' if pale else body)
        classes = f"ovs-el {css} ovs-pale" if pale else f"ovs-el {css}"
        data = f' data-ovs-el="{attribute(owner)}"'
        if owner in self.entities:
            data += f' data-ovs="{attribute(self.entities[owner])}"'
        if owner in self.ways:
            data += f' data-ovs-way="{attribute(" ".join(self.ways[owner]))}"'
        # A tooltip has lines, which other texts have not.
        tip = "&#10;".join(map(content, self.tooltip(owner).split("\n")))
        tooltip = f"<title>{tip}</title>" if tip else ""
        return self.linked(owner, f'<g class="{classes}"{data}>{tooltip}{body}</g>')

    def written(self, label: Written, size: float, paint: str) -> str:
        """A text; ``paint``: attributes, each behind a blank."""
        y = number(label.y + BASELINE * size)
        anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
        tip = f"<title>{content(label.full)}</title>" if label.full and self.web else ""
        return (
            f'<text x="{label.x}" y="{y}" font-size="{number(size)}"{anchor}{paint}>'
            f"{tip}{content(label.text)}</text>"
        )

    def tooltip(self, owner: str) -> str:
        return self.tooltips.get(owner, "")

    def linked(self, owner: str, body: str) -> str:
        if owner not in self.links:
            return body
        css = ' class="ovs-link"' if self.web else ""
        return f'<a href="{attribute(self.links[owner])}"{css}>{body}</a>'


def half_of_disc(numbers: str) -> int:
    """Half of the width of a disc, px."""
    return max(DISC, whole_width(numbers, DISC_TEXT) // 2 + 5)


def disc(x: int, y: int, half: int, numbers: str, *, web: bool, theme: Theme) -> str:
    """The numbers of steps on their ground, with its middle at x and y."""
    shape = (
        f'<rect x="{x - half}" y="{y - DISC}" width="{2 * half}" height="{2 * DISC}" rx="{DISC}"'
    )
    text = (
        f'<text x="{x}" y="{number(y + BASELINE * DISC_TEXT)}" font-size="{number(DISC_TEXT)}"'
        ' font-weight="600" text-anchor="middle"'
    )
    if web:
        inside = f'{shape} class="ovs-shape"/>{text}>{content(numbers)}</text>'
        return f'<g class="ovs-disc">{inside}</g>'
    fill, edge = colour("port", theme), colour("surface", theme)
    ink = colour("port-text", theme)
    return (
        f'{shape} fill="{fill}" stroke="{edge}" stroke-width="1.5"/>\n'
        f'{text} fill="{ink}">{content(numbers)}</text>'
    )


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


def _towards(start: tuple[int, int], goal: tuple[int, int], by: int) -> tuple[int, int]:
    """The point ``by`` px from ``start`` on the horizontal or vertical to ``goal``."""
    if start[0] == goal[0]:
        return start[0], start[1] + (by if goal[1] > start[1] else -by)
    return start[0] + (by if goal[0] > start[0] else -by), start[1]


def arrow_head(start: Point, goal: Point) -> str:
    """A triangle in the middle of a straight piece, pointing to ``goal``."""
    x, y = (start[0] + goal[0]) // 2, (start[1] + goal[1]) // 2
    if start[0] == goal[0]:
        tip = 5 if goal[1] > start[1] else -5
        return f"M{x - 6} {y - tip}H{x + 6}L{x} {y + tip}Z"
    tip = 5 if goal[0] > start[0] else -5
    return f"M{x - tip} {y - 6}V{y + 6}L{x + tip} {y}Z"


def number(value: float) -> str:
    """A number with at most two decimals and none that say nothing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def content(text: str) -> str:
    """Element content."""
    return (
        printable(text.replace("\n", " "))
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
    )


def attribute(text: str) -> str:
    """An attribute's value between double quotes."""
    return content(text).replace('"', "&quot;").replace("'", "&#39;")
