"""The width of a text without a browser.

Lives here: a table of advance widths, the measure that reads it, and what a text must lose before
it can be drawn (control characters, the middle of a very long name). Does not live here: fonts,
which differ from reader to reader; the table is that of DejaVu Sans, the widest common sans, so
that a text measured here fits wherever it is shown.
"""

import unicodedata
from functools import lru_cache
from math import ceil

# Advance widths of DejaVu Sans 2.37 (Book) for U+0020 to U+007E, in units of 1/2048 em.
ADVANCES = (
    651, 821, 942, 1716, 1303, 1946, 1597, 563, 799, 799, 1024, 1716, 651, 739, 651, 690,
    1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 690, 690, 1716, 1716, 1716,
    1087, 2048, 1401, 1405, 1430, 1577, 1294, 1178, 1587, 1540, 604, 604, 1343, 1141, 1767,
    1532, 1612, 1235, 1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403, 1251, 1403, 799, 690,
    799, 1716, 1024, 1024, 1255, 1300, 1126, 1300, 1260, 721, 1300, 1298, 569, 569, 1186, 569,
    1995, 1298, 1253, 1300, 1300, 842, 1067, 803, 1298, 1212, 1675, 1212, 1212, 1075, 1303,
    690, 1303, 1716,
)  # fmt: skip
UNITS_PER_EM = 2048

ELLIPSIS = "\u2026"
# What a control character, a lone surrogate or a noncharacter becomes: XML 1.0 cannot hold it.
REPLACEMENT = "\ufffd"


@lru_cache(maxsize=4096)  # a name is measured several times on its way to its place
def width(text: str, size: float) -> float:
    """How wide ``text`` is at font size ``size`` px, in px."""
    return sum(_em(char) for char in text) * size


def whole_width(text: str, size: float) -> int:
    """``width`` rounded up to a whole px: extents are whole, so that rounding never overlaps."""
    return ceil(width(text, size))


def shorten(text: str, size: float, limit: float) -> str:
    """``text``, or its two ends around an ellipsis when it is wider than ``limit`` em.

    The middle goes, because names of one kind begin alike and differ at their end.
    """
    most = limit * size
    if width(text, size) <= most:
        return text
    # Both ends grow by turns until the next character is too much: work for what is shown, not for
    # what is captured. Advances are binary fractions, so that their sum is exact in any order.
    head = tail = 0
    room = _em(ELLIPSIS)
    while head + tail < len(text) - 1:
        room += _em(text[head] if head == tail else text[-1 - tail])
        if room * size > most:
            break
        head, tail = (head + 1, tail) if head == tail else (head, tail + 1)
    if head + tail < 2:
        return ELLIPSIS
    return text[:head] + ELLIPSIS + text[len(text) - tail :]


def printable(text: str) -> str:
    """``text`` with every character that XML 1.0 cannot hold or that moves the pen replaced."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _holds(char) else REPLACEMENT for char in text)


def _holds(char: str) -> bool:
    code = ord(char)
    return not (
        code < 0x20
        or 0x7F <= code < 0xA0
        or 0xD800 <= code < 0xE000
        or code & 0xFFFE == 0xFFFE
        # Line separators and the marks that turn the writing direction: a name that holds one
        # would be shown as another name.
        or 0x2028 <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
    )


def _em(char: str) -> float:
    """The advance of one character in em."""
    if " " <= char <= "~":
        return ADVANCES[ord(char) - 0x20] / UNITS_PER_EM
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    return 0.5 if unicodedata.east_asian_width(char) == "H" else 1.0
