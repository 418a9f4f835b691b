"""Order: natural until a crossing says otherwise."""

from dataclasses import replace
from pathlib import Path

from ovs_capture.diagram.compose import compose
from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.order import moves
from ovs_capture.network.correlate import correlate_target
from ovs_capture.store import load_target
from tests.diagram.scenes import english, names, scene


def left_to_right(name: str, role: str) -> list[str]:
    drawn = scene(name)
    layout = lay_out(drawn, english)
    called = names(drawn)
    called |= {c.id: c.title for c in drawn.containers}
    boxes = sorted((b.x, b.owner) for b in layout.boxes if b.role == role)
    return [called[owner] for _, owner in boxes]


def test_ties_keep_the_order_of_the_scene() -> None:
    nics = [n for n in left_to_right("flat", "interface") if n.startswith("eth")]
    assert nics[:2] == ["eth0", "eth1"]
    assert nics[-1] == "eth3"


def test_guests_keep_their_order() -> None:
    drawn = scene("many_guests")
    base = replace(drawn, containers=drawn.containers[:5])
    kept = {c.id for c in base.containers}
    gone = {i.id for i in drawn.interfaces if i.container not in kept}
    few = replace(
        base,
        interfaces=tuple(i for i in drawn.interfaces if i.id not in gone),
        addresses=tuple(a for a in drawn.addresses if a.interface not in gone),
        wires=tuple(w for w in drawn.wires if not gone & set(w.ends)),
    )
    layout = lay_out(few, english)
    boxes = sorted((b.x, b.owner) for b in layout.boxes if b.role == "guest")
    assert [owner for _, owner in boxes] == [c.id for c in few.containers[1:]]


def test_what_must_cross_crosses_little() -> None:
    assert lay_out(scene("crossings"), english).crossings <= 2


def test_two_patches_run_side_by_side() -> None:
    assert lay_out(scene("two_patches_no_nic"), english).crossings == 0


def test_a_box_between_two_bridges_takes_its_taps_along(captures: Path) -> None:
    """DHCP, router, DHCP on two Linux bridges: the router belongs between, and so do its taps."""
    networks, _ = correlate_target(load_target(captures / "linuxbridge" / "lbnet1"))
    layout = lay_out(compose(networks), english)
    assert (layout.bends, layout.crossings) == (0, 0)


def test_near_places_are_tried_first() -> None:
    for length in range(8):
        every = [(i, j) for i in range(length) for j in range(length) if i != j]
        near_first = sorted(every, key=lambda m: (abs(m[0] - m[1]), -m[0], m[1]))
        assert list(moves(length)) == near_first
