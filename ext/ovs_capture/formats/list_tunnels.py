"""``ovs-appctl ofproto/list-tunnels``: the tunnel ports that Open vSwitch has made.

Sample::

    port 4: vxlan-0a00000b (vxlan: 10.0.0.31->10.0.0.11, key=flow, legacy_l2, dp port=4, ttl=64)
    port 6: ovn-f10c10-0 (geneve: ::->10.0.2.99, key=flow, legacy_l2, dp port=6, ttl=64, csum=true)

Grammar::

    tunnel = "port " N ": " NAME " (" TYPE ": " [LOCAL] "->" REMOTE (", " option)* ")"
    option = KEY "=" VALUE | LAYER

``::`` as the local end: any address. ``flow`` as an end or a key: the flows choose it. Printer:
ofproto/tunnel.c tnl_port_fmt, tnl_match_fmt.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, as_number, first_line, is_address
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel(Record):
    """A tunnel port. ``number``: of the datapath; ``local`` None: any address."""

    number: int
    name: str
    type: str
    local: str | None = None
    remote: str
    dp_port: int | None = None
    options: dict[str, str]


_TUNNEL = re.compile(
    r"""port\ (?P<number>\d{1,10}):\ (?P<name>\S+)\ \((?P<type>\w+):
        \ (?P<local>\S*?)->(?P<remote>[^,)\s]+)
        (?P<options>(?:,\ [^,]+)*)\)\s*""",
    re.VERBOSE,
)


def parse(source: Source) -> Parsed:
    """Tunnels in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        match = _TUNNEL.fullmatch(line)
        if match is None:
            found.unknown_line(offset, line)
            continue
        found.mark_groups(match, offset, {"name": Kind.DEVICE, "type": Kind.HEAD})
        for side in ("local", "remote"):
            if is_address(match[side]) and match[side] != "::":
                found.mark_groups(match, offset, {side: Kind.ADDRESS})
        options = {}
        for option in filter(None, match["options"].split(", ")):
            key, equals, value = option.partition("=")
            options[key if equals else "layer"] = value if equals else key
        local = match["local"]
        found.records.append(
            Tunnel(
                number=int(match["number"]),
                name=match["name"],
                type=match["type"],
                local=None if local in ("", "::") else local,
                remote=match["remote"],
                dp_port=as_number(options.pop("dp port", None)),
                options=options,
                span=Span(offset, found.line_end(offset)),
            )
        )
    return found.parsed()


def _prints(command: Command) -> bool:
    return command.program == "ovs-appctl" and command.arguments[:1] == ("ofproto/list-tunnels",)


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_TUNNEL.fullmatch(first))


FORMAT = Format(
    name="list_tunnels",
    title="tunnel ports of Open vSwitch (ofproto/list-tunnels)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"list-tunnels"),
)
