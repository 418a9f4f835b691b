"""What the readers of both flow languages share: problems, and a memory of what was read.

Lives here: nothing that knows OpenFlow or OVN.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from .diagnostic import Code


class Problem(NamedTuple):
    """What could not be read, as a code and the holes of its wording, and where."""

    code: Code
    start: int
    end: int
    args: Mapping[str, str]


# Reading takes hundreds of bytes for each character of a match or an action list. The longest that
# anybody has seen printed, a load balancer with its backends, is some hundred thousand.
MOST_CHARACTERS = 1 << 18


def is_too_long(text: str) -> bool:
    return len(text) > MOST_CHARACTERS


def too_long(text: str, most: int = MOST_CHARACTERS) -> Problem:
    """Why such a text is kept as it is."""
    reason = f"{len(text)} characters are not read: {most} are at most"
    return Problem(Code.BAD_EXPRESSION, 0, len(text), {"reason": reason})


_T = TypeVar("_T")


class Memo(dict[str, _T]):
    """What ``read`` makes of each text, remembered; all is forgotten at ``most`` texts.

    A dictionary that reads what it lacks: a look-up takes half the time of a cached function's
    call, a text that is new a fifth.
    """

    def __init__(self, read: Callable[[str], _T], most: int) -> None:
        self.read = read
        self.most = most

    def __missing__(self, text: str) -> _T:
        if len(self) >= self.most:
            self.clear()
        found = self[text] = self.read(text)
        return found
