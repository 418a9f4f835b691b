"""Routing: on which track every wire crosses a channel.

Lives here: step 8 of the layout. A *net* is what hangs together in one channel. A net whose pins
share one x needs no track; every other has one horizontal track. Does not live here: where the
channel is.
"""

from bisect import bisect_left
from dataclasses import dataclass, field

from .strands import Pin, Segment, Strands, connected

TRACK = 11  # px between two tracks
CLEAR = 8  # px between two nets on one track
TOUCHING = 4  # px within which two verticals look like one
OVERLAP_COST = 100  # of crossings
NUDGES = (6, -6, 9, -9, 12, -12, 15, -15)  # px, tried in this order
PASSES = 6


@dataclass(slots=True, eq=False)
class Net:
    """What hangs together in a channel. ``track`` counts from the top; None: straight."""

    channel: int
    segments: list[Segment]
    tops: list[Pin]  # pins of the upper band
    bottoms: list[Pin]
    track: int | None = None
    direct: bool = False  # neighbours in a row, joined side to side
    nudged: dict[int, int] = field(default_factory=dict)  # id of a pin -> its x here

    def x(self, pin: Pin) -> int:
        return self.nudged.get(id(pin), pin.x)

    @property
    def pins(self) -> list[Pin]:
        return self.tops + self.bottoms

    @property
    def low(self) -> int:
        return min(self.x(pin) for pin in self.pins)

    @property
    def high(self) -> int:
        return max(self.x(pin) for pin in self.pins)


def route(strands: Strands) -> dict[int, list[Net]]:
    """The nets of every channel, tracks assigned."""
    channels: dict[int, list[Net]] = {}
    for segments in connected(strands.segments):
        channel = segments[0].channel
        pins: list[Pin] = []
        for segment in segments:
            pins += [p for p in (segment.upper, segment.lower) if p not in pins]
        net = Net(
            channel,
            segments,
            [p for p in pins if p.side == "down"],
            [p for p in pins if p.side == "up"],
        )
        net.direct = len(segments) == 1 and segments[0] in strands.direct
        channels.setdefault(channel, []).append(net)
    for nets in channels.values():
        _assign([net for net in nets if not net.direct and net.low != net.high], nets)
    return channels


def _assign(nets: list[Net], every: list[Net]) -> None:
    ordered = _ordered(nets)
    _nudge(ordered, every)
    _pack(ordered)


def line_up(nets: list[Net]) -> None:
    """Give nets that cross one channel their tracks; no end of theirs moves."""
    _pack(_ordered(nets))


def _ordered(nets: list[Net]) -> list[Net]:
    """The nets as their tracks cross least, from the top."""
    ordered: list[Net] = []
    reach = {id(net): (net.low, net.high) for net in nets}

    def cost(above: Net, below: Net) -> int:
        (low, high), (left, right) = reach[id(above)], reach[id(below)]
        apart = high + TOUCHING <= left or right + TOUCHING <= low
        return 0 if apart else _cost(above, below, (low, high), (left, right))

    for net in sorted(nets, key=lambda n: reach[id(n)]):
        place, paid = 0, sum(cost(net, after) for after in ordered)
        least = paid
        for n, other in enumerate(ordered, 1):
            paid += cost(other, net) - cost(net, other)
            if paid < least:
                place, least = n, paid
        ordered.insert(place, net)
    for _ in range(PASSES):
        swapped = False
        for n in range(len(ordered) - 1):
            a, b = ordered[n], ordered[n + 1]
            if cost(b, a) < cost(a, b):
                ordered[n], ordered[n + 1], swapped = b, a, True
        if not swapped:
            break
    return ordered


def _pack(ordered: list[Net]) -> None:
    """The left-edge rule: every net as high as those before it leave room."""
    placed: list[tuple[int, int, int]] = []
    for net in ordered:
        low, high = net.low, net.high
        net.track = 1 + max(
            (track for left, right, track in placed if left < high and low < right), default=-1
        )
        placed.append((low - CLEAR, high + CLEAR, net.track))


def _cost(above: Net, below: Net, over: tuple[int, int], under: tuple[int, int]) -> int:
    """What it costs that ``above`` has the higher track: crossings, and verticals on each other.

    ``over``, ``under``: the lowest and the highest x of each.
    """
    crossings = sum(1 for pin in below.tops if over[0] < pin.x < over[1])
    crossings += sum(1 for pin in above.bottoms if under[0] < pin.x < under[1])
    overlaps = sum(1 for a in above.bottoms for b in below.tops if abs(a.x - b.x) < TOUCHING)
    return crossings + OVERLAP_COST * overlaps


def _nudge(ordered: list[Net], every: list[Net]) -> None:
    """Move verticals apart that would lie on each other: two nets that change places.

    ``every`` are all nets of the channel, also those without a track: nothing may be hit instead.
    """
    below = sorted(top.x for net in ordered for top in net.tops)
    for net in ordered:
        for top in net.tops:
            del below[bisect_left(below, top.x)]
        for pin in net.bottoms:
            x = net.x(pin)
            nearest = bisect_left(below, x - TOUCHING + 1)
            if nearest == len(below) or below[nearest] >= x + TOUCHING:
                continue
            taken = [other.x(p) for other in every for p in other.pins if p is not pin]
            free = [pin.x + by for by in NUDGES if not _near(pin.x + by, taken)]
            if free:
                net.nudged[id(pin)] = free[0]


def _near(x: int, places: list[int]) -> bool:
    return any(abs(x - place) < TOUCHING for place in places)
