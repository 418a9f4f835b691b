"""``ovs-ofctl dump-tables BRIDGE``: what the flow tables of a bridge hold and counted.

Sample::

    OFPST_TABLE reply (xid=0x2):
      table 0 ("classifier"):
        active=8, lookup=1, matched=1
        max_entries=1000000
        matching:
          exact match or wildcard: in_port eth_{src,dst,type} vlan_{vid,pcp}

      table 1:
        active=0, lookup=0, matched=0
        (same features)

      tables 2...7: ditto

Grammar::

    dump     = header *(table / same)
    table    = "  table " N [' ("' NAME '")'] ":" counts *feature
    same     = "  table " N ": ditto" / "  tables " N "..." N ": ditto"
    counts   = "    active=" N ", lookup=" N ", matched=" N
    feature  = "    " TEXT                         described with OpenFlow 1.0 to 1.2 only

``ditto``: as the table before. Printer: lib/ofp-table.c ofputil_table_features_format().
"""

import re
from dataclasses import dataclass, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record
from .ofp_reply import asks, begins_with, header


@dataclass(frozen=True, slots=True, kw_only=True)
class TableStatistics(Record):
    """Tables ``first`` to ``last`` (mostly one). Counts are None where the capture has none.

    ``ditto``: printed as equal to the table before, from which the counts are. ``features``: lines
    of its description, as printed.
    """

    first: int
    last: int
    name: str | None = None
    active: int | None = None
    lookup: int | None = None
    matched: int | None = None
    ditto: bool = False
    features: tuple[str, ...] = ()


_HEADER = header("OFPST_TABLE")
_TABLE = re.compile(
    r"""\s+tables?[ ](?P<first>\d{1,3})(?:\.\.\.(?P<last>\d{1,3}))?
        (?:[ ]\("?(?P<name>[^"()]*)"?\))?:(?P<ditto>[ ]ditto)?\s*""",
    re.VERBOSE,
)
_COUNTS = re.compile(
    r"\s+active=(?P<active>\d{1,20}), lookup=(?P<lookup>\d{1,20}), matched=(?P<matched>\d{1,20})\s*"
)


def parse(source: Source) -> Parsed:
    """The tables in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        if match := _TABLE.fullmatch(line):
            found.mark_groups(
                match, offset, {"first": Kind.TABLE, "last": Kind.TABLE, "name": Kind.TABLE}
            )
            first = int(match["first"])
            table = TableStatistics(
                first=first,
                last=int(match["last"] or first),
                name=match["name"],
                ditto=match["ditto"] is not None,
                span=span,
            )
            if table.ditto and isinstance(last, TableStatistics):
                table = replace(table, active=last.active, lookup=last.lookup, matched=last.matched)
            found.records.append(table)
        elif not isinstance(last, TableStatistics):
            if not _HEADER.fullmatch(line):
                found.unknown_line(offset, line)
        elif match := _COUNTS.fullmatch(line):
            counters = ("active", "lookup", "matched")
            found.mark_groups(match, offset, dict.fromkeys(counters, Kind.COUNTER))
            found.records[-1] = replace(
                last,
                active=int(match["active"]),
                lookup=int(match["lookup"]),
                matched=int(match["matched"]),
                span=Span(last.span.start, span.end),
            )
        elif line.startswith("    "):
            found.mark(offset, line, Kind.DIM)
            found.records[-1] = replace(
                last,
                features=(*last.features, line.strip()),
                span=Span(last.span.start, span.end),
            )
        elif not _HEADER.fullmatch(line):
            found.unknown_line(offset, line)
    return found.parsed()


FORMAT = Format(
    name="ovs_ofctl_dump_tables",
    title="flow tables of a bridge and what they counted (ovs-ofctl dump-tables)",
    parse=parse,
    command=asks("dump-tables"),
    detect=begins_with(_HEADER),
    hint=re.compile(r"dump.tables"),
)
