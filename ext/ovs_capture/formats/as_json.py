"""Captures as JSON values: what ``ovs-capture parse`` prints.

Lives here: the shape of DESIGN.md, section 4 (people's scripts depend on it). A record is an object
of its own fields and ``"record"``, its class; the place of a record or of a part of it is given as
``"lines": [first, last]``, numbered as in the file. Nothing is translated, nothing is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from ..diagnostic import Diagnostic
from ..source import Source, Span
from .reading import Capture


def captures_as_json(captures: Iterable[Capture], host: str | None) -> dict[str, Any]:
    """``{"captures": [...]}``; ``host``: the key of the host that all of them belong to, if any."""
    return {"captures": [_capture(capture, host) for capture in captures]}


def diagnostic_as_json(diagnostic: Diagnostic) -> dict[str, Any]:
    line, column = diagnostic.place
    return {
        "line": line,
        "column": column,
        "code": diagnostic.code.value,
        "message": diagnostic.message,
    }


def _capture(capture: Capture, host: str | None) -> dict[str, Any]:
    command = capture.command
    return {
        "file": capture.source.name,
        "line": capture.line,
        "command": command.text if command else None,
        "format": capture.format.name,
        "context": {
            "host": host,
            "namespace": command.namespace if command else None,
            "guest": command.ssh if command else None,
        },
        "records": [
            {"record": type(record).__name__} | _value(record, capture.source)
            for record in capture.parsed.records
        ],
        "diagnostics": [diagnostic_as_json(found) for found in capture.parsed.diagnostics],
    }


def _value(value: Any, source: Source) -> Any:
    """Records and tuples of any depth as objects and lists; a ``span`` becomes ``lines``."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Span):
        return list(source.line_numbers(value))
    if is_dataclass(value) or hasattr(value, "_fields"):
        names = value._fields if hasattr(value, "_fields") else [f.name for f in fields(value)]
        return {
            "lines" if name == "span" else name: _value(getattr(value, name), source)
            for name in names
        }
    if isinstance(value, Mapping):
        return {str(key): _value(item, source) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_value(item, source) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_value(item, source) for item in value)
    return value
