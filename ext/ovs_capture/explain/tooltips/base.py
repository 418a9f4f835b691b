"""The shape of a tooltip, and what tooltips of several kinds have in common."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_network

from ...network.model import Device, DeviceAddress, Evidence, Network, OvsPort, Scope
from .. import refs
from ..identity import Entity
from ..message import Message, Param, Ref
from ..surroundings import Owner, Surroundings

Fact = tuple[Message, Param]


@dataclass(frozen=True, slots=True)
class Description:
    """A tooltip: name and kind, one sentence, at most four facts, the captures that prove them.

    ``evidence``: at most four, one piece a capture, what proves the sentence first.
    """

    name: str
    kind_words: Message
    sentence: Message | None = None
    facts: tuple[Fact, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def kind_words(entity: Entity) -> Message:
    """What an entity is, where no more is known."""
    match entity.kind:
        case "device":
            return Message("device", context="kind")
        case "bridge":
            return Message("bridge", context="kind")
        case "mac":
            return Message("MAC address", context="kind")
        case "address":
            return Message("network" if "/" in entity.name else "IP address", context="kind")
        case "vlan":
            return Message("VLAN", context="kind")
        case "table":
            return Message("table", context="kind")
        case "register":
            return Message("register", context="kind")
        case "guest":
            return Message("virtual machine", context="kind")
        case "namespace":
            return Message("namespace", context="kind")
        case "host":
            return Message("host", context="kind")
    return Message("UUID", context="kind")


def port_evidence(port: OvsPort) -> tuple[Evidence, ...]:
    """What proves a port and its interfaces."""
    return (*port.evidence, *(e for interface in port.interfaces for e in interface.evidence))


def address_evidence(addresses: Iterable[DeviceAddress]) -> tuple[Evidence, ...]:
    """Who says the addresses."""
    return tuple(e for address in addresses for e in address.evidence)


def network_of_addresses(addresses: Iterable[DeviceAddress]) -> list[Fact]:
    """The one network that addresses are in, by their own prefix lengths."""
    found = {network for a in addresses if (network := _network_of(a.ip, a.prefixlen))}
    if len(found) != 1:
        return []
    return [(Message("Network", context="label"), refs.address(*found))]


def _network_of(ip: str, prefixlen: int | None) -> str | None:
    """None for a lone address, and for link-local: fe80::/64 is on every link."""
    try:
        network = ip_network(f"{ip}/{prefixlen}", strict=False)
    except ValueError:
        return None
    lone = network.prefixlen == network.max_prefixlen
    return None if lone or network.is_link_local else str(network)


def named_devices(host: Network, devices: tuple[Device, ...]) -> Param:
    """Devices of ``host``, a bridge's own as the bridge."""
    return refs.devices(
        [
            refs.bridge(device.name, host.key)
            if device.scope == Scope(host.key) and host.bridge(device.name)
            else refs.device(device.name, device.scope)
            for device in devices
        ]
    )


def tag_of(port: OvsPort, host: str | None = None) -> Param:
    """``1 (tag on br-int)``; ``host``: whose bridge, where it may be another's."""
    scope = Scope(host) if host else None
    return Message(
        "%(tag)s (tag on %(bridge)s)",
        {"tag": Ref("vlan", str(port.tag), scope=scope), "bridge": refs.bridge(port.bridge, host)},
    )


def tap_tag(owner: Owner, around: Surroundings) -> Iterable[Fact]:
    """The tag that the host gives a guest's NIC."""
    network = around.network_of(Scope(owner.host))
    port = network.port(owner.nic.tap).one if network and owner.nic.tap else None
    if port and port.tag is not None:
        yield Message("VLAN", context="label"), tag_of(port, owner.host)
