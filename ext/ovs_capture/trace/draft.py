"""A trace while it is being made: steps that still grow. ``finished`` gives the frozen records."""

from dataclasses import dataclass, field

from ..openflow.flow import Flow
from .result import (
    Assumption,
    AssumptionCode,
    Change,
    Effect,
    Event,
    Pass,
    Remark,
    RemarkCode,
    Step,
    Via,
)


@dataclass(slots=True)
class EventDraft:
    text: str
    changes: list[Change] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    resumes: int | None = None

    def finished(self) -> Event:
        return Event(
            self.text,
            tuple(self.changes),
            tuple(self.remarks),
            tuple(self.effects),
            tuple(self.children),
            self.resumes,
        )


@dataclass(slots=True)
class StepDraft:
    number: int
    parent: int | None
    pass_number: int
    via: Via
    bridge: str
    table: int
    flow: Flow | None
    file: str | None
    line: int | None
    text: str | None
    traced_bridge: str
    rivals: tuple[Flow, ...]
    events: list[EventDraft] = field(default_factory=list)

    def finished(self) -> Step:
        return Step(
            self.number,
            self.parent,
            self.pass_number,
            self.via,
            self.bridge,
            self.table,
            self.flow,
            self.file,
            self.line,
            self.text,
            tuple(event.finished() for event in self.events),
            self.traced_bridge,
            self.rivals,
        )


@dataclass(slots=True)
class Draft:
    """Everything that a trace has found so far."""

    steps: list[StepDraft] = field(default_factory=list)
    passes: list[Pass] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    assumptions: dict[object, Assumption] = field(default_factory=dict)
    looped: bool = False
    unknown: bool = False

    def assume(self, code: AssumptionCode, step: int | None, **args: str) -> None:
        """Once for each code and arguments: what holds for the whole way is said once."""
        key = (code, *sorted(args.items()))
        self.assumptions.setdefault(key, Assumption(code, args, step))


def remark(event: EventDraft, code: RemarkCode, **args: str) -> None:
    event.remarks.append(Remark(code, args))
