"""A dump as the parts of a flows page: totals, the recognised pipeline, one view a table.

Lives here: the structures of ``explain`` said in the page's language. What is said and in which
order is theirs.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from ... import knowledge
from ...explain import tables
from ...explain.entities import entity_of_name
from ...explain.flows import reading
from ...explain.groups import Column
from ...explain.message import (
    Message,
    Param,
    Ref,
    Series,
)
from ...explain.pipeline import (
    Evidence,
    Pipeline,
)
from ...explain.tables import (
    TableSection,
    Way,
    sections,
    totals,
    way_words,
)
from ...formats.base import (
    Mark,
    collector_paused,
)
from ...formats.reading import Capture
from ...openflow.flow import Flow
from ...openflow.graph import table_graph
from ...printable import shown
from ...subjects.dumps import Dump
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
    ClueRow,
    FilterView,
    FlowRow,
    GroupRow,
    IdleRun,
    Piece,
    Pieces,
    PipelineView,
    TableView,
    Token,
    Totals,
    plain,
)

IDLE = ("show", "fold", "hide")
UNRECOGNISED = Message("Unrecognised pipeline: flows are read, but what they are for is not told.")


@dataclass(frozen=True)
class TableSheet:
    """A table of the page: its title, its view, and the entity that it tells of."""

    number: int
    title: str
    view: TableView
    entity: str | None


@dataclass(frozen=True)
class FlowsPage:
    """All parts, in order."""

    totals: Totals
    pipeline: PipelineView
    filter: FilterView
    sheets: tuple[TableSheet, ...]


@dataclass(frozen=True)
class Asked:
    """What the directive's options chose. ``flows``: those to tell, None for all.

    ``limit``: no more than so many, those with most packets; 0 for all.
    """

    idle: str = "fold"
    tables: frozenset[int] | None = None
    flows: frozenset[int] | None = None
    limit: int = 0

    def of(self, flows: Sequence[Flow]) -> frozenset[int] | None:
        """Places of the flows that have rows."""
        places: Iterable[int] = range(len(flows)) if self.flows is None else sorted(self.flows)
        if self.tables is not None:
            places = [place for place in places if flows[place].table in self.tables]
        if self.limit:
            # The sort is stable: of flows with as many packets the first are told.
            places = sorted(places, key=lambda place: -(flows[place].n_packets or 0))[: self.limit]
        everything = self.flows is None and self.tables is None and not self.limit
        return None if everything else frozenset(places)


@collector_paused()
def flows_page(
    dump: Dump,
    place: Place,
    *,
    language: str,
    anchor: str,
    asked: Asked,
    redact: bool = True,
    notes: Iterable[Message] = (),
) -> FlowsPage:
    """The parts of a page about ``dump``. ``anchor``: begins the ids of tables and flows.

    ``notes``: what else the reader must know of it.
    """
    chosen = asked.of(dump.flows)
    teller = _Teller(dump, place, Translator(language), anchor, asked, redact, chosen)
    graph = table_graph(dump.flows)
    found = sections(dump.flows, dump.pipeline, dump.names, graph, grouped=True, chosen=chosen)
    teller.mark(found)
    return FlowsPage(
        teller.totals(notes),
        pipeline_view(dump.pipeline, teller.say),
        teller.filter(found),
        tuple(
            teller.sheet(section)
            for section in found
            if asked.tables is None or section.number in asked.tables
        ),
    )


def about_port(dump: Dump, port: str) -> frozenset[int]:
    """Places in the dump of the flows that have to do with a port, or with whom it belongs to."""
    subject = dump.names.port(port)
    wanted = {port, *(word for ref in (subject.owner,) if ref for word in (ref.value, ref.shown))}
    found = set()
    for index, flow in enumerate(dump.flows):
        words = {w for ref in _refs(reading(flow, dump.names)) for w in ref}
        if words & wanted:
            found.add(index)
    return frozenset(found)


def _refs(param: Param) -> Iterable[tuple[str, str]]:
    match param:
        case Ref():
            yield param.value, param.shown
        case Message():
            for inner in param.params.values():
                yield from _refs(inner)
        case Series():
            for inner in param.items:
                yield from _refs(inner)


class _Teller:
    """Says the parts of one page."""

    def __init__(
        self,
        dump: Dump,
        place: Place,
        say: Translator,
        anchor: str,
        asked: Asked,
        redact: bool,
        chosen: frozenset[int] | None,
    ) -> None:
        self.dump, self.place, self.say, self.anchor = dump, place, say, anchor
        self.asked, self.redact, self.chosen = asked, redact, chosen
        self._seen = Seen(place)
        self._index = {id(flow): index for index, flow in enumerate(dump.flows)}
        self._marks: dict[int, tuple[Mark, ...]] = {}
        self._many = False
        self._texts: dict[int, str] = {}

    def mark(self, found: Iterable[TableSection]) -> None:
        """Find the tokens of the flows whose text the page shows; finding all would take long."""
        shown: dict[int, list[Flow]] = {}
        for flow in (flow for section in found for row in section.rows for flow in _shown(row)):
            shown.setdefault(id(self.dump.capture_of(flow)), []).append(flow)
        for capture in self.dump.captures:
            self._marks[id(capture)] = capture.marks_of(shown.get(id(capture), ()))

    def filter(self, found: Sequence[TableSection]) -> FilterView:
        """Counts of the flows that have rows."""
        flows = self.dump.flows
        told = flows if self.chosen is None else [flows[place] for place in self.chosen]
        idle = sum(1 for flow in told if flow.n_packets == 0)
        if self.asked.idle == "hide":
            told, idle = [flow for flow in told if flow.n_packets != 0], 0
        return FilterView(self.say.language, (len(told), len(told) - idle, idle))

    def totals(self, notes: Iterable[Message] = ()) -> Totals:
        counted = totals(self.dump.flows)
        say = self.say.text
        items = [
            (number(counted.flows), say(wording.FLOWS_TOTAL)),
            (number(counted.tables), say(wording.TABLES_TOTAL)),
        ]
        if counted.packets is not None:
            items += [
                (number(counted.matched), say(wording.MATCHED_TOTAL)),
                (number(counted.packets), say(wording.RECEIVED_TOTAL)),
            ]
        said = [say(note) for note in notes]
        if self.chosen is not None and self.asked.limit == len(self.chosen):
            told: dict[str, Param] = {
                "told": number(len(self.chosen)),
                "count": number(counted.flows),
                "limit": number(self.asked.limit),
            }
            said.append(say(wording.saying(wording.LEFT_OUT_OF_PAGE, **told)))
        return Totals(self.say.language, tuple(items), tuple(said))

    def sheet(self, section: TableSection) -> TableSheet:
        self._seen, self._many = Seen(self.place), False
        rows = tuple(self._rows(section))
        view = TableView(
            language=self.say.language,
            lead=self._said(section.lead) if section.lead else (),
            meta=tuple(self._meta(section)),
            rows=rows,
            constant=section.constant or "",
            number=section.number,
            left_out=self._left_out(section),
            raw=(raw_name(self.dump), self.say.text(wording.DUMP_TEXT)) if self._many else None,
        )
        return TableSheet(
            section.number,
            self._title(section),
            replace(view, tips=self._seen.tips(self.say.language)),
            self._table_key(section.number),
        )

    def _title(self, section: TableSection) -> str:
        role = section.role or section.name
        if role is None:
            return self.say.text(wording.saying(wording.TABLE_PLAIN, number=section.number))
        titled = wording.saying(wording.TABLE_TITLE, number=section.number, role=role)
        return self.say.text(titled)

    def _table_key(self, table: int) -> str | None:
        entity = entity_of_name(
            "table", str(table), self.place.network, bridge=self.dump.bridge, host=self.place.key
        )
        return entity.key if entity else None

    def _meta(self, section: TableSection) -> Iterable[tuple[str, Pieces]]:
        say = self.say.text
        if section.origins:
            yield say(wording.FROM), self._ways(section.origins)
        if section.destinations:
            yield say(wording.TO), self._ways(section.destinations)
        flows = number(section.flows)
        if section.packets is not None:
            params: dict[str, Param] = {"count": flows, "matched": number(section.matched)}
            flows = say(wording.saying(wording.FLOWS_MATCHED, **params))
        yield say(wording.FLOWS), (flows,)
        if section.packets is not None:
            counts: dict[str, Param] = {
                "packets": number(section.packets),
                "bytes": size(section.bytes or 0),
            }
            counted = section.packets and section.bytes is not None
            words = wording.saying(wording.PACKETS_BYTES, **counts)
            yield say(wording.PACKETS), (say(words) if counted else number(section.packets),)

    def _left_out(self, section: TableSection) -> str:
        if not self.asked.limit or self.asked.flows is not None:
            return ""
        left_out = section.flows - sum(_count(row) for row in section.rows)
        if not left_out:
            return ""
        return self.say.text(wording.saying(wording.LEFT_OUT_OF_TABLE, count=number(left_out)))

    def _ways(self, ways: Sequence[Way]) -> Pieces:
        """``58 241  ct 72 124  NORMAL 14``: the meta line has room for numbers only."""
        pieces: list[Piece] = []
        for way in ways:
            if pieces:
                pieces.append("\N{EM SPACE}")
            pieces += self._way(way, short=True)
            if way.packets is not None:
                pieces += ["\N{NO-BREAK SPACE}", Token(number(way.packets), "counter")]
        return joined(pieces)

    def _way(self, way: Way, *, short: bool = False) -> Pieces:
        if short and way.table is not None:
            token = Token(str(way.table), "table", self._ref(Ref("table", str(way.table))))
            return (
                (f"{way.kind}\N{NO-BREAK SPACE}", token)
                if way.kind in ("ct", "learn")
                else (token,)
            )
        pieces = self._said(way_words(way, self.dump.names))
        return (Token(plain(pieces), "drop"),) if way.kind == "drop" else pieces

    def _rows(self, section: TableSection) -> Iterable[FlowRow | GroupRow | IdleRun]:
        for row in section.rows:
            if not isinstance(row, tables.IdleRun):
                yield self._one(row)
                continue
            if self.asked.idle == "hide":
                continue
            told = tuple(self._one(one) for one in row.rows)
            if self.asked.idle == "show":
                yield from told
                continue
            first, last = row.priorities
            yield IdleRun(
                priority=str(first) if first == last else f"{first}\N{EN DASH}{last}",
                reading=self._said(row.short),
                words=self.say.text(wording.saying(wording.IDLE, count=number(_count(row)))),
                rows=told,
            )

    def _one(self, row: tables.FlowRow | tables.FlowGroup) -> FlowRow | GroupRow:
        return self._group(row) if isinstance(row, tables.FlowGroup) else self._flow(row)

    def _onward(self, row: tables.FlowRow | tables.FlowGroup) -> Pieces:
        onward: list[Piece] = []
        for way in row.ways:
            onward += ["\n" if onward else "", "→ ", *self._way(way)]
        return joined(onward)

    def _group(self, row: tables.FlowGroup) -> GroupRow:
        told = self._said(row.reading)
        purpose = self._said(row.purpose.message) if row.purpose else ()
        heads = [self.say.text(wording.LINE), *(self.say.text(c.head) for c in row.columns)]
        if row.packets is not None:
            heads.append(self.say.text(wording.PACKETS_COLUMN))
        common = GroupRow(
            anchor=self._anchor(row.flow),
            priority=str(row.flow.priority),
            reading=told,
            purpose=purpose,
            next=self._onward(row),
            packets="" if row.packets is None else number(row.packets),
            bytes="" if row.bytes is None else size(row.bytes),
            share=row.share,
            words=self.say.text(wording.saying(wording.SAME_SHAPE, count=number(len(row.flows)))),
            heads=tuple(heads),
            count=len(row.flows),
            entities=entities_of(told, purpose),
        )
        if len(row.flows) > MOST_CELLS:
            self._many = True
            return replace(common, lines=self._lines(row, heads))
        raw: list[Piece] = []
        for flow in row.flows:
            raw += ["\n" if raw else "", *self._raw(flow)]
        cells = tuple(self._cells(row))
        return replace(
            common,
            cells=cells,
            raw=joined(raw),
            entities=entities_of(told, purpose, raw, *(piece for line in cells for piece in line)),
            plain_raw=shown(plain(tuple(raw))),
        )

    def _cells(self, row: tables.FlowGroup) -> Iterable[tuple[Pieces, ...]]:
        said = [
            {value: self._said(param) for value, param in column.told.items()}
            for column in row.columns
        ]
        for place, flow in enumerate(row.flows):
            values = [
                words[column.values[place]] for words, column in zip(said, row.columns, strict=True)
            ]
            counted = () if row.packets is None else ((number(flow.n_packets or 0),),)
            yield ((str(self._line(flow)),), *values, *counted)

    def _lines(self, row: tables.FlowGroup, heads: Sequence[str]) -> str:
        """Columns as text, the first line of heads."""
        columns = [[str(self._line(flow)) for flow in row.flows]]
        columns += [self._words(column) for column in row.columns]
        if row.packets is not None:
            columns.append([flow.statistics.get("n_packets", "") for flow in row.flows])
        form = []
        last = len(columns) - 1
        for place, (head, column) in enumerate(zip(heads, columns, strict=True)):
            width = max(len(head), *map(len, set(column)))
            # Numbers of lines and packets stand at the right.
            right = place == 0 or (place == last and row.packets is not None)
            form.append(f"%{width}s" if right else f"%-{width}s")
        line = "  ".join(form)
        return "\n".join([line % one for one in (tuple(heads), *zip(*columns, strict=True))])

    def _words(self, column: Column) -> list[str]:
        words = {}
        for value, param in column.told.items():
            # Groups share the params of values, and keep them alive.
            text = self._texts.get(id(param))
            if text is None:
                text = self._texts[id(param)] = shown(self.say.text(param))
            words[value] = text
        return [words[value] for value in column.values]

    def _line(self, flow: Flow) -> int:
        return self.dump.capture_of(flow).source.place(flow.span.start)[0]

    def _anchor(self, flow: Flow) -> str:
        return f"{self.anchor}-flow-{self._index[id(flow)] + 1}"

    def _raw(self, flow: Flow) -> Pieces:
        capture = self.dump.capture_of(flow)
        marks = self._marks[id(capture)]
        return pieces_of(flow.span, capture.source, marks, self._mark, redact=self.redact)

    def _flow(self, row: tables.FlowRow) -> FlowRow:
        flow = row.flow
        raw = self._raw(flow)
        told = self._said(row.reading)
        purpose = self._said(row.purpose.message) if row.purpose else ()
        return FlowRow(
            anchor=self._anchor(flow),
            priority=str(flow.priority),
            reading=told,
            purpose=purpose,
            next=self._onward(row),
            packets="" if flow.n_packets is None else number(flow.n_packets),
            bytes="" if flow.n_bytes is None else size(flow.n_bytes),
            share=row.share,
            raw=raw,
            entities=entities_of(told, purpose, raw),
            plain_raw=shown(plain(raw)),
        )

    def _said(self, param: Param) -> Pieces:
        return said(param, self.say, self._ref)

    def _ref(self, ref: Ref) -> str | None:
        return self._seen.ref(ref, self.dump.bridge)

    def _mark(self, mark: Mark) -> str | None:
        return self._seen.mark(mark, self.dump.captures[0])


# A group of more flows has a line of text for each instead of a row of cells.
MOST_CELLS = 24


def _shown(row: tables.Row) -> Iterable[Flow]:
    """The flows of a row whose text the page shows."""
    match row:
        case tables.IdleRun():
            for one in row.rows:
                yield from _shown(one)
        case tables.FlowGroup():
            if len(row.flows) <= MOST_CELLS:
                yield from row.flows
        case _:
            yield row.flow


def _count(row: tables.Row) -> int:
    match row:
        case tables.IdleRun():
            return sum(_count(one) for one in row.rows)
        case tables.FlowGroup():
            return len(row.flows)
    return 1


def entities_of(*told: Iterable[Piece]) -> tuple[str, ...]:
    """What pieces name, each once."""
    return tuple(
        dict.fromkeys(
            piece.entity
            for pieces in told
            for piece in pieces
            if isinstance(piece, Token) and piece.entity
        )
    )


def raw_name(dump: Dump) -> str:
    """The name under which the text of a dump lies beside the pages."""
    return file_name(dump.captures[0])


def file_name(capture: Capture) -> str:
    """The name under which the text of a capture lies beside the pages."""
    source = capture.source
    name = source.name.removesuffix(".gz").removesuffix(".txt")
    digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{digest}-{_UNSAFE.sub('-', name.rsplit('/', 1)[-1])}.txt"


_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def pipeline_view(pipeline: Pipeline | None, say: Translator) -> PipelineView:
    """What was recognised and by what; that nothing was is said in the same box."""
    if pipeline is None:
        return PipelineView(say.language, say.text(UNRECOGNISED), "", "", ())
    bounds = [v for one in pipeline.evidence for v in (one.since, one.until) if v is not None]
    axis = _Axis(bounds, pipeline.releases) if bounds else None
    return PipelineView(
        language=say.language,
        title=say.text(pipeline.title),
        detail=say.text(pipeline.driver) if pipeline.driver else "",
        version=say.text(pipeline.version) if pipeline.version else "",
        rows=tuple(_clue(one, say, axis) for one in pipeline.evidence),
        axis=axis.ticks if axis else (),
        band=axis.band if axis else None,
    )


def _clue(evidence: Evidence, say: Translator, axis: "_Axis | None") -> ClueRow:
    return ClueRow(
        found=evidence.shape,
        meaning=said(evidence.meaning, say, lambda ref: None),
        span=axis.span(evidence.since, evidence.until) if axis else None,
        fits=evidence.fits,
    )


class _Axis:
    """Releases on a line from 0 to 1; each major takes one step."""

    def __init__(self, bounds: Sequence[int], releases: Sequence[int]) -> None:
        known = sorted(int(major) for major in knowledge.table("openstack_releases")["neutron"])
        lowest = min((*bounds, *releases))
        self.first = max(known[0], lowest - 2)
        self.last = known[-1]
        every = max(1, round((self.last - self.first) / 4))
        self.ticks = tuple(
            (str(major), self._place(major + 0.5))
            for major in range(self.first, self.last + 1)
            if major % every == 0
        )
        concluded = releases and (releases[0], releases[-1]) != (known[0], known[-1])
        self.band = self.span(releases[0], releases[-1]) if concluded else None

    def _place(self, major: float) -> float:
        place = (major - self.first) / (self.last + 1 - self.first)
        return min(1.0, max(0.0, place))

    def span(self, since: int | None, until: int | None) -> tuple[float, float] | None:
        if since is None and until is None:
            return None
        start = self.first if since is None else since
        end = self.last if until is None else until
        return self._place(start), self._place(end + 1)


def number(count: int) -> str:
    return f"{count:,}"


def size(count: int) -> str:
    """Bytes as people read them, in powers of 1000: ``252 B``, ``14.3 kB``."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.95 or unit == "TB":
            return f"{value:,.1f} {unit}"
    raise AssertionError("the last unit takes everything")
