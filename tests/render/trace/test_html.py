"""A trace in a browser: where its parts stand, at the widths that pages have."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT
from tests.render.browser import opened
from tests.render.conftest import Project
from tests.render.directives.test_trace import BR_INT, OUT, text_of


@pytest.fixture
def built(project: Project) -> Path:
    packet = OUT.replace("172.16.0.1,", "172.16.0.31,")
    project.write({"index.md": text_of(BR_INT, packet, ":expect: output eth2, ...")})
    pytest.importorskip("furo")
    made = project.build(ovs_capture_root=str(ROOT / "captures"), html_theme="furo")
    return Path(made.app.outdir) / "index.html"


def size(width: int, height: int = 1000) -> dict[str, dict[str, int]]:
    return {"viewport": {"width": width, "height": height}}


def test_the_picture_stands_beside_the_steps_where_there_is_room(
    browser: Browser, built: Path
) -> None:
    with opened(browser, built, **size(1800)) as tab:
        # Furo keeps an article to 46em; a site of ours gives it more.
        tab.add_style_tag(content=".content { width: 62rem !important; }")
        steps = tab.locator("ol.ovs-steps").first.bounding_box()
        picture = tab.locator(".ovs-trace-picture").bounding_box()
        assert steps and picture
        assert picture["x"] >= steps["x"] + steps["width"]
        assert abs(picture["y"] - steps["y"]) < 40


@pytest.mark.parametrize("width", [390, 700])
def test_the_picture_stands_above_the_steps_where_there_is_none(
    browser: Browser, built: Path, width: int
) -> None:
    with opened(browser, built, **size(width)) as tab:
        steps = tab.locator("ol.ovs-steps").first.bounding_box()
        picture = tab.locator(".ovs-trace-picture").bounding_box()
        assert steps and picture
        assert picture["y"] + picture["height"] <= steps["y"]


@pytest.mark.parametrize("width", [390, 700, 1000, 1400])
def test_nothing_is_wider_than_the_page(browser: Browser, built: Path, width: int) -> None:
    with opened(browser, built, **size(width)) as tab:
        tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_the_button_copies_the_command_for_the_switch(browser: Browser, built: Path) -> None:
    permissions = {"permissions": ["clipboard-read", "clipboard-write"]}
    with opened(browser, built, **size(1400), **permissions) as tab:
        tab.locator(".ovs-trace .ovs-tools button").click()
        copied = tab.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("ovs-appctl ofproto/trace br-int in_port=tap635485ff-6c,icmp,")
        assert copied.endswith(" --ct-next new,trk --names")


def test_it_is_read_without_a_pointer_or_colours(browser: Browser, built: Path) -> None:
    with opened(browser, built, **size(1400)) as tab:
        steps = tab.locator("ol.ovs-steps").first
        assert steps.get_attribute("aria-label") == "Steps of the packet"
        scrolled = tab.locator(".ovs-trace-picture")
        assert scrolled.get_attribute("role") == "group"
        assert scrolled.get_attribute("aria-label") == "The way of the packet"
        assert scrolled.get_attribute("tabindex") == "0"
        # Discs are hidden from assistive tools: the list counts for itself.
        discs = tab.locator(".ovs-disc-of")
        assert all(d.get_attribute("aria-hidden") == "true" for d in discs.all())
        summary = tab.locator(".ovs-way-graph > summary")
        summary.focus()
        tab.keyboard.press("Enter")
        assert tab.locator(".ovs-way-graph svg").is_visible()


def test_the_page_is_whole_without_scripts(browser: Browser, built: Path) -> None:
    with opened(browser, built, **size(1400), java_script_enabled=False) as tab:
        assert tab.locator(".ovs-verdict").is_visible()
        assert tab.locator("li.ovs-step").count() == 11
        assert tab.locator(".ovs-tools button").count() == 0
