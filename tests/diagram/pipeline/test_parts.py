"""Which parts of a bridge are drawn."""

from tests.conftest import ROOT
from tests.diagram.pipeline.flows import CYCLE, PORTS, UNCOUNTED, picture_of, picture_of_host

SEED = ROOT / "captures" / "flat-instance" / "compute"


def test_without_flows_there_is_nothing() -> None:
    picture = picture_of("")
    assert (picture.tables, picture.ports, picture.links, picture.stops) == ((), (), (), ())
    assert not picture.counted


def test_a_link_that_no_packet_took_is_not_drawn() -> None:
    text = (
        "table=0, n_packets=3, ip actions=resubmit(,1)\n"
        "table=0, n_packets=0, arp actions=resubmit(,2)\n"
        "table=1, n_packets=3, actions=NORMAL\n"
        "table=2, n_packets=0, actions=drop\n"
        "table=3, n_packets=0, actions=drop\n"
    )
    picture = picture_of(text)
    assert [(link.kind, link.packets) for link in picture.links] == [("in", 3), ("resubmit", 3)]
    assert [table.aside for table in picture.tables] == [None, None, "idle", "unreachable"]
    assert [stop.kind for stop in picture.stops] == ["NORMAL"]


def test_without_counters_everything_is_drawn_without_numbers() -> None:
    picture = picture_of(UNCOUNTED)
    assert not picture.counted
    assert {link.kind for link in picture.links} == {"in", "resubmit", "goto", "learn", "out"}
    assert {link.packets for link in picture.links} == {None}
    assert {stop.packets for stop in picture.stops} == {None}
    assert [t.number for t in picture.aside] == [5]


def test_learning_a_flow_brings_no_packet_there() -> None:
    picture = picture_of(
        "table=0 actions=learn(table=9,NXM_OF_VLAN_TCI[0..11])\ntable=9 actions=drop\n"
    )
    assert [t.number for t in picture.aside] == [9]


def test_the_way_back_is_there() -> None:
    links = {(link.source, link.target, link.kind) for link in picture_of(CYCLE).links}
    assert {("t2", "t1", "resubmit"), ("t2", "t2", "resubmit"), ("t3", "t0", "ct")} <= links


def test_many_ports_are_one_box() -> None:
    picture = picture_of(PORTS)
    leaving = [port for port in picture.ports if port.side == "out"]
    assert [len(port.ports) for port in leaving] == [1] * 7 + [32]
    assert leaving[6].ports == ("veth39",)
    packets = [link.packets or 0 for link in picture.links if link.kind == "out"]
    assert sum(packets) == sum(range(1, 40))


def test_the_seed() -> None:
    picture = picture_of_host(SEED, "br-int")
    assert [t.number for t in picture.aside] == [23, 24, 30, 31, 62]
    into = {link.source: link.packets for link in picture.links if link.kind == "in"}
    shown = {port.ports: into[port.id] for port in picture.ports if port.side == "in"}
    assert shown == {("int-br-mgmt",): 92, ("int-br-provider",): 164, (): 142}
    numbers = {t.id: t.number for t in picture.tables}
    ct = {(numbers[e.source], numbers[e.target]): e.packets for e in picture.links
          if e.kind == "ct"}  # fmt: skip
    assert ct == {(71, 72): 124, (81, 82): 79}
    drops = {numbers[s.table]: s.packets for s in picture.stops if s.kind == "drop"}
    assert drops == {0: 157, 92: 1, 93: 8}
