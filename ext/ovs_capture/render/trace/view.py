"""A trace as a page shows it: the packet, the verdict, what was assumed, the steps, the picture.

Lives here: the messages of ``explain.packet_way`` and the readings of the flows said in the page's
language. Does not live here: how a packet is traced (``trace``), how any builder writes it.
"""

import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ...diagram.passage import around_passage, passage
from ...diagram.scene import Scene
from ...explain import packet_way as words
from ...explain import trace_steps
from ...explain.message import Message, Ref, RefKind
from ...explain.names import Names
from ...explain.pipeline import Pipeline
from ...explain.trace_steps import S, ToldStep
from ...formats.base import Kind, Mark
from ...formats.ofp_reply import KINDS
from ...openflow.match import match_tokens
from ...printable import shown
from ...subjects.dumps import Dump
from ...trace.result import Step, Trace
from ...translation import Translator
from .. import wording
from ..capture.annotate import pieces_of, said
from ..capture.meaning import Seen
from ..library.captures import Place
from ..pictures.logical import LogicalView
from ..pictures.physical import PictureView, picture_view
from ..pictures.table_graph import GraphView, graph_of_way
from ..tokens import joined
from ..view import Piece, Pieces, Tip, Token, plain


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
class RunRow:
    """Steps in a row in which nothing applies, told in one sentence; ``steps``: each of them."""

    words: Pieces
    steps: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class EndRow:
    """Where one copy ends."""

    number: int
    words: Pieces


@dataclass(frozen=True, slots=True)
class TraceView:
    """The whole figure. ``claim``: what ``:expect:`` says, "" for nothing; ``holds``: is it so?

    ``command``: asks the switch or OVN itself; ``tool``: what readers call it.
    ``graphs``: of the tables of each bridge that has several, with the way of the packet.
    """

    language: str
    where: str
    packet: Pieces
    command: str
    tool: str
    verdict: Pieces
    extent: Pieces
    assumed: tuple[Pieces, ...]
    steps: tuple[StepRow | RunRow, ...]
    ends: tuple[EndRow, ...]
    final: Pieces
    picture: PictureView | LogicalView | None
    graphs: tuple[GraphView, ...] = ()
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
    alt: str = "",
    width: str = "",
) -> TraceView:
    """A trace of the host ``place``; ``dumps``: of its bridges, ``scene``: its picture.

    ``packet``: as the author wrote it. ``alt``, ``width``: of the picture.
    """
    teller = _Teller(trace, dumps, place, Translator(language), anchor, redact)
    first = trace.steps[0].bridge if trace.steps else ""
    given, final = teller.packet(packet or trace.packet, first), teller.packet(trace.final, first)
    steps = tuple(teller.steps())
    ends = tuple(teller.ends())
    return TraceView(
        language=teller.say.language,
        where=place.network.title_in(language) if place.network else place.key,
        packet=given,
        command=command_of(trace, packet or trace.packet),
        tool="ofproto/trace",
        verdict=teller.said(words.verdict(trace, place.network, teller.names(trace.last_bridge))),
        extent=teller.said(words.extent(trace)),
        assumed=tuple(teller.assumed()),
        steps=steps,
        ends=ends,
        final=final,
        picture=_picture(scene, trace, place, language, alt=alt, width=width),
        graphs=tuple(_graphs(trace, dumps, place, language)),
        tips=teller.seen.tips(language),
        claim=claim,
        holds=holds,
        caption=caption,
    )


def command_of(trace: Trace, packet: str) -> str:
    """The command that asks the switch itself."""
    bridge = trace.steps[0].bridge if trace.steps else "BRIDGE"
    states = "".join(
        # It prints flags with | between them, and takes them with commas only.
        f" --ct-next {one.ct_state.replace('|', ',')}"
        for one in trace.passes[1:]
        if one.ct_state is not None
    )
    return f"ovs-appctl ofproto/trace {bridge} {shlex.quote(shown(packet))}{states} --names"


def _picture(
    scene: Scene, trace: Trace, place: Place, language: str, *, alt: str, width: str
) -> PictureView | None:
    if not scene.bridges:
        return None
    title = alt or Translator(language).text(wording.PICTURE_OF_WAY)
    way = passage(scene, trace)
    part = around_passage(scene, way)
    view = picture_view(part, [place], language=language, alt=title, width=width, passage=way)
    return replace(view, folds=(), tips=())


def _graphs(
    trace: Trace, dumps: Mapping[str, Dump], place: Place, language: str
) -> Iterable[GraphView]:
    """A graph for each bridge whose tables are worth one."""
    for bridge in dict.fromkeys(step.bridge for step in trace.steps):
        taken = [s.flow for s in trace.steps if s.bridge == bridge and s.flow is not None]
        if bridge in dumps and len({flow.table for flow in taken}) > _FEW_TABLES:
            yield graph_of_way(dumps[bridge], place, taken, language=language)


# A way through no more tables than these needs no graph.
_FEW_TABLES = 2


def step_row(
    told: ToldStep[S],
    anchor: str,
    said: Callable[[Message], Pieces],
    say: Translator,
    raw: Pieces,
) -> StepRow:
    """One step in the page's language; ``raw``: its flow as captured."""
    step = told.step

    def if_any(message: Message | None) -> Pieces:
        return () if message is None else said(message)

    return StepRow(
        anchor=f"{anchor}-step-{told.number}",
        number=told.number,
        table=said(told.table),
        role=say.text(told.role) if told.role else "",
        priority="" if step.priority is None else str(step.priority),
        reading=said(told.reading),
        purpose=if_any(told.purpose),
        chips=tuple(
            Chip(
                said(value.name),
                shown(say.text(value.before)),
                shown(say.text(value.after)),
                if_any(value.meaning),
                value.assumed,
            )
            for value in told.values
        ),
        copies=tuple(
            CopyRow(
                said(wording.saying(wording.VALUE, value=copy.port)),
                said(copy.fate),
                copy.taken,
            )
            for copy in told.copies
        ),
        remarks=tuple(map(said, told.remarks)),
        raw=raw,
        plain_raw=shown(plain(raw)),
        place="" if step.file is None else f"{step.file}:{step.line}",
        group=if_any(told.entered),
        tracked=told.tracked,
    )


# What a packet names that a page knows.
_NAMED: Mapping[Kind, RefKind] = {
    Kind.DEVICE: "device",
    Kind.MAC: "mac",
    Kind.ADDRESS: "address",
    Kind.VLAN: "vlan",
}


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
        self.seen = Seen(place)
        self._bridge: str | None = None

    def names(self, bridge: str) -> Names:
        dump = self.dumps.get(bridge)
        return dump.names if dump else Names(bridge, self.place.network)

    def said(self, message: Message, bridge: str | None = None) -> Pieces:
        self._bridge = bridge
        return said(message, self.say, self._ref)

    def packet(self, text: str, bridge: str) -> Pieces:
        """A packet with its names and addresses marked."""
        pieces: list[Piece] = []
        position = 0
        for first, last, role, value in match_tokens(text):
            pieces.append(shown(text[position:first]))
            kind = _NAMED.get(KINDS[role])
            known = None if kind is None else self.seen.ref(Ref(kind, value), bridge)
            pieces.append(Token(shown(text[first:last]), KINDS[role].value, known))
            position = last
        pieces.append(shown(text[position:]))
        return joined(pieces)

    def steps(self) -> Iterable[StepRow | RunRow]:
        told = trace_steps.told_steps(self.trace, self.place.network, self._known_of)
        for run in trace_steps.runs(told):
            rows = tuple(map(self._step, run))
            if len(rows) == 1:
                yield rows[0]
            else:
                yield RunRow(self.said(trace_steps.run_words(run), run[0].step.bridge), rows)

    def _known_of(self, bridge: str) -> tuple[Names, Pipeline | None]:
        dump = self.dumps.get(bridge)
        return self.names(bridge), dump.pipeline if dump else None

    def _step(self, told: ToldStep[Step]) -> StepRow:
        step = told.step
        raw = self._raw(step)

        def told_here(message: Message) -> Pieces:
            return self.said(message, step.bridge)

        return step_row(told, self.anchor, told_here, self.say, raw)

    def assumed(self) -> Iterable[Pieces]:
        for message in trace_steps.assumed(self.trace, ":ct-next:"):
            yield self.said(message)

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
        return self.seen.ref(ref, self._bridge)

    def _mark(self, mark: Mark) -> str | None:
        dump = self.dumps[self._bridge or next(iter(self.dumps))]
        return self.seen.mark(mark, dump.captures[0])
