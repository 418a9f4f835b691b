"""Directives whose modules a build loads when a page first has one.

Few pages of an edit have a picture, a trace or a comparison, and what those need is half of our
code. Docutils finds its own directives in the same way, by the names of their modules.
"""

from importlib import import_module
from typing import Any, cast

from docutils.parsers.rst import Directive


class _Later(type):
    """Stands for a directive in all that is asked of it: its options, its place, an object."""

    module: str
    directive: str

    def _loaded(cls) -> Any:
        return getattr(import_module(f".{cls.module}", __package__), cls.directive)

    def __getattr__(cls, name: str) -> Any:
        return getattr(cls._loaded(), name)

    def __call__(cls, *args: Any, **options: Any) -> Any:
        return cls._loaded()(*args, **options)


def later(module: str, directive: str) -> type[Directive]:
    """What Sphinx is told of the class ``directive`` of a ``module`` that stands beside this."""
    stand_in = _Later(directive, (), {"module": module, "directive": directive})
    return cast(type[Directive], stand_in)
