"""The values of conf.py, checked once.

``ovs_capture_root``: directory of the captures, relative to conf.py's. ``ovs_capture_redact``: mask
secrets; ``"warn"`` says so as a warning. ``ovs_capture_max_flows``: a flows page tells no more than
this many flows of a dump (0: all of them); a page of more than the default is more than a browser
shows at once. ``ovs_capture_auto``: the captures that existing pages hold as plain blocks are
annotated in place; a list of patterns (``["network/*"]``) means these pages only.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.matching import Matcher

DEFAULTS: dict[str, tuple[Any, tuple[type, ...]]] = {
    "ovs_capture_root": ("captures", (str,)),
    "ovs_capture_redact": (True, (bool, str)),
    "ovs_capture_max_flows": (100_000, (int,)),
    "ovs_capture_auto": (False, (bool, list, tuple)),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What conf.py says. ``shown_root``: how messages name the root, relative to conf.py."""

    root: Path
    shown_root: str
    redact: bool
    warn_of_secrets: bool
    max_flows: int
    auto: tuple[str, ...] = ()

    def annotates(self, docname: str) -> bool:
        """Are the plain blocks of this page looked at?"""
        return Matcher(self.auto)(docname)

    @classmethod
    def of(cls, app: Sphinx) -> "Settings":
        """The values of an application. Raises ConfigError with the name of a wrong one."""
        root, redact, most, auto = (getattr(app.config, name) for name in DEFAULTS)
        if not isinstance(root, str) or not root:
            raise ConfigError("ovs_capture_root must name a directory")
        if redact in ("0", "1"):
            # As -D on the command line has it, of which Sphinx makes no bool before 8.2.
            redact = redact == "1"
        if redact not in (True, False, "warn"):
            raise ConfigError("ovs_capture_redact must be True, False or 'warn'")
        if not isinstance(most, int) or isinstance(most, bool) or most < 0:
            raise ConfigError("ovs_capture_max_flows must be a number of flows, or 0 for all")
        patterns = (["**"] if auto else []) if isinstance(auto, bool) else auto
        if isinstance(patterns, str) or not all(isinstance(one, str) for one in patterns):
            raise ConfigError("ovs_capture_auto must be True, False or a list of patterns of pages")
        return cls(
            root=Path(app.confdir) / root,
            shown_root=Path(root).as_posix(),
            redact=redact is not False,
            warn_of_secrets=redact == "warn",
            max_flows=most,
            auto=tuple(patterns),
        )
