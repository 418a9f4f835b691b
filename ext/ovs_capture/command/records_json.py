"""Records as JSON, the contract of ``ovs-capture parse``. Does without Sphinx.

A record is its fields under their own names, ``record`` with its class and ``lines`` with its first
and last line; offsets are ours alone and stay out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, get_args

from ..diagnostic import Diagnostic
from ..formats.reading import Capture
from ..logical import flow as logical

# Offsets into texts and what stands between tokens; ``lines`` says where a record is.
_OFFSETS = frozenset({"span", "start", "offsets", "match_start", "actions_start", "gaps"})
# Nodes of expressions and values of actions are told apart by their class alone.
_NODES = (*get_args(logical.Expression), *get_args(logical.Value))


def capture_json(
    capture: Capture, host: str | None = None, guest: str | None = None
) -> dict[str, Any]:
    """One capture; ``host`` and ``guest``: where it was taken, as far as somebody knows."""
    command = capture.command
    return {
        "file": capture.source.name,
        "line": capture.line,
        "command": command.text if command else None,
        "format": capture.format.name,
        "recognised": capture.recognised,
        "context": {
            "host": host,
            "namespace": command.namespace if command else None,
            "guest": guest,
        },
        "records": [
            {
                "record": type(record).__name__,
                "lines": list(capture.source.line_numbers(record.span)),
                **dict(_fields(record)),
            }
            for record in capture.parsed.records
        ],
        "diagnostics": [diagnostic_json(one) for one in capture.parsed.diagnostics],
    }


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, Any]:
    line, column = diagnostic.place
    return {
        "line": line,
        "column": column,
        "code": diagnostic.code.value,
        "message": diagnostic.message,
    }


def _fields(value: Any) -> Iterable[tuple[str, Any]]:
    names = [f.name for f in fields(value)] if is_dataclass(value) else list(value._fields)
    return ((name, _plain(getattr(value, name))) for name in names if name not in _OFFSETS)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int | float | bool | None):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value) or hasattr(value, "_fields"):
        node = {"node": type(value).__name__} if isinstance(value, _NODES) else {}
        return node | dict(_fields(value))
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    return str(value)
