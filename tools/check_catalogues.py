"""Is every message said in Japanese? Prints ``file:line: what`` for each that is not; exit 1 then.

A message is the literal first argument of ``Message(...)`` in the package, or in a knowledge file
(TOML) a text under a key that the file's own top-level ``translatable`` names::

    translatable = ["reading", "purpose"]                   # in any context, or none
    translatable = { reading = ["mid", "end"], role = [] }  # in each of these contexts; none

A translation must have the same ``%(holes)s``, and may be neither fuzzy, empty, different in two
catalogues, nor left over from a message that is gone.
"""

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ext" / "ovs_capture"

HOLE = re.compile(r"%\((\w+)\)s")
# What % formatting would take for something else than a hole or a percent sign.
STRAY = re.compile(r"%(?!\(\w+\)s|%)")
ANY_CONTEXT = "any context"


class Use(NamedTuple):
    """A place that says ``msgid``; ``context`` is ANY_CONTEXT where the place computes it."""

    file: Path
    line: int
    msgid: str
    context: str | None


class Entry(NamedTuple):
    """One entry of a catalogue."""

    file: Path
    line: int
    msgid: str
    context: str | None
    text: str
    fuzzy: bool


def _literals(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be: a literal, or either side of ``a if c else b``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _contexts(call: ast.Call) -> list[str | None]:
    given = call.args[2:3] or [word.value for word in call.keywords if word.arg == "context"]
    if not given:
        return [None]
    if isinstance(given[0], ast.Constant) and given[0].value is None:
        return [None]
    found: list[str | None] = list(_literals(given[0]))
    return found or [ANY_CONTEXT]


def uses_in_python(path: Path) -> Iterator[Use]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name != "Message":
            continue
        given = node.args[:1] or [word.value for word in node.keywords if word.arg == "msgid"]
        for msgid in (text for argument in given for text in _literals(argument)):
            for context in _contexts(node):
                yield Use(path, node.lineno, msgid, context)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _named(table: Any, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(key, text) of every text under one of ``keys``, at any depth."""
    if isinstance(table, dict):
        for key, value in table.items():
            if key in keys:
                yield from ((key, text) for text in _texts(value))
            else:
                yield from _named(value, keys)
    elif isinstance(table, list):
        for item in table:
            yield from _named(item, keys)


def uses_in_toml(path: Path) -> Iterator[Use]:
    text = path.read_text("utf-8")
    table = tomllib.loads(text)
    translatable = table.pop("translatable", [])
    contexts: dict[str, list[str | None]] = (
        translatable
        if isinstance(translatable, dict)
        else {key: [ANY_CONTEXT] for key in translatable}
    )
    for key, msgid in _named(table, contexts):
        # tomllib keeps no places: the first string that begins so is near enough.
        begins = re.search("""["'](?:\\n)?""" + re.escape(msgid.partition("\n")[0][:60]), text)
        line = text.count("\n", 0, begins.start()) + 1 if begins else 1
        for context in contexts[key] or [None]:
            yield Use(path, line, msgid, context)


def uses(package: Path) -> list[Use]:
    """Every message of the package, in order of file and line."""
    found = [use for path in package.rglob("*.py") for use in uses_in_python(path)]
    found += [use for path in package.rglob("*.toml") for use in uses_in_toml(path)]
    return sorted(found, key=lambda use: (str(use.file), use.line, use.msgid, str(use.context)))


def spoken(package: Path) -> set[str]:
    """Every text that stands anywhere in the package: a msgid that is not here is left over."""
    found: set[str] = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    for path in package.rglob("*.toml"):
        found.update(_texts(tomllib.loads(path.read_text("utf-8"))))
    return found


def entries(folder: Path) -> tuple[list[Entry], list[str]]:
    """All entries of all catalogues in ``folder``, and what is wrong with the files themselves."""
    found, wrong = [], []
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as lines:
            catalogue = read_po(lines, locale=folder.parent.name, abort_invalid=True)
        for message in catalogue:
            if message.id:
                # Plural forms are not ours: Message has none.
                msgid, line = str(message.id), message.lineno or 1
                text = str(message.string or "")
                found.append(Entry(path, line, msgid, message.context, text, message.fuzzy))
        wrong += [
            f"{place(path)}:{message.lineno or 1}: obsolete entry: {message.id!r}"
            for message in catalogue.obsolete.values()
        ]
    return found, wrong


def place(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def faults_of(entry: Entry) -> Iterator[str]:
    where = f"{place(entry.file)}:{entry.line}"
    if not entry.text:
        yield f"{where}: empty translation: {entry.msgid!r}"
        return
    if entry.fuzzy:
        yield f"{where}: fuzzy translation: {entry.msgid!r}"
    asked, given = set(HOLE.findall(entry.msgid)), set(HOLE.findall(entry.text))
    if asked != given:
        names = ", ".join(sorted(asked ^ given))
        yield f"{where}: holes differ ({names}): {entry.msgid!r}"
    if bool(STRAY.search(entry.text)) and not STRAY.search(entry.msgid):
        yield f"{where}: a percent sign that is no hole: {entry.text!r}"


def faults(package: Path = PACKAGE, language: str = "ja") -> list[str]:
    """All that is wrong, one line each."""
    catalogue, wrong = entries(package / "locale" / language / "LC_MESSAGES")
    by_msgid: dict[str, dict[str | None, Entry]] = defaultdict(dict)
    texts = spoken(package)
    for entry in catalogue:
        where = f"{place(entry.file)}:{entry.line}"
        wrong += faults_of(entry)
        before = by_msgid[entry.msgid].setdefault(entry.context, entry)
        if before.text != entry.text:
            wrong.append(f"{where}: other than in {before.file.name}: {entry.msgid!r}")
        if entry.msgid not in texts:
            wrong.append(f"{where}: no message says this any more: {entry.msgid!r}")
    for use in uses(package):
        have = by_msgid.get(use.msgid, {})
        if have if use.context == ANY_CONTEXT else use.context in have:
            continue
        said = "" if use.context in (None, ANY_CONTEXT) else f" (context {use.context!r})"
        wrong.append(f"{place(use.file)}:{use.line}: not in Japanese: {use.msgid!r}{said}")
    return wrong


def main() -> int:
    wrong = faults()
    print(*wrong, sep="\n", end="\n" if wrong else "")
    total = len({(use.msgid, use.context) for use in uses(PACKAGE)})
    print(f"catalogues: {total} messages, {len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
