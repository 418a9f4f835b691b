"""Wiring: rails, gateways and wires with their corners.

Lives here: how tracks and heights become lines, where lines jump over each other and where they
meet. A gateway is here because it hangs on the rails.
"""

import itertools

from .extents import Beside
from .furniture import Furniture, full_text
from .heights import CLOUD, MARGIN, THROUGH, THROUGH_CLEAR, Heights
from .places import Box, Dot, Label, Point, RailLine, WirePath
from .routing import Net
from .scene import Interface
from .slots import BOX, HALF_BOX, LABEL, NAME, TEXT_GAP, TEXT_LINE, TITLE, World, name, title
from .strands import Pin, Strand, Strands
from .text import whole_width

RAIL_JUMP = 6
TRACK_JUMP = 4
EMPTY_WIDTH = 400  # of rails without a host


class Wiring:
    """The lines of the picture. Labels and boxes that belong to them join the furniture's."""

    def __init__(
        self, world: World, strands: Strands, beside: Beside, heights: Heights, around: Furniture
    ) -> None:
        self.world = world
        self.strands = strands
        self.beside = beside
        self.heights = heights
        self.around = around
        clouds = self._clouds()
        self.rails = self._rails()
        self.wires = self._wires(clouds)
        self.dots = self._dots()
        self._wire_labels()

    def _rails(self) -> list[RailLine]:
        """The rails from beyond the leftmost thing to beyond the rightmost."""
        edges = [(b.x, b.x + b.width) for b in self.around.boxes]
        edges += [(t.left, t.left + t.width) for t in self.around.labels]
        edges += [(c.x, c.x + c.width) for c in self.around.callouts]
        drops = [s.top.x for s in self.strands.strands if s.top is not None]
        low = min((left for left, _ in edges), default=0)
        high = max((right for _, right in edges), default=EMPTY_WIDTH)
        for rail in self.heights.rails:
            if rail.annotation and drops:
                annotation = whole_width(title(rail.annotation, LABEL), LABEL)
                low = min(low, min(drops) - annotation - 2 * TEXT_GAP - 16)
        lines: list[RailLine] = []
        for rail in self.heights.rails:
            y = self.heights.rail[rail.id]
            line = RailLine(rail.id, low - 24, high + 24, y)
            lines.append(line)
            text = name(rail.title)
            self.around.labels.append(
                Label(
                    rail.id,
                    "cidr",
                    text,
                    line.left - 14,
                    y,
                    "end",
                    NAME,
                    full_text(rail.title, text),
                )
            )
            if rail.annotation:
                shown = title(rail.annotation, LABEL)
                self.around.labels.append(
                    Label(rail.id, "annotation", shown, line.left + 8, y - 10, "start", LABEL)
                )
        return lines

    def _clouds(self) -> dict[str, Point]:
        """Place the gateways above the rails; the result is where their wires begin.

        No wire of theirs may run on the drop of a NIC, so each looks for a free x near the middle.
        """
        begins: dict[str, Point] = {}
        drops = [s.top.x for s in self.strands.strands if s.top is not None]
        low = min((host.left for host in self.world.hosts), default=0)
        high = max((host.right for host in self.world.hosts), default=EMPTY_WIDTH)
        clouds = self.world.clouds
        widths = [self._cloud_width(cloud.id) for cloud in clouds]
        start = (low + high - sum(widths) - 30 * (len(widths) - 1)) // 2 if clouds else 0
        for cloud, width in zip(clouds, widths, strict=True):
            mine = [i for i in self.world.scene.interfaces if i.container == cloud.id]
            for x in itertools.count(start):
                places = self._cloud_places(mine, x + 14)
                if all(abs(p - d) > 10 for p in places for d in drops):
                    break
            box = Box(cloud.id, "cloud", x, MARGIN, width, CLOUD)
            self.around.boxes.append(box)
            text = title(cloud.title, TITLE)
            self.around.labels.append(
                Label(
                    cloud.id,
                    "title",
                    text,
                    x + width // 2,
                    MARGIN + 14,
                    "middle",
                    TITLE,
                    full_text(cloud.title, text),
                )
            )
            bottom = MARGIN + CLOUD
            for interface, at in zip(mine, places, strict=True):
                slot = self.world.slots[interface.id]
                slot.x = at
                self.around.small_box(slot, "interface", interface.name, bottom - HALF_BOX, 1)
                begins[interface.id] = (at, bottom + HALF_BOX)
                for n, address in enumerate(self.world.addresses[interface.id]):
                    y = bottom + HALF_BOX + 9 + TEXT_LINE * n
                    shown = name(address.text)
                    self.around.labels.append(
                        Label(address.id, "address", shown, at - TEXT_GAP, y, "end", NAME)
                    )
            start = x + width + 30
        return begins

    def _cloud_places(self, interfaces: list[Interface], left: int) -> list[int]:
        places: list[int] = []
        for interface in interfaces:
            slot = self.world.slots[interface.id]
            widest = max(
                (whole_width(name(a.text), NAME) for a in self.world.addresses[interface.id]),
                default=0,
            )
            at = left + max(slot.half, widest + TEXT_GAP)
            places.append(at)
            left = at + slot.half + 14
        return places

    def _cloud_width(self, cloud: str) -> int:
        block = self.world.blocks[cloud]
        mine = [i for i in self.world.scene.interfaces if i.container == cloud]
        places = self._cloud_places(mine, 14)
        if not mine:
            return block.width
        return max(block.width, places[-1] + self.world.slots[mine[-1].id].half + 14)

    def _wires(self, clouds: dict[str, Point]) -> list[WirePath]:
        horizontals: list[tuple[int, int, int, str]] = [
            (r.y, r.left, r.right, r.owner) for r in self.rails
        ]
        of_segment: dict[int, Net] = {}
        for channel, nets in sorted(self.heights.channels.items()):
            for n, net in enumerate(nets):
                for segment in net.segments:
                    of_segment[id(segment)] = net
                if net.track is not None:
                    y = self.heights.track_of(net)
                    horizontals.append((y, net.low, net.high, f"{channel} {n}"))
        keys = {
            id(net): f"{channel} {n}"
            for channel, nets in self.heights.channels.items()
            for n, net in enumerate(nets)
        }
        paths: dict[str, WirePath] = {}
        for strand in self.strands.strands:
            points = self._points(strand, of_segment)
            own = {keys[id(of_segment[id(s)])] for s in strand.segments}
            if strand.rail is not None:
                own.add(strand.rail)
            paths[strand.wire.id] = self._path(strand.wire.id, points, own, horizontals, strand)
        for wire, rail, interface in self.world.cloud_wires:
            x, y = clouds[interface]
            points = [(x, y), (x, self.heights.rail[rail])]
            paths[wire.id] = self._path(wire.id, points, {rail}, horizontals, None)
        return [paths[wire.id] for wire in self.world.scene.wires if wire.id in paths]

    def _points(self, strand: Strand, of_segment: dict[int, Net]) -> list[Point]:
        points: list[Point] = []
        if strand.rail is not None and strand.top is not None:
            x = strand.top.x
            points += [
                (x, self.heights.rail[strand.rail]),
                (x, self.around.edges[strand.top.slot.key][0]),
            ]
        for segment, a, b in strand.passed():
            net = of_segment[id(segment)]
            if net.direct:
                first, second = (a.slot, b.slot) if a.slot.x < b.slot.x else (b.slot, a.slot)
                y = sum(self.around.edges[first.key]) // 2
                points += [(first.x + first.half, y), (second.x - second.half, y)]
                continue
            points.append((net.x(a), self._pin_y(a)))
            if (net.track is not None and net.x(a) != net.x(b)) or (
                net.track is not None and segment.bow
            ):
                y = self.heights.track_of(net)
                points += [(net.x(a), y), (net.x(b), y)]
            points.append((net.x(b), self._pin_y(b)))
        points = self._to_ports(strand, points)
        last = strand.segments[-1].lower if strand.segments else None
        if last is not None and strand.segments[0].upper.segments != [strand.segments[0]]:
            return corners(points)
        if last is not None and len(last.segments) > 1:
            points.reverse()  # dashes of one trunk begin where it is shared
        return corners(points)

    def _to_ports(self, strand: Strand, points: list[Point]) -> list[Point]:
        """Lead a wire that leaves its port on the other side through the bridge to it."""
        made = self.strands.border_ends
        first, last = strand.ends
        for end, at_start in ((first, True), (last, False)):
            slot = made.get((strand.wire.id, end))
            if slot is None or end not in self.world.slots:
                continue
            block = self.world.block_of(end)
            port = self.world.slots[end]
            top, bottom = self.around.edges[slot.key]
            y = top + BOX if port in block.tops else bottom - BOX
            # Each at a height of its own: inside the bridge nothing else keeps them apart.
            middle = top + BOX + THROUGH_CLEAR + THROUGH * block.lanes.index(slot)
            way = [(port.x, y), (port.x, middle), (slot.x, middle)]
            points = way + points if at_start else points + way[::-1]
        return points

    def _pin_y(self, pin: Pin) -> int:
        upper, lower = self.around.edges[pin.slot.key]
        return upper if pin.side == "up" else lower

    def _path(
        self,
        wire: str,
        points: list[Point],
        own: set[str],
        horizontals: list[tuple[int, int, int, str]],
        strand: Strand | None,
    ) -> WirePath:
        jumps: list[tuple[int, int, int]] = []
        rail_heights = set(self.heights.rail.values())
        for (x1, y1), (x2, y2) in itertools.pairwise(points):
            if x1 != x2:
                continue
            low, high = min(y1, y2), max(y1, y2)
            for y, left, right, key in horizontals:
                radius = RAIL_JUMP if y in rail_heights else TRACK_JUMP
                if key not in own and low + radius < y < high - radius and left < x1 < right:
                    jumps.append((x1, y, radius))
        carried = strand is not None and strand.wire.kind == "carried"
        return WirePath(wire, tuple(points), tuple(sorted(set(jumps))), carried)

    def _dots(self) -> list[Dot]:
        dots: list[Dot] = []
        for _, nets in sorted(self.heights.channels.items()):
            for net in nets:
                if net.track is None:
                    continue
                for x in sorted({net.x(pin) for pin in net.pins}):
                    arms = (x > net.low) + (x < net.high)
                    arms += any(net.x(p) == x for p in net.tops)
                    arms += any(net.x(p) == x for p in net.bottoms)
                    if arms > 2:
                        dots.append(Dot(net.segments[0].wires[0], x, self.heights.track_of(net)))
        return dots

    def _wire_labels(self) -> None:
        for pin in self.beside.label_pins:
            wire = next(
                s.wire.id
                for s in self.strands.strands
                if s.top is pin or any(pin in (g.upper, g.lower) for g in s.segments)
            )
            for n, text in enumerate(self.beside.labels[id(pin)]):
                down = 10 + TEXT_LINE * n
                y = self._pin_y(pin) + (down if pin.side == "down" else -down)
                self.around.labels.append(
                    Label(wire, "label", text, pin.x + TEXT_GAP, y, "start", LABEL)
                )


def corners(points: list[Point]) -> list[Point]:
    """The points without repeats and without those on a straight line."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (
            kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]
        ):
            kept[-1] = point
            continue
        kept.append(point)
    return kept
