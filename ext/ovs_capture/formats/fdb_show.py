"""``ovs-appctl fdb/show BRIDGE``: MAC addresses that an OVS bridge has learned.

Sample::

     port  VLAN  MAC                Age
       20     3  fa:16:3e:99:bc:6c   17
    LOCAL     0  86:07:6e:34:88:4d    3

Grammar: ``[BRIDGE] PORT VLAN MAC (AGE | "static")``; VLAN 0: none. Only flows with NORMAL, or with
``learn`` into the table, fill it; OVN's br-int has none. Printer: ofproto/ofproto-dpif.c
ofproto_unixctl_fdb_show; ``static`` since OVS 2.16, the column BRIDGE since 4.0.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import MAC, Findings, Format, Kind, Parsed, Record, as_number, first_line
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchMac(Record):
    """``port``: a number, ``LOCAL`` or a name. ``age`` in seconds, None: static."""

    bridge: str | None = None
    port: str
    vlan: int
    mac: str
    age: int | None = None


_TITLE = re.compile(r"\s*(?:Bridge\s+)?[pP]ort\s+VLAN\s+MAC\s+Age\s*")
_ROW = re.compile(
    rf"""\s*(?:(?P<bridge>\S+)\s+)?(?P<port>\S+)\s+(?P<vlan>\d{{1,4}})\s+(?P<mac>{MAC})
         \s+(?P<age>\d{{1,19}}|static)\s*""",
    re.VERBOSE,
)


def parse(source: Source) -> Parsed:
    """Addresses in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        if _TITLE.fullmatch(line):
            continue
        match = _ROW.fullmatch(line)
        if match is None:
            found.unknown_line(offset, line)
            continue
        found.mark_groups(match, offset, {"mac": Kind.MAC, "vlan": Kind.VLAN, "age": Kind.COUNTER})
        found.mark_groups(match, offset, {"bridge": Kind.BRIDGE})
        if not match["port"].isdecimal() and match["port"] != "LOCAL":
            found.mark_groups(match, offset, {"port": Kind.DEVICE})
        found.records.append(
            SwitchMac(
                bridge=match["bridge"],
                port=match["port"],
                vlan=int(match["vlan"]),
                mac=match["mac"].lower(),
                age=as_number(match["age"]),
                span=Span(offset, found.line_end(offset)),
            )
        )
    return found.parsed()


def _prints(command: Command) -> bool:
    return command.program == "ovs-appctl" and command.arguments[:1] == ("fdb/show",)


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_TITLE.fullmatch(first))


FORMAT = Format(
    name="fdb_show",
    title="MAC addresses of an OVS bridge (fdb/show)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"fdb.*show"),
)
