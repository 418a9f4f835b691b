"""Pictures as files: the kinds that a static SVG is made into, and the ends that cannot be."""

import json
from pathlib import Path
from typing import Any

from ..diagnostic import WORDING, Code
from ..diagram.export import Font, to_pdf, to_png
from .streams import Failure, encoded, say


def converted(svg: str, font: Font, suffix: str) -> bytes:
    """A static SVG as the kind of file that ``suffix`` says."""
    if suffix == ".svg":
        return encoded(svg)
    if font.font_missing:
        say(f"{Code.FONT_MISSING.value}: {WORDING[Code.FONT_MISSING].text}")
    if suffix == ".png":
        try:
            return to_png(svg).data
        except ModuleNotFoundError as error:
            raise Failure("PNG needs resvg-py (pip install resvg-py)") from error
        except ValueError as error:
            raise Failure(f"resvg cannot draw the picture: {error}") from error
    pdf = to_pdf(svg)
    if pdf is None:
        raise Failure("PDF needs rsvg-convert (apt-get install librsvg2-bin) or CairoSVG")
    return pdf


def as_json(value: Any) -> bytes:
    return encoded(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def cannot_write(path: Path, error: OSError) -> Failure:
    return Failure(f"cannot write {path}: {error.strerror or error}")
