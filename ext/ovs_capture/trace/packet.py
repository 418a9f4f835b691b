"""A packet as the switch sees it, and where each field of ovs-fields(7) lies in it.

Lives here: the headers as one dictionary of integers (``struct flow`` of
include/openvswitch/flow.h), fields as bits of its entries, and prerequisites. May not know: flows,
captures, text.

Several fields share an entry, as in ``struct flow``: ``tp_src`` holds the source port of TCP, UDP
and SCTP and the type of ICMP; ``nw_proto`` also ARP's opcode; ``arp_sha`` also the link-layer
address of neighbor discovery. A write to a field that the packet lacks is ignored, so that they
never mix.
"""

from collections.abc import Mapping
from functools import cache
from socket import AF_INET, AF_INET6, inet_pton
from typing import NamedTuple

from ..openflow import fields, values

IPV4, IPV6, ARP, RARP = 0x0800, 0x86DD, 0x0806, 0x8035
VLAN, QINQ, MPLS, MPLS_MULTICAST, NSH = 0x8100, 0x88A8, 0x8847, 0x8848, 0x894F
VLAN_TYPES, MPLS_TYPES = (VLAN, QINQ), (MPLS, MPLS_MULTICAST)
ICMP, IGMP, TCP, UDP, ICMP6, SCTP = 1, 2, 6, 17, 58, 132
TAGGED = 0x1000  # the bit of a TCI that says that there is a tag
VID, PCP_SHIFT = 0xFFF, 13
MPLS_DEPTH = 3  # FLOW_MAX_MPLS_LABELS
FRAGMENT, LATER = 1, 2  # FLOW_NW_FRAG_ANY, FLOW_NW_FRAG_LATER
NO_PORT = 0xFFFF
UNSET_PORT = 0xFFFFFFF7
NSH_PACKET, ETHERNET_PACKET = 1 << 16 | NSH, 0

TRACKING = (
    "ct_state", "ct_zone", "ct_mark", "ct_label", "ct_nw_src", "ct_nw_dst", "ct_nw_proto",
    "ct_ipv6_src", "ct_ipv6_dst", "ct_tp_src", "ct_tp_dst",
)  # fmt: skip
REGISTERS = tuple(f"reg{number}" for number in range(32))
MAX_OPTIONS = 64
TUNNEL = (
    "tun_id", "tun_src", "tun_dst", "tun_ipv6_src", "tun_ipv6_dst", "tun_flags", "tun_ttl",
    "tun_tos", "tun_gbp_id", "tun_gbp_flags", "tun_erspan_idx", "tun_erspan_ver",
    "tun_erspan_dir", "tun_erspan_hwid", "tun_gtpu_flags", "tun_gtpu_msgtype", "tun_options",
    "tun_tp_dst", *(f"tun_metadata{number}" for number in range(MAX_OPTIONS)),
)  # fmt: skip
NSH_FIELDS = (
    "nsh_flags", "nsh_ttl", "nsh_mdtype", "nsh_np", "nsh_spi", "nsh_si", "nsh_c1", "nsh_c2",
    "nsh_c3", "nsh_c4",
)  # fmt: skip
# What lies behind the Ethernet type.
NETWORK = (
    "nw_src", "nw_dst", "ipv6_src", "ipv6_dst", "ipv6_label", "nw_proto", "nw_tos", "nw_ttl",
    "nw_frag", "arp_sha", "arp_tha", "nd_target", "nd_reserved", "nd_options_type", "tp_src",
    "tp_dst", "tcp_flags", "igmp_group", *NSH_FIELDS,
)  # fmt: skip
_BARE = (
    "dp_hash", "recirc_id", "packet_type", "conj_id", "metadata", "in_port", "actset_output",
    "skb_priority", "pkt_mark", "eth_src", "eth_dst", "eth_type", "vlan_tci", "vlan_tpid",
    "vlan_tci1", "vlan_tpid1", *(f"mpls_lse{depth}" for depth in range(MPLS_DEPTH)),
)  # fmt: skip
_EMPTY = dict.fromkeys((*_BARE, *TRACKING, *REGISTERS, *TUNNEL[:18], *NETWORK), 0)


class Packet(dict[str, int]):
    """The entries named above; what is not there is 0 (options of tunnels seldom are)."""

    def __missing__(self, key: str) -> int:
        return 0

    def copy(self) -> "Packet":
        return Packet(self)


def new_packet() -> Packet:
    """No headers, from no port."""
    packet = Packet(_EMPTY)
    packet["in_port"] = NO_PORT
    packet["actset_output"] = UNSET_PORT
    return packet


class Place(NamedTuple):
    """``width`` bits of an entry, from bit ``shift`` on."""

    entry: str
    shift: int
    width: int

    @property
    def mask(self) -> int:
        return ((1 << self.width) - 1) << self.shift


# Fields that are bits of an entry of another name: (entry, shift, width).
_PLACES: dict[str, Place] = {
    "in_port_oxm": Place("in_port", 0, 32),
    "dl_vlan": Place("vlan_tci", 0, 12),
    "vlan_vid": Place("vlan_tci", 0, 13),
    "dl_vlan_pcp": Place("vlan_tci", 13, 3),
    "vlan_pcp": Place("vlan_tci", 13, 3),
    "dl_vlan1": Place("vlan_tci1", 0, 12),
    "dl_vlan_pcp1": Place("vlan_tci1", 13, 3),
    "mpls_label": Place("mpls_lse0", 12, 20),
    "mpls_tc": Place("mpls_lse0", 9, 3),
    "mpls_bos": Place("mpls_lse0", 8, 1),
    "mpls_ttl": Place("mpls_lse0", 0, 8),
    "ip_src": Place("nw_src", 0, 32),
    "ip_dst": Place("nw_dst", 0, 32),
    "arp_spa": Place("nw_src", 0, 32),
    "arp_tpa": Place("nw_dst", 0, 32),
    "arp_op": Place("nw_proto", 0, 8),
    "ip_dscp": Place("nw_tos", 2, 6),
    "nw_tos": Place("nw_tos", 0, 8),
    "nw_ecn": Place("nw_tos", 0, 2),
    "ip_frag": Place("nw_frag", 0, 2),
    "nd_sll": Place("arp_sha", 0, 48),
    "nd_tll": Place("arp_tha", 0, 48),
    **{f"{kind}_{end}": Place(f"tp_{end}", 0, 16)
       for kind in ("tcp", "udp", "sctp", "tp") for end in ("src", "dst")},
    **{f"{kind}_type": Place("tp_src", 0, 8) for kind in ("icmp", "icmpv6")},
    **{f"{kind}_code": Place("tp_dst", 0, 8) for kind in ("icmp", "icmpv6")},
}  # fmt: skip


@cache
def places(name: str) -> tuple[Place, ...]:
    """Where a field (by its canonical name) lies, most significant part first; () when unknown."""
    if name in _PLACES:
        return (_PLACES[name],)
    if name.startswith("xreg"):
        first = 2 * int(name[4:])
        return tuple(Place(f"reg{number}", 0, 32) for number in range(first, first + 2))
    if name.startswith("xxreg"):
        first = 4 * int(name[5:])
        return tuple(Place(f"reg{number}", 0, 32) for number in range(first, first + 4))
    field = fields.find_field(name)
    if field is None:
        return ()
    return (Place(field.name, 0, field.bits or 992),)


def spread(name: str, value: int, mask: int) -> list[tuple[str, int, int]]:
    """A masked value of a field as (entry, value, mask) of the entries that it touches."""
    found = []
    shift = sum(place.width for place in places(name))
    for place in places(name):
        shift -= place.width
        ones = (1 << place.width) - 1
        part = mask >> shift & ones
        if part:
            found.append((place.entry, (value >> shift & part) << place.shift, part << place.shift))
    return found


def get(packet: Packet, name: str) -> int:
    """A field's value; 0 when the packet lacks it."""
    value = 0
    for entry, shift, width in places(name):
        value = value << width | packet[entry] >> shift & (1 << width) - 1
    return value


def put(packet: Packet, name: str, value: int, mask: int) -> None:
    """Write those bits of a field that ``mask`` has."""
    for entry, bits, ones in spread(name, value, mask):
        packet[entry] = packet[entry] & ~ones | bits
    if name.startswith("tun_metadata"):
        packet["tun_options"] |= 1 << int(name[12:])
    elif places(name)[0].entry == "vlan_tci":
        _mend_tag(packet)


def _mend_tag(packet: Packet) -> None:
    """A tag needs its Ethernet type, and none has one (lib/flow.c flow_fix_vlan_tpid)."""
    if not packet["vlan_tci"]:
        packet["vlan_tpid"] = 0
    elif not packet["vlan_tpid"]:
        packet["vlan_tpid"] = VLAN


def is_ip(packet: Packet) -> bool:
    return packet["eth_type"] in (IPV4, IPV6)


def _is_over_ip(packet: Packet, protocol: int) -> bool:
    return is_ip(packet) and packet["nw_proto"] == protocol and not packet["nw_frag"] & LATER


def is_neighbor_discovery(packet: Packet) -> bool:
    return (
        packet["eth_type"] == IPV6
        and _is_over_ip(packet, ICMP6)
        and packet["tp_src"] in (135, 136)
        and not packet["tp_dst"]
    )


_TRANSPORT = {"tcp": TCP, "udp": UDP, "sctp": SCTP, "icmpv6": ICMP6}


def has(packet: Packet, name: str) -> bool:
    """Does the packet have this field? (lib/meta-flow.c mf_are_prereqs_ok)"""
    eth_type = packet["eth_type"]
    match name:
        case "ip_src" | "ip_dst":
            return eth_type == IPV4
        case "ipv6_src" | "ipv6_dst" | "ipv6_label":
            return eth_type == IPV6
        case "nw_proto" | "nw_tos" | "ip_dscp" | "nw_ecn" | "nw_ttl" | "ip_frag":
            return is_ip(packet)
        case "arp_op" | "arp_spa" | "arp_tpa" | "arp_sha" | "arp_tha":
            return eth_type in (ARP, RARP)
        case "icmp_type" | "icmp_code":
            return eth_type == IPV4 and _is_over_ip(packet, ICMP)
        case "nd_target" | "nd_reserved" | "nd_options_type":
            return is_neighbor_discovery(packet)
        case "nd_sll":
            return is_neighbor_discovery(packet) and packet["tp_src"] == 135
        case "nd_tll":
            return is_neighbor_discovery(packet) and packet["tp_src"] == 136
        case "vlan_pcp":
            return bool(packet["vlan_tci"] & TAGGED)
        case "eth_src" | "eth_dst" | "eth_type" | "vlan_tci" | "dl_vlan" | "vlan_vid":
            return packet["packet_type"] == ETHERNET_PACKET
        case "tp_src" | "tp_dst":
            return is_ip(packet) and packet["nw_proto"] in (TCP, UDP, SCTP)
    if name.startswith("mpls_"):
        return eth_type in MPLS_TYPES
    if name.startswith("nsh_"):
        return eth_type == NSH or packet["packet_type"] == NSH_PACKET
    kind = name.partition("_")[0]
    if kind in _TRANSPORT:
        is_right = eth_type == IPV6 if kind == "icmpv6" else is_ip(packet)
        return is_right and _is_over_ip(packet, _TRANSPORT[kind])
    return True


def number_of(name: str, text: str, ports: Mapping[str, int] | None = None) -> int | None:
    """The number that a canonical value stands for; None when it is none.

    ``ports``: numbers of ports by their names. Flags: ``est|trk``, or signs (``+est-rel``), of
    which those with a plus are set.
    """
    field = fields.find_field(name)
    kind = field.format if field else "hex"
    if kind == "port":
        port = values.decimal(text)
        if port is not None:
            return port
        return fields.reserved_ports().get(text, (ports or {}).get(text))
    if kind == "flags":
        signs = values.flag_signs(text, fields.bits_of(name))
        if signs is None:
            return None
        bits = fields.bits_of(name)
        return sum(1 << bits[flag] for flag, is_set in signs if is_set)
    if kind == "frag":
        return {"no": 0, "yes": 1, "first": 1, "later": 3, "not_later": 0}.get(text)
    if kind == "packet_type":
        space, _, number = text.strip("()").partition(",")
        return int(space, 0) << 16 | int(number, 0)
    return parse_number(text)


def parse_number(text: str) -> int | None:
    """Any notation of a value: decimal, hexadecimal, MAC, IPv4, IPv6."""
    number = values.number(text)
    if number is not None:
        return number
    if (mac := values.mac(text)) is not None:
        return int(mac.replace(":", ""), 16)
    for form in ("ipv4", "ipv6"):
        if (address := values.address(text, form)) is not None:
            return _address_number(address, form)
    return None


def _address_number(text: str, form: str) -> int:
    return int.from_bytes(inet_pton(AF_INET if form == "ipv4" else AF_INET6, text), "big")


def mask_of(name: str, mask: str) -> int | None:
    """The bits of a canonical mask: a number, an address, or the length of a prefix."""
    field = fields.find_field(name)
    form = field.format if field else "hex"
    prefix = values.decimal(mask)
    if form in ("ipv4", "ipv6") and prefix is not None:
        bits = 32 if form == "ipv4" else 128
        length = min(prefix, bits)
        return ((1 << length) - 1) << (bits - length)
    return parse_number(mask)
