"""Our traces beside the real switch's: what must be equal, and how it is compared.

A folder of ``vectors`` is a host directory with what its switch held, and ``cases.jsonl.gz``: an
object a line with ``bridge``, ``packet``, ``ct_next``; ``steps`` (pass, bridge, table, priority;
the priority null when nothing matched); ``passes`` (packet, packet at the end or null when
unchanged, datapath actions); ``floods``: NORMAL, FLOOD or ALL is in it, whose order is that of a
hash table.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ovs_capture import store
from ovs_capture.network.correlate import correlate
from ovs_capture.trace.openflow import parse_state, trace
from ovs_capture.trace.packet_text import parse_packet
from ovs_capture.trace.result import AssumptionCode, Trace
from ovs_capture.trace.switch import Switch, switch_of_host

VECTORS = Path(__file__).parent / "vectors"
_NUMBERS = re.compile(r"(recirc\(|recirc_id=|meter\()(?:0x)?[0-9a-f]+")
_DATAPATH_PORT = re.compile(r"    (?P<name>\S+) \d+/(?P<number>\d+): \((?P<kind>\w+)")
_PORT = re.compile(r'in_port=(?:"[^"]*"|[^,]*)')


def switch_in(directory: Path) -> Switch:
    # Alone: beside a directory of a test lie those of all others.
    host = store.read_host(directory, f"lab/{directory.name}", directory.as_posix())
    return switch_of_host(host.captures, correlate(host, ()))


def cases_of(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line in lines]


def run(switch: Switch, case: dict[str, Any]) -> Trace:
    bridge = switch.bridges[case["bridge"]]
    states = [state for text in case["ct_next"] if (state := parse_state(text)) is not None]
    assert len(states) == len(case["ct_next"])
    return trace(switch, bridge, parse_packet(case["packet"], bridge.numbers), states)


def names_of_datapath_ports(directory: Path) -> dict[str, str]:
    """Numbers by name, of ``dpif/show``; ofproto/trace without ``--names`` writes the numbers."""
    found = {}
    for path in directory.glob("*dpif_show.txt*"):
        read = gzip.open if path.suffix == ".gz" else open
        with read(path, "rt") as lines:
            for line in lines:
                if port := _DATAPATH_PORT.match(line):
                    # One port carries all tunnels of a kind.
                    name = "vxlan_sys_4789" if port["kind"] == "vxlan" else port["name"]
                    found[name] = port["number"]
    return found


def numbered(found: Trace, numbers: dict[str, str]) -> Trace:
    """The trace with the datapath's port numbers in place of names."""
    names = sorted(numbers, key=len, reverse=True)
    place = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, names))})(?![\w.-])")
    passes = tuple(
        replace(one, datapath=place.sub(lambda name: numbers[name[0]], one.datapath))
        for one in found.passes
    )
    return replace(found, passes=passes)


def difference(found: Trace, case: dict[str, Any]) -> str | None:
    """What is not as the real switch has it: steps, passes, effects or final."""
    wanted = [tuple(step) for step in case["steps"]]
    taken = [(s.pass_number, s.traced_bridge, s.table, s.priority) for s in found.steps]
    if case["floods"]:
        wanted.sort(key=str)
        taken.sort(key=str)
    if wanted != taken:
        return "steps"
    if len(found.passes) != len(case["passes"]):
        return "passes"
    for ours, (packet, final, datapath) in zip(found.passes, case["passes"], strict=True):
        if effects(ours.datapath, packet) != effects(datapath or "", packet):
            return "effects"
        if _plain(ours.final) != _plain(final or packet):
            return "final"
    return None


def _plain(packet: str) -> str:
    """Without numbers of recirculation, and without the port: the real trace names that of a
    packet that comes back as the first bridge would."""
    return _PORT.sub("", re.sub(r"recirc_id=\w+,", "", packet))


def is_stated_limit(found: Trace) -> bool:
    """May it differ? Hashes inside the switch decide, and no capture has them."""
    return any(one.code is AssumptionCode.HASH for one in found.assumptions)


def effects(actions: str, packet: str) -> list[str]:
    """Each output with its headers, sorted; then what else the datapath does, in its order."""
    vlan = re.search(r"dl_vlan=(\d+),dl_vlan_pcp=(\d+)", packet)
    tags = [f"vid={vlan[1]},pcp={vlan[2]}"] if vlan else []
    headers: dict[str, dict[str, str]] = {}
    outputs, others = [], []
    for action in split(_NUMBERS.sub(r"\1", actions)):
        name, _, inside = action.partition("(")
        if name == "push_vlan":
            tags.append(inside[:-1].replace("tpid=0x8100,", ""))
        elif name == "pop_vlan":
            tags = tags[:-1]
        elif name == "set":
            header, _, fields = inside[:-1].partition("(")
            if header == "tunnel":
                headers[header] = {}
            for field in split(fields[:-1]):
                key, _, value = field.partition("=")
                headers.setdefault(header, {})[key] = value
        elif not inside and name not in ("drop", "ct_clear", "ct"):
            told = {h: f for h, f in headers.items() if h != "tunnel" or "_sys" in name}
            outputs.append(
                f"{name} {tags} {sorted((h, sorted(f.items())) for h, f in told.items())}"
            )
        elif name in ("clone", "check_pkt_len"):
            others.append(f"{name}{[effects(part, packet) for part in split(inside[:-1])]}")
        else:
            others.append(action)
    return sorted(outputs) + others


def split(text: str) -> Iterator[str]:
    """At the commas outside all parentheses and braces."""
    depth = start = 0
    for at, char in enumerate(text):
        depth += (char in "({") - (char in ")}")
        if char == "," and not depth:
            yield text[start:at]
            start = at + 1
    if text[start:]:
        yield text[start:]
