"""``brctl show``: Linux bridges and their ports.

Sample::

    bridge name     bridge id               STP enabled     interfaces
    qbr3b1ab8f7-bd          8000.aed176956e26       no              qvb3b1ab8f7-bd
                                                        tap3b1ab8f7-bd

Grammar::

    title  = "bridge name" "bridge id" "STP enabled" "interfaces"
    bridge = NAME (PRIORITY "." MAC | "can't get info" TEXT) ("yes" | "no") [PORT]
    port   = BLANK PORT                                  of the bridge above

Copies often have blanks for the tabs. Printer: bridge-utils brctl/brctl_cmd.c br_cmd_show; BusyBox
networking/brctl.c.
"""

import re
from dataclasses import dataclass, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, first_line
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class LinuxBridge(Record):
    """A bridge and the names of its ports. ``bridge_id`` None: the kernel gave none."""

    name: str
    bridge_id: str | None = None
    stp: bool | None = None
    ports: tuple[str, ...] = ()


_TITLE = re.compile(r"bridge name\s+bridge id\s+STP enabled\s+interfaces\s*")
_BRIDGE = re.compile(
    r"""(?P<name>\S+)\s+(?:(?P<id>[0-9a-f]{4}\.[0-9a-f]{12})\s+(?P<stp>yes|no))
        (?:\s+(?P<port>\S+))?\s*""",
    re.VERBOSE,
)
_LOST = re.compile(r"(?P<name>\S+)\s+can't get info(?:\s.*)?")
_PORT = re.compile(r"\s+(?P<port>\S+)\s*")


def parse(source: Source) -> Parsed:
    """Bridges in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        if _TITLE.fullmatch(line):
            continue
        if match := _LOST.fullmatch(line):
            found.mark_groups(match, offset, {"name": Kind.BRIDGE})
            found.records.append(LinuxBridge(name=match["name"], span=span))
        elif match := _BRIDGE.fullmatch(line):
            found.mark_groups(match, offset, {"name": Kind.BRIDGE, "port": Kind.DEVICE})
            found.records.append(
                LinuxBridge(
                    name=match["name"],
                    bridge_id=match["id"],
                    stp=match["stp"] == "yes",
                    ports=(match["port"],) if match["port"] else (),
                    span=span,
                )
            )
        elif isinstance(last, LinuxBridge) and (match := _PORT.fullmatch(line)):
            found.mark_groups(match, offset, {"port": Kind.DEVICE})
            found.records[-1] = replace(
                last,
                ports=(*last.ports, match["port"]),
                span=Span(last.span.start, span.end),
            )
        else:
            found.unknown_line(offset, line)
    return found.parsed()


def _prints(command: Command) -> bool:
    return command.program == "brctl" and command.arguments[:1] == ("show",)


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_TITLE.fullmatch(first))


FORMAT = Format(
    name="brctl_show",
    title="Linux bridges (brctl show)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"brctl.*show"),
)
