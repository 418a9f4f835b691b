"""In which state a capture file was when pages were made of it. Without Sphinx.

A page that shows a capture is made of all that the file holds. A page of another capture of the
same scenario is made of what the file means: who has which MAC, address, port (``asked`` tells how
much of that). It is no other when only counters differ, so most of what a command prints anew makes
no other page than its own.
"""

import os
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ...formats.counters import without_counters
from ...source import encode
from ...store import read_text

Stamp = tuple[int, int]


class FileState(NamedTuple):
    """``file``: relative to the source directory; ``stamp`` None: it is not there.

    ``meaning``: a digest of its text without counters, "" where it cannot be read.
    """

    file: str
    stamp: Stamp | None
    meaning: str


def stamp_of(path: str) -> Stamp | None:
    """When a file was changed (ns) and how long it is (bytes); None: it is not there."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def state_of(file: str, folder: str | os.PathLike[str]) -> FileState:
    """The state of ``file``, as named from ``folder``. The stamp is taken first: a change while it
    is read makes another one."""
    path = os.path.join(folder, file)
    stamp = stamp_of(path)
    return FileState(file, stamp, _meaning(path))


def mean_otherwise(folder: str, states: tuple[FileState, ...]) -> bool:
    """Does any of these files mean something else now? Only what has another stamp is read."""
    for state in states:
        path = os.path.join(folder, state.file)
        if stamp_of(path) != state.stamp and _meaning(path) != state.meaning:
            return True
    return False


def _meaning(path: str) -> str:
    try:
        text = read_text(Path(path))
    except OSError:
        return ""
    return sha256(encode(without_counters(text))).hexdigest()[:32]
