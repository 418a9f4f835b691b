"""The models of all hosts of a scenario: who has a MAC, an address, a name.

A page asks that for every token, of every host. Lives here: what makes the answer as dear on 200
hosts as on two, and who is told what was asked. Does not live here: what may be asked beyond the
own host, and whose answer counts (``explain.surroundings``).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol, TypeVar

from .model import Network

T = TypeVar("T")
# What a model tells by names; a function of a module, so that another build can ask it again.
Read = Callable[[Network], Mapping[str, T]]


class Question(NamedTuple):
    """What was asked beyond the own host, so that it can be asked again.

    ``kind``: a method of the one who asked; ``host``, ``asking``: keys of the hosts that asked it;
    ``read``, ``name``: what was read for, where something was.
    """

    kind: str
    host: str
    asking: str | None = None
    read: Callable[[Any], Any] | None = None
    name: object = None


class Account(Protocol):
    """Keeps what was asked and what was told: it is all that the asker knows."""

    def note(self, question: Question, answer: object) -> None: ...

    def watch(self, model: Network) -> Network:
        """A model that tells the same, and the account what it told."""


class Everyone(tuple[Network, ...]):
    """The models in the order of the hosts. Made once for all who ask, as are its indexes.

    ``account``: of whoever asks at present.
    """

    account: Account | None
    _indexes: dict[Read[Any], dict[str, tuple[tuple[Network, Any], ...]]]
    _known: frozenset[int]
    _by_key: dict[str, Network]

    def __new__(cls, networks: Iterable[Network]) -> "Everyone":
        self = super().__new__(cls, networks)
        self.account = None
        self._indexes = {}
        self._known = frozenset(map(id, self))
        self._by_key = {network.key: network for network in reversed(self)}
        return self

    def holds(self, network: Network) -> bool:
        return id(network) in self._known

    def model(self, key: str) -> Network | None:
        """The model of a host."""
        return self._by_key.get(key)

    def told_by(self, read: Read[T], name: str) -> tuple[tuple[Network, T], ...]:
        """The models of which ``read`` has ``name``, each with what it tells of it.

        Each is read once, by the first who asks.
        """
        if read not in self._indexes:
            self._indexes[read] = self._indexed(read)
        return self._indexes[read].get(name, ())

    def _indexed(self, read: Read[T]) -> dict[str, tuple[tuple[Network, T], ...]]:
        found: dict[str, list[tuple[Network, T]]] = {}
        for network in self:
            for name, told in read(network).items():
                found.setdefault(name, []).append((network, told))
        return {name: tuple(pairs) for name, pairs in found.items()}
