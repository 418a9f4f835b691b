"""A capture made ready for the page: cut into entries, tokens marked, notes said, secrets masked.

Lives here: ``annotate`` and its steps, all pure. What a token or a record means is asked of
``explain``; what the author chose comes as predicates. The joined text of all entries is the
capture's output (masked characters aside), whatever the reader made of it.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace

from ...explain.message import (
    Message,
    Param,
    Ref,
    Series,
)
from ...formats.base import Entry as Record
from ...formats.base import (
    Kind,
    Mark,
)
from ...formats.reading import Capture
from ...network.changes.model import Located
from ...printable import shown
from ...redaction.masking import (
    masked,
    masked_text,
    stars,
)
from ...source import (
    Source,
    Span,
)
from ...translation import Translator
from .. import wording
from ..tokens import joined
from ..view import (
    CaptureView,
    Cut,
    Entry,
    Ghosts,
    Piece,
    Pieces,
    RecordTable,
    Tip,
    Token,
)

# Beyond this many the names of a fold say only where it begins and ends.
NAMES_IN_A_CUT = 4


@dataclass(frozen=True)
class Meaning:
    """What ``explain`` knows about one capture, as functions, so that this room asks and no more.

    ``note``: what is said about a record. ``entity``: the key of what a mark names, None when it
    names nothing that could occur elsewhere. ``ref``: the same of a reference in a message.
    """

    note: Callable[[Record], Message | None]
    entity: Callable[[Mark], str | None]
    ref: Callable[[Ref], str | None]
    tip: Callable[[str], Tip | None]


@dataclass(frozen=True)
class Choice:
    """What the author chose: None means everything (``keeps``) or nothing (``marks``)."""

    lines: tuple[range, ...] | None = None
    keeps: Callable[[Span], bool] | None = None
    marks: Callable[[Span], bool] | None = None


@dataclass(frozen=True)
class Since:
    """What changed against an earlier capture, of ``path``.

    ``marks``: by ``id`` of a record ``new`` or ``changed``, and what the note says of it. ``gone``:
    entries that only the earlier capture has, by ``id`` of the record that they stood behind, or
    None where they stood before all of them. ``words``: all of it, for pages without marks.
    """

    path: str = ""
    marks: Mapping[int, tuple[str, Message]] = field(default_factory=dict)
    gone: Mapping[int | None, tuple[Located, ...]] = field(default_factory=dict)
    words: tuple[Message, ...] = ()


@dataclass(frozen=True)
class _Segment:
    """Whole lines and the record that they are, if any."""

    span: Span
    record: Record | None = None
    kept: bool = field(default=True)


def annotate(
    capture: Capture,
    meaning: Meaning,
    *,
    language: str,
    where: str = "",
    path: str = "",
    anchor: str = "ovs",
    view: str = "annotated",
    choice: Choice | None = None,
    redact: bool = True,
    caption: str = "",
    since: Since | None = None,
) -> CaptureView:
    """One capture as a view. ``anchor``: begins the ids of its entries."""
    choice = choice or Choice()
    since = since or Since()
    say = Translator(language)
    source = capture.source
    marks = (
        capture.marks if view != "raw" else tuple(m for m in capture.marks if m.kind is Kind.SECRET)
    )
    segments = [_Segment(source.span)] if view == "raw" else list(_segments(capture))
    segments = list(_chosen(segments, source, choice))
    entries = [
        _entry(segment, source, marks, meaning, say, anchor, choice, since, redact=redact)
        for segment in segments
    ]
    rows = tuple(_rows(segments, entries, say))
    seen = dict.fromkeys(
        piece.entity
        for entry in entries
        for piece in (*entry.pieces, *entry.note)
        if isinstance(piece, Token) and piece.entity
    )
    return CaptureView(
        language=say.language,
        where=where,
        command=_command(capture, redact=redact),
        prompt=(capture.prompt or "$")[-1],
        path=path,
        rows=rows,
        counts=_counts(segments, say),
        columns=columns_of(source),
        text=shown(masked(source, capture.secrets) if redact else source.window),
        view=view,
        tables=tuple(_tables(capture, meaning, redact=redact)) if view == "table" else (),
        tips=tuple(tip for key in seen if (tip := meaning.tip(key)) is not None),
        caption=caption,
        ghosts=tuple(_ghosts(since, segments, say, redact=redact)),
        since=tuple(say.text(words) for words in since.words),
    )


def _ghosts(
    since: Since, segments: Sequence[_Segment], say: Translator, *, redact: bool
) -> Iterable[Ghosts]:
    """What is gone, as it was captured and where it stood; nothing of it is linked any more."""
    places: dict[int | None, int] = {}
    rows = 0
    for index, segment in enumerate(segments):
        if segment.record is not None:
            places.setdefault(None, rows)
        # What was left out together is one row, which ends where an entry is kept again.
        ends = index + 1 == len(segments) or segments[index + 1].kept
        rows += segment.kept or ends
        places[id(segment.record)] = rows if segment.kept or ends else rows + 1
    folds: dict[int, list[Located]] = {}
    for behind, gone in since.gone.items():
        folds.setdefault(places.get(behind, rows), []).extend(gone)
    for at, every in sorted(folds.items()):
        entries = []
        for located in every:
            source, span = located.capture.source, located.record.span
            marks = located.capture.marks_of((located.record,))
            entries.append(pieces_of(span, source, marks, lambda mark: None, redact=redact))
        summary = wording.saying(wording.GONE, count=len(entries), path=since.path)
        yield Ghosts(at, say.text(summary), tuple(entries))


def _command(capture: Capture, *, redact: bool) -> str:
    text = capture.command.text if capture.command else ""
    return masked_text(text) if redact else text


def _segments(capture: Capture) -> Iterable[_Segment]:
    """The output cut into whole lines of a record, and the lines between that are none.

    Blank lines stay with the entry above them. A record that begins inside the one before it (two
    on one line) is part of it.
    """
    source = capture.source
    found: list[_Segment] = []
    position = source.start

    def take(end: int, record: Record | None) -> None:
        nonlocal position
        if end <= position:
            return
        blank = record is None and not source.text[position:end].strip()
        if blank and found:
            found[-1] = replace(found[-1], span=Span(found[-1].span.start, end))
        else:
            found.append(_Segment(Span(position, end), record))
        position = end

    for record in sorted(capture.parsed.records, key=lambda record: record.span.start):
        start = _line_start(source, record.span.start)
        if start < position or record.span.end > source.end or record.span.start < source.start:
            continue
        take(start, None)
        take(_line_end(source, record.span.end), record)
    take(source.end, None)
    return found


def _line_start(source: Source, offset: int) -> int:
    return max(source.start, source.text.rfind("\n", source.start, offset) + 1)


def _line_end(source: Source, offset: int) -> int:
    """The offset after the newline of the line that ends at or holds ``offset``."""
    if offset > source.start and source.text[offset - 1] == "\n":
        return offset
    newline = source.text.find("\n", offset, source.end)
    return source.end if newline < 0 else newline + 1


def _chosen(segments: list[_Segment], source: Source, choice: Choice) -> Iterable[_Segment]:
    parents: list[tuple[int, Record]] = []  # chosen, with their indents: more may stand in them
    for segment in segments:
        if choice.keeps is not None and not _keeps(choice.keeps, segment, source, parents):
            yield replace(segment, kept=False)
        elif choice.lines is None:
            yield segment
        else:
            yield from _by_lines(segment, source, choice.lines)


def _keeps(
    keeps: Callable[[Span], bool],
    segment: _Segment,
    source: Source,
    parents: list[tuple[int, Record]],
) -> bool:
    """Is an entry chosen, or one that it stands in, as a Port stands in its Bridge?

    What stands in an entry is of another class and indented more: numbers that a printer aligns to
    the right indent entries of one class.
    """
    if segment.record is None:
        return keeps(segment.span)
    line = source.slice(segment.span).partition("\n")[0]
    indent = len(line) - len(line.lstrip(" "))
    while parents and parents[-1][0] >= indent:
        parents.pop()
    inside = any(type(record) is not type(segment.record) for _, record in parents)
    if not inside and not keeps(segment.span):
        return False
    parents.append((indent, segment.record))
    return True


def _by_lines(segment: _Segment, source: Source, lines: tuple[range, ...]) -> Iterable[_Segment]:
    """A segment cut where the choice of lines begins or ends; the record stays with all parts."""
    runs: list[_Segment] = []
    for offset, line in source.part(segment.span).lines():
        number = source.place(offset)[0]
        kept = any(number in numbers for numbers in lines)
        end = min(offset + len(line) + 1, segment.span.end)
        if runs and runs[-1].kept == kept:
            runs[-1] = replace(runs[-1], span=Span(runs[-1].span.start, end))
        else:
            runs.append(_Segment(Span(offset, end), segment.record, kept))
    return runs


def _entry(
    segment: _Segment,
    source: Source,
    marks: Sequence[Mark],
    meaning: Meaning,
    say: Translator,
    anchor: str,
    choice: Choice,
    since: Since,
    *,
    redact: bool,
) -> Entry:
    pieces = pieces_of(segment.span, source, marks, meaning.entity, redact=redact)
    named = (p.entity for p in pieces if isinstance(p, Token) and p.entity)
    message = meaning.note(segment.record) if segment.record is not None else None
    line = source.place(segment.span.start)[0]
    changed, words = since.marks.get(id(segment.record), ("", None))
    if words is not None:
        message = Message("%(first)s %(second)s", {"first": words, "second": message or ""})
    return Entry(
        anchor=f"{anchor}-{line}",
        pieces=pieces,
        line=line,
        note=said(message, say, meaning.ref) if message else (),
        unit=type(segment.record).__name__ in _UNITS,
        marked=choice.marks is not None and choice.marks(segment.span),
        subject=next(named, None) if segment.record is not None else None,
        since=changed,
    )


def pieces_of(
    span: Span,
    source: Source,
    marks: Sequence[Mark],
    entity: Callable[[Mark], str | None],
    *,
    redact: bool,
) -> Pieces:
    """A piece of a capture with its tokens; joined they are the text, secrets masked."""
    pieces: list[Piece] = []
    position = span.start
    for mark in _inside(span, marks):
        if mark.span.start < position or mark.span.start == mark.span.end:
            continue
        pieces.append(source.text[position : mark.span.start])
        text = source.slice(mark.span)
        if mark.kind is Kind.SECRET and redact:
            pieces.append(Token(stars(text), mark.kind.value))
        else:
            pieces.append(Token(text, mark.kind.value, entity(mark)))
        position = mark.span.end
    pieces.append(source.text[position : span.end])
    return joined(pieces)


def said(param: Param, say: Translator, entity: Callable[[Ref], str | None]) -> Pieces:
    """A message in the page's language, its references as tokens.

    The number of a table or VLAN takes the word before it along: "table 71" is one name.
    """
    pieces: list[Piece] = []
    for piece in say.pieces(param):
        if isinstance(piece, str):
            pieces.append(piece)
            continue
        text = piece.shown
        noun = f"{say.text(_NOUNS[piece.kind])} " if piece.kind in _NOUNS else ""
        before = pieces[-1] if pieces else ""
        if noun and text.isdecimal() and isinstance(before, str) and before.endswith(noun):
            pieces[-1] = before.removesuffix(noun)
            text = f"{noun}{text}"
        pieces.append(Token(text, piece.kind, entity(piece)))
    return tuple(piece for piece in pieces if piece != "")


_NOUNS = {"table": Message("table"), "vlan": Message("VLAN")}


def _rows(segments: list[_Segment], entries: list[Entry], say: Translator) -> Iterable[Entry | Cut]:
    """Entries, with neighbours that were left out together in one fold."""
    cut: list[tuple[_Segment, Entry]] = []
    for segment, entry in zip(segments, entries, strict=True):
        if segment.kept:
            if cut:
                yield _cut(cut, say)
                cut = []
            yield entry
        else:
            cut.append((segment, entry))
    if cut:
        yield _cut(cut, say)


def _cut(left_out: list[tuple[_Segment, Entry]], say: Translator) -> Cut:
    entries = tuple(entry for _, entry in left_out)
    lines = sum(_line_count(entry) for entry in entries)
    records = [pair for pair in left_out if pair[0].record is not None]
    names = [name for _, entry in records if (name := _name(entry)) is not None]
    counted = wording.ONE_LINE if lines == 1 else wording.saying(wording.LINES, count=lines)
    params: dict[str, Param] = {"count": len(records), "lines": counted}
    if not records:
        message = wording.saying(wording.LINES_LEFT_OUT, lines=counted)
    elif not names:
        message = wording.saying(wording.CUT, **params)
    else:
        message = wording.saying(wording.CUT_NAMED, names=_names(names), **params)
    return Cut(said(message, say, lambda ref: None), entries)


def _names(names: list[Ref]) -> Param:
    if len(names) <= NAMES_IN_A_CUT:
        return Series(tuple(names), "plain")
    head = Series(tuple(names[:2]), "plain")
    return wording.saying(wording.MORE, names=head, last=names[-1])


def _name(entry: Entry) -> Ref | None:
    """What an entry is about: its first token that is a name, else nothing."""
    for piece in entry.pieces:
        if isinstance(piece, Token) and piece.kind not in ("head", "dim", "counter", "secret"):
            return Ref("code", piece.text)
    return None


def _line_count(entry: Entry) -> int:
    text = "".join(piece if isinstance(piece, str) else piece.text for piece in entry.pieces)
    return text.count("\n") + (not text.endswith("\n"))


# Records that begin a bigger unit: a stronger hairline stands before them.
_UNITS = frozenset({"Bridge", "Datapath"})

# What the foot counts, by record class: one, and several. The other classes are not counted.
_COUNTED = {
    "Link": (Message("1 device"), Message("%(count)s devices")),
    "AddressedLink": (Message("1 device"), Message("%(count)s devices")),
    "Bridge": (Message("1 bridge"), Message("%(count)s bridges")),
    "Port": (Message("1 port"), Message("%(count)s ports")),
    "DatapathPort": (Message("1 port"), Message("%(count)s ports")),
    "Flow": (Message("1 flow"), Message("%(count)s flows")),
    "Lease": (Message("1 lease"), Message("%(count)s leases")),
    "Domain": (Message("1 domain"), Message("%(count)s domains")),
    "Row": (Message("1 row"), Message("%(count)s rows")),
}


def _counts(segments: list[_Segment], say: Translator) -> str:
    """``3 bridges, 8 ports``; ``6 of 10 devices`` when some were left out."""
    everything: dict[str, set[int]] = {}
    kept: dict[str, set[int]] = {}
    for segment in segments:
        name = type(segment.record).__name__
        if name in _COUNTED:
            everything.setdefault(name, set()).add(id(segment.record))
            kept.setdefault(name, set()).update({id(segment.record)} if segment.kept else ())
    items: list[Param] = []
    for name, records in everything.items():
        one, several = _COUNTED[name]
        count, left = len(records), len(kept[name])
        counted = one if count == 1 else wording.saying(several, count=count)
        if left < count:
            counted = wording.saying(wording.PART, shown=left, all=counted)
        items.append(counted)
    return say.text(Series(tuple(items), "plain"))


def columns_of(source: Source) -> int:
    """Characters of the longest line, a wide one counted twice."""
    return max((_width(line) for _, line in source.lines()), default=0)


def _width(line: str) -> int:
    if line.isascii() and "\t" not in line:
        return len(line)
    return sum(
        2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line.expandtabs(8)
    )


def _tables(capture: Capture, meaning: Meaning, *, redact: bool) -> Iterable[RecordTable]:
    """One table for each class of records, in order of appearance."""
    by_class: dict[type, list[Record]] = {}
    for record in capture.parsed.records:
        by_class.setdefault(type(record), []).append(record)
    for records in by_class.values():
        told = [(_cells(record), _inside(record.span, capture.marks)) for record in records]
        columns = tuple(dict.fromkeys(n for cells, _ in told for n, text in cells.items() if text))
        if columns:
            yield RecordTable(
                columns,
                tuple(
                    tuple(
                        _cell(cells.get(name, ""), marks, capture.source, meaning, redact=redact)
                        for name in columns
                    )
                    for cells, marks in told
                ),
            )


def _cells(record: object) -> dict[str, str]:
    """A record's fields as text by name; what is a table's own (``cells``) becomes columns too."""
    cells: dict[str, str] = {}
    for name, value in _fields(record):
        if name == "span" or name.endswith("_start"):
            continue
        if name in ("cells", "fields", "statistics") and isinstance(value, dict):
            cells.update((str(key), _cell_text(item)) for key, item in value.items())
        else:
            cells[name] = _cell_text(value)
    return cells


def _fields(record: object) -> list[tuple[str, object]]:
    if is_dataclass(record):
        return [(item.name, getattr(record, item.name)) for item in fields(record)]
    return list(getattr(record, "_asdict", dict)().items())


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{k}={_cell_text(v)}" if v != "" else str(k) for k, v in value.items())
    # A match, an action list: shown as printed.
    if isinstance(text := getattr(value, "text", None), str):
        return text
    if is_dataclass(value):
        return " ".join(
            _cell_text(v) for n, v in _fields(value) if n != "span" and v not in (None, "", (), {})
        )
    if isinstance(value, tuple):
        return ", ".join(_cell_text(item) for item in value)
    return str(value)


def _cell(
    text: str, marks: Sequence[Mark], source: Source, meaning: Meaning, *, redact: bool
) -> Pieces:
    """A cell; a token where it is one of the record's ``marks``."""
    for mark in marks:
        if mark.kind is Kind.SECRET and redact:
            secret = source.slice(mark.span)
            text = text.replace(secret, stars(secret)) if secret else text
    for mark in marks:
        if text and text in (mark.value, source.slice(mark.span)):
            return (Token(text, mark.kind.value, meaning.entity(mark)),)
    return (text,) if text else ()


def _inside(span: Span, marks: Sequence[Mark]) -> Sequence[Mark]:
    """The marks that lie in ``span``; ``marks`` are sorted and disjoint."""
    first = bisect_left(marks, span.start, key=lambda mark: mark.span.start)
    after = bisect_left(marks, span.end, key=lambda mark: mark.span.start)
    return [mark for mark in marks[first:after] if mark.span in span]
