"""Whose captures stay read: those of the hosts that pages used last.

A site may have a million flows, whose records take ten times the memory of their text. Pages ask
for one host after the other: what was read of a large capture is forgotten when others were asked
for since, and read again if a later page asks. Reading takes a fraction of the time of telling.
"""

from collections.abc import Container, Iterator

from ..store import Host

# Characters of the captures of hosts whose records stay.
MOST = 12_000_000
# Smaller captures stay: other hosts of the scenario look into them.
LARGE = 64_000


class Memory:
    """The hosts that are read, the one that was used last at the end."""

    def __init__(self, most: int = MOST, large: int = LARGE) -> None:
        self._most, self._large = most, large
        self._hosts: dict[str, tuple[Host, int]] = {}

    def use(self, host: Host) -> None:
        known = self._hosts.pop(host.key, None)
        weight = known[1] if known else sum(len(c.source.window) for c in host.captures)
        self._hosts[host.key] = host, weight

    def settle(self, among: Container[str] | None = None) -> Iterator[str]:
        """Forget what is too much, of ``among`` or of all hosts; the keys of those it was of.

        Nobody may hold a record of them that is looked for again.
        """
        total = 0
        last = next(reversed(self._hosts), None)
        for key, (host, weight) in reversed(list(self._hosts.items())):
            total += weight
            if total > self._most and key != last and (among is None or key in among):
                for capture in host.captures:
                    if capture.source.end - capture.source.start > self._large:
                        capture.reading.forget()
                del self._hosts[key]
                yield key
