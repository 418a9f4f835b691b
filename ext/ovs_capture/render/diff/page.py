"""What changed, as a page tells it: hosts, kinds of things, each change with its captured text.

Lives here: the view of ``ovs-diff``, and the marks of ``:since:``. What is said stands in
``explain.changes``; the command says the same from ``changes``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ...explain.changes import (
    COUNTED,
    KIND_WORDS,
    KINDS,
    Section,
    Told,
    join_words,
    notes,
    renumbered_words,
    summary,
)
from ...explain.message import (
    Message,
    Param,
    Series,
)
from ...formats.reading import Capture
from ...network.changes.model import Located
from ...subjects.changes import (
    SIGNS,
    HostDiff,
    Moment,
    compare,
    moment,
)
from ...translation import Translator
from .. import wording
from ..capture.annotate import (
    Meaning,
    Since,
    pieces_of,
    said,
)
from ..capture.meaning import (
    meaning_of,
    ref_key,
)
from ..library.captures import Place
from ..view import (
    DiffEntry,
    DiffHost,
    DiffSection,
    DiffView,
    Pieces,
    Tip,
)

Captured = tuple[tuple[Capture, ...], Place]


def moment_of(captures: tuple[Capture, ...], place: Place) -> Moment:
    """Some captures of a host, or all of them."""
    assert place.network is not None
    asked = place.host.hints.pipeline if place.host else None
    return moment(place.network, captures, asked)


def diff_view(
    diffs: Sequence[HostDiff],
    before: Mapping[str, Place],
    after: Mapping[str, Place],
    *,
    language: str,
    redact: bool,
    caption: str = "",
) -> DiffView:
    """The changes of all hosts. ``before``, ``after``: the hosts by name."""
    teller = _Teller(language, redact)
    hosts = []
    for diff in diffs:
        name = diff.changes.name
        pair = len(before) == len(after) == 1
        old = next(iter(before.values())) if pair else before.get(name)
        new = after.get(name)
        hosts.append(teller.host(diff, old, new))
    return DiffView(
        language=teller.say.language,
        summary=said(summary([diff.changes for diff in diffs]), teller.say, lambda ref: None),
        hosts=tuple(host for host in hosts if host.lead or host.sections or host.notes),
        tips=tuple(teller.tips.values()),
        caption=caption,
    )


class _Teller:
    """Says the changes of hosts; collects the tooltips of what they name."""

    def __init__(self, language: str, redact: bool) -> None:
        self.say = Translator(language)
        self.redact = redact
        self.tips: dict[str, Tip] = {}
        self._meanings: dict[int, Meaning] = {}

    def host(self, diff: HostDiff, before: Place | None, after: Place | None) -> DiffHost:
        place = after or before
        assert place is not None
        host = diff.changes
        key = ref_key(place)

        lead = [renumbered_words(one) for one in host.renumbered]
        lead += [join_words(join) for join in host.joins]
        return DiffHost(
            title=place.title(self.say.language) or host.name,
            lead=tuple(said(message, self.say, key) for message in lead),
            sections=tuple(self._section(one, before, after) for one in diff.sections),
            notes=tuple(said(message, self.say, key) for message in notes(host)),
        )

    def _section(self, section: Section, before: Place | None, after: Place | None) -> DiffSection:
        counts = Counter(told.change.kind for told in section.each)
        counted: tuple[Param, ...] = tuple(
            wording.saying(COUNTED[kind], count=counts[kind]) for kind in KINDS if counts[kind]
        )
        return DiffSection(
            title=self.say.text(section.title),
            counts=self.say.text(Series(counted, "plain")),
            entries=tuple(self._entry(told, before, after) for told in section.entries),
        )

    def _entry(self, told: Told, before: Place | None, after: Place | None) -> DiffEntry:
        change = told.change
        place = before if change.after is None else after
        assert place is not None
        key = ref_key(place)
        sides = ((wording.THEN, change.before, before), (wording.NOW, change.after, after))
        return DiffEntry(
            kind=change.kind,
            sign=SIGNS[change.kind],
            word=self.say.text(KIND_WORDS[change.kind]),
            headline=said(told.headline, self.say, key),
            details=tuple(said(detail, self.say, key) for detail in told.details),
            members=tuple(self._entry(one, before, after) for one in told.members),
            raw=tuple(
                self._raw(self.say.text(title), located, of_side)
                for title, located, of_side in sides
                if located is not None and of_side is not None and not told.members
            ),
        )

    def _raw(self, title: str, located: Located, place: Place) -> tuple[str, str, Pieces]:
        capture, record = located.capture, located.record
        if id(capture) not in self._meanings:
            self._meanings[id(capture)] = meaning_of(capture, place, self.say.language)
        meaning = self._meanings[id(capture)]
        marks = capture.marks_of((record,))
        pieces = pieces_of(record.span, capture.source, marks, meaning.entity, redact=self.redact)
        for piece in pieces:
            key = None if isinstance(piece, str) else piece.entity
            if key and key not in self.tips and (tip := meaning.tip(key)) is not None:
                self.tips[key] = tip
        line = capture.source.place(record.span.start)[0]
        return title, f"{capture.source.name}:{line}", pieces


def since_of(path: str, before: Captured, after: Captured) -> dict[int, Since]:
    """The marks of each capture of ``after``, by its ``id``."""
    old, new = moment_of(*before), moment_of(*after)
    (diff,) = compare({"": old}, {"": new}, files=True)
    told = [one for section in diff.sections for one in section.each]
    found: dict[int, Since] = {}
    for capture in after[0]:
        # A gone entry is told under the capture of the command that showed it.
        words = capture.command.words if capture.command else ()
        own = [one for one in told if one.change.after and one.change.after.capture is capture]
        gone = [
            one
            for one in told
            if one.change.kind == "gone"
            and one.change.before
            and _words(one.change.before.capture) == words
        ]
        found[id(capture)] = Since(
            path,
            {id(one.change.shown.record): (one.change.kind, _note(one)) for one in own},
            _places(
                [one.change.before for one in gone if one.change.before],
                capture,
                diff.changes.pairs,
            ),
            tuple(one.headline for one in (*own, *gone)),
        )
    return found


def _places(
    gone: Sequence[Located], capture: Capture, pairs: Iterable[tuple[Located, Located]]
) -> dict[int | None, tuple[Located, ...]]:
    """What is gone by the entry of ``capture`` that it stood behind; None: before all of them."""
    stays = {id(old.record): new for old, new in pairs if new.capture is capture}
    found: dict[int | None, list[Located]] = {}
    of_capture: dict[int, list[Located]] = {}
    for located in gone:
        of_capture.setdefault(id(located.capture), []).append(located)
    for every in of_capture.values():
        away = {id(located.record): located for located in every}
        behind: int | None = None
        for record in sorted(every[0].capture.parsed.records, key=lambda record: record.span):
            if (new := stays.get(id(record))) is not None:
                behind = id(new.record)
            elif (one := away.get(id(record))) is not None:
                found.setdefault(behind, []).append(one)
    return {behind: tuple(every) for behind, every in found.items()}


def _words(capture: Capture) -> tuple[str, ...]:
    return capture.command.words if capture.command else ()


def _note(told: Told) -> Message:
    """What an entry's note begins with."""
    if told.change.kind == "new":
        return Message("New.", context="change")
    details = Series(told.details[:3], "plain")
    return Message("Changed: %(details)s.", {"details": details}, "change")
