"""The logical traces of our own pages, and what is asked of OVN for each."""

from functools import cache

from ovs_capture.network.model import Network
from ovs_capture.subjects.southbound import (
    Southbound,
    southbound_of,
)
from ovs_capture.trace.logical.destinations import parse_destination
from ovs_capture.trace.logical.result import Trace
from ovs_capture.trace.logical.run import Options
from ovs_capture.trace.logical.trace import arriving, trace
from ovs_capture.trace.openflow import parse_state
from tests.conftest import ROOT
from tests.trace.pages import Traced, host_of, traces_of

PAGE = "packet-traces-ovn"


@cache
def network() -> Network:
    return host_of("ovn", "ctl")[1]


@cache
def southbound() -> Southbound:
    return southbound_of(network())


def logical_traces(language: str = "en") -> list[Traced]:
    found = traces_of(ROOT / "source" / language / f"{PAGE}.md")
    return [one for one in found if one.host == "ctl"]


def options_of(one: Traced) -> Options:
    states = [bits for word in one.ct_next if (bits := parse_state(word)) is not None]
    return Options(tuple(states), parse_destination(one.lb_dst) if one.lb_dst else None)


def logical_trace_of(one: Traced) -> Trace:
    state = southbound().state
    at = state.datapath(one.bridge)
    assert at is not None
    return trace(state, at, arriving(at, one.packet), options_of(one))


def trace_of(datapath: str, packet: str, *states: str) -> Trace:
    """A trace through the captures of the manual."""
    return logical_trace_of(Traced("ovn", "ctl", datapath, packet, states, ""))
