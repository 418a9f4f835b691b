"""``ovn-appctl -t ovn-controller ct-zone-list``: whose connection tracking zone each number is.

Sample::

    c8e33d72-a665-51cd-8c0a-ed94a5072185 6
    provnet-1fa55b15-8ac5-55ca-85ec-2694c677d667 15
    2e172bd6-6082-4871-9cd6-50f16792f0ae_snat 3

Grammar::

    zone = NAME " " NUMBER

NAME is a logical port, or a datapath with ``_dnat`` or ``_snat``: its UUID in the southbound
database, since OVN 23.06 its name. In no order. ovn-controller keeps the same pairs as
``external_ids:ct-zone-NAME`` of the integration bridge. Printer: controller/ovn-controller.c
ct_zone_list (ovn/controller/ until OVN 20.03).
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import UUID, Findings, Format, Kind, Parsed, Record
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class CtZone(Record):
    """``name``: of a logical port; of a datapath with ``nat`` ``dnat`` or ``snat``."""

    name: str
    nat: str | None = None
    zone: int

    @property
    def owner(self) -> str:
        """The whole name, as ovn-controller prints it."""
        return f"{self.name}_{self.nat}" if self.nat else self.name


_ROW = re.compile(r"(?P<name>\S(?:.*?\S)??)(?:_(?P<nat>[ds]nat))? (?P<zone>\d{1,5})\s*")
_OWNER = re.compile(rf"(?:.*-)?{UUID}")
# Zones have 16 bits (ovs-actions(7), ct).
_LAST = 0xFFFF


def parse(source: Source) -> Parsed:
    """Zones in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        match = _ROW.fullmatch(line)
        if match is None or int(match["zone"]) > _LAST:
            found.unknown_line(offset, line)
            continue
        if re.fullmatch(UUID, match["name"]):
            found.mark_groups(match, offset, {"name": Kind.UUID})
        found.records.append(
            CtZone(
                name=match["name"],
                nat=match["nat"],
                zone=int(match["zone"]),
                span=Span(offset, found.line_end(offset)),
            )
        )
    return found.parsed()


def _prints(command: Command) -> bool:
    return command.program in ("ovn-appctl", "ovs-appctl") and command.arguments[-1:] == (
        "ct-zone-list",
    )


def _looks_like(source: Source) -> bool:
    """A number behind a UUID or a name that ends in one, on every line."""
    rows = [_ROW.fullmatch(line) for _, line in Findings(source, FORMAT.name).lines()]
    return bool(rows) and all(row is not None and _OWNER.fullmatch(row["name"]) for row in rows)


FORMAT = Format(
    name="ct_zone_list",
    title="connection tracking zones of OVN (ovn-appctl ct-zone-list)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"ct.zone"),
)
