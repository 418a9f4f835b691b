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
"""

import re
from dataclasses import dataclass, field, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, is_address
from .command import Command, ip_object, ip_prints_blocks
from .ip_device import HEADER, ONE_LINE_HEADER, Device, parts, read_detail, read_header, tell_if_cut


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

    ifindex: int
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
    return ip_object(command) == ("address", "show") and ip_prints_blocks(command)


_ADDRESS_LINE = re.compile(r"^(?:\d+: \S+)?\s+inet6? \S+(?: peer \S+)?/\d+", re.MULTILINE)


def _looks_like(source: Source) -> bool:
    """A device's header without ``mode``, and an address somewhere."""
    _, first = next(Findings(source, FORMAT.name).lines(), (0, ""))
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
