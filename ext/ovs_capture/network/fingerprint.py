"""Is it still the same? One short text for all that pages can see of a model, or of a part of it.

Two models of one scenario have the same fingerprint when no page could tell them apart: what they
say is in it, and which captures prove it; on which lines those say so is not.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields
from enum import Enum
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any

from ..formats.reading import Capture
from ..logical.flow import LogicalFlow
from ..source import Source, Span, encode
from .logical.model import LogicalNetwork
from .model import Evidence, Network

# Of a model: the captures it was made of are no part of what it says, and contradictions are told
# beside it.
_LEFT_OUT: Mapping[type, frozenset[str]] = {
    Network: frozenset({"captures", "diagnostics"}),
}
_FLOW = attrgetter("uuid", "stage", "table", "priority")


class Fingerprints:
    """Fingerprints for one build: what all pages ask for is walked once."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[object, str]] = {}

    def of(self, value: object) -> str:
        """Of any value of the model: atoms, containers, records.

        A model, or OVN's, counts with everything it says; one that is part of a value by its name.
        """
        if not isinstance(value, Network | LogicalNetwork):
            return _digest(value)
        known = self._kept.get(id(value))
        if known is None:
            inside = _inside(value) if isinstance(value, Network) else value
            known = self._kept[id(value)] = value, _digest(inside)
        return known[1]


def _inside(network: Network) -> tuple[object, ...]:
    return tuple(getattr(network, name) for name in _names(Network))


def _digest(value: object) -> str:
    words: list[str] = []
    _say(value, words.append)
    return sha256(encode("\n".join(words))).hexdigest()[:32]


def _say(value: object, say: Callable[[str], None]) -> None:
    kind: Any = type(value)
    if value is None or kind in (str, int, bool, float, bytes):
        say(repr(value))
    elif isinstance(value, Evidence):
        say(f"{kind.__name__} {_named(value.capture)}")
    elif isinstance(value, Capture):
        # Whoever asks for captures themselves may use all that they hold.
        say(f"{_named(value)} {sha256(encode(value.source.window)).hexdigest()}")
    elif isinstance(value, Source):
        say(repr(value.name))
    elif isinstance(value, Network):
        say(repr((value.key, value.title, value.titles)))
    elif isinstance(value, LogicalFlow):
        head = value.datapath and value.datapath[1:]  # without its place
        say(repr((*_FLOW(value), head, value.match.text, value.actions.text)))
    elif isinstance(value, Enum):
        say(f"{kind.__name__}.{value.name}")
    elif isinstance(value, Mapping):
        _say_all("mapping", value.items(), say)
    elif isinstance(value, AbstractSet):
        _say_all("set", sorted(value, key=repr), say)
    elif isinstance(value, tuple | list):
        _say_all(kind.__name__, value, say)
    elif hasattr(kind, "__dataclass_fields__"):
        _say_all(kind.__name__, (getattr(value, name) for name in _names(kind)), say)
    else:
        say(repr(value))


def _say_all(name: str, values: Iterable[object], say: Callable[[str], None]) -> None:
    say(f"{name}(")
    for value in values:
        if not isinstance(value, Span):
            _say(value, say)
    say(")")


def _named(capture: Capture) -> str:
    command = capture.command
    return repr((capture.source.name, command.text if command else None))


@cache
def _names(kind: type) -> tuple[str, ...]:
    left_out = _LEFT_OUT.get(kind, frozenset())
    return tuple(field.name for field in fields(kind) if field.name not in left_out)
