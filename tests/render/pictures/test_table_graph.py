"""The graph of tables in a page."""

from pathlib import Path
from typing import Any

import lxml.html
import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT
from tests.render.browser import opened
from tests.render.conftest import Project

SEED = ROOT / "captures" / "flat-instance"
FLOWS = "# Page\n\n```{ovs-flows} flat-instance/compute:br-int\n```\n"
SECTION = "flat-instance-compute-br-int-table-71"


def built(project: Project, page: str = FLOWS, builder: str = "html", **config: Any):
    project.write({"index.md": page})
    return project.build(builder, ovs_capture_root=str(SEED.parent), **config)


def test_a_flows_page_shows_it_between_recognition_and_tables(project: Project) -> None:
    tree = lxml.html.fromstring(built(project).text("index.html"))
    titles = [h.text_content().rstrip("¶#") for h in tree.xpath("//h2")]
    assert titles[:3] == ["Recognised pipeline", "Way through the tables", "Table by table"]
    graph = tree.xpath('//figure[contains(@class, "ovs-graph")]//*[local-name()="svg"]')[0]
    links = graph.xpath('.//*[local-name()="a"]/@href')
    ids = set(tree.xpath("//@id"))
    assert f"#{SECTION}" in links
    assert {link[1:] for link in links if link.startswith("#")} <= ids
    node = graph.xpath(f'.//*[local-name()="a"][@href="#{SECTION}"]/*[@data-ovs]')[0]
    assert tree.xpath("//*[@class='ovs-t k-table']/@data-ovs").count(node.get("data-ovs")) > 1


def test_hidden_or_of_one_table_there_is_none(project: Project) -> None:
    hidden = FLOWS.replace("br-int\n", "br-int\n:graph: hide\n")
    one = "# Page\n\n```{ovs-flows} flat-instance/compute:br-provider\n:table: 0\n```\n"
    for page in (hidden, one):
        made = built(project, page)
        assert made.warnings == []
        assert "ovs-graph" not in made.text("index.html")


def test_a_wrong_value_is_told(project: Project) -> None:
    made = built(project, FLOWS.replace("br-int\n", "br-int\n:graph: no\n"))
    assert any("'no' is none of show, hide" in warning for warning in made.warnings)


def test_japanese(project: Project) -> None:
    made = built(project, language="ja")
    assert made.warnings == []
    html = made.text("index.html")
    assert "テーブルの流れ" in html
    assert "破棄 157" in html


def test_a_builder_without_html_gets_a_picture(project: Project) -> None:
    made = built(project, builder="latex")
    assert made.warnings == []
    tex = next(text for name, text in made.files.items() if name.endswith(".tex")).decode()
    assert "\\sphinxincludegraphics" in tex
    assert "Way through the tables" in tex


@pytest.mark.parametrize("builder", ["text", "man"])
def test_a_builder_without_pictures_gets_words(project: Project, builder: str) -> None:
    made = built(project, builder=builder)
    text = b"".join(made.files.values()).decode()
    assert "Tables on the way" in " ".join(text.split())


def test_clicking_a_table_goes_to_its_section(project: Project, browser: Browser) -> None:
    made = built(project)
    page = Path(made.app.outdir) / "index.html"
    assert made.warnings == []
    with opened(browser, page, viewport={"width": 1400, "height": 900}) as tab:
        tab.click(f'.ovs-graph a[href="#{SECTION}"] text >> nth=0')
        assert tab.evaluate("location.hash") == f"#{SECTION}"
        top = tab.evaluate(f"document.getElementById('{SECTION}').getBoundingClientRect().top")
        assert -5 <= top <= 300
        # The same table lights up in graph and text.
        tab.hover(f'.ovs-graph a[href="#{SECTION}"] .ovs-el')
        assert tab.locator(".ovs-graph .ovs-node.ovs-on").count() == 1
        assert tab.locator(".k-table.ovs-same").count() > 1
