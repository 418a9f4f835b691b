"""A listing of logical flows as the parts of a page: totals, then each pipeline's stages.

Lives here: the structures of ``explain.logical`` said in the page's language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ...explain.logical.listing import (
    Part,
    Passage,
    Row,
    Stage,
    all_stages,
    parts,
)
from ...explain.logical.names import pipeline_key
from ...explain.logical.titles import (
    part_title,
    passage_words,
    stage_title,
)
from ...explain.logical.versions import told as versions_told
from ...explain.logical.ways import ways
from ...explain.message import (
    Message,
    Param,
    Ref,
)
from ...formats.base import Mark
from ...logical.flow import LogicalFlow
from ...printable import shown
from ...subjects.listings import Listing
from ...translation import Translator
from .. import wording
from ..capture.annotate import (
    pieces_of,
    said,
)
from ..capture.meaning import Seen
from ..library.captures import Place
from ..tokens import joined
from ..view import (
    FilterView,
    FlowRow,
    GroupRow,
    Piece,
    Pieces,
    TableView,
    Totals,
    plain,
)
from .page import (
    MOST_CELLS,
    entities_of,
    number,
)


@dataclass(frozen=True)
class Asked:
    """What the page is to tell; None: all. ``stages``: tables by number, or stages by name.

    ``datapaths``: their names, or what people call them. ``flows``: places in the listing.
    """

    stages: frozenset[int | str] | None = None
    datapaths: frozenset[str] | None = None
    flows: frozenset[int] | None = None

    def of(self, listing: Listing) -> tuple[LogicalFlow, ...]:
        """The flows that are told."""
        return tuple(
            flow
            for place, flow in enumerate(listing.flows)
            if (self.flows is None or place in self.flows)
            and (self.datapaths is None or not self.datapaths.isdisjoint(datapath_words(flow)))
            and (self.stages is None or not self.stages.isdisjoint((flow.table, flow.stage)))
        )


def datapath_words(flow: LogicalFlow) -> frozenset[str]:
    """Everything by which an author may name the datapath of a flow."""
    head = flow.datapath
    words = () if head is None else (head.alias, head.name, head.uuid)
    return frozenset(word for word in words if word)


@dataclass(frozen=True)
class StageSheet:
    """A stage of the page: its title and its view; of stages that hand on, their one line."""

    title: str
    view: TableView | None
    anchor: str = ""


@dataclass(frozen=True)
class PartSheet:
    """A pipeline of the page."""

    title: str
    sheets: tuple[StageSheet, ...]


@dataclass(frozen=True)
class ListingPage:
    """All parts, in order. ``many``: is there a group whose text the page does not repeat?"""

    totals: Totals
    filter: FilterView
    parts: tuple[PartSheet, ...]
    many: bool


def listing_page(
    listing: Listing,
    place: Place,
    *,
    language: str,
    anchor: str,
    raw: str,
    limit: int = 0,
    asked: Asked | None = None,
    redact: bool = True,
) -> ListingPage:
    """The parts of a page. ``anchor``: begins the ids of stages and flows; ``raw``: the name of the
    listing's text beside the page. ``limit``: no more flows than so many.
    """
    teller = _Teller(listing, place, Translator(language), anchor, raw, redact)
    asked = asked or Asked()
    found = parts(asked.of(listing), listing.names, limit=limit)
    teller.mark(found)
    sheets = tuple(teller.part(part, at, asked.stages is None) for at, part in enumerate(found))
    sheets = tuple(sheet for sheet in sheets if sheet.sheets)
    flows = sum(part.flows for part in found)
    return ListingPage(
        teller.totals(found, limit),
        FilterView(language, (flows, flows, 0), counted=False),
        sheets,
        teller.many,
    )


class _Teller:
    """Says the parts of one page."""

    def __init__(
        self,
        listing: Listing,
        place: Place,
        say: Translator,
        anchor: str,
        raw: str,
        redact: bool,
    ) -> None:
        self.listing, self.place, self.say, self.anchor = listing, place, say, anchor
        self.raw, self.redact, self.many = raw, redact, False
        self._index = {id(flow): index for index, flow in enumerate(listing.flows)}
        self._marks: tuple[Mark, ...] = ()
        self._seen = Seen(place)

    def mark(self, found: Iterable[Part]) -> None:
        """Find the tokens of the flows whose text the page shows; finding all would take long."""
        flows = [
            flow
            for part in found
            for one in part.stages
            for stage in all_stages(one)
            for row in stage.rows
            if len(row.flows) <= MOST_CELLS
            for flow in row.flows
        ]
        self._marks = self.listing.capture.marks_of(flows)

    def totals(self, found: Sequence[Part], limit: int) -> Totals:
        say = self.say.text
        stages = {flow.stage for flow in self.listing.flows}
        datapaths = {pipeline_key(flow)[0] for flow in self.listing.flows}
        items = (
            (number(len(self.listing.flows)), say(Message("logical flows", context="total"))),
            (number(len(datapaths)), say(Message("datapaths", context="total"))),
            (number(len(stages)), say(Message("stages", context="total"))),
        )
        notes = [say(versions_told(self.listing.names.versions))]
        if limit and len(self.listing.flows) > limit:
            params: dict[str, Param] = {
                "told": number(limit),
                "count": number(len(self.listing.flows)),
            }
            notes.append(
                say(
                    Message(
                        "The first %(told)s of %(count)s logical flows are told: the page is "
                        "limited to so many.",
                        params,
                    )
                )
            )
        return Totals(self.say.language, items, tuple(notes))

    def part(self, part: Part, at: int, passages: bool) -> PartSheet:
        """``passages``: may stages that hand everything on be told in one line?"""
        sheets = []
        for one in part.stages:
            if not passages:
                sheets += [self._stage(stage, at) for stage in all_stages(one)]
            elif isinstance(one, Passage):
                sheets.append(StageSheet(self.say.text(passage_words(one)), None))
            else:
                sheets.append(self._stage(one, at))
        return PartSheet(self.say.text(part_title(part)), tuple(sheets))

    def _stage(self, stage: Stage, at: int) -> StageSheet:
        self._seen = Seen(self.place)
        many, self.many = self.many, False
        rows = tuple(self._row(row) for row in stage.rows)
        here, self.many = self.many, self.many or many
        view = TableView(
            language=self.say.language,
            lead=() if stage.lead is None else self._said(stage.lead),
            meta=((self.say.text(wording.FLOWS), (number(stage.flows),)),),
            rows=rows,
            constant=stage.name,
            number=stage.table,
            raw=(self.raw, self.say.text(LISTING_TEXT)) if here else None,
        )
        return StageSheet(
            self.say.text(stage_title(stage)),
            replace(view, tips=self._seen.tips(self.say.language)),
            f"{self.anchor}-{at + 1}-{stage.table}",
        )

    def _row(self, row: Row) -> FlowRow | GroupRow:
        told = self._said(row.reading)
        purpose = self._said(row.purpose.message) if row.purpose else ()
        anchor = f"{self.anchor}-flow-{self._index[id(row.flow)] + 1}"
        if len(row.flows) == 1:
            raw = self._raw(row.flow)
            return FlowRow(
                anchor=anchor,
                priority=str(row.flow.priority),
                reading=told,
                purpose=purpose,
                next=self._onward(row),
                packets="",
                bytes="",
                share=None,
                raw=raw,
                entities=entities_of(told, purpose, raw),
                plain_raw=shown(plain(raw)),
            )
        heads = (
            self.say.text(wording.LINE),
            *(self.say.text(column.head) for column in row.columns),
        )
        group = GroupRow(
            anchor=anchor,
            priority=str(row.flow.priority),
            reading=told,
            purpose=purpose,
            next=self._onward(row),
            packets="",
            bytes="",
            share=None,
            words=self.say.text(wording.saying(wording.SAME_SHAPE, count=number(len(row.flows)))),
            heads=heads,
            count=len(row.flows),
            entities=entities_of(told, purpose),
        )
        if len(row.flows) > MOST_CELLS:
            self.many = True
            return replace(group, lines=self._lines(row, heads))
        cells = tuple(self._cells(row))
        pieces: list[Piece] = []
        for flow in row.flows:
            pieces += ["\n" if pieces else "", *self._raw(flow)]
        raw = joined(pieces)
        return replace(
            group,
            cells=cells,
            raw=raw,
            entities=entities_of(told, purpose, raw, *(p for line in cells for p in line)),
            plain_raw=shown(plain(raw)),
        )

    def _onward(self, row: Row) -> Pieces:
        onward: list[Piece] = []
        seen: list[tuple[Param, ...]] = []
        for flow in row.flows:
            told = ways(flow, self.listing.names)
            if told in seen:
                continue
            seen.append(told)
            if len(seen) > FEW_WAYS:
                return ()
            for way in told:
                onward += ["\n" if onward else "", "→ ", *self._said(way)]
        return joined(onward)

    def _cells(self, row: Row) -> Iterable[tuple[Pieces, ...]]:
        words = [
            {value: self._said(param) for value, param in column.told.items()}
            for column in row.columns
        ]
        for place, flow in enumerate(row.flows):
            values = [
                told[column.values[place]] for told, column in zip(words, row.columns, strict=True)
            ]
            yield ((str(self._line(flow)),), *values)

    def _lines(self, row: Row, heads: Sequence[str]) -> str:
        """Columns as text, the first line of heads."""
        columns = [[str(self._line(flow)) for flow in row.flows]]
        for column in row.columns:
            words = {value: shown(self.say.text(told)) for value, told in column.told.items()}
            columns.append([words[value] for value in column.values])
        widths = [
            max(len(head), *map(len, set(column)))
            for head, column in zip(heads, columns, strict=True)
        ]
        form = "  ".join([f"%{widths[0]}s", *(f"%-{width}s" for width in widths[1:])])
        return "\n".join([form % one for one in (tuple(heads), *zip(*columns, strict=True))])

    def _line(self, flow: LogicalFlow) -> int:
        return self.listing.capture.source.place(flow.span.start)[0]

    def _raw(self, flow: LogicalFlow) -> Pieces:
        source = self.listing.capture.source
        return pieces_of(flow.span, source, self._marks, self._mark, redact=self.redact)

    def _said(self, param: Param) -> Pieces:
        return said(param, self.say, self._ref)

    def _ref(self, ref: Ref) -> str | None:
        return self._seen.ref(ref)

    def _mark(self, mark: Mark) -> str | None:
        return self._seen.mark(mark, self.listing.capture)


# The flows of a group that go more ways than these tell them by their values.
FEW_WAYS = 2
LISTING_TEXT = Message("The listing as text")
