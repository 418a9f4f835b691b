"""Messages become language here, and in the command, and nowhere else.

Catalogues: one ``.po`` a room under ``locale/<language>/LC_MESSAGES``, compiled to ``.mo`` when the
package is built. In a checkout whose ``.mo`` is missing or older, the ``.po`` is read directly.
"""

import gettext
import io
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from .explain.message import (
    Message,
    Param,
    Ref,
    Series,
)

LANGUAGES = ("en", "ja")
Piece = str | Ref

_HOLE = re.compile(r"%\((\w+)\)s|%%")
_LOCALE = Path(__file__).parent / "locale"

# How a language joins items; msgctxt "list". The catalogue has the other languages' joins.
_JOINS = {
    "and": ("%(head)s, %(last)s", "%(head)s and %(last)s"),
    "or": ("%(head)s, %(last)s", "%(head)s or %(last)s"),
    "steps": ("%(head)s, %(last)s", "%(head)s, %(last)s"),
    "plain": ("%(head)s, %(last)s", "%(head)s, %(last)s"),
    "clauses": ("%(head)s; %(last)s", "%(head)s; %(last)s"),
    "sentences": ("%(head)s %(last)s", "%(head)s %(last)s"),
}


def join_message(style: str, *, final: bool) -> Message:
    """The join of a series: between items, or before the last one."""
    return Message(_JOINS[style][final], context=f"list {style} {'last' if final else 'next'}")


class Translator:
    """Says messages in one language; an unknown language speaks English."""

    def __init__(self, language: str) -> None:
        self.language = language.split("_")[0].split("-")[0]
        self._catalogue = _catalogue(self.language)

    def text(self, param: Param) -> str:
        """A message as plain text: references as they are shown."""
        return "".join(p if isinstance(p, str) else p.shown for p in self.pieces(param))

    def pieces(self, param: Param) -> tuple[Piece, ...]:
        """A message as text and references, in the language's order."""
        found: list[Piece] = []
        self._say(param, found)
        return tuple(_merged(found))

    def _say(self, param: Param, out: list[Piece]) -> None:
        match param:
            case Ref():
                out.append(param)
            case Message():
                self._fill(param, out)
            case Series():
                self._join(param, out)
            case _:
                out.append(str(param))

    def _fill(self, message: Message, out: list[Piece]) -> None:
        def filling(hole: str) -> list[Piece]:
            found: list[Piece] = []
            self._say(message.params[hole], found)
            return found

        self._fill_holes(self._wording(message), filling, out)

    def _wording(self, message: Message) -> str:
        if message.context is None:
            return self._catalogue.gettext(message.msgid)
        return self._catalogue.pgettext(message.context, message.msgid)

    def _fill_holes(
        self, text: str, filling: Callable[[str], list[Piece]], out: list[Piece]
    ) -> None:
        position = 0
        for hole in _HOLE.finditer(text):
            self._join_on(out, [text[position : hole.start()]])
            if hole[1] is None:
                out.append("%")
            else:
                self._join_on(out, filling(hole[1]))
            position = hole.end()
        self._join_on(out, [text[position:]])

    def _join_on(self, out: list[Piece], more: list[Piece]) -> None:
        """Append pieces; in Japanese without the space between two Japanese characters.

        A catalogue writes spaces around every hole, for the Latin names that mostly fill it; where
        Japanese words fill it, Japanese has no space there.
        """
        for piece in more:
            if self.language == "ja" and out and piece != "":
                before, after = _shown(out[-1]), _shown(piece)
                if before.endswith(" ") and _WIDE.match(before[-2:-1]) and _WIDE.match(after):
                    # A reference never ends with a space: what does is text.
                    out[-1] = before[:-1]
                elif after.startswith(" ") and _WIDE.match(before[-1:]) and _WIDE.match(after[1:2]):
                    piece = after[1:]
            if isinstance(piece, str) and out and isinstance(out[-1], str):
                out[-1] += piece
            else:
                out.append(piece)

    def _join(self, series: Series, out: list[Piece]) -> None:
        """A list may be of a thousand guests: it is joined one by one, from the left."""
        if len(series.items) == 1:
            self._say(series.items[0], out)
            return
        joined: list[Piece] = []
        for number, item in enumerate(series.items, 1):
            last: list[Piece] = []
            self._say(item, last)
            if number == 1:
                self._join_on(joined, ["", *last])
                continue
            join = join_message(series.style, final=number == len(series.items))
            text = self._wording(join)
            if text.startswith(_HEAD):
                # What is joined stands in its place already.
                self._fill_holes(text.removeprefix(_HEAD), {"last": last}.__getitem__, joined)
            else:
                before, joined = joined, []
                self._fill_holes(text, {"head": before, "last": last}.__getitem__, joined)
        out += joined


_HEAD = "%(head)s"
# Kana, ideographs and full-width signs: between two of them Japanese has no space.
_WIDE = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uff60]")


def _shown(piece: Piece) -> str:
    return piece if isinstance(piece, str) else piece.shown


def _merged(pieces: list[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    for piece in pieces:
        if piece == "":
            continue
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    merged = gettext.NullTranslations()
    for po in sorted((_LOCALE / language / "LC_MESSAGES").glob("*.[pm]o")):
        mo = po.with_suffix(".mo")
        if po.suffix == ".mo" and po.with_suffix(".po").exists():
            continue  # told by its .po, which says whether the .mo is fresh
        if mo.exists() and (po == mo or mo.stat().st_mtime >= po.stat().st_mtime):
            translations = gettext.GNUTranslations(io.BytesIO(mo.read_bytes()))
        else:
            compiled = io.BytesIO()
            write_mo(compiled, read_po(io.BytesIO(po.read_bytes())))
            compiled.seek(0)
            translations = gettext.GNUTranslations(compiled)
        translations.add_fallback(merged)
        merged = translations
    return merged
