"""The model of a host: what its captures say together, each fact with the lines that prove it.

Lives here: the frozen results of correlation, and look-ups on them. Does not live here: how they
are found (one relation per module of this room), how they are drawn or told.

Scopes. A device, bridge, port, VLAN or table name means something only on its host, inside its
namespace or guest (snapshot rule); a MAC, an IP address, a UUID mean the same everywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from ..diagnostic import Diagnostic
from ..formats.reading import Capture
from ..source import Span
from ..store import Title

if TYPE_CHECKING:
    from .logical.model import LogicalNetwork
    from .southbound import Southbound

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """The result of a look-up: nothing, one thing, or several that fit equally well."""

    items: tuple[T, ...]

    @property
    def one(self) -> T | None:
        return self.items[0] if len(self.items) == 1 else None

    @property
    def ambiguous(self) -> bool:
        return len(self.items) > 1


@dataclass(frozen=True, eq=False)
class Evidence:
    """Lines of a capture that prove a fact. ``span``: in the capture's text.

    Two are equal when they are the same lines of the same file.
    """

    capture: Capture = field(repr=False)
    span: Span

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Evidence):
            return NotImplemented
        return self.span == other.span and self.file == other.file

    def __hash__(self) -> int:
        return hash((self.file, self.span))

    @property
    def file(self) -> str:
        return self.capture.source.name

    @property
    def line(self) -> int:
        return self.capture.source.place(self.span.start)[0]

    @property
    def hinted(self) -> bool:
        """Only host.toml says so: no capture shows it."""
        return False


@dataclass(frozen=True, eq=False)
class Hinted(Evidence):
    """Lines of host.toml. ``capture`` holds that file's text, read as no format."""

    @property
    def hinted(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a name means something. ``namespace`` and ``guest`` None: the host's root namespace.

    ``guest``: the guest's key (``Guest.key``).
    """

    host: str
    namespace: str | None = None
    guest: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceAddress:
    """An address with its prefix length (None where the source has none), and who says so."""

    ip: str
    prefixlen: int | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A network device as one ``ip`` listing shows it.

    ``kind``: ``nic``, ``bond``, ``vlan``, ``vxlan``, ``geneve``, ``gre``, ``tap``, ``veth``,
    ``internal``, ``macvlan``, ``bridge``, ``loopback``, ``guest-nic``, ``other``.
    ``link``: what stands behind ``@``. ``peer``: the other end of a veth pair, where both ends
    point at each other. ``details``: words of the detail line (``{"id": "267", "dev": "eth0"}``).
    """

    scope: Scope
    name: str
    kind: str
    ifindex: int | None = None
    mac: str | None = None
    master: str | None = None
    link: str | None = None
    peer: tuple[Scope, str] | None = None
    details: dict[str, str] = field(default_factory=dict)
    addresses: tuple[DeviceAddress, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OvsInterface:
    """An Interface of ``ovs-vsctl show``. ``peer``: (bridge, port), where it points back."""

    name: str
    type: str | None
    options: dict[str, str]
    error: str | None = None
    peer: tuple[str, str] | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OvsPort:
    name: str
    bridge: str
    tag: int | None = None
    trunks: tuple[int, ...] = ()
    vlan_mode: str | None = None
    interfaces: tuple[OvsInterface, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OvsBridge:
    name: str
    ports: tuple[OvsPort, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestNic:
    """A guest's NIC. ``tap``: the host's device it hangs on. ``addresses``: of the best source.

    ``namespace``: the namespace inside the guest that holds the NIC, None for its root.
    """

    name: str
    mac: str | None
    tap: str | None
    namespace: str | None = None
    addresses: tuple[DeviceAddress, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A virtual machine of this host. ``key``: unique on the host (libvirt domain, else id).

    ``proofs``: what shows that it runs here: ``dumpxml``, ``list``, ``domiflist`` (virsh), ``ssh``
    (a NIC inside it has the MAC of a tap of the host), ``ovs`` (an Interface record names it).
    """

    key: str
    title: str
    subtitle: str | None = None
    uuid: str | None = None
    proofs: tuple[str, ...] = ()
    nics: tuple[GuestNic, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that calls it: what ``openstack``, ``virsh`` and the model print."""
        return tuple(name for name in (self.title, self.subtitle, self.key, self.uuid) if name)


@dataclass(frozen=True, slots=True)
class NamespaceProcess:
    """A process that a picture draws in a namespace: ``DHCP agent``, ``Metadata Agent``."""

    title: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """A network namespace.

    ``kind``: ``dhcp``, ``router``, ``metadata``, ``snat``, ``fip``, ``other``. ``entered``:
    something was captured inside it.
    """

    name: str
    kind: str
    title: str
    subtitle: str | None = None
    entered: bool = False
    devices: tuple[Device, ...] = ()
    processes: tuple[NamespaceProcess, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What a port does to a tag: a callout. ``outer``, ``inner``: the scene's texts."""

    bridge: str
    port: str
    outer: str
    inner: str
    direction: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A host NIC (or bond, overlay device) and the network prefix that it hangs on.

    ``annotation``: of an overlay's rail, ``VXLAN 267``.
    """

    device: str
    prefix: str
    annotation: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A device of the host that lies over another: ``upper`` sends through ``lower``.

    ``kind``: ``carried`` for a tunnel or a VLAN device, ``wire`` for a macvlan or a bond's NIC.
    """

    upper: str
    lower: str
    kind: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoteEnd:
    """``device`` (a VXLAN end point) sends to the tunnel end ``address``, by its own entries."""

    device: str
    address: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True)
class Network:
    """Everything that the captures of one host say together.

    ``key``: the host's key (``scenario/host``); ``captures``: those the model was made of, the
    host's own first; ``diagnostics``: contradictions and ambiguities. ``titles``: by language.
    ``rooted``: something was captured in the host's root namespace; without it no host is drawn.
    ``described``: a libvirt capture says which guests are here. ``listed``: a whole listing of the
    root namespace's devices was captured, so that what it lacks is not there. ``evidence``: the
    commands that ran in the root namespace. ``port_numbers``: names of OpenFlow ports as printed,
    by bridge and number; ``ofports.port_name`` looks them up. ``remote_ends``: of VXLAN devices.
    ``southbound``: what the scenario's captures show of OVN's southbound database.
    """

    key: str
    title: str
    titles: Title | None = None
    rooted: bool = True
    described: bool = False
    listed: bool = False
    captures: tuple[Capture, ...] = ()
    bridges: tuple[OvsBridge, ...] = ()
    devices: tuple[Device, ...] = ()
    namespaces: tuple[Namespace, ...] = ()
    guests: tuple[Guest, ...] = ()
    translations: tuple[Translation, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    remote_ends: tuple[RemoteEnd, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    port_numbers: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    southbound: "Southbound | None" = None

    # Look-ups. Each is a dictionary made once: a page asks them for every token.

    @cached_property
    def logical(self) -> "LogicalNetwork":
        """OVN's logical network, as all captures of the scenario tell it; dear, so made once."""
        from .logical.join import logical_network  # joins records by what this module defines

        return logical_network(self.captures)

    @cached_property
    def ports(self) -> tuple[OvsPort, ...]:
        return tuple(port for bridge in self.bridges for port in bridge.ports)

    @cached_property
    def _ports_by_name(self) -> dict[str, tuple[OvsPort, ...]]:
        return _grouped((port.name, port) for port in self.ports)

    @cached_property
    def _nics_by_tap(self) -> dict[str, tuple[tuple[Guest, GuestNic], ...]]:
        return _grouped(
            (nic.tap, (guest, nic)) for guest in self.guests for nic in guest.nics if nic.tap
        )

    @cached_property
    def nics_by_mac(self) -> dict[str, tuple[tuple[Guest, GuestNic], ...]]:
        return _grouped(
            (nic.mac, (guest, nic)) for guest in self.guests for nic in guest.nics if nic.mac
        )

    @cached_property
    def nics_by_address(self) -> dict[str, tuple[tuple[Guest, GuestNic], ...]]:
        return _grouped(
            (address.ip, (guest, nic))
            for guest in self.guests
            for nic in guest.nics
            for address in nic.addresses
        )

    @cached_property
    def _devices_by_name(self) -> dict[tuple[Scope, str], tuple[Device, ...]]:
        return _grouped(((device.scope, device.name), device) for device in self._everywhere)

    @cached_property
    def guests_by_key(self) -> dict[str, tuple[Guest, ...]]:
        return _grouped((guest.key, guest) for guest in self.guests)

    @cached_property
    def guests_by_name(self) -> dict[str, tuple[Guest, ...]]:
        """Guests by everything that calls them."""
        return _grouped((name, guest) for guest in self.guests for name in set(guest.names))

    @cached_property
    def _everywhere(self) -> tuple[Device, ...]:
        """The devices of the root namespace, then those of the others."""
        return (*self.devices, *(device for n in self.namespaces for device in n.devices))

    @cached_property
    def devices_by_mac(self) -> dict[str, tuple[Device, ...]]:
        """Devices of all namespaces, the root's first; so below."""
        return _grouped((device.mac, device) for device in self._everywhere if device.mac)

    @cached_property
    def devices_by_address(self) -> dict[str, tuple[Device, ...]]:
        return _grouped(
            (ip, device) for device in self._everywhere for ip in {a.ip for a in device.addresses}
        )

    def bridge(self, name: str) -> OvsBridge | None:
        return next((bridge for bridge in self.bridges if bridge.name == name), None)

    def port(self, name: str, bridge: str | None = None) -> Found[OvsPort]:
        """Ports by name; OpenFlow cuts names to 15 characters, so a cut name finds its port too."""
        found = self._ports_by_name.get(name, ())
        if not found and len(name) == 15:
            found = tuple(port for port in self.ports if port.name[:15] == name)
        if bridge is not None:
            found = tuple(port for port in found if port.bridge == bridge)
        return Found(found)

    def device(self, name: str, scope: Scope | None = None) -> Found[Device]:
        """Devices by name; ``scope`` None: the host's root namespace."""
        return Found(self._devices_by_name.get((scope or Scope(self.key), name), ()))

    def nic_of_tap(self, name: str) -> Found[tuple[Guest, GuestNic]]:
        """The guest NIC on the other side of a host device."""
        return Found(self._nics_by_tap.get(name, ()))

    def nic_of_mac(self, mac: str) -> Found[tuple[Guest, GuestNic]]:
        return Found(self.nics_by_mac.get(mac, ()))

    def nic_of_address(self, ip: str) -> Found[tuple[Guest, GuestNic]]:
        return Found(self.nics_by_address.get(ip, ()))

    @cached_property
    def linux_bridges(self) -> tuple[Device, ...]:
        return tuple(device for device in self.devices if device.kind == "bridge")

    @cached_property
    def _members(self) -> dict[str, tuple[Device, ...]]:
        return _grouped((device.master, device) for device in self.devices if device.master)

    def members(self, master: str) -> tuple[Device, ...]:
        """Devices of the root namespace whose ``master`` is this bridge or bond."""
        return self._members.get(master, ())

    @cached_property
    def _ovs_interfaces(self) -> dict[str, tuple[tuple[OvsPort, OvsInterface], ...]]:
        return _grouped(
            (interface.name, (port, interface))
            for port in self.ports
            for interface in port.interfaces
        )

    def ovs_interface(self, name: str) -> Found[tuple[OvsPort, OvsInterface]]:
        """The Interface of that name with its Port."""
        return Found(self._ovs_interfaces.get(name, ()))

    def title_in(self, language: str) -> str:
        return self.titles.in_language(language) if self.titles else self.title

    def prefix_of(self, device: str) -> str | None:
        """The network that a host NIC hangs on."""
        return next((a.prefix for a in self.attachments if a.device == device), None)


def _grouped(pairs: Iterable[tuple[object, T]]) -> dict:  # type: ignore[type-arg]  # key types differ
    groups: dict[object, list[T]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
