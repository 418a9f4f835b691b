"""The logical traces of our pages end as the page says, here and in the real ovn-trace."""

import pytest

from ovs_capture.trace.expect import expectation
from tests.trace.pages import Traced

from .comparing import agrees
from .pages import logical_trace_of, logical_traces, southbound
from .real_southbound import real_southbound
from .test_oracle import short

TRACES = logical_traces()


def test_there_is_one_for_each_case() -> None:
    assert len(TRACES) >= 7
    assert logical_traces("ja") == TRACES


@pytest.mark.parametrize("one", TRACES, ids=lambda one: one.expect)
def test_every_claim_holds(one: Traced) -> None:
    found = logical_trace_of(one)
    assert expectation(one.expect, southbound().state.ports_named).holds(found.verdict)


@pytest.mark.needs("ovn")
def test_the_real_ovn_trace_says_so_too() -> None:
    state = southbound().state
    with real_southbound(state) as real:
        for one in TRACES:
            found = logical_trace_of(one)
            at = state.datapath(one.bridge)
            assert at is not None
            words = [f"--ct={word}" for word in one.ct_next]
            words += [f"--lb-dst={one.lb_dst}"] if one.lb_dst else []
            told = real.trace(at.uuid, found.packet, words)
            assert agrees(
                found, told.flows, lambda flow: None if flow is None else real.numbers[id(flow)]
            ), told.text
            assert sorted(told.outputs) == sorted(short(effect.port) for effect in found.effects)
