"""What the captures say of the southbound database, as a logical trace needs it.

Lives here: ``State``, made of the captures of a scenario: the database belongs to a service, its
rows count whichever host shows them. May not know: packets.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ...formats.ovsdb_list import OvsdbRow
from ...formats.reading import Capture
from ...logical.constants import readings
from ...logical.flow import LogicalFlow, Pipeline
from ...network.model import Evidence
from ...network.ovsdb import rows
from ...network.snapshot import facts
from .destinations import parse_destination
from .expressions import Names
from .tables import Table

# Keys of external_ids that name a datapath, the friendliest first (utilities/ovn-trace.c).
_NAMES = ("name2", "name", "logical-switch", "logical-router")
_IN_DATAPATH = re.compile(r"\d+_(?P<name>.+)")


class Port(NamedTuple):
    """A row of Port_Binding. ``peer``, ``distributed``: names of ports, where options tell them."""

    name: str
    title: str
    datapath: str
    type: str
    key: int
    peer: str | None
    distributed: str | None
    security: tuple[str, ...]
    tag: str | None
    evidence: Evidence


class Group(NamedTuple):
    """A row of Multicast_Group; ``ports``: names, in the order of the row."""

    name: str
    ports: tuple[str, ...]


class Backend(NamedTuple):
    """A backend of a load balancer. ``port`` None: any."""

    protocol: str
    address: int
    port: int | None


class Binding(NamedTuple):
    """An address that a router knows."""

    port: str
    address: int
    mac: int


@dataclass(eq=False)
class Datapath:
    """One datapath: its tables by pipeline, and the names that it goes by.

    ``uuid``: the southbound one. ``title``: as ``ovn-trace`` calls it. ``has_gateway``: one of its
    ports is an l3gateway.
    """

    uuid: str
    title: str
    names: frozenset[str]
    tables: Mapping[tuple[Pipeline, int], Table]
    ports: Mapping[str, Port]
    groups: Mapping[str, Group]
    has_gateway: bool

    def ports_named(self, name: str) -> tuple[str, ...]:
        """The ports that a name may mean: a port's own name, else what others call ports."""
        if name in self.ports:
            return (name,)
        return tuple(port.name for port in self.ports.values() if port.title == name)


@dataclass(eq=False)
class State:
    """``has_*``: the table was captured; what it does not hold then does not exist.

    ``fdb``: ports by datapath's UUID and MAC. ``evidence``: of flows, by ``id()``.
    """

    datapaths: tuple[Datapath, ...]
    ports: Mapping[str, Port]
    has_ports: bool
    has_groups: bool
    address_sets: Mapping[str, tuple[str, ...]]
    port_groups: Mapping[str, frozenset[str]]
    bindings: frozenset[Binding]
    has_bindings: bool
    fdb: Mapping[tuple[str, int], str]
    has_fdb: bool
    backends: frozenset[Backend] = frozenset()
    has_backends: bool = False
    evidence: Mapping[int, Evidence] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, tuple[Datapath, ...]]:
        found: dict[str, tuple[Datapath, ...]] = {}
        for one in self.datapaths:
            for name in one.names:
                found[name] = (*found.get(name, ()), one)
        return found

    @cached_property
    def by_uuid(self) -> dict[str, Datapath]:
        return {one.uuid: one for one in self.datapaths}

    def datapath(self, name: str) -> Datapath | None:
        """By a name or UUID; None when there is none, or more than one."""
        found = self.by_name.get(name) or self.by_name.get(name.lower(), ())
        return found[0] if len(found) == 1 else None

    def ports_named(self, name: str) -> tuple[str, ...]:
        """The ports of any datapath that a name may mean."""
        if name in self.ports:
            return (name,)
        return tuple(port.name for port in self.ports.values() if port.title == name)

    def names(self, datapath: Datapath) -> Names:
        """What names in the flows of a datapath stand for."""

        def is_port(name: str) -> bool:
            if not self.has_ports or name in datapath.groups or not datapath.ports:
                return True
            return name in datapath.ports or (not self.has_groups and name.startswith("_MC_"))

        return Names(
            self.address_sets.get,
            self.port_groups.get,
            is_port,
            lambda name: not self.has_ports or not name or name in self.ports,
        )


def state_of_captures(captures: Sequence[Capture]) -> State:
    """The southbound database as far as it was captured."""
    ports: dict[str, Port] = {}
    by_binding: dict[str, str] = {}
    titles: dict[str, tuple[str, list[str]]] = {}
    names: dict[str, list[str]] = {}
    for row, _ in rows(captures, "Datapath_Binding"):
        if row.uuid:
            ids = row.map("external_ids")
            names[row.uuid.lower()] = [ids[key] for key in _NAMES if ids.get(key)]
    for row, evidence in rows(captures, "Port_Binding"):
        port = _port(row, evidence)
        if port is not None:
            ports[port.name] = port
            by_binding[(row.uuid or "").lower()] = port.name
    groups: dict[str, dict[str, Group]] = {}
    has_groups = False
    for row, _ in rows(captures, "Multicast_Group"):
        has_groups = True
        datapath = (row.text("datapath") or "").lower()
        members = tuple(by_binding.get(uuid.lower(), uuid) for uuid in row.items("ports"))
        group = Group(row.text("name") or "", members)
        groups.setdefault(datapath, {})[group.name] = group
    flows: dict[str, dict[tuple[Pipeline, int], list[LogicalFlow]]] = {}
    evidence_of = {}
    for flow, evidence in facts(captures, LogicalFlow):
        head = flow.datapath
        if head is None:
            continue
        key = (head.uuid or head.name or "").lower()
        flows.setdefault(key, {}).setdefault((head.pipeline, flow.table), []).append(flow)
        evidence_of[id(flow)] = evidence
        titles.setdefault(key, (head.alias or head.name or key, [
            name for name in (head.alias, head.name) if name
        ]))  # fmt: skip
    found = []
    for key in [*flows, *(key for key in names if key not in flows)]:
        known = [*names.get(key, ()), *titles.get(key, ("", []))[1]]
        own = {name: port for name, port in ports.items() if port.datapath == key}
        found.append(Datapath(
            uuid=key,
            title=known[0] if known else key,
            names=frozenset({key, *known}),
            tables={place: Table(those) for place, those in flows.get(key, {}).items()},
            ports=own,
            groups=groups.get(key, {}),
            has_gateway=any(port.type == "l3gateway" for port in own.values()),
        ))  # fmt: skip
    bindings, has_bindings = _mac_bindings(captures)
    fdb, has_fdb = _fdb(captures, ports, names)
    backends, has_backends = _backends(captures)
    return State(
        datapaths=tuple(found),
        ports=ports,
        has_ports=bool(ports),
        has_groups=has_groups,
        address_sets={
            name: row.items("addresses")
            for row, _ in rows(captures, "Address_Set")
            if (name := row.text("name")) is not None
        },
        port_groups=_port_groups(captures, by_binding),
        bindings=bindings,
        has_bindings=has_bindings,
        fdb=fdb,
        has_fdb=has_fdb,
        backends=backends,
        has_backends=has_backends,
        evidence=evidence_of,
    )


def _port(row: OvsdbRow, evidence: Evidence) -> Port | None:
    name = row.text("logical_port")
    if name is None:
        return None
    options, ids = row.map("options"), row.map("external_ids")
    key = row.text("tunnel_key") or ""
    return Port(
        name=name,
        title=ids.get("neutron:port_name") or ids.get("name") or name,
        datapath=(row.text("datapath") or "").lower(),
        type=row.text("type") or "",
        key=int(key) if key.isdecimal() and len(key) < 10 else 0,
        peer=options.get("peer"),
        distributed=options.get("distributed-port"),
        security=tuple(row.items("port_security")),
        tag=row.text("tag") or None,
        evidence=evidence,
    )


def _port_groups(
    captures: Sequence[Capture], by_binding: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """By name. The southbound database has a row for each datapath, ``KEY_NAME``."""
    found: dict[str, frozenset[str]] = {}
    ports = {
        row.uuid: name
        for row, _ in rows(captures, "Logical_Switch_Port")
        if (name := row.text("name")) is not None
    }
    for row, _ in rows(captures, "Port_Group"):
        name = row.text("name") or ""
        members = frozenset(ports.get(item, item) for item in row.items("ports"))
        split = _IN_DATAPATH.fullmatch(name)
        if split and "acls" not in row.columns:
            name = split["name"]
        found[name] = found.get(name, frozenset()) | members
    return found


def _mac_bindings(captures: Sequence[Capture]) -> tuple[frozenset[Binding], bool]:
    found, captured = set(), False
    for row, _ in rows(captures, "MAC_Binding"):
        captured = True
        port, ip, mac = row.text("logical_port"), row.text("ip"), row.text("mac")
        if port and ip and mac and not readings[ip].fault and not readings[mac].fault:
            address, ethernet = readings[ip].constants[0].value, readings[mac].constants[0].value
            if isinstance(address, int) and isinstance(ethernet, int):
                found.add(Binding(port, address, ethernet))
    return frozenset(found), captured


def _backends(captures: Sequence[Capture]) -> tuple[frozenset[Backend], bool]:
    found, captured = set(), False
    for row, _ in rows(captures, "Load_Balancer"):
        captured = True
        for texts in row.map("vips").values():
            for text in filter(None, texts.split(",")):
                if (one := parse_destination(text)) is not None:
                    found.add(Backend(row.text("protocol") or "tcp", one.address, one.port))
    return frozenset(found), captured


def _fdb(
    captures: Sequence[Capture], ports: Mapping[str, Port], names: Mapping[str, object]
) -> tuple[dict[tuple[str, int], str], bool]:
    """Learned addresses: datapath's UUID and MAC to the name of a port."""
    keys = {
        row.text("tunnel_key"): (row.uuid or "").lower()
        for row, _ in rows(captures, "Datapath_Binding")
    }
    by_key = {(port.datapath, str(port.key)): port.name for port in ports.values()}
    found, captured = {}, False
    for row, _ in rows(captures, "FDB"):
        captured = True
        datapath, mac = keys.get(row.text("dp_key"), ""), row.text("mac") or ""
        name = by_key.get((datapath, row.text("port_key") or ""))
        if name and mac and not readings[mac].fault:
            value = readings[mac].constants[0].value
            if isinstance(value, int):
                found[datapath, value] = name
    return found, captured
