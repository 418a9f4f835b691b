"""The words of fields and actions are complete, and nothing falls back to what is printed."""

from collections.abc import Iterator

import pytest

from ovs_capture import knowledge
from ovs_capture.explain import phrases
from ovs_capture.explain.flows import reading
from ovs_capture.explain.message import Message, Param, Ref, Series
from ovs_capture.explain.names import Names
from ovs_capture.explain.phrases import Telling, joined_halves
from ovs_capture.openflow.actions import all_actions, parse_actions
from ovs_capture.openflow.fields import all_fields, all_protocols
from ovs_capture.translation import Translator

from .dumps import dump

SAY = {language: Translator(language) for language in ("en", "ja")}
# Fields that are called by their own names in every language.
FAMILIES = ("reg", "xreg", "xxreg", "tun_metadata", "nsh_c")
# Told by code of their own, as parts of ct, learn and others.
COMPOSED = {"ct", "apply_actions", "learn_match", "unknown"}


def messages(param: Param) -> Iterator[Message]:
    if isinstance(param, Message):
        yield param
        for inner in param.params.values():
            yield from messages(inner)
    elif isinstance(param, Series):
        for inner in param.items:
            yield from messages(inner)


def test_every_field_has_words() -> None:
    table = knowledge.table("openflow_phrases")
    missing = [
        name
        for name in all_fields()
        if name not in table["words"] and name.rstrip("0123456789") not in FAMILIES
    ]
    assert missing == []


def test_there_are_no_words_for_what_is_no_field() -> None:
    table = knowledge.table("openflow_phrases")
    for section in ("words", "kinds", "meaning", "subfields", "flags"):
        assert table[section].keys() <= all_fields().keys(), section
    assert {name for names in table["numbers"].values() for name in names} <= all_fields().keys()


def test_every_shorthand_has_a_noun() -> None:
    names = {protocol.name for protocol in all_protocols().values()}
    assert [name for name in names if phrases.protocol(name) is None] == []


def test_every_action_has_a_step() -> None:
    table = knowledge.table("openflow_phrases")
    told = table["actions"].keys() | table["assigns"].keys() | COMPOSED
    assert sorted(all_actions().keys() - told) == []


def test_options_are_of_actions() -> None:
    assert knowledge.table("openflow_phrases")["options"].keys() <= all_actions().keys()


def test_every_argument_of_an_action_has_words() -> None:
    """A hole of a form is a hole of a step, or an option with words."""
    table = knowledge.table("openflow_phrases")
    silent = []
    for name, row in all_actions().items():
        if name in COMPOSED | {"learn", "nat"} or name in table["assigns"]:
            continue
        holes = {
            hole["name"]
            for form in (*row.get("forms", ()), *row.get("options", ()))
            for hole in phrases_holes(form)
        } - {"subfield", "members", "from", "nsh", "", "actions"}
        told = {argument for step in table["actions"][name] for argument in step.get("with", ())}
        told |= table["options"].get(name, {}).keys() | {"ports"}
        silent += [f"{name}: {hole}" for hole in holes - told if not hole.startswith("from")]
    assert silent == []


def phrases_holes(form: str) -> list[dict[str, str]]:
    from ovs_capture.openflow.actions import _HOLE

    return [hole.groupdict() for hole in _HOLE.finditer(form)]


def test_a_table_is_a_reference() -> None:
    (flow,) = dump(" actions=resubmit(,71)")
    (step,) = Telling(Names(), 0).steps(flow.actions.items)
    assert step.end() == Message("go on to table %(table)s", {"table": Ref("table", "71")}, "end")


def test_a_registers_value_is_named_only_where_it_is_proven() -> None:
    assert Telling(Names(), 0).value("reg5", "0x3") == Ref("code", "0x3", "3")


@pytest.mark.parametrize(
    ("actions", "values"),
    [
        ("load:0x99->NXM_NX_IPV6_DST[0..63],load:0x20010db800000000->NXM_NX_IPV6_DST[64..127]", 1),
        ("load:0x1->NXM_NX_XXREG0[64..127],load:0x2->NXM_NX_XXREG0[0..63]", 1),
        ("load:0x99->NXM_NX_IPV6_DST[0..63],load:0x1->NXM_NX_IPV6_SRC[64..127]", 2),
        ("load:0x99->NXM_NX_IPV6_DST[0..63]", 1),
        ("load:0x99->NXM_NX_IPV6_DST[0..63],output:1", 2),
        ("load:0x1->NXM_NX_REG0[],load:0x1->NXM_NX_REG1[]", 2),
    ],
)
def test_two_halves_are_one_value(actions: str, values: int) -> None:
    assert len(list(joined_halves(parse_actions(actions)[0].items))) == values


MAN_PAGE = """
output:1
output:NXM_NX_REG1[5..10]
output(port=2,max_len=64)
controller(reason=packet_out,max_len=1234,id=5,userdata=00.00.00.01,meter_id=1,pause)
enqueue:3:7
bundle(eth_src,0,hrw,ofport,members:4,8)
bundle(symmetric_l4,60,active_backup,ofport,members:1,2)
bundle_load(eth_src,0,hrw,ofport,NXM_NX_REG0[],members:4,8)
bundle_load(nw_src,0,active_backup,ofport,NXM_NX_REG0[],members:4,8)
group:5
strip_vlan
push_vlan:0x88a8
mod_vlan_vid:5
mod_vlan_pcp:3
push_mpls:0x8847
pop_mpls:0x0800
set_mpls_label(100)
set_mpls_tc(2)
set_mpls_ttl(33)
dec_mpls_ttl
encap(ethernet)
encap(nsh(md_type=2,tlv(0x1000,10,0x12345678)))
decap
decap(packet_type(ns=0,type=0))
dec_nsh_ttl
set_field:00:11:22:33:44:55->eth_src
set_field:192.168.0.0/255.255.0.0->ip_dst
set_field:0x5/0xd->reg0
load:0x5->NXM_NX_REG0[4..7]
move:NXM_NX_REG0[0..7]->NXM_NX_REG1[8..15]
mod_dl_src:00:11:22:33:44:55
mod_nw_src:192.0.2.1
mod_nw_tos:184
mod_nw_ecn:3
mod_nw_ttl:64
mod_tp_src:80
dec_ttl
dec_ttl(1,2)
check_pkt_larger(1500)->NXM_NX_REG0[0]
delete_field:tun_metadata0
push:NXM_NX_REG2[0..5]
pop:NXM_NX_REG2[0..5]
set_tunnel:0x1234
set_tunnel64:0x123456789a
set_queue:2
pop_queue
fin_timeout(idle_timeout=10)
fin_timeout(hard_timeout=20)
fin_timeout(idle_timeout=10,hard_timeout=20)
resubmit:1
resubmit(1,2)
resubmit(,3)
resubmit(,3,ct)
learn(table=1)
learn(table=1,hard_timeout=60,NXM_OF_VLAN_TCI[0..11],NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[])
learn(table=10,NXM_OF_VLAN_TCI[0..11],load:NXM_OF_IN_PORT[]->NXM_NX_REG0[0..15])
learn(table=2,idle_timeout=10,fin_idle_timeout=1,fin_hard_timeout=2,priority=5,cookie=0x7,limit=5,send_flow_rem,delete_learned,result_dst=NXM_NX_REG0[0],eth_type=0x800,nw_proto=17,load:0x1->NXM_NX_REG1[])
conjunction(5,1/2)
clone(output:1,set_field:10.0.0.1->ip_dst)
write_actions(output:1)
clear_actions
exit
multipath(symmetric_l3l4+udp,1024,hash_threshold,8,0,NXM_NX_REG0[0..7])
note:00.11.22
sample(probability=100,collector_set_id=1,obs_domain_id=2,obs_point_id=3,sampling_port=4,egress)
ct
ct(commit,zone=5,exec(set_field:1->ct_mark))
ct(commit,force,zone=NXM_NX_REG6[0..15],alg=ftp,exec(move:NXM_NX_REG0[]->NXM_NX_CT_MARK[]))
ct(commit,table=3,nat(src=10.0.0.1-10.0.0.9:1024-2048,persistent,hash))
ct(commit,nat(dst=[2001:db8::1]:80,random))
ct(commit,nat(src))
ct(table=4,zone=2,nat),output:3
ct_clear
meter:1
write_metadata:0x10/0xf0
goto_table:5
unroll_xlate
debug_recirc
debug_slow
IN_PORT
NORMAL
FLOOD
ALL
LOCAL
TABLE
NONE
drop
""".strip().splitlines()


@pytest.mark.parametrize("actions", MAN_PAGE)
def test_the_examples_of_the_manual_have_words(actions: str) -> None:
    (flow,) = dump(f" actions={actions}")
    said = reading(flow, Names())
    assert not [m for m in messages(said) if m.msgid == "do %(action)s"]
    for translator in SAY.values():
        text = translator.text(said)
        # Nothing as it is printed: no name=value, no brackets of an argument list.
        assert "=" not in text
        assert "->" not in text
        assert "()" not in text


def test_the_examples_have_every_action() -> None:
    seen = {action.name for line in MAN_PAGE for action in parse_actions(line)[0].items}
    # What only another version of OpenFlow prints, or what stands inside others.
    others = COMPOSED | {"nat", "set_vlan_vid", "set_vlan_pcp", "mod_dl_dst", "mod_nw_dst",
                         "mod_tp_dst"}  # fmt: skip
    assert all_actions().keys() - seen - others == set()


def test_every_opcode_of_ovn_is_named() -> None:
    rows = knowledge.table("openflow_actions")["userdata"]
    assert len(rows) > 20
    for row in rows:
        octets = f"{row['opcode']:08x}"
        userdata = ".".join(octets[i : i + 2] for i in range(0, 8, 2))
        (flow,) = dump(f" actions=controller(userdata={userdata}.00.00.00.00,pause)")
        for translator in SAY.values():
            text = translator.text(reading(flow, Names()))
            assert row["name"] in text and userdata in text


def test_what_follows_a_tracked_copy_is_told_apart() -> None:
    """ct(table=) sends a copy; the actions behind it work on the untracked packet."""
    (forked, alone) = dump(" actions=ct(table=4),output:3", " actions=ct(table=4)")
    assert "send a copy on to table 4" in SAY["en"].text(reading(forked, Names()))
    assert "go on to table 4" in SAY["en"].text(reading(alone, Names()))
