"""The picture of hosts in a page: SVG for browsers, PNG or PDF for the others.

Lives here: which element of a scene is which entity, and what stands in the folds under the
picture. Does not live here: what is drawn (``diagram``), how pictures are embedded (``figure``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from docutils import nodes
from sphinx.builders import Builder

from ...diagnostic import Diagnostic
from ...diagram import describe
from ...diagram.collapse import WAY
from ...diagram.crowds import standing_for_several
from ...diagram.export import pick_font, sideways
from ...diagram.layout import picture
from ...diagram.legend import with_legend
from ...diagram.paint import paint_svg
from ...diagram.passage import Passage
from ...diagram.places import Layout
from ...diagram.scene import Scene
from ...diagram.since import SceneChanges, with_since
from ...diagram.turning import Direction
from ...explain.entities import Entity, entity_of_name
from ...explain.message import Message, Param, Ref, RefKind
from ...network.model import Scope
from ...store import Accept
from ...translation import Translator
from .. import wording
from ..capture.annotate import said
from ..capture.meaning import tips_of
from ..library.captures import Place
from ..tokens import Page
from ..view import Tip
from .figure import Fold, figure_html, fold_html, image_of, links_to

# px that a printed line of 6.3 inches has room for when names, 12 px high, are to be 5 pt or more.
PRINTED_WIDTH = 1080


@dataclass(frozen=True, slots=True)
class PictureView:
    """A laid-out picture. ``entities``: element id to entity key; ``width``: as the author said.

    ``passage``: the way of a packet that it shows.
    """

    language: str
    layout: Layout
    title: str
    description: str
    entities: Mapping[str, str]
    folds: tuple[Fold, ...]
    tips: tuple[Tip, ...]
    caption: str = ""
    width: str = ""
    passage: Passage | None = None


def picture_view(
    scene: Scene,
    places: Sequence[Place],
    *,
    language: str,
    accepted: Iterable[tuple[Accept, Diagnostic]] = (),
    alt: str = "",
    caption: str = "",
    width: str = "",
    legend: bool = False,
    direction: Direction = "down",
    collapse: bool | None = None,
    since: SceneChanges | None = None,
    passage: Passage | None = None,
) -> PictureView:
    """A scene of the hosts ``places``, said in ``language``.

    ``accepted``: contradictions in their captures that the author knows; ``legend``: whether the
    picture says what its shapes stand for; ``direction``: from the rails to the guests;
    ``collapse``: whether equal things are one box, None where that depends on how many there are;
    ``since``: what earlier captures show otherwise; ``passage``: the way of a packet. What these
    two mark stands for itself.
    """
    say = Translator(language)
    since = since or SceneChanges()
    marked = {**dict.fromkeys(passage.elements if passage else (), WAY), **dict(since.marks)}
    scene, layout = picture(scene, say.text, direction=direction, collapse=collapse, apart=marked)
    several = standing_for_several(scene, layout.stacks)
    entities = {
        owner: found
        for owner, found in entities_of(scene, places, say.language).items()
        if owner not in several
    }
    layout = with_legend(layout, say.text) if legend else layout
    return PictureView(
        language=say.language,
        layout=with_since(layout, since, say.text),
        title=alt or say.text(describe.title(scene)),
        description=say.text(describe.whole(scene, layout.notes)),
        entities={owner: entity.key for owner, (entity, _) in entities.items()},
        folds=tuple(
            fold
            for fold in (
                _gone(since, say),
                _left_out(scene, say),
                _hints(scene, places, say),
                _known(accepted, say),
            )
            if fold.items
        ),
        tips=tips_of(entities.values(), language),
        caption=caption,
        width=width,
        passage=passage,
    )


def entities_of(
    scene: Scene, places: Sequence[Place], language: str
) -> dict[str, tuple[Entity, Place]]:
    """The entity, and the host that knows it, of each element that stands for one."""
    found: dict[str, tuple[Entity, Place]] = {}
    for owner, kind, name, place, scope in _named_elements(scene, places, language):
        entity = entity_of_name(
            kind, name, place.network, scope=scope, others=place.others, host=place.key
        )
        if entity is not None:
            found[owner] = (entity, place)
    return found


def _named_elements(
    scene: Scene, places: Sequence[Place], language: str
) -> Iterable[tuple[str, RefKind, str, Place, Scope | None]]:
    """``(element id, kind, name, host, scope)`` of what may be known elsewhere."""
    inside = _Inside(scene, places, language)
    for container in scene.containers:
        place, _ = inside.of(container.id)
        if container.kind == "guest":
            yield container.id, "guest", container.title, place, None
        elif container.kind == "namespace":
            _, scope = inside.of(container.id)
            if scope is not None and scope.namespace is not None:
                yield container.id, "namespace", scope.namespace, place, None
    for bridge in scene.bridges:
        place, scope = inside.of(bridge.container)
        yield bridge.id, "bridge", bridge.name, place, scope
    containers = {bridge.id: bridge.container for bridge in scene.bridges}
    for port in scene.ports:
        place, scope = inside.of(containers[port.bridge])
        yield port.id, "device", port.name, place, scope
    for interface in scene.interfaces:
        place, scope = inside.of(interface.container)
        yield interface.id, "device", interface.name, place, scope
    for rail in scene.rails:
        yield rail.id, "address", rail.title, places[0], None
    for address in scene.addresses:
        yield address.id, "address", address.text, places[0], None


class _Inside:
    """In which host, and in which scope of it, a container of the scene stands."""

    def __init__(self, scene: Scene, places: Sequence[Place], language: str) -> None:
        self._containers = {container.id: container for container in scene.containers}
        self._places = {p.network.title_in(language): p for p in places if p.network}
        self._first = places[0]

    def of(self, container: str) -> tuple[Place, Scope | None]:
        chain = [self._containers[container]]
        while chain[-1].parent is not None:
            chain.append(self._containers[chain[-1].parent])
        place = self._places.get(chain[-1].title, self._first)
        network = place.network
        if network is None or len(chain) == 1:
            return place, None
        title = chain[0].title
        guests = [guest.key for guest in network.guests if guest.title == title]
        if chain[0].kind == "guest" and len(guests) == 1:
            return place, Scope(network.key, guest=guests[0])
        spaces = [space.name for space in network.namespaces if space.title == title]
        if chain[0].kind == "namespace" and len(spaces) == 1:
            return place, Scope(network.key, namespace=spaces[0])
        return place, None


def _left_out(scene: Scene, say: Translator) -> Fold:
    items = []
    for omission in scene.omitted:
        kind: RefKind = "bridge" if omission.kind == "bridge" else "device"
        is_text = omission.kind in ("container", "tunnel")
        name = omission.name if is_text else Ref(kind, omission.name)
        params: dict[str, Param] = {"name": name, "reason": Message(omission.reason)}
        items.append(said(wording.saying(wording.OMISSION, **params), say, lambda ref: None))
    return Fold(say.text(wording.LEFT_OUT), tuple(items))


def _gone(since: SceneChanges, say: Translator) -> Fold:
    """What the earlier captures show and these do not."""
    items = tuple((say.text(words),) for words in since.gone)
    return Fold(say.text(wording.GONE_FROM_PICTURE), items)


def _hints(scene: Scene, places: Sequence[Place], say: Translator) -> Fold:
    """What the picture shows only because host.toml says it."""
    drawn = {interface.name for interface in scene.interfaces}
    items = []
    for place in places:
        hints = place.host.hints.interfaces if place.host else {}
        for name, hint in hints.items():
            for template, value in (
                (wording.HINT_ADDRESS, hint.address),
                (wording.HINT_RAIL, hint.rail),
            ):
                if value is not None and name in drawn:
                    params: dict[str, Param] = {
                        "device": Ref("device", name),
                        "value": Ref("address", value),
                    }
                    items.append(said(wording.saying(template, **params), say, lambda ref: None))
    return Fold(say.text(wording.HINTS), tuple(items))


def _known(accepted: Iterable[tuple[Accept, Diagnostic]], say: Translator) -> Fold:
    """Contradictions that scenario.toml accepts, with the author's reason."""
    items = []
    for accept, diagnostic in accepted:
        place = f"{diagnostic.source.name}:{diagnostic.place[0]}"
        why = accept.why.in_language(say.language) if accept.why else ""
        params: dict[str, Param] = {
            "what": Ref("code", accept.what),
            "why": why,
            "place": Ref("code", place),
        }
        template = wording.KNOWN if why else wording.KNOWN_PLACE
        items.append(said(wording.saying(template, **params), say, lambda ref: None))
    return Fold(say.text(wording.KNOWN_CONTRADICTIONS), tuple(items))


def picture_html(view: PictureView, page: Page, anchor: str | None, classes: str = "") -> str:
    """The figure: the picture in a box that scrolls, then the folds."""
    svg = picture_svg(view, page, anchor)
    folds = [fold_html(fold, page) for fold in view.folds]
    return figure_html(view, svg, view.layout.width, folds, page, anchor, "ovs-figure", classes)


def picture_svg(view: PictureView, page: Page, anchor: str | None) -> str:
    """The picture for a page; ``anchor`` begins its ids."""
    return paint_svg(
        view.layout,
        mode="web",
        words=Translator(view.language).text,
        prefix=f"{anchor or 'ovs'}-",
        lang=view.language,
        title=view.title,
        description=view.description,
        links=links_to(view.entities, page, anchor),
        entities=view.entities,
        passage=view.passage,
    )


def static_picture(view: PictureView, builder: Builder, docname: str) -> nodes.Node:
    """An image node for a builder without HTML; the words alone where no converter is installed."""
    font = pick_font("".join(view.layout.texts))
    svg = paint_svg(
        view.layout,
        mode="static",
        words=Translator(view.language).text,
        prefix="",
        lang=view.language,
        title=view.title,
        description=view.description,
        font=font.family,
        passage=view.passage,
    )
    layout = view.layout
    if builder.format == "latex" and layout.width > max(PRINTED_WIDTH, layout.height):
        svg = sideways(svg, layout.width, layout.height)
    return image_of(view, svg, font, builder, docname, width=view.width)
