"""Wiring: rails as wide as all, jumps over foreign horizontals, gateways beside the drops."""

from itertools import pairwise

from ovs_capture.diagram.layout import lay_out
from tests.diagram.scenes import NAMES, english, scene


def test_rails_reach_beyond_everything_under_them() -> None:
    layout = lay_out(scene("two_hosts"), english)
    for rail in layout.rails:
        for box in layout.boxes:
            assert rail.left < box.x
            assert box.x + box.width < rail.right


def test_a_drop_jumps_over_every_rail_between_and_over_no_other() -> None:
    drawn = scene("bonds_and_vlans")
    layout = lay_out(drawn, english)
    heights = {rail.owner: rail.y for rail in layout.rails}
    paths = {wire.owner: wire for wire in layout.wires}
    for wire in drawn.wires:
        rail = next((end for end in wire.ends if end in heights), None)
        jumped = {y for _, y, _ in paths[wire.id].jumps} & set(heights.values())
        assert jumped == {y for y in heights.values() if rail and y > heights[rail]}


def test_jumps_lie_on_their_wire() -> None:
    for name in NAMES:
        for wire in lay_out(scene(name), english).wires:
            for x, y, radius in wire.jumps:
                assert any(
                    a[0] == b[0] == x and min(a[1], b[1]) + radius <= y <= max(a[1], b[1]) - radius
                    for a, b in pairwise(wire.points)
                )


def test_no_gateway_wire_runs_on_a_drop() -> None:
    drawn = scene("two_hosts")
    layout = lay_out(drawn, english)
    cloud = next(c.id for c in drawn.containers if c.kind == "cloud")
    mine = {i.id for i in drawn.interfaces if i.container == cloud}
    ends = {wire.id: set(wire.ends) for wire in drawn.wires}
    drops = {w.points[0][0] for w in layout.wires if not mine & ends[w.owner]}
    ours = {w.points[0][0] for w in layout.wires if mine & ends[w.owner]}
    assert min(abs(a - b) for a in ours for b in drops) > 10


def test_an_annotation_stands_above_its_rail_and_left_of_every_drop() -> None:
    layout = lay_out(scene("bonds_and_vlans"), english)
    annotation = next(t for t in layout.labels if t.role == "annotation")
    rail = next(r for r in layout.rails if r.owner == annotation.owner)
    assert annotation.y < rail.y
    assert annotation.left + annotation.width < min(w.points[0][0] for w in layout.wires)
