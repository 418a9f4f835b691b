"""``bridge vlan [show]``: VLANs of the ports of Linux bridges.

Sample::

    port              vlan-id
    eth1              1 PVID Egress Untagged
                      100-110
    br0               None

Grammar::

    title = "port" ("vlan-id" | "vlan ids") ["tunnel-id"]
    vlan  = [PORT] VID ["-" VID] ["PVID"] ["Egress Untagged"] [TUNNEL]
    none  = PORT "None"
    detail = BLANK KEY VALUE ...                -d

A line without port belongs to the port above. Printer: iproute2 bridge/vlan.c print_vlan_info;
tabs and the title ``vlan ids`` before 5.7.
"""

import re
from dataclasses import dataclass, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, as_number, first_line
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class PortVlan(Record):
    """A VLAN, or a range of them (``vlan`` to ``last``), of a port; None where it has none."""

    port: str
    vlan: int | None = None
    last: int | None = None
    pvid: bool = False
    untagged: bool = False
    tunnel: str | None = None


_TITLE = re.compile(r"port\s+vlan(?:-id|\ ids)\s*(?:tunnel-id)?\s*")
_VLAN = re.compile(
    r"""(?P<port>\S+)?\s+(?P<vlan>\d{1,4})(?:-(?P<last>\d{1,4}))?(?P<pvid>\s+PVID)?
        (?P<untagged>\s+Egress\ Untagged)?(?:\s+(?P<tunnel>\d+(?:-\d+)?))?\s*""",
    re.VERBOSE,
)
_NONE = re.compile(r"(?P<port>\S+)(?:\s+None)?\s*")
_DETAIL = re.compile(r"(?:\s+[a-z]\w*\s+\S+)+\s*")


def parse(source: Source) -> Parsed:
    """VLANs in the order of the capture."""
    found = Findings(source, FORMAT.name)
    port = None
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        if _TITLE.fullmatch(line):
            continue
        if (match := _VLAN.fullmatch(line)) and (match["port"] or port):
            port = match["port"] or port
            found.mark_groups(
                match, offset, {"port": Kind.DEVICE, "vlan": Kind.VLAN, "last": Kind.VLAN}
            )
            found.records.append(
                PortVlan(
                    port=port or "",
                    vlan=int(match["vlan"]),
                    last=as_number(match["last"]),
                    pvid=bool(match["pvid"]),
                    untagged=bool(match["untagged"]),
                    tunnel=match["tunnel"],
                    span=span,
                )
            )
        elif match := _NONE.fullmatch(line):
            port = match["port"]
            found.mark_groups(match, offset, {"port": Kind.DEVICE})
            found.records.append(PortVlan(port=port, span=span))
        elif isinstance(last, PortVlan) and _DETAIL.fullmatch(line):
            found.mark(offset, line, Kind.DIM)
            found.records[-1] = replace(last, span=Span(last.span.start, span.end))
        else:
            found.unknown_line(offset, line)
    return found.parsed()


def _prints(command: Command) -> bool:
    words = command.arguments
    listed = (
        command.program == "bridge"
        and bool(words)
        and words[0] != "v"
        and ("vlan".startswith(words[0]))
    )
    shown = words[1:2] == () or words[1] in ("tunnelshow", "list") or "show".startswith(words[1])
    return listed and shown and not {"-j", "-json"} & set(command.options)


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_TITLE.fullmatch(first))


FORMAT = Format(
    name="bridge_vlan",
    title="VLANs of bridge ports (bridge vlan)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"bridge.*vlan"),
)
