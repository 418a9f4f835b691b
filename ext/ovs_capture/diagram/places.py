"""Places: what a layout is made of.

Lives here: the frozen results of ``lay_out``, all in whole px. Does not live here: how they are
found (``layout``), how they look (``paint``).
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Literal

from .text import whole_width

BoxRole = Literal[
    "host", "guest", "namespace", "process", "cloud", "bridge", "linux-bridge", "port", "interface"
]
LabelRole = Literal[
    "name", "bridge", "host", "title", "subtitle", "address", "label", "cidr", "annotation"
]
Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; ``owner`` is the element's id, ``depth`` how many containers are around it."""

    owner: str
    role: BoxRole
    x: int
    y: int
    width: int
    height: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """A text. ``y`` is its middle; ``full`` is the whole text where ``text`` was shortened."""

    owner: str
    role: LabelRole
    text: str
    x: int
    y: int
    anchor: Literal["start", "middle", "end"]
    size: float
    full: str | None = None

    @property
    def width(self) -> int:
        return whole_width(self.text, self.size)

    @property
    def left(self) -> int:
        shift = {"start": 0, "middle": self.width // 2, "end": self.width}[self.anchor]
        return self.x - shift


@dataclass(frozen=True, slots=True)
class RailLine:
    """A network's line; with hosts in several rows it has one over each."""

    owner: str
    left: int
    right: int
    y: int


def at_their_lines(
    rails: Iterable[RailLine], labels: Iterable[Label]
) -> dict[RailLine, list[Label]]:
    """The labels of networks, each at the nearest of its network's lines, of two at the first.

    Every row of hosts may have a line and a label of one network.
    """
    lines: dict[str, list[tuple[int, int, RailLine]]] = {}
    for y, place, rail in sorted((rail.y, place, rail) for place, rail in enumerate(rails)):
        lines.setdefault(rail.owner, []).append((y, place, rail))
    found: dict[RailLine, list[Label]] = {}
    for label in labels:
        if own := lines.get(label.owner):
            below = bisect_left(own, label.y, key=itemgetter(0))
            around = own[max(0, below - 1) : below + 1]
            _, _, line = min((abs(y - label.y), place, rail) for y, place, rail in around)
            found.setdefault(line, []).append(label)
    return found


@dataclass(frozen=True, slots=True)
class WirePath:
    """A wire's corners from end to end, and where it jumps over a horizontal: (x, y, radius)."""

    owner: str
    points: tuple[Point, ...]
    jumps: tuple[tuple[int, int, int], ...]
    carried: bool

    @property
    def bends(self) -> int:
        return max(0, len(self.points) - 2)


@dataclass(frozen=True, slots=True)
class Dot:
    """Where three or more pieces of one wire meet; ``wire`` gives the colour."""

    wire: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class CalloutBox:
    """A callout. ``upper`` and ``lower`` of a single one stand above each other; several stand in
    lines, ``outer`` left of ``inner``. ``arrow`` says where it points.
    """

    port: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple["CalloutLine", ...]


@dataclass(frozen=True, slots=True)
class CalloutLine:
    """One translation: two texts with the arrow's middle between them."""

    owner: str
    first: Label
    second: Label
    arrow: Literal["up", "down", "both"]
    x: int
    y: int


def moved_callout(box: CalloutBox, dx: int, dy: int) -> CalloutBox:
    """A callout with all its texts at another place."""

    def moved(label: Label) -> Label:
        return replace(label, x=label.x + dx, y=label.y + dy)

    lines = tuple(
        replace(c, first=moved(c.first), second=moved(c.second), x=c.x + dx, y=c.y + dy)
        for c in box.lines
    )
    return replace(box, x=box.x + dx, y=box.y + dy, lines=lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Everything of a picture with its place, in drawing order inside each list."""

    width: int
    height: int
    boxes: tuple[Box, ...] = ()
    rails: tuple[RailLine, ...] = ()
    wires: tuple[WirePath, ...] = ()
    dots: tuple[Dot, ...] = ()
    callouts: tuple[CalloutBox, ...] = ()
    labels: tuple[Label, ...] = ()
    networks: tuple[tuple[str, str], ...] = ()  # element id, network key
    ways: tuple[tuple[str, tuple[str, ...]], ...] = ()  # element id, ids on its way
    kinds: tuple[tuple[str, str], ...] = ()  # element id, what it is
    bundles: tuple[tuple[str, tuple[str, ...]], ...] = ()  # port whose box stands for several
    stacks: tuple[str, ...] = ()  # containers whose boxes stand for several
    notes: tuple[str, ...] = ()  # sentences on how it was folded, for its description (crowds)
    since: tuple[tuple[str, str], ...] = ()  # element id, "new" or "changed" (since)

    @property
    def bends(self) -> int:
        """Corners of all wires."""
        return sum(wire.bends for wire in self.wires)

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that the picture writes: what a font must have."""
        lines = [line for callout in self.callouts for line in callout.lines]
        callouts = [text for line in lines for text in (line.first.text, line.second.text)]
        signs = ("+", "~") if self.since else ()
        return (*(label.text for label in self.labels), *callouts, *signs)

    @property
    def crossings(self) -> int:
        """Jumps over other wires; those over rails cannot be avoided and do not count."""
        rails = {rail.y for rail in self.rails}
        return sum(1 for wire in self.wires for _, y, _ in wire.jumps if y not in rails)

    def text(self) -> str:
        """The layout as lines for people and goldens."""
        lines = [f"size {self.width}x{self.height} bends {self.bends} crossings {self.crossings}"]
        lines += [f"rail {r.owner} {r.left}..{r.right} y {r.y}" for r in self.rails]
        lines += [f"{b.role} {b.owner} {b.x},{b.y} {b.width}x{b.height}" for b in self.boxes]
        known = dict(self.networks)
        for wire in self.wires:
            way = " ".join(f"{x},{y}" for x, y in wire.points)
            jumps = "".join(f" jump {x},{y}" for x, y, _ in wire.jumps)
            dashed = " carried" if wire.carried else ""
            lines.append(f"wire {wire.owner} {known[wire.owner]}{dashed} {way}{jumps}")
        lines += [f"bundle {owner}: {' '.join(ports)}" for owner, ports in self.bundles]
        lines += [f"since {owner} {mark}" for owner, mark in self.since]
        lines += [f"dot {d.x},{d.y}" for d in self.dots]
        for box in self.callouts:
            says = "; ".join(f"{c.first.text} {c.arrow} {c.second.text}" for c in box.lines)
            lines.append(f"callout {box.port} {box.x},{box.y} {box.width}x{box.height} {says}")
        lines += [f"text {t.role} {t.owner} {t.x},{t.y} {t.anchor} {t.text}" for t in self.labels]
        return "\n".join(lines) + "\n"
