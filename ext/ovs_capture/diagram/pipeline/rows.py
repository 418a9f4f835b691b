"""Rows: which part stands in which row, and what passes between the parts of a row.

A table stands below every table that sends to it. A way back (a table that sends to one above it,
or learns into one of its own row) leaves its table at the bottom like all others and returns to
the top of its goal in a lane beside the tables between.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from .order import Body, Pull
from .parts import Link, TablePicture

LANE = 6  # px
# How hard a line is pulled straight: the part of a long one beside tables, and any other at most.
LONG, BUSY = 8, 6


class Size(NamedTuple):
    """Of a box in px, with what it needs at its sides."""

    width: int
    left: int = 0
    right: int = 0


@dataclass(frozen=True)
class Rows:
    """``bodies``: each row's, ports first and last. ``of``: the row of each part. ``back``: ids of
    links that return.
    """

    bodies: tuple[tuple[Body, ...], ...]
    of: Mapping[str, int]
    pulls: tuple[Pull, ...]
    back: frozenset[str]

    def lane(self, link: Link) -> tuple[str, ...]:
        """The bodies that a link passes between its two boxes, upper first."""
        upper, lower = self.of[link.source] + 1, self.of[link.target] - 1
        if link.id in self.back:
            upper, lower = self.of[link.target], self.of[link.source]
        return tuple(_lane(link, row) for row in range(upper, lower + 1))


def rows_of(picture: TablePicture, sizes: Mapping[str, Size]) -> Rows:
    """The rows of a picture whose boxes have these sizes."""
    links = [link for link in picture.links if link.source != link.target]
    tables = [table.id for table in picture.drawn]
    inner = [link for link in links if link.kind not in ("in", "out")]
    if picture.logical:
        # A logical pipeline has an order of its own: ingress before egress, table by table.
        place = {table: number for number, table in enumerate(tables)}
        back = frozenset(link.id for link in inner if place[link.target] <= place[link.source])
    else:
        back = _returning(tables, inner)
    level = _levels(tables, [link for link in inner if link.id not in back])
    first = int(any(port.side == "in" for port in picture.ports))
    of = {table: level[table] + first for table in tables}
    last = max(of.values(), default=0) + 1
    of.update((port.id, 0 if port.side == "in" else last) for port in picture.ports)
    rows: list[list[Body]] = [[] for _ in range(max(of.values(), default=-1) + 1)]
    for part, row in of.items():
        rows[row].append(Body(part, sizes[part].width, sizes[part].left, sizes[part].right))
    made = Rows((), of, (), back)
    pulls: list[Pull] = []
    most = max((link.packets or 0 for link in links), default=0)
    for link in sorted(links, key=lambda link: link.id in back):
        lane = made.lane(link)
        start = of[link.target] if link.id in back else of[link.source] + 1
        for number, body in enumerate(lane):
            rows[start + number].append(Body(body, LANE, lane=link.id))
        weight = 1 + round(BUSY * sqrt((link.packets or 0) / most)) if most else 1
        pulls += [Pull(upper, lower, LONG) for upper, lower in itertools.pairwise(lane)]
        if link.id in back:
            pulls += _pulls_of_return(link, lane, pulls)
        else:
            way = (link.source, *lane, link.target)
            pulls.append(Pull(way[0], way[1], weight))
            if lane:
                pulls.append(Pull(way[-2], way[-1], weight))
    return Rows(tuple(map(tuple, rows)), of, tuple(pulls), back)


def _lane(link: Link, row: int) -> str:
    return f"{link.id}r{row}"


def _pulls_of_return(link: Link, lane: tuple[str, ...], pulls: Iterable[Pull]) -> list[Pull]:
    """What keeps a way back beside its two tables: they stand in rows that its lane passes."""
    found = [Pull(pull.upper, lane[0], 1) for pull in pulls if pull.lower == link.target][:1]
    if len(lane) > 1:
        found += [Pull(link.target, lane[1], 1), Pull(lane[-2], link.source, 1)]
    return found


def _returning(tables: Iterable[str], links: Iterable[Link]) -> frozenset[str]:
    """Links that close a circle, found by going down from each table in order."""
    onward: dict[str, list[Link]] = {}
    for link in sorted(links, key=lambda link: link.kind == "learn"):
        onward.setdefault(link.source, []).append(link)
    done: set[str] = set()
    found: set[str] = set()
    for start in tables:
        if start in done:
            continue
        above = [start]
        open_links = [iter(onward.get(start, ()))]
        while above:
            following = next(open_links[-1], None)
            if following is None:
                done.add(above.pop())
                open_links.pop()
            elif following.target in above:
                found.add(following.id)
            elif following.target not in done:
                above.append(following.target)
                open_links.append(iter(onward.get(following.target, ())))
    return frozenset(found)


def _levels(tables: Iterable[str], links: Iterable[Link]) -> dict[str, int]:
    """The number of links of the longest way to each table; the links have no circle."""
    before: dict[str, set[str]] = {table: set() for table in tables}
    for link in links:
        before[link.target].add(link.source)
    level: dict[str, int] = {}
    while len(level) < len(before):
        ready = [t for t in before if t not in level and before[t] <= level.keys()]
        level.update({t: max((level[b] + 1 for b in before[t]), default=0) for t in ready})
    return level
