"""``ovs-pipeline`` in a page."""

from collections.abc import Callable

import lxml.html
import pytest

from tests.conftest import ROOT
from tests.render.conftest import Built

Page = Callable[..., Built]
ROOT_OF_CAPTURES = str(ROOT / "captures")


def build(page: Page, argument: str, *options: str) -> Built:
    text = "\n".join(["# Page", "", f"```{{ovs-pipeline}} {argument}", *options, "```", ""])
    return page(text, ovs_capture_root=ROOT_OF_CAPTURES)


def test_a_bridge(page: Page) -> None:
    made = build(page, "flat-instance/compute:br-int", ":caption: Tables", ":width: 80%",
                 ":name: the-graph", ":alt: A graph")  # fmt: skip
    assert made.warnings == []
    tree = lxml.html.fromstring(made.text("index.html"))
    figure = tree.xpath("//figure")[0]
    assert figure.xpath("string(figcaption)") == "Tables"
    assert "--ovs-width: 80%" in figure.get("style")
    assert figure.xpath('string(.//*[local-name()="svg"]/*[local-name()="title"])') == "A graph"


def test_a_path_and_a_language(page: Page) -> None:
    path = "flat-instance/compute/ovs-ofctl-dump-flows-br-provider.txt"
    made = build(page, path, ":lang: ja")
    assert made.warnings == []
    assert "テーブルの流れ" in made.text("index.html")


@pytest.mark.parametrize(
    "argument",
    [
        "flat-instance/compute:br-none",
        "flat-instance/compute/ip-d-link-show.txt",
        "flat-instance/none.txt",
        "../outside.txt",
    ],
)
def test_what_is_no_dump_is_told(page: Page, argument: str) -> None:
    made = build(page, argument)
    assert len(made.warnings) == 1
    assert "cannot be shown" in made.text("index.html")


def test_a_wrong_width_is_told(page: Page) -> None:
    made = build(page, "flat-instance/compute:br-int", ":width: wide")
    assert any("'wide' is not a width" in warning for warning in made.warnings)


LISTING = "ovn/ctl/ovn-sbctl-lflow-list.txt.gz"


def stages(made: Built) -> list[str]:
    """The names of the stages in the graph."""
    tree = lxml.html.fromstring(made.text("index.html"))
    return [
        text.text_content().strip()
        for text in tree.xpath("//figure//*[local-name()='text']")
        if text.text_content().strip().startswith(("ls_", "lr_"))
    ]


def test_stages_of_logical_flows(page: Page) -> None:
    made = build(page, LISTING)
    assert made.warnings == []
    found = stages(made)
    assert {"ls_in_acl", "ls_out_acl", "lr_in_ip_routing", "lr_out_delivery"} <= set(found)


def test_stages_of_one_datapath(page: Page) -> None:
    made = build(page, LISTING, ":datapath: router", ":lang: ja")
    assert made.warnings == []
    assert {name[:2] for name in stages(made)} == {"lr"}
    assert "router のステージの流れ" in made.text("index.html")


def test_a_bridge_has_no_datapaths(page: Page) -> None:
    made = build(page, "flat-instance/compute:br-int", ":datapath: sw0")
    (warning,) = made.warnings
    assert "it selects from a listing of logical flows" in warning
