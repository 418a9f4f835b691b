"""The words for the way of a packet through logical flows."""

from ovs_capture.explain.logical_steps import LogicalTelling
from ovs_capture.explain.message import Message
from ovs_capture.translation import Translator
from tests.trace.logical.pages import southbound, trace_of

SAY = Translator("en").text
PING = (
    'inport == "{port}" && eth.src == {mac} && eth.dst == {to} && ip4.src == {ip} && '
    "ip4.dst == {goal} && ip.ttl == 64 && icmp4.type == 8"
)
VM0 = {"port": "vm0", "mac": "fa:16:3e:c8:e3:3d", "ip": "192.168.111.10"}
VM4 = "fa:16:3e:dc:63:d4"


def telling(*states: str, **changed: str) -> LogicalTelling:
    given = {**VM0, "to": VM4, "goal": "192.168.111.12", **changed}
    found = trace_of("ovn-selfservice", PING.format(**given), *states)
    return LogicalTelling(found, southbound().names)


def test_verdict_extent_and_ends() -> None:
    told = telling("new", "new")
    vm4 = "vm4 (dc63d428-d9df-55f7-a568-ffff27176487)"
    assert SAY(told.verdict()) == f"Reaches {vm4}"
    assert SAY(told.extent()) == "36 steps through ovn-selfservice"
    assert [(number, SAY(end)) for number, end in told.ends()] == [(37, f"Reaches {vm4}.")]


def test_where_the_packet_comes_into_a_pipeline_is_told_once() -> None:
    told = telling("new", "new", to="fa:16:3e:ef:ec:56", goal="192.168.112.11")
    heads = [SAY(one.entered) for one in told.steps() if one.entered is not None]
    assert [head.split(":")[0] for head in heads] == [
        f"{datapath}, {pipeline}"
        for datapath in ("ovn-selfservice", "router", "ovn-backend")
        for pipeline in ("ingress", "egress")
    ]
    assert heads[0].endswith("from vm0 (c8e33d72-a665-51cd-8c0a-ed94a5072185)")


def test_steps_that_only_hand_on_are_told_together() -> None:
    told = telling("new", "new")
    runs = told.runs()
    assert [one for run in runs for one in run] == list(told.steps())
    assert all(len(run) == 1 or all(one.step.is_default for one in run) for run in runs)
    assert max(len(run) for run in runs) == 6


def test_a_changed_value_has_its_meaning() -> None:
    told = telling("new", "new")
    values = [value for one in told.steps() for value in one.values]
    said = [(SAY(v.name), v.before, v.after, v.meaning and SAY(v.meaning)) for v in values]
    assert ("output port", '""', "dc63d428-d9df-55f7-a568-ffff27176487", "vm4") in said
    assert ("reg0[0] (conntrack wanted)", "0x0", "0x1", None) in said


def test_what_conntrack_finds_is_a_value_and_says_whether_it_was_given() -> None:
    for states, mark in ((("new", "new"), False), ((), True)):
        told = telling(*states)
        tracked = [one for one in told.steps() if one.tracked]
        assert [one.step.stage for one in tracked] == ["ls_in_pre_stateful", "ls_out_pre_stateful"]
        found = [v for one in tracked for v in one.values if SAY(v.name) == "ct_state"]
        assert [value.assumed for value in found] == [mark, mark]
    assert all(isinstance(value.before, Message) for value in found[:1])


def test_a_drop_names_its_stage() -> None:
    told = telling(ip="192.168.111.99")
    assert SAY(told.verdict()) == "Dropped in ls_in_apply_port_sec of ovn-selfservice"
    assert list(told.ends()) == []


def test_an_option_is_called_as_the_reader_writes_it() -> None:
    (message,) = telling().assumed({"ct": ":ct-next:", "lb-dst": ":lb-dst:"})
    assert ":ct-next:" in SAY(message)
