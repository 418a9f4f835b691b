"""When a build need not have Python search for cycles that nothing reaches: a sixth of the time of
a second build would go into it.

Each full search goes over all that was ever loaded: modules, the environment of the site. As the
process ends Python makes two, before it takes modules apart and after. Here one is made before.
When no application is left then, and so all that extensions hung on one is finalised, the other is
spared.
"""

import atexit
import gc
import logging
from functools import cache
from weakref import WeakSet

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from ...formats.base import collector_paused

# Modules: a search of a thousand new classes finds nothing.
loading = collector_paused


def setup(app: Sphinx) -> None:
    app.connect("env-updated", _set_aside, priority=900)
    app.connect("build-finished", _take_back, priority=900)
    _applications().add(app)


@cache
def _applications() -> WeakSet[Sphinx]:
    """Those of this process, however many builds it makes."""
    atexit.register(_search_once)
    return WeakSet()


def _search_once() -> None:
    # Sphinx's handlers hold the last application; it clears them itself when it makes another.
    logging.getLogger("sphinx").handlers.clear()
    gc.collect()
    if not _applications():
        gc.freeze()


class _Aside:
    """Whether it is we who set objects aside. A process has one collector, however many builds."""

    ours = False


def _set_aside(app: Sphinx, env: BuildEnvironment) -> None:
    """What was read lives until the build ends. Processes that write in parallel share it so."""
    if not gc.get_freeze_count():
        gc.freeze()
        _Aside.ours = True


def _take_back(app: Sphinx, error: Exception | None) -> None:
    if _Aside.ours:
        gc.unfreeze()
        _Aside.ours = False
