"""Parts: what the picture of a logical network has, flat lists with ids, before any place.

Lives here: which ports stand for an instance, what is told in a line of a card, which equal ports
are told as one. The same in every language. Shape, also ``topology --layer logical -o x.json``::

    networks   {id, title, tag}                      what a localnet port leads to
    switches   {id, title, name, tunnel_key}
    routers    {id, title, name, tunnel_key}
    ports      {id, datapath, type, title, names, addresses, floating, chassis, groups}
    links      {id, kind: localnet|router|peer, ends: [id, id], labels: [[...], [...]]}
    facts      {id, owner, kind, values}             a line of a card
    groups     {id, title, name, ports, acls}        port groups
    balancers  {id, title, protocol, vips}
    chassis    {id, title, encaps, ports}

Every element has ``source: [{"file", "line"}]``. A port with several ``names`` stands for equal
ports of one switch.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from ...network.logical.model import (
    OF_ROUTERS,
    LoadBalancer,
    LogicalNetwork,
    LogicalPort,
    LogicalRouter,
    LogicalSwitch,
    PortGroup,
)
from ...network.model import Evidence
from ...store import natural
from ..scene import Origin

# More boxes than these under one switch, and equal ports are told as one.
MOST = 12
FactKind = Literal[
    "dhcp", "dns", "localport", "snat", "dnat", "floating", "route", "policy", "lb", "acl", "away",
    "gateway",
]  # fmt: skip
NAT_KINDS: Mapping[str, FactKind] = {"snat": "snat", "dnat": "dnat"}


Sources = tuple[Origin, ...]


def _proofs(evidence: Iterable[Evidence]) -> Sources:
    return tuple(dict.fromkeys(Origin(one.file, one.line) for one in evidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhysicalNetwork:
    id: str
    title: str
    tag: int | None
    source: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class DatapathPart:
    """A switch or a router."""

    id: str
    kind: Literal["switch", "router"]
    title: str
    name: str | None
    tunnel_key: int | None
    source: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class PortPart:
    """An instance's port, or several equal ones. ``floating``: external addresses of NAT to it."""

    id: str
    datapath: str
    type: str
    title: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    macs: tuple[str, ...]
    floating: tuple[str, ...]
    chassis: tuple[str, ...]
    groups: tuple[str, ...]
    source: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPart:
    """``labels``: addresses at each end, of the router's side."""

    id: str
    kind: Literal["localnet", "router", "peer"]
    ends: tuple[str, str]
    labels: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    source: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPart:
    """A line of the card of ``owner``; ``values`` fill the words of ``kind``."""

    id: str
    owner: str
    kind: FactKind
    values: tuple[str, ...]
    source: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class AclPart:
    direction: str
    priority: int | None
    match: str
    action: str
    source: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPart:
    id: str
    title: str
    name: str
    ports: int
    acls: tuple[AclPart, ...]
    source: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancerPart:
    id: str
    title: str
    protocol: str | None
    vips: tuple[tuple[str, tuple[str, ...]], ...]
    source: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class ChassisPart:
    id: str
    title: str
    encaps: tuple[str, ...]
    ports: int
    source: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicalScene:
    """Everything that is drawn. ``unplaced``: names of ports that stand nowhere."""

    networks: tuple[PhysicalNetwork, ...] = ()
    switches: tuple[DatapathPart, ...] = ()
    routers: tuple[DatapathPart, ...] = ()
    ports: tuple[PortPart, ...] = ()
    links: tuple[LinkPart, ...] = ()
    facts: tuple[FactPart, ...] = ()
    groups: tuple[GroupPart, ...] = ()
    balancers: tuple[BalancerPart, ...] = ()
    chassis: tuple[ChassisPart, ...] = ()
    unplaced: tuple[str, ...] = ()

    @property
    def datapaths(self) -> tuple[DatapathPart, ...]:
        return (*self.switches, *self.routers)

    @property
    def elements(self) -> Iterator[Any]:
        """Every part that has an id."""
        for item in fields(self):
            if item.name != "unplaced":
                yield from getattr(self, item.name)

    def to_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"layer": "logical"}
        for item in fields(self):
            value = getattr(self, item.name)
            told[item.name] = list(value if item.name == "unplaced" else map(_json, value))
        return told


def _json(part: Any) -> dict[str, Any]:
    return {item.name: _plain(getattr(part, item.name)) for item in fields(part)}


def _plain(value: Any) -> Any:
    if isinstance(value, Origin):
        return {"file": value.file, "line": value.line}
    if isinstance(value, AclPart):
        return _json(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def logical_scene(network: LogicalNetwork) -> LogicalScene:
    """What a picture of the network has, in an order that its names decide."""
    return _Making(network).scene()


class _Making:
    """A scene while it is made: ids are given in order, names never are ids."""

    def __init__(self, network: LogicalNetwork) -> None:
        self._network = network
        self._count = 0
        self._ids: dict[str, str] = {}
        self._links: list[LinkPart] = []
        self._facts: list[FactPart] = []
        self._networks: dict[tuple[str, int | None], PhysicalNetwork] = {}

    def _id(self) -> str:
        self._count += 1
        return f"n{self._count - 1}"

    def scene(self) -> LogicalScene:
        net = self._network
        switches = [self._datapath(s, "switch") for s in sorted(net.switches, key=_by_title)]
        routers = [self._datapath(r, "router") for r in sorted(net.routers, key=_by_title)]
        chassis, groups, balancers = self._chassis(), self._groups(), self._balancers()
        ports: list[PortPart] = []
        for switch in sorted(net.switches, key=_by_title):
            ports += self._guests(switch)
            self._of_switch(switch)
        for router in sorted(net.routers, key=_by_title):
            self._of_router(router)
        return LogicalScene(
            networks=tuple(self._networks.values()),
            switches=tuple(switches),
            routers=tuple(routers),
            ports=tuple(ports),
            links=tuple(self._links),
            facts=tuple(self._facts),
            groups=tuple(groups),
            balancers=tuple(balancers),
            chassis=tuple(chassis),
            unplaced=tuple(port.title for port in net.loose),
        )

    def _datapath(
        self, one: LogicalSwitch | LogicalRouter, kind: Literal["switch", "router"]
    ) -> DatapathPart:
        self._ids[one.key] = self._id()
        return DatapathPart(
            id=self._ids[one.key],
            kind=kind,
            title=one.title,
            name=one.name,
            tunnel_key=one.tunnel_key,
            source=_proofs(one.evidence),
        )

    # Panels

    def _chassis(self) -> Iterator[ChassisPart]:
        bound: dict[str, int] = {}
        for port in self._network.ports:
            if port.chassis:
                bound[port.chassis] = bound.get(port.chassis, 0) + 1
        for one in sorted(self._network.chassis, key=lambda c: natural(c.title)):
            self._ids[one.key] = self._id()
        return (
            ChassisPart(
                id=self._ids[one.key],
                title=one.title,
                encaps=tuple(f"{end.type} {end.ip}" for end in one.encaps),
                ports=bound.get(one.key, 0),
                source=_proofs(one.evidence),
            )
            for one in sorted(self._network.chassis, key=lambda c: natural(c.title))
        )

    def _groups(self) -> list[GroupPart]:
        found = sorted(self._network.port_groups, key=lambda g: natural(g.title))
        for group in found:
            self._ids[group.name] = self._id()
        return [self._group(group) for group in found]

    def _group(self, group: PortGroup) -> GroupPart:
        return GroupPart(
            id=self._ids[group.name],
            title=group.title,
            name=group.name,
            ports=len(group.ports),
            acls=tuple(
                AclPart(
                    direction=acl.direction,
                    priority=acl.priority,
                    match=acl.match,
                    action=acl.action,
                    source=_proofs(acl.evidence),
                )
                for acl in group.acls
            ),
            source=_proofs(group.evidence),
        )

    def _balancers(self) -> list[BalancerPart]:
        every: dict[str, LoadBalancer] = {}
        for datapath in self._network.datapaths:
            every |= {lb.uuid or lb.name: lb for lb in datapath.load_balancers}
        every |= {lb.uuid or lb.name: lb for lb in self._network.unattached}
        return [
            BalancerPart(
                id=self._id(),
                title=lb.name,
                protocol=lb.protocol,
                vips=tuple(sorted(lb.vips.items(), key=lambda vip: natural(vip[0]))),
                source=_proofs(lb.evidence),
            )
            for lb in sorted(every.values(), key=lambda lb: natural(lb.name))
        ]

    # Ports

    def _guests(self, switch: LogicalSwitch) -> list[PortPart]:
        guests = [p for p in switch.ports if p.type not in (*OF_ROUTERS, "localnet", "localport")]
        guests.sort(key=lambda port: natural(port.title))
        bundles: dict[object, list[LogicalPort]] = {}
        for port in guests:
            bundles.setdefault(port.name, []).append(port)
        for likeness in (self._alike, self._nearly_alike, lambda port: (port.type,)):
            if len(bundles) <= MOST:
                break
            bundles = {}
            for port in guests:
                bundles.setdefault(likeness(port), []).append(port)
        return [self._guest(switch, ports) for ports in bundles.values()]

    def _nearly_alike(self, port: LogicalPort) -> object:
        groups = tuple(group.name for group in self._network.port_groups_of(port.name))
        return port.type, groups

    def _alike(self, port: LogicalPort) -> object:
        return self._nearly_alike(port), port.chassis, bool(self._floating(port))

    def _floating(self, port: LogicalPort) -> tuple[str, ...]:
        found = [
            nat.external_ip
            for router in self._network.routers
            for nat in router.nat
            if nat.type == "dnat_and_snat"
            and nat.logical_ip in port.ips
            and nat.logical_port in (None, "", port.name)
            and self._routes_to(router, port)
        ]
        return tuple(dict.fromkeys(found))

    def _routes_to(self, router: LogicalRouter, port: LogicalPort) -> bool:
        """Is a port of this router on the port's switch? An address alone may be another's."""
        peers = {p.peer for p in router.ports} | {
            q.name for q in self._network.ports if q.peer in {p.name for p in router.ports}
        }
        return any(
            q.name in peers
            for d in self._network.datapaths
            if d.key == port.datapath
            for q in d.ports
        )

    def _guest(self, switch: LogicalSwitch, ports: Sequence[LogicalPort]) -> PortPart:
        groups = [self._network.port_groups_of(port.name) for port in ports]
        chassis = dict.fromkeys(port.chassis for port in ports if port.chassis)
        return PortPart(
            id=self._id(),
            datapath=self._ids[switch.key],
            type=ports[0].type,
            title=ports[0].title,
            names=tuple(port.title for port in ports),
            addresses=tuple(ip for port in ports for ip in port.ips),
            macs=tuple(mac for port in ports if (mac := port.mac)),
            floating=tuple(ip for port in ports for ip in self._floating(port)),
            chassis=tuple(self._ids[key] for key in chassis if key in self._ids),
            groups=tuple(dict.fromkeys(self._ids[g.name] for one in groups for g in one)),
            source=_proofs(
                [e for port in ports for e in port.evidence[-1:]]
                if len(ports) > 1
                else ports[0].evidence
            ),
        )

    # Lines of cards, and links

    def _fact(self, owner: str, kind: FactKind, evidence: Iterable[Evidence], *values: str) -> None:
        source = _proofs(evidence)
        self._facts.append(
            FactPart(id=self._id(), owner=owner, kind=kind, values=values, source=source)
        )

    def _of_switch(self, switch: LogicalSwitch) -> None:
        owner = self._ids[switch.key]
        for port in sorted(switch.ports, key=lambda p: natural(p.name)):
            if port.type == "localnet":
                self._localnet(owner, port)
            elif port.type == "localport" and port.ips:
                self._fact(owner, "localport", port.evidence, ", ".join(port.ips))
            elif port.type in OF_ROUTERS and not self._router_of(port):
                self._fact(owner, "away", port.evidence, port.peer or port.name)
        for dhcp in switch.dhcp:
            values = (dhcp.cidr, dhcp.options.get("router", ""))
            self._fact(owner, "dhcp", dhcp.evidence, *values)
        for dns in switch.dns:
            self._fact(owner, "dns", dns.evidence, str(len(dns.records)))
        self._balancing(owner, switch.load_balancers)
        if switch.acls:
            proofs = tuple(e for acl in switch.acls for e in acl.evidence)
            self._fact(owner, "acl", proofs, str(len(switch.acls)))

    def _localnet(self, owner: str, port: LogicalPort) -> None:
        title = port.options.get("network_name") or port.name
        key = (title, port.tag)
        if key not in self._networks:
            self._networks[key] = PhysicalNetwork(
                id=self._id(), title=title, tag=port.tag, source=_proofs(port.evidence)
            )
        self._links.append(
            LinkPart(
                id=self._id(),
                kind="localnet",
                ends=(self._networks[key].id, owner),
                source=_proofs(port.evidence),
            )
        )

    def _router_of(self, port: LogicalPort) -> LogicalPort | None:
        """The router's port that a switch's port leads to; either side may name the other."""
        for router in self._network.routers:
            for own in router.ports:
                if own.type != "chassisredirect" and (
                    port.peer == own.name or own.peer == port.name
                ):
                    return own
        return None

    def _of_router(self, router: LogicalRouter) -> None:
        owner = self._ids[router.key]
        for own in sorted(router.ports, key=lambda p: natural(p.name)):
            if own.type != "chassisredirect":
                self._router_port(owner, router, own)
        for nat in router.nat:
            kind = NAT_KINDS.get(nat.type, "floating")
            self._fact(owner, kind, nat.evidence, nat.external_ip, nat.logical_ip)
        for route in router.routes:
            self._fact(owner, "route", route.evidence, route.prefix, route.nexthop)
        for policy in router.policies:
            told = (policy.match, " ".join((policy.action, *policy.nexthops)))
            self._fact(owner, "policy", policy.evidence, *told)
        self._balancing(owner, router.load_balancers)

    def _router_port(self, owner: str, router: LogicalRouter, own: LogicalPort) -> None:
        for datapath in self._network.datapaths:
            if datapath is router:
                continue  # a peer of its own is a mistake, and no line
            for port in datapath.ports:
                if port is own or port.type == "chassisredirect":
                    continue
                if port.peer != own.name and own.peer != port.name:
                    continue
                proofs = tuple(dict.fromkeys((*own.evidence, *port.evidence)))
                if datapath in self._network.switches:
                    ends = (self._ids[datapath.key], owner)
                    self._link("router", ends, ((), own.networks), proofs)
                elif (datapath.key, port.name) > (router.key, own.name):
                    ends = (self._ids[datapath.key], owner)
                    self._link("peer", ends, (port.networks, own.networks), proofs)
        if own.gateway_chassis:
            serving = [self._chassis_title(one.chassis) for one in own.gateway_chassis]
            self._fact(owner, "gateway", own.evidence, ", ".join(serving))

    def _link(
        self,
        kind: Literal["router", "peer"],
        ends: tuple[str, str],
        labels: tuple[tuple[str, ...], tuple[str, ...]],
        evidence: Iterable[Evidence],
    ) -> None:
        source = _proofs(evidence)
        self._links.append(
            LinkPart(id=self._id(), kind=kind, ends=ends, labels=labels, source=source)
        )

    def _chassis_title(self, name: str) -> str:
        one = self._network.chassis_of(name).one
        return one.title if one else name

    def _balancing(self, owner: str, balancers: Iterable[LoadBalancer]) -> None:
        found = tuple(balancers)
        if found:
            proofs = tuple(e for lb in found for e in lb.evidence)
            self._fact(owner, "lb", proofs, ", ".join(lb.name for lb in found))


def _by_title(one: LogicalSwitch | LogicalRouter) -> tuple[Any, ...]:
    return (natural(one.title), one.key)
