"""Flows fit the shapes of what an agent installs, whatever OpenFlow printed them."""

import re
from pathlib import Path

import pytest

from ovs_capture.explain.agents import neutron_tables as tables
from ovs_capture.explain.agents import shapes_for, shapes_of
from ovs_capture.explain.message import Message
from ovs_capture.explain.names import Names
from ovs_capture.explain.purpose import _holes
from ovs_capture.explain.shapes import Releases, Slots
from ovs_capture.translation import Translator

from .dumps import dump, seed


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
        pytest.param(" table=72, priority=50,ct_state=+inv+trk actions=NORMAL", id="other-action"),
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


METADATA = [
    (0, 'priority=201,ip,in_port="phy-br-meta",nw_dst=169.254.169.254 actions=resubmit(,80)',
     "metadata_egress"),
    (0, "priority=201,ip,in_port=2 actions=mod_vlan_vid:5,resubmit(,91)", "metadata_ingress"),
    (0, "priority=201,arp,in_port=2 actions=resubmit(,90)", "metadata_arp"),
    (80, "priority=201,ip,dl_vlan=5,dl_src=fa:16:3e:00:00:01,nw_src=10.0.0.5 actions=strip_vlan,"
     "mod_dl_src:fa:16:ee:00:00:01,mod_nw_src:240.0.0.5,resubmit(,87)", "snat"),
    (80, "priority=201,ip,dl_vlan=5,dl_src=fa:16:3e:00:00:01,nw_src=10.0.0.5 actions=pop_vlan,"
     "set_field:fa:16:ee:00:00:01->eth_src,set_field:240.0.0.5->ip_src,goto_table:87", "snat"),
    (80, "priority=0 actions=drop", "default_drop"),
    (87, "priority=202,tcp,nw_dst=169.254.169.254,tp_dst=80 actions=mod_dl_dst:fa:16:ee:00:00:09,"
     "mod_nw_dst:240.0.0.1,mod_tp_dst:8775,output:2", "to_proxy"),
    (90, "priority=200,arp,arp_tpa=240.0.0.5,arp_op=1 actions=load:0x2->NXM_OF_ARP_OP[],"
     "move:NXM_NX_ARP_SHA[]->NXM_NX_ARP_THA[],move:NXM_OF_ARP_SPA[]->NXM_OF_ARP_TPA[],"
     "load:0xfa163e000001->NXM_NX_ARP_SHA[],load:0xf0000005->NXM_OF_ARP_SPA[],"
     "move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],mod_dl_src:fa:16:3e:00:00:01,IN_PORT", "respond"),
    (91, "priority=202,tcp,in_port=2,dl_vlan=5,nw_dst=240.0.0.5 actions=mod_vlan_vid:1,"
     "mod_dl_dst:fa:16:3e:00:00:01,mod_nw_src:169.254.169.254,mod_nw_dst:10.0.0.5,mod_tp_src:80,"
     "output:1", "dnat"),
    (91, "priority=202,tcp,in_port=2,dl_vlan=5,nw_dst=240.0.0.5 actions=push_vlan:0x8100,"
     "set_field:4097->vlan_vid,set_field:fa:16:3e:00:00:01->eth_dst,"
     "set_field:169.254.169.254->ip_src,set_field:10.0.0.5->ip_dst,set_field:80->tcp_src,output:1",
     "dnat"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "flow", "shape"), METADATA)
def test_the_metadata_path_of_a_physical_bridge(table: int, flow: str, shape: str) -> None:
    assert shape in fitting(f" table={table}, {flow}", "br-phys")


@pytest.mark.parametrize(
    ("flow", "shape"),
    [
        (
            " table=31, priority=10,tcp,reg6=0x1,nw_dst=10.9.0.9 actions="
            "mod_dl_dst:fa:16:3e:00:00:01,learn(table=31,idle_timeout=30,hard_timeout=300,"
            "priority=20,eth_type=0x800,nw_proto=6,NXM_NX_REG6[0..3],"
            "NXM_OF_IP_SRC[]=NXM_OF_IP_DST[],load:NXM_OF_IP_DST[]->NXM_OF_IP_SRC[],"
            "output:NXM_OF_IN_PORT[]),mod_nw_dst:10.0.0.5,resubmit(,60)",
            "dnat_static",
        ),
        (
            " table=31, priority=20,tcp,reg6=0x1/0xf,dl_src=fa:16:3e:00:00:01,"
            "dl_dst=fa:16:3e:00:00:02,nw_src=10.0.0.5,nw_dst=10.0.0.6,tp_src=80,tp_dst=40000 "
            "actions=load:0xa090009->NXM_OF_IP_SRC[],output:7",
            "learned_reply_static",
        ),
        (" table=61, priority=12,dl_dst=fa:16:3e:00:00:01 actions=output:7", "direct_local_old"),
        (" table=72, priority=50,ct_state=+inv+trk actions=drop", "drop_invalid_9"),
        (" table=71, priority=10,ct_state=-trk,reg5=0x3,in_port=3 actions=drop", "deny_rest_8"),
        (
            " table=82, priority=70,ct_state=+new-est,tcp,reg5=0x3,dl_dst=fa:16:3e:00:00:01,"
            "tp_dst=22 actions=ct(commit,zone=NXM_NX_REG6[0..15]),strip_vlan,output:3",
            "sg_rule_new_9",
        ),
        (" table=81, priority=80,reg5=0x3,dl_dst=fa:16:3e:00:00:01 actions=resubmit(,82)",
         "tracked_old"),
    ],
)  # fmt: skip
def test_rarer_shapes(flow: str, shape: str) -> None:
    assert fitting(flow) == [shape]


def test_ruling_out_loses_no_shape() -> None:
    for bridge in ("br-int", "br-tun", "br-phys", "tbr-"):
        for flows in seed().flows.values():
            for flow in flows:
                every = [
                    s.id for s in shapes_of(bridge, flow.table) if s.fit(flow, Names()) is not None
                ]
                likely = [
                    s.id for s in shapes_for(bridge, flow) if s.fit(flow, Names()) is not None
                ]
                assert likely == every


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
    return re.findall(r"\{(\w+)\}", text)


def test_ids_are_unique_in_a_table() -> None:
    for table in tables():
        ids = [shape.id for shape in table.shapes]
        assert len(ids) == len(set(ids)), (table.bridge, table.number)


def test_every_table_of_the_agent_is_there(shared: Path) -> None:
    """What the shared notes on the agent have, we have, under the same constant."""
    text = (shared / "knowledge" / "neutron_ovs_tables.yaml").read_text("utf-8")
    rows = re.findall(
        r"^- bridge: (\S+)\n  table: (\d+)\n  name: .*\n  constant: (\S+)", text, re.M
    )
    assert len(rows) >= 40
    ours = {(table.bridge, table.number) for table in tables()}
    assert [row for row in rows if (row[0], int(row[1])) not in ours] == []


def test_every_table_has_words() -> None:
    for table in tables():
        for language in ("en", "ja"):
            said = Translator(language)
            assert said.text(table.role) and said.text(table.lead)
        assert table.constant and table.source
