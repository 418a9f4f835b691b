"""A match as what it tests: entries of the packet, each with a value and a mask.

Lives here: ``Match`` -> ``Key``. A clause's prerequisites are tested too (``tcp`` tests the
Ethernet type and the protocol), as the switch itself does. May not know: priorities, tables,
packets' text.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..openflow import fields, values
from ..openflow.flow import Clause, Match
from . import packet as p

# Entry -> (value, mask), sorted by entry; a value has no bit that its mask lacks.
Tests = tuple[tuple[str, int, int], ...]


class Key(NamedTuple):
    """``tests``, and the clauses that could not be read: then nobody knows what it matches."""

    tests: Tests
    unread: tuple[str, ...]


def key_of(match: Match, ports: Mapping[str, int]) -> Key:
    """What a match tests. ``ports``: numbers of the bridge's ports by name."""
    tests: dict[str, tuple[int, int]] = {}
    unread = []
    for clause in match.clauses:
        found = list(_tests(clause, ports))
        if not found:
            unread.append(clause.text)
        for entry, value, mask in found:
            if not mask:
                continue
            before, ones = tests.get(entry, (0, 0))
            tests[entry] = (before | value, ones | mask)
    return Key(
        tuple((entry, value & mask, mask) for entry, (value, mask) in sorted(tests.items())),
        tuple(unread),
    )


def _tests(clause: Clause, ports: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    name = clause.field
    if clause.value is None:
        yield from _protocol_tests(clause)
        return
    field = fields.find_field(name)
    if field is None:
        return
    if name == "ip_frag":
        value, mask = {
            "no": (0, 3), "yes": (1, 1), "first": (1, 3), "later": (3, 3), "not_later": (0, 2),
        }.get(clause.value, (0, 0))  # fmt: skip
        if mask:
            yield "nw_frag", value, mask
        return
    if field.format == "flags":
        signs = values.flag_signs(clause.value, fields.bits_of(name))
        if signs is not None:
            bits = fields.bits_of(name)
            yield (
                name,
                sum(1 << bits[flag] for flag, is_set in signs if is_set),
                sum(1 << bits[flag] for flag, _ in signs),
            )
        return
    value_ = p.number_of(name, clause.value, ports)
    if value_ is None:
        return
    whole = (1 << sum(place.width for place in p.places(name))) - 1
    mask_ = whole if clause.mask is None else p.mask_of(name, clause.mask)
    if mask_ is None:
        return
    yield from _field_tests(name, value_, mask_, is_exact=clause.mask is None)


def _field_tests(
    name: str, value: int, mask: int, *, is_exact: bool
) -> Iterator[tuple[str, int, int]]:
    """VLANs are told in several ways (lib/match.c match_set_dl_vlan and its neighbours)."""
    if name in ("dl_vlan", "vlan_vid") and is_exact:
        if value == 0xFFFF:
            yield "vlan_tci", 0, 0xFFFF
        elif name == "vlan_vid" and not value:
            yield "vlan_tci", 0, p.TAGGED | p.VID
        else:
            yield "vlan_tci", value & p.VID | p.TAGGED, p.TAGGED | p.VID
    elif name in ("dl_vlan_pcp", "vlan_pcp"):
        yield "vlan_tci", value << p.PCP_SHIFT | p.TAGGED, 7 << p.PCP_SHIFT | p.TAGGED
    elif name == "nw_tos":
        yield "nw_tos", value & 0xFC, 0xFC
    elif name == "arp_op":
        yield "nw_proto", value & 0xFF, 0xFF
    elif name == "in_port_oxm":
        yield "in_port", value & 0xFFFF, (1 << 32) - 1
    else:
        if name.startswith("tun_metadata"):
            bit = 1 << int(name[12:])
            yield "tun_options", bit, bit
        yield from p.spread(name, value, mask)


def _protocol_tests(clause: Clause) -> Iterator[tuple[str, int, int]]:
    protocol = fields.find_protocol(clause.field)
    if protocol is not None:
        for name, text in protocol.implies.items():
            value = p.number_of(name, text)
            if value is not None:
                yield from p.spread(name, value, -1 & ((1 << p.places(name)[0].width) - 1))
        if not protocol.implies:
            yield "packet_type", 0, 0xFFFFFFFF
    elif clause.field.startswith("tun_metadata"):
        bit = 1 << int(clause.field[12:])
        yield "tun_options", bit, bit
