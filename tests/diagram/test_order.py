"""Order: natural until a crossing says otherwise."""

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
    assert left_to_right("many_guests", "guest") == [f"instance{n:02d}" for n in range(13)]


def test_what_must_cross_crosses_little() -> None:
    assert lay_out(scene("crossings"), english).crossings <= 2


def test_two_patches_run_side_by_side() -> None:
    assert lay_out(scene("two_patches_no_nic"), english).crossings == 0
