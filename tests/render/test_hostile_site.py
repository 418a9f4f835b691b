"""A site of hostile captures, in every builder: what was captured is text and nothing else."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from tests.render.conftest import Built, Project
from tests.render.hostile import SECRET, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A page of every attack takes minutes; these reach every kind of output.
BUILT = ("html", "svg", "bytes")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project, which the builders share."""
    project = Project(tmp_path_factory.mktemp("hostile"))
    project.write(site(BUILT))
    return project


@pytest.fixture(scope="module")
def html(hostile: Project) -> Built:
    return hostile.build()


# What no element or attribute of a page may be, wherever it is.
_FOREIGN = """() => ({
    ran: window.evil,
    elements: [...document.querySelectorAll(".evil")].map(e => e.outerHTML),
    handlers: [...document.querySelectorAll("*")].flatMap(e => [...e.attributes])
        .filter(a => /^on/i.test(a.name)).map(a => a.name),
    scripts: [...document.querySelectorAll("[href], [src], [action], [data]")]
        .flatMap(e => ["href", "xlink:href", "src", "action", "data"].map(n => e.getAttribute(n)))
        .filter(u => u && /^\\s*(javascript|data|vbscript|https?:\\/\\/evil|\\/\\/evil)/i.test(u)),
})"""


def test_in_a_browser(html: Built, browser: "Browser") -> None:
    """No script of theirs runs, no element of theirs exists, no request leaves."""
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    tab = context.new_page()
    out = Path(html.app.outdir)
    pages = [page.as_uri() for page in sorted(out.glob("*.html"))]
    pages += [(out / "search.html").as_uri() + f"?q={word}" for word in ("evil", "img", "x")]
    found = {}
    for page in pages:
        tab.goto(page)
        found[page] = tab.evaluate(_FOREIGN)
    context.close()
    assert len(pages) > len(BUILT)
    clean: dict[str, list[str] | None] = {
        "ran": None,
        "elements": [],
        "handlers": [],
        "scripts": [],
    }
    assert {page: said for page, said in found.items() if said != clean} == {}
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_every_view_is_there(html: Built) -> None:
    """Nothing is clean because nothing is shown."""
    for attack in BUILT:
        page = html.text(f"{attack}.html")
        assert page.count('<figure class="ovs-capture') > 60, attack
        assert page.count("<svg") > 2, attack


def test_warnings_are_lines(html: Built) -> None:
    """Each warning is one line that begins with its place, and orders a terminal nothing."""
    assert html.warnings
    odd = [line for line in html.warnings if not re.match(r".{1,300}?:(\d+:)* WARNING: ", line)]
    assert odd == []
    assert [
        line for line in html.warnings if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", line)
    ] == []


def test_epub_is_well_formed(hostile: Project) -> None:
    built = hostile.build("epub")
    pages = [data for name, data in built.files.items() if name.endswith(".xhtml")]
    assert len(pages) > len(BUILT)
    for data in pages:
        assert etree.fromstring(data).xpath("//*[@class='evil']") == []


def test_text(hostile: Project) -> None:
    built = hostile.build("text")
    words = built.text("html.txt")
    assert "onerror=" in words
    assert SECRET not in words
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", built.text("bytes.txt"))


@pytest.mark.skipif(shutil.which("lualatex") is None, reason="no LuaLaTeX")
def test_latex_compiles(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write(site(("latex",)))
    built = project.build("latex")
    out = Path(built.app.outdir)
    (out / "secret").write_text(SECRET, "utf-8")
    done = subprocess.run(
        ["lualatex", "-interaction=nonstopmode", "-halt-on-error", "test.tex"],
        cwd=out,
        capture_output=True,
        timeout=300,
        check=False,
    )
    log = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, log[-3000:]
    assert not (out / "evil").exists()
    assert "(./secret" not in log
    assert "/secret" not in log.replace(str(tmp_path), "")


def test_no_file_outside_the_root_is_read(html: Built) -> None:
    assert [name for name, data in html.files.items() if SECRET.encode() in data] == []
