"""Extents: texts have room because their slots have it."""

import pytest

from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.scene import Address, Scene
from tests.diagram.scenes import english, scene


def places(drawn: Scene) -> dict[str, tuple[int, int]]:
    return {t.text: (t.left, t.y) for t in lay_out(drawn, english).labels if t.role == "address"}


def test_a_host_nics_address_stands_left_of_its_drop() -> None:
    layout = lay_out(scene("flat"), english)
    drop = min(w.points[0][0] for w in layout.wires)
    address = next(t for t in layout.labels if t.text == "172.16.0.31")
    assert address.left + address.width == drop - 6


def test_a_guests_address_stands_inside_under_the_border() -> None:
    layout = lay_out(scene("flat"), english)
    guest = next(b for b in layout.boxes if b.role == "guest")
    address = next(t for t in layout.labels if t.text == "172.16.0.112")
    assert guest.y < address.y < guest.y + 20
    assert address.left + address.width < guest.x + guest.width


@pytest.mark.parametrize("more", [1, 3])
def test_more_addresses_push_the_host_down(more: int) -> None:
    drawn = scene("flat")
    eth0 = next(i.id for i in drawn.interfaces if i.name == "eth0")
    extra = tuple(Address(id=f"x{n}", interface=eth0, text=f"fd00::{n}") for n in range(more))
    wider = Scene(
        **{f: getattr(drawn, f) for f in drawn.__slots__ if f != "addresses"},
        addresses=(*drawn.addresses, *extra),
    )
    ys = sorted(y for text, (_, y) in places(wider).items() if text.startswith("fd00"))
    assert ys == sorted(set(ys))
    rails = {r.y for r in lay_out(wider, english).rails}
    assert min(ys) > max(rails) + 6


def test_the_outermost_callout_of_several_ports_stands_outside() -> None:
    drawn = scene("flat")
    layout = lay_out(drawn, english)
    ports = {p.id: p.name for p in drawn.ports}
    boxes = {b.owner: b for b in layout.boxes if b.role == "port"}
    side = {ports[c.port]: c.x < boxes[c.port].x for c in layout.callouts}
    assert side == {"int-br-provider": True, "phy-br-provider": False}
