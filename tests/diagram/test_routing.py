"""Routing: tracks, trunks and lines between neighbours."""

from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.routing import route
from ovs_capture.diagram.scene import Container, Interface, Rail, Scene, Wire
from ovs_capture.diagram.slots import Slot
from ovs_capture.diagram.strands import Pin, Segment, Strands
from tests.diagram.geometry import lying_on_each_other
from tests.diagram.scenes import english, scene


def host(*interfaces: Interface, wires: tuple[Wire, ...], rails: tuple[Rail, ...] = ()) -> Scene:
    return Scene(
        containers=(Container(id="n0", kind="host", title="Node"),),
        interfaces=interfaces,
        wires=wires,
        rails=rails,
    )


def device(key: str, name: str, *, border: bool = False) -> Interface:
    return Interface(id=key, kind="vlan", name=name, container="n0", border=border)


def test_two_nets_that_change_places_do_not_lie_on_each_other() -> None:
    slots = [Slot(f"s{n}", 22, x=x) for n, x in enumerate((0, 80, 80, 0))]
    pins = [Pin(slot, "down" if n < 2 else "up", ("wire",)) for n, slot in enumerate(slots)]
    segments = [Segment(0, pins[0], pins[2], ["a"]), Segment(0, pins[1], pins[3], ["b"])]
    for segment in segments:
        segment.upper.segments.append(segment)
        segment.lower.segments.append(segment)
    nets = route(Strands(segments=segments))[0]
    xs = [net.x(pin) for net in nets for pin in net.pins]
    assert {net.track for net in nets} == {0, 1}
    upper, lower = sorted(nets, key=lambda net: net.track or 0)
    assert all(abs(upper.x(a) - lower.x(b)) >= 4 for a in upper.bottoms for b in lower.tops)
    assert sorted(abs(x) < 20 or abs(x - 80) < 20 for x in xs) == [True] * 4


def test_a_fan_out_is_one_trunk_with_a_dot() -> None:
    layout = lay_out(scene("bonds_and_vlans"), english)
    over_guests = min(box.y for box in layout.boxes if box.role == "guest")
    bridges = max(b.y + b.height for b in layout.boxes if b.role == "bridge")
    assert len([dot for dot in layout.dots if dot.y < min(bridges, over_guests)]) == 3


def test_neighbours_on_a_border_are_joined_by_a_line() -> None:
    pair = host(
        device("n1", "eth0", border=True),
        device("n2", "vxlan-267", border=True),
        wires=(Wire(id="n3", ends=("n1", "n2"), kind="carried"),),
    )
    layout = lay_out(pair, english)
    (wire,) = layout.wires
    assert wire.bends == 0
    assert wire.points[1][0] - wire.points[0][0] >= 40


def test_what_is_carried_moves_to_its_carrier() -> None:
    drawn = host(
        *(device(f"n{n}", f"eth{n}", border=True) for n in range(1, 4)),
        device("n4", "vxlan-267", border=True),
        wires=(Wire(id="n5", ends=("n1", "n4"), kind="carried"),),
    )
    places = {b.owner: b.x for b in lay_out(drawn, english).boxes if b.role == "interface"}
    assert sorted(places, key=places.__getitem__) == ["n1", "n4", "n2", "n3"]


def test_a_trunk_joins_nothing_that_no_wire_joins() -> None:
    ladder = host(
        device("n1", "eth0", border=True),
        device("n2", "eth1", border=True),
        device("n3", "a"),
        device("n4", "b"),
        wires=(
            Wire(id="n5", ends=("n1", "n3")),
            Wire(id="n6", ends=("n1", "n4")),
            Wire(id="n7", ends=("n2", "n4")),
        ),
    )
    assert lying_on_each_other(ladder, lay_out(ladder, english)) == []


def test_two_kinds_of_wire_under_one_nic_have_ends_of_their_own() -> None:
    drawn = host(
        device("n1", "eth0", border=True),
        device("n2", "eth0.100"),
        device("n3", "bond0"),
        wires=(
            Wire(id="n4", ends=("n1", "n2"), kind="carried", label="VLAN 100"),
            Wire(id="n5", ends=("n1", "n3")),
        ),
    )
    layout = lay_out(drawn, english)
    starts = {wire.points[0] for wire in layout.wires}
    assert len(starts) == 2
