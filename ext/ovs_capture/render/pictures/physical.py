"""A picture in a page: SVG for browsers, PNG or PDF for the others.

Lives here: which element of a scene is which entity, what stands in the fold under the picture, and
both ways to embed it. Does not live here: what is drawn (``diagram``).
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from docutils import nodes
from sphinx.builders import Builder

from ...diagnostic import Code, Diagnostic
from ...diagram import describe
from ...diagram.collapse import WAY
from ...diagram.crowds import standing_for_several
from ...diagram.export import Font, pick_font, sideways, to_pdf, to_png
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
from .. import report, wording
from ..builds.output import write_output
from ..capture.annotate import said
from ..capture.html import tips_html
from ..capture.meaning import tips_of
from ..library.captures import Place
from ..markup import element, text
from ..tokens import Page, prose
from ..view import Pieces, Tip

# Below this scale a picture scrolls in its box instead of shrinking further (VISUAL section 6).
LEAST_SCALE = 0.85
# px that a printed line of 6.3 inches has room for when names, 12 px high, are to be 5 pt or more.
PRINTED_WIDTH = 1080
# What CSS and a printed page have in common; a rem is nothing on paper.
_PRINTED_LENGTH = re.compile(r"\d+(\.\d+)?(px|%|em)")


@dataclass(frozen=True, slots=True)
class Fold:
    """A list under the picture that opens on demand."""

    title: str
    items: tuple[Pieces, ...]


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
    links = {
        owner: href
        for owner, entity in view.entities.items()
        if (href := page.link(entity, anchor or "")) is not None
    }
    return paint_svg(
        view.layout,
        mode="web",
        words=Translator(view.language).text,
        prefix=f"{anchor or 'ovs'}-",
        lang=view.language,
        title=view.title,
        description=view.description,
        links=links,
        entities=view.entities,
        passage=view.passage,
    )


class Drawn(Protocol):
    """What every picture of a page says of itself, whatever it shows."""

    @property
    def language(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def tips(self) -> tuple[Tip, ...]: ...
    @property
    def caption(self) -> str: ...
    @property
    def width(self) -> str: ...


def figure_html(
    view: Drawn,
    svg: str,
    natural: int,
    folds: Iterable[str],
    page: Page,
    anchor: str | None,
    *classes: str,
) -> str:
    """A drawing ``natural`` px wide in a box that scrolls, its caption, folds and tooltips."""
    style = f"--ovs-natural: {natural}px; --ovs-least: {round(natural * LEAST_SCALE)}px"
    if view.width:
        style += f"; --ovs-width: {view.width}"
    return element(
        "figure",
        element("div", svg, class_="ovs-scroll", role="group", tabindex=0, aria_label=view.title),
        *folds,
        *tips_html(page.unsaid(view.tips), page, Translator(view.language).text),
        # HTML has a caption first or last; the stylesheet puts it under the drawing.
        element("figcaption", text(view.caption), class_="ovs-caption") if view.caption else "",
        class_=" ".join(filter(None, classes)),
        id=anchor,
        lang=view.language,
        style=style,
    )


def fold_html(fold: Fold, page: Page) -> str:
    items = "".join(element("li", prose(item, page)) for item in fold.items)
    return element(
        "details",
        element(
            "summary",
            text(fold.title),
            " ",
            element("span", str(len(fold.items)), class_="ovs-count"),
        ),
        element("ul", items),
        class_="ovs-fold",
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
    alt = f"{view.title}. {view.description}"
    return image_of(svg, font, alt, view.caption, builder, docname, width=view.width)


def image_of(
    svg: str,
    font: Font,
    alt: str,
    caption: str,
    builder: Builder,
    docname: str,
    *,
    width: str = "",
) -> nodes.Node:
    """A static SVG as an image node; ``alt`` alone where no converter is installed.

    ``width``: as the author said it; without it a builder draws the picture as large as it is and
    no larger than the page.
    """
    path = _written(svg, font, builder) if builder.supported_image_types else None
    if path is None:
        words = nodes.paragraph("", alt)
        return nodes.container("", nodes.paragraph("", caption), words) if caption else words
    image = nodes.image(alt=alt)
    uri = Path(os.path.relpath(path, builder.srcdir)).as_posix()
    image["uri"] = uri
    image["candidates"] = {"*": uri}
    if _PRINTED_LENGTH.fullmatch(width):
        image["width"] = width
    builder.env.images.add_file(docname, uri)
    if not caption:
        return image
    return nodes.figure("", image, nodes.caption("", caption))


def _written(svg: str, font: Font, builder: Builder) -> Path | None:
    if font.font_missing:
        report.warn(Code.FONT_MISSING, None)
    wants_pdf = "application/pdf" in builder.supported_image_types
    data = to_pdf(svg) if wants_pdf else None
    suffix = "pdf" if data is not None else "png"
    if data is None:
        try:
            data = to_png(svg).data
        except (ModuleNotFoundError, ValueError):
            return None
    folder = Path(builder.doctreedir) / "ovs-pictures"
    path = folder / f"ovs-{sha256(svg.encode()).hexdigest()[:16]}.{suffix}"
    write_output(path, data)
    return path
