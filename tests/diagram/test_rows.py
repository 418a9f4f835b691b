"""Rows: hosts under each other, and the wires between them."""

import xml.etree.ElementTree as ET

import pytest

from ovs_capture.diagram import rows
from ovs_capture.diagram.drawio import read_drawio, write_drawio
from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.paint import paint_svg
from ovs_capture.diagram.places import Layout
from ovs_capture.diagram.rows import rows_of
from ovs_capture.diagram.scene import Scene
from tests.diagram.geometry import changes, faults, foreign_elements
from tests.diagram.scenes import english, scene
from tests.diagram.topologies import topology
from tests.growth import calls


def _several(seeds: range) -> list[Scene]:
    found = [topology(seed) for seed in seeds]
    return [s for s in found if sum(c.parent is None for c in s.containers) > 1]


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every host in a row of its own."""
    monkeypatch.setattr(rows, "WIDEST", 0)


def alone(hosts: int) -> Scene:
    """Hosts that share a network and nothing else."""
    numbers = range(hosts)
    nics = [
        {"id": f"e{n}", "kind": "nic", "name": "eth0", "container": f"h{n}", "border": True}
        for n in numbers
    ]
    return Scene.from_json(
        {
            "containers": [{"id": f"h{n}", "kind": "host", "title": f"hv{n}"} for n in numbers],
            "interfaces": nics,
            "rails": [{"id": "net", "title": "10.0.0.0/24"}],
            "wires": [{"id": f"r{n}", "ends": ["net", f"e{n}"]} for n in numbers],
        }
    )


def mesh(hosts: int) -> Scene:
    """Hosts on one network, each with a tunnel to every other."""
    containers = [{"id": f"h{n}", "kind": "host", "title": f"hv{n}"} for n in range(hosts)]
    nics = [
        {"id": f"e{n}", "kind": "nic", "name": "eth0", "container": f"h{n}", "border": True}
        for n in range(hosts)
    ]
    wires = [{"id": f"r{n}", "ends": ["net", f"e{n}"]} for n in range(hosts)]
    bridges = [
        {"id": f"b{n}", "kind": "ovs", "name": "br-int", "container": f"h{n}"} for n in range(hosts)
    ]
    ports, ends = [], []
    for one in range(hosts):
        for other in range(hosts):
            if one == other:
                continue
            key = f"{one}-{other}"
            ports.append({"id": f"p{key}", "name": "geneve", "bridge": f"b{one}", "side": "top"})
            tunnel = {"id": f"t{key}", "kind": "geneve", "name": "geneve", "container": f"h{one}"}
            ends.append(tunnel)
            wires.append({"id": f"w{key}", "ends": [f"p{key}", f"t{key}"]})
            if one < other:
                joined = [f"t{key}", f"t{other}-{one}"]
                wires.append({"id": f"m{key}", "ends": joined, "kind": "carried"})
    return Scene.from_json(
        {
            "containers": containers,
            "bridges": bridges,
            "ports": ports,
            "interfaces": nics + ends,
            "rails": [{"id": "net", "title": "10.0.0.0/24"}],
            "wires": wires,
        }
    )


def test_hosts_stand_side_by_side_as_long_as_there_is_room() -> None:
    assert rows_of({"a": 700, "b": 700, "c": 700}) == [["a", "b"], ["c"]]
    assert rows_of({"a": 2000, "b": 100}) == [["a"], ["b"]]
    assert rows_of({"a": 10}) == [["a"]]


@pytest.mark.parametrize("hosts", [3, 8])
def test_many_hosts_stay_narrow_and_all_their_tunnels_are_drawn(hosts: int) -> None:
    drawn = mesh(hosts)
    layout = lay_out(drawn, english)
    assert faults(drawn) == faults(drawn, "up") == foreign_elements(drawn) == []
    assert {wire.owner for wire in layout.wires} == {wire.id for wire in drawn.wires}
    lines = [rail for rail in layout.rails if rail.owner == "net"]
    assert len(lines) == len({box.y for box in layout.boxes if box.role == "host"})
    assert len({rail.left for rail in lines}) == len({rail.right for rail in lines}) == 1
    assert max(box.x + box.width for box in layout.boxes) < 2000


@pytest.mark.usefixtures("narrow")
def test_random_topologies_in_rows_have_no_faults() -> None:
    for drawn in _several(range(700, 712)):
        found = [*faults(drawn), *faults(drawn, "up"), *foreign_elements(drawn), *changes(drawn)]
        assert found == []


@pytest.mark.usefixtures("narrow")
def test_nothing_but_the_scene_is_drawn() -> None:
    drawn = scene("two_hosts")
    layout = lay_out(drawn, english)
    groups = (
        drawn.containers, drawn.rails, drawn.bridges, drawn.ports, drawn.interfaces,
        drawn.addresses, drawn.wires,
    )  # fmt: skip
    known = {element.id for group in groups for element in group}
    assert len({box.y for box in layout.boxes if box.role == "host"}) == 2
    assert {label.owner for label in layout.labels} <= known
    assert {key for _, way in layout.ways for key in way} <= known
    assert {key for key, _ in layout.networks} == {
        e.id for g in (*groups[1:5], groups[6]) for e in g
    }


@pytest.mark.usefixtures("narrow")
def test_a_way_goes_through_a_tunnel_to_the_other_row() -> None:
    drawn = mesh(2)
    ways = dict(lay_out(drawn, english).ways)
    assert {"m0-1", "t1-0", "p1-0"} <= set(ways["t0-1"])
    assert {"t0-1", "t1-0"} <= set(ways["m0-1"])


@pytest.mark.usefixtures("narrow")
def test_a_network_of_several_lines_is_read_back_and_its_wires_end_on_the_nearest() -> None:
    drawn = mesh(3)
    text = write_drawio(drawn, lay_out(drawn, english), title="Picture")
    assert read_drawio(text) == drawn
    ends = {
        item.get("id"): (cell.get("source"), cell.get("target"))
        for item in ET.fromstring(text).iter("object")
        if (cell := item.find("mxCell")) is not None and cell.get("edge")
    }
    assert [ends[f"r{n}"] for n in range(3)] == [("net", "e0"), ("net 2", "e1"), ("net 3", "e2")]


@pytest.mark.usefixtures("narrow")
def test_every_line_of_a_network_has_its_name_once() -> None:
    layout = lay_out(mesh(3), english)
    painted = paint_svg(
        layout, mode="web", words=english, prefix="p", lang="en", title="t", description="d"
    )
    assert painted.count(">10.0.0.0/24</text>") == 3


@pytest.mark.usefixtures("narrow")
def test_twice_as_many_rows_are_painted_in_twice_the_time() -> None:
    steps = []
    for hosts in (16, 32):
        layout = lay_out(alone(hosts), english)
        assert len(layout.rails) == hosts

        def paint(layout: Layout = layout) -> str:
            return paint_svg(
                layout,
                mode="web",
                words=english,
                prefix="p-",
                lang="en",
                title="",
                description="",
            )

        steps.append(calls(paint))
    # Each line's labels, each compared with all lines, took six times as long.
    assert steps[1] < 2.2 * steps[0]
