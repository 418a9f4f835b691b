"""MPLS label stacks: entries ``mpls_lse0`` (the outermost) to ``mpls_lse2`` of a packet.

Lives here: pushing, popping, and the datapath actions that do it (lib/flow.c, lib/odp-util.c).
"""

from collections.abc import Iterator

from . import packet as p
from .packet import Packet

BOTTOM = 1 << 8
_LSES = tuple(f"mpls_lse{depth}" for depth in range(p.MPLS_DEPTH))
_IPV6_NULL = 2


def count(packet: Packet) -> int:
    """How many labels, as far as the switch can see."""
    if packet["eth_type"] not in p.MPLS_TYPES:
        return 0
    labels = 0
    for depth, entry in enumerate(_LSES):
        if packet[entry] & BOTTOM:
            return depth + 1
        labels += bool(packet[entry])
    return labels


def push(packet: Packet, eth_type: int) -> bool:
    """A new outermost label, a copy of the one below or made of the IP header."""
    depth = count(packet)
    if depth >= p.MPLS_DEPTH:
        return False
    if depth:
        for below in range(p.MPLS_DEPTH - 1, 0, -1):
            packet[_LSES[below]] = packet[_LSES[below - 1]]
        packet["mpls_lse0"] &= ~BOTTOM
    else:
        label = _IPV6_NULL if packet["eth_type"] == p.IPV6 else 0
        traffic_class, ttl = 0, 64
        if p.is_ip(packet):
            traffic_class = packet["nw_tos"] >> 2 & 7
            ttl = packet["nw_ttl"] or 64
        packet["mpls_lse0"] = label << 12 | traffic_class << 9 | BOTTOM | ttl
        for entry in p.NETWORK:
            packet[entry] = 0
    packet["eth_type"] = eth_type
    return True


def pop(packet: Packet, eth_type: int) -> bool:
    """Without its outermost label; False when there is none, or more than can be seen."""
    depth = count(packet)
    if not depth or (depth == p.MPLS_DEPTH and not packet[_LSES[-1]] & BOTTOM):
        return False
    for above in range(p.MPLS_DEPTH - 1):
        packet[_LSES[above]] = packet[_LSES[above + 1]]
    packet[_LSES[-1]] = 0
    packet["eth_type"] = eth_type
    return True


def _told(lse: int) -> str:
    return f"label={lse >> 12},tc={lse >> 9 & 7},ttl={lse & 0xFF},bos={lse >> 8 & 1}"


def commit(flow: Packet, base: Packet) -> Iterator[str]:
    wanted = [flow[entry] for entry in _LSES[: count(flow)]]
    there = [base[entry] for entry in _LSES[: count(base)]]
    common = 0
    while common < min(len(wanted), len(there)) and wanted[-1 - common] == there[-1 - common]:
        common += 1
    has_changed = len(there) > common or len(wanted) > common
    while len(there) > common:
        if len(there) == common + 1 and len(wanted) > common:
            lse = wanted[len(wanted) - len(there)]
            yield f"set(mpls({_told(lse)}))"
            there[0] = lse
            common += 1
        else:
            is_last = len(there) == 1 and not wanted
            yield f"pop_mpls(eth_type={flow['eth_type'] if is_last else p.MPLS:#x})"
            there.pop(0)
    for lse in reversed(wanted[: len(wanted) - len(there)]):
        yield f"push_mpls({_told(lse)},eth_type={flow['eth_type']:#x})"
    if has_changed:
        for entry in (*_LSES, *p.NETWORK, "eth_type"):
            base[entry] = flow[entry]
