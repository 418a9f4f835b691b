"""What is known around a capture: the model of its host, and of the hosts beside it.

Lives here: the look-ups that may leave a host, and the rule which may (snapshot rule): whose a MAC,
an address, a UUID or a guest's name is, is asked of every host of the scenario; a device, port,
VLAN or table of its own host only. Two different answers are none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..formats.ip_addr import AddressedLink
from ..formats.ip_link import Link
from ..formats.reading import Capture
from ..network.everyone import Everyone, Read
from ..network.model import Device, Guest, GuestNic, Network, Scope


class Owner(NamedTuple):
    """A guest's NIC and the host (its key) whose model knows it."""

    host: str
    guest: Guest
    nic: GuestNic

    @property
    def scope(self) -> Scope:
        """Where the NIC's name means something: inside this guest."""
        return Scope(self.host, self.nic.namespace, self.guest.key)


class HostGuest(NamedTuple):
    """A guest and the host (its key) whose model knows it."""

    host: str
    guest: Guest


@dataclass(frozen=True)
class Surroundings:
    """``network``: the model of the capture's own host, whose key is ``host``; ``others``: the
    models of the scenario's hosts, the own one among them or not. ``asking``: the model of the host
    whose page asks, where that is another one."""

    host: str
    network: Network | None = None
    others: tuple[Network, ...] = ()
    asking: Network | None = None

    @classmethod
    def of(
        cls, network: Network | None, others: Iterable[Network] = (), host: str = ""
    ) -> "Surroundings":
        beside = others if isinstance(others, tuple) else tuple(others)
        return cls(network.key if network else host, network, beside)

    def at(self, host: str) -> "Surroundings":
        """What is known around another host, when it is asked from this one."""
        if self.network and host == self.host:
            return self
        home = self.network_of(Scope(host))
        return Surroundings(host, home, self.others, self.network) if home else self

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """The model of the own host, that of the page's, and all others in order."""
        first = tuple(n for n in (self.network, self.asking) if n)
        if not first:
            return self.others
        return (*first, *(n for n in self.others if all(n is not one for one in first)))

    def having(self, read: Read, key: str) -> tuple[Network, ...]:
        """Of ``networks``, in order, all of which ``read`` finds ``key``, and maybe others."""
        everyone, first = self.others, [n for n in (self.network, self.asking) if n]
        if not isinstance(everyone, Everyone) or not all(map(everyone.holds, first)):
            return self.networks
        found = everyone.having(read, key)
        if len(found) < 2 or not first:
            return found
        ahead = [one for one in first if any(one is n for n in found)]
        return (*ahead, *(n for n in found if all(n is not one for one in ahead)))

    def owner_of_mac(self, mac: str) -> Owner | None:
        """The guest NIC that has this MAC, on whatever host."""
        mac = mac.lower()
        return _same(
            [Owner(n.key, *pair) for pair in n.nic_of_mac(mac).items]
            for n in self.having(_nic_macs, mac)
        )

    def owner_of_address(self, ip: str) -> Owner | None:
        """The guest NIC that has this address. Two networks may use one address: then none."""
        return _same(
            [Owner(n.key, *pair) for pair in n.nic_of_address(ip).items]
            for n in self.having(_nic_addresses, ip)
        )

    def owner_of_tap(self, name: str) -> Owner | None:
        """The guest NIC on the other side of a device of this host."""
        pair = self.network.nic_of_tap(name).one if self.network else None
        if pair is None:
            return None
        owner = Owner(self.host, *pair)
        # The same NIC may be better known beside: by the server's name and UUID.
        return (self.owner_of_mac(owner.nic.mac) if owner.nic.mac else None) or owner

    def guests_named(self, name: str) -> tuple[HostGuest, ...]:
        """Guests that any of their names calls: title, libvirt domain, key, server UUID.

        One guest that two hosts know is told once; more than one answer is ambiguous.
        """
        found: dict[str, HostGuest] = {}
        for network in self.having(_guest_names, name):
            for guest in network.guests_by_name.get(name, ()):
                known = HostGuest(network.key, guest)
                found.setdefault(guest.uuid or f"{network.key} {guest.key}", known)
        return tuple(found.values())

    def guest_in(self, scope: Scope) -> HostGuest | None:
        """The guest that a scope is inside of."""
        if scope.guest is not None:
            for network in self.having(_key, scope.host):
                if network.key == scope.host:
                    for guest in network.guests_by_key.get(scope.guest, ()):
                        return HostGuest(network.key, guest)
        return None

    def network_of(self, scope: Scope) -> Network | None:
        if self.network and self.network.key == scope.host:
            return self.network
        return next((n for n in self.having(_key, scope.host) if n.key == scope.host), None)

    def networks_called(self, name: str) -> tuple[Network, ...]:
        """The hosts that have a key, or a directory of that name."""
        found = self.having(_host_names, name)
        return tuple(n for n in found if name in _host_names(n))

    def with_devices(
        self, *, mac: str = "", address: str = ""
    ) -> tuple[tuple[Network, tuple[Device, ...]], ...]:
        """By host the devices of all its namespaces that have a MAC, or an address."""
        if mac:
            told = [(n, n.devices_by_mac.get(mac, ())) for n in self.having(_device_macs, mac)]
        else:
            networks = self.having(_device_addresses, address)
            told = [(n, n.devices_by_address.get(address, ())) for n in networks]
        return tuple((network, devices) for network, devices in told if devices)

    def scope_of(self, capture: Capture) -> Scope:
        """Where the command of a capture ran.

        An ssh target says that it was a guest, not which (a floating IP can reach several): the
        MACs of the devices that the capture shows do. A guest that nothing identifies is nobody
        else.
        """
        command = capture.command
        if command is None:
            return Scope(self.host)
        if command.ssh is None:
            return Scope(self.host, command.namespace)
        owners = [self.owner_of_mac(mac) for mac in _macs(capture)]
        guests = {(owner.host, owner.guest.key) for owner in owners if owner}
        if len(guests) == 1:
            host, key = guests.pop()
            return Scope(host, command.namespace, key)
        unknown = f"ssh {command.ssh} {capture.source.name}:{capture.line}"
        return Scope(self.host, command.namespace, unknown)


@dataclass(frozen=True)
class Place:
    """A capture, the scope that its command ran in, and what is known around."""

    capture: Capture
    scope: Scope
    around: Surroundings


def _key(network: Network) -> tuple[str, ...]:
    return (network.key,)


def _host_names(network: Network) -> tuple[str, ...]:
    return (network.key, network.key.rsplit("/", 1)[-1])


def _nic_macs(network: Network) -> Iterable[str]:
    return network.nic_macs


def _nic_addresses(network: Network) -> Iterable[str]:
    return network.nic_addresses


def _guest_names(network: Network) -> Iterable[str]:
    return network.guests_by_name


def _device_macs(network: Network) -> Iterable[str]:
    return network.devices_by_mac


def _device_addresses(network: Network) -> Iterable[str]:
    return network.devices_by_address


def _macs(capture: Capture) -> Iterable[str]:
    if not capture.has(Link | AddressedLink):
        return
    for record in capture.parsed.records:
        if isinstance(record, Link | AddressedLink) and record.address:
            yield record.address


def _same(found: Iterable[list[Owner]]) -> Owner | None:
    """The one NIC that all answers are about, told by the host that knows most of it."""
    answers = list(found)
    if any(len(owners) > 1 for owners in answers):
        return None
    owners = [owner for owners in answers for owner in owners]
    if len({o.guest.uuid for o in owners if o.guest.uuid}) > 1:
        return None
    if len({o.nic.mac for o in owners}) > 1:
        return None
    return max(owners, key=lambda o: (bool(o.guest.uuid), bool(o.nic.tap)), default=None)
