"""A switch's ports, as ``ovs-ofctl show`` and ``dump-ports-desc`` both print them.

Printer: lib/ofp-port.c ofputil_phy_port_format().

    port   = " " NUMBER "(" NAME "):" [" addr:" MAC] detail*
    detail = "     " KEY ":" VALUE        KEY: config, state, current, advertised, supported, peer,
                                          speed, and what later versions add
"""

import re
from dataclasses import dataclass, field, replace

from ..openflow.fields import reserved_ports
from ..openflow.values import unquoted
from ..source import Span
from .base import MAC, Findings, Kind, Record, as_number


@dataclass(frozen=True, slots=True, kw_only=True)
class PortDescription(Record):
    """``1(p1): addr:aa:55:aa:55:00:08`` and the lines below it.

    ``port_no``: its OpenFlow number, of a reserved port too (LOCAL: 65534). ``name``: cut to 15
    characters by OpenFlow. ``details``: by key, as printed (``{"state": "LIVE"}``).
    """

    port_no: int
    name: str
    mac: str | None = None
    details: dict[str, str] = field(default_factory=dict)


_PORT = re.compile(
    rf"""\s(?P<number>\d{{1,10}}|[A-Z_]+)\((?P<name>"(?:[^"\\]|\\.)*+"|[^()]*)\):
         (?:[ ]addr:(?P<mac>{MAC}))?\s*""",
    re.VERBOSE,
)
_DETAIL = re.compile(r"\s{2,}(?P<key>[a-z][\w -]*):\s*(?P<value>(?:.*\S)?)\s*")


def read_port_line(found: Findings, offset: int, line: str) -> bool:
    """Read a line of a port's description; False when it is none."""
    span = Span(offset, found.line_end(offset))
    last = found.records[-1] if found.records else None
    if match := _PORT.fullmatch(line):
        number = as_number(match["number"])
        if number is None:
            number = reserved_ports().get(match["number"])
        if number is None:
            return False
        found.mark(offset + match.start("number"), match["number"], Kind.COUNTER)
        name = unquoted(match["name"])
        quotes = name != match["name"] and match["name"].startswith('"')
        shown = match["name"][quotes : len(match["name"]) - quotes]
        found.mark(offset + match.start("name") + quotes, shown, Kind.DEVICE, name)
        found.mark_groups(match, offset, {"mac": Kind.MAC})
        mac = match["mac"].lower() if match["mac"] else None
        found.records.append(PortDescription(port_no=number, name=name, mac=mac, span=span))
        return True
    if isinstance(last, PortDescription) and (match := _DETAIL.fullmatch(line)):
        found.mark(offset + match.start("key"), match["key"], Kind.DIM)
        details = {**last.details, match["key"]: match["value"]}
        found.records[-1] = replace(last, details=details, span=Span(last.span.start, span.end))
        return True
    return False
