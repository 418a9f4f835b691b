"""``ovn-sbctl show``: chassis with their tunnel ends and the ports bound to them.

Sample::

    Chassis "9cc3bab9-0915-5604-bfe8-3b6d40437d23"
        hostname: hv1
        Encap geneve
            ip: "10.0.2.31"
            options: {csum="true"}
        Port_Binding "471b79cb-271d-5419-b14c-e8bbc5251778"

Grammar::

    chassis = "Chassis " NAME *("    " KEY ": " VALUE) *encap *binding
    encap   = "    Encap " TYPE *("        " KEY ": " VALUE)
    binding = "    Port_Binding " NAME

Printer: lib/db-ctl-base.c cmd_show_row, utilities/ovn-sbctl.c cmd_show_tables. ``hostname`` since
OVN 2.6.
"""

import re
from dataclasses import dataclass, field, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record
from .command import Command
from .ovn_rows import mark_values
from .ovsdb_atom import STRING, pairs, unquoted


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChassis(Record):
    """A ``Chassis``: ``name`` is its system-id."""

    name: str
    hostname: str | None = None
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEncap(Record):
    """An ``Encap`` of ``chassis``: where its tunnels end."""

    chassis: str
    type: str
    ip: str | None = None
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBinding(Record):
    """A ``Port_Binding``: the logical port that is bound to ``chassis``."""

    chassis: str
    logical_port: str


_OBJECT = re.compile(rf"\s*(?P<table>Chassis|Encap|Port_Binding) +(?P<name>{STRING}|\S+)\s*")
_KEY = re.compile(r"\s+(?P<key>[a-z]\w*): ?(?P<value>(?:.*\S)?)\s*")


def parse(source: Source) -> Parsed:
    """Chassis, tunnel ends and bindings in the order of the capture."""
    found = Findings(source, FORMAT.name)
    chassis: str | None = None
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        match = _OBJECT.fullmatch(line)
        if match and match["table"] == "Chassis":
            chassis = unquoted(match["name"])
            found.records.append(ShownChassis(name=chassis, span=span))
        elif match and chassis is not None:
            name = unquoted(match["name"])
            found.records.append(
                ShownEncap(chassis=chassis, type=name, span=span)
                if match["table"] == "Encap"
                else ShownBinding(chassis=chassis, logical_port=name, span=span)
            )
        elif (key := _KEY.fullmatch(line)) and isinstance(last, ShownChassis | ShownEncap):
            found.records[-1] = _with(last, key["key"], key["value"], span.end)
            mark_values(found, offset + key.start("value"), key["value"])
            if key["key"] == "hostname":
                found.mark_groups(key, offset, {"value": Kind.HOST})
            elif isinstance(last, ShownEncap) and key["key"] not in ("ip", "options"):
                found.unknown_token(offset + key.start("key"), key["key"])
            continue
        else:
            found.unknown_line(offset, line)
            continue
        found.mark(offset + match.start("table"), match["table"], Kind.HEAD)
        mark_values(found, offset + match.start("name"), match["name"])
    return found.parsed()


def _with(
    record: ShownChassis | ShownEncap, key: str, value: str, end: int
) -> ShownChassis | ShownEncap:
    span = Span(record.span.start, end)
    if isinstance(record, ShownChassis):
        if key == "hostname":
            return replace(record, hostname=unquoted(value), span=span)
        return replace(record, properties={**record.properties, key: unquoted(value)}, span=span)
    if key == "ip":
        return replace(record, ip=unquoted(value), span=span)
    return replace(record, options={**record.options, **pairs(value)}, span=span)


def _prints(command: Command) -> bool:
    return command.program == "ovn-sbctl" and command.arguments == ("show",)


_LOOKS = re.compile(rf"Chassis (?:{STRING}|\S+)[^\S\n]*\n\s+(?:hostname:|Encap )")


def _looks_like(source: Source) -> bool:
    return bool(_LOOKS.match(source.window.lstrip("\r\n")))


FORMAT = Format(
    name="ovn_sbctl_show",
    title="chassis and port bindings (ovn-sbctl show)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"sbctl.*show"),
)
