"""What a page asked of the models of a scenario, and whether it would be told the same again.

A page that shows captures is made of them and of what it asked of the models: whose a MAC is, which
host has an address; one that shows flows, of the whole model of their host. A capture that changes
elsewhere makes another page only where one of these answers changes. Of pages that draw, trace or
compare a whole scenario no account is kept: any change of meaning makes them anew.
"""

import pickle
from collections.abc import Callable
from types import MethodType
from typing import Any, NamedTuple, cast

from ...explain.surroundings import again
from ...network.everyone import Everyone, Question
from ...network.fingerprint import Fingerprints
from ...network.model import Network
from .file_state import FileState

# The contradictions of a host, as they are warned of.
Judged = Callable[[str], tuple[str, ...]]
_MODEL = "model"
_PART = "part of a model"
_JUDGED = "judged"


class Asked(NamedTuple):
    """An account as it is kept for the next build. ``answers``: pickled, since few are ever read:
    pairs of a question and the fingerprint of its answer. ``own``: files of the host that the page
    uses beyond their model."""

    answers: bytes
    own: tuple[FileState, ...] = ()


class _Watched:
    """Stands for a model: what is asked of it is told, and noted, at the first time."""

    def __init__(self, model: Network, account: "PageAccount") -> None:
        self._model, self._account = model, account

    def __getattr__(self, name: str) -> Any:
        told = getattr(self._model, name)
        if not isinstance(told, MethodType):
            self._account.note(Question(_PART, self._model.key, name=(name,)), told)
            setattr(self, name, told)
            return told

        def ask(*args: object, **named: object) -> object:
            answer = told(*args, **named)
            asked = (name, args, tuple(named.items()))
            self._account.note(Question(_PART, self._model.key, name=asked), answer)
            return answer

        setattr(self, name, ask)
        return ask


class PageAccount:
    """What one page asked of one scenario until now."""

    def __init__(self, fingerprints: Fingerprints) -> None:
        self._fingerprints = fingerprints
        self._told: dict[Question, str] = {}
        self._watched: dict[int, _Watched] = {}
        self.own: dict[FileState, None] = {}

    def note(self, question: Question, answer: object) -> None:
        if question not in self._told:
            self._told[question] = self._fingerprints.of(answer)

    def watch(self, model: Network) -> Network:
        return cast(Network, self._watched.setdefault(id(model), _Watched(model, self)))

    def note_model(self, host: str, everyone: Everyone) -> None:
        """The page uses everything that the model of a host says."""
        self.note(Question(_MODEL, host), everyone.model(host))

    def note_judged(self, host: str, contradictions: tuple[str, ...]) -> None:
        self.note(Question(_JUDGED, host), contradictions)

    def kept(self) -> Asked:
        return Asked(pickle.dumps(tuple(self._told.items())), tuple(self.own))


def is_told_again(
    asked: Asked, everyone: Everyone, judged: Judged, fingerprints: Fingerprints
) -> bool:
    """Would the page be told the same of these models?"""
    answers: tuple[tuple[Question, str], ...] = pickle.loads(asked.answers)
    return all(
        fingerprints.of(_answer(question, everyone, judged)) == told for question, told in answers
    )


def _answer(question: Question, everyone: Everyone, judged: Judged) -> object:
    model = everyone.model(question.host)
    if question.kind == _MODEL:
        return model
    if question.kind == _JUDGED:
        return judged(question.host)
    if question.kind != _PART:
        return again(question, everyone)
    name, *how = cast(tuple[Any, ...], question.name)
    told = getattr(model, name, None)
    if not how or told is None:
        return told
    args, named = how
    return told(*args, **dict(named))
