"""Separation: straight columns, and boxes no wider than what they hold."""

import pytest

from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.separation import Graph
from tests.diagram.scenes import english, scene


def test_a_column_is_straight_from_rail_to_bridge() -> None:
    drawn = scene("flat")
    layout = lay_out(drawn, english)
    x = {b.owner: 2 * b.x + b.width for b in layout.boxes if b.role in ("port", "interface")}
    names = {p.id: p.name for p in drawn.ports} | {i.id: i.name for i in drawn.interfaces}
    mgmt = [x[key] for key, name in names.items() if name in ("eth3", "phy-br-mgmt", "int-br-mgmt")]
    assert len(mgmt) == 6
    assert len(set(mgmt)) == 1


def test_joining_keeps_the_gaps() -> None:
    graph = Graph()
    a, b, c = graph.place(), graph.place(), graph.place()
    graph.separate((a, 0), (b, 0), 10)
    graph.separate((b, 0), (c, 0), 10)
    assert not graph.join(a, c, 0)
    assert graph.group[a] != graph.group[c]


def test_joined_places_keep_their_distance() -> None:
    graph = Graph()
    a, b, c = graph.place(), graph.place(), graph.place()
    assert graph.join(a, b, 5)
    assert graph.join(b, c, 2)
    assert graph.shift[c] - graph.shift[a] == 7
    assert graph.join(a, c, 7)
    assert not graph.join(a, c, 8)


def test_a_join_that_closes_a_circle_is_refused() -> None:
    graph = Graph()
    a, b, c, d = (graph.place() for _ in range(4))
    graph.separate((a, 0), (b, 0), 10)
    graph.separate((c, 0), (d, 0), 10)
    assert graph.join(a, d, 0)
    assert not graph.join(b, c, 0)


def test_a_linux_bridge_with_one_column_stands_on_its_middle() -> None:
    drawn = scene("hybrid_plug")
    layout = lay_out(drawn, english)
    middles = [b.x + b.width // 2 for b in layout.boxes if b.role == "linux-bridge"]
    taps = {i.id for i in drawn.interfaces if i.kind == "tap"}
    columns = [b.x + b.width // 2 for b in layout.boxes if b.owner in taps]
    assert sorted(middles) == pytest.approx(sorted(columns), abs=1)


def test_a_bridge_hugs_its_ports() -> None:
    layout = lay_out(scene("flat"), english)
    bridges = [b for b in layout.boxes if b.role == "bridge"]
    for bridge in bridges:
        inside = [
            (p.x, p.x + p.width)
            for p in layout.boxes
            if p.role == "port"
            and bridge.x < p.x < bridge.x + bridge.width
            and bridge.y <= p.y < bridge.y + bridge.height
        ]
        inside += [
            (c.x, c.x + c.width)
            for c in layout.callouts
            if bridge.x < c.x < bridge.x + bridge.width and abs(c.y - bridge.y) < 90
        ]
        assert min(left for left, _ in inside) - bridge.x <= 12
        assert bridge.x + bridge.width - max(right for _, right in inside) <= 12
