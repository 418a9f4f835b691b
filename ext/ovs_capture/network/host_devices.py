"""The devices of a host's root namespace: as listed, with the addresses that other captures and
host.toml give them, and the NICs that only a hint or a child device proves."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..diagnostic import Code, Diagnostic
from ..store import Hints
from .devices import Listing, Sighting, as_devices, kinds
from .hints import hinted, hinted_address, unused
from .model import Device, DeviceAddress, Evidence, Scope


def host_devices(
    scope: Scope,
    root: Listing,
    peers: Mapping[tuple[Scope, str], tuple[Scope, str]],
    hints: Hints,
    *,
    internal: Iterable[str],
    bridges: Iterable[str],
    others: Iterable[str],
) -> tuple[tuple[Device, ...], list[Diagnostic]]:
    """Devices, and the hints that no capture bears out.

    ``internal``: OVS interfaces of type internal; ``bridges``: OVS bridges; ``others``: names that
    are proven to be no NIC (taps, patches, tunnels).
    """
    internal, others = {*internal, *bridges}, set(others)
    kind_of = kinds(root, not_nics=internal | others)
    for name in internal & kind_of.keys():
        # Without detail lines only Open vSwitch tells its own devices from NICs.
        if kind_of[name] == "other":
            kind_of[name] = "internal"
    listed = {device.name: device for device in as_devices(root, scope, kind_of)}
    listed = {name: replace(d, peer=peers.get((scope, name))) for name, d in listed.items()}
    problems: list[Diagnostic] = []
    for name, evidence in _parents(root):
        if not root.whole and _is_bare(listed.get(name), root):
            listed[name] = _told(listed.get(name), scope, name, "nic", evidence)
    for name, hint in hints.interfaces.items():
        if not _is_bare(listed.get(name), root):
            continue
        if root.whole or name in others:
            problems.append(unused(hints, name, hint.line))
            continue
        kind = "internal" if name in internal else "nic"
        evidence = hinted(hints, name, hint.line)
        listed[name] = _told(listed.get(name), scope, name, kind, evidence)
    addressed = tuple(_addressed(device, root, hints, problems) for device in listed.values())
    return addressed, problems


def _told(known: Device | None, scope: Scope, name: str, kind: str, evidence: Evidence) -> Device:
    """A device that something besides a listing proves to be of a kind."""
    if known is None:
        return Device(scope=scope, name=name, kind=kind, evidence=(evidence,))
    return replace(known, kind=kind, evidence=(*known.evidence, evidence))


def _is_bare(device: Device | None, root: Listing) -> bool:
    """Is a device in no listing, or known as a bridge's port only?"""
    if device is None:
        return True
    seen = root.named(device.name)
    return device.kind == "other" and seen is not None and seen.link_type is None and not seen.mac


def _parents(root: Listing) -> Iterable[tuple[str, Evidence]]:
    """Devices that others are built on: ``eth2.100@eth2``, ``vxlan id 267 ... dev eth0``."""
    for device in root.devices:
        if device.info_kind in ("vlan", "macvlan", "macvtap", "ipvlan") and device.link:
            if not device.link.startswith("if"):
                yield device.link, device.evidence[0]
        elif device.info_kind in ("vxlan", "geneve", "gre", "gretap") and device.details.get("dev"):
            yield device.details["dev"], device.evidence[0]


def _addressed(device: Device, root: Listing, hints: Hints, problems: list[Diagnostic]) -> Device:
    """Best first: ``ip addr``, the local address of a vxlan over the device, host.toml."""
    shown = list(device.addresses) or list(_tunnel_locals(device.name, root.devices))
    hint = hinted_address(hints, device.name)
    if hint is None:
        return replace(device, addresses=tuple(shown))
    equal = next((address for address in shown if address.ip == hint.ip), None)
    if equal is not None and equal.prefixlen is None:
        merged = replace(
            equal, prefixlen=hint.prefixlen, evidence=(*equal.evidence, *hint.evidence)
        )
        return replace(device, addresses=tuple(merged if a is equal else a for a in shown))
    if equal is None:
        visible = [a for a in shown if not a.ip.lower().startswith(("fe80", "127.", "::1"))]
        same = [a for a in visible if (":" in a.ip) == (":" in hint.ip)]
        if not same:
            return replace(device, addresses=(*shown, hint))
        problems.append(_contradicted(device.name, hint, same[0]))
    return replace(device, addresses=tuple(shown))


def _tunnel_locals(name: str, devices: Iterable[Sighting]) -> Iterable[DeviceAddress]:
    found: dict[str, DeviceAddress] = {}
    for device in devices:
        local = device.details.get("local")
        if device.info_kind == "vxlan" and local and device.details.get("dev") == name:
            found.setdefault(local, DeviceAddress(local, None, device.evidence))
    return found.values()


def _contradicted(name: str, hint: DeviceAddress, shown: DeviceAddress) -> Diagnostic:
    where = hint.evidence[0]
    args = {
        "hint": f"interface.{name}.address",
        "what": name,
        "said": hint.ip,
        "capture": shown.evidence[0].file,
        "shown": shown.ip,
    }
    return Diagnostic(Code.HINT_CONTRADICTED, where.capture.source, where.span, args)
