"""A directory of captures, or one file, written again so that it is safe to publish.

Lives here: everything of the redaction that reads and writes. A file that is no capture and no hint
is not copied: nothing is known of it, so nothing can be promised.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import store
from ..progress import Along, alone
from ..source import encode
from ..writing import write_file
from .names import names_in, proper
from .pseudonyms import Pseudonyms
from .text import Known, pseudonym_of_name, redacted

HINTS = ("host.toml", "scenario.toml")


@dataclass(frozen=True)
class Done:
    """``written``: the new files. ``left_out``: what was not copied."""

    written: tuple[Path, ...]
    left_out: tuple[Path, ...]


def redact(
    path: Path,
    output: Path,
    pseudonyms: Pseudonyms,
    *,
    names: bool = False,
    reading: Along[Path] = alone,
    writing: Along[Path] = alone,
) -> Done:
    """Write a copy of ``path`` into ``output``. Raises OSError.

    A file keeps its name, a directory its files' places in it; what a name holds of an address is
    replaced as well. ``reading`` and ``writing`` see the files pass.
    """
    base = path.parent if path.is_file() else path
    files: list[Path] = []
    left_out: list[Path] = []
    for file in _files(path):
        taken = file.name in HINTS or file.name.endswith(store.SUFFIXES)
        (files if taken else left_out).append(file)
    count = len(files)
    known = Known(names=frozenset(_names(reading(files, count))) if names else frozenset())
    texts: dict[Path, str] = {}
    for file in reading(files, count):
        texts[file] = text = store.read_text(file)
        known.learn(text)
        for part in file.relative_to(base).parts:
            known.learn(part)
    written = []
    for file in writing(files, count):
        parts = (pseudonym_of_name(p, known, pseudonyms) for p in file.relative_to(base).parts[:-1])
        target = output.joinpath(*parts, _file_name(file.name, known, pseudonyms))
        target.parent.mkdir(parents=True, exist_ok=True)
        data = encode(redacted(texts[file], known, pseudonyms))
        write_file(target, gzip.compress(data, mtime=0) if file.suffix == ".gz" else data)
        written.append(target)
    return Done(tuple(written), tuple(left_out))


def write_map(file: Path, pseudonyms: Pseudonyms) -> None:
    """What became what, as JSON that only its owner may read: it undoes the redaction."""
    told = json.dumps(dict(sorted(pseudonyms.seen.items())), ensure_ascii=False, indent=2)
    write_file(file, encode(told + "\n"), mode=0o600)


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    # A link could lead out of the directory.
    yield from sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())


def _file_name(name: str, known: Known, pseudonyms: Pseudonyms) -> str:
    if name in HINTS:
        return name
    suffix = next(end for end in reversed(store.SUFFIXES) if name.endswith(end))
    return pseudonym_of_name(name.removesuffix(suffix), known, pseudonyms) + suffix


def _names(files: Iterable[Path]) -> Iterator[str]:
    """What hosts, guests, projects and users are called: by captures, and by directories."""
    for file in files:
        if file.name in HINTS:
            continue
        for capture in store.read_file(file, file.name, hide=True)[0]:
            yield from names_in(capture)
        yield from proper(file.parent.name)
