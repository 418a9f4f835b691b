"""The graph of a bridge's tables in a page: SVG for browsers, a picture for the others.

Lives here: which part of the graph is which entity and links to which section. Does not live here:
what is drawn (``diagram.pipeline``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from docutils import nodes
from sphinx.builders import Builder

from ...diagram.export import pick_font
from ...diagram.pipeline import words
from ...diagram.pipeline.layout import TableLayout, lay_out_tables
from ...diagram.pipeline.paint import paint_tables
from ...diagram.pipeline.parts import TablePicture, table_picture
from ...diagram.pipeline.stages import stage_picture
from ...diagram.pipeline.way import uncounted, way_in
from ...explain.entities import Entity, entity_of_name, entity_of_ref
from ...explain.logical.listing import datapath_name
from ...explain.message import Ref
from ...openflow.flow import Flow
from ...subjects.dumps import Dump
from ...subjects.listings import Listing
from ...translation import Translator
from .. import wording
from ..capture.meaning import tips_of
from ..flows.logical_page import Asked
from ..library.captures import Place
from ..tokens import Page
from ..view import Tip
from .figure import figure_html, image_of, links_to


@dataclass(frozen=True, slots=True)
class GraphView:
    """A graph of tables.

    ``entities``: part id to entity key. ``sections``: part id to the anchor of its section in the
    same page; other tables are linked by their entity. ``way``: the parts on the way of a packet.
    """

    language: str
    picture: TablePicture
    layout: TableLayout
    title: str
    description: str
    entities: Mapping[str, str]
    tips: tuple[Tip, ...] = ()
    caption: str = ""
    width: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    way: frozenset[str] | None = None


def graph_view(
    dump: Dump,
    place: Place,
    *,
    language: str,
    alt: str = "",
    caption: str = "",
    width: str = "",
    sections: Mapping[int, str] | None = None,
) -> GraphView:
    """The graph of a dump. ``sections``: anchors in the same page, by the table's number."""
    say = Translator(language)
    picture = table_picture(dump.flows, dump.names, dump.pipeline)
    entities = _entities(picture, dump, place)
    return GraphView(
        language=say.language,
        picture=picture,
        layout=lay_out_tables(picture, say.text),
        title=alt or say.text(words.title(picture)),
        description=say.text(words.description(picture, say.text)),
        entities={part: entity.key for part, entity in entities.items()},
        tips=tips_of([(entity, place) for entity in entities.values()], language),
        caption=caption,
        width=width,
        sections={
            table.id: sections[table.number]
            for table in picture.tables
            if sections and table.number in sections
        },
    )


def stage_graph_view(
    listing: Listing,
    datapaths: frozenset[str] | None,
    *,
    language: str,
    alt: str = "",
    caption: str = "",
    width: str = "",
    sections: Mapping[str, str] | None = None,
) -> GraphView:
    """The graph of a listing's stages. ``datapaths``: of these alone, by their names.

    ``sections``: anchors in the same page, by the name of the stage.
    """
    say = Translator(language)
    flows = Asked(datapaths=datapaths).of(listing)
    found = dict.fromkeys(flow.datapath for flow in flows)
    named = {datapath_name(head) for head in found} if datapaths else set()
    picture = stage_picture(flows, listing.names, named.pop() if len(named) == 1 else None)
    return GraphView(
        language=say.language,
        picture=picture,
        layout=lay_out_tables(picture, say.text),
        title=alt or say.text(words.title(picture)),
        description=say.text(words.description(picture, say.text)),
        entities={},
        caption=caption,
        width=width,
        sections={
            table.id: sections[table.stages[0]]
            for table in picture.tables
            if sections and len(table.stages) == 1 and table.stages[0] in sections
        },
    )


def graph_of_way(dump: Dump, place: Place, taken: Sequence[Flow], *, language: str) -> GraphView:
    """The graph of a dump with the way by the flows ``taken``.

    The traffic that the dump counted does not matter here: all links are drawn, without numbers.
    """
    say = Translator(language)
    picture = table_picture(uncounted(dump.flows), dump.names, dump.pipeline)
    named = Ref("bridge", dump.bridge or "")
    return GraphView(
        language=say.language,
        picture=picture,
        layout=lay_out_tables(picture, say.text),
        title=say.text(wording.saying(wording.TABLES_OF_WAY, bridge=named)),
        description=say.text(words.description(picture, say.text)),
        entities={part: entity.key for part, entity in _entities(picture, dump, place).items()},
        way=way_in(picture, taken, dump.names, dump.pipeline),
    )


def _entities(picture: TablePicture, dump: Dump, place: Place) -> dict[str, Entity]:
    found: dict[str, Entity | None] = {
        table.id: entity_of_name(
            "table", str(table.number), place.network, bridge=dump.bridge, host=place.key
        )
        for table in picture.tables
    }
    for port in picture.ports:
        if port.ref is not None and port.ref.kind == "device":
            found[port.id] = entity_of_ref(
                port.ref, place.network, bridge=dump.bridge, others=place.others
            )
    return {part: entity for part, entity in found.items() if entity is not None}


def graph_html(view: GraphView, page: Page, anchor: str | None, classes: str = "") -> str:
    """The figure: the graph in a box that scrolls."""
    say = Translator(view.language).text
    links = links_to(view.entities, page, anchor)
    links |= {part: f"#{section}" for part, section in view.sections.items()}
    svg = paint_tables(
        view.picture,
        view.layout,
        mode="web",
        say=say,
        prefix=f"{anchor or 'ovs'}-",
        lang=view.language,
        title=view.title,
        description=view.description,
        links=links,
        entities=view.entities,
        way=view.way,
    )
    width = view.layout.width
    return figure_html(view, svg, width, (), page, anchor, "ovs-figure", "ovs-graph", classes)


def static_graph(view: GraphView, builder: Builder, docname: str) -> nodes.Node:
    """The graph for a builder without HTML."""
    font = pick_font(view.layout.written)
    svg = paint_tables(
        view.picture,
        view.layout,
        mode="static",
        say=Translator(view.language).text,
        prefix="",
        lang=view.language,
        title=view.title,
        description=view.description,
        font=font.family,
        way=view.way,
    )
    return image_of(view, svg, font, builder, docname)
