"""Strands: wires cut at every band that they pass."""

from ovs_capture.diagram.bands import assign
from ovs_capture.diagram.scene import Container, Interface, Scene, Wire
from ovs_capture.diagram.slots import build
from ovs_capture.diagram.strands import Strands, cut
from tests.diagram.scenes import NAMES, english, scene


def strands(drawn: Scene) -> Strands:
    world = build(drawn, english)
    assign(world)
    return cut(world)


def test_every_strand_passes_one_channel_after_the_other() -> None:
    for name in NAMES:
        for strand in strands(scene(name)).strands:
            channels = [segment.channel for segment in strand.segments]
            assert channels == list(
                range(channels[0], channels[0] + len(channels)) if channels else []
            )


def test_a_long_wire_has_a_dummy_in_every_band_between() -> None:
    found = strands(scene("bonds_and_vlans"))
    bond = next(s for s in found.strands if len(s.segments) == 4 and s.rail is None)
    assert [seg.upper.slot.key.startswith("dummy") for seg in bond.segments] == [
        False,
        True,
        True,
        True,
    ]


def test_a_rail_wire_into_the_host_drops_through_a_dummy() -> None:
    found = strands(scene("bonds_and_vlans"))
    inner = [s for s in found.strands if s.rail is not None and s.segments]
    assert len(inner) == 1
    assert inner[0].top is not None
    assert inner[0].top.slot.key.startswith("dummy")


def test_wires_of_one_linux_bridge_have_ends_of_their_own() -> None:
    found = strands(scene("nested"))
    assert len(found.border_ends) == 7


def test_a_tunnel_between_hosts_is_a_bow() -> None:
    bows = [s for s in strands(scene("two_hosts")).segments if s.bow]
    assert len(bows) == 1
    assert bows[0].upper.side == "up"


def test_a_wire_from_box_to_box_climbs_out_of_the_inner_one() -> None:
    """It may not run through the guests that stand beside the two."""
    host = Container(id="h", kind="host", title="h")
    left = Container(id="a", kind="guest", title="a", parent="h")
    inner = Container(id="b", kind="namespace", title="b", parent="a")
    right = Container(id="c", kind="guest", title="c", parent="h")
    ends = [
        Interface(id=key, kind="guest-nic", name=key, container=room, border=True)
        for key, room in (("x", "b"), ("y", "c"))
    ]
    drawn = Scene(
        containers=(host, left, inner, right),
        interfaces=tuple(ends),
        wires=(Wire(id="w", ends=("x", "y")),),
    )
    (strand,) = strands(drawn).strands
    assert strand.climbs == 1
    assert [leave.slot.key for _, _, leave in strand.passed()] == ["dummy 0", "y"]
    bow = strand.segments[1]
    assert bow.bow and bow.channel == 0
