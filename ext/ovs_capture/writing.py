"""Files that are there whole or not at all: the output end of the project.

Whatever ends a program in the middle (a signal, a full disk) leaves the file as it was before.
"""

import os
import tempfile
from errno import EISDIR
from pathlib import Path


def write_file(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write ``data`` as ``path``, in one step for whoever reads it. Raises OSError.

    ``mode``: the permissions; by default those of the file that was there, else the usual ones.
    The file that a link leads to is replaced, not the link. A device or a pipe is written to.
    """
    if path.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    target = Path(os.path.realpath(path))
    if target.exists():
        # A replacement asks the directory alone: a file that is not to be written stays.
        with target.open("r+b"):
            pass
        mode = target.stat().st_mode & 0o7777 if mode is None else mode
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".ovs-capture-")
    except OSError as error:
        error.filename = str(path)  # not the name that was to stand there for a moment
        raise
    try:
        with os.fdopen(descriptor, "wb") as out:
            os.fchmod(out.fileno(), _usual_mode() if mode is None else mode)
            out.write(data)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _usual_mode() -> int:
    """What the system gives a new file; it tells its mask only in exchange for another."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
