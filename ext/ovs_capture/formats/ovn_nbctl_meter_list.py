"""``ovn-nbctl meter-list``: meters and their bands.

Sample::

    acl_log_meter: (fair) bands:
      drop: 100 pktps, 25 packet burst

Grammar::

    meter = NAME ":" [" (fair)"] " bands:" *band
    band  = "  drop: " RATE " " ("pktps" / "kbps") ["," BURST " " ("packet" / "kb") " burst"]

Printer: utilities/ovn-nbctl.c nbctl_meter_list. ``(fair)`` since OVN 20.09.
"""

import re
from dataclasses import dataclass, field, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterBand:
    """What happens above ``rate`` (``pktps`` or ``kbps``, as ``unit`` says)."""

    action: str
    rate: int
    unit: str
    burst: int | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter(Record):
    """A meter; ``fair``: each ACL that uses it has one of its own."""

    name: str
    fair: bool = False
    bands: tuple[MeterBand, ...] = ()


_METER = re.compile(r"(?P<name>\S.*?):(?P<fair> \(fair\))? bands:\s*")
_BAND = re.compile(
    r"\s+(?P<action>drop): (?P<rate>\d{1,10}) (?P<unit>pktps|kbps)"
    r"(?:, (?P<burst>\d{1,10}) (?:packet|kb) burst)?\s*"
)


def parse(source: Source) -> Parsed:
    """Meters in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        if match := _METER.fullmatch(line):
            found.mark_groups(match, offset, {"name": Kind.HEAD})
            found.records.append(Meter(name=match["name"], fair=bool(match["fair"]), span=span))
        elif (match := _BAND.fullmatch(line)) and isinstance(last, Meter):
            band = MeterBand(
                action=match["action"],
                rate=int(match["rate"]),
                unit=match["unit"],
                burst=int(match["burst"]) if match["burst"] else None,
                span=span,
            )
            found.records[-1] = replace(
                last, bands=(*last.bands, band), span=Span(last.span.start, span.end)
            )
        else:
            found.unknown_line(offset, line)
    return found.parsed()


def _prints(command: Command) -> bool:
    return command.program == "ovn-nbctl" and command.arguments[:1] == ("meter-list",)


_LOOKS = re.compile(r"\S+:(?: \(fair\))? bands:[^\S\n]*\n\s+drop: ")


def _looks_like(source: Source) -> bool:
    return bool(_LOOKS.match(source.window.lstrip("\r\n")))


FORMAT = Format(
    name="ovn_nbctl_meter_list",
    title="meters (ovn-nbctl meter-list)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"nbctl.*meter"),
)
