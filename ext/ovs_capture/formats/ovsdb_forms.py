"""The other forms in which OVSDB's clients print rows: ``--format=table``, ``csv``, ``json``.

No format of its own. Samples::

    name   ofport type                       table; also `ovsdb-client dump`, under "Bridge table"
    ------ ------ --------
    br-int 65534  internal

    name,ofport,options                      csv; a cell with a comma, quote or newline is quoted
    patch-int,1,{peer=patch-tun}

    {"data":[[["uuid","7ed7..."],"br-int",["set",[]]]],"headings":["_uuid","name","tag"]}

Cells hold what the list form prints, but for JSON, whose values are those of RFC 7047, 5.1.
Printer: lib/table.c table_print_table__, table_print_csv__, table_to_json;
ovsdb/ovsdb-client.c do_dump.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..source import Span
from .base import UUID, Findings
from .json_text import Json, objects


@dataclass(frozen=True, slots=True)
class FormRow:
    """``columns``: as the list form would print them; ``cells``: (column, offset, text)."""

    span: Span
    columns: dict[str, str]
    cells: tuple[tuple[str, int, str], ...]
    table: str | None = field(default=None)


_RULE = re.compile(r"-+(?: -+)*+\s*")
# Above the rows of each table of `ovsdb-client dump`, in the list form too.
TITLE = re.compile(r"(?P<table>[A-Za-z]\w*) table\s*")
_NAMES = re.compile(r"_?[a-z]\w*(?: +_?[a-z]\w*)*+\s*")
_CSV_NAMES = re.compile(r"_?[a-z]\w*(?:,_?[a-z]\w*)+")
_CSV_CELL = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")*+)"|(?P<plain>[^,"]*))(?:,|$)')


def form_of(found: Findings) -> str | None:
    """``table``, ``csv``, ``json``; None for the list form, and for what is none of them."""
    lines = [line for _, line in zip(range(3), (text for _, text in found.lines()), strict=False)]
    if not lines:
        return None
    if lines[0].lstrip().startswith('{"data":') or re.match(r'\s*\{"headings":', lines[0]):
        return "json"
    if TITLE.fullmatch(lines[0]) and len(lines) > 2 and _RULE.fullmatch(lines[2]):
        return "table"
    if _NAMES.fullmatch(lines[0]) and len(lines) > 1 and _RULE.fullmatch(lines[1]):
        return "table"
    return "csv" if _CSV_NAMES.fullmatch(lines[0].rstrip()) else None


def read_form(found: Findings, form: str) -> Iterator[FormRow]:
    """The rows of a form; what fits nothing is told."""
    return {"table": _table, "csv": _csv, "json": _json}[form](found)


def _table(found: Findings) -> Iterator[FormRow]:
    """A row's cells begin where the dashes of their column begin."""
    lines = list(found.lines())
    table: str | None = None
    columns: list[tuple[str, int, int]] = []
    for index, (offset, line) in enumerate(lines):
        following = lines[index + 1][1] if index + 1 < len(lines) else ""
        if title := TITLE.fullmatch(line):
            table, columns = title["table"], []
        elif _RULE.fullmatch(following) and _NAMES.fullmatch(line):
            columns = [
                (line[rule.start() : rule.end()].strip(), rule.start(), rule.end())
                for rule in re.finditer("-+", following)
            ]
        elif _RULE.fullmatch(line) and columns and index and _NAMES.fullmatch(lines[index - 1][1]):
            continue
        elif columns and line[:1].strip():
            cells = [
                (name, offset + start, line[start:end].rstrip())
                for name, start, end in columns
                if line[start:end].strip()
            ]
            yield FormRow(
                Span(offset, found.line_end(offset)),
                {name: text for name, _, text in cells},
                tuple(cells),
                table,
            )
        else:
            found.unknown_line(offset, line)


def _csv(found: Findings) -> Iterator[FormRow]:
    lines = found.lines()
    names = next(lines, (0, ""))[1].rstrip().split(",")
    for offset, line in lines:
        values: list[tuple[int, str]] = []
        at = 0
        while at <= len(line) and (match := _CSV_CELL.match(line, at)):
            quoted = match["quoted"] is not None
            start = match.start("quoted" if quoted else "plain")
            values.append((offset + start, match["quoted"] if quoted else match["plain"]))
            if match.end() == len(line) and not match[0].endswith(","):
                at = len(line) + 1
            else:
                at = match.end()
        if len(values) != len(names):
            found.unknown_line(offset, line)
            continue
        cells = [(name, start, text) for name, (start, text) in zip(names, values, strict=True)]
        yield FormRow(
            Span(offset, found.line_end(offset)),
            {name: text.replace('""', '"') for name, _, text in cells},
            tuple(cells),
        )


def _json(found: Findings) -> Iterator[FormRow]:
    source = found.source
    read, broken = objects(source.text, source.start, source.end)
    if broken is not None:
        at = min(broken, source.end)
        found.truncated(Span(at, at), "the JSON")
    for document in read:
        headings, data = document.get("headings"), document.get("data")
        names = [name.value for name in (headings.items() if headings else ())]
        for row in data.items() if data else ():
            values = row.items()
            if len(values) == len(names) and all(isinstance(name, str) for name in names):
                columns = {str(n): _as_text(v) for n, v in zip(names, values, strict=True)}
                cells = [
                    (str(name), value.start, source.text[value.start : value.end])
                    for name, value in zip(names, values, strict=True)
                ]
                yield FormRow(Span(row.start, row.end), columns, tuple(cells))
            else:
                found.unknown_token(row.start, source.text[row.start : row.end])


# As lib/ovsdb-data.c string_needs_quotes has it.
_PLAIN = re.compile(r"(?!true$|false$)[A-Za-z_][\w.-]*")


def _as_text(value: Json) -> str:
    """A value of RFC 7047 as the list form prints it."""
    parts = value.items()
    word = parts[0].value if len(parts) == 2 else None
    if word in ("uuid", "named-uuid"):
        return str(parts[1].value)
    if word == "set":
        return "[" + ", ".join(_as_text(part) for part in parts[1].items()) + "]"
    if word == "map":
        pairs = (pair.items() for pair in parts[1].items())
        return "{" + ", ".join(f"{_as_text(p[0])}={_as_text(p[1])}" for p in pairs if p[1:]) + "}"
    if isinstance(value.value, str):
        plain = _PLAIN.fullmatch(value.value) and not re.fullmatch(UUID, value.value)
        return value.value if plain else json.dumps(value.value, ensure_ascii=False)
    return json.dumps(value.value) if isinstance(value.value, bool | int | float) else ""
