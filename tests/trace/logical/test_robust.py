"""A logical trace always ends with a verdict, whatever the flows and whatever is missing."""

import random
from itertools import count

import pytest

from ovs_capture.formats import reading
from ovs_capture.source import Source
from ovs_capture.trace.logical.microflow import MicroflowError, packet_text, parse_microflow
from ovs_capture.trace.logical.run import MOST_STEPS, Options
from ovs_capture.trace.logical.state import State, state_of_captures
from ovs_capture.trace.logical.trace import trace

SYNTHETIC = """\
$ ovn-sbctl list Datapath_Binding
_uuid               : 7bb56bb8-5e81-49c3-aca3-b7bc2e0ce9da
external_ids        : {name=one}
tunnel_key          : 1

_uuid               : 7bb56bb8-5e81-49c3-aca3-b7bc2e0ce9db
external_ids        : {name=other}
tunnel_key          : 2

$ ovn-sbctl list Port_Binding
"""
PORT = """\
_uuid               : 7bb56bb8-5e81-49c3-aca3-{number:012}
datapath            : 7bb56bb8-5e81-49c3-aca3-b7bc2e0ce9d{datapath}
logical_port        : {name}
options             : {{{options}}}
port_security       : []
tunnel_key          : {number}
type                : {type}

"""
ACTIONS = (
    "reg0 = 5;", "reg1[3..9] = 7;", "xreg1 = 0x1234567890;", "xxreg1[32..63] = reg0;",
    "eth.dst = 00:00:00:00:00:01;", "eth.src = eth.dst;", "eth.src <-> eth.dst;",
    "reg0[0..15] <-> reg1[16..31];", "ip.ttl--;", "ct_clear;", "flags.loopback = 1;",
    'outport = "a";', 'outport = "b";', "outport = inport;",
    'outport = "nowhere";', 'outport = "none";', "ip4.dst = ip4.src;",
    "ip4.src = 10.0.0.77;", "tcp.dst = 99;", "ip.dscp = 9;", "reg2[0] = check_pkt_larger(1500);",
    "reg0[1] = chk_lb_hairpin();", "reg0[1] = chk_lb_hairpin_reply();",
    "outport = get_fdb(eth.dst);",
    "reg0[2] = lookup_fdb(inport, eth.src);", "get_arp(outport, reg0);",
    "reg0[3] = lookup_arp(inport, ip4.src, eth.src);", "put_arp(inport, ip4.src, eth.src);",
    "reg0[3] = lookup_arp_ip(inport, ip4.src);", "set_queue(3);",
    "log(verdict=allow, severity=info);",
    "ct_commit { ct_mark.blocked = 1; };", "clone { ct_clear; next; };", "clone { output; };",
    "icmp4 { eth.dst <-> eth.src; ip4.dst <-> ip4.src; next; };", "tcp_reset { next; };",
    "reject { next; };", "arp { arp.op = 2; output; };",
    "ct_snat_to_vip;", "reg9 = ;", "frobnicate;", 'inport = "";',
)  # fmt: skip
LAST = (
    "next;", "next;", "next;", "next;", "output;", "output;", "ct_next;", "ct_dnat;", "ct_snat;",
    "ct_dnat(10.0.0.9);", "ct_snat(10.0.0.8);", "ct_lb;", "ct_lb_mark;", "ct_commit_nat;",
    "ct_lb(backends=10.0.0.9:80);", "ct_lb_mark(backends=10.0.0.9:81,10.0.0.10:82);",
    "ct_dnat_in_czone;", "ct_snat_in_czone(10.0.0.8);", "next(pipeline=ingress, table=4);",
    "next; next;", "output; next;", "reg3 = 1; next; reg3 = 2; output;",
)  # fmt: skip
MATCHES = (
    "1", "1", "ip4", "tcp", "ct.trk", "!ct.trk", "ct.est", "!ct.new && ct.est", "ct.new",
    "ct.dnat", "!ct.rpl", "reg0 == 5", "reg0[0..3] == 1", "reg0[1]", "!reg0[1]", "reg1[3..9] > 3",
    'inport == "a"', 'outport == "b"', 'outport == {"a", "c"}', 'outport == "none"', "eth.mcast",
    'is_chassis_resident("a")', '!is_chassis_resident("a")', "ip4.dst == 10.0.0.0/24",
    "ip4.src == {10.0.0.1, 10.0.0.8}", "!(ip4.src == {10.0.0.1, 10.0.0.8})", "tcp.dst == 80",
    "tcp.dst != 80", "!(tcp.dst == 80)", "80 <= tcp.dst <= 90", "ip.ttl == {0, 1}", "ip.ttl == 64",
    "icmp4.type == 3", "arp.op == 2", "arp", "tcp.flags == 4/4", "ip.dscp == 9", "flags.loopback",
    "xreg1 == 0x1234567890", "reg4 == 0", "eth.dst == 00:00:00:00:00:01", "eth.src[40]",
    "ip4.src[8..15] == 1", "ip4 || ip6", "(reg0 == 5 || ip4) && !(reg1 == 0)", "ct_mark == 0",
    "vlan.present", "udp", "ip.frag == 0", "ip.is_frag", "ct_label.blocked == 0",
)  # fmt: skip


def synthetic(seed: int) -> State:
    return state_of_captures(reading.read(Source("made.txt", made(seed))))


def made(seed: int) -> str:
    """Two datapaths with a pair of patch ports, and flows of all that the grammar has."""
    random_ = random.Random(seed)
    numbers = count(1)
    text = SYNTHETIC
    for datapath, name, type_, options in (
        ("a", "a", '""', ""), ("a", "b", '""', ""), ("a", "c", "patch", "peer=d"),
        ("b", "d", "patch", "peer=c"), ("b", "e", "localnet", ""),
    ):  # fmt: skip
        text += PORT.format(
            number=next(numbers), datapath=datapath, name=name, type=type_, options=options
        )
    text += "$ ovn-sbctl lflow-list\n"
    for datapath in "ab":
        for pipeline in ("ingress", "egress"):
            text += (f'Datapath: "{datapath}" (7bb56bb8-5e81-49c3-aca3-b7bc2e0ce9d{datapath})'
                     f"  Pipeline: {pipeline}\n")  # fmt: skip
            for table in range(8):
                for priority in (*random_.sample(range(1, 100), 4), 0):
                    match = "1" if priority == 0 else " && ".join(
                        f"({one})" for one in random_.sample(MATCHES, random_.randrange(1, 3))
                    )  # fmt: skip
                    actions = random_.sample(ACTIONS, random_.randrange(3))
                    last = random_.choice(LAST) if priority else "next;"
                    if table == 7 or (table >= 4 and "table=4" in last):
                        last = 'outport = "c"; output;' if datapath == "a" else "output;"
                    text += (f"  table={table}(stage), priority={priority}, match=({match}), "
                             f"action=({' '.join([*actions, last])})\n")  # fmt: skip
    return text


@pytest.mark.parametrize("seed", range(12))
def test_random_packets_on_random_flows(seed: int) -> None:
    """Random packets on random flows, many of which go round; every other lacks the bindings."""
    random_ = random.Random(seed)
    state = synthetic(seed)
    if seed % 2:
        state = state_of_captures(reading.read(Source("cut.txt", without_bindings(seed))))
    for _ in range(12):
        flow = (
            f'inport == "{random_.choice("abe")}" && eth.dst == 00:00:00:00:00:0b && '
            f"ip4.src == 10.0.0.{random_.randrange(9)} && ip4.dst == 10.0.0.2 && "
            f"ip.ttl == {random_.randrange(3)} && tcp.dst == {random_.randrange(70, 95)}"
        )
        datapath = random_.choice(state.datapaths)
        states = tuple(random_.choices((33, 34, 42, 48), k=random_.randrange(3)))
        found = trace(state, datapath, parse_microflow(flow), Options(states))
        assert found.verdict.kind in ("output", "drop", "loop", "unknown")
        assert len(found.steps) <= MOST_STEPS


def without_bindings(seed: int) -> str:
    return (
        made(seed).partition("$ ovn-sbctl lflow-list\n")[2].join(("$ ovn-sbctl lflow-list\n", ""))
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "syntax"),
        ("ip4", "no-inport"),
        ('inport == "a" && ip4 && ip6', "contradictory"),
        ('inport == "a" && ip.ttl == 64', "ambiguous"),
        ('inport == "a" && ip4 && tcp.src > 1024', "ambiguous"),
        ('inport == "a" && nothing.here == 3', "syntax"),
        ('inport == "a" && ip4.src == $set', "ambiguous"),
        ('inport == "a" || inport == "b"', "ambiguous"),
    ],
)
def test_what_is_no_microflow(text: str, code: str) -> None:
    with pytest.raises(MicroflowError) as refused:
        parse_microflow(text)
    assert refused.value.code == code


def test_a_packet_is_told_as_a_microflow() -> None:
    text = (
        'inport == "a" && eth.src == 00:00:00:00:00:0a && eth.dst == 00:00:00:00:00:0b && '
        "ip4.src == 10.0.0.1 && ip4.dst == 10.0.0.2 && ip.ttl == 64 && tcp.dst == 80"
    )
    packet = parse_microflow(text)
    assert parse_microflow(packet_text(packet)) == packet
