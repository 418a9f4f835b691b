"""Tooltips of devices, ports and bridges."""

from collections.abc import Iterable
from dataclasses import replace

from ...network.model import Evidence, Scope, Translation
from .. import refs
from ..identity import Entity
from ..message import Message, Param, Ref
from ..notes.devices import (
    DeviceFacts,
    device_facts,
    device_note,
    on_no_bridge,
    what,
    where,
    word_of_kind,
)
from ..notes.ovs import (
    TUNNEL_WORDS,
    bridge_sentence,
    patch_sentence,
    translation_sentence,
    tunnel_sentence,
)
from ..surroundings import Owner, Surroundings
from .base import Description, Fact, address_evidence, kind_words, port_evidence, tag_of, tap_tag


def device(entity: Entity, around: Surroundings) -> Description:
    """A device, or an OVS port or interface: what it is, where it hangs, what is beyond."""
    scope = entity.scope or Scope(around.host)
    facts = device_facts(entity.name, scope, around)
    return Description(
        entity.name,
        _device_kind(facts),
        _device_sentence(facts),
        tuple(_device_table(facts)),
        (
            *(facts.owner.nic.evidence if facts.owner else ()),
            *(port_evidence(facts.port) if facts.port else ()),
            *(address_evidence(facts.owner.nic.addresses) if facts.owner else ()),
            *(facts.device.evidence if facts.device else ()),
            *(address_evidence(facts.device.addresses) if facts.device else ()),
            *(e for translation in _translations(facts) for e in translation.evidence),
            *_attachment_evidence(facts),
            *_absence_evidence(facts),
        ),
    )


def _device_kind(facts: DeviceFacts) -> Message:
    """``device · tap``; a patch or tunnel port is no device of the host."""
    word = word_of_kind("host-nic" if facts.kind == "nic" and not facts.is_physical else facts.kind)
    if facts.device is None and facts.port is not None and facts.scope.guest is None:
        if word is None:
            return Message("port", context="kind")
        return Message("port · %(kind)s", {"kind": word})
    if word is None:
        return Message("device", context="kind")
    return Message("device · %(kind)s", {"kind": word})


def _device_sentence(facts: DeviceFacts) -> Message | None:
    interface = facts.port.interfaces[0] if facts.port and facts.port.interfaces else None
    if interface and interface.type == "patch" and interface.options.get("peer"):
        peer = interface.peer[0] if interface.peer else None
        return refs.sentences(patch_sentence(interface.options["peer"], peer), _tags(facts))
    if interface and interface.type in TUNNEL_WORDS:
        return refs.sentences(tunnel_sentence(interface), _tags(facts))
    if facts.kind == "nic":
        return device_note(facts)
    if facts.owner and facts.kind != "guest-nic":
        holes: dict[str, Param] = {"guest": refs.guest(facts.owner), "nic": refs.nic(facts.owner)}
        side = Message("Host side of %(guest)s's %(nic)s.", holes)
        return refs.sentences(side, _attached(facts))
    return refs.sentences(what(facts), where(facts))


def _attached(facts: DeviceFacts) -> Message | None:
    """On which bridge; the VLAN is told in the table of facts."""
    if facts.port is None:
        return where(facts)
    return Message("Attached to %(bridge)s.", {"bridge": refs.bridge(facts.port.bridge)})


def _tags(facts: DeviceFacts) -> Message | None:
    """What a port does to tags."""
    return translation_sentence(_translations(facts))


def _translations(facts: DeviceFacts) -> list[Translation]:
    known = facts.network.translations if facts.network and facts.port else ()
    return [t for t in known if facts.port and t.port == facts.port.name]


def _device_table(facts: DeviceFacts) -> Iterable[Fact]:
    if facts.port and facts.port.tag is not None:
        yield Message("VLAN", context="label"), tag_of(facts.port)
    if facts.mac and facts.kind != "loopback":
        yield Message("MAC", context="label"), refs.mac(facts.mac)
    if facts.addresses:
        yield Message("Address", context="label"), refs.addresses(facts.addresses)
    if facts.owner and facts.kind != "guest-nic":
        yield from _guest_side(facts.owner)
    if facts.owner and facts.kind == "guest-nic":
        yield from tap_tag(facts.owner, facts.around)
    elif facts.prefix:
        yield Message("Network", context="label"), refs.address(facts.prefix)
    if facts.device and facts.device.scope != facts.scope and facts.device.scope.namespace:
        namespace = Ref("namespace", facts.device.scope.namespace)
        yield Message("Namespace", context="label"), namespace


def _guest_side(owner: Owner) -> Iterable[Fact]:
    """The guest's own MAC and addresses: the host side of a tap has others."""
    side: list[Param] = [refs.mac(owner.nic.mac)] if owner.nic.mac else []
    ips = refs.telling(a.ip for a in owner.nic.addresses)
    if ips:
        side.append(refs.addresses(ips))
    if side:
        yield Message("Guest side", context="label"), refs.series(side, "plain")


def linux_bridge(entity: Entity, around: Surroundings) -> Description:
    """A bridge that ``ovs-vsctl show`` does not have: told as the device that it is."""
    described = device(entity, around)
    return replace(described, kind_words=kind_words(entity))


def bridge(entity: Entity, around: Surroundings) -> Description:
    """An OVS bridge: which part it has on its host."""
    network = around.network
    bridge = network.bridge(entity.name) if network else None
    facts = device_facts(entity.name, entity.scope or Scope(around.host), around)
    if bridge is None:
        return Description(entity.name, kind_words(entity))
    told: list[Fact] = [(Message("Ports", context="label"), len(bridge.ports))]
    if facts.mac:
        told.append((Message("MAC", context="label"), refs.mac(facts.mac)))
    if facts.addresses:
        told.append((Message("Address", context="label"), refs.addresses(facts.addresses)))
    peers = [i.peer[0] for port in bridge.ports for i in port.interfaces if i.peer]
    return Description(
        entity.name,
        Message("bridge · %(kind)s", {"kind": "Open vSwitch"}),
        bridge_sentence(bridge.name, bridge.ports, peers, around),
        tuple(told),
        (
            *bridge.evidence,
            *(e for port in bridge.ports for e in port.evidence),
            *(facts.device.evidence if facts.device else ()),
            *_attachment_evidence(facts),
        ),
    )


def _attachment_evidence(facts: DeviceFacts) -> tuple[Evidence, ...]:
    network = facts.network
    if network is None or facts.scope != Scope(network.key):
        return ()
    members = {facts.name}
    if bridge := network.bridge(facts.name):
        members |= {i.name for port in bridge.ports for i in port.interfaces}
    return tuple(e for a in network.attachments if a.device in members for e in a.evidence)


def _absence_evidence(facts: DeviceFacts) -> tuple[Evidence, ...]:
    """What shows that a NIC is on no bridge: the whole list of bridges."""
    if facts.network is None or facts.kind != "nic" or not on_no_bridge(facts):
        return ()
    return tuple(e for bridge in facts.network.bridges for e in bridge.evidence)
