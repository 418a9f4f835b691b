"""Notes on ``ip route``, ``ip rule``, ``ip neigh``, ``ip netns`` and ``iflink``."""

from ...formats.ip_neigh import Neighbour
from ...formats.ip_netns import NamespaceId, NetworkNamespace
from ...formats.ip_route import Route
from ...formats.ip_rule import Rule
from ...formats.sys_iflink import InterfaceLink
from ...knowledge import table
from .. import refs
from ..message import Message, Param, Ref
from ..surroundings import Place
from . import whose
from .devices import device_facts, what


def route(record: Route, place: Place) -> Message | None:
    """Where packets to its destination go, and whose the gateway is."""
    holes: dict[str, Param] = {"dst": _destination(record.dst)}
    if record.dev is not None:
        holes["device"] = _device(record.dev, place)
    match record.type:
        case "blackhole":
            return Message("Packets to %(dst)s are dropped without an answer.", holes)
        case "unreachable":
            return Message("Packets to %(dst)s are rejected as unreachable.", holes)
        case "prohibit":
            return Message("Packets to %(dst)s are rejected as prohibited.", holes)
        case "throw":
            return Message("Packets to %(dst)s are left to the next rule's table.", holes)
    if record.nexthops:
        holes["count"] = len(record.nexthops)
        if record.dst == "default":
            return Message("All other packets are shared among %(count)s next hops.", holes)
        return Message("Packets to %(dst)s are shared among %(count)s next hops.", holes)
    if record.dev is None:
        return None
    return refs.sentences(_way(record, holes, place), _carrier(record))


def _way(record: Route, holes: dict[str, Param], place: Place) -> Message | None:
    match record.type:
        case "local":
            return Message("Packets to %(dst)s stay here, on %(device)s.", holes)
        case "broadcast":
            return Message("%(dst)s is the broadcast address on %(device)s.", holes)
        case "anycast":
            return Message("%(dst)s is an anycast address on %(device)s.", holes)
        case "multicast":
            return Message("Multicast to %(dst)s goes out of %(device)s.", holes)
    if record.via is None:
        if record.dst == "default":
            return Message("All other packets go straight out of %(device)s.", holes)
        if record.src is None:
            return Message("%(dst)s is directly on %(device)s.", holes)
        holes["src"] = refs.address(record.src)
        return Message("%(dst)s is directly on %(device)s; packets leave from %(src)s.", holes)
    holes["via"] = refs.address(record.via)
    who = whose.of_address(record.via, place.around)
    if who is not None:
        holes["via"] = Message("%(name)s (%(who)s)", {"name": refs.address(record.via), "who": who})
    if record.dst == "default":
        return Message("All other packets go to the gateway %(via)s through %(device)s.", holes)
    return Message("Packets to %(dst)s go to the gateway %(via)s through %(device)s.", holes)


def _carrier(record: Route) -> Message | None:
    if "linkdown" in record.flags:
        return Message("The device has no carrier.")
    return Message("The route is dead.") if "dead" in record.flags else None


def _destination(dst: str) -> Param:
    return refs.address(dst)


def _device(name: str, place: Place) -> Ref:
    """A device of where the command ran."""
    root = place.scope.namespace is None and place.scope.guest is None
    return refs.device(name, None if root else place.scope)


# Tables that the kernel has by itself; ip-rule(8).
_LOCAL, _MAIN, _DEFAULT = ("local", "255"), ("main", "254"), ("default", "253")


def rule(record: Rule, place: Place) -> Message | None:
    """Which packets look into which table."""
    if record.table is None and record.action is None:
        return None
    holes: dict[str, Param] = {
        "source": refs.address(record.source),
        "table": Ref("table", record.table or ""),
    }
    if record.selectors is None and record.source == "all" and not record.negated:
        if record.table in _LOCAL:
            return Message(
                "First, all packets look into table %(table)s: own and broadcast addresses.", holes
            )
        if record.table in _MAIN:
            return Message("All packets look into the main table, which ip route shows.", holes)
        if record.table in _DEFAULT:
            return Message("Last, all packets look into table %(table)s.", holes)
        if record.table:
            return Message("All packets look into table %(table)s.", holes)
    if record.table is None or record.selectors is not None:
        return None
    if record.negated:
        return Message("Packets not from %(source)s look into table %(table)s.", holes)
    return Message("Packets from %(source)s look into table %(table)s.", holes)


def neighbour(record: Neighbour, place: Place) -> Message | None:
    """Whose the address is by its MAC, and whether that was confirmed."""
    holes: dict[str, Param] = {"address": refs.address(record.dst)}
    if record.lladdr is None:
        if record.state == "FAILED":
            return Message("Nobody answered for %(address)s.", holes)
        if record.state == "INCOMPLETE":
            return Message("%(address)s was asked for; no answer yet.", holes)
        return None
    who = whose.of_mac(record.lladdr, place.around)
    first = None
    if who is not None:
        first = Message("%(address)s is %(who)s.", {**holes, "who": who})
    elif "router" in record.flags:
        first = Message("%(address)s is a router.", holes)
    return refs.sentences(first, _state(record.state))


def _state(state: str | None) -> Message | None:
    """What a state of the cache means; ip-neighbour(8)."""
    match state:
        case "REACHABLE":
            return Message("The MAC was confirmed lately.")
        case "STALE":
            return Message("The MAC will be checked when it is next used.")
        case "DELAY" | "PROBE":
            return Message("The MAC is being checked.")
        case "FAILED":
            return Message("It no longer answers.")
        case "PERMANENT":
            return Message("The entry does not age.")
    return None


def namespace(record: NetworkNamespace, place: Place) -> Message | None:
    return _namespace(record.name, record.id, place)


def namespace_id(record: NamespaceId, place: Place) -> Message | None:
    if record.name is None:
        return Message(
            "link-netnsid %(id)s means a namespace without a name here.", {"id": record.id}
        )
    return _namespace(record.name, record.id, place)


def _namespace(name: str, number: int | None, place: Place) -> Message | None:
    """What a namespace is for, and the number by which devices point into it."""
    network = place.around.network
    found = [n for n in network.namespaces if n.name == name] if network else []
    first = None
    if len(found) == 1:
        space = found[0]
        if space.kind == "router" and space.title != name:
            first = Message(
                "Namespace of router %(name)s.",
                {"name": Ref("namespace", name, space.title)},
            )
        elif sentence := table("device_words")["namespace"].get(space.kind, {}).get("sentence"):
            first = Message(sentence)
    if number is None:
        return first
    return refs.sentences(first, Message("Devices call it link-netnsid %(id)s.", {"id": number}))


def interface_link(record: InterfaceLink, place: Place) -> Message | None:
    """The other end of the device, by name where a listing of the same host has it."""
    if record.ifname is None:
        return None
    facts = device_facts(record.ifname, place.scope, place.around)
    device = facts.device
    holes: dict[str, Param] = {
        "device": _device(record.ifname, place),
        "index": record.iflink,
    }
    if device is not None and device.ifindex == record.iflink:
        return Message("%(device)s has no other end: the index is its own.", holes)
    if device is not None and device.peer is not None:
        return what(facts)
    if device is not None and device.ifindex is not None:
        return Message("The other end of %(device)s has index %(index)s.", holes)
    return None
