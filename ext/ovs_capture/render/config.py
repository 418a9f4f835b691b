"""The values of conf.py, checked once.

``ovs_capture_root``: directory of the captures, relative to conf.py's. ``ovs_capture_redact``: mask
secrets; ``"warn"`` says so as a warning. ``ovs_capture_max_flows``: a flows page tells no more than
this many flows of a dump (0: all of them). ``ovs_capture_auto``: the captures that existing pages
hold as plain blocks are annotated in place.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

DEFAULTS: dict[str, tuple[Any, tuple[type, ...]]] = {
    "ovs_capture_root": ("captures", (str,)),
    "ovs_capture_redact": (True, (bool, str)),
    "ovs_capture_max_flows": (0, (int,)),
    "ovs_capture_auto": (False, (bool,)),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What conf.py says. ``shown_root``: how messages name the root, relative to conf.py."""

    root: Path
    shown_root: str
    redact: bool
    warn_of_secrets: bool
    max_flows: int
    auto: bool = False

    @classmethod
    def of(cls, app: Sphinx) -> "Settings":
        """The values of an application. Raises ConfigError with the name of a wrong one."""
        root, redact, most, auto = (getattr(app.config, name) for name in DEFAULTS)
        if not isinstance(root, str) or not root:
            raise ConfigError("ovs_capture_root must name a directory")
        if redact not in (True, False, "warn"):
            raise ConfigError("ovs_capture_redact must be True, False or 'warn'")
        if not isinstance(most, int) or isinstance(most, bool) or most < 0:
            raise ConfigError("ovs_capture_max_flows must be a number of flows, or 0 for all")
        if not isinstance(auto, bool):
            raise ConfigError("ovs_capture_auto must be True or False")
        return cls(
            root=Path(app.confdir) / root,
            shown_root=Path(root).as_posix(),
            redact=redact is not False,
            warn_of_secrets=redact == "warn",
            max_flows=most,
            auto=auto,
        )
