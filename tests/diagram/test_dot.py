"""DOT: names are labels, never syntax."""

import shutil
import subprocess

import pytest

from ovs_capture.diagram.dot import write_dot
from ovs_capture.diagram.scene import Container, Interface, Scene, Wire
from tests.diagram.crowd import crowd
from tests.diagram.scenes import NAMES, scene


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


def test_every_wire_and_every_element_is_there() -> None:
    drawn = crowd(12)
    text = write_dot(drawn)
    assert text.count(" -- ") == len(drawn.wires) + len(drawn.ports)
    assert text.count("subgraph cluster_") == len(drawn.containers)


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs Graphviz")
@pytest.mark.parametrize("name", NAMES)
def test_graphviz_reads_it(name: str) -> None:
    done = subprocess.run(
        ["dot", "-Tcanon"], input=write_dot(scene(name)), capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
