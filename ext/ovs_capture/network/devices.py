"""Network devices as ``ip link`` and ``ip addr`` list them, what kind each is, and veth pairs.

A device's kind is the first word of its detail line. A physical NIC has none and a bus; it is never
told by its name (CORRELATION.md, Bridges).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address

from ..formats.base import Record
from ..formats.ip_addr import AddressedLink
from ..formats.ip_link import Link
from ..formats.reading import Capture
from ..openflow.values import decimal
from .model import Device, DeviceAddress, Evidence, Scope
from .naming import device_kind, leads_to
from .snapshot import is_whole


@dataclass(frozen=True, slots=True)
class Sighting:
    """A device as all listings of one place show it together.

    ``info_kind`` None: no listing says. ``iflink``: the index of its other end, where only
    ``/sys/class/net`` says it: of which namespace is then unknown.
    """

    name: str
    ifindex: int | None = None
    link: str | None = None
    mac: str | None = None
    master: str | None = None
    link_type: str | None = None
    link_netns: str | None = None
    link_netnsid: int | None = None
    info_kind: str | None = None
    details: dict[str, str] = field(default_factory=dict)
    parent: str | None = None
    detailed: bool = False
    iflink: int | None = None
    addresses: tuple[DeviceAddress, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """All devices of one place. ``whole``: some capture shows every device, so absence is proof."""

    devices: tuple[Sighting, ...] = ()
    whole: bool = False

    def named(self, name: str) -> Sighting | None:
        return next((device for device in self.devices if device.name == name), None)


def listing(captures: Iterable[Capture]) -> Listing:
    """The devices of one place: the last whole listing of each form, with what others add."""
    shown: dict[type[Record], dict[str, Sighting]] = {Link: {}, AddressedLink: {}}
    whole = False
    for capture in captures:
        for form, seen in shown.items():
            if not capture.has(form):
                continue
            records = [record for record in capture.parsed.records if isinstance(record, form)]
            before = dict(seen)
            if is_whole(capture):
                whole = True
                seen.clear()
            for sighting in _sightings(records, capture):
                old = before.get(sighting.name)
                seen[sighting.name] = _with_family(_filled(sighting, old), old, capture)
    merged = dict(shown[Link])
    for name, sighting in shown[AddressedLink].items():
        merged[name] = _filled(merged[name], sighting) if name in merged else sighting
    return Listing(tuple(merged.values()), whole)


def with_namespaces(shown: Listing, names: Mapping[int, str]) -> Listing:
    """A listing whose peers' namespaces have the names that ``ip netns`` gives their ids.

    iproute2 before 5.0 prints ``link-netnsid`` only, later ones ``link-netns`` where they can.
    """
    devices = tuple(
        replace(device, link_netns=device.link_netns or names.get(device.link_netnsid))
        if device.link_netnsid is not None
        else device
        for device in shown.devices
    )
    return replace(shown, devices=devices)


def _sightings(records: Iterable[Record], capture: Capture) -> Iterator[Sighting]:
    """One for each device: ``ip -o addr`` prints a line for each of a device's addresses."""
    found: dict[str, Sighting] = {}
    for record in records:
        new = _sighting(record, capture)
        if (old := found.get(new.name)) is not None:
            new = replace(_filled(new, old), addresses=old.addresses + new.addresses)
        found[new.name] = new
    yield from found.values()


def _sighting(record: Record, capture: Capture) -> Sighting:
    assert isinstance(record, Link | AddressedLink)
    shown = Sighting(
        name=record.ifname,
        ifindex=record.ifindex,
        link=record.link,
        mac=_mac(record.address),
        master=record.master,
        link_type=record.link_type,
        link_netns=record.link_netns,
        link_netnsid=record.link_netnsid,
        evidence=(Evidence(capture, record.span),),
    )
    if isinstance(record, AddressedLink):
        addresses = (
            DeviceAddress(a.local, a.prefixlen, (Evidence(capture, a.span),))
            for a in record.addresses
        )
        return replace(shown, addresses=tuple(addresses))
    options = capture.command.options if capture.command else ()
    return replace(
        shown,
        info_kind=record.info_kind,
        details=record.info_data,
        parent=record.parentdev or record.parentbus,
        detailed=bool(
            record.info_kind
            or record.info_slave_kind
            or "promiscuity" in record.properties
            or {"-d", "-details"} & set(options)
        ),
    )


def _mac(address: str | None) -> str | None:
    return address.lower() if address else None


def _filled(new: Sighting, old: Sighting | None) -> Sighting:
    """What one listing leaves out, another of the same device says."""
    if old is None or _differ(old.mac, new.mac) or _differ(old.ifindex, new.ifindex):
        return new
    return replace(
        new,
        ifindex=old.ifindex if new.ifindex is None else new.ifindex,
        mac=new.mac or old.mac,
        link_type=new.link_type or old.link_type,
        link=new.link or old.link,
        master=new.master or old.master,
        link_netns=new.link_netns or old.link_netns,
        link_netnsid=old.link_netnsid if new.link_netnsid is None else new.link_netnsid,
        info_kind=new.info_kind or old.info_kind,
        details=new.details or old.details,
        parent=new.parent or old.parent,
        detailed=new.detailed or old.detailed,
        addresses=new.addresses or old.addresses,
        evidence=tuple(dict.fromkeys((*new.evidence, *old.evidence))),
    )


def _with_family(new: Sighting, old: Sighting | None, capture: Capture) -> Sighting:
    """``ip -4 addr`` says nothing of IPv6 addresses, ``ip -6 addr`` nothing of IPv4's."""
    options = set(capture.command.words) if capture.command else set()
    if old is None or not {"-4", "-6"} & options:
        return new
    version6 = "-4" in options  # of what is kept
    kept = tuple(a for a in old.addresses if (":" in a.ip) == version6)
    own = tuple(a for a in new.addresses if (":" in a.ip) != version6)
    return replace(new, addresses=own + kept if version6 else kept + own)


def _differ(one: object, other: object) -> bool:
    """What a form does not print (``ip -o addr`` no MAC, ``ip -br`` no index) is no difference."""
    return one is not None and other is not None and one != other


def kinds(
    shown: Listing, *, not_nics: Collection[str] = (), in_root: bool = True
) -> dict[str, str]:
    """The model's kind of every device by name.

    ``not_nics``: names that other captures prove to be something else (ports of type internal,
    taps), needed where no listing has detail lines. ``in_root``: look for the host's NICs.
    """
    found = {device.name: _kind(device) for device in shown.devices}
    plain = [d for d in shown.devices if found[d.name] == "other" and _is_plain_ethernet(d)]
    nics = {d.name for d in plain if d.parent}
    detailed = any(device.detailed for device in shown.devices)
    if not any(device.parent for device in shown.devices):
        masters = {device.master for device in shown.devices}
        nics = {
            d.name
            for d in plain
            if d.detailed
            or (
                not detailed
                and d.name not in not_nics
                and d.name not in masters
                and d.link is None
                and leads_to(d.name) is None
            )
        }
    if in_root and not nics:
        # In a container or a lab a NIC is a veth whose peer's namespace has no name here.
        nics = {
            d.name
            for d in shown.devices
            if found[d.name] == "veth" and d.link_netnsid is not None and d.link_netns is None
        }
    found.update((name, "nic") for name in nics)
    return found


def _kind(device: Sighting) -> str:
    if device.link_type == "loopback":
        return "loopback"
    if device.info_kind == "tun" and device.details.get("type") == "tun":
        return "other"
    return device_kind(device.info_kind) if device.info_kind else "other"


def _is_plain_ethernet(device: Sighting) -> bool:
    # ``ip -br link`` prints the MAC, not of what type it is.
    ether = device.link_type == "ether" or (device.link_type is None and device.mac is not None)
    return ether and device.info_kind is None


def as_devices(shown: Listing, scope: Scope, kind_of: dict[str, str]) -> tuple[Device, ...]:
    """Sightings as devices of the model, in the order of the listing."""
    return tuple(
        Device(
            scope=scope,
            name=device.name,
            kind=kind_of[device.name],
            ifindex=device.ifindex,
            mac=device.mac,
            master=device.master,
            link=device.link,
            details=device.details,
            addresses=device.addresses,
            evidence=device.evidence,
        )
        for device in shown.devices
    )


_INDEX = re.compile(r"if(\d+)")


def veth_pairs(
    places: Sequence[tuple[Scope, Listing]],
) -> dict[tuple[Scope, str], tuple[Scope, str]]:
    """The other end of every veth whose two ends point at each other.

    ``eth0@if8`` gives the peer's ifindex and ``link-netns`` its namespace; several namespaces own
    an index 2, so both directions must agree and one candidate must be left.
    """
    ends = [
        (scope, device)
        for scope, shown in places
        for device in shown.devices
        if (device.link or device.iflink) and device.info_kind in (None, "veth")
    ]
    paired: dict[tuple[Scope, str], tuple[Scope, str]] = {}
    for scope, device in ends:
        others = [
            (there, other)
            for there, other in ends
            if (there, other) != (scope, device)
            and _points_at(scope, device, there, other)
            and _points_at(there, other, scope, device)
        ]
        if len(others) == 1:
            paired[scope, device.name] = (others[0][0], others[0][1].name)
    return {end: other for end, other in paired.items() if paired.get(other) == end}


def _points_at(scope: Scope, device: Sighting, there: Scope, other: Sighting) -> bool:
    if device.link is None:
        return device.iflink == other.ifindex
    index = _INDEX.fullmatch(device.link)
    if index is None:  # the peer is in the same namespace and is told by its name
        return scope == there and device.link == other.name
    if decimal(index[1]) != other.ifindex or scope == there:
        return False
    return device.link_netns is None or device.link_netns == there.namespace


def drawn_address(address: DeviceAddress, siblings: Iterable[DeviceAddress]) -> bool:
    """Is an address worth a place in a picture (CORRELATION.md, Addresses)?"""
    try:
        ip = ip_address(address.ip)
    except ValueError:
        return False
    if ip.is_loopback or ip.is_link_local or ip.is_unspecified:
        return False
    return not (
        address.prefixlen == ip.max_prefixlen
        and any(s.prefixlen not in (None, ip.max_prefixlen) for s in siblings if _same(s, address))
    )


def _same(one: DeviceAddress, other: DeviceAddress) -> bool:
    return (":" in one.ip) == (":" in other.ip) and _routable(one.ip)


def _routable(text: str) -> bool:
    try:
        ip = ip_address(text)
    except ValueError:
        return False
    return not (ip.is_loopback or ip.is_link_local)
