"""Pictures as a reader has them: in a browser, by pointer, by keyboard, without a script."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest
from playwright.sync_api import Browser, Locator, Page

from ovs_capture.diagram.palette import colour
from tests.conftest import ROOT
from tests.render.browser import opened
from tests.render.conftest import Project

PAGE = """\
# Page

```{ovs-topology} ovs-vlan/cmp1
```

```{ovs-capture} ovs-vlan/cmp1/ip-d-link-show.txt
```

```{ovs-capture} ovs-vlan/cmp1/ovs-vsctl-show.txt
```
"""
OTHER = """\
# Other

```{ovs-capture} ovs-vlan/cmp1/instance00-ip-addr-show.txt
```
"""
# instance00 hangs on local VLAN 1, instance01 and the subport of instance04 on 2, all others on 3.
TAP, ELSEWHERE = "tap2a1d95b3-58", "tapc33956e5-c7"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("furo")
    project = Project(tmp_path_factory.mktemp("picture"))
    conf = 'extensions = ["myst_parser", "ovs_capture"]\nhtml_theme = "furo"\n'
    toctree = "\n```{toctree}\nother\n```\n"
    project.write({"conf.py": conf, "index.md": PAGE + toctree, "other.md": OTHER})
    built = project.build(ovs_capture_root=str(ROOT / "captures"))
    assert built.warnings == []
    return Path(built.app.outdir) / "index.html"


def drawn(tab: Page, role: str, name: str) -> Locator:
    """The element of the picture with this role and text."""
    text = re.compile(rf"^\s*{re.escape(name)}\s*$")
    found = tab.locator(f"svg.ovs-picture .ovs-{role}")
    return found.filter(has=tab.locator("text").filter(has_text=text)).first


def lit(tab: Page, role: str) -> set[str]:
    """The names of what the picture emphasises."""
    return set(tab.locator(f"svg .ovs-{role}.ovs-on > text:first-of-type").all_text_contents())


def test_pointing_at_a_box_lights_up_its_whole_way(browser: Browser, page: Path) -> None:
    with opened(browser, page, viewport={"width": 1400, "height": 2000}) as tab:
        drawn(tab, "interface", TAP).hover()
        assert {TAP, "phy-br-provider", "int-br-provider", "eth2", "eth0"} == lit(tab, "interface")
        assert lit(tab, "bridge") == {"br-int", "br-provider"}
        assert lit(tab, "rail") == {"172.16.0.0/24"}
        assert not {ELSEWHERE, "eth3", "patch-tun"} & lit(tab, "interface")
        wires = tab.locator("svg .ovs-wire.ovs-on > .ovs-line")
        assert wires.count() >= 5
        assert {w.evaluate("w => getComputedStyle(w).strokeWidth") for w in wires.all()} == {"5px"}


def test_pointing_at_a_wire_or_a_guest_lights_up_the_same_way(browser: Browser, page: Path) -> None:
    with opened(browser, page, viewport={"width": 1400, "height": 2000}) as tab:
        drawn(tab, "interface", TAP).hover()
        whole = lit(tab, "interface")
        tab.mouse.move(5, 5)
        tab.wait_for_function("!document.querySelector('.ovs-on')")
        drawn(tab, "guest", "instance00").locator("text").first.hover()
        assert lit(tab, "interface") == whole
        tab.keyboard.press("Escape")
        assert tab.locator(".ovs-on").count() == 0
        ends = drawn(tab, "port", TAP).bounding_box(), drawn(tab, "interface", TAP).bounding_box()
        assert ends[0] is not None and ends[1] is not None
        bottom = ends[0]["y"] + ends[0]["height"]
        tab.mouse.move(ends[0]["x"] + ends[0]["width"] / 2, (bottom + ends[1]["y"]) / 2)
        assert tab.locator("svg .ovs-wire.ovs-at").count() == 1
        assert lit(tab, "interface") == whole


def test_pointing_at_a_box_marks_every_mention(browser: Browser, page: Path) -> None:
    with opened(browser, page, viewport={"width": 1400, "height": 2000}) as tab:
        box = drawn(tab, "interface", TAP)
        key = box.get_attribute("data-ovs")
        box.hover()
        mentions = tab.locator(f'pre [data-ovs="{key}"]')
        assert mentions.count() >= 3  # its header line in ip link; Port and Interface in ovs-vsctl
        assert set(mentions.all_text_contents()) == {TAP}
        marked = tab.locator("pre .ovs-same")
        assert marked.count() == mentions.count()
        tab.wait_for_selector(".ovs-tip")
        assert "instance00" in tab.inner_text(".ovs-tip")


def test_focus_does_what_pointing_does(browser: Browser, page: Path) -> None:
    with opened(browser, page, viewport={"width": 1400, "height": 2000}) as tab:
        drawn(tab, "interface", TAP).hover()
        pointed = lit(tab, "interface"), tab.locator(".ovs-same").count()
        tab.mouse.move(5, 5)
        tab.wait_for_function("!document.querySelector('.ovs-on')")
        tab.locator(".ovs-figure .ovs-scroll").focus()
        for _ in range(80):
            tab.keyboard.press("Tab")
            if tab.evaluate("document.activeElement.textContent.trim()") == TAP:
                break
        assert tab.evaluate("document.activeElement.closest('svg.ovs-picture') !== null")
        assert (lit(tab, "interface"), tab.locator(".ovs-same").count()) == pointed
        assert tab.locator(".ovs-tip").count() == 1
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert tab.evaluate(outline) == "solid"
        tab.keyboard.press("Escape")
        assert tab.locator(".ovs-on, .ovs-same, .ovs-tip").count() == 0


def test_links_of_boxes_lead_to_anchors(page: Path) -> None:
    tree = lxml.html.document_fromstring(page.read_bytes())
    links = tree.xpath("//*[name()='svg'][contains(@class, 'ovs-picture')]//*[name()='a']/@href")
    assert len(links) > 20
    for link in links:
        parts = urlsplit(link)
        target = (page.parent / unquote(parts.path)) if parts.path else page
        ids = lxml.html.document_fromstring(target.read_bytes()).xpath("//@id")
        assert unquote(parts.fragment) in ids, link


def test_a_click_leads_to_the_explanation(browser: Browser, page: Path) -> None:
    with opened(browser, page, viewport={"width": 1400, "height": 2000}) as tab:
        drawn(tab, "interface", TAP).click()
        tab.wait_for_function("location.hash")
        target = tab.locator(f"[id='{urlsplit(tab.url).fragment}']")
        assert TAP in (target.text_content() or "")


@pytest.mark.parametrize(
    ("theme", "scheme", "drawn_in"),
    [
        ("light", "dark", "light"),
        ("dark", "light", "dark"),
        ("auto", "light", "light"),
        ("auto", "dark", "dark"),
    ],
)
def test_the_picture_follows_the_theme(
    browser: Browser, page: Path, theme: str, scheme: str, drawn_in: str
) -> None:
    with opened(browser, page, color_scheme=scheme) as tab:
        tab.evaluate(f"document.body.dataset.theme = '{theme}'")
        for role, key in (("host", "host"), ("bridge", "bridge"), ("interface", "interface")):
            shape = tab.locator(f"svg .ovs-{role} > .ovs-shape").first
            fill = shape.evaluate("shape => getComputedStyle(shape).fill")
            wanted = colour(key, "dark" if drawn_in == "dark" else "light")
            assert fill == "rgb({}, {}, {})".format(*bytes.fromhex(wanted[1:]))


def test_paper_is_light(browser: Browser, page: Path) -> None:
    with opened(browser, page, color_scheme="dark") as tab:
        tab.emulate_media(media="print")
        shape = tab.locator("svg .ovs-host > .ovs-shape").first
        fill = shape.evaluate("shape => getComputedStyle(shape).fill")
        assert fill == "rgb({}, {}, {})".format(*bytes.fromhex(colour("host", "light")[1:]))


def test_on_a_phone_the_picture_scrolls_and_not_the_page(browser: Browser, page: Path) -> None:
    with opened(browser, page, viewport={"width": 390, "height": 800}) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") == 390
        box = tab.locator(".ovs-figure .ovs-scroll")
        assert box.evaluate("box => box.scrollWidth > box.clientWidth")
        box.focus()
        tab.keyboard.press("ArrowRight")
        tab.wait_for_function("document.querySelector('.ovs-figure .ovs-scroll').scrollLeft > 0")


def test_without_script_the_picture_is_complete(browser: Browser, page: Path) -> None:
    size = {"width": 1400, "height": 2000}
    with opened(browser, page, viewport=size) as tab:
        shapes = tab.locator("svg.ovs-picture :is(rect, path, circle, text)").count()
    with opened(browser, page, viewport=size, java_script_enabled=False) as tab:
        picture = tab.locator("svg.ovs-picture")
        assert picture.locator("rect, path, circle, text").count() == shapes > 100
        assert picture.locator("title").first.text_content()
        assert TAP in (drawn(tab, "interface", TAP).locator("title").text_content() or "")
        wire = picture.locator(".ovs-wire .ovs-line").first
        before = wire.evaluate("w => getComputedStyle(w).strokeWidth")
        assert before == "3px"
        drawn(tab, "rail", "172.16.0.0/24").locator(".ovs-hit").hover(force=True)
        width = "w => getComputedStyle(w).strokeWidth"
        rail = drawn(tab, "rail", "172.16.0.0/24").locator(".ovs-line")
        assert rail.evaluate(width) == "5px"


FORMS = """\
# Forms

```{ovs-topology} sixty-guests/compute
:collapse:
```

```{ovs-topology} flat-instance/compute
:direction: up
```

```{ovs-topology} ovs-vlan
```
"""


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture with guests drawn as one, one with the guests on top, one of several hosts."""
    pytest.importorskip("furo")
    project = Project(tmp_path_factory.mktemp("forms"))
    conf = 'extensions = ["myst_parser", "ovs_capture"]\nhtml_theme = "furo"\n'
    project.write({"conf.py": conf, "index.md": FORMS})
    built = project.build(ovs_capture_root=str(ROOT / "captures"))
    return Path(built.app.outdir) / "index.html"


@pytest.mark.parametrize(
    ("picture", "role", "across"),
    [
        pytest.param(0, "guest", {"br-int"}, id="collapsed"),
        pytest.param(1, "guest", {"br-int", "br-provider"}, id="up"),
        pytest.param(2, "guest", {"br-int", "br-provider"}, id="several hosts"),
    ],
)
def test_every_form_lights_up_a_whole_way(
    browser: Browser, forms: Path, picture: int, role: str, across: set[str]
) -> None:
    with opened(browser, forms, viewport={"width": 1400, "height": 2400}) as tab:
        svg = tab.locator("svg.ovs-picture").nth(picture)
        svg.locator(f".ovs-{role} > text").first.hover()
        bridges = svg.locator(".ovs-bridge.ovs-on > text:first-of-type").all_text_contents()
        assert across <= set(bridges)
        assert svg.locator(".ovs-rail.ovs-on").count() >= 1
        on, every = svg.locator(".ovs-wire.ovs-on").count(), svg.locator(".ovs-wire").count()
        assert 2 <= on < every
        others = tab.locator("svg.ovs-picture").nth((picture + 1) % 3)
        assert others.locator(".ovs-wire.ovs-on").count() == 0


@pytest.mark.parametrize("picture", range(3))
def test_every_form_is_dark_in_the_dark_and_scrolls_on_a_phone(
    browser: Browser, forms: Path, picture: int
) -> None:
    phone = {"width": 390, "height": 800}
    with opened(browser, forms, viewport=phone, color_scheme="dark") as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") == 390
        shape = tab.locator("svg.ovs-picture").nth(picture).locator(".ovs-host > .ovs-shape").first
        fill = shape.evaluate("shape => getComputedStyle(shape).fill")
        assert fill == "rgb({}, {}, {})".format(*bytes.fromhex(colour("host", "dark")[1:]))
        box = tab.locator(".ovs-figure .ovs-scroll").nth(picture)
        assert box.evaluate("box => box.scrollWidth > box.clientWidth")
