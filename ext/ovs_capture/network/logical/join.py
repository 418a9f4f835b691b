"""Captures become one logical network: rows joined by UUID, other outputs by name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...diagnostic import Diagnostic
from ...formats.ovn_nbctl_columns import LoadBalancerRow, NatRow
from ...formats.ovn_nbctl_routes import RouterPolicy, StaticRoute
from ...formats.ovn_nbctl_rules import Rule
from ...formats.ovn_rows import ShownNat
from ...formats.ovn_sbctl_show import ShownChassis, ShownEncap
from ...formats.ovsdb_list import OvsdbRow
from ...formats.reading import Capture
from ..ambiguity import ambiguous
from ..cloud import cloud, network_names
from ..model import Evidence
from ..ovsdb import rows
from ..snapshot import facts
from .gather import (
    Claim,
    Claims,
    add_bindings,
    add_port_bindings,
    datapath_claims,
    number,
    port_claims,
)
from .model import (
    Acl,
    AddressSet,
    Chassis,
    DhcpOptions,
    Dns,
    Encap,
    GatewayChassis,
    LoadBalancer,
    LogicalNetwork,
    LogicalPort,
    LogicalRouter,
    LogicalSwitch,
    MulticastGroup,
    Nat,
    Policy,
    PortGroup,
    Route,
)

Proven = tuple[OvsdbRow, Evidence]


def logical_network(captures: Iterable[Capture]) -> LogicalNetwork:
    """What all captures of a scenario say of OVN; empty where there is none of OVN's."""
    every = tuple(captures)
    datapaths = datapath_claims(every)
    ports = port_claims(every, datapaths)
    bindings = add_bindings(datapaths, every)
    add_port_bindings(ports, every, bindings)
    for claim in ports.found.values():
        key = claim.columns.get("datapath")
        if key is not None and key not in datapaths.found:
            _add_unlisted(datapaths, key, claim)
    _add_names_of_networks(datapaths, ports)
    return _Joined(every, datapaths, ports, bindings).network()


def _add_unlisted(datapaths: Claims, key: str, claim: Claim) -> None:
    """A datapath that only its ports tell of."""
    router = bool(claim.columns.get("networks"))
    kind, proof = "router" if router else "switch", claim.evidence[-1]
    datapaths.add(key, proof, kind=kind, binding=key)


def _add_names_of_networks(datapaths: Claims, ports: Claims) -> None:
    """A switch whose own row was not captured has the name that its ports agree on."""
    names: dict[str, dict[str, Evidence]] = {}
    for claim in ports.found.values():
        name = claim.columns.get("external_ids", {}).get("neutron:network_name")
        key = claim.columns.get("datapath")
        if name and key and not claim.columns.get("networks"):
            names.setdefault(key, {})[name] = claim.evidence[-1]
    for key, found in names.items():
        told = datapaths.found[key].columns
        if len(found) == 1 and told["kind"] == "switch":
            name, proof = next(iter(found.items()))
            datapaths.add_less(key, proof, **({} if "name" in told else {"name": name}))


class _Joined:
    """The tables of one set of captures, by UUID, while the network is put together."""

    def __init__(
        self,
        captures: Sequence[Capture],
        datapaths: Claims,
        ports: Claims,
        bindings: Mapping[str, str],
    ) -> None:
        self._captures = captures
        self._datapaths = datapaths
        self._ports = ports
        self._bindings = bindings
        self._tables: dict[str, dict[str, Proven]] = {}
        self.diagnostics: list[Diagnostic] = []
        self._cloud = cloud(captures)
        self._networks = network_names(captures)
        self.chassis = tuple(self._chassis())
        self._chassis_keys = {
            name: one.key
            for one in self.chassis
            for name in (one.uuid, one.name, one.key)
            if name is not None
        }

    def network(self) -> LogicalNetwork:
        ports = [self._port(claim) for claim in self._ports.found.values()]
        by_datapath: dict[str | None, list[LogicalPort]] = {}
        for port in ports:
            by_datapath.setdefault(port.datapath, []).append(port)
        balancers = self._load_balancers()
        used: set[str] = set()
        switches: list[LogicalSwitch] = []
        routers: list[LogicalRouter] = []
        for claim in self._datapaths.found.values():
            own = tuple(by_datapath.get(claim.key, ()))
            row: OvsdbRow | None = claim.columns.get("row")
            lbs = tuple(
                balancers[uuid.lower()]
                for uuid in (row.items("load_balancer") if row else ())
                if uuid.lower() in balancers
            )
            used |= {lb.uuid or lb.name for lb in lbs}
            if claim.columns["kind"] == "switch":
                switches.append(
                    LogicalSwitch(
                        **self._common(claim),
                        ports=own,
                        load_balancers=lbs,
                        acls=self._acls(row, claim),
                        dns=tuple(self._dns(row)),
                        dhcp=tuple(self._dhcp_of(own)),
                    )
                )
            else:
                routers.append(
                    LogicalRouter(
                        **self._common(claim),
                        ports=own,
                        load_balancers=lbs,
                        nat=tuple(self._nat(row, claim)),
                        routes=tuple(self._routes(row, claim)),
                        policies=tuple(self._policies(row, claim)),
                    )
                )
        return LogicalNetwork(
            switches=tuple(switches),
            routers=tuple(routers),
            loose=tuple(by_datapath.get(None, ())),
            unattached=tuple(lb for key, lb in balancers.items() if key not in used),
            port_groups=tuple(self._port_groups()),
            address_sets=tuple(self._address_sets()),
            dhcp=tuple(self._dhcp(row, proof) for row, proof in self._rows("DHCP_Options")),
            chassis=self.chassis,
            multicast_groups=tuple(self._multicast_groups()),
            diagnostics=tuple(self.diagnostics),
        )

    # Rows

    def _rows(self, table: str) -> Iterator[Proven]:
        yield from self._table(table).values()

    def _table(self, table: str) -> dict[str, Proven]:
        if table not in self._tables:
            found = rows(self._captures, table)
            self._tables[table] = {row.uuid or str(n): (row, e) for n, (row, e) in enumerate(found)}
        return self._tables[table]

    def _referred(self, row: OvsdbRow | None, column: str, table: str) -> Iterator[Proven]:
        """The rows that a column names by UUID, as far as they were captured."""
        known = self._table(table)
        for uuid in row.items(column) if row else ():
            if uuid.lower() in known:
                yield known[uuid.lower()]

    # Datapaths and ports

    def _common(self, claim: Claim) -> dict[str, Any]:
        told = claim.columns
        binding = told.get("binding")
        return {
            "key": claim.key,
            "name": told.get("name"),
            "title": told.get("title") or self._name_of_network(told.get("name")) or claim.key,
            "uuid": claim.key if claim.key != binding else None,
            "binding": binding,
            "tunnel_key": told.get("tunnel_key"),
            "external_ids": dict(told.get("external_ids", {})),
            "evidence": claim.evidence,
        }

    def _name_of_network(self, name: str | None) -> str | None:
        """The user's name of a network or router that OVN knows by its UUID, else OVN's name."""
        uuid = (name or "").removeprefix("neutron-")
        router = self._cloud.router(uuid)
        return router.name if router else self._networks.get(uuid, name)

    def _port(self, claim: Claim) -> LogicalPort:
        told = claim.columns
        chassis = told.get("chassis")
        device = told.get("external_ids", {}).get("neutron:device_id")
        server = self._cloud.server(device, ()).one if device else None
        return LogicalPort(
            name=claim.key,
            title=told.get("title") or (server.name if server else claim.key),
            type=told.get("type") or told.get("bound_type") or "",
            datapath=self._datapath(claim),
            uuid=told.get("uuid"),
            binding=told.get("binding"),
            tunnel_key=told.get("tunnel_key"),
            addresses=tuple(told.get("addresses", ())),
            unknown=bool(told.get("unknown")),
            networks=tuple(told.get("networks", ())),
            port_security=tuple(told.get("port_security", ())),
            tag=told.get("tag"),
            parent=told.get("parent"),
            peer=told.get("peer"),
            enabled=told.get("enabled") != "false",
            up={"true": True, "false": False}.get(told.get("up", "")),
            chassis=self._chassis_keys.get(chassis or "", chassis),
            gateway_chassis=self._gateways(told),
            dhcp=tuple(uuid.lower() for uuid in told.get("dhcp", ())),
            options=dict(told.get("options", {})),
            external_ids=dict(told.get("external_ids", {})),
            evidence=(*claim.evidence, *((server.evidence,) if server else ())),
        )

    def _datapath(self, claim: Claim) -> str | None:
        torn = sorted(self._ports.torn.get(claim.key, ()))
        if torn:
            self.diagnostics.append(ambiguous(claim.key, torn, claim.evidence[-1]))
            return None
        key: str | None = claim.columns.get("datapath")
        return key

    def _gateways(self, told: Mapping[str, Any]) -> tuple[GatewayChassis, ...]:
        uuids = told.get("gateway_rows", ())
        found = [
            GatewayChassis(name, number(row.text("priority")))
            for row, _ in self._by_uuid("Gateway_Chassis", uuids)
            if (name := row.text("chassis_name"))
        ]
        for group, _ in self._by_uuid("HA_Chassis_Group", [told.get("ha_group") or ""]):
            found += [
                GatewayChassis(name, number(row.text("priority")))
                for row, _ in self._referred(group, "ha_chassis", "HA_Chassis")
                if (name := row.text("chassis_name"))
            ]
        shown = [GatewayChassis(name, priority) for name, priority in told.get("gateways", ())]
        return tuple(sorted(found, key=lambda one: -(one.priority or 0))) or tuple(shown)

    def _by_uuid(self, table: str, uuids: Iterable[str]) -> Iterator[Proven]:
        known = self._table(table)
        return (known[uuid.lower()] for uuid in uuids if uuid.lower() in known)

    def _chassis(self) -> Iterator[Chassis]:
        claims = Claims()
        encaps: dict[str, dict[str, Encap]] = {}
        for shown, evidence in facts(self._captures, ShownChassis):
            claims.add(shown.name, evidence, name=shown.name, hostname=shown.hostname)
        for end, _ in facts(self._captures, ShownEncap):
            if end.ip:
                encaps.setdefault(end.chassis, {})[end.ip] = Encap(type=end.type, ip=end.ip)
        for row, evidence in self._rows("Chassis"):
            name = row.text("name")
            key = name or row.uuid or ""
            hostname = row.text("hostname")
            claims.add(key, evidence, name=name, uuid=row.uuid, hostname=hostname)
            for encap, _ in self._referred(row, "encaps", "Encap"):
                if (ip := encap.text("ip")) is not None:
                    kind = encap.text("type") or ""
                    encaps.setdefault(key, {})[ip] = Encap(type=kind, ip=ip)
        known = {claim.columns.get("uuid") for claim in claims.found.values()} | set(claims.found)
        for port in self._ports.found.values():
            # Its row was not captured: a binding tells that there is such a chassis.
            if (uuid := port.columns.get("chassis")) and uuid not in known:
                claims.add(uuid, port.evidence[-1], uuid=uuid)
        for claim in claims.found.values():
            told = claim.columns
            yield Chassis(
                key=claim.key,
                title=told.get("hostname") or claim.key,
                name=told.get("name"),
                uuid=told.get("uuid"),
                hostname=told.get("hostname"),
                encaps=tuple(encaps.get(claim.key, {}).values()),
                evidence=claim.evidence,
            )

    # What belongs to a switch

    def _acls(self, row: OvsdbRow | None, owner: Claim) -> tuple[Acl, ...]:
        names = {owner.key, owner.columns.get("name")}
        return self._rules(self._referred(row, "acls", "ACL"), names)

    def _rules(self, found: Iterable[Proven], names: set[Any]) -> tuple[Acl, ...]:
        """ACLs of rows, else those of ``acl-list``."""
        acls = [
            Acl(
                direction=acl.text("direction") or "",
                priority=number(acl.text("priority")),
                match=acl.text("match") or "",
                action=acl.text("action") or "",
                log=acl.text("log") == "true",
                evidence=(proof,),
            )
            for acl, proof in found
        ]
        if not acls:
            acls = [
                Acl(
                    direction=rule.direction,
                    priority=rule.priority,
                    match=rule.match,
                    action=rule.action,
                    log="log" in rule.extra,
                    evidence=(proof,),
                )
                for rule, proof in self._last_of(Rule, "of", names)
                if rule.action is not None
            ]
        order = sorted(acls, key=lambda acl: (acl.direction, -(acl.priority or 0), acl.match))
        return tuple(order)

    def _last_of(self, kind: type[Any], column: str, names: set[Any]) -> list[tuple[Any, Evidence]]:
        """Records about an owner, of the last capture that has them."""
        found = [
            (record, proof)
            for record, proof in facts(self._captures, kind)
            if getattr(record, column) is not None and getattr(record, column) in names
        ]
        last = found[-1][1].capture if found else None
        return [(record, proof) for record, proof in found if proof.capture is last]

    def _dns(self, row: OvsdbRow | None) -> Iterator[Dns]:
        for dns, proof in self._referred(row, "dns_records", "DNS"):
            yield Dns(uuid=dns.uuid, records=dns.map("records"), evidence=(proof,))

    def _dhcp_of(self, ports: Iterable[LogicalPort]) -> Iterator[DhcpOptions]:
        uuids = dict.fromkeys(uuid for port in ports for uuid in port.dhcp)
        for row, proof in self._by_uuid("DHCP_Options", uuids):
            yield self._dhcp(row, proof)

    def _dhcp(self, row: OvsdbRow, proof: Evidence) -> DhcpOptions:
        # The southbound table of this name lists which options there are.
        cidr = row.text("cidr") or ""
        return DhcpOptions(uuid=row.uuid, cidr=cidr, options=row.map("options"), evidence=(proof,))

    # What belongs to a router

    def _nat(self, row: OvsdbRow | None, owner: Claim) -> Iterator[Nat]:
        found = list(self._referred(row, "nat", "NAT"))
        for nat, proof in found:
            yield Nat(
                type=nat.text("type") or "",
                external_ip=nat.text("external_ip") or "",
                logical_ip=nat.text("logical_ip") or "",
                external_mac=nat.text("external_mac"),
                logical_port=nat.text("logical_port"),
                evidence=(proof,),
            )
        if found:
            return
        listed = self._last_of(NatRow, "router", {owner.key, owner.columns.get("name")})
        for record, proof in listed:
            cells = record.cells
            yield Nat(
                type=cells["TYPE"],
                external_ip=cells.get("EXTERNAL_IP", ""),
                logical_ip=cells.get("LOGICAL_IP", ""),
                external_mac=cells.get("EXTERNAL_MAC"),
                logical_port=cells.get("LOGICAL_PORT"),
                evidence=(proof,),
            )
        if listed:
            return
        for record, proof in self._last_of(ShownNat, "datapath", {owner.key}):
            told = record.properties
            yield Nat(
                type=told.get("type", ""),
                external_ip=told.get("external ip", ""),
                logical_ip=told.get("logical ip", ""),
                external_mac=told.get("external mac"),
                logical_port=told.get("logical port"),
                evidence=(proof,),
            )

    def _routes(self, row: OvsdbRow | None, owner: Claim) -> Iterator[Route]:
        found = list(self._referred(row, "static_routes", "Logical_Router_Static_Route"))
        for route, proof in found:
            yield Route(
                prefix=route.text("ip_prefix") or "",
                nexthop=route.text("nexthop") or "",
                port=route.text("output_port"),
                policy=route.text("policy"),
                table=route.text("route_table") or None,
                evidence=(proof,),
            )
        if not found:
            names = {owner.key, owner.columns.get("name")}
            for record, proof in self._last_of(StaticRoute, "router", names):
                yield Route(
                    prefix=record.prefix,
                    nexthop=record.nexthop or "",
                    port=record.port,
                    policy=record.policy,
                    table=record.table,
                    evidence=(proof,),
                )

    def _policies(self, row: OvsdbRow | None, owner: Claim) -> Iterator[Policy]:
        found = list(self._referred(row, "policies", "Logical_Router_Policy"))
        for policy, proof in found:
            yield Policy(
                priority=number(policy.text("priority")),
                match=policy.text("match") or "",
                action=policy.text("action") or "",
                nexthops=(*policy.items("nexthops"), *policy.items("nexthop")),
                evidence=(proof,),
            )
        if not found:
            names = {owner.key, owner.columns.get("name")}
            for record, proof in self._last_of(RouterPolicy, "router", names):
                yield Policy(
                    priority=record.priority,
                    match=record.match,
                    action=record.action,
                    nexthops=record.nexthops,
                    evidence=(proof,),
                )

    # What stands beside them

    def _load_balancers(self) -> dict[str, LoadBalancer]:
        """By UUID; the southbound row of one is left out where the northbound was captured."""
        listed: dict[str, LoadBalancer] = {}
        for row, proof in facts(self._captures, LoadBalancerRow):
            key = row.uuid or row.name
            before = listed.get(key)
            vips = {**before.vips, row.vip: row.ips} if before and row.vip else {}
            listed[key] = LoadBalancer(
                uuid=row.uuid,
                name=row.name,
                protocol=row.protocol,
                vips=vips or ({row.vip: row.ips} if row.vip else {}),
                evidence=(*before.evidence, proof) if before else (proof,),
            )
        every = list(self._rows("Load_Balancer"))
        for lb, proof in sorted(every, key=lambda one: "datapaths" not in one[0].columns):
            key = lb.map("external_ids").get("lb_id", lb.uuid or "").lower()
            vips = {v: tuple(filter(None, b.split(","))) for v, b in lb.map("vips").items()}
            listed[key] = LoadBalancer(
                uuid=key,
                name=lb.text("name") or key,
                protocol=lb.text("protocol"),
                vips=vips,
                evidence=(proof,),
            )
        return listed

    def _port_groups(self) -> Iterator[PortGroup]:
        names = {
            uuid: claim.key
            for claim in self._ports.found.values()
            if (uuid := claim.columns.get("uuid"))
        }
        for row, proof in self._rows("Port_Group"):
            name = row.text("name")
            if name is None or "acls" not in row.columns:
                continue  # the southbound copy, made for each datapath
            yield PortGroup(
                name=name,
                title=row.map("external_ids").get("neutron:security_group_name") or name,
                uuid=row.uuid,
                ports=tuple(names.get(uuid.lower(), uuid) for uuid in row.items("ports")),
                acls=self._rules(self._referred(row, "acls", "ACL"), {name, row.uuid}),
                evidence=(proof,),
            )

    def _address_sets(self) -> Iterator[AddressSet]:
        found: dict[str, AddressSet] = {}
        for row, proof in self._rows("Address_Set"):
            if (name := row.text("name")) is not None:
                found[name] = AddressSet(
                    name=name, addresses=row.items("addresses"), evidence=(proof,)
                )
        yield from found.values()

    def _multicast_groups(self) -> Iterator[MulticastGroup]:
        names = {
            binding: claim.key
            for claim in self._ports.found.values()
            if (binding := claim.columns.get("binding"))
        }
        for row, proof in self._rows("Multicast_Group"):
            southbound = (row.text("datapath") or "").lower()
            members = [uuid.lower() for uuid in row.items("ports")]
            yield MulticastGroup(
                name=row.text("name") or "",
                datapath=self._bindings.get(southbound, southbound) or None,
                tunnel_key=number(row.text("tunnel_key")),
                ports=tuple(names.get(uuid, uuid) for uuid in members),
                uuid=row.uuid,
                evidence=(proof,),
            )
