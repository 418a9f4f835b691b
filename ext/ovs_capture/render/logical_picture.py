"""The picture of a logical network in a page: SVG for browsers, a picture for the others.

Lives here: which port is which guest, what each part links to (that guest, else the capture that
proves the part, where a page shows it), the folds under the picture, and the table that stands in
its place where no Graphviz is installed. Does not live here: what is drawn (``diagram.logical``).
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from docutils import nodes
from sphinx.builders import Builder

from ..diagram.export import pick_font
from ..diagram.logical import words
from ..diagram.logical.layout import LogicalLayout, lay_out_logical
from ..diagram.logical.paint import paint_logical
from ..diagram.logical.parts import LogicalScene, logical_scene
from ..diagram.passage import Passage
from ..diagram.pipeline.dot import NoEngine
from ..explain.entities import Entity, entity_of_name
from ..network.logical.join import logical_network
from ..network.logical.model import LogicalNetwork
from ..network.model import Scope
from .captures import Place
from .flows_plain import table_of_rows
from .meaning import capture_key, tips_of
from .picture import Fold, figure_html, fold_html, image_of
from .tokens import Page
from .translation import Translator
from .view import Tip


@dataclass(frozen=True, slots=True)
class LogicalView:
    """A logical network. ``layout`` None: nothing here could order it.

    ``captures``: part id to the keys of the captures that prove it; the first shown one is linked.
    ``entities``: part id to entity key.
    ``passage``: the way of a packet that it shows.
    """

    language: str
    scene: LogicalScene
    layout: LogicalLayout | None
    title: str
    description: str
    folds: tuple[Fold, ...]
    captures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entities: Mapping[str, str] = field(default_factory=dict)
    tips: tuple[Tip, ...] = ()
    caption: str = ""
    width: str = ""
    passage: Passage | None = None


def network_of(places: Sequence[Place]) -> LogicalNetwork:
    """The logical network of all captures of the scenarios of ``places``."""
    every = {
        id(capture): capture
        for place in places
        if place.network is not None
        for capture in place.network.captures
    }
    return logical_network(every.values())


def logical_view(
    network: LogicalNetwork,
    places: Sequence[Place] = (),
    *,
    language: str,
    alt: str = "",
    caption: str = "",
    width: str = "",
) -> LogicalView:
    """A logical network as it is drawn, said in ``language``. ``places``: who knows its guests."""
    say = Translator(language)
    scene = logical_scene(network)
    entities = _entities(scene, places)
    layout = None
    with suppress(NoEngine):
        layout = lay_out_logical(scene, say.text)
    return LogicalView(
        language=say.language,
        scene=scene,
        layout=layout,
        title=alt or say.text(words.TITLE),
        description=say.text(words.description(scene)),
        folds=tuple(fold for fold in (_acls(scene, say), _unplaced(scene, say)) if fold.items),
        captures=_proving(scene),
        entities={part: entity.key for part, (entity, _) in entities.items()},
        tips=tips_of(entities.values(), language),
        caption=caption,
        width=width,
    )


def logical_view_of_way(
    scene: LogicalScene, way: Passage, *, language: str, title: str, width: str
) -> LogicalView | None:
    """A scene with the way of a packet; None where nothing here can order it."""
    say = Translator(language)
    try:
        layout = lay_out_logical(scene, say.text)
    except NoEngine:
        return None
    return LogicalView(
        language=say.language,
        scene=scene,
        layout=layout,
        title=title,
        description=say.text(words.description(scene)),
        folds=(),
        captures=_proving(scene),
        width=width,
        passage=way,
    )


def _proving(scene: LogicalScene) -> dict[str, tuple[str, ...]]:
    return {
        part.id: tuple(dict.fromkeys(capture_key(proof.file) for proof in part.source))
        for part in scene.elements
    }


def _entities(scene: LogicalScene, places: Sequence[Place]) -> dict[str, tuple[Entity, Place]]:
    """Who a port is, by the guest that has its MAC on some host, else that MAC itself.

    A box of several ports is nobody in particular.
    """
    found: dict[str, tuple[Entity, Place]] = {}
    for port in scene.ports:
        if len(port.names) != 1 or len(port.macs) != 1:
            continue
        known = [one for place in places if (one := _guest(port.macs[0], place)) is not None]
        if not known and places:
            mac = entity_of_name("mac", port.macs[0], places[0].network)
            known = [] if mac is None else [(mac, places[0])]
        # A guest that hosts know by different keys is not told apart here.
        if len({entity.key for entity, _ in known}) == 1:
            found[port.id] = known[0]
    return found


def _guest(mac: str, place: Place) -> tuple[Entity, Place] | None:
    """The guest that has a MAC on the host of ``place``."""
    if place.network is None or (nic := place.network.nic_of_mac(mac).one) is None:
        return None
    guest = nic[0]
    scope = Scope(place.network.key, guest=guest.key)
    entity = entity_of_name("guest", guest.key, place.network, scope=scope, others=place.others)
    return None if entity is None else (entity, place)


def _acls(scene: LogicalScene, say: Translator) -> Fold:
    """Every rule, as its row has it: what it matches is OVN's own language."""
    items = tuple(
        (f"{group.title}: {acl.direction} {acl.priority or ''} {acl.match} {acl.action}",)
        for group in scene.groups
        for acl in group.acls
    )
    return Fold(say.text(words.ACLS), items)


def _unplaced(scene: LogicalScene, say: Translator) -> Fold:
    return Fold(say.text(words.NOWHERE), tuple((name,) for name in scene.unplaced))


def logical_html(view: LogicalView, page: Page, anchor: str | None, classes: str = "") -> str:
    """The figure: the picture in a box that scrolls, then the folds."""
    assert view.layout is not None
    svg = logical_svg(view, page, anchor)
    folds = [fold_html(fold, page) for fold in view.folds]
    return figure_html(view, svg, view.layout.width, folds, page, anchor, "ovs-figure", classes)


def logical_svg(view: LogicalView, page: Page, anchor: str | None) -> str:
    """The picture for a page; ``anchor`` begins its ids."""
    assert view.layout is not None
    links = {
        part: href
        for part, keys in view.captures.items()
        for key in reversed(keys)
        if (href := page.link(key, anchor or "")) is not None
    }
    for part, entity in view.entities.items():
        if (shown := page.link(entity, anchor or "")) is not None:
            links[part] = shown
    return paint_logical(
        view.scene,
        view.layout,
        mode="web",
        say=Translator(view.language).text,
        prefix=f"{anchor or 'ovs'}-",
        lang=view.language,
        title=view.title,
        description=view.description,
        links=links,
        passage=view.passage,
        entities=view.entities,
    )


def static_logical(view: LogicalView, builder: Builder, docname: str) -> nodes.Node:
    """The picture for a builder without HTML."""
    assert view.layout is not None
    font = pick_font(view.layout.written)
    svg = paint_logical(
        view.scene,
        view.layout,
        mode="static",
        say=Translator(view.language).text,
        prefix="",
        lang=view.language,
        title=view.title,
        description=view.description,
        font=font.family,
        passage=view.passage,
    )
    alt = f"{view.title}. {view.description}"
    return image_of(svg, font, alt, view.caption, builder, docname)


def logical_table(view: LogicalView) -> list[nodes.Node]:
    """The links of the network and the ports of its switches as a table, for any builder."""
    say = Translator(view.language).text
    scene = view.scene
    names = {one.id: one.title for one in scene.datapaths}
    names |= {one.id: say(words.network(one)) for one in scene.networks}
    told: list[tuple[str, str, str, str]] = [
        (names[link.ends[0]], names[link.ends[1]], link.kind, ", ".join(sum(link.labels, ())))
        for link in scene.links
    ]
    told += [
        (names[port.datapath], name, port.type, ", ".join(port.addresses))
        for port in scene.ports
        for name in ([port.title] if len(port.names) == 1 else [say(words.bundle(port))])
    ]
    rows: list[list[list[nodes.Node]]] = [[[nodes.Text(cell)] for cell in row] for row in told]
    heads = (words.FROM, words.TO, words.KIND, words.ADDRESSES)
    return [
        *([nodes.paragraph("", view.caption)] if view.caption else []),
        table_of_rows([say(one) for one in heads], (30, 30, 10, 30), rows),
        nodes.paragraph("", view.description),
    ]
