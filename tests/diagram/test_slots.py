"""Slots and blocks: the scene as a tree, and what is sorted where."""

from dataclasses import replace

from ovs_capture.diagram.bands import assign
from ovs_capture.diagram.scene import Callout, Container, Interface, Scene
from ovs_capture.diagram.slots import build, callout_size, flatten
from tests.diagram.scenes import english, japanese, scene


def test_a_gateway_on_rails_stands_above_them() -> None:
    world = build(scene("two_hosts"), english)
    assert [cloud.title for cloud in world.clouds] == ["Internet gateway"]
    assert len(world.cloud_wires) == 2


def test_a_gateway_with_more_than_rails_is_a_host() -> None:
    drawn = scene("two_hosts")
    inside = Interface(id="x", kind="tap", name="tap0", container=drawn.containers[0].id)
    world = build(replace(drawn, interfaces=(*drawn.interfaces, inside)), english)
    assert world.clouds == []
    assert len(world.hosts) == 3


def test_every_slot_of_a_band_comes_once_from_left_to_right() -> None:
    world = build(scene("nested"), english)
    count = assign(world)
    seen = [
        slot.key
        for band in range(count)
        for host in world.hosts
        for slot in flatten(host, band, "up")
    ]
    assert sorted(seen) == sorted(interface.id for interface in world.scene.interfaces)


def test_a_title_widens_its_box() -> None:
    def width(title: str) -> int:
        host = Container(id="n0", kind="host", title=title)
        return build(Scene(containers=(host,)), english).blocks["n0"].width

    assert width("a long title of a host") > width("host")


def test_several_callouts_stand_in_lines_of_one_box() -> None:
    world = build(scene("flat"), japanese)
    one = [Callout(id="c0", port="p", outer="untagged", inner="tag 1", direction="in")]
    assert callout_size(world, one).stacked
    assert callout_size(world, one).height == 48
    assert not callout_size(world, one * 3).stacked
    assert callout_size(world, one * 3).height - callout_size(world, one * 2).height == 14
