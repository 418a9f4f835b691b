"""Bands: which row every block stands in, and on which side of its bridge every port sits.

Lives here: steps 2 and 3 of the layout. A potential (0 at the NICs, 1 at the guests) says for
every wire which end is the upper one; the longest path from the NICs then gives the band. The
distance from the NICs alone is not enough: it puts OVN's br-int beside br-provider, because its
geneve interface hangs on a NIC too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .slots import Block, Slot, World

ROUNDS = 400
SETTLED = 1e-9
LEAK = 0.05  # of a bridge, to the NICs' potential

# What hangs on a NIC stays near it; all else without a bridge above sinks to what it belongs to.
EARLY = frozenset({"nic", "bond", "vlan"})


@dataclass(slots=True)
class _Node:
    """A free interface or a bridge while its band is sought. ``above`` counts NICs it hangs on."""

    block: Block
    order: int
    near: list[int] = field(default_factory=list)
    above: int = 0
    below: int = 0
    key: tuple[float, int, int] = (0.0, 0, 0)
    level: int = 0
    band: int = 0


def assign(world: World) -> int:
    """Give every block its band and every container its rows; the result is the number of bands.

    Every host has bands of its own, all counted from the shared rails: its guests stand right
    under its bridges, however deep another host is.
    """
    last = 0
    contents = _Contents(world)
    for host in world.hosts:
        last = max(last, _inner(contents, host, 0))
    waiting = list(world.hosts)
    while waiting:
        parent = waiting.pop(0)
        for child in world.children[parent.key]:
            block = world.blocks[child.id]
            last = max(last, _inner(contents, block, parent.nest))
            waiting.append(block)
    _place_ports(world)
    return last + 1


class _Contents:
    """What every container directly holds, and what every block is wired to, as the scene has it.

    ``wires``: of a block, its end and the other one of each wire, and whether the wire is carried.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        scene, blocks = world.scene, world.blocks
        self.free: dict[Block, list[Block]] = {}
        self.borders: dict[Block, list[Block]] = {}
        self.nested: dict[Block, list[Block]] = {}
        for bridge in scene.bridges:
            _put(self.free, blocks[bridge.id])
        for interface in scene.interfaces:
            _put(self.borders if interface.border else self.free, blocks[interface.id])
        for container in scene.containers:
            _put(self.nested, blocks[container.id])
        self.wires: dict[Block, list[tuple[str, str, bool]]] = {}
        ends = [(*wire.ends, wire.kind == "carried") for wire in world.wires]
        ends += [(rail, other, False) for _, rail, other in world.rail_wires]
        for first, second, carried in ends:
            for here, there in ((first, second), (second, first)):
                if self.has(here):
                    wires = self.wires.setdefault(world.block_of(here), [])
                    wires.append((here, there, carried))

    def has(self, end: str) -> bool:
        """Whether a wire's end is in a host; else it is a rail."""
        return end in self.world.slots or end in self.world.bridges


def _put(held: dict[Block, list[Block]], block: Block) -> None:
    if block.parent is not None:
        held.setdefault(block.parent, []).append(block)


def _inner(contents: _Contents, holder: Block, start: int) -> int:
    """Band the content of ``holder``, whose NICs are in band ``start``; the result is its last."""
    holder.band = start
    nodes = [_Node(block, order) for order, block in enumerate(contents.free.get(holder, ()))]
    _connect(contents, holder, nodes)
    _orient(nodes)
    _levels(nodes)
    _longest_paths(nodes, start)
    nest = max((node.band for node in nodes), default=start) + 1
    _sink(contents.world, nodes, nest)
    holder.nest = nest
    holder.rows = {band: [] for band in range(start, nest + 1)}
    for block in contents.borders.get(holder, ()):
        block.band = start
        holder.rows[start].append(block)
    for node in nodes:
        node.block.band = node.band
        holder.rows[node.band].append(node.block)
    nested = contents.nested.get(holder, ())
    holder.rows[nest] += nested
    return nest if nested else max((node.band for node in nodes), default=start)


def _connect(contents: _Contents, holder: Block, nodes: list[_Node]) -> None:
    """Note for every node its neighbours, and how many NICs and guests it hangs on."""
    world = contents.world
    number = {node.block.key: node.order for node in nodes}
    for node in nodes:
        for _, there, carried in contents.wires.get(node.block, ()):
            if not contents.has(there):
                node.above += 1  # a rail
                continue
            other = world.block_of(there)
            if other.top_level() is not node.block.top_level():
                # A tunnel to another host leaves this one, as a NIC does; of other wires from host
                # to host nothing says what is above what.
                node.above += carried
            elif other.key in number:
                if number[other.key] != node.order:
                    node.near.append(number[other.key])
            elif holder in other.path()[:-2]:
                node.below += 1
            else:
                node.above += 1


def _orient(nodes: list[_Node]) -> None:
    """Order the nodes from the NICs to the guests: by potential, distance, the scene's order."""
    sinks = _sinks(nodes)
    values = [0.5] * len(nodes)
    for _ in range(ROUNDS):
        moved = 0.0
        for node in nodes:
            total = sum(values[n] for n in node.near) + node.below
            weight = float(len(node.near) + node.below + node.above)
            if node.order in sinks and not node.below:
                total, weight = total + 1.0, weight + 1.0
            if node.block.kind == "bridge":
                weight += LEAK
            if weight:
                value = total / weight
                moved = max(moved, abs(value - values[node.order]))
                values[node.order] = value
        if moved < SETTLED:
            break
    reached = _reaching(nodes, [n.order for n in nodes if n.below or n.order in sinks])
    distances = _distances(nodes)
    for node in nodes:
        if node.order not in reached:
            values[node.order] = 0.0  # no guest in reach: the sum of the rounds, taken to its end
        # Rounded, so that equal potentials are equal whatever the order of summing was.
        node.key = (round(values[node.order], 6), distances[node.order], node.order)


def _sinks(nodes: list[_Node]) -> set[int]:
    """What the guests hang on, in every host; in one without guests what stands for them."""
    holders: dict[str, list[_Node]] = {}
    for node in nodes:
        holder = node.block.parent
        holders.setdefault(holder.key if holder is not None else "", []).append(node)
    found: set[int] = set()
    for own in holders.values():
        found |= {node.order for node in own if node.below} or _farthest(nodes, own)
    return found


def _farthest(nodes: list[_Node], own: list[_Node]) -> set[int]:
    """Where no guest is shown: the bridge that most others lead to stands for the guests."""
    bridges = [node for node in own if node.block.kind == "bridge"]
    around = {node.order: _bridges_around(nodes, node) for node in bridges}
    most = max(around.values(), default=0)
    if most < 2:
        distances = _distances(nodes)
        around = {node.order: distances[node.order] for node in bridges if not node.above}
        most = max(around.values(), default=0)
    return {n for n, count in around.items() if count == most > 0}


def _bridges_around(nodes: list[_Node], bridge: _Node) -> int:
    """How many bridges are reached from ``bridge`` through interfaces alone."""
    seen, waiting, found = {bridge.order}, list(bridge.near), 0
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if nodes[here].block.kind == "bridge":
            found += 1
        else:
            waiting.extend(nodes[here].near)
    return found


def _reaching(nodes: list[_Node], starts: list[int]) -> set[int]:
    """The nodes that hang together with ``starts``."""
    found, waiting = set(starts), list(starts)
    while waiting:
        for near in nodes[waiting.pop()].near:
            if near not in found:
                found.add(near)
                waiting.append(near)
    return found


def _distances(nodes: list[_Node]) -> list[int]:
    """Wires from the nearest NIC, where none is in reach from the first bridge or interface."""
    distances = [1 if node.above else 0 for node in nodes]
    waiting = [node.order for node in nodes if node.above]
    for start in nodes:  # bridges come first
        while waiting:
            here = waiting.pop(0)
            for near in nodes[here].near:
                if not distances[near]:
                    distances[near] = distances[here] + 1
                    waiting.append(near)
        if not distances[start.order]:
            distances[start.order] = 1
            waiting.append(start.order)
    return distances


def _upper(nodes: list[_Node], node: _Node) -> list[_Node]:
    return [nodes[n] for n in node.near if nodes[n].key < node.key]


def _lower(nodes: list[_Node], node: _Node) -> list[_Node]:
    return [nodes[n] for n in node.near if nodes[n].key > node.key]


def _levels(nodes: list[_Node]) -> None:
    """Number the bridges by how many stand above them; an interface has the level above it."""
    ends = [n for n in nodes if n.block.kind == "bridge" and not _bridges_below(nodes, n)]
    idle = any(not _serves(nodes, node) for node in ends)
    for node in sorted(nodes, key=lambda n: n.key):
        above = max((u.level for u in _upper(nodes, node)), default=0)
        node.level = above + (1 if node.block.kind == "bridge" else 0)
        if idle and node.level == 1 and node in ends and _serves(nodes, node):
            # Beside a bridge that ends here, the one of the guests goes below: OVN's br-int.
            node.level = 2


def _bridges_below(nodes: list[_Node], bridge: _Node) -> bool:
    return any(n.block.kind == "bridge" for n in _all_below(nodes, bridge))


def _serves(nodes: list[_Node], bridge: _Node) -> bool:
    """Whether guests hang on a bridge or on what is below it."""
    return bool(bridge.below) or any(n.below for n in _all_below(nodes, bridge))


def _all_below(nodes: list[_Node], node: _Node) -> list[_Node]:
    found: dict[int, _Node] = {}
    waiting = _lower(nodes, node)
    while waiting:
        here = waiting.pop()
        if here.order not in found:
            found[here.order] = here
            waiting += _lower(nodes, here)
    return list(found.values())


def _longest_paths(nodes: list[_Node], start: int) -> None:
    """Bands by the longest path from the NICs, all bridges of one level in one band."""
    for node in nodes:
        node.band = start + 1
    ordered = sorted(nodes, key=lambda n: n.key)
    changed = True
    while changed:
        changed = False
        shared: dict[int, int] = {}
        for node in ordered:
            node_band = max((u.band + 1 for u in _upper(nodes, node)), default=node.band)
            if node_band > node.band:
                node.band, changed = node_band, True
            if node.block.kind == "bridge":
                shared[node.level] = max(shared.get(node.level, 0), node.band)
        for level in sorted(shared):
            # A level stands under the one before even where no wire says so.
            shared[level] = max(shared[level], shared.get(level - 1, 0) + 1)
        for node in ordered:
            if node.block.kind == "bridge" and node.band < shared[node.level]:
                node.band, changed = shared[node.level], True


def _sink(world: World, nodes: list[_Node], nest: int) -> None:
    """Move taps, tunnels and second patch halves as far down as they go."""
    for node in sorted(nodes, key=lambda n: n.key, reverse=True):
        if node.block.kind == "bridge" or world.interfaces[node.block.key].kind in EARLY:
            continue
        lower = [n.band for n in _lower(nodes, node)] + ([nest] if node.below else [])
        under_bridge = any(n.block.kind == "bridge" for n in _upper(nodes, node))
        if lower and (node.below or not under_bridge):
            node.band = min(lower) - 1


def _place_ports(world: World) -> None:
    """Put every port on the side of its peers."""
    peers: dict[str, list[int]] = {port.id: [] for port in world.scene.ports}
    for wire in world.wires:
        for here, there in (wire.ends, wire.ends[::-1]):
            if here in peers:
                peers[here].append(world.block_of(there).band)
    for _, _, other in world.rail_wires:
        if other in peers:
            peers[other].append(-1)
    for port in world.scene.ports:
        bridge = world.blocks[port.bridge]
        above = sum(1 for band in peers[port.id] if band < bridge.band)
        below = sum(1 for band in peers[port.id] if band > bridge.band)
        top = above > below or (above == below and port.side == "top")
        (bridge.tops if top else bridge.bottoms).append(world.slots[port.id])


def end_slots(world: World, ends: Iterable[tuple[str, str, bool]]) -> dict[tuple[str, str], Slot]:
    """A slot for every (wire, bridge or port) end that no box stands for.

    ``ends`` are (wire, end, whether it leaves upwards). A wire on a Linux bridge has its own place
    on the border; so has one that leaves a port on the side where the port is not.
    """
    made: dict[tuple[str, str], Slot] = {}
    for wire, end, up in ends:
        block = world.block_of(end)
        if block.kind != "bridge":
            continue
        row = block.tops if up else block.bottoms
        if end in world.slots and world.slots[end] in row:
            continue
        slot = Slot(f"{wire} {end}", WIRE_END)
        row.append(slot)
        made[wire, end] = slot
    return made


WIRE_END = 6
