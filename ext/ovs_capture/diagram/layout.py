"""Layout: a scene with a place for everything, in px.

Lives here: ``lay_out``, which runs the steps: ``bands``, ``strands``, ``order``, ``extents``,
``separation``, ``routing``, ``heights``, ``furniture``, ``wiring``. Does not live here: colours,
markup.

Where the guests of a host would not fit in one row (step 9), ``cells`` cuts them off, every one is
laid out by itself, and ``grid`` puts them in rows into a box that the rest leaves free. Hosts that
are too wide side by side stand in ``rows``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from . import bands, describe, networks, order, rows, separation, ways
from .cells import Cell, cut_hosts, upper_scene
from .collapse import NOTHING
from .crowds import collapsed, said, with_notes
from .extents import measure
from .furniture import Furniture
from .grid import Grid
from .heights import MARGIN, Heights
from .joining import drawn_after, joined, kinds_of
from .places import Dot, Label, Layout, RailLine, WirePath, moved_callout
from .routing import route
from .scene import Scene
from .slots import NAME, Words, World, build, check
from .strands import cut, join_neighbours
from .turning import Direction, turned
from .wiring import Wiring

NO_RANKS: Mapping[str, int] = MappingProxyType({})


def lay_out(scene: Scene, words: Words, direction: Direction = "down") -> Layout:
    """Give every element of ``scene`` a place; ``words`` says a message in the reader's language.

    ``direction``: from the rails to the guests. Raises ValueError when the scene refers to an
    element that it does not have.
    """
    layout = _in_rows(scene, words)
    return turned(layout) if direction == "up" else layout


def picture(
    scene: Scene,
    words: Words,
    *,
    direction: Direction = "down",
    collapse: bool | None = None,
    apart: Mapping[str, str] = NOTHING,
) -> tuple[Scene, Layout]:
    """What a reader is shown of ``scene``, and its layout.

    ``collapse``: whether equal things are one box; None leaves that to the size of the picture.
    Whom a box stands for is told under ``omitted`` of the scene. ``apart``: elements that shall
    stand for themselves, with what marks them.
    """
    found = collapsed(scene, collapse, apart=apart)
    drawn = said(found, words)
    layout = replace(lay_out(drawn, words, direction), stacks=tuple(found.stacks))
    return drawn, with_notes(layout, found, words)


def _in_rows(scene: Scene, words: Words) -> Layout:
    """All hosts side by side, or in rows where a picture would be too wide to be read."""
    whole = build(scene, words)
    hosts = [block.key for block in whole.hosts]
    if len(hosts) < 2:
        return _downwards(scene, words)
    gateways = [cloud.id for cloud in whole.clouds]
    ranks = rows.order_of(whole)
    alone = rows.cut_rows(scene, [[host] for host in hosts], gateways)
    layouts = [_row(row, words, ranks) for row in alone]
    widths = {host: _width_of(layout, host) for host, layout in zip(hosts, layouts, strict=True)}
    places = rows.rows_of(widths)
    if len(places) < 2:
        return _downwards(scene, words)
    if len(places) < len(hosts):
        alone = rows.cut_rows(scene, places, gateways)
        layouts = [_row(row, words, ranks) for row in alone]
    return rows.stacked(scene, words, alone, layouts)


def _row(row: rows.Row, words: Words, ranks: Mapping[str, int]) -> Layout:
    return _downwards(row.scene, words, ranks, tuple(row.tracks))


def _width_of(layout: Layout, host: str) -> int:
    return next(box.width for box in layout.boxes if box.owner == host)


def _downwards(
    scene: Scene, words: Words, ranks: Mapping[str, int] = NO_RANKS, tracks: Sequence[str] = ()
) -> Layout:
    """All hosts side by side. ``ranks`` and ``tracks`` are those of ``World``."""
    cuts = cut_hosts(check(scene))
    if not cuts:
        return _arrange(scene, words, {}, ranks=ranks, tracks=tracks)

    def of_cell(cell: Cell) -> Layout:
        return _arrange(cell.scene, words, {}, narrow=True)

    grids = [Grid(cut, of_cell) for cut in cuts]
    upper = upper_scene(scene, cuts, [grid.order() for grid in grids])
    reserved = {grid.cut.box: grid for grid in grids}
    base = _arrange(upper, words, reserved, ranks=ranks, tracks=tracks)
    return joined(scene, base, grids)


def _arrange(
    scene: Scene,
    words: Words,
    reserved: Mapping[str, Grid],
    *,
    narrow: bool = False,
    ranks: Mapping[str, int] = NO_RANKS,
    tracks: Sequence[str] = (),
) -> Layout:
    """The layout of a scene without grid; ``reserved`` are boxes whose inside is a grid's."""
    world = build(scene, words)
    world.narrow, world.ranks, world.tracks = narrow, ranks, tracks
    for key, grid in reserved.items():
        block = world.blocks[key]
        block.width, block.height, block.margin = grid.width, grid.height, grid.left + 14
    count = bands.assign(world)
    strands = cut(world)
    arranged = order.Order(world, strands, count)
    arranged.settle()
    up, down = arranged.positions()
    join_neighbours(world, strands)
    beside = measure(world, strands, {**up, **down})
    separation.place(world, strands)
    heights = Heights(world, beside, networks.rail_order(world), route(strands), count)
    around = Furniture(world, strands, beside, heights)
    wiring = Wiring(world, strands, beside, heights, around)
    if not around.boxes and not wiring.rails:
        empty = words(describe.NOTHING)
        around.labels.append(Label("", "subtitle", empty, 0, MARGIN + 8, "start", NAME))
    return _together(world, around, wiring)


def _together(world: World, around: Furniture, wiring: Wiring) -> Layout:
    """Everything moved so that the picture begins at 0 and has an even margin."""
    rails, wires, dots = wiring.rails, wiring.wires, wiring.dots
    lefts = [b.x for b in around.boxes] + [t.left for t in around.labels]
    lefts += [r.left - 6 for r in rails] + [c.x for c in around.callouts]
    rights = [b.x + b.width for b in around.boxes] + [t.left + t.width for t in around.labels]
    rights += [r.right + 6 for r in rails] + [c.x + c.width for c in around.callouts]
    bottoms = [b.y + b.height for b in around.boxes] + [t.y + 8 for t in around.labels]
    bottoms += [r.y + 6 for r in rails]
    for wire in wires:
        lefts += [x for x, _ in wire.points]
        rights += [x for x, _ in wire.points]
    dx = MARGIN - min(lefts, default=0)
    width = max(rights, default=0) + dx + MARGIN
    height = max(bottoms, default=0) + MARGIN
    known = networks.of_elements(world)
    scene = world.scene
    return Layout(
        width=width,
        height=height,
        boxes=tuple(replace(box, x=box.x + dx) for box in sorted(around.boxes, key=drawn_after)),
        rails=tuple(RailLine(r.owner, r.left + dx, r.right + dx, r.y) for r in rails),
        wires=tuple(
            WirePath(
                w.owner,
                tuple((x + dx, y) for x, y in w.points),
                tuple((x + dx, y, r) for x, y, r in w.jumps),
                w.carried,
            )
            for w in wires
        ),
        dots=tuple(Dot(d.wire, d.x + dx, d.y) for d in dots),
        callouts=tuple(moved_callout(c, dx, 0) for c in around.callouts),
        labels=tuple(replace(t, x=t.x + dx) for t in around.labels),
        networks=tuple(known.items()),
        ways=tuple(ways.of_elements(world).items()),
        kinds=kinds_of(scene),
    )
