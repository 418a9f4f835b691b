"""draw.io: what is written is read back, and stands where the picture has it."""

import xml.etree.ElementTree as ET

import lxml.etree
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


def faults(text: str) -> list[str]:
    """What diagrams.net would refuse or drop in a file: it reads cells in order, by their ids."""
    found: list[str] = []
    root = lxml.etree.fromstring(text.encode())
    if [child.tag for child in root] != ["diagram"] or root.tag != "mxfile":
        found.append("not one diagram in an mxfile")
    (cells,) = root.findall("diagram/mxGraphModel/root")
    all_ids = [item.get("id") for item in cells]
    if len(set(all_ids)) < len(all_ids) or None in all_ids:
        found.append("ids are missing or double")
    seen: set[str | None] = set()
    for n, item in enumerate(cells):
        cell = item if item.tag == "mxCell" else item.find("mxCell")
        key = item.get("id")
        if cell is None or item.tag not in ("mxCell", "object"):
            found.append(f"{key} is no cell")
            continue
        if item.tag == "object" and "label" not in item.attrib:
            found.append(f"{key} has no label")
        if n > 0 and cell.get("parent") not in seen:
            found.append(f"{key} stands before its parent {cell.get('parent')}")
        seen.add(key)
        if n < 2:
            continue
        if (cell.get("vertex"), cell.get("edge")) not in (("1", None), (None, "1")):
            found.append(f"{key} is neither vertex nor edge")
        places = [child.get("as") for child in cell.findall("mxGeometry")]
        if places != ["geometry"]:
            found.append(f"{key} has no geometry")
        if cell.get("edge") and not {cell.get("source"), cell.get("target")} <= set(all_ids):
            found.append(f"{key} has a loose end")
        if not all(
            "=" in part or part == "text" for part in (cell.get("style") or "").split(";")[:-1]
        ):
            found.append(f"{key} has a style that is none: {cell.get('style')}")
        for number in cell.iter("mxGeometry", "mxPoint"):
            for name in ("x", "y", "width", "height"):
                float(number.get(name, "0"))
    return found


@pytest.mark.parametrize("name", [name for name in NAMES if name != "empty"])
def test_diagrams_net_finds_all_that_it_needs(name: str) -> None:
    assert faults(written(scene(name))) == []


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(scenes())
def test_diagrams_net_finds_all_that_it_needs_of_any_scene(drawn: Scene) -> None:
    assert faults(written(drawn)) == []


def test_a_wire_is_an_edge() -> None:
    for drawn in (scene("two_hosts"), crowd(12)):
        text = written(drawn)
        assert faults(text) == []
        edges = [cell for cell in ET.fromstring(text).iter("mxCell") if cell.get("edge")]
        assert len(edges) == len(drawn.wires)


def test_a_fault_is_found() -> None:
    text = written(scene("flat"))
    assert faults(text.replace('as="geometry"', 'as="place"', 1)) == ["n0 has no geometry"]
    broken = text.replace('parent="n0"', 'parent="n999"', 1)
    assert faults(broken) == ["text1 stands before its parent n999"]
    assert "ids are missing or double" in faults(text.replace('id="text1"', 'id="n0"'))


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
