"""Tunnel ports: what is written on the outside of a packet that leaves through one.

Lives here: the options of an Interface and the packet's tunnel fields as the datapath's
``set(tunnel(...))`` (ofproto/tunnel.c tnl_port_send, ovs-vswitchd.conf.db(5) "Tunnel Options").
The datapath is taken to be the kernel's: with userspace tunnels the outer packet takes a way of its
own, which is not followed.
"""

from typing import NamedTuple

from ..network.ovs import TUNNEL_TYPES
from ..openflow.values import address_of_number
from . import packet as p
from .packet import Packet
from .switch import Port

_DEFAULT_PORTS = {"vxlan": 4789, "geneve": 6081, "stt": 7471, "gtpu": 2152}
_PREFIXES = {"vxlan": "vxlan_sys_", "geneve": "genev_sys_", "stt": "stt_sys_", "gtpu": "gtpu_sys_"}
_DEVICES = {"gre": "gre_sys", "ip6gre": "gre_sys", "erspan": "erspan_sys",
            "ip6erspan": "erspan_sys"}  # fmt: skip
# OVN's own Geneve option (ovn-architecture(7), "Tunnel Encapsulations") and what may follow it.
_OPTION_CLASS, _FIRST_OPTION_TYPE, _OPTION_BYTES = 0x102, 0x80, {0: 4, 1: 8}
_DEFAULT_TTL = 64


class Outer(NamedTuple):
    """``text``: the datapath's tunnel key; ``device``: its port; ``key``: None when it has none."""

    text: str
    device: str
    key: int | None
    remote: str


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
    tos = _number(options.get("tos")) or (packet["nw_tos"] & 3 if p.is_ip(packet) else 0)
    if options.get("tos") == "inherit":
        tos = packet["nw_tos"] if p.is_ip(packet) else 0
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
    parts += _extensions(port, packet)
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
    return Outer(f"tunnel({','.join(parts)})", device, key if has_key else None, remote)


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
