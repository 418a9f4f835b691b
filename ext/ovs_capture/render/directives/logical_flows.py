"""``ovs-flows`` of a listing of logical flows: explained pipeline by pipeline, stage by stage."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from docutils import nodes

from ...diagnostic import Code
from .. import dump_files, report
from ..captures import Place
from ..domain import NAMED, Mention
from ..flows_page import file_name
from ..flows_plain import plain_table, plain_totals
from ..lflows_page import (
    Asked,
    ListingPage,
    PartSheet,
    StageSheet,
    datapath_words,
    listing_page,
)
from ..listings import Listing, flows_about, listing_of
from ..markup import one_line
from . import OvsDirective

# Options that choose flows.
SELECT = ("table", "port", "datapath")


def listing_nodes(directive: OvsDirective) -> list[nodes.Node] | None:
    """The page of the listing that the argument names; None when it names something else.

    Raises Unusable where a path cannot be read.
    """
    host_key, colon, _ = directive.target.rpartition(":")
    if colon and directive.library.is_host(host_key):
        return None
    captures, place = directive.library.captures(directive.env, directive.target)
    assert place.host is not None
    listing = listing_of(captures, place.host.captures, place.network)
    return None if listing is None else _nodes(directive, listing, place)


def _nodes(directive: OvsDirective, listing: Listing, place: Place) -> list[nodes.Node]:
    report.keep(directive.env, directive.library.diagnostics(place))
    report.keep(directive.env, listing.capture.parsed.diagnostics)
    base = nodes.make_id(f"{place.key}-logical-flows")
    redact = directive.library.settings.redact
    raw = file_name(listing.capture)
    page = listing_page(
        listing,
        place,
        language=directive.language,
        anchor=directive.unique(base),
        raw=raw,
        limit=directive.library.settings.max_flows,
        asked=_asked(directive, listing, place),
        redact=redact,
    )
    if not page.parts:
        words = (f":{one}: {directive.options[one]}" for one in SELECT if one in directive.options)
        directive.warn(Code.OPTION_NO_MATCH, option=SELECT[0], value=" ".join(words))
    if page.many:
        dump_files.keep(directive.env, raw, (listing.capture,), redact=redact)
    return list(_all(directive, page, base, place))


def _asked(directive: OvsDirective, listing: Listing, place: Place) -> Asked:
    if "idle" in directive.options:
        directive.warn_option("idle", "logical flows count no packets")
    if "graph" in directive.options:
        directive.warn_option("graph", "a listing of logical flows has no graph of tables")
    stages = {str(flow.table) for flow in listing.flows} | {flow.stage for flow in listing.flows}
    datapaths = {word for flow in listing.flows for word in datapath_words(flow)}
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
        _chosen(directive, "datapath", datapaths) or None,
        frozenset(flows) if flows else None,
    )


def _chosen(directive: OvsDirective, option: str, known: Collection[str]) -> frozenset[str]:
    """The words of an option, without those that nothing in the listing has."""
    words = frozenset(filter(None, re.split(r"[\s,]+", directive.options.get(option, ""))))
    for word in sorted(words.difference(known)):
        directive.warn(Code.OPTION_NO_MATCH, option=option, value=word)
    return words.intersection(known)


def _all(
    directive: OvsDirective, page: ListingPage, base: str, place: Place
) -> Iterator[nodes.Node]:
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
    for at, part in enumerate(page.parts):
        yield _part(directive, part, f"{base}-pipeline-{at + 1}", place)


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
    section = nodes.section("", nodes.title("", one_line(title)), ids=[directive.unique(anchor)])
    directive.set_source_info(section)
    directive.state.document.set_id(section)
    return section
