"""Joining: what a guest in a grid takes from what stands above."""

from ovs_capture.diagram.layout import lay_out
from tests.diagram.crowd import crowd
from tests.diagram.scenes import english


def test_every_element_has_a_kind_a_network_and_a_way() -> None:
    drawn = crowd(30)
    layout = lay_out(drawn, english)
    groups = (drawn.rails, drawn.bridges, drawn.ports, drawn.interfaces, drawn.wires)
    assert [key for key, _ in layout.ways] == [e.id for group in groups for e in group]
    assert {key for key, _ in layout.networks} == {e.id for group in groups for e in group}
    assert {key for key, _ in layout.kinds} >= {c.id for c in drawn.containers}
    assert {wire.owner for wire in layout.wires} == {wire.id for wire in drawn.wires}


def test_nothing_but_the_scene_is_drawn() -> None:
    drawn = crowd(30)
    layout = lay_out(drawn, english)
    groups = (
        drawn.containers, drawn.rails, drawn.bridges, drawn.ports, drawn.interfaces,
        drawn.addresses, drawn.wires,
    )  # fmt: skip
    known = {element.id for group in groups for element in group}
    assert {box.owner for box in layout.boxes} <= known
    assert {label.owner for label in layout.labels} <= known
    assert {dot.wire for dot in layout.dots} <= known
    assert {key for _, way in layout.ways for key in way} <= known


def test_a_bundle_tells_its_ports() -> None:
    drawn = crowd(30)
    layout = lay_out(drawn, english)
    names = {port.id: port.name for port in drawn.ports}
    told = {t.owner: t.full for t in layout.labels if t.role == "name"}
    assert len(layout.bundles) == 3
    for owner, ports in layout.bundles:
        assert all(names[port] in (told[owner] or "") for port in ports)


def test_a_way_goes_up_and_not_to_the_guests_beside() -> None:
    drawn = crowd(30)
    layout = lay_out(drawn, english)
    ways = dict(layout.ways)
    taps = [i.id for i in drawn.interfaces if i.kind == "tap"]
    rails = {rail.id for rail in drawn.rails}
    for tap in taps:
        assert [key for key in ways[tap] if key in taps] == [tap]
    assert any(rails & set(ways[tap]) for tap in taps)
    nic = next(i.id for i in drawn.interfaces if i.name == "eth0")
    assert len([key for key in ways[nic] if key in taps]) > 10


def test_tags_have_colours_of_their_own() -> None:
    drawn = crowd(30)
    known = dict(lay_out(drawn, english).networks)
    tags = {port.tag: known[port.id] for port in drawn.ports if port.tag is not None}
    assert len(set(tags.values())) == 3
