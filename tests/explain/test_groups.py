"""Groups: one reading for flows of one shape, in both languages."""

import pytest

from ovs_capture.explain.flows import reading
from ovs_capture.explain.groups import shared
from ovs_capture.explain.names import Names
from ovs_capture.explain.purpose import purpose
from ovs_capture.explain.tables import FlowGroup, FlowRow, IdleRun, sections
from ovs_capture.openflow.flow import Flow
from ovs_capture.openflow.graph import table_graph
from ovs_capture.translation import Translator

from .dumps import dump, seed

EN, JA = Translator("en"), Translator("ja")


@pytest.mark.parametrize(
    ("flows", "en", "ja"),
    [
        (
            [f'in_port="tap{n}",arp,arp_spa=10.0.0.{n} actions=resubmit(,7)' for n in range(5)],
            "ARP packets from one of 5 ports with sender IP one of 5 values: go on to table 7.",
            "5 個のポートのいずれか から届いた ARP パケットのうち、",
        ),
        (
            [f"icmp6,icmp_type={n} actions=output:{n}" for n in (130, 133)],
            "ICMPv6 type 130 (MLD query) or 133 (router solicitation): "
            "output to port 130 or port 133.",
            "ICMPv6 タイプ 130 (MLD クエリ) または 133 (ルータ要請 RS) のパケットは、",
        ),
        (
            [f"dl_vlan={n} actions=mod_vlan_vid:{n + 1},NORMAL" for n in range(1, 6)],
            "Packets with VLAN ID one of 5 values: set one of 5 VLANs, switch normally.",
            "VLAN ID が 5 通りの値のいずれか のパケットは、",
        ),
        (
            [f"reg5={n:#x} actions=load:{n:#x}->NXM_NX_REG6[],drop" for n in range(1, 6)],
            "Packets with reg5 one of 5 values: set reg6 to one of 5 values, drop.",
            "reg5 が 5 通りの値のいずれか のパケットは、",
        ),
    ],
    ids=["ports", "few values are named", "VLAN", "one value twice"],
)
def test_readings(flows: list[str], en: str, ja: str) -> None:
    found = shared(dump(*(f" priority=1,{flow}" for flow in flows)), None, Names())
    assert EN.text(found.reading) == en
    said = JA.text(found.reading)
    assert said.replace("いずれか ", "いずれか").startswith(ja.replace("いずれか ", "いずれか"))
    assert "\ue000" not in said


def test_a_value_that_is_printed_twice_is_one_column() -> None:
    lines = [f" reg5={n:#x} actions=load:{n:#x}->NXM_NX_REG6[]" for n in range(1, 6)]
    (column,) = shared(dump(*lines), None, Names()).columns
    assert column.values == ("0x1", "0x2", "0x3", "0x4", "0x5")


def test_what_is_the_same_is_read_as_in_one_flow() -> None:
    for flow in seed().flows["br-int"]:
        names = seed().names("br-int")
        assert shared([flow], None, names).reading == reading(flow, names)


def test_the_seed_in_groups() -> None:
    names, flows = seed().names("br-int"), seed().flows["br-int"]
    told: list[Flow] = []
    for section in sections(flows, seed().pipeline, names, table_graph(flows), grouped=True):
        rows = [
            one
            for row in section.rows
            for one in (row.rows if isinstance(row, IdleRun) else (row,))
        ]
        priorities = [row.flow.priority for row in rows]
        assert priorities == sorted(priorities, reverse=True)
        for row in rows:
            assert isinstance(row, FlowRow | FlowGroup)
            of_row = row.flows if isinstance(row, FlowGroup) else (row.flow,)
            told += of_row
            assert len({(f.table, f.priority) for f in of_row}) == 1
            rules = {why.source for f in of_row if (why := purpose(f, seed().pipeline, names))}
            assert row.purpose is not None and rules == {row.purpose.source}
            assert "\ue000" not in EN.text(row.reading) + JA.text(row.purpose.message)
    assert sorted(map(id, told)) == sorted(map(id, flows))


def test_the_group_of_the_mock_up() -> None:
    names, flows = seed().names("br-int"), seed().flows["br-int"]
    found = {
        section.number: section
        for section in sections(flows, seed().pipeline, names, table_graph(flows), grouped=True)
    }
    (group,) = [r for r in found[71].rows if isinstance(r, FlowGroup) and r.flow.priority == 95]
    (column,) = group.columns
    counted = [(v, f.n_packets) for v, f in zip(column.values, group.flows, strict=True)]
    assert counted == [("130", 0), ("133", 4), ("135", 0)]
    assert [EN.text(column.told[v]) for v in column.values] == [
        "130 (MLD query)", "133 (router solicitation)", "135 (neighbour solicitation)",
    ]  # fmt: skip
    assert group.packets == 4


def test_flows_of_other_purpose_are_other_groups() -> None:
    """Flows of one form that the agent installs for two reasons are told as two."""
    names, flows = seed().names("br-int"), seed().flows["br-int"]
    for section in sections(flows, seed().pipeline, names, table_graph(flows), grouped=True):
        for row in section.rows:
            if isinstance(row, FlowGroup):
                reasons = {purpose(f, seed().pipeline, names) is None for f in row.flows}
                assert len(reasons) == 1
