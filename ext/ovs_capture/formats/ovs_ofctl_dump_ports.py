"""``ovs-ofctl dump-ports BRIDGE [PORT]``: what the ports of a switch counted.

Sample::

    OFPST_PORT reply (OF1.5) (xid=0x2): 2 ports
      port  4: rx pkts=0, bytes=0, drop=?, errs=?, frame=?, over=?, crc=?
               tx pkts=0, bytes=0, drop=?, errs=?, coll=?
               duration=18.135s
               CUSTOM Statistics
                          rx_custom_packets_1=0, rx_custom_packets_2=0,

Grammar::

    dump   = header " " N " ports" *port
    port   = "  port " PORT ": rx " pairs NL "tx " pairs *(NL pairs / NL TITLE)
    pairs  = KEY "=" (N / "?") *(", " KEY "=" (N / "?")) [","]

Printer: lib/ofp-port.c ofputil_port_stats..., print_port_stat. ``?``: the device does not count it.
"""

import re
from dataclasses import dataclass, replace

from ..openflow.values import unquoted
from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record
from .ofp_reply import asks, begins_with, header


@dataclass(frozen=True, slots=True, kw_only=True)
class PortStatistics(Record):
    """What one port counted, by direction: ``rx``, ``tx``; ``other``: duration, RFC 2819, custom.

    ``port``: number, reserved name, or with ``--names`` the name. A count is as printed, ``?``
    where the device has none.
    """

    port: str
    rx: dict[str, str]
    tx: dict[str, str]
    other: dict[str, str]


_HEADER = header("OFPST_PORT")
_PORT = re.compile(r'\s*port\s+(?P<port>"(?:[^"\\]|\\.)*+"|[^\s:"]+): rx (?P<pairs>\w+=[\d?.]+.*)')
_SENT = re.compile(r"\s+tx (?P<pairs>\w+=[\d?.]+.*)")
_MORE = re.compile(r"\s+(?P<pairs>\w+=[\d?.]+s?(?:, *\w+=[\d?.]+s?)*,?)\s*")
_TITLE = re.compile(r"\s+(?:CUSTOM Statistics|rfc2819|[A-Z][\w ]+ [Ss]tatistics:?)\s*")
_PAIR = re.compile(r"(?<!\w)(?P<key>\w+)=(?P<value>\?|[\d.]+s?)")


def parse(source: Source) -> Parsed:
    """The ports in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        if match := _PORT.fullmatch(line):
            port = unquoted(match["port"])
            quotes = match["port"].startswith('"')
            shown = match["port"][quotes : len(match["port"]) - quotes]
            kind = Kind.COUNTER if port.isdecimal() else Kind.DEVICE
            found.mark(offset + match.start("port") + quotes, shown, kind, port)
            rx = _pairs(found, offset, match)
            found.records.append(PortStatistics(port=port, rx=rx, tx={}, other={}, span=span))
        elif not isinstance(last, PortStatistics):
            if not _HEADER.fullmatch(line):
                found.unknown_line(offset, line)
        elif match := _SENT.fullmatch(line):
            tx = _pairs(found, offset, match)
            found.records[-1] = replace(last, tx=tx, span=Span(last.span.start, span.end))
        elif match := _MORE.fullmatch(line):
            other = last.other | _pairs(found, offset, match)
            found.records[-1] = replace(last, other=other, span=Span(last.span.start, span.end))
        elif _TITLE.fullmatch(line):
            found.mark(offset, line, Kind.DIM)
            found.records[-1] = replace(last, span=Span(last.span.start, span.end))
        elif not _HEADER.fullmatch(line):
            found.unknown_line(offset, line)
    return found.parsed()


def _pairs(found: Findings, offset: int, match: re.Match[str]) -> dict[str, str]:
    pairs = {}
    for pair in _PAIR.finditer(match.string, *match.span("pairs")):
        if pair["value"] != "?":
            found.mark_groups(pair, offset, {"value": Kind.COUNTER})
        pairs[pair["key"]] = pair["value"]
    return pairs


FORMAT = Format(
    name="ovs_ofctl_dump_ports",
    title="what the ports of a switch counted (ovs-ofctl dump-ports)",
    parse=parse,
    command=asks("dump-ports"),
    detect=begins_with(_HEADER),
    hint=re.compile(r"dump.ports"),
)
