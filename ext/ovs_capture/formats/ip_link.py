"""``ip [-d] link [show]``: network devices of one namespace.

Sample::

    6: vxlan-267: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue master brq0 state UP ...
        link/ether b2:3f:84:3a:f9:b3 brd ff:ff:ff:ff:ff:ff promiscuity 1  allmulti 1 minmtu 68 ...
        vxlan id 267 local 10.0.0.31 dev eth1 srcport 0 0 dstport 8472 ttl auto ageing 300 ...
        bridge_slave state forwarding priority 32 cost 2 hairpin off guard off root_block off ...
        altname enp7s0

Grammar: ``(header line*)*`` of ``ip_device``. Versions: ``link-netns NAME`` iproute2 4.17 (else
``link-netnsid N``), altname 5.5, parentbus 5.14, tso_max_* 6.0; BusyBox prints neither ``mode`` nor
``group``. ``-s`` and ``-o`` are read; so are ``-brief`` (``ip_brief``) and ``-json`` (``ip_json``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..source import Source
from .base import Findings, Format, Parsed, Record
from .command import Command, ip_object
from .ip_brief import read_brief_link
from .ip_device import HEADER, Device, parts, read_detail, read_header, tell_if_cut
from .ip_json import read_device, read_objects
from .json_text import begins_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Record):
    """One device, named by the keys of ``ip -j link``.

    ``link``: the name or index behind ``@`` (``if8`` of ``eth0@if8``, ``eth2`` of ``v1@eth2``).
    ``info_kind``: first word of the detail line (veth, tun, vxlan, vlan, bridge, openvswitch ...),
    ``info_data``: its key/value words, e.g. ``{"id": "267", "local": "10.0.0.31", "dev": "eth1"}``
    or ``{"type": "tap"}``; a word without value has the value "". ``info_slave_kind``:
    ``openvswitch_slave``, ``bridge_slave`` ... without ``_slave``. ``properties``: all other keys.
    ``-brief`` prints no index.
    """

    ifindex: int | None
    ifname: str
    link: str | None = None
    flags: tuple[str, ...] = ()
    mtu: int | None = None
    qdisc: str | None = None
    master: str | None = None
    operstate: str | None = None
    link_type: str | None = None
    address: str | None = None
    broadcast: str | None = None
    link_netnsid: int | None = None
    link_netns: str | None = None
    info_kind: str | None = None
    info_data: dict[str, str]
    info_slave_kind: str | None = None
    parentbus: str | None = None
    parentdev: str | None = None
    altnames: tuple[str, ...] = ()
    properties: dict[str, str]


def parse(source: Source) -> Parsed:
    """Devices in the order of the capture; see the module for the grammar."""
    found = Findings(source, FORMAT.name)
    devices: list[Device] = []
    if begins_json(source.window, "ifname"):
        read = (read_device(found, entry) for entry in read_objects(found))
        return _told(found, [device for device in read if device])
    for offset, line in parts(found):
        if brief := read_brief_link(found, offset, line):
            devices.append(brief)
        elif header := read_header(found, offset, line):
            devices.append(header)
        elif not devices or not read_detail(found, devices[-1], offset, line):
            found.unknown_line(offset, line)
    if all(device.ifindex is not None for device in devices):
        tell_if_cut(found, devices)
    return _told(found, devices)


def _told(found: Findings, devices: Sequence[Device]) -> Parsed:
    links = [_link(device) for device in devices]
    found.records += links
    found.are_bridges(
        {link.ifname for link in links if link.info_kind == "bridge"}
        | {link.master or "" for link in links if link.info_slave_kind == "bridge"}
    )
    return found.parsed()


def _link(device: Device) -> Link:
    attributes = device.attributes
    return Link(
        ifindex=device.ifindex,
        ifname=device.ifname,
        link=device.link,
        flags=device.flags,
        mtu=device.number("mtu"),
        qdisc=attributes.get("qdisc"),
        master=attributes.get("master"),
        operstate=attributes.get("state"),
        link_type=device.link_type,
        address=device.address,
        broadcast=device.broadcast,
        link_netnsid=device.number("link-netnsid"),
        link_netns=attributes.get("link-netns"),
        info_kind=device.info_kind,
        info_data=device.info_data,
        info_slave_kind=device.info_slave_kind,
        parentbus=attributes.get("parentbus"),
        parentdev=attributes.get("parentdev"),
        altnames=device.altnames,
        properties=device.others,
        span=device.span,
    )


def _prints(command: Command) -> bool:
    return ip_object(command) == ("link", "show")


_JSON = re.compile(r'\s*\[\s*\{\s*"(?:ifindex|link_index|link|ifname)"\s*:')
_INET = re.compile(r"^(?:\d+: \S+)?[^\S\n]+inet6? ", re.MULTILINE)
_MODE = re.compile(r" mode (?:DEFAULT|DORMANT)\b")


def _looks_like(source: Source) -> bool:
    """Devices without an address: a ``mode`` on the first line tells, or that no line is inet.

    ``bridge link`` begins alike but prints no ``qdisc``.
    """
    found = Findings(source, FORMAT.name)
    _, first = next(found.lines(), (0, ""))
    if read_brief_link(found, 0, first):
        return True
    if _JSON.match(source.window):
        return '"addr_info"' not in source.window
    if not HEADER.fullmatch(first) or " qdisc " not in first:
        return False
    return bool(_MODE.search(first)) or not _INET.search(source.window)


FORMAT = Format(
    name="ip_link",
    title="network devices (ip link)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"ip[-_ ].*link|\bip-l\b"),
)
