"""The picture of a logical network in a page: SVG for browsers, a picture for the others.

Lives here: which port is which guest, what each part links to (that guest, else the capture that
proves the part, where a page shows it), and the folds under the picture. Does not live here: what
is drawn (``diagram.logical``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from docutils import nodes
from sphinx.builders import Builder

from ...diagram.export import pick_font
from ...diagram.logical import words
from ...diagram.logical.layout import LogicalLayout, lay_out_logical
from ...diagram.logical.paint import paint_logical
from ...diagram.logical.parts import LogicalScene, logical_scene
from ...diagram.passage import Passage
from ...explain.entities import Entity, entity_of_name
from ...network.logical.join import logical_network
from ...network.logical.model import LogicalNetwork
from ...network.model import Scope
from ...translation import Translator
from ..capture.meaning import capture_key, tips_of
from ..library.captures import Place
from ..tokens import Page
from ..view import Tip
from .figure import Fold, figure_html, fold_html, image_of, links_to


@dataclass(frozen=True, slots=True)
class LogicalView:
    """A logical network.

    ``captures``: part id to the keys of the captures that prove it; the first shown one is linked.
    ``entities``: part id to entity key.
    ``passage``: the way of a packet that it shows.
    """

    language: str
    scene: LogicalScene
    layout: LogicalLayout
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
    return LogicalView(
        language=say.language,
        scene=scene,
        layout=lay_out_logical(scene, say.text),
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
) -> LogicalView:
    """A scene with the way of a packet."""
    say = Translator(language)
    return LogicalView(
        language=say.language,
        scene=scene,
        layout=lay_out_logical(scene, say.text),
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
    svg = logical_svg(view, page, anchor)
    folds = [fold_html(fold, page) for fold in view.folds]
    return figure_html(view, svg, view.layout.width, folds, page, anchor, "ovs-figure", classes)


def logical_svg(view: LogicalView, page: Page, anchor: str | None) -> str:
    """The picture for a page; ``anchor`` begins its ids."""
    links = {
        part: href
        for part, keys in view.captures.items()
        for key in reversed(keys)
        if (href := page.link(key, anchor or "")) is not None
    }
    links |= links_to(view.entities, page, anchor)
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
    return image_of(view, svg, font, builder, docname)
