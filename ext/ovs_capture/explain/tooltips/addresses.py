"""Tooltips of MAC and IP addresses and of networks: whose they are."""

from ...network.model import Device, Network, Scope
from .. import refs
from ..identity import Entity, mac_of_link_local
from ..message import Message, Param, Ref
from ..surroundings import Owner, Surroundings
from .base import (
    Description,
    Fact,
    address_evidence,
    kind_words,
    named_devices,
    network_of_addresses,
    port_evidence,
    tap_tag,
)


def mac(entity: Entity, around: Surroundings) -> Description:
    """A MAC: of a guest's NIC, else of devices."""
    owner = around.owner_of_mac(entity.name)
    if owner is not None:
        return _of_nic(
            entity, owner, around, Message("MAC of %(nic)s.", {"nic": refs.guests_nic(owner)})
        )
    found = _devices(around, mac=entity.name)
    if not found:
        return Description(entity.name, kind_words(entity))
    host, devices = found
    return Description(
        entity.name,
        kind_words(entity),
        _mac_of(host, devices, around),
        _addresses_of(devices),
        tuple(e for device in devices for e in device.evidence),
    )


def _mac_of(host: Network, devices: tuple[Device, ...], around: Surroundings) -> Message:
    holes: dict[str, Param] = {"devices": named_devices(host, devices)}
    if host.key != around.host:
        holes["host"] = Ref("host", host.key, host.title)
        return Message("MAC of %(devices)s on %(host)s.", holes)
    owner = around.owner_of_tap(devices[0].name) if len(devices) == 1 else None
    if owner is None:
        return Message("MAC of %(devices)s.", holes)
    holes["nic"] = refs.guests_nic(owner)
    return Message("MAC of %(devices)s, the host side of %(nic)s.", holes)


def address(entity: Entity, around: Surroundings) -> Description:
    """An IP address: of a guest's NIC, of devices, of the far end of tunnels."""
    owner = around.owner_of_address(entity.name)
    if owner is not None:
        sentence = Message("Address of %(nic)s.", {"nic": refs.guests_nic(owner)})
        return _of_nic(entity, owner, around, sentence)
    mac = mac_of_link_local(entity.name)
    owner = around.owner_of_mac(mac) if mac else None
    if owner is not None:
        nic = refs.guests_nic(owner)
        sentence = Message("Link-local address made from the MAC of %(nic)s.", {"nic": nic})
        return _of_nic(entity, owner, around, sentence)
    found = _devices(around, address=entity.name)
    if not found:
        return _far_end(entity, around)
    host, devices = found
    holes: dict[str, Param] = {"devices": named_devices(host, devices)}
    sentence = Message("Address of %(devices)s.", holes)
    if host.key != around.host:
        holes["host"] = Ref("host", host.key, host.title)
        sentence = Message("Address of %(devices)s on %(host)s.", holes)
    known = [a for device in devices for a in device.addresses if a.ip == entity.name]
    macs = dict.fromkeys(device.mac for device in devices if device.mac)
    facts: list[Fact] = []
    if macs:
        facts.append(
            (Message("MAC", context="label"), refs.series((refs.mac(m) for m in macs), "plain"))
        )
    facts += network_of_addresses(known)
    return Description(
        entity.name, kind_words(entity), sentence, tuple(facts), address_evidence(known)
    )


def _far_end(entity: Entity, around: Surroundings) -> Description:
    """An address that only tunnels name: the host at their other end."""
    ports = [
        port
        for port in (around.network.ports if around.network else ())
        if any(i.options.get("remote_ip") == entity.name for i in port.interfaces)
    ]
    if not ports:
        return Description(entity.name, kind_words(entity))
    ends = refs.devices([refs.device(port.name) for port in ports])
    return Description(
        entity.name,
        kind_words(entity),
        Message("Far end of %(ports)s.", {"ports": ends}),
        evidence=tuple(e for port in ports for e in port_evidence(port)),
    )


def _of_nic(entity: Entity, owner: Owner, around: Surroundings, sentence: Message) -> Description:
    """A guest NIC's MAC or address: the other of the two, the host side, the network."""
    nic = owner.nic
    known = [a for a in nic.addresses if entity.kind == "mac" or a.ip == entity.name]
    facts: list[Fact] = []
    if entity.kind == "mac":
        ips = refs.telling(a.ip for a in nic.addresses)
        if ips:
            facts.append((Message("Address", context="label"), refs.addresses(ips)))
    elif nic.mac:
        facts.append((Message("MAC", context="label"), refs.mac(nic.mac)))
    if nic.tap:
        facts.append(
            (Message("Host side", context="label"), refs.device(nic.tap, Scope(owner.host)))
        )
    facts += tap_tag(owner, around)
    facts += network_of_addresses(known)
    return Description(
        entity.name,
        kind_words(entity),
        sentence,
        tuple(facts),
        (*nic.evidence, *address_evidence(known)),
    )


def prefix(entity: Entity, around: Surroundings) -> Description:
    """A network, by what hangs on it."""
    network = around.network
    attached = [a for a in network.attachments if a.prefix == entity.name] if network else []
    if not attached:
        return Description(entity.name, kind_words(entity))
    devices = refs.series(refs.device(a.device) for a in attached)
    return Description(
        entity.name,
        kind_words(entity),
        Message("Reached through %(devices)s.", {"devices": devices}),
        (),
        tuple(e for a in attached for e in a.evidence),
    )


def _devices(
    around: Surroundings, *, mac: str = "", address: str = ""
) -> tuple[Network, tuple[Device, ...]] | None:
    """The wanted devices of the one host that has any, the capture's own host first."""
    found = around.with_devices(mac=mac, address=address)
    own = [one for one in found if one[0] is around.home]
    return (own or found)[0] if own or len(found) == 1 else None


def _addresses_of(devices: tuple[Device, ...]) -> tuple[Fact, ...]:
    ips = refs.telling(a.ip for device in devices for a in device.addresses)
    return ((Message("Address", context="label"), refs.addresses(ips)),) if ips else ()
