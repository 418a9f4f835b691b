"""Crowds: a picture is folded when it would be too large, says so, and loses nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ovs_capture.diagram import crowds, tunnels
from ovs_capture.diagram.compose import compose
from ovs_capture.diagram.crowds import (
    GRID_REACH,
    HOSTS_REACH,
    Collapsed,
    collapsed,
    standing_for_several,
)
from ovs_capture.diagram.layout import lay_out, picture
from ovs_capture.diagram.scene import Scene
from ovs_capture.network.correlate import correlate_target
from ovs_capture.store import load_target
from ovs_capture.translation import Translator
from tests.diagram.clouds import cloud
from tests.diagram.crowd import crowd, hybrid, segments
from tests.diagram.geometry import faults, foreign_elements
from tests.diagram.scenes import NAMES, english, scene
from tests.diagram.topologies import topology
from tools import bench_scale

SAY = {language: Translator(language).text for language in ("en", "ja")}


def captured(folder: Path, hosts: int, guests: int) -> Scene:
    """The scene of hosts of a benchmark; every guest is in a network of its own."""
    site = bench_scale.Site(folder / "site")
    for number in range(hosts):
        first = number * guests
        host = bench_scale.Host(number, hosts, range(first, first + guests))
        for name in ("ip-d-link-show", "ip-addr-show", "ovs-vsctl-show", "instances-ip-addr-show"):
            site.capture("lab", host, name)
    networks, _ = correlate_target(load_target(folder / "site/captures/lab"))
    return compose(networks)


def names(drawn: Scene) -> Iterator[str]:
    """Everything that has a name in a scene or is told to be left out."""
    yield from (c.title for c in drawn.containers)
    yield from (bridge.name for bridge in drawn.bridges)
    yield from (port.name for port in drawn.ports)
    yield from (interface.name for interface in drawn.interfaces)
    for omission in drawn.omitted:
        yield from omission.name.split() if omission.kind == "tunnel" else [omission.name]


@pytest.mark.parametrize(("hosts", "guests"), [(1, 60), (7, 3), (30, 2)])
def test_nothing_is_lost(tmp_path: Path, hosts: int, guests: int) -> None:
    whole = captured(tmp_path, hosts, guests)
    drawn, layout = picture(whole, english)
    assert len(drawn.interfaces) < len(whole.interfaces)
    assert set(names(whole)) - set(names(drawn)) == set()
    assert faults(drawn) == []
    assert foreign_elements(drawn) == []
    assert layout.width < 1800


def test_guests_that_only_a_tag_tells_apart_are_one_box(tmp_path: Path) -> None:
    whole = captured(tmp_path, 1, 60)
    assert lay_out(whole, english).width > 9000
    for language, text, note in (
        (
            "en",
            "60 guests in 60 VLANs",
            "Equal guests are drawn as one box (guests: 60, boxes: 1).",
        ),
        (
            "ja",
            "ゲスト 60 台、VLAN 60 個",
            "同じ構成のゲストを 1 つの箱にまとめて表示 (ゲスト 60 台、箱 1 個)。",
        ),
    ):
        drawn, layout = picture(whole, SAY[language])
        guests = [c for c in drawn.containers if c.kind == "guest"]
        assert [(c.title, c.subtitle) for c in guests] == [("instance ×60", text)]
        assert layout.stacks == (guests[0].id,)
        assert layout.notes == (note,)
        assert note in layout.texts
    port = next(p for p in drawn.ports if p.name == "tap ×60")
    wire = next(w for w in drawn.wires if port.id in w.ends)
    assert (port.tag, wire.label) == (None, "tag ×60")
    assert dict(layout.networks)[wire.id] == "tagged"


def test_the_author_has_the_last_word(tmp_path: Path) -> None:
    whole = captured(tmp_path, 1, 60)
    drawn, layout = picture(whole, english, collapse=False)
    assert drawn == whole
    assert layout.notes == ()
    drawn, layout = picture(whole, english, collapse=True)
    assert len(layout.stacks) == 1
    assert layout.notes == ()  # who asks for it needs no note


@pytest.mark.parametrize("name", NAMES)
def test_small_pictures_stay_as_they_are(name: str) -> None:
    drawn, layout = picture(scene(name), english)
    assert drawn == scene(name)
    assert layout == lay_out(scene(name), english)


def test_guests_of_few_networks_are_a_box_each() -> None:
    found = collapsed(crowd(GRID_REACH + 1), None)
    stacked = {c.id: c.title for c in found.scene.containers if c.id in found.stacks}
    assert len(stacked) == 3
    says = {english(found.says[key]) for key in stacked}
    assert says == {f"{count} guests" for count in found.stacks.values()}


def shown(drawn: Scene) -> list[str]:
    return [b.name for b in drawn.bridges] + [i.name for i in drawn.interfaces]


def test_a_chain_to_each_guest_is_one_chain() -> None:
    whole = hybrid(60)
    drawn, layout = picture(whole, english)
    assert shown(drawn) == [
        "br-int", "qbr ×60", "qvo ×60", "qvb ×60", "tap ×60", "eth0"
    ]  # fmt: skip
    assert set(names(whole)) - set(names(drawn)) == set()
    assert faults(drawn) == []
    assert layout.width < 500


@pytest.mark.parametrize("guests", [1, 3])
def test_networks_of_linux_bridges_are_one(guests: int) -> None:
    few = segments(8, guests)
    assert picture(few, english)[0] == few
    whole = segments(60, guests)
    drawn, _ = picture(whole, english)
    assert sorted(shown(drawn)) == [
        "brq ×60", "eth0", "eth0", f"tap ×{60 * guests}", "vxlan ×60"
    ]  # fmt: skip
    assert [w.label for w in drawn.wires if w.label] == ["VXLAN ×60"]
    assert set(names(whole)) - set(names(drawn)) == set()
    assert faults(drawn) == []


def test_a_network_of_another_nic_is_another() -> None:
    whole = segments(60, 2)
    host = whole.containers[0]
    other = replace(whole.interfaces[0], id="eth1", name="eth1")
    moved = {w.id for w in whole.wires if (w.label or "~") < "VXLAN 120"}
    assert len(moved) == 20
    wires = tuple(replace(w, ends=("eth1", w.ends[1])) if w.id in moved else w for w in whole.wires)
    drawn, _ = picture(replace(whole, interfaces=(other, *whole.interfaces), wires=wires), english)
    assert [b.name for b in drawn.bridges] == ["brq ×20", "brq ×40"]
    assert host.title in {c.title for c in drawn.containers}


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_folded_stays_whole(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (crowds, "WIDTH_REACH"),
        (crowds, "GRID_REACH"),
        (tunnels, "MESH_TUNNELS"),
    ):
        monkeypatch.setattr(module, name, 0)
    for module, name in (
        (crowds, "HOSTS_REACH"),
        (tunnels, "MESH_HOSTS"),
        (tunnels, "BRIDGE_TUNNELS"),
    ):
        monkeypatch.setattr(module, name, 1)
    whole = topology(seed)
    drawn = collapsed(whole, None).scene
    assert {word for name in names(whole) for word in name.split()} <= {
        word for name in names(drawn) for word in name.split()
    }
    assert faults(drawn) == []
    assert faults(drawn, "up") == []


def of_kind(found: Collapsed, kind: str) -> dict[str, int]:
    return {
        c.title: found.stacks[c.id]
        for c in found.scene.containers
        if c.kind == kind and c.id in found.stacks
    }


def test_hosts_built_alike_are_one_box() -> None:
    assert of_kind(collapsed(cloud(HOSTS_REACH), None), "host") == {}
    whole = cloud(30, nodes=2, twice={4, 7, 9})
    found = collapsed(whole, None)
    assert of_kind(found, "host") == {"node ×2": 2, "compute ×25": 25, "compute ×3": 3}
    guests = [c.title for c in whole.containers if c.kind == "guest"]
    assert sum(of_kind(found, "guest").values()) == len(guests)
    assert [english(note) for note in found.notes] == [
        "Hosts built alike are drawn as one box (hosts: 30, boxes: 3).",
        f"Equal guests are drawn as one box (guests: {len(guests)}, boxes: 3).",
        "Equal namespaces are drawn as one box (namespaces: 4, boxes: 1).",
    ]
    assert faults(found.scene) == []
    assert "25 hosts" in {english(said) for said in found.says.values()}


def test_an_author_may_have_few_hosts_as_one() -> None:
    assert of_kind(collapsed(cloud(6), True), "host") == {"compute ×6": 6}
    assert of_kind(collapsed(cloud(4), True), "host") == {}


def test_a_tag_of_two_hosts_is_not_one_network() -> None:
    found = collapsed(cloud(30), None)
    guests = next(c for c in found.scene.containers if c.kind == "guest")
    assert "VLAN" not in english(found.says[guests.id])


def test_a_mesh_says_whether_it_is_full() -> None:
    for language, full, part in (
        (
            "en",
            "VXLAN: full mesh: 28 tunnels between 8 hosts.",
            "VXLAN: 27 tunnels between 8 hosts (27 of 28 pairs).",
        ),
        (
            "ja",
            "VXLAN: フルメッシュ: ホスト 8 台、トンネル 28 本。",
            "VXLAN: ホスト 8 台、トンネル 27 本 (全 28 組中 27 組)。",
        ),
    ):
        for whole, note in ((cloud(8), full), (cloud(8, without={(0, 3)}), part)):
            drawn, layout = picture(whole, SAY[language])
            assert layout.notes == (note,)
            (rail,) = [r for r in drawn.rails if r.title == "VXLAN"]
            assert rail.annotation is not None
            assert rail.annotation in note
            assert rail.annotation in layout.texts
            assert dict(layout.networks)[rail.id] == "tunnel"


def test_what_is_marked_is_drawn() -> None:
    whole = crowd(300)
    guest = [c for c in whole.containers if c.kind == "guest"][77]
    nic = next(i for i in whole.interfaces if i.container == guest.id)
    drawn, _ = picture(whole, english, apart={nic.id: "way"})
    assert guest in drawn.containers
    assert nic in drawn.interfaces
    assert guest.title not in {omission.name for omission in drawn.omitted}
    host = cloud(30)
    nic = [i for i in host.interfaces if i.kind == "nic"][5]
    drawn, _ = picture(host, english, apart={nic.id: "new"})
    assert [c.title for c in drawn.containers if c.kind == "host"] == ["compute ×29", "compute-5"]


def test_more_marks_than_fit_are_one_box_with_the_mark() -> None:
    whole = crowd(300)
    guests = [c.id for c in whole.containers if c.kind == "guest"]
    marks = dict.fromkeys(guests[:150], "new") | dict.fromkeys(guests[150:160], "changed")
    _, layout = picture(whole, english, apart=marks)
    stood = collapsed(whole, None, apart=marks).stacks
    assert len(layout.stacks) > 4
    of = {key: marks.get(key) for key in stood}
    assert sum(n for key, n in stood.items() if of[key] == "changed") <= 10
    assert {"new", "changed", None} == set(of.values())
    assert layout.height < 1500


def test_a_packet_to_a_crowd_is_drawn_to_each() -> None:
    whole = crowd(300)
    guests = [c for c in whole.containers if c.kind == "guest"]
    drawn, _ = picture(whole, english, apart={c.id: "way" for c in guests[:150]})
    assert {c.id for c in guests[:150]} <= {c.id for c in drawn.containers}


def test_what_stands_in_a_box_of_several_is_no_single_thing() -> None:
    found = collapsed(crowd(12))
    several = standing_for_several(found.scene, found.stacks)
    inside = {i.id for i in found.scene.interfaces if i.container in found.stacks}
    assert inside and several == inside | found.stacks.keys()
    assert standing_for_several(found.scene, ()) == frozenset()
