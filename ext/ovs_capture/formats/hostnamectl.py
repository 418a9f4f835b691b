"""``hostnamectl [status]``: the host's name and system.

Sample::

       Static hostname: compute
             Icon name: computer-vm
            Machine ID: 0f1e2d3c4b5a69788796a5b4c3d2e1f0
      Operating System: Ubuntu 24.04.1 LTS

Grammar: ``BLANK KEY ": " VALUE``, keys aligned on the right. Printer: systemd src/hostname/
hostnamectl.c print_status_info; which keys there are depends on the version.
"""

import re
from dataclasses import dataclass, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, first_line
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class HostStatus(Record):
    """All that is printed, by key."""

    hostname: str | None = None
    properties: dict[str, str]


_LINE = re.compile(r"\s*(?P<key>[A-Z][\w -]*?):\s(?P<value>\S(?:.*\S)?)\s*")


def parse(source: Source) -> Parsed:
    """One record a capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        match = _LINE.fullmatch(line)
        if match is None:
            found.unknown_line(offset, line)
            continue
        end = found.line_end(offset)
        last = found.records[-1] if found.records else None
        if not isinstance(last, HostStatus):
            last = HostStatus(properties={}, span=Span(offset, end))
            found.records.append(last)
        last.properties[match["key"]] = match["value"]
        name = last.hostname
        if match["key"].endswith("hostname"):
            name = name or match["value"]
            found.mark_groups(match, offset, {"value": Kind.HOST})
        found.records[-1] = replace(last, hostname=name, span=Span(last.span.start, end))
    return found.parsed()


def _prints(command: Command) -> bool:
    shown = command.arguments in ((), ("status",))
    return command.program == "hostnamectl" and shown and "-j" not in command.options


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(re.fullmatch(r"\s+Static hostname: \S+\s*", first))


FORMAT = Format(
    name="hostnamectl",
    title="name and system of a host (hostnamectl)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"hostnamectl"),
)
