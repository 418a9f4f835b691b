"""What lists of bridge ports add to the devices of a place: bridges, masters, tunnel ends.

``bridge link``, ``brctl show`` and ``bridge fdb`` name the bridge of a device, and prove which
devices are bridges and VXLAN end points, on a host of which no ``ip -d link`` was captured as well.
``/sys/class/net/*/iflink`` has the number of the other end. What ``ip link`` says is not repeated:
where the two differ, the device has two masters, which is told, and it is on neither.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..diagnostic import Diagnostic
from ..formats.brctl_show import LinuxBridge
from ..formats.bridge_fdb import FdbEntry
from ..formats.bridge_link import BridgePort
from ..formats.reading import Capture
from ..formats.sys_iflink import InterfaceLink
from .ambiguity import ambiguous
from .devices import Listing, Sighting
from .model import Evidence, RemoteEnd
from .snapshot import facts, is_whole


@dataclass(frozen=True, slots=True)
class Membership:
    """``device`` is a port of ``bridge``, as one line says."""

    device: str
    bridge: str
    evidence: Evidence
    ifindex: int | None = None


def memberships(captures: Sequence[Capture]) -> tuple[Membership, ...]:
    """Of every printer its last whole list, and what parts of later ones add."""
    found: list[Membership] = []
    for read in (_of_bridge_link, _of_brctl, _of_fdb):
        shown: dict[str, Membership] = {}
        for capture in captures:
            here = list(read(capture))
            if here and is_whole(capture):
                shown.clear()
            shown.update((member.device, member) for member in here)
        found += shown.values()
    return tuple(found)


def _of_bridge_link(capture: Capture) -> Iterator[Membership]:
    """The ``@`` is not taken: the printer looks an index of another namespace up in this one."""
    for port, evidence in facts((capture,), BridgePort):
        if port.master and port.master != port.ifname:
            yield Membership(port.ifname, port.master, evidence, port.ifindex)


def _of_brctl(capture: Capture) -> Iterator[Membership]:
    for bridge, evidence in facts((capture,), LinuxBridge):
        for name in bridge.ports:
            yield Membership(name, bridge.name, evidence)


def _of_fdb(capture: Capture) -> Iterator[Membership]:
    for entry, evidence in facts((capture,), FdbEntry):
        if entry.master and entry.dev and entry.master != entry.dev:
            yield Membership(entry.dev, entry.master, evidence)


def with_bridge_ports(
    shown: Listing, captures: Sequence[Capture]
) -> tuple[Listing, list[Diagnostic]]:
    """The listing with what else is known of its devices, and with the devices that it lacks."""
    devices = {device.name: device for device in shown.devices}
    problems: list[Diagnostic] = []
    members = memberships(captures)
    for bridge in _bridges(captures, members):
        _add(devices, bridge)
    for tunnel in _tunnels(captures):
        _add(devices, tunnel)
    masters: dict[str, list[Membership]] = {}
    for member in members:
        masters.setdefault(member.device, []).append(member)
    for name, told in masters.items():
        problems += _join(devices, name, told)
    for link, evidence in facts(captures, InterfaceLink):
        device = devices.get(link.ifname or "")
        if device is not None and device.link is None and device.ifindex != link.iflink:
            devices[device.name] = replace(
                device,
                iflink=link.iflink,
                evidence=tuple(dict.fromkeys((*device.evidence, evidence))),
            )
    return replace(shown, devices=tuple(devices.values())), problems


def _bridges(captures: Sequence[Capture], members: Iterable[Membership]) -> Iterator[Sighting]:
    """Devices that a list proves to be bridges; an id of brctl ends in the bridge's MAC."""
    for bridge, evidence in facts(captures, LinuxBridge):
        digits = (bridge.bridge_id or "").partition(".")[2]
        mac = ":".join(re.findall("..", digits)) or None
        yield Sighting(name=bridge.name, mac=mac, info_kind="bridge", evidence=(evidence,))
    for member in members:
        yield Sighting(name=member.bridge, info_kind="bridge", evidence=(member.evidence,))


def _tunnels(captures: Sequence[Capture]) -> Iterator[Sighting]:
    """Only VXLAN devices have entries with a remote end; bridge(8), fdb."""
    for entry, evidence in facts(captures, FdbEntry):
        if entry.dst and entry.dev and "self" in entry.flags:
            via = entry.properties.get("via", "")
            details = {"dev": via} if via and not via.isdecimal() else {}
            yield Sighting(name=entry.dev, info_kind="vxlan", details=details, evidence=(evidence,))


def _add(devices: dict[str, Sighting], new: Sighting) -> None:
    """A proof of what a device is, where its listing does not say."""
    known = devices.get(new.name)
    if known is None:
        devices[new.name] = new
    elif known.info_kind is None:
        devices[new.name] = replace(
            known,
            info_kind=new.info_kind,
            mac=known.mac or new.mac,
            details=known.details or new.details,
            evidence=tuple(dict.fromkeys((*known.evidence, *new.evidence))),
        )


def _join(
    devices: dict[str, Sighting], name: str, told: Sequence[Membership]
) -> Iterator[Diagnostic]:
    """Give a device the one master that all lists name."""
    known = devices.get(name) or Sighting(name=name)
    named = dict.fromkeys(member.bridge for member in told)
    if known.master is not None:
        named.setdefault(known.master)
    if len(named) > 1:
        yield ambiguous(name, list(named), told[-1].evidence)
        devices[name] = replace(known, master=None)
        return
    evidence = known.evidence
    if known.master is None:
        evidence = (*evidence, *(member.evidence for member in told))
    index = next((m.ifindex for m in told if m.ifindex is not None), None)
    devices[name] = replace(
        known,
        master=told[0].bridge,
        ifindex=index if known.ifindex is None else known.ifindex,
        evidence=tuple(dict.fromkeys(evidence)),
    )


def remote_ends(captures: Sequence[Capture]) -> tuple[RemoteEnd, ...]:
    """The remote ends of VXLAN devices, by device and address, as ``bridge fdb`` shows them."""
    found: dict[tuple[str, str], list[Evidence]] = {}
    for entry, evidence in facts(captures, FdbEntry):
        if entry.dst and entry.dev and "self" in entry.flags:
            found.setdefault((entry.dev, entry.dst), []).append(evidence)
    return tuple(
        RemoteEnd(device, address, tuple(proofs)) for (device, address), proofs in found.items()
    )
