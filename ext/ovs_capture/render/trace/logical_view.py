"""A logical trace as a page shows it: the figure of a trace, with OVN's datapaths.

Lives here: the messages of ``explain.logical_steps`` said in the page's language, and the picture
of the logical network with the way. Does not live here: how any builder writes a trace.
"""

import shlex
from collections.abc import Iterator, Mapping

from ...diagram.logical.parts import logical_scene
from ...diagram.logical.passage import (
    around_passage,
    passage,
)
from ...explain.logical_steps import LogicalTelling
from ...explain.message import (
    Message,
    Ref,
    RefKind,
)
from ...explain.trace_steps import (
    ToldStep,
    run_words,
)
from ...formats.base import (
    Kind,
    Mark,
)
from ...formats.ovn_sbctl_lflow_list import LOGICAL_KINDS
from ...logical.match import match_tokens
from ...printable import shown
from ...subjects.southbound import Southbound
from ...trace.logical.result import (
    Step,
    Trace,
)
from ...trace.logical.state import State
from ...translation import Translator
from .. import wording
from ..capture.annotate import (
    pieces_of,
    said,
)
from ..capture.meaning import Seen
from ..library.captures import Place
from ..pictures.logical import (
    LogicalView,
    logical_view_of_way,
)
from ..tokens import joined
from ..view import (
    Piece,
    Pieces,
    Token,
)
from .view import (
    EndRow,
    RunRow,
    StepRow,
    TraceView,
    step_row,
)

# Where a page may say what was assumed.
_OPTIONS = {"ct": ":ct-next:", "lb-dst": ":lb-dst:"}


def logical_trace_view(
    trace: Trace,
    found: Southbound,
    place: Place,
    *,
    language: str,
    anchor: str,
    datapath: str,
    packet: str,
    options: str = "",
    claim: str = "",
    holds: bool = True,
    caption: str = "",
    redact: bool = True,
    alt: str = "",
    width: str = "",
) -> TraceView:
    """A trace that begins in ``datapath``; ``packet``: the microflow as the author wrote it.

    ``options``: of the command that asks OVN itself. ``alt``, ``width``: of the picture.
    """
    teller = _Teller(trace, found, place, Translator(language), anchor, redact)
    telling = teller.telling
    steps = tuple(teller.steps())
    ends = tuple(EndRow(number, teller.said(told)) for number, told in telling.ends())
    return TraceView(
        language=teller.say.language,
        where=place.network.title_in(language) if place.network else place.key,
        packet=teller.packet(packet),
        command=f"ovn-trace --detailed{options} {shlex.quote(datapath)} "
        f"{shlex.quote(shown(' '.join(packet.split())))}",
        tool="ovn-trace",
        verdict=teller.said(telling.verdict()),
        extent=teller.said(telling.extent()),
        assumed=tuple(map(teller.said, telling.assumed(_OPTIONS))),
        steps=steps,
        ends=ends,
        final=teller.packet(trace.final),
        picture=_picture(trace, found.state, place, language, alt=alt, width=width),
        tips=teller.seen.tips(language),
        claim=claim,
        holds=holds,
        caption=caption,
    )


def _picture(
    trace: Trace, state: State, place: Place, language: str, *, alt: str, width: str
) -> LogicalView | None:
    if place.network is None:
        return None
    scene = logical_scene(place.network.logical)
    way = passage(scene, trace, state)
    if not way.elements:
        return None
    part = around_passage(scene, way)
    title = alt or Translator(language).text(wording.PICTURE_OF_WAY)
    return logical_view_of_way(part, way, language=language, title=title, width=width)


# What a microflow names that a page knows.
_NAMED: Mapping[Kind, RefKind] = {
    Kind.DEVICE: "device",
    Kind.MAC: "mac",
    Kind.ADDRESS: "address",
}


class _Teller:
    """Says the parts of one trace."""

    def __init__(
        self,
        trace: Trace,
        found: Southbound,
        place: Place,
        say: Translator,
        anchor: str,
        redact: bool,
    ) -> None:
        self.found, self.place, self.say = found, place, say
        self.anchor, self.redact = anchor, redact
        self.telling = LogicalTelling(trace, found.names)
        self.seen = Seen(place)

    def said(self, message: Message) -> Pieces:
        return said(message, self.say, self._ref)

    def packet(self, text: str) -> Pieces:
        """A microflow with its ports and addresses marked."""
        pieces: list[Piece] = []
        position = 0
        for start, end, role, value in match_tokens(text):
            if (kind := LOGICAL_KINDS.get(role)) is None:
                continue
            known = self._ref(Ref(_NAMED[kind], value)) if kind in _NAMED else None
            pieces.append(shown(text[position:start]))
            pieces.append(Token(shown(text[start:end]), kind.value, known))
            position = end
        pieces.append(shown(text[position:]))
        return joined(pieces)

    def steps(self) -> Iterator[StepRow | RunRow]:
        for run in self.telling.runs():
            rows = tuple(map(self._step, run))
            if run[0].step.is_default:
                yield RunRow(self.said(run_words(run)), rows)
            else:
                yield rows[0]

    def _step(self, told: ToldStep[Step]) -> StepRow:
        return step_row(told, self.anchor, self.said, self.say, self._raw(told.step))

    def _raw(self, step: Step) -> Pieces:
        capture = self.found.capture_of(step) if step.flow else None
        if step.flow is None or capture is None:
            return ()
        marks = capture.marks_of((step.flow,))

        def mark_key(mark: Mark) -> str | None:
            return self.seen.mark(mark, capture)

        return pieces_of(step.flow.span, capture.source, marks, mark_key, redact=self.redact)

    def _ref(self, ref: Ref) -> str | None:
        return self.seen.ref(ref)
