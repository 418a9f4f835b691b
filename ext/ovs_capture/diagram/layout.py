"""Layout: a scene with a place for everything, in px.

Lives here: ``lay_out``, which runs the steps: ``bands``, ``strands``, ``order``, ``extents``,
``separation``, ``routing``, ``heights``, ``furniture``, ``wiring``. Does not live here: colours,
markup.

Step 9 of the algorithm, guests in a grid, is not built: it would replace the row of guests between
``order`` and ``separation``, and everything after it stays as it is.
"""

from . import bands, describe, networks, order, separation, ways
from .extents import measure
from .furniture import Furniture
from .heights import MARGIN, Heights
from .places import Box, CalloutBox, CalloutLine, Dot, Label, Layout, RailLine, WirePath
from .routing import route
from .scene import Scene
from .slots import NAME, Words, World, build
from .strands import cut, join_neighbours
from .wiring import Wiring


def lay_out(scene: Scene, words: Words) -> Layout:
    """Give every element of ``scene`` a place; ``words`` says a message in the reader's language.

    Raises ValueError when the scene refers to an element that it does not have.
    """
    world = build(scene, words)
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
        empty = words(describe.description(scene))
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
        boxes=tuple(_moved_box(box, dx) for box in sorted(around.boxes, key=_drawn_after)),
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
        callouts=tuple(_moved_callout(c, dx) for c in around.callouts),
        labels=tuple(_moved_label(t, dx) for t in around.labels),
        networks=tuple(known.items()),
        ways=tuple(ways.of_elements(world).items()),
        kinds=tuple(
            [(c.id, c.kind) for c in scene.containers]
            + [(b.id, b.kind) for b in scene.bridges]
            + [(p.id, "port") for p in scene.ports]
            + [(i.id, i.kind) for i in scene.interfaces]
            + [(r.id, "rail") for r in scene.rails]
        ),
    )


def _drawn_after(box: Box) -> tuple[int, int]:
    """Containers by depth, then bridges, then ports and interfaces."""
    rank = {"bridge": 1, "linux-bridge": 1, "port": 2, "interface": 2}.get(box.role, 0)
    return rank, box.depth


def _moved_box(box: Box, dx: int) -> Box:
    return Box(box.owner, box.role, box.x + dx, box.y, box.width, box.height, box.depth)


def _moved_label(label: Label, dx: int) -> Label:
    return Label(
        label.owner,
        label.role,
        label.text,
        label.x + dx,
        label.y,
        label.anchor,
        label.size,
        label.full,
    )


def _moved_callout(box: CalloutBox, dx: int) -> CalloutBox:
    lines = tuple(
        CalloutLine(
            c.owner, _moved_label(c.first, dx), _moved_label(c.second, dx), c.arrow, c.x + dx, c.y
        )
        for c in box.lines
    )
    return CalloutBox(box.port, box.x + dx, box.y, box.width, box.height, lines)
