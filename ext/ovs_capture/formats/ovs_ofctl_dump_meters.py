"""``ovs-ofctl dump-meters BRIDGE [METER]`` and ``meter-stats``: meters, and what they counted.

Sample::

    OFPST_METER_CONFIG reply (OF1.3) (xid=0x2):
    meter=1 kbps burst stats bands=
    type=drop rate=1000 burst_size=100

    OFPST_METER reply (OF1.3) (xid=0x2):
    meter:3 flow_count:1 packet_in_count:0 byte_in_count:0 duration:2054.355s bands:
    0: packet_count:0 byte_count:0

Grammar::

    dump     = header *(meter *band) / header *(counted *counts)
    meter    = "meter=" ID *(" " FLAG) " bands="
    band     = "type=" TYPE *(" " KEY "=" N)
    counted  = "meter:" ID *(" " KEY ":" N) " bands:"
    counts   = N ":" *(" " KEY ":" N)

Printer: lib/ofp-meter.c ofputil_format_meter_config(), ofputil_format_meter_stats(). ID is a number
or ``controller``, ``slowpath``. What is counted has the same shape, so one reader has both.
"""

import re
from dataclasses import dataclass, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record
from .ofp_reply import asks, begins_with, header


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """``type=drop rate=1000 burst_size=100``; the rate is in kbps or packets a second."""

    type: str
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter(Record):
    """A meter. ``flags``: kbps or pktps, burst, stats."""

    meter_id: str
    flags: tuple[str, ...]
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterStatistics(Record):
    """What one meter counted; ``bands``: the same of each of its bands."""

    meter_id: str
    statistics: dict[str, str]
    bands: tuple[dict[str, str], ...] = ()


_HEADER = header("OFPST_METER(?:_CONFIG)?")
_METER = re.compile(r"\s*meter=(?P<id>\w+)(?P<flags>(?: \w+)*) bands=\s*")
_BAND = re.compile(r"\s*type=(?P<type>\w+)(?P<parameters>(?: \w+=\d+)*)\s*")
_COUNTED = re.compile(r"\s*meter:(?P<id>\w+)(?P<counts>(?: \w+:[\d.]+s?)*) bands:\s*")
_COUNTS = re.compile(r"\s*\d+:(?P<counts>(?: \w+:\d+)+)\s*")
_PAIR = re.compile(r"(?P<key>\w+)[:=](?P<value>[\d.]+s?)")


def parse(source: Source) -> Parsed:
    """The meters in the order of the capture, each with its bands."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        if match := _METER.fullmatch(line):
            found.mark_groups(match, offset, {"id": Kind.REGISTER})
            flags = tuple(match["flags"].split())
            found.records.append(Meter(meter_id=match["id"], flags=flags, span=span))
        elif match := _COUNTED.fullmatch(line):
            found.mark_groups(match, offset, {"id": Kind.REGISTER})
            counts = _pairs(found, offset, match, "counts")
            found.records.append(
                MeterStatistics(meter_id=match["id"], statistics=counts, span=span)
            )
        elif isinstance(last, Meter) and (match := _BAND.fullmatch(line)):
            found.mark_groups(match, offset, {"type": Kind.HEAD})
            band = Band(type=match["type"], parameters=_pairs(found, offset, match, "parameters"))
            grown = Span(last.span.start, span.end)
            found.records[-1] = replace(last, bands=(*last.bands, band), span=grown)
        elif isinstance(last, MeterStatistics) and (match := _COUNTS.fullmatch(line)):
            counts = _pairs(found, offset, match, "counts")
            grown = Span(last.span.start, span.end)
            found.records[-1] = replace(last, bands=(*last.bands, counts), span=grown)
        elif not _HEADER.fullmatch(line):
            found.unknown_line(offset, line)
    return found.parsed()


def _pairs(found: Findings, offset: int, match: re.Match[str], group: str) -> dict[str, str]:
    pairs = {}
    for pair in _PAIR.finditer(match.string, *match.span(group)):
        found.mark_groups(pair, offset, {"value": Kind.COUNTER})
        pairs[pair["key"]] = pair["value"]
    return pairs


FORMAT = Format(
    name="ovs_ofctl_dump_meters",
    title="meters of a bridge (ovs-ofctl dump-meters, meter-stats)",
    parse=parse,
    command=asks("dump-meters", "dump-meter", "meter-stats"),
    detect=begins_with(_HEADER),
    hint=re.compile(r"meter"),
)
