"""Through tables and sections: the driver of a logical trace.

What an action leads to (the next table, another pipeline, a copy) is a generator that the driver
runs to its end before the action is over: no way is too long for Python's own stack. A trace of
more than ``MOST_STEPS`` steps goes round and round.
"""

from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ...logical.flow import Action, LogicalFlow, Pipeline
from ...logical.match import parse_match
from ...logical.printing import action_list_tokens, expression_text
from ...openflow.values import decimal
from ..result import Change
from .destinations import Destination
from .expressions import Names
from .fields import Packet
from .microflow import packet_text
from .result import (
    Assumption,
    AssumptionCode,
    Effect,
    Event,
    Remark,
    RemarkCode,
    Section,
    SectionKind,
    Step,
    Trace,
    Verdict,
)
from .state import Datapath, State
from .tables import Found

MOST_STEPS = 4096
_CT_BITS = ("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat")

Work = Generator["Work", None, None]


class Options(NamedTuple):
    """``ct``: states that the connection tracker finds, one after the other.

    ``lb_dst``: the backend that a load balancer takes. ``choice``: which of several is taken where
    no ``lb_dst`` says it.
    """

    ct: tuple[int, ...] = ()
    lb_dst: Destination | None = None
    select_id: int | None = None
    choice: int = 0


class At(NamedTuple):
    """Where a packet is."""

    datapath: Datapath
    pipeline: Pipeline
    section: int


@dataclass(slots=True)
class EventDraft:
    text: str
    depth: int
    changes: list[Change] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    sections: list[int] = field(default_factory=list)

    def done(self) -> Event:
        return Event(
            self.text, self.depth, tuple(self.changes), tuple(self.remarks),
            tuple(self.effects), tuple(self.sections),
        )  # fmt: skip


@dataclass(slots=True)
class StepDraft:
    at: At
    table: int
    flow: LogicalFlow | None
    rivals: tuple[LogicalFlow, ...]
    is_default: bool
    events: list[EventDraft] = field(default_factory=list)


class Context(NamedTuple):
    """One action being executed on a packet."""

    run: "Run"
    at: At
    packet: Packet
    table: int
    step: int
    event: EventDraft

    def remark(self, code: RemarkCode, **args: str) -> None:
        self.event.remarks.append(Remark(code, args))

    def assume(self, code: AssumptionCode, **args: str) -> None:
        self.run.assume(code, self.step, **args)


Handler = Callable[[Context, Action], Work | None]


@lru_cache(maxsize=1 << 14)
def action_text(action: Action) -> str:
    """An action in the spacing of lib/actions.c; of a block its head."""
    if action.form == "unread":
        return action.text
    if action.form == "block":
        return f"{action.name} {{"
    text = ""
    for token in action_list_tokens((action,)):
        if token in ("=", "<->"):
            text += f" {token} "
        elif token == ",":
            text += ", "
        else:
            text += token
    return text


def state_text(state: int) -> str:
    return "|".join(name for bit, name in enumerate(_CT_BITS) if state >> bit & 1)


class Run:
    def __init__(self, state: State, handlers: Mapping[str, Handler], options: Options) -> None:
        self.state = state
        self.handlers = handlers
        self.ct: deque[int] = deque(options.ct)
        self.lb_dst = options.lb_dst
        self.select_id = options.select_id
        self.choice = options.choice
        self.steps: list[StepDraft] = []
        self.sections: list[Section] = []
        self.assumptions: dict[tuple[object, ...], Assumption] = {}
        self.names: dict[str, Names] = {}
        self.looped = False
        self.lost = False
        self.final: Packet | None = None

    def assume(self, code: AssumptionCode, step: int | None, **args: str) -> None:
        key = (code, *sorted(args.items()))
        self.assumptions.setdefault(key, Assumption(code, args, step))

    def section(
        self,
        kind: SectionKind,
        parent: int | None,
        datapath: Datapath,
        packet: Packet,
        *,
        outport: str = "",
        action: str = "",
        ct_state: str | None = None,
        assumed: bool = False,
    ) -> int:
        number = len(self.sections)
        self.sections.append(Section(
            number, kind, parent, datapath.title, str(packet["inport"]), outport, action,
            ct_state, assumed,
        ))  # fmt: skip
        return number

    def drive(self, work: Work) -> None:
        stack = [work]
        while stack:
            try:
                stack.append(next(stack[-1]))
            except StopIteration:
                stack.pop()

    def table(self, at: At, packet: Packet, table: int) -> Work:
        """Look a packet up in a table, and do what the flow says."""
        if len(self.steps) >= MOST_STEPS:
            self.looped = True
            return
        self.final = packet
        datapath = at.datapath
        names = self.names.get(datapath.uuid)
        if names is None:
            names = self.names[datapath.uuid] = self.state.names(datapath)
        number = len(self.steps)
        here = datapath.tables.get((at.pipeline, table))
        if here is None:
            self.steps.append(StepDraft(at, table, None, (), False))
            return
        found = here.find(packet, names)
        draft = StepDraft(at, table, found.flow, found.rivals, _is_default(found, table))
        self.steps.append(draft)
        for flow in found.unknown:
            self._unknown(flow, number)
        if found.flow is None:
            return
        if any(one.actions.text != found.flow.actions.text for one in found.rivals):
            self.assume(
                AssumptionCode.EQUAL_PRIORITY, number, datapath=datapath.title,
                stage=found.flow.stage, flows=str(len(found.rivals) + 1),
                priority=str(found.flow.priority),
            )  # fmt: skip
        yield from self.actions(at, packet, table, number, found.flow.actions.items)

    def actions(
        self, at: At, packet: Packet, table: int, step: int, actions: Sequence[Action],
        depth: int = 0,
    ) -> Work:  # fmt: skip
        """Execute a list of actions; what one leads to comes before the next."""
        for action in actions:
            event = EventDraft(action_text(action), depth)
            self.steps[step].events.append(event)
            handler = self.handlers.get(action.name)
            context = Context(self, at, packet, table, step, event)
            if handler is None:
                self.assume(AssumptionCode.NOT_READ, step, what=action_text(action))
                continue
            work = handler(context, action)
            if work is not None:
                yield work

    def _unknown(self, flow: LogicalFlow, step: int) -> None:
        """A flow is passed over, because a set was not captured or the match is none."""
        if parse_match(flow.match.text)[1]:
            self.assume(AssumptionCode.NOT_READ, step, what=flow.match.text)
            return
        text = expression_text(flow.match.expression)
        self.assume(AssumptionCode.SET_UNKNOWN, step, flow=text, stage=flow.stage)

    def finished(self, packet: str) -> Trace:
        steps = []
        for number, draft in enumerate(self.steps):
            flow = draft.flow
            evidence = None if flow is None else self.state.evidence.get(id(flow))
            table = draft.at.datapath.tables.get((draft.at.pipeline, draft.table))
            steps.append(Step(
                number=number,
                section=draft.at.section,
                datapath=draft.at.datapath.title,
                pipeline=draft.at.pipeline,
                stage=flow.stage if flow else table.stage if table else "",
                table=draft.table,
                flow=flow,
                file=evidence.file if evidence else None,
                line=evidence.line if evidence else None,
                text=_flow_text(flow) if flow else None,
                events=tuple(event.done() for event in draft.events),
                rivals=draft.rivals,
                is_default=draft.is_default,
            ))  # fmt: skip
        effects = tuple(e for step in steps for event in step.events for e in event.effects)
        return Trace(
            packet, tuple(self.sections), tuple(steps), self._verdict(steps, effects),
            packet if self.final is None else packet_text(self.final), effects,
            tuple(self.assumptions.values()),
        )  # fmt: skip

    def _verdict(self, steps: Sequence[Step], effects: Sequence[Effect]) -> Verdict:
        if effects:
            return Verdict("output", tuple(sorted({effect.port for effect in effects})))
        if self.looped:
            return Verdict("loop")
        if self.lost or not steps:
            return Verdict("unknown")
        last = steps[-1]
        return Verdict("drop", (), (last.datapath, last.stage or str(last.table)))


def _flow_text(flow: LogicalFlow) -> str:
    return f"priority={flow.priority}, match=({flow.match.text}), action=({flow.actions.text})"


def _is_default(found: Found, table: int) -> bool:
    """utilities/ovn-trace.c may_omit_stage()."""
    if found.flow is None or not found.always or len(found.flow.actions.items) != 1:
        return False
    action = found.flow.actions.items[0]
    return action.name == "next" and next_table(action, table, "ingress")[1] == table + 1


def next_table(action: Action, table: int, pipeline: Pipeline) -> tuple[Pipeline, int]:
    """Where ``next;``, ``next(3);`` and ``next(pipeline=ingress, table=3);`` lead."""
    to, number = pipeline, table + 1
    for argument in action.arguments:
        value = argument.values[0] if argument.values else None
        text = getattr(value, "text", "")
        if argument.name == "pipeline" and text in ("ingress", "egress"):
            to = "ingress" if text == "ingress" else "egress"
        elif argument.name in ("table", "") and (named := decimal(text)) is not None:
            number = named
    return to, number
