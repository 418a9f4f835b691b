"""Nothing that a capture shows is lost: it is in the picture, in the fold, or told as ambiguous."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ovs_capture.diagnostic import Code
from ovs_capture.diagram.compose import compose
from ovs_capture.formats.ip_link import Link
from ovs_capture.network.correlate import correlate_target
from ovs_capture.network.model import Network
from ovs_capture.network.naming import patch_label
from ovs_capture.network.ovs import TUNNEL_TYPES
from ovs_capture.network.snapshot import facts, place_of
from ovs_capture.store import Host, load_target
from tests.conftest import ROOT

COMMITTED = sorted(p.name for p in (ROOT / "captures").iterdir() if p.is_dir())
LAB = ("linuxbridge", "ovn", "ovs-vlan")


def listed(host: Host) -> set[str]:
    """Every device that a listing of the host's root namespace shows."""
    own = [capture for capture in host.captures if place_of(capture).root]
    return {link.ifname for link, _ in facts(own, Link)}


def lost_devices(host: Host, network: Network) -> set[str]:
    """Devices that are neither drawn nor told of."""
    scene = compose([network])
    shown = {i.name for i in scene.interfaces} | {b.name for b in scene.bridges}
    shown |= {p.name for p in scene.ports}
    return listed(host) - shown - {omission.name for omission in scene.omitted}


def loose(network: Network) -> Iterator[str]:
    """What is drawn, has a far end by its kind, and is joined to none, nor told as ambiguous."""
    scene = compose([network])
    told = {d.args.get("what") for d in network.diagnostics if d.code is Code.PEER_AMBIGUOUS}
    ends = [end for wire in scene.wires for end in wire.ends]
    carried = {end for wire in scene.wires if wire.kind == "carried" for end in wire.ends}
    host = next((c.id for c in scene.containers if c.kind == "host"), None)
    for interface in scene.interfaces:
        name = interface.name
        if interface.container != host or name in told:
            continue
        if interface.kind in ("patch", "tap", "veth") and ends.count(interface.id) < 2:
            yield f"{interface.kind} {name} has one end"
        if interface.kind in ("vlan", "vxlan", "geneve", "gre") and interface.id not in carried:
            yield f"{interface.kind} {name} lies over nothing"
        if interface.kind == "bond" and ends.count(interface.id) < 2:
            yield f"bond {name} has no NICs"
    drawn = {i.name for i in scene.interfaces}
    for port in network.ports:
        for own in port.interfaces:
            is_drawn = own.type == "patch" and patch_label(own.name) in drawn
            if is_drawn and own.peer is None and own.name not in told:
                yield f"patch {own.name} has no peer"
            if own.type in TUNNEL_TYPES and "remote_ip" not in own.options:
                yield f"tunnel {own.name} has no remote"


def of_scenario(path: Path) -> Iterator[tuple[Host, Network]]:
    target = load_target(path)
    networks, _ = correlate_target(target)
    by_key = {network.key: network for network in networks}
    for host in target.hosts:
        yield host, by_key[host.key]


def check(path: Path) -> None:
    for host, network in of_scenario(path):
        assert lost_devices(host, network) == set(), host.key
        assert list(loose(network)) == [], host.key


@pytest.mark.parametrize("scenario", COMMITTED)
def test_our_scenarios(scenario: str) -> None:
    check(ROOT / "captures" / scenario)


@pytest.mark.needs("shared")
@pytest.mark.parametrize("scenario", LAB)
def test_the_lab(shared: Path, scenario: str) -> None:
    check(shared / "lab" / "captures" / scenario)


def test_the_listings_are_not_empty() -> None:
    found = {host.key: len(listed(host)) for host, _ in of_scenario(ROOT / "captures/ovs-vlan")}
    assert all(found.values()), found
