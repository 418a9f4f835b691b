"""What is said of the steps of a trace; goldens of whole traces stand in render/test_trace_text."""

import pytest

from ovs_capture.explain.names import Names
from ovs_capture.explain.pipeline import Pipeline
from ovs_capture.explain.trace_steps import assumed, run_words, runs, told_steps
from ovs_capture.network.correlate import correlate
from ovs_capture.store import load_target
from ovs_capture.trace.openflow import trace
from ovs_capture.trace.packet_text import parse_packet
from ovs_capture.trace.switch import switch_of_host
from ovs_capture.translation import Translator

SHOW = """$ ovs-vsctl show
698493db-95ef-4c31-b419-56b3d4096f2b
    Bridge br0
        Port p1
            Interface p1
        Port p2
            Interface p2
        Port to-br1
            Interface to-br1
                type: patch
                options: {peer=to-br0}
    Bridge br1
        Port to-br0
            Interface to-br0
                type: patch
                options: {peer=to-br1}
"""


@pytest.fixture
def told(tmp_path):
    def tell(flows: str, packet: str = "in_port=p1,ip", *states: int):
        host = tmp_path / "lab" / "node"
        host.mkdir(parents=True)
        (host / "show.txt").write_text(SHOW)
        lines = "".join(f" {line}\n" for line in flows.split("\n"))
        (host / "br0.txt").write_text(f"$ ovs-ofctl dump-flows br0\n{lines}")
        one = load_target(host).hosts[0]
        network = correlate(one, ())
        switch = switch_of_host(one.captures, network)
        at = switch.bridges["br0"]
        found = trace(switch, at, parse_packet(packet, {"p1": 1, "p2": 2} | at.numbers), states)

        def known(bridge: str) -> tuple[Names, Pipeline | None]:
            return Names.of(network, bridge, ()), None

        return found, told_steps(found, network, known)

    return tell


def said(message, language: str = "en") -> str:
    return Translator(language).text(message)


CHAIN = "\n".join(
    [
        "table=0, priority=0 actions=resubmit(,9)",
        "table=9, priority=0,metadata=0 actions=resubmit(,10)",
        "table=10, priority=0,metadata=0 actions=resubmit(,11)",
        "table=11, priority=0 actions=resubmit(,12)",
        "table=12, priority=5,ip actions=resubmit(,13)",
        "table=13, priority=0 actions=resubmit(,14)",
        "table=14, priority=0 actions=drop",
    ]
)


def test_steps_in_which_nothing_applies_are_told_together(told) -> None:
    _, steps = told(CHAIN)
    found = runs(steps)
    assert [[one.number for one in run] for run in found] == [[1, 2, 3, 4], [5], [6], [7]]
    assert said(run_words(found[0])) == (
        "4 tables from 0 to 11: nothing applies, the packet goes on."
    )
    assert said(run_words(found[0][1:])) == "Tables 9 to 11: nothing applies, the packet goes on."
    assert said(run_words(found[0][1:]), "ja") == (
        "テーブル 9 から 11 まで: 該当するルールはなく、そのまま次へ進む。"
    )


@pytest.mark.parametrize(
    "instead",
    [
        "table=10, priority=0,ip actions=resubmit(,11)",  # something applied
        "table=10, priority=0 actions=load:1->NXM_NX_REG0[],resubmit(,11)",  # changed
        "table=10, priority=0 actions=output:p2,resubmit(,11)",  # went out
        "table=10, priority=0 actions=resubmit(,11),resubmit(,20)",  # went two ways
    ],
)
def test_a_step_that_does_more_is_told_alone(told, instead: str) -> None:
    lines = CHAIN.split("\n")
    lines[2] = instead
    _, steps = told("\n".join(lines))
    assert all(len(run) == 1 for run in runs(steps))


def test_every_step_is_told_once(told) -> None:
    _, steps = told(CHAIN)
    assert [one for run in runs(steps) for one in run] == list(steps)


def test_a_bridge_without_captured_flows_drops_nothing_that_we_know_of(told) -> None:
    _, steps = told("table=0, priority=0 actions=NORMAL")
    assert steps[1].step.bridge == "br1"
    assert said(steps[1].reading) == "No capture shows the flows of this bridge."
    fates = {said(copy.port): said(copy.fate) for copy in steps[0].copies}
    assert fates["to-br1"] == "over a patch to br1, whose flows no capture shows"
    assert fates["p2"] == "leaves here"


def test_no_flow_is_a_drop(told) -> None:
    _, steps = told("table=0, priority=1,arp actions=drop")
    assert said(steps[0].reading) == "No flow of this table matches: the packet is dropped."


def test_values_and_tracking(told) -> None:
    found, steps = told(
        "table=0, priority=0 actions=load:7->NXM_NX_REG3[],ct(table=1)\n"
        "table=1, priority=0 actions=output:p2"
    )
    assert steps[0].tracked
    values = [(said(v.name), said(v.before), said(v.after), v.assumed) for v in steps[0].values]
    assert values == [("reg3", "0", "7", False), ("ct_state", "untracked", "new|trk", True)]
    option = said(next(iter(assumed(found, ":ct-next:"))))
    assert option == (
        "The connection tracker is taken to find new|trk before table 1; :ct-next: says "
        "otherwise. (step 1)"
    )


def test_what_was_asked_for_is_not_assumed(told) -> None:
    found, steps = told(
        "table=0, priority=0 actions=ct(table=1)\ntable=1, priority=0 actions=drop",
        "in_port=p1,ip",
        0x22,
    )
    assert [value.assumed for value in steps[0].values] == [False]
    assert "as --ct-next says" in said(next(iter(assumed(found, "--ct-next"))))


def test_a_table_that_is_gone_through_without_a_match_drops_nothing(told) -> None:
    _, steps = told("table=0, priority=0 actions=resubmit(,7),output:p2")
    assert said(steps[1].reading) == "No flow of this table matches."
    assert said(steps[1].reading, "ja") == "このテーブルに一致するフローはない。"
