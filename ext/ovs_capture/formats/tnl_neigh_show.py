"""``ovs-appctl tnl/neigh/show``: neighbours to which Open vSwitch sends its own tunnel packets.

Sample::

    IP                                            MAC                 Bridge
    ==========================================================================
    10.0.0.11                                     8e:9b:8c:57:c9:4c   br-phy
    10.0.0.32                                     16:c7:55:8d:27:4d   br-phy STALE

Grammar: ``ADDRESS MAC BRIDGE [STALE]``. STALE: not heard of for 15 minutes. The command was
``tnl/arp/show`` first, and still is as well. Printer: lib/tnl-neigh-cache.c tnl_neigh_cache_show.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import MAC, Findings, Format, Kind, Parsed, Record, first_line, is_address
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelNeighbour(Record):
    """``bridge``: behind which the address answers."""

    address: str
    mac: str
    bridge: str
    is_stale: bool = False


_TITLE = re.compile(r"\s*IP\s+MAC\s+Bridge\s*")
_RULER = re.compile(r"\s*={5,}\s*")
_ROW = re.compile(
    rf"\s*(?P<address>[0-9a-fA-F:.]{{1,45}})\s+(?P<mac>{MAC})\s+(?P<bridge>\S+)"
    r"(?P<stale>\s+STALE)?\s*"
)


def parse(source: Source) -> Parsed:
    """Neighbours in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        if _TITLE.fullmatch(line) or _RULER.fullmatch(line):
            continue
        match = _ROW.fullmatch(line)
        if match is None or not is_address(match["address"]):
            found.unknown_line(offset, line)
            continue
        kinds = {"address": Kind.ADDRESS, "mac": Kind.MAC, "bridge": Kind.BRIDGE}
        found.mark_groups(match, offset, kinds)
        found.records.append(
            TunnelNeighbour(
                address=match["address"],
                mac=match["mac"].lower(),
                bridge=match["bridge"],
                is_stale=match["stale"] is not None,
                span=Span(offset, found.line_end(offset)),
            )
        )
    return found.parsed()


_COMMANDS = ("tnl/neigh/show", "tnl/arp/show")


def _prints(command: Command) -> bool:
    return command.program == "ovs-appctl" and bool({*command.arguments[:1]} & {*_COMMANDS})


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_TITLE.fullmatch(first))


FORMAT = Format(
    name="tnl_neigh_show",
    title="neighbours of Open vSwitch's own tunnels (tnl/neigh/show)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"tnl.(?:neigh|arp).show"),
)
