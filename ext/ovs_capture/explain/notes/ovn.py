"""Notes on what ovn-nbctl and ovn-sbctl print: rows, shows and lists alike.

Two outputs tell of one thing in two forms; each is looked up in the logical network by name or UUID
and told in the same words. What a match says is told by the flows' own words, not here.
"""

from collections.abc import Callable, Mapping

from ...formats import ovn_nbctl_columns as columns
from ...formats import ovn_nbctl_routes as routes
from ...formats.ovn_nbctl_names import NamedRow
from ...formats.ovn_nbctl_rules import Rule
from ...formats.ovn_rows import ShownDatapath, ShownNat, ShownPort
from ...formats.ovn_sbctl_show import ShownBinding, ShownChassis, ShownEncap
from ...formats.ovsdb_list import OvsdbRow
from ...network.logical.model import (
    OF_ROUTERS,
    LogicalNetwork,
    LogicalPort,
    LogicalRouter,
    LogicalSwitch,
)
from .. import refs
from ..message import Message, Param, Ref
from ..surroundings import Place
from .ovs import TUNNEL_WORDS, label

EMPTY = LogicalNetwork()


def _logical(place: Place) -> LogicalNetwork:
    network = place.around.network
    return network.logical if network is not None else EMPTY


def _code(text: str) -> Ref:
    return Ref("code", text)


# Switches and routers


def shown_datapath(record: ShownDatapath, place: Place) -> Message | None:
    return _datapath(record.uuid, place)


def _datapath(name: str | None, place: Place) -> Message | None:
    found = _logical(place).datapath(name).one if name else None
    if found is None:
        return None
    holes: dict[str, Param] = {"name": found.title}
    if isinstance(found, LogicalSwitch):
        first = Message("Logical switch %(name)s.", holes)
    else:
        first = Message("Logical router %(name)s.", holes)
    if found.tunnel_key is None:
        return first
    key: dict[str, Param] = {"metadata": label(f"metadata {found.tunnel_key}")}
    return refs.sentences(first, Message("In flows it is %(metadata)s.", key))


def named(record: NamedRow, place: Place) -> Message | None:
    if record.table in ("Logical_Switch", "Logical_Router"):
        return _datapath(record.uuid, place)
    return _port(record.uuid, place)


# Ports


def shown_port(record: ShownPort, place: Place) -> Message | None:
    return _port(record.name, place)


def shown_binding(record: ShownBinding, place: Place) -> Message | None:
    return _port(record.logical_port, place)


def _port(name: str | None, place: Place) -> Message | None:
    logical = _logical(place)
    port = logical.port(name).one if name else None
    if port is None:
        return None
    owner = logical.datapath(port.datapath or "").one
    if isinstance(owner, LogicalRouter):
        return _of_router(port, owner, logical)
    return refs.sentences(_of_switch(port, logical), _bound(port, logical))


def _of_router(port: LogicalPort, router: LogicalRouter, logical: LogicalNetwork) -> Message:
    holes: dict[str, Param] = {"router": router.title}
    if port.type == "chassisredirect":
        first = Message("Gateway port of router %(router)s.", holes)
        return refs.sentences(first, _bound(port, logical)) or first
    peers = [
        one
        for one in logical.switches
        for other in one.ports
        if other.peer == port.name or port.peer == other.name
    ]
    if len(peers) != 1:
        return Message("Port of router %(router)s.", holes)
    holes["switch"] = peers[0].title
    return Message("Port of router %(router)s to switch %(switch)s.", holes)


def _of_switch(port: LogicalPort, logical: LogicalNetwork) -> Message:
    switch = logical.datapath(port.datapath or "").one
    holes: dict[str, Param] = {
        "name": port.title,
        "switch": switch.title if switch else "?",
    }
    if port.type in OF_ROUTERS:
        router = next(
            (
                one
                for one in logical.routers
                for other in one.ports
                if other.name == port.peer or other.peer == port.name
            ),
            None,
        )
        if router is None:
            return Message("Leads to a router.")
        return Message("Leads to router %(router)s.", {"router": router.title})
    if port.type == "localnet":
        network: dict[str, Param] = {"name": port.options.get("network_name", port.name)}
        if port.tag is None:
            return Message("Leads to physical network %(name)s, untagged.", network)
        network["vlan"] = refs.vlan(port.tag)
        return Message("Leads to physical network %(name)s with %(vlan)s.", network)
    match port.type:
        case "localport":
            return Message("On every chassis alike: DHCP and metadata of the network.")
        case "virtual":
            return Message("A virtual address that moves between ports.")
        case "external":
            return Message("A port outside OVN's hosts, served by a chassis.")
        case _:
            return Message("Port %(name)s on switch %(switch)s.", holes)


def _bound(port: LogicalPort, logical: LogicalNetwork) -> Message | None:
    chassis = logical.chassis_of(port.chassis).one if port.chassis else None
    if chassis is None:
        return None
    return Message("Bound to chassis %(chassis)s.", {"chassis": chassis.title})


# Addresses and ways of routers


def shown_nat(record: ShownNat, place: Place) -> Message | None:
    told = record.properties
    inside, outside = told.get("logical ip", ""), told.get("external ip", "")
    return _nat(told.get("type", ""), outside, inside, place)


def nat_row(record: columns.NatRow, place: Place) -> Message | None:
    told = record.cells
    return _nat(told["TYPE"], told.get("EXTERNAL_IP", ""), told.get("LOGICAL_IP", ""), place)


def _nat(kind: str, outside: str, inside: str, place: Place) -> Message | None:
    if not inside or not outside:
        return None
    holes: dict[str, Param] = {"inside": refs.address(inside), "outside": refs.address(outside)}
    if kind == "snat":
        return Message("Packets from %(inside)s leave as %(outside)s.", holes)
    if kind == "dnat":
        return Message("Packets to %(outside)s go to %(inside)s.", holes)
    owners = [port for port in _logical(place).ports if inside in port.ips]
    if len(owners) != 1:
        return Message("Floating IP %(outside)s of %(inside)s.", holes)
    holes["name"] = owners[0].title
    return Message("Floating IP %(outside)s of %(name)s (%(inside)s).", holes)


def route(record: routes.StaticRoute, place: Place) -> Message | None:
    return _route(record.prefix, record.nexthop)


def _route(prefix: str | None, nexthop: str | None) -> Message | None:
    if not prefix or not nexthop:
        return None
    holes: dict[str, Param] = {"prefix": refs.address(prefix)}
    if nexthop == "discard":
        return Message("Packets to %(prefix)s are discarded.", holes)
    holes["nexthop"] = refs.address(nexthop)
    if prefix in ("0.0.0.0/0", "::/0"):
        return Message("Default route to %(nexthop)s.", holes)
    return Message("Packets to %(prefix)s go to %(nexthop)s.", holes)


def balancer(record: columns.LoadBalancerRow, place: Place) -> Message | None:
    if record.vip is None or not record.ips:
        return None
    holes: dict[str, Param] = {"vip": _code(record.vip)}
    if len(record.ips) == 1:
        holes["backend"] = _code(record.ips[0])
        return Message("Connections to %(vip)s go to %(backend)s.", holes)
    holes["backends"] = refs.series((_code(ip) for ip in record.ips), "plain")
    return Message("Connections to %(vip)s are spread over %(backends)s.", holes)


# Rules


_SENDS = {
    "allow": Message("What the ports send and matches is allowed."),
    "allow-related": Message("What the ports send and matches is allowed, and its replies."),
    "allow-stateless": Message(
        "What the ports send and matches is allowed without connection tracking."
    ),
    "drop": Message("What the ports send and matches is dropped."),
    "reject": Message("What the ports send and matches is rejected with an answer."),
}
_RECEIVES = {
    "allow": Message("What is sent to the ports and matches is allowed."),
    "allow-related": Message("What is sent to the ports and matches is allowed, and its replies."),
    "allow-stateless": Message(
        "What is sent to the ports and matches is allowed without connection tracking."
    ),
    "drop": Message("What is sent to the ports and matches is dropped."),
    "reject": Message("What is sent to the ports and matches is rejected with an answer."),
}


def rule(record: Rule, place: Place) -> Message | None:
    return _rule(record.direction, record.action)


def _rule(direction: str | None, action: str | None) -> Message | None:
    sides = {"from-lport": _SENDS, "to-lport": _RECEIVES}
    return sides.get(direction or "", {}).get(action or "")


# Chassis


def shown_chassis(record: ShownChassis, place: Place) -> Message | None:
    return _chassis(record.name, place)


def _chassis(name: str | None, place: Place) -> Message | None:
    logical = _logical(place)
    chassis = logical.chassis_of(name).one if name else None
    if chassis is None:
        return None
    bound = sum(port.chassis == chassis.key for port in logical.ports)
    holes: dict[str, Param] = {"name": chassis.title, "count": bound}
    return Message("Host %(name)s; ports bound here: %(count)s.", holes)


def encap(record: ShownEncap, place: Place) -> Message | None:
    return _encap(record.type, record.ip)


def _encap(kind: str | None, ip: str | None) -> Message | None:
    if not kind or not ip:
        return None
    holes: dict[str, Param] = {"kind": TUNNEL_WORDS.get(kind, kind), "ip": refs.address(ip)}
    return Message("Its %(kind)s tunnels end at %(ip)s.", holes)


# Rows of the databases


def row(record: OvsdbRow, place: Place) -> Message | None:
    """A row of one of OVN's tables; rows of other databases have no note."""
    tell = _ROWS.get(record.table or "")
    return tell(record, place) if tell else None


def _group_row(record: OvsdbRow, place: Place) -> Message | None:
    if "acls" not in record.columns:
        return None
    holes: dict[str, Param] = {
        "ports": len(record.items("ports")),
        "rules": len(record.items("acls")),
    }
    return Message("Ports: %(ports)s; rules that apply to them: %(rules)s.", holes)


def _dhcp_row(record: OvsdbRow, place: Place) -> Message | None:
    cidr = record.text("cidr")
    if cidr is None:
        return None
    return Message("What DHCP answers to ports in %(cidr)s.", {"cidr": refs.address(cidr)})


def _multicast_row(record: OvsdbRow, place: Place) -> Message | None:
    logical = _logical(place)
    switch = logical.datapath(record.text("datapath") or "").one
    holes: dict[str, Param] = {"count": len(record.items("ports"))}
    if switch is None:
        return Message("Output to this group is copied to its ports (%(count)s).", holes)
    holes["switch"] = switch.title
    return Message("Output to this group is copied to its ports (%(count)s) on %(switch)s.", holes)


_ROWS: Mapping[str, Callable[[OvsdbRow, Place], Message | None]] = {
    "ACL": lambda r, place: _rule(r.text("direction"), r.text("action")),
    "Chassis": lambda r, place: _chassis(r.text("name") or r.uuid, place),
    "DHCP_Options": _dhcp_row,
    "Datapath_Binding": lambda r, place: _datapath(r.uuid, place),
    "Encap": lambda r, place: _encap(r.text("type"), r.text("ip")),
    "Logical_Router": lambda r, place: _datapath(r.uuid, place),
    "Logical_Router_Port": lambda r, place: _port(r.text("name"), place),
    "Logical_Router_Static_Route": lambda r, place: _route(r.text("ip_prefix"), r.text("nexthop")),
    "Logical_Switch": lambda r, place: _datapath(r.uuid, place),
    "Logical_Switch_Port": lambda r, place: _port(r.text("name"), place),
    "Multicast_Group": _multicast_row,
    "NAT": lambda r, place: _nat(
        r.text("type") or "", r.text("external_ip") or "", r.text("logical_ip") or "", place
    ),
    "Port_Binding": lambda r, place: _port(r.text("logical_port"), place),
    "Port_Group": _group_row,
}
