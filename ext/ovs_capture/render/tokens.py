"""Pieces of text as HTML: tokens marked by kind, linked where the entity is known elsewhere.

Lives here: the one place that writes a token. Does not live here: which words are tokens
(``annotate``), where an entity is (``domain``).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from .markup import captured, element, text
from .view import Piece, Pieces, Tip, Token

# The class of a kind; kinds of one family share a hue (VISUAL section 3).
CLASS = {
    "device": "k-device",
    "bridge": "k-bridge",
    "mac": "k-mac",
    "address": "k-address",
    "vlan": "k-vlan",
    "table": "k-table",
    "register": "k-table",
    "field": "k-table",
    "guest": "k-guest",
    "namespace": "k-guest",
    "host": "k-guest",
    "uuid": "k-id",
    "cookie": "k-id",
    "counter": "k-id",
    "head": "k-head",
    "dim": "k-dim",
    "drop": "k-drop",
    "secret": "k-dim",
    "code": "k-code",
    "capture": "k-capture",
}
# A name in a sentence stays on one line, unless it is longer than a narrow column: then it breaks
# after a hyphen.
LONGEST = 28
# In a sentence these are words ("VLAN 1", "table 71", instance00), the others are names as typed.
WORDS = frozenset({"vlan", "table", "guest", "host", "drop", "capture"})


@dataclass
class Page:
    """What a page being written knows: where entities are, and which tooltips it already has.

    ``link(entity, anchor)``: address of the best place of an entity other than the entry
    ``anchor``, None when there is no other. ``scripts``: False where no script can run (EPUB).
    ``raw(name)``: address of the text of a dump that lies beside the pages.
    """

    link: Callable[[str, str], str | None]
    scripts: bool = True
    raw: Callable[[str], str | None] = lambda name: None
    tips: set[str] = field(default_factory=set)

    def unsaid(self, tips: tuple[Tip, ...]) -> list[Tip]:
        """Those of ``tips`` that the page does not have yet; it has them from now on."""
        new = [tip for tip in tips if self.scripts and tip.entity not in self.tips]
        self.tips.update(tip.entity for tip in new)
        return new


def capture_text(pieces: Pieces, page: Page, anchor: str) -> str:
    """Text of a capture."""
    return "".join(
        captured(piece)
        if isinstance(piece, str)
        else _token(piece, page, anchor, captured(piece.text), "")
        for piece in pieces
    )


def prose(pieces: Pieces, page: Page, anchor: str = "") -> str:
    """A sentence of ours that names things."""
    return "".join(
        text(piece)
        if isinstance(piece, str)
        else _token(piece, page, anchor, _breaking(piece.text), _in_prose(piece))
        for piece in pieces
    )


def unlinked(pieces: Pieces) -> str:
    """A sentence for a ``summary``: a control, in which no other one may stand."""
    return prose(pieces, Page(lambda entity, anchor: None))


# A name as long as a UUID is wider than a note; it may break, others never do.
_LONG = 30


def _in_prose(token: Token) -> str:
    mono = "" if token.kind in WORDS else " ovs-mono"
    return f"{mono} ovs-long" if len(token.text) > _LONG else mono


def _breaking(name: str) -> str:
    """A name as HTML, with places to break where it may be longer than its line."""
    if len(name) <= LONGEST:
        return captured(name)
    return element("wbr").join(captured(part) for part in re.split("(?<=-)", name))


def _token(token: Token, page: Page, anchor: str, said: str, extra: str) -> str:
    kind = CLASS.get(token.kind)
    if kind is None:
        return said
    href = page.link(token.entity, anchor) if token.entity else None
    return element(
        "a" if href else "span",
        said,
        class_=f"ovs-t {kind}{extra}",
        href=href,
        # Captures are linked, but a page does not light up all that came from one.
        data_ovs=token.entity if token.kind != "capture" else None,
    )


def joined(pieces: list[Piece]) -> Pieces:
    """Pieces with neighbouring plain texts put together."""
    out: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and out and isinstance(out[-1], str):
            out[-1] += piece
        elif piece != "":
            out.append(piece)
    return tuple(out)
