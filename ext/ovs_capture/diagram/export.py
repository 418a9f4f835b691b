"""Export: an SVG of static mode as PNG or PDF.

Lives here: the converters and the choice of a font for them. The I/O is theirs: looking up fonts
and running a program. resvg drops a text silently when it finds no font for it, so the font is
named.
"""

import math
import re
import shutil
import subprocess
import unicodedata
from contextlib import suppress
from dataclasses import dataclass

LATIN = "DejaVu Sans"
CJK = (
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "Source Han Sans JP",
    "IPAexGothic",
    "IPAGothic",
    "TakaoGothic",
    "VL Gothic",
    "Hiragino Sans",
    "Yu Gothic",
    "Meiryo",
    "MS Gothic",
)
SCALE = 2.0
# Pixels of a PNG: resvg takes four bytes for each, and ends the process when it gets none.
MOST_PIXELS = 64_000_000
TIMEOUT = 60  # s


@dataclass(frozen=True, slots=True)
class Font:
    """The ``font-family`` for a text; ``font_missing``: no font known here has all of it."""

    family: str
    font_missing: bool = False


@dataclass(frozen=True, slots=True)
class Png:
    """A PNG file's bytes, and whether its text lacks a font."""

    data: bytes
    font_missing: bool


def pick_font(text: str) -> Font:
    """The font for everything that a picture writes, ``text``."""
    if not any(_is_wide(char) for char in text):
        return Font(f"{LATIN}, sans-serif")
    installed = _installed()
    for family in CJK:
        if family in installed:
            # First, because resvg asks only the first family before it takes any font at all.
            return Font(f"{family}, {LATIN}, sans-serif")
    return Font(f"{LATIN}, sans-serif", font_missing=True)


def sideways(svg: str, width: int, height: int) -> str:
    """An SVG of ``width`` x ``height`` px turned left, for a page higher than wide."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{height}" height="{width}"'
        f' viewBox="0 0 {height} {width}"><g transform="translate(0 {width}) rotate(-90)">\n'
        f"{svg}</g></svg>\n"
    )


_SIZE = re.compile(
    r"\s*<svg\b(?=[^>]* width=\"(?P<width>[\d.]+)\")(?=[^>]* height=\"(?P<height>[\d.]+)\")"
)


def to_png(svg: str, *, scale: float = SCALE) -> Png:
    """An SVG as PNG, smaller than ``scale`` says where it would have more than ``MOST_PIXELS``.

    Raises ValueError when resvg cannot read it, and ModuleNotFoundError without resvg-py.
    """
    import resvg_py

    if size := _SIZE.match(svg):
        area = float(size["width"]) * float(size["height"])
        scale = min(scale, math.sqrt(MOST_PIXELS / max(area, 1.0)))
    data = bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=scale, sans_serif_family=LATIN))
    return Png(data, pick_font(svg).font_missing)


def to_pdf(svg: str) -> bytes | None:
    """An SVG as PDF by rsvg-convert or CairoSVG, or None where neither is installed."""
    program = shutil.which("rsvg-convert")
    if program is not None:
        with suppress(OSError, subprocess.TimeoutExpired):
            done = subprocess.run(
                [program, "--format", "pdf"],
                input=svg.encode(),
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
            if done.returncode == 0:
                return done.stdout
    try:
        # Optional: where it is installed, it brings no types.
        import cairosvg  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except (ImportError, OSError):  # OSError: the module is there, its library is not
        return None
    return bytes(cairosvg.svg2pdf(bytestring=svg.encode()))


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F", "H")


def _installed() -> frozenset[str]:
    """The families that fontconfig knows; none without fontconfig."""
    program = shutil.which("fc-list")
    if program is None:
        return frozenset()
    try:
        done = subprocess.run(
            [program, ":", "family"], capture_output=True, timeout=TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    names = done.stdout.decode("utf-8", "replace").replace("\n", ",").split(",")
    return frozenset(name.strip() for name in names)
