"""The way of a packet through logical flows as messages, in the order a page and the command tell.

Lives here: the verdict, each step with reading and purpose, where copies end. Does not live here:
what is taken for granted and what came of an action (``logical_traces``), and any language.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from ..logical.flow import Symbol
from ..logical.stages import stage as stage_of
from ..trace.logical.result import Effect, Event, Section, Step, Trace
from ..trace.logical.state import State
from . import logical_traces, values
from .logical import words
from .logical.names import LogicalNames
from .logical.purpose import purpose
from .logical.reading import reading
from .logical.telling import PORTS
from .logical.versions import versions_of
from .message import Message, Param, Ref, Series
from .packet_way import NO_FLOW, NO_MATCH
from .trace_steps import ToldStep, Value

_SYMBOL = re.compile(r"(?P<name>[^\[]+)(?:\[(?P<bits>[\d.]+)\])?")


def names_of(state: State, base: LogicalNames) -> LogicalNames:
    """Names for the flows of every datapath; ``base``: network and titles."""
    flows = [
        flow for one in state.datapaths for table in one.tables.values() for flow in table.flows
    ]
    return LogicalNames.of(base.network, flows, versions_of(flows), base.titles)


@dataclass(frozen=True)
class LogicalTelling:
    """What is said of one trace."""

    trace: Trace
    names: LogicalNames

    def verdict(self) -> Message:
        """How it ends, one sentence without a full stop."""
        found = self.trace.verdict
        match found.kind:
            case "output":
                outs = self.trace.effects
                if len(outs) == 1:
                    return self._way_out(outs[0])
                places: Param = Series(tuple(self.port(out.port) for out in outs), "plain")
                holes: dict[str, Param] = {"count": len(outs), "places": places}
                return Message("Leaves in %(count)s copies: %(places)s", holes)
            case "loop":
                return Message("Goes round until the switch gives up")
            case "unknown":
                return Message("Where it ends cannot be told from these captures")
        if found.dropped_in is None:
            return Message("Dropped")
        datapath, stage = found.dropped_in
        return Message(
            "Dropped in %(stage)s of %(datapath)s",
            {"stage": Ref("code", stage), "datapath": Ref("code", datapath)},
        )

    def extent(self) -> Message:
        """``31 steps through ovn-selfservice and router``."""
        datapaths = dict.fromkeys(step.datapath for step in self.trace.steps)
        through = Series(tuple(Ref("code", one) for one in datapaths), "and")
        if len(self.trace.steps) == 1:
            return Message("1 step through %(bridges)s", {"bridges": through})
        holes: dict[str, Param] = {"count": len(self.trace.steps), "bridges": through}
        return Message("%(count)s steps through %(bridges)s", holes)

    def assumed(self, options: Mapping[str, str]) -> Iterator[Message]:
        """What was taken for granted; ``options``: what the reader may say instead."""
        for one in self.trace.assumptions:
            yield logical_traces.assumption(one, options)

    def ends(self) -> Iterator[tuple[int, Message]]:
        """Where each copy ends, numbered on behind the steps."""
        for number, effect in enumerate(self.trace.effects, len(self.trace.steps) + 1):
            way = self._way_out(effect)
            yield number, Message("%(way)s.", {"way": way}, context="end of a way")

    def _way_out(self, effect: Effect) -> Message:
        place = self.port(effect.port)
        match effect.type:
            case "" | "localport":
                return Message("Reaches %(place)s", {"place": place})
            case "localnet":
                return Message("Leaves for the physical network on %(place)s", {"place": place})
            case _:
                return Message("Leaves on %(place)s", {"place": place})

    def port(self, name: str) -> Param:
        """A port with its guest; a multicast group with what its ports are."""
        group = words.row("groups", name)
        return self.names.port(name) if group is None else values.with_meaning(
            Ref("code", name), group
        )  # fmt: skip

    # Steps

    def steps(self) -> tuple[ToldStep[Step], ...]:
        return tuple(map(self._step, self.trace.steps))

    def _step(self, step: Step) -> ToldStep[Step]:
        flow = step.flow
        known = stage_of(step.stage)
        reason = purpose(flow, self.names) if flow else None
        number: dict[str, Param] = {"number": str(step.table), "stage": Ref("code", step.stage)}
        bare = Message("Table %(number)s", number)
        return ToldStep(
            step,
            table=Message("Table %(number)s: %(stage)s", number) if step.stage else bare,
            role=Message(known.role) if known else None,
            reading=reading(flow, self.names) if flow else self._without_flow(step),
            purpose=reason.message if reason else None,
            values=tuple(value for event in step.events for value in self._values(step, event)),
            copies=(),
            remarks=tuple(
                logical_traces.remark(remark, self.names)
                for event in step.events
                for remark in event.remarks
            ),
            entered=self._entered(step),
            tracked=any(one.ct_state for event in step.events for one in self._opened(event)),
        )

    def _without_flow(self, step: Step) -> Message:
        is_last = self.trace.verdict.kind == "drop" and step is self.trace.steps[-1]
        return NO_FLOW if is_last else NO_MATCH

    def _opened(self, event: Event) -> Iterable[Section]:
        return (self.trace.sections[number] for number in event.sections)

    def _values(self, step: Step, event: Event) -> Iterator[Value]:
        for change in event.changes:
            yield self._changed(step, change.field, change.before or "-", change.after or "-")
        for one in self._opened(event):
            if one.ct_state:
                yield Value(
                    _value(Ref("field", "ct_state")),
                    self._state_before(step) or Message("untracked"),
                    one.ct_state,
                    Message("assumed") if one.assumed else None,
                    one.assumed,
                )

    def _changed(self, step: Step, field: str, before: str, after: str) -> Value:
        split = _SYMBOL.fullmatch(field)
        name, bits = (split["name"], split["bits"]) if split else (field, None)
        symbol = Symbol(name, tuple(bits.split("..")) if bits else ())
        kind = logical_traces.kind_of(step)
        told = words.field(symbol, kind, self.names.versions)
        meaning = self._meaning(name, after)
        return Value(_value(told), before, after, None if meaning is None else _value(meaning))

    def _meaning(self, name: str, value: str) -> Param | None:
        if name in PORTS:
            return self.names.owner(value)
        return self.names.mac(value) or self.names.address(value) or words.meaning(name, value)

    def _state_before(self, step: Step) -> str | None:
        here: Section | None = self.trace.sections[step.section]
        while here is not None:
            if here.ct_state:
                return here.ct_state
            here = self._outer(here) if here.kind == "copy" else None
        return None

    # Where the packet comes into a pipeline

    def _outer(self, one: Section) -> Section | None:
        if one.parent is None:
            return None
        return self.trace.sections[self.trace.steps[one.parent].section]

    def _room(self, step: Step) -> int:
        """The pipeline, or the copy of the packet; conntrack's answer opens neither."""
        here = self.trace.sections[step.section]
        while here.kind == "copy" and here.ct_state:
            outer = self._outer(here)
            if outer is None:
                break
            here = outer
        return here.number

    @cached_property
    def _rooms(self) -> tuple[int, ...]:
        return tuple(map(self._room, self.trace.steps))

    def _entered(self, step: Step) -> Message | None:
        room = self._rooms[step.number]
        if step.number and self._rooms[step.number - 1] == room:
            return None
        return logical_traces.section(self.trace.sections[room], self.port)

    def runs(self) -> tuple[tuple[ToldStep[Step], ...], ...]:
        """Steps as they are told: most alone; together those that only hand the packet on."""
        found: list[tuple[ToldStep[Step], ...]] = []
        rooms = self._rooms
        told = self.steps()
        for (hands_on, _), group in groupby(told, lambda o: (_hands_on(o), rooms[o.step.number])):
            together = tuple(group)
            found += [together] if hands_on else [(one,) for one in together]
        return tuple(found)


def _hands_on(told: ToldStep[Step]) -> bool:
    return told.step.is_default


def _value(param: Param) -> Message:
    return Message("%(value)s", {"value": param}, context="value")
