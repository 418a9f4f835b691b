"""How any picture is embedded: its SVG in a figure, or as a file for builders without HTML."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from docutils import nodes
from sphinx.builders import Builder

from ...diagnostic import Code
from ...diagram.export import Font, to_pdf, to_png
from ...translation import Translator
from .. import report
from ..builds.output import write_output
from ..capture.html import tips_html
from ..markup import element, text
from ..tokens import Page, prose
from ..view import Pieces, Tip

# Below this scale a picture scrolls in its box instead of shrinking further (VISUAL section 6).
LEAST_SCALE = 0.85
# What CSS and a printed page have in common; a rem is nothing on paper.
_PRINTED_LENGTH = re.compile(r"\d+(\.\d+)?(px|%|em)")


@dataclass(frozen=True, slots=True)
class Fold:
    """A list under the picture that opens on demand."""

    title: str
    items: tuple[Pieces, ...]


class Drawn(Protocol):
    """What every picture of a page says of itself, whatever it shows."""

    @property
    def language(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def tips(self) -> tuple[Tip, ...]: ...
    @property
    def caption(self) -> str: ...
    @property
    def width(self) -> str: ...


def links_to(entities: Mapping[str, str], page: Page, anchor: str | None) -> dict[str, str]:
    """By part of a picture the address of the entity that it is, where that is told elsewhere."""
    return {
        part: href
        for part, entity in entities.items()
        if (href := page.link(entity, anchor or "")) is not None
    }


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


def image_of(
    view: Drawn, svg: str, font: Font, builder: Builder, docname: str, *, width: str = ""
) -> nodes.Node:
    """The static SVG of a view as an image node; its words alone where no converter is installed.

    ``width``: as the author said it; without it a builder draws the picture as large as it is and
    no larger than the page.
    """
    alt, caption = f"{view.title}. {view.description}", view.caption
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
