"""Dot: the graph as DOT text, for people and other tools.

Lives here: every part with its label and every link. Does not live here: where anything stands in
our own pictures (``order``).

Ids are our own. What a capture says stands in labels only, escaped: a ``:`` in the name of a node
would be read as a port, ``\\N`` in a label as the node's name, ``<`` as HTML.
"""

from collections.abc import Callable, Mapping

import graphviz

from ...explain.message import Message
from ..dot import dot_label
from . import words
from .parts import Link, TablePicture

_STYLES: Mapping[str, Mapping[str, str]] = {
    "ct": {"style": "dashed", "color": "#6540b8"},
    "learn": {"style": "dotted"},
}


def dot_text(picture: TablePicture, say: Callable[[Message], str]) -> str:
    """The graph as DOT for people and other tools: every part with its label."""
    dot = graphviz.Digraph(
        graph_attr={"label": dot_label(say(words.title(picture)))},
        node_attr={"shape": "box"},
    )
    for table in picture.tables:
        lines = [words.table_name(table, say), table.constant or ""]
        style = {"style": "dashed"} if table.aside else {}
        dot.node(table.id, dot_label("\n".join(filter(None, lines))), **style)
    for port in picture.ports:
        dot.node(port.id, dot_label(say(words.port(port))), shape="box", style="filled")
    for stop in picture.stops:
        dot.node(stop.id, dot_label(say(words.stop(stop))), shape="plain")
        dot.edge(stop.table, stop.id)
    for link in picture.links:
        dot.edge(link.source, link.target, **_attributes(link))
    source: str = dot.source
    return source


def _attributes(link: Link) -> dict[str, str]:
    label = {} if link.packets is None else {"label": words.number(link.packets)}
    return {**label, **_STYLES.get(link.kind, {})}
