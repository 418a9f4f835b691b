"""Notes on what ovn-nbctl and ovn-sbctl print: rows, shows and lists alike.

Two outputs tell of one thing in two forms; each is looked up in the logical network by name or UUID
and told in the same words. What a match says is told in the words of logical flows.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from ...formats import ovn_nbctl_columns as columns
from ...formats import ovn_nbctl_routes as routes
from ...formats.ovn_nbctl_meter_list import Meter
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
from ..logical.names import LogicalNames
from ..logical.reading import packets_of
from ..message import Message, Param, Ref
from ..surroundings import Place
from .ovs import TUNNEL_WORDS, label

EMPTY = LogicalNetwork()


def _logical(place: Place) -> LogicalNetwork:
    return place.around.logical or EMPTY


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
    return _balancer(record.vip, record.ips)


def _balancer(vip: str | None, ips: Sequence[str]) -> Message | None:
    if vip is None or not ips:
        return None
    holes: dict[str, Param] = {"vip": _code(vip)}
    if len(ips) == 1:
        holes["backend"] = _code(ips[0])
        return Message("Connections to %(vip)s go to %(backend)s.", holes)
    holes["backends"] = refs.series((_code(ip) for ip in ips), "plain")
    return Message("Connections to %(vip)s are spread over %(backends)s.", holes)


# Rules


_SENDS: Mapping[str, Callable[[dict[str, Param]], Message]] = {
    "allow": lambda it: Message("Allowed from the ports: %(packets)s.", it),
    "allow-related": lambda it: Message("Allowed from the ports, with replies: %(packets)s.", it),
    "allow-stateless": lambda it: Message(
        "Allowed from the ports without connection tracking: %(packets)s.", it
    ),
    "drop": lambda it: Message("Dropped when the ports send it: %(packets)s.", it),
    "reject": lambda it: Message(
        "Rejected with an answer when the ports send it: %(packets)s.", it
    ),
    "pass": lambda it: Message("Left to the next tier when the ports send it: %(packets)s.", it),
}
_RECEIVES: Mapping[str, Callable[[dict[str, Param]], Message]] = {
    "allow": lambda it: Message("Allowed to the ports: %(packets)s.", it),
    "allow-related": lambda it: Message("Allowed to the ports, with replies: %(packets)s.", it),
    "allow-stateless": lambda it: Message(
        "Allowed to the ports without connection tracking: %(packets)s.", it
    ),
    "drop": lambda it: Message("Dropped when it is for the ports: %(packets)s.", it),
    "reject": lambda it: Message(
        "Rejected with an answer when it is for the ports: %(packets)s.", it
    ),
    "pass": lambda it: Message("Left to the next tier when it is for the ports: %(packets)s.", it),
}
# The frame says that it is about the ports of the group; the port group would only repeat it.
_OF_GROUP = re.compile(r"(?:in|out)port == @\w+ && (?!.*\|\|)")


def rule(record: Rule, place: Place) -> Message | None:
    if record.action is None:
        return _qos(record.extra, record.match)
    return _rule(record.direction, record.action, record.match)


def _packets(match: str) -> Message:
    return packets_of(_OF_GROUP.sub("", match, count=1), LogicalNames())


def _qos(told: Mapping[str, str], match: str | None) -> Message | None:
    """``rate`` in kbit/s, ``dscp``: of ``qos-list``, or of the row's two columns."""
    if match is None:
        return None
    holes: dict[str, Param] = {"packets": _packets(match)}
    holes |= {key: told[key] for key in ("rate", "dscp") if key in told}
    if "rate" in told and "dscp" in told:
        return Message("Limited to %(rate)s kbit/s and given DSCP %(dscp)s: %(packets)s.", holes)
    if "rate" in told:
        return Message("Limited to %(rate)s kbit/s: %(packets)s.", holes)
    return Message("Given DSCP %(dscp)s: %(packets)s.", holes) if "dscp" in told else None


def policy(record: routes.RouterPolicy, place: Place) -> Message | None:
    return _policy(record.action, record.match, record.nexthops)


def _policy(action: str | None, match: str | None, nexthops: Sequence[str]) -> Message | None:
    if match is None:
        return None
    holes: dict[str, Param] = {"packets": _packets(match)}
    if action == "drop":
        return Message("Dropped before the routes: %(packets)s.", holes)
    if action == "allow":
        return Message("Sent as the routes say: %(packets)s.", holes)
    if action == "reroute" and nexthops:
        holes["nexthops"] = refs.series((refs.address(hop) for hop in nexthops), "plain")
        return Message("Sent to %(nexthops)s, whatever the routes say: %(packets)s.", holes)
    return None


def meter(record: Meter, place: Place) -> Message | None:
    if len(record.bands) != 1 or record.bands[0].action != "drop":
        return None
    holes: dict[str, Param] = {"rate": record.bands[0].rate, "unit": record.bands[0].unit}
    return Message("What exceeds %(rate)s %(unit)s is dropped.", holes)


def _rule(direction: str | None, action: str | None, match: str | None) -> Message | None:
    sides = {"from-lport": _SENDS, "to-lport": _RECEIVES}
    frame = sides.get(direction or "", {}).get(action or "")
    if frame is None or match is None:
        return None
    return frame({"packets": _packets(match)})


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


def _balancer_row(record: OvsdbRow, place: Place) -> Message | None:
    vips = record.map("vips")
    if len(vips) == 1:
        ((vip, backends),) = vips.items()
        return _balancer(vip, backends.split(","))
    told = refs.series((_code(vip) for vip in vips), "plain")
    return Message("Spreads connections over backends: %(vips)s.", {"vips": told}) if vips else None


def _addresses_row(record: OvsdbRow, place: Place) -> Message | None:
    name = record.text("name")
    if name is None:
        return None
    holes: dict[str, Param] = {"name": _code(f"${name}"), "count": len(record.items("addresses"))}
    return Message("Matches write these %(count)s addresses as %(name)s.", holes)


def _dns_row(record: OvsdbRow, place: Place) -> Message | None:
    count = len(record.map("records"))
    return Message("ovn-controller answers for these names: %(count)s.", {"count": count})


_ROWS: Mapping[str, Callable[[OvsdbRow, Place], Message | None]] = {
    "ACL": lambda r, place: _rule(r.text("direction"), r.text("action"), r.text("match")),
    "Address_Set": _addresses_row,
    "Chassis": lambda r, place: _chassis(r.text("name") or r.uuid, place),
    "DHCP_Options": _dhcp_row,
    "DNS": _dns_row,
    "Datapath_Binding": lambda r, place: _datapath(r.uuid, place),
    "Encap": lambda r, place: _encap(r.text("type"), r.text("ip")),
    "Load_Balancer": _balancer_row,
    "Logical_Router": lambda r, place: _datapath(r.uuid, place),
    "Logical_Router_Policy": lambda r, place: _policy(
        r.text("action"), r.text("match"), r.items("nexthops") or r.items("nexthop")
    ),
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
    "QoS": lambda r, place: _qos(r.map("bandwidth") | r.map("action"), r.text("match")),
}
