"""Where captures come from: a host that we run on, or a report that somebody else's tool made.

Lives here: what writes a directory in our form (``store`` reads it). Does not live here: what a
capture means. ``collect.sh`` is the one list of commands: the command runs it, and a host where
nothing may be installed gets the same text.
"""

import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parent / "collect.sh"


def script() -> str:
    """The script, as ``--print-script`` gives it away."""
    return SCRIPT.read_text("utf-8")


def collect(directory: Path | None = None) -> int:
    """Run the script here; its exit status: 0 fine, 1 nothing captured, 2 no such place.

    ``directory``: new or empty; None: one of the host's name. Raises OSError where there is no sh.
    """
    arguments = [] if directory is None else [str(directory)]
    return subprocess.run(["sh", str(SCRIPT), *arguments], check=False).returncode
