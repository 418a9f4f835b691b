"""NORMAL: what a learning switch with VLANs does with a packet.

Lives here: the decision, as the ports to send to and the tag there (ofproto/ofproto-dpif-xlate.c
xlate_normal). May not know: how a packet is sent.
"""

from collections.abc import Iterator
from typing import NamedTuple

from . import packet as p
from .commit import tags_of
from .packet import Packet
from .result import RemarkCode
from .switch import Bridge, Port

# What bridges keep to themselves (lib/packets.c eth_addr_is_reserved, IEEE 802.1Q table 8-1).
_RESERVED_RANGE, _RANGE_MASK = 0x0180C2000000, 0xFFFFFFFFFFF0
_RESERVED = frozenset({
    0x00E02B000000, 0x00E02B000004, 0x00E02B000006,  # Extreme's EDP and EAPS
    0x01000C000000, 0x01000CCCCCCC, 0x01000CCCCCCD, 0x01000CCDCDCD,  # Cisco's ISL, CDP, PVST
})  # fmt: skip


class Decision(NamedTuple):
    """``ports``: where to; ``vlan``: of the packet inside the switch; ``why``: what decided it.

    ``tags``: TPID and TCI of its tags inside the switch, outermost first, without the TCI's bit 12.
    ``is_flood``: to all, since nothing was learned. ``bonds``: ports with several interfaces, of
    which one is taken.
    """

    ports: tuple[Port, ...]
    vlan: int
    why: RemarkCode
    is_flood: bool = False
    bonds: tuple[str, ...] = ()
    tags: tuple[tuple[int, int], ...] = ()


def decide(bridge: Bridge, packet: Packet) -> Decision:
    """Where NORMAL sends a packet."""
    port = bridge.by_number.get(packet["in_port"])
    if port is None:
        return Decision((), 0, RemarkCode.PORT_UNKNOWN)
    tci = packet["vlan_tci"]
    vid = tci & p.VID if tci & p.TAGGED else 0
    vlan = _vlan_inside(port, vid)
    if vlan is None:
        return Decision((), vid, RemarkCode.NORMAL_VLAN)
    if is_reserved(packet["eth_dst"]):
        return Decision((), vlan, RemarkCode.NORMAL_RESERVED)
    tags = _tags_inside(port, packet, vlan)
    learned = bridge.fdb.get((vlan, packet["eth_dst"]))
    target = bridge.by_number.get(learned) if learned is not None else None
    if target is not None:
        if target.bundle == port.bundle:
            return Decision((), vlan, RemarkCode.NORMAL_LOOP)
        return Decision((target,), vlan, RemarkCode.NORMAL_LEARNED, tags=tags)
    found, bonds = _flood(bridge, port, vlan, is_double=any(tci & p.VID for _, tci in tags[1:]))
    return Decision(found, vlan, RemarkCode.NORMAL_FLOOD, is_flood=True, bonds=bonds, tags=tags)


def is_reserved(mac: int) -> bool:
    return mac & _RANGE_MASK == _RESERVED_RANGE or mac in _RESERVED


def _vlan_inside(port: Port, vid: int) -> int | None:
    """The VLAN of a packet that came with ``vid`` (0: none), None when it is not let in."""
    if port.mode == "access":
        return None if vid else port.tag or 0
    if not vid and port.mode.startswith("native"):
        return port.tag or 0
    if port.mode == "dot1q-tunnel":
        return port.tag or 0
    return vid if carries(port, vid) else None


def carries(port: Port, vlan: int, *, is_double: bool = False) -> bool:
    """Does this port have the VLAN? An access port sends no packet that would still have a tag."""
    if port.mode == "access":
        return vlan == (port.tag or 0) and not is_double
    if port.mode == "dot1q-tunnel":
        return vlan == (port.tag or 0)
    if port.mode.startswith("native") and vlan == (port.tag or 0):
        return True
    return not port.trunks or vlan in port.trunks


def _flood(
    bridge: Bridge, source: Port, vlan: int, *, is_double: bool
) -> tuple[tuple[Port, ...], tuple[str, ...]]:
    members: dict[str, list[Port]] = {}
    for port in bridge.ports:
        if port.bundle != source.bundle and carries(port, vlan, is_double=is_double):
            members.setdefault(port.bundle, []).append(port)
    taken = tuple(ports[0] for ports in members.values() if all(port.floods for port in ports))
    return taken, tuple(name for name, ports in members.items() if len(ports) > 1)


def _tags_inside(port: Port, packet: Packet, vlan: int) -> tuple[tuple[int, int], ...]:
    """A packet of no VLAN gets that of the port, and keeps its priority; a tunnel adds a tag."""
    tags = tuple((tpid, tci & ~p.TAGGED) for tpid, tci in tags_of(packet))
    if port.mode == "dot1q-tunnel":
        return ((p.QINQ, vlan), *tags[:1])
    tpid, tci = tags[0] if tags else (p.VLAN, 0)
    return ((tpid, tci if tci & p.VID else tci | vlan), *tags[1:])


def tagged_for(port: Port, packet: Packet, decision: Decision) -> Packet:
    """The packet as it leaves through ``port``; a tag that says neither VLAN nor priority is none.

    What vsctl show does not print, priority-tags and qinq-ethtype, is taken as it is when not set.
    """
    tags = decision.tags
    if port.mode == "access":
        tags = ()
    elif port.mode == "dot1q-tunnel" or (
        port.mode == "native-untagged" and decision.vlan == (port.tag or 0)
    ):
        tags = tags[1:]
    tags = (*((tpid, tci | p.TAGGED) for tpid, tci in tags if tci), (0, 0), (0, 0))
    sent = packet.copy()
    (sent["vlan_tpid"], sent["vlan_tci"]), (sent["vlan_tpid1"], sent["vlan_tci1"]) = tags[:2]
    return sent


def flooded(bridge: Bridge, packet: Packet, *, everywhere: bool) -> Iterator[Port]:
    """FLOOD and ALL: every port but the one that the packet came from."""
    for port in bridge.ports:
        if port.number != packet["in_port"] and (everywhere or port.floods):
            yield port
