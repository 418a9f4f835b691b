"""How far long work is, in one line of a terminal, which is gone when the work is done.

Where stderr is a file or a pipe nothing is said: what stands there are diagnostics.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import TextIO, TypeVar

T = TypeVar("T")

# Sees the steps of long work pass by, such as hosts or files; how many there will be.
Along = Callable[[Iterable[T], int], Iterable[T]]

# Seconds: who waits longer wants to know why.
PATIENCE = 1.0
_CLEAR = "\r\x1b[K"


def alone(steps: Iterable[T], length: int) -> Iterable[T]:
    """Nobody looks."""
    return steps


def progress(
    steps: Iterable[T], what: str, length: int, *, out: TextIO | None = None
) -> Iterator[T]:
    """The steps; when they take longer than a moment, ``what`` and how many are done."""
    stream = sys.stderr if out is None else out
    if not stream.isatty():
        yield from steps
        return
    begun, told = monotonic(), False
    try:
        for number, step in enumerate(steps):
            if monotonic() - begun > PATIENCE:
                stream.write(f"{_CLEAR}{what}... {number} of {length}")
                stream.flush()
                told = True
            yield step
    finally:
        if told:
            stream.write(_CLEAR)
            stream.flush()
