"""The graph of tables as JSON, for ``ovs-capture pipeline -o x.json``. Does without Sphinx."""

from collections.abc import Callable
from typing import Any

from ..diagram.pipeline import words
from ..diagram.pipeline.parts import Link, Stop, TablePicture
from ..explain.message import Message


def graph_json(picture: TablePicture, say: Callable[[Message], str]) -> dict[str, Any]:
    """``{"bridge", "counted", "nodes": [...], "edges": [...]}``; the ids of nodes are unique.

    Of logical pipelines a node is of the kind ``stage``, with ``stages``, their names: more than
    one of neighbours that hand everything on, whose numbers are ``table`` to ``last``.
    """
    tables: list[dict[str, Any]] = [
        {
            "id": table.id,
            "kind": "stage" if picture.logical else "table",
            "table": table.number if table.number >= 0 else None,
            "name": table.name,
            "role": None if table.role is None else say(table.role),
            "constant": table.constant,
            "reached": table.aside is None,
            "flows": table.flows,
            "packets": table.packets,
        }
        for table in picture.tables
    ]
    if picture.logical:
        for node, table in zip(tables, picture.tables, strict=True):
            node |= {"stages": list(table.stages), "last": table.last or table.number}
    ports = [
        {"id": port.id, "kind": f"{port.side}-port", "ports": list(port.ports)}
        for port in picture.ports
    ]
    ends = [
        {"id": stop.id, "kind": "end", "end": stop.kind, "group": stop.group}
        for stop in picture.stops
    ]
    return {
        "bridge": picture.bridge,
        "counted": picture.counted,
        "nodes": [*tables, *ports, *ends],
        "edges": [*map(_edge, picture.links), *map(_edge, picture.stops)],
    }


def _edge(one: Link | Stop) -> dict[str, Any]:
    source, target = (one.source, one.target) if isinstance(one, Link) else (one.table, one.id)
    kind = words.kind_shown(one.kind) if isinstance(one, Link) else "end"
    return {
        "source": source,
        "target": target,
        "kind": kind,
        "flows": one.flows,
        "packets": one.packets,
    }
