"""New microflows beside the real ovn-trace, on a database of five datapaths."""

import random
from collections.abc import Callable, Iterator

import pytest

from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.trace.logical.state import Port, State

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
