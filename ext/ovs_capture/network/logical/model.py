"""Logical switches, routers and what belongs to them: frozen, each with the lines that prove it.

Names are those of ovn-nb(5) and ovn-sb(5). Two UUIDs stand for one thing: that of its northbound
row, and that of the southbound row which ovn-northd made for it; look-ups take either.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from ...diagnostic import Diagnostic
from ..model import Evidence, Found

T = TypeVar("T")

# Types of a port that no instance stands behind; "" is an instance's (ovn-nb(5), ovn-sb(5)).
OF_ROUTERS = frozenset({"router", "patch", "l3gateway", "chassisredirect"})


@dataclass(frozen=True, slots=True)
class MacAddresses:
    """A MAC and the addresses that it has, as ``"MAC IP..."`` says. ``mac`` None: ``dynamic``."""

    mac: str | None
    ips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GatewayChassis:
    """A chassis that may serve a router port; the highest priority does."""

    chassis: str
    priority: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicalPort:
    """A port of a switch or a router.

    ``datapath``: key of the ``LogicalDatapath``, None where no capture says it. ``title``: its
    name in Neutron, else ``name``. ``type``: of ovn-nb(5), else of the binding. ``networks``: of a
    router's port. ``peer``: name of the port at the other side. ``unknown``: it takes any MAC.
    ``chassis``: key of the ``Chassis`` it is bound to. ``dhcp``: UUIDs of its DHCP options.
    """

    name: str
    title: str
    type: str = ""
    datapath: str | None = None
    uuid: str | None = None
    binding: str | None = None
    tunnel_key: int | None = None
    addresses: tuple[MacAddresses, ...] = ()
    unknown: bool = False
    networks: tuple[str, ...] = ()
    port_security: tuple[str, ...] = ()
    tag: int | None = None
    parent: str | None = None
    peer: str | None = None
    enabled: bool = True
    up: bool | None = None
    chassis: str | None = None
    gateway_chassis: tuple[GatewayChassis, ...] = ()
    dhcp: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)
    external_ids: dict[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()

    @property
    def ips(self) -> tuple[str, ...]:
        return tuple(ip for one in self.addresses for ip in one.ips)

    @property
    def mac(self) -> str | None:
        return next((one.mac for one in self.addresses if one.mac), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acl:
    direction: str
    priority: int | None
    match: str
    action: str
    log: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Nat:
    """``type``: ``snat``, ``dnat`` or ``dnat_and_snat`` (a floating IP)."""

    type: str
    external_ip: str
    logical_ip: str
    external_mac: str | None = None
    logical_port: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """``nexthop`` may be ``discard``."""

    prefix: str
    nexthop: str
    port: str | None = None
    policy: str | None = None
    table: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    priority: int | None
    match: str
    action: str
    nexthops: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    """``vips``: backends by ``ADDRESS[:PORT]``."""

    uuid: str | None
    name: str
    protocol: str | None = None
    vips: dict[str, tuple[str, ...]] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DhcpOptions:
    uuid: str | None
    cidr: str
    options: dict[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dns:
    uuid: str | None
    records: dict[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PortGroup:
    """``ports``: names of logical ports. ``title``: the security group, where its name is known."""

    name: str
    title: str
    uuid: str | None = None
    ports: tuple[str, ...] = ()
    acls: tuple[Acl, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressSet:
    name: str
    addresses: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MulticastGroup:
    """``ports``: names of logical ports, as far as their bindings were captured."""

    name: str
    datapath: str | None
    tunnel_key: int | None
    ports: tuple[str, ...] = ()
    uuid: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Encap:
    type: str
    ip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chassis:
    """``key``: its name (the system-id of its host), else its UUID. ``title``: its host name."""

    key: str
    title: str
    name: str | None = None
    uuid: str | None = None
    hostname: str | None = None
    encaps: tuple[Encap, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicalDatapath:
    """A switch or a router. ``key``: its northbound UUID, else its southbound one.

    ``title``: its name in Neutron, else ``name``, else its UUID. ``binding``: the southbound UUID.
    """

    key: str
    title: str
    name: str | None = None
    uuid: str | None = None
    binding: str | None = None
    tunnel_key: int | None = None
    ports: tuple[LogicalPort, ...] = ()
    load_balancers: tuple[LoadBalancer, ...] = ()
    external_ids: dict[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicalSwitch(LogicalDatapath):
    acls: tuple[Acl, ...] = ()
    dns: tuple[Dns, ...] = ()
    dhcp: tuple[DhcpOptions, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicalRouter(LogicalDatapath):
    nat: tuple[Nat, ...] = ()
    routes: tuple[Route, ...] = ()
    policies: tuple[Policy, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LogicalNetwork:
    """Everything that the captures say of OVN's logical network.

    ``loose``: ports of which no capture says where they are. ``unattached``: load balancers of
    which none says where they are used.
    """

    switches: tuple[LogicalSwitch, ...] = ()
    routers: tuple[LogicalRouter, ...] = ()
    loose: tuple[LogicalPort, ...] = ()
    unattached: tuple[LoadBalancer, ...] = ()
    port_groups: tuple[PortGroup, ...] = ()
    address_sets: tuple[AddressSet, ...] = ()
    dhcp: tuple[DhcpOptions, ...] = ()
    chassis: tuple[Chassis, ...] = ()
    multicast_groups: tuple[MulticastGroup, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    # Look-ups. Each is a dictionary made once: a page asks them for every flow.

    @cached_property
    def datapaths(self) -> tuple[LogicalSwitch | LogicalRouter, ...]:
        return (*self.switches, *self.routers)

    @cached_property
    def ports(self) -> tuple[LogicalPort, ...]:
        return (*(port for one in self.datapaths for port in one.ports), *self.loose)

    @cached_property
    def _datapaths(self) -> dict[object, tuple[LogicalSwitch | LogicalRouter, ...]]:
        return _grouped(
            (name, one)
            for one in self.datapaths
            for name in {one.uuid, one.binding, one.name, one.title}
            if name
        )

    @cached_property
    def _ports(self) -> dict[object, tuple[LogicalPort, ...]]:
        return _grouped(
            (name, port)
            for port in self.ports
            for name in {port.name, port.uuid, port.binding}
            if name
        )

    @cached_property
    def _chassis(self) -> dict[object, tuple[Chassis, ...]]:
        return _grouped(
            (name, one)
            for one in self.chassis
            for name in {one.key, one.name, one.uuid, one.hostname}
            if name
        )

    @cached_property
    def _groups_by_port(self) -> dict[object, tuple[PortGroup, ...]]:
        return _grouped((port, group) for group in self.port_groups for port in group.ports)

    def datapath(self, name: str) -> Found[LogicalSwitch | LogicalRouter]:
        """By UUID (northbound or southbound), name, or name in Neutron."""
        return Found(self._datapaths.get(name, ()))

    def port(self, name: str) -> Found[LogicalPort]:
        """By name or UUID (northbound row or binding)."""
        return Found(self._ports.get(name, ()))

    def chassis_of(self, name: str) -> Found[Chassis]:
        """By name (system-id), UUID or host name."""
        return Found(self._chassis.get(name, ()))

    def port_groups_of(self, port: str) -> tuple[PortGroup, ...]:
        return self._groups_by_port.get(port, ())


def _grouped(pairs: Iterable[tuple[object, T]]) -> dict[object, tuple[T, ...]]:
    found: dict[object, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}
