"""New microflows beside the real ovn-trace: the lab's database, and flows made of every action."""

import random
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from ovs_capture.formats import reading
from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.source import Source
from ovs_capture.trace.logical.result import AssumptionCode
from ovs_capture.trace.logical.state import Port, State, state_of_captures

from .comparing import agrees, options_of, traces
from .real_southbound import RealSouthbound, real_southbound
from .test_oracle import short, southbound

pytestmark = pytest.mark.needs("ovn")

STATES = ("new", "est", "est,rpl", "rel", "rel,rpl", "inv", "new,dnat")


@pytest.fixture(scope="module")
def real() -> Iterator[RealSouthbound]:
    with real_southbound(southbound()) as found:
        yield found


def addresses(state: State) -> dict[str, tuple[str, ...]]:
    """MAC and addresses of the ports that port security tells."""
    return {port.name: tuple(port.security[0].split()) for port in state.ports.values()
            if port.security and port.type == ""}  # fmt: skip


def microflow(random_: random.Random, state: State) -> tuple[Port, str]:
    """A packet from one port to somewhere; one time of five something in it is wrong."""
    known = addresses(state)
    ports = sorted(known)
    sender = state.ports[random_.choice(ports)]
    mac, *own = known[sender.name]
    other_mac, *others = known[random_.choice(ports)]
    macs = ["fa:16:3e:ef:ec:56", "fa:16:3e:af:eb:91", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01",
            "33:33:00:00:00:01", "02:00:00:00:00:09", other_mac]  # fmt: skip
    if random_.random() < 0.1:
        mac = other_mac
    source = random_.choice(own if random_.random() < 0.85 else others)
    family = 6 if ":" in source else 4
    there = [one for one in others if (":" in one) == (family == 6)] or [source]
    far = {4: ["198.51.100.7", "10.96.0.10", "172.19.0.160", "192.168.111.100", "224.0.0.5",
               "255.255.255.255", "192.168.111.1", "172.19.0.1"],
           6: ["2001:db8::1", "fd00:111::100", "ff02::1", "fe80::1"]}[family]  # fmt: skip
    target = random_.choice(there if random_.random() < 0.5 else far)
    parts = [
        f'inport == "{sender.name}"', f"eth.src == {mac}", f"eth.dst == {random_.choice(macs)}",
    ]  # fmt: skip
    kind = random_.choice(("tcp", "udp", "sctp", "icmp", "arp", "nd", "dhcp", "none"))
    if kind == "arp":
        spa = source if family == 4 else "192.168.111.77"
        tpa = target if family == 4 else "192.168.111.1"
        parts += [f"arp.op == {random_.choice((1, 2))}", f"arp.spa == {spa}", f"arp.tpa == {tpa}",
                  f"arp.sha == {random_.choice((mac, other_mac))}"]  # fmt: skip
        return sender, " && ".join(parts)
    parts += [f"ip{family}.src == {source}", f"ip{family}.dst == {target}",
              f"ip.ttl == {random_.choice((0, 1, 2, 64, 255))}"]  # fmt: skip
    port = random_.choice((22, 53, 67, 80, 443, 5353, 8080, 8500, 547))
    if kind in ("tcp", "udp", "sctp"):
        parts += [kind, f"{kind}.src == 40000", f"{kind}.dst == {port}"]
    elif kind == "icmp":
        parts += [f"icmp{family}.type == {random_.choice((0, 8, 128, 3))}"]
    elif kind == "nd" and family == 6:
        number = random_.choice((133, 135, 136, 143, 131))
        parts += [f"icmp6.type == {number}", "icmp6.code == 0"]
        if number == 135:
            parts += ["nd.target == " + target, "nd.sll == " + random_.choice((mac, other_mac))]
        elif number == 136:
            parts += ["nd.target == " + source, "nd.tll == " + random_.choice((mac, other_mac))]
        if number in (135, 136):
            parts[parts.index(next(p for p in parts if p.startswith("ip.ttl")))] = "ip.ttl == 255"
    elif kind == "dhcp" and family == 4:
        parts[3:5] = ["ip4.src == 0.0.0.0", "ip4.dst == 255.255.255.255"]
        parts += ["udp.src == 68", "udp.dst == 67"]
    if random_.random() < 0.05:
        parts.append("vlan.tci == 0x1064")
    return sender, " && ".join(parts)


@pytest.mark.parametrize("seed", range(150))
def test_new_microflows(seed: int, real: RealSouthbound) -> None:
    random_ = random.Random(seed)
    state = southbound()
    sender, flow = microflow(random_, state)
    options = [f"--ct={random_.choice(STATES)}" for _ in range(random_.randrange(4))]
    if random_.random() < 0.2:
        options.append("--lb-dst=" + random_.choice(("192.168.111.10:80", "192.168.112.10:8080")))
    told = real.trace(sender.datapath, flow, options)
    assert any(
        agrees(found, told.flows, number(real))
        and sorted(short(effect.port) for effect in found.effects) == sorted(told.outputs)
        for found in traces(state, sender.datapath, flow, options_of(options))
    ), (flow, options, told.text)


def number(real: RealSouthbound) -> Callable[[LogicalFlow | None], int | None]:
    def name(flow: LogicalFlow | None) -> int | None:
        return None if flow is None else real.numbers[id(flow)]

    return name


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
    "ct_snat_to_vip;",
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
    return state_of_captures(reading.read(Source("made.txt", text)))


@pytest.mark.parametrize("seed", range(24))
def test_every_action(seed: int) -> None:
    random_ = random.Random(seed)
    state = synthetic(seed)
    with real_southbound(state) as real:
        for _ in range(8):
            protocol = random_.choice(
                ("tcp.src == 5 && tcp.dst == 80", "udp.dst == 53", "icmp4.type == 8",
                 "tcp.dst == 85")
            )  # fmt: skip
            flow = (
                f'inport == "{random_.choice("ab")}" && eth.src == 00:00:00:00:00:0a && eth.dst '
                f"== {random_.choice(('00:00:00:00:00:0b', 'ff:ff:ff:ff:ff:ff'))} && ip4.src == "
                f"10.0.0.1 && ip4.dst == 10.0.{random_.choice((0, 1))}.2 && ip.ttl == "
                f"{random_.choice((0, 1, 64))} && {protocol}"
            )
            options = [f"--ct={random_.choice(STATES)}" for _ in range(random_.randrange(3))]
            datapath = "7bb56bb8-5e81-49c3-aca3-b7bc2e0ce9da"
            told = real.trace(datapath, flow, options)
            found = list(traces(state, datapath, flow, options_of(options)))
            if any(one.verdict.kind == "loop" for one in found):
                continue
            assert not any(one.code is AssumptionCode.NOT_READ for one in found[0].assumptions), (
                found[0].assumptions
            )
            assert any(
                agrees(one, told.flows, number(real))
                and sorted(effect.port for effect in one.effects) == sorted(told.outputs)
                for one in found
            ), (flow, options, told.text)
