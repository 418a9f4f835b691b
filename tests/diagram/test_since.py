"""What a picture shows otherwise than an earlier one: marks, signs, and what is gone."""

from dataclasses import replace

import pytest

from ovs_capture.diagram.compose import compose
from ovs_capture.diagram.layout import picture
from ovs_capture.diagram.paint import paint_svg
from ovs_capture.diagram.scene import Scene
from ovs_capture.diagram.since import scene_changes, with_since
from ovs_capture.network.correlate import correlate_target
from ovs_capture.store import load_target
from ovs_capture.translation import Translator
from tests.conftest import ROOT

SAY = Translator("en").text


def scene(side: str) -> Scene:
    networks, _ = correlate_target(load_target(ROOT / "captures" / "what-changed" / side))
    return compose(networks, language="en")


def test_nothing_against_itself() -> None:
    before = scene("before")
    found = scene_changes(before, before)
    assert (found.marks, found.gone) == ((), ())
    _, layout = picture(before, SAY)
    assert with_since(layout, found, SAY) is layout


def test_a_tag_and_a_guest() -> None:
    before, after = scene("before"), scene("after")
    found = scene_changes(before, after)
    names = {port.id: port.name for port in after.ports}
    assert [(names[owner], mark) for owner, mark in found.marks] == [("tap6f1d2c33-fe", "changed")]
    gone = [SAY(words) for words in found.gone]
    assert any("instance01" in words for words in gone)
    back = scene_changes(after, before)
    assert sorted(mark for _, mark in back.marks) == ["changed", *["new"] * len(found.gone)]
    assert back.gone == ()


def test_one_host_may_have_another_name() -> None:
    before = scene("before")
    renamed = replace(
        before,
        containers=tuple(
            replace(one, title="Other") if one.parent is None else one for one in before.containers
        ),
    )
    assert scene_changes(before, renamed).marks == ()


@pytest.mark.parametrize("mode", ["web", "static"])
def test_a_mark_is_an_edge_and_a_sign(mode: str) -> None:
    before, after = scene("before"), scene("after")
    found = scene_changes(before, after)
    _, plain = picture(after, SAY)
    marked = with_since(plain, found, SAY)
    assert marked.height > plain.height
    svg = paint_svg(
        marked, mode="web" if mode == "web" else "static", words=SAY, prefix="p-", lang="en",
        title="t", description="d",
    )  # fmt: skip
    assert svg.count(">~</text>") == 1
    assert "+ new, ~ changed since the earlier captures" in svg
    assert ("ovs-since-edge" in svg) is (mode == "web")
