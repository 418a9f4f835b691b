"""Made flows beside the real ovn-trace: what no OVN of the lab has in its tables."""

import random
from collections.abc import Iterator, Sequence

import pytest

from ovs_capture.formats import reading
from ovs_capture.source import Source
from ovs_capture.trace.logical.state import State, state_of_captures

from . import test_robust
from .comparing import agrees, options_of, traces
from .real_southbound import RealSouthbound, real_southbound
from .test_real_ovn_trace import number

pytestmark = pytest.mark.needs("ovn")

# ovn-trace leaves out flows whose actions it cannot read. It swaps two parts of one register of
# 128 bits by giving both the second value, which the switch that runs the actions does not.
LEFT_OUT = ("reg9 = ;", "frobnicate;", 'inport = "";', "reg0[0..15] <-> reg1[16..31];")


@pytest.mark.parametrize("seed", (0, 2, 3, 5, 8, 13))
def test_random_flows(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    actions = tuple(one for one in test_robust.ACTIONS if one not in LEFT_OUT)
    monkeypatch.setattr(test_robust, "ACTIONS", actions)
    state = test_robust.synthetic(seed)
    random_ = random.Random(seed)
    with real_southbound(state) as real:
        for _ in range(10):
            port = random_.choice("abe")
            flow = (
                f'inport == "{port}" && eth.src == 00:00:00:00:00:0a && '
                f"eth.dst == 00:00:00:00:00:0b && ip4.src == 10.0.0.{random_.randrange(9)} && "
                f"ip4.dst == 10.0.0.2 && ip.ttl == {random_.randrange(3)} && tcp.src == 40000 && "
                f"tcp.dst == {random_.randrange(70, 95)}"
            )
            states = random_.choices(("new", "est", "est,rpl", "inv"), k=random_.randrange(3))
            options = [f"--ct={one}" for one in states]
            datapath = state.ports[port].datapath
            told = real.trace(datapath, flow, options)
            assert told.flows, told.text
            assert any(
                agrees(found, told.flows, number(real))
                for found in traces(state, datapath, flow, options_of(options))
            ), (flow, options, told.text)


def one_switch(flows: Sequence[str]) -> State:
    """A switch with two ports, and the flows of its ingress pipeline as printed."""
    text = test_robust.SYNTHETIC
    for count, name in enumerate("ab", 1):
        text += test_robust.PORT.format(
            number=count, datapath="a", name=name, type='""', options=""
        )
    text += (
        '$ ovn-sbctl lflow-list\nDatapath: "a" (7bb56bb8-5e81-49c3-aca3-b7bc2e0ce9da)'
        "  Pipeline: ingress\n"
    )
    return state_of_captures(
        reading.read(Source("made.txt", text + "".join(f"  {flow}\n" for flow in flows)))
    )


def matched(state: State, real: RealSouthbound, microflow: str) -> tuple[set[int], set[int]]:
    """Numbers of the flows that ovn-trace took and that ours takes, but for those that it hides."""
    datapath = state.datapaths[0].uuid
    told = real.trace(datapath, microflow)
    assert told.flows, told.text
    found = next(traces(state, datapath, microflow, options_of(())))
    ours = {number(real)(step.flow) for step in found.steps if step.flow and not step.is_default}
    return {one for one in told.flows if one is not None}, {n for n in ours if n is not None}


MATCHES = (
    "!ip4", "!tcp", "!(ip4 && tcp)", "!arp", "!icmp", "!nd", "!nd_ns", "!sctp", "igmp",
    "vlan.present", "!vlan.present", "vlan.vid == 0", "vlan.vid != 5", "ip.first_frag",
    "!ip.later_frag", "ip.frag == 0", "eth.type != {0x800, 0x86dd}", "ip.proto != 6",
    "tcp.dst != {80, 81}", "!(tcp.dst == {80, 81})", "1 < tcp.dst < 100", "tcp.flags != 2",
    "ip4.src != {10.0.0.1, 10.0.0.2}", "!(ip4.src == 10.0.0.1 && tcp.dst == 80)",
    "ip4.src != 10.0.0.0/24", "ip4.dst == 10.0.0.2/255.255.0.255", "ip6.src != ::1",
    "!(ip.ttl > 1)", "ip.ttl == {0, 1}", "!eth.mcast", "eth.bcast", "ip4.mcast", "!ip4.mcast",
    "reg0", "!reg0[0]", "reg0[4..7] < 3", "xxreg0[0..31] == 0", 'inport != {"a", "b"}',
    'outport != "a"', "!outport", "!ct.trk", "!ct.new", "ct_state != 0", "!(arp.op == 1)",
    "arp.op != 1", "eth.src[40]", "udp.dst == 53 || tcp.dst == 53", "ip && (tcp || udp)",
    "(udp || tcp) && !(ip4.dst == 10.0.0.2)", "icmp4.type != 3", "rarp", "!ct_mark[0]",
)  # fmt: skip
PACKETS = (
    "ip4.src == 10.0.0.1 && ip4.dst == 10.0.0.2 && ip.ttl == 64 && tcp.src == 1 && tcp.dst == 80",
    "ip4.src == 10.0.0.9 && ip4.dst == 224.0.0.2 && ip.ttl == 1 && udp.src == 1 && udp.dst == 53",
    "ip6 && icmp6.type == 135", "ip6 && tcp.dst == 80", "arp.op == 1", "eth.type == 0x88cc",
    "ip4 && icmp4.type == 3", "vlan.vid == 5 && ip4", "ip4 && igmp", "ip4 && ip.frag == 1 && tcp",
    "eth.dst == ff:ff:ff:ff:ff:ff && eth.src == 01:00:00:00:00:01", "ip6 && sctp.dst == 3",
)  # fmt: skip


@pytest.fixture(scope="module", params=range(0, len(MATCHES), 16))
def asked(request: pytest.FixtureRequest) -> Iterator[tuple[State, RealSouthbound]]:
    state = one_switch(
        [
            f"table={table}(s), priority={priority}, match=({match}), action=(reg9 = 1; next;)"
            for table, asked in enumerate(MATCHES[request.param : request.param + 16])
            for priority, match in ((5, asked), (1, "1"))
        ]
    )
    with real_southbound(state) as real:
        yield state, real


@pytest.mark.parametrize("packet", PACKETS)
def test_what_a_match_takes(packet: str, asked: tuple[State, RealSouthbound]) -> None:
    theirs, ours = matched(*asked, f'inport == "a" && {packet}')
    assert ours == theirs


def test_what_is_rejected_and_what_is_hidden() -> None:
    """An answer that rejects is not rejected; a flow that takes all and goes on is not printed."""
    state = one_switch(
        [
            'table=0(s), priority=5, match=(is_chassis_resident("a") || tcp), action=(next;)',
            "table=1(s), priority=5, match=(reg0 == 0/0), action=(next;)",
            "table=2(s), priority=5, match=(ip4 || !0), action=(reject { next; };)",
            'table=3(s), priority=5, match=(1), action=(outport = "b"; output;)',
        ]
    )
    with real_southbound(state) as real:
        for packet, is_rejected in (
            ("ip4 && tcp && tcp.flags == 4", False), ("ip6 && tcp && tcp.flags == 4", False),
            ("ip4 && tcp && tcp.flags == 0x14", True), ("ip4 && icmp4.type == 3", False),
            ("ip4 && icmp4.type == 11", True), ("ip6 && icmp6.type == 1", False),
            ("ip6 && icmp6.type == 128", True), ("ip4 && udp", True), ("ip4 && sctp", True),
        ):  # fmt: skip
            theirs, ours = matched(state, real, f'inport == "a" && {packet}')
            assert ours == theirs
            assert (3 in {real.flows[n].table for n in theirs}) is is_rejected, packet
