"""Bands: what stands above what."""

from pathlib import Path

import pytest

from ovs_capture.diagram.bands import assign
from ovs_capture.diagram.compose import compose
from ovs_capture.diagram.slots import build
from ovs_capture.network.correlate import correlate_target
from ovs_capture.store import load_target
from tests.diagram.scenes import english, names, scene


def bands(name: str) -> dict[str, int]:
    world = build(scene(name), english)
    assign(world)
    called = names(world.scene)
    return {called[key]: block.band for key, block in world.blocks.items() if key in called}


def test_the_flat_host_reads_from_the_nics_to_the_guest() -> None:
    found = bands("flat")
    order = ["eth3", "br-mgmt", "phy-br-mgmt", "int-br-mgmt", "br-int", "tap635485ff-6c"]
    assert [found[name] for name in order] == [0, 1, 2, 3, 4, 5]


def test_bridges_of_one_level_stand_in_one_band() -> None:
    found = bands("bonds_and_vlans")
    assert found["br-provider"] == found["br-tun"] < found["br-int"]


def test_tunnels_hang_low_and_bonds_high() -> None:
    found = bands("bonds_and_vlans")
    assert found["bond0"] == 1
    assert found["vxlan-c0a8322a"] == found["br-tun"] - 1


def test_bridges_stand_side_by_side_in_every_host() -> None:
    world = build(scene("two_hosts"), english)
    assign(world)
    assert len({world.blocks[b.id].band for b in world.scene.bridges if b.name == "br-int"}) == 1


def test_a_deep_host_leaves_the_guests_of_another_where_they_are(captures: Path) -> None:
    """A trunk bridge under br-int of one host takes two bands, and of this host alone."""
    networks, _ = correlate_target(load_target(captures / "ovs-vlan"))
    world = build(compose(networks), english)
    assign(world)
    below: dict[str, set[int]] = {}
    for bridge in world.scene.bridges:
        if bridge.name == "br-int":
            host = world.blocks[bridge.container]
            below[host.key] = {host.nest - world.blocks[bridge.id].band}
    titles = {c.title: below[c.id] for c in world.scene.containers if c.id in below}
    assert titles == {"Network Node": {1}, "Compute Node 1": {5}, "Compute Node 2": {2}}


def test_without_nics_and_guests_the_first_bridge_is_the_upper() -> None:
    found = bands("two_patches_no_nic")
    order = ["br-a", "a-to-b-1", "b-to-a-1", "br-b"]
    assert [found[name] for name in order] == [1, 2, 3, 4]


@pytest.mark.parametrize("name", ["flat", "hybrid_plug", "nested", "two_hosts"])
def test_every_port_is_on_the_side_of_its_peer(name: str) -> None:
    world = build(scene(name), english)
    assign(world)
    for wire in world.wires:
        for here, there in (wire.ends, wire.ends[::-1]):
            if here in world.ports:
                bridge = world.block_of(here)
                below = world.block_of(there).band > bridge.band
                assert (world.slots[here] in bridge.bottoms) == below
