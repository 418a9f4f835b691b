"""``lr-route-list`` and ``lr-policy-list`` of ovn-nbctl: how a logical router chooses a next hop.

Sample (``ovn-nbctl lr-route-list router``)::

    IPv4 Routes
    Route Table <main>:
                    0.0.0.0/0                172.19.0.1 dst-ip

and ``ovn-nbctl lr-policy-list``::

    Routing Policies
            10 ip4.src == 192.168.112.66 && ip4.dst == 172.19.0.0/24            drop

Grammar::

    routes   = *("IPv4 Routes" / "IPv6 Routes" / "Route Table " NAME ":" / route)
    route    = PREFIX [NEXTHOP] POLICY [PORT] *EXTRA
    policies = "Routing Policies" *(PRIORITY MATCH ACTION [NEXTHOP ("," NEXTHOP)*] *(KEY "=" VALUE))
    NEXTHOP  = IP / "discard";  POLICY = "dst-ip" / "src-ip";  ACTION = "allow" / "drop" / "reroute"

Printer: utilities/ovn-nbctl.c print_route, nbctl_lr_policy_list. ``Route Table`` since OVN 22.03,
``discard`` since 21.06, ecmp since 20.03, ``jump`` and chains since 24.09.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, first_line
from .command import Command
from .ovn_rows import mark_values


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticRoute(Record):
    """A route of ``router``. ``table`` None: the main one, or a version without route tables."""

    prefix: str
    nexthop: str | None
    policy: str
    port: str | None = None
    extra: tuple[str, ...] = ()
    table: str | None = None
    router: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouterPolicy(Record):
    """A routing policy of ``router``; ``extra`` as printed (``pkt_mark=...``, BFD states)."""

    priority: int
    match: str
    action: str
    nexthops: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    router: str | None = None


_HEADER = re.compile(r"(?:IPv[46] Routes|Routing Policies)\s*")
_TABLE = re.compile(r"Route Table (?P<name>\S+):\s*")
_NEXTHOP = r"(?:[0-9a-fA-F:.]+|discard)"
_ROUTE = re.compile(
    rf"""\s*(?P<prefix>[0-9a-fA-F:.]+(?:/\d{{1,3}})?)(?:\s+(?P<nexthop>{_NEXTHOP}))?
         \s+(?P<policy>dst-ip|src-ip)(?P<rest>(?:\s+\S+)*?)\s*""",
    re.VERBOSE,
)
_POLICY = re.compile(
    r"\s*(?P<priority>\d{1,5}) (?P<match>\S.*?)\s{2,}(?P<action>allow|drop|reroute|jump)"
    r"(?P<rest>(?:\s+\S+)*?)\s*"
)
_EXTRAS = ("ecmp", "ecmp-symmetric-reply", "bfd", "(learned)", "override-connected")


def parse(source: Source) -> Parsed:
    """Routes and policies of an unknown router."""
    return _parse(source, None)


def parse_with(source: Source, command: Command) -> Parsed:
    """Routes and policies of the router that the command names."""
    return _parse(source, command.arguments[1] if len(command.arguments) > 1 else None)


def _parse(source: Source, router: str | None) -> Parsed:
    found = Findings(source, FORMAT.name)
    table: str | None = None
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        if _HEADER.fullmatch(line):
            table = None
            continue
        if match := _TABLE.fullmatch(line):
            table = None if match["name"] == "<main>" else match["name"]
            continue
        if match := _ROUTE.fullmatch(line):
            rest = match["rest"].split()
            ports = [word for word in rest if word not in _EXTRAS]
            found.records.append(
                StaticRoute(
                    prefix=match["prefix"],
                    nexthop=match["nexthop"],
                    policy=match["policy"],
                    port=ports[0] if ports else None,
                    extra=tuple(word for word in rest if word not in ports[:1]),
                    table=table,
                    router=router,
                    span=span,
                )
            )
        elif match := _POLICY.fullmatch(line):
            rest = match["rest"].replace(",", " ").split()
            hops = [word for word in rest if re.fullmatch(_NEXTHOP, word)]
            found.mark_groups(match, offset, {"action": Kind.HEAD})
            found.records.append(
                RouterPolicy(
                    priority=int(match["priority"]),
                    match=match["match"],
                    action=match["action"],
                    nexthops=tuple(hops),
                    extra=tuple(word for word in rest if word not in hops),
                    router=router,
                    span=span,
                )
            )
        else:
            found.unknown_line(offset, line)
            continue
        mark_values(found, offset, line)
    return found.parsed()


def _prints(command: Command) -> bool:
    return command.program == "ovn-nbctl" and command.arguments[:1] in (
        ("lr-route-list",),
        ("lr-policy-list",),
    )


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_HEADER.fullmatch(first))


FORMAT = Format(
    name="ovn_nbctl_routes",
    title="routes and routing policies (ovn-nbctl lr-route-list, lr-policy-list)",
    parse=parse,
    parse_with=parse_with,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"nbctl.*(?:route|policy).list"),
)
