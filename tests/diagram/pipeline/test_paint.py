"""The SVG of a graph of tables."""

from pathlib import Path

import pytest
from lxml import etree

from ovs_capture.diagram.pipeline.layout import lay_out_tables
from ovs_capture.diagram.pipeline.paint import paint_tables
from tests.diagram.pipeline.flows import TEXTS, english, japanese, picture_of

SVG = "{http://www.w3.org/2000/svg}"


def painted(name: str, *, mode="web", say=english, **options):
    picture = picture_of(TEXTS[name])
    layout = lay_out_tables(picture, say)
    return paint_tables(
        picture, layout, mode=mode, say=say, prefix="g-", lang="en", title="T", description="D",
        **options,
    )  # fmt: skip


@pytest.mark.parametrize("mode", ["web", "static"])
@pytest.mark.parametrize("name", TEXTS)
def test_it_is_well_formed(name: str, mode: str) -> None:
    root = etree.fromstring(painted(name, mode=mode))
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == "T"
    assert root.findtext(f"{SVG}desc") == "D"
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(one.startswith("g-") for one in ids)
    assert root.get("role") == ("group" if mode == "web" else "img")


def test_it_is_the_same_twice() -> None:
    assert painted("cycle") == painted("cycle")


def test_a_name_is_text_wherever_it_stands() -> None:
    root = etree.fromstring(painted("hostile"))
    assert "<b>\\N</b>" in root.xpath("//*[local-name()='text']/text()")
    assert root.xpath("//*[local-name()='b']") == []


def test_links_and_entities() -> None:
    text = painted("cycle", links={"t1": "#x&y"}, entities={"t1": 'table "1"'})
    root = etree.fromstring(text)
    link = root.xpath("//*[local-name()='a'][@href='#x&y']")[0]
    group = link[0]
    assert group.get("data-ovs") == 'table "1"'
    assert group.get("class") == "ovs-el ovs-node"
    assert group.findtext(f"{SVG}title") == "Table 1: flows 1, packets 300"


def test_static_has_neither_classes_nor_properties() -> None:
    text = painted("cycle", mode="static", theme="dark")
    assert "class=" not in text
    assert "var(" not in text
    assert "#1a1a14" in text


def test_japanese() -> None:
    assert "破棄 35" in painted("cycle", say=japanese)


def test_every_class_has_a_rule() -> None:
    import ovs_capture.render

    css = Path(ovs_capture.render.__file__).with_name("assets") / "ovs-picture.css"
    rules = css.read_text("utf-8")
    used = {name for n in TEXTS for names in etree.fromstring(painted(n)).xpath("//@class")
            for name in names.split()}  # fmt: skip
    assert {name for name in used if f".{name}" not in rules} == set()
