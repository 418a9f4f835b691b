"""Purposes come from a recognised pipeline only, with the rule's source."""

from dataclasses import replace
from pathlib import Path

import pytest

from ovs_capture.explain.names import Names
from ovs_capture.explain.purpose import Purpose, purpose
from ovs_capture.translation import Translator

from .dumps import dump, host_dumps, seed

JA = Translator("ja")


def test_unrecognised_means_no_purpose() -> None:
    names = seed().names("br-int")
    assert all(purpose(flow, None, names) is None for flow in seed().flows["br-int"])


def test_a_bridge_without_a_role_has_no_purpose() -> None:
    flows = seed().flows["br-int"]
    names = Names.of(seed().network, "br-other", flows)
    assert all(purpose(flow, seed().pipeline, names) is None for flow in flows)


def test_a_flow_of_no_known_shape_has_no_purpose() -> None:
    (flow,) = dump(" table=60, priority=5,tcp,tp_dst=80 actions=drop")
    assert purpose(flow, seed().pipeline, seed().names("br-int")) is None


def test_the_source_is_told() -> None:
    flow = next(f for f in seed().flows["br-int"] if f.match.text.startswith("rarp"))
    why = purpose(flow, seed().pipeline, seed().names("br-int"))
    assert why is not None
    assert "openvswitch_firewall/firewall.py" in why.source
    assert why.source.endswith("(br-int, table 71, allow_rarp)")


@pytest.mark.parametrize(
    ("flow", "text"),
    [
        (
            " table=60, priority=100,in_port=7 actions=load:0x7->NXM_NX_REG5[],"
            "load:0x2->NXM_NX_REG6[],resubmit(,71)",
            "送信元ポート (7) とネットワーク (ローカル VLAN 2) を記録し、"
            "ポート 7 の送信可否を検査する。",
        ),
        (
            " table=72, priority=40,ct_state=-est,reg5=0x8 actions=resubmit(,93)",
            "どのルールでも許可されないポート 8 からの接続を拒否する。",
        ),
        (
            ' table=0, priority=3,in_port="int-br-ex",dl_vlan=100 actions=mod_vlan_vid:4,'
            "resubmit(,58)",
            "int-br-ex の先のプロバイダ VLAN 100 のフレームを、ローカル VLAN 4 に収容する。",
        ),
    ],
)
def test_without_names_the_numbers_stand(flow: str, text: str) -> None:
    (parsed,) = dump(flow)
    pipeline = seed().pipeline
    assert pipeline is not None
    why = purpose(parsed, replace(pipeline, roles={"br-int": "br-int"}), Names("br-int"))
    assert why is not None and JA.text(why.message) == text


def test_the_seeds_default_of_table_58_is_known() -> None:
    """``resubmit(,60)`` from 22 on: a row that was once noted otherwise."""
    (flow,) = (f for f in seed().flows["br-int"] if f.table == 58)
    assert flow.actions.text == "resubmit(,60)"
    why = purpose(flow, seed().pipeline, seed().names("br-int"))
    assert why is not None and why.source.endswith("(br-int, table 58, default)")


def test_purposes_of_the_labs_bridges(shared: Path) -> None:
    """At least 98 % of the flows of Neutron's bridges, each by a named rule."""
    told: list[Purpose | None] = []
    hosts = [
        *sorted((shared / "lab" / "captures" / "ovs-vlan").iterdir()),
        shared / "reference" / "cases" / "network_vxlan_router_ovs" / "controller",
        shared / "reference" / "cases" / "network_flat_instance_ovs" / "compute",
    ]
    for directory in hosts:
        host = host_dumps(directory)
        for bridge, flows in host.flows.items():
            if directory.name != "ext" and bridge != "br-phy":  # the lab's own underlay
                names = host.names(bridge)
                told += [purpose(flow, host.pipeline, names) for flow in flows]
    assert len(told) > 700
    assert sum(why is not None for why in told) >= 0.98 * len(told)
    for why in told:
        assert why is None or (why.source.endswith(")") and ".py" in why.source.partition(" ")[0])
