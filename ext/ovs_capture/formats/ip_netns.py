"""``ip netns [list]`` and ``ip netns list-id``: the named network namespaces of a host.

Sample::

    qrouter-e6efd80e-9468-4787-a6f8-1648486cc1d6 (id: 1)
    qdhcp-53f92676-e6e0-42fb-bde9-48dd2c2506b4

Grammar::

    namespace = NAME [" (id: " N ")"]
    id        = "nsid " N [" current-nsid " N] [" (iproute2 netns name: " NAME ")"]

The id is what ``link-netnsid`` of a device names, seen from the namespace in which the command ran.
Printer: iproute2 ip/ipnetns.c netns_list, print_nsid. ``(id: N)`` since iproute2 4.0 on Linux 4.0.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, as_number
from .command import Command, ip_object, ip_prints_blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkNamespace(Record):
    """A named namespace, and its ``id`` where one was given."""

    name: str
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceId(Record):
    """A line of ``list-id``: an id and the name that iproute2 knows for it."""

    id: int
    name: str | None = None


_NAME = re.compile(r"(?P<name>[^\s()][^\s]*)(?: \(id: (?P<id>\d{1,10})\))?\s*")
_ID = re.compile(
    r"nsid (?P<id>\d{1,10}) *+(?:current-nsid \d{1,10} *+)?"
    r"(?:\(iproute2 netns name: (?P<name>[^)]+)\))?\s*"
)


def parse(source: Source) -> Parsed:
    """Namespaces in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        record: Record
        if match := _ID.fullmatch(line):
            record = NamespaceId(id=int(match["id"]), name=match["name"], span=span)
        elif match := _NAME.fullmatch(line):
            record = NetworkNamespace(name=match["name"], id=as_number(match["id"]), span=span)
        else:
            found.unknown_line(offset, line)
            continue
        found.mark_groups(match, offset, {"name": Kind.NAMESPACE})
        found.records.append(record)
    return found.parsed()


def _prints(command: Command) -> bool:
    shown = ip_object(command) in (("netns", "show"), ("netns", "list-id"))
    return shown and ip_prints_blocks(command)


def _looks_like(source: Source) -> bool:
    """A bare name is no evidence, so every line must have its id."""
    lines = [line for _, line in Findings(source, FORMAT.name).lines()]
    named = [_NAME.fullmatch(line) for line in lines]
    return bool(lines) and (
        all(match and match["id"] for match in named) or all(map(_ID.fullmatch, lines))
    )


FORMAT = Format(
    name="ip_netns",
    title="network namespaces (ip netns)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"netns"),
)
