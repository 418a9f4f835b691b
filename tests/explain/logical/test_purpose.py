"""Why logical flows are there: the shape says it, else the stage."""

import pytest

from ovs_capture import knowledge
from ovs_capture.explain.logical.names import LogicalNames
from ovs_capture.explain.logical.purpose import bare, purpose
from ovs_capture.logical.stages import stages
from ovs_capture.translation import Translator

from .listings import flow, modern

SAY = Translator("en").text
SHAPES = knowledge.table("ovn_flow_purposes")["shapes"]


def test_comments_and_breaks_are_no_part_of_a_shape() -> None:
    assert bare("eth.dst = eth.src;\n   arp.op = 2; /* ARP reply */ output ;") == (
        "eth.dst = eth.src; arp.op = 2; output;"
    )


def test_a_slot_is_filled_from_the_flow() -> None:
    one = flow(
        "arp.tpa == 10.0.0.2 && arp.op == 1",
        "eth.dst = eth.src; eth.src = 00:00:00:00:00:02; arp.op = 2; output;",
        "ls_in_arp_rsp",
    )
    why = purpose(one, LogicalNames())
    assert why is not None
    assert "10.0.0.2" in SAY(why.message) and "00:00:00:00:00:02" in SAY(why.message)
    assert why.source.endswith("(ls_in_arp_rsp, arp-answer)")


def test_a_flow_without_shape_is_told_by_its_stage() -> None:
    why = purpose(flow("ip4", "next;", "ls_in_arp_rsp"), LogicalNames())
    assert why is not None and why.message.msgid == stages()["ls_in_arp_rsp"].lead


def test_a_stage_that_no_version_has_tells_nothing() -> None:
    assert purpose(flow("ip4", "next;", "ls_in_novelty"), LogicalNames()) is None


@pytest.mark.parametrize("row", SHAPES, ids=lambda row: row["id"])
def test_every_shape_is_of_known_stages(row: dict[str, object]) -> None:
    names = row["stages"]
    assert isinstance(names, list)
    assert [name for name in names if name not in stages()] == []


def test_ids_are_unique() -> None:
    ids = [row["id"] for row in SHAPES]
    assert len(ids) == len(set(ids))


def test_all_flows_of_a_modern_ovn_have_a_purpose_most_by_their_shape() -> None:
    listing = modern()
    found = [purpose(one, listing.names) for one in listing.flows]
    assert None not in found
    by_shape = sum(1 for why in found if why is not None and "," in why.source)
    assert by_shape > len(found) * 0.75
