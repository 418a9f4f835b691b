"""What a network device is, and where it hangs: the sentences of notes and tooltips alike.

First what it is, then where it hangs. Each half is said only when a capture proves it: what is not
known is left out, and "on no bridge" needs the whole list of ports.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ...formats.ip_addr import AddressedLink
from ...formats.ip_link import Link
from ...knowledge import table
from ...network.model import Device, Network, OvsPort, Scope
from ...network.naming import device_kind
from .. import refs
from ..message import Message, Param, Ref
from ..surroundings import Owner, Surroundings


@dataclass(frozen=True, kw_only=True)
class DeviceFacts:
    """All that is known of the device ``name`` in ``scope``.

    ``kind``: as of ``Device.kind``, or an OVS interface's type; ``other`` where nothing tells.
    ``port``: the OVS port of this name. ``owner``: the guest NIC that it is, or is the host side
    of. ``link``: what stands behind ``@``. ``details``: the words of its detail line. ``listed``:
    some ``ip`` listing shows it, so that no ``master`` means that it has none.
    """

    name: str
    scope: Scope
    around: Surroundings
    kind: str
    port: OvsPort | None = None
    device: Device | None = None
    owner: Owner | None = None
    link: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    mac: str | None = None
    master: str | None = None
    addresses: tuple[str, ...] = ()
    listed: bool = False

    @property
    def network(self) -> Network | None:
        return self.around.network_of(self.scope)

    @property
    def at_root(self) -> bool:
        """It is in the host's root namespace, where ports and attachments are."""
        return self.scope == Scope(self.scope.host)

    @property
    def is_physical(self) -> bool:
        """A container's NIC is one end of a veth pair: ``eth0@if6``."""
        return self.kind == "nic" and self.link is None

    @property
    def prefix(self) -> str | None:
        """The network that it hangs on."""
        return self.network.prefix_of(self.name) if self.network and self.at_root else None

    @property
    def bridge(self) -> str | None:
        """The bridge that it is a port of: an OVS port's, or the Linux bridge that masters it."""
        if self.port:
            return self.port.bridge
        if self.network is None or self.master is None:
            return None
        found = self.network.device(self.master, self.scope).one
        return found.name if found and found.kind == "bridge" else None

    @property
    def is_bridge(self) -> bool:
        """It is the own device of an OVS bridge."""
        return bool(self.at_root and self.network and self.network.bridge(self.name))


def device_facts(
    name: str,
    scope: Scope,
    around: Surroundings,
    *,
    record: Link | AddressedLink | None = None,
) -> DeviceFacts:
    """What the model and, where there is one, the device's own record say together."""
    network = around.network_of(scope)
    port = _port(name, scope, network)
    device = network.device(name, scope).one if network else None
    if device is None and port is not None and network is not None and _is_internal(port):
        device = _in_a_namespace(name, network)
    mac = (record.address if record else None) or (device.mac if device else None)
    owner = _owner(name, mac, scope, around)
    told = [a.ip for a in device.addresses] if device else []
    if isinstance(record, AddressedLink):
        told += [a.local for a in record.addresses]
    if owner and scope.guest is not None:
        told += [a.ip for a in owner.nic.addresses]
    return DeviceFacts(
        name=name,
        scope=scope,
        around=around,
        kind=_kind(scope, record, device, port, owner),
        port=port,
        device=device,
        owner=owner,
        link=(record.link if record else None) or (device.link if device else None),
        details=(record.info_data if isinstance(record, Link) else None)
        or (device.details if device else {}),
        mac=mac,
        master=record.master if record else (device.master if device else None),
        addresses=refs.telling(told),
        listed=bool(record or device),
    )


def _port(name: str, scope: Scope, network: Network | None) -> OvsPort | None:
    """The OVS port that a device is: inside a namespace only an internal one."""
    port = network.port(name).one if network and scope.guest is None else None
    return port if port and (scope.namespace is None or _is_internal(port)) else None


def _is_internal(port: OvsPort) -> bool:
    return any(i.name == port.name and i.type == "internal" for i in port.interfaces)


def _in_a_namespace(name: str, network: Network) -> Device | None:
    """The device of an internal port that was moved out of the root namespace."""
    found = [d for space in network.namespaces for d in space.devices if d.name == name]
    return found[0] if len(found) == 1 else None


def _owner(name: str, mac: str | None, scope: Scope, around: Surroundings) -> Owner | None:
    if scope.guest is None:
        return around.owner_of_tap(name) if scope == Scope(around.host) else None
    if mac:
        owner = around.owner_of_mac(mac)
        return owner if owner and owner.guest.key == scope.guest else None
    known = around.guest_in(scope)
    nics = [nic for nic in known.guest.nics if nic.name == name] if known else []
    return Owner(known.host, known.guest, nics[0]) if known and len(nics) == 1 else None


def _kind(
    scope: Scope,
    record: Link | AddressedLink | None,
    device: Device | None,
    port: OvsPort | None,
    owner: Owner | None,
) -> str:
    if owner and scope.guest is not None:
        return "guest-nic"
    if port and _is_internal(port) and not owner:
        return "internal"  # in the userspace datapath its device is a tap
    if device and device.kind != "other":
        return device.kind
    if record and (record.link_type == "loopback" or "LOOPBACK" in record.flags):
        return "loopback"
    if isinstance(record, Link):
        if record.info_kind is not None:
            return device_kind(record.info_kind)
        if record.parentbus or record.parentdev:
            return "nic"
    types = {i.type for i in port.interfaces if i.type} if port else set()
    return types.pop() if len(types) == 1 and types <= _OVS_TYPES else "other"


_OVS_TYPES = {"patch", "internal", "vxlan", "geneve", "gre"}


def device_note(facts: DeviceFacts) -> Message | None:
    """What the device is and where it hangs, in two sentences at most."""
    if facts.kind == "nic":
        return _nic(facts)
    return refs.sentences(what(facts), where(facts))


def what(facts: DeviceFacts) -> Message | None:
    """The sentence that says what a device is, None where no capture tells."""
    if facts.is_bridge:
        return Message("Internal port of %(bridge)s itself.", {"bridge": refs.bridge(facts.name)})
    if facts.owner and facts.kind == "guest-nic":
        return Message("%(guest)s's NIC.", {"guest": refs.guest(facts.owner)})
    if facts.owner:
        owner = {"guest": refs.guest(facts.owner), "nic": refs.nic(facts.owner)}
        if facts.kind == "tap" and _of_libvirt(facts.owner):
            return Message("QEMU's tap device, the host side of %(guest)s's %(nic)s.", owner)
        return Message("Host side of %(guest)s's %(nic)s.", owner)
    return by_name(facts.name) or _by_kind(facts)


def _of_libvirt(owner: Owner) -> bool:
    """virsh shows the guest: then QEMU holds its tap (no other libvirt driver of Nova uses one)."""
    return not {"dumpxml", "list", "domiflist"}.isdisjoint(owner.guest.proofs)


def by_name(name: str) -> Message | None:
    """What the name alone tells (knowledge/device_words.toml)."""
    for pattern, sentence in _name_rows():
        if match := pattern.fullmatch(name):
            return Message(sentence, match.groupdict())
    return None


@cache
def _name_rows() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = table("device_words")["name"]
    return tuple((re.compile(row["pattern"]), row["sentence"]) for row in rows)


def word_of_kind(kind: str) -> Message | None:
    """``tap``, ``physical NIC``: the word for a kind of device."""
    row: dict[str, Any] = table("device_words")["kind"].get(kind, {})
    return Message(row["word"], context="kind") if row else None


def _by_kind(facts: DeviceFacts) -> Message | None:
    match facts.kind:
        case "loopback":
            return Message("Loopback.")
        case "internal":
            return Message("Internal port of Open vSwitch.")
        case "tap" if facts.details.get("type") == "tun":
            return Message("Tun device: it carries IP packets, not Ethernet frames.")
        case "tap":
            return Message("Tap device.")
        case "bond" | "bridge":
            return _group(facts)
        case "veth":
            return _veth(facts)
        case "vlan":
            return _vlan(facts)
        case "vxlan":
            return _vxlan(facts)
        case "macvlan" if _is_name(facts.link):
            return Message("macvlan on %(device)s.", {"device": _neighbour(facts, facts.link)})
    return None


def _group(facts: DeviceFacts) -> Message:
    """A bond or Linux bridge, with the members that the listing shows."""
    members = _members(facts)
    listed = {"devices": refs.devices(members)}
    if facts.kind == "bond":
        return Message("Bond with %(devices)s.", listed) if members else Message("Bond.")
    if members:
        return Message("Linux bridge with %(devices)s.", listed)
    return Message("Linux bridge.")


def _members(facts: DeviceFacts) -> list[Ref]:
    if facts.network is None or not facts.at_root:
        return []
    return [refs.device(member.name) for member in facts.network.members(facts.name)]


def _veth(facts: DeviceFacts) -> Message:
    peer = facts.device.peer if facts.device else None
    if peer is None and _is_name(facts.link):
        peer = (facts.scope, facts.link or "")
    if peer is None:
        return Message("One end of a veth pair.")
    scope, name = peer
    holes: dict[str, Param] = {"device": refs.device(name, scope)}
    if scope.namespace is None or scope == facts.scope:
        return Message("One end of a veth pair; the other is %(device)s.", holes)
    holes["namespace"] = Ref("namespace", scope.namespace)
    return Message(
        "One end of a veth pair; the other is %(device)s in namespace %(namespace)s.", holes
    )


def _vlan(facts: DeviceFacts) -> Message | None:
    if not facts.details.get("id"):
        return None
    vlan = refs.vlan(facts.details["id"])
    if not _is_name(facts.link):
        return Message("Device for %(vlan)s.", {"vlan": vlan})
    return Message(
        "%(vlan)s of %(device)s.", {"vlan": vlan, "device": _neighbour(facts, facts.link)}
    )


def _vxlan(facts: DeviceFacts) -> Message | None:
    number = facts.details.get("id")
    if not number:
        return None
    carrier, local = facts.details.get("dev"), facts.details.get("local")
    holes: dict[str, Param] = {"vxlan": Ref("vlan", f"vxlan {number}", f"VXLAN {number}")}
    if not carrier:
        return Message("End point of %(vxlan)s.", holes)
    holes["device"] = _neighbour(facts, carrier)
    if not local:
        return Message("End point of %(vxlan)s, carried by %(device)s.", holes)
    holes["local"] = refs.address(local)
    return Message("End point of %(vxlan)s, carried by %(device)s from %(local)s.", holes)


def _is_name(link: str | None) -> bool:
    """Behind ``@`` stands a name; or ``if8``, an index that ip could not resolve; or ``NONE``."""
    return bool(link) and link != "NONE" and not re.fullmatch(r"if\d+", link or "")


def _neighbour(facts: DeviceFacts, name: str | None) -> Param:
    return refs.device(name or "", None if facts.at_root else facts.scope)


def where(facts: DeviceFacts) -> Message | None:
    """The sentence that says on which bridge a device is, None for a bridge's own."""
    if facts.is_bridge:
        return None
    if facts.owner and facts.kind == "guest-nic":
        return _host_side(facts)
    if facts.port:
        return _on_port(facts.port)
    if facts.kind == "bridge" and by_name(facts.name) and (members := _members(facts)):
        return Message("It joins %(devices)s.", {"devices": refs.devices(members)})
    master = facts.master
    if master is None or master == "ovs-system":  # the datapath says not which bridge
        return None
    if facts.bridge:
        return Message("On %(bridge)s.", {"bridge": _bridge(facts, master)})
    return Message("Member of %(device)s.", {"device": _neighbour(facts, master)})


def _bridge(facts: DeviceFacts, name: str) -> Ref:
    return Ref("bridge", name, scope=None if facts.at_root else facts.scope)


def _on_port(port: OvsPort) -> Message:
    on = refs.bridge(port.bridge)
    if port.tag is not None and not port.trunks:
        return Message("On %(bridge)s in %(vlan)s.", {"bridge": on, "vlan": refs.vlan(port.tag)})
    return Message("On %(bridge)s.", {"bridge": on})


def _host_side(facts: DeviceFacts) -> Message | None:
    owner = facts.owner
    if owner is None or owner.nic.tap is None:
        return None
    tap = refs.device(owner.nic.tap, Scope(owner.host))
    network = facts.around.network_of(Scope(owner.host))
    port = network.port(owner.nic.tap).one if network else None
    if port is None:
        return Message("Its host side is %(tap)s.", {"tap": tap})
    return Message(
        "Its host side is %(tap)s on %(bridge)s.",
        {"tap": tap, "bridge": refs.bridge(port.bridge, owner.host)},
    )


def _nic(facts: DeviceFacts) -> Message:
    """A NIC of the host: its address, its bridge, its network."""
    real = facts.is_physical
    if facts.bridge and facts.prefix:
        return Message(
            "Physical NIC. Port of %(bridge)s, on network %(prefix)s."
            if real
            else "NIC of the host. Port of %(bridge)s, on network %(prefix)s.",
            {"bridge": _bridge(facts, facts.bridge), "prefix": refs.address(facts.prefix)},
        )
    if facts.bridge:
        return Message(
            "Physical NIC. Port of %(bridge)s." if real else "NIC of the host. Port of %(bridge)s.",
            {"bridge": _bridge(facts, facts.bridge)},
        )
    if (member := where(facts)) is not None:
        return refs.sentences(nic_alone(facts), member) or member
    if facts.addresses:
        has = {"addresses": refs.addresses(facts.addresses)}
        if on_no_bridge(facts):
            return Message(
                "Physical NIC. Has %(addresses)s and is on no bridge."
                if real
                else "NIC of the host. Has %(addresses)s and is on no bridge.",
                has,
            )
        return Message(
            "Physical NIC. Has %(addresses)s." if real else "NIC of the host. Has %(addresses)s.",
            has,
        )
    if facts.prefix is None and on_no_bridge(facts):
        return Message("Physical NIC, on no bridge." if real else "NIC of the host, on no bridge.")
    return nic_alone(facts)


def nic_alone(facts: DeviceFacts) -> Message:
    """A NIC of the host with no more than its network."""
    real = facts.is_physical
    if facts.prefix is None:
        return Message("Physical NIC." if real else "NIC of the host.")
    return Message(
        "Physical NIC on network %(prefix)s." if real else "NIC of the host on network %(prefix)s.",
        {"prefix": refs.address(facts.prefix)},
    )


def on_no_bridge(facts: DeviceFacts) -> bool:
    """It has no master, and a whole ``ovs-vsctl show`` has no port of its name.

    The second counts too: in the userspace datapath a port has no master.
    """
    if not facts.listed or facts.master is not None or facts.port or facts.network is None:
        return False
    shown = [e.capture for bridge in facts.network.bridges for e in bridge.evidence]
    return bool(shown) and not any(
        capture.parsed.elided or (capture.command and capture.command.filters) for capture in shown
    )
