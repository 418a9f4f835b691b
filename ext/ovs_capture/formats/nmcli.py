"""``nmcli device [status|show]`` and ``nmcli connection [show]``: NetworkManager's view.

Samples::

    DEVICE  TYPE      STATE      CONNECTION
    eth0    ethernet  connected  Wired connection 1
    lo      loopback  unmanaged  --

Grammar::

    table = heading+ row*              cells begin where their headings begin on the screen
    show  = (KEY ":" BLANK VALUE)*     blocks apart by a blank line: GENERAL.DEVICE, IP4.ADDRESS[1]

``--`` is no value. Read are the tables and blocks; not ``-t`` (terse), and not ``nmcli`` alone,
whose overview is for people. Printer: NetworkManager src/nmcli/utils.c.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from ..source import Source, Span
from .base import UUID, Findings, Format, Kind, Parsed, Record, is_address
from .columns import column_of, index_at
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class NmRow(Record):
    """A row of a table, by the headings as printed; ``--`` left out."""

    columns: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NmBlock(Record):
    """A block of ``show``: a device or a connection, by key."""

    properties: dict[str, str]


_HEADINGS = re.compile(r"[A-Z][A-Z0-9-]*(?:\s{2,}[A-Z][A-Z0-9-]*)+\s*")
_HEADING = re.compile(r"\S+")
_PAIR = re.compile(r"(?P<key>[a-zA-Z][\w.-]*(?:\[\d+\])?):(?:\s+(?P<value>\S.*?))?\s*")
_TOKEN = re.compile(rf"(?P<uuid>{UUID})|(?P<mac>(?:[0-9A-Fa-f]{{2}}:){{5}}[0-9A-Fa-f]{{2}})|\S+")
# With these a block begins: of a device, of a connection.
_FIRST = ("GENERAL.DEVICE", "connection.id")


def parse(source: Source) -> Parsed:
    """Rows or blocks in the order of the capture."""
    found = Findings(source, FORMAT.name)
    headings: list[tuple[str, int]] = []
    for offset, line in found.lines():
        end = found.line_end(offset)
        last = found.records[-1] if found.records else None
        if not headings and not last and _HEADINGS.fullmatch(line):
            headings = [(m[0], column_of(line, m.start())) for m in _HEADING.finditer(line)]
        elif headings and (cells := _cells(line, headings)):
            found.records.append(_row(found, offset, line, cells, end))
        elif not headings and (match := _PAIR.fullmatch(line)):
            key = match["key"]
            if not isinstance(last, NmBlock) or key in _FIRST or key in last.properties:
                last = NmBlock(properties={}, span=Span(offset, end))
                found.records.append(last)
            value = match["value"]
            if value and value != "--":
                last.properties[key] = value
                _mark(found, offset + match.start("value"), key, value)
            found.records[-1] = replace(last, span=Span(last.span.start, end))
        else:
            found.unknown_line(offset, line)
    return found.parsed()


Cell = tuple[str, int, str]


def _cells(line: str, headings: list[tuple[str, int]]) -> list[Cell] | None:
    """``(heading, index, text)``; None where a cell is not under its heading."""
    starts = [index_at(line, column) for _, column in headings]
    if starts[0] != 0 or not line.strip():
        return None
    found = []
    ends = [*(b for _, b in pairwise(starts)), len(line)]
    for (heading, _), start, end in zip(headings, starts, ends, strict=True):
        if start is None:
            return None
        if start and not line[start - 1 : start].isspace():
            return None
        text = line[start:end].rstrip()
        found.append((heading, start, text))
    return found


def _row(found: Findings, offset: int, line: str, cells: list[Cell], end: int) -> NmRow:
    columns = {}
    for heading, start, text in cells:
        if text and text != "--":
            columns[heading] = text
            _mark(found, offset + start, heading, text)
    return NmRow(columns=columns, span=Span(offset, end))


def _mark(found: Findings, start: int, key: str, value: str) -> None:
    if key in ("DEVICE", "GENERAL.DEVICE", "connection.interface-name"):
        found.mark(start, value, Kind.DEVICE)
        return
    for token in _TOKEN.finditer(value):
        text = token[0].rstrip(",")
        if token["uuid"]:
            found.mark(start + token.start(), text, Kind.UUID)
        elif token["mac"]:
            found.mark(start + token.start(), text, Kind.MAC)
        elif is_address(text):
            found.mark(start + token.start(), text, Kind.ADDRESS)


def _prints(command: Command) -> bool:
    if command.program != "nmcli" or {"-t", "--terse", "-g"} & set(command.options):
        return False
    words = command.arguments
    if not words or words[1:2] not in ((), ("status",), ("show",), ("sh",), ("s",)):
        return False
    return "device".startswith(words[0]) or "connection".startswith(words[0])


_LOOKS = re.compile(r"DEVICE\s+TYPE\s+STATE\s+CONNECTION\s*|NAME\s+UUID\s+TYPE\s+DEVICE\s*")


def _looks_like(source: Source) -> bool:
    _, first = next(Findings(source, FORMAT.name).lines(), (0, ""))
    return bool(_LOOKS.fullmatch(first) or first.startswith("GENERAL.DEVICE:"))


FORMAT = Format(
    name="nmcli",
    title="devices and connections of NetworkManager (nmcli)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"nmcli"),
)
