"""``ovs-dpctl show`` and ``ovs-appctl dpctl/show``: a datapath, its caches and its ports.

Sample::

    system@ovs-system:
      lookups: hit:529 missed:89 lost:0
      flows: 0
      port 0: ovs-system (internal)
      port 2: vxlan_sys_4789 (vxlan: packet_type=ptap)

Grammar::

    datapath = TYPE "@" NAME ":" statistic* port*
    statistic = "  " NAME ":" (KEY ":" VALUE)* | "  flows: " N | "    " CACHE ": size:" N
    port     = "  port " N ": " NAME [" (" TYPE [": " OPTIONS] ")"]  counters*      counters with -s

Printer: lib/dpctl.c show_dpif. masks since OVS 2.1, cache and caches since 2.17; a port of type
``system`` has no parentheses.
"""

import re
from dataclasses import dataclass, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Datapath(Record):
    """``system@ovs-system:`` and its statistics.

    As printed: ``{"lookups": {"hit": "529", ...}, "flows": {"": "0"}}``.
    """

    name: str
    statistics: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatapathPort(Record):
    """``port 6: tap635485ff-6c``.

    ``type``: the word in parentheses, ``options``: what follows its colon.
    """

    datapath: str
    number: int
    name: str
    type: str | None = None
    options: str | None = None


_DATAPATH = re.compile(r"(?P<type>[a-z][\w-]*)@(?P<name>[^\s:]+):\s*")
# Where a port went away meanwhile, dpctl.c ends its line with this and no newline.
_NO_STATISTICS = r",\ could\ not\ retrieve\ stats\ \([^)]*\)"
_PORT = re.compile(
    rf"""(?:{_NO_STATISTICS})?\s+port\s+(?P<number>\d{{1,10}}):\s+(?P<name>\S+)
        (?:\s+\((?P<type>[^:)]+)(?::\s*+(?P<options>.*))?\))?\s*""",
    re.VERBOSE,
)
_COUNTERS = re.compile(
    rf"\s+(?:[RT]X (?:packets|bytes)|collisions|UPCALL packets):.*|{_NO_STATISTICS}\s*"
)
_STATISTIC = re.compile(r"\s+(?P<name>[a-z][\w-]*):(?P<values>.*)")
_VALUE = re.compile(r"(?:(?P<key>[a-zA-Z][\w/-]*):|^\s*)(?P<value>\d[\d.]*%?)")


def parse(source: Source) -> Parsed:
    """Datapaths and their ports in the order of the capture."""
    found = Findings(source, FORMAT.name)
    datapath, statistics = "", dict[str, dict[str, str]]()
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        if match := _DATAPATH.fullmatch(line):
            datapath, statistics = f"{match['type']}@{match['name']}", {}
            found.mark_groups(match, offset, {"name": Kind.DEVICE})
            found.records.append(Datapath(name=datapath, statistics=statistics, span=span))
        elif datapath and (match := _PORT.fullmatch(line)):
            found.mark_groups(match, offset, {"name": Kind.DEVICE})
            found.records.append(
                DatapathPort(
                    datapath=datapath,
                    number=int(match["number"]),
                    name=match["name"],
                    type=match["type"],
                    options=match["options"],
                    span=span,
                )
            )
        elif isinstance(last, DatapathPort) and _COUNTERS.fullmatch(line):
            _mark_values(found, offset, line)
            found.records[-1] = replace(last, span=Span(last.span.start, span.end))
        elif isinstance(last, Datapath) and (match := _STATISTIC.fullmatch(line)):
            values = _mark_values(found, offset + match.start("values"), match["values"])
            statistics[match["name"]] = values
            found.records[-1] = replace(last, span=Span(last.span.start, span.end))
        else:
            found.unknown_line(offset, line)
    return found.parsed()


def _mark_values(found: Findings, offset: int, text: str) -> dict[str, str]:
    """``hit:529 missed:89`` by key; a value without key has the key ""."""
    values = {}
    for match in _VALUE.finditer(text):
        values[match["key"] or ""] = match["value"]
        found.mark(offset + match.start("value"), match["value"], Kind.COUNTER)
    return values


def _prints(command: Command) -> bool:
    wanted = {"ovs-dpctl": "show", "ovs-appctl": "dpctl/show"}.get(command.program)
    return wanted is not None and command.arguments[:1] == (wanted,)


_LOOKS = re.compile(r"\s*(?:system|netdev|dummy)@\S+:[^\S\n]*\n\s+lookups: hit:\d+")


def _looks_like(source: Source) -> bool:
    return bool(_LOOKS.match(source.window))


FORMAT = Format(
    name="dpctl_show",
    title="datapath and its ports (ovs-dpctl show)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"dpctl.*show"),
)
