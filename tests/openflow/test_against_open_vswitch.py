"""The judges: Open vSwitch's own Python parser, and ovs-ofctl itself."""

import gzip
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ovs_capture.formats.ovs_ofctl_dump_flows import parse
from ovs_capture.openflow import values
from ovs_capture.openflow.actions import parse_actions
from ovs_capture.openflow.flow import Action, Clause, Flow
from ovs_capture.openflow.match import parse_match
from ovs_capture.openflow.text import unwrap
from ovs_capture.source import Source

# Where ovs.flow calls an action by what it does, or by the other version's word.
SAME_ACTION = {
    "pop_vlan": "strip_vlan",
    "CONTROLLER": "controller",
    **dict.fromkeys(["LOCAL", "NORMAL", "IN_PORT", "ALL", "FLOOD", "TABLE"], "output"),
    **dict.fromkeys(["debug_recirc", "debug_slow"], "output"),
}

# What ovs.flow 3.x cannot read (it raises): the form of bridge/dump-flows, flags, flows without
# priority and match, a field without value, GTP-U, a masked set_field of ip_dscp, and bundle.
# And it cuts packet_type=(1,0x800) at the comma.
NOT_READ = (
    "table_id=", "n_offload_", "send_flow_rem", "reset_counts", "no_packet_counts",
    ", actions=", ",actions=", "tun_metadata0 ", "gtpu_", "->ip_dscp", "bundle", "packet_type=(",
)  # fmt: skip


def flows_of(path: Path) -> Iterator[tuple[str, Flow]]:
    """Each flow with its text on one line."""
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
    for record in parse(Source(path.name, text)).records:
        if isinstance(record, Flow):
            line = unwrap(text[record.span.start : record.span.end]).text
            yield line.replace(",idle_age", ", idle_age"), record


def same_value(clause: Clause, theirs: object) -> bool:
    """Compare as the type that ovs.flow chose; it does not mind how a number is written."""
    ours = clause.value if clause.mask is None else f"{clause.value}/{clause.mask}"
    if ours is None:
        return theirs is True
    if isinstance(theirs, int):
        return values.number(ours) == theirs
    if isinstance(theirs, str):
        # ovs.flow keeps quotes, and of tcp_flags=+syn-ack only what is set.
        return values.unquoted(theirs) == ours or clause.key == "tcp_flags"
    their_type: Callable[[str], object] = type(theirs)
    return their_type(ours) == theirs


def compare(paths: list[Path]) -> int:
    """Compare every flow that ovs.flow can read; how many there were."""
    ofp = pytest.importorskip(
        "ovs.flow.ofp", reason="no ovs[flow] in this Python", exc_type=ImportError
    )
    compared = 0
    seen: set[str] = set()
    for path in paths:
        for line, flow in flows_of(path):
            key = line.partition("n_bytes=")[2]
            if key in seen or any(word in line for word in NOT_READ):
                continue
            seen.add(key)
            theirs = ofp.OFPFlow(line)
            compared += 1
            keys = {clause.key for clause in flow.match.clauses}
            assert keys == theirs.match.keys() - {"priority"}, line
            for clause in flow.match.clauses:
                assert same_value(clause, theirs.match[clause.key]), (clause, line)
            if "priority=" in line:
                assert flow.priority == theirs.match["priority"], line
            names = [SAME_ACTION.get(action.name, action.name) for action in flow.actions.items]
            their_names = [
                SAME_ACTION.get(name, name) for action in theirs.actions for name in action
            ]
            assert names == their_names, line
            assert flow.n_packets == theirs.info.get("n_packets"), line
            assert flow.table == theirs.info.get("table", 0), line
    return compared


def test_the_seeds_against_ovs_flow(captures) -> None:
    # 128 flows; the others differ from one of these in nothing that is compared.
    assert compare(sorted(captures.rglob("*dump-flows*.txt"))) >= 117


def test_the_lab_against_ovs_flow(shared) -> None:
    folder = shared / "lab" / "variants"
    paths = [
        path
        for path in sorted(folder.glob("*/*dump_flows*"))
        # Coloured dumps are ours only; the large ones say what the small ones say.
        if "color" not in path.name and "ovn-hv1" not in str(path)
    ]
    paths.append(folder / "ovn-hv1" / "ovs_ofctl_O_OpenFlow15_dump_flows_br_int.txt.gz")
    paths.append(folder / "ovn-hv1" / "ovs_ofctl_names_dump_flows_br_int.txt.gz")
    assert compare(paths) > 2000


# As a person may type them; ovs-ofctl prints them in canonical form.
TYPED = """\
udp,tp_src=67,tp_dst=0x44,nw_src=10.0.0.0/255.0.0.0,actions=normal
tcp6,ipv6_src=FE80:0::1/128,tcp_flags=+syn-ack,actions=local
reg5=3,metadata=5,dl_vlan=0x64,dl_src=FA:16:3E:00:00:01/ff:ff:ff:ff:ff:ff,actions=load:3->NXM_NX_REG5[],mod_vlan_vid:0x64,output:2
ct_state=trk|new,ip,ct_zone=0x5,ct_mark=7,ct_label=2,actions=ct(commit,exec(load:0x1->NXM_NX_CT_MARK[]),zone=0x5,force)
ct_state=-inv+trk+new,ip,actions=enqueue(2,7),resubmit:3
tun_id=239,tun_src=10.0.0.1/32,actions=set_tunnel:239
vlan_tci=0x0/0x1000,actions=pop_vlan,controller:128
icmp6,icmp_type=135,nd_target=FE80:0::1,actions=dec_ttl(1,2)
ip,nw_frag=not_later,nw_tos=184,nw_ecn=1,actions=group:1
in_port=local,actions=in_port
conj_id=7,ip,actions=conjunction(8,1/2)
ipv6,ipv6_label=0x100/0xf00,ipv6_dst=::ffff:10.0.0.1,actions=note:00.01.02.00.00.00
ip,reg0=0,actions=ct(table=5,zone=NXM_NX_REG6[0..15],nat)
ip,actions=ct(commit,nat(src=10.0.0.1-10.0.0.9:80-90,random))
ipv6,actions=ct(commit,nat(dst=[2001:DB8::1]:80))
tcp,tp_dst=0x1f80/0xff80,actions=move:NXM_OF_IP_SRC[]->NXM_NX_REG0[],push:NXM_NX_REG0[0..15]
ip,nw_dst=10.0.0.0/255.0.255.0,actions=clone(output:1,ct_clear)
sctp,tp_src=0x10,actions=check_pkt_larger(1500)->NXM_NX_REG0[0],resubmit(,5),resubmit(1,)
arp,arp_sha=0:0:0:0:0:1,actions=load:0xfa163e->NXM_NX_ARP_SHA[],learn(table=1,NXM_OF_ETH_SRC[])
"""


@pytest.mark.needs("ovs")
def test_canonical_forms_against_ovs_ofctl(tmp_path) -> None:
    typed = TYPED.splitlines()
    file = tmp_path / "flows"
    file.write_text("\n".join(typed) + "\n")
    done = subprocess.run(
        ["ovs-ofctl", "parse-flows", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    printed = [line for line in done.stdout.splitlines() if "FLOW_MOD" in line]
    assert len(printed) == len(typed)
    for ours, theirs in zip(typed, printed, strict=True):
        our_match, _, our_actions = ours.partition(",actions=")
        their_match, _, their_actions = theirs.partition(": ADD ")[2].partition("actions=")
        assert read(our_match, our_actions) == read(their_match.strip(), their_actions), ours
        # What ovs-ofctl prints is canonical: reading changes no value of it.
        for clause in parse_match(their_match.strip())[0].clauses:
            if clause.value is not None and "|" not in clause.text:
                value = clause.value if clause.mask is None else f"{clause.value}/{clause.mask}"
                assert clause.text == f"{clause.key}={value}"


def read(match: str, actions: str) -> tuple[object, object]:
    clauses, match_problems = parse_match(match)
    list_, action_problems = parse_actions(actions)
    assert match_problems == action_problems == ()
    values_by_field = {(c.field, c.value, c.mask) for c in clauses.clauses}
    return values_by_field, [meaning(action) for action in list_.items]


def meaning(action: Action) -> tuple[object, ...]:
    """An action without its text and place, and without the order of its options."""
    return action.name, action.arguments, [meaning(inner) for inner in action.actions]
