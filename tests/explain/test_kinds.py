"""Kinds of flows: what may differ among flows that are explained once."""

from ovs_capture.explain.kinds import Kind, form_of, hole, is_hole, kinds

from .dumps import dump, seed


def columns(*lines: str) -> list[tuple[tuple[str, ...], ...]]:
    return [kind.columns for kind in kinds(dump(*lines))]


def test_no_flows_no_kinds() -> None:
    assert kinds(()) == ()


def test_values_differ() -> None:
    assert columns(
        ' table=1, priority=2,in_port="a",reg5=0x1 actions=load:0x1->NXM_NX_REG6[],resubmit(,3)',
        ' table=1, priority=2,in_port="b",reg5=0x2 actions=load:0x7->NXM_NX_REG6[],resubmit(,3)',
    ) == [(("a", "b"), ("0x1", "0x2"), ("0x1", "0x7"))]


def test_what_is_another_kind() -> None:
    flows = dump(
        " table=1, priority=2,tcp,tp_dst=80 actions=resubmit(,3)",
        " table=2, priority=2,tcp,tp_dst=80 actions=resubmit(,3)",
        " table=1, priority=3,tcp,tp_dst=80 actions=resubmit(,3)",
        " table=1, priority=2,udp,tp_dst=80 actions=resubmit(,3)",
        " table=1, priority=2,tcp,tp_dst=0x50/0xfff0 actions=resubmit(,3)",
        " table=1, priority=2,tcp,tp_dst=80 actions=resubmit(,4)",
        " table=1, priority=2,tcp,tp_dst=80 actions=drop",
        " table=1, priority=2,in_port=LOCAL actions=drop",
        ' table=1, priority=2,in_port="a" actions=drop',
        " table=1, priority=2,ct_state=+est actions=drop",
        " table=1, priority=2,ct_state=+new actions=drop",
        " table=1, priority=2,nonsense=1 actions=drop",
        " table=1, priority=2,nonsense=2 actions=drop",
    )
    found = kinds(flows)
    assert [list(kind.flows) for kind in found] == [[flow] for flow in flows]
    assert len({form_of(flow) for flow in flows}) == len(flows)


def test_an_asked_value_is_its_own_kind() -> None:
    flows = dump(*(f" priority=2,udp,tp_dst={port} actions=drop" for port in (67, 68, 69)))
    found = kinds(flows, lambda name, value: (name, value) == ("udp_dst", "67"))
    assert [len(kind.flows) for kind in found] == [1, 2]
    assert [kind.columns for kind in found] == [(), (("68", "69"),)]


def test_the_general_flow_has_holes() -> None:
    (flow,) = dump(' priority=1,in_port="a" actions=ct(zone=4,exec(load:0x1->NXM_NX_CT_MARK[]))')
    general = Kind.of([flow]).general
    assert general.match.clauses[0].value == hole(0)
    (ct,) = general.actions.items
    assert ct.arguments["zone"] == hole(1)
    assert ct.text == flow.actions.items[0].text
    assert is_hole(hole(1)) and not is_hole("1")


def test_every_flow_is_of_one_kind() -> None:
    for flows in seed().flows.values():
        found = [flow for kind in kinds(flows) for flow in kind.flows]
        assert sorted(map(id, found)) == sorted(map(id, flows))
        for kind in kinds(flows):
            assert len({form_of(flow) for flow in kind.flows}) == 1
            assert all(len(column) == len(kind.flows) for column in kind.columns)
