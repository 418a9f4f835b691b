"""What the picture of a logical network has."""

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.diagram.logical.networks import crowd, scene_of, scene_of_target


def test_nothing_of_ovn_is_an_empty_scene() -> None:
    scene = scene_of("$ ip addr\n")
    assert list(scene.elements) == []
    assert scene.to_json()["switches"] == []


def test_equal_ports_of_a_crowded_switch_are_one_box() -> None:
    scene = scene_of(crowd(12, 13))
    assert [len(port.names) for port in scene.ports] == [1] * 12 + [13]
    crowded = scene.ports[-1]
    assert (crowded.addresses[0], crowded.addresses[-1]) == ("10.1.0.2", "10.1.0.14")
    assert crowded.names[-1] == "vm1-12"


def test_links_have_the_addresses_of_the_router_and_join_the_physical_network() -> None:
    scene = scene_of(crowd(1, 1))
    names = {part.id: part.title for part in scene.datapaths}
    names |= {part.id: part.title for part in scene.networks}
    found = {(names[link.ends[0]], names[link.ends[1]], link.labels) for link in scene.links}
    assert found == {
        ("provnet", "net1", ((), ())),
        ("net0", "r0", ((), ("10.0.0.1/16",))),
        ("net1", "r0", ((), ("10.1.0.1/16",))),
    }
    assert scene.networks[0].tag == 7


def test_ids_are_unique_and_every_part_has_its_lines() -> None:
    scene = scene_of_target(ROOT / "captures" / "selfservice")
    ids = [part.id for part in scene.elements]
    assert len(ids) == len(set(ids))
    assert all(part.source for part in scene.elements)
    assert [one.title for one in scene.switches] == [
        "15e2c80b-1461-4003-9869-80416cd97de5",
        "selfservice",
    ]
    told = scene.to_json()["ports"][0]["source"][0]
    assert told["file"].endswith("controller/2-ovn-sb-port-binding.txt")
    assert told["line"] == 12


@pytest.mark.needs("shared")
def test_the_lab_has_everything_that_its_databases_name(shared: Path) -> None:
    scene = scene_of_target(shared / "lab" / "captures" / "ovn")
    facts = {(fact.kind, fact.values) for fact in scene.facts}
    assert ("floating", ("172.19.0.150", "192.168.111.10")) in facts
    assert ("snat", ("172.19.0.188", "192.168.112.0/24")) in facts
    assert ("route", ("0.0.0.0/0", "172.19.0.1")) in facts
    assert ("dhcp", ("192.168.111.0/24", "192.168.111.1")) in facts
    assert ("gateway", ("ctl, fakegw",)) in facts
    assert {(one.title, one.tag) for one in scene.networks} == {
        ("provider", None),
        ("provider", 100),
    }
    assert len(scene.ports) == 15
    floating = {port.title: port.floating for port in scene.ports if port.floating}
    assert floating == {"vm0": ("172.19.0.150",), "vm1": ("172.19.0.151",)}
    chassis = {one.id: one.title for one in scene.chassis}
    assert {port.title: [chassis[c] for c in port.chassis] for port in scene.ports}["vm2-0"] == [
        "hv2"
    ]
    assert sum(len(group.acls) for group in scene.groups) == 23
    assert [lb.title for lb in scene.balancers] == ["lb-six", "lb-sticky", "lb-web"]
