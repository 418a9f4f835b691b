"""Pictures in words."""

import re

import pytest

from ovs_capture.diagram.describe import description, element, title
from ovs_capture.diagram.scene import Scene
from ovs_capture.translation import Translator
from tests.diagram.scenes import english, scene


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("empty", "The captures show nothing to draw."),
        (
            "flat",
            "Compute Node: 4 NICs (eth0, eth1, eth2, eth3), bridges br-provider, br-mgmt, br-int,"
            " guest instance00. Networks 10.0.0.0/24, 172.16.0.0/24.",
        ),
        ("bare_host", "Idle Node. Network 10.0.0.0/24."),
        (
            "nic_into_guest",
            "Compute Node: NIC ens1f0v3, guest sriov-guest. Network 10.0.0.0/24.",
        ),
    ],
)
def test_description(name: str, says: str) -> None:
    assert english(description(scene(name))) == says


def test_what_lies_deeper_counts_for_its_host() -> None:
    says = english(description(scene("nested")))
    assert "bridges brq6d947ca8-d4, docker0" in says
    assert "container1" in says


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_scene_may_have_hundreds_of_hosts(language: str) -> None:
    hosts = [{"id": f"h{n}", "kind": "host", "title": f"compute{n:04}"} for n in range(1000)]
    said = Translator(language).text(description(Scene.from_json({"containers": hosts})))
    assert re.findall(r"compute\d+", said) == [host["title"] for host in hosts]


def test_title() -> None:
    assert english(title(scene("two_hosts"))) == "Network of Controller Node, Compute Node"
    assert english(title(Scene())) == "Network picture"


def test_an_unknown_kind_is_an_interface() -> None:
    assert english(element("macvlan", "m0")) == "interface m0"
