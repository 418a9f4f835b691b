"""``ovs-flows`` of a listing of logical flows: explained pipeline by pipeline, stage by stage."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Any

from docutils import nodes

from ...diagnostic import Code
from ...diagram.pipeline.words import STAGES
from ...printable import one_line
from ...subjects.listings import (
    Listing,
    flows_about,
    listing_of,
)
from ...translation import Translator
from .. import report
from ..flows import dump_files
from ..flows.logical_page import (
    Asked,
    ListingPage,
    PartSheet,
    StageSheet,
    datapath_words,
    listing_page,
)
from ..flows.page import file_name
from ..flows.plain import (
    plain_table,
    plain_totals,
)
from ..library.captures import Place
from ..links.domain import (
    NAMED,
    Mention,
)
from ..pictures.table_graph import (
    GraphView,
    stage_graph_view,
)
from . import OvsDirective, asks_graph

# Options that choose flows.
SELECT = ("table", "port", "datapath")
# Makes the graph of the stages, given their sections.
MakesGraph = Callable[..., GraphView]


def listing_nodes(directive: OvsDirective) -> list[nodes.Node] | None:
    """The page of the listing that the argument names; None when it names something else.

    Raises Unusable where a path cannot be read.
    """
    found = listing_named(directive)
    return None if found is None else _nodes(directive, *found)


def listing_named(directive: OvsDirective) -> tuple[Listing, Place] | None:
    """The listing that the argument names; None when it names something else. Raises Unusable."""
    host_key, colon, _ = directive.target.rpartition(":")
    if colon and directive.library.is_host(host_key):
        return None
    captures, place = directive.library.captures(directive.env, directive.target, joined=False)
    directive.library.use_host(place)
    assert place.host is not None
    listing = listing_of(captures, place.host.captures, place.network)
    return None if listing is None else (listing, place)


def _nodes(directive: OvsDirective, listing: Listing, place: Place) -> list[nodes.Node]:
    report.keep(directive.env, directive.library.diagnostics(place))
    report.keep(directive.env, listing.capture.parsed.diagnostics)
    base = nodes.make_id(f"{place.key}-logical-flows")
    redact = directive.library.settings.redact
    raw = file_name(listing.capture)
    asked = _asked(directive, listing, place)
    page = listing_page(
        listing,
        place,
        language=directive.language,
        anchor=directive.unique(base),
        raw=raw,
        limit=directive.library.settings.max_flows,
        asked=asked,
        redact=redact,
    )
    if not page.parts:
        words = (f":{one}: {directive.options[one]}" for one in SELECT if one in directive.options)
        directive.warn(Code.OPTION_NO_MATCH, option=SELECT[0], value=" ".join(words))
    if page.many:
        dump_files.keep(directive.env, raw, (listing.capture,), redact=redact)
    graph = None
    if asks_graph(directive) and "table" not in directive.options:
        graph = partial(stage_graph_view, listing, asked.datapaths, language=directive.language)
    return list(_all(directive, page, base, place, graph))


def _asked(directive: OvsDirective, listing: Listing, place: Place) -> Asked:
    if "idle" in directive.options:
        directive.warn_option("idle", "logical flows count no packets")
    stages = {str(flow.table) for flow in listing.flows} | {flow.stage for flow in listing.flows}
    chosen = _chosen(directive, "table", stages)
    flows: set[int] | None = None
    for port in directive.options.get("port", "").split():
        captures = place.host.captures if place.host else ()
        found = flows_about(listing, captures, port)
        if not found:
            directive.warn(Code.OPTION_NO_MATCH, option="port", value=port)
        flows = (flows or set()) | found
    return Asked(
        frozenset(int(word) if word.isdecimal() else word for word in chosen) or None,
        datapaths_of(directive, listing),
        frozenset(flows) if flows else None,
    )


def datapaths_of(directive: OvsDirective, listing: Listing) -> frozenset[str] | None:
    """The datapaths that ``:datapath:`` names, as it names them; None: all."""
    known = {word for flow in listing.flows for word in datapath_words(flow)}
    return _chosen(directive, "datapath", known) or None


def _chosen(directive: OvsDirective, option: str, known: Collection[str]) -> frozenset[str]:
    """The words of an option, without those that nothing in the listing has."""
    words = frozenset(filter(None, re.split(r"[\s,]+", directive.options.get(option, ""))))
    for word in sorted(words.difference(known)):
        directive.warn(Code.OPTION_NO_MATCH, option=option, value=word)
    return words.intersection(known)


def _all(
    directive: OvsDirective, page: ListingPage, base: str, place: Place, graph: MakesGraph | None
) -> Iterator[nodes.Node]:
    """The nodes of a page. ``graph``: makes the graph of the stages; None: it is not asked for."""
    if not any(option in directive.options for option in SELECT):
        anchor = directive.unique(f"{base}-totals")
        yield directive.node(page.totals, anchor, plain_totals(page.totals))
        yield directive.node(page.filter, directive.unique(f"{base}-filter"))
    else:
        # A selection is told without the numbers of the whole, as of a bridge; a page says of a
        # listing once which versions it is of.
        kept: Any = directive.env.temp_data
        told: set[tuple[str, ...]] = kept.setdefault("ovs_notes_of_listings", set())
        key = (directive.target, directive.language, *page.totals.notes)
        if key not in told:
            told.add(key)
            yield from (nodes.paragraph("", note) for note in page.totals.notes)
    found = [
        _part(directive, part, f"{base}-pipeline-{at + 1}", place)
        for at, part in enumerate(page.parts)
    ]
    if graph is not None and found:
        yield _graph(directive, page, found, f"{base}-graph", graph)
    yield from found


def _graph(
    directive: OvsDirective,
    page: ListingPage,
    found: Sequence[nodes.section],
    anchor: str,
    graph: MakesGraph,
) -> nodes.section:
    """The section with the graph, whose stages lead to their sections, the first of each name."""
    sections: dict[str, str] = {}
    for part, section in zip(page.parts, found, strict=True):
        told = [sheet.view for sheet in part.sheets if sheet.view is not None]
        inner = [one for one in section.children if isinstance(one, nodes.section)]
        for sheet, one in zip(told, inner, strict=True):
            sections.setdefault(sheet.constant or "", one["ids"][0])
    view = graph(sections=sections)
    section = _section(directive, anchor, Translator(directive.language).text(STAGES))
    section += directive.node(view, directive.unique(f"{anchor}-ways"))
    return section


def _part(directive: OvsDirective, part: PartSheet, anchor: str, place: Place) -> nodes.section:
    section = _section(directive, anchor, part.title)
    for sheet in part.sheets:
        section += _sheet(directive, sheet, place)
    return section


def _sheet(directive: OvsDirective, sheet: StageSheet, place: Place) -> nodes.Node:
    if sheet.view is None:
        return nodes.paragraph("", sheet.title)
    section = _section(directive, sheet.anchor, sheet.title)
    anchor = section["ids"][0]
    section += directive.node(sheet.view, f"{anchor}-flows", plain_table(sheet.view))
    mentions = [
        Mention(entity, flow.anchor, NAMED) for flow in sheet.view.flows for entity in flow.entities
    ]
    directive.note_mentions(mentions)
    directive.note_known(sheet.view.tips, place, {mention.entity: set() for mention in mentions})
    return section


def _section(directive: OvsDirective, anchor: str, title: str) -> nodes.section:
    section = nodes.section(
        "", nodes.title("", one_line(title), translatable=False), ids=[directive.unique(anchor)]
    )
    directive.set_source_info(section)
    directive.state.document.set_id(section)
    return section
