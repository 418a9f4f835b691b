"""Words: what the picture of a logical network says beside names and numbers. All are messages."""

from collections.abc import Callable

from ...explain.message import Message, Param, Series
from .parts import (
    BalancerPart,
    ChassisPart,
    DatapathPart,
    FactPart,
    GroupPart,
    LinkPart,
    LogicalScene,
    PhysicalNetwork,
    PortPart,
    Sources,
)

LOGICAL = "logical"  # the gettext context of all messages of this room

Say = Callable[[Message], str]

TITLE = Message("Logical network", {}, LOGICAL)
SWITCH = Message("logical switch", {}, LOGICAL)
ROUTER = Message("logical router", {}, LOGICAL)
GROUPS = Message("Port groups", {}, LOGICAL)
BALANCERS = Message("Load balancers", {}, LOGICAL)
CHASSIS = Message("Chassis", {}, LOGICAL)
NOWHERE = Message("Ports that no capture places", {}, LOGICAL)
ACLS = Message("ACLs by port group", {}, LOGICAL)

HEADS = {
    "dhcp": "DHCP",
    "dns": "DNS",
    "localport": "localport",
    "snat": "SNAT",
    "dnat": "DNAT",
    "lb": "LB",
    "acl": "ACL",
}
# How many proofs a tooltip names.
_FEW = 4


def head(fact: FactPart) -> Message:
    """What a line of a card is about, in a word or two."""
    match fact.kind:
        case "floating":
            return Message("floating IP", {}, LOGICAL)
        case "route":
            return Message("route", {}, LOGICAL)
        case "policy":
            return Message("policy", {}, LOGICAL)
        case "gateway":
            return Message("gateway", {}, LOGICAL)
        case "away":
            return Message("router port", {}, LOGICAL)
        case kind:
            return Message("%(name)s", {"name": HEADS[kind]}, LOGICAL)


def value(fact: FactPart) -> Message:
    """The rest of a line of a card."""
    first = fact.values[0]
    second = fact.values[1] if len(fact.values) > 1 else ""
    match fact.kind:
        case "snat":
            return Message("%(inside)s to %(outside)s", _nat(fact), LOGICAL)
        case "dnat" | "floating":
            return Message("%(outside)s for %(inside)s", _nat(fact), LOGICAL)
        case "dhcp" if second:
            holes: dict[str, Param] = {"cidr": first, "router": second}
            return Message("%(cidr)s, router %(router)s", holes, LOGICAL)
        case "dns":
            return Message("records: %(count)s", {"count": first}, LOGICAL)
        case "acl":
            return Message("rules: %(count)s", {"count": first}, LOGICAL)
        case "route":
            holes = {"prefix": first, "nexthop": second}
            return Message("%(prefix)s via %(nexthop)s", holes, LOGICAL)
        case "policy":
            return Message("%(match)s: %(action)s", {"match": first, "action": second}, LOGICAL)
        case _:
            return Message("%(name)s", {"name": first}, LOGICAL)


def _nat(fact: FactPart) -> dict[str, Param]:
    return {"outside": fact.values[0], "inside": fact.values[1]}


def subtitle(part: DatapathPart) -> Message:
    """What a card is, and the number that stands for it in flows."""
    kind = SWITCH if part.kind == "switch" else ROUTER
    if part.tunnel_key is None:
        return kind
    holes: dict[str, Param] = {"kind": kind, "key": part.tunnel_key}
    return Message("%(kind)s, tunnel key %(key)s", holes, LOGICAL)


def network(part: PhysicalNetwork) -> Message:
    if part.tag is None:
        return Message("Physical network %(name)s", {"name": part.title}, LOGICAL)
    holes: dict[str, Param] = {"name": part.title, "tag": part.tag}
    return Message("Physical network %(name)s, VLAN %(tag)s", holes, LOGICAL)


def bundle(part: PortPart) -> Message:
    """The name of a port's box."""
    if len(part.names) == 1:
        return Message("%(name)s", {"name": part.title}, LOGICAL)
    return Message("%(count)s ports", {"count": len(part.names)}, LOGICAL)


def span(part: PortPart) -> tuple[Message, ...]:
    """The addresses of a port, or the first and the last of several."""
    if len(part.names) == 1:
        return tuple(Message("%(name)s", {"name": ip}, LOGICAL) for ip in part.addresses)
    if not part.addresses:
        return ()
    holes: dict[str, Param] = {"first": part.addresses[0], "last": part.addresses[-1]}
    return (Message("%(first)s to %(last)s", holes, LOGICAL),)


def floating(part: PortPart) -> Message:
    if len(part.floating) == 1:
        return Message("floating IP %(ip)s", {"ip": part.floating[0]}, LOGICAL)
    return Message("%(count)s floating IPs", {"count": len(part.floating)}, LOGICAL)


def where(part: PortPart, titles: tuple[str, ...]) -> Message:
    """On which chassis a port is."""
    if len(titles) == 1:
        return Message("on %(chassis)s", {"chassis": titles[0]}, LOGICAL)
    return Message("on %(count)s chassis", {"count": len(titles)}, LOGICAL)


def group_lines(part: GroupPart) -> tuple[Message, ...]:
    """How many ports a group has, and how many of its rules do what."""
    found = [Message("ports: %(count)s", {"count": part.ports}, LOGICAL)]
    counts: dict[tuple[str, str], int] = {}
    for acl in part.acls:
        counts[acl.direction, acl.action] = counts.get((acl.direction, acl.action), 0) + 1
    for (direction, action), count in sorted(counts.items()):
        holes: dict[str, Param] = {"direction": direction, "action": action, "count": count}
        found.append(Message("%(direction)s %(action)s: %(count)s", holes, LOGICAL))
    return tuple(found)


def balancer_lines(part: BalancerPart) -> tuple[Message, ...]:
    return tuple(
        Message(
            "%(vip)s to %(backends)s",
            {"vip": vip, "backends": ", ".join(backends) or "-"},
            LOGICAL,
        )
        for vip, backends in part.vips
    )


def chassis_lines(part: ChassisPart) -> tuple[Message, ...]:
    ends = [Message("%(name)s", {"name": end}, LOGICAL) for end in part.encaps]
    return (*ends, Message("ports: %(count)s", {"count": part.ports}, LOGICAL))


def description(scene: LogicalScene) -> Message:
    """The picture for those who do not see it."""
    holes: dict[str, Param] = {
        "switches": Series(tuple(one.title for one in scene.switches), "plain")
        if scene.switches
        else "-",
        "routers": Series(tuple(one.title for one in scene.routers), "plain")
        if scene.routers
        else "-",
        "ports": sum(len(port.names) for port in scene.ports),
    }
    return Message(
        "Logical switches: %(switches)s. Logical routers: %(routers)s. Ports of instances: "
        "%(ports)s.",
        holes,
        LOGICAL,
    )


def about(part: object, names: dict[str, str], say: Say) -> list[str]:
    """The lines of an element's tooltip, without its proofs."""
    match part:
        case DatapathPart():
            return [part.title, *([part.name] if part.name else []), say(subtitle(part))]
        case PhysicalNetwork():
            return [say(network(part))]
        case PortPart():
            several = len(part.names) > 1
            lines = [say(bundle(part)), *([", ".join(part.names)] if several else [])]
            lines += [] if several else [*part.macs, *part.addresses]
            lines += [part.type] if part.type else []
            lines += [", ".join(part.floating)] if part.floating else []
            lines += [names[one] for one in (*part.chassis, *part.groups)]
            return lines
        case LinkPart():
            first, second = (names[end] for end in part.ends)
            labels = [text for side in part.labels for text in side]
            return [f"{first} - {second}", *labels]
        case FactPart():
            return [f"{say(head(part))}: {say(value(part))}"]
        case GroupPart():
            acls = [f"{a.direction} {a.priority or ''} {a.match} {a.action}" for a in part.acls]
            return [part.name, *map(say, group_lines(part)), *acls]
        case BalancerPart():
            return [part.title, *map(say, balancer_lines(part))]
        case ChassisPart():
            return [part.title, *map(say, chassis_lines(part))]
        case _:
            return []


def proofs(source: Sources) -> list[str]:
    """``file:line`` of the first proofs, for a tooltip."""
    found = list(dict.fromkeys(f"{proof.file}:{proof.line}" for proof in source))
    return found[:_FEW] + (["..."] if len(found) > _FEW else [])
