"""Dot: the graph as DOT text, and the engine that orders it.

Lives here: the skeleton that Graphviz lays out (boxes of fixed sizes and no text, so that no font
of the machine changes a coordinate), the text for people, and the two engines. Does not live here:
where a line runs; Graphviz decides the order of what stands in a row, and its place from left to
right.

Ids in both texts are our own. What a capture says stands in labels only, escaped: a ``:`` in the
name of a node would be read as a port, ``\\N`` in a label as the node's name, ``<`` as HTML.
"""

import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

import graphviz

from ...explain.message import Message
from ..dot import dot_label
from . import words
from .parts import Link, TablePicture

INCH = 72  # px; Graphviz counts in points
TIMEOUT = 60  # s
SPACE = 22  # px between neighbours of a row
# How hard a line is pulled straight: the part of a long one beside tables, and any other at most.
LONG, BUSY = 8, 6


class NoEngine(Exception):
    """No Graphviz is here to order the graph."""


class Body(NamedTuple):
    """What stands in a row. ``left``, ``box``, ``right``: widths in px of what belongs to the box
    at its left, of the box where lines begin and end, and of what belongs to it at its right.
    ``lane``: the id of the line that passes here; "" for a box.
    """

    id: str
    box: int
    left: int = 0
    right: int = 0
    lane: str = ""


class Pull(NamedTuple):
    """Two bodies of neighbouring rows that a line joins, upper first."""

    upper: str
    lower: str
    weight: int


Engine = Literal["pygraphviz", "dot"]


def skeleton(rows: Sequence[Sequence[Body]], pulls: Iterable[Pull]) -> str:
    """The DOT text that is laid out."""
    dot = graphviz.Digraph(
        graph_attr={"nodesep": _inch(SPACE), "ranksep": _inch(36), "splines": "line"},
        node_attr={"label": "", "shape": "plain", "fontname": ""},
        edge_attr={"arrowhead": "none"},
    )
    pulls = tuple(pulls)
    joined = {(pull.upper, pull.lower) for pull in pulls}
    for number, row in enumerate(rows):
        with dot.subgraph(graph_attr={"rank": "same"}) as same:
            for body in row:
                if body.lane:
                    size = {"width": _inch(body.box), "height": _inch(8), "fixedsize": "true"}
                    same.node(body.id, shape="box", group=body.lane, **size)
                else:
                    same.node(body.id, label=_cells(body))
        below = rows[number + 1] if number + 1 < len(rows) else ()
        here, there = {b.id for b in row}, {b.id for b in below}
        if row and below and not any(u in here and w in there for u, w in joined):
            dot.edge(row[0].id, below[0].id, style="invis", weight="0")
    lanes = {body.id for row in rows for body in row if body.lane}
    for pull in pulls:
        upper = pull.upper if pull.upper in lanes else f"{pull.upper}:b:s"
        lower = pull.lower if pull.lower in lanes else f"{pull.lower}:b:n"
        dot.edge(upper, lower, weight=str(pull.weight))
    source: str = dot.source
    return source


def _cells(body: Body) -> str:
    """A label of empty cells: the middle one is where lines begin and end."""
    cells = "".join(
        f'<td{port} fixedsize="true" width="{width}" height="8"></td>'
        for port, width in (("", body.left), (' port="b"', body.box), ("", body.right))
        if width
    )
    whole = body.left + body.box + body.right
    return (
        '<<table border="0" cellborder="0" cellspacing="0" cellpadding="0" fixedsize="true"'
        f' width="{whole}" height="8"><tr>{cells}</tr></table>>'
    )


def _inch(px: int) -> str:
    return f"{px / INCH:.4f}"


def order(rows: Sequence[Sequence[Body]], pulls: Iterable[Pull]) -> tuple[dict[str, int], Engine]:
    """The middle of each body in px from the left, and which engine said so.

    Of a box with something beside it the middle of the box. Raises NoEngine.
    """
    plain, engine = _run(skeleton(rows, pulls))
    middles: dict[str, int] = {}
    bodies = {body.id: body for row in rows for body in row}
    for line in plain.splitlines():
        # node NAME X Y WIDTH HEIGHT ...: our names have no blanks, lengths are in inches.
        words_ = line.split(" ", 4)
        if words_[0] == "node" and (body := bodies.get(words_[1])) is not None:
            whole = body.left + body.box + body.right
            left = float(words_[2]) * INCH - whole / 2
            middles[body.id] = round(left + body.left + body.box / 2)
    return middles, engine


def _run(source: str) -> tuple[str, Engine]:
    try:
        import pygraphviz
    except ImportError:
        return _system_dot(source), "dot"
    graph = pygraphviz.AGraph(string=source)
    drawn: bytes = graph.draw(format="plain", prog="dot")
    return drawn.decode(), "pygraphviz"


def _system_dot(source: str) -> str:
    program = shutil.which("dot")
    if program is None:
        raise NoEngine
    try:
        done = subprocess.run(
            [program, "-Tplain"],
            input=source,
            capture_output=True,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NoEngine from error
    return done.stdout


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
