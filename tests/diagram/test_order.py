"""Order: natural until a crossing says otherwise."""

from dataclasses import replace

from ovs_capture.diagram.layout import lay_out
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
