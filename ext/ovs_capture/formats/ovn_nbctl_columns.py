"""``lr-nat-list`` and ``lb-list`` of ovn-nbctl: a title line, and rows in its columns.

Sample (``ovn-nbctl lr-nat-list router``)::

    TYPE             EXTERNAL_IP        LOGICAL_IP          EXTERNAL_MAC         LOGICAL_PORT
    snat             172.19.0.188       192.168.111.0/24

and ``ovn-nbctl lb-list``::

    UUID                                    LB       PROTO      VIP          IPs
    3bc09bf7-5589-4138-99b4-947432fc7fbe    lb-web   tcp        10.0.0.9:80  10.0.0.3:80
                                                     tcp        10.0.0.8:80  10.0.0.4:80

Grammar::

    list  = TITLE *row
    row   = one cell under each word of TITLE; cells may be empty

A cell wider than its column pushes the rest of its row to the right; cells without blanks keep
their order then. In ``lb-list`` a row without UUID is a further VIP of the balancer above. Printer:
utilities/ovn-nbctl.c nbctl_lr_nat_list, nbctl_lb_list. GATEWAY_PORT since OVN 22.03, EXTERNAL_PORT
since 20.03.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import UUID, Findings, Format, Kind, Parsed, Record, first_line
from .columns import column_of, index_at
from .command import Command
from .ovn_rows import mark_values


@dataclass(frozen=True, slots=True, kw_only=True)
class NatRow(Record):
    """A NAT rule of ``router`` (where the command names it); ``cells`` by title, without blanks."""

    cells: dict[str, str]
    router: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancerRow(Record):
    """One VIP of a load balancer; ``uuid`` and ``name`` also of rows that leave them out."""

    uuid: str | None
    name: str
    protocol: str | None
    vip: str | None
    ips: tuple[str, ...] = ()


_NAT_TITLE = re.compile(r"TYPE +(?=.*EXTERNAL_IP)(?=.*LOGICAL_IP)[A-Z_ ]+")
_LB_TITLE = re.compile(r"UUID +LB +PROTO +VIP +IPs\s*")
_WORD = re.compile(r"\S+")
_NAT_KINDS = ("snat", "dnat", "dnat_and_snat")


def parse(source: Source) -> Parsed:
    """Rows of an unknown router."""
    return _parse(source, None)


def parse_with(source: Source, command: Command) -> Parsed:
    """Rows of the router that the command names."""
    asked = command.arguments[:1] == ("lr-nat-list",) and len(command.arguments) > 1
    return _parse(source, command.arguments[1] if asked else None)


def _parse(source: Source, router: str | None) -> Parsed:
    found = Findings(source, FORMAT.name)
    titles: list[tuple[str, int]] = []
    for offset, line in found.lines():
        if _NAT_TITLE.fullmatch(line) or _LB_TITLE.fullmatch(line):
            titles = [(word[0], column_of(line, word.start())) for word in _WORD.finditer(line)]
            continue
        cells = _cells(line, titles)
        record = _record(cells, found, Span(offset, found.line_end(offset)), router)
        if record is None:
            found.unknown_line(offset, line)
            continue
        found.records.append(record)
        mark_values(found, offset, line)
        if isinstance(record, NatRow):
            found.mark(offset, record.cells["TYPE"], Kind.HEAD)
    return found.parsed()


def _cells(line: str, titles: list[tuple[str, int]]) -> dict[str, str]:
    """Each word under the title in whose column it begins, or the next that is free."""
    cells: dict[str, str] = {}
    free = 0
    for word in _WORD.finditer(line):
        column = column_of(line, word.start())
        at = [n for n, (_, start) in enumerate(titles) if start <= column]
        number = max(at[-1] if at else 0, free)
        if number >= len(titles):
            return {}
        if index_at(line, titles[number][1]) != word.start() and column > titles[number][1]:
            # Pushed to the right by a wide cell before it: the order is what is left.
            number = free
        cells[titles[number][0]] = word[0]
        free = number + 1
    return cells


def _record(
    cells: dict[str, str], found: Findings, span: Span, router: str | None
) -> NatRow | LoadBalancerRow | None:
    if cells.get("TYPE") in _NAT_KINDS:
        return NatRow(cells=cells, router=router, span=span)
    last = found.records[-1] if found.records else None
    if "VIP" not in cells and "PROTO" not in cells and "LB" not in cells:
        return None
    if "UUID" in cells:
        if not re.fullmatch(UUID, cells["UUID"]):
            return None
        uuid, name = cells["UUID"].lower(), cells.get("LB", "")
    elif isinstance(last, LoadBalancerRow):
        uuid, name = last.uuid or "", cells.get("LB", last.name)
    else:
        return None
    ips = tuple(filter(None, cells.get("IPs", "").split(",")))
    return LoadBalancerRow(
        uuid=uuid or None,
        name=name,
        protocol=cells.get("PROTO"),
        vip=cells.get("VIP"),
        ips=ips,
        span=span,
    )


def _prints(command: Command) -> bool:
    return command.program == "ovn-nbctl" and command.arguments[:1] in (
        ("lr-nat-list",),
        ("lb-list",),
        ("ls-lb-list",),
        ("lr-lb-list",),
    )


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_NAT_TITLE.fullmatch(first) or _LB_TITLE.fullmatch(first))


FORMAT = Format(
    name="ovn_nbctl_columns",
    title="NAT rules and load balancers (ovn-nbctl lr-nat-list, lb-list)",
    parse=parse,
    parse_with=parse_with,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"nbctl.*(?:nat|lb).list"),
)
