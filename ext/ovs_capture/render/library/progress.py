"""Long work shows how far it is, as Sphinx does: ``reading captures... [ 50%] lab/compute99``."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from sphinx.util.display import status_iterator

T = TypeVar("T")

# Less than so many steps are over before anybody looks.
LONG = 16


def progress(
    steps: Iterable[T], what: str, length: int, name: Callable[[T], str], verbosity: int
) -> Iterator[T]:
    """The steps, told one by one where there are many. ``name``: of a step."""
    if length < LONG:
        yield from steps
    else:
        yield from status_iterator(
            steps, f"{what}... ", "purple", length, verbosity, stringify_func=name
        )
