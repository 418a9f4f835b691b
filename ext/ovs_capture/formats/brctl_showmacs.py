"""``brctl showmacs BRIDGE``: MAC addresses that a Linux bridge knows.

Sample::

    port no mac addr                is local?       ageing timer
      1     86:fc:c7:af:bc:46       no                 0.01
      2     fe:16:3e:00:00:01       yes                0.00

Grammar: ``PORT MAC ("yes" | "no") SECONDS``; yes: the port's own address. Printer: bridge-utils
brctl/brctl_cmd.c br_cmd_showmacs.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import MAC, Findings, Format, Kind, Parsed, Record, first_line
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedMac(Record):
    """``port``: the port's number in its bridge; ``age`` in seconds."""

    port: int
    mac: str
    local: bool
    age: float


_TITLE = re.compile(r"port no\s+mac addr\s+is local\?\s+ageing timer\s*")
_ROW = re.compile(
    rf"\s*(?P<port>\d{{1,5}})\s+(?P<mac>{MAC})\s+(?P<local>yes|no)\s+(?P<age>\d{{1,9}}\.\d{{1,6}})\s*"
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
        found.mark_groups(match, offset, {"mac": Kind.MAC, "age": Kind.COUNTER})
        found.records.append(
            LearnedMac(
                port=int(match["port"]),
                mac=match["mac"].lower(),
                local=match["local"] == "yes",
                age=float(match["age"]),
                span=Span(offset, found.line_end(offset)),
            )
        )
    return found.parsed()


def _prints(command: Command) -> bool:
    return command.program == "brctl" and command.arguments[:1] == ("showmacs",)


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_TITLE.fullmatch(first))


FORMAT = Format(
    name="brctl_showmacs",
    title="MAC addresses of a Linux bridge (brctl showmacs)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"showmacs"),
)
