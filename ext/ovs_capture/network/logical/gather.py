"""What each kind of capture says of a logical port or datapath, before anything is joined.

A ``Claim`` is one capture's word on one object: columns it shows, by the names of ovn-nb(5).
Several claims on one object are merged, the last word counting; the northbound database, where the
operator says what should be, goes before the southbound one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...formats.base import is_address
from ...formats.ovn_nbctl_names import NamedRow
from ...formats.ovn_rows import ShownDatapath, ShownPort
from ...formats.ovn_sbctl_show import ShownBinding
from ...formats.ovsdb_list import OvsdbRow
from ...formats.reading import Capture
from ..model import Evidence
from ..ovsdb import rows
from ..snapshot import facts
from .model import MacAddresses

# Keys of external_ids in which Neutron keeps the name that its user gave
# (neutron/common/ovn/constants.py); name2 is what ovn-northd makes of them.
TITLES = ("neutron:network_name", "neutron:router_name", "neutron:port_name", "name2")


@dataclass(frozen=True, slots=True)
class Claim:
    """``key``: what the object is joined by: a datapath's UUID, a port's name."""

    key: str
    columns: Mapping[str, Any]
    evidence: tuple[Evidence, ...]


@dataclass
class Claims:
    """Claims on objects of one kind, merged as they come; order: that of the first word."""

    found: dict[str, Claim] = field(default_factory=dict)
    # Ports that captures put in several datapaths, and in which.
    torn: dict[str, set[str]] = field(default_factory=dict)

    def add(self, key: str, evidence: Evidence, **columns: Any) -> None:
        told = {name: value for name, value in columns.items() if value not in (None, (), {})}
        before = self.found.get(key)
        if before is not None and "datapath" in told:
            places = {before.columns.get("datapath", told["datapath"]), told["datapath"]}
            if len(places) > 1:
                self.torn.setdefault(key, set()).update(places)
        if before is None:
            self.found[key] = Claim(key, told, (evidence,))
        else:
            proofs = tuple(dict.fromkeys((*before.evidence, evidence)))
            self.found[key] = replace(before, columns={**before.columns, **told}, evidence=proofs)

    def add_less(self, key: str, evidence: Evidence, **columns: Any) -> None:
        """Add what no word before this one tells."""
        told = self.found[key].columns if key in self.found else {}
        self.add(key, evidence, **{n: v for n, v in columns.items() if n not in told})


def datapath_claims(captures: Sequence[Capture]) -> Claims:
    """Switches and routers by northbound UUID; column ``kind`` is ``switch`` or ``router``."""
    claims = Claims()
    for table, kind in (("Logical_Switch", "switch"), ("Logical_Router", "router")):
        for named, evidence in facts(captures, NamedRow):
            if named.table == table:
                claims.add(named.uuid, evidence, kind=kind, name=named.name)
    for shown, evidence in facts(captures, ShownDatapath):
        claims.add(shown.uuid, evidence, kind=shown.kind, name=shown.name, title=shown.aka)
    for table, kind in (("Logical_Switch", "switch"), ("Logical_Router", "router")):
        for row, evidence in rows(captures, table):
            if row.uuid is not None:
                ids = row.map("external_ids")
                claims.add(
                    row.uuid,
                    evidence,
                    kind=kind,
                    name=row.text("name"),
                    title=_title(ids, TITLES[:2]),
                    external_ids=ids,
                    row=row,
                )
    return claims


def add_bindings(claims: Claims, captures: Sequence[Capture]) -> dict[str, str]:
    """Add the southbound rows of datapaths; their keys by southbound UUID."""
    keys: dict[str, str] = {}
    for row, evidence in rows(captures, "Datapath_Binding"):
        ids = row.map("external_ids")
        switch, router = ids.get("logical-switch"), ids.get("logical-router")
        if row.uuid is None:
            continue
        uuid = (switch or router or "").lower()
        key = uuid or row.uuid
        keys[row.uuid] = key
        claims.add_less(
            key,
            evidence,
            kind="router" if router else "switch",
            name=ids.get("name"),
            title=_title(ids, TITLES[3:]),
            binding=row.uuid,
            tunnel_key=number(row.text("tunnel_key")),
            external_ids=ids,
        )
    return keys


def port_claims(captures: Sequence[Capture], datapaths: Claims) -> Claims:
    """Ports by name; column ``datapath`` is the key of the datapath that a capture puts it in."""
    claims = Claims()
    owners = _owners(datapaths)
    by_uuid: dict[str, str] = {}
    for named, evidence in facts(captures, NamedRow):
        if named.table in ("Logical_Switch_Port", "Logical_Router_Port") and named.name:
            owner = owners.get(named.of or "")
            by_uuid[named.uuid] = named.name
            claims.add(named.name, evidence, uuid=named.uuid, datapath=owner)
    for shown, evidence in facts(captures, ShownPort):
        _add_shown(claims, shown, evidence)
    for table in ("Logical_Switch_Port", "Logical_Router_Port"):
        for row, evidence in rows(captures, table):
            name = row.text("name")
            if name is not None and row.uuid is not None:
                by_uuid[row.uuid] = name
                _add_row(claims, table, name, row, evidence, owners)
    # The row of a switch or router lists its ports: the surest word, whichever row is shown.
    for claim in datapaths.found.values():
        datapath: OvsdbRow | None = claim.columns.get("row")
        if datapath is not None:
            for uuid in datapath.items("ports"):
                if (name := by_uuid.get(uuid.lower())) is not None:
                    claims.add(name, claim.evidence[-1], datapath=claim.key)
    return claims


def _owners(datapaths: Claims) -> dict[str, str]:
    """Keys of datapaths by what a command or a row may call them: name or UUID."""
    found: dict[str, set[str]] = {}
    for claim in datapaths.found.values():
        for name in {claim.key, claim.columns.get("name")}:
            if name:
                found.setdefault(name, set()).add(claim.key)
    return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}


def _add_shown(claims: Claims, shown: ShownPort, evidence: Evidence) -> None:
    properties = shown.properties
    mac = properties.get("mac")
    claims.add(
        shown.name,
        evidence,
        datapath=shown.datapath,
        title=shown.aka,
        type=properties.get("type"),
        addresses=(*addresses(shown.addresses), *([MacAddresses(mac.lower())] if mac else ())),
        unknown="unknown" in shown.addresses or None,
        networks=shown.networks,
        tag=number(properties.get("tag")),
        parent=properties.get("parent"),
        peer=properties.get("router-port"),
        gateways=tuple((name, None) for name in shown.gateway_chassis),
    )


def _add_row(
    claims: Claims,
    table: str,
    name: str,
    row: OvsdbRow,
    evidence: Evidence,
    owners: Mapping[str, str],
) -> None:
    ids, options = row.map("external_ids"), row.map("options")
    words = (*row.items("addresses"), *row.items("dynamic_addresses"))
    mac = row.text("mac") if table == "Logical_Router_Port" else None
    known = claims.found.get(name)
    network = owners.get(ids.get("neutron:network_name", ""))
    placed = known is not None and "datapath" in known.columns
    claims.add(
        name,
        evidence,
        uuid=row.uuid,
        title=ids.get("neutron:port_name") or None,
        type=row.text("type") or None,
        # A router's port names the network it leads to, not the one it is in.
        datapath=None if placed or table == "Logical_Router_Port" else network,
        addresses=(*addresses(words), *([MacAddresses(mac.lower())] if mac else ())),
        unknown="unknown" in words or None,
        networks=row.items("networks"),
        port_security=row.items("port_security"),
        tag=number(row.text("tag")),
        parent=row.text("parent_name") or None,
        peer=options.get("router-port") or row.text("peer"),
        enabled=row.text("enabled"),
        up=row.text("up"),
        dhcp=(*row.items("dhcpv4_options"), *row.items("dhcpv6_options")),
        options=options,
        external_ids=ids,
        gateway_rows=row.items("gateway_chassis"),
        ha_group=row.text("ha_chassis_group"),
    )


def add_port_bindings(
    claims: Claims, captures: Sequence[Capture], datapaths: Mapping[str, str]
) -> None:
    """Add the southbound rows of ports. ``datapaths``: keys by southbound UUID."""
    for bound, evidence in facts(captures, ShownBinding):
        claims.add(bound.logical_port, evidence, chassis=bound.chassis)
    for row, evidence in rows(captures, "Port_Binding"):
        name = row.text("logical_port")
        if name is None:
            continue
        options, ids = row.map("options"), row.map("external_ids")
        told = list(addresses(row.items("mac")))
        of_router = any("/" in ip for one in told for ip in one.ips)
        networks = tuple(ip for one in told for ip in one.ips) if of_router else ()
        southbound = (row.text("datapath") or "").lower()
        claims.add_less(
            name,
            evidence,
            # A datapath whose own row was not captured is known by its UUID alone.
            datapath=datapaths.get(southbound, southbound) or None,
            title=ids.get("neutron:port_name") or None,
            type=row.text("type") or None,
            addresses=tuple(MacAddresses(one.mac) for one in told) if of_router else tuple(told),
            unknown="unknown" in row.items("mac") or None,
            networks=networks,
            tag=number(row.text("tag")),
            parent=row.text("parent_port") or None,
            peer=options.get("peer"),
            options=options,
            external_ids=ids,
        )
        claims.add(
            name,
            evidence,
            binding=row.uuid,
            tunnel_key=number(row.text("tunnel_key")),
            bound_type=row.text("type") or None,
            chassis=(row.text("chassis") or "").lower() or None,
        )


def addresses(words: Iterable[str]) -> Iterator[MacAddresses]:
    """``MAC IP...`` of ovn-nb(5); ``unknown``, ``router`` and ``dynamic`` name no address."""
    for text in words:
        first, *rest = text.split() or [""]
        ips = tuple(word for word in rest if is_address(word))
        if first.count(":") == 5:
            yield MacAddresses(first.lower(), ips)
        elif ips:
            yield MacAddresses(None, ips)


def number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 20 else None


def _title(ids: Mapping[str, str], keys: Iterable[str]) -> str | None:
    return next((ids[key] for key in keys if ids.get(key)), None)
