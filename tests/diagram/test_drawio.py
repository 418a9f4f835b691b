"""draw.io: what is written is read back, and stands where the picture has it."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings

from ovs_capture.diagram.drawio import read_drawio, write_drawio
from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.scene import Container, Scene
from tests.diagram.crowd import crowd
from tests.diagram.scenes import NAMES, english, examples, scene, scenes


def written(drawn: Scene) -> str:
    return write_drawio(drawn, lay_out(drawn, english), title="Picture")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "empty"])
def test_what_is_written_is_read_back(name: str) -> None:
    assert read_drawio(written(scene(name))) == scene(name)


def test_bundled_ports_are_read_back() -> None:
    assert read_drawio(written(crowd(30))) == crowd(30)


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(scenes())
def test_any_scene_is_read_back(drawn: Scene) -> None:
    if drawn.containers or drawn.rails:
        assert read_drawio(written(drawn)) == drawn


@pytest.mark.parametrize("name", ["flat", "nested", "two_hosts", "many_guests"])
def test_every_box_stands_where_the_picture_has_it(name: str) -> None:
    layout = lay_out(scene(name), english)
    cells = {
        item.get("id"): item.find("mxCell")
        for item in ET.fromstring(written(scene(name))).iter("object")
    }

    def corner(key: str | None) -> tuple[int, int]:
        cell = cells.get(key)
        if cell is None:
            return 0, 0
        place = cell.find("mxGeometry")
        assert place is not None
        x, y = corner(cell.get("parent"))
        return x + int(place.get("x", "")), y + int(place.get("y", ""))

    for box in layout.boxes:
        assert corner(box.owner) == (box.x, box.y)


def test_every_edge_joins_cells_that_are_there() -> None:
    for drawn in (scene("two_hosts"), crowd(12)):
        root = ET.fromstring(written(drawn))
        ids = [e.get("id") for e in root.iter() if e.tag == "object" or e.get("id")]
        assert len(ids) == len(set(ids))
        edges = [cell for cell in root.iter("mxCell") if cell.get("edge")]
        assert len(edges) == len(drawn.wires)
        for edge in edges:
            assert {edge.get("source"), edge.get("target")} <= set(ids)


def test_moving_a_nic_to_another_guest_changes_the_scene() -> None:
    text = written(scene("two_hosts"))
    drawn = scene("two_hosts")
    guests = [c.id for c in drawn.containers if c.kind == "guest"]
    nic = next(i for i in drawn.interfaces if i.container == guests[0])
    root = ET.fromstring(text)
    cell = root.find(f".//object[@id='{nic.id}']/mxCell")
    assert cell is not None
    other = next(c.id for c in drawn.containers if c.id != guests[0])
    cell.set("parent", other)
    moved = read_drawio(ET.tostring(root, "unicode"))
    assert next(i.container for i in moved.interfaces if i.id == nic.id) == other


def test_hostile_names_are_text() -> None:
    for name in ('"><script>alert(1)</script>', "&amp;\x00\u202e", "監視" * 100, "🦑"):
        drawn = Scene(containers=(Container(id="n0", kind="host", title=name),))
        assert read_drawio(written(drawn)) == drawn
        assert "<script" not in written(drawn)


@pytest.mark.parametrize("text", ["", "<mxfile/>", "no xml", "<mxfile><object ovs='x'/></mxfile>"])
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="file"):
        read_drawio(text)
