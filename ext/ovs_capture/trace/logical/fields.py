"""Where the symbols of logical flows are in a packet.

A packet is a dictionary of numbers by the names of OpenFlow fields, with ``inport`` and ``outport``
as names of ports. Fields that Open vSwitch keeps in one place (``arp.spa`` and ``ip4.src``; struct
flow of include/openvswitch/flow.h) are in one place here: the actions of OVN rely on it.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from ...logical.flow import Symbol
from ...logical.registers import bits
from ...logical.symbols import Definition, find_symbol

Packet = dict[str, int | str]

STRINGS = frozenset({"inport", "outport", "remote_outport"})
# Members of struct flow that several fields share (lib/meta-flow.c mf_get_value()).
_SHARED: Mapping[str, str] = {
    "arp_op": "nw_proto",
    "arp_spa": "nw_src",
    "arp_tpa": "nw_dst",
    "nd_sll": "arp_sha",
    "nd_tll": "arp_tha",
    "icmp_type": "tp_src",
    "icmp_code": "tp_dst",
}
_SUBFIELD = re.compile(r"(?P<of>[\w.]+)\[(?P<first>\d+)(?:\.\.(?P<last>\d+))?\]")
_WIDE = re.compile(r"(?P<family>x{1,2})reg(?P<n>\d)")
# include/ovn/logical-fields.h enum mff_log_flags_bits; flags.X is MLF_X_BIT but for these.
_FLAGS: Mapping[str, str] = {
    "loopback": "MLF_ALLOW_LOOPBACK",
    "tunnel_rx": "MLF_RX_FROM_TUNNEL",
    "igmp_loopback": "MLF_IGMP_IGMP_SNOOP_INJECT",
}


class Piece(NamedTuple):
    """``width`` bits of one number of the packet, from bit ``shift`` on."""

    key: str
    shift: int
    width: int


class Place(NamedTuple):
    """Where a symbol's bits are: pieces, the highest first. ``width``: of all together."""

    pieces: tuple[Piece, ...]
    width: int

    def get(self, packet: Packet) -> int:
        value = 0
        for key, shift, width in self.pieces:
            number = packet.get(key, 0)
            assert isinstance(number, int)
            value = value << width | number >> shift & (1 << width) - 1
        return value

    def put(self, packet: Packet, value: int) -> None:
        for key, shift, width in reversed(self.pieces):
            mask = (1 << width) - 1
            number = packet.get(key, 0)
            assert isinstance(number, int)
            packet[key] = number & ~(mask << shift) | (value & mask) << shift
            value >>= width


@lru_cache(maxsize=1 << 12)
def place_of(symbol: Symbol) -> Place | None:
    """None of a predicate, a string, and what nothing knows."""
    definition = find_symbol(symbol.name)
    if definition is None or definition.kind in ("predicate", "string"):
        return None
    whole = _whole(definition)
    if whole is None or symbol.first is None or symbol.last is None:
        return whole
    return _part(whole, symbol.first, symbol.last)


def _whole(definition: Definition) -> Place | None:
    name = definition.name
    if found := _WIDE.fullmatch(name):
        count = 2 if found["family"] == "x" else 4
        first = int(found["n"]) * count
        return Place(tuple(Piece(f"reg{first + i}", 0, 32) for i in range(count)), 32 * count)
    if found := _SUBFIELD.fullmatch(definition.expands):
        first = int(found["first"])
        last = int(found["last"] or first)
        whole = place_of(Symbol(found["of"]))
        return None if whole is None else _part(whole, first, last)
    if name.startswith("flags."):
        bit = _flag(name.removeprefix("flags."))
        return None if bit is None else Place((Piece("flags", bit, definition.bits),),
                                              definition.bits)  # fmt: skip
    key = name if name in ("flags", "__inport", "__outport") else definition.openflow or name
    return Place((Piece(_SHARED.get(key, key), 0, definition.bits),), definition.bits)


def _flag(name: str) -> int | None:
    known = _FLAGS.get(name, f"MLF_{name.upper()}")
    return next((one.place.first for one in reversed(bits()) if one.name == known), None)


def _part(whole: Place, first: int, last: int) -> Place | None:
    if not first <= last < whole.width:
        return None
    found = []
    end = whole.width
    for key, shift, width in whole.pieces:
        start = end - width
        low, high = max(first, start), min(last, end - 1)
        if low <= high:
            found.append(Piece(key, shift + low - start, high - low + 1))
        end = start
    return Place(tuple(found), last - first + 1)
