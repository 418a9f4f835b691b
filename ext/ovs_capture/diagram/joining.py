"""Joining: a layout with its grids filled in, as one layout of the whole scene.

Lives here: what a grid's elements take from the part above (network, way) and the box that stands
for several ports. Does not live here: coordinates.
"""

from collections.abc import Sequence
from dataclasses import replace

from .grid import TAGS, Grid
from .places import Box, Layout
from .scene import Scene


def drawn_after(box: Box) -> tuple[int, int]:
    """Containers by depth, then bridges, then ports and interfaces."""
    rank = {"bridge": 1, "linux-bridge": 1, "port": 2, "interface": 2}.get(box.role, 0)
    return rank, box.depth


def kinds_of(scene: Scene) -> tuple[tuple[str, str], ...]:
    """What every element is, by its id."""
    return (
        *((c.id, c.kind) for c in scene.containers),
        *((b.id, b.kind) for b in scene.bridges),
        *((p.id, "port") for p in scene.ports),
        *((i.id, i.kind) for i in scene.interfaces),
        *((r.id, "rail") for r in scene.rails),
    )


def joined(scene: Scene, base: Layout, grids: Sequence[Grid]) -> Layout:
    """``base``, the layout of what stands above, with every grid in its box."""
    placeholders = {grid.cut.box for grid in grids}
    placeholders |= {trunk.key for grid in grids for trunk in grid.cut.trunks}
    pseudo = {f"{trunk.key} wire": trunk for grid in grids for trunk in grid.cut.trunks}
    filled = [grid.fill(base) for grid in grids]
    boxes = [b for b in base.boxes if b.owner not in placeholders]
    boxes += [box for one in filled for box in one.boxes]
    wires = {w.owner: w for w in base.wires if w.owner not in pseudo}
    wires |= {w.owner: w for one in filled for w in one.wires}
    labels = [t for t in base.labels if t.owner not in placeholders]
    labels = [
        replace(t, owner=pseudo[t.owner].wires[0]) if t.owner in pseudo else t for t in labels
    ]
    labels += [label for one in filled for label in one.labels]
    bundles = {trunk.ends[0]: tuple(trunk.ends) for trunk in pseudo.values() if len(trunk.ends) > 1}
    names = {port.id: port.name for port in scene.ports}
    labels = [
        replace(t, full=f"{t.text}: {', '.join(names[p] for p in bundles[t.owner])}")
        if t.role == "name" and t.owner in bundles
        else t
        for t in labels
    ]
    dots = [replace(d, wire=pseudo[d.wire].wires[0]) if d.wire in pseudo else d for d in base.dots]
    return replace(
        base,
        boxes=tuple(sorted(boxes, key=drawn_after)),
        wires=tuple(wires[wire.id] for wire in scene.wires if wire.id in wires),
        dots=(*dots, *(dot for one in filled for dot in one.dots)),
        callouts=(*base.callouts, *(c for one in filled for c in one.callouts)),
        labels=tuple(labels),
        networks=_networks(scene, base, grids),
        ways=_ways(scene, base, grids),
        kinds=kinds_of(scene),
        bundles=tuple(bundles.items()),
    )


def _networks(scene: Scene, base: Layout, grids: Sequence[Grid]) -> tuple[tuple[str, str], ...]:
    """Below a trunk its network goes on; further tags take colours that no rail has."""
    found = dict(base.networks)
    used = {found[rail.id] for rail in scene.rails}
    colours = [key for key in TAGS if key not in used] or list(TAGS)
    for grid in grids:
        tags: dict[object, str] = {}
        of_trunk: dict[str, str] = {}
        for trunk in grid.cut.trunks:
            network = found[f"{trunk.key} wire"]
            if network == "tagged":
                mark = trunk.sample.label
                network = tags.setdefault(mark, colours[len(tags) % len(colours)])
            of_trunk[trunk.key] = network
            found |= dict.fromkeys(trunk.wires, network)
            if len(trunk.ends) > 1:
                found |= dict.fromkeys(trunk.ends, network)
        for row in grid.rows:
            for placed in row.cells:
                own = dict(placed.layout.networks)
                above = {own[key]: network for key, network in of_trunk.items() if key in own}
                for element, network in own.items():
                    if element not in of_trunk:
                        found[element] = above.get(network, network)
    elements = (scene.bridges, scene.ports, scene.interfaces, scene.rails, scene.wires)
    return tuple((e.id, found[e.id]) for group in elements for e in group)


def _ways(
    scene: Scene, base: Layout, grids: Sequence[Grid]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The way of what is in a cell goes up from it; that of what is above down to every cell.

    It does not come down again to the guests beside: with many that would light up everything.
    """
    above = dict(base.ways)
    pseudo = {trunk.key for grid in grids for trunk in grid.cut.trunks}
    pseudo |= {f"{key} wire" for key in pseudo}
    found: dict[str, tuple[str, ...]] = {}
    below: dict[str, list[str]] = {}
    for grid in grids:
        trunks = {trunk.key: trunk for trunk in grid.cut.trunks}
        up = {key: _upwards(above[key], key, pseudo) for key in trunks}
        for row in grid.rows:
            for placed in row.cells:
                own = dict(placed.layout.ways)
                for element, way in own.items():
                    if element in trunks:
                        mine = [e for e in way if e not in trunks]
                        below.setdefault(element, []).extend(mine)
                        continue
                    mine = [e for e in way if e not in trunks]
                    for key in (e for e in way if e in trunks):
                        mine += [e for e in up[key] if e not in mine]
                    found[element] = tuple(mine)
    for element, way in above.items():
        if element not in pseudo:
            mine = [e for e in way if e not in pseudo]
            for key in way:
                mine += below.get(key, ())
            found[element] = tuple(dict.fromkeys(mine))
    for grid in grids:
        for trunk in grid.cut.trunks:
            for end in trunk.ends[1:]:
                found.setdefault(end, found[trunk.ends[0]])
    elements = (scene.rails, scene.bridges, scene.ports, scene.interfaces, scene.wires)
    return tuple((e.id, found[e.id]) for group in elements for e in group if e.id in found)


def _upwards(way: tuple[str, ...], own: str, pseudo: set[str]) -> list[str]:
    return [element for element in way if element not in pseudo and element != own]
