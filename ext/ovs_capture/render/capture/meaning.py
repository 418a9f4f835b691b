"""What ``explain`` knows about a capture, in the form in which ``annotate`` asks for it."""

from collections.abc import Callable, Iterable
from functools import cache

from ...explain.captures import notes
from ...explain.entities import (
    Entity,
    describe,
    entity_of_mark,
    entity_of_ref,
    evidence_label,
)
from ...explain.message import (
    Message,
    Ref,
    Series,
)
from ...formats.base import Mark
from ...formats.reading import Capture
from ...translation import Translator
from .. import wording
from ..library.captures import Place
from ..view import (
    Fact,
    Tip,
    Token,
)
from .annotate import Meaning, said


class Seen:
    """The entities that a part of a page names, as their host knows them: each once, in order."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.entities: dict[str, Entity] = {}

    def ref(self, ref: Ref, bridge: str | None = None) -> str | None:
        """The key of what a name in a sentence about ``bridge`` means; None when nothing known."""
        place = self.place
        return self._kept(entity_of_ref(ref, place.network, bridge=bridge, others=place.others))

    def mark(self, mark: Mark, capture: Capture) -> str | None:
        """The key of what a marked piece of a capture means."""
        place = self.place
        return self._kept(
            entity_of_mark(mark, capture, place.network, others=place.others, host=place.key)
        )

    def _kept(self, entity: Entity | None) -> str | None:
        if entity is None:
            return None
        self.entities.setdefault(entity.key, entity)
        return entity.key

    def tips(self, language: str) -> tuple[Tip, ...]:
        """Their tooltips."""
        return tips_of([(entity, self.place) for entity in self.entities.values()], language)


def meaning_of(
    capture: Capture, place: Place, language: str, tips: dict[str, Tip] | None = None
) -> Meaning:
    """Notes, entities and tooltips of one capture of ``place``.

    ``tips``: those already made for other captures of the place; the new ones are put there.
    """
    made = {} if tips is None else tips
    say = Translator(language)
    messages = {
        note.index: note.message
        for note in notes(capture, place.network, others=place.others, host=place.key)
    }
    by_record = {
        id(record): messages[index]
        for index, record in enumerate(capture.parsed.records)
        if index in messages
    }
    seen = Seen(place)

    @cache
    def of_mark(mark: Mark) -> str | None:
        return seen.mark(mark, capture)

    @cache
    def of_ref(ref: Ref) -> str | None:
        return seen.ref(ref)

    def note(record: object) -> Message | None:
        return by_record.get(id(record))

    def tip(key: str) -> Tip | None:
        if key not in made and key in seen.entities:
            made[key] = tip_of(seen.entities[key], place, say, of_ref)
        return made.get(key)

    return Meaning(note, of_mark, of_ref, tip)


def capture_key(file: str) -> str:
    """The key under which the domain knows where a capture file is shown."""
    return f"capture {file}"


def tips_of(entities: Iterable[tuple[Entity, Place]], language: str) -> tuple[Tip, ...]:
    """Tooltips of entities, each as its host knows it."""
    say = Translator(language)
    tips: dict[str, Tip] = {}
    for entity, place in entities:
        if entity.key not in tips:
            tips[entity.key] = tip_of(entity, place, say, ref_key(place))
    return tuple(tips.values())


def ref_key(place: Place, bridge: str | None = None) -> Callable[[Ref], str | None]:
    """The key of what a reference in a sentence about ``place`` names."""

    def key(ref: Ref) -> str | None:
        entity = entity_of_ref(ref, place.network, bridge=bridge, others=place.others)
        return entity.key if entity else None

    return key


def tip_of(
    entity: Entity, place: Place, say: Translator, of_ref: Callable[[Ref], str | None]
) -> Tip:
    """The tooltip of an entity, in the language of ``say``."""
    description = describe(entity, place.network, others=place.others)
    labels = {evidence_label(one): one.file for one in reversed(description.evidence)}
    captures = Series(tuple(Ref("code", label) for label in reversed(labels)), "plain")
    evidence = wording.saying(wording.EVIDENCE, captures=captures)
    return Tip(
        entity=entity.key,
        name=Token(description.name, entity.kind),
        kind=say.text(description.kind_words),
        sentence=said(description.sentence, say, of_ref) if description.sentence else (),
        facts=tuple(
            Fact(say.text(name), said(value, say, of_ref)) for name, value in description.facts
        ),
        evidence=tuple(
            piece
            if isinstance(piece, str)
            else Token(piece.shown, "capture", capture_key(labels[piece.value]))
            for piece in (say.pieces(evidence) if labels else ())
        ),
    )
