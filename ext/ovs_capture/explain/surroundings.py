"""What is known around a capture: the model of its host, and of the hosts beside it.

Lives here: the look-ups that may leave a host, and the rule which may (snapshot rule): whose a MAC,
an address, a UUID or a guest's name is, is asked of every host of the scenario; a device, port,
VLAN or table of its own host only. Two different answers are none.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ..formats.ip_addr import AddressedLink
from ..formats.ip_link import Link
from ..formats.reading import Capture
from ..network.everyone import Everyone, Question, Read
from ..network.model import Device, Guest, GuestNic, Network, Scope
from ..network.pool import of_each_host

if TYPE_CHECKING:
    from ..network.logical.model import LogicalNetwork

T = TypeVar("T")
K = TypeVar("K")


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
    """``home``: the model of the capture's own host, whose key is ``host``; ``others``: the models
    of the scenario's hosts, the own one among them or not. ``asking``: the model of the host whose
    page asks, where that is another one."""

    host: str
    home: Network | None = None
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
        if self.home and host == self.host:
            return self
        home = self._model(host)
        return Surroundings(host, home, self.others, self.home) if home else self

    @cached_property
    def network(self) -> Network | None:
        """What the model of the own host tells."""
        return self._watched(self.home)

    def _watched(self, model: Network | None) -> Network | None:
        everyone = self.others
        if model is None or not isinstance(everyone, Everyone) or everyone.account is None:
            return model
        return everyone.account.watch(model)

    def _model(self, host: str) -> Network | None:
        everyone = self.others
        if isinstance(everyone, Everyone):
            found = everyone.model(host)
        else:
            found = next((n for n in everyone if n.key == host), None)
        self._note("_model", found is not None, None, host)
        return found

    @cached_property
    def _networks(self) -> tuple[Network, ...]:
        """The model of the own host, that of the page's, and all others in order."""
        first = self._first
        if not first:
            return self.others
        return (*first, *(n for n in self.others if all(n is not one for one in first)))

    @property
    def _first(self) -> tuple[Network, ...]:
        return tuple(n for n in (self.home, self.asking) if n)

    def told_by(self, read: Read[T], name: str) -> tuple[tuple[Network, T], ...]:
        """What the models of the hosts tell of a name, those in the order of ``_networks`` that do.

        Of another host's model only its key and titles may be used beside what is told here.
        """
        everyone, first = self.others, self._first
        if isinstance(everyone, Everyone) and all(map(everyone.holds, first)):
            found = everyone.told_by(read, name)
            if len(found) > 1 and first:
                place = {id(network): at for at, network in enumerate(first)}
                found = tuple(sorted(found, key=lambda p: place.get(id(p[0]), len(first))))
        else:
            told = ((network, read(network).get(name)) for network in self._networks)
            found = tuple((network, one) for network, one in told if one is not None)
        self._note("told_by", found, read, name)
        return found

    def told_in_captures(
        self, read: Callable[[Sequence[Capture]], list[Mapping[K, Sequence[T]]]], name: K
    ) -> tuple[T, ...]:
        """What the captures of the whole scenario say of a name, the own host's first.

        Each host's are read once for all who ask, into none or one of the mappings.
        """
        captures = self._networks[0].captures if self._networks else ()
        found = tuple(one for told in of_each_host(captures, read) for one in told.get(name, ()))
        self._note("told_in_captures", found, read, name)
        return found

    @property
    def logical(self) -> "LogicalNetwork | None":
        """OVN's logical network, as the captures of the scenario tell it."""
        return self.network.logical if self.network else None

    def _note(
        self,
        kind: str,
        answer: object,
        read: Callable[[Any], Any] | None = None,
        name: object = None,
    ) -> None:
        everyone = self.others
        if isinstance(everyone, Everyone) and everyone.account is not None:
            asking = self.asking.key if self.asking else None
            everyone.account.note(Question(kind, self.host, asking, read, name), answer)

    def owner_of_mac(self, mac: str) -> Owner | None:
        """The guest NIC that has this MAC, on whatever host."""
        told = self.told_by(_nics_by_mac, mac.lower())
        return _same([Owner(n.key, *pair) for pair in pairs] for n, pairs in told)

    def owner_of_address(self, ip: str) -> Owner | None:
        """The guest NIC that has this address. Two networks may use one address: then none."""
        told = self.told_by(_nics_by_address, ip)
        return _same([Owner(n.key, *pair) for pair in pairs] for n, pairs in told)

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
        for network, guests in self.told_by(_guests_by_name, name):
            for guest in guests:
                known = HostGuest(network.key, guest)
                found.setdefault(guest.uuid or f"{network.key} {guest.key}", known)
        return tuple(found.values())

    def guest_in(self, scope: Scope) -> HostGuest | None:
        """The guest that a scope is inside of."""
        if scope.guest is not None:
            for network, guests in self.told_by(_guests_by_key, scope.guest):
                if network.key == scope.host:
                    return HostGuest(network.key, guests[0])
        return None

    def network_of(self, scope: Scope) -> Network | None:
        """What the model of a host tells."""
        if self.home and self.home.key == scope.host:
            return self.network
        return self._watched(self._model(scope.host))

    def networks_called(self, name: str) -> tuple[Network, ...]:
        """The hosts that have a key, or a directory of that name."""
        return tuple(network for network, _ in self.told_by(_host_names, name))

    def with_devices(
        self, *, mac: str = "", address: str = ""
    ) -> tuple[tuple[Network, tuple[Device, ...]], ...]:
        """By host the devices of all its namespaces that have a MAC, or an address."""
        return self.told_by(_devices_by_mac, mac) if mac else self.told_by(_by_address, address)

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


def again(question: Question, everyone: Everyone) -> object:
    """The answer of another build's models to what was asked of those of this scenario."""
    asking = everyone.model(question.asking) if question.asking else None
    around = Surroundings(question.host, everyone.model(question.host), everyone, asking)
    match question.kind:
        case "told_by" if question.read and isinstance(question.name, str):
            return around.told_by(question.read, question.name)
        case "told_in_captures" if question.read:
            return around.told_in_captures(question.read, question.name)
        case "_model" if isinstance(question.name, str):
            return everyone.model(question.name) is not None
    return None


def _host_names(network: Network) -> Mapping[str, bool]:
    return dict.fromkeys((network.key, network.key.rsplit("/", 1)[-1]), True)


def _nics_by_mac(network: Network) -> Mapping[str, tuple[tuple[Guest, GuestNic], ...]]:
    return network.nics_by_mac


def _nics_by_address(network: Network) -> Mapping[str, tuple[tuple[Guest, GuestNic], ...]]:
    return network.nics_by_address


def _guests_by_name(network: Network) -> Mapping[str, tuple[Guest, ...]]:
    return network.guests_by_name


def _guests_by_key(network: Network) -> Mapping[str, tuple[Guest, ...]]:
    return network.guests_by_key


def _devices_by_mac(network: Network) -> Mapping[str, tuple[Device, ...]]:
    return network.devices_by_mac


def _by_address(network: Network) -> Mapping[str, tuple[Device, ...]]:
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
