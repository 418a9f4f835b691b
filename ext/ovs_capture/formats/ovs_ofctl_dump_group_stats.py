"""``ovs-ofctl dump-group-stats BRIDGE [GROUP]``: what the groups of a bridge counted.

Sample::

    OFPST_GROUP reply (OF1.3) (xid=0x6):
     group_id=1,duration=2325.7s,ref_count=1,packet_count=0,byte_count=0,bucket0:packet_count=0,byte_count=0

Grammar::

    dump   = header *group
    group  = " group_id=" N [",duration=" SECONDS "s"] *("," KEY "=" N) *bucket
    bucket = ",bucket" N ":packet_count=" N ",byte_count=" N

Printer: lib/ofp-group.c ofputil_group_stats_format(). The duration is printed since OpenFlow 1.3.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record
from .ofp_reply import asks, begins_with, header


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStatistics(Record):
    """What one group counted; ``buckets``: packets and bytes of each, in their order."""

    group_id: int
    statistics: dict[str, str]
    buckets: tuple[tuple[int, int], ...]


_HEADER = header("OFPST_GROUP|NXST_GROUP")
_GROUP = re.compile(
    r"""\s*group_id=(?P<id>\d{1,10})(?P<statistics>(?:,(?!bucket\d)\w+=[\d.]+s?)*)
        (?P<buckets>(?:,bucket\d+:packet_count=\d{1,20},byte_count=\d{1,20})*)\s*""",
    re.VERBOSE,
)
_STATISTIC = re.compile(r",(?P<key>\w+)=(?P<value>[\d.]+s?)")
_BUCKET = re.compile(r"packet_count=(?P<packets>\d+),byte_count=(?P<bytes>\d+)")


def parse(source: Source) -> Parsed:
    """The groups in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        if match := _GROUP.fullmatch(line):
            found.mark_groups(match, offset, {"id": Kind.REGISTER})
            for part in _STATISTIC.finditer(line, *match.span("statistics")):
                found.mark_groups(part, offset, {"value": Kind.COUNTER})
            for part in _BUCKET.finditer(line, *match.span("buckets")):
                found.mark_groups(part, offset, {"packets": Kind.COUNTER, "bytes": Kind.COUNTER})
            found.records.append(
                GroupStatistics(
                    group_id=int(match["id"]),
                    statistics=dict(_STATISTIC.findall(match["statistics"])),
                    buckets=tuple((int(p), int(b)) for p, b in _BUCKET.findall(match["buckets"])),
                    span=Span(offset, found.line_end(offset)),
                )
            )
        elif not _HEADER.fullmatch(line):
            found.unknown_line(offset, line)
    return found.parsed()


FORMAT = Format(
    name="ovs_ofctl_dump_group_stats",
    title="what the groups of a bridge counted (ovs-ofctl dump-group-stats)",
    parse=parse,
    command=asks("dump-group-stats"),
    detect=begins_with(_HEADER),
    hint=re.compile(r"group.stats"),
)
