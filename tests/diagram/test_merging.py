"""Merging: what is one is drawn once, with all that hangs on it."""

from dataclasses import replace

import pytest

from ovs_capture.diagram.merging import MOST_CALLOUTS, few_callouts, joined_groups, merged
from ovs_capture.diagram.scene import Callout, Scene
from tests.diagram.crowd import Crowd, crowd
from tests.diagram.geometry import faults


@pytest.mark.parametrize(
    ("groups", "joined"),
    [
        ([], []),
        ([("a", "b"), ("c", "d")], [["a", "b"], ["c", "d"]]),
        ([("a", "b"), ("b", "c"), ("d", "e")], [["a", "b", "c"], ["d", "e"]]),
        ([("a", "b"), ("c", "d"), ("a", "c")], [["a", "b", "c", "d"]]),
        ([("a", "b"), ("a", "b")], [["a", "b"]]),
    ],
)
def test_groups_that_share_an_element_are_one(
    groups: list[tuple[str, ...]], joined: list[list[str]]
) -> None:
    assert joined_groups(groups) == joined


def taps(scene: Scene) -> list[str]:
    return [p.id for p in scene.ports if p.name.startswith("tap")]


def test_ports_of_several_tags_are_one_with_none() -> None:
    drawn = crowd(4)
    ports = taps(drawn)[:4]
    found = merged(drawn, [ports])
    port = next(p for p in found.ports if p.id == ports[0])
    assert (port.name, port.tag) == ("tap ×4", None)
    assert {p.id for p in drawn.ports} - {p.id for p in found.ports} == {*ports[1:]}
    # Their devices are still four, and each of them hangs on the one port.
    assert sum(ports[0] in wire.ends for wire in found.wires) == 4
    assert faults(found) == []


def test_wires_between_the_same_two_are_one_and_count_their_labels() -> None:
    drawn = crowd(4)
    ports = taps(drawn)[:4]
    devices = [next(w.ends[1] for w in drawn.wires if w.ends[0] == port) for port in ports]
    found = merged(drawn, [ports, devices])
    between = [w for w in found.wires if set(w.ends) == {ports[0], devices[0]}]
    labels = {w.label for w in drawn.wires if w.ends[0] in ports}
    assert [wire.label for wire in between] == [f"tag ×{len(labels)}"]


def test_only_an_address_that_all_have_is_left() -> None:
    drawn = crowd(4)
    nics = [i.id for i in drawn.interfaces if i.kind == "guest-nic"][:4]
    same = replace(drawn, addresses=tuple(replace(a, text="10.9.9.9") for a in drawn.addresses))
    for before, texts in ((drawn, []), (same, ["10.9.9.9"])):
        found = merged(before, [nics])
        assert [a.text for a in found.addresses if a.interface == nics[0]] == texts


@pytest.mark.parametrize(
    ("titles", "title", "subtitle"),
    [
        (("router", "router"), "router", "qrouter ×2"),
        (("edge", "inner"), "qrouter ×2", None),
        (("r1", "r2"), "r ×2", "qrouter ×2"),
    ],
)
def test_what_namespaces_are_is_told_by_their_own_names(
    titles: tuple[str, str], title: str, subtitle: str | None
) -> None:
    c = Crowd()
    host = c.add("containers", kind="host", title="node")
    rooms = [
        c.add("containers", kind="namespace", title=t, subtitle=f"qrouter-{n:08x}", parent=host)
        for n, t in enumerate(titles)
    ]
    room = merged(c.scene(), [rooms]).containers[1]
    assert (room.title, room.subtitle) == (title, subtitle)


def with_translations(count: int, direction: str = "both") -> Scene:
    drawn = crowd(2)
    port = taps(drawn)[0]
    more = tuple(
        Callout(
            id=f"c{n}",
            port=port,
            outer=f"vxlan {n}",
            inner="tag 3",
            direction=direction if n else "both",  # type: ignore[arg-type]
        )
        for n in range(count)
    )
    return replace(drawn, callouts=more)


def test_a_translation_that_all_ports_have_is_told_once() -> None:
    drawn = with_translations(2)
    one, other = taps(drawn)[:2]
    both = tuple(replace(c, id=f"{c.id}'", port=other) for c in drawn.callouts)
    found = merged(replace(drawn, callouts=(*drawn.callouts, *both)), [[one, other]])
    assert [(c.id, c.port) for c in found.callouts] == [("c0", one), ("c1", one)]


def test_more_translations_than_anyone_reads_are_counted() -> None:
    assert few_callouts(with_translations(MOST_CALLOUTS)).callouts == (
        with_translations(MOST_CALLOUTS).callouts
    )
    found = few_callouts(with_translations(MOST_CALLOUTS + 1)).callouts
    assert [(c.outer, c.inner, c.direction) for c in found] == [
        (f"vxlan ×{MOST_CALLOUTS + 1}", "tag 3", "both")
    ]
