"""What a flow was made of, in words."""

from collections.abc import Sequence

from ovs_capture.explain.ovn.origin import origin
from ovs_capture.openflow.flow import Flow
from ovs_capture.translation import Translator

from .lab import hv1


def said(flows: Sequence[Flow]) -> str | None:
    found = origin(flows, hv1().joins)
    return None if found is None else Translator("en").text(found)


def test_fixed_flows_are_made_of_no_row() -> None:
    fixed = [flow for flow in hv1().flows if flow.table == 37]
    assert said(fixed) is None


def test_a_logical_flow_is_said_with_its_match() -> None:
    flows = [f for f in hv1().flows if f.table == 9 and f.match.text.startswith("reg0=0x8000")]
    assert len(flows) == 3
    assert said(flows) == (
        "Made of the logical flow of ls_in_apply_port_sec with priority 50: reg0[15] == 1."
    )


def test_flows_of_several_rows_are_made_of_none_in_particular() -> None:
    outputs = [f for f in hv1().flows if f.table == 65 and f.match.clauses]
    assert said(outputs) is None
    assert str(said(outputs[:1])).startswith("Made of the row ")
