"""``ovs-appctl ovs/route/show``: the routes by which Open vSwitch sends its own tunnel packets.

Sample::

    Route Table:
    Cached: 10.0.0.31/32 dev br-phy SRC 10.0.0.31 local
    Cached: 10.0.0.0/24 dev br-phy SRC 10.0.0.31
    User: 192.0.2.0/24 MARK 1 dev br-phy GW 10.0.0.1 SRC 10.0.0.31

Grammar::

    table = "Route Table:" route*
    route = ("Cached" | "User") ": " PREFIX [" MARK " N] " dev " NAME [" GW " ADDRESS]
            " SRC " ADDRESS [" local"]

Cached: copied from the kernel; User: by ``ovs/route/add``. Printer: lib/ovs-router.c
ovs_router_show.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, as_number, first_line, is_address
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchRoute(Record):
    """``prefix``: with its length. ``is_local``: the address is one of the host's own."""

    prefix: str
    device: str
    source: str
    gateway: str | None = None
    mark: int = 0
    is_user: bool = False
    is_local: bool = False


_TITLE = re.compile(r"\s*Route Table:\s*")
_ROUTE = re.compile(
    r"""\s*(?P<origin>Cached|User):\s(?P<prefix>(?P<address>[0-9a-fA-F:.]{1,45})/\d{1,3})
        (?:\sMARK\s(?P<mark>\d{1,10}))?\sdev\s(?P<device>\S+)
        (?:\sGW\s(?P<gateway>[0-9a-fA-F:.]{1,45}))?\sSRC\s(?P<source>[0-9a-fA-F:.]{1,45})
        (?P<local>\slocal)?\s*""",
    re.VERBOSE,
)


def parse(source: Source) -> Parsed:
    """Routes in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        if _TITLE.fullmatch(line):
            continue
        match = _ROUTE.fullmatch(line)
        if match is None or not is_address(match["address"]):
            found.unknown_line(offset, line)
            continue
        found.mark_groups(match, offset, {"prefix": Kind.ADDRESS, "device": Kind.DEVICE})
        found.mark_groups(match, offset, {"gateway": Kind.ADDRESS, "source": Kind.ADDRESS})
        found.records.append(
            SwitchRoute(
                prefix=match["prefix"],
                device=match["device"],
                source=match["source"],
                gateway=match["gateway"],
                mark=as_number(match["mark"]) or 0,
                is_user=match["origin"] == "User",
                is_local=match["local"] is not None,
                span=Span(offset, found.line_end(offset)),
            )
        )
    return found.parsed()


def _prints(command: Command) -> bool:
    return command.program == "ovs-appctl" and command.arguments[:1] == ("ovs/route/show",)


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_TITLE.fullmatch(first))


FORMAT = Format(
    name="ovs_route_show",
    title="routes of Open vSwitch's own tunnels (ovs/route/show)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"ovs.route.show"),
)
