"""The captures of a file that the command line names."""

from pathlib import Path

from .. import store
from ..diagnostic import Diagnostic
from ..formats.reading import Capture, read
from ..source import Source


def read_file(
    path: Path, format_name: str | None = None, *, hide: bool = True
) -> tuple[tuple[Capture, ...], tuple[Diagnostic, ...]]:
    shown = path.as_posix()
    if format_name is None:
        return store.read_file(path, shown, hide=hide)
    try:
        source = Source(shown, store.read_text(path))
        return read(source, format_name=format_name, hide=hide), ()
    except OSError:
        return store.read_file(path, shown)
