"""Notes on ``ovs-vsctl show``, ``ovs-dpctl show`` and the bridges of ``dpif/show``.

What stands in the capture itself (patch peers, tags, tunnel ends) is told with no model too; which
port is a NIC or a guest's comes from the model.
"""

from collections.abc import Iterable, Sequence

from ...formats import ovs_vsctl_show as vsctl
from ...formats.dpctl_show import Datapath, DatapathPort
from ...formats.dpif_show import SwitchBridge
from ...network.model import OvsInterface, OvsPort, Translation
from .. import refs
from ..message import Message, Param, Ref
from ..surroundings import Place, Surroundings
from .devices import by_name, device_facts, device_note, nic_alone, what

# Tag of a port that the Neutron agent has not wired (neutron-lib, ovs_constants.DEAD_VLAN_TAG).
DEAD_VLAN = 4095
# Neutron's and OVN's default name (ovs_agent.ini integration_bridge, ovn-controller(8) ovn-bridge).
INTEGRATION_BRIDGE = "br-int"
TUNNEL_WORDS = {"vxlan": "VXLAN", "geneve": "Geneve", "gre": "GRE", "stt": "STT"}


def open_vswitch(record: vsctl.OpenvSwitch, place: Place) -> Message:
    return Message("This host's Open vSwitch. The UUID tells hosts apart.")


def bridge(record: vsctl.Bridge, place: Place) -> Message | None:
    ports = [p for p in _ports(place) if p.bridge == record.name]
    patches = (_peer(i, place) for p in ports for i in p.interfaces if i.type == "patch")
    return bridge_sentence(
        record.name, ports, [peer.bridge for peer in patches if peer], place.around
    )


def switch_bridge(record: SwitchBridge, place: Place) -> Message | None:
    network = place.around.network
    known = network.bridge(record.name) if network else None
    ports = known.ports if known else ()
    peers = [i.peer[0] for port in ports for i in port.interfaces if i.peer]
    return bridge_sentence(record.name, ports, peers, place.around)


def bridge_sentence(
    name: str,
    ports: Sequence[vsctl.Port | OvsPort],
    peers: Iterable[str],
    around: Surroundings,
) -> Message | None:
    """Which part a bridge has: integration, the way to a physical network, or tunnels.

    ``peers``: the bridges at the other ends of its patch ports.
    """
    others = [refs.bridge(peer) for peer in dict.fromkeys(peers)]
    lead = (
        Message("Patch ports lead to %(bridges)s.", {"bridges": refs.series(others)})
        if others
        else None
    )
    if name == INTEGRATION_BRIDGE:
        return refs.sentences(Message("Integration bridge."), lead)
    return _to_physical(name, ports, around) or _of_tunnels(ports) or lead


def _to_physical(
    name: str, ports: Sequence[vsctl.Port | OvsPort], around: Surroundings
) -> Message | None:
    network = around.network
    if network is None:
        return None
    nics = [
        interface.name
        for port in ports
        for interface in port.interfaces
        if (device := network.device(interface.name).one) and device.kind in ("nic", "bond")
    ]
    if not nics:
        return None
    holes: dict[str, Param] = {"devices": refs.devices([refs.device(nic) for nic in nics])}
    prefixes = dict.fromkeys(p for n in (*nics, name) if (p := network.prefix_of(n)))
    if not prefixes:
        return Message("Bridge to the physical network behind %(devices)s.", holes)
    holes["prefixes"] = refs.series((refs.address(p) for p in prefixes), "plain")
    return Message("Bridge to the physical network behind %(devices)s, %(prefixes)s.", holes)


def _of_tunnels(ports: Sequence[vsctl.Port | OvsPort]) -> Message | None:
    remotes = [
        remote
        for port in ports
        for interface in port.interfaces
        if interface.type in TUNNEL_WORDS and (remote := _fixed(interface, "remote_ip"))
    ]
    if not remotes:
        return None
    return Message("Tunnel bridge, to %(remotes)s.", {"remotes": refs.addresses(remotes)})


def _fixed(interface: vsctl.Interface | OvsInterface, key: str) -> str | None:
    """An end of a tunnel, None when flows choose it (ovs-vswitchd.conf.db(5), Tunnel Options)."""
    value = interface.options.get(key)
    return None if value == "flow" else value


def port(record: vsctl.Port, place: Place) -> Message | None:
    """What a port is, and what it does to tags."""
    first, second = _port_kind(record, place), _port_tags(record, place)
    if any(interface.error for interface in record.interfaces):
        return refs.sentences(first, Message("Open vSwitch reports an error: it is out of use."))
    return refs.sentences(first, second)


def _port_kind(record: vsctl.Port, place: Place) -> Message | None:
    if len(record.interfaces) > 1:
        members = refs.series(refs.device(i.name) for i in record.interfaces)
        return Message("Bond of %(devices)s.", {"devices": members})
    if record.name == record.bridge:
        return Message("The bridge's own internal port.")
    interface = record.interfaces[0] if record.interfaces else None
    if interface is None:
        return None
    if interface.type == "patch":
        return _patch(interface, place)
    if interface.type in TUNNEL_WORDS:
        return tunnel_sentence(interface)
    facts = device_facts(record.name, place.scope, place.around)
    if facts.owner:
        ips = refs.telling(a.ip for a in facts.owner.nic.addresses)
        nic = refs.guests_nic(facts.owner)
        if not ips:
            return Message("%(nic)s.", {"nic": nic})
        return Message("%(nic)s, %(addresses)s.", {"nic": nic, "addresses": refs.addresses(ips)})
    if facts.kind == "nic":
        return nic_alone(facts)
    if interface.type == "internal" and not by_name(record.name):
        return _internal(record, place)
    return what(facts)


def _internal(record: vsctl.Port, place: Place) -> Message:
    """An internal port is the device of its name, in whichever namespace that was put."""
    network = place.around.network
    spaces = [
        space.name
        for space in (network.namespaces if network else ())
        if any(device.name == record.name for device in space.devices)
    ]
    if len(spaces) != 1:
        return Message("Internal port.")
    return Message(
        "Internal port, in namespace %(namespace)s.", {"namespace": Ref("namespace", spaces[0])}
    )


def _patch(interface: vsctl.Interface, place: Place) -> Message:
    peer = interface.options.get("peer")
    if peer is None:
        return Message("Patch port without peer.")
    other = _peer(interface, place)
    return patch_sentence(peer, other.bridge if other else None)


def patch_sentence(peer: str, bridge: str | None) -> Message:
    """``bridge`` None: the peer is nowhere, or does not point back."""
    if bridge is None:
        return Message("Patch to %(port)s.", {"port": refs.device(peer)})
    return Message(
        "Patch to %(port)s on %(bridge)s.",
        {"port": refs.device(peer), "bridge": refs.bridge(bridge)},
    )


def _peer(interface: vsctl.Interface, place: Place) -> vsctl.Port | None:
    """The port whose patch interface is this one's peer and points back."""
    for candidate in _ports(place):
        for other in candidate.interfaces:
            if (
                other.name == interface.options.get("peer")
                and other.options.get("peer") == interface.name
            ):
                return candidate
    return None


def _ports(place: Place) -> list[vsctl.Port]:
    return [r for r in place.capture.parsed.records if isinstance(r, vsctl.Port)]


def tunnel_sentence(interface: vsctl.Interface | OvsInterface) -> Message:
    """Between which ends a tunnel runs, as far as its options fix them."""
    local, remote = _fixed(interface, "local_ip"), _fixed(interface, "remote_ip")
    holes: dict[str, Param] = {"kind": TUNNEL_WORDS[interface.type or ""]}
    if remote is None:
        return Message("%(kind)s tunnel port.", holes)
    holes["remote"] = refs.address(remote)
    if local is None:
        return Message("%(kind)s tunnel to %(remote)s.", holes)
    holes["local"] = refs.address(local)
    return Message("%(kind)s tunnel from %(local)s to %(remote)s.", holes)


def _port_tags(record: vsctl.Port, place: Place) -> Message | None:
    if record.tag == DEAD_VLAN:
        return Message(
            "%(vlan)s is Neutron's dead VLAN: nothing passes.", {"vlan": refs.vlan(DEAD_VLAN)}
        )
    if record.tag is not None and not record.trunks and record.vlan_mode in (None, "access"):
        return Message("Access port of %(vlan)s.", {"vlan": refs.vlan(record.tag)})
    if record.trunks:
        vlans = refs.series(refs.vlan(tag) for tag in record.trunks)
        return Message("Trunk of %(vlans)s.", {"vlans": vlans})
    network = place.around.network
    found = [
        t
        for t in (network.translations if network else ())
        if t.port == record.name and t.bridge == record.bridge
    ]
    return translation_sentence(found)


# More translations than these are counted.
_FEW = 3


def translation_sentence(found: Sequence[Translation]) -> Message | None:
    """What a port does to the tags of frames that enter or leave the bridge."""
    pairs = {(t.inner, t.outer): t for t in found}
    if len(pairs) > _FEW:
        return Message("Translates %(count)s tags.", {"count": len(pairs)})
    if len(pairs) > 1:
        told = refs.series(_pair(inner, outer) for inner, outer in pairs)
        return Message("Outside, %(pairs)s.", {"pairs": told})
    return _one_translation(found[0], len(found) > 1) if pairs else None


def _pair(inner: str, outer: str) -> Message:
    if outer == "untagged":
        return Message("%(inner)s is untagged", {"inner": label(inner)})
    return Message("%(inner)s is %(outer)s", {"inner": label(inner), "outer": label(outer)})


def _one_translation(translation: Translation, both_ways: bool) -> Message:
    inner: dict[str, Param] = {"inner": label(translation.inner)}
    direction = "both" if both_ways else translation.direction
    if translation.outer == "untagged":
        if not translation.inner.startswith("tag "):  # OVN's metadata is on no wire
            inner["bridge"] = refs.bridge(translation.bridge)
            return Message("Inside %(bridge)s its frames have %(inner)s.", inner)
        match direction:
            case "in":
                return Message("Untagged frames get %(inner)s here.", inner)
            case "out":
                return Message("%(inner)s leaves untagged.", inner)
            case _:
                return Message("%(inner)s is untagged outside.", inner)
    both = {**inner, "outer": label(translation.outer)}
    match direction:
        case "in":
            return Message("Frames with %(outer)s get %(inner)s here.", both)
        case "out":
            return Message("%(inner)s leaves as %(outer)s.", both)
        case _:
            return Message("%(inner)s is %(outer)s outside.", both)


_LABEL_WORDS = {"tag": "VLAN", "vxlan": "VXLAN", "geneve": "Geneve", "metadata": "metadata"}


def label(text: str) -> Param:
    """``tag 1``, ``vxlan 239``, ``metadata 3`` of a callout as a name."""
    word, _, number = text.partition(" ")
    if word not in _LABEL_WORDS or not number:
        return text
    value = number if word == "tag" else text
    return Ref("vlan", value, f"{_LABEL_WORDS[word]} {number}")


def datapath(record: Datapath, place: Place) -> Message | None:
    """Whose datapath, and how often its cache knew the packet (ovs-dpctl(8), show)."""
    lookups = record.statistics.get("lookups", {})
    if not {"hit", "missed", "lost"} <= lookups.keys():
        return datapath_kind(record.name)
    counts: dict[str, Param] = {key: lookups[key] for key in ("hit", "missed", "lost")}
    return refs.sentences(
        datapath_kind(record.name),
        Message(
            "Packets: %(hit)s matched a cached flow, %(missed)s went to ovs-vswitchd "
            "(%(lost)s lost).",
            counts,
        ),
    )


def datapath_kind(name: str) -> Message | None:
    """Of ``system@ovs-system`` what is before the ``@``: which program forwards."""
    kinds = {"system": Message("Kernel datapath."), "netdev": Message("Userspace datapath.")}
    return kinds.get(name.partition("@")[0])


def datapath_port(record: DatapathPort, place: Place) -> Message | None:
    return device_note(device_facts(record.name, place.scope, place.around))
