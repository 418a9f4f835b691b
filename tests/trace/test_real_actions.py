"""Actions in combinations that no capture has, beside a real switch."""

import re
from pathlib import Path

import pytest

from ovs_capture.trace.openflow import trace
from ovs_capture.trace.packet_text import parse_packet
from tests.openflow.switch import BRIDGE
from tests.openflow.switch import Switch as RealSwitch
from tests.openflow.switch import switch as start

from .comparing import switch_in
from .test_real_switch import _compare, _control

# With the match that each needs to be accepted.
ACTIONS = (
    ("", "clone(exit),output:2"),
    ("", "clone(output:2,exit,output:3),output:4"),
    ("", "resubmit(,9),output:2"),
    ("", "push_vlan:0x8100,push_vlan:0x88a8,output:2"),
    ("vlan_tci=0x1000/0x1000,", "set_field:4197->vlan_vid,output:2"),
    ("vlan_tci=0x1000/0x1000,", "strip_vlan,output:2"),
    ("ip,", "push_mpls:0x8847,push_mpls:0x8847,output:2"),
    ("ip,", "push_mpls:0x8847,pop_mpls:0x0800,resubmit(,8)"),
    ("ip,", "clone(ct(commit,zone=3),output:2),output:3"),
    ("ip,", "ct(commit,zone=4),resubmit(,8)"),
    ("ip,", "ct(table=8,zone=4),output:3"),
    ("", "group:1,output:3"),
    ("ip,", "dec_ttl,output:2,in_port"),
    ("", "output:1,in_port"),
    ("ip,", "write_actions(set_field:1.2.3.4->ip_dst,output:2),goto_table:8"),
    ("", "check_pkt_larger(100)->NXM_NX_REG0[0],output:2,resubmit(,8)"),
    ("", "set_queue:3,output:2,pop_queue,output:3"),
    ("", "clone(set_field:7->metadata,resubmit(,8)),output:3"),
    ("", "push:NXM_NX_REG1[],pop:NXM_NX_REG2[],pop:NXM_NX_REG3[],output:2"),
    ("ip,", "set_field:1.1.1.1->ip_src,ct(table=8,nat),output:2"),
    ("ip,", "set_field:1->ip_dscp,output:2,set_field:0->ip_dscp,output:3"),
    ("", "flood"),
    ("", "all"),
    ("", "meter:1,output:2"),
    ("", "output(port=1,max_len=100),output(port=2,max_len=200)"),
    ("", "output(port=in_port,max_len=100),output:3"),
    ("", "output:2,check_pkt_larger(1000)->NXM_NX_REG1[0]"),
    # A conjunction whose dimensions have one priority, and one where they have two.
    ("", "resubmit(,20)"),
    ("", "resubmit(,21)"),
)
OTHER_FLOWS = [
    "table=8,priority=1,actions=set_field:0x9->reg5,output:4",
    "table=8,priority=5,tcp,tp_dst=80,actions=output:3,exit",
    "table=20,priority=100,conj_id=1,ip,actions=output:2",
    "table=20,priority=90,tcp,nw_src=10.0.0.1,actions=conjunction(1,1/2)",
    "table=20,priority=90,tcp,tp_dst=80,actions=conjunction(1,2/2)",
    "table=20,priority=85,ip,actions=output:3",
    "table=21,priority=90,tcp,nw_src=10.0.0.1,actions=conjunction(1,1/2)",
    "table=21,priority=80,tcp,tp_dst=80,actions=conjunction(1,2/2)",
    "table=21,priority=5,conj_id=1,ip,actions=output:2",
    "table=21,priority=1,ip,actions=output:3",
]
PACKETS = (
    "tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_tos=8,nw_ttl=64,tcp_src=1000,tcp_dst=80",
    "dl_vlan=5,dl_vlan_pcp=1,udp,nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_ttl=1,udp_src=5,udp_dst=6",
    "icmp6,ipv6_src=fe80::5,ipv6_dst=ff02::1,nw_ttl=255,icmpv6_type=135,nd_target=fe80::9",
    "mpls,mpls_label=5,mpls_bos=1,mpls_ttl=9",
    "tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_ttl=64,ip_frag=first,tcp_src=1000,tcp_dst=80",
)


def _capture(real: RealSwitch, directory: Path) -> None:
    database = f"--db=unix:{real.directory}/db.sock"
    openflow = ("ovs-ofctl", "-O", "OpenFlow15")
    for shown, words in (
        ("ovs-vsctl show", ("ovs-vsctl", database, "show")),
        ("", (*openflow, "--names", "--no-stats", "dump-flows", BRIDGE)),
        ("", (*openflow, "dump-ports-desc", BRIDGE)),
        ("", (*openflow, "dump-groups", BRIDGE)),
    ):
        command = shown or " ".join(words)
        name = re.sub(r"\W+", "_", command) + ".txt"
        (directory / name).write_text(f"$ {command}\n{real.run(*words)}")


@pytest.mark.needs("ovs")
def test_actions(tmp_path: Path) -> None:
    host = tmp_path / "host"
    host.mkdir()
    (tmp_path / "ovs").mkdir()
    flows = [
        f"table=0,priority=10,{match}dl_src=02:00:00:00:00:{number:02x},actions={actions}"
        for number, (match, actions) in enumerate(ACTIONS)
    ]
    wrong = []
    with start(tmp_path / "ovs") as real:
        real.load(flows + OTHER_FLOWS)
        _capture(real, host)
        ours = switch_in(host)
        bridge = ours.bridges[BRIDGE]
        for number, (_, actions) in enumerate(ACTIONS):
            for packet in PACKETS:
                ends = f"dl_src=02:00:00:00:00:{number:02x},dl_dst=02:00:00:00:0a:aa"
                text = f"in_port=p1,{ends},{packet}"
                control = _control(real)
                said = real.run(
                    "ovs-appctl", "-t", control, "ofproto/trace", BRIDGE, text, "--names"
                )
                found = trace(ours, bridge, parse_packet(text, bridge.numbers))
                if what := _compare(said, found):
                    wrong.append(f"{actions} {packet}: {what}")
    assert wrong == []
