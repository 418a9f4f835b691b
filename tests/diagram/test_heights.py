"""Heights: bands, rails and boxes from top to bottom."""

import itertools

from ovs_capture.diagram.layout import lay_out
from tests.diagram.scenes import english, scene


def test_rails_stand_at_one_distance() -> None:
    ys = [rail.y for rail in lay_out(scene("bonds_and_vlans"), english).rails]
    assert {b - a for a, b in itertools.pairwise(ys)} == {42}


def test_a_bridge_with_callouts_has_room_for_three_lines_and_its_name() -> None:
    layout = lay_out(scene("flat"), english)
    assert {b.height for b in layout.boxes if b.role == "bridge"} == {88}


def test_a_linux_bridge_is_low() -> None:
    layout = lay_out(scene("nested"), english)
    assert {b.height for b in layout.boxes if b.role == "linux-bridge"} == {40}


def test_hosts_and_guests_of_a_row_end_at_one_height() -> None:
    layout = lay_out(scene("two_hosts"), english)
    assert len({b.y + b.height for b in layout.boxes if b.role == "host"}) == 1
    assert len({b.y + b.height for b in layout.boxes if b.role == "guest"}) == 1


def test_a_gateway_stands_above_the_rails() -> None:
    layout = lay_out(scene("two_hosts"), english)
    cloud = next(b for b in layout.boxes if b.role == "cloud")
    assert cloud.y + cloud.height < min(rail.y for rail in layout.rails)
