"""A trace as a page shows it: the packet, the verdict, what was assumed, the steps, the picture.

Lives here: the messages of ``explain.packet_way`` and the readings of the flows said in the page's
language. Does not live here: how a packet is traced (``trace``), how any builder writes it.
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..diagram.passage import around_passage, passage
from ..diagram.scene import Scene
from ..explain import packet_way as words
from ..explain import traces
from ..explain.entities import Entity, entity_of_mark, entity_of_ref
from ..explain.flows import reading
from ..explain.message import Message, Param, Ref
from ..explain.names import Names
from ..explain.purpose import purpose
from ..explain.tables import table_of
from ..formats.base import Mark
from ..trace.result import Assumption, Event, Pass, RemarkCode, Step, Trace
from . import wording
from .annotate import pieces_of, said
from .captures import Place
from .dumps import Dump
from .markup import shown
from .meaning import tips_of
from .picture import PictureView, picture_view
from .translation import Translator
from .view import Pieces, Tip, plain


@dataclass(frozen=True, slots=True)
class Chip:
    """A value that changed. ``assumed``: no capture tells it."""

    name: Pieces
    before: str
    after: str
    meaning: Pieces = ()
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One of several places that a step sends the packet to. ``taken``: a copy gets out there."""

    port: Pieces
    fate: Pieces
    taken: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """One look-up. ``group``: bridge and entrance, where the packet comes into a bridge.

    ``tracked``: connection tracking stands between this step and the next one.
    """

    anchor: str
    number: int
    table: Pieces
    role: str
    priority: str
    reading: Pieces
    purpose: Pieces
    chips: tuple[Chip, ...]
    copies: tuple[CopyRow, ...]
    remarks: tuple[Pieces, ...]
    raw: Pieces
    plain_raw: str
    place: str
    group: Pieces = ()
    tracked: bool = False


@dataclass(frozen=True, slots=True)
class EndRow:
    """Where one copy ends."""

    number: int
    words: Pieces


@dataclass(frozen=True, slots=True)
class TraceView:
    """The whole figure. ``claim``: what ``:expect:`` says, "" for nothing; ``holds``: is it so?"""

    language: str
    where: str
    packet: str
    command: str
    verdict: Pieces
    extent: Pieces
    assumed: tuple[Pieces, ...]
    steps: tuple[StepRow, ...]
    ends: tuple[EndRow, ...]
    final: str
    picture: PictureView | None
    tips: tuple[Tip, ...] = ()
    claim: str = ""
    holds: bool = True
    caption: str = ""


def trace_view(
    trace: Trace,
    dumps: Mapping[str, Dump],
    place: Place,
    scene: Scene,
    *,
    language: str,
    anchor: str,
    claim: str = "",
    holds: bool = True,
    caption: str = "",
    packet: str = "",
    redact: bool = True,
) -> TraceView:
    """A trace of the host ``place``; ``dumps``: of its bridges, ``scene``: its picture.

    ``packet``: as the author wrote it.
    """
    teller = _Teller(trace, dumps, place, Translator(language), anchor, redact)
    steps = tuple(teller.step(step) for step in trace.steps)
    ends = tuple(teller.ends())
    return TraceView(
        language=teller.say.language,
        where=place.network.title_in(language) if place.network else place.key,
        packet=shown(packet or trace.packet),
        command=_command(trace, packet or trace.packet),
        verdict=teller.said(words.verdict(trace, place.network, teller.names(_last_bridge(trace)))),
        extent=teller.said(words.extent(trace)),
        assumed=tuple(teller.assumed()),
        steps=steps,
        ends=ends,
        final=shown(trace.final),
        picture=_picture(scene, trace, place, language),
        tips=tips_of([(entity, place) for entity in teller.entities.values()], language),
        claim=claim,
        holds=holds,
        caption=caption,
    )


def _last_bridge(trace: Trace) -> str:
    bridges = [out.bridge for out in trace.outs] or [step.bridge for step in trace.steps[-1:]]
    return bridges[0] if bridges else ""


def _command(trace: Trace, packet: str) -> str:
    """The command that asks the switch itself."""
    bridge = trace.steps[0].bridge if trace.steps else "BRIDGE"
    states = "".join(
        f" --ct-next {shlex.quote(one.ct_state)}"
        for one in trace.passes[1:]
        if one.ct_state is not None
    )
    return f"ovs-appctl ofproto/trace {bridge} {shlex.quote(shown(packet))}{states} --names"


def _picture(scene: Scene, trace: Trace, place: Place, language: str) -> PictureView | None:
    if not scene.bridges:
        return None
    title = Translator(language).text(wording.PICTURE_OF_WAY)
    way = passage(scene, trace)
    view = picture_view(around_passage(scene, way), [place], language=language, alt=title)
    return replace(view, passage=way, folds=(), tips=())


def _alike(assumptions: Iterable[Assumption]) -> Iterable[list[Assumption]]:
    """Assumptions that differ in the bridge or in the step only are told together."""
    groups: dict[object, list[Assumption]] = {}
    for one in assumptions:
        key = one.code, tuple((k, v) for k, v in sorted(one.args.items()) if k != "bridge")
        groups.setdefault(key, []).append(one)
    return groups.values()


def _bridges(assumptions: Iterable[Assumption]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(o.args["bridge"] for o in assumptions if "bridge" in o.args))


class _Teller:
    """Says the parts of one trace."""

    def __init__(
        self,
        trace: Trace,
        dumps: Mapping[str, Dump],
        place: Place,
        say: Translator,
        anchor: str,
        redact: bool,
    ) -> None:
        self.trace, self.dumps, self.place = trace, dumps, place
        self.say, self.anchor, self.redact = say, anchor, redact
        self.entities: dict[str, Entity] = {}
        self._bridge: str | None = None
        self._passes = {one.number: one for one in trace.passes}

    def names(self, bridge: str) -> Names:
        dump = self.dumps.get(bridge)
        return dump.names if dump else Names(bridge, self.place.network)

    def said(self, message: Message, bridge: str | None = None) -> Pieces:
        self._bridge = bridge
        return said(message, self.say, self._ref)

    def step(self, step: Step) -> StepRow:
        flow, names = step.flow, self.names(step.bridge)
        dump = self.dumps.get(step.bridge)
        reason = purpose(flow, dump.pipeline, names) if flow and dump else None
        raw = self._raw(step)
        table = table_of(step.table, dump.pipeline, step.bridge) if dump else None
        return StepRow(
            anchor=f"{self.anchor}-step-{step.number + 1}",
            number=step.number + 1,
            table=self.said(
                wording.saying(wording.TABLE_PLAIN, number=Ref("table", str(step.table))),
                step.bridge,
            ),
            role=self.say.text(Message(table.role)) if table else "",
            priority="" if flow is None else str(flow.priority),
            reading=self.said(words.NO_FLOW if flow is None else reading(flow, names), step.bridge),
            purpose=self.said(reason.message, step.bridge) if reason else (),
            chips=tuple(self._chips(step, names)),
            copies=tuple(self._copies(step, names)),
            remarks=tuple(self._remarks(step)),
            raw=raw,
            plain_raw=shown(plain(raw)),
            place="" if step.file is None else f"{step.file}:{step.line}",
            group=self._group(step, names),
            tracked=any(event.resumes is not None for event in step.events),
        )

    def _group(self, step: Step, names: Names) -> Pieces:
        """Bridge and port where the packet comes into a bridge, or into one again."""
        before = self.trace.steps[step.number - 1] if step.number else None
        entered = step.via == "patch" or (step.via == "first" and step.pass_number == 0)
        if not entered and before is not None and before.bridge == step.bridge:
            return ()
        bridge = Ref("bridge", step.bridge)
        if not entered:
            return self.said(wording.saying(wording.BACK_IN, bridge=bridge), step.bridge)
        params: dict[str, Param] = {"bridge": bridge, "entrance": words.entrance(step, names)}
        return self.said(wording.saying(wording.ENTERED, **params), step.bridge)

    def _chips(self, step: Step, names: Names) -> Iterable[Chip]:
        for change in words.changed(step.changes, names):
            yield Chip(
                self.said(wording.saying(wording.VALUE, value=change.name), step.bridge),
                shown(self.say.text(change.before)),
                shown(self.say.text(change.after)),
                self.said(wording.saying(wording.VALUE, value=change.meaning), step.bridge)
                if change.meaning is not None
                else (),
            )
        for number in (event.resumes for event in step.events if event.resumes is not None):
            resumed: Pass | None = self._passes.get(number)
            if resumed is not None and resumed.ct_state is not None:
                name = wording.saying(wording.VALUE, value=Ref("field", "ct_state"))
                yield Chip(
                    self.said(name, step.bridge),
                    self.say.text(wording.UNTRACKED),
                    resumed.ct_state,
                    (self.say.text(wording.ASSUMED_VALUE),) if resumed.assumed else (),
                    resumed.assumed,
                )

    def _copies(self, step: Step, names: Names) -> Iterable[CopyRow]:
        for event in step.events:
            for copy in words.copies(event, self.trace, self.place.network, names):
                yield CopyRow(
                    self.said(wording.saying(wording.VALUE, value=copy.port), step.bridge),
                    self.said(copy.fate, step.bridge),
                    copy.taken,
                )

    def _remarks(self, step: Step) -> Iterable[Pieces]:
        events: Sequence[Event] = step.events
        for event in events:
            for remark in event.remarks:
                if remark.code is RemarkCode.FORK:
                    continue  # the reading says it
                yield self.said(traces.remark(remark), step.bridge)

    def assumed(self) -> Iterable[Pieces]:
        """Each assumption once, with the steps in which it was made."""
        for group in _alike(self.trace.assumptions):
            steps = dict.fromkeys(str(one.step + 1) for one in group if one.step is not None)
            told = self.said(traces.assumption(group[0], _bridges(group)))
            if not steps:
                yield told
                continue
            template = wording.IN_STEP if len(steps) == 1 else wording.IN_STEPS
            where = self.say.text(wording.saying(template, steps=", ".join(steps)))
            yield (*told, f" {where}")

    def ends(self) -> Iterable[EndRow]:
        for number, effect in enumerate(self.trace.outs, len(self.trace.steps) + 1):
            told = words.end(effect, self.place.network, self.names(effect.bridge))
            yield EndRow(number, self.said(told, effect.bridge))

    def _raw(self, step: Step) -> Pieces:
        dump = self.dumps.get(step.bridge)
        if step.flow is None or dump is None:
            return ()
        capture = dump.capture_of(step.flow)
        marks = capture.marks_of((step.flow,))
        self._bridge = step.bridge
        return pieces_of(step.flow.span, capture.source, marks, self._mark, redact=self.redact)

    def _ref(self, ref: Ref) -> str | None:
        return self._known(
            entity_of_ref(ref, self.place.network, bridge=self._bridge, others=self.place.others)
        )

    def _mark(self, mark: Mark) -> str | None:
        dump = self.dumps[self._bridge or next(iter(self.dumps))]
        return self._known(
            entity_of_mark(
                mark,
                dump.captures[0],
                self.place.network,
                others=self.place.others,
                host=self.place.key,
            )
        )

    def _known(self, entity: Entity | None) -> str | None:
        if entity is None:
            return None
        self.entities.setdefault(entity.key, entity)
        return entity.key
