"""Does a trace of ours take the flows that ovn-trace took?

Three things are not determined by the database, and are compared so that any choice fits:

- The ports of a multicast group are a set: then the flows are compared as a multiset.
- Of flows of equal priority with equal actions any may be taken (qsort() of utilities/ovn-trace.c).
- ``ct_lb`` with several backends takes a random one: each is tried.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.trace.logical.destinations import parse_destination
from ovs_capture.trace.logical.fields import Packet
from ovs_capture.trace.logical.microflow import parse_microflow
from ovs_capture.trace.logical.result import AssumptionCode, Trace
from ovs_capture.trace.logical.run import Options
from ovs_capture.trace.logical.state import State
from ovs_capture.trace.logical.trace import trace
from ovs_capture.trace.openflow import parse_state

T = TypeVar("T")
_MOST_CHOICES = 6


def options_of(words: Sequence[str]) -> Options:
    """``--ct=est``, ``--lb-dst=10.0.0.1:80``."""
    pairs = [word.partition("=")[::2] for word in words]
    states = [state for key, value in pairs if key == "--ct"
              if (state := parse_state(value)) is not None]  # fmt: skip
    wanted = next((value for key, value in pairs if key == "--lb-dst"), None)
    return Options(tuple(states), None if wanted is None else parse_destination(wanted))


def traces(state: State, datapath: str, flow: str, options: Options) -> Iterator[Trace]:
    """The trace, then those with each other backend where one was chosen."""
    packet: Packet = parse_microflow(flow)
    where = state.datapath(datapath)
    assert where is not None
    first = trace(state, where, packet, options)
    yield first
    if any(one.code is AssumptionCode.BACKEND for one in first.assumptions):
        for choice in range(1, _MOST_CHOICES):
            yield trace(state, where, packet, options._replace(choice=choice))


def agrees(found: Trace, wanted: Sequence[T], name: Callable[[LogicalFlow | None], T]) -> bool:
    """``wanted``: the flows that ovn-trace printed; ``name``: what it calls one."""
    steps = [step for step in found.steps if not step.is_default]
    alias = {
        name(rival): name(step.flow)
        for step in steps
        for rival in step.rivals
        if step.flow and rival.actions.text == step.flow.actions.text
    }
    ours = [alias.get(name(step.flow), name(step.flow)) for step in steps]
    theirs = [alias.get(one, one) for one in wanted]
    if any(section.kind == "multicast" for section in found.sections):
        return Counter(ours) == Counter(theirs)
    return ours == theirs
