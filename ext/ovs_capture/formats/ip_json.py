"""The JSON of ``ip -j [-d] link|addr``: the same devices as ``ip_device`` reads, by other words.

No format of its own. One array, all of it on one line unless ``-p`` was given::

    [{"ifindex":2,"link_index":9,"ifname":"eth0","flags":["UP"],"mtu":1500,...,"linkinfo":
    {"info_kind":"vxlan","info_data":{"id":339,"local":"10.0.1.31","link":"eth0","port":8472}}}]

Keys are told by the words of the text form, truth values as ``on`` and ``off``. Printer: iproute2
ip/ipaddress.c and print_opt of ip/iplink_*.c, the first argument of each print_*(PRINT_ANY, ...).
"""

from collections.abc import Iterable, Mapping

from ..source import Span
from .base import Findings, Kind, is_address
from .ip_device import Device, mark_value
from .json_text import Json, objects, scalar

# Keys of the JSON form whose word in the text form is another.
_WORDS = {
    "operstate": "state", "linkmode": "mode", "txqlen": "qlen", "link_netnsid": "link-netnsid",
    "link_netns": "link-netns", "min_mtu": "minmtu", "max_mtu": "maxmtu",
    "inet6_addr_gen_mode": "addrgenmode", "num_tx_queues": "numtxqueues",
    "num_rx_queues": "numrxqueues",
}  # fmt: skip
_NAMED = {"ifindex", "ifname", "link", "link_index", "flags", "link_type", "address", "broadcast"}
# The same of print_opt; the text form has one word for both families.
_DATA_WORDS = {
    "link": "dev", "port": "dstport", "remote6": "remote", "local6": "local", "group6": "group",
    "designated_root": "root_id",
}  # fmt: skip
_NUMBERED = {"vxlan", "geneve", "vlan", "vrf", "gtp", "bareudp"}


def read_objects(found: Findings) -> list[Json]:
    """The objects of the capture; where it is no JSON, that is told."""
    source = found.source
    read, broken = objects(source.text, source.start, source.end)
    if broken is not None:
        rest = source.text[broken : source.end]
        if rest.strip():
            line = rest.lstrip().split("\n", 1)[0]
            found.unknown_line(broken + len(rest) - len(rest.lstrip()), line)
        else:
            found.truncated(Span(min(broken, source.end), min(broken, source.end)), "the JSON")
    return read


def span_of(value: Json) -> Span:
    return Span(value.start, value.end)


def read_device(found: Findings, entry: Json) -> Device | None:
    """A device, or None where the object is none; ``ip -j`` prints ``{}`` for what it filtered."""
    name = entry.text("ifname")
    if name is None:
        return None
    number = entry.get("ifindex")
    link = entry.text("link")
    index = entry.text("link_index")
    if link is None and index is not None:
        link = f"if{index}" if index != "0" else "NONE"
    device = Device(
        start=entry.start,
        end=entry.end,
        ifindex=number.value if number and type(number.value) is int else None,
        ifname=name,
        link=link,
        flags=tuple(texts(entry.get("flags"))),
        link_type=entry.text("link_type"),
        altnames=tuple(texts(entry.get("altnames"))),
    )
    device.address = (entry.text("address") or "").lower() or None
    device.broadcast = entry.text("broadcast")
    for key, value in entry.members().items():
        if key not in _NAMED and (text := scalar(value)) is not None:
            device.attributes[_WORDS.get(key, key)] = text
    _kind(found, device, entry.get("linkinfo"))
    for key in ("ifname", "link", "master", "parentdev"):
        mark_text(found, entry.get(key), Kind.DEVICE if key != "parentdev" else Kind.DIM)
    others = entry.get("altnames")
    for other in others.items() if others else ():
        mark_text(found, other, Kind.DEVICE)
    mark_text(found, entry.get("link_netns"), Kind.NAMESPACE)
    mark_text(found, entry.get("operstate"), Kind.HEAD)
    for key in ("address", "broadcast"):
        _mark_value(found, entry.get(key))
    return device


def _kind(found: Findings, device: Device, info: Json | None) -> None:
    if info is None:
        return
    device.info_kind, device.info_slave_kind = info.text("info_kind"), info.text("info_slave_kind")
    for key in ("info_kind", "info_slave_kind"):
        mark_text(found, info.get(key), Kind.HEAD)
    data, slave = info.get("info_data"), info.get("info_slave_data")
    if data is not None:
        device.info_data = _words(data.members())
        for key in ("local", "local6", "remote", "remote6", "group", "group6"):
            _mark_value(found, data.get(key))
        mark_text(found, data.get("link"), Kind.DEVICE)
        if device.info_kind in _NUMBERED and (number := data.get("id")):
            found.mark(number.start, found.source.slice(span_of(number)), Kind.VLAN)
    if slave is not None:
        device.properties = _words(slave.members())


def _words(members: Mapping[str, Json]) -> dict[str, str]:
    words = {}
    for key, value in members.items():
        text = scalar(value)
        if key == "port_range":
            key, text = "srcport", " ".join(filter(None, map(scalar, value.members().values())))
        if text is not None:
            words[_DATA_WORDS.get(key, key)] = text
    return words


def texts(value: Json | None) -> Iterable[str]:
    for item in value.items() if value else ():
        if (text := scalar(item)) is not None:
            yield text


def mark_text(found: Findings, value: Json | None, kind: Kind) -> None:
    """Mark a string without its quotes; one with escapes is not what it stands for."""
    if value is None or not isinstance(value.value, str):
        return
    if found.source.text[value.start + 1 : value.end - 1] == value.value:
        found.mark(value.start + 1, value.value, kind)


def _mark_value(found: Findings, value: Json | None) -> None:
    if value is not None and isinstance(value.value, str):
        text = found.source.text[value.start + 1 : value.end - 1]
        if text == value.value:
            mark_value(found, value.start + 1, text)


def mark_address(found: Findings, value: Json | None) -> None:
    if value is not None and isinstance(value.value, str) and is_address(value.value):
        mark_text(found, value, Kind.ADDRESS)
