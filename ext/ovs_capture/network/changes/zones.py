"""Connection tracking zones that ovn-controller numbered anew: nobody's change.

A number means nothing by itself: ovn-controller gives each logical port and each datapath with NAT
the next free one. Proven by what both sides say of it (``ovn-appctl ct-zone-list``, or
``external_ids:ct-zone-NAME`` of the integration bridge): two numbers, one on each side, are one
zone when they are of one name, and of no other. What is said twice, differently, is not proven.

Where flows keep a zone, they say themselves: ``ct(zone=NXM_NX_REG13[0..15])``; the registers of
zones come together with it in one version of OVN (``knowledge/ovn_registers.toml``).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ...formats.ct_zone_list import CtZone
from ...formats.ovsdb_list import OvsdbRow
from ...formats.reading import Capture
from ...logical.registers import registers_with
from ...openflow.flow import Flow
from ...openflow.graph import every_action
from ...openflow.values import decimal

# ovn-controller(8), "external_ids:ct-zone-* in the Bridge table".
ZONE_KEY = "ct-zone-"
_OF_ZONES = ("zone", "dnat_zone", "snat_zone")


def zones_of(captures: Sequence[Capture]) -> dict[int, str]:
    """Whose each zone of a host is, by its number; no doubtful ones."""
    numbers: dict[str, set[int]] = defaultdict(set)
    owners: dict[int, set[str]] = defaultdict(set)
    for name, zone in _said(captures):
        numbers[name].add(zone)
        owners[zone].add(name)
    return {
        zone: name
        for zone, names in owners.items()
        for name in names
        if len(names) == 1 and len(numbers[name]) == 1
    }


def _said(captures: Sequence[Capture]) -> Iterator[tuple[str, int]]:
    for capture in captures:
        for record in capture.parsed.records:
            if isinstance(record, CtZone):
                yield record.owner, record.zone
            elif isinstance(record, OvsdbRow) and record.table == "Bridge":
                for key, value in record.map("external_ids").items():
                    zone = decimal(value)
                    if key.startswith(ZONE_KEY) and zone is not None:
                        yield key.removeprefix(ZONE_KEY), zone


def bridges_with_zones(captures: Iterable[Capture]) -> frozenset[str]:
    """The bridges whose rows keep zones of ovn-controller."""
    return frozenset(
        name
        for capture in captures
        for record in capture.parsed.records
        if isinstance(record, OvsdbRow) and record.table == "Bridge"
        if any(key.startswith(ZONE_KEY) for key in record.map("external_ids"))
        if (name := record.text("name"))
    )


def same_zones(before: Mapping[int, str], after: Mapping[int, str]) -> tuple[set[str], int]:
    """Names of the zones that both sides know, and how many of them have another number."""
    old = {name: zone for zone, name in before.items()}
    new = {name: zone for zone, name in after.items()}
    both = old.keys() & new.keys()
    return both, sum(old[name] != new[name] for name in both)


def zone_registers(flows: Iterable[Flow]) -> frozenset[str]:
    """Registers that flows carry zones in."""
    named = {
        action.arguments["zone_field"]
        for flow in flows
        for action in every_action(flow.actions.items)
        if action.name == "ct" and action.arguments.get("zone_start") == "0"
    }
    return frozenset(named) | registers_with(named, _OF_ZONES)
