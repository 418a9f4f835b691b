"""A trace neither raises nor runs for ever, whatever flows and packets there are."""

import json
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ovs_capture.command.trace_text import trace_as_json, trace_as_text
from ovs_capture.network.correlate import correlate
from ovs_capture.network.snapshot import FlowDump
from ovs_capture.subjects.dumps import dumps_of_host
from ovs_capture.trace.openflow import trace
from ovs_capture.trace.packet import REGISTERS, Packet
from ovs_capture.trace.packet_text import parse_packet
from ovs_capture.trace.switch import Bridge, Switch, switch_of_host
from ovs_capture.translation import Translator
from tests.network.composed import load

from .comparing import VECTORS, cases_of, switch_in

ROUNDS, PACKETS = 25, 50
WIDTHS = {
    "eth_type": 16,
    "vlan_tci": 16,
    "in_port": 16,
    "tp_src": 16,
    "tp_dst": 16,
    "nw_src": 32,
    "nw_dst": 32,
    "mpls_lse0": 32,
    "metadata": 32,
    "packet_type": 32,
}
KINDS = {"output", "controller", "drop", "loop", "unknown"}


def thinned(bridge: Bridge, chance: random.Random) -> Bridge:
    """The bridge with some of its flows, in another order."""
    if bridge.dump is None:
        return bridge
    flows = [fact for fact in bridge.dump.flows if chance.random() < 0.8]
    chance.shuffle(flows)
    dump: FlowDump = replace(bridge.dump, flows=tuple(flows))
    return Bridge(
        bridge.name, bridge.ports, bridge.is_listed, dump, bridge.groups, bridge.has_groups,
        bridge.fdb, bridge.has_fdb,
    )  # fmt: skip


def shaken(packet: Packet, chance: random.Random) -> Packet:
    """The packet with some entries as no header would have them."""
    for name in chance.sample([*packet], 4):
        value = chance.choice([0, 1, 0x800, 0x8847, 0xFFFF, chance.getrandbits(32)])
        packet[name] = value & ((1 << WIDTHS.get(name, 8)) - 1)
    packet[chance.choice(REGISTERS)] = chance.getrandbits(32)
    return packet


def test_ten_thousand_packets_end_with_a_verdict() -> None:
    chance = random.Random(20)
    traced = 0
    for directory in sorted(path for path in VECTORS.iterdir() if path.is_dir()):
        whole = switch_in(directory)
        cases = cases_of(directory / "cases.jsonl.gz")
        for _ in range(ROUNDS):
            switch = Switch({n: thinned(b, chance) for n, b in whole.bridges.items()})
            for case in chance.choices(cases, k=PACKETS):
                bridge = switch.bridges[case["bridge"]]
                packet = shaken(parse_packet(case["packet"], bridge.numbers), chance)
                states = [chance.getrandbits(8) for _ in range(3)]
                found = trace(switch, bridge, packet, states)
                assert found.verdict.kind in KINDS
                assert (found.verdict.kind == "output") == bool(found.verdict.ports)
                traced += 1
    assert traced >= 10_000


def chain(tables: int) -> str:
    """A bridge whose every table goes on to the next, the last one to the first."""
    flows = "".join(
        f" cookie=0x0, duration=1s, table={number}, n_packets=0, n_bytes=0, priority=1 "
        f"actions=resubmit(,{(number + 1) % tables})\n"
        for number in range(tables)
    )
    return (
        "==> h/show.txt <==\n$ ovs-vsctl show\n    Bridge br0\n        Port p\n"
        f"            Interface p\n==> h/flows.txt <==\n$ ovs-ofctl dump-flows br0\n{flows}"
    )


@pytest.mark.parametrize(("tables", "kind"), [(254, "loop"), (2, "loop")])
def test_a_way_as_long_as_a_switch_allows(tmp_path: Path, tables: int, kind: str) -> None:
    """4096 look-ups, each inside of the one before it; told in words too."""
    limit = sys.getrecursionlimit()
    (host,) = load(chain(tables), tmp_path).hosts
    network = correlate(host, ())
    switch = switch_of_host(host.captures, network)
    bridge = switch.bridges["br0"]
    found = trace(switch, bridge, parse_packet("in_port=1", bridge.numbers), ())
    assert found.verdict.kind == kind
    assert len(found.steps) > (60 if tables == 2 else 4000)
    words = Translator("ja")
    json.dumps(trace_as_json(found, words))
    assert trace_as_text(found, dumps_of_host(host.captures, network, None), network, words)
    assert sys.getrecursionlimit() == limit
