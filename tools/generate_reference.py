"""Writes what the manual takes from the code: the lists of formats and warnings, the picture.

``source/{en,ja}/reference/_formats.md``, ``_warnings.md`` and the picture of the READMEs are
committed, so that a change of the code shows in the manual's own diff; ``--check`` writes nothing
and fails when they would change. The Japanese sentences are in ``tools/reference.ja.po``, the
examples of warnings in ``tools/reference.warnings.toml``.
"""

import dataclasses
import difflib
import importlib
import inspect
import re
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from ovs_capture.diagnostic import WORDING, Code
from ovs_capture.formats.base import Record
from ovs_capture.formats.registry import FORMATS

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "source" / "_static" / "flat-instance.svg"
JAPANESE = ROOT / "tools" / "reference.ja.po"
EXAMPLES = ROOT / "tools" / "reference.warnings.toml"
LEXERS = {".md": "markdown", ".toml": "toml"}

NOTICE = "% Made by tools/generate_reference.py; do not edit.\n"


def records_of(module_name: str) -> list[type[Record]]:
    """The record classes that a format's module defines, in the order of its source."""
    module = importlib.import_module(module_name)
    return [
        item
        for item in vars(module).values()
        if isinstance(item, type)
        and issubclass(item, Record)
        and item.__module__ == module_name
        and not item.__name__.startswith("_")
    ]


def sample_of(module_name: str) -> str:
    """The sample in a format's docstring: its first indented block."""
    docstring = inspect.getdoc(importlib.import_module(module_name)) or ""
    block = re.search(r"(?:^ {4}.*\n(?:\n(?= {4}))?)+", docstring + "\n", re.M)
    return textwrap.dedent(block[0]).rstrip() if block else ""


def formats(say: Callable[[str], str]) -> Iterator[str]:
    """A section a format: what it is, a sample, and its records with the fields of ``parse``."""
    for format in FORMATS:
        if format.name == "raw":
            continue
        yield f"## {format.name}\n"
        yield f"{say(format.title)}\n"
        module = format.parse.__module__
        if sample := sample_of(module):
            yield f"```text\n{sample}\n```\n"
        for record in records_of(module):
            names = [field.name for field in dataclasses.fields(record) if field.name != "span"]
            yield f"`{record.__name__}`\n: " + ", ".join(f"`{name}`" for name in names) + "\n"


def warnings(say: Callable[[str], str]) -> Iterator[str]:
    """A section a code: when it is said, what to do, and an example with what is said of it."""
    examples = tomllib.loads(EXAMPLES.read_text("utf-8"))
    for code in sorted(Code, key=lambda code: code.value):
        example = examples[code.value]
        yield f"## {code.value}\n"
        yield f"{say(WORDING[code].meaning)}\n"
        yield f"{say(example['remedy'])}\n"
        yield from example_of(example)


def example_of(example: dict[str, Any]) -> Iterator[str]:
    """The files of an example, and the command with all that it says."""
    encoding = f" ({example['encoding'].upper()})" if "encoding" in example else ""
    for name, content in example["files"].items():
        if not content:
            yield f"`{name}`: 0 B\n"
            continue
        lexer = LEXERS.get(Path(name).suffix, "text")
        caption = f":caption: {name}{encoding}"
        yield f"````{{code-block}} {lexer}\n{caption}\n\n{content.strip()}\n````\n"
    command = example.get("command", "sphinx-build . build/html")
    yield f"```{{code-block}} console\n:class: site-said\n\n$ {command}\n{example['says']}\n```\n"


def page(parts: Iterator[str]) -> str:
    return NOTICE + "\n" + "\n".join(parts)


def picture() -> str:
    """The compute node as the README's own command draws it."""
    with tempfile.TemporaryDirectory() as folder:
        svg = Path(folder) / "compute.svg"
        host = ROOT / "captures" / "flat-instance" / "compute"
        arguments = ["topology", str(host), "-o", str(svg), "--lang", "en"]
        subprocess.run([sys.executable, "-m", "ovs_capture", *arguments], check=True)
        return svg.read_text("utf-8")


def pages() -> tuple[dict[Path, str], list[str]]:
    """Text by path, and the English sentences that have no Japanese."""
    with JAPANESE.open("rb") as lines:
        catalogue = {str(entry.id): str(entry.string) for entry in read_po(lines) if entry.id}
    missing: list[str] = []
    asked: set[str] = set()

    def japanese(text: str) -> str:
        asked.add(text)
        if not catalogue.get(text):
            missing.append(f"{JAPANESE.relative_to(ROOT)}: not in Japanese: {text!r}")
        return catalogue.get(text) or text

    written = {}
    for language, say in (("en", str), ("ja", japanese)):
        folder = ROOT / "source" / language / "reference"
        written[folder / "_formats.md"] = page(formats(say))
        written[folder / "_warnings.md"] = page(warnings(say))
    written[PICTURE] = picture()
    left = sorted(set(catalogue) - asked)
    missing += [
        f"{JAPANESE.relative_to(ROOT)}: nothing says this any more: {text!r}" for text in left
    ]
    return written, missing


def main() -> int:
    check = sys.argv[1:] == ["--check"]
    written, missing = pages()
    stale = 0
    for path, text in written.items():
        before = path.read_text("utf-8") if path.exists() else ""
        if before == text:
            continue
        if check:
            stale += 1
            name = str(path.relative_to(ROOT))
            old, new = (page.splitlines(keepends=True) for page in (before, text))
            changes = difflib.unified_diff(old, new, name, name)
            # Nobody reads the diff of a picture.
            sys.stdout.writelines(changes if path != PICTURE else [f"{name} differs\n"])
        else:
            path.write_text(text, "utf-8")
    print(*missing, sep="\n", end="\n" if missing else "")
    if stale:
        print(f"{stale} files are stale: run tools/generate_reference.py")
    return 1 if stale or missing else 0


if __name__ == "__main__":
    sys.exit(main())
