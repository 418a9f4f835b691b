"""A normalised flow is the same flow: for our reader, and for a real switch.

``normal.dump`` is what Open vSwitch 3.1 printed (``ovs-ofctl -O OpenFlow15 --no-stats dump-flows``)
after it was given ``normal.golden``, our text of each flow.
"""

from pathlib import Path

import pytest

from ovs_capture.formats.ovs_ofctl_dump_flows import parse
from ovs_capture.openflow.actions import parse_actions
from ovs_capture.openflow.flow import Action, Flow
from ovs_capture.openflow.normal import actions_of, text_of
from ovs_capture.source import Source, decode

from .switch import switch

HERE = Path(__file__).parent
DUMP = HERE / "normal.dump"
GOLDEN = HERE / "normal.golden"


def flows_of(text: str) -> list[Flow]:
    parsed = parse(Source("dump", text))
    assert parsed.diagnostics == ()
    return [record for record in parsed.records if isinstance(record, Flow)]


def meaning(flow: Flow) -> tuple[object, ...]:
    """All that a flow says, without texts and places."""

    def of(action: Action) -> tuple[object, ...]:
        return action.name, action.arguments, [of(inner) for inner in action.actions]

    clauses = {(clause.field, clause.value, clause.mask) for clause in flow.match.clauses}
    configured = {
        key: text
        for key, text in flow.statistics.items()
        if key in ("idle_timeout", "hard_timeout", "importance")
    }
    actions = [of(action) for action in flow.actions.items]
    table = flow.table_name or flow.table
    return table, flow.priority, clauses, actions, sorted(flow.flags), configured


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("", "drop"),
        ("2", "output:2"),
        ('"tap1",output:"my port"', 'output:tap1,output:"my port"'),
        ("load:3->NXM_NX_REG5[]", "load:0x3->reg5[]"),
        ("move:NXM_OF_IP_SRC[]->NXM_NX_REG0[]", "move:ip_src[]->reg0[]"),
        ("resubmit:3,resubmit(,71)", "resubmit(3,),resubmit(,71)"),
        ("ct(zone=NXM_NX_REG6[0..15],table=5,nat)", "ct(table=5,zone=reg6[0..15],nat)"),
        (
            "ct(nat(dst=[2001:DB8::1]:80),commit,exec(load:1->NXM_NX_CT_MARK[]))",
            "ct(commit,nat(dst=[2001:db8::1]:80),exec(load:0x1->ct_mark[]))",
        ),
        ("clone(output:1,\n  ct_clear)", "clone(output:1,ct_clear)"),
        ("nonsense(1),output", "nonsense(1),output"),
    ],
)
def test_actions(typed: str, normal: str) -> None:
    assert actions_of(parse_actions(typed)[0]) == normal


def test_recorded_flows() -> None:
    normal = [text_of(flow) for flow in flows_of(DUMP.read_text("utf-8"))]
    assert normal == GOLDEN.read_text("utf-8").splitlines()


def test_our_own_reader_reads_the_same_flow() -> None:
    for flow in flows_of(DUMP.read_text("utf-8")):
        (again,) = flows_of(text_of(flow))
        assert meaning(again) == meaning(flow)
        assert text_of(again) == text_of(flow)


def test_the_captures_read_the_same(captures: Path) -> None:
    read = 0
    for path in sorted(captures.rglob("*dump-flows*.txt")):
        # The command above a dump is not the reader's business here.
        text = decode(path.read_bytes())
        for flow in parse(Source(path.name, text)).records:
            if isinstance(flow, Flow):
                (again,) = flows_of(text_of(flow))
                assert meaning(again) == meaning(flow)
                read += 1
    assert read >= 128


@pytest.mark.needs("ovs")
def test_a_real_switch_prints_the_same_flow(tmp_path: Path) -> None:
    with switch(tmp_path) as one:
        one.load(GOLDEN.read_text("utf-8").splitlines())
        dump = one.dump()
    assert sorted(dump.splitlines()) == sorted(DUMP.read_text("utf-8").splitlines())
