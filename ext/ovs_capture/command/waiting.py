"""Long work on the command line: how far it is, and what of it need not be remembered."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from ..progress import Along, progress
from ..store import Host
from ..subjects.memory import Memory

T = TypeVar("T")

READING = "reading captures"
JOINING = "joining captures"


def telling(what: str) -> Along[T]:
    """Says on a terminal how many of the steps of ``what`` are done."""

    def along(steps: Iterable[T], length: int) -> Iterator[T]:
        return progress(steps, what, length)

    return along


class Hosts:
    """The hosts that a command reads. What is too much of those that are done is forgotten."""

    def __init__(self) -> None:
        self._memory = Memory()

    def along(self, what: str) -> Along[Host]:
        """Tells how many hosts are done. Nobody keeps a record of a host that is done."""

        def along(hosts: Iterable[Host], length: int) -> Iterator[Host]:
            done: set[str] = set()
            for host in progress(hosts, what, length):
                self._memory.use(host)
                yield host
                done.add(host.key)
                for _ in self._memory.settle(done):
                    pass

        return along
