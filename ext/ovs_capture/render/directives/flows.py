"""``ovs-flows``: the flows of a bridge, explained table by table."""

import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from ...diagnostic import Code
from .. import report, wording
from ..captures import Place, Unusable
from ..domain import NAMED, TOLD, Mention
from ..dumps import Dump
from ..flows_page import IDLE, Asked, FlowsPage, TableSheet, about_port, flows_page
from ..flows_plain import plain_pipeline, plain_table, plain_totals
from ..table_graph import graph_view
from ..translation import Translator
from . import OvsDirective, dump_of, graph_nodes

GRAPH = ("show", "hide")


class FlowsDirective(OvsDirective):
    """Totals, the recognised pipeline, and a section for each table."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "table": directives.unchanged_required,
        "port": directives.unchanged_required,
        "idle": directives.unchanged_required,
        "graph": directives.unchanged_required,
        "lang": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        try:
            dump, place = dump_of(self)
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
        )
        return self._nodes(page, base, dump, place)

    def _asked(self, dump: Dump) -> Asked:
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
        most = self.library.settings.max_flows
        if most and len(dump.flows) > most:
            busiest = sorted(range(len(dump.flows)), key=lambda i: -(dump.flows[i].n_packets or 0))
            flows = set(busiest[:most]) & (flows if flows is not None else set(busiest))
        return Asked(idle, self._tables(dump), frozenset(flows) if flows else None)

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

    def _nodes(self, page: FlowsPage, base: str, dump: Dump, place: Place) -> list[nodes.Node]:
        sheets: list[nodes.Node] = [
            self._sheet(sheet, base) for sheet in page.sheets if sheet.view.rows
        ]
        if "table" in self.options:
            return sheets
        say = Translator(self.language).text
        recognised = self._section(f"{base}-pipeline", say(wording.RECOGNISED))
        recognised += self.node(
            page.pipeline, self.unique(f"{base}-evidence"), plain_pipeline(page.pipeline)
        )
        tables = self._section(f"{base}-tables", say(wording.TABLE_BY_TABLE))
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
        asked = self.options.get("graph", "show")
        if asked not in GRAPH:
            self.warn_option("graph", f"{asked!r} is none of {', '.join(GRAPH)}")
        if asked == "hide" or len(page.sheets) < 2:
            return []
        told = [sheet.number for sheet in page.sheets if sheet.view.rows]
        anchors = [
            str(section["ids"][0]) for section in sheets if isinstance(section, nodes.section)
        ]
        view = graph_view(
            dump, place, language=self.language, sections=dict(zip(told, anchors, strict=True))
        )
        section = self._section(f"{base}-graph", Translator(self.language).text(wording.WAY))
        section += graph_nodes(self, view, self.unique(f"{base}-ways"))
        return [section]

    def _sheet(self, sheet: TableSheet, base: str) -> nodes.section:
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
        return section

    def _section(self, anchor: str, title: str) -> nodes.section:
        section = nodes.section("", nodes.title("", title), ids=[self.unique(anchor)])
        self.set_source_info(section)
        self.state.document.set_id(section)
        return section
