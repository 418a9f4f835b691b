"""When two mentions are one thing: entities and their keys.

A MAC, an IP address and a UUID are the same everywhere. A device, bridge, port, VLAN, namespace
means something only on its host, inside its namespace or guest; a table and a register only in
their bridge as well (snapshot rule). On one host

- a device, an OVS port and an OVS interface of one name are one thing; so are a bridge and its own
  device, which also shares their key, so that a page without a model joins them too;
- the device of an ``internal`` port is that port, in whichever namespace it was put;
- an address with and without its prefix length is one address, but ``172.16.0.0/24`` is a network;
- title, libvirt domain and server UUID of a guest are one guest, on every host when it has a UUID.

What stands for nothing in particular has no entity: zero and broadcast addresses, loopback,
counters. Nor do cookies: the OVS agent stamps one on every flow of a host, so that each mention
would point at hundreds of others.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_interface

from ..formats.base import Kind, Mark
from ..formats.reading import Capture
from ..network.model import Guest, Network, Scope
from .message import Ref, RefKind
from .surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that captures mention. ``key`` is stable, printable, and equal for equal things.

    ``name``: as it is best shown. ``scope`` None: the same everywhere. ``bridge``: of a table or
    register.
    """

    key: str
    kind: RefKind
    name: str
    scope: Scope | None = None
    bridge: str | None = None


def entity_of_mark(
    mark: Mark,
    capture: Capture,
    network: Network | None,
    *,
    others: Iterable[Network] = (),
    host: str = "",
) -> Entity | None:
    """What a token of a capture stands for.

    ``network``: the model of the capture's own host; without it names belong to the host whose key
    is ``host``. ``others``: models of the scenario's other hosts.
    """
    kind = _KIND_OF_MARK.get(mark.kind)
    if kind is None:
        return None
    around = Surroundings.of(network, others, host)
    scope = around.scope_of(capture) if kind in _SCOPED else Scope(around.host)
    value = mark.value
    if kind == "vlan":
        start, end = mark.span.start, mark.span.end
        text = capture.source.text
        value = _with_number_space(value, text[max(0, start - 16) : start], text[end : end + 24])
    return entity_in(kind, value, scope, around, bridge_of(capture))


def entity_of_ref(
    ref: Ref, network: Network | None, *, bridge: str | None = None, others: Iterable[Network] = ()
) -> Entity | None:
    """What a name in a sentence stands for; ``bridge``: the one whose tables it speaks of."""
    return entity_of_name(
        ref.kind, ref.value, network, scope=ref.scope, bridge=bridge, others=others
    )


def entity_of_name(
    kind: RefKind,
    name: str,
    network: Network | None,
    *,
    scope: Scope | None = None,
    bridge: str | None = None,
    others: Iterable[Network] = (),
    host: str = "",
) -> Entity | None:
    """What a name stands for in ``scope`` (None: the root namespace of the network's host)."""
    around = Surroundings.of(network, others, host)
    return entity_in(kind, name, scope or Scope(around.host), around, bridge)


def entity_in(
    kind: RefKind, name: str, scope: Scope, around: Surroundings, bridge: str | None = None
) -> Entity | None:
    """The one place where the identity of a name is decided."""
    name = name.strip()
    if not name:
        return None
    match kind:
        case "device" | "bridge":
            return _device(kind, name, scope, around, bridge)
        case "mac":
            return _mac(name)
        case "address":
            return _address(name)
        case "uuid":
            return _uuid(name, around)
        case "guest":
            return _guest(name, scope, around)
        case "vlan":
            return _vlan(name, Scope(scope.host, guest=scope.guest), around)
        case "table" | "register":
            return _in_bridge(kind, name, scope, bridge)
        case "namespace":
            here = Scope(scope.host, guest=scope.guest)
            return Entity(_key(*_scope_words(here, around), "netns", name), "namespace", name, here)
        case "host":
            return _host(name, around)
        case "cookie" | "counter" | "field" | "code":
            return None


def bridge_of(capture: Capture) -> str | None:
    """The bridge that a capture is about, by its command: ``ovs-ofctl dump-flows br-int``."""
    command = capture.command
    about_a_bridge = (
        command is not None
        and command.program in ("ovs-ofctl", "ovs-appctl")
        and len(command.arguments) > 1
    )
    return command.arguments[1] if command and about_a_bridge else None


# Marks of other kinds (head words, secrets ...) name nothing.
_KIND_OF_MARK: dict[Kind, RefKind] = {
    Kind.DEVICE: "device",
    Kind.BRIDGE: "bridge",
    Kind.MAC: "mac",
    Kind.ADDRESS: "address",
    Kind.VLAN: "vlan",
    Kind.TABLE: "table",
    Kind.REGISTER: "register",
    Kind.GUEST: "guest",
    Kind.NAMESPACE: "namespace",
    Kind.HOST: "host",
    Kind.UUID: "uuid",
}
# The others are the same wherever they were captured.
_SCOPED = {"device", "bridge", "vlan", "table", "register", "guest", "namespace"}

_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")
_UUIDS = re.compile(rf"(?=({_UUID.pattern}))")
# Zero, broadcast, and the group bit that flows use as a mask: nobody's.
_NOBODY = {"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "01:00:00:00:00:00"}
# Port names that OpenFlow reserves (ovs-ofctl(8), "Port names"); LOCAL is the bridge's own device.
_RESERVED_PORTS = {"IN_PORT", "TABLE", "NORMAL", "FLOOD", "ALL", "CONTROLLER", "ANY", "NONE"}


def _device(
    kind: RefKind, name: str, scope: Scope, around: Surroundings, bridge: str | None
) -> Entity | None:
    if name == "LOCAL" and bridge:
        kind, name = "bridge", bridge
    elif name in _RESERVED_PORTS or name == "LOCAL":
        return None
    network = around.network_of(scope)
    if scope.guest is None and network is not None:
        scope, name = _at_its_port(name, scope, network)
        if scope.namespace is None and network.bridge(name):
            kind = "bridge"
    if name.isdecimal() and not (network and network.device(name, scope).items):
        return None  # an OpenFlow or datapath port number: the model does not join them
    return Entity(_key(*_scope_words(scope, around), "device", name), kind, name, scope)


def _at_its_port(name: str, scope: Scope, network: Network) -> tuple[Scope, str]:
    """Scope and whole name of the OVS port that a device name means, else both as given."""
    ports = network.port(name)
    if ports.one is None:
        return scope, name
    port = ports.one
    if port.name != name:  # cut by OpenFlow
        exact = network.device(name, scope).items
        return (scope, name) if exact or scope.namespace else (scope, port.name)
    internal = any(i.name == name and i.type == "internal" for i in port.interfaces)
    return (Scope(scope.host) if internal else scope), name


def _mac(name: str) -> Entity | None:
    mac = name.lower()
    if mac in _NOBODY or not _MAC.fullmatch(mac):
        return None
    return Entity(_key("mac", mac), "mac", mac)


def _address(name: str) -> Entity | None:
    text = canonical_address(name)
    if text is None:
        return None
    return Entity(_key("address", text), "address", text)


def canonical_address(text: str) -> str | None:
    """``172.16.0.112/24`` -> ``172.16.0.112``; ``172.16.0.0/24`` stays, it is a network.

    None for what is nobody's (unspecified, loopback, broadcast) and for what is no address.
    """
    text = text.strip()
    if _PLAIN_IPV4.fullmatch(text):
        return text  # a site's index asks thousands of times
    try:
        if "/" not in text:
            address, network = ip_address(text), None
        else:
            interface = ip_interface(text)
            address, network = interface.ip, interface.network
    except ValueError:
        return None
    if address.is_loopback or address.is_unspecified or text == "255.255.255.255":
        return None
    if network is not None and _names_network(address == network.network_address, network):
        return str(network)
    return str(address)


# Has one spelling only, and is no loopback, unspecified or broadcast address.
_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_PLAIN_IPV4 = re.compile(rf"(?!0\.|127\.|255\.){_BYTE}(?:\.{_BYTE}){{3}}", re.ASCII)


def mac_of_link_local(text: str) -> str | None:
    """The MAC that an ``fe80::`` address was made of (modified EUI-64, RFC 4291 appendix A)."""
    packed = ip_address(text).packed
    if len(packed) != 16 or packed[:8] != b"\xfe\x80" + bytes(6) or packed[11:13] != b"\xff\xfe":
        return None
    return ":".join(f"{byte:02x}" for byte in (packed[8] ^ 2, *packed[9:11], *packed[13:16]))


def _names_network(is_first: bool, network: IPv4Network | IPv6Network) -> bool:
    # The first address of a /31 and of a /32 is a host like any other (RFC 3021).
    return is_first and network.prefixlen < network.max_prefixlen - 1


def _uuid(name: str, around: Surroundings) -> Entity | None:
    uuid = name.lower()
    if not _UUID.fullmatch(uuid):
        return None
    guests = [g for g in around.guests_named(uuid) if g.guest.uuid == uuid]
    if len(guests) == 1:
        return guest_entity(guests[0].host, guests[0].guest)
    return Entity(_key("uuid", uuid), "uuid", uuid)


def uuids_in(text: str) -> Iterable[str]:
    """Everything in a text that would be the name of a UUID, each once, also within other words."""
    return dict.fromkeys(match[1] for match in _UUIDS.finditer(text.lower()))


def _guest(name: str, scope: Scope, around: Surroundings) -> Entity | None:
    inside = around.guest_in(scope)
    if inside is not None and name in inside.guest.names:
        return guest_entity(inside.host, inside.guest)
    guests = around.guests_named(name)
    if len(guests) > 1:
        return None
    if guests:
        return guest_entity(guests[0].host, guests[0].guest)
    return Entity(_key(scope.host, "guest", name), "guest", name, Scope(scope.host))


def guest_entity(host: str, guest: Guest) -> Entity:
    """The entity of a guest of the model."""
    scope = Scope(host, guest=guest.key)
    return Entity(_key(*_guest_words(host, guest)), "guest", guest.title, scope)


# What stands before or behind a number says which numbers it is one of; else it is a VLAN.
_BEFORE = re.compile(r"(?P<metadata>metadata)=$|(?P<vni>tun_id=|vxlan id |geneve id )$")
_BEHIND = re.compile(r"->(?:(?P<metadata>OXM_OF_METADATA|metadata)|(?P<vni>NXM_NX_TUN_ID|tun_id))")


def _with_number_space(value: str, before: str, behind: str) -> str:
    """``metadata 3`` for the 3 of ``metadata=3`` and of ``load:0x3->OXM_OF_METADATA[]``."""
    match = _BEFORE.search(before) or _BEHIND.match(behind)
    return value if match is None else f"{match.lastgroup} {value}"


def _vlan(name: str, scope: Scope, around: Surroundings) -> Entity | None:
    """``1``, ``0x1``, ``metadata 0x3``, ``vni 239``: three kinds of numbers, each its own."""
    *space, number = name.lower().split()
    try:
        value = int(number, 0)
    except ValueError:
        return None
    if value == 0 or len(space) > 1:  # VLAN 0 is "none"
        return None
    of = space[0] if space and space[0] not in ("tag", "vlan") else "vlan"
    of = "vni" if of in ("vxlan", "geneve", "gre") else of
    shown = str(value) if of == "vlan" else f"{of} {value}"
    return Entity(_key(*_scope_words(scope, around), of, str(value)), "vlan", shown, scope)


def _in_bridge(kind: RefKind, name: str, scope: Scope, bridge: str | None) -> Entity | None:
    if bridge is None:
        return None
    name = name.lower() if kind == "register" else name
    return Entity(_key(scope.host, bridge, kind, name), kind, name, Scope(scope.host), bridge)


def _host(name: str, around: Surroundings) -> Entity:
    """A host by its key, or by the name of its directory where only one host has it."""
    found = around.networks_called(name)
    key = found[0].key if len(found) == 1 else name
    return Entity(_key("host", key), "host", name, Scope(key))


def _guest_words(host: str, guest: Guest) -> tuple[str, ...]:
    return ("guest", guest.uuid) if guest.uuid else (host, "guest", guest.key)


def _scope_words(scope: Scope, around: Surroundings) -> tuple[str, ...]:
    words: tuple[str, ...] = (scope.host,)
    if scope.guest is not None:
        known = around.guest_in(scope)
        words = _guest_words(*known) if known else (scope.host, "guest", scope.guest)
    return (*words, "netns", scope.namespace) if scope.namespace else words


# A blank, and what cannot be printed or encoded, would make two keys one, or one unreadable.
_UNPRINTABLE = re.compile(r"[\s%\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def _key(*words: str) -> str:
    """Words joined by blanks; a blank inside a word is written by its number, as is ``%``."""
    return " ".join(_UNPRINTABLE.sub(lambda m: f"%{ord(m[0]):x};", word) or "%;" for word in words)
