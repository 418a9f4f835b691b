"""Alike: hosts are one only when nothing but names and counts tells them apart."""

from dataclasses import replace

from ovs_capture.diagram.alike import alike_hosts
from ovs_capture.diagram.collapse import Crowd
from ovs_capture.diagram.merging import joined_groups, merged
from ovs_capture.diagram.scene import Scene
from ovs_capture.diagram.tunnels import meshed
from tests.diagram.clouds import cloud


def condensed(scene: Scene) -> Scene:
    """Guests and tunnels of every host as one of each."""
    found = meshed(scene)
    hosts = [c.id for c in scene.containers if c.kind == "host"]
    equals = [e for host in hosts for e in Crowd(found.scene, host).equal(networks=True)]
    groups = [*found.groups, *(group for equal in equals for group in equal.groups)]
    return merged(found.scene, joined_groups(groups))


def titles(scene: Scene, apart: tuple[str, ...] = ()) -> list[list[str]]:
    names = {c.id: c.title for c in scene.containers}
    return [[names[room] for room in e.rooms] for e in alike_hosts(scene, apart)]


def test_how_many_guests_and_tunnels_is_no_difference() -> None:
    found = titles(condensed(cloud(9, without={(0, 1), (3, 8)})))
    assert found == [[f"compute-{n}" for n in range(9)]]


def test_what_is_built_otherwise_is_another_group() -> None:
    found = titles(condensed(cloud(9, nodes=2, twice={4, 6})))
    assert found == [
        ["node-0", "node-1"],
        ["compute-2", "compute-3", "compute-5", "compute-7", "compute-8"],
        ["compute-4", "compute-6"],
    ]


def test_a_bridge_of_another_name_or_a_further_nic_is_a_difference() -> None:
    drawn = condensed(cloud(8))
    bridge = drawn.bridges[-1]
    renamed = replace(
        drawn,
        bridges=tuple(replace(b, name="br-ex") if b is bridge else b for b in drawn.bridges),
    )
    assert titles(renamed) == [[f"compute-{n}" for n in range(7)]]
    nic = next(i for i in drawn.interfaces if i.kind == "nic")
    more = replace(drawn, interfaces=(*drawn.interfaces, replace(nic, id="more", name="eth1")))
    assert titles(more) == [[f"compute-{n}" for n in range(1, 8)]]


def test_a_marked_host_stands_apart() -> None:
    drawn = condensed(cloud(8))
    nic = [i for i in drawn.interfaces if i.kind == "nic"][3]
    found = titles(drawn, (nic.id,))
    assert found == [[f"compute-{n}" for n in range(8) if n != 3]]


def test_hosts_that_a_wire_joins_are_not_one() -> None:
    # Four hosts have too few tunnels for a mesh: each is a wire, which would join nothing.
    assert titles(condensed(cloud(4))) == []


def test_columns_align_equal_things() -> None:
    drawn = condensed(cloud(8, nodes=3))
    kinds: dict[str, str] = {c.id: c.kind for c in drawn.containers}
    kinds |= {b.id: b.name for b in drawn.bridges} | {p.id: p.side for p in drawn.ports}
    kinds |= {i.id: i.kind for i in drawn.interfaces}
    for equal in alike_hosts(drawn):
        assert all(len({kinds[key] for key in group}) == 1 for group in equal.groups)
