"""DOT: the text for people."""

import os
import re
from pathlib import Path

import pytest

from ovs_capture.diagram.pipeline.dot import dot_text
from tests.conftest import ROOT
from tests.diagram.pipeline.flows import HOSTILE, english, picture_of, picture_of_host

GOLDEN = Path(__file__).parent / "golden" / "br-int.dot"


def test_the_seed_as_dot() -> None:
    host = ROOT / "captures" / "flat-instance" / "compute"
    found = dot_text(picture_of_host(host, "br-int"), english)
    if os.environ.get("OVS_CAPTURE_REGEN") == "1":
        GOLDEN.write_text(found, "utf-8")
        pytest.fail(f"{GOLDEN.name} was written; read the diff")
    assert found == GOLDEN.read_text("utf-8")


def test_nothing_of_a_capture_is_read_as_dot() -> None:
    pygraphviz = pytest.importorskip("pygraphviz", exc_type=ImportError)
    text = dot_text(picture_of(HOSTILE), english)
    graph = pygraphviz.AGraph(string=text)
    ids = {str(node) for node in graph.nodes()}
    assert all(re.fullmatch(r"[tps]\d+", one) for one in ids), ids
    assert graph.edges(), text
    for source, target in graph.edges():
        assert {str(source), str(target)} <= ids
    labels = [graph.get_node(one).attr["label"] for one in sorted(ids)]
    assert any("a:b" in label for label in labels)
    assert any("<b>\\\\N</b>" in label for label in labels)
    assert not any(label.startswith("<") for label in labels)
