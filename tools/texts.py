"""The texts that hostile inputs are made of: every committed capture and sample, by format.

What ``tools/fuzz_captures.py`` mutates and ``tools/growth.py`` repeats pieces of.
"""

import gzip
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ovs_capture.formats.base import Format
from ovs_capture.formats.reading import read
from ovs_capture.formats.registry import BY_NAME
from ovs_capture.source import Source, decode

ROOT = Path(__file__).resolve().parent.parent


class Text(NamedTuple):
    """One command line and its output, as bytes; ``command`` is empty where there is none."""

    format: Format
    command: bytes
    output: bytes

    def with_output(self, output: bytes) -> bytes:
        return self.command + output


def _bytes(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def _files() -> list[Path]:
    captures = [p for p in (ROOT / "captures").rglob("*") if p.name.endswith((".txt", ".txt.gz"))]
    samples = (ROOT / "tests" / "formats").glob("*/*.txt")
    return sorted(captures) + sorted(samples)


@cache
def corpus() -> dict[str, tuple[Text, ...]]:
    """By name of format what it reads, in order of the files' names; equal texts once."""
    found: dict[str, dict[Text, None]] = {name: {} for name in BY_NAME}
    for path in _files():
        source = Source(path.name, decode(_bytes(path)))
        for capture in read(source):
            # The command of a capture with its prompt stands before the output: so it is read.
            start = capture.command.span.start if capture.command else capture.source.start
            line = source.text.rfind("\n", 0, start) + 1
            command = source.text[line : capture.source.start] if capture.command else ""
            text = Text(
                capture.format,
                command.encode("utf-8", "surrogateescape"),
                capture.source.window.encode("utf-8", "surrogateescape"),
            )
            found[capture.format.name][text] = None
    return {name: tuple(texts) for name, texts in found.items() if texts}
