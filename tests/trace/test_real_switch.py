"""New packets through a real switch that holds our committed flows, with another seed each time."""

import gzip
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ovs_capture.trace.openflow import parse_state, trace
from ovs_capture.trace.packet_text import parse_packet
from ovs_capture.trace.result import Trace
from ovs_capture.trace.switch import LOCAL, Bridge, Switch
from tests.openflow.switch import Switch as RealSwitch
from tests.openflow.switch import switch as start

from .comparing import VECTORS, effects, switch_in

SEED = VECTORS / "seed"
PACKETS = 150
STATES = ("trk,new", "trk,est", "trk,est,rpl", "trk,rel", "trk,inv", "trk,new,rel")
_TABLE = re.compile(r"^ *(\d+)\. (?:(No match)|(?:.*, )?priority (\d+))", re.MULTILINE)


@pytest.fixture(scope="module")
def ours() -> Switch:
    return switch_in(SEED)


@pytest.fixture(scope="module")
def real(ours: Switch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSwitch]:
    directory = tmp_path_factory.mktemp("ovs")
    with start(directory) as running:
        for bridge in ours.bridges.values():
            _build(running, bridge)
        for bridge in ours.bridges.values():
            _load(running, bridge)
        yield running


def _vsctl(running: RealSwitch, *words: str) -> None:
    database = f"--db=unix:{running.directory}/db.sock"
    running.run("ovs-vsctl", "--timeout=30", database, *words)


def _build(running: RealSwitch, bridge: Bridge) -> None:
    versions = ",".join(f"OpenFlow1{minor}" for minor in range(6))
    words = ["add-br", bridge.name, "--", "set", "bridge", bridge.name, "datapath_type=dummy",
             "fail-mode=secure", f"protocols={versions}"]  # fmt: skip
    for port in bridge.ports:
        if port.number == LOCAL:
            continue
        tag = [] if port.tag is None else [f"tag={port.tag}"]
        kind = ["type=dummy"]
        if port.peer:
            kind = ["type=patch", f"options:peer={port.peer[1]}"]
        words += ["--", "add-port", bridge.name, port.name, *tag, "--", "set", "interface",
                  port.name, *kind, f"ofport_request={port.number}"]  # fmt: skip
    _vsctl(running, *words)


def _load(running: RealSwitch, bridge: Bridge) -> None:
    assert bridge.dump is not None
    flows = [
        flow for capture in bridge.dump.captures for flow in capture.source.window.splitlines()
    ]
    file = running.directory / f"{bridge.name}.flows"
    file.write_text("\n".join(line.strip() for line in flows if "actions=" in line) + "\n")
    running.ofctl("--names", "add-flows", bridge.name, str(file))


def _values(bridge: Bridge) -> tuple[list[str], list[str]]:
    """MAC and IPv4 addresses of the flows, so that packets meet them, and strangers."""
    assert bridge.dump is not None
    text = " ".join(flow.match.text for flow, _ in bridge.dump.flows)
    macs = re.findall(r"(?<![/:\w])[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![/:])", text)
    addresses = re.findall(r"\d+\.\d+\.\d+\.\d+", text)
    return (
        [*sorted(set(macs)), "02:00:00:00:00:99", "ff:ff:ff:ff:ff:ff", "01:80:c2:00:00:00"],
        [*sorted(set(addresses)), "198.51.100.7", "10.1.2.3"],
    )


def _packet(chance: random.Random, bridge: Bridge, macs: list[str], ips: list[str]) -> str:
    port = chance.choice([port.name for port in bridge.ports if port.number != LOCAL])
    parts = [f"in_port={port}", f"dl_src={chance.choice(macs)}", f"dl_dst={chance.choice(macs)}"]
    if chance.random() < 0.3:
        parts += [f"dl_vlan={chance.choice([0, 1, 2, 100, 4095])}", "dl_vlan_pcp=0"]
    src, dst = chance.choice(ips), chance.choice(ips)
    kind = chance.choice(["tcp", "udp", "icmp", "arp", "icmp6", "other"])
    ports = chance.choice([22, 53, 67, 68, 80, 443, 40000]), chance.choice([22, 53, 67, 68, 80])
    if kind in ("tcp", "udp"):
        parts += [kind, f"nw_src={src}", f"nw_dst={dst}", "nw_ttl=64",
                  f"{kind}_src={ports[0]}", f"{kind}_dst={ports[1]}"]  # fmt: skip
    elif kind == "icmp":
        parts += [kind, f"nw_src={src}", f"nw_dst={dst}", "nw_ttl=1", "icmp_type=8"]
    elif kind == "arp":
        parts += [kind, f"arp_op={chance.choice([1, 2])}", f"arp_spa={src}", f"arp_tpa={dst}",
                  f"arp_sha={chance.choice(macs)}"]  # fmt: skip
    elif kind == "icmp6":
        parts += [kind, "ipv6_src=fe80::1", "ipv6_dst=ff02::1", "nw_ttl=255",
                  f"icmpv6_type={chance.choice([128, 133, 134, 135, 136])}"]  # fmt: skip
    else:
        parts.append("dl_type=0x88cc")
    return ",".join(parts)


def _compare(text: str, found: Trace) -> str | None:
    passes = text.split("\nFlow: ")
    passes[0] = passes[0].removeprefix("Flow: ")
    steps = [
        (number, int(table), int(priority) if priority else None)
        for number, one in enumerate(passes)
        for table, _, priority in _TABLE.findall(one.replace("reg0=0x2, priority 0", "No match"))
    ]
    taken = [(step.pass_number, step.table, step.priority) for step in found.steps]
    if sorted(steps, key=str) != sorted(taken, key=str):
        return f"steps: {steps} {taken}"
    for one, own in zip(passes, found.passes, strict=True):
        packet = one.partition("\n")[0]
        actions = re.search(r"^Datapath actions: (.*)", one, re.MULTILINE)
        told = actions[1] if actions else ""
        if effects(told, packet) != effects(own.datapath, packet):
            return f"effects: {told} | {own.datapath}"
    return None


@pytest.mark.needs("ovs")
def test_new_packets(ours: Switch, real: RealSwitch) -> None:
    seed = random.SystemRandom().getrandbits(32)
    chance = random.Random(seed)
    wrong = []
    for _ in range(PACKETS):
        bridge = ours.bridges[chance.choice(sorted(ours.bridges))]
        text = _packet(chance, bridge, *_values(ours.bridges["br-int"]))
        states = [chance.choice(STATES) for _ in range(chance.randrange(4))]
        options = [word for state in states for word in ("--ct-next", state)]
        said = real.run("ovs-appctl", "-t", _control(real), "ofproto/trace", bridge.name, text,
                        *options, "--names")  # fmt: skip
        bits = [state for one in states if (state := parse_state(one)) is not None]
        found = trace(ours, bridge, parse_packet(text, bridge.numbers), bits)
        if what := _compare(said, found):
            wrong.append(f"{bridge.name} {text} {states}: {what}")
    assert wrong == [], f"seed {seed}"


def _control(real: RealSwitch) -> str:
    return str(next(Path(real.directory).glob("ovs-vswitchd*.ctl")))


def test_the_committed_flows_are_there() -> None:
    dumps = list(SEED.glob("*dump_flows*"))
    assert dumps and all(
        "actions=" in gzip.decompress(path.read_bytes()).decode() for path in dumps
    )
