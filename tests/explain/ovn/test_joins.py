"""Joins of OpenFlow flows, judged by what ovn-sbctl says that ovn-controller made."""

import gzip
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from ovs_capture.explain.shapes import _plain
from ovs_capture.formats import ovn_sbctl_lflow_list
from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.network.southbound import Southbound
from ovs_capture.openflow.flow import Action, Actions, Match
from ovs_capture.openflow.values import number
from ovs_capture.source import Source

from .lab import HERE, hv1


def told(actions: Iterable[Action]) -> tuple[Any, ...]:
    """Actions however they are printed: ``load`` of bits and ``set_field`` under a mask are one."""
    return tuple(
        (
            action.name,
            tuple(sorted((name, plain(value)) for name, value in action.arguments.items())),
            told(action.actions),
        )
        for action in _plain(actions)
    )


def plain(value: str) -> str:
    n = number(value)
    return value if n is None else str(n)


def key(table: int, match: Match, actions: Actions) -> tuple[Any, ...]:
    clauses = frozenset((c.field, c.value, c.mask) for c in match.clauses)
    return table, clauses, told(actions.items)


@cache
def installed() -> dict[Any, set[tuple[str, int, str, str]]]:
    """The logical flows that have an OpenFlow flow below them, by that flow."""
    text = gzip.decompress((HERE / "installed.txt.gz").read_bytes()).decode().split("\n", 1)[1]
    found: dict[Any, set[tuple[str, int, str, str]]] = {}
    logical = None
    for record in ovn_sbctl_lflow_list.FORMAT.parse(Source("installed", text)).records:
        if isinstance(record, LogicalFlow):
            logical = (record.stage, record.priority, record.match.text, record.actions.text)
        elif isinstance(record, ovn_sbctl_lflow_list.Installed) and logical is not None:
            found.setdefault(key(record.table, record.match, record.actions), set()).add(logical)
    return found


def test_no_flow_is_joined_to_a_logical_flow_that_did_not_make_it() -> None:
    judged = Counter[bool]()
    for flow in hv1().flows:
        join = hv1().joins.of_flow(flow)
        # ovn-sbctl finds flows by their cookie: it does not list parts of conjunctions.
        if join.how != "cookie" or not join.logical:
            continue
        theirs = installed().get(key(flow.table, flow.match, flow.actions))
        judged[theirs is not None] += 1
        ours = {(f.stage, f.priority, f.match.text, f.actions.text) for f in join.logical}
        assert theirs is None or ours <= theirs, flow.match.text
    # Two are printed there in a form of their own.
    assert judged == {True: 1059, False: 2}


def test_parts_of_a_conjunction_are_of_the_flow_that_has_its_number() -> None:
    whole = {
        (flow.table, clause.value): hv1().joins.of_flow(flow).logical
        for flow in hv1().flows
        for clause in flow.match.clauses
        if clause.field == "conj_id"
    }
    parts = [flow for flow in hv1().flows if hv1().joins.of_flow(flow).how == "conjunction"]
    assert len(parts) == 84
    for flow in parts:
        numbers = [a.arguments["id"] for a in flow.actions.items if a.name == "conjunction"]
        theirs = {logical for n in numbers for logical in whole[flow.table, n]}
        assert set(hv1().joins.of_flow(flow).logical) == theirs


def test_every_flow_is_joined_to_its_table_and_to_one_row() -> None:
    found = Counter(join.how for join in map(hv1().joins.of_flow, hv1().flows))
    assert found == {"cookie": 1380, "conjunction": 84, "fixed": 14}
    for flow in hv1().flows:
        join = hv1().joins.of_flow(flow)
        assert join.table is not None
        assert len(join.logical) + len(join.rows) == (join.how != "fixed")


def test_physical_flows_are_of_rows_of_the_southbound_database() -> None:
    found = Counter(row.table for flow in hv1().flows for row in hv1().joins.of_flow(flow).rows)
    assert found == {
        "Port_Binding": 285,
        "Multicast_Group": 18,
        "Load_Balancer": 14,
        "MAC_Binding": 2,
    }


def test_a_cookie_that_no_capture_explains_joins_nothing() -> None:
    joins = replace(hv1().joins, southbound=Southbound())
    found = {joins.of_flow(flow).how for flow in hv1().flows}
    assert found == {"unknown", "fixed"}
    assert all(joins.of_flow(flow).table for flow in hv1().flows)


def test_a_logical_flow_of_another_stage_is_not_joined() -> None:
    flow = next(f for f in hv1().flows if hv1().joins.of_flow(f).logical)
    elsewhere = flow._replace(table=flow.table + 20)
    assert hv1().joins.of_flow(elsewhere).how == "unknown"
