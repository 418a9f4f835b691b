"""``bridge [-d] link [show]``: the ports of Linux bridges.

Sample::

    7: vxlan-339: <BROADCAST,MULTICAST,UP> mtu 1450 master brq289a6a6d-82 state forwarding priority 32 cost 2
    9: tap1446772e-69@eth0: <BROADCAST,MULTICAST,UP> mtu 1500 master brqfeeee2c4-e6 state disabled priority 32 cost 2
        hairpin off guard off root_block off fastleave off learning on flood on

Grammar::

    port   = IFINDEX ": " NAME ["@" LINK] ": <" FLAGS "> " (KEY VALUE)*
    detail = "    " (KEY "on"|"off"|VALUE)*              -d

Before iproute2 4.17 the operational state stood first: ``7: eth0 state UP @NONE: <...>``. Printer:
iproute2 bridge/link.c print_linkinfo, print_protinfo.
"""  # noqa: E501 - the sample is as printed

import re
from dataclasses import dataclass, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, as_number, first_line
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgePort(Record):
    """A port and its bridge (``master``). ``properties``: of ``-d``, by key."""

    ifindex: int
    ifname: str
    link: str | None = None
    flags: tuple[str, ...] = ()
    mtu: int | None = None
    master: str | None = None
    state: str | None = None
    priority: int | None = None
    cost: int | None = None
    properties: dict[str, str]


_PORT = re.compile(
    r"""(?P<ifindex>\d{1,10}):\ +(?P<ifname>[^\s@:]+)(?:\ state\ \S+\ )?
        (?:@(?P<link>[^\s:]+))?\s?:\ +<(?P<flags>[^>\s]*)>(?P<rest>.*)""",
    re.VERBOSE,
)
_PAIR = re.compile(r"(?P<key>[a-z][\w-]*)\s+(?P<value>\S+)")
_DETAIL = re.compile(r"(?:\s+[a-z][\w-]*\s+\S+)+\s*")


def parse(source: Source) -> Parsed:
    """Ports in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        if match := _PORT.fullmatch(line):
            found.mark_groups(match, offset, {"ifname": Kind.DEVICE})
            if match["link"] and not re.fullmatch(r"NONE|if\d+", match["link"]):
                found.mark_groups(match, offset, {"link": Kind.DEVICE})
            found.records.append(_port(found, offset, match, span))
        elif isinstance(last, BridgePort) and _DETAIL.fullmatch(line):
            pairs = {pair["key"]: pair["value"] for pair in _PAIR.finditer(line)}
            found.mark(offset, line, Kind.DIM)
            found.records[-1] = replace(
                last,
                properties={**last.properties, **pairs},
                span=Span(last.span.start, span.end),
            )
        else:
            found.unknown_line(offset, line)
    return found.parsed()


def _port(found: Findings, offset: int, match: re.Match[str], span: Span) -> BridgePort:
    values: dict[str, str] = {}
    for pair in _PAIR.finditer(match["rest"]):
        values[pair["key"]] = pair["value"]
        kind = {"master": Kind.BRIDGE, "state": Kind.HEAD}.get(pair["key"])
        if kind is not None:
            at = offset + match.start("rest") + pair.start("value")
            found.mark(at, pair["value"], kind)
    return BridgePort(
        ifindex=int(match["ifindex"]),
        ifname=match["ifname"],
        link=match["link"],
        flags=tuple(filter(None, match["flags"].split(","))),
        mtu=as_number(values.pop("mtu", None)),
        master=values.pop("master", None),
        state=values.pop("state", None),
        priority=as_number(values.pop("priority", None)),
        cost=as_number(values.pop("cost", None)),
        properties=values,
        span=span,
    )


def _prints(command: Command) -> bool:
    words = [word for word in command.arguments if not "show".startswith(word)]
    listed = command.program == "bridge" and bool(words) and "link".startswith(words[0])
    return listed and words[1:2] != ["set"] and not {"-j", "-json"} & set(command.options)


_LOOKS = re.compile(r".*> mtu \d+ (?:master \S+ )?state (?:disabled|listening|learning|forw|block)")


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_PORT.fullmatch(first) and _LOOKS.match(first)) and " qdisc " not in first


FORMAT = Format(
    name="bridge_link",
    title="ports of Linux bridges (bridge link)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"bridge.*link"),
)
