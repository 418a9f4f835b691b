"""The picture of a logical network as SVG."""

from typing import Literal

import lxml.etree
import pytest

from ovs_capture.diagram.logical.dot import write_logical_dot
from ovs_capture.diagram.logical.paint import paint_logical
from tests.diagram.logical.networks import crowd, english, layout_of, scene_of

HOSTILE = (
    "$ ovn-nbctl show\nswitch 790c1068-f065-4fc0-bc80-3fc7325ae7bd (<b>&\"'</b>)\n"
    '    port p<0>\n        addresses: ["fa:16:3e:00:00:01 10.0.0.2"]\n'
)


def painted(text: str, mode: Literal["web", "static"] = "web", **more: str) -> lxml.etree._Element:
    scene = scene_of(text)
    svg = paint_logical(
        scene,
        layout_of(scene),
        mode=mode,
        say=english,
        prefix="p-",
        lang="en",
        title="A <title>",
        description="d",
        links={part.id: "#there" for part in scene.ports},
    )
    return lxml.etree.fromstring(svg.encode())


@pytest.mark.parametrize("mode", ["web", "static"])
def test_nothing_of_a_capture_is_markup(mode: Literal["web", "static"]) -> None:
    tree = painted(HOSTILE, mode)
    assert tree.xpath("//*[local-name()='b']") == []
    assert "<b>&\"'</b>" in "".join(tree.itertext())


def test_a_box_has_a_tooltip_with_its_lines_and_a_way() -> None:
    tree = painted(crowd(1, 1))
    groups = tree.xpath("//*[contains(@class, 'ovs-guest')]")
    tip = groups[0].xpath("string(*[local-name()='title'])")
    assert tip.split("\n") == ["vm0-0", "fa:16:3e:00:00:00", "10.0.0.2", "captured.txt:3"]
    ids = set(tree.xpath("//@data-ovs-el"))
    for way in tree.xpath("//@data-ovs-way"):
        assert set(way.split()) <= ids
    assert len(tree.xpath("//*[@class='ovs-link']")) >= 2


def test_static_mode_has_no_classes() -> None:
    assert painted(crowd(2, 1), "static").xpath("//@class") == []


def test_dot_quotes_what_captures_say() -> None:
    text = write_logical_dot(scene_of(HOSTILE), english)
    assert '<b>&\\"' in text
    assert "p<0>" in text
