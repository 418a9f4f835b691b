"""Strands: every wire cut where it passes a band.

Lives here: steps 3 (which end is the upper one) and 4 of the layout: pins, segments, dummies. Does
not live here: an order or a place.

A *pin* is where wires leave a slot upwards or downwards; wires of one kind share it, so that one
fan-out is one trunk. A *segment* joins two pins across one channel, the room between two bands:
channel ``n`` lies under band ``n``, channel -1 between the rails and the hosts. A wire whose ends
stand in one band is a U: its one segment joins two pins of one side.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .bands import end_slots
from .scene import Wire
from .slots import LANE, TEXT_GAP, Block, Side, Slot, World


@dataclass(slots=True, eq=False)
class Pin:
    """Where wires leave a slot. ``offset`` is the distance from the slot's middle, in px."""

    slot: Slot
    side: Side
    key: tuple[str, ...]
    offset: int = 0
    segments: list["Segment"] = field(default_factory=list)

    @property
    def x(self) -> int:
        return self.slot.x + self.offset


@dataclass(slots=True, eq=False)
class Segment:
    """A piece of wires in one channel, from ``upper`` to ``lower``; in a U both have one side."""

    channel: int
    upper: Pin
    lower: Pin
    wires: list[str] = field(default_factory=list)

    @property
    def bow(self) -> bool:
        return self.upper.side == self.lower.side


@dataclass(slots=True, eq=False)
class Strand:
    """The way of one wire: its segments from the first end to the second.

    ``rail``: where it begins; then ``top`` is the pin in band 0 that the drop ends on. ``ends`` are
    the element ids at both ends. The first ``climbs`` segments are passed from their lower pin to
    the upper: so a wire leaves a box inside a box for another.
    """

    wire: Wire
    ends: tuple[str, str]
    segments: list[Segment]
    rail: str | None = None
    top: Pin | None = None
    climbs: int = 0

    def passed(self) -> Iterator[tuple[Segment, Pin, Pin]]:
        """Every segment with the pins where the wire comes in and leaves."""
        for n, segment in enumerate(self.segments):
            first, second = segment.upper, segment.lower
            yield (segment, second, first) if n < self.climbs else (segment, first, second)


@dataclass(slots=True, eq=False)
class Strands:
    """All wires of a picture, in the scene's order, with the pins of every slot."""

    strands: list[Strand] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    pins: dict[tuple[str, Side], list[Pin]] = field(default_factory=dict)  # by slot and side
    dummies: list[Block] = field(default_factory=list)
    through: list[tuple[Slot, Slot]] = field(default_factory=list)  # port, its way out elsewhere
    direct: list[Segment] = field(default_factory=list)  # bows between neighbours, side to side
    border_ends: dict[tuple[str, str], Slot] = field(default_factory=dict)  # by wire and end


def cut(world: World) -> Strands:
    """Cut all wires of the world into segments, adding dummies to the rows they pass."""
    result = Strands()
    plans = [_plan(world, wire) for wire in world.wires]
    plans += [(w, (rail, other), -1, "down", "up") for w, rail, other in world.rail_wires]
    # The ends' own slots come first: a bridge's border is full before anything is ordered.
    wanted: list[tuple[str, str, bool]] = []
    for wire, (first, second), _, first_side, second_side in plans:
        if first not in world.slots and first not in world.bridges:
            wanted.append((wire.id, second, second_side == "up"))
            continue
        wanted.append((wire.id, first, first_side == "up"))
        wanted.append((wire.id, second, second_side == "up"))
    made = end_slots(world, wanted)
    result.border_ends = made
    result.through = [(world.slots[e], s) for (_, e), s in made.items() if e in world.slots]
    for (_, end), slot in made.items():
        if end in world.slots:
            world.block_of(end).lanes.append(slot)
    dummies: dict[tuple[int, int, str], tuple[Pin, Pin]] = {}
    for wire, ends, channel, first_side, second_side in plans:
        lower_slot = made.get((wire.id, ends[1])) or world.slots[ends[1]]
        if first_side == second_side:
            upper_slot = made.get((wire.id, ends[0])) or world.slots[ends[0]]
            bow = ("bow", wire.kind, wire.id)
            a = _pin(result, upper_slot, first_side, bow)
            b = _pin(result, lower_slot, second_side, bow)
            up, a = _lift(result, world.block_of(ends[0]), a, channel, wire.id)
            down, b = _lift(result, world.block_of(ends[1]), b, channel, wire.id)
            segments = [*up[::-1], _segment(result, channel, a, b, wire.id), *down]
            result.strands.append(Strand(wire, ends, segments, climbs=len(up)))
            continue
        lower = _pin(
            result, lower_slot, "up", (wire.kind,) if channel >= 0 else (wire.kind, ends[0])
        )
        target = world.block_of(ends[1])
        if channel < 0:
            segments, top = _drop(result, target, lower, dummies, wire.id)
            result.strands.append(Strand(wire, ends, segments, rail=ends[0], top=top))
            continue
        upper_slot = made.get((wire.id, ends[0])) or world.slots[ends[0]]
        upper = _pin(result, upper_slot, "down", (wire.kind,))
        segments = _chain(result, target, channel, upper, lower, dummies, wire.id)
        result.strands.append(Strand(wire, ends, segments))
    _keep_apart(result)
    return result


def _keep_apart(result: Strands) -> None:
    """Give wires pins of their own where a common trunk would join what no wire joins.

    One trunk for a-x, a-y, b-y says that b-x is a wire too; a trunk is true only where every upper
    pin is wired to every lower one.
    """
    for segments in connected(result.segments):
        uppers = {id(segment.upper) for segment in segments}
        lowers = {id(segment.lower) for segment in segments}
        if len(segments) == len(uppers) * len(lowers):
            continue
        for segment in segments:
            if len(segment.lower.segments) > 1:
                shared = segment.lower
                shared.segments.remove(segment)
                own = Pin(shared.slot, shared.side, (*shared.key, segment.wires[0]))
                own.segments.append(segment)
                segment.lower = own
                result.pins[shared.slot.key, shared.side].append(own)


def connected(segments: list[Segment]) -> list[list[Segment]]:
    """Segments by what hangs together over shared pins, in the order given."""
    found: list[list[Segment]] = []
    seen: set[int] = set()
    for first in segments:
        if id(first) in seen:
            continue
        seen.add(id(first))
        component: list[Segment] = []
        waiting = [first]
        while waiting:
            here = waiting.pop(0)
            component.append(here)
            for pin in (here.upper, here.lower):
                for other in pin.segments:
                    if id(other) not in seen:
                        seen.add(id(other))
                        waiting.append(other)
        found.append(component)
    return found


Plan = tuple[Wire, tuple[str, str], int, Side, Side]


def _plan(world: World, wire: Wire) -> Plan:
    """The upper end first, the band under which the wire starts, and the sides it leaves by.

    From one box to another the wire leaves both by their tops, however deep its ends stand in them.
    """
    first, second = wire.ends
    a, b = world.block_of(first), world.block_of(second)
    boxes = _apart(a, b)
    if boxes is not None:
        return wire, (first, second), min(box.band for box in boxes) - 1, "up", "up"
    if a.band < b.band:
        return wire, (first, second), a.band, "down", "up"
    if a.band > b.band:
        return wire, (second, first), b.band, "down", "up"
    same_host = a.top_level() is b.top_level()
    if a is b and all(world.slots[end] in a.tops for end in (first, second)):
        return wire, (first, second), a.band - 1, "up", "up"
    if a is b or (a.band == 0 and same_host):
        return wire, (first, second), a.band, "down", "down"
    return wire, (first, second), a.band - 1, "up", "up"


def _apart(a: Block, b: Block) -> tuple[Block, Block] | None:
    """The outermost boxes that hold ``a`` alone and ``b`` alone; None where one has no such box.

    Hosts do not count: they share their rows, and a wire between them runs from side to side.
    """
    around_a, around_b = a.path()[1:-1], b.path()[1:-1]
    if a.top_level() is b.top_level():
        while around_a and around_b and around_a[0] is around_b[0]:
            around_a, around_b = around_a[1:], around_b[1:]
    return (around_a[0], around_b[0]) if around_a and around_b else None


def _lift(
    result: Strands, block: Block, pin: Pin, channel: int, wire: str
) -> tuple[list[Segment], Pin]:
    """The segments from ``channel`` down to ``pin`` on ``block``, and the pin that begins them."""
    if pin.side == "down" or block.band == channel + 1:
        return [], pin
    around = next(b for b in reversed(block.path()[:-1]) if b.band <= channel + 1)
    top, down = _dummy(result, around, channel + 1)
    return _chain(result, block, channel + 1, down, pin, {}, wire), top


def _pin(result: Strands, slot: Slot, side: Side, key: tuple[str, ...]) -> Pin:
    pins = result.pins.setdefault((slot.key, side), [])
    for pin in pins:
        if pin.key == key:
            return pin
    pins.append(Pin(slot, side, key))
    return pins[-1]


def _segment(result: Strands, channel: int, upper: Pin, lower: Pin, wire: str) -> Segment:
    for segment in upper.segments:
        if segment.lower is lower:
            segment.wires.append(wire)
            return segment
    segment = Segment(channel, upper, lower, [wire])
    upper.segments.append(segment)
    lower.segments.append(segment)
    result.segments.append(segment)
    return segment


def _chain(
    result: Strands,
    target: Block,
    channel: int,
    upper: Pin,
    lower: Pin,
    dummies: dict[tuple[int, int, str], tuple[Pin, Pin]],
    wire: str,
) -> list[Segment]:
    """The segments from ``upper``, which is in band ``channel``, to ``lower`` on ``target``."""
    segments: list[Segment] = []
    here = upper
    for band in range(channel + 1, target.band):
        around = next(b for b in reversed(target.path()[:-1]) if b.band <= band)
        key = (id(upper), band, around.key)
        if key not in dummies:
            dummies[key] = _dummy(result, around, band)
        up, down = dummies[key]
        segments.append(_segment(result, band - 1, here, up, wire))
        here = down
    segments.append(_segment(result, target.band - 1, here, lower, wire))
    return segments


def _drop(
    result: Strands,
    target: Block,
    lower: Pin,
    dummies: dict[tuple[int, int, str], tuple[Pin, Pin]],
    wire: str,
) -> tuple[list[Segment], Pin]:
    """The segments of a wire from a rail, and the pin in band 0 where its drop ends."""
    if target.band == 0:
        return [], lower
    top, down = _dummy(result, target.top_level(), 0)
    return _chain(result, target, 0, down, lower, dummies, wire), top


def _dummy(result: Strands, around: Block, band: int) -> tuple[Pin, Pin]:
    slot = Slot(f"dummy {len(result.dummies)}", 2)
    block = Block(slot.key, "dummy", around, band, [slot], [slot])
    around.rows[band].append(block)
    result.dummies.append(block)
    return _pin(result, slot, "up", ("dummy",)), _pin(result, slot, "down", ("dummy",))


def join_neighbours(world: World, result: Strands) -> None:
    """Find the bows between neighbours on one border: they need no track, only a line between."""
    for segment in result.segments:
        if not segment.bow or len(segment.upper.segments) + len(segment.lower.segments) > 2:
            continue
        a, b = (world.blocks.get(p.slot.key) for p in (segment.upper, segment.lower))
        if a is None or b is None or a.kind != "leaf" or b.kind != "leaf":
            continue
        if a.parent is None or a.parent is not b.parent or a.band != b.band:
            continue
        row = a.parent.rows[a.band]
        borders = all(world.interfaces[end.key].border for end in (a, b))
        # A label needs the line that a bow has under its end.
        wires = [wire for wire in world.wires if wire.id in segment.wires]
        labelled = any(wire.label for wire in wires)
        if borders and not labelled and abs(row.index(a) - row.index(b)) == 1:
            result.direct.append(segment)


def spread(result: Strands, place: dict[str, int], labels: dict[int, int]) -> None:
    """Distribute the pins that share a side of a slot, in the order of what they lead to.

    ``place`` gives the position of every slot in its band, ``labels`` the width in px of what is
    written right of a pin, by the pin's id.
    """
    for (key, _), all_pins in result.pins.items():
        pins = [p for p in all_pins if not any(s in result.direct for s in p.segments)]
        if len(pins) < 2:
            continue
        pins.sort(key=lambda pin: (_leads_to(pin, key, place), pin.key))
        offset, offsets = 0, [0]
        for pin in pins[:-1]:
            written = labels.get(id(pin), 0)
            offset += max(LANE, written + 2 * TEXT_GAP if written else 0)
            offsets.append(offset)
        for pin, right in zip(pins, offsets, strict=True):
            pin.offset = right - offset // 2
        pins[0].slot.half = max(pins[0].slot.half, (offset + 1) // 2 + 4)


def _leads_to(pin: Pin, key: str, place: dict[str, int]) -> float:
    others = [place[o.slot.key] for s in pin.segments for o in (s.upper, s.lower) if o is not pin]
    return sum(others) / len(others) if others else float(place.get(key, 0))
