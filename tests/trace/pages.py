"""The traces of our own pages: what a directive says, and the trace that it asks for."""

import re
from dataclasses import dataclass
from pathlib import Path

from ovs_capture import store
from ovs_capture.network.correlate import correlate
from ovs_capture.network.model import Network
from ovs_capture.trace.openflow import parse_state, trace
from ovs_capture.trace.packet_text import parse_packet
from ovs_capture.trace.result import Trace
from ovs_capture.trace.switch import switch_of_host
from tests.conftest import ROOT

_DIRECTIVE = re.compile(r"^:::\{ovs-trace\} (\S+)/(\S+?):(\S+)\n((?:^:[a-z-]+: .*\n)+):::$", re.M)
_OPTION = re.compile(r"^:([a-z-]+): (.*)$", re.M)


@dataclass(frozen=True)
class Traced:
    """One ``ovs-trace`` of a page."""

    scenario: str
    host: str
    bridge: str
    packet: str
    ct_next: tuple[str, ...]
    expect: str
    lb_dst: str = ""


def traces_of(page: Path) -> list[Traced]:
    found = []
    for scenario, host, bridge, options in _DIRECTIVE.findall(page.read_text("utf-8")):
        given = dict(_OPTION.findall(options))
        states = tuple(given.get("ct-next", "").split())
        found.append(Traced(scenario, host, bridge, given["packet"], states, given["expect"],
                            given.get("lb-dst", "")))  # fmt: skip
    return found


def host_of(scenario: str, host: str) -> tuple[store.Host, Network]:
    target = store.load_target(ROOT / "captures" / scenario / host)
    found = target.hosts[0]
    return found, correlate(found, target.siblings(found))


def traced(
    scenario: str, host: str, bridge: str, packet: str, *states: str
) -> tuple[Trace, Network]:
    """A trace of a host of ``captures/`` with its model."""
    found, network = host_of(scenario, host)
    switch = switch_of_host(found.captures, network)
    at = switch.bridges[bridge]
    bits = [bits for state in states if (bits := parse_state(state)) is not None]
    return trace(switch, at, parse_packet(packet, at.numbers), bits), network
