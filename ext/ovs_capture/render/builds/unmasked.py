"""What builds without masking left behind: it goes before a build that masks writes anything.

Sphinx writes again what pages became, but a page that is gone stays on disk, an index of the search
keeps words that no page has any more, and the builders ``json`` and ``pickle`` never replace their
copy of the environment. So a build that does not mask notes which files it wrote, and the next one
that masks removes these first. Builders share what was read, but each has a directory of its own,
whose pages may all be new to the environment when its turn comes: then all are read again.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from ..config import Settings
from .output import mark_of, remove, write_output

_NAME = "unmasked"


def begin(app: Sphinx) -> None:
    """``builder-inited``, before others write: the files of earlier builds go, if secrets do."""
    files = _noted(app)
    if not Settings.of(app).redact:
        write_output(mark_of(app, _NAME), _note(files, ended=False))
        return
    for name in sorted(files):
        remove(Path(app.outdir, name))


def were(app: Sphinx, env: BuildEnvironment) -> bool:
    """``env-get-outdated``: did builds that masked nothing write here? All pages are outdated then.

    What was read of pages that are gone goes here, now that it is known which there are.
    """
    if not Settings.of(app).redact:
        return False
    top = Path(app.doctreedir)
    if any(top.glob(f"ovs-{_NAME}-*")):
        read = {Path(env.doctreedir, f"{name}.doctree") for name in env.found_docs}
        for file in sorted(set(top.rglob("*.doctree")) - read):
            remove(file)
    mark = mark_of(app, _NAME)
    if not mark.exists():
        return False
    remove(mark)
    return True


def end(app: Sphinx, error: Exception | None) -> None:
    """``build-finished``, after all others: the files that this build wrote are noted."""
    if error is None and not Settings.of(app).redact:
        write_output(mark_of(app, _NAME), _note(_noted(app), ended=True))


def _noted(app: Sphinx) -> set[str]:
    """Files that earlier builds wrote; of one that did not end, what is as new as its mark."""
    mark, files = mark_of(app, _NAME), set()
    try:
        since = mark.stat().st_mtime_ns
        note = json.loads(mark.read_bytes())
        files = {str(name) for name in note["files"]}
        if note["ended"]:
            return files
    except FileNotFoundError:
        return set()
    except (ValueError, KeyError, TypeError):  # the system went down while it was written
        pass
    return files | set(_written(Path(app.outdir), since, Path(app.doctreedir)))


def _note(files: set[str], *, ended: bool) -> bytes:
    return json.dumps({"ended": ended, "files": sorted(files)}).encode()


def _written(out: Path, since: int, kept: Path) -> Iterator[str]:
    """Files of ``out`` at least as new as ``since`` (nanoseconds).

    ``kept``: what Sphinx keeps for itself, which may lie in there. Hidden directories are nobody's
    output: a site may be published out of a repository. A copy has the time of what it is a copy
    of: only the system's own time tells when it was made.
    """
    for folder, folders, names in os.walk(out):
        folders[:] = [
            name for name in folders if not name.startswith(".") and Path(folder, name) != kept
        ]
        for name in names:
            file = Path(folder, name)
            status = file.lstat()
            if max(status.st_mtime_ns, status.st_ctime_ns) >= since:
                yield file.relative_to(out).as_posix()
