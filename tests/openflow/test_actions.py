"""Action lists: every form of every action, and what cannot be read."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_capture.diagnostic import Code
from ovs_capture.openflow.actions import (
    action_tokens,
    all_actions,
    find_action,
    parse_actions,
    userdata_opcodes,
)
from ovs_capture.openflow.flow import Action


def told(action: Action) -> str:
    """An action as one line: name, arguments, nested actions."""
    words = [action.name, *(f"{key}={value}" for key, value in action.arguments.items())]
    nested = "; ".join(told(inner) for inner in action.actions)
    return " ".join(words) + (f" [{nested}]" if nested else "")


CASES = {
    # output and reserved ports
    "output:2": "output port=2",
    'output:"tap635485ff-6c"': "output port=tap635485ff-6c",
    "output:p2": "output port=p2",
    "output:NXM_NX_REG0[0..15]": "output field=reg0 start=0 bits=16",
    "output:NXM_NX_REG15[]": "output field=reg15 start=0 bits=32",
    "output(port=2,max_len=100)": "output port=2 max_len=100",
    "2": "output port=2",
    '"tap 1"': "output port=tap 1",
    "output:LOCAL": "LOCAL",
    "NORMAL": "NORMAL",
    "normal": "NORMAL",
    "IN_PORT": "IN_PORT",
    "FLOOD": "FLOOD",
    "ALL": "ALL",
    "LOCAL": "LOCAL",
    "TABLE": "TABLE",
    "drop": "drop",
    "CONTROLLER:65535": "controller max_len=65535",
    "controller(reason=no_match,max_len=128,id=3)": "controller reason=no_match max_len=128 id=3",
    "controller(userdata=00.00.00.01.AB)": "controller userdata=00.00.00.01.ab",
    "controller(reason=)": "controller reason=",
    "controller(reason=invalid_ttl,userdata=ab.cd,pause)": (
        "controller reason=invalid_ttl userdata=ab.cd pause=true"
    ),
    "controller(id=1,userdata=01,meter_id=1)": "controller id=1 userdata=01 meter_id=1",
    "enqueue:2:7": "enqueue port=2 queue=7",
    "enqueue:p2:7": "enqueue port=p2 queue=7",
    "enqueue(2,7)": "enqueue port=2 queue=7",
    "bundle(eth_src,50,hrw,ofport,members:2,3,4)": (
        "bundle fields=eth_src basis=50 algorithm=hrw members=2,3,4"
    ),
    'bundle(eth_src,0,active_backup,ofport,slaves:"ovn-d3f3f3-0","ovn-f10c10-0")': (
        "bundle fields=eth_src basis=0 algorithm=active_backup members=ovn-d3f3f3-0,ovn-f10c10-0"
    ),
    "bundle(symmetric_l3l4+udp,0,active_backup,ofport,members:)": (
        "bundle fields=symmetric_l3l4+udp basis=0 algorithm=active_backup members="
    ),
    "bundle_load(eth_src,50,hrw,ofport,NXM_NX_REG0[0..15],members:2,3)": (
        "bundle_load fields=eth_src basis=50 algorithm=hrw field=reg0 start=0 bits=16 members=2,3"
    ),
    "group:1": "group group=1",
    # VLAN and MPLS
    "strip_vlan": "strip_vlan",
    "pop_vlan": "strip_vlan",
    "push_vlan:0x8100": "push_vlan ethertype=0x8100",
    "mod_vlan_vid:1": "mod_vlan_vid vlan=1",
    "set_vlan_vid:100": "set_vlan_vid vlan=100",
    "mod_vlan_pcp:3": "mod_vlan_pcp pcp=3",
    "set_vlan_pcp:3": "set_vlan_pcp pcp=3",
    "push_mpls:0x8847": "push_mpls ethertype=0x8847",
    "pop_mpls:0x0800": "pop_mpls ethertype=0x0800",
    "set_mpls_label(100)": "set_mpls_label label=100",
    "set_mpls_label:100": "set_mpls_label label=100",
    "set_mpls_tc(1)": "set_mpls_tc tc=1",
    "set_mpls_ttl(33)": "set_mpls_ttl ttl=33",
    "dec_mpls_ttl": "dec_mpls_ttl",
    # encapsulation
    "encap(ethernet)": "encap header=ethernet",
    "encap(mpls)": "encap header=mpls",
    "encap(nsh(md_type=1))": "encap header=nsh md_type=1",
    "encap(nsh(md_type=2,tlv(0x1000,10,0x12345678),tlv(0x2000,20,0xfedcba9876543210)))": (
        "encap header=nsh md_type=2 "
        "tlv=tlv(0x1000,10,0x12345678),tlv(0x2000,20,0xfedcba9876543210)"
    ),
    "decap()": "decap",
    "decap": "decap",
    "decap(packet_type(ns=0,type=0))": "decap ns=0 type=0",
    "dec_nsh_ttl": "dec_nsh_ttl",
    # fields
    "set_field:4196->vlan_vid": "set_field value=4196 field=vlan_vid",
    "set_field:FA:16:3e:00:00:01->eth_src": "set_field value=fa:16:3e:00:00:01 field=eth_src",
    "set_field:10.9.9.9->ip_dst": "set_field value=10.9.9.9 field=ip_dst",
    "set_field:0x12/0xff->tun_metadata0": "set_field value=0x12 field=tun_metadata0 mask=0xff",
    "set_field:16/0x3f->ip_dscp": "set_field value=16 field=ip_dscp",
    "set_field:p2->in_port": "set_field value=p2 field=in_port",
    "load:0x3->NXM_NX_REG5[]": "load value=0x3 field=reg5 start=0 bits=32",
    "load:0->NXM_NX_REG10[6]": "load value=0 field=reg10 start=6 bits=1",
    "load:0x5->NXM_NX_TUN_ID[0..23]": "load value=0x5 field=tun_id start=0 bits=24",
    "load:0x1->NXM_NX_TUN_METADATA0[]": "load value=0x1 field=tun_metadata0 start=0 bits=",
    "move:NXM_NX_REG0[0..14]->NXM_NX_TUN_METADATA0[16..30]": (
        "move from_field=reg0 from_start=0 field=tun_metadata0 start=16 bits=15"
    ),
    "mod_dl_src:fa:16:3e:00:00:01": "mod_dl_src mac=fa:16:3e:00:00:01",
    "mod_dl_dst:00:00:00:00:00:99": "mod_dl_dst mac=00:00:00:00:00:99",
    "mod_nw_src:10.9.9.8": "mod_nw_src ip=10.9.9.8",
    "mod_nw_dst:10.9.9.9": "mod_nw_dst ip=10.9.9.9",
    "mod_nw_tos:184": "mod_nw_tos tos=184",
    "mod_nw_ecn:2": "mod_nw_ecn ecn=2",
    "mod_nw_ttl:33": "mod_nw_ttl ttl=33",
    "mod_tp_src:1111": "mod_tp_src port=1111",
    "mod_tp_dst:2222": "mod_tp_dst port=2222",
    "dec_ttl": "dec_ttl",
    "dec_ttl()": "dec_ttl ids=",
    "dec_ttl(1,2)": "dec_ttl ids=1,2",
    "check_pkt_larger(1500)->NXM_NX_REG0[0]": (
        "check_pkt_larger length=1500 field=reg0 start=0 bits=1"
    ),
    "delete_field:tun_metadata0": "delete_field field=tun_metadata0",
    "push:NXM_NX_XXREG0[96..127]": "push field=xxreg0 start=96 bits=32",
    "pop:NXM_OF_IN_PORT[]": "pop field=in_port start=0 bits=16",
    "set_tunnel:0xef": "set_tunnel id=0xef",
    "set_tunnel64:0x100000000ef": "set_tunnel id=0x100000000ef",
    "set_queue:7": "set_queue queue=7",
    "pop_queue": "pop_queue",
    # flow of the pipeline
    "fin_timeout(idle_timeout=10,hard_timeout=15)": "fin_timeout idle_timeout=10 hard_timeout=15",
    "resubmit(,58)": "resubmit port= table=58",
    "resubmit(3,5)": "resubmit port=3 table=5",
    "resubmit(3,)": "resubmit port=3 table=",
    'resubmit("tap1",acl)': "resubmit port=tap1 table=acl",
    "resubmit(,5,ct)": "resubmit port= table=5 ct=true",
    "resubmit:3": "resubmit port=3 table=",
    "goto_table:9": "goto_table table=9",
    "conjunction(7,1/2)": "conjunction id=7 k=1 n=2",
    "clone(mod_nw_dst:10.9.9.9,output:2)": "clone [mod_nw_dst ip=10.9.9.9; output port=2]",
    "clone(ct_clear,clone(drop))": "clone [ct_clear; clone [drop]]",
    "write_actions(output:2)": "write_actions [output port=2]",
    "clear_actions": "clear_actions",
    "exit": "exit",
    "meter:1": "meter meter=1",
    "write_metadata:0x12": "write_metadata value=0x12",
    "write_metadata:0x10/0xf0": "write_metadata value=0x10 mask=0xf0",
    "multipath(symmetric_l4,1024,hrw,4,0,NXM_NX_REG0[0..15])": (
        "multipath fields=symmetric_l4 basis=1024 algorithm=hrw n_links=4 arg=0 "
        "field=reg0 start=0 bits=16"
    ),
    "note:00.11.22.33.44.55": "note hex=00.11.22.33.44.55",
    "sample(probability=65535,collector_set_id=0,obs_domain_id=0,obs_point_id=0)": (
        "sample probability=65535 collector_set_id=0 obs_domain_id=0 obs_point_id=0"
    ),
    "sample(probability=1,collector_set_id=2,obs_domain_id=3,obs_point_id=4,"
    "sampling_port=p2,egress)": (
        "sample probability=1 collector_set_id=2 obs_domain_id=3 obs_point_id=4 "
        "sampling_port=p2 egress=true"
    ),
    "unroll_xlate": "unroll_xlate",
    "debug_recirc": "debug_recirc",
    "debug_slow": "debug_slow",
    # connection tracking
    "ct_clear": "ct_clear",
    "ct(commit)": "ct commit=true",
    "ct(table=13)": "ct table=13",
    "ct(commit,force,zone=5)": "ct commit=true force=true zone=5",
    "ct(commit,zone=5,alg=ftp)": "ct commit=true zone=5 alg=ftp",
    "ct(table=82,zone=NXM_NX_REG6[0..15])": "ct table=82 zone_field=reg6 zone_start=0 zone_bits=16",
    "ct(commit,zone=NXM_NX_REG6[0..15],exec(load:0x1->NXM_NX_CT_MARK[]))": (
        "ct commit=true zone_field=reg6 zone_start=0 zone_bits=16 "
        "[load value=0x1 field=ct_mark start=0 bits=32]"
    ),
    "ct(table=13,zone=5,nat)": "ct table=13 zone=5 [nat]",
    "ct(commit,table=13,zone=5,nat(src=10.8.8.8))": (
        "ct commit=true table=13 zone=5 [nat type=src address=10.8.8.8]"
    ),
    "ct(commit,nat(src))": "ct commit=true [nat type=src]",
    "ct(commit,zone=5,nat(src=10.8.8.1-10.8.8.9:1024-65535,random))": (
        "ct commit=true zone=5 "
        "[nat type=src address=10.8.8.1-10.8.8.9 port=1024-65535 random=true]"
    ),
    "ct(commit,nat(dst=10.7.7.7:80,persistent,hash))": (
        "ct commit=true [nat type=dst address=10.7.7.7 port=80 persistent=true hash=true]"
    ),
    "ct(commit,nat(dst=[2001:db8::77]:80))": (
        "ct commit=true [nat type=dst address=2001:db8::77 port=80]"
    ),
    "ct(commit,nat(src=2001:DB8::77-2001:db8::99))": (
        "ct commit=true [nat type=src address=2001:db8::77-2001:db8::99]"
    ),
    # learning
    "learn(table=20,hard_timeout=300,priority=1,cookie=0x7,NXM_OF_VLAN_TCI[0..11],"
    "NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],load:0->NXM_OF_VLAN_TCI[],"
    "load:NXM_NX_TUN_ID[]->NXM_NX_TUN_ID[],output:OXM_OF_IN_PORT[])": (
        "learn table=20 hard_timeout=300 priority=1 cookie=0x7 ["
        "learn_match field=vlan_tci start=0 bits=12; "
        "learn_match field=eth_dst start=0 bits=48 from_field=eth_src from_start=0; "
        "load value=0 field=vlan_tci start=0 bits=16; "
        "load from_field=tun_id from_start=0 field=tun_id start=0 bits=64; "
        "output field=in_port_oxm start=0 bits=32]"
    ),
    "learn(table=21,idle_timeout=10,fin_idle_timeout=1,fin_hard_timeout=2,send_flow_rem,"
    "delete_learned,limit=5,result_dst=NXM_NX_REG0[0],eth_type=0x800,in_port=p2,"
    "eth_dst=01:02:03:04:05:06)": (
        "learn table=21 idle_timeout=10 fin_idle_timeout=1 fin_hard_timeout=2 send_flow_rem=true "
        "delete_learned=true limit=5 result_dst_field=reg0 result_dst_start=0 result_dst_bits=1 ["
        "learn_match field=eth_type value=0x0800; learn_match field=in_port value=p2; "
        "learn_match field=eth_dst value=01:02:03:04:05:06]"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_action(text) -> None:
    actions, problems = parse_actions(text)
    assert problems == ()
    assert "; ".join(told(action) for action in actions.items) == CASES[text]
    places_are_true(actions.items, text)


def test_every_action_of_the_table_has_a_case() -> None:
    def names(actions: tuple[Action, ...]) -> Iterator[str]:
        for action in actions:
            yield action.name
            yield from names(action.actions)

    read = {name for text in CASES for name in names(parse_actions(text)[0].items)}
    # "NONE" is never printed by a switch, "apply_actions" is only typed.
    assert all_actions().keys() - read == {"NONE", "apply_actions"}


def test_other_spellings_are_found() -> None:
    assert find_action("pop_vlan") == "strip_vlan"
    assert find_action("CONTROLLER") == "controller"
    assert find_action("ct_clearr") is None


def test_userdata_of_ovn() -> None:
    (put_arp,) = userdata_opcodes("00.00.00.01.00.00.00.00")
    assert put_arp.name == "PUT_ARP"
    assert put_arp.versions == ("2.6.0", "main")
    # The number 10 was another opcode for a while.
    names = [opcode.name for opcode in userdata_opcodes("00.00.00.0a")]
    assert names == ["ND_NA_ROUTER", "ICMP"]
    assert userdata_opcodes("ab.cd") == userdata_opcodes("ff.ff.ff.ff") == ()


def test_a_list_in_order_with_true_places() -> None:
    text = 'ct(commit,zone=NXM_NX_REG6[0..15]),output:"tap1",resubmit(,92)'
    actions, problems = parse_actions(text)
    assert problems == ()
    assert [(a.name, a.start) for a in actions.items] == [
        ("ct", 0),
        ("output", 35),
        ("resubmit", 49),
    ]
    places_are_true(actions.items, text)


def places_are_true(actions, text) -> None:
    for action in actions:
        assert text[action.start : action.start + len(action.text)] == action.text
        places_are_true(action.actions, text)


@pytest.mark.parametrize(
    ("text", "code", "place", "args"),
    [
        ("drop,ct_clearr", Code.UNKNOWN_ACTION, "ct_clearr", {"action": "ct_clearr"}),
        ("clone(output:1,fly)", Code.UNKNOWN_ACTION, "fly", {"action": "fly"}),
        ("ct(commit,exec(drop,fly))", Code.UNKNOWN_ACTION, "fly", {"action": "fly"}),
        ("nat(src=10.0.0.1)", Code.UNKNOWN_ACTION, "nat", {"action": "nat"}),
        ("???", Code.UNKNOWN_ACTION, "???", {"action": "???"}),
        ("load:0x1->NXM_NX_REG77[]", Code.UNKNOWN_FIELD, "NXM_NX_REG77", {"field": "NXM_NX_REG77"}),
        ("set_field:1->colour", Code.UNKNOWN_FIELD, "colour", {"field": "colour"}),
        ("move:NXM_NX_REG0[]->NXM_NX_REG1[30..32]", Code.BAD_VALUE, "NXM_NX_REG1[30..32]",
         {"field": "move", "value": "NXM_NX_REG1[30..32]"}),
        ("load:0x100000000->NXM_NX_REG0[]", Code.BAD_VALUE, "0x100000000",
         {"field": "load", "value": "0x100000000"}),
        ("set_field:10.0.0.300->ip_dst", Code.BAD_VALUE, "10.0.0.300",
         {"field": "set_field", "value": "10.0.0.300"}),
        ("mod_vlan_vid:one", Code.BAD_VALUE, ":one", {"field": "mod_vlan_vid", "value": ":one"}),
        ("ct(commit,colour=red,zone=1)", Code.BAD_VALUE, "colour=red",
         {"field": "ct", "value": "colour=red"}),
        ("drop,learn(table=1,what=2)", Code.UNKNOWN_FIELD, "what", {"field": "what"}),
        ("output:1,ct(commit,exec(load:0x1->NXM", Code.TRUNCATED, "ct(commit,exec(load:0x1->NXM",
         {"what": "ct"}),
    ],
)  # fmt: skip
def test_a_problem_is_at_its_place(text, code, place, args) -> None:
    actions, problems = parse_actions(text)
    assert len(problems) == 1
    problem = problems[0]
    assert (problem.code, problem.args) == (code, args)
    assert text[problem.start : problem.end] == place
    places_are_true(actions.items, text)


def test_more_nesting_than_any_switch_prints_is_one_problem() -> None:
    text = "clone(" * 3000 + "drop" + ")" * 3000
    actions, problems = parse_actions(text)
    assert [action.text for action in actions.items] == [text]
    assert [problem.code for problem in problems] == [Code.BAD_VALUE]
    nested = "clone(" * 20 + "drop" + ")" * 20
    assert parse_actions(nested)[1] == ()


def test_what_is_wrong_costs_only_itself() -> None:
    actions, problems = parse_actions("ct(commit,colour=red,zone=1),fly,output:1")
    assert [told(action) for action in actions.items] == [
        "ct commit=true zone=1", "unknown", "output port=1",
    ]  # fmt: skip
    assert len(problems) == 2


def test_a_wrapped_list_keeps_its_line_breaks() -> None:
    text = "load:0x2->NXM_NX_REG5[],load:0x5->OXM_OF_METADATA[],\n        resubmit(,\n  16)"
    actions, problems = parse_actions(text)
    assert problems == ()
    assert actions.text == text
    assert [told(action) for action in actions.items] == [
        "load value=0x2 field=reg5 start=0 bits=32",
        "load value=0x5 field=metadata start=0 bits=64",
        "resubmit port= table=16",
    ]
    places_are_true(actions.items, text)
    assert actions.items[2].text == "resubmit(,\n  16)"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("drop", ["drop drop"]),
        ('output:"tap1",resubmit(,71)', ["name output", "port tap1", "name resubmit", "table 71"]),
        ("output:9,LOCAL", ["name output", "name LOCAL"]),
        ("mod_vlan_vid:100", ["name mod_vlan_vid", "vlan 100"]),
        ("set_field:4196->vlan_vid", ["name set_field", "vlan 100", "name vlan_vid"]),
        ("load:0x64->NXM_OF_VLAN_TCI[0..11]", ["name load", "vlan 100", "name vlan_tci"]),
        ("set_tunnel:0xef", ["name set_tunnel", "vlan 239"]),
        ("load:0xef->NXM_NX_TUN_ID[]", ["name load", "vlan 239", "name tun_id"]),
        ("load:0x3->NXM_NX_REG5[]", ["name load", "register reg5"]),
        (
            "load:0xfa163e828b0e->NXM_NX_ARP_SHA[]",
            ["name load", "mac fa:16:3e:82:8b:0e", "name arp_sha"],
        ),
        ("load:0xc0a80102->NXM_OF_ARP_SPA[]", ["name load", "address 192.168.1.2", "name arp_spa"]),
        ("load:0x99->NXM_OF_ETH_DST[0..7]", ["name load", "name eth_dst"]),
        (
            "ct(commit,table=82,zone=NXM_NX_REG6[0..15],nat(src=10.0.0.1-10.0.0.9:80),"
            "exec(load:0x1->NXM_NX_CT_MARK[]))",
            ["name ct", "table 82", "register reg6", "name nat", "address 10.0.0.1",
             "address 10.0.0.9", "name load", "register ct_mark"],
        ),
        ("bundle(eth_src,0,hrw,ofport,members:\"a\",2)", ["name bundle", "port a"]),
        ('resubmit("tap1","acl in")', ["name resubmit", "port tap1", "table acl in"]),
    ],
)  # fmt: skip
def test_tokens(text, tokens) -> None:
    found = action_tokens(text)
    assert [f"{t.role} {t.value}" for t in found] == tokens
    tokens_are_disjoint(found, text)


def tokens_are_disjoint(tokens, text) -> None:
    position = 0
    for token in tokens:
        assert position <= token.start < token.end <= len(text)
        position = token.end


@pytest.mark.parametrize("text", CASES)
def test_every_prefix_is_read(text) -> None:
    for end in range(len(text)):
        prefix = text[:end]
        actions, problems = parse_actions(prefix)
        assert actions.text == prefix
        places_are_true(actions.items, prefix)
        tokens_are_disjoint(action_tokens(prefix), prefix)
        for problem in problems:
            assert 0 <= problem.start <= problem.end <= end


PIECES = st.sampled_from(
    [
        "output:", "ct(", "commit", "table=", "exec(", "clone(", "learn(", "nat(", "src=", "->",
        ")", ")", ",", ",", "(", '"', '"tap1"', "0x3", "9", "10.0.0.1", "2001:db8::1",
        "NXM_NX_REG6", "[0..15]", "[]", "load:", "move:", "set_field:", "drop", "resubmit(",
        "\n    ", " ", "=", ":", "/", "\x1b[m", "members:", "tlv(", "-", "\udc80", "[", "]",
        "99999999999999999999", "NXM_OF_ETH_DST[9..3]", "->NXM_NX_REG0[9..3]", "\u00b2",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=30))
@settings(deadline=None)
def test_any_text_is_read_and_nothing_is_lost(text) -> None:
    actions, problems = parse_actions(text)
    assert actions.text == text
    places_are_true(actions.items, text)
    tokens_are_disjoint(action_tokens(text), text)
    position = 0
    for action in actions.items:
        # Between two actions stand commas, blanks and what a terminal adds.
        between = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text[position : action.start])
        assert between.replace(",", "").strip() == ""
        position = action.start + len(action.text)
    for problem in problems:
        assert 0 <= problem.start <= problem.end <= len(text)
