"""``ovs-flows``: the flows of a bridge, explained table by table."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from ...diagnostic import Code
from ...explain.message import Message, Param, Ref, Series
from ...explain.pipeline import Pipeline
from ...printable import one_line
from ...subjects.dumps import (
    Choice,
    Dump,
)
from ...translation import Translator
from .. import (
    report,
    wording,
)
from ..flows import dump_files
from ..flows.page import (
    IDLE,
    Asked,
    FlowsPage,
    TableSheet,
    about_port,
    flows_page,
    raw_name,
)
from ..flows.plain import (
    plain_pipeline,
    plain_table,
    plain_totals,
)
from ..library.captures import (
    Place,
    Unusable,
)
from ..links.domain import (
    NAMED,
    TOLD,
    Mention,
)
from ..pictures.table_graph import graph_view
from . import OvsDirective, asks_graph, dump_of
from .logical_flows import listing_nodes

# What a page has said of the pipeline of a host in a language, and where.
_Boxes = dict[tuple[str, str], tuple[Pipeline | None, str]]


class FlowsDirective(OvsDirective):
    """Totals, the recognised pipeline, and a section for each table."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "table": directives.unchanged_required,
        "port": directives.unchanged_required,
        "datapath": directives.unchanged_required,
        "idle": directives.unchanged_required,
        "graph": directives.unchanged_required,
        "lang": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        try:
            if (logical := listing_nodes(self)) is not None:
                return logical
            dump, place, choice = dump_of(self)
        except Unusable as problem:
            return self.refuse(problem)
        report.keep(self.env, self.library.diagnostics(place))
        for capture in dump.captures:
            report.keep(self.env, capture.parsed.diagnostics)
        base = nodes.make_id(f"{place.key}-{dump.bridge or 'flows'}")
        page = flows_page(
            dump,
            place,
            language=self.language,
            anchor=self.unique(base),
            asked=self._asked(dump),
            redact=self.library.settings.redact,
            notes=tuple(notes_of(choice)) if choice else (),
        )
        if any(sheet.view.raw for sheet in page.sheets):
            redact = self.library.settings.redact
            dump_files.keep(self.env, raw_name(dump), dump.captures, redact=redact)
        return self._nodes(page, base, place, dump)

    def _asked(self, dump: Dump) -> Asked:
        if "datapath" in self.options:
            self.warn_option("datapath", "it selects from a listing of logical flows")
        idle = self.options.get("idle", "fold")
        if idle not in IDLE:
            self.warn_option("idle", f"{idle!r} is none of {', '.join(IDLE)}")
            idle = "fold"
        flows: set[int] | None = None
        for port in self.options.get("port", "").split():
            found = about_port(dump, port)
            if not found:
                self.warn(Code.OPTION_NO_MATCH, option="port", value=port)
            flows = (flows or set()) | found
        told = frozenset(flows) if flows else None
        return Asked(idle, self._tables(dump), told, self._limit(dump))

    def _limit(self, dump: Dump) -> int:
        most = self.library.settings.max_flows
        return most if len(dump.flows) > most else 0

    def _tables(self, dump: Dump) -> frozenset[int] | None:
        value = self.options.get("table", "")
        known = {flow.table for flow in dump.flows}
        chosen = set()
        for word in filter(None, re.split(r"[\s,]+", value)):
            if not word.isdecimal():
                self.warn_option("table", f"{word!r} is not the number of a table")
            elif int(word) not in known:
                self.warn(Code.OPTION_NO_MATCH, option="table", value=word)
            else:
                chosen.add(int(word))
        return frozenset(chosen) or None

    def _nodes(self, page: FlowsPage, base: str, place: Place, dump: Dump) -> list[nodes.Node]:
        sheets: list[nodes.Node] = [
            self._sheet(sheet, base, place) for sheet in page.sheets if sheet.view.rows
        ]
        if "table" in self.options:
            return [*(nodes.paragraph("", note) for note in page.totals.notes), *sheets]
        say = Translator(self.language).text
        recognised = self._section(f"{base}-pipeline", say(wording.RECOGNISED))
        recognised += self._pipeline(page, base, (place.key, self.language), dump.pipeline)
        tables = self._section(f"{base}-tables", say(wording.TABLE_BY_TABLE))
        tables += self.node(page.filter, self.unique(f"{base}-filter"))
        tables += sheets
        totals = self.node(page.totals, self.unique(f"{base}-totals"), plain_totals(page.totals))
        return [totals, recognised, *self._graph(sheets, page, base, dump, place), tables]

    def _graph(
        self,
        sheets: Sequence[nodes.Node],
        page: FlowsPage,
        base: str,
        dump: Dump,
        place: Place,
    ) -> list[nodes.Node]:
        """The section with the graph, whose tables lead to their sections."""
        if not asks_graph(self) or len(page.sheets) < 2:
            return []
        told = [sheet.number for sheet in page.sheets if sheet.view.rows]
        anchors = [
            str(section["ids"][0]) for section in sheets if isinstance(section, nodes.section)
        ]
        view = graph_view(
            dump, place, language=self.language, sections=dict(zip(told, anchors, strict=True))
        )
        section = self._section(f"{base}-graph", Translator(self.language).text(wording.WAY))
        section += self.node(view, self.unique(f"{base}-ways"))
        return [section]

    def _pipeline(
        self, page: FlowsPage, base: str, key: tuple[str, str], pipeline: Pipeline | None
    ) -> nodes.Node:
        """The box of what was recognised; a page says it once, and then refers to it."""
        kept: Any = self.env.temp_data
        boxes: _Boxes = kept.setdefault("ovs_pipelines", {})
        told, anchor = boxes.get(key, (None, ""))
        if pipeline is not None and told == pipeline:
            title = wording.saying(wording.RECOGNISED_ABOVE, pipeline=page.pipeline.title)
            words = Translator(self.language).text(title)
            link = nodes.reference("", words, internal=True, refid=anchor)
            return nodes.paragraph("", "", link)
        node = self.node(
            page.pipeline, self.unique(f"{base}-evidence"), plain_pipeline(page.pipeline)
        )
        boxes[key] = pipeline, node["ids"][0]
        return node

    def _sheet(self, sheet: TableSheet, base: str, place: Place) -> nodes.section:
        section = self._section(f"{base}-table-{sheet.number}", sheet.title)
        anchor = section["ids"][0]
        section += self.node(sheet.view, f"{anchor}-flows", plain_table(sheet.view))
        mentions = [
            Mention(entity, flow.anchor, NAMED)
            for flow in sheet.view.flows
            for entity in flow.entities
        ]
        if sheet.entity is not None:
            mentions.append(Mention(sheet.entity, anchor, TOLD))
        self.note_mentions(mentions)
        self.note_known(sheet.view.tips, place, {mention.entity: set() for mention in mentions})
        return section

    def _section(self, anchor: str, title: str) -> nodes.section:
        section = nodes.section(
            "", nodes.title("", one_line(title), translatable=False), ids=[self.unique(anchor)]
        )
        self.set_source_info(section)
        self.state.document.set_id(section)
        return section


def notes_of(choice: Choice) -> Iterator[Message]:
    """What a file held besides the dump that is told."""
    source = choice.capture.source
    file = source.name.rsplit("/", 1)[-1]
    if choice.other_dumps:
        bridge: Param = Ref("bridge", choice.bridge) if choice.bridge else "-"
        line = source.place(source.start)[0] - 1
        yield wording.saying(wording.ONE_OF_DUMPS, file=file, bridge=bridge, line=max(line, 1))
    if choice.other_bridges:
        names = Series(tuple(Ref("bridge", name) for name in choice.other_bridges), "and")
        yield wording.saying(wording.OTHER_BRIDGES, file=file, bridges=names)
