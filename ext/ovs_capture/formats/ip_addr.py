"""``ip addr [show]``, of iproute2 and of BusyBox: devices with their addresses.

Sample::

    3: eth0@if9: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default ...
        link/ether fa:16:3e:55:2a:5d brd ff:ff:ff:ff:ff:ff link-netnsid 0
        inet 172.16.0.112/24 brd 172.16.0.255 scope global dynamic noprefixroute eth0
           valid_lft 86357sec preferred_lft 75557sec
        inet6 fe80::f816:3eff:fe55:2a5d/64 scope link

Grammar, besides the device lines of ``ip_device``::

    inet     = "    inet|inet6 " LOCAL [" peer " ADDR] ["/" LEN] ["metric" N] ["brd" A] ["any" A]
               "scope" SCOPE FLAG* ["proto" P] [LABEL]
    lifetime = "       valid_lft " T " preferred_lft " T

Printer: iproute2 ip/ipaddress.c print_addrinfo; BusyBox networking/libiproute/ipaddress.c, which
prints neither ``state`` nor ``group`` nor, on some guests, the lifetime. ``proto P``: iproute2 6.4.
Also read: ``-brief`` (``ip_brief``), which has no index, and ``-json`` (``ip_json``).
"""

import re
from dataclasses import dataclass, field, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, is_address
from .command import Command, ip_object
from .ip_brief import read_brief, read_brief_link
from .ip_device import HEADER, ONE_LINE_HEADER, Device, parts, read_detail, read_header, tell_if_cut
from .ip_json import mark_address, read_device, read_objects, span_of
from .json_text import Json, begins_json


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceAddress:
    """One ``inet`` or ``inet6`` line; ``local`` and ``prefixlen`` as ``ip -j`` names them."""

    family: str
    local: str
    prefixlen: int
    peer: str | None = None
    scope: str | None = None
    label: str | None = None
    flags: tuple[str, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressedLink(Record):
    """One device of ``ip addr``, with what its header says and all its addresses."""

    ifindex: int | None
    ifname: str
    link: str | None = None
    flags: tuple[str, ...] = ()
    mtu: int | None = None
    master: str | None = None
    operstate: str | None = None
    link_type: str | None = None
    address: str | None = None
    link_netnsid: int | None = None
    link_netns: str | None = None
    altnames: tuple[str, ...] = ()
    addresses: tuple[InterfaceAddress, ...] = ()


_INET = re.compile(
    r"""\s+(?P<family>inet6?)\s+
        (?P<local>[^\s/]+)(?:\s+peer\s+(?P<peer>[^\s/]+))?(?:/(?P<prefixlen>\d{1,3}))?
        (?P<rest>(?:\s+.*)?)""",
    re.VERBOSE,
)
_LIFETIME = re.compile(r"\s+valid_lft\s+\S+\s+preferred_lft\s+\S+\s*")
_WITH_VALUE = ("metric", "brd", "any", "scope", "proto", "flags")
# print_ifa_flags; a last word that is none of them is the label.
_FLAGS = frozenset({
    "secondary", "temporary", "nodad", "optimistic", "dadfailed", "home", "deprecated",
    "tentative", "permanent", "mngtmpaddr", "noprefixroute", "autojoin", "stable-privacy",
    "dynamic",
})  # fmt: skip


def parse(source: Source) -> Parsed:
    """Devices with their addresses, in the order of the capture."""
    found = Findings(source, FORMAT.name)
    if begins_json(source.window, "ifname"):
        return _of_json(found)
    device: Device | None = None
    devices: list[Device] = []
    addresses: list[InterfaceAddress] = []

    def finish() -> None:
        if device:
            devices.append(device)
            found.records.append(_addressed(device, tuple(addresses)))
        addresses.clear()

    for offset, line in parts(found):
        if header := read_header(found, offset, line):
            finish()
            device = header
            continue
        if (brief := _brief(found, offset, line)) is not None:
            finish()
            device = brief[0]
            addresses += brief[1]
            continue
        if repeated := ONE_LINE_HEADER.match(line):
            if device is None or device.ifindex != int(repeated["ifindex"]):
                finish()
                index, name = int(repeated["ifindex"]), repeated["ifname"]
                end = found.line_end(offset)
                device = Device(start=offset, end=end, ifindex=index, ifname=name)
            found.mark_groups(repeated, offset, {"ifname": Kind.DEVICE})
            at = repeated.end("ifname")
            offset, line = offset + at, line[at:]
        if device is None:
            found.unknown_line(offset, line)
        elif address := _inet(found, device, offset, line):
            addresses.append(address)
            device.end = found.line_end(offset)
        elif addresses and _LIFETIME.fullmatch(line):
            found.mark(offset + len(line) - len(line.lstrip()), line.strip(), Kind.DIM)
            end = device.end = found.line_end(offset)
            addresses[-1] = replace(addresses[-1], span=Span(addresses[-1].span.start, end))
        elif not read_detail(found, device, offset, line):
            found.unknown_line(offset, line)
    cut = not addresses  # `ip -4 addr` has addresses and no link/ line
    finish()
    if cut:
        tell_if_cut(found, devices)
    return found.parsed()


def _inet(found: Findings, device: Device, offset: int, line: str) -> InterfaceAddress | None:
    match = _INET.fullmatch(line)
    if match is None or not is_address(match["local"]):
        return None
    full = 32 if match["family"] == "inet" else 128
    prefixlen = int(match["prefixlen"] or full)
    # With a peer the prefix is the peer's. The prefix is shown with the address but does not join.
    if match["peer"]:
        found.mark_groups(match, offset, {"local": Kind.ADDRESS})
    last = "peer" if match["peer"] else "local"
    end = match.end("prefixlen") if match["prefixlen"] else match.end(last)
    text = line[match.start(last) : end]
    found.mark(offset + match.start(last), text, Kind.ADDRESS, match[last])
    scope, label, flags = None, None, []
    words = list(re.finditer(r"\S+", match["rest"]))
    start = offset + match.start("rest")
    index = 0
    while index < len(words):
        word = words[index]
        taken = words[index : index + (2 if word[0] in _WITH_VALUE else 1)]
        index += len(taken)
        if word[0] == "scope":
            scope = taken[-1][0]
        elif word[0] in _FLAGS:
            flags.append(word[0])
        elif word[0] not in _WITH_VALUE:
            if index < len(words):
                found.unknown_token(start + word.start(), word[0])
                continue
            label = word[0]
            # A label is the device's name, or that and a colon and a text (eth4:1).
            found.mark(start + word.start(), label, Kind.DEVICE, device.ifname)
            continue
        for dim in taken:
            found.mark(start + dim.start(), dim[0], Kind.DIM)
    return InterfaceAddress(
        family=match["family"],
        local=match["local"].lower(),
        prefixlen=prefixlen,
        peer=match["peer"],
        scope=scope,
        label=label,
        flags=tuple(flags),
        span=Span(offset, found.line_end(offset)),
    )


_BRIEF_ADDRESS = re.compile(
    r"\s+(?P<local>[0-9a-fA-F:.]+)(?:\s+peer\s+(?P<peer>[0-9a-fA-F:.]+))?/(?P<prefixlen>\d{1,3})"
)


def _brief(found: Findings, offset: int, line: str) -> tuple[Device, list[InterfaceAddress]] | None:
    """A line of ``ip -br addr``."""
    read = read_brief(found, offset, line)
    if read is None:
        return None
    device, start, rest = read
    addresses = []
    at = 0
    while match := _BRIEF_ADDRESS.match(rest, at):
        if not is_address(match["local"]):
            break
        last = "peer" if match["peer"] else "local"
        if match["peer"]:
            found.mark_groups(match, start, {"local": Kind.ADDRESS})
        shown = rest[match.start(last) : match.end()]
        found.mark(start + match.start(last), shown, Kind.ADDRESS, match[last])
        addresses.append(
            InterfaceAddress(
                family="inet6" if ":" in match["local"] else "inet",
                local=match["local"].lower(),
                prefixlen=int(match["prefixlen"]),
                peer=match["peer"],
                span=Span(start + match.start("local"), start + match.end()),
            )
        )
        at = match.end()
    if rest[at:].strip():
        found.unknown_token(
            start + at + len(rest[at:]) - len(rest[at:].lstrip()), rest[at:].strip()
        )
    return device, addresses


def _of_json(found: Findings) -> Parsed:
    for entry in read_objects(found):
        device = read_device(found, entry)
        listed = entry.get("addr_info")
        if device is not None:
            addresses = (_json_address(found, item) for item in (listed.items() if listed else ()))
            found.records.append(_addressed(device, tuple(a for a in addresses if a)))
    return found.parsed()


def _json_address(found: Findings, item: Json) -> InterfaceAddress | None:
    """One of ``addr_info``; with a peer ``address`` is the peer's. Flags are keys that are true."""
    local, length = item.text("local"), item.get("prefixlen")
    if local is None or not is_address(local) or length is None or type(length.value) is not int:
        return None
    mark_address(found, item.get("local"))
    mark_address(found, item.get("address"))
    return InterfaceAddress(
        family=item.text("family") or "",
        local=local.lower(),
        prefixlen=length.value,
        peer=item.text("address"),
        scope=item.text("scope"),
        label=item.text("label"),
        flags=tuple(key for key, value in item.members().items() if value.value is True),
        span=span_of(item),
    )


def _addressed(device: Device, addresses: tuple[InterfaceAddress, ...]) -> AddressedLink:
    attributes = device.attributes
    return AddressedLink(
        ifindex=device.ifindex,
        ifname=device.ifname,
        link=device.link,
        flags=device.flags,
        mtu=device.number("mtu"),
        master=attributes.get("master"),
        operstate=attributes.get("state"),
        link_type=device.link_type,
        address=device.address,
        link_netnsid=device.number("link-netnsid"),
        link_netns=attributes.get("link-netns"),
        altnames=device.altnames,
        addresses=addresses,
        span=device.span,
    )


def _prints(command: Command) -> bool:
    return ip_object(command) == ("address", "show")


_ADDRESS_LINE = re.compile(r"^(?:\d+: \S+)?[^\S\n]+inet6? \S+(?: peer \S+)?/\d+", re.MULTILINE)


def _looks_like(source: Source) -> bool:
    """A device's header without ``mode``, and an address somewhere."""
    found = Findings(source, FORMAT.name)
    _, first = next(found.lines(), (0, ""))
    if read_brief(found, 0, first):
        return not read_brief_link(found, 0, first)
    if begins_json(source.window, "ifname"):
        return '"addr_info"' in source.window
    header = (HEADER.fullmatch(first) and " qdisc " in first) or ONE_LINE_HEADER.match(first)
    return bool(header) and " mode " not in first and bool(_ADDRESS_LINE.search(source.window))


FORMAT = Format(
    name="ip_addr",
    title="addresses of network devices (ip addr)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"ip[-_ ].*addr|\bip-a\b"),
)
