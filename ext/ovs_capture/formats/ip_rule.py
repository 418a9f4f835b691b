"""``ip rule [show]``: which routing table a packet looks into.

Sample::

    0:      from all lookup local
    57481:  from 10.1.1.5 lookup 16
    2852023296:     from 169.254.88.135/31 lookup 2852023296

Grammar::

    rule   = PRIORITY ":" ["not"] "from" PREFIX selector* action ["proto" P]
    action = "lookup" TABLE | "blackhole" | "unreachable" | "prohibit" | "goto" N | "nop"

Printer: iproute2 ip/iprule.c print_rule. Neutron's DVR uses priorities of its own
(neutron/agent/l3/dvr_fip_ns.py).
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, first_line, is_address
from .command import Command, ip_object, ip_prints_blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Record):
    """A rule. ``source``: ``all`` or a prefix; ``selectors``: what stands up to the action."""

    priority: int
    negated: bool = False
    source: str
    selectors: str | None = None
    table: str | None = None
    action: str | None = None


_RULE = re.compile(
    r"""\s?(?P<priority>\d{1,10}):\s+(?P<negated>not\s+)?from\s+(?P<source>\S++)
        (?P<selectors>.*?)(?<!\s)\s++
        (?:lookup\s+(?:\[l3mdev-table\]|(?P<table>\S+))
         |\[l3mdev-table\]
         |(?P<action>blackhole|unreachable|prohibit|nop|goto\s+\S+))
        (?P<rest>(?:\s+(?:proto\s+\S+|suppress_\w+\s+\S+|\[unresolved\]|realms?\s+\S+))*)\s*""",
    re.VERBOSE,
)
_SELECTED = re.compile(r"(?<=to )\S+")
_DEVICE = re.compile(r"(?<=[io]if )\S+")


def parse(source: Source) -> Parsed:
    """Rules in the order of the capture, that of their priority."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        match = _RULE.fullmatch(line)
        if match is None:
            found.unknown_line(offset, line)
            continue
        found.mark_groups(match, offset, {"table": Kind.TABLE})
        if is_address(match["source"]):
            found.mark_groups(match, offset, {"source": Kind.ADDRESS})
        span = match.span("selectors")
        for to in _SELECTED.finditer(line, *span):
            if is_address(to[0]):
                found.mark(offset + to.start(), to[0], Kind.ADDRESS)
        for device in _DEVICE.finditer(line, *span):
            found.mark(offset + device.start(), device[0], Kind.DEVICE)
        found.records.append(
            Rule(
                priority=int(match["priority"]),
                negated=bool(match["negated"]),
                source=match["source"],
                selectors=match["selectors"].strip() or None,
                table=match["table"],
                action=match["action"],
                span=Span(offset, found.line_end(offset)),
            )
        )
    return found.parsed()


def _prints(command: Command) -> bool:
    return ip_object(command) == ("rule", "show") and ip_prints_blocks(command)


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_RULE.fullmatch(first))


FORMAT = Format(
    name="ip_rule",
    title="routing rules (ip rule)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"rule"),
)
