"""Legend: what a picture holds is said under it, and nothing else."""

import pytest

from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.legend import with_legend
from ovs_capture.diagram.paint import paint_svg
from ovs_capture.diagram.scene import Scene
from tests.diagram.crowd import crowd
from tests.diagram.geometry import overlaps
from tests.diagram.scenes import NAMES, english, scene


@pytest.mark.parametrize("name", NAMES)
def test_it_stands_under_everything_and_on_nothing(name: str) -> None:
    bare = lay_out(scene(name), english)
    full = with_legend(bare, english)
    new = full.labels[len(bare.labels) :]
    assert overlaps(full) == []
    assert all(box.y + box.height <= full.height for box in full.boxes)
    assert all(label.y > bare.height - 20 for label in new)


def test_it_names_what_the_picture_has() -> None:
    bare = lay_out(crowd(6), english)
    full = with_legend(bare, english)
    said = [label.text for label in full.labels[len(bare.labels) :]]
    assert said[:2] == ["bridge", "OVS port"]
    assert "behind an access port (tag)" in said
    flat = lay_out(scene("bare_host"), english)
    assert "OVS port" not in [label.text for label in with_legend(flat, english).labels]


def test_nothing_to_say_is_no_legend() -> None:
    bare = lay_out(Scene(), english)
    assert with_legend(bare, english) == bare


@pytest.mark.parametrize("mode", ["web", "static"])
def test_it_can_be_painted(mode: str) -> None:
    layout = with_legend(lay_out(scene("flat"), english), english)
    svg = paint_svg(
        layout,
        mode=mode,  # type: ignore[arg-type]
        words=english,
        prefix="",
        lang="en",
        title="",
        description="",
    )
    assert "guest or namespace" in svg
