"""Which network each host NIC and overlay device hangs on (CORRELATION.md, Rails).

A NIC with an address hangs on its prefix. One without is told by what is behind it: an addressed
end point on the same Linux bridge, or an access port whose frames leave it untagged.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network

from ..diagnostic import Code, Diagnostic
from ..formats.ip_route import Route
from ..formats.reading import Capture
from ..store import Hints
from .addresses import network_of, prefix
from .ambiguity import ambiguous
from .devices import drawn_address
from .hints import hinted
from .model import Attachment, Device, DeviceAddress, Evidence, Network, OvsPort
from .naming import overlay, uplink_kinds
from .reach import End, ends, ends_of_member
from .snapshot import facts, place_of
from .translations import metadata_text, tag_text, type_of

Proven = tuple[str, tuple[Evidence, ...]]


def candidate_prefixes(
    addresses: Iterable[DeviceAddress], others: Iterable[Proven], hints: Hints
) -> tuple[str, ...]:
    """Every prefix that anything states: addresses, subnets, hints."""
    found = [p for address in addresses if (p := prefix(address))]
    found += [_normal(cidr) for cidr, _ in others]
    for hint in hints.interfaces.values():
        if hint.rail:
            found.append(_normal(hint.rail))
    return tuple(dict.fromkeys(found))


def connected_routes(own: Iterable[Capture]) -> Iterator[Proven]:
    """Prefixes that a device of the host has on its own link: ``10.0.0.0/24 dev eth0 scope link``.

    A route to one address is no network, nor is one of IPv6's link-local or multicast.
    """
    places = [c for c in own if place_of(c).ssh is None]
    for route, evidence in facts(places, Route):
        on_link = route.via is None and not route.nexthops and route.dev is not None
        own_table = route.table in (None, "main")
        unicast = route.type in (None, "unicast") and "/" in route.dst
        if on_link and own_table and unicast and (route.proto == "kernel" or route.scope == "link"):
            network = network_of(route.dst)
            if network is not None and not (
                network.is_link_local or network.is_multicast or network.is_loopback
            ):
                yield str(network), (evidence,)


def _normal(cidr: str) -> str:
    return str(ip_network(cidr, strict=False))


def prefix_containing(ip: str, candidates: Iterable[str]) -> str | None:
    """The narrowest candidate that holds an address."""
    networks = [ip_network(candidate) for candidate in candidates]
    holding = [n for n in networks if ip_address(ip) in n]
    return str(max(holding, key=lambda n: n.prefixlen)) if holding else None


def attachments(
    network: Network, candidates: Sequence[str], hints: Hints
) -> tuple[tuple[Attachment, ...], list[Diagnostic]]:
    """All attachments of a host. A hint counts where no capture tells; told otherwise it loses."""
    found: list[Attachment] = []
    problems: list[Diagnostic] = []
    for device in network.devices:
        if device.kind not in uplink_kinds():
            continue
        shown = _shown(network, device, candidates, problems)
        hint = hints.interfaces.get(device.name)
        rail = _normal(hint.rail) if hint and hint.rail else None
        if shown and rail and rail not in shown:
            first = next(iter(shown))
            problems.append(_contradicted(device.name, rail, first, shown[first][0], hints))
        if not shown and rail and hint:
            shown = {rail: (hinted(hints, device.name, hint.line),)}
        annotation = overlay(device.kind, device.details)
        # What is told of a bond is true of the NICs under it: they hang on the network.
        nics = [m.name for m in network.members(device.name) if m.kind == "nic"]
        found += [
            Attachment(device=name, prefix=p, annotation=annotation, evidence=evidence)
            for p, evidence in shown.items()
            for name in (nics if device.kind == "bond" and nics else [device.name])
        ]
    return tuple(found), problems


def _shown(
    network: Network, device: Device, candidates: Sequence[str], problems: list[Diagnostic]
) -> dict[str, tuple[Evidence, ...]]:
    """Prefixes that captures prove, the first kind of proof that gives one."""
    if own := _of_addresses(device.addresses, candidates):
        return own
    for behind in (_on_linux_bridge, _on_ovs_bridge):
        groups = _of_ends(behind(network, device), candidates)
        if len(groups) > 1:
            problems.append(ambiguous(device.name, groups, device.evidence[0]))
            return {}
        if groups:
            return groups
    return {}


def _of_addresses(
    addresses: Sequence[DeviceAddress], candidates: Sequence[str]
) -> dict[str, tuple[Evidence, ...]]:
    """Prefixes of the drawn addresses; IPv6 ones only where there is no IPv4."""
    by_family: dict[bool, dict[str, tuple[Evidence, ...]]] = {False: {}, True: {}}
    for address in addresses:
        if not drawn_address(address, addresses):
            continue
        found = prefix(address) or prefix_containing(address.ip, candidates)
        if found:
            family = by_family[":" in address.ip]
            family[found] = tuple(dict.fromkeys((*family.get(found, ()), *address.evidence)))
    return by_family[False] or by_family[True]


def _of_ends(
    found: Iterable[tuple[End, tuple[Evidence, ...]]], candidates: Sequence[str]
) -> dict[str, tuple[Evidence, ...]]:
    groups: dict[str, tuple[Evidence, ...]] = {}
    for end, way in found:
        for p, evidence in _of_addresses(end.addresses, candidates).items():
            groups.setdefault(p, (*way, *evidence))
    v4 = {p: evidence for p, evidence in groups.items() if ":" not in p}
    return v4 or groups


def _on_linux_bridge(
    network: Network, device: Device
) -> Iterator[tuple[End, tuple[Evidence, ...]]]:
    """End points that share the device's ``master``."""
    if device.master is None or not any(b.name == device.master for b in network.linux_bridges):
        return
    bridge = network.device(device.master).one
    if bridge and bridge.addresses:
        yield End(None, bridge, (bridge.name,)), device.evidence
    for member in network.members(device.master):
        if member.name == device.name or member.kind in uplink_kinds():
            continue
        for end in ends_of_member(network, member):
            yield end, (*device.evidence, *member.evidence)


def _on_ovs_bridge(network: Network, device: Device) -> Iterator[tuple[End, tuple[Evidence, ...]]]:
    """End points whose frames leave the NIC's bridge untagged, and the bridge's own address."""
    hold = network.ovs_interface(device.name).one
    if hold is None:
        return
    port = hold[0]
    reached = _untagged_ports(network, port)
    for access, evidence in reached:
        for interface in access.interfaces:
            for end in ends(network, interface.name):
                yield end, (*port.evidence, *evidence)
    local = network.device(port.bridge).one
    if not reached and local and local.addresses:
        yield End(None, local, (local.name,)), (*port.evidence, *local.evidence)


def _untagged_ports(network: Network, nic: OvsPort) -> list[tuple[OvsPort, tuple[Evidence, ...]]]:
    """Access ports that the flows join to the NIC's bridge without a tag on the outside."""
    # A patch pair joins the NIC's bridge to the one with the access ports; the untagged
    # translation is on the near end (Neutron, phy-B) or on the far end (OVN, localnet).
    pairs = {
        (port.bridge, port.name): interface.peer
        for port in network.ports
        for interface in port.interfaces
        if interface.peer and port.bridge == nic.bridge
    }
    inner: dict[tuple[str, str], tuple[Evidence, ...]] = {}
    for t in network.translations:
        if t.outer != "untagged":
            continue
        here = (t.bridge, t.port)
        if here in pairs and t.direction in ("out", "both"):
            inner[pairs[here][0], t.inner] = t.evidence
        elif here in pairs.values() and t.inner.startswith("metadata"):
            inner[t.bridge, t.inner] = t.evidence
    metadata = _metadata_of_ports(network)
    return [
        (port, evidence)
        for (bridge, text), evidence in inner.items()
        for port in network.ports
        if port.bridge == bridge
        and type_of(port) == "other"
        and (
            (port.tag is not None and text == tag_text(port.tag))
            or text in metadata.get((bridge, port.name), ())
        )
    ]


def _metadata_of_ports(network: Network) -> Mapping[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    prefix_text = metadata_text(0).removesuffix("0")
    for t in network.translations:
        if t.inner.startswith(prefix_text):
            found.setdefault((t.bridge, t.port), set()).add(t.inner)
    return found


def _contradicted(name: str, said: str, shown: str, evidence: Evidence, hints: Hints) -> Diagnostic:
    hint = hints.interfaces[name]
    where = hinted(hints, name, hint.line)
    args = {
        "hint": f"interface.{name}.rail",
        "what": name,
        "said": said,
        "capture": evidence.file,
        "shown": shown,
    }
    return Diagnostic(Code.HINT_CONTRADICTED, where.capture.source, where.span, args)
