"""``nmcli device [status|show]`` and ``nmcli connection [show]``: NetworkManager's view.

Samples::

    DEVICE  TYPE      STATE      CONNECTION
    eth0    ethernet  connected  Wired connection 1
    lo      loopback  unmanaged  --

Grammar::

    table = heading+ row*              cells begin where their headings begin on the screen
    show  = (KEY ":" BLANK VALUE)*     blocks apart by a blank line: GENERAL.DEVICE, IP4.ADDRESS[1]

``--`` is no value. With ``-t`` (terse) cells are parted by ``:``, blocks have no blanks, a ``:`` or
backslash of a value has a backslash before it, and a table has no headings: ``-f`` or the default
names them. Not read: ``nmcli`` alone, whose overview is for people.
Printer: NetworkManager src/nmcli/utils.c.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from ..source import Source, Span
from .base import UUID, Findings, Format, Kind, Parsed, Record, first_line, is_address
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
_PAIR = re.compile(r"(?P<key>[a-zA-Z][\w.-]*(?:\[\d+\])?):(?:\s+(?P<value>\S(?:.*\S)?))?\s*")
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


# The fields that nmcli prints without -f; NetworkManager src/nmcli/devices.c, connections.c.
_DEFAULTS = {
    "device": ("DEVICE", "TYPE", "STATE", "CONNECTION"),
    "connection": ("NAME", "UUID", "TYPE", "DEVICE"),
}
_TERSE_CELL = re.compile(r"(?P<text>(?:[^:\\]|\\.)*)(?::|$)")


def parse_with(source: Source, command: Command) -> Parsed:
    """Terse tables have no headings: the command says what their cells are."""
    if not _is_terse(command):
        return parse(source)
    fields = _fields(command)
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        if fields is None:
            key, colon, value = line.partition(":")
            if not colon or not _KEY.fullmatch(key):
                found.unknown_line(offset, line)
                continue
            if not isinstance(last, NmBlock) or key in _FIRST or key in last.properties:
                last = NmBlock(properties={}, span=span)
                found.records.append(last)
            if value and value != "--":
                last.properties[key] = _unescaped(value)
                _mark(found, offset + len(key) + 1, key, value)
            found.records[-1] = replace(last, span=Span(last.span.start, span.end))
            continue
        cells = _terse_cells(line)
        if len(cells) != len(fields):
            found.unknown_line(offset, line)
            continue
        placed = [(name, at, text) for name, (at, text) in zip(fields, cells, strict=True)]
        row = _row(found, offset, line, placed, span.end)
        found.records.append(
            replace(row, columns={key: _unescaped(text) for key, text in row.columns.items()})
        )
    return found.parsed()


_KEY = re.compile(r"[a-zA-Z][\w.-]*(?:\[\d+\])?")


def _terse_cells(line: str) -> list[tuple[int, str]]:
    cells = []
    at = 0
    while match := _TERSE_CELL.match(line, at):
        cells.append((at, match["text"]))
        if not match[0].endswith(":") or match.end("text") == match.end():
            break
        at = match.end()
    return cells


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _is_terse(command: Command) -> bool:
    return bool({"-t", "--terse"} & set(command.options))


def _fields(command: Command) -> tuple[str, ...] | None:
    """The headings of a table; None for the blocks of ``show``."""
    words = list(command.arguments)
    given = None
    for option, value in pairwise(command.words):
        if option in ("-f", "--fields"):
            given = value
            words = [word for word in words if word != value]
    thing = next((name for name in _DEFAULTS if words and name.startswith(words[0])), None)
    if thing is None or (thing == "device" and len(words) > 1 and words[1].startswith("sh")):
        return None
    if thing == "connection" and len(words) > 2:
        return None
    if given is None or given in ("common", "all"):
        return _DEFAULTS[thing]
    return tuple(name.upper() for name in given.split(","))


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
    if command.program != "nmcli" or {"-g", "--get-values"} & set(command.options):
        return False
    values = {v for o, v in pairwise(command.words) if o in ("-f", "--fields", "-m", "--mode")}
    words = tuple(word for word in command.arguments if word not in values)
    if not words or words[1:2] not in ((), ("status",), ("show",), ("sh",), ("s",)):
        return False
    return "device".startswith(words[0]) or "connection".startswith(words[0])


_LOOKS = re.compile(r"DEVICE\s+TYPE\s+STATE\s+CONNECTION\s*|NAME\s+UUID\s+TYPE\s+DEVICE\s*")


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_LOOKS.fullmatch(first) or first.startswith("GENERAL.DEVICE:"))


FORMAT = Format(
    name="nmcli",
    title="devices and connections of NetworkManager (nmcli)",
    parse=parse,
    parse_with=parse_with,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"nmcli"),
)
