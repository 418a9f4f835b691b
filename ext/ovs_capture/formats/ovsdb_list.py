"""``list`` and ``find`` of ovs-vsctl, ovn-nbctl and ovn-sbctl: rows of any OVSDB table.

Sample (``ovs-vsctl list Interface``)::

    _uuid               : 0ea26129-606f-4344-9635-50c9ced10f48
    admin_state         : up
    external_ids        : {attached-mac="fa:16:3e:00:00:04", iface-id="d798c68d-2999"}
    name                : tap635485ff-6c
    ofport              : 6

Grammar; one line a column, rows apart by a blank line::

    row    = (COLUMN ": " value)+                 COLUMN padded to 20 cells
    more   = BLANKS rest of an open [ or {        where somebody wrapped a long set
    value  = atom | "[" [value ("," value)*] "]" | "{" [atom "=" atom ("," atom "=" atom)*] "}"
    atom   = UUID | NUMBER | true | false | WORD | JSON STRING

Which table it is, only the command says; without one it is told by the columns. A set that holds at
most one value is printed without brackets, ``[]`` when empty. Printer: lib/db-ctl-base.c
cmd_list, lib/table.c table_print_list__, lib/ovsdb-data.c ovsdb_datum_to_string. Quoting depends
on the version (see ``ovs_vsctl_show``). Also read: ``--format=table|csv|json`` and
``ovsdb-client dump`` (``ovsdb_forms``); of its ``-f list`` each table has a line ``Bridge table``.
With ``--no-headings`` the command's ``--columns`` name the values. Not read: ``--bare``, ``--data``
other than string.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..source import Source, Span
from .base import (
    ELISION,
    IPV4,
    MAC,
    UUID,
    Findings,
    Format,
    Kind,
    Parsed,
    Record,
    first_line,
    is_address,
)
from .command import Command
from .ovsdb_atom import STRING, mark_atom, pairs, unquoted
from .ovsdb_forms import TITLE, form_of, read_form


@dataclass(frozen=True, slots=True, kw_only=True)
class OvsdbRow(Record):
    """One row. ``columns``: values as printed, by name; the methods read them.

    ``table``: under its name in the schema, None where neither command nor columns tell it.
    """

    table: str | None = None
    uuid: str | None = None
    columns: dict[str, str]

    def text(self, column: str) -> str | None:
        """A single value without quotes; None where there is none, or several."""
        found = self.items(column)
        return found[0] if len(found) == 1 else None

    def items(self, column: str) -> tuple[str, ...]:
        """The values of a set, or the one value, without quotes."""
        return tuple(_items(self.columns.get(column, "")))

    def map(self, column: str) -> dict[str, str]:
        """A map's pairs without quotes; empty for what is no map."""
        return pairs(self.columns.get(column, ""))


_COLUMN = re.compile(r"(?P<column>_?[a-zA-Z]\w*) *: ?(?P<value>(?:.*\S)?)\s*")
_ITEM = re.compile(rf"{STRING}|[^,\[\]\s][^,\]]*")
_TOKEN = re.compile(
    rf"""(?P<mac>(?<![\w:]){MAC}(?![\w:])) | (?P<uuid>(?<![\w-]){UUID}(?![\w-]))
       | (?P<address>(?<![\w.]){IPV4}(?:/\d{{1,3}})?(?![\w./]))
       | (?P<address6>(?<![\w:])[0-9a-fA-F]{{0,4}}(?::[0-9a-fA-F]{{0,4}}){{2,7}}(?:/\d{{1,3}})?)""",
    re.VERBOSE,
)
_UUID_COLUMNS = ("_uuid", "uuid")
_EMPTY = {"[]", "{}", '""'}

# Tables of the three schemas whose rows are joined with other captures, each by columns that no
# other table has together (vswitch.ovsschema, ovn-nb.ovsschema, ovn-sb.ovsschema).
# ``list`` prints every column, so that a schema of 2016 is told by the columns it had then.
_TELLING: dict[str, frozenset[str]] = {
    "Interface": frozenset({"ofport", "admin_state"}),
    "Port": frozenset({"interfaces", "vlan_mode"}),
    "Bridge": frozenset({"datapath_id", "fail_mode"}),
    "Open_vSwitch": frozenset({"ovs_version", "bridges"}),
    "Logical_Switch": frozenset({"ports", "acls", "dns_records"}),
    "Logical_Switch_Port": frozenset({"addresses", "port_security", "dhcpv4_options"}),
    "Logical_Router": frozenset({"static_routes", "nat"}),
    "Logical_Router_Port": frozenset({"networks", "gateway_chassis"}),
    "DHCP_Options": frozenset({"cidr", "options"}),
    "ACL": frozenset({"priority", "direction", "match", "action"}),
    "NAT": frozenset({"external_ip", "logical_ip"}),
    "Port_Binding": frozenset({"logical_port", "datapath", "tunnel_key"}),
    "Datapath_Binding": frozenset({"tunnel_key", "load_balancers"}),
    "Chassis": frozenset({"encaps", "hostname"}),
    "Encap": frozenset({"chassis_name", "ip"}),
    "Multicast_Group": frozenset({"datapath", "name", "ports", "tunnel_key"}),
    "MAC_Binding": frozenset({"datapath", "ip", "logical_port", "mac"}),
    "Load_Balancer": frozenset({"vips", "protocol"}),
    "Logical_Router_Static_Route": frozenset({"ip_prefix", "nexthop"}),
}
# Tables by all of their columns, and a key of ``external_ids`` where two tables have the same ones:
# a switch of 2016 (ovn-nb.ovsschema 2.0) had the columns of a port group of today.
_ID = "_uuid"
_WHOLE: dict[str, tuple[frozenset[str], str | None]] = {
    "Logical_Switch": (
        frozenset({_ID, "acls", "external_ids", "name", "ports"}),
        "neutron:network_name",
    ),
    "Port_Group": (
        frozenset({_ID, "acls", "external_ids", "name", "ports"}),
        "neutron:security_group_id",
    ),
    "Logical_Switch_Port": (
        frozenset(
            {
                _ID, "addresses", "enabled", "external_ids", "name", "options", "parent_name",
                "port_security", "tag", "type", "up",
            }
        ),
        None,
    ),
    "Datapath_Binding": (frozenset({_ID, "external_ids", "tunnel_key"}), None),
}  # fmt: skip
# The other tables that ``list`` is asked for, so that case and abbreviation are resolved alike.
_OTHERS = """
Controller Manager QoS Queue Mirror NetFlow sFlow IPFIX Flow_Table SSL AutoAttach Datapath
CT_Zone CT_Timeout_Policy Flow_Sample_Collector_Set Address_Set Port_Group Load_Balancer
Load_Balancer_Group Load_Balancer_Health_Check Logical_Router_Policy
Logical_Router_Static_Route Gateway_Chassis HA_Chassis HA_Chassis_Group NB_Global SB_Global
Connection DNS Meter Meter_Band BFD Copp Forwarding_Group Static_MAC_Binding
Chassis_Template_Var Chassis_Private Multicast_Group MAC_Binding DHCPv6_Options
Logical_Flow Logical_DP_Group Controller_Event IP_Multicast IGMP_Group Service_Monitor
FDB RBAC_Role RBAC_Permission"""
_TABLES = (*_TELLING, *_OTHERS.split())


def _items(text: str) -> Iterator[str]:
    if not text.startswith("["):
        if text and text not in _EMPTY:
            yield unquoted(text)
        return
    for match in _ITEM.finditer(text, 1):
        yield unquoted(match[0])


def table_name(word: str) -> str:
    """The schema's name of a table: any case, ``-`` for ``_``, an unambiguous beginning.

    lib/db-ctl-base.c get_table; a table that we do not know keeps the name as typed.
    """
    wanted = word.lower().replace("-", "_")
    exact = [table for table in _TABLES if table.lower() == wanted]
    begun = exact or [table for table in _TABLES if table.lower().startswith(wanted)]
    return begun[0] if len(begun) == 1 else word


def parse(source: Source) -> Parsed:
    """Rows in the order of the capture; their table is told by their columns."""
    return _parse(source, None)


def parse_with(source: Source, command: Command) -> Parsed:
    """Rows of the table that the command names."""
    if command.program == "ovsdb-client":
        return _parse(source, None)
    words = [word for word in command.arguments if word not in ("list", "find", "--")]
    if _without_headings(command):
        return _of_values(source, _asked_columns(command), table_name(words[0]) if words else None)
    return _parse(source, table_name(words[0]) if words else None)


def _parse(source: Source, table: str | None) -> Parsed:
    found = Findings(source, FORMAT.name)
    if form := form_of(found):
        return _of_form(found, form, table)
    column = ""
    begins = True
    for offset, line in found.lines():
        if title := TITLE.fullmatch(line):
            table, begins = title["table"], True
            continue
        match = _COLUMN.fullmatch(line)
        last = None if begins else found.records[-1]
        end = found.line_end(offset)
        if isinstance(last, OvsdbRow) and _goes_on(last.columns[column], line):
            last.columns[column] += " " + line.strip()
            found.records[-1] = replace(last, span=Span(last.span.start, end))
            continue
        if match is None:
            found.unknown_line(offset, line)
            continue
        column, value = match["column"], match["value"]
        if not isinstance(last, OvsdbRow) or column in last.columns:
            last, begins = OvsdbRow(table=table, columns={}, span=Span(offset, end)), False
            found.records.append(last)
        last.columns[column] = value
        uuid = value.lower() if column in _UUID_COLUMNS else last.uuid
        span = Span(last.span.start, end)
        found.records[-1] = replace(last, uuid=uuid, span=span)
    rows = [record for record in found.records if isinstance(record, OvsdbRow)]
    found.records[:] = [row if row.table else replace(row, table=_told(row)) for row in rows]
    _mark(found)
    return found.parsed()


def _of_form(found: Findings, form: str, table: str | None) -> Parsed:
    for row in read_form(found, form):
        uuids = [row.columns[key].lower() for key in _UUID_COLUMNS if key in row.columns]
        shown = OvsdbRow(
            table=row.table or table,
            uuid=next(iter(uuids), None),
            columns=row.columns,
            span=row.span,
        )
        if shown.table is None:
            shown = replace(shown, table=_told(shown))
        found.records.append(shown)
        for column, start, text in row.cells:
            _mark_cell(found, shown.table, column, start, text)
    return found.parsed()


def _mark_cell(found: Findings, table: str | None, column: str, start: int, text: str) -> None:
    kind = _NAMED.get(table or "")
    if column == "name" and kind is not None:
        mark_atom(found, start, text, kind)
    elif column in _NUMBERED and text.isdecimal():
        found.mark(start, text, Kind.VLAN)
    elif text not in _EMPTY:
        _mark_tokens(found, start, text)


def _of_values(source: Source, names: tuple[str, ...], table: str | None) -> Parsed:
    """``--no-headings``: a value a line, in the order of ``--columns``; a blank line ends a row."""
    found = Findings(source, FORMAT.name)
    rows: list[list[tuple[int, str]]] = [[]]
    for offset, line in source.lines():
        if ELISION.fullmatch(line):
            found.elided = True
        elif line.strip():
            rows[-1].append((offset, line.removesuffix("\r")))
        elif rows[-1]:
            rows.append([])
    for row in rows:
        if row and len(row) != len(names):
            for offset, line in row:
                found.unknown_line(offset, line)
        elif row:
            columns = dict(zip(names, (line.strip() for _, line in row), strict=True))
            uuids = [columns[key].lower() for key in _UUID_COLUMNS if key in columns]
            span = Span(row[0][0], found.line_end(row[-1][0]))
            uuid = next(iter(uuids), None)
            found.records.append(OvsdbRow(table=table, uuid=uuid, columns=columns, span=span))
            for name, (offset, line) in zip(names, row, strict=True):
                _mark_cell(found, table, name, offset, line.rstrip())
    return found.parsed()


def _goes_on(value: str, line: str) -> bool:
    """Does an indented line continue a set or map that its own line left open?"""
    is_open = value[:1] in ("[", "{") and not value.endswith(("]", "}"))
    return is_open and line[:1].isspace()


def _told(row: OvsdbRow) -> str | None:
    columns = {_ID if column == "uuid" else column for column in row.columns}
    fitting = [name for name, telling in _TELLING.items() if telling <= columns]
    if len(fitting) == 1:
        return fitting[0]
    alike = [
        name
        for name, (whole, key) in _WHOLE.items()
        if whole == columns and (key is None or key in row.map("external_ids"))
    ]
    return alike[0] if not fitting and len(alike) == 1 else None


_NAMED = {"Interface": Kind.DEVICE, "Port": Kind.DEVICE, "Bridge": Kind.BRIDGE}
_NUMBERED = {"tag", "tunnel_key", "trunks"}


def _mark(found: Findings) -> None:
    """Marks of all rows, when their tables are known."""
    tables = [
        (record.span, record.table) for record in found.records if isinstance(record, OvsdbRow)
    ]
    index = 0
    for offset, line in found.lines():
        match = _COLUMN.fullmatch(line)
        if match is None:
            if line[:1].isspace():
                _mark_tokens(found, offset, line)
            continue
        while index + 1 < len(tables) and offset >= tables[index][0].end:
            index += 1
        column, value, start = match["column"], match["value"], offset + match.start("value")
        if value in _EMPTY:
            found.mark(offset, line.rstrip(), Kind.DIM)
        elif column == "name" and (kind := _NAMED.get(tables[index][1] or "")):
            mark_atom(found, start, value, kind)
        elif column in _NUMBERED and value.isdecimal():
            found.mark(start, value, Kind.VLAN)
        else:
            _mark_tokens(found, start, value)


def _mark_tokens(found: Findings, start: int, text: str) -> None:
    for match in _TOKEN.finditer(text):
        if match["mac"]:
            found.mark(start + match.start(), match[0], Kind.MAC)
        elif match["uuid"]:
            found.mark(start + match.start(), match[0], Kind.UUID)
        elif is_address(match[0]):
            found.mark(start + match.start(), match[0], Kind.ADDRESS)


_PROGRAMS = ("ovs-vsctl", "ovn-nbctl", "ovn-sbctl", "ovn-ic-nbctl", "ovn-ic-sbctl")
_OTHER_FORM = re.compile(
    r"--format=(?!list$|table$|csv$|json$).*|--data=(?!string$).*|--bare"
    r"|-f(?!list$|table$|csv$|json$).+|-d(?!string$).+"
)


def _without_headings(command: Command) -> bool:
    return bool({"--no-heading", "--no-headings"} & set(command.options))


def _asked_columns(command: Command) -> tuple[str, ...]:
    """``--columns=name,tag``: what ``--no-headings`` does not print."""
    words = command.words
    given = [word.partition("=")[2] for word in words if word.startswith("--columns=")]
    given += [words[i + 1] for i, word in enumerate(words[:-1]) if word == "--columns"]
    if any(word.startswith("--format=") and word != "--format=list" for word in words):
        return ()
    return tuple(filter(None, (name.strip() for name in given[-1].split(",")))) if given else ()


def _prints(command: Command) -> bool:
    if command.program == "ovsdb-client":
        return "dump" in command.arguments[:2]
    if command.program not in _PROGRAMS or command.arguments[:1] not in (("list",), ("find",)):
        return False
    words = command.words
    valued = {words[i + 1] for i, word in enumerate(words[:-1]) if word in ("-f", "--format")}
    if _without_headings(command) and not (_asked_columns(command) and valued <= {"list"}):
        return False
    other = any(_OTHER_FORM.fullmatch(option) for option in command.options)
    return len(command.arguments) > 1 and not other and valued <= {"list", "table", "csv", "json"}


# Older manuals print the column without its underscore.
_LOOKS_TABLE = re.compile(r"_uuid\s|\w+ table\s*$")
_LOOKS = re.compile(rf"_?uuid {{15}}: {UUID}\s*")


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    if _LOOKS.fullmatch(first):
        return True
    form = form_of(Findings(source, FORMAT.name))
    return form == "json" or (form == "table" and bool(_LOOKS_TABLE.match(first)))


FORMAT = Format(
    name="ovsdb_list",
    title="rows of an OVSDB table (ovs-vsctl, ovn-nbctl, ovn-sbctl list)",
    parse=parse,
    parse_with=parse_with,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"(?:vsctl|nbctl|sbctl).*list"),
)
