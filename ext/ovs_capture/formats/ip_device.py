"""The lines by which ``ip link`` and ``ip addr`` describe a device: one grammar for both.

No format of its own. Printer: iproute2 ip/ipaddress.c print_linkinfo, print_linktype, and print_opt
of each ip/iplink_*.c; BusyBox networking/libiproute/ipaddress.c::

    header = IFINDEX ": " IFNAME ["@" LINK] ": <" FLAGS "> " attribute*
    link   = "    link/" TYPE [MAC] ["brd"|"peer" MAC] attribute*
    kind   = "    " KIND attribute*               ip -d: vxlan id 267 local 10.0.0.31 dev eth1 ...
    slave  = "    " KIND "_slave" attribute*      ip -d: what it is for its master
    other  = "    alias " TEXT | "    altname " NAME | "    vf " N ... | statistics of -s

An attribute is a key and its value, or a key alone (``external``). With ``-o`` the lines of a
device stand on one line, joined by a backslash.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..source import Span
from .base import MAC, Findings, Kind, as_number, is_address

HEADER = re.compile(
    r"""(?P<ifindex>\d{1,10}):\ +
        (?P<ifname>[^\s@:]+)(?:@(?P<link>[^\s:]+))?:\ +
        <(?P<flags>[^>\s]*)>
        (?P<rest>.*)""",
    re.VERBOSE,
)
# `ip -o addr` repeats only index and name before each address.
ONE_LINE_HEADER = re.compile(r"(?P<ifindex>\d{1,10}): (?P<ifname>[^\s@:]+)\s+(?=inet6? )")
_LINK = re.compile(r"\s+link/(?P<link_type>\S+)(?:\s+(?P<address>\S*[.:]\S*))?(?P<rest>.*)")
# Six bytes; eight of IEEE 1394, twenty of InfiniBand.
_HARDWARE = re.compile(rf"{MAC}(?:(?::[0-9a-fA-F]{{2}}){{2}}|(?::[0-9a-fA-F]{{2}}){{14}})?")
_ALIAS = re.compile(r"\s+alias (?P<alias>.*)")
_ALTNAME = re.compile(r"\s+altname (?P<altname>\S+)\s*")
_FUNCTION = re.compile(r"\s+vf (?P<number>\d+)\s+(?P<rest>\S(?:.*\S)?)\s*")
_STATISTICS = re.compile(r"\s+(?P<direction>RX|TX)(?: errors)?:(?P<columns>(?:\s+[a-z]+)+)\s*")
_NUMBERS = re.compile(r"\s+\d[\d\s]*")
_DETAIL = re.compile(r"\s+(?P<word>[a-z][\w-]*?)(?P<slave>_slave)?(?=\s|$)(?P<rest>.*)")
_WORD = re.compile(r"\{[^}]*\}|\S+")

# Keys of the first line, of the link/ line, and of a device whatever its kind: these end the kind's
# own line, whose other keys belong to the kind (`state` of a bridge_slave is not the device's).
_HEADER_KEYS = frozenset({
    "mtu", "qdisc", "master", "vrf", "state", "mode", "group", "qlen",
})  # fmt: skip
_LINK_KEYS = frozenset({
    "brd", "peer", "permaddr", "link-netnsid", "link-netns", "new-netns", "new-netnsid",
    "new-ifindex", "promiscuity", "allmulti", "minmtu", "maxmtu", "protodown",
    "protodown_reason",
})  # fmt: skip
_GENERIC = frozenset({
    "addrgenmode", "numtxqueues", "numrxqueues", "gso_max_size", "gso_max_segs", "tso_max_size",
    "tso_max_segs", "gro_max_size", "gso_ipv4_max_size", "gro_ipv4_max_size",
    "max_pacing_offload_horizon", "portname", "portid", "switchid", "parentbus", "parentdev",
    "netns-immutable",
})  # fmt: skip
# Keys that stand alone: print_opt of iplink_{vxlan,geneve,gre,tun,macvlan,ipvlan}.c. A port's own
# line (bridge_slave) has none: there it is `learning on`.
_ALONE = re.compile(
    r"external|multi_queue|proxy|rsc|l[23]miss|gbp|gpe|vnifilter|ignore-df|(?:i|o)(?:csum|seq)"
    r"|(?:no)?(?:learning|localbypass|innerprotoinherit|pmtudisc|promisc|dst|encap(?:-\w+)?)"
    r"|(?:no)?(?:udpcsum|udp6zerocsum[rt]x|remcsum[rt]x)"
    r"|xdp\S*|<.*|netns-immutable"
)
_DETAIL_KINDS = frozenset({
    "amt", "bareudp", "batadv", "bond", "bridge", "can", "dsa", "dummy", "erspan", "geneve",
    "gre", "gretap", "gtp", "hsr", "ifb", "ip6erspan", "ip6gre", "ip6gretap", "ip6tnl", "ipip",
    "ipvlan", "ipvtap", "lowpan", "macsec", "macvlan", "macvtap", "netdevsim", "netkit",
    "nlmon", "openvswitch", "rmnet", "sit", "team", "tun", "vcan", "veth", "virt_wifi", "vlan",
    "vrf", "vti", "vti6", "vxcan", "vxlan", "wireguard", "wwan", "xfrm",
})  # fmt: skip
# Link types without an address (iproute2 lib/ll_types.c; a number in brackets is one without name).
_NO_ADDRESS = re.compile(r"none|ppp|void|slip|cslip|\[\d+\]|rawhdlc|cisco|phonet_pipe|netlink")
# What a reader looks for on a kind's line; the rest of it is noise to most.
_WORTH_READING = {
    "type", "mode", "state", "protocol", "id", "local", "remote", "group", "dev", "dstport",
    "external", "table", "active_slave", "key", "ikey", "okey",
}  # fmt: skip
_DEVICE_KEYS = {"master", "dev", "active_slave", "backup_port"}
_NUMBERED = {"vxlan", "geneve", "vlan", "vrf", "gtp", "bareudp"}


@dataclass
class Device:
    """One device while its lines are read.

    ``attributes``: keys of any device; ``info_data``: of its kind; ``properties``: of its place
    under a master, its statistics, its virtual functions.
    """

    start: int
    end: int
    ifindex: int | None
    ifname: str
    link: str | None = None
    flags: tuple[str, ...] = ()
    link_type: str | None = None
    address: str | None = None
    broadcast: str | None = None
    info_kind: str | None = None
    info_slave_kind: str | None = None
    altnames: tuple[str, ...] = ()
    info_data: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    def number(self, key: str) -> int | None:
        """An attribute that is a number; ``link-netnsid unknown`` is none."""
        return as_number(self.attributes.get(key))

    @property
    def others(self) -> dict[str, str]:
        """What no field of ``Link`` holds."""
        named = {"mtu", "qdisc", "master", "state", "link-netnsid", "link-netns"}
        named |= {"parentbus", "parentdev"}
        rest = {key: text for key, text in self.attributes.items() if key not in named}
        return rest | self.properties


def parts(found: Findings) -> Iterator[tuple[int, str]]:
    """Lines, those of ``ip -o`` taken apart at their backslashes."""
    for offset, line in found.lines():
        start = 0
        for joint in re.finditer(r"\\(?=\s{4})", line):
            yield offset + start, line[start : joint.start()]
            start = joint.end()
        yield offset + start, line[start:]


def read_header(found: Findings, offset: int, line: str) -> Device | None:
    """A device's first line, or None when the line is none."""
    match = HEADER.fullmatch(line)
    if match is None:
        return None
    device = Device(
        start=offset,
        end=found.line_end(offset),
        ifindex=int(match["ifindex"]),
        ifname=match["ifname"],
        link=match["link"],
        flags=tuple(filter(None, match["flags"].split(","))),
    )
    found.mark_groups(match, offset, {"ifname": Kind.DEVICE})
    # ifN is an index in another namespace, NONE says that there is no lower device.
    if match["link"] and not re.fullmatch(r"if\d+|NONE", match["link"]):
        found.mark_groups(match, offset, {"link": Kind.DEVICE})
    shown = {"mtu", "qdisc", "master", "state", "link-netns", "link-netnsid"}
    # `ip -4 addr` has no link/ line and puts the namespace here.
    keys = _HEADER_KEYS | _LINK_KEYS
    _attributes(found, device, offset + match.start("rest"), match["rest"], keys, shown)
    return device


def read_detail(found: Findings, device: Device, offset: int, line: str) -> bool:
    """One of the indented lines of ``device``; False when it is none that we know."""
    if not (_link(found, device, offset, line) or _other(found, device, offset, line)):
        match = _DETAIL.fullmatch(line)
        if match is None or not (match["slave"] or match["word"] in _DETAIL_KINDS):
            return False
        _kind(found, device, offset, match)
    device.end = found.line_end(offset)
    return True


def _link(found: Findings, device: Device, offset: int, line: str) -> bool:
    match = _LINK.fullmatch(line)
    if match is None:
        return False
    device.link_type = match["link_type"]
    address = match["address"] or ""
    if _HARDWARE.fullmatch(address) or is_address(address):
        device.address = address.lower()
        mark_value(found, offset + match.start("address"), address)
    elif address:
        found.unknown_token(offset + match.start("address"), address)
    elif not _NO_ADDRESS.fullmatch(device.link_type):
        start = offset + match.start("link_type") - len("link/")
        found.without_value(Span(start, offset + match.end("link_type")), "a link/ line")
    keys, shown = _LINK_KEYS | _GENERIC, {"link-netns", "link-netnsid"}
    _attributes(found, device, offset + match.start("rest"), match["rest"], keys, shown)
    device.broadcast = device.attributes.pop("brd", None) or device.attributes.pop("peer", None)
    return True


def _kind(found: Findings, device: Device, offset: int, match: re.Match[str]) -> None:
    """``vxlan id 267 ...`` or ``bridge_slave state forwarding ...``."""
    word = match["word"] + (match["slave"] or "")
    found.mark(offset + match.start("word"), word, Kind.HEAD)
    if match["slave"]:
        device.info_slave_kind = match["word"]
    else:
        device.info_kind = match["word"]
    own = device.properties if match["slave"] else device.info_data
    rest = offset + match.start("rest")
    _attributes(found, device, rest, match["rest"], _GENERIC, _WORTH_READING, own)


def _other(found: Findings, device: Device, offset: int, line: str) -> bool:
    """alias, altname, virtual functions, statistics."""
    if match := _ALTNAME.fullmatch(line):
        device.altnames += (match["altname"],)
        found.mark_groups(match, offset, {"altname": Kind.DEVICE})
    elif match := _ALIAS.fullmatch(line):
        device.properties["alias"] = match["alias"]
    elif match := _FUNCTION.fullmatch(line):
        device.properties[f"vf {match['number']}"] = match["rest"]
        for mac in re.finditer(MAC, line):
            mark_value(found, offset + mac.start(), mac[0])
    elif match := _STATISTICS.fullmatch(line):
        columns = match["columns"].split()
        device.columns = tuple(f"{match['direction'].lower()}_{name}" for name in columns)
        found.mark(offset + len(line) - len(line.lstrip()), line.strip(), Kind.DIM)
    elif device.columns and _NUMBERS.fullmatch(line):
        numbers = list(_WORD.finditer(line))
        device.properties |= {
            name: number[0] for name, number in zip(device.columns, numbers, strict=False)
        }
        for number in numbers:
            found.mark(offset + number.start(), number[0], Kind.COUNTER)
        device.columns = ()
    else:
        return False
    return True


def _attributes(
    found: Findings,
    device: Device,
    offset: int,
    text: str,
    keys: frozenset[str],
    shown: set[str],
    own: dict[str, str] | None = None,
) -> None:
    """Keys and values of ``text``, which stands at ``offset``.

    ``keys``: those of the device. ``own``: takes all others; without it they are unknown.
    ``shown``: the keys that are no noise.
    """
    words = list(_WORD.finditer(text))
    index = 0
    while index < len(words):
        word = words[index]
        key, start = word[0], offset + word.start()
        index += 1
        values = []
        if own is device.properties or not _ALONE.fullmatch(key):
            if own is None and key not in keys:
                # An unknown key with its values is one thing to tell.
                while index < len(words) and not _known(words[index][0], keys):
                    index += 1
                found.unknown_token(start, text[word.start() : words[index - 1].end()])
                continue
            # srcport is the one key with two values: a range.
            count = 2 if key == "srcport" else 1
            values = words[index : index + count]
            index += len(values)
            if not values:
                found.without_value(Span(start, start + len(key)), f"the value of {key!r}")
        taken = own if own is not None and key not in keys else device.attributes
        taken[key] = " ".join(match[0] for match in values)
        if key not in shown and not key.startswith("<"):
            found.mark(start, key, Kind.DIM)
            for match in values:
                found.mark(offset + match.start(), match[0], Kind.DIM)
        for match in values if key in shown else ():
            _mark_attribute(found, device, key, offset + match.start(), match[0])


def tell_if_cut(found: Findings, devices: Sequence[Device]) -> None:
    """A last device without a ``link/`` line, where all others have one, was cut when copied."""
    if len(devices) < 2 or devices[-1].link_type or not all(d.link_type for d in devices[:-1]):
        return
    last = devices[-1]
    # What follows it is told already: a line that fits nothing.
    if not found.source.text[last.end : found.source.end].strip():
        found.truncated(last.span, f"the device {last.ifname!r}")


def _known(word: str, keys: frozenset[str]) -> bool:
    return word in keys or bool(_ALONE.fullmatch(word))


def _mark_attribute(found: Findings, device: Device, key: str, start: int, value: str) -> None:
    if key in _DEVICE_KEYS:
        found.mark(start, value, Kind.DEVICE)
    elif key == "link-netns":
        found.mark(start, value, Kind.NAMESPACE)
    elif key == "id" and device.info_kind in _NUMBERED:
        found.mark(start, value, Kind.VLAN)
    elif key in ("local", "remote", "group"):
        mark_value(found, start, value)
    elif key in ("state", "type", "mode", "protocol"):
        found.mark(start, value, Kind.HEAD)


def mark_value(found: Findings, start: int, text: str) -> None:
    """A hardware or IP address; one of all zeros or all ones names nobody."""
    if _HARDWARE.fullmatch(text):
        if set(text.lower()) - {":"} not in ({"0"}, {"f"}):
            found.mark(start, text, Kind.MAC)
    elif is_address(text):
        found.mark(start, text, Kind.ADDRESS)
