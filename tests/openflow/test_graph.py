"""The graph of tables, of small dumps and of the first seed."""

from pathlib import Path

from ovs_capture.formats.ovs_ofctl_dump_flows import parse
from ovs_capture.openflow.flow import Flow
from ovs_capture.openflow.graph import Edge, End, TableGraph, table_graph
from ovs_capture.source import Source


def graph_of(text: str) -> TableGraph:
    parsed = parse(Source("flows.txt", text))
    return table_graph(record for record in parsed.records if isinstance(record, Flow))


def test_no_flows_make_an_empty_graph() -> None:
    assert graph_of("") == TableGraph((), {}, (), (), (), ())


def test_edges_count_flows_and_packets() -> None:
    graph = graph_of(
        " table=0, n_packets=3, n_bytes=9, priority=2,ip actions=resubmit(,5)\n"
        " table=0, n_packets=4, n_bytes=9, priority=1,arp actions=resubmit(,5),resubmit(,5)\n"
        " table=0, n_packets=1, n_bytes=9, actions=ct(table=5,zone=1)\n"
        " table=5, n_packets=8, n_bytes=9, actions=goto_table:9\n"
    )
    assert graph.tables == (0, 5, 9)
    assert graph.edges == (
        Edge(0, 5, "ct", 1, 1),
        Edge(0, 5, "resubmit", 2, 7),  # a flow that goes there twice is one flow
        Edge(5, 9, "goto", 1, 8),
    )
    assert graph.entries == (0,)
    assert graph.unreachable == ()
    assert graph.ends == ()


def test_without_statistics_packets_are_unknown() -> None:
    graph = graph_of(" table=0, priority=1 actions=resubmit(,5)\n table=5, actions=drop\n")
    assert graph.edges == (Edge(0, 5, "resubmit", 1, None),)
    assert graph.ends == (End(5, "drop", None, 1, None),)


def test_an_empty_table_is_the_same_table() -> None:
    graph = graph_of(" table=71, actions=ct_clear,resubmit(1,)\n table=72, actions=resubmit:3\n")
    assert [edge[:3] for edge in graph.edges] == [(71, 71, "resubmit"), (72, 72, "resubmit")]
    # A table that only sends to itself is where packets can begin.
    assert graph.entries == (71, 72)


def test_nested_actions_count_and_learned_ones_do_not() -> None:
    graph = graph_of(
        " table=0, actions=clone(output:1,resubmit(,7)),write_actions(output:2),"
        "learn(table=20,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[])\n"
        " table=1, actions=learn(NXM_OF_ETH_DST[])\n"
    )
    assert [edge[:3] for edge in graph.edges] == [
        (0, 7, "resubmit"), (0, 20, "learn"), (1, 1, "learn"),
    ]  # fmt: skip
    assert [end[:3] for end in graph.ends] == [
        (0, "output", "1"), (0, "output", "2"), (1, "nothing", None),
    ]  # fmt: skip
    # Flows are learned into table 20, but no packet goes there.
    assert graph.unreachable == (1, 20)


def test_every_way_to_end() -> None:
    graph = graph_of(
        ' table=0, actions=output:"tap1",output:10,output:9,NORMAL,LOCAL,enqueue:3:1\n'
        " table=1, actions=CONTROLLER:65535\n"
        " table=2, actions=group:7\n"
        " table=3, actions=output:NXM_NX_REG15[],output:NXM_NX_REG0[0..15]\n"
        ' table=4, actions=bundle(eth_src,0,hrw,ofport,members:"a",2)\n'
        " table=5, actions=ct(commit,zone=5)\n"
        " table=6, actions=conjunction(7,1/2)\n"
        " table=7, actions=drop\n"
        " table=8, actions=fly\n"
    )
    assert [end[:3] for end in graph.ends] == [
        (0, "LOCAL", None),
        (0, "NORMAL", None),
        (0, "output", "3"),
        (0, "output", "9"),
        (0, "output", "10"),
        (0, "output", "tap1"),
        (1, "controller", None),
        (2, "group", "7"),
        (3, "output", "reg0[0..15]"),
        (3, "output", "reg15"),
        (4, "output", "2"),
        (4, "output", "a"),
        (5, "nothing", None),
        (7, "drop", None),
    ]


def test_named_tables_are_joined_by_name() -> None:
    graph = graph_of(
        ' table=classifier, actions=resubmit(,"acl in")\n table="acl in", actions=goto_table:gone\n'
    )
    names = {name: table for table, name in graph.names.items()}
    assert names.keys() == {"classifier", "acl in", "gone"}
    assert {edge[:2] for edge in graph.edges} == {
        (names["classifier"], names["acl in"]),
        (names["acl in"], names["gone"]),
    }
    assert len(set(names.values())) == 3


def test_the_first_seed(captures: Path) -> None:
    path = captures / "flat-instance" / "compute" / "ovs-ofctl-dump-flows-br-int.txt"
    graph = graph_of(path.read_text("utf-8").partition("\n")[2])
    packets = {edge[:3]: edge.packets for edge in graph.edges}
    # The numbers of the flows page, counted by hand.
    assert packets[0, 58, "resubmit"] == 241
    assert packets[60, 71, "resubmit"] == 142
    assert packets[60, 81, "resubmit"] == 85
    assert packets[71, 72, "ct"] == 124
    assert packets[81, 82, "ct"] == 79
    assert packets[73, 94, "resubmit"] == 82
    ends = {end[:3]: end.packets for end in graph.ends}
    assert ends[0, "drop", None] == 157
    assert ends[94, "NORMAL", None] == 134
    assert ends[93, "drop", None] == 8
    assert graph.unreachable == (23, 24, 30, 31, 62)
