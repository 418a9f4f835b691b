"""``virsh list [--all] [--title]``: libvirt's domains, with headings in any locale.

Sample (``LANG=ja_JP.UTF-8``)::

     Id   名前                状態
    ----------------------------------
     1    instance-00000004   実行中
     -    instance-00000007   シャットオフ

Grammar: headings, a rule of ``-``, then rows ``ID|"-"  NAME  STATE [TITLE] [UUID]``. Cells begin
where their headings begin on the screen, wide characters counting two. Printer: libvirt
tools/virsh-domain-monitor.c cmdList, tools/vsh-table.c. Before libvirt 4.8 widths were fixed
(``%-5s %-30s %s``), so that a long name pushes its state: such a row is cut at blanks.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, as_number
from .columns import column_of, index_at
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain(Record):
    """One domain. ``id``: None (printed ``-``) when shut off; ``state``: in the locale's words."""

    id: int | None
    name: str
    state: str


_RULE = re.compile(r"\s*-{5,}\s*")
_HEADING = re.compile(r"\S+(?: \S+)*")
_ID = re.compile(r"\d+|-")
_AT_BLANKS = re.compile(
    r"\s*(?P<id>\d+|-)\s+(?P<name>\S+)\s+(?P<state>\S+(?: \S+)*)(?:\s{2,}.*)?\s*"
)


def parse(source: Source) -> Parsed:
    """Domains in the order of the table."""
    found = Findings(source, FORMAT.name)
    columns: list[int] = []
    heading: Span | None = None
    ruled = False
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        if _RULE.fullmatch(line) and heading and not ruled:
            ruled = True
        elif ruled and (cells := _cells(line, columns)):
            (_, text), (name_start, name), (state_start, state) = cells
            found.mark(offset + name_start, name, Kind.GUEST)
            found.mark(offset + state_start, state, Kind.HEAD)
            found.records.append(Domain(id=as_number(text), name=name, state=state, span=span))
        elif heading is None and _is_heading(line):
            heading = span
            columns = [column_of(line, cell.start()) for cell in _HEADING.finditer(line)]
        else:
            found.unknown_line(offset, line)
    if heading and not ruled:
        found.truncated(heading, "the table's head")
    return found.parsed()


def _is_heading(line: str) -> bool:
    """At least three words apart, the first of them Id, which no locale translates."""
    headings = re.split(r"\s{2,}", line.strip())
    return len(headings) >= 3 and headings[0].lower() == "id"


def _cells(line: str, columns: list[int]) -> list[tuple[int, str]] | None:
    """``(index, text)`` of id, name and state, by the screen's columns or else at blanks."""
    starts = [index_at(line, column) for column in columns] if len(columns) >= 3 else [None]
    if all(start is not None and (not start or line[start - 1].isspace()) for start in starts):
        edges = [start for start in starts if start is not None] + [len(line)]
        pieces = [line[a:b] for a, b in pairwise(edges)][:3]
        cells = [(a, piece.rstrip()) for a, piece in zip(edges, pieces, strict=False)]
        apart = all(text and not text[0].isspace() and "  " not in text for _, text in cells)
        if apart and _ID.fullmatch(cells[0][1]):
            return cells
    if match := _AT_BLANKS.fullmatch(line):
        return [(match.start(group), match[group]) for group in ("id", "name", "state")]
    return None


def _prints(command: Command) -> bool:
    options = set(command.options)
    # Names or UUIDs alone, a line each, are no table.
    bare = options & {"--name", "--uuid", "--id"} and "--table" not in options
    return command.program == "virsh" and command.arguments[:1] == ("list",) and not bare


def _looks_like(source: Source) -> bool:
    lines = [line for _, line in Findings(source, FORMAT.name).lines()]
    return len(lines) >= 2 and _is_heading(lines[0]) and bool(_RULE.fullmatch(lines[1]))


FORMAT = Format(
    name="virsh_list",
    title="libvirt's domains (virsh list)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"virsh.*list"),
)
