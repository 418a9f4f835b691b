"""The steps of a trace as messages, in the order in which a page and the command tell them.

Lives here: what is said of one step and of a run of steps in which nothing applies. Does not live
here: single phrases (``packet_way``, ``traces``), and any language.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Generic, TypeVar

from ..network.model import Network
from ..trace.logical.result import Step as LogicalStep
from ..trace.result import Assumption, Pass, RemarkCode, Step, Trace
from . import packet_way as words
from . import traces
from .flows import reading
from .message import Message, Param, Ref, Series
from .names import Names
from .pipeline import Pipeline
from .purpose import purpose
from .tables import table_of

# From a bridge's name to the names in its flows and to its pipeline.
Known = Callable[[str], tuple[Names, Pipeline | None]]

S = TypeVar("S", Step, LogicalStep)

# So many steps in a row, in which nothing applies, are told together.
_RUN = 3


@dataclass(frozen=True, slots=True)
class Value:
    """A value that changed. ``assumed``: no capture tells it."""

    name: Message
    before: Param
    after: Param
    meaning: Message | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class ToldStep(Generic[S]):
    """One look-up. ``entered``: bridge and entrance, where the packet comes into a bridge.

    ``tracked``: connection tracking stands between this step and the next one. ``role`` None: not
    known what the table is for.
    """

    step: S
    table: Message
    role: Message | None
    reading: Message
    purpose: Message | None
    values: tuple[Value, ...]
    copies: tuple[words.Copy, ...]
    remarks: tuple[Message, ...]
    entered: Message | None
    tracked: bool

    @property
    def number(self) -> int:
        """As readers count: from 1."""
        return self.step.number + 1


def told_steps(trace: Trace, network: Network | None, known: Known) -> tuple[ToldStep[Step], ...]:
    """All steps in their order."""
    return tuple(_told(step, trace, network, *known(step.bridge)) for step in trace.steps)


def _told(
    step: Step, trace: Trace, network: Network | None, names: Names, pipeline: Pipeline | None
) -> ToldStep[Step]:
    flow = step.flow
    reason = purpose(flow, pipeline, names) if flow else None
    table = table_of(step.table, pipeline, step.bridge)
    return ToldStep(
        step,
        table=Message("Table %(number)s", {"number": Ref("table", str(step.table))}),
        role=table.role if table else None,
        reading=reading(flow, names) if flow else _without_flow(step, trace),
        purpose=reason.message if reason else None,
        values=(*_changed(step, names), *_tracked(step, trace)),
        copies=tuple(
            copy for event in step.events for copy in words.copies(event, trace, network, names)
        ),
        remarks=tuple(
            traces.remark(remark)
            for event in step.events
            for remark in event.remarks
            if remark.code is not RemarkCode.FORK  # the reading says it
        ),
        entered=_entered(step, trace, names),
        tracked=any(event.resumes is not None for event in step.events),
    )


def _without_flow(step: Step, trace: Trace) -> Message:
    """Where a table was gone through on the way, what called it goes on without a match too."""
    if words.not_captured(step, trace):
        return words.NOT_CAPTURED
    is_end = trace.verdict.dropped_in == (step.bridge, step.table)
    return words.NO_FLOW if is_end else words.NO_MATCH


def _changed(step: Step, names: Names) -> Iterable[Value]:
    for change in words.changed(step.changes, names):
        meaning = None if change.meaning is None else _value(change.meaning)
        yield Value(_value(change.name), change.before, change.after, meaning)


def _tracked(step: Step, trace: Trace) -> Iterable[Value]:
    """What the connection tracker finds after a step."""
    passes = {one.number: one for one in trace.passes}
    for event in step.events:
        found: Pass | None = passes.get(event.resumes) if event.resumes is not None else None
        if found is not None and found.ct_state is not None:
            yield Value(
                _value(Ref("field", "ct_state")),
                Message("untracked"),
                found.ct_state,
                Message("assumed") if found.assumed else None,
                found.assumed,
            )


def _value(param: Param) -> Message:
    return Message("%(value)s", {"value": param}, context="value")


def _entered(step: Step, trace: Trace, names: Names) -> Message | None:
    """Bridge and port where the packet comes into a bridge, or into one again."""
    before = trace.steps[step.number - 1] if step.number else None
    bridge = Ref("bridge", step.bridge)
    if step.via in ("patch", "tunnel") or (step.via == "first" and step.pass_number == 0):
        holes: dict[str, Param] = {"bridge": bridge, "entrance": words.entrance(step, names)}
        return Message("%(bridge)s %(entrance)s", holes)
    if before is not None and before.bridge == step.bridge:
        return None
    return Message("back in %(bridge)s", {"bridge": bridge})


def runs(steps: Iterable[ToldStep[Step]]) -> tuple[tuple[ToldStep[Step], ...], ...]:
    """Steps as they are told: most alone, those together in which nothing applies."""
    found: list[tuple[ToldStep[Step], ...]] = []
    for passes_on, group in groupby(steps, _passes_on):
        together = tuple(group)
        if passes_on and len(together) >= _RUN:
            found += _split_at_entrances(together)
        else:
            found += [(one,) for one in together]
    return tuple(found)


def _split_at_entrances(steps: Sequence[ToldStep[Step]]) -> Iterable[tuple[ToldStep[Step], ...]]:
    """A run begins anew where the packet comes into a bridge; what is short then is told singly."""
    begins = [0, *(n for n, one in enumerate(steps) if n and one.entered is not None), len(steps)]
    for start, end in pairwise(begins):
        part = tuple(steps[start:end])
        yield from [part] if len(part) >= _RUN else [(one,) for one in part]


def _passes_on(told: ToldStep[Step]) -> bool:
    """Whether a flow for every packet (of its datapath) only goes on to one other table."""
    step = told.step
    if step.flow is None or told.values or told.copies or told.remarks or step.rivals:
        return False
    if any(clause.field != "metadata" for clause in step.flow.match.clauses):
        return False
    return len(step.events) == 1 and all(
        len(event.children) == 1 and not event.effects and event.resumes is None
        for event in step.events
    )


def run_words(run: Sequence[ToldStep[S]]) -> Message:
    """``Tables 9 to 12: nothing applies, the packet goes on.``"""
    holes: dict[str, Param] = {
        "first": Ref("table", str(run[0].step.table)),
        "last": Ref("table", str(run[-1].step.table)),
        "count": len(run),
    }
    numbers = [one.step.table for one in run]
    if len(run) == 1:
        return Message("Table %(first)s: nothing applies, the packet goes on.", holes)
    if numbers == list(range(numbers[0], numbers[0] + len(run))):
        return Message("Tables %(first)s to %(last)s: nothing applies, the packet goes on.", holes)
    return Message(
        "%(count)s tables from %(first)s to %(last)s: nothing applies, the packet goes on.", holes
    )


def assumed(trace: Trace, option: str) -> Iterable[Message]:
    """Each assumption once, with the steps in which it was made; ``option``: see ``traces``."""
    for group in _alike(trace.assumptions):
        bridges = tuple(dict.fromkeys(o.args["bridge"] for o in group if "bridge" in o.args))
        told = traces.assumption(group[0], bridges, option)
        steps = dict.fromkeys(str(one.step + 1) for one in group if one.step is not None)
        holes: dict[str, Param] = {"what": told, "steps": Series(tuple(steps), "plain")}
        if len(steps) == 1:
            told = Message("%(what)s (step %(steps)s)", holes)
        elif steps:
            told = Message("%(what)s (steps %(steps)s)", holes)
        yield told


def _alike(assumptions: Iterable[Assumption]) -> Iterable[list[Assumption]]:
    """Assumptions that differ in the bridge or in the step only are told together."""
    groups: dict[object, list[Assumption]] = {}
    for one in assumptions:
        key = one.code, tuple((k, v) for k, v in sorted(one.args.items()) if k != "bridge")
        groups.setdefault(key, []).append(one)
    return groups.values()
