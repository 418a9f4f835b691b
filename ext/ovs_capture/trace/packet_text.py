"""A packet as text: read as ``ovs-appctl ofproto/trace`` reads it, written as it writes it.

Lives here: the exact flows of ovs-ofctl(8) ("Flow Syntax" without masks)::

    packet = item *((","/" ") item)
    item   = PROTOCOL / KEY "=" VALUE / KEY "(" VALUE ")"        tcp6, in_port=tap1,
    ct_state=trk|est

and ``flow_format()`` of lib/flow.c. The form of the datapath (``in_port(1),eth(...)``) is not read.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ..openflow import fields, values
from . import mpls
from . import packet as p
from .commit import tags_of
from .packet import Packet


class PacketError(Exception):
    """A packet that cannot be read. ``column``: where, from 1; ``code``, ``args``: why."""

    def __init__(self, column: int, code: str, **args: str) -> None:
        super().__init__(f"column {column}: {code}")
        self.column = column
        self.code = code
        self.args_of_code = args


_ITEM = re.compile(r"""[^\s,="(]+(?:=(?:"(?:[^"\\]|\\.)*+"|\([^)]*\)|[^\s,]*))?""")
_BETWEEN = re.compile(r"[\s,]*")


def parse_packet(text: str, ports: Mapping[str, int]) -> Packet:
    """The packet that a text describes; ``ports``: numbers by name. Raises ``PacketError``."""
    packet = p.new_packet()
    position = 0
    while True:
        found = _BETWEEN.match(text, position)
        position = found.end() if found else position
        if position >= len(text):
            break
        item = _ITEM.match(text, position)
        if item is None:
            raise PacketError(position + 1, "syntax", text=text[position : position + 20])
        _read_item(packet, item[0], position, text[item.end() : item.end() + 1], ports)
        position = item.end()
    return packet


def _read_item(
    packet: Packet, item: str, position: int, following: str, ports: Mapping[str, int]
) -> None:
    key, equals, text = item.partition("=")
    column = position + 1
    if not equals:
        if following == "(":
            raise PacketError(column, "datapath-form", field=key)
        protocol = fields.find_protocol(key)
        if protocol is None:
            raise PacketError(column, "unknown-field", field=key)
        for name, value in protocol.implies.items():
            p.put(packet, name, p.number_of(name, value) or 0, -1 & _ones(name))
        return
    field = fields.find_field(key)
    if field is None:
        raise PacketError(column, "unknown-field", field=key)
    name = _meant(field.name, packet)
    place = column + len(key) + 1
    if name in ("in_port", "in_port_oxm"):
        number = _port(text, ports)
        if number is None:
            raise PacketError(place, "unknown-port", port=text)
        packet["in_port"] = number
        return
    if not p.has(packet, name):
        raise PacketError(column, "prerequisite", field=key)
    value_ = _value(name, text)
    if value_ is None:
        raise PacketError(place, "bad-value", field=key, value=text)
    if name in ("dl_vlan", "dl_vlan_pcp", "vlan_pcp", "vlan_vid", "dl_vlan1", "dl_vlan_pcp1"):
        _put_tag(packet, name, value_)
    else:
        p.put(packet, name, value_, _ones(name))


def _meant(name: str, packet: Packet) -> str:
    """A shared name as the field that it is in this packet."""
    shared = fields.shared_names().get(name)
    if shared is None:
        return name
    if packet["eth_type"] == p.IPV6 and packet["nw_proto"] == p.ICMP6:
        family: str | None = "icmp6"
    else:
        family = {p.TCP: "tcp", p.UDP: "udp", p.SCTP: "sctp", p.ICMP: "icmp"}.get(
            packet["nw_proto"]
        )
    return shared.get(family or "", name)


def _ones(name: str) -> int:
    return (1 << sum(place.width for place in p.places(name))) - 1


def _port(text: str, ports: Mapping[str, int]) -> int | None:
    name = values.unquoted(text)
    if name in ports:
        return ports[name]
    if (number := values.decimal(name)) is not None:
        return number if number <= 0xFFFF else None
    return {"ANY": p.NO_PORT, **fields.reserved_ports()}.get(name.upper())


def _value(name: str, text: str) -> int | None:
    """The number of an exact value; masks that cover the whole field are none."""
    field = fields.find_field(name)
    if field is None:
        return None
    if name == "vlan_tci" or name.startswith("tun_metadata"):
        return values.number(text)
    read = fields.canonical(field, text)
    if read is None or read[1] is not None:
        return None
    if field.format == "flags" and re.match(r"[+-]", text):
        return p.number_of(name, read[0])
    if name == "ip_frag" and text == "not_later":
        return None
    return p.number_of(name, read[0])


def _put_tag(packet: Packet, name: str, value: int) -> None:
    entry = "vlan_tci1" if name.endswith("1") else "vlan_tci"
    tci = packet[entry]
    if "pcp" in name:
        tci = tci & ~(7 << p.PCP_SHIFT) | value << p.PCP_SHIFT | p.TAGGED
    elif value == 0xFFFF:
        tci = 0
    else:
        tci = tci & ~p.VID | value & p.VID | p.TAGGED
    packet[entry] = tci
    tpid = "vlan_tpid1" if name.endswith("1") else "vlan_tpid"
    packet[tpid] = (packet[tpid] or p.VLAN) if tci else 0


# Writing


@lru_cache(maxsize=1 << 14)
def write_value(name: str, value: int) -> str:
    """A field's value in its own format."""
    field = fields.find_field(name)
    form = field.format if field else "hex"
    match form:
        case "decimal":
            return str(value)
        case "hex":
            return values.hexadecimal(value)
        case "hex4":
            return f"{value:#06x}"
        case "hex5":
            return f"{value:#07x}"
        case "ethernet":
            return values.mac_of_number(value)
        case "ipv4" | "ipv6":
            return values.address_of_number(value, form)
        case "frag":
            return ("no", "first", "no", "later")[value & 3]
        case "flags":
            return _flags(name, value)
        case "packet_type":
            return f"({value >> 16},{value & 0xFFFF:#x})"
    return str(value)


def _flags(name: str, value: int) -> str:
    if not value:
        return "0"
    bits = fields.bits_of(name)
    told = [flag for flag, bit in bits.items() if value >> bit & 1]
    unknown = value & ~sum(1 << bit for bit in bits.values())
    return "|".join([*told, *([f"{unknown:#x}"] if unknown else [])])


def write_packet(packet: Packet, port_name: Mapping[int, str]) -> str:
    """``Flow:`` of ofproto/trace; metadata that is 0 is left out."""
    return ",".join(_parts(packet, port_name))


# What is written when it is not 0, before and after the protocol.
_BEFORE = ("pkt_mark", "dp_hash", "conj_id", "skb_priority")
_TUNNEL = tuple(f"tun_{name}" for name in (
    "src", "dst", "ipv6_src", "ipv6_dst", "gbp_id", "gbp_flags", "tos", "ttl", "erspan_ver",
    "gtpu_flags", "gtpu_msgtype", "flags",
))  # fmt: skip


def _parts(packet: Packet, port_name: Mapping[int, str]) -> Iterator[str]:
    if packet["pkt_mark"]:
        yield f"pkt_mark={packet['pkt_mark']:#x}"
    if packet["recirc_id"]:
        yield f"recirc_id={packet['recirc_id']:#x}"
    for name in _BEFORE[1:]:
        if packet[name]:
            yield f"{name}={write_value(name, packet[name])}"
    if packet["ct_state"]:
        yield f"ct_state={_flags('ct_state', packet['ct_state'])}"
    for name in p.TRACKING[1:]:
        if packet[name]:
            yield f"{name}={write_value(name, packet[name])}"
    is_ethernet = packet["packet_type"] == p.ETHERNET_PACKET
    if not is_ethernet:
        yield f"packet_type={write_value('packet_type', packet['packet_type'])}"
    elif packet["recirc_id"]:
        yield "eth"
    protocol = _protocol(packet)
    if protocol and is_ethernet:
        yield protocol
    for name in p.REGISTERS:
        if packet[name]:
            yield f"{name}={packet[name]:#x}"
    yield from _tunnel(packet)
    if packet["metadata"]:
        yield f"metadata={packet['metadata']:#x}"
    yield f"in_port={_quoted(port_name.get(packet['in_port'], str(packet['in_port'])))}"
    if is_ethernet:
        yield from _ethernet(packet, protocol)
    if packet["eth_type"] == p.NSH or packet["packet_type"] == p.NSH_PACKET:
        # Metadata of type 2 has options, and no words of its own.
        for name in p.NSH_FIELDS[: None if packet["nsh_mdtype"] == 1 else -4]:
            is_hex = name == "nsh_spi" or name.startswith("nsh_c")
            yield f"{name}={packet[name]:#x}" if is_hex else f"{name}={packet[name]}"
    yield from _network(packet, protocol)


def _tunnel(packet: Packet) -> Iterator[str]:
    """All of it when the packet came through one; else the key that flows gave it."""
    if not (packet["tun_dst"] or packet["tun_ipv6_dst"]):
        if packet["tun_id"]:
            yield f"tun_id={packet['tun_id']:#x}"
        return
    for name in _TUNNEL:
        short = name.removeprefix("tun_") if "gtpu" in name else name
        yield f"{short}={write_value(name, packet[name])}"
    for number in range(p.MAX_OPTIONS):
        if packet["tun_options"] >> number & 1:
            yield f"tun_metadata{number}={values.hexadecimal(packet[f'tun_metadata{number}'])}"


_NAME = re.compile(r"[A-Za-z_][\w]*|\d+")


def _quoted(name: str) -> str:
    """A port's name as ovs-ofctl writes it: quoted unless it is an identifier."""
    return name if _NAME.fullmatch(name) else f'"{name}"'


def _protocol(packet: Packet) -> str:
    eth_type, protocol = packet["eth_type"], packet["nw_proto"]
    if eth_type == p.IPV4:
        names = {p.ICMP: "icmp", p.TCP: "tcp", p.UDP: "udp", p.SCTP: "sctp"}
        return names.get(protocol, "ip")
    if eth_type == p.IPV6:
        names = {p.ICMP6: "icmp6", p.TCP: "tcp6", p.UDP: "udp6", p.SCTP: "sctp6"}
        return names.get(protocol, "ipv6")
    return {p.ARP: "arp", p.RARP: "rarp", p.MPLS: "mpls", p.MPLS_MULTICAST: "mplsm"}.get(
        eth_type, ""
    )


def _ethernet(packet: Packet, protocol: str) -> Iterator[str]:
    tags = tags_of(packet)
    if not tags:
        yield f"vlan_tci={packet['vlan_tci']:#06x}"
    for depth, (_, tci) in enumerate(tags):
        number = str(depth) if depth else ""
        yield f"dl_vlan{number}={tci & p.VID}"
        yield f"dl_vlan_pcp{number}={tci >> p.PCP_SHIFT}"
    if len(tags) == 1:
        yield f"vlan_tci1={packet['vlan_tci1']:#06x}"
    yield f"dl_src={values.mac_of_number(packet['eth_src'])}"
    yield f"dl_dst={values.mac_of_number(packet['eth_dst'])}"
    if not protocol:
        yield f"dl_type={packet['eth_type']:#06x}"


def _network(packet: Packet, protocol: str) -> Iterator[str]:
    eth_type = packet["eth_type"]
    if eth_type in p.MPLS_TYPES:
        for name in ("mpls_label", "mpls_tc", "mpls_ttl", "mpls_bos"):
            yield f"{name}={p.get(packet, name)}"
        for depth in range(1, p.MPLS_DEPTH):
            if packet[f"mpls_lse{depth - 1}"] & mpls.BOTTOM:
                break
            yield f"mpls_lse{depth}={packet[f'mpls_lse{depth}']}"
        return
    if eth_type in (p.ARP, p.RARP):
        for name in ("arp_spa", "arp_tpa", "arp_op", "arp_sha", "arp_tha"):
            yield f"{name}={write_value(name, p.get(packet, name))}"
        return
    if eth_type == p.IPV4:
        yield f"nw_src={values.address_of_number(packet['nw_src'], 'ipv4')}"
        yield f"nw_dst={values.address_of_number(packet['nw_dst'], 'ipv4')}"
    elif eth_type == p.IPV6:
        yield f"ipv6_src={values.address_of_number(packet['ipv6_src'], 'ipv6')}"
        yield f"ipv6_dst={values.address_of_number(packet['ipv6_dst'], 'ipv6')}"
        yield f"ipv6_label={packet['ipv6_label']:#07x}"
    is_bare = packet["packet_type"] != p.ETHERNET_PACKET
    if eth_type == p.NSH or is_bare or protocol in ("ip", "ipv6"):
        yield f"nw_proto={packet['nw_proto']}"
    elif not p.is_ip(packet):
        return
    yield f"nw_tos={packet['nw_tos'] & 0xFC}"
    yield f"nw_ecn={packet['nw_tos'] & 3}"
    yield f"nw_ttl={packet['nw_ttl']}"
    yield f"nw_frag={write_value('ip_frag', packet['nw_frag'])}"
    yield from _transport(packet, protocol)


def _transport(packet: Packet, protocol: str) -> Iterator[str]:
    family = protocol.rstrip("6")
    if packet["nw_frag"] & p.LATER:
        return
    if protocol == "ip" and packet["nw_proto"] == p.IGMP:
        yield f"tp_src={packet['tp_src']}"
        yield f"tp_dst={packet['tp_dst']}"
    if family == "icmp":
        yield f"icmp_type={packet['tp_src']}"
        yield f"icmp_code={packet['tp_dst']}"
        if protocol == "icmp6" and p.is_neighbor_discovery(packet):
            yield f"nd_target={values.address_of_number(packet['nd_target'], 'ipv6')}"
            yield f"nd_sll={values.mac_of_number(packet['arp_sha'])}"
            yield f"nd_tll={values.mac_of_number(packet['arp_tha'])}"
    elif family in ("tcp", "udp", "sctp"):
        yield f"tp_src={packet['tp_src']}"
        yield f"tp_dst={packet['tp_dst']}"
        if family == "tcp":
            yield f"tcp_flags={_tcp_flags(packet['tcp_flags'])}"


def _tcp_flags(value: int) -> str:
    return _flags("tcp_flags", value)
