"""Whose a MAC or an IP address is, as a noun phrase for notes; None where no capture tells.

A MAC and an address may be joined across hosts (snapshot rule). Two different answers are none.
"""

from collections.abc import Sequence
from ipaddress import ip_address

from ...network.model import Device, Network, Scope
from .. import refs
from ..message import Message, Param, Ref
from ..surroundings import Surroundings


def of_mac(mac: str | None, around: Surroundings) -> Param | None:
    """``instance00's eth0``, ``qr-1a in qrouter-2b``, ``eth1 of compute``."""
    if not mac:
        return None
    owner = around.owner_of_mac(mac)
    if owner is not None:
        return refs.guests_nic(owner)
    return _named(_holder(around, mac=mac.lower()), around)


def of_address(ip: str | None, around: Surroundings) -> Param | None:
    """Of whom an address is: of a guest's NIC, else of one device of one host."""
    if not ip or ip not in refs.telling((ip,)):
        return None
    owner = around.owner_of_address(ip)
    if owner is not None:
        return refs.guests_nic(owner)
    return _named(_holder(around, address=str(ip_address(ip))), around)


def host_of_address(ip: str | None, around: Surroundings) -> Ref | None:
    """Another host of the scenario, in whose root namespace an address is."""
    if not ip:
        return None
    found = [
        network
        for network, devices in around.with_devices(address=ip)
        if any(device.scope == Scope(network.key) for device in devices)
    ]
    if len(found) != 1 or found[0].key == around.host:
        return None
    return Ref("host", found[0].key, found[0].title)


def _holder(
    around: Surroundings, *, mac: str = "", address: str = ""
) -> tuple[Network, Device] | None:
    """The one device that fits, the capture's own host first."""
    found: list[tuple[Network, Device]] = []
    for network, devices in around.with_devices(mac=mac, address=address):
        here = _lowest(devices)
        if here and network is around.home:
            return (network, here[0]) if len(here) == 1 else None
        found += [(network, device) for device in here]
    return found[0] if len(found) == 1 else None


def _lowest(devices: Sequence[Device]) -> list[Device]:
    """Without those that have another's MAC: a VLAN of it, the bridge or bond that it is in."""
    names = {(device.scope, device.name) for device in devices}
    masters = {(device.scope, device.master) for device in devices}
    return [
        device
        for device in devices
        if (device.scope, device.link) not in names and (device.scope, device.name) not in masters
    ]


def _named(found: tuple[Network, Device] | None, around: Surroundings) -> Param | None:
    if found is None:
        return None
    network, device = found
    foreign = network.key != around.host
    if device.scope.namespace is not None:
        namespace = Ref("namespace", device.scope.namespace)
        if foreign:
            namespace = Ref("namespace", device.scope.namespace, scope=Scope(network.key))
        holes = {"device": refs.device(device.name, device.scope), "namespace": namespace}
        return Message("%(device)s in namespace %(namespace)s", holes)
    hold = network.nic_of_tap(device.name).one
    if hold is not None and not foreign:
        owner = around.owner_of_tap(device.name)
        if owner is not None:
            return Message("the host side of %(nic)s", {"nic": refs.guests_nic(owner)})
    name = (
        refs.bridge(device.name, network.key if foreign else None)
        if network.bridge(device.name)
        else refs.device(device.name, device.scope if foreign else None)
    )
    if not foreign:
        return name
    return Message("%(host)s's %(device)s", {"host": host(network), "device": name})


def host(network: Network) -> Ref:
    return Ref("host", network.key, network.title)
