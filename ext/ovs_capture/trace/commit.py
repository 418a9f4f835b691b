"""What the datapath must do so that the packet looks as the flows want it.

Lives here: the difference between the packet as the flows see it and as the datapath has it, as
datapath actions in the text of ``ofproto/trace`` (lib/odp-util.c commit_odp_actions). The switch
says so only when a copy leaves, so that what is changed and changed back costs nothing.
"""

from collections.abc import Callable, Iterator, Mapping

from ..openflow.values import address_of_number, hexadecimal, mac_of_number
from . import mpls
from . import packet as p
from .packet import Packet

# Label, entry, bits of it, how it is written.
_Part = tuple[str, str, int, Callable[[int], str]]


def _ipv4(value: int) -> str:
    return address_of_number(value, "ipv4")


def _ipv6(value: int) -> str:
    return address_of_number(value, "ipv6")


_MAC = (1 << 48) - 1
_ETHERNET: tuple[_Part, ...] = (
    ("src", "eth_src", _MAC, mac_of_number),
    ("dst", "eth_dst", _MAC, mac_of_number),
)
_IPV4: tuple[_Part, ...] = (
    ("src", "nw_src", (1 << 32) - 1, _ipv4),
    ("dst", "nw_dst", (1 << 32) - 1, _ipv4),
    ("tos", "nw_tos", 0xFF, hexadecimal),
    ("ttl", "nw_ttl", 0xFF, str),
)
_IPV6: tuple[_Part, ...] = (
    ("src", "ipv6_src", (1 << 128) - 1, _ipv6),
    ("dst", "ipv6_dst", (1 << 128) - 1, _ipv6),
    ("label", "ipv6_label", 0xFFFFF, hexadecimal),
    ("tclass", "nw_tos", 0xFF, hexadecimal),
    ("hlimit", "nw_ttl", 0xFF, str),
)
_ARP: tuple[_Part, ...] = (
    ("sip", "nw_src", (1 << 32) - 1, _ipv4),
    ("tip", "nw_dst", (1 << 32) - 1, _ipv4),
    ("op", "nw_proto", 0xFF, str),
    ("sha", "arp_sha", _MAC, mac_of_number),
    ("tha", "arp_tha", _MAC, mac_of_number),
)
_PORTS: tuple[_Part, ...] = (("src", "tp_src", 0xFFFF, str), ("dst", "tp_dst", 0xFFFF, str))
_ND: tuple[_Part, ...] = (
    ("target", "nd_target", (1 << 128) - 1, _ipv6),
    ("sll", "arp_sha", _MAC, mac_of_number),
    ("tll", "arp_tha", _MAC, mac_of_number),
)
_ND_EXTENSION: tuple[_Part, ...] = (
    ("nd_reserved", "nd_reserved", (1 << 32) - 1, hex),
    ("nd_options_type", "nd_options_type", 0xFF, str),
)
_NSH: tuple[_Part, ...] = (
    ("flags", "nsh_flags", 0xFF, str),
    ("ttl", "nsh_ttl", 0xFF, str),
    ("spi", "nsh_spi", 0xFFFFFF, hex),
    ("si", "nsh_si", 0xFF, str),
    *((f"c{n}", f"nsh_c{n}", (1 << 32) - 1, hex) for n in range(1, 5)),
)
_TRANSPORT = {p.TCP: "tcp", p.UDP: "udp", p.SCTP: "sctp"}


def commit(flow: Packet, base: Packet, touched: Mapping[str, int]) -> list[str]:
    """Datapath actions that make ``base`` equal to ``flow``, and make it so.

    ``touched``: bits that were read or written; a set action writes no others.
    """
    if flow == base:
        return []
    return list(_actions(flow, base, touched))


def _actions(flow: Packet, base: Packet, touched: Mapping[str, int]) -> Iterator[str]:
    yield from _encapsulation(flow, base)
    yield from _masked("eth", _ETHERNET, flow, base, touched)
    was_mpls = base["eth_type"] in p.MPLS_TYPES
    if was_mpls and flow["eth_type"] not in p.MPLS_TYPES:
        yield from mpls.commit(flow, base)
        was_mpls = False
    if flow["packet_type"] == p.NSH_PACKET or flow["eth_type"] == p.NSH:
        yield from _masked("nsh", _NSH, flow, base, touched)
    yield from _network(flow, base, touched)
    yield from _transport(flow, base, touched)
    if was_mpls or flow["eth_type"] in p.MPLS_TYPES:
        yield from mpls.commit(flow, base)
    yield from _tags(flow, base)
    if flow["skb_priority"] != base["skb_priority"]:
        base["skb_priority"] = flow["skb_priority"]
        yield f"set(skb_priority({hexadecimal(flow['skb_priority'])}))"
    yield from _mark(flow, base, touched)


def _mark(flow: Packet, base: Packet, touched: Mapping[str, int]) -> Iterator[str]:
    mark = flow["pkt_mark"]
    if mark == base["pkt_mark"]:
        return
    base["pkt_mark"] = mark
    mask = touched.get("pkt_mark", 0) or 0xFFFFFFFF
    text = hexadecimal(mark & mask) + (f"/{mask:#x}" if mask != 0xFFFFFFFF else "")
    yield f"set(skb_mark({text}))"


def _masked(
    kind: str,
    parts: tuple[_Part, ...],
    flow: Packet,
    base: Packet,
    touched: Mapping[str, int],
) -> Iterator[str]:
    told = []
    for label, entry, whole, write in parts:
        value = flow[entry]
        if value == base[entry]:
            continue
        mask = touched.get(entry, 0) & whole or whole
        base[entry] = value
        text = write(value & mask)
        told.append(f"{label}={text}" if mask == whole else f"{label}={text}/{write(mask)}")
    if told:
        yield f"set({kind}({','.join(told)}))"


def _network(flow: Packet, base: Packet, touched: Mapping[str, int]) -> Iterator[str]:
    if not flow["nw_proto"]:
        return
    eth_type = base["eth_type"]
    if eth_type == p.IPV4:
        yield from _masked("ipv4", _IPV4, flow, base, touched)
    elif eth_type == p.IPV6:
        yield from _masked("ipv6", _IPV6, flow, base, touched)
        if p.is_neighbor_discovery(flow):
            yield from _masked("nd_ext", _ND_EXTENSION, flow, base, touched)
            yield from _masked("nd", _ND, flow, base, touched)
    elif eth_type in (p.ARP, p.RARP):
        yield from _masked("arp", _ARP, flow, base, touched)


def _transport(flow: Packet, base: Packet, touched: Mapping[str, int]) -> Iterator[str]:
    if not flow["nw_proto"] or not p.is_ip(base):
        return
    protocol = base["nw_proto"]
    if protocol in _TRANSPORT:
        if base["tp_src"] or base["tp_dst"]:
            yield from _masked(_TRANSPORT[protocol], _PORTS, flow, base, touched)
    elif protocol == (p.ICMP if base["eth_type"] == p.IPV4 else p.ICMP6):
        ends = flow["tp_src"], flow["tp_dst"]
        if ends != (base["tp_src"], base["tp_dst"]):
            base["tp_src"], base["tp_dst"] = ends
            name = "icmp" if protocol == p.ICMP else "icmpv6"
            yield f"set({name}(type={ends[0]},code={ends[1]}))"


def tags_of(packet: Packet) -> list[tuple[int, int]]:
    """TPID and TCI of each VLAN header, outermost first."""
    found = []
    for tpid, tci in (("vlan_tpid", "vlan_tci"), ("vlan_tpid1", "vlan_tci1")):
        if not packet[tci] & p.TAGGED:
            break
        found.append((packet[tpid], packet[tci]))
    return found


def _tags(flow: Packet, base: Packet) -> Iterator[str]:
    wanted, there = tags_of(flow), tags_of(base)
    while wanted and there and wanted[-1] == there[-1]:
        wanted.pop()
        there.pop()
    for _ in there:
        yield "pop_vlan"
    for tpid, tci in reversed(wanted):
        kind = "" if tpid == p.VLAN else f"tpid={tpid:#06x},"
        yield f"push_vlan({kind}vid={tci & p.VID},pcp={tci >> p.PCP_SHIFT})"
    for entry in ("vlan_tpid", "vlan_tci", "vlan_tpid1", "vlan_tci1"):
        base[entry] = flow[entry]


def _encapsulation(flow: Packet, base: Packet) -> Iterator[str]:
    """``encap`` and ``decap``; each was committed before the next began."""
    if flow["packet_type"] == base["packet_type"] and flow["eth_type"] == base["eth_type"]:
        return
    before, after = base["packet_type"], flow["packet_type"]
    if before == after:
        return
    if after == p.NSH_PACKET:
        yield (
            f"push_nsh(flags={flow['nsh_flags']},ttl={flow['nsh_ttl']},mdtype={flow['nsh_mdtype']},"
            f"np={flow['nsh_np']},spi={flow['nsh_spi']:#x},si={flow['nsh_si']},"
            + ",".join(f"c{n}={flow[f'nsh_c{n}']:#x}" for n in range(1, 5))
            + ")"
        )
        for entry in (*p.NETWORK, "eth_src", "eth_dst", "eth_type"):
            base[entry] = flow[entry]
    elif after == p.ETHERNET_PACKET:
        src, dst = mac_of_number(flow["eth_src"]), mac_of_number(flow["eth_dst"])
        yield f"push_eth(src={src},dst={dst})"
        for entry in ("eth_src", "eth_dst", "eth_type"):
            base[entry] = flow[entry]
    elif before == p.ETHERNET_PACKET:
        yield "pop_eth"
        for entry in ("eth_src", "eth_dst", "eth_type"):
            base[entry] = flow[entry]
    base["packet_type"] = after
