"""The stylesheet and the script, in a browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ovs_capture.render.extension import ASSETS
from tests.conftest import ROOT
from tests.render.conftest import Project

CSS = (ASSETS / "ovs-capture.css").read_text("utf-8")
SHOW = "flat-instance/compute/ovs-vsctl-show.txt"
LINK = "flat-instance/compute/ip-d-link-show.txt"
PAGE = f"""\
# Page

```{{ovs-capture}} {LINK}
:only: br-int tap635485ff-6c
```

```{{ovs-capture}} {SHOW}
```

```{{ovs-topology}} flat-instance/compute
```

```{{ovs-capture}} {LINK}
:view: table
```

```{{ovs-flows}} flat-instance/compute:br-int
```
"""


def test_every_class_and_property_is_ours() -> None:
    plain = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", CSS, flags=re.DOTALL)
    selectors = re.sub(r"\{[^{}]*\}", "{}", plain)
    assert set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors)) <= {
        name for name in re.findall(r"\.([\w-]+)", selectors) if name.startswith(("ovs-", "k-"))
    }
    assert all(name.startswith("ovs-") for name in re.findall(r"--([\w-]+)", plain))


def test_dark_by_attribute_and_by_preference_are_the_same() -> None:
    first = CSS.partition('[data-theme="dark"] {')[2].partition("}")[0]
    second = CSS.partition('[data-theme="auto"] {')[2].partition("}")[0]
    assert first.split() == second.split()
    light = CSS.partition(":root {")[2].partition("}")[0]
    names = re.compile(r"(--ovs-[\w-]+):")
    assert set(names.findall(light)) - set(names.findall(first)) == {"--ovs-mono"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("furo")
    project = Project(tmp_path_factory.mktemp("site"))
    conf = 'extensions = ["myst_parser", "ovs_capture"]\nhtml_theme = "furo"\n'
    project.write({"conf.py": conf, "index.md": PAGE})
    built = project.build(ovs_capture_root=str(ROOT / "captures"))
    return Path(built.app.outdir) / "index.html"


@contextmanager
def opened(chromium: str, page: Path, **options: object) -> Iterator["Page"]:  # type: ignore[name-defined] # noqa: F821
    sync_api = pytest.importorskip("playwright.sync_api")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=flags)
        context = browser.new_context(**options)
        tab = context.new_page()
        errors: list[str] = []
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.goto(page.as_uri())
        yield tab
        browser.close()
    assert errors == []


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wider_than_the_page(chromium: str, site: Path, width: int, theme: str) -> None:
    size = {"width": width, "height": 900}
    with opened(chromium, site, viewport=size, color_scheme=theme) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        wide = tab.evaluate(
            "[...document.querySelectorAll('figure, .ovs-flows')]"
            ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)"
        )
        assert wide == []


def test_the_same_thing_lights_up_everywhere(chromium: str, site: Path) -> None:
    with opened(chromium, site, viewport={"width": 1400, "height": 900}) as tab:
        tab.hover('pre >> text="tap635485ff-6c" >> nth=0')
        tab.wait_for_selector(".ovs-tip")
        assert "tap635485ff-6c" in tab.inner_text(".ovs-tip")
        assert tab.locator(".ovs-at").count() == 1
        assert tab.locator("pre .ovs-same").count() > 2
        assert tab.locator(".ovs-reading .ovs-same").count() > 2
        assert tab.locator("svg .ovs-on").count() >= 1
        tab.keyboard.press("Escape")
        assert tab.locator(".ovs-tip, .ovs-same, .ovs-on").count() == 0


def test_by_keyboard(chromium: str, site: Path) -> None:
    with opened(chromium, site) as tab:
        link = tab.locator(".ovs-rows > .ovs-entry a.ovs-t").first
        link.focus()
        assert tab.locator(".ovs-tip").count() == 1
        link.evaluate("link => link.blur()")
        assert tab.locator(".ovs-tip").count() == 0
        assert tab.locator(".ovs-scroll").first.evaluate("box => box.tabIndex") == 0


def test_copies_are_the_capture(chromium: str, site: Path) -> None:
    text = (ROOT / "captures" / SHOW).read_text("utf-8")
    command, _, output = text.partition("\n")
    with opened(chromium, site, permissions=["clipboard-read", "clipboard-write"]) as tab:
        figure = tab.locator(".ovs-capture").nth(1)
        clipboard = "navigator.clipboard.readText()"
        figure.locator('button[aria-label="Copy command"]').click()
        assert tab.evaluate(clipboard) == command.removeprefix("$ ")
        figure.locator('button[aria-label="Copy output"]').click()
        assert tab.evaluate(clipboard) == output
        figure.evaluate(
            "figure => { const all = figure.querySelectorAll('pre');"
            " getSelection().setBaseAndExtent(all[0], 0, all[all.length - 1],"
            " all[all.length - 1].childNodes.length); }"
        )
        tab.keyboard.press("Control+c")
        assert tab.evaluate(clipboard) == output


def test_without_script_all_is_readable(chromium: str, site: Path) -> None:
    with opened(chromium, site, java_script_enabled=False) as tab:
        figure = tab.locator(".ovs-capture").nth(1)
        assert "Bridge br-int" in figure.inner_text()
        assert figure.locator("button").count() == 0
        note = figure.locator(".ovs-note").nth(1)
        assert note.is_visible()
        figure.locator(".ovs-switch").click()
        assert not note.is_visible()


def test_tables_sort(chromium: str, site: Path) -> None:
    column = "[...document.querySelectorAll('.ovs-table td:first-child')].map(e => e.textContent)"
    with opened(chromium, site) as tab:
        numbers = tab.evaluate(column)
        assert numbers == [str(n) for n in range(1, 11)]
        heading = tab.locator(".ovs-table th button").first
        heading.click()
        assert tab.evaluate(column) == numbers
        heading.click()
        assert tab.evaluate(column) == numbers[::-1]
        sort = tab.locator(".ovs-table th").first.get_attribute("aria-sort")
        assert sort == "descending"
