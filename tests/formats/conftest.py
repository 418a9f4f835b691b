"""The notation of the golden files, and ``--regen`` that rewrites them.

``pytest tests/formats --regen`` rewrites what differs *and fails*, so that someone reads the diff.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from ovs_capture.formats.reading import Capture, read
from ovs_capture.logical.flow import Constant, LogicalFlow, Symbol
from ovs_capture.source import Source, Span, decode


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regen", action="store_true", help="rewrite golden files that differ, and fail"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with a golden file, whole."""
    regen = request.config.getoption("--regen", default=False)

    def compare(path: Path, text: str) -> None:
        found = path.read_text("utf-8", "surrogateescape") if path.exists() else None
        if regen and found != text:
            path.write_text(text, "utf-8", "surrogateescape")
            pytest.fail(f"{path.name} was rewritten: read the diff", pytrace=False)
        assert text == found

    return compare


@pytest.fixture
def told() -> Callable[[Path], str]:
    """Everything that reading a file says, in the notation of the golden files."""
    return _told


def _told(path: Path) -> str:
    source = Source(path.name, decode(path.read_bytes()))
    return "\n".join(line for capture in read(source) for line in _capture(capture)) + "\n"


def _capture(capture: Capture) -> Iterator[str]:
    told_by = f"{capture.format.name}, told by {capture.recognised}"
    yield f"== line {capture.line}: {told_by}{', elided' if capture.parsed.elided else ''}"
    if command := capture.command:
        inside = (("in namespace", command.namespace), ("through", command.ssh))
        yield f"$ {' '.join(command.words)}" + "".join(f", {w} {v}" for w, v in inside if v)
        yield from (f"| {text}" for text in command.filters)
    for record in capture.parsed.records:
        first, last = capture.source.line_numbers(record.span)
        yield f"{first}-{last} {type(record).__name__}"
        if isinstance(record, LogicalFlow):
            yield from _logical_flow(record)
        else:
            yield from _fields(record, "    ")
    yield from _marks(capture)
    for problem in capture.parsed.diagnostics:
        yield from problem.caret().split("\n")


def _logical_flow(flow: LogicalFlow) -> Iterator[str]:
    """Head, match as the outline of its tree, one line an action."""
    uuid = "" if flow.uuid is None else f"uuid {flow.uuid} "
    yield f"    {uuid}table {flow.table} stage {flow.stage!r} priority {flow.priority}"
    yield f"    match {outline(flow.match.expression)}"
    yield from (f"    action {outline(action)}" for action in flow.actions.items)


def outline(value: Any) -> str:
    """A tree on one line: classes and what they hold, constants as printed."""
    if isinstance(value, Constant):
        return f"{value.kind} {value.text}"
    if isinstance(value, Symbol):
        return value.name + (f"[{'..'.join(value.bits)}]" if value.bits else "")
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        parts = [outline(part) for part in value if part not in ((), None, "", 0)]
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, tuple):
        return f"[{', '.join(map(outline, value))}]"
    return str(value)


def _fields(value: Any, indent: str) -> Iterator[str]:
    """Fields that say something; parts of a record deeper."""
    names = value._fields if hasattr(value, "_fields") else [item.name for item in fields(value)]
    for name in names:
        content = getattr(value, name)
        if isinstance(content, Span) or name.endswith("_start") or content in (None, (), {}):
            continue
        if isinstance(content, tuple) and is_dataclass(content[0]):
            for part in content:
                yield f"{indent}{type(part).__name__}"
                yield from _fields(part, indent + "    ")
        elif isinstance(content, Mapping):
            yield f"{indent}{name}"
            yield from (f"{indent}    {key} = {text!r}" for key, text in content.items())
        else:
            shown = getattr(content, "text", content) if hasattr(value, "_fields") else content
            yield f"{indent}{name} = {shown!r}"


def _marks(capture: Capture) -> Iterator[str]:
    """``line:column kind text``, and the value where it is another."""
    for mark in capture.marks:
        line, column = capture.source.place(mark.span.start)
        text = capture.source.slice(mark.span)
        text = text if len(text) <= 40 else f"{text[:18]}...{text[-18:]}"
        same = mark.value == capture.source.slice(mark.span)
        yield f"{line}:{column} {mark.kind} {text}" + ("" if same else f" = {mark.value!r}")
