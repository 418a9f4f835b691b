"""``ovs-appctl dpctl/dump-flows`` and ``ovs-dpctl dump-flows``: the flows of a datapath.

Sample::

    flow-dump from the main thread:
    recirc_id(0),in_port(2),eth_type(0x0806), packets:0, bytes:0, used:never, actions:drop
    recirc_id(0),in_port(tap1),eth(), packets:2, bytes:196, used:6.2s, flags:P., actions:ct(zone=13)

Grammar::

    dump   = *(thread / flow)
    thread = "flow-dump from " TEXT ":"
    flow   = ["ufid:" UUID ", "] key *(", " STATISTIC ":" VALUE) ", actions:" actions
             [", dp-extra-info:" TEXT]

Keys and actions: ``openflow.datapath``. Printer: lib/dpctl.c format_dpif_flow(), lib/dpif.c
dpif_flow_stats_format(). The thread is told by the netdev datapath; ``-m`` adds ufid, dp and all
masks; offloaded is told since 2.10.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..openflow.datapath import Part, parse_parts
from ..source import Source, Span
from .base import MAC, Findings, Format, Kind, Parsed, Record, first_line, is_address
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class DatapathFlow(Record):
    """One flow of a datapath.

    ``statistics``: packets, bytes, used, and where printed flags, dp, offloaded, as printed.
    ``extra``: what follows ``dp-extra-info:``.
    """

    key: tuple[Part, ...]
    actions: tuple[Part, ...]
    statistics: dict[str, str]
    ufid: str | None = None
    extra: str | None = None


_THREAD = re.compile(r"\s*flow-dump from [^:]+(?:: ?\d+)?:?\s*")
_FLOW = re.compile(
    r"""\s*(?:ufid:(?P<ufid>[0-9a-f-]{1,36}),[ ])?
        (?P<key>[^\s](?:(?!,[ ]packets:).)*+),[ ]
        (?P<statistics>packets:\d{1,20},[ ]bytes:\d{1,20},[ ]used:[\w.]+
            (?:,[ ](?!actions:)\w+:[^,\s]*)*+),
        [ ]actions:(?P<actions>(?:(?!,[ ]dp-extra-info:).)*+)
        (?:,[ ]dp-extra-info:(?P<extra>.*?))?[ \t\r]*""",
    re.VERBOSE,
)
_STATISTIC = re.compile(r"(?P<key>\w+):(?P<value>[^,\s]*)")
_MAC = re.compile(MAC)
_PORTS = ("in_port", "tnl_port", "out_port", "tnl_pop")
_ADDRESSES = ("src", "dst", "sip", "tip", "target", "ipv6_src", "ipv6_dst")


def parse(source: Source) -> Parsed:
    """The flows in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        if match := _FLOW.fullmatch(line):
            found.records.append(_flow(found, offset, match))
        elif not _THREAD.fullmatch(line):
            found.unknown_line(offset, line)
    return found.parsed()


def _flow(found: Findings, offset: int, match: re.Match[str]) -> DatapathFlow:
    key = parse_parts(match["key"], match.start("key"))
    actions = parse_parts(match["actions"], match.start("actions"))
    found.mark_groups(match, offset, {"ufid": Kind.UUID, "extra": Kind.DIM})
    _mark_parts(found, offset, key)
    _mark_parts(found, offset, actions)
    for action in actions:
        if action.name == "drop":
            found.mark(offset + action.start, "drop", Kind.DROP)
        elif action.value is None and not action.parts and not action.name.isdecimal():
            is_word = action.name in ("ct_clear", "pop_vlan", "pop_eth", "drop")
            found.mark(offset + action.start, action.name, Kind.HEAD if is_word else Kind.DEVICE)
    for part in _STATISTIC.finditer(match.string, *match.span("statistics")):
        kind = Kind.COUNTER if part["key"] in ("packets", "bytes") else Kind.DIM
        found.mark_groups(part, offset, {"value": kind})
    return DatapathFlow(
        key=key,
        actions=actions,
        statistics=dict(_STATISTIC.findall(match["statistics"])),
        ufid=match["ufid"],
        extra=match["extra"],
        span=Span(offset, found.line_end(offset)),
    )


def _mark_parts(found: Findings, offset: int, parts: Iterable[Part]) -> None:
    for part in parts:
        _mark_parts(found, offset, part.parts)
        if part.value is None:
            continue
        start = offset + part.start + part.text.index(part.value, len(part.name))
        if part.name in _PORTS:
            if not part.value.isdecimal():
                found.mark(start, part.value, Kind.DEVICE)
        elif part.name in ("recirc_id", "recirc", "ct_mark", "ct_label", "ct_zone", "zone"):
            found.mark(start, part.value, Kind.REGISTER)
        elif part.name in ("vid", "vni", "tun_id"):
            found.mark(start, part.value, Kind.VLAN)
        elif _MAC.fullmatch(part.value):
            found.mark(start, part.value, Kind.MAC)
        elif part.name in _ADDRESSES and is_address(part.value):
            found.mark(start, part.value, Kind.ADDRESS)


def _prints(command: Command) -> bool:
    wanted = {"ovs-dpctl": "dump-flows", "ovs-appctl": "dpctl/dump-flows"}.get(command.program)
    return wanted is not None and wanted in command.words


def _looks_like(source: Source) -> bool:
    line = first_line(source)
    return bool(_FLOW.fullmatch(line)) or line.startswith("flow-dump from ")


FORMAT = Format(
    name="dpctl_dump_flows",
    title="flows of a datapath (dpctl/dump-flows)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"dpctl.*flows"),
)
