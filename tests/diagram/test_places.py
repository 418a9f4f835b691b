"""Places: what a layout says about itself."""

from ovs_capture.diagram.places import (
    Box,
    CalloutBox,
    CalloutLine,
    Label,
    Layout,
    RailLine,
    WirePath,
    at_their_lines,
)


def test_a_labels_left_follows_its_anchor() -> None:
    label = Label("n0", "name", "eth0", 100, 10, "start", 12.0)
    middle = Label("n0", "name", "eth0", 100, 10, "middle", 12.0)
    end = Label("n0", "name", "eth0", 100, 10, "end", 12.0)
    assert (label.left, end.left) == (100, 100 - label.width)
    assert end.left < middle.left < label.left


def test_jumps_over_rails_are_no_crossings() -> None:
    wire = WirePath("n1", ((0, 0), (0, 90), (50, 90)), ((0, 20, 6), (0, 60, 4)), carried=False)
    layout = Layout(width=9, height=9, rails=(RailLine("n0", 0, 9, 20),), wires=(wire,))
    assert (layout.bends, layout.crossings) == (1, 1)


def test_the_text_form_has_a_line_for_everything() -> None:
    layout = Layout(
        width=90,
        height=50,
        boxes=(Box("n0", "host", 1, 2, 3, 4),),
        wires=(WirePath("n1", ((0, 0), (0, 9)), (), carried=True),),
        networks=(("n1", "net0"),),
    )
    assert layout.text().splitlines() == [
        "size 90x50 bends 0 crossings 0",
        "host n0 1,2 3x4",
        "wire n1 net0 carried 0,0 0,9",
    ]


def test_the_texts_are_those_of_labels_and_of_callouts() -> None:
    first = Label("n1", "label", "tag なし", 0, 0, "middle", 11.5)
    second = Label("n1", "label", "tag 1", 0, 30, "middle", 11.5)
    line = CalloutLine("n1", first, second, "up", 0, 15)
    layout = Layout(
        width=9,
        height=9,
        callouts=(CalloutBox("n2", 0, 0, 9, 9, (line,)),),
        labels=(Label("n0", "name", "eth0", 0, 0, "start", 12.0),),
    )
    assert layout.texts == ("eth0", "tag なし", "tag 1")


def test_a_label_stands_at_the_nearest_of_its_networks_lines() -> None:
    lines = [RailLine("n0", 0, 9, y) for y in (20, 60, 40)] + [RailLine("n1", 0, 9, 31)]

    def line_of(y: int) -> int:
        label = Label("n0", "cidr", "10.0.0.0/24", 0, y, "end", 12.0)
        ((line, labels),) = at_their_lines(lines, [label]).items()
        assert labels == [label]
        return line.y

    assert [line_of(y) for y in (0, 20, 29, 30, 31, 49, 51, 99)] == [20, 20, 20, 20, 40, 40, 60, 60]
    assert line_of(50) == 60  # of two that are as near the first
    name = Label("h0", "name", "hv0", 0, 20, "start", 12.0)
    assert at_their_lines(lines, [name]) == {}
