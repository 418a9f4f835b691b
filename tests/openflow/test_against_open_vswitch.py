"""The judges: Open vSwitch's own Python parser, and ovs-ofctl itself."""

import gzip
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from ovs_capture.formats.ovs_ofctl_dump_flows import parse
from ovs_capture.openflow.actions import parse_actions
from ovs_capture.openflow.flow import Action, Flow
from ovs_capture.openflow.match import parse_match
from ovs_capture.openflow.text import unwrap
from ovs_capture.source import Source, decode

from . import ovs_flow

_COUNTED = re.compile(
    r"duration=[^,]*, |n_(?:offload_)?(?:packets|bytes)=\d+, |(?:idle|hard)_age=\d+, |cookie=\w+, "
)


def flows_of(path: Path) -> Iterator[tuple[str, Flow]]:
    """Each flow with its text on one line."""
    data = path.read_bytes()
    text = decode(gzip.decompress(data) if path.suffix == ".gz" else data)
    for record in parse(Source(path.name, text)).records:
        if isinstance(record, Flow):
            yield unwrap(text[record.span.start : record.span.end]).text, record


def distinct(paths: list[Path]) -> Iterator[tuple[str, Flow]]:
    """Flows that differ in more than what was counted."""
    seen: set[str] = set()
    for path in paths:
        for line, flow in flows_of(path):
            key = _COUNTED.sub("", line)
            if key not in seen:
                seen.add(key)
                yield line, flow


def compare(paths: list[Path], ofp: ModuleType) -> int:
    """Compare every distinct flow, strictly; how many there were."""
    compared = 0
    for line, flow in distinct(paths):
        theirs = ofp.OFPFlow(ovs_flow.readable(line))
        assert ovs_flow.differences(flow, theirs) == [], line
        compared += 1
    return compared


@pytest.fixture
def ofp() -> ModuleType:
    """The parser of the official package; what it needs more is the extra ``flow``."""
    found: ModuleType = pytest.importorskip(
        "ovs.flow.ofp", reason="no ovs[flow] in this Python", exc_type=ImportError
    )
    return found


def test_the_seeds_against_ovs_flow(captures: Path, ofp: ModuleType) -> None:
    recorded = Path(__file__).parent / "normal.dump"
    assert compare([*sorted(captures.rglob("*dump-flows*.txt")), recorded], ofp) >= 400


@pytest.mark.parametrize(
    ("folder", "at_least"),
    [("captures/*/*", 5000), ("variants/*", 8000), ("oracle/*/state", 4000)],
)
def test_the_lab_against_ovs_flow(
    shared: Path, folder: str, at_least: int, ofp: ModuleType
) -> None:
    paths = [
        path
        for path in sorted((shared / "lab").glob(f"{folder}/*dump_flows*"))
        # Flows of a datapath, and logical flows.
        if not path.name.startswith(("ovs_appctl_dpctl", "ovn_sbctl"))
    ]
    assert compare(paths, ofp) > at_least


def one_flow(line: str) -> Flow:
    (record,) = parse(Source("t", line)).records
    assert isinstance(record, Flow)
    return record


@pytest.mark.parametrize("fault", ovs_flow.FAULTS, ids=lambda fault: fault.why)
def test_a_fault_of_ovs_flow_is_still_one(fault: ovs_flow.Fault, ofp: ModuleType) -> None:
    flow = one_flow(fault.example)
    assert re.search(fault.pattern, fault.example)
    with pytest.raises((AssertionError, ValueError, RuntimeError)):
        # It raises, or says what we do not.
        assert ovs_flow.differences(flow, ofp.OFPFlow(fault.example)) == []
    assert ovs_flow.differences(flow, ofp.OFPFlow(ovs_flow.readable(fault.example))) == []
    for key in fault.lost:
        if key in fault.example:
            assert flow.statistics[key] == re.findall(rf"\b{key}=(\w+)", fault.example)[0]


# What ovs.flow reads otherwise than it is, without a complaint: what it says of the example, and
# what is true by ovs-fields(7) and ovs-actions(7). ``ovs_flow`` allows for each where it compares.
MISREAD = {
    "a subfield that is output stays text": (
        "output:NXM_NX_REG0[0..15]",
        {"output": {"port": "NXM_NX_REG0[0..15]"}},
        ("output", {"field": "reg0", "start": "0", "bits": "16"}),
    ),
    "the target of bundle_load stays text": (
        "bundle_load(eth_src,50,hrw,ofport,NXM_NX_REG0[],members:2)",
        {
            "bundle_load": {
                "fields": "eth_src",
                "basis": 50,
                "algorithm": "hrw",
                "dst": "NXM_NX_REG0[]",
                "members": [2],
            }
        },
        (
            "bundle_load",
            {
                "fields": "eth_src",
                "basis": "50",
                "algorithm": "hrw",
                "field": "reg0",
                "start": "0",
                "bits": "32",
                "members": "2",
            },
        ),
    ),
    "one byte of userdata is a number": (
        "controller(userdata=10)",
        {"controller": {"userdata": 10}},
        ("controller", {"userdata": "10"}),
    ),
    "of several TLVs the last is kept": (
        "encap(nsh(md_type=2,tlv(0x1000,10,0x12),tlv(0x2000,20,0xfe)))",
        {
            "encap": {
                "header": "nsh",
                "props": {"md_type": 2, "tlv": {"class": 0x2000, "type": 20, "value": 0xFE}},
            }
        },
        (
            "encap",
            {"header": "nsh", "md_type": "2", "tlv": "tlv(0x1000,10,0x12),tlv(0x2000,20,0xfe)"},
        ),
    ),
    "arguments of decap are dropped": (
        "decap(packet_type(ns=0,type=0))",
        {"decap": True},
        ("decap", {"ns": "0", "type": "0"}),
    ),
    "an action that it does not know is a port": (
        "debug_slow",
        {"output": {"port": "debug_slow"}},
        ("debug_slow", {}),
    ),
}


@pytest.mark.parametrize("why", MISREAD)
def test_a_misreading_of_ovs_flow_is_still_one(why: str, ofp: ModuleType) -> None:
    printed, says, truth = MISREAD[why]
    line = f" table=0, priority=1 actions={printed}"
    theirs = ofp.OFPFlow(line)
    assert theirs.actions == [says]
    (action,) = one_flow(line).actions.items
    assert (action.name, action.arguments) == truth
    assert ovs_flow.differences(one_flow(line), theirs) == []


def test_flags_stay_text_for_ovs_flow(ofp: ModuleType) -> None:
    theirs = ofp.OFPFlow(" table=0, priority=1,tcp,tcp_flags=syn|ack actions=drop")
    assert theirs.match["tcp_flags"] == "syn|ack"
    ours = one_flow(" table=0, priority=1,tcp,tcp_flags=syn|ack actions=drop").match.clauses[1]
    assert (ours.value or "").startswith("-fin+syn-rst-psh+ack-urg")


@pytest.mark.parametrize(
    ("line", "piece", "other"),
    [
        ("priority=1,ip,nw_src=10.0.0.0/24 actions=drop", ".0/24", ".1/24"),
        ("priority=1,reg0=0x1/0x3 actions=drop", "/0x3", ""),
        ("priority=1 actions=load:0x1->NXM_NX_REG0[]", "[]", "[0..30]"),
        ("priority=1 actions=ct(commit,exec(load:0x1->NXM_NX_CT_MARK[]))", "0x1", "0x2"),
        ("priority=1 actions=ct(nat(src=10.0.0.1:1-2))", "-2", "-3"),
        ("priority=1 actions=learn(table=1,NXM_OF_VLAN_TCI[0..11])", "11", "10"),
        ("priority=1 actions=clone(output:1,output:2)", ",output:2", ""),
        ("table=1, priority=1 actions=drop", "table=1", "table=2"),
        ("priority=1 actions=output:1,output:2", ",output:2", ""),
        ("priority=1,ip actions=drop", ",ip", ",ip,tcp"),
    ],
)
def test_a_difference_is_seen(line: str, piece: str, other: str, ofp: ModuleType) -> None:
    flow = one_flow(f" {line}")
    assert ovs_flow.differences(flow, ofp.OFPFlow(f" {line}")) == []
    assert piece in line
    assert ovs_flow.differences(flow, ofp.OFPFlow(f" {line.replace(piece, other)}")) != []


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
