"""Notes on ``bridge link|fdb|vlan`` and ``brctl show|showmacs``."""

from ...formats.brctl_show import LinuxBridge
from ...formats.brctl_showmacs import LearnedMac
from ...formats.bridge_fdb import FdbEntry
from ...formats.bridge_link import BridgePort
from ...formats.bridge_vlan import PortVlan
from .. import refs
from ..message import Message, Param, Ref
from ..surroundings import Place
from . import whose
from .devices import by_name, device_facts, nic_alone, what

# Groups of IPv4 and IPv6: RFC 1112 section 6.4, RFC 2464 section 7.
_IPV4_GROUP, _IPV6_GROUP = "01:00:5e:", "33:33:"
_NOBODY = "00:00:00:00:00:00"


def port(record: BridgePort, place: Place) -> Message | None:
    """What the port is, and whether frames pass it."""
    facts = device_facts(record.ifname, place.scope, place.around)
    first = nic_alone(facts) if facts.kind == "nic" else what(facts)
    if record.master is None or record.master == record.ifname:
        return first
    return refs.sentences(first, _of_bridge(record))


def _of_bridge(record: BridgePort) -> Message:
    """The state of the spanning tree, which is there without one too: ip-link(8), state."""
    holes: dict[str, Param] = {"bridge": refs.bridge(record.master or "")}
    match record.state:
        case "forwarding":
            return Message("On %(bridge)s; frames pass.", holes)
        case "disabled":
            return Message("On %(bridge)s, but disabled: nothing passes.", holes)
        case "blocking":
            return Message("On %(bridge)s, blocked by the spanning tree.", holes)
        case "listening" | "learning":
            return Message("On %(bridge)s; frames do not pass yet.", holes)
    return Message("On %(bridge)s.", holes)


def vlan(record: PortVlan, place: Place) -> Message | None:
    """What a port does to the frames of a VLAN."""
    if record.vlan is None:
        return Message("%(device)s has no VLAN.", {"device": refs.device(record.port)})
    text = str(record.vlan) if record.last is None else f"{record.vlan}-{record.last}"
    vlan = Ref("vlan", str(record.vlan), f"VLAN {text}")
    holes: dict[str, Param] = {"vlan": vlan, "device": refs.device(record.port)}
    if record.pvid and record.untagged:
        return Message("Untagged on %(device)s: %(vlan)s both ways.", holes)
    if record.pvid:
        return Message("Untagged frames that enter by %(device)s get %(vlan)s.", holes)
    if record.untagged:
        return Message("%(vlan)s leaves by %(device)s untagged.", holes)
    return Message("%(vlan)s passes %(device)s tagged.", holes)


def entry(record: FdbEntry, place: Place) -> Message | None:
    """Whose the MAC is, and behind which port or tunnel end."""
    holes: dict[str, Param] = {"device": refs.device(record.dev or "")}
    if record.dst is not None:
        return _behind_tunnel(record, holes, place)
    if record.dev is None:
        return None
    if record.mac.startswith((_IPV4_GROUP, _IPV6_GROUP)):
        return _group(record.mac, holes)
    network = place.around.network
    device = network.device(record.dev, place.scope).one if network else None
    if record.state == "permanent" and device is not None and device.mac == record.mac:
        if record.master is None:
            return Message("The own MAC of %(device)s.", holes)
        holes["bridge"] = refs.bridge(record.master)
        return Message("The own MAC of %(device)s, as %(bridge)s knows it.", holes)
    who = whose.of_mac(record.mac, place.around)
    if who is None:
        if record.state is None and record.master is not None:
            return Message("Learned: this MAC is behind %(device)s.", holes)
        return None
    holes["who"] = who
    if record.state is None:
        return Message("Learned: %(who)s is behind %(device)s.", holes)
    if "self" in record.flags:
        return Message("MAC of %(who)s; %(device)s takes its frames too.", holes)
    return Message("MAC of %(who)s, set for %(device)s.", holes)


def _group(mac: str, holes: dict[str, Param]) -> Message:
    """Which group a MAC stands for: RFC 1112 (224.0.0.1), RFC 4291 2.7.1 (ff02::1, ::2, ::1:ff)."""
    match mac:
        case "01:00:5e:00:00:01":
            return Message("%(device)s gets what is sent to all IPv4 hosts.", holes)
        case "33:33:00:00:00:01":
            return Message("%(device)s gets what is sent to all IPv6 nodes.", holes)
        case "33:33:00:00:00:02":
            return Message("%(device)s gets what is sent to all IPv6 routers.", holes)
    if mac.startswith(_IPV6_GROUP + "ff:"):
        ends = mac.removeprefix(_IPV6_GROUP + "ff:").split(":")
        holes["ends"] = Ref("code", f"{ends[0]}:{ends[1]}{ends[2]}")
        return Message("%(device)s is asked for IPv6 addresses that end in %(ends)s.", holes)
    if mac.startswith(_IPV6_GROUP):
        return Message("%(device)s listens to a group of IPv6 multicast.", holes)
    return Message("%(device)s listens to a group of IPv4 multicast.", holes)


def _behind_tunnel(record: FdbEntry, holes: dict[str, Param], place: Place) -> Message:
    """An entry of a VXLAN device: ``dst`` is the remote end; bridge(8), fdb."""
    dst = refs.address(record.dst or "")
    host = whose.host_of_address(record.dst, place.around)
    holes["dst"] = (
        dst if host is None else Message("%(name)s (%(who)s)", {"name": dst, "who": host})
    )
    if record.mac == _NOBODY:
        return Message("What %(device)s has no entry for goes to %(dst)s.", holes)
    who = whose.of_mac(record.mac, place.around)
    if who is None:
        return Message("This MAC is behind the tunnel end %(dst)s.", holes)
    holes["who"] = who
    return Message("%(who)s is behind the tunnel end %(dst)s.", holes)


def bridge(record: LinuxBridge, place: Place) -> Message | None:
    """What the bridge is for, and its ports."""
    members = [refs.device(name) for name in record.ports]
    named = by_name(record.name)
    if named is not None:
        if not members:
            return named
        return refs.sentences(
            named, Message("It joins %(devices)s.", {"devices": refs.devices(members)})
        )
    if not members:
        return Message("Linux bridge without ports.")
    return Message("Linux bridge with %(devices)s.", {"devices": refs.devices(members)})


def learned(record: LearnedMac, place: Place) -> Message | None:
    """Whose the MAC is, and how long ago it was heard."""
    who = whose.of_mac(record.mac, place.around)
    holes: dict[str, Param] = {"port": record.port, "age": f"{record.age:g}"}
    if record.local:
        if who is None:
            return Message("The own MAC of port %(port)s.", holes)
        return Message(
            "The own MAC of port %(port)s, %(who)s.",
            {**holes, "who": who},
        )
    if who is None:
        return Message("Heard %(age)s s ago behind port %(port)s.", holes)
    return Message("%(who)s, heard %(age)s s ago behind port %(port)s.", {**holes, "who": who})
