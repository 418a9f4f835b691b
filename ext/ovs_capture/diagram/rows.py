"""Rows: hosts that are too wide side by side, under each other, each row below its own rails.

Lives here: which hosts share a row, the scene of a row, and all rows as one layout. A wire from one
row to another ends in each of the two on a *track*, a rail that is no network, and the tracks meet
in a lane at the right. A network that has hosts in several rows has a line in each. Does not live
here: where anything stands within a row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from . import bands, networks
from .grid import LANE, TAGS
from .heights import MARGIN
from .joining import drawn_after, kinds_of
from .places import Layout, RailLine, WirePath, moved_callout
from .routing import TRACK
from .scene import Rail, Scene, Wire, roots_of
from .slots import Words, World, build
from .wiring import TRACK_JUMP, corners

T = TypeVar("T")

WIDEST = 1700  # px of a picture with several hosts side by side
HOSTS_GAP = 40  # px between two hosts, about
ROW_GAP = 16  # between two rows
CLEAR = 20  # between a row and the first lane


@dataclass(frozen=True, slots=True)
class Row:
    """The scene of some hosts. ``tracks``: the rails that stand for wires to other rows."""

    scene: Scene
    tracks: Mapping[str, str]  # rail, wire


def rows_of(widths: Mapping[str, int]) -> list[list[str]]:
    """Hosts side by side as long as there is room, in their order; ``widths`` is by host, in px."""
    rows: list[list[str]] = []
    used = 0
    for host, width in widths.items():
        if not rows or used + HOSTS_GAP + width > WIDEST:
            rows.append([])
            used = -HOSTS_GAP
        rows[-1].append(host)
        used += HOSTS_GAP + width
    return rows


def cut_rows(scene: Scene, rows: Sequence[Sequence[str]], gateways: Sequence[str]) -> list[Row]:
    """The scene of every row. Gateways, and networks that nothing hangs on, are in the first."""
    number = {host: n for n, row in enumerate(rows) for host in row}
    number |= dict.fromkeys(gateways, 0)
    of = {key: number[root] for key, root in roots_of(scene).items()}
    rails: list[set[str]] = [set() for _ in rows]
    wires: list[list[Wire]] = [[] for _ in rows]
    tracks: list[dict[str, str]] = [{} for _ in rows]
    known = {rail.id for rail in scene.rails}
    for wire in scene.wires:
        one, other = (of.get(end) for end in wire.ends)
        if one is None or other is None or one == other:
            place = one if one is not None else other
            assert place is not None  # no wire joins two rails
            wires[place].append(wire)
            rails[place] |= known.intersection(wire.ends)
            continue
        track = f"{wire.id} track"
        for place, end in ((one, wire.ends[0]), (other, wire.ends[1])):
            tracks[place][track] = wire.id
            wires[place].append(replace(wire, ends=(track, end)))
    rails[0] |= known - set().union(*rails)
    count = len(rows)
    containers = _parts(scene.containers, count, lambda c: of[c.id])
    bridges = _parts(scene.bridges, count, lambda b: of[b.id])
    ports = _parts(scene.ports, count, lambda p: of[p.id])
    interfaces = _parts(scene.interfaces, count, lambda i: of[i.id])
    addresses = _parts(scene.addresses, count, lambda a: of[a.interface])
    callouts = _parts(scene.callouts, count, lambda c: of[c.port])
    return [
        Row(
            Scene(
                containers=tuple(containers[n]),
                bridges=tuple(bridges[n]),
                ports=tuple(ports[n]),
                interfaces=tuple(interfaces[n]),
                rails=(
                    *(rail for rail in scene.rails if rail.id in rails[n]),
                    *(Rail(id=track, title="") for track in tracks[n]),
                ),
                addresses=tuple(addresses[n]),
                wires=tuple(wires[n]),
                callouts=tuple(callouts[n]),
            ),
            tracks[n],
        )
        for n in range(count)
    ]


def _parts(elements: Iterable[T], count: int, row_of: Callable[[T], int]) -> list[list[T]]:
    """The elements of every row, in their order."""
    parts: list[list[T]] = [[] for _ in range(count)]
    for element in elements:
        parts[row_of(element)].append(element)
    return parts


def stacked(scene: Scene, words: Words, rows: Sequence[Row], layouts: Sequence[Layout]) -> Layout:
    """One layout of the whole scene; ``layouts`` are those of ``rows``."""
    shifts = _shifts(layouts)
    right = max(layout.width + dx for layout, (dx, _) in zip(layouts, shifts, strict=True)) - MARGIN
    placed: list[Layout] = []
    drops: list[dict[str, WirePath]] = []
    for row, layout, (dx, dy) in zip(rows, layouts, shifts, strict=True):
        moved = _tidied(row, _moved(layout, dx, dy))
        drops.append({w.owner: w for w in moved.wires if w.owner in row.tracks.values()})
        placed.append(_clean(row, moved, right))
    joins = _join(drops, right + CLEAR)
    wires = {w.owner: w for layout in placed for w in layout.wires} | joins
    lanes = [x for wire in joins.values() for x, _ in wire.points]
    return Layout(
        width=max([right, *lanes]) + MARGIN,
        height=max(layout.height for layout in placed),
        boxes=tuple(sorted((b for p in placed for b in p.boxes), key=drawn_after)),
        rails=tuple(rail for p in placed for rail in p.rails),
        wires=tuple(wires[wire.id] for wire in scene.wires),
        dots=tuple(dot for p in placed for dot in p.dots),
        callouts=tuple(callout for p in placed for callout in p.callouts),
        labels=tuple(label for p in placed for label in p.labels),
        networks=_networks(scene, words, layouts),
        ways=_ways(scene, rows, layouts),
        kinds=kinds_of(scene),
        bundles=tuple(bundle for p in placed for bundle in p.bundles),
    )


def _shifts(layouts: Sequence[Layout]) -> list[tuple[int, int]]:
    """How far every row moves: their rails begin at one x."""
    begin = max((rail.left for layout in layouts for rail in layout.rails), default=0)
    found: list[tuple[int, int]] = []
    y = 0
    for layout in layouts:
        left = min((rail.left for rail in layout.rails), default=begin)
        found.append((begin - left, y))
        y += layout.height - MARGIN + ROW_GAP
    return found


def _moved(layout: Layout, dx: int, dy: int) -> Layout:
    return replace(
        layout,
        height=layout.height + dy,
        boxes=tuple(replace(b, x=b.x + dx, y=b.y + dy) for b in layout.boxes),
        rails=tuple(RailLine(r.owner, r.left + dx, r.right + dx, r.y + dy) for r in layout.rails),
        wires=tuple(
            replace(
                wire,
                points=tuple((x + dx, y + dy) for x, y in wire.points),
                jumps=tuple((x + dx, y + dy, r) for x, y, r in wire.jumps),
            )
            for wire in layout.wires
        ),
        dots=tuple(replace(dot, x=dot.x + dx, y=dot.y + dy) for dot in layout.dots),
        callouts=tuple(moved_callout(c, dx, dy) for c in layout.callouts),
        labels=tuple(replace(t, x=t.x + dx, y=t.y + dy) for t in layout.labels),
    )


def _tidied(row: Row, layout: Layout) -> Layout:
    """The wires that leave the row begin at their tracks, and cross each other nowhere there.

    The track of the rightmost is the lowest. A track begins where its wire does, so that only what
    stands right of that jumps over it.
    """
    heights = sorted(rail.y for rail in layout.rails if rail.owner in row.tracks)
    leaving: list[WirePath] = []
    for wire in layout.wires:
        if wire.owner in row.tracks.values():
            points = wire.points
            upwards = points[0][1] > points[-1][1]
            leaving.append(replace(wire, points=points[::-1] if upwards else points))
    leaving.sort(key=lambda wire: (wire.points[0][0], wire.owner))
    begins: dict[str, tuple[int, int]] = {}
    for wire, y in zip(leaving, heights, strict=True):
        begins[wire.owner] = (wire.points[0][0], y)
    new = {w.owner: replace(w, points=(begins[w.owner], *w.points[1:])) for w in leaving}
    wires: list[WirePath] = []
    for old in layout.wires:
        wire = new.get(old.owner, old)
        jumps = [jump for jump in wire.jumps if jump[1] not in heights]
        for (x, y1), (x2, y2) in zip(wire.points, wire.points[1:], strict=False):
            if x != x2:
                continue
            low, high = min(y1, y2), max(y1, y2)
            jumps += [
                (x, y, TRACK_JUMP)
                for left, y in begins.values()
                if left < x and low + TRACK_JUMP < y < high - TRACK_JUMP
            ]
        wires.append(replace(wire, jumps=tuple(sorted(set(jumps)))))
    return replace(layout, wires=tuple(wires))


def _clean(row: Row, layout: Layout, right: int) -> Layout:
    """A row without its tracks; its rails go on to where those of all rows end."""
    return replace(
        layout,
        rails=tuple(
            replace(rail, right=right - 6) for rail in layout.rails if rail.owner not in row.tracks
        ),
        wires=tuple(wire for wire in layout.wires if wire.owner not in row.tracks.values()),
        labels=tuple(label for label in layout.labels if label.owner not in row.tracks),
    )


def _join(drops: Sequence[Mapping[str, WirePath]], first: int) -> dict[str, WirePath]:
    """The wires from row to row, each in a lane: the longer, the further to the right."""
    halves: dict[str, list[WirePath]] = {}
    for row in drops:
        for owner, wire in row.items():
            halves.setdefault(owner, []).append(wire)
    spans = {owner: (a.points[0][1], b.points[0][1]) for owner, (a, b) in halves.items()}
    lanes: dict[str, int] = {}
    for owner in sorted(spans, key=lambda key: (spans[key][1] - spans[key][0], spans[key])):
        top, bottom = spans[owner]
        beside = [n for key, n in lanes.items() if spans[key][0] < bottom + TRACK
                  and top < spans[key][1] + TRACK]  # fmt: skip
        lanes[owner] = max(beside, default=-1) + 1
    joined: dict[str, WirePath] = {}
    for owner, (upper, lower) in halves.items():
        x, (top, bottom) = first + LANE * lanes[owner], spans[owner]
        points = [*upper.points[::-1], (x, top), (x, bottom), *lower.points]
        jumps = {*upper.jumps, *lower.jumps}
        for other, ends in spans.items():
            if lanes[other] > lanes[owner]:
                jumps |= {(x, y, TRACK_JUMP) for y in ends if top < y < bottom}
        joined[owner] = replace(upper, points=tuple(corners(points)), jumps=tuple(sorted(jumps)))
    return joined


def order_of(world: World) -> dict[str, int]:
    """The place of every rail from top to bottom, the same in all rows. ``world``: of all hosts."""
    return {rail.id: n for n, rail in enumerate(networks.rail_order(world))}


def _world(scene: Scene, words: Words) -> World:
    world = build(scene, words)
    bands.assign(world)
    return world


def _networks(scene: Scene, words: Words, layouts: Sequence[Layout]) -> tuple[tuple[str, str], ...]:
    """The networks of the whole scene; the tags of a grid keep the colours that it gave them."""
    found = networks.of_elements(_world(scene, words))
    for layout in layouts:
        for element, network in layout.networks:
            if found.get(element) == "tagged" and network in TAGS:
                found[element] = network
    elements = (scene.bridges, scene.ports, scene.interfaces, scene.rails, scene.wires)
    return tuple((e.id, found[e.id]) for group in elements for e in group)


def _ways(
    scene: Scene, rows: Sequence[Row], layouts: Sequence[Layout]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A way that leaves a row goes on in the other, as far as it leads there."""
    below: dict[str, set[str]] = {}
    for row, layout in zip(rows, layouts, strict=True):
        for element, way in layout.ways:
            if element in row.tracks:
                below.setdefault(element, set()).update(way)
    found: dict[str, set[str]] = {}
    for row, layout in zip(rows, layouts, strict=True):
        for element, way in layout.ways:
            if element in row.tracks:
                continue
            mine = found.setdefault(element, set())
            mine.update(way)
            for key in way:
                mine |= below.get(key, set())
    groups = (
        scene.containers, scene.rails, scene.bridges, scene.ports, scene.interfaces, scene.wires,
    )  # fmt: skip
    ordered = [element.id for group in groups for element in group]
    place = {element: n for n, element in enumerate(ordered)}
    return tuple(
        (key, tuple(sorted((e for e in found[key] if e in place), key=place.__getitem__)))
        for key in ordered
        if key in found
    )
