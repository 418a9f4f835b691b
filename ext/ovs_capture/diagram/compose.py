"""Networks -> scene: every element that a picture shows, with the capture lines that prove it.

Lives here: which elements and wires a chosen part of the model becomes. What is chosen is told by
``choice``, ids are given by ``draft``, places by the layout.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from ..network.carriers import kernel_device
from ..network.model import (
    Device,
    Guest,
    GuestNic,
    Namespace,
    Network,
    OvsBridge,
    OvsInterface,
    OvsPort,
)
from ..network.naming import leads_to, patch_label
from ..network.ovs import TUNNEL_TYPES
from ..network.reach import moved_device
from ..network.translations import tag_text, type_of
from ..network.tunnels import End, join_tunnels
from ..store import natural
from .choice import Choice, Reason, Room, rooms, shown, words
from .draft import Draft, Key
from .scene import Scene


def compose(
    networks: Sequence[Network],
    *,
    focus: Collection[str] = (),
    hide: Collection[str] = (),
    language: str = "en",
) -> Scene:
    """The scene of one or several hosts under shared rails.

    ``focus``: guests and namespaces to draw instead of those that were captured from, by title,
    name, UUID, MAC, IP or tap; ``hide``: names of anything not to draw. ``language``: of the hosts'
    titles, which host.toml may give in several; nothing else in a scene is in a language.
    """
    draft = Draft()
    hosts: dict[str, _Host] = {}
    for network in networks:
        if network.rooted:
            host = hosts[network.key] = _Host(draft, network, Choice(network, focus, hide))
            host.draw(language)
        else:
            draft.omit("container", network.title_in(language), Reason.NOT_A_HOST.text, ())
    _join_tunnels(draft, hosts)
    draft.hide(hide, Reason.HIDDEN.text)
    draft.drop_empty("host", Reason.NOTHING_INSIDE.text)
    return draft.scene()


def _join_tunnels(draft: Draft, hosts: "Mapping[str, _Host]") -> None:
    """One wire end to end for a tunnel between two hosts, in place of one at each end."""
    joined = join_tunnels([host.network for host in hosts.values()])
    ends: set[End] = set()
    for tunnel in joined.tunnels:
        one, other = (hosts[key].device_key(name) for key, name in tunnel.ends)
        if draft.drawn(one) and draft.drawn(other):
            labels = {hosts[key].overlay_label(name) for key, name in tunnel.ends}
            label = labels.pop() if len(labels) == 1 else None
            draft.wire(one, other, tunnel.evidence, kind="carried", label=label)
            ends.update(tunnel.ends)
    for key, name in sorted(ends - joined.open):
        for carrier in hosts[key].network.carriers:
            if carrier.upper == name:
                draft.cut(hosts[key].device_key(carrier.lower), hosts[key].device_key(name))


def unmatched(networks: Sequence[Network], names: Iterable[str]) -> tuple[str, ...]:
    """The words of ``focus`` or ``hide`` that no element of these hosts has."""
    known: set[str] = set()
    for network in networks:
        known.add(network.title)
        known.update(network.titles.by_language.values() if network.titles else ())
        known.update(device.name for device in network.devices)
        known.update(bridge.name for bridge in network.bridges)
        known.update(port.name for port in network.ports)
        known.update(attachment.prefix for attachment in network.attachments)
        known.update(word for room in rooms(network) for word in words(room))
    return tuple(name for name in names if name not in known)


class _Host:
    """Draws one host's part of a draft."""

    def __init__(self, draft: Draft, network: Network, choice: Choice) -> None:
        self.draft = draft
        self.network = network
        self.choice = choice
        self.key: Key = ("host", network.key)
        self.rooms = sorted(choice.rooms, key=lambda room: natural(room.title))
        # A tap that two guests claim is nobody's.
        self.taps = {
            nic.tap
            for guest in network.guests
            for nic in guest.nics
            if nic.tap and network.nic_of_tap(nic.tap).one
        }

    def draw(self, language: str) -> None:
        title = self.network.title_in(language)
        names = (self.network.title,)
        self.draft.container(self.key, "host", title, self.network.evidence, words=names)
        for room in self.rooms:
            self._room(room)
        nics = [device for device in self.network.devices if device.kind == "nic"]
        for device in sorted(nics, key=_nic_order(nics)):
            self._device(device)
        for bridge in sorted(self.network.bridges, key=lambda b: natural(b.name)):
            self._ovs_bridge(bridge)
        self._other_devices()
        self._wires()
        self._callouts()
        self._leave_out()

    # Keys

    def device_key(self, name: str) -> Key:
        return ("device", self.network.key, name)

    def _port_key(self, port: OvsPort) -> Key:
        return ("port", self.network.key, port.bridge, port.name)

    def _room_key(self, room: Room) -> Key:
        if isinstance(room, Namespace):
            return ("namespace", self.network.key, room.name)
        return ("guest", self.network.key, room.key)

    def _nic_key(self, room: Guest, nic: GuestNic) -> Key:
        return (*self._holder_key(room, nic), "nic", nic.name, nic.mac or "", nic.tap or "")

    def _holder_key(self, room: Guest, nic: GuestNic) -> Key:
        """The guest's box, or that of the namespace inside it that holds the NIC."""
        key = self._room_key(room)
        return key if nic.namespace is None else (*key, "namespace", nic.namespace)

    def _inner_device_key(self, namespace: str, name: str) -> Key:
        return ("namespace", self.network.key, namespace, "device", name)

    # Boxes

    def _room(self, room: Room) -> None:
        key = self._room_key(room)
        self.draft.container(
            key,
            "namespace" if isinstance(room, Namespace) else "guest",
            room.title,
            room.evidence,
            subtitle=room.subtitle,
            parent=self.key,
            words=words(room),
        )
        if isinstance(room, Namespace):
            for device in sorted(room.devices, key=_nic_order(room.devices)):
                if device.kind not in ("loopback", "bridge") and leads_to(device.name) != "system":
                    inner = self._inner_device_key(room.name, device.name)
                    self._nic(inner, _interface_kind(device), device, key)
            for process in room.processes:
                inner = (*key, "process", process.title)
                self.draft.container(inner, "process", process.title, process.evidence, parent=key)
            return
        for nic in room.nics:
            holder = self._holder_key(room, nic)
            if nic.namespace is not None:
                self.draft.container(holder, "namespace", nic.namespace, nic.evidence, parent=key)
            self._nic(self._nic_key(room, nic), "guest-nic", nic, holder)

    def _nic(self, key: Key, kind: str, nic: GuestNic | Device, holder: Key) -> None:
        self.draft.interface(key, kind, nic.name, holder, nic.evidence, border=True)
        for address in shown(nic.addresses):
            self.draft.address(key, address.ip, address.evidence)

    def _device(self, device: Device) -> None:
        """A device of the root namespace; NICs, and overlays with a rail, are on the border."""
        key = self.device_key(device.name)
        hangs = self.network.prefix_of(device.name) is not None
        border = device.kind == "nic" or (hangs and device.kind != "bond")
        kind = _interface_kind(device)
        self.draft.interface(key, kind, device.name, self.key, device.evidence, border=border)
        for address in shown(device.addresses):
            self.draft.address(key, address.ip, address.evidence)

    def _ovs_bridge(self, bridge: OvsBridge) -> None:
        if bridge.name in self.choice.dropped_bridges:
            self.draft.omit("bridge", bridge.name, Reason.NOT_IN_FOCUS.text, bridge.evidence)
            return
        key: Key = ("bridge", self.network.key, bridge.name)
        self.draft.bridge(key, "ovs", bridge.name, self.key, bridge.evidence)
        for port in sorted(bridge.ports, key=lambda p: natural(p.name)):
            if self.choice.draws(port):
                label = patch_label(port.name) if type_of(port) == "patch" else port.name
                self.draft.port(
                    self._port_key(port),
                    label,
                    key,
                    port.evidence,
                    name=port.name,
                    tag=port.tag,
                    side=self._side(port),
                )
                for interface in port.interfaces:
                    self._ovs_interface(interface)

    def _ovs_interface(self, interface: OvsInterface) -> None:
        """The light box of a port: a device, or a patch or tunnel that only Open vSwitch knows."""
        name = interface.name
        evidence = interface.evidence
        if interface.type in TUNNEL_TYPES:
            name = kernel_device(self.network, interface)
            kind = interface.type if interface.type in ("vxlan", "geneve") else "gre"
            self.draft.interface(self.device_key(name), kind, name, self.key, evidence)
        elif interface.type == "patch":
            key = self.device_key(name)
            self.draft.interface(key, "patch", patch_label(name), self.key, evidence, name=name)
        elif device := self.network.device(name).one:
            self._device(device)
        elif self._moved(interface) is None:
            kind = "internal" if interface.type == "internal" else "nic"
            kind = "tap" if name in self.taps else kind
            self.draft.interface(self.device_key(name), kind, name, self.key, evidence)

    def _moved(self, interface: OvsInterface) -> Key | None:
        """The key of an internal interface's device, where a drawn namespace holds it."""
        if self.network.device(interface.name).items:
            return None
        moved = moved_device(self.network, interface.name)
        if moved is None or not self.choice.has(moved[0]):
            return None
        return self._inner_device_key(moved[0].name, interface.name)

    def _side(self, port: OvsPort) -> str:
        """Towards the NICs or towards the guests."""
        kind = type_of(port)
        if kind == "tunnel" or port.name == port.bridge:
            return "top"
        if kind != "patch":
            return "bottom" if any(i.name in self.choice.kept for i in port.interfaces) else "top"
        peer = next((i.peer[0] for i in port.interfaces if i.peer), None)
        if self._leaves_by(port.bridge) == "nic":
            return "bottom"
        if peer is not None and self._leaves_by(peer) == "nic":
            return "top"
        tunnels = {self._leaves_by(name) for name in (port.bridge, peer) if name}
        return "bottom" if "tunnel" in tunnels else "top"

    def _leaves_by(self, bridge: str) -> str | None:
        """``nic`` or ``tunnel``: how frames leave the host from a bridge."""
        found = self.network.bridge(bridge)
        ports = found.ports if found else ()
        if any(self.choice.leads_out(i.name) for port in ports for i in port.interfaces):
            return "nic"
        return "tunnel" if any(type_of(port) == "tunnel" for port in ports) else None

    def _other_devices(self) -> None:
        """Linux bridges, and devices that are no OVS port's."""
        for device in sorted(self.network.devices, key=lambda d: natural(d.name)):
            if device.kind == "bridge":
                if device.name in self.choice.kept:
                    key = self.device_key(device.name)
                    self.draft.bridge(key, "linux", device.name, self.key, device.evidence)
            elif self.choice.draws_device(device):
                self._device(device)
        for _, nic in self._tapped_nics():
            if nic.tap and not self.draft.drawn(self.device_key(nic.tap)):  # in no listing
                key = self.device_key(nic.tap)
                self.draft.interface(key, "tap", nic.tap, self.key, nic.evidence)

    def _tapped_nics(self) -> Iterator[tuple[Guest, GuestNic]]:
        for room in self.rooms:
            if isinstance(room, Guest):
                yield from ((room, nic) for nic in room.nics if nic.tap in self.taps)

    # Wires. The draft takes only those whose two ends are drawn.

    def _wires(self) -> None:
        attachments = sorted(
            self.network.attachments, key=lambda a: (natural(a.prefix), natural(a.device))
        )
        for attachment in attachments:
            key = self.device_key(attachment.device)
            if self.draft.drawn(key):
                evidence = attachment.evidence
                rail = self.draft.rail(attachment.prefix, attachment.annotation, evidence)
                self.draft.wire(rail, key, evidence)
        for carrier in sorted(self.network.carriers, key=lambda c: natural(c.upper)):
            upper, lower = self.device_key(carrier.upper), self.device_key(carrier.lower)
            label = self.overlay_label(carrier.upper) if carrier.kind == "carried" else None
            self.draft.wire(lower, upper, carrier.evidence, kind=carrier.kind, label=label)
        for port in sorted(self.network.ports, key=lambda p: (natural(p.bridge), natural(p.name))):
            for interface in port.interfaces:
                self._port_wires(port, interface)
        for device in sorted(self.network.devices, key=lambda d: natural(d.name)):
            self._device_wires(device)
        for room in self.rooms:
            if isinstance(room, Namespace):
                self._namespace_wires(room)
        for guest, nic in self._tapped_nics():
            tap = self.device_key(nic.tap or "")
            self.draft.wire(tap, self._nic_key(guest, nic), nic.evidence)

    def overlay_label(self, upper: str) -> str | None:
        """``VXLAN 239`` on an OVS tunnel's wire; several networks are told by callouts only."""
        hold = self.network.ovs_interface(upper).one
        if hold is None or hold[1].type == "geneve":
            return None
        outer = {t.outer for t in self.choice.translations_of(hold[0])}
        return outer.pop().upper() if len(outer) == 1 else None

    def _port_wires(self, port: OvsPort, interface: OvsInterface) -> None:
        name = interface.name
        if interface.type in TUNNEL_TYPES:
            name = kernel_device(self.network, interface)
        key = self._moved(interface) or self.device_key(name)
        label = tag_text(port.tag) if port.tag is not None else None
        self.draft.wire(self._port_key(port), key, interface.evidence, label=label)
        if interface.peer and (other := self._patch_of(*interface.peer)):
            evidence = (*interface.evidence, *other.evidence)
            self.draft.wire(key, self.device_key(other.name), evidence)

    def _patch_of(self, bridge: str, name: str) -> OvsInterface | None:
        port = self.network.port(name, bridge).one
        return next((i for i in port.interfaces if i.type == "patch"), None) if port else None

    def _device_wires(self, device: Device) -> None:
        key = self.device_key(device.name)
        if device.master:
            self.draft.wire(self.device_key(device.master), key, device.evidence)
        if device.peer is not None:
            scope, name = device.peer
            inner = scope.namespace
            other = self._inner_device_key(inner, name) if inner else self.device_key(name)
            self.draft.wire(key, other, device.evidence)

    def _namespace_wires(self, room: Namespace) -> None:
        """Veth pairs from one namespace to another, as between DVR's ``qrouter-`` and ``fip-``."""
        for device in room.devices:
            if device.peer is not None and device.peer[0].namespace is not None:
                key = self._inner_device_key(room.name, device.name)
                other = self._inner_device_key(device.peer[0].namespace, device.peer[1])
                self.draft.wire(key, other, device.evidence)

    def _callouts(self) -> None:
        ordered = sorted(
            self.network.translations, key=lambda t: (natural(t.port), natural(t.inner))
        )
        for t in ordered:
            key: Key = ("port", self.network.key, t.bridge, t.port)
            if t.inner in self.choice.inner and self.draft.drawn(key):
                self.draft.callout(key, t.outer, t.inner, t.direction, t.evidence)

    # What is left out

    def _leave_out(self) -> None:
        for room in rooms(self.network):
            if not self.choice.has(room):
                hidden = room in self.choice.hidden
                reason = Reason.HIDDEN if hidden else Reason.NOT_IN_FOCUS
                self.draft.omit("container", room.title, reason.text, room.evidence)
        told = {bridge.name for bridge in self.network.bridges}
        for port in self.network.ports:
            told.update(interface.name for interface in port.interfaces)
            if verdict := self.choice.verdict(port):
                self.draft.omit("port", port.name, verdict.text, port.evidence)
        for device in self.network.devices:
            if device.name not in told and not self.draft.drawn(self.device_key(device.name)):
                kind = "bridge" if device.kind == "bridge" else "interface"
                why = self.choice.left_out(device)
                self.draft.omit(kind, device.name, why.text, device.evidence)


Order = Callable[[Device], tuple[tuple[int, int, str], ...]]


def _nic_order(devices: Iterable[Device]) -> Order:
    """By ifindex, the order in which the host has them; by name where a device has none."""
    indexed = all(device.ifindex is not None for device in devices)
    return lambda d: ((0, d.ifindex or 0, ""),) if indexed else natural(d.name)


_DRAWN_KINDS = {
    "nic", "bond", "vlan", "vxlan", "geneve", "gre", "tap", "veth", "internal", "macvlan",
}  # fmt: skip


def _interface_kind(device: Device) -> str:
    """The scene's kind; where no listing tells one, a device with an ``@`` is a veth."""
    if device.kind in _DRAWN_KINDS:
        return device.kind
    return "veth" if device.link else "internal"
