"""Our directives and annotated blocks inside other things: sphinx-design, lists, cells, notes."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.conftest import ROOT, require
from tests.render.browser import opened
from tests.render.conftest import Built, Project

CONF = """\
project = "lab"
extensions = ["myst_parser", "ovs_capture", "sphinx_copybutton", "sphinx_design"]
myst_enable_extensions = ["colon_fence", "deflist"]
exclude_patterns = ["captures"]
myst_footnote_sort = False
show_warning_types = True
ovs_capture_auto = True
copybutton_prompt_text = r"\\$ |# "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True
"""
SHOW = """\
698493db-95ef-4c31-b419-56b3d4096f2b
    Bridge br-int
        fail_mode: secure
        Port tap635485ff-6c
            tag: 1
            Interface tap635485ff-6c
    ovs_version: "3.3.1"
"""
HOST = "flat-instance/compute"
DIRECTIVES = (
    ("ovs-capture", f"{HOST}/ovs-vsctl-show.txt", ""),
    ("ovs-topology", HOST, ""),
    ("ovs-flows", f"{HOST}:br-int", ":table: 0"),
    ("ovs-trace", f"{HOST}:br-int", ":packet: in_port=tap635485ff-6c,arp"),
)
# What holds one of each in Markdown and in reStructuredText; {} is where it stands.
MARKDOWN = {
    "tab": "::::{tab-set}\n:::{tab-item} One\n{}:::\n::::\n",
    "dropdown": ":::{dropdown} One\n{}:::\n",
    "card": ":::{card} One\n{}:::\n",
    "grid": ":::::{grid} 1 2 2 2\n::::{grid-item-card} One\n{}::::\n:::::\n",
    "note": ":::{note}\n{}:::\n",
    "list": "- one\n\n  {}",
    "quote": "> {}",
    "cell": "````{list-table}\n* - A\n  - B\n* - one\n  - {}````\n",
    "footnote": "See [^one].\n\n[^one]: Here\n\n    {}",
    "term": "Term\n: One\n\n  {}",
}
RESTRUCTURED = {
    "tab": ".. tab-set::\n\n   .. tab-item:: One\n\n      {}",
    "dropdown": ".. dropdown:: One\n\n   {}",
    "card": ".. card:: One\n\n   {}",
    "grid": ".. grid:: 1 2 2 2\n\n   .. grid-item-card:: One\n\n      {}",
    "note": ".. note::\n\n   {}",
    "list": "- one\n\n  {}",
    "quote": "Text\n\n   {}",
    "cell": ".. list-table::\n\n   * - A\n     - B\n   * - one\n     - {}",
    "footnote": "See [#one]_.\n\n.. [#one] Here\n\n   {}",
    "term": "term\n   {}",
}
MARKDOWN_BLOCKS = f"```sh\n$ ovs-vsctl show\n```\n\n```text\n{SHOW}```\n"
RESTRUCTURED_BLOCKS = (
    f".. code-block:: sh\n\n   $ ovs-vsctl show\n\n.. code-block:: text\n\n{indent(SHOW, '   ')}\n"
)
pytestmark = pytest.mark.xdist_group("themes")


def _markdown(name: str, argument: str, option: str) -> str:
    return f"```{{{name}}} {argument}\n{option}\n```\n"


def _restructured(name: str, argument: str, option: str) -> str:
    return f".. {name}:: {argument}\n   {option}\n\n"


def _inside(holder: str, text: str) -> str:
    """The text at the place of ``{}``, every line with what stands before it there."""
    before, _, after = holder.rpartition("{}")
    margin = before.rpartition("\n")[2]
    # A bullet is said once.
    margin = margin if margin.startswith(">") else " " * len(margin)
    return before + indent(text, margin, lambda line: True)[len(margin) :] + after


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    require("themes")
    project = Project(tmp_path_factory.mktemp("nested"))
    pages = {"conf.py": CONF, "index.md": "# Lab\n\n```{toctree}\n:glob:\n\n*\n```\n"}
    blocks = [f"## {kind}\n\n{_inside(one, MARKDOWN_BLOCKS)}" for kind, one in MARKDOWN.items()]
    pages["blocks-md.md"] = "# Page\n\n" + "\n".join(blocks)
    blocks = [
        f"{kind}\n--------\n\n{_inside(one, RESTRUCTURED_BLOCKS)}"
        for kind, one in RESTRUCTURED.items()
    ]
    pages["blocks-rst.rst"] = "Page\n====\n\n" + "\n".join(blocks)
    md = [_inside(MARKDOWN[kind], _markdown(*one)) for kind in MARKDOWN for one in _fitting(kind)]
    rst = [
        _inside(RESTRUCTURED[kind], _restructured(*one))
        for kind in RESTRUCTURED
        for one in _fitting(kind)
    ]
    pages["directives-md.md"] = "# Page\n\n" + "\n".join(_own_footnotes(md))
    pages["directives-rst.rst"] = "Page\n====\n\n" + "\nText\n\n".join(_own_footnotes(rst))
    project.write(pages)
    shutil.copytree(ROOT / "captures" / "flat-instance", project.root / "captures/flat-instance")
    return project.build()


def _fitting(kind: str) -> tuple[tuple[str, str, str], ...]:
    """All of them in what sphinx-design holds, one capture and one picture in the rest."""
    return DIRECTIVES if kind in ("tab", "dropdown", "card", "grid") else DIRECTIVES[:2]


def _own_footnotes(texts: list[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        yield text.replace("[^one]", f"[^one{number}]").replace("[#one]", f"[#one{number}]")


def test_no_warning(built: Built) -> None:
    assert built.warnings == []


@pytest.mark.parametrize("form", ["md", "rst"])
def test_a_block_is_annotated_wherever_it_stands(built: Built, browser: Browser, form: str) -> None:
    path = Path(built.app.outdir) / f"blocks-{form}.html"
    with opened(browser, path, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.wait_for_selector("button.copybtn", state="attached")
        for kind in MARKDOWN:
            part = page.locator(f"section#{kind}")
            # Of the command; ours has a button of its own.
            assert part.locator("button.copybtn").count() == 1, kind
            assert part.locator(".ovs-capture.ovs-in-place").count() == 1, kind
            assert part.locator(".ovs-capture button.copybtn").count() == 0, kind
            assert part.locator(".ovs-capture .ovs-note:not(:empty)").count() == 3, kind
            output = _copied(page, part.locator(".ovs-capture button.ovs-tool"))
            assert output == SHOW.rstrip("\n"), kind
            assert _copied(page, part.locator("button.copybtn")) == "ovs-vsctl show", kind


def _copied(page: Page, button: Locator) -> str:
    # A dropdown is closed, and a theme shows the button only under the pointer.
    page.evaluate("navigator.clipboard.writeText('')")
    button.evaluate("(one) => one.click()")
    page.wait_for_function("navigator.clipboard.readText().then((text) => text !== '')")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text.rstrip("\n")


@pytest.mark.parametrize("form", ["md", "rst"])
def test_directives_stand_in_everything(built: Built, browser: Browser, form: str) -> None:
    many = sum(len(_fitting(kind)) for kind in MARKDOWN)
    with opened(browser, Path(built.app.outdir) / f"directives-{form}.html") as page:
        found = page.evaluate(
            """() => [".ovs-capture", ".ovs-figure:not(.ovs-graph)", ".ovs-flows:not(.ovs-trace)",
                      ".ovs-trace"].map((one) => document.querySelectorAll(one).length)"""
        )
        assert found == [len(MARKDOWN), len(MARKDOWN), 4, 4]
        assert sum(found) == many


@pytest.mark.parametrize("form", ["md", "rst"])
def test_what_is_nested_fits(built: Built, browser: Browser, form: str) -> None:
    """A table is as wide as its cells ask for, and ours scroll inside."""
    with opened(browser, Path(built.app.outdir) / f"directives-{form}.html") as page:
        for width in (390, 1400):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
