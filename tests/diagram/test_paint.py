"""Painting: both modes are well-formed, complete, and never let a name become markup."""

import re
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.paint import paint_svg
from ovs_capture.diagram.palette import COLOURS
from ovs_capture.diagram.places import WirePath
from ovs_capture.diagram.scene import Scene
from ovs_capture.diagram.svg import path_data
from tests.diagram.scenes import NAMES, english, scene, scenes

SVG = "{http://www.w3.org/2000/svg}"
Mode = Literal["web", "static"]
MODES: tuple[Mode, ...] = ("web", "static")


def painted(drawn: Scene, mode: Mode = "web", **more: Any) -> str:
    given_options: dict[str, Any] = {
        "prefix": "p1-",
        "lang": "en",
        "title": "A & B",
        "description": "<d>",
    }
    return paint_svg(lay_out(drawn, english), mode=mode, words=english, **(given_options | more))


def parsed(text: str) -> Any:
    return etree.fromstring(text.encode())


def texts(root: Any) -> list[str]:
    return ["".join(t.xpath("text()")) for t in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NAMES)
def test_every_element_is_drawn(name: str, mode: Mode) -> None:
    drawn = scene(name)
    root = parsed(painted(drawn, mode))
    layout = lay_out(drawn, english)
    lines = [p for p in root.iter(f"{SVG}path") if p.get("class") != "ovs-hit"]
    arrows = sum(len(box.lines) for box in layout.callouts)
    assert len(lines) == len(layout.wires) + len(layout.rails) + arrows
    ground = 1 if mode == "static" else 0
    rectangles = len(list(root.iter(f"{SVG}rect")))
    assert rectangles == len(layout.boxes) + len(layout.callouts) + ground
    written = [t.text for t in layout.labels]
    written += [t.text for b in layout.callouts for c in b.lines for t in (c.first, c.second)]
    assert sorted(texts(root)) == sorted(written)


@settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(scenes())
def test_any_scene_is_well_formed_and_has_no_foreign_element(drawn: Scene) -> None:
    for mode in MODES:
        names = {etree.QName(e).localname for e in parsed(painted(drawn, mode)).iter()}
        allowed = {"svg", "title", "desc", "g", "a", "rect", "path", "circle", "text"}
        assert names <= allowed


@pytest.mark.parametrize("mode", MODES)
def test_names_stay_text(mode: Mode) -> None:
    evil = "\"><script>'&\x00\u202e"
    drawn = scene("odd_names")
    keys = [i.id for i in drawn.interfaces] + [w.id for w in drawn.wires]
    keys += [c.id for c in drawn.containers]
    by_id = dict.fromkeys(keys, evil)
    text = painted(
        drawn,
        mode,
        links=by_id,
        tooltips=by_id,
        entities=by_id,
        title=evil,
        description=evil,
        lang=evil,
        prefix=evil,
        font=evil,
    )
    root = parsed(text)
    assert not list(root.iter(f"{SVG}script"))
    assert "\x00" not in text and "\u202e" not in text
    assert '"><svg onload=x>' in texts(root)


@pytest.mark.parametrize("mode", MODES)
def test_it_tells_assistive_tools(mode: Mode) -> None:
    root = parsed(painted(scene("flat"), mode))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert (title.text, desc.text) == ("A & B", "<d>")
    assert root.get("aria-labelledby") == title.get("id") == "p1-title"
    assert root.get("aria-describedby") == desc.get("id") == "p1-desc"
    assert root.get("role") == ("group" if mode == "web" else "img")
    assert root.get("lang") == "en"


def test_the_web_has_links_tooltips_entities_and_ways() -> None:
    drawn = scene("flat")
    tap = next(i.id for i in drawn.interfaces if i.kind == "tap")
    root = parsed(
        painted(
            drawn, links={tap: "#tap"}, tooltips={tap: "TAP of instance00"}, entities={tap: "e7"}
        )
    )
    (anchor,) = root.iter(f"{SVG}a")
    (group,) = anchor
    assert anchor.get("href") == "#tap"
    assert group.get("data-ovs") == "e7"
    assert group.get("data-ovs-el") == tap
    assert group.find(f"{SVG}title").text == "TAP of instance00"
    assert tap in group.get("data-ovs-way").split()
    assert "ovs-n-tagged" in group.get("class").split()


def test_an_element_without_tooltip_says_what_it_is() -> None:
    root = parsed(painted(scene("flat")))
    tips = [t.text for t in root.iter(f"{SVG}title")]
    assert {"OVS bridge br-int", "guest instance00", "TAP device tap635485ff-6c"} <= set(tips)


def test_a_shortened_name_is_whole_in_the_tooltip() -> None:
    tips = [t.text for t in parsed(painted(scene("odd_names"))).iter(f"{SVG}title")]
    assert "NIC " + "a" * 60 in tips


def test_static_knows_no_variable_and_no_class() -> None:
    text = painted(scene("flat"), "static", font="Noto Sans CJK JP")
    assert not re.search(r"var\(|class=|<style|data-", text)
    assert 'font-family="Noto Sans CJK JP"' in text


def test_the_web_names_no_colour_and_no_font() -> None:
    assert not re.search(r"#[0-9a-f]{6}|font-family", painted(scene("flat"), "web"))


def test_static_follows_its_theme() -> None:
    dark = painted(scene("flat"), "static", theme="dark")
    assert COLOURS["host"][1] in dark and COLOURS["host"][0] not in dark


@pytest.mark.parametrize(
    ("points", "jumps", "data"),
    [
        pytest.param(((0, 0), (0, 50)), (), "M0 0L0 50", id="straight"),
        pytest.param(
            ((0, 0), (0, 50)), ((0, 20, 6),), "M0 0L0 14A6 6 0 0 1 0 26L0 50", id="jump-down"
        ),
        pytest.param(
            ((0, 50), (0, 0)), ((0, 20, 6),), "M0 50L0 26A6 6 0 0 0 0 14L0 0", id="jump-up"
        ),
        pytest.param(
            ((0, 0), (0, 20), (30, 20)), (), "M0 0L0 15Q0 20 5 20L30 20", id="round-corner"
        ),
        pytest.param(((0, 0), (0, 4), (30, 4)), (), "M0 0L0 2Q0 4 2 4L30 4", id="short-corner"),
    ],
)
def test_path(
    points: tuple[tuple[int, int], ...], jumps: tuple[tuple[int, int, int], ...], data: str
) -> None:
    assert path_data(WirePath("n0", points, jumps, carried=False)) == data
