"""The models of all hosts of a scenario: who has a MAC, an address, a name.

A page asks that for every token, of every host. Lives here: what makes the answer as dear on 200
hosts as on two. Does not live here: what may be asked beyond the own host, and whose answer counts
(``explain.surroundings``).
"""

from collections.abc import Callable, Iterable

from .model import Network

Read = Callable[[Network], Iterable[str]]


class Everyone(tuple[Network, ...]):
    """The models in the order of the hosts. Made once for all who ask, as are its indexes."""

    _indexes: dict[Read, dict[str, tuple[Network, ...]]]
    _known: frozenset[int]

    def __new__(cls, networks: Iterable[Network]) -> "Everyone":
        self = super().__new__(cls, networks)
        self._indexes = {}
        self._known = frozenset(map(id, self))
        return self

    def holds(self, network: Network) -> bool:
        return id(network) in self._known

    def having(self, read: Read, key: str) -> tuple[Network, ...]:
        """The models of which ``read`` finds ``key``; each is read once, by the first who asks."""
        if read not in self._indexes:
            self._indexes[read] = self._indexed(read)
        return self._indexes[read].get(key, ())

    def _indexed(self, read: Read) -> dict[str, tuple[Network, ...]]:
        found: dict[str, list[Network]] = {}
        for network in self:
            for key in dict.fromkeys(read(network)):
                found.setdefault(key, []).append(network)
        return {key: tuple(networks) for key, networks in found.items()}
