"""What is at the far end of a host device: a guest's NIC, a namespace's, or the host's own address.

The way goes through veth pairs and Linux bridges (a tap on ``qbr``, a veth to ``br-int``), never
through an Open vSwitch bridge: there tags decide.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .devices import drawn_address
from .model import Device, DeviceAddress, Guest, GuestNic, Namespace, Network, Scope
from .naming import uplink_kinds


@dataclass(frozen=True)
class End:
    """``owner``: guest or namespace, None for the host itself. ``path``: devices on the way."""

    owner: Guest | Namespace | None
    nic: GuestNic | Device
    path: tuple[str, ...]

    @property
    def addresses(self) -> tuple[DeviceAddress, ...]:
        return tuple(a for a in self.nic.addresses if drawn_address(a, self.nic.addresses))


def ends(network: Network, name: str) -> tuple[End, ...]:
    """Everything that a device of the root namespace leads to."""
    return tuple(_walk(network, name, (), set()))


def ends_of_member(network: Network, member: Device) -> tuple[End, ...]:
    """What a member of a Linux bridge leads to, away from the bridge."""
    return tuple(_walk(network, member.name, (), {member.master or ""}))


def moved_device(network: Network, name: str) -> tuple[Namespace, Device] | None:
    """The device of an internal Interface, in the one namespace that holds it."""
    found = [(n, d) for n in network.namespaces for d in n.devices if d.name == name]
    return found[0] if len(found) == 1 else None


def _walk(network: Network, name: str, path: tuple[str, ...], seen: set[str]) -> Iterator[End]:
    if name in seen:
        return
    seen.add(name)
    path = (*path, name)
    if hold := network.nic_of_tap(name).one:
        yield End(hold[0], hold[1], path)
        return
    device = network.device(name).one
    if device is None:
        if moved := moved_device(network, name):
            yield End(moved[0], moved[1], path)
        return
    if device.peer is not None:
        yield from _across(network, device.peer, path, seen)
    if device.master and _is_linux_bridge(network, device.master):
        yield from _over_bridge(network, device.master, path, seen)
    elif device.addresses and len(path) == 1 and device.kind == "internal":
        yield End(None, device, path)


def _across(
    network: Network, peer: tuple[Scope, str], path: tuple[str, ...], seen: set[str]
) -> Iterator[End]:
    scope, name = peer
    if scope.namespace is not None:
        namespace = next((n for n in network.namespaces if n.name == scope.namespace), None)
        device = network.device(name, scope).one
        if namespace and device:
            yield End(namespace, device, path)
    elif not network.ovs_interface(name).items:
        yield from _walk(network, name, path, seen)


def _over_bridge(
    network: Network, bridge: str, path: tuple[str, ...], seen: set[str]
) -> Iterator[End]:
    if bridge in seen:
        return
    seen.add(bridge)
    path = (*path, bridge)
    device = network.device(bridge).one
    if device and device.addresses:
        yield End(None, device, path)
    for member in network.members(bridge):
        if member.kind not in uplink_kinds() and not network.ovs_interface(member.name).items:
            yield from _walk(network, member.name, path, seen)


def _is_linux_bridge(network: Network, name: str) -> bool:
    # ``master ovs-system`` is the datapath and says nothing about which bridge.
    return any(bridge.name == name for bridge in network.linux_bridges)
