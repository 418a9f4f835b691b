"""Guests of a host: from libvirt, from Open vSwitch's records, or from inside them by ssh.

A guest's NICs are joined by MAC: virsh gives MAC and tap, a listing inside the guest gives the
device's name, its namespace and its addresses. The ssh target is no identity (a floating IP may
reach several guests); the MACs in the output are.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..diagnostic import Diagnostic
from ..formats.reading import Capture
from ..formats.virsh_domiflist import ListedInterface
from ..formats.virsh_dumpxml import DomainDescription, DomainInterface
from ..formats.virsh_list import Domain
from .addresses import Claims
from .ambiguity import ambiguous
from .cloud import Cloud, Server
from .devices import Listing, Sighting, listing
from .model import Device, Evidence, Found, Guest, GuestNic
from .ovsdb import PluggedNic
from .pool import of_each_host
from .snapshot import Place, facts, place_of


@dataclass(frozen=True)
class Inside:
    """The devices that one ssh capture shows inside a guest."""

    capture: Capture
    place: Place
    shown: Listing

    @cached_property
    def macs(self) -> frozenset[str]:
        return frozenset(d.mac for d in self.shown.devices if d.mac and d.link_type == "ether")

    @cached_property
    def by_mac(self) -> dict[str, list[Sighting]]:
        """Devices with a MAC; a VLAN device has that of the one it lies on, which is meant."""
        same: dict[str, list[Sighting]] = {}
        for device in self.shown.devices:
            if device.mac:
                same.setdefault(device.mac, []).append(device)
        return {
            mac: [d for d in devices if d.link is None and d.info_kind is None] or devices
            for mac, devices in same.items()
        }


@dataclass
class _Nic:
    """A NIC as libvirt or a tap tells it, before names and addresses are known."""

    mac: str | None
    tap: str | None
    evidence: list[Evidence] = field(default_factory=list)


@dataclass
class _Guest:
    key: str
    domain: str | None = None
    uuid: str | None = None
    server_name: str | None = None
    ssh_names: list[str] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)
    nics: list[_Nic] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


def insides(captures: Sequence[Capture]) -> tuple[Inside, ...]:
    """Every listing captured over ssh, in order."""
    return tuple(of_each_host(captures, _insides))


def _insides(captures: Sequence[Capture]) -> list[Inside]:
    return [inside for inside in map(_inside, captures) if inside is not None]


def _inside(capture: Capture) -> Inside | None:
    place = place_of(capture)
    if place.ssh is None:
        return None
    shown = listing((capture,))
    return Inside(capture, place, shown) if shown.devices else None


def guests(
    own: Sequence[Capture],
    inside: Sequence[Inside],
    plugged: Sequence[PluggedNic],
    taps: Mapping[str, str],
    host_macs: frozenset[str],
    claims: Claims,
    cloud: Cloud,
    alias: Mapping[str, str],
) -> tuple[tuple[Guest, ...], list[Diagnostic]]:
    """The guests of one host.

    ``own``: the host's captures (libvirt's names are the host's); ``inside``: of the whole
    scenario; ``plugged``: Interfaces that name their machine; ``taps``: MAC of a tap of the host ->
    its name; ``host_macs``: NICs of any host, to which ssh may lead as well.
    """
    found = _by_libvirt(own)
    _by_ovs(found, plugged)
    _by_ssh(found, inside, taps, host_macs)
    _name_targets(found, inside)
    problems: list[Diagnostic] = []
    made = []
    seen = _by_mac(inside, {nic.mac for raw in found.values() for nic in raw.nics if nic.mac})
    for raw in found.values():
        nics = tuple(
            _nic(nic, number, seen, claims, problems, raw.key)
            for number, nic in enumerate(raw.nics)
        )
        made.append(_titled(raw, nics, cloud, alias, problems))
    return tuple(made), problems


def _by_libvirt(captures: Sequence[Capture]) -> dict[str, _Guest]:
    """Domains of ``virsh list`` and ``virsh dumpxml``, joined by name, UUID or id."""
    found: dict[str, _Guest] = {}
    names: dict[str, str] = {}
    for capture in captures:
        if place_of(capture).ssh is None and capture.has(Domain):
            names.clear()
            for domain, evidence in facts((capture,), Domain):
                guest = found.setdefault(domain.name, _Guest(domain.name, domain.name))
                guest.evidence.append(evidence)
                if "list" not in guest.proofs:
                    guest.proofs.append("list")
                if domain.id is not None:
                    names[str(domain.id)] = domain.name
    for capture in captures:
        if place_of(capture).ssh is None:
            for description, interfaces in _domains(capture):
                _describe(found, names, capture, description, interfaces)
    for capture in captures:
        if place_of(capture).ssh is None:
            _list_interfaces(found, names, capture)
    return found


def _list_interfaces(found: dict[str, _Guest], names: Mapping[str, str], capture: Capture) -> None:
    """``virsh domiflist``: the same MACs and taps as ``dumpxml`` has, which says more."""
    rows = list(facts((capture,), ListedInterface))
    words = capture.command.arguments if capture.command else ()
    if not rows or words[:1] != ("domiflist",) or len(words) < 2:
        return
    asked = words[1]
    key = names.get(asked, asked)
    macs = {row.mac for row, _ in rows if row.mac}
    key = next(
        (
            k
            for k, g in found.items()
            if key in (k, g.domain, g.uuid) or any(nic.mac in macs for nic in g.nics)
        ),
        key,
    )
    guest = found.setdefault(key, _Guest(key, _domain_name(key)))
    if "domiflist" not in guest.proofs:
        guest.proofs.append("domiflist")
    guest.uuid = guest.uuid or (asked if _is_uuid(asked) else None)
    guest.evidence += [evidence for _, evidence in rows]
    if "dumpxml" not in guest.proofs:
        guest.nics = [_Nic(row.mac, row.interface, [evidence]) for row, evidence in rows]


Described = tuple[DomainDescription | None, list[DomainInterface]]


def _domains(capture: Capture) -> list[Described]:
    """The domains of one dumpxml capture; fragments without a domain element are one domain."""
    descriptions = [d for d, _ in facts((capture,), DomainDescription)]
    interfaces = [i for i, _ in facts((capture,), DomainInterface)]
    if not descriptions and not interfaces:
        return []
    if len(descriptions) < 2:
        return [(descriptions[0] if descriptions else None, interfaces)]
    groups: list[Described] = [(description, []) for description in descriptions]
    for interface in interfaces:
        holder = next((g for g in groups if g[0] and interface.span in g[0].span), None)
        before = [g for g in groups if g[0] and g[0].span.start <= interface.span.start]
        (holder or (before or groups)[-1])[1].append(interface)
    return groups


def _describe(
    found: dict[str, _Guest],
    names: Mapping[str, str],
    capture: Capture,
    description: DomainDescription | None,
    interfaces: list[DomainInterface],
) -> None:
    asked = _asked_domain(capture)
    name = (description.name if description else None) or names.get(asked or "")
    if name is None and asked in found:
        name = asked
    uuid = (description.uuid if description else None) or (asked if _is_uuid(asked) else None)
    key = name or asked or capture.source.name
    guest = found.setdefault(key, _Guest(key, name or _domain_name(asked)))
    guest.uuid = uuid or guest.uuid
    guest.server_name = (description.server_name if description else None) or guest.server_name
    if "dumpxml" not in guest.proofs:
        guest.proofs.append("dumpxml")
    evidence = [Evidence(capture, record.span) for record in interfaces]
    guest.evidence += evidence or [Evidence(capture, capture.source.span)]
    if interfaces:
        # A later dump of the domain is its state; what an earlier one says is history.
        guest.nics = [
            _Nic(interface.mac.lower() if interface.mac else None, interface.target, [proof])
            for interface, proof in zip(interfaces, evidence, strict=True)
        ]


def _asked_domain(capture: Capture) -> str | None:
    """The domain that ``virsh dumpxml`` was asked for: an id, a name or a UUID."""
    words = capture.command.arguments if capture.command else ()
    return words[words.index("dumpxml") + 1] if "dumpxml" in words[:-1] else None


def _domain_name(asked: str | None) -> str | None:
    return None if asked is None or asked.isdecimal() or _is_uuid(asked) else asked


def _is_uuid(text: str | None) -> bool:
    return bool(text and re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text))


def _by_ovs(found: dict[str, _Guest], plugged: Sequence[PluggedNic]) -> None:
    """Guests that Interface records name by UUID; where libvirt speaks, it alone says which."""
    libvirt = any(guest.proofs for guest in found.values())
    known = {nic.mac for guest in found.values() for nic in guest.nics}
    for nic in plugged:
        holder = next((g for g in found.values() if nic.uuid == (g.uuid or "").lower()), None)
        if holder is None and not libvirt:
            holder = found.setdefault(nic.uuid, _Guest(nic.uuid, uuid=nic.uuid))
        if holder is None:
            continue
        holder.evidence.append(nic.evidence)
        if "ovs" not in holder.proofs:
            holder.proofs.append("ovs")
        if nic.mac not in known:
            known.add(nic.mac)
            holder.nics.append(_Nic(nic.mac, nic.tap, [nic.evidence]))


def _by_ssh(
    found: dict[str, _Guest],
    inside: Sequence[Inside],
    taps: Mapping[str, str],
    host_macs: frozenset[str],
) -> None:
    """Guests that only their taps and an ssh capture prove."""
    known = {nic.mac for guest in found.values() for nic in guest.nics}
    ends = {mac[2:] for mac in taps}
    for capture in inside:
        macs = capture.macs
        if ends.isdisjoint(mac[2:] for mac in macs):
            continue
        if macs & host_macs:
            continue  # ssh led to a host
        mine = sorted(mac for mac in macs if _tap_of(mac, taps) and mac not in known)
        if not mine:
            continue
        holder = next(
            (g for g in found.values() if any(nic.mac in macs for nic in g.nics)), None
        ) or _only_behind(capture, inside, found)
        if holder is None:
            holder = found.setdefault(mine[0], _Guest(mine[0]))
        if "ssh" not in holder.proofs:
            holder.proofs.append("ssh")
        for mac in mine:
            known.add(mac)
            proofs = [
                Evidence(capture.capture, capture.capture.source.span),
            ]
            holder.nics.append(_Nic(mac, _tap_of(mac, taps), proofs))


def _only_behind(
    capture: Inside, inside: Sequence[Inside], found: Mapping[str, _Guest]
) -> _Guest | None:
    """For a listing of a namespace inside a guest: the one guest behind the same ssh target."""
    if capture.place.inner is None:
        return None
    macs = {m for i in inside if i.place.ssh == capture.place.ssh for m in i.macs}
    behind = [g for g in found.values() if any(nic.mac in macs for nic in g.nics)]
    return behind[0] if len(behind) == 1 else None


def _tap_of(mac: str, taps: Mapping[str, str]) -> str | None:
    """libvirt gives a tap the guest's MAC with ``fe`` for its first byte (``fa`` when it is fe)."""
    first = "fa" if mac.startswith("fe") else "fe"
    return taps.get(first + mac[2:]) or taps.get(mac)


def _name_targets(found: Mapping[str, _Guest], inside: Sequence[Inside]) -> None:
    """Host names by which ssh reached a guest; an address is no name."""
    by_mac: dict[str, list[_Guest]] = {}
    for guest in found.values():
        for nic in guest.nics:
            if nic.mac:
                by_mac.setdefault(nic.mac, []).append(guest)
    for capture in inside:
        behind = [guest for mac in capture.macs for guest in by_mac.get(mac, ())]
        target = (capture.place.ssh or "").rpartition("@")[2]
        if behind and re.search("[a-zA-Z]", target) and ":" not in target:
            for guest in behind:
                if target not in guest.ssh_names:
                    guest.ssh_names.append(target)


def _nic(
    raw: _Nic,
    number: int,
    inside: Mapping[str, Sequence[tuple[Place, Sighting]]],
    claims: Claims,
    problems: list[Diagnostic],
    guest: str,
) -> GuestNic:
    seen = Found(tuple(inside.get(raw.mac or "", ())))
    names = {(place.inner, device.name) for place, device in seen.items}
    # Never captured inside: the n-th interface of the domain is ethN.
    name, inner = f"eth{number}", None
    if len(names) == 1:
        inner, name = next(iter(names))
    elif names:
        where = seen.items[-1][1].evidence[0]
        problems.append(ambiguous(raw.mac or "", sorted(device for _, device in names), where))
    if raw.mac:
        problems += claims.disagreements(raw.mac, f"{name} of {guest}")
    evidence = (*raw.evidence, *(e for _, device in seen.items for e in device.evidence))
    return GuestNic(
        name=name,
        mac=raw.mac,
        tap=raw.tap,
        namespace=inner,
        addresses=claims.of(raw.mac),
        evidence=tuple(dict.fromkeys(evidence)),
    )


def _by_mac(inside: Iterable[Inside], wanted: Set[str]) -> dict[str, list[tuple[Place, Sighting]]]:
    """The devices with each MAC; a VLAN device on one has the same MAC, and an ``@``."""
    found: dict[str, list[tuple[Place, Sighting]]] = {}
    for capture in inside:
        for mac in wanted & capture.by_mac.keys():
            same = ((capture.place, device) for device in capture.by_mac[mac])
            found.setdefault(mac, []).extend(same)
    return found


def _titled(
    raw: _Guest,
    nics: tuple[GuestNic, ...],
    cloud: Cloud,
    alias: Mapping[str, str],
    problems: list[Diagnostic],
) -> Guest:
    """OpenStack's name, else libvirt's, else the ssh host's, else the id; subtitle: the domain."""
    ips = [address.ip for nic in nics for address in nic.addresses]
    servers = cloud.server(raw.uuid, ips)
    if servers.ambiguous and raw.evidence:
        problems.append(_ambiguous_server(raw, servers))
    server = servers.one
    name = server.name if server else raw.server_name
    title = name or raw.domain or next(iter(raw.ssh_names), None) or raw.key
    subtitle = raw.domain if raw.domain != title else None
    if shown := next((alias[n] for n in (name, raw.domain, raw.key) if n and n in alias), None):
        title, subtitle = shown, title if subtitle is None else subtitle
    evidence = (*raw.evidence, *((server.evidence,) if server else ()))
    guest = Guest(
        key=raw.key,
        title=title,
        subtitle=subtitle,
        uuid=raw.uuid or (server.id if server else None),
        proofs=tuple(raw.proofs),
        nics=nics,
        evidence=tuple(dict.fromkeys(evidence)),
    )
    return guest if guest.evidence else replace(guest, evidence=_nic_evidence(nics))


def with_taps(devices: Iterable[Device], residents: Iterable[Guest]) -> tuple[Device, ...]:
    """Devices of which only libvirt says that they are its guests' taps."""
    proofs = {
        nic.tap: nic.evidence
        for guest in residents
        for nic in guest.nics
        if nic.tap and not {"dumpxml", "domiflist"}.isdisjoint(guest.proofs)
    }
    return tuple(
        replace(
            device,
            kind="tap",
            evidence=tuple(dict.fromkeys((*device.evidence, *proofs[device.name]))),
        )
        if device.kind == "other" and device.link is None and device.name in proofs
        else device
        for device in devices
    )


def _nic_evidence(nics: Sequence[GuestNic]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(e for nic in nics for e in nic.evidence))


def _ambiguous_server(raw: _Guest, servers: Found[Server]) -> Diagnostic:
    return ambiguous(raw.key, [server.name for server in servers.items], raw.evidence[0])
