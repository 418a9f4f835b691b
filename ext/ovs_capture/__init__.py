"""Annotated captures, pictures and explained flows of OpenStack and Open vSwitch networks."""

from collections.abc import Mapping
from typing import Any

__version__ = "0.1.0"


def setup(app: Any) -> Mapping[str, Any]:
    """Sphinx's entrance. The command does without Sphinx, so ``render`` is imported only here."""
    from .render.builds.collector import loading

    with loading():
        from .render.extension import setup

    return setup(app)
