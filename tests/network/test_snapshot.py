"""Which captures count, and where they were taken."""

import pytest

from ovs_capture.formats.reading import Capture, read
from ovs_capture.network.snapshot import (
    Place,
    dumped_bridge,
    flow_dumps,
    is_whole,
    place_of,
    shows_root,
)
from ovs_capture.source import Source

FLOW = " cookie=0x0, duration=1s, table=0, n_packets=0, n_bytes=0, priority=0 actions={}\n"
PORT_FLOW = " cookie=0x0, table=0, priority=5,in_port={} actions=NORMAL\n"


def capture(command: str, output: str = "", name: str = "x.txt") -> Capture:
    return read(Source(name, f"$ {command}\n{output}"))[0]


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("ovs-vsctl show", Place()),
        ("sudo ip netns exec qdhcp-1 ip addr", Place("qdhcp-1")),
        ("ssh -i k u@10.0.0.5 ip addr", Place(None, "u@10.0.0.5")),
        ("ssh u@h sudo ip netns exec amphora-haproxy ip a", Place(None, "u@h", "amphora-haproxy")),
        ("ip netns exec qrouter-1 ssh u@h ip addr", Place(None, "u@h")),
    ],
)
def test_where_a_command_ran(command: str, place: Place) -> None:
    assert place_of(capture(command)) == place


@pytest.mark.parametrize(
    ("command", "root"),
    [
        ("uname -r", True),
        ("openstack server list", False),
        ("ovn-sbctl show", False),
        ("curl -s http://10.0.0.1", False),
        ("ssh u@h ip addr", False),
        ("ip netns exec qdhcp-1 ip addr", False),
    ],
)
def test_what_proves_a_host(command: str, root: bool) -> None:
    assert shows_root(capture(command, "something\n")) is root


def test_a_text_that_nothing_recognises_proves_no_host() -> None:
    assert not shows_root(read(Source("notes.txt", "call Bob\n"))[0])


@pytest.mark.parametrize(
    ("command", "output", "whole"),
    [
        ("ip -d link show", "", True),
        ("ip a", "", True),
        ("ip l ls", "", True),
        ("ip -d link show", "(...)\n", False),
        ("ip addr show eth0", "", False),
        ("ip link show type vxlan", "", False),
        ("ip -4 addr", "", False),
        ("ip addr | grep eth0", "", False),
        ("ip addr | cat", "", True),
    ],
)
def test_when_absence_is_proof(command: str, output: str, whole: bool) -> None:
    assert is_whole(capture(command, output)) is whole


@pytest.mark.parametrize(
    ("command", "bridge"),
    [
        ("ovs-ofctl dump-flows br-int", "br-int"),
        ("ovs-ofctl -O OpenFlow13 dump-flows --names br-int table=60", "br-int"),
        ("ovs-ofctl dump-flows -O OpenFlow13 br-int", "br-int"),
        ("ovs-appctl bridge/dump-flows br-int", "br-int"),
        ("ovs-ofctl dump-flows", None),
        ("ovs-vsctl show", None),
    ],
)
def test_the_bridge_of_a_dump(command: str, bridge: str | None) -> None:
    assert dumped_bridge(capture(command, FLOW.format("drop"))) == bridge


def test_a_dump_without_command_is_of_the_bridge_in_its_file_name() -> None:
    found = read(Source("h/2-dump-flows-br-ex.txt", FLOW.format("drop")))[0]
    assert dumped_bridge(found, ["ex", "br-ex", "br-int"]) == "br-ex"
    assert dumped_bridge(found, ["br-int"]) is None


def dump_of(*captures: Capture) -> list[str]:
    return [c.source.name for c in flow_dumps(captures)["br-int"].captures]


def test_no_dump() -> None:
    assert flow_dumps([capture("ovs-vsctl show")]) == {}


def test_other_content_the_last_counts_and_the_others_are_history() -> None:
    one = capture("ovs-ofctl dump-flows br-int", FLOW.format("drop"), "1.txt")
    two = capture("ovs-ofctl dump-flows br-int", FLOW.format("drop") + PORT_FLOW.format(1), "2.txt")
    dump = flow_dumps([one, two])["br-int"]
    assert dump.captures == (two,)
    assert dump.history == (one,)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ovs-ofctl -O OpenFlow13 dump-flows br-int", "ovs-ofctl dump-flows br-int"),
        ("ovs-ofctl --names dump-flows br-int", "ovs-ofctl dump-flows br-int"),
    ],
)
def test_other_form_of_the_same_the_one_that_says_most_counts(first: str, second: str) -> None:
    port = '"tap1"' if "--names" in first else "1"
    one = capture(first, PORT_FLOW.format(port), "1.txt")
    two = capture(second, PORT_FLOW.format(1), "2.txt")
    assert dump_of(one, two) == ["1.txt"]
    assert dump_of(two, one) == ["1.txt"]


def test_equal_dumps_the_last_counts() -> None:
    one = capture("ovs-ofctl dump-flows br-int", PORT_FLOW.format(1), "1.txt")
    two = capture("ovs-ofctl dump-flows br-int", PORT_FLOW.format(1), "2.txt")
    assert dump_of(one, two) == ["2.txt"]


def test_partial_dumps_count_only_where_no_whole_one_is() -> None:
    part = capture("ovs-ofctl dump-flows br-int table=0", FLOW.format("drop"), "1.txt")
    other = capture("ovs-ofctl dump-flows br-int table=5", FLOW.format("NORMAL"), "2.txt")
    whole = capture("ovs-ofctl dump-flows br-int", FLOW.format("drop"), "0.txt")
    assert dump_of(part, other) == ["1.txt", "2.txt"]
    assert dump_of(whole, part, other) == ["0.txt"]
