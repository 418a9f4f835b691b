"""The way of one packet through the flows of a host: ``trace``.

Lives here: passes (the packet as it arrives, then each time that it comes back from the connection
tracker, first come first served), the verdict, and what is assumed. The oracle is the real
``ovs-appctl ofproto/trace``. May not know: words, pages.
"""

from collections import deque
from collections.abc import Iterable, Sequence

from ..openflow import fields, values
from .draft import Draft
from .handlers import HANDLERS
from .packet import Packet
from .result import AssumptionCode, Trace, Verdict
from .run import MAX_PASSES, Resumption, Run, deep_calls
from .switch import Bridge, Switch


def parse_state(text: str) -> int | None:
    """A state of connection tracking, ``trk,est`` or ``trk|est``, as bits; None when it is none."""
    bits = fields.bits_of("ct_state")
    words = [word for word in text.replace("|", ",").split(",") if word]
    if not words or any(word not in bits for word in words):
        return None
    return sum({1 << bits[word] for word in words}) | 1 << bits["trk"]


def trace(switch: Switch, bridge: Bridge, packet: Packet, ct_next: Sequence[int] = ()) -> Trace:
    """Where ``packet`` goes, from ``bridge`` on.

    ``ct_next``: what the connection tracker finds, each time that it is asked (``parse_state``).
    """
    draft = Draft()
    queue: deque[Resumption] = deque()
    numbers = [0]
    states = deque(ct_next)
    run = Run(switch, draft, HANDLERS, 0, bridge, packet.copy(), packet.copy(), numbers, queue)
    start = run.written()
    run.conntracked = bool(run.flow["ct_state"])
    with deep_calls():
        _arrive(run)
        draft.passes.append(run.finished_pass(start, 0, None, None, assumed=False))
        while queue:
            if len(draft.passes) >= MAX_PASSES:
                draft.looped = True
                break
            _resume(switch, draft, queue, states, numbers, bridge.name)
    _assume_of_dumps(switch, draft)
    return Trace(
        start,
        tuple(step.finished() for step in draft.steps),
        tuple(draft.passes),
        _verdict(draft),
        draft.passes[-1].final,
        tuple(draft.effects),
        tuple(draft.assumptions.values()),
    )


def _arrive(run: Run) -> None:
    # The first look-up is no resubmit.
    run.table, run.resubmits = -1, -1
    run.look_up(0, "first")
    run.step = run.draft.steps[0] if run.draft.steps else None
    if run.step is not None:
        run.end()


def _resume(
    switch: Switch,
    draft: Draft,
    queue: deque[Resumption],
    states: deque[int],
    numbers: list[int],
    began: str,
) -> None:
    one = queue.popleft()
    is_assumed = not states
    bits = fields.bits_of("ct_state")
    state = states.popleft() if states else 1 << bits["trk"] | 1 << bits["new"]
    packet = one.packet.copy()
    packet["ct_state"] = state
    number = len(draft.passes)
    one.event.resumes = number
    run = Run(
        switch, draft, HANDLERS, number, one.bridge, packet, packet.copy(), numbers, queue,
        conntracked=True, table=one.table, stack=list(one.stack),
        action_set=list(one.action_set), traced_bridge=began,
    )  # fmt: skip
    name = values.signed(tuple((flag, True) for flag, bit in bits.items() if state >> bit & 1))
    told = name.removeprefix("+").replace("+", "|")
    code = AssumptionCode.CT_STATE if is_assumed else AssumptionCode.CT_FROM_OPTION
    draft.assume(code, one.step, state=told, table=str(one.table))
    start, first = run.written(), len(draft.steps)
    run.look_up(one.table, "first")
    run.step = draft.steps[first] if len(draft.steps) > first else None
    if run.step is not None:
        run.end()
    draft.passes.append(run.finished_pass(start, one.table, one.step, told, assumed=is_assumed))


def _assume_of_dumps(switch: Switch, draft: Draft) -> None:
    """What the dumps of the bridges that were visited leave out."""
    for name in dict.fromkeys(step.bridge for step in draft.steps):
        if switch.bridges[name].is_openflow10:
            draft.assume(AssumptionCode.OPENFLOW10, None, bridge=name)


def _verdict(draft: Draft) -> Verdict:
    outputs = [effect for effect in draft.effects if effect.kind == "output"]
    if outputs:
        return Verdict("output", _sorted(effect.place for effect in outputs))
    if any(effect.kind == "controller" for effect in draft.effects):
        return Verdict("controller")
    if draft.looped:
        return Verdict("loop")
    if draft.unknown:
        return Verdict("unknown")
    last = draft.steps[-1] if draft.steps else None
    return Verdict("drop", (), (last.bridge, last.table) if last else None)


def _sorted(places: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(places)))
