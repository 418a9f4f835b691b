"""``ovs-flows`` of a listing of logical flows: explained pipeline by pipeline, stage by stage."""

import re
from collections.abc import Iterator

from docutils import nodes

from .. import dump_files, report
from ..captures import Place
from ..domain import NAMED, Mention
from ..flows_page import file_name
from ..flows_plain import plain_table, plain_totals
from ..lflows_page import ListingPage, PartSheet, StageSheet, listing_page
from ..listings import Listing, listing_of
from . import OvsDirective


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
        table=_tables(directive, listing),
        redact=redact,
    )
    if page.many:
        dump_files.keep(directive.env, raw, (listing.capture,), redact=redact)
    return list(_all(directive, page, base))


def _tables(directive: OvsDirective, listing: Listing) -> frozenset[int] | None:
    known = {flow.table for flow in listing.flows}
    chosen = set()
    for word in filter(None, re.split(r"[\s,]+", directive.options.get("table", ""))):
        if not word.isdecimal() or int(word) not in known:
            directive.warn_option("table", f"{word!r} is not the number of a table")
        else:
            chosen.add(int(word))
    return frozenset(chosen) or None


def _all(directive: OvsDirective, page: ListingPage, base: str) -> Iterator[nodes.Node]:
    anchor = directive.unique(f"{base}-totals")
    yield directive.node(page.totals, anchor, plain_totals(page.totals))
    yield directive.node(page.filter, directive.unique(f"{base}-filter"))
    for at, part in enumerate(page.parts):
        yield _part(directive, part, f"{base}-pipeline-{at + 1}")


def _part(directive: OvsDirective, part: PartSheet, anchor: str) -> nodes.section:
    section = _section(directive, anchor, part.title)
    for sheet in part.sheets:
        section += _sheet(directive, sheet)
    return section


def _sheet(directive: OvsDirective, sheet: StageSheet) -> nodes.Node:
    if sheet.view is None:
        return nodes.paragraph("", sheet.title)
    section = _section(directive, sheet.anchor, sheet.title)
    anchor = section["ids"][0]
    section += directive.node(sheet.view, f"{anchor}-flows", plain_table(sheet.view))
    directive.note_mentions(
        [
            Mention(entity, flow.anchor, NAMED)
            for flow in sheet.view.flows
            for entity in flow.entities
        ]
    )
    return section


def _section(directive: OvsDirective, anchor: str, title: str) -> nodes.section:
    section = nodes.section(
        "", nodes.title("", title, translatable=False), ids=[directive.unique(anchor)]
    )
    directive.set_source_info(section)
    directive.state.document.set_id(section)
    return section
