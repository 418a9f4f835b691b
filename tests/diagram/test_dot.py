"""DOT: names are labels, never syntax."""

import pytest

from ovs_capture.diagram.dot import write_dot
from ovs_capture.diagram.scene import Container, Interface, Scene, Wire
from tests.diagram.crowd import crowd
from tests.diagram.scenes import NAMES, scene

pygraphviz = pytest.importorskip("pygraphviz", exc_type=ImportError)


def test_names_with_colons_quotes_and_backslashes_are_labels() -> None:
    drawn = Scene(
        containers=(Container(id="n0", kind="host", title='a"b'),),
        interfaces=(
            Interface(id="n1", kind="nic", name="eth0:1", container="n0", border=True),
            Interface(id="n2", kind="nic", name="<b>\\N", container="n0", border=True),
        ),
        wires=(Wire(id="n3", ends=("n1", "n2"), kind="carried", label="tag 1"),),
    )
    text = write_dot(drawn)
    assert "n1 -- n2" in text
    assert 'label="eth0:1"' in text
    assert 'label="<b>\\\\N"' in text
    assert 'label="a\\"b"' in text
    assert "style=dashed" in text


def test_no_name_becomes_html() -> None:
    drawn = Scene(containers=(Container(id="n0", kind="host", title="<b>x</b>"),))
    read = pygraphviz.AGraph(string=write_dot(drawn))
    assert read.get_subgraph("cluster_n0").graph_attr["label"] == "<b>x</b>"
    assert 'label="<b>x</b>"' in write_dot(drawn)


def test_every_wire_and_every_element_is_there() -> None:
    drawn = crowd(12)
    text = write_dot(drawn)
    assert text.count(" -- ") == len(drawn.wires) + len(drawn.ports)
    assert text.count("subgraph cluster_") == len(drawn.containers)


@pytest.mark.parametrize("name", NAMES)
def test_graphviz_reads_it(name: str) -> None:
    drawn = scene(name)
    read = pygraphviz.AGraph(string=write_dot(drawn))
    for elements in (drawn.bridges, drawn.ports, drawn.interfaces, drawn.rails):
        assert {element.id for element in elements} <= set(read.nodes())
    assert len(read.edges()) <= len(drawn.wires) + len(drawn.ports)
    for wire in drawn.wires:
        assert read.has_edge(*wire.ends)
