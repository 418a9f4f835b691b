"""The packet of a logical trace: a microflow as ``ovn-trace`` takes it, and a packet as one.

    inport == "lp1" && eth.src == 00:00:00:00:00:01 && ip4.dst == 10.0.0.2 && ip.ttl == 64 && tcp

A microflow is a match that leaves one way only to be true: what it does not name is zero. Of
several ways (``ip``, without ``ip4``) the one counts that the rest allows; two are ambiguous
(ovn-trace(8), lib/expr.c expr_parse_microflow()).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from ...logical.flow import And, Boolean, Comparison, Expression, Not, Or, Predicate, Symbol
from ...logical.match import parse_match
from ...logical.symbols import all_symbols, find_symbol
from .expressions import holds
from .fields import STRINGS, Packet, Place, place_of

_MOST_WAYS = 256


@dataclass(frozen=True)
class MicroflowError(Exception):
    """Why a microflow is none. ``code`` names the reason, ``args_of_code`` are its holes."""

    code: str
    args_of_code: Mapping[str, str] = field(default_factory=dict)
    column: int = 1


class Bits(NamedTuple):
    """One thing that must hold: these bits of the packet have this value; or a port's name."""

    name: str
    place: Place | None
    value: int
    mask: int
    text: str = ""


@cache
def _empty() -> Packet:
    found: Packet = dict.fromkeys(sorted(STRINGS), "")
    for name in all_symbols():
        place = place_of(Symbol(name))
        for piece in place.pieces if place else ():
            found.setdefault(piece.key, 0)
    return found


def empty_packet() -> Packet:
    """A packet of which everything is zero."""
    return dict(_empty())


def parse_microflow(text: str) -> Packet:
    """Read a microflow. Raises MicroflowError, and nothing else."""
    match, problems = parse_match(text)
    if problems:
        first = problems[0]
        reason = first.args.get("reason") or ", ".join(first.args.values())
        raise MicroflowError("syntax", {"what": reason}, first.start + 1)
    ways = _without_contradiction(_ways(match.expression, False))
    if not ways:
        raise MicroflowError("contradictory", {})
    packets = [_packet(way) for way in ways]
    if any(packet != packets[0] for packet in packets[1:]):
        raise MicroflowError("ambiguous", {})
    if not packets[0]["inport"]:
        raise MicroflowError("no-inport", {})
    return packets[0]


def _ways(expression: Expression, negated: bool) -> list[tuple[Bits, ...]]:
    """All ways for an expression to be true: its disjunctive normal form."""
    match expression:
        case Boolean(value):
            return [()] if value != negated else []
        case Not(operand):
            return _ways(operand, not negated)
        case And(operands) | Or(operands):
            parts = [_ways(one, negated) for one in operands]
            if isinstance(expression, Or) != negated:
                return [way for part in parts for way in part]
            return _crossed(parts)
        case Predicate(symbol):
            definition = find_symbol(symbol.name)
            if definition is not None and definition.kind == "predicate":
                return _ways(parse_match(definition.expands)[0].expression, negated)
            return _with_prerequisite(symbol, [_bits(symbol, 0 if negated else 1, None)])
        case Comparison():
            return _compared(expression, negated)
        case _:
            raise MicroflowError("ambiguous", {})


def _crossed(parts: list[list[tuple[Bits, ...]]]) -> list[tuple[Bits, ...]]:
    found: list[tuple[Bits, ...]] = [()]
    # What has one way first: it rules out most of the others.
    for part in sorted(parts, key=len):
        found = _without_contradiction([(*way, *more) for way in found for more in part])
        if len(found) > _MOST_WAYS:
            raise MicroflowError("ambiguous", {})
    return found


def _compared(expression: Comparison, negated: bool) -> list[tuple[Bits, ...]]:
    symbol = expression.symbol
    definition = find_symbol(symbol.name)
    equal = (expression.relop == "==") != negated
    if definition is None or expression.relop not in ("==", "!="):
        raise MicroflowError("ambiguous", {})
    if definition.kind == "predicate":
        value = any(one.value for one in expression.constants)
        inner = parse_match(definition.expands)[0].expression
        return _ways(inner, bool(value) != equal)
    place = place_of(symbol)
    if not equal and (place is None or place.width != 1):
        raise MicroflowError("ambiguous", {})
    found: list[tuple[Bits, ...]] = []
    for one in expression.constants:
        if symbol.name in STRINGS:
            found.append((Bits(symbol.name, None, 0, 0, str(one.value)),))
        elif isinstance(one.value, int):
            number = one.value if equal else 1 - one.value
            found += _with_prerequisite(symbol, [_bits(symbol, number, one.mask)])
        else:
            raise MicroflowError("ambiguous", {})
    return found


def _bits(symbol: Symbol, value: int, mask: int | None) -> Bits:
    place = place_of(symbol)
    if place is None:
        raise MicroflowError("no-field", {"field": symbol.name})
    return Bits(symbol.name, place, value, (1 << place.width) - 1 if mask is None else mask)


def _with_prerequisite(symbol: Symbol, bits: list[Bits]) -> list[tuple[Bits, ...]]:
    definition = find_symbol(symbol.name)
    if definition is None or not definition.prerequisite:
        return [tuple(bits)]
    needed = _ways(parse_match(definition.prerequisite)[0].expression, False)
    return [(*way, *bits) for way in needed]


def _without_contradiction(ways: list[tuple[Bits, ...]]) -> list[tuple[Bits, ...]]:
    return [way for way in ways if _agrees(way)]


def _agrees(way: tuple[Bits, ...]) -> bool:
    known: dict[str, tuple[int, int]] = {}
    ports: dict[str, str] = {}
    for one in way:
        if one.place is None:
            if ports.setdefault(one.name, one.text) != one.text:
                return False
            continue
        for key, value, mask in _pieces(one):
            before, told = known.get(key, (0, 0))
            if (before ^ value) & mask & told:
                return False
            known[key] = (before & ~mask | value & mask, told | mask)
    return True


def _pieces(one: Bits) -> Iterator[tuple[str, int, int]]:
    """Number of the packet, value and mask of each piece."""
    assert one.place is not None
    value, mask = one.value, one.mask
    for key, shift, width in reversed(one.place.pieces):
        low = (1 << width) - 1
        yield key, (value & low) << shift, (mask & low) << shift
        value, mask = value >> width, mask >> width


def _packet(way: tuple[Bits, ...]) -> Packet:
    packet = empty_packet()
    for one in way:
        if one.place is None:
            packet[one.name] = one.text
            continue
        for key, value, mask in _pieces(one):
            number = packet[key]
            assert isinstance(number, int)
            packet[key] = number & ~mask | value & mask
    return packet


# What is printed of a packet, in this order; a field that it does not have is not.
_PRINTED = (
    "inport", "outport", "eth.src", "eth.dst", "eth.type", "vlan.tci", "arp.op", "arp.spa",
    "arp.tpa", "arp.sha", "arp.tha", "ip4.src", "ip4.dst", "ip6.src", "ip6.dst", "ip.proto",
    "ip.ttl", "ip.dscp", "ip.ecn", "ip.frag", "tcp.src", "tcp.dst", "tcp.flags", "udp.src",
    "udp.dst", "sctp.src", "sctp.dst", "icmp4.type", "icmp4.code", "icmp6.type", "icmp6.code",
    "nd.target", "nd.sll", "nd.tll", "ct_state", "ct_mark", "ct_label", "flags",
    *(f"reg{number}" for number in range(10)),
)  # fmt: skip
# These are told although they are zero.
_ALWAYS = frozenset({"eth.src", "eth.dst", "arp.op", "ip4.src", "ip4.dst", "ip6.src", "ip6.dst",
                     "ip.ttl", "tcp.src", "tcp.dst", "udp.src", "udp.dst"})  # fmt: skip


def packet_text(packet: Packet) -> str:
    """A packet as a microflow: what it has, and what is not zero."""
    return " && ".join(_printed(packet))


def _printed(packet: Packet) -> Iterator[str]:
    for name in _PRINTED:
        if name in STRINGS:
            if packet[name]:
                yield f'{name} == "{packet[name]}"'
            continue
        definition = find_symbol(name)
        place = place_of(Symbol(name))
        if definition is None or place is None:
            continue
        value = place.get(packet)
        if not value and name not in _ALWAYS:
            continue
        if definition.prerequisite and not holds(definition.prerequisite)(packet):
            continue
        yield f"{name} == {value_text(name, value)}"


def value_text(name: str, value: int) -> str:
    """A field's value as the language writes it."""
    definition = find_symbol(name)
    width = 0 if definition is None else definition.bits
    if width == 48:
        return ":".join(f"{octet:02x}" for octet in value.to_bytes(6, "big"))
    if width == 32 and name.startswith(("ip4.", "arp.", "rarp.")):
        return str(IPv4Address(value))
    if width == 128 and name.startswith(("ip6.", "nd.")):
        return str(IPv6Address(value))
    if name in ("eth.type", "ct_state", "ct_label", "ct_mark", "flags") or "reg" in name:
        return f"{value:#x}"
    return str(value)
