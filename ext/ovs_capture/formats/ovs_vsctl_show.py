"""``ovs-vsctl show``: the bridges, ports and interfaces of one Open vSwitch.

Sample::

    698493db-95ef-4c31-b419-56b3d4096f2b
        Bridge br-int
            fail_mode: secure
            Port int-br-mgmt
                Interface int-br-mgmt
                    type: patch
                    options: {peer=phy-br-mgmt}
        ovs_version: "3.3.1"

Grammar; each level is indented by four blanks, a column at its default is not printed::

    capture = UUID manager* bridge* ovs_version
    manager = "Manager" TARGET column*
    bridge  = "Bridge" NAME controller* column* port*
    port    = "Port" NAME column* interface*
    column  = KEY ": " VALUE                        VALUE as ovsdb prints it: atom, [set], {map}

Printer: lib/db-ctl-base.c cmd_show_row, utilities/ovs-vsctl.c cmd_show_tables. A string is quoted
unless it is a plain identifier (lib/ovsdb-data.c, string_needs_quotes); before OVS 2.13 a digit in
it was enough to quote it. bfd_status since 2.10, datapath_type since 2.12.
"""

import re
from dataclasses import dataclass, field, replace

from ..source import Source, Span
from .base import UUID, Findings, Format, Kind, Parsed, Record, as_number, is_address
from .command import Command
from .ovsdb_atom import PAIR, STRING, mark_atom, pairs, unquoted


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenvSwitch(Record):
    """The first lines: the row's UUID and its managers. One a capture."""

    uuid: str
    managers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OvsVersion(Record):
    """The last line, ``ovs_version: "3.3.1"``."""

    ovs_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge(Record):
    """A ``Bridge`` and its own keys, up to its first port. ``properties``: keys as printed."""

    name: str
    controllers: tuple[str, ...] = ()
    properties: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """An ``Interface`` under a port. ``options`` without quotes: ``{"peer": "int-br-mgmt"}``."""

    name: str
    type: str | None = None
    options: dict[str, str]
    error: str | None = None
    properties: dict[str, str]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Port(Record):
    """A ``Port`` with its interfaces (several: a bond), under ``bridge``."""

    name: str
    bridge: str
    tag: int | None = None
    trunks: tuple[int, ...] = ()
    vlan_mode: str | None = None
    properties: dict[str, str]
    interfaces: tuple[Interface, ...] = ()


_UUID = re.compile(rf"(?P<uuid>{UUID})\s*")
_OBJECT = re.compile(
    rf"""(?P<indent>\s*)(?P<table>Manager|Bridge|Controller|Port|Interface)\ +
         (?P<name>{STRING}|\S+)\s*""",
    re.VERBOSE,
)
_UNKNOWN_OBJECT = re.compile(r"(?P<indent>\s*)[A-Z]\w* \S")
_COLUMN = re.compile(r"(?P<indent>\s*)(?P<key>[a-z]\w*):\s*(?P<value>(?:.*\S)?)\s*")
_NUMBER = re.compile(r"\d{1,9}")
# Of every bridge alike, so that few look at them.
_NOISE = {"is_connected", "fail_mode", "datapath_type", "ovs_version", "role", "status"}


@dataclass
class _Object:
    """A row while its lines are read; ``columns`` as printed."""

    table: str
    name: str
    indent: int
    start: int
    end: int
    columns: dict[str, str] = field(default_factory=dict)
    children: list["_Object"] = field(default_factory=list)

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


def parse(source: Source) -> Parsed:
    """The rows in the order of the capture; see the module for the grammar."""
    found = Findings(source, FORMAT.name)
    open_rows: list[_Object] = []
    rows: list[_Object] = []
    bridge = ""
    for offset, line in found.lines():
        end = found.line_end(offset)
        if match := _UUID.fullmatch(line):
            found.mark_groups(match, offset, {"uuid": Kind.UUID})
            open_rows = [_Object("Open_vSwitch", match["uuid"].lower(), -1, offset, end)]
            rows += open_rows
        elif match := _OBJECT.fullmatch(line):
            table, name = match["table"], unquoted(match["name"])
            row = _Object(table, name, len(match["indent"]), offset, end)
            parent = _parent(open_rows, table)
            if table in ("Manager", "Controller", "Interface") and parent is None:
                found.unknown_line(offset, line)
                open_rows = _under(open_rows, row.indent)
                open_rows.append(replace(row, table=""))
                continue
            open_rows = open_rows[: open_rows.index(parent) + 1] if parent else []
            open_rows.append(row)
            bridge = name if table == "Bridge" else bridge
            _mark_object(found, offset, match, row, bridge)
            if parent and table in ("Manager", "Controller", "Interface"):
                parent.children.append(row)
            else:
                rows.append(row)
            _extend(rows, open_rows, end)
        elif (match := _COLUMN.fullmatch(line)) and (match["key"] == "ovs_version" or open_rows):
            if match["key"] == "ovs_version":
                open_rows = [_Object("ovs_version", unquoted(match["value"]), 0, offset, end)]
                rows += open_rows
            _column(found, rows, open_rows, offset, match, end)
        else:
            found.unknown_line(offset, line)
            if match := _UNKNOWN_OBJECT.match(line):
                # Its columns are its own, not those of the row above.
                indent = len(match["indent"])
                open_rows = [*_under(open_rows, indent), _Object("", "", indent, offset, end)]
    found.records += _records(rows)
    return found.parsed()


_PARENTS = {
    "Manager": ("Open_vSwitch",),
    "Bridge": ("Open_vSwitch",),
    "Controller": ("Bridge",),
    "Port": ("Bridge",),
    "Interface": ("Port",),
}


def _parent(open_rows: list[_Object], table: str) -> _Object | None:
    """The row that a new row of ``table`` stands under: told by the tables, so that a capture
    that lost its indentation is read alike."""
    return next((row for row in reversed(open_rows) if row.table in _PARENTS[table]), None)


def _under(open_rows: list[_Object], indent: int) -> list[_Object]:
    """The rows that a row of this indentation stands under."""
    return [row for row in open_rows if row.indent < indent]


def _extend(rows: list[_Object], open_rows: list[_Object], end: int) -> None:
    """The record at the end of ``rows`` grows by a line, and what is open in it; no other does."""
    for row in reversed(open_rows):
        if rows and row.start >= rows[-1].start:
            row.end = end


_TABLES_OF = {
    "is_connected": ("Manager", "Controller"),
    "fail_mode": ("Bridge",),
    "datapath_type": ("Bridge",),
    "tag": ("Port",),
    "trunks": ("Port",),
    "type": ("Interface",),
    "options": ("Interface",),
    "error": ("Interface",),
    "bfd_status": ("Interface",),
}


def _owner(open_rows: list[_Object], key: str, indent: int) -> _Object:
    """The row that a column belongs to: told by its key, else by the indentation."""
    last = open_rows[-1]
    if last.table == "" and indent > last.indent:
        return last
    tables = _TABLES_OF.get(key, ())
    by_key = (row for row in reversed(open_rows) if row.table in tables)
    by_indent = (row for row in reversed(open_rows) if row.indent < indent)
    return next(by_key, None) or next(by_indent, last)


def _column(
    found: Findings,
    rows: list[_Object],
    open_rows: list[_Object],
    offset: int,
    match: re.Match[str],
    end: int,
) -> None:
    key, value = match["key"], match["value"]
    row = _owner(open_rows, key, len(match["indent"]))
    row.columns[key] = value
    if row.table:
        _extend(rows, open_rows, end)
    start = offset + match.start("value")
    if key in _NOISE:
        found.mark(offset + match.start("key"), f"{key}:", Kind.DIM)
        found.mark(start, value, Kind.DIM)
    elif key in ("tag", "trunks", "cvlans"):
        for number in _NUMBER.finditer(value):
            found.mark(start + number.start(), number[0], Kind.VLAN)
    elif key == "options":
        _mark_options(found, start, value)


def _mark_object(
    found: Findings, offset: int, match: re.Match[str], row: _Object, bridge: str
) -> None:
    if row.table in ("Manager", "Controller"):
        found.mark(offset + match.start("table"), row.table, Kind.DIM)
        found.mark(offset + match.start("name"), match["name"], Kind.DIM)
        return
    # A bridge's own port and interface have its name.
    kind = Kind.BRIDGE if row.name == bridge else Kind.DEVICE
    mark_atom(found, offset + match.start("name"), match["name"], kind)


def _mark_options(found: Findings, start: int, text: str) -> None:
    for pair in PAIR.finditer(text):
        value = unquoted(pair["value"])
        at = start + pair.start("value")
        if pair["key"] == "peer":
            mark_atom(found, at, pair["value"], Kind.DEVICE)
        elif is_address(value):
            mark_atom(found, at, pair["value"], Kind.ADDRESS)
        elif pair["key"] == "key" and value.isdecimal():
            mark_atom(found, at, pair["value"], Kind.VLAN)


def _records(rows: list[_Object]) -> list[Record]:
    records: list[Record] = []
    bridge = ""
    for row in rows:
        targets = tuple(child.name for child in row.children if child.table != "Interface")
        columns = dict(row.columns)
        if row.table == "Open_vSwitch":
            records.append(OpenvSwitch(uuid=row.name, managers=targets, span=row.span))
        elif row.table == "ovs_version":
            records.append(OvsVersion(ovs_version=row.name, span=row.span))
        elif row.table == "Bridge":
            bridge = row.name
            properties = {key: unquoted(value) for key, value in columns.items()}
            records.append(
                Bridge(name=bridge, controllers=targets, properties=properties, span=row.span)
            )
        else:
            tag = columns.pop("tag", "")
            trunks = columns.pop("trunks", "")
            records.append(
                Port(
                    name=row.name,
                    bridge=bridge,
                    tag=as_number(tag),
                    trunks=tuple(int(number) for number in _NUMBER.findall(trunks)),
                    vlan_mode=columns.pop("vlan_mode", None),
                    properties={key: unquoted(value) for key, value in columns.items()},
                    interfaces=tuple(map(_interface, row.children)),
                    span=row.span,
                )
            )
    return records


def _interface(row: _Object) -> Interface:
    columns = dict(row.columns)
    interface_type = columns.pop("type", None)
    options, error = columns.pop("options", ""), columns.pop("error", None)
    return Interface(
        name=row.name,
        type=unquoted(interface_type) if interface_type is not None else None,
        options=pairs(options),
        error=unquoted(error) if error is not None else None,
        properties={key: unquoted(value) for key, value in columns.items()},
        span=row.span,
    )


def _prints(command: Command) -> bool:
    return command.program == "ovs-vsctl" and command.arguments == ("show",)


_LOOKS = re.compile(
    rf"""{UUID}[^\S\n]*\n\s+(?:Manager|Bridge|ovs_version:)
       | \s*Bridge\ \S+[^\S\n]*\n\s+(?:Port|Controller|fail_mode:)""",
    re.VERBOSE,
)


def _looks_like(source: Source) -> bool:
    return bool(_LOOKS.match(source.window.lstrip("\r\n")))


FORMAT = Format(
    name="ovs_vsctl_show",
    title="bridges and ports of Open vSwitch (ovs-vsctl show)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"vsctl.*show"),
)
