"""``ovs-appctl bond/show [BOND]``: the bonds of Open vSwitch and their members.

Sample::

    ---- bond0 ----
    bond_mode: balance-slb
    bond may use recirculation: no, Recirc-ID : -1
    bond-hash-basis: 0
    lb_output action: disabled, bond-id: -1
    all members active: false
    updelay: 0 ms
    downdelay: 0 ms
    next rebalance: 4479 ms
    lacp_status: off
    lacp_fallback_ab: false
    active-backup primary: <none>
    active member mac: aa:55:aa:55:00:10(eth3)

    member eth2: enabled
      may_enable: true

    member eth3: enabled
      active member
      may_enable: true
      hash 144: 414 kB load

Grammar::

    bond   = "----" NAME "----" (KEY ":" VALUE)* member*
    member = "member" NAME ":" ("enabled" | "disabled") ["active member"]
             [("updelay" | "downdelay") "expires in" N "ms"] ["may_enable:" BOOL]
             ("hash" N ":" N "kB load")*

Until 2.15 ``slave`` stands for ``member``, and lines of a member begin with a tab; ``lb_output
action`` and ``active-backup primary`` are printed since 2.14, ``all members active`` since 3.1,
``next rebalance`` and hashes only of a bond that balances. Printer: ofproto/bond.c
bond_print_details.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import islice

from ..source import Source, Span
from .base import MAC, Findings, Format, Kind, Parsed, Record, as_number
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond(Record):
    """A bond. ``properties``: the lines under its name, as printed.

    ``active_mac``: None when no member is active.
    """

    name: str
    bond_mode: str | None = None
    lacp_status: str | None = None
    primary: str | None = None
    active_member: str | None = None
    active_mac: str | None = None
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BondMember(Record):
    """A member. ``hashes``: load in kB of each hash that it carries.

    ``expires``: how long until it changes its state, in ms.
    """

    bond: str
    name: str
    enabled: bool
    active: bool = False
    may_enable: bool | None = None
    expires: int | None = None
    hashes: dict[int, int] = field(default_factory=dict)


_BOND = re.compile(r"---- (?P<name>\S+) ----\s*")
_KEYS = (
    "bond_mode", "bond may use recirculation", "bond-hash-basis", "lb_output action",
    "all members active", "updelay", "downdelay", "next rebalance", "lacp_status",
    "lacp_fallback_ab", "active-backup primary", "active (?:member|slave) mac",
)  # fmt: skip
_PROPERTY = re.compile(rf"(?P<key>{'|'.join(_KEYS)}): (?P<value>(?:.*\S)?+)\s*+")
_ACTIVE = re.compile(rf"(?P<mac>{MAC})\((?P<member>\S+)\)")
_MEMBER = re.compile(r"(?:member|slave) (?P<name>\S+): (?P<state>enabled|disabled)\s*")
_STATE = re.compile(
    r"""(?:\ \ |\t)(?:(?P<active>active\ (?:member|slave))
        |(?:updelay|downdelay)\ expires\ in\ (?P<expires>-?\d{1,12})\ ms
        |may_enable:\ (?P<may_enable>true|false)
        |hash\ (?P<hash>\d{1,5}):\ (?P<load>\d{1,20})\ kB\ load)\s*""",
    re.VERBOSE,
)


def parse(source: Source) -> Parsed:
    """Bonds in the order of the capture, each before its members."""
    found = Findings(source, FORMAT.name)
    bond: Bond | None = None
    for offset, line in found.lines():
        last = found.records[-1] if found.records else None
        if match := _BOND.fullmatch(line):
            found.mark_groups(match, offset, {"name": Kind.DEVICE})
            bond = Bond(name=match["name"], span=Span(offset, found.line_end(offset)))
            found.records.append(bond)
        elif isinstance(last, Bond) and (match := _PROPERTY.fullmatch(line)):
            found.records[-1] = _with_property(found, last, match, offset)
        elif bond and (match := _MEMBER.fullmatch(line)):
            found.mark_groups(match, offset, {"name": Kind.DEVICE, "state": Kind.HEAD})
            found.records.append(
                BondMember(
                    bond=bond.name,
                    name=match["name"],
                    enabled=match["state"] == "enabled",
                    span=Span(offset, found.line_end(offset)),
                )
            )
        elif isinstance(last, BondMember) and (match := _STATE.fullmatch(line)):
            found.mark_groups(match, offset, {"load": Kind.COUNTER})
            found.records[-1] = _with_state(found, last, match, offset)
        else:
            found.unknown_line(offset, line)
    return found.parsed()


def _with_property(found: Findings, bond: Bond, match: re.Match[str], offset: int) -> Bond:
    key, value = match["key"], match["value"]
    span = Span(bond.span.start, found.line_end(offset))
    bond = replace(bond, span=span, properties={**bond.properties, key: value})
    at = offset + match.start("value")
    match key:
        case "bond_mode":
            found.mark(at, value, Kind.HEAD)
            return replace(bond, bond_mode=value)
        case "lacp_status":
            return replace(bond, lacp_status=value)
        case "active-backup primary" if value != "<none>":
            found.mark(at, value, Kind.DEVICE)
            return replace(bond, primary=value)
        case "active member mac" | "active slave mac" if active := _ACTIVE.fullmatch(value):
            if active["member"] == "none":
                return bond
            found.mark_groups(active, at, {"mac": Kind.MAC, "member": Kind.DEVICE})
            return replace(bond, active_member=active["member"], active_mac=active["mac"].lower())
    return bond


def _with_state(
    found: Findings, member: BondMember, match: re.Match[str], offset: int
) -> BondMember:
    member = replace(member, span=Span(member.span.start, found.line_end(offset)))
    if match["active"]:
        return replace(member, active=True)
    if match["may_enable"]:
        return replace(member, may_enable=match["may_enable"] == "true")
    if match["expires"]:
        return replace(member, expires=int(match["expires"]))
    load = as_number(match["load"]) or 0
    return replace(member, hashes={**member.hashes, int(match["hash"]): load})


def _prints(command: Command) -> bool:
    return command.program == "ovs-appctl" and command.arguments[:1] == ("bond/show",)


def _looks_like(source: Source) -> bool:
    lines = [line for _, line in islice(Findings(source, FORMAT.name).lines(), 2)]
    return len(lines) == 2 and bool(_BOND.fullmatch(lines[0])) and lines[1].startswith("bond_mode:")


FORMAT = Format(
    name="bond_show",
    title="bonds of Open vSwitch (ovs-appctl bond/show)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"bond"),
)
