"""Tunnels: a mesh is a line, and a mesh with gaps is never called full."""

from dataclasses import replace
from itertools import combinations

import pytest

from ovs_capture.diagram.choice import Reason
from ovs_capture.diagram.merging import merged
from ovs_capture.diagram.scene import Scene
from ovs_capture.diagram.tunnels import BRIDGE_TUNNELS, Mesh, meshed, open_tunnels
from tests.diagram.clouds import cloud
from tests.diagram.crowd import Crowd
from tests.diagram.geometry import faults


def between_hosts(scene: Scene) -> int:
    tunnels = {i.id for i in scene.interfaces if i.kind == "vxlan"}
    return sum(tunnels.issuperset(wire.ends) for wire in scene.wires)


def test_a_full_mesh_is_one_rail() -> None:
    drawn = cloud(8)
    assert between_hosts(drawn) == 28
    found = meshed(drawn)
    assert found.meshes == (Mesh("m0", "VXLAN", hosts=8, tunnels=28, pairs=28),)
    assert found.meshes[0].full == 28
    assert between_hosts(found.scene) == 0
    scene = merged(found.scene, found.groups)
    names = [i.name for i in scene.interfaces if i.kind == "vxlan"]
    assert names == ["vxlan ×7"] * 8
    assert faults(scene) == []


def test_each_tunnel_is_told() -> None:
    told = [o for o in meshed(cloud(8)).scene.omitted if o.reason == Reason.MESH.text]
    assert len({o.name for o in told}) == 28
    assert told[0].kind == "tunnel"
    assert told[0].name == "compute-0 vxlan-0a000001 – compute-1 vxlan-0a000000"


def test_a_mesh_with_gaps_is_not_full() -> None:
    found = meshed(cloud(8, without={(0, 1), (2, 5), (6, 7)})).meshes
    assert found == (Mesh("m0", "VXLAN", hosts=8, tunnels=25, pairs=25),)
    assert found[0].full == 28


def test_two_tunnels_of_a_pair_are_one_pair() -> None:
    drawn = cloud(6, without={(0, 1)})
    first = next(w for w in drawn.wires if w.kind == "carried")
    twice = replace(drawn, wires=(*drawn.wires, replace(first, id="again")))
    assert meshed(twice).meshes == (Mesh("m0", "VXLAN", hosts=6, tunnels=15, pairs=14),)


@pytest.mark.parametrize("hosts", [2, 3, 4])
def test_a_few_tunnels_stay_wires(hosts: int) -> None:
    drawn = cloud(hosts)
    assert meshed(drawn).scene is drawn


def test_tunnels_of_two_clouds_are_two_meshes() -> None:
    apart = {(a, b) for a in range(5) for b in range(5, 10)}
    found = meshed(cloud(10, without=apart)).meshes
    assert [(m.hosts, m.tunnels) for m in found] == [(5, 10), (5, 10)]


def test_a_marked_tunnel_stays_a_wire() -> None:
    drawn = cloud(8)
    wire = next(w for w in drawn.wires if w.kind == "carried")
    for marked in (wire.id, *wire.ends):
        found = meshed(drawn, [marked])
        assert wire in found.scene.wires
        assert found.meshes[0].tunnels < 28
        assert faults(merged(found.scene, found.groups)) == []


def lone(count: int, *, nics: int = 1) -> Scene:
    """A host with tunnels to hosts that no capture shows."""
    c = Crowd()
    host = c.add("containers", kind="host", title="compute")
    over = [
        c.add("interfaces", kind="nic", name=f"eth{n}", container=host, border=True)
        for n in range(nics)
    ]
    bridge = c.add("bridges", kind="ovs", name="br-tun", container=host)
    for n in range(count):
        end = c.add("interfaces", kind="vxlan", name=f"vxlan-{n:08x}", container=host)
        c.wire(over[n % nics], end, kind="carried")
        c.wire(end, c.add("ports", name=f"vxlan-{n:08x}", bridge=bridge, side="top"))
    return c.scene()


def test_many_tunnels_of_one_bridge_are_one_box() -> None:
    assert open_tunnels(lone(BRIDGE_TUNNELS)) == []
    drawn = lone(40)
    scene = merged(drawn, open_tunnels(drawn))
    assert [i.name for i in scene.interfaces] == ["eth0", "vxlan ×40"]
    assert [p.name for p in scene.ports] == ["vxlan ×40"]
    assert faults(scene) == []


def test_tunnels_over_two_nics_are_two_boxes() -> None:
    drawn = lone(40, nics=2)
    scene = merged(drawn, open_tunnels(drawn))
    assert [i.name for i in scene.interfaces][2:] == ["vxlan ×20", "vxlan ×20"]


def test_no_host_is_lost_however_the_mesh_is() -> None:
    pairs = list(combinations(range(9), 2))
    for step in range(2, 7):
        drawn = cloud(9, without=set(pairs[::step]))
        found = meshed(drawn)
        assert sum(m.tunnels for m in found.meshes) + between_hosts(found.scene) == len(
            pairs
        ) - len(pairs[::step])
        assert faults(merged(found.scene, found.groups)) == []
