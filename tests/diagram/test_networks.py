"""Networks: whose colour a wire takes."""

from pathlib import Path

from ovs_capture.diagram import bands, networks
from ovs_capture.diagram.compose import compose
from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.slots import build
from ovs_capture.network.correlate import correlate_target
from ovs_capture.store import load_target
from tests.diagram.scenes import english, names, scene


def between(name: str) -> dict[tuple[str, str], str]:
    """The network of every wire by the called at its ends."""
    drawn = scene(name)
    world = build(drawn, english)
    bands.assign(world)
    found = networks.of_elements(world)
    called = names(drawn)
    called |= {p.id: f"{p.name}@{called[p.bridge]}" for p in drawn.ports}
    called |= {r.id: r.title for r in drawn.rails}
    return {(called[w.ends[0]], called[w.ends[1]]): found[w.id] for w in drawn.wires}


def test_the_busiest_rail_is_the_lowest() -> None:
    world = build(scene("bonds_and_vlans"), english)
    titles = [rail.title for rail in networks.rail_order(world)]
    assert titles == ["192.168.50.0/24", "10.0.0.0/24", "10.1.0.0/24", "172.16.0.0/24"]


def test_a_network_runs_through_its_bridge_and_ends_where_others_join() -> None:
    found = between("flat")
    assert found["172.16.0.0/24", "eth2"] == "net0"
    assert found["phy-br-provider", "int-br-provider"] == "net0"
    assert found["phy-br-mgmt", "int-br-mgmt"] == "net1"


def test_a_tagged_wire_is_tagged_down_to_the_guest() -> None:
    found = between("flat")
    assert found["tap635485ff-6c@br-int", "tap635485ff-6c"] == "tagged"
    assert found["tap635485ff-6c", "eth0"] == "tagged"


def test_a_tunnel_takes_its_carriers_network_and_hands_on_its_own() -> None:
    found = between("two_hosts")
    assert found["eth0", "vxlan-ac100000"] == "net0"
    assert found["patch-int", "patch-tun"] == "tunnel"
    assert found["vxlan-ac100000", "vxlan-ac100001"] == "tunnel"


def test_a_vlan_device_does_not_colour_what_carries_it() -> None:
    found = between("bonds_and_vlans")
    assert found["192.168.50.0/24", "bond1.50"] == "overlay"
    assert found["bond1", "bond1.50"] == "net1"


def test_what_no_rail_feeds_is_plain() -> None:
    assert set(between("two_patches_no_nic").values()) == {"plain"}


def test_a_bond_that_carries_several_networks_has_the_colour_of_none(captures: Path) -> None:
    networks_of_hosts, _ = correlate_target(load_target(captures / "composed-bond"))
    drawn = compose(networks_of_hosts)
    found = dict(lay_out(drawn, english).networks)
    called = names(drawn)
    ends = {tuple(sorted(called.get(e, "rail") for e in w.ends)): found[w.id] for w in drawn.wires}
    host = next(c.id for c in drawn.containers if c.kind == "host")
    own = {i.name: found[i.id] for i in drawn.interfaces if i.container == host}
    assert {own[name] for name in ("eth0", "eth1", "bond0")} == {"plain"}
    for other in ("eth0", "eth1", "bond0.30", "bond0.100"):
        assert ends[tuple(sorted(("bond0", other)))] == "plain"
    # What carries the tunnel has one network, and its wire is of it.
    rails = {ends[end] for end in ends if end == ("bond0.30", "rail")}
    assert {ends["bond0.30", "geneve5001"]} == rails
