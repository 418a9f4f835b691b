"""Cells: what a host with many guests is cut into."""

from collections.abc import Iterator

import pytest

from ovs_capture.diagram import cells
from ovs_capture.diagram.cells import bundle_name, cut_hosts, upper_scene
from ovs_capture.diagram.scene import Scene
from tests.diagram.crowd import crowd
from tests.diagram.scenes import scene


def ids(drawn: Scene) -> Iterator[str]:
    groups = (drawn.bridges, drawn.ports, drawn.interfaces, drawn.addresses, drawn.wires)
    return (element.id for group in groups for element in group)


def test_few_guests_stay_in_their_row() -> None:
    assert cut_hosts(scene("flat")) == []
    assert cut_hosts(crowd(3)) == []


def test_every_guest_is_in_one_cell_and_with_its_tap() -> None:
    drawn = crowd(20)
    (cut,) = cut_hosts(drawn)
    assert len(cut.cells) == 22  # the guests and two namespaces
    inside = [key for cell in cut.cells for key in ids(cell.scene)]
    assert len(inside) == len(set(inside))
    names = {i.id: i.name for i in drawn.interfaces}
    first = [cell for cell in cut.cells if len(cell.scene.interfaces) == 2]
    assert {names[i.id][:3] for cell in first for i in cell.scene.interfaces} >= {"tap", "eth"}


def test_taps_of_one_bridge_and_tag_are_one_trunk() -> None:
    drawn = crowd(20)
    (cut,) = cut_hosts(drawn)
    ports = {port.id: port for port in drawn.ports}
    found = {
        (len(t.ends), tuple(sorted({ports[end].tag or 0 for end in t.ends}))) for t in cut.trunks
    }
    assert found == {(1, (0,)), (12, (1,)), (11, (2,)), (2, (3,))}


def test_what_is_above_has_one_port_for_each_trunk() -> None:
    drawn = crowd(20)
    cuts = cut_hosts(drawn)
    upper = upper_scene(drawn, cuts, [list(range(len(cut.trunks))) for cut in cuts])
    assert [p.name for p in upper.ports if "×" in p.name] == ["tap ×12", "tap ×11", "×2"]
    assert [c.kind for c in upper.containers] == ["host", "guest"]


def test_a_guest_wired_to_another_host_leaves_its_host_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cells, "WIDEST_ROW", 0)
    monkeypatch.setattr(cells, "FEWEST", 1)
    drawn = Scene.from_json(
        {
            "containers": [
                {"id": "n0", "kind": "host", "title": "a"},
                {"id": "n1", "kind": "host", "title": "b"},
                {"id": "n2", "kind": "guest", "title": "g", "parent": "n0"},
            ],
            "interfaces": [
                {"id": "n3", "kind": "veth", "name": "v", "container": "n2", "border": True},
                {"id": "n4", "kind": "veth", "name": "w", "container": "n1", "border": True},
            ],
            "wires": [{"id": "n5", "ends": ["n3", "n4"]}],
        }
    )
    assert cut_hosts(drawn) == []


def test_a_bundle_is_called_by_the_commonest_beginning() -> None:
    assert bundle_name(["qr-1", "tap2", "tap3"]) == "tap ×3"
    assert bundle_name(["tapde383784-ed", "tapef829c88-22", "qr-0a1b2c3d-4e"]) == "tap ×3"
    assert bundle_name(["vnet0", "vnet12"]) == "vnet ×2"
    assert bundle_name(["7", "8"]) == "×2"
    assert bundle_name(["qg-1", "tap2"]) == "×2"
