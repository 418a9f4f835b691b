"""What a build writes beside Sphinx's own pages, and whether the last build came to its end.

Sphinx keeps what it read before it writes pages, and compares a page with its source alone: of a
build that ended while pages were written, a page whose capture had changed would stay as it was.
"""

from hashlib import sha256
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from ...writing import write_file


class NotWritten(SphinxError):
    """The system did not take a file: the build ends, with the place and the reason."""

    category = "ovs_capture"


def write_output(path: Path, data: bytes) -> None:
    """Write a file of a build, and the directories that it lies in. Raises NotWritten."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, data)
    except OSError as error:
        raise NotWritten(f"cannot write {path}: {error.strerror or error}") from error


def begin(app: Sphinx) -> bool:
    """Did the last build into this directory come to its end? This one has not, from now on."""
    mark = _mark(app)
    was_finished = not mark.exists()
    write_output(mark, b"")
    return was_finished


def end(app: Sphinx, error: Exception | None) -> None:
    """The build wrote everything that it was to write."""
    if error is None:
        try:
            _mark(app).unlink(missing_ok=True)
        except OSError as reason:
            raise NotWritten(f"cannot remove {_mark(app)}: {reason.strerror}") from reason


def _mark(app: Sphinx) -> Path:
    """Builders may share what was read; each writes into a directory of its own."""
    output = sha256(f"{app.builder.name} {app.outdir}".encode("utf-8", "replace")).hexdigest()
    return Path(app.doctreedir) / f"ovs-unfinished-{output[:16]}"
