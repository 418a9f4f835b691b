"""``ovs-flows``: the flows of a bridge, explained table by table."""

import re
from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from ...diagnostic import Code
from ...openflow.flow import Flow
from .. import report, wording
from ..captures import Place, Unusable
from ..domain import NAMED, TOLD, Mention
from ..dumps import Dump, bridges_of, dump_of_bridge, dump_of_capture
from ..flows_page import IDLE, Asked, FlowsPage, TableSheet, about_port, flows_page
from ..flows_plain import plain_pipeline, plain_table, plain_totals
from ..translation import Translator
from . import OvsDirective


class FlowsDirective(OvsDirective):
    """Totals, the recognised pipeline, and a section for each table."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "table": directives.unchanged_required,
        "port": directives.unchanged_required,
        "idle": directives.unchanged_required,
        "lang": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        try:
            dump, place = self._dump()
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
        return self._nodes(page, base)

    def _dump(self) -> tuple[Dump, Place]:
        host_key, colon, bridge = self.target.rpartition(":")
        if colon and self.library.is_host(host_key):
            place = self.library.place(self.env, host_key)
            assert place.host is not None
            assert place.network is not None
            asked = place.host.hints.pipeline
            dump = dump_of_bridge(place.host.captures, place.network, bridge, asked)
            if dump is None:
                known = ", ".join(bridges_of(place.host.captures, place.network)) or "none"
                reason = f"no flows of {bridge!r} in {host_key}; there are those of: {known}"
                raise Unusable(Code.TARGET, reason=reason)
            return dump, place
        captures, place = self.library.captures(self.env, self.target)
        assert place.host is not None
        found = [c for c in captures if any(isinstance(r, Flow) for r in c.parsed.records)]
        if not found:
            raise Unusable(Code.TARGET, reason=f"{self.target!r} holds no flows")
        asked = place.host.hints.pipeline
        return dump_of_capture(found[0], place.host.captures, place.network, asked), place

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

    def _nodes(self, page: FlowsPage, base: str) -> list[nodes.Node]:
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
        return [totals, recognised, tables]

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
