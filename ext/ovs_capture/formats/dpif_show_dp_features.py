"""``ovs-appctl dpif/show-dp-features BRIDGE``: what the datapath below a bridge can do.

Sample::

    Masked set action: Yes
    Tunnel push pop: No
    Max VLAN headers: 2

Grammar: ``FEATURE ": " ("Yes" | "No" | N)``. What a version does not know it does not print; what
was switched off by ``dpif/set-dp-features`` is No. Printer: ofproto/ofproto-dpif.c
ofproto_unixctl_dpif_show_dp_features, names in DPIF_SUPPORT_FIELDS and ODP_SUPPORT_FIELDS.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, first_line
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class DatapathFeature(Record):
    """``value``: ``Yes``, ``No`` or a number, as printed."""

    name: str
    value: str


_FEATURE = re.compile(r"\s*(?P<name>[A-Z][^\s:]*+(?: [^\s:]++)*+): (?P<value>Yes|No|\d{1,20})\s*")
# A feature that no other printer names.
_PUSHES = re.compile(r"^[ \t]*Tunnel push pop: (?:Yes|No)\s*$", re.MULTILINE)


def parse(source: Source) -> Parsed:
    """Features in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        match = _FEATURE.fullmatch(line)
        if match is None:
            found.unknown_line(offset, line)
            continue
        found.mark_groups(match, offset, {"name": Kind.HEAD})
        if match["value"].isdecimal():
            found.mark_groups(match, offset, {"value": Kind.COUNTER})
        span = Span(offset, found.line_end(offset))
        found.records.append(DatapathFeature(name=match["name"], value=match["value"], span=span))
    return found.parsed()


def _prints(command: Command) -> bool:
    return command.program == "ovs-appctl" and command.arguments[:1] == ("dpif/show-dp-features",)


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_FEATURE.fullmatch(first) and _PUSHES.search(source.window))


FORMAT = Format(
    name="dpif_show_dp_features",
    title="features of a datapath (ovs-appctl dpif/show-dp-features)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"dp.features"),
)
