"""How fast packets are traced, by the number of flows: traces a second, in processor time.

The packets are those of the vectors in the tests, through the flows of the flat instance; and those
beside the large dumps of the shared folder, where it is. The index is made once, and timed apart.
"""

import gzip
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

from ovs_capture import store
from ovs_capture.formats import reading
from ovs_capture.network.correlate import correlate
from ovs_capture.source import Source
from ovs_capture.trace.logical.microflow import parse_microflow
from ovs_capture.trace.logical.state import state_of_captures
from ovs_capture.trace.logical.trace import trace as logical_trace
from ovs_capture.trace.openflow import parse_state, trace
from ovs_capture.trace.packet_text import parse_packet
from ovs_capture.trace.switch import Switch, switch_of_host

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "tests" / "trace" / "vectors" / "seed"
LOGICAL = ROOT / "tests" / "trace" / "logical" / "vectors"
SCALE = Path(os.environ.get("OVS_CAPTURE_SHARED") or ROOT.parent / "shared") / "lab" / "scale"
TRACES = 1000

Packets = list[tuple[str, str, list[str]]]


def switch_in(directory: Path) -> Switch:
    host = store.load_target(directory).hosts[0]
    return switch_of_host(host.captures, correlate(host, ()))


def packets_in(path: Path) -> Packets:
    """Bridge, packet and states of each case."""
    found: Packets = []
    with gzip.open(path, "rt") as lines:
        for case in map(json.loads, lines):
            if "argv" in case:
                words = case["argv"]
                states = [words[at] for at in range(1, len(words)) if words[at - 1] == "--ct-next"]
                found.append((words[2], words[3], states))
            else:
                found.append((case["bridge"], case["packet"], case["ct_next"]))
    return found


def measure(name: str, directory: Path, packets: Packets) -> None:
    switch = switch_in(directory)
    begin = time.process_time()
    flows = sum(len(bridge.dump.flows) for bridge in switch.bridges.values() if bridge.dump)
    for bridge in switch.bridges.values():
        assert bridge.tables or not bridge.dump
    indexed = time.process_time() - begin
    begin, done = time.process_time(), 0
    while done < TRACES:
        done += _trace_all(switch, packets)
    rate = done / (time.process_time() - begin)
    print(f"{name:30} {flows:8,} {indexed:8.2f} {rate:10,.0f}", flush=True)


def _trace_all(switch: Switch, packets: Iterable[tuple[str, str, list[str]]]) -> int:
    done = 0
    for name, text, states in packets:
        bridge = switch.bridges[name]
        ct_next = [state for one in states if (state := parse_state(one)) is not None]
        trace(switch, bridge, parse_packet(text, bridge.numbers), ct_next)
        done += 1
    return done


def measure_logical(directory: Path) -> None:
    """Microflows through the logical flows of five datapaths."""
    text = gzip.decompress((directory / "southbound.txt.gz").read_bytes()).decode()
    captures = reading.read(Source("southbound.txt", text))
    begin = time.process_time()
    state = state_of_captures(captures)
    indexed = time.process_time() - begin
    flows = sum(len(table.flows) for one in state.datapaths for table in one.tables.values())
    lines = gzip.decompress((directory / "cases.jsonl.gz").read_bytes()).decode().splitlines()
    cases = [json.loads(line) for line in lines]
    begin, done = time.process_time(), 0
    while done < TRACES:
        for case in cases:
            datapath = state.datapath(case["datapath"])
            assert datapath is not None
            logical_trace(state, datapath, parse_microflow(case["flow"]))
        done += len(cases)
    rate = done / (time.process_time() - begin)
    print(f"{'logical flows':30} {flows:8,} {indexed:8.2f} {rate:10,.0f}", flush=True)


def main() -> None:
    print(f"{'flows of':30} {'flows':>8} {'index, s':>8} {'traces/s':>10}")
    measure("flat instance", SEED, packets_in(SEED / "cases.jsonl.gz"))
    for directory in sorted(SCALE.glob("*-50k")):
        measure(directory.name, directory, packets_in(directory / "traces.jsonl.gz"))
    measure_logical(LOGICAL)


if __name__ == "__main__":
    main()
