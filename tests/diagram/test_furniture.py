"""Furniture: titles, names and callouts where a reader looks for them."""

from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.places import CalloutBox
from ovs_capture.diagram.scene import Bridge, Callout, Container, Interface, Port, Scene, Wire
from tests.diagram.scenes import english, scene


def test_a_hosts_title_is_at_its_bottom_right() -> None:
    layout = lay_out(scene("flat"), english)
    host = next(b for b in layout.boxes if b.role == "host")
    title = next(t for t in layout.labels if t.role == "host")
    assert title.anchor == "end"
    assert host.x + host.width - title.x < 40
    assert host.y + host.height - title.y < 40


def test_a_long_name_is_shortened_and_kept() -> None:
    labels = lay_out(scene("odd_names"), english).labels
    (label,) = [t for t in labels if t.full == "a" * 60]
    assert "\u2026" in label.text


def test_a_subtitle_stands_under_its_title() -> None:
    layout = lay_out(scene("two_hosts"), english)
    title = next(t for t in layout.labels if t.text == "router")
    subtitle = next(t for t in layout.labels if t.role == "subtitle")
    assert 10 < subtitle.y - title.y < 20


def callout(kind: str, direction: str) -> CalloutBox:
    """The callout of a port at the bottom, whose wire leads to a tap or to another bridge."""
    drawn = Scene(
        containers=(
            Container(id="n0", kind="host", title="Node"),
            Container(id="n1", kind="guest", title="vm", parent="n0"),
        ),
        bridges=(Bridge(id="n2", kind="ovs", name="br-int", container="n0"),),
        ports=(Port(id="n3", name="p", bridge="n2", side="bottom"),),
        interfaces=(
            Interface(id="n4", kind=kind, name="i", container="n0"),  # type: ignore[arg-type]
            Interface(id="n5", kind="guest-nic", name="eth0", container="n1", border=True),
        ),
        wires=(Wire(id="n6", ends=("n3", "n4")), Wire(id="n7", ends=("n4", "n5"))),
        callouts=(
            Callout(id="n8", port="n3", outer="untagged", inner="metadata 3", direction=direction),  # type: ignore[arg-type]
        ),
    )
    (box,) = lay_out(drawn, english).callouts
    return box


def test_towards_a_guest_the_outer_value_is_below_and_inwards_is_up() -> None:
    (line,) = callout("tap", "in").lines
    assert (line.first.text, line.arrow, line.second.text) == ("metadata 3", "up", "untagged")


def test_towards_a_bridge_the_outer_value_is_above_and_outwards_is_up() -> None:
    (line,) = callout("patch", "out").lines
    assert (line.first.text, line.arrow, line.second.text) == ("untagged", "up", "metadata 3")


def test_both_ways() -> None:
    assert callout("tap", "both").lines[0].arrow == "both"
