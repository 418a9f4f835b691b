"""Imports point one way, and only ``render`` knows Sphinx (DESIGN section 5)."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "ext" / "ovs_capture"

# A room may import what stands in a row above its own; two rooms of one row do not know each other.
ROWS = (
    # The text of a capture; files that are written whole; how far long work is; text for writers.
    ("source", "writing", "progress", "printable"),
    ("diagnostic",),
    ("grammar", "knowledge"),  # what the readers of both flow languages share; facts
    ("openflow", "logical"),
    ("formats",),
    ("store", "collect"),  # captures on disk: the input end; what writes them
    ("redaction",),  # captures made safe to publish
    ("network",),
    ("trace",),
    ("explain",),
    ("subjects", "translation"),  # what pages and the command tell of; messages become language
    ("diagram",),
    ("render", "command"),  # the two that say it
    ("__main__",),
)
ROW = {room: row for row, rooms in enumerate(ROWS) for room in rooms}

# The modules of formats/ that put the printers together; no other knows a printer but itself.
COMPOSING_FORMATS = {"reading", "registry", "__init__"}

# Packages that one room alone may import.
ONLY_IN = {
    "sphinx": {"render"},
    "docutils": {"render"},
    "myst_parser": {"render"},
    "graphviz": {"diagram"},
    "pygraphviz": set(),
    "resvg_py": {"diagram"},
    "gettext": {"translation", "render"},  # ours; the author's own words
    "babel": {"translation"},
}
# Rooms in the middle are pure: they open nothing and start nothing. "store" and the two ends may.
PURE = {
    "source",
    "diagnostic",
    "grammar",
    "openflow",
    "logical",
    "formats",
    "network",
    "trace",
    "explain",
}
IMPURE_MODULES = {"os", "pathlib", "subprocess", "socket", "logging", "shutil", "tempfile", "glob"}
# Of those modules: what only turns one text or number into another.
PURE_NAMES = {("socket", name) for name in ("AF_INET", "AF_INET6", "inet_ntop", "inet_pton")}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@cache
def is_printer(name: str) -> bool:
    """Does formats/NAME.py read a printer's output? Then it has a FORMAT at its top level."""
    path = PACKAGE / "formats" / f"{name}.py"
    return path.exists() and bool(re.search(r"^FORMAT\b", path.read_text("utf-8"), re.M))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def dotted(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def imports(path: Path, text: str | None = None) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """(line, absolute module as parts, name) of every import anywhere in the file."""
    package = dotted(path) if path.name == "__init__.py" else dotted(path)[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8") if text is None else text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, tuple(alias.name.split(".")), ""
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (*base, *(node.module.split(".") if node.module else ()))
            for alias in node.names:
                yield node.lineno, module, alias.name


def breaches(path: Path, text: str | None = None) -> Iterator[str]:
    """Each import of ``path`` that the house does not allow, with its place and the reason."""
    room = room_of(path)
    here = path.relative_to(ROOT)
    for line, module, name in imports(path, text):
        place = f"{here}:{line}"
        if module[0] != "ovs_capture":
            if room not in ONLY_IN.get(module[0], {room}):
                yield f"{place}: {room} imports {module[0]}"
            is_pure = (module[0], name) in PURE_NAMES
            if room in PURE and module[0] in IMPURE_MODULES and not is_pure:
                yield f"{place}: {room} is pure and imports {module[0]}"
            continue
        # "from . import x" and "from ..explain import message" name a module in the last place.
        inside = (*module[1:], name) if name else module[1:]
        target = inside[0] if inside else ""
        if room == "__init__":
            if target not in {"render", "__version__"}:
                yield f"{place}: __init__ imports {target}, may import render only"
        elif target in ROW and target != room and ROW[target] >= ROW[room]:
            yield f"{place}: {room} imports {target}, which does not stand left of it"
        if room == "formats" and target == "formats" and path.stem not in COMPOSING_FORMATS:
            sibling = inside[1] if len(inside) > 1 else ""
            if is_printer(sibling):
                yield f"{place}: the format {path.stem} imports the format {sibling}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    assert list(breaches(path)) == []


def test_every_room_is_in_the_order() -> None:
    assert {room_of(path) for path in modules()} - {"__init__"} <= set(ROW)


@pytest.mark.parametrize(
    ("module", "text", "breach"),
    [
        ("network/bridge.py", "from ..render import directives", "network imports render"),
        ("network/bridge.py", "from .. import diagram", "network imports diagram"),
        ("network/bridge.py", "from ovs_capture.trace import way", "network imports trace"),
        ("openflow/flow.py", "from ..logical import stage", "openflow imports logical"),
        ("explain/flow.py", "def f():\n    import sphinx.util", "explain imports sphinx"),
        ("command/line.py", "from docutils import nodes", "command imports docutils"),
        ("render/nodes.py", "from ..command import line", "render imports command"),
        ("formats/ip_link.py", "import pathlib", "formats is pure and imports pathlib"),
        ("openflow/flow.py", "from socket import socket", "openflow is pure and imports socket"),
        ("openflow/flow.py", "from socket import inet_pton", None),
        ("__init__.py", "from .network import model", "__init__ imports network"),
        ("source.py", "from .diagnostic import Code", "source imports diagnostic"),
        ("store.py", "from .network.model import Model", "store imports network"),
        ("network/bridge.py", "from ..formats.base import Record", None),
        ("diagram/paint.py", "import resvg_py", None),
        ("render/domain.py", "from sphinx.domains import Domain", None),
        ("__init__.py", "def setup(app):\n    from .render import setup", None),
    ],
)
def test_a_breach_is_seen(module: str, text: str, breach: str | None) -> None:
    found = list(breaches(PACKAGE / module, text))
    if breach is None:
        assert found == []
    else:
        assert len(found) == 1
        assert re.search(rf":\d+: {re.escape(breach)}", found[0])


def test_a_format_that_imports_another_is_seen() -> None:
    printer = PACKAGE / "formats" / "ip_link.py"
    for text in ("from .ip_addr import FORMAT", "from . import ip_addr"):
        assert len(list(breaches(printer, text))) == 1
    assert list(breaches(printer, "from .base import Record")) == []
