"""What a directive made of its captures: ready to be written by any builder, and picklable.

Lives here: frozen data only. Everything is already said in the page's language and masked; links
are not resolved, since they are relative to the page that is written: a token keeps the key of the
entity that it names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import NamedTuple


class Token(NamedTuple):
    """A piece of text that means something: a ``Kind`` or ``RefKind``, and the entity's key."""

    text: str
    kind: str
    entity: str | None = None


Piece = str | Token
Pieces = tuple[Piece, ...]


def links_of(view: object) -> Iterator[str]:
    """The keys of all entities and captures that a view may link to, some more than once."""
    if isinstance(view, Token):
        if view.entity:
            yield view.entity
    elif isinstance(view, tuple | list):
        for one in view:
            if not isinstance(one, str):
                yield from links_of(one)
    elif is_dataclass(view) and type(view).__module__.startswith(_ROOM):
        for field in fields(view):
            value = getattr(view, field.name)
            if not isinstance(value, Mapping):
                yield from links_of(value)
            elif field.name in _KEYED:
                for keys in value.values():
                    yield from (keys,) if isinstance(keys, str) else keys


# What is walked for links; and the fields of pictures that map their parts to keys.
_ROOM = __name__.rpartition(".")[0]
_KEYED = ("entities", "captures")


def plain(pieces: Pieces) -> str:
    """Pieces as text."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in pieces)


@dataclass(frozen=True, slots=True)
class Entry:
    """Whole lines of a capture and what is said about them.

    ``pieces``: the text with its newlines. ``unit``: a bigger unit begins here (a bridge).
    ``marked``: ``:highlight:`` chose it. ``subject``: the entity that the entry is about; the
    others are only mentioned. ``line``: of its first line in the file. ``since``: ``new`` or
    ``changed`` against an earlier capture; what changed stands in the note.
    """

    anchor: str
    pieces: Pieces
    line: int
    note: Pieces = ()
    unit: bool = False
    marked: bool = False
    subject: str | None = None
    since: str = ""

    @property
    def entities(self) -> tuple[str, ...]:
        """Keys of everything that the entry's text names, each once."""
        return tuple(
            dict.fromkeys(p.entity for p in self.pieces if isinstance(p, Token) and p.entity)
        )


@dataclass(frozen=True, slots=True)
class Cut:
    """Entries that ``:only:`` or ``:lines:`` left out, and the line that says so."""

    summary: Pieces
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Ghosts:
    """Entries of the earlier capture that are gone: folded, and no part of the text.

    ``at``: how many rows stand before them.
    """

    at: int
    summary: str
    entries: tuple[Pieces, ...]


@dataclass(frozen=True, slots=True)
class RecordTable:
    """Records of one class as ``:view: table`` shows them: field names, then rows of cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Pieces, ...], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a tooltip."""

    name: str
    value: Pieces


@dataclass(frozen=True, slots=True)
class Tip:
    """What is known about an entity: one a page, shown beside whichever mention is pointed at.

    ``evidence``: the captures that say so, each with the key under which the page links it.
    """

    entity: str
    name: Token
    kind: str
    sentence: Pieces = ()
    facts: tuple[Fact, ...] = ()
    evidence: Pieces = ()


@dataclass(frozen=True, slots=True)
class CaptureView:
    """One capture as a page shows it.

    ``ghosts``: what an earlier capture had, where it stood; ``since``: all changes against it, in
    words.
    ``where``: host and namespace or guest; ``path``: the file under the capture root, "" when
    pasted; ``columns``: characters of the longest line; ``text``: the output as plain text, masked,
    for builders without HTML. ``in_place``: a block of the page, whose command stands in the page's
    own text: the head does not repeat it.
    """

    language: str
    where: str
    command: str
    prompt: str
    path: str
    rows: tuple[Entry | Cut, ...]
    counts: str
    columns: int
    text: str
    view: str = "annotated"
    tables: tuple[RecordTable, ...] = ()
    tips: tuple[Tip, ...] = ()
    caption: str = ""
    in_place: bool = False
    ghosts: tuple[Ghosts, ...] = ()
    since: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries in order, those in cuts too."""
        return tuple(
            entry
            for row in self.rows
            for entry in (row.entries if isinstance(row, Cut) else (row,))
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """The first line of a flows page: numbers and what they count.

    ``notes``: what else is to be known of the dump: what was left out, which of several it is.
    """

    language: str
    items: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClueRow:
    """A piece of evidence: the shape that was found, and the versions that write it.

    ``span``: first and last version on the axis, 0 to 1; None where it says nothing of versions.
    """

    found: str
    meaning: Pieces
    span: tuple[float, float] | None
    fits: bool = True


@dataclass(frozen=True, slots=True)
class PipelineView:
    """The pipeline that was recognised, or that none was, with the evidence.

    ``axis``: labels of the versions with their places, 0 to 1; ``band``: the versions concluded.
    """

    language: str
    title: str
    detail: str
    version: str
    rows: tuple[ClueRow, ...]
    axis: tuple[tuple[str, float], ...] = ()
    band: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One flow as a page tells it. ``share``: of the table's packets, 0 to 1, None when unknown."""

    anchor: str
    priority: str
    reading: Pieces
    purpose: Pieces
    next: Pieces
    packets: str
    bytes: str
    share: float | None
    raw: Pieces
    entities: tuple[str, ...] = ()
    plain_raw: str = ""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Flows of one shape as one row, and in its fold what differs.

    ``words``: how many. ``heads``: of the columns. Few flows have ``cells``, a row each, and their
    ``raw`` text; many have ``lines`` instead, a line each, the first one of heads: 60 000 flows
    would be half a million elements. A line begins with the number of the flow's line in the file
    and ends with its packets.
    """

    anchor: str
    priority: str
    reading: Pieces
    purpose: Pieces
    next: Pieces
    packets: str
    bytes: str
    share: float | None
    words: str
    heads: tuple[str, ...]
    cells: tuple[tuple[Pieces, ...], ...] = ()
    raw: Pieces = ()
    lines: str = ""
    count: int = 0
    entities: tuple[str, ...] = ()
    plain_raw: str = ""


@dataclass(frozen=True, slots=True)
class FilterView:
    """Where the script puts the filter of a page's flows. ``counts``: all, matched, idle.

    ``counted``: do the flows tell how many packets they matched?
    """

    language: str
    counts: tuple[int, int, int]
    counted: bool = True


@dataclass(frozen=True, slots=True)
class IdleRun:
    """Neighbouring flows that matched nothing, folded where they stand."""

    priority: str
    reading: Pieces
    words: str
    rows: tuple[FlowRow | GroupRow, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """One table of a flows page. ``meta``: name and pieces, in order; the first may be nameless.

    ``left_out``: how many of its flows the page does not tell. ``raw``: under which name the text
    of the dump lies beside the page, and its title, where the page does not repeat it.
    """

    language: str
    lead: Pieces
    meta: tuple[tuple[str, Pieces], ...]
    rows: tuple[FlowRow | GroupRow | IdleRun, ...]
    tips: tuple[Tip, ...] = ()
    constant: str = ""
    number: int = 0
    left_out: str = ""
    raw: tuple[str, str] | None = None

    @property
    def flows(self) -> tuple[FlowRow | GroupRow, ...]:
        """All rows of flows in order, those in folds too."""
        return tuple(
            flow for row in self.rows for flow in (row.rows if isinstance(row, IdleRun) else (row,))
        )


@dataclass(frozen=True, slots=True)
class DiffEntry:
    """One change. ``sign``, ``word``: what kind; ``raw``: a title and the captured text of a side.

    Beside the title stands where the text is, as file and line. ``members``: of several flows of
    one form, each.
    """

    kind: str
    sign: str
    word: str
    headline: Pieces
    details: tuple[Pieces, ...]
    raw: tuple[tuple[str, str, Pieces], ...] = ()
    members: tuple["DiffEntry", ...] = ()


@dataclass(frozen=True, slots=True)
class DiffSection:
    """Changes of one kind of thing. ``counts``: of each kind of change, in words."""

    title: str
    counts: str
    entries: tuple[DiffEntry, ...]


@dataclass(frozen=True, slots=True)
class DiffHost:
    """The changes of one host. ``lead``: what stands for many changes; ``notes``: what is not sure.

    ``sections``: one for each kind of thing.
    """

    title: str
    lead: tuple[Pieces, ...]
    sections: tuple[DiffSection, ...]
    notes: tuple[Pieces, ...]


@dataclass(frozen=True, slots=True)
class DiffView:
    """What changed between two targets, as a page tells it."""

    language: str
    summary: Pieces
    hosts: tuple[DiffHost, ...]
    tips: tuple[Tip, ...] = ()
    caption: str = ""
