"""A dump as the parts of a flows page: totals, the recognised pipeline, one view a table.

Lives here: the structures of ``explain`` said in the page's language. What is said and in which
order is theirs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .. import knowledge
from ..explain import tables
from ..explain.entities import Entity, entity_of_mark, entity_of_name, entity_of_ref
from ..explain.flows import reading
from ..explain.message import Message, Param, Ref, Series
from ..explain.pipeline import Evidence, Pipeline
from ..explain.tables import TableSection, Way, sections, totals, way_words
from ..formats.base import Mark
from ..openflow.flow import Flow
from ..openflow.graph import table_graph
from . import wording
from .annotate import pieces_of, said
from .captures import Place
from .dumps import Dump
from .markup import shown
from .meaning import tips_of
from .tokens import joined
from .translation import Translator
from .view import (
    ClueRow,
    FlowRow,
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
    sheets: tuple[TableSheet, ...]


@dataclass(frozen=True)
class Asked:
    """What the directive's options chose. ``flows``: those to tell, None for all."""

    idle: str = "fold"
    tables: frozenset[int] | None = None
    flows: frozenset[int] | None = None


def flows_page(
    dump: Dump, place: Place, *, language: str, anchor: str, asked: Asked, redact: bool = True
) -> FlowsPage:
    """The parts of a page about ``dump``. ``anchor``: begins the ids of tables and flows."""
    teller = _Teller(dump, place, Translator(language), anchor, asked, redact)
    graph = table_graph(dump.flows)
    found = sections(dump.flows, dump.pipeline, dump.names, graph)
    return FlowsPage(
        teller.totals(),
        pipeline_view(dump.pipeline, teller.say),
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
        self, dump: Dump, place: Place, say: Translator, anchor: str, asked: Asked, redact: bool
    ) -> None:
        self.dump, self.place, self.say, self.anchor = dump, place, say, anchor
        self.asked, self.redact = asked, redact
        self._entities: dict[str, Entity] = {}
        self._index = {id(flow): index for index, flow in enumerate(dump.flows)}

    def totals(self) -> Totals:
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
        return Totals(self.say.language, tuple(items))

    def sheet(self, section: TableSection) -> TableSheet:
        self._entities = {}
        rows = tuple(self._rows(section))
        view = TableView(
            language=self.say.language,
            lead=self._said(section.lead) if section.lead else (),
            meta=tuple(self._meta(section)),
            rows=rows,
            constant=section.constant or "",
        )
        entities = [(entity, self.place) for entity in self._entities.values()]
        return TableSheet(
            section.number,
            self._title(section),
            replace(view, tips=tips_of(entities, self.say.language)),
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

    def _ways(self, ways: Sequence[Way]) -> Pieces:
        """``58 241  ct 72 124  NORMAL 14``: the meta line has room for numbers only."""
        pieces: list[Piece] = []
        for way in ways:
            if pieces:
                pieces.append("\N{EM SPACE}")
            pieces += self._way(way, short=True)
            if way.packets is not None:
                pieces.append(f"\N{NO-BREAK SPACE}{number(way.packets)}")
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

    def _rows(self, section: TableSection) -> Iterable[FlowRow | IdleRun]:
        for row in section.rows:
            if isinstance(row, tables.FlowRow):
                if self._wanted(row.flow):
                    yield self._flow(row)
                continue
            kept = [one for one in row.rows if self._wanted(one.flow)]
            if not kept or self.asked.idle == "hide":
                continue
            told = tuple(self._flow(one) for one in kept)
            if self.asked.idle == "show":
                yield from told
                continue
            first, last = kept[0].flow.priority, kept[-1].flow.priority
            yield IdleRun(
                priority=str(first) if first == last else f"{first}\N{EN DASH}{last}",
                reading=self._said(row.short),
                words=self.say.text(wording.saying(wording.IDLE, count=number(len(kept)))),
                rows=told,
            )

    def _wanted(self, flow: Flow) -> bool:
        return self.asked.flows is None or self._index[id(flow)] in self.asked.flows

    def _flow(self, row: tables.FlowRow) -> FlowRow:
        flow = row.flow
        capture = self.dump.capture_of(flow)
        raw = pieces_of(flow.span, capture.source, capture.marks, self._mark, redact=self.redact)
        onward: list[Piece] = []
        for way in row.ways:
            onward += ["\n" if onward else "", "→ ", *self._way(way)]
        told = self._said(row.reading)
        purpose = self._said(row.purpose.message) if row.purpose else ()
        return FlowRow(
            anchor=f"{self.anchor}-flow-{self._index[id(flow)] + 1}",
            priority=str(flow.priority),
            reading=told,
            purpose=purpose,
            next=joined(onward),
            packets="" if flow.n_packets is None else number(flow.n_packets),
            bytes="" if flow.n_bytes is None else size(flow.n_bytes),
            share=row.share,
            raw=raw,
            entities=tuple(
                dict.fromkeys(
                    piece.entity
                    for piece in (*told, *purpose, *raw)
                    if isinstance(piece, Token) and piece.entity
                )
            ),
            plain_raw=shown(plain(raw)),
        )

    def _said(self, param: Param) -> Pieces:
        return said(param, self.say, self._ref)

    def _ref(self, ref: Ref) -> str | None:
        return self._known(
            entity_of_ref(
                ref, self.place.network, bridge=self.dump.bridge, others=self.place.others
            )
        )

    def _mark(self, mark: Mark) -> str | None:
        return self._known(
            entity_of_mark(
                mark,
                self.dump.captures[0],
                self.place.network,
                others=self.place.others,
                host=self.place.key,
            )
        )

    def _known(self, entity: Entity | None) -> str | None:
        if entity is None:
            return None
        self._entities.setdefault(entity.key, entity)
        return entity.key


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
