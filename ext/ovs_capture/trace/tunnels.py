"""Tunnel ports: what is written on the outside of a packet that leaves through one.

Lives here: the options of an Interface and the packet's tunnel fields as the datapath's
``set(tunnel(...))`` (ofproto/tunnel.c tnl_port_send, ovs-vswitchd.conf.db(5) "Tunnel Options").
That is what a datapath is told that makes the outer packet itself, as the kernel's does. Where the
switch makes it (``native``), also its header as ``tnl_push`` has it (lib/odp-util.c
format_odp_tnl_push_header) and the packet as it goes on.
"""

from ipaddress import ip_address
from typing import NamedTuple

from ..network.ovs import TUNNEL_TYPES
from ..openflow.values import address_of_number, hexadecimal
from . import packet as p
from .native import Way
from .packet import Packet
from .switch import Port

_DEFAULT_PORTS = {"vxlan": 4789, "geneve": 6081, "stt": 7471, "gtpu": 2152}
_PREFIXES = {"vxlan": "vxlan_sys_", "geneve": "genev_sys_", "stt": "stt_sys_", "gtpu": "gtpu_sys_"}
_DEVICES = {"gre": "gre_sys", "ip6gre": "gre_sys", "erspan": "erspan_sys",
            "ip6erspan": "erspan_sys"}  # fmt: skip
# OVN's own Geneve option (ovn-architecture(7), "Tunnel Encapsulations") and what may follow it.
_OPTION_CLASS, _FIRST_OPTION_TYPE, _OPTION_BYTES = 0x102, 0x80, {0: 4, 1: 8}
_DEFAULT_TTL = 64
GRE = 47
# Bits of explicit congestion notification (RFC 3168); congestion met inside is not told outside.
_ECN, _ECT_0 = 3, 2
_ETHERNET_SIZE, _IPV4_SIZE, _IPV6_SIZE = 14, 20, 40


class Outer(NamedTuple):
    """``text``: the datapath's tunnel key; ``device``: its port; ``key``: None when it has none.

    ``local`` None: any address. ``tp_dst``: the UDP port, 0 when there is none. ``flags``,
    ``extensions`` (what the protocol adds): as in the key.
    """

    text: str
    device: str
    key: int | None
    remote: str
    local: str | None = None
    tos: int = 0
    ttl: int = _DEFAULT_TTL
    tp_dst: int = 0
    flags: frozenset[str] = frozenset()
    extensions: tuple[str, ...] = ()


def is_tunnel(port: Port) -> bool:
    return port.kind in TUNNEL_TYPES


def outer_of(port: Port, packet: Packet) -> Outer | None:
    """None when the flows did not say where to (``remote_ip=flow``)."""
    options = port.options
    remote, family = _remote(options.get("remote_ip", "flow"), packet)
    if not remote:
        return None
    key_option = options.get("out_key", options.get("key"))
    has_key = key_option is not None
    key = packet["tun_id"] if key_option == "flow" else _number(key_option)
    tos = _number(options.get("tos"))
    if p.is_ip(packet):
        if options.get("tos") == "inherit":
            tos = packet["nw_tos"] & ~_ECN
        congestion = packet["nw_tos"] & _ECN
        tos |= _ECT_0 if congestion == _ECN else congestion
    ttl = _number(options.get("ttl")) or _DEFAULT_TTL
    if options.get("ttl") == "inherit" and p.is_ip(packet):
        ttl = packet["nw_ttl"]
    parts = [f"tun_id={key:#x}"] if has_key else []
    local = options.get("local_ip")
    if local and local != "flow":
        parts.append(f"{'ipv6_' if family == 6 else ''}src={local}")
    parts.append(f"{'ipv6_' if family == 6 else ''}dst={remote}")
    if tos:
        parts.append(f"tos={tos:#x}")
    parts.append(f"ttl={ttl}")
    destination = _number(options.get("dst_port")) or _DEFAULT_PORTS.get(port.kind, 0)
    if destination:
        parts.append(f"tp_dst={destination}")
    extensions = _extensions(port, packet)
    parts += extensions
    flags = [flag for flag, is_set in (
        ("oam", packet["tun_flags"] & 1),
        ("df", options.get("df_default", "true") != "false"),
        ("csum", options.get("csum") == "true"),
        ("key", has_key),
    ) if is_set]  # fmt: skip
    parts.append(f"flags({'|'.join(flags)})")
    device = _DEVICES.get(port.kind, _PREFIXES.get(port.kind, port.kind + "_sys_"))
    if device.endswith("_"):
        device += str(destination)
    if local == "flow":
        local = address_of_number(packet["tun_src"], "ipv4") if packet["tun_src"] else None
    return Outer(
        f"tunnel({','.join(parts)})",
        device,
        key if has_key else None,
        remote,
        local,
        tos,
        ttl,
        destination,
        frozenset(flags),
        tuple(extensions),
    )


def push_of(port: Port, packet: Packet, outer: Outer, way: Way) -> str | None:
    """The ``tnl_push`` that the datapath is told; None for protocols that are not written here."""
    made = _protocol_header(port, packet, outer)
    if made is None:
        return None
    kind, protocol_size, protocol = made
    is_ipv6 = ":" in outer.remote
    size = _ETHERNET_SIZE + (_IPV6_SIZE if is_ipv6 else _IPV4_SIZE) + protocol_size
    number = p.UDP if outer.tp_dst else GRE
    eth = f"eth(dst={way.neighbour_mac},src={way.source_mac},dl_type="
    if is_ipv6:
        network = (
            f"0x86dd),ipv6(src={way.source},dst={outer.remote},label=0,proto={number},"
            f"tclass={outer.tos:#x},hlimit={outer.ttl})"
        )
    else:
        network = (
            f"0x0800),ipv4(src={way.source},dst={outer.remote},proto={number},"
            f"tos={hexadecimal(outer.tos)},ttl={outer.ttl},"
            f"frag={'0x4000' if 'df' in outer.flags else '0x0'})"
        )
    return (
        f"tnl_push(tnl_port({outer.device}),header(size={size},type={kind},{eth}{network},"
        f"{protocol}),out_port({way.device}))"
    )


def _protocol_header(port: Port, packet: Packet, outer: Outer) -> tuple[int, int, str] | None:
    """Number of the kind of port, bytes behind the IP header, and these as text."""
    checksum = "0xffff" if "csum" in outer.flags or ":" in outer.remote else "0x0"
    udp = f"udp(src=0,dst={outer.tp_dst},csum={checksum})"
    key = outer.key or 0
    if port.kind == "vxlan" and not outer.extensions:
        return 4, 16, f"{udp},vxlan(flags=0x8000000,vni={key:#x})"
    if port.kind == "geneve":
        numbers = [n for n in range(p.MAX_OPTIONS) if packet["tun_options"] >> n & 1]
        size = 16 + sum(4 + _OPTION_BYTES.get(number, 4) for number in numbers)
        words = ["oam"] if "oam" in outer.flags else []
        words += ["crit"] if numbers else []
        words.append(f"vni={key:#x}")
        if numbers:
            words.append(f"options({''.join(_option(number, packet) for number in numbers)})")
        return 5, size, f"{udp},geneve({','.join(words)})"
    if port.kind == "gre" and not {"csum", "oam"} & outer.flags and "seq" not in port.options:
        if outer.key is None:
            return 3, 4, "gre((flags=0x0,proto=0x6558))"
        return 3, 8, f"gre((flags=0x2000,proto=0x6558),key={key:#x})"
    return None


def carried(packet: Packet, outer: Outer, way: Way) -> Packet:
    """The outer packet (ofproto/ofproto-dpif-xlate.c propagate_tunnel_data_to_flow)."""
    made = packet.copy()
    for name in ("vlan_tci", "vlan_tpid", "vlan_tci1", "vlan_tpid1", "packet_type", "nw_frag",
                 "tp_src", "nw_src", "nw_dst", "ipv6_src", "ipv6_dst"):  # fmt: skip
        made[name] = 0
    made["eth_src"], made["eth_dst"] = (
        number_of_mac(way.source_mac),
        number_of_mac(way.neighbour_mac),
    )
    is_ipv6 = ":" in outer.remote
    made["eth_type"] = p.IPV6 if is_ipv6 else p.IPV4
    made["nw_proto"] = p.UDP if outer.tp_dst else GRE
    made["nw_tos"], made["nw_ttl"], made["tp_dst"] = outer.tos, outer.ttl, outer.tp_dst
    ends = ("ipv6_src", "ipv6_dst") if is_ipv6 else ("nw_src", "nw_dst")
    for name, address in zip(ends, (way.source, outer.remote), strict=True):
        made[name] = int(ip_address(address))
    return made


def number_of_mac(mac: str) -> int:
    return int(mac.replace(":", ""), 16)


def _remote(option: str, packet: Packet) -> tuple[str, int]:
    if option != "flow":
        return option, 6 if ":" in option else 4
    if packet["tun_dst"]:
        return address_of_number(packet["tun_dst"], "ipv4"), 4
    if packet["tun_ipv6_dst"]:
        return address_of_number(packet["tun_ipv6_dst"], "ipv6"), 6
    return "", 4


def _number(text: str | None) -> int:
    try:
        return int(text or "0", 0)
    except ValueError:
        return 0


def _extensions(port: Port, packet: Packet) -> list[str]:
    found = []
    if port.kind == "vxlan" and (packet["tun_gbp_id"] or packet["tun_gbp_flags"]):
        found.append(f"vxlan(gbp(id={packet['tun_gbp_id']},flags={packet['tun_gbp_flags']:#x}))")
    if port.kind == "geneve" and packet["tun_options"]:
        told = "".join(
            _option(number, packet)
            for number in range(p.MAX_OPTIONS)
            if packet["tun_options"] >> number & 1
        )
        found.append(f"geneve({told})")
    if port.kind in ("erspan", "ip6erspan"):
        version = _number(port.options.get("erspan_ver")) or 1
        index = _hex(port.options.get("erspan_idx"))
        found.append(f"erspan(ver={version},idx={index:#x})" if version == 1 else "erspan(ver=2)")
    return found


def _hex(text: str | None) -> int:
    try:
        return int(text or "0", 16)
    except ValueError:
        return 0


def _option(number: int, packet: Packet) -> str:
    value = packet[f"tun_metadata{number}"]
    size = _OPTION_BYTES.get(number, 4)
    kind = _FIRST_OPTION_TYPE + number
    return f"{{class={_OPTION_CLASS:#x},type={kind:#x},len={size},{value:#x}}}"
