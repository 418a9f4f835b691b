"""Every builder gets the page: the HTML family ours, the others the plain form."""

import zipfile
from pathlib import Path

import lxml.etree
import pytest

from tests.render.conftest import Project

FLOWS = """\
$ ovs-ofctl dump-flows br-int
 cookie=0x1, table=0, n_packets=7, n_bytes=700, priority=2,in_port="eth0" actions=resubmit(,60)
 cookie=0x1, duration=1.0s, table=0, n_packets=0, n_bytes=0, priority=0 actions=drop
 cookie=0x1, duration=1.0s, table=60, n_packets=7, n_bytes=700, priority=0 actions=NORMAL
"""

PAGE = """\
# Page

```{ovs-capture} lab/node/ip-link.txt
:only: eth0
:highlight: eth0
```

```{ovs-topology} lab/node
:caption: The node
```

```{ovs-flows} lab/node:br-int
```

After.
"""


@pytest.fixture
def full(project: Project) -> Project:
    project.write({"index.md": PAGE, "captures/lab/node/flows.txt": FLOWS})
    return project


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_html(full: Project, builder: str) -> None:
    built = full.build(builder)
    assert built.warnings == []
    html = built.text("index.html")
    for part in ('class="ovs-capture', 'class="ovs-figure', "<svg", 'class="ovs-list"', "After."):
        assert part in html
    for asset in ("ovs-capture.css", "ovs-picture.css", "ovs-capture.js"):
        assert f"_static/{asset}" in built.files
        assert f"_static/{asset}" in html


def test_epub_is_wellformed_and_needs_no_script(full: Project) -> None:
    built = full.build("epub")
    assert [w for w in built.warnings if "ovs" in w] == []
    (book,) = Path(built.app.outdir).glob("*.epub")
    with zipfile.ZipFile(book) as files:
        pages = [name for name in files.namelist() if name.endswith(".xhtml")]
        assert pages
        for name in pages:
            lxml.etree.fromstring(files.read(name))
        page = files.read("index.xhtml").decode()
        manifest = lxml.etree.fromstring(files.read("content.opf"))
        with_svg = {name for name in pages if b"<svg" in files.read(name)}
    assert with_svg
    assert with_svg == {
        item.get("href") for item in manifest.iter("{*}item") if item.get("properties") == "svg"
    }
    assert 'class="ovs-capture' in page
    assert "ovs-capture.js" not in page
    assert "<template" not in page


def test_hostile_text_in_epub(full: Project) -> None:
    full.write(
        {
            "captures/lab/node/evil.txt": b"$ x\n<script>]]>&\x00\xff\x1b[0m\r\n",
            "index.md": "# Page\n\n```{ovs-capture} lab/node/evil.txt\n```\n",
        }
    )
    built = full.build("epub")
    with zipfile.ZipFile(next(Path(built.app.outdir).glob("*.epub"))) as files:
        tree = lxml.etree.fromstring(files.read("index.xhtml"))
    (pre,) = tree.iter("{http://www.w3.org/1999/xhtml}pre")
    assert "".join(pre.itertext()) == "<script>]]>&\\x00\\xFF\\x1B[0m\r\n"


def test_latex(full: Project) -> None:
    built = full.build("latex")
    assert built.warnings == []
    (tex,) = (text.decode() for name, text in built.files.items() if name.endswith("test.tex"))
    assert "00:15:5d:bf:ba:50" in tex
    assert r"\sphinxincludegraphics" in tex
    assert [
        name for name in built.files if name.startswith("ovs-") and name[-4:] in (".pdf", ".png")
    ]
    assert "Table 60" in tex


@pytest.mark.parametrize("builder", ["text", "man"])
def test_plain(full: Project, builder: str) -> None:
    built = full.build(builder, man_pages=[("index", "page", "Page", [], 1)])
    assert built.warnings == []
    (text,) = (t.decode() for n, t in built.files.items() if n in ("index.txt", "page.1"))
    for words in ("00:15:5d:bf:ba:50", "Node", "Table 60", "After."):
        assert words in text


@pytest.mark.parametrize("builder", ["xml", "pseudoxml", "texinfo"])
def test_others_do_not_fail(full: Project, builder: str) -> None:
    built = full.build(builder)
    assert [w for w in built.warnings if "ovs" in w] == []


def test_one_doctree_serves_all_builders(full: Project) -> None:
    full.build("html")
    built = full.build("text")
    assert "00:15:5d:bf:ba:50" in built.text("index.txt")
    full.write({"index.md": PAGE + "\nMore.\n"})
    full.build("text")
    assert 'class="ovs-capture' in full.build("html").text("index.html")


def test_any_theme(full: Project) -> None:
    for theme in ("alabaster", "furo"):
        pytest.importorskip(theme)
        html = full.build("html", out=theme, html_theme=theme).text("index.html")
        assert 'class="ovs-capture' in html
