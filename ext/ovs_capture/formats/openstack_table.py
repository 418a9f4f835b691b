"""Tables that the OpenStack clients draw: lists, and Field/Value forms.

Sample (``openstack server list``)::

    +--------------------------------------+------------+--------+-----------------------+
    | ID                                   | Name       | Status | Networks              |
    +--------------------------------------+------------+--------+-----------------------+
    | a9f5fa16-91d6-4dd6-893c-d497567f1c9b | instance00 | ACTIVE | provider=172.16.0.112 |
    +--------------------------------------+------------+--------+-----------------------+

Grammar: ``rule head+ rule row* rule``; on the screen a rule's ``+`` stand above the ``|`` of every
row. A row whose first cell is blank continues the one before it (a cell of several lines, or one
wrapped with ``--fit-width``), and so does a first cell that goes on with a UUID cut in two. A table
with the columns Field and Value is one resource. Printer: cliff cliff/formatters/table.py over
PrettyTable; python-openstackclient, neutronclient, novaclient alike. ``-f value`` and ``-f json``
are other forms.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from ..source import Source, Span
from .base import IPV4, IPV6, MAC, UUID, Findings, Format, Kind, Parsed, Record, is_address
from .columns import column_of, index_at
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Record):
    """One row of a list. ``cells``: by the column's heading, as printed without padding.

    ``object``: the words of the command that say what is listed (``server``, ``router``,
    ``floating ip``), None when no command tells.
    """

    object: str | None
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Record):
    """A whole Field/Value table: one resource. Fields as printed; ``object`` as of ``Row``."""

    object: str | None
    fields: dict[str, str]


_RULE = re.compile(r"\+(?:-+\+)+")
_ROW = re.compile(r"\|.*\|")
# A UUID that a wrapped column cut short, behind its first hyphen.
_CUT_UUID = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{0,4}|(?:[0-9a-f]{4}-){1,2}[0-9a-f]{0,4}|(?:[0-9a-f]{4}-){3}[0-9a-f]{0,11})"
)
_TOKEN = re.compile(
    rf"""(?P<uuid>(?<![\w-])(?:{UUID}|[0-9a-f]{{32}})(?![\w-]))
       | (?P<mac>(?<![\w:]){MAC}(?![\w:]))
       | (?P<address>(?<![\w.:])(?:{IPV4}|{IPV6})(?:/\d+)?(?![\w:]))""",
    re.VERBOSE,
)
_STATES = {"status", "state", "provisioning_status", "operating_status", "os-ext-sts:vm_state"}
_NOTHING = {"None", "null", "[]", "{}", "-"}


@dataclass
class _Cell:
    """A piece of a cell: one of its lines, without the padding."""

    start: int
    text: str


@dataclass
class _Entry:
    """A row with the lines that continue it: the pieces of each cell."""

    start: int
    end: int
    cells: list[list[_Cell]] = field(default_factory=list)

    def text(self, index: int) -> str:
        return "\n".join(piece.text for piece in self.cells[index]).strip("\n")


@dataclass
class _Table:
    """One table while it is read; ``edges``: the columns of the screen where ``|`` stand."""

    start: int
    rule: str
    edges: list[int]
    rules: int = 1
    heads: list[_Entry] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)
    end: int = 0

    @property
    def headings(self) -> list[str]:
        """A wrapped heading's words are joined again."""
        if not self.heads:
            return []
        pieces = zip(*(head.cells for head in self.heads), strict=True)
        return [
            " ".join(piece.text for lines in column for piece in lines if piece.text)
            for column in pieces
        ]


def parse(source: Source) -> Parsed:
    """Rows or resources of a table that no command explains."""
    return _parse(source, None)


def _parse(source: Source, listed: str | None) -> Parsed:
    found = Findings(source, FORMAT.name)
    table: _Table | None = None
    for offset, line in found.lines():
        text = line.rstrip()
        offset, text = offset + len(text) - len(text.lstrip()), text.lstrip()
        if _RULE.fullmatch(text):
            if table is None:
                table = _Table(offset, text, _edges(text))
            elif text != table.rule:
                # The one before was cut; this begins another.
                _finish(found, table, listed, complete=False)
                table = _Table(offset, text, _edges(text))
            else:
                table.rules += 1
            table.lines.append((offset, text))
            table.end = found.line_end(offset)
            if table.rules == 3:
                _finish(found, table, listed, complete=True)
                table = None
        elif table and _ROW.fullmatch(text) and (cells := _cells(offset, text, table.edges)):
            table.lines.append((offset, text))
            table.end = found.line_end(offset)
            _add(table, _Entry(offset, table.end, [[cell] for cell in cells]))
        else:
            found.unknown_line(offset, text)
    if table:
        _finish(found, table, listed, complete=False)
    return found.parsed()


def _edges(rule: str) -> list[int]:
    return [column_of(rule, index) for index, char in enumerate(rule) if char == "+"]


def _cells(offset: int, line: str, edges: list[int]) -> list[_Cell] | None:
    """The cells between the edges; where a row is out of line, between its bars, if they fit."""
    indices = [index_at(line, edge) for edge in edges]
    bars = [index for index in indices if index is not None and line[index : index + 1] == "|"]
    if len(bars) != len(edges):
        bars = [index for index, char in enumerate(line) if char == "|"]
        if len(bars) != len(edges):
            return None
    cells = []
    for left, right in pairwise(bars):
        text = line[left + 1 : right]
        blank = len(text) - len(text.lstrip())
        cells.append(_Cell(offset + left + 1 + blank, text.strip()))
    return cells


def _add(table: _Table, entry: _Entry) -> None:
    if table.rules == 1:
        table.heads.append(entry)
        return
    before = table.entries[-1] if table.entries else None
    if before is None or not (_continues(before, entry)):
        table.entries.append(entry)
        return
    for pieces, more in zip(before.cells, entry.cells, strict=True):
        pieces += more
    before.end = entry.end


def _continues(before: _Entry, entry: _Entry) -> bool:
    first = entry.text(0)
    if not first:
        return True
    known = _first(before)
    longer = _CUT_UUID.fullmatch(known + first) or re.fullmatch(UUID, known + first)
    return bool(_CUT_UUID.fullmatch(known) and longer)


def _finish(found: Findings, table: _Table, listed: str | None, *, complete: bool) -> None:
    headings = table.headings
    if not complete:
        last, line = table.lines[-1]
        found.truncated(Span(last, last + len(line)), "a table")
    if headings == ["Field", "Value"]:
        fields = {_first(entry): entry.text(1) for entry in table.entries}
        start = found.source.text.rfind("\n", found.source.start, table.start) + 1
        span = Span(max(start, found.source.start), table.end)
        found.records.append(Resource(object=listed, fields=fields, span=span))
        for offset, line in table.lines:
            if line.startswith("+"):
                found.mark(offset, line, Kind.DIM)
        for entry in table.entries:
            _mark(found, listed, _first(entry), entry.cells[1])
        return
    for entry in table.entries:
        names = _distinct(headings or [""] * len(entry.cells))
        texts = [_first(entry), *(entry.text(i) for i in range(1, len(entry.cells)))]
        begin = found.source.text.rfind("\n", found.source.start, entry.start) + 1
        span = Span(max(begin, found.source.start), entry.end)
        cells = dict(zip(names, texts, strict=True))
        found.records.append(Row(object=listed, cells=cells, span=span))
        for name, pieces in zip(names, entry.cells, strict=True):
            _mark(found, listed, name, pieces)


def _first(entry: _Entry) -> str:
    """The first cell: only a cut UUID has several pieces, and they are one word."""
    return "".join(piece.text for piece in entry.cells[0])


def _distinct(headings: Iterable[str]) -> list[str]:
    """Two columns of one heading are told apart by number, so that no cell is lost."""
    names: list[str] = []
    for heading in headings:
        count = sum(name == heading or name.startswith(f"{heading} (") for name in names)
        names.append(f"{heading} ({count + 1})" if count else heading)
    return names


def _mark(found: Findings, listed: str | None, name: str, pieces: list[_Cell]) -> None:
    """Marks of one cell: what it holds, or what its column says that it is."""
    column = name.lower()
    whole = "".join(piece.text for piece in pieces)
    if len(pieces) > 1 and re.fullmatch(UUID, whole):
        for piece in pieces:
            found.mark(piece.start, piece.text, Kind.UUID, whole)
        return
    for piece in pieces:
        if piece.text in _NOTHING:
            found.mark(piece.start, piece.text, Kind.DIM)
        elif column in _STATES:
            found.mark(piece.start, piece.text, Kind.HEAD)
        elif column == "name" and listed == "server":
            found.mark(piece.start, piece.text, Kind.GUEST)
        else:
            for token in _TOKEN.finditer(piece.text):
                kind = Kind(token.lastgroup or "")
                if kind is not Kind.ADDRESS or is_address(token[0]):
                    found.mark(piece.start + token.start(), token[0], kind)


_CLIENTS = {"openstack", "neutron", "nova", "cinder", "glance"}
_VERBS = frozenset({
    "list", "show", "create", "delete", "set", "unset", "add", "remove", "issue", "revoke",
    "update", "save", "add-router", "boot", "rebuild", "resize", "start", "stop", "reboot",
    "migrate",
})  # fmt: skip


def listed_object(command: Command) -> str | None:
    """``floating ip`` of ``openstack floating ip create``, ``port`` of ``neutron port-list``."""
    arguments = command.arguments
    if command.program == "openstack":
        count = next((i for i, word in enumerate(arguments) if word in _VERBS), 0)
        return " ".join(arguments[:count]) or None
    word = arguments[0] if arguments else ""
    if command.program == "nova" and word in ("list", "show", "boot"):
        return "server"
    name, _, verb = word.rpartition("-")
    return name.replace("-", " ") if name and verb in _VERBS else None


def _parse_with(source: Source, command: Command) -> Parsed:
    return _parse(source, listed_object(command))


def _prints(command: Command) -> bool:
    words = command.words
    forms = {words[i + 1] for i, word in enumerate(words[:-1]) if word in ("-f", "--format")}
    forms |= {word.partition("=")[2] for word in words if word.startswith("--format=")}
    return command.program in _CLIENTS and bool(command.arguments) and forms <= {"table"}


def _looks_like(source: Source) -> bool:
    """A rule, a row, and the same rule again."""
    lines = [line.strip() for _, line in Findings(source, FORMAT.name).lines()]
    if len(lines) < 3 or not _RULE.fullmatch(lines[0]) or not _ROW.fullmatch(lines[1]):
        return False
    return lines[0] in lines[2:]


FORMAT = Format(
    name="openstack_table",
    title="tables of the OpenStack clients",
    parse=parse,
    parse_with=_parse_with,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"openstack|neutron|nova"),
)
