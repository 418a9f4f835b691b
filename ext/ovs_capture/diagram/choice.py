"""What of a host's model is drawn: the focus, what leads to it, and why the rest is left out.

The drop rules of CORRELATION.md, Selection. Nothing here knows of elements or ids.
"""

from collections.abc import Collection, Iterator, Sequence
from enum import Enum
from functools import cached_property

from ..explain.message import Message
from ..network.devices import drawn_address
from ..network.model import (
    Device,
    DeviceAddress,
    Guest,
    GuestNic,
    Namespace,
    Network,
    OvsInterface,
    OvsPort,
    Translation,
)
from ..network.naming import leads_to, uplink_kinds
from ..network.reach import ends, ends_of_member
from ..network.translations import tag_text, type_of

Room = Guest | Namespace


class Reason(Enum):
    """Why something that a capture shows is not drawn; its msgid is ``Omission.reason``."""

    HIDDEN = Message("hidden by the page")
    NOT_IN_FOCUS = Message("no part of what the picture is about")
    LOCAL_PORT = Message("the bridge's own port, without an address")
    ERROR = Message("Open vSwitch reports an error for it")
    SYSTEM = Message("a device of the system that belongs to no network")
    LOCALNET = Message("every network in the picture leaves through a localnet port")
    UNCONNECTED = Message("nothing in the picture hangs on it")
    NOTHING_INSIDE = Message("nothing of it is in the picture")
    COLLAPSED = Message("one of several equal guests that are drawn as one")
    ALIKE = Message("one of several hosts built alike that are drawn as one")
    BUNDLED = Message("drawn in one box with others like it")
    MESH = Message("one of the tunnels that one line stands for")
    NOT_A_HOST = Message("nothing was captured on the host itself")

    @property
    def text(self) -> str:
        return self.value.msgid


def words(room: Room) -> Iterator[str]:
    """Everything by which a reader may name a guest or a namespace."""
    yield room.title
    if room.subtitle:
        yield room.subtitle
    nics: Sequence[GuestNic | Device]
    if isinstance(room, Namespace):
        yield room.name
        nics = room.devices
    else:
        yield room.key
        if room.uuid:
            yield room.uuid
        nics = room.nics
    for nic in nics:
        if nic.mac:
            yield nic.mac
        yield from (address.ip for address in nic.addresses)
        if isinstance(nic, GuestNic) and nic.tap:
            yield nic.tap


def rooms(network: Network) -> tuple[Room, ...]:
    return (*network.namespaces, *network.guests)


def focused(network: Network, focus: Collection[str] = ()) -> tuple[Room, ...]:
    """Namespaces that were entered and guests that virsh described; ``focus`` overrides.

    ``virsh domiflist`` describes a guest where nothing of the host was captured with ``dumpxml``.
    On a host without any libvirt capture, guests that Open vSwitch's records or ssh prove.
    """
    if focus:
        return tuple(r for r in rooms(network) if not set(focus).isdisjoint(words(r)))
    return tuple(room for room in rooms(network) if _captured(network, room))


def _captured(network: Network, room: Room) -> bool:
    if isinstance(room, Namespace):
        return room.entered
    if "domiflist" in room.proofs and not any("dumpxml" in g.proofs for g in network.guests):
        return True
    return "dumpxml" in room.proofs or (
        not network.described and not {"ssh", "ovs"}.isdisjoint(room.proofs)
    )


def shown(addresses: Sequence[DeviceAddress]) -> list[DeviceAddress]:
    """The addresses that have a place in a picture."""
    return [address for address in addresses if drawn_address(address, addresses)]


class Choice:
    """The choice for one host.

    ``rooms``: guests and namespaces in focus; ``hidden``: those that the page hides. ``kept``:
    devices of the root namespace on the way to the focus. ``inner``: local tags and metadata of the
    access ports that lead there. ``dropped_bridges``: trunk bridges of other guests, and those
    that the tags of a focus named by the page do not reach.
    """

    def __init__(
        self, network: Network, focus: Collection[str] = (), hide: Collection[str] = ()
    ) -> None:
        self.network = network
        self.hidden = tuple(r for r in rooms(network) if not set(hide).isdisjoint(words(r)))
        self.rooms = tuple(r for r in focused(network, focus) if r not in self.hidden)
        self._names = {_identity(room) for room in self.rooms}
        self.kept = self._devices_on_the_way()
        self.dropped_bridges = frozenset(self._trunks_of_others())
        verdicts = {(port.bridge, port.name): self._verdict(port) for port in network.ports}
        self._verdicts = verdicts
        self.inner = frozenset(self._focused_inner())
        if focus:  # the author names what matters; unasked, a host is shown with all its uplinks
            self._drop_unreached(verdicts)
        for port in network.ports:
            if self.draws(port) and type_of(port) == "tunnel" and self._unused_tunnel(port):
                verdicts[port.bridge, port.name] = Reason.LOCALNET

    def has(self, room: Room) -> bool:
        """Is this guest or namespace in focus?"""
        return _identity(room) in self._names

    def verdict(self, port: OvsPort) -> Reason | None:
        """Why a port is left out; None for a port that is drawn."""
        return self._verdicts[port.bridge, port.name]

    def draws(self, port: OvsPort) -> bool:
        return self.verdict(port) is None

    def draws_device(self, device: Device) -> bool:
        """Is a device drawn of itself, and not only as the interface of an OVS port?"""
        if leads_to(device.name) == "system":
            return False
        if device.kind == "nic" or device.name in self.kept:
            return True
        if device.kind not in uplink_kinds() and device.kind != "macvlan":
            return False
        on_bridge = device.master in self._linux_bridges and device.master in self.kept
        return on_bridge or device.kind == "bond" or bool(shown(device.addresses))

    def leads_out(self, name: str) -> bool:
        """Does a device lead out of the host: a NIC, or what is built on one?"""
        device = self.network.device(name).one
        return device is not None and device.kind in uplink_kinds()

    def translations_of(self, port: OvsPort) -> list[Translation]:
        """A port's translations of what is in focus."""
        return [t for t in self._translations(port) if t.inner in self.inner]

    @cached_property
    def _linux_bridges(self) -> frozenset[str]:
        return frozenset(bridge.name for bridge in self.network.linux_bridges)

    @cached_property
    def _by_port(self) -> dict[tuple[str, str], list[Translation]]:
        found: dict[tuple[str, str], list[Translation]] = {}
        for t in self.network.translations:
            found.setdefault((t.bridge, t.port), []).append(t)
        return found

    def _translations(self, port: OvsPort) -> list[Translation]:
        return self._by_port.get((port.bridge, port.name), [])

    def _devices_on_the_way(self) -> frozenset[str]:
        kept: set[str] = set()
        for port in self.network.ports:
            for interface in port.interfaces if type_of(port) == "other" else ():
                for end in ends(self.network, interface.name):
                    if end.owner is None or self.has(end.owner):
                        kept.update(end.path)
        for bridge in self.network.linux_bridges:
            members = self.network.members(bridge.name)
            for member in members:
                for end in ends_of_member(self.network, member) if _may_lead(member) else ():
                    if end.owner and self.has(end.owner):
                        kept.update((*end.path, bridge.name))
            # An addressed bridge over a NIC is the host's own way out, as br-ex is.
            if bridge.addresses and any(not _may_lead(member) for member in members):
                kept.add(bridge.name)
        for room in self.rooms:
            kept |= _outside(room)
        return frozenset(kept)

    def _trunks_of_others(self) -> Iterator[str]:
        """Neutron's trunk bridges (``tbr-``) that lead to nothing in focus.

        A trunk bridge is joined to one other bridge only, by patches that are access ports there.
        """
        for bridge in self.network.bridges:
            pairs = [i.peer for port in bridge.ports for i in port.interfaces if i.peer]
            peers = [self.network.port(name, there).one for there, name in pairs]
            is_trunk = len({there for there, _ in pairs}) == 1 and any(
                peer is not None and peer.tag is not None for peer in peers
            )
            names = [i.name for port in bridge.ports for i in port.interfaces]
            tunnels = any(type_of(port) == "tunnel" for port in bridge.ports)
            used = tunnels or any(name in self.kept or self.leads_out(name) for name in names)
            if is_trunk and not used:
                yield bridge.name

    def _verdict(self, port: OvsPort) -> Reason | None:
        if port.bridge in self.dropped_bridges:
            return Reason.NOT_IN_FOCUS
        if any(interface.error for interface in port.interfaces):
            return Reason.ERROR
        if port.name == port.bridge:
            device = self.network.device(port.name).one
            return None if device and shown(device.addresses) else Reason.LOCAL_PORT
        kind = type_of(port)
        if kind == "patch":
            peers = {interface.peer[0] for interface in port.interfaces if interface.peer}
            return Reason.NOT_IN_FOCUS if peers & self.dropped_bridges else None
        if kind == "tunnel" or not port.interfaces:
            return None
        leads = any(self._leads_somewhere(port, interface) for interface in port.interfaces)
        return None if leads else Reason.NOT_IN_FOCUS

    def _leads_somewhere(self, port: OvsPort, interface: OvsInterface) -> bool:
        if interface.name in self.kept or self.leads_out(interface.name):
            return True
        device = self.network.device(interface.name).one
        if device is None:
            # Nothing shows what it is. A port without tag whose name is no end point's is not an
            # access port; it is drawn, and not as a NIC on the border.
            return (
                not self.network.listed
                and port.tag is None
                and interface.type in (None, "system")
                and leads_to(interface.name) is None
            )
        # A veth pair between two OVS bridges is a patch of old.
        return (
            device.peer is not None
            and device.peer[0].namespace is None
            and bool(self.network.ovs_interface(device.peer[1]).items)
        )

    def _focused_inner(self) -> Iterator[str]:
        for port in self.network.ports:
            if not self.draws(port):
                continue
            if port.tag is not None:
                yield tag_text(port.tag)
            if type_of(port) == "other" and any(i.name in self.kept for i in port.interfaces):
                yield from (t.inner for t in self._translations(port))

    def _drop_unreached(self, verdicts: "dict[tuple[str, str], Reason | None]") -> None:
        """Leave out bridges behind patches that no frame of the focus is translated on.

        Only where flows tell how the focus leaves at all: else nothing is known of any bridge. A
        bridge between two that the focus uses stays.
        """
        uses: set[str] = set()
        near: dict[str, set[str]] = {}
        translated = False
        for port in self.network.ports:
            peers = {interface.peer for interface in port.interfaces if interface.peer}
            for bridge, _ in peers:
                near.setdefault(port.bridge, set()).add(bridge)
            if self.draws(port) and type_of(port) != "patch":
                own = any(interface.name in self.kept for interface in port.interfaces)
                if own or port.name == port.bridge:
                    uses.add(port.bridge)
            if self.translations_of(port):
                translated = True
                uses |= {port.bridge, *(bridge for bridge, _ in peers)}
        if not translated:
            return
        unreached: set[str] = set()
        for start in near.keys() - uses:
            group, waiting, borders = {start}, [start], set()
            while waiting:
                for bridge in near[waiting.pop()]:
                    if bridge in uses:
                        borders.add(bridge)
                    elif bridge not in group:
                        group.add(bridge)
                        waiting.append(bridge)
            if len(borders) < 2:
                unreached |= group
        self.dropped_bridges |= unreached
        for port in self.network.ports:
            verdicts[port.bridge, port.name] = self._verdict(port)

    def _unused_tunnel(self, port: OvsPort) -> bool:
        """A tunnel of OVN that no focused datapath uses: each has a localnet port."""
        if any("local_ip" in interface.options for interface in port.interfaces):
            return False
        datapaths = {inner for inner in self.inner if inner.startswith("metadata")}
        return bool(datapaths) and not self.translations_of(port)

    def left_out(self, device: Device) -> Reason:
        """Why a device of the root namespace is not drawn."""
        if device.kind == "loopback" or leads_to(device.name) == "system":
            return Reason.SYSTEM
        leads = device.kind in ("tap", "veth", "bridge") or device.master is not None
        return Reason.NOT_IN_FOCUS if leads else Reason.UNCONNECTED


def _identity(room: Room) -> tuple[str, str]:
    return ("namespace", room.name) if isinstance(room, Namespace) else ("guest", room.key)


def _may_lead(member: Device) -> bool:
    """May a bridge's member lead to a guest, and not out of the host?"""
    return member.kind not in uplink_kinds()


def _outside(room: Room) -> set[str]:
    """Devices of the root namespace on which a guest's or a namespace's NICs hang."""
    if isinstance(room, Guest):
        return {nic.tap for nic in room.nics if nic.tap}
    return {d.peer[1] for d in room.devices if d.peer and d.peer[0].namespace is None}
