"""Extents: how much room every slot needs for what is written beside it.

Lives here: addresses, labels and callouts as extents of their slots, decided once the order is
known (the outermost port has its callouts outside). Does not live here: coordinates.
"""

from dataclasses import dataclass, field

from .scene import Callout
from .slots import (
    CALLOUT_INSIDE,
    HALF_BOX,
    LABEL,
    NAME,
    TEXT_GAP,
    TEXT_LINE,
    CalloutSize,
    Slot,
    World,
    callout_size,
    name,
)
from .strands import Pin, Strand, Strands, spread
from .text import whole_width


@dataclass(slots=True)
class Beside:
    """What stands beside the slots, and how far it hangs out of each band, in px.

    ``addresses`` of an interface: ``left`` above a host's NIC, ``below`` right of a NIC under the
    border of its box, ``under`` its middle in a cell, ``right`` in one line with a free interface.
    """

    labels: dict[int, list[str]] = field(default_factory=dict)  # by id of a pin
    label_pins: list[Pin] = field(default_factory=list)
    address_x: dict[str, int] = field(default_factory=dict)  # right of the slot's middle
    callouts: dict[str, tuple[bool, CalloutSize]] = field(default_factory=dict)  # left?, size
    addresses: dict[str, str] = field(default_factory=dict)
    over: dict[int, int] = field(default_factory=dict)  # by band
    under: dict[int, int] = field(default_factory=dict)
    drop: int = 0  # above band 0


def measure(world: World, strands: Strands, place: dict[str, int]) -> Beside:
    """Spread the pins of every slot and set the extents of all slots."""
    beside = Beside()
    for strand in strands.strands:
        _label(world, strand, beside)
    spread(strands, place, {key: _widest(texts) for key, texts in beside.labels.items()})
    for slot in world.slots.values():
        slot.left = slot.right = slot.half
    _addresses(world, strands, beside)
    for pin in beside.label_pins:
        room = pin.offset + TEXT_GAP + _widest(beside.labels[id(pin)])
        pin.slot.right = max(pin.slot.right, room)
    _label_bands(world, strands, beside)
    for bridge in world.scene.bridges:
        block = world.blocks[bridge.id]
        for row, hangs in ((block.tops, beside.over), (block.bottoms, beside.under)):
            _callouts(world, row, hangs, block.band, beside)
    return beside


def _widest(texts: list[str]) -> int:
    return max(whole_width(text, LABEL) for text in texts)


def _addresses(world: World, strands: Strands, beside: Beside) -> None:
    for interface in world.scene.interfaces:
        lines = world.addresses[interface.id]
        if not lines:
            continue
        block, slot = world.blocks[interface.id], world.slots[interface.id]
        widest = max(whole_width(name(a.text), NAME) for a in lines)
        assert block.parent is not None
        if interface.border and block.parent.parent is None:
            beside.addresses[interface.id] = "left"
            slot.left = max(slot.left, TEXT_GAP + widest)
            beside.drop = max(beside.drop, TEXT_LINE * len(lines) + 4)
        elif interface.border and world.narrow and not _goes_on(strands, slot):
            beside.addresses[interface.id] = "under"
            slot.left = max(slot.left, (widest + 1) // 2)
            slot.right = max(slot.right, (widest + 1) // 2)
            slot.down = max(slot.down, HALF_BOX + 2 + TEXT_LINE * len(lines))
        elif interface.border:
            beside.addresses[interface.id] = "below"
            beside.address_x[interface.id] = _clear_of_labels(slot, beside)
            slot.right = max(slot.right, beside.address_x[interface.id] + widest)
            slot.down = max(slot.down, 3 + TEXT_LINE * len(lines))
        else:
            beside.addresses[interface.id] = "right"
            # Two lines end above the labels of the wires below; more would run into them.
            clear = _clear_of_labels(slot, beside) if len(lines) > 2 else slot.half + TEXT_GAP
            beside.address_x[interface.id] = clear
            slot.right = max(slot.right, beside.address_x[interface.id] + widest)
            slot.up = slot.down = max(HALF_BOX, TEXT_LINE * len(lines) // 2)


def _goes_on(strands: Strands, slot: Slot) -> bool:
    return bool(strands.pins.get((slot.key, "down")))


def _clear_of_labels(slot: Slot, beside: Beside) -> int:
    """Where an address right of a slot begins: past the box, and past the labels of its wires."""
    rooms = [
        pin.offset + TEXT_GAP + _widest(beside.labels[id(pin)])
        for pin in beside.label_pins
        if pin.slot is slot
    ]
    return max([slot.half, *rooms]) + TEXT_GAP


def _label(world: World, strand: Strand, beside: Beside) -> None:
    """Put a wire's label where the wire is alone: under its upper end, else over its lower."""
    text = strand.wire.label
    if not text:
        return
    shown = name(world.shown(text))
    if not strand.segments:
        pin = strand.top
    else:
        ends = list(strand.passed())
        first, last = ends[0][1], ends[-1][2]
        pin = first if len(first.segments) == 1 else last
    if pin is None:
        return
    if id(pin) not in beside.labels:
        beside.label_pins.append(pin)
    texts = beside.labels.setdefault(id(pin), [])
    if shown not in texts:
        texts.append(shown)


def _label_bands(world: World, strands: Strands, beside: Beside) -> None:
    for pin in beside.label_pins:
        height = TEXT_LINE * len(beside.labels[id(pin)]) + 3
        segment = pin.segments[0] if pin.segments else None
        if segment is None:
            beside.drop = max(beside.drop, height)
        elif pin.side == "down":
            beside.under[segment.channel] = max(beside.under.get(segment.channel, 0), height)
        else:
            band = segment.channel + 1
            beside.over[band] = max(beside.over.get(band, 0), height)


def _callouts(
    world: World, row: list[Slot], hangs: dict[int, int], band: int, beside: Beside
) -> None:
    for n, slot in enumerate(row):
        callouts: list[Callout] = world.callouts.get(slot.key, [])
        if not callouts:
            continue
        size = callout_size(world, callouts)
        left = n == 0 and len(row) > 1
        beside.callouts[slot.key] = (left, size)
        for pin in beside.label_pins:
            if pin.slot is slot and not left:
                # The callout hangs out beside the wire: its label must end before.
                room = pin.offset + TEXT_GAP + _widest(beside.labels[id(pin)])
                slot.half = max(slot.half, room)
                slot.left = max(slot.left, slot.half)
        if left:
            slot.left = max(slot.left, slot.half + size.width + 1)
        else:
            slot.right = max(slot.right, slot.half + size.width + 1)
        hangs[band] = max(hangs.get(band, 0), size.height - CALLOUT_INSIDE)


__all__ = ["Beside", "measure"]
