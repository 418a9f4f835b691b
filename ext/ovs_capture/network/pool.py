"""The captures of a scenario as each of its hosts sees them: its own first, then those beside it.

Every host asks the captures of all others for what may be joined across hosts. Lives here: what
makes that asking cheap, so that a scenario of 200 hosts takes ten times as long as one of 20. What
a host's captures say is found once for all hosts that ask, and those that say nothing of it are
passed over. Does not live here: what captures mean.

All functions take a plain sequence of captures too, which is then searched as it stands.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeVar

from ..formats.ovsdb_list import OvsdbRow
from ..formats.reading import Capture
from ..store import Host

T = TypeVar("T")
A = TypeVar("A")


class Pool:
    """The hosts of a scenario, and what was already found of them."""

    def __init__(self, hosts: Sequence[Host]) -> None:
        self.hosts = tuple(hosts)
        self._found: dict[Hashable, Any] = {}

    def around(self, host: Host) -> "Everywhere":
        """All captures as ``host``, one of the pool's, sees them."""
        others = (capture for one in self.others(host) for capture in one.captures)
        return Everywhere(self, host, (*host.captures, *others))

    def others(self, host: Host) -> tuple[Host, ...]:
        return tuple(one for one in self.hosts if one is not host)

    def once(self, read: Callable[[A], T], of: A) -> T:
        """``read(of)``; ``of``: a host, a capture of one or what was found: it lives as long."""
        return self.kept((read, id(of)), lambda: read(of))

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._found:
            self._found[key] = make()
        found: T = self._found[key]
        return found


class Everywhere(tuple[Capture, ...]):
    """The captures of a scenario in the order that one of its hosts sees them in."""

    _pool: Pool
    _host: Host

    def __new__(cls, pool: Pool, host: Host, captures: Iterable[Capture]) -> "Everywhere":
        self = super().__new__(cls, captures)
        self._pool, self._host = pool, host
        return self

    def of_each_host(self, read: Callable[[Sequence[Capture]], list[T]], what: Hashable) -> list[T]:
        """What ``read`` finds in the captures of each host; ``what``: the key to find it again."""

        def find() -> dict[int, list[T]]:
            found = {id(host): read(host.captures) for host in self._pool.hosts}
            return {host: told for host, told in found.items() if told}

        found = self._pool.kept(("each host", what), find)
        own = id(self._host)
        others = (told for host, told in found.items() if host != own)
        return list(chain(found.get(own, ()), *others))

    def of_class(self, kind: type) -> list[Capture]:
        def holding(captures: Iterable[Capture]) -> list[Capture]:
            return [capture for capture in captures if capture.has(kind)]

        return self.of_each_host(holding, kind)

    def of_table(self, name: str) -> list[Capture]:
        def holding(captures: Iterable[Capture]) -> list[Capture]:
            return [c for c in captures if name in self._pool.once(_tables, c)]

        return self.of_each_host(holding, ("table", name))

    def shared(
        self, parts: Iterable[Iterable[Capture]], make: Callable[[Sequence[Capture]], T]
    ) -> T:
        key = (make, tuple(tuple(map(id, part)) for part in parts))
        return self._pool.kept(key, lambda: make(self))

    def once(self, read: Callable[[A], T], of: A) -> T:
        return self._pool.once(read, of)


def having(captures: Iterable[Capture], kind: type) -> Iterable[Capture]:
    """Of the captures, in order, all that have records of a class, and maybe others."""
    return captures.of_class(kind) if isinstance(captures, Everywhere) else captures


def having_rows(captures: Iterable[Capture], table: str) -> Iterable[Capture]:
    """Of the captures, in order, all that have rows of an OVSDB table, and maybe others."""
    return captures.of_table(table) if isinstance(captures, Everywhere) else captures


def of_each_host(
    captures: Sequence[Capture], read: Callable[[Sequence[Capture]], list[T]]
) -> list[T]:
    """``read(captures)`` host by host: what it finds on the own one first, then beside it."""
    return captures.of_each_host(read, read) if isinstance(captures, Everywhere) else read(captures)


def once(captures: Iterable[Capture], read: Callable[[A], T], of: A) -> T:
    """``read(of)``, found once for all hosts that ask; ``of`` lives as long as the captures."""
    return captures.once(read, of) if isinstance(captures, Everywhere) else read(of)


def shared(
    captures: Sequence[Capture],
    parts: Iterable[Iterable[Capture]],
    make: Callable[[Sequence[Capture]], T],
) -> T:
    """``make(captures)``, once for all hosts that see the same ``parts`` in the same order.

    ``parts``: the captures that have what ``make`` looks for, one part for each of its searches.
    Most often one host of a scenario has them, the controller: then every host sees the same.
    """
    return captures.shared(parts, make) if isinstance(captures, Everywhere) else make(captures)


def _tables(capture: Capture) -> frozenset[str | None]:
    if not capture.has(OvsdbRow):
        return frozenset()
    return frozenset(one.table for one in capture.parsed.records if isinstance(one, OvsdbRow))
