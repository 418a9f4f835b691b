"""Captures of a host become one model: every relation of this room, in the order they need.

Lives here: the joining. Each relation is a module of its own. The snapshot rule (``snapshot``) is
above all others: what is joined across hosts are names, MACs, UUIDs and IP addresses only, so of
``others`` the relations see API rows, leases and what was captured inside guests, and no more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from ..diagnostic import Diagnostic
from ..formats.reading import Capture
from ..formats.virsh_dumpxml import DomainInterface
from ..progress import Along, alone
from ..store import Host, Target
from .addresses import claims
from .attachments import Proven, attachments, candidate_prefixes, connected_routes
from .bridge_ports import remote_ends, with_bridge_ports
from .carriers import carriers
from .cloud import Cloud, cloud
from .contradictions import (
    Accepted,
    distinct,
    judge,
    nic_macs,
    same_node,
    tap_macs,
    taps_claimed_twice,
    unused_aliases,
)
from .devices import Listing, as_devices, kinds, listing, veth_pairs, with_namespaces
from .guests import guests, insides, with_taps
from .host_devices import host_devices
from .model import Device, Evidence, Namespace, Network, OvsBridge, Scope
from .namespaces import entered, namespace_ids, namespaces
from .ofports import datapath_ports, port_numbers
from .ovs import bridges, node_uuid
from .ovsdb import dhcp_cidrs, encap_addresses, localnet_ports, plugged_nics
from .pool import Pool
from .routes import ways_to
from .snapshot import FlowDump, facts, flow_dumps, place_of, shows_root
from .southbound import southbound
from .translations import translations


def correlate_target(
    target: Target, along: Along[Host] = alone
) -> tuple[tuple[Network, ...], Accepted]:
    """The models of all hosts of a target, and what is wrong with them, less what is accepted.

    ``along``: sees each host before and after it is joined.
    """
    scenario = target.scenario
    hosts = target.hosts
    if scenario is not None and scenario.accepts:
        # Whether an accept still applies is seen only with every host of the scenario.
        keys = {host.key for host in hosts}
        hosts = (*hosts, *(host for host in scenario.hosts if host.key not in keys))
    pool = Pool(target.everyone)
    networks = tuple(_correlate(host, pool) for host in along(hosts, len(hosts)))
    own, others = networks[: len(target.hosts)], networks[len(target.hosts) :]
    return own, judge(own, others, scenario)


def correlate(host: Host, others: Sequence[Host] = ()) -> Network:
    """The model of one host. ``others``: the other directories of its scenario."""
    return _correlate(host, Pool((host, *others)))


def correlate_all(hosts: Sequence[Host], along: Along[Host] = alone) -> Iterator[Network]:
    """The models of all hosts of a scenario, in order: what they share is found once.

    ``along``: sees each host before and after it is joined.
    """
    pool = Pool(hosts)
    return (_correlate(host, pool) for host in along(hosts, len(hosts)))


def _correlate(host: Host, pool: Pool) -> Network:
    own, others = host.captures, pool.others(host)
    everywhere = pool.around(host)
    scope = Scope(host.key)
    api = cloud(everywhere)
    switches, bad_ports = bridges(own)
    dumps = flow_dumps(own, [bridge.name for bridge in switches])
    root, rooms, bad_masters = pool.once(_listings, host)
    pairs = veth_pairs([(_scope(host, name), shown) for name, shown in rooms.items()])
    internal = _interfaces(switches, internal=True)
    devices, bad_hints = host_devices(
        scope,
        root,
        pairs,
        host.hints,
        internal=internal,
        bridges=[bridge.name for bridge in switches],
        others=[*_interfaces(switches, internal=False), *_taps(own)],
    )
    known = claims(everywhere, dumps.values(), api)
    residents, bad_guests = guests(
        own,
        insides(everywhere),
        plugged_nics(own),
        {device.mac: device.name for device in devices if device.mac and device.kind == "tap"},
        _host_macs(devices, others, pool),
        known,
        api,
        host.hints.alias,
    )
    devices = with_taps(devices, residents)
    network = Network(
        key=host.key,
        title=host.title("en"),
        titles=host.hints.title,
        rooted=any(shows_root(capture) for capture in own),
        described=any(capture.format.name.startswith("virsh") for capture in own),
        listed=root.whole,
        captures=everywhere,
        bridges=switches,
        devices=devices,
        namespaces=_namespaces(host, root, rooms, pairs, api, internal),
        guests=residents,
        remote_ends=remote_ends([c for c in own if place_of(c).root]),
        port_numbers=port_numbers(own),
        datapath_ports=datapath_ports(own),
        southbound=southbound(everywhere),
        evidence=tuple(
            Evidence(c, c.command.span if c.command else c.source.span)
            for c in own
            if shows_root(c)
        ),
    )
    network, bad_relations = _related(network, host, dumps, api)
    diagnostics = (
        *bad_ports,
        *bad_masters,
        *bad_hints,
        *bad_guests,
        *bad_relations,
        *nic_macs(own, [device.name for device in devices if device.kind == "nic"]),
        *_other_machines(host, devices, others, pool),
        *tap_macs(residents, devices),
        *taps_claimed_twice(residents),
        *known.twice(),
        *unused_aliases(host.hints, everywhere),
    )
    return replace(network, diagnostics=distinct(diagnostics))


def _related(
    network: Network, host: Host, dumps: Mapping[str, FlowDump], api: Cloud
) -> tuple[Network, list[Diagnostic]]:
    """The relations that read the model itself: each sees what the ones before it found."""
    found, bad_translations = translations(network, dumps, localnet_ports(network.captures))
    network = replace(network, translations=found)
    encap = encap_addresses(host.captures)
    over, bad_carriers = carriers(network, encap, partial(ways_to, host.captures))
    network = replace(network, carriers=over)
    addresses = [a for device in network.devices for a in device.addresses]
    addresses += [a for n in network.namespaces for d in n.devices for a in d.addresses]
    addresses += [a for guest in network.guests for nic in guest.nics for a in nic.addresses]
    cidrs = (*api.cidrs, *dhcp_cidrs(network.captures))
    stated: list[Proven] = [(cidr, (evidence,)) for cidr, evidence in cidrs]
    stated += connected_routes(host.captures)
    candidates = candidate_prefixes(addresses, stated, host.hints)
    hung, bad_attachments = attachments(network, candidates, host.hints)
    network = replace(network, attachments=hung)
    return network, [*bad_translations, *bad_carriers, *bad_attachments]


def _listings(host: Host) -> tuple[Listing, dict[str | None, Listing], list[Diagnostic]]:
    """The root namespace's devices, those of every place by namespace (None: root), problems."""
    own = host.captures
    at_root = [capture for capture in own if place_of(capture).root]
    root, problems = with_bridge_ports(listing(at_root), at_root)
    root = with_namespaces(root, namespace_ids(own))
    rooms: dict[str | None, Listing] = {None: root}
    for name, captures in entered(own).items():
        rooms[name], inside = with_bridge_ports(listing(captures), captures)
        problems += inside
    return root, rooms, problems


def _scope(host: Host, namespace: str | None) -> Scope:
    return Scope(host.key, namespace)


def _namespaces(
    host: Host,
    root: Listing,
    rooms: Mapping[str | None, Listing],
    pairs: Mapping[tuple[Scope, str], tuple[Scope, str]],
    api: Cloud,
    internal: Sequence[str],
) -> tuple[Namespace, ...]:
    found = []
    for namespace in namespaces(host.captures, root, api, host.hints.alias):
        scope = _scope(host, namespace.name)
        shown = rooms.get(namespace.name, Listing())
        kind_of = kinds(shown, not_nics=internal, in_root=False)
        devices = tuple(
            replace(device, peer=pairs.get((scope, device.name)))
            for device in as_devices(shown, scope, kind_of)
        )
        found.append(replace(namespace, devices=devices))
    return tuple(found)


def _interfaces(switches: Iterable[OvsBridge], *, internal: bool) -> list[str]:
    """Names of OVS interfaces of type internal, or of those that are no device (patch, tunnel)."""
    return [
        interface.name
        for bridge in switches
        for port in bridge.ports
        for interface in port.interfaces
        if interface.type not in (None, "", "system", "dpdk", "afxdp")
        and (interface.type == "internal") == internal
    ]


def _node_uuid(host: Host) -> str | None:
    return node_uuid(host.captures)


def _taps(own: Iterable[Capture]) -> Iterator[str]:
    for interface, _ in facts(own, DomainInterface):
        if interface.target:
            yield interface.target


def _host_macs(devices: Iterable[Device], others: Iterable[Host], pool: Pool) -> frozenset[str]:
    """MACs of the NICs of all hosts: ssh that ends there led to a host, not to a guest."""
    own = {device.mac for device in devices if device.kind == "nic" and device.mac}
    shown = (pool.once(_listings, other)[0] for other in others)
    return frozenset(own.union(*(pool.once(_nic_macs, listing) for listing in shown)))


def _nic_macs(shown: Listing) -> frozenset[str]:
    kind_of = kinds(shown)
    return frozenset(d.mac for d in shown.devices if d.mac and kind_of[d.name] == "nic")


def _other_machines(
    host: Host, devices: Sequence[Device], others: Iterable[Host], pool: Pool
) -> Iterator[Diagnostic]:
    uuid = pool.once(_node_uuid, host)
    for other in others:
        if uuid is not None and pool.once(_node_uuid, other) == uuid:
            shown = pool.once(_listings, other)[0]
            theirs = as_devices(shown, Scope(other.key), kinds(shown))
            yield from same_node(devices, theirs, host.name)
