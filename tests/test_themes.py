"""Pages under other themes and beside other extensions: nothing of ours breaks, nothing leaks."""

import shutil
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT, require
from tests.render.browser import watched
from tests.render.conftest import Built, Project

THEMES = ("alabaster", "furo", "sphinx_rtd_theme", "pydata_sphinx_theme", "sphinx_book_theme")
OURS = (".ovs-capture", ".ovs-figure", ".ovs-flows", ".ovs-pipeline")
# The themes' own remark on pages without a stored choice (pydata-sphinx-theme.js).
THEIRS = ("Got invalid theme mode: . Resetting to auto.",)
CONF = """\
project = "lab"
extensions = ["myst_parser", "ovs_capture", "sphinx_copybutton", "sphinx_design"]
myst_enable_extensions = ["colon_fence"]
exclude_patterns = ["captures"]
show_warning_types = True
# The captures of the self-service network are of two runs.
suppress_warnings = ["ovs_capture.address-two-macs"]
"""
PAGE = """\
# Every directive

```console
$ echo an ordinary block
```

:::{ovs-topology} flat-instance/compute
:caption: The host
:::

:::{ovs-topology} selfservice
:layer: logical
:::

:::{ovs-capture} flat-instance/compute/ip-d-link-show.txt
:caption: Its links
:only: tap635485ff-6c
:::

:::{ovs-capture} flat-instance/compute/ovs-vsctl-show.txt
:view: table
:::

:::{ovs-capture} flat-instance/compute/virsh-dumpxml.txt
:view: raw
:::

::::{tab-set}
:::{tab-item} First
```{ovs-capture} flat-instance/compute/virsh-list.txt
```
:::
:::{tab-item} Second
```{ovs-capture} flat-instance/compute/ovs-dpctl-show.txt
```
:::
::::

## Flows

:::{ovs-pipeline} flat-instance/compute:br-int
:::

:::{ovs-flows} flat-instance/compute:br-int
:::

:::{ovs-flows} selfservice/controller/1-ovn-sb-lflow-list.txt
:::

## A packet

:::{ovs-trace} flat-instance/compute:br-int
:packet: in_port=tap635485ff-6c,arp,dl_src=fa:16:3e:55:2a:5d,dl_dst=ff:ff:ff:ff:ff:ff
:::
"""
pytestmark = pytest.mark.xdist_group("themes")


@pytest.fixture(scope="module", params=THEMES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    require("themes")
    project = Project(tmp_path_factory.mktemp(request.param))
    project.write({"conf.py": CONF, "index.md": PAGE})
    for scenario in ("flat-instance", "selfservice"):
        shutil.copytree(ROOT / "captures" / scenario, project.root / "captures" / scenario)
    return project.build(html_theme=request.param)


def page_of(built: Built) -> Path:
    return Path(built.app.outdir) / "index.html"


def test_no_warning(built: Built) -> None:
    assert built.warnings == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_is_quiet(
    built: Built, browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    faults = watched(page)
    page.goto(page_of(built).as_uri())
    for width in (390, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # A tab that is closed has no size.
        wide = page.evaluate(
            """(ours) => [...document.querySelectorAll(ours)]
              .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length""",
            ", ".join(OURS),
        )
        assert wide == 0, width
    context.close()
    assert [fault for fault in faults if fault not in THEIRS] == []


def test_our_text_looks_as_it_does_elsewhere(built: Built, browser: Browser) -> None:
    """The themes style ``pre``, ``table`` and ``summary``; ours keep their own looks."""
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(page_of(built).as_uri())
    looks = page.evaluate(
        """() => [...document.querySelectorAll(".ovs-capture .ovs-entry > pre")].map((pre) => {
          const style = getComputedStyle(pre);
          return [style.backgroundColor, style.borderTopWidth, style.marginTop,
                  style.boxShadow, style.whiteSpaceCollapse];
        })"""
    )
    context.close()
    assert len(looks) > 5
    assert set(map(tuple, looks)) == {("rgba(0, 0, 0, 0)", "0px", "0px", "none", "preserve")}


def test_lists_are_not_numbered_by_the_theme(built: Built, browser: Browser) -> None:
    """sphinx_rtd_theme numbers and indents every item, and spaces what stands in it."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(page_of(built).as_uri())
    looks = page.evaluate(
        """() => [...document.querySelectorAll(".ovs-list > li, .ovs-steps > li")].map((item) => {
          const style = getComputedStyle(item);
          const own = ".ovs-entered, .ovs-chips";
          const inside = [...item.children].filter((one) => !one.matches(own));
          return [style.listStyleType, style.marginLeft,
                  ...new Set(inside.flatMap((one) => [getComputedStyle(one).marginTop,
                                                      getComputedStyle(one).marginBottom]))];
        })"""
    )
    context.close()
    assert len(looks) > 50
    assert set(map(tuple, looks)) == {("none", "0px", "0px")}


def test_a_printed_page_is_whole(built: Built, browser: Browser) -> None:
    """No sheet scrolls and none can be unfolded; afterwards the folds are as they were."""
    context = browser.new_context(viewport={"width": 700, "height": 1000})
    page = context.new_page()
    page.goto(page_of(built).as_uri())
    shut = f":is({', '.join(OURS)}) details:not([open], .ovs-cut)"
    before = page.locator(shut).count()
    assert before > 10
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(shut).count() == 0
    wide = page.evaluate(
        """(ours) => [...document.querySelectorAll("svg.ovs-picture, pre.ovs-text, .ovs-raw > pre")]
          .filter((one) => one.checkVisibility())
          .filter((one) => one.getBoundingClientRect().right
            > one.closest(ours).getBoundingClientRect().right + 1).length""",
        ", ".join(OURS),
    )
    assert wide == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(shut).count() == before
    context.close()


def test_copybutton_leaves_our_figures_alone(built: Built, browser: Browser) -> None:
    """They have buttons of their own, which know what is command and what is output."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(page_of(built).as_uri())
    page.wait_for_selector("button.copybtn", state="attached")
    assert page.locator("button.copybtn").count() == 1
    for ours in OURS:
        assert page.locator(f"{ours} button.copybtn").count() == 0
    context.close()


def test_a_capture_in_a_tab(built: Built, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(page_of(built).as_uri())
    inside = page.locator(".sd-tab-content .ovs-capture")
    assert [one.is_visible() for one in inside.all()] == [True, False]
    page.get_by_text("Second", exact=True).click()
    assert [one.is_visible() for one in inside.all()] == [False, True]
    context.close()


@pytest.mark.needs("axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_ours(
    built: Built, browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(page_of(built).as_uri())
    page.evaluate(Path(require("axe")).read_text("utf-8"))
    include = [[ours] for ours in OURS]
    result = page.evaluate("(include) => axe.run({include}, {})", include)
    context.close()
    assert result["passes"]
    assert [
        (violation["id"], violation["nodes"][0]["html"][:200])
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
    ] == []
