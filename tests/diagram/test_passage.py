"""The way of a packet in a picture: elements, directions, discs, and what is left out."""

import re
from functools import cache
from typing import Any

import pytest
from lxml import etree

from ovs_capture.diagram.compose import compose
from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.paint import paint_svg
from ovs_capture.diagram.passage import Passage, around_passage, passage, ranges
from ovs_capture.diagram.scene import Scene
from tests.diagram.scenes import english
from tests.trace.pages import host_of, traced

SEED = ("flat-instance", "compute")
OUT = "in_port=tap635485ff-6c,icmp,dl_src=fa:16:3e:55:2a:5d,dl_dst=00:00:5e:00:53:01,nw_ttl=64"
PING = f"{OUT},nw_src=172.16.0.112,nw_dst=172.16.0.1,icmp_type=8"
SPOOF = f"{OUT},nw_src=172.16.0.113,nw_dst=172.16.0.1,icmp_type=8"
SSH = (
    "in_port=eth2,tcp,dl_src=00:00:5e:00:53:01,dl_dst=fa:16:3e:55:2a:5d,nw_src=172.16.0.1,"
    "nw_dst=172.16.0.112,nw_ttl=64,tcp_src=50022,tcp_dst=22"
)
CMP1 = ("ovs-vlan", "cmp1")
EAST_WEST = (
    "in_port=tap2d86afab-c5,icmp,dl_src=fa:16:3e:2d:86:af,dl_dst=fa:16:3e:6d:31:93,"
    "nw_src=192.168.101.85,nw_dst=192.168.101.90,nw_ttl=64,icmp_type=8"
)

OPTIONS: dict[str, Any] = {
    "words": english,
    "prefix": "p-",
    "lang": "en",
    "title": "A",
    "description": "B",
}


@cache
def drawn(where: tuple[str, str], bridge: str, packet: str) -> tuple[Scene, Passage]:
    found, network = traced(*where, bridge, packet)
    scene = compose([network])
    return scene, passage(scene, found)


def named(scene: Scene) -> dict[str, str]:
    """Names by id: a port is told as ``bridge:port``."""
    bridges = {bridge.id: bridge.name for bridge in scene.bridges}
    found = bridges | {one.id: one.name for one in scene.interfaces}
    found |= {port.id: f"{bridges[port.bridge]}:{port.name}" for port in scene.ports}
    return found | {rail.id: "rail" for rail in scene.rails}


def courses(scene: Scene, way: Passage) -> set[tuple[str, str]]:
    """Each wire as it is gone: from what to what."""
    names = named(scene)
    wires = {wire.id: wire.ends for wire in scene.wires}
    found = set()
    for wire, start in way.wires.items():
        one, other = wires[wire]
        assert start in (one, other)
        found.add((names[start], names[other if start == one else one]))
    return found


def discs(scene: Scene, way: Passage) -> dict[str, str]:
    return {named(scene)[element]: numbers for element, numbers in way.discs}


def test_a_way_out_goes_from_the_guest_to_the_rail() -> None:
    scene, way = drawn(SEED, "br-int", PING)
    found = courses(scene, way)
    assert ("eth0", "tap635485ff-6c") in found
    assert ("tap635485ff-6c", "br-int:tap635485ff-6c") in found
    assert ("br-provider:eth2", "eth2") in found
    assert ("eth2", "rail") in found
    assert not any(start == "rail" for start, _ in found)


def test_a_way_in_goes_the_other_direction() -> None:
    scene, way = drawn(SEED, "br-provider", SSH)
    found = courses(scene, way)
    assert {("rail", "eth2"), ("eth2", "br-provider:eth2")} <= found
    assert ("tap635485ff-6c", "eth0") in found


def test_a_patch_is_crossed_from_bridge_to_bridge() -> None:
    scene, way = drawn(SEED, "br-int", PING)
    names = {named(scene).get(element) for element in way.elements}
    assert {"br-int:int-br-provider", "br-provider:phy-br-provider"} <= names
    # What br-mgmt drops is not the way of the packet.
    assert not names & {"br-mgmt", "br-mgmt:phy-br-mgmt", "int-br-mgmt"}


def test_discs_stand_at_the_bridges_and_at_the_end() -> None:
    dash = "\N{EN DASH}"
    assert discs(*drawn(SEED, "br-int", PING)) == {
        "br-int": f"1{dash}8",
        "br-provider": "10",
        "eth2": "11",
    }
    assert discs(*drawn(SEED, "br-provider", SSH))["eth0"] == "8"


def test_a_drop_ends_inside_the_bridge() -> None:
    scene, way = drawn(SEED, "br-int", SPOOF)
    assert discs(scene, way) == {"br-int": "1\N{EN DASH}5"}
    assert courses(scene, way) == {
        ("eth0", "tap635485ff-6c"),
        ("tap635485ff-6c", "br-int:tap635485ff-6c"),
    }


def test_a_flood_ends_at_every_guest_and_tunnel_that_it_reaches() -> None:
    scene, way = drawn(CMP1, "br-int", EAST_WEST)
    places = {one.id: one.container for one in scene.interfaces}
    titles = {one.id: one.title for one in scene.containers}
    ends = {
        numbers: titles.get(places.get(element) or "", named(scene)[element])
        for element, numbers in way.discs
    }
    assert ends["15"] == "instance04"
    # The tunnel's outer packet goes on to the bridge that has its address.
    assert ends["16"] == "br-phy:br-phy"
    assert ends["17"] == "instance03"
    assert ("vxlan-0a000020", "br-phy") in courses(scene, way)
    names = {named(scene).get(element) for element in way.elements}
    assert "vxlan-0a00000b" not in names


def test_guests_that_it_does_not_come_to_are_left_out() -> None:
    scene, way = drawn(CMP1, "br-int", EAST_WEST)
    part = around_passage(scene, way)
    guests = [one for one in part.containers if one.kind == "guest"]
    assert len(guests) == 3 < len([one for one in scene.containers if one.kind == "guest"])
    kept = named(part).keys()
    assert way.wires.keys() <= {wire.id for wire in part.wires}
    for wire in part.wires:
        assert set(wire.ends) <= kept


def test_a_scene_without_the_bridges_has_no_way() -> None:
    found, _ = traced(*SEED, "br-int", PING)
    empty = passage(compose([host_of("linuxbridge", "lbcmp1")[1]]), found)
    assert not empty.wires


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([1], "1"), ([1, 2, 3, 7], "1\N{EN DASH}3, 7"), ([2, 1, 1], "1\N{EN DASH}2"), ([], "")],
)
def test_ranges(numbers: list[int], told: str) -> None:
    assert ranges(numbers) == told


@pytest.mark.parametrize("mode", ["web", "static"])
def test_the_way_is_painted_and_all_else_is_pale(mode: Any) -> None:
    scene, way = drawn(SEED, "br-int", PING)
    options = OPTIONS | {"mode": mode}
    plain = paint_svg(lay_out(scene, english), **options)
    text = paint_svg(lay_out(scene, english), passage=way, **options)
    root = etree.fromstring(text.encode())
    told = {"".join(one.itertext()) for one in root.iter("{*}text")}
    assert {"1\N{EN DASH}8", "10", "11"} <= told
    if mode == "static":
        assert text.count("<g opacity=") > 3
        assert "<g opacity=" not in plain
        return
    pale = {e.get("data-ovs-el") for e in root.iter() if "ovs-pale" in (e.get("class") or "")}
    full = {e.get("data-ovs-el") for e in root.iter() if e.get("data-ovs-el")} - pale
    assert pale and not pale & way.elements
    assert full - {one.id for one in scene.containers} <= way.elements
    assert len(re.findall('class="ovs-course"', text)) > 3
    assert "ovs-pale" not in plain


def test_a_pale_interface_has_a_ground() -> None:
    scene, way = drawn(SEED, "br-int", PING)
    options = OPTIONS | {"mode": "web"}
    root = etree.fromstring(paint_svg(lay_out(scene, english), passage=way, **options).encode())
    pale = [
        e
        for e in root.iter("{*}g")
        if {"ovs-interface", "ovs-pale"} <= set((e.get("class") or "").split())
    ]
    assert pale
    assert len(list(root.iterfind(".//{*}rect[@class='ovs-ground']"))) == len(pale)


def test_of_a_crowd_of_ports_only_those_on_the_way_stay() -> None:
    where = ("sixty-guests", "compute")
    packet = (
        "in_port=tap2a1d95b3-58,icmp,dl_src=fa:16:3e:2a:1d:95,dl_dst=00:00:5e:0"
        "0:53:01,nw_src=172.16.0.20,nw_dst=10.1.1.1,nw_ttl=64,icmp_type=8"
    )
    scene, way = drawn(where, "br-int", packet)
    part = around_passage(scene, way)
    assert len(scene.ports) > 60
    assert {port.id for port in part.ports} <= way.elements
    assert way.wires.keys() <= {wire.id for wire in part.wires}
    assert lay_out(part, english).width < lay_out(scene, english).width
