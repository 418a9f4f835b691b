"""``ovs-appctl dpif/show``: datapaths, their bridges, and the two numbers of every port.

Sample::

    netdev@ovs-netdev: hit:646 missed:270
      br-int:
        br-int 65534/3: (tap)
        int-br-provider 1/none: (patch: peer=phy-br-provider)
      br-tun:
        vxlan-0a00000b 2/5: (vxlan: key=flow, local_ip=10.0.0.31, remote_ip=10.0.0.11)

Grammar::

    datapath = TYPE "@" NAME ": hit:" N " missed:" N bridge*
    bridge   = "  " NAME ":" port*
    port     = "    " NAME " " OFPORT "/" (NUMBER | "none") ": (" TYPE [": " options] ")"
    options  = option (", " option)*
    option   = KEY "=" VALUE

A patch port has no number in the datapath; tunnels of one type and UDP port share one. Names are
whole, unlike those of ovs-ofctl. Older versions begin lines with tabs. Printer:
ofproto/ofproto-dpif.c dpif_show_backer.
"""

import re
from dataclasses import dataclass, field

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, first_line, is_address
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Datapath(Record):
    """``netdev@ovs-netdev``. ``hit``, ``missed``: packets that its flows knew, and knew not."""

    name: str
    hit: int
    missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchBridge(Record):
    """A bridge of the datapath."""

    datapath: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPort(Record):
    """``ofport``: its OpenFlow number (LOCAL: 65534); ``number``: the datapath's, None: a patch.

    ``type``: of the network device, ``system`` for one of the kernel.
    """

    datapath: str
    bridge: str
    name: str
    ofport: int
    number: int | None
    type: str
    options: dict[str, str] = field(default_factory=dict)


_DATAPATH = re.compile(
    r"(?P<name>[a-z][\w-]*@[^\s:]+): hit:(?P<hit>\d{1,20}) missed:(?P<missed>\d{1,20})\s*"
)
_BRIDGE = re.compile(r"(?:  |\t)(?P<name>[^\s:]+):\s*")
_PORT = re.compile(
    r"""(?:\ {4}|\t\t)(?P<name>\S+)\ (?P<ofport>\d{1,10})/(?P<number>\d{1,10}|none):
        \ \((?P<type>[^\s:()]+)(?::\ ?(?P<options>\S.*))?\)\s*""",
    re.VERBOSE,
)
_OPTION = re.compile(r"(?P<key>[^\s=,]+)=(?P<value>.*?)(?:, (?=[^\s=,]+=)|$)")


def parse(source: Source) -> Parsed:
    """Datapaths, bridges and ports in the order of the capture."""
    found = Findings(source, FORMAT.name)
    datapath = bridge = ""
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        if match := _DATAPATH.fullmatch(line):
            datapath, bridge = match["name"], ""
            found.mark_groups(match, offset, {"hit": Kind.COUNTER, "missed": Kind.COUNTER})
            found.records.append(
                Datapath(
                    name=datapath, hit=int(match["hit"]), missed=int(match["missed"]), span=span
                )
            )
        elif datapath and (match := _BRIDGE.fullmatch(line)):
            bridge = match["name"]
            found.mark_groups(match, offset, {"name": Kind.BRIDGE})
            found.records.append(SwitchBridge(datapath=datapath, name=bridge, span=span))
        elif bridge and (match := _PORT.fullmatch(line)):
            kinds = {"name": Kind.DEVICE, "ofport": Kind.COUNTER, "type": Kind.HEAD}
            found.mark_groups(match, offset, kinds)
            number = None if match["number"] == "none" else int(match["number"])
            if number is not None:
                found.mark_groups(match, offset, {"number": Kind.COUNTER})
            found.records.append(
                SwitchPort(
                    datapath=datapath,
                    bridge=bridge,
                    name=match["name"],
                    ofport=int(match["ofport"]),
                    number=number,
                    type=match["type"],
                    options=_options(found, match, offset),
                    span=span,
                )
            )
        else:
            found.unknown_line(offset, line)
    return found.parsed()


def _options(found: Findings, match: re.Match[str], offset: int) -> dict[str, str]:
    """``peer=phy-br-mgmt`` by key; what is no option stays as it is."""
    options: dict[str, str] = {}
    start = offset + match.start("options")
    for option in _OPTION.finditer(match["options"] or ""):
        key, value = option["key"], option["value"]
        options[key] = value
        at = start + option.start("value")
        if key == "peer":
            found.mark(at, value, Kind.DEVICE)
        elif is_address(value):
            found.mark(at, value, Kind.ADDRESS)
    return options


def _prints(command: Command) -> bool:
    return command.program == "ovs-appctl" and command.arguments[:1] == ("dpif/show",)


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_DATAPATH.fullmatch(first))


FORMAT = Format(
    name="dpif_show",
    title="bridges and port numbers of a datapath (ovs-appctl dpif/show)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"dpif.*show"),
)
