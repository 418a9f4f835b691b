"""Routing: on which track every wire crosses a channel.

Lives here: step 8 of the layout. A *net* is what hangs together in one channel. A net whose pins
share one x needs no track; every other has one horizontal track. Does not live here: where the
channel is.
"""

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
    for net in sorted(nets, key=lambda n: (n.low, n.high)):
        costs = [
            sum(_cost(before, net) for before in ordered[:n])
            + sum(_cost(net, after) for after in ordered[n:])
            for n in range(len(ordered) + 1)
        ]
        ordered.insert(costs.index(min(costs)), net)
    for _ in range(PASSES):
        swapped = False
        for n in range(len(ordered) - 1):
            a, b = ordered[n], ordered[n + 1]
            if _cost(b, a) < _cost(a, b):
                ordered[n], ordered[n + 1], swapped = b, a, True
        if not swapped:
            break
    return ordered


def _pack(ordered: list[Net]) -> None:
    """The left-edge rule: every net as high as those before it leave room."""
    for n, net in enumerate(ordered):
        above = [
            other.track
            for other in ordered[:n]
            if other.track is not None
            and other.low - CLEAR < net.high
            and net.low < other.high + CLEAR
        ]
        net.track = max(above) + 1 if above else 0


def _cost(above: Net, below: Net) -> int:
    """What it costs that ``above`` has the higher track: crossings, and verticals on each other."""
    crossings = sum(1 for pin in below.tops if above.low < pin.x < above.high)
    crossings += sum(1 for pin in above.bottoms if below.low < pin.x < below.high)
    overlaps = sum(1 for a in above.bottoms for b in below.tops if abs(a.x - b.x) < TOUCHING)
    return crossings + OVERLAP_COST * overlaps


def _nudge(ordered: list[Net], every: list[Net]) -> None:
    """Move verticals apart that would lie on each other: two nets that change places.

    ``every`` are all nets of the channel, also those without a track: nothing may be hit instead.
    """
    for n, net in enumerate(ordered):
        for pin in net.bottoms:
            below = [other.x(top) for other in ordered[n + 1 :] for top in other.tops]
            if not _near(net.x(pin), below):
                continue
            taken = [other.x(p) for other in every for p in other.pins if p is not pin]
            free = [pin.x + by for by in NUDGES if not _near(pin.x + by, taken)]
            if free:
                net.nudged[id(pin)] = free[0]


def _near(x: int, places: list[int]) -> bool:
    return any(abs(x - place) < TOUCHING for place in places)
