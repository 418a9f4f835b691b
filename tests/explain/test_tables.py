"""Sections of a dump: ways, totals, and idle flows collapsed in their place."""

from ovs_capture.explain.names import Names
from ovs_capture.explain.tables import (
    FlowRow,
    IdleRun,
    TableSection,
    Totals,
    Way,
    sections,
    totals,
    way_words,
    ways,
)
from ovs_capture.openflow.flow import Flow
from ovs_capture.openflow.graph import table_graph
from ovs_capture.translation import Translator

from .dumps import dump, seed

EN = Translator("en")


def of_seed() -> dict[int, TableSection]:
    flows = seed().flows["br-int"]
    found = sections(flows, seed().pipeline, seed().names("br-int"), table_graph(flows))
    return {section.number: section for section in found}


def test_no_flows_no_sections() -> None:
    assert sections((), None, Names(), table_graph(())) == ()
    assert totals(()) == Totals(flows=0, tables=0, matched=0, packets=None, bytes=None)


def test_totals_of_the_first_seed() -> None:
    assert totals(seed().flows["br-int"]) == Totals(
        flows=76, tables=17, matched=30, packets=398, bytes=52546
    )


def test_a_section_of_the_first_seed() -> None:
    section = of_seed()[60]
    assert section.role is not None and EN.text(section.role) == "Egress or ingress"
    assert section.constant == "TRANSIENT_TABLE"
    assert section.origins == (Way("resubmit", table=58, packets=241),)
    assert section.destinations == (
        Way("resubmit", table=71, packets=142),
        Way("resubmit", table=81, packets=85),
        Way("NORMAL", packets=14),
    )
    assert (section.flows, section.matched, section.packets, section.bytes) == (4, 3, 241, 29396)
    first, idle, second, last = section.rows
    assert isinstance(first, FlowRow) and first.share == 142 / 241
    assert isinstance(idle, IdleRun) and idle.priorities == (90, 90)
    assert EN.text(idle.short) == "Untagged frames → table 81"
    assert isinstance(second, FlowRow) and second.flow.priority == 90
    assert isinstance(last, FlowRow) and last.flow.priority == 3


def test_no_flow_is_lost() -> None:
    rows = [row for section in of_seed().values() for row in section.rows]
    found = [
        flow_row.flow
        for row in rows
        for flow_row in (row.rows if isinstance(row, IdleRun) else (row,))
    ]
    assert sorted(flow.span for flow in found) == sorted(f.span for f in seed().flows["br-int"])


def test_flows_stand_highest_first_and_else_as_printed() -> None:
    flows = dump(
        " table=0, n_packets=1, priority=1,tcp actions=drop",
        " table=0, n_packets=1, priority=9 actions=drop",
        " table=0, n_packets=1, priority=1,udp actions=drop",
    )
    (section,) = sections(flows, None, Names(), table_graph(flows))
    texts = [row.flow.match.text for row in section.rows if isinstance(row, FlowRow)]
    assert texts == ["", "tcp", "udp"]


def test_without_statistics_nothing_is_idle() -> None:
    flows = dump(" table=0, priority=0 actions=drop", " table=1, priority=0 actions=drop")
    found = sections(flows, None, Names(), table_graph(flows))
    assert all(isinstance(row, FlowRow) and row.share is None for s in found for row in s.rows)
    assert [section.packets for section in found] == [None, None]
    assert [section.reached for section in found] == [True, False]


def test_an_idle_run_is_told_by_where_it_leads() -> None:
    flows = dump(
        " table=0, n_packets=0, priority=3,arp actions=drop",
        " table=0, n_packets=0, priority=2,tcp actions=resubmit(,1)",
        " table=0, n_packets=0, priority=1,udp actions=drop",
    )
    (section,) = sections(flows, None, Names(), table_graph(flows))
    (run,) = section.rows
    assert isinstance(run, IdleRun) and run.priorities == (3, 1)
    assert EN.text(run.short) == "ARP packets, UDP packets → drop; TCP packets → table 1"


def test_an_idle_run_may_lead_to_hundreds_of_places() -> None:
    ports = range(1000)
    flows = dump(
        *(f" table=0, n_packets=0, priority={9999 - n},arp actions=output:{n}" for n in ports)
    )
    (section,) = sections(flows, None, Names(), table_graph(flows))
    runs = [row for row in section.rows if isinstance(row, IdleRun)]
    assert "; ".join(EN.text(run.short) for run in runs).count("port ") == len(ports)


def test_ways() -> None:
    (flow,) = dump(
        " actions=ct(commit,zone=1),learn(table=20,NXM_OF_VLAN_TCI[0..11]),output:2,resubmit(,92),"
        "ct(table=7)"
    )
    assert _words(flow) == ["ct table 7", "learns into table 20", "table 92", "port 2"]
    (flow,) = dump(" table=5, priority=1 actions=resubmit(7,),controller,group:3")
    assert _words(flow) == ["table 5", "controller", "group 3"]
    (flow,) = dump(" actions=ct(commit)")
    assert _words(flow) == ["no further"]


def _words(flow: Flow) -> list[str]:
    return [EN.text(way_words(way, Names())) for way in ways(flow)]
