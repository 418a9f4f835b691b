"""Flows fit the shapes of what an agent installs, whatever OpenFlow printed them."""

import pytest

from ovs_capture.explain.message import Message
from ovs_capture.explain.names import Names
from ovs_capture.explain.purpose import _holes
from ovs_capture.explain.shapes import Releases, Slots, shapes_of, tables
from ovs_capture.render.translation import Translator

from .dumps import dump


def fitting(flow: str, bridge: str = "br-int") -> list[str]:
    (parsed,) = dump(flow)
    return [
        shape.id
        for shape in shapes_of(bridge, parsed.table)
        if shape.fit(parsed, Names()) is not None
    ]


@pytest.mark.parametrize(
    "flow",
    [
        pytest.param(" table=72, priority=50,ct_state=+inv+trk actions=drop", id="other-action"),
        pytest.param(" table=73, priority=50,ct_state=+inv+trk actions=resubmit(,93)", id="table"),
        pytest.param(
            " table=72, priority=51,ct_state=+inv+trk actions=resubmit(,93)", id="priority"
        ),
        pytest.param(
            " table=72, priority=50,ct_state=+inv actions=resubmit(,93)", id="other-value"
        ),
        pytest.param(
            " table=72, priority=50,ct_state=+inv+trk,tcp actions=resubmit(,93)", id="more-clauses"
        ),
        pytest.param(
            " table=72, priority=50,ct_state=+inv+trk actions=resubmit(,93),drop", id="more-actions"
        ),
        pytest.param(" table=60, priority=100,in_port=1 actions=resubmit(,71)", id="fewer-actions"),
        pytest.param(" table=200, priority=0 actions=drop", id="no-such-table"),
    ],
)
def test_what_fits_nothing(flow: str) -> None:
    assert fitting(flow) == []


@pytest.mark.parametrize(
    "actions",
    [
        "load:0x3->NXM_NX_REG5[],load:0x1->NXM_NX_REG6[],strip_vlan,resubmit(,81)",
        "set_field:0x3->reg5,set_field:0x1->reg6,pop_vlan,resubmit(,81)",
        "set_field:0x3->reg5,set_field:0x1->reg6,pop_vlan,goto_table:81",
    ],
)
def test_any_openflow_version(actions: str) -> None:
    found = fitting(f" table=60, priority=90,dl_vlan=1,dl_dst=fa:16:3e:00:00:01 actions={actions}")
    assert found == ["fw_ingress_local_vlan", "fw_ingress_phys_vlan"]


def test_a_vlan_that_is_pushed() -> None:
    new = " table=0, priority=3,in_port=1,vlan_tci=0x0000/0x1fff actions="
    new += "push_vlan:0x8100,set_field:4097->vlan_vid,goto_table:58"
    assert fitting(new) == ["flat_to_local"]


def test_the_same_slot_is_the_same_value() -> None:
    same = " table=0, priority=99,arp,dl_dst=fa:16:3f:00:00:01,arp_op=2,arp_tha=fa:16:3e:00:00:01"
    assert fitting(f"{same} actions=mod_dl_dst:fa:16:3e:00:00:01,resubmit(,58)") != []
    assert fitting(f"{same} actions=mod_dl_dst:fa:16:3e:00:00:02,resubmit(,58)") == []


def test_more_of_the_same_action() -> None:
    flood = " table=22, priority=1,dl_vlan=2 actions=strip_vlan,load:0xef->NXM_NX_TUN_ID[],"
    assert fitting(f"{flood}output:2", "br-tun") == ["flood"]
    assert fitting(f"{flood}output:2,output:3,output:4", "br-tun") == ["flood"]
    assert fitting(f"{flood}output:2,drop", "br-tun") == []


def test_a_dropped_port_is_judged_by_what_it_is() -> None:
    assert (
        fitting(' table=0, priority=2,in_port="int-br-ex" actions=drop')[0] == "phys_unmapped_drop"
    )
    assert fitting(' table=0, priority=2,in_port="tap1" actions=drop')[0] == "dead_port_drop"
    assert fitting(" table=0, priority=2,in_port=7 actions=drop") == ["unbound_or_unmapped_drop"]


def test_releases() -> None:
    assert 24 in Releases(24, None) and 23 not in Releases(24, None)
    assert 24 in Releases(None, 24) and 25 not in Releases(None, 24)
    assert 22 in Releases(25, None, (22, 23)) and 24 not in Releases(25, None, (22, 23))
    assert Releases(25, None, (22, 23)).first == 22


def test_every_row_is_read_and_every_purpose_can_be_said() -> None:
    shapes = [shape for table in tables() for shape in table.shapes]
    assert len(shapes) > 200
    for shape in shapes:
        slots = {
            name for pattern in (*shape.clauses, *shape.actions) for name in _slots(repr(pattern))
        }
        holes = _holes(Slots(dict.fromkeys(slots, "1")), Names())
        for language in ("en", "ja"):
            text = Translator(language).text(Message(shape.purpose, holes))
            assert "%(" not in text, shape.id


def _slots(text: str) -> list[str]:
    import re

    return re.findall(r"\{(\w+)\}", text)


def test_ids_are_unique_in_a_table() -> None:
    for table in tables():
        ids = [shape.id for shape in table.shapes]
        assert len(ids) == len(set(ids)), (table.bridge, table.number)
