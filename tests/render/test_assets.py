"""The stylesheet and the script, in a browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ovs_capture.render.extension import ASSETS
from tests.conftest import ROOT
from tests.render.browser import opened
from tests.render.conftest import CONF, Project
from tests.render.conftest import SHOW as CAPTURED

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


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wider_than_the_page(
    browser: Browser, site: Path, width: int, theme: str
) -> None:
    size = {"width": width, "height": 900}
    with opened(browser, site, viewport=size, color_scheme=theme) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        wide = tab.evaluate(
            "[...document.querySelectorAll('figure, .ovs-flows')]"
            ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)"
        )
        assert wide == []


def test_the_same_thing_lights_up_everywhere(browser: Browser, site: Path) -> None:
    with opened(browser, site, viewport={"width": 1400, "height": 900}) as tab:
        tab.hover('pre >> text="tap635485ff-6c" >> nth=0')
        tab.wait_for_selector(".ovs-tip")
        assert "tap635485ff-6c" in tab.inner_text(".ovs-tip")
        assert tab.locator(".ovs-at").count() == 1
        assert tab.locator("pre .ovs-same").count() > 2
        assert tab.locator(".ovs-reading .ovs-same").count() > 2
        assert tab.locator("svg .ovs-on").count() >= 1
        tab.keyboard.press("Escape")
        assert tab.locator(".ovs-tip, .ovs-same, .ovs-on").count() == 0


def test_by_keyboard(browser: Browser, site: Path) -> None:
    with opened(browser, site) as tab:
        link = tab.locator(".ovs-rows > .ovs-entry a.ovs-t").first
        link.focus()
        assert tab.locator(".ovs-tip").count() == 1
        link.evaluate("link => link.blur()")
        assert tab.locator(".ovs-tip").count() == 0
        assert tab.locator(".ovs-scroll").first.evaluate("box => box.tabIndex") == 0


def test_copies_are_the_capture(browser: Browser, site: Path) -> None:
    text = (ROOT / "captures" / SHOW).read_text("utf-8")
    command, _, output = text.partition("\n")
    with opened(browser, site, permissions=["clipboard-read", "clipboard-write"]) as tab:
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


VSCTL_SHOW = CAPTURED.partition("\n")[2]
TYPED = f"""\
# Page

```console
$ sudo -i
# ovs-vsctl show
{VSCTL_SHOW}# ovs-vsctl \\
>   --version
ovs-vsctl (Open vSwitch) 3.3.1
# exit
$ openstack --os-password s3cr3t-words server list
```

```sh
ovs-vsctl show
```

```text
{VSCTL_SHOW}```
"""


def test_a_block_is_copied_without_what_was_typed(browser: Browser, tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write({"conf.py": CONF, "index.md": TYPED})
    page = Path(project.build(ovs_capture_auto=True).app.outdir) / "index.html"
    with opened(browser, page, permissions=["clipboard-read", "clipboard-write"]) as tab:
        clipboard = "navigator.clipboard.readText()"
        both, output = tab.locator(".ovs-capture").all()
        both.locator('button[aria-label="Copy output"]').click()
        assert tab.evaluate(clipboard) == f"{VSCTL_SHOW}ovs-vsctl (Open vSwitch) 3.3.1\n"
        both.locator('button[aria-label="Copy command"]').click()
        typed = ["sudo -i", "ovs-vsctl show", "ovs-vsctl --version", "exit"]
        last = "openstack --os-password ************ server list"
        assert tab.evaluate(clipboard).splitlines() == [*typed, last]
        output.locator('button[aria-label="Copy output"]').click()
        assert tab.evaluate(clipboard) == VSCTL_SHOW
        assert output.locator('button[aria-label="Copy command"]').count() == 0


def test_without_script_all_is_readable(browser: Browser, site: Path) -> None:
    with opened(browser, site, java_script_enabled=False) as tab:
        figure = tab.locator(".ovs-capture").nth(1)
        assert "Bridge br-int" in figure.inner_text()
        assert figure.locator("button").count() == 0
        note = figure.locator(".ovs-note").nth(1)
        assert note.is_visible()
        figure.locator(".ovs-switch").click()
        assert not note.is_visible()


def test_tables_sort(browser: Browser, site: Path) -> None:
    column = "[...document.querySelectorAll('.ovs-table td:first-child')].map(e => e.textContent)"
    with opened(browser, site) as tab:
        numbers = tab.evaluate(column)
        assert numbers == [str(n) for n in range(1, 11)]
        heading = tab.locator(".ovs-table th button").first
        heading.click()
        assert tab.evaluate(column) == numbers
        heading.click()
        assert tab.evaluate(column) == numbers[::-1]
        sort = tab.locator(".ovs-table th").first.get_attribute("aria-sort")
        assert sort == "descending"


DUMP = "\n".join(
    (
        "$ ovs-ofctl dump-flows br0",
        *(
            f' table={1 + n % 2}, n_packets={n % 5}, n_bytes=0, priority=9,in_port="tap{n}",'
            f"dl_src=fa:16:3e:00:00:{n:02x},arp,arp_spa=10.0.0.{n} actions=resubmit(,{n % 2})"
            for n in range(200)
        ),
        " table=3, n_packets=0, n_bytes=0, priority=2,udp,tp_dst=67 actions=drop",
        " table=3, n_packets=7, n_bytes=0, priority=1 actions=NORMAL",
        "",
    )
)


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("furo")
    project = Project(tmp_path_factory.mktemp("dump"))
    conf = 'extensions = ["myst_parser", "ovs_capture"]\nhtml_theme = "furo"\n'
    page = "# Page\n\n```{ovs-flows} lab/node:br0\n```\n"
    files = {"conf.py": conf, "index.md": page, "captures/lab/node/f.txt": DUMP}
    project.write(files)
    return Path(project.build().app.outdir) / "index.html"


@pytest.mark.parametrize(
    ("query", "shown", "tables"),
    [
        ("tap7", "11 of 202 flows", ["1", "2"]),
        ("fa:16:3e:00:00:0a", "1 of 202 flows", ["1"]),
        ("10.0.0.1", "1 of 202 flows", ["2"]),
        ("10.0.0.19", "1 of 202 flows", ["2"]),
        ("table 3", "2 of 202 flows", ["3"]),
        ("table=3 udp", "1 of 202 flows", ["3"]),
        ("テーブル 1 tap10 ", "6 of 202 flows", ["1"]),
        ("SWITCH normally", "1 of 202 flows", ["3"]),
        ("no such thing", "No flow fits.", []),
        ("", "", ["1", "2", "3"]),
    ],
)
def test_filter_by_words(
    browser: Browser, dump: Path, query: str, shown: str, tables: list[str]
) -> None:
    with opened(browser, dump) as tab:
        tab.fill(".ovs-search", query)
        tab.keyboard.press("Enter")
        assert tab.inner_text(".ovs-found-count") == shown
        sheets = "[...document.querySelectorAll('[data-ovs-table]')].filter(e => e.offsetParent)"
        assert tab.evaluate(f"{sheets}.map(e => e.dataset.ovsTable)") == tables


def test_filter_narrows_a_group_to_the_lines_that_fit(browser: Browser, dump: Path) -> None:
    with opened(browser, dump) as tab:
        lines = tab.locator(".ovs-lines").first
        whole = lines.text_content()
        tab.fill(".ovs-search", "tap198")
        tab.keyboard.press("Enter")
        assert (lines.text_content() or "").split()[1] == "tap198"
        assert lines.is_visible()
        tab.keyboard.press("Escape")
        assert lines.text_content() == whole
        assert not lines.is_visible()


def test_filter_by_packets_and_by_keyboard(browser: Browser, dump: Path) -> None:
    with opened(browser, dump) as tab:
        buttons = tab.locator(".ovs-choice")
        assert buttons.all_inner_texts() == ["All202", "matched161", "idle41"]
        buttons.first.focus()
        tab.keyboard.press("ArrowRight")
        assert tab.evaluate("document.activeElement.dataset.kind") == "matched"
        assert tab.inner_text(".ovs-found-count") == "161 of 202 flows"
        tab.keyboard.press("ArrowRight")
        assert tab.inner_text(".ovs-found-count") == "41 of 202 flows"
        pressed = [b.get_attribute("aria-pressed") for b in buttons.all()]
        assert pressed == ["false", "false", "true"]


def test_no_filter_without_script(browser: Browser, dump: Path) -> None:
    with opened(browser, dump, java_script_enabled=False) as tab:
        assert not tab.locator(".ovs-filter").is_visible()
        assert tab.locator(".ovs-filter *").count() == 0


@pytest.mark.parametrize("width", [1400, 390])
def test_the_parts_of_a_row_do_not_overlap(browser: Browser, site: Path, width: int) -> None:
    """Row by row: what stands in one place of the grid is one thing."""
    overlaps = """() => [...document.querySelectorAll('.ovs-flow')].filter(row => row.offsetParent)
      .flatMap(row => {
        const of = kind => row.querySelector(`:scope > ${kind}`)?.getBoundingClientRect();
        const parts = ['.ovs-reading', '.ovs-purpose', '.ovs-same-shape'].map(of).filter(Boolean);
        return parts.slice(1).filter((part, n) => part.top < parts[n].bottom - 1)
          .map(() => row.id);
      })"""
    with opened(browser, site, viewport={"width": width, "height": 900}) as tab:
        assert tab.locator(".ovs-same-shape").count() > 3
        tab.evaluate("document.querySelectorAll('.ovs-flows details').forEach(d => d.open = true)")
        assert tab.evaluate(overlaps) == []
