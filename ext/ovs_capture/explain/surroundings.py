"""What is known around a capture: the model of its host, and of the hosts beside it.

Lives here: the look-ups that may leave a host, and the rule which may (snapshot rule): whose a MAC,
an address, a UUID or a guest's name is, is asked of every host of the scenario; a device, port,
VLAN or table of its own host only. Two different answers are none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ..formats.ip_addr import AddressedLink
from ..formats.ip_link import Link
from ..formats.reading import Capture
from ..network.model import Guest, GuestNic, Network, Scope


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

    @property
    def names(self) -> tuple[str | None, ...]:
        """Everything that calls it: what ``openstack``, ``virsh`` and the model print."""
        return (self.guest.title, self.guest.subtitle, self.guest.key, self.guest.uuid)


@dataclass(frozen=True)
class Surroundings:
    """``network``: the model of the capture's own host, whose key is ``host``; ``others``: the
    models of the scenario's other hosts."""

    host: str
    network: Network | None = None
    others: tuple[Network, ...] = ()

    @classmethod
    def of(
        cls, network: Network | None, others: Iterable[Network] = (), host: str = ""
    ) -> "Surroundings":
        return cls(network.key if network else host, network, tuple(others))

    @property
    def networks(self) -> tuple[Network, ...]:
        return (self.network, *self.others) if self.network else self.others

    def owner_of_mac(self, mac: str) -> Owner | None:
        """The guest NIC that has this MAC, on whatever host."""
        return _same(
            [Owner(n.key, *pair) for pair in n.nic_of_mac(mac.lower()).items] for n in self.networks
        )

    def owner_of_address(self, ip: str) -> Owner | None:
        """The guest NIC that has this address. Two networks may use one address: then none."""
        return _same(
            [Owner(n.key, *pair) for pair in n.nic_of_address(ip).items] for n in self.networks
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
        for network in self.networks:
            for guest in network.guests:
                known = HostGuest(network.key, guest)
                if name in known.names:
                    found.setdefault(guest.uuid or f"{network.key} {guest.key}", known)
        return tuple(found.values())

    def guest_in(self, scope: Scope) -> HostGuest | None:
        """The guest that a scope is inside of."""
        for network in self.networks:
            if network.key == scope.host:
                for guest in network.guests:
                    if guest.key == scope.guest:
                        return HostGuest(network.key, guest)
        return None

    def network_of(self, scope: Scope) -> Network | None:
        return next((n for n in self.networks if n.key == scope.host), None)

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
