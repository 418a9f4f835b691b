"""Separation: where everything stands from left to right.

Lives here: step 6 of the layout. One graph of gaps over all slots and box borders sizes nested
boxes and keeps everything apart; the ends of one-to-one wires are joined into straight columns;
what is left moves towards what it is wired to.
"""

import itertools
from dataclasses import dataclass
from math import floor

from .slots import GAP, Block, Slot, World
from .strands import Pin, Segment, Strands
from .vpsc import Constraint, Solver, Variable

HOST_CORNER = 36  # from a host's border to its first NIC: past the round corner
HOST_GAP = 44
JOINED_GAP = 44  # between neighbours that a wire joins side to side: its dashes must show
BOX_GAP = 18  # between bridges, and between containers
DUMMY_GAP = 10
BORDER_WEIGHT = 0.05  # of a box's border against a wire's 1: boxes follow, they do not lead
ROUNDS = 40
LAST_ROUNDS = 10  # in which only borders move, towards what stands in them
FIXED = 1000.0
SETTLED = 0.2  # px

Edge = tuple[int, int]  # number in the graph, distance from it


@dataclass(slots=True)
class Pull:
    """Two places that want to stand above each other."""

    first: int
    second: int
    apart: int  # second - first, in px
    weight: float


class Graph:
    """Places and the gaps between them; ``group`` and ``shift`` join places into columns."""

    def __init__(self) -> None:
        self.group: list[int] = []
        self.shift: list[int] = []
        self.gaps: list[tuple[int, int, int]] = []
        self.members: list[list[int]] = []
        self.after: list[set[int]] = []

    def place(self) -> int:
        number = len(self.group)
        self.group.append(number)
        self.shift.append(0)
        self.members.append([number])
        self.after.append(set())
        return number

    def separate(self, left: Edge, right: Edge, gap: int) -> None:
        """Ask ``right`` to stand at least ``gap`` px after ``left``."""
        self.gaps.append((left[0], right[0], gap + left[1] - right[1]))
        self.after[left[0]].add(right[0])

    def join(self, first: int, second: int, apart: int) -> bool:
        """Make ``second`` stand ``apart`` px after ``first``, unless the gaps forbid it."""
        a, b = self.group[first], self.group[second]
        if a == b:
            return self.shift[second] - self.shift[first] == apart
        if self._reaches(a, b) or self._reaches(b, a):
            return False
        move = self.shift[first] + apart - self.shift[second]
        for member in self.members[b]:
            self.group[member] = a
            self.shift[member] += move
        self.members[a] += self.members[b]
        self.members[b] = []
        return True

    def _reaches(self, start: int, goal: int) -> bool:
        seen, waiting = {start}, [start]
        while waiting:
            for member in self.members[waiting.pop()]:
                # A set, but only asked whether the goal is in reach: its order changes nothing.
                for other in self.after[member]:
                    group = self.group[other]
                    if group == goal:
                        return True
                    if group not in seen:
                        seen.add(group)
                        waiting.append(group)
        return False


def place(world: World, strands: Strands) -> None:
    """Set the x of every slot and the left and right of every block, in whole px."""
    graph = Graph()
    blocks = _every_block(world)
    for block in blocks:
        for slot in _own_slots(block):
            slot.index = graph.place()
        if block.kind in ("bridge", "container"):
            block.borders = (graph.place(), graph.place())
    for block in blocks:
        _gaps_inside(graph, block)
    _gaps_between_hosts(graph, world)
    for segment in strands.direct:
        _gap_of_joined(graph, world, segment)
    _join_columns(graph, strands, blocks)
    positions = _solve(graph, _pulls(strands, blocks), blocks)
    for block in blocks:
        for slot in _own_slots(block):
            slot.x = positions[slot.index]
    for block in blocks:
        if block.kind in ("bridge", "container"):
            block.left, block.right = (positions[n] for n in block.borders)
        else:
            block.left, block.right = block.slot.x - block.slot.half, block.slot.x + block.slot.half
    for block in reversed(blocks):
        _hug(block)


def _every_block(world: World) -> list[Block]:
    """All blocks, each before what is inside it."""
    found: list[Block] = []
    waiting = list(reversed(world.hosts))
    while waiting:
        block = waiting.pop()
        found.append(block)
        inside = [b for band in sorted(block.rows) for b in block.rows[band]]
        waiting.extend(reversed(inside))
    return found


def _own_slots(block: Block) -> list[Slot]:
    if block.kind == "container":
        return []
    return block.tops + block.bottoms if block.kind == "bridge" else block.tops


def _edges(block: Block) -> tuple[Edge, Edge]:
    if block.kind in ("bridge", "container"):
        return (block.borders[0], 0), (block.borders[1], 0)
    return (block.slot.index, -block.slot.left), (block.slot.index, block.slot.right)


def _gap(left: Block, right: Block) -> int:
    if "dummy" in (left.kind, right.kind):
        return DUMMY_GAP
    return GAP if "leaf" in (left.kind, right.kind) else BOX_GAP


def _gaps_inside(graph: Graph, block: Block) -> None:
    if block.kind not in ("bridge", "container"):
        return
    left, right = (block.borders[0], 0), (block.borders[1], 0)
    graph.separate(left, right, block.width)
    if block.kind == "bridge":
        for slots in (block.tops, block.bottoms):
            edges = [((s.index, -s.left), (s.index, s.right)) for s in slots]
            _chain(graph, left, right, edges, [GAP] * len(edges), block.margin)
        return
    for band in sorted(block.rows):
        row = block.rows[band]
        edges = [_edges(child) for child in row]
        if band == block.band and block.parent is None and row:
            # The address beside the outermost NIC may stand over the corner and beyond.
            first, last = row[0].slot, row[-1].slot
            graph.separate(left, (first.index, -first.half), HOST_CORNER)
            graph.separate((last.index, last.half), right, HOST_CORNER)
            gaps = [_gap(a, b) for a, b in itertools.pairwise(row)]
            for (_, a), (b, _), gap in zip(edges, edges[1:], gaps, strict=False):
                graph.separate(a, b, gap)
            continue
        gaps = [_gap(a, b) for a, b in itertools.pairwise(row)]
        _chain(graph, left, right, edges, gaps, block.margin)


def _chain(
    graph: Graph,
    left: Edge,
    right: Edge,
    edges: list[tuple[Edge, Edge]],
    gaps: list[int],
    margin: int,
) -> None:
    if not edges:
        return
    graph.separate(left, edges[0][0], margin)
    for (_, a), (b, _), gap in zip(edges, edges[1:], gaps, strict=False):
        graph.separate(a, b, gap)
    graph.separate(edges[-1][1], right, margin)


def _gaps_between_hosts(graph: Graph, world: World) -> None:
    for a, b in zip(world.hosts, world.hosts[1:], strict=False):
        graph.separate((a.borders[1], 0), (b.borders[0], 0), HOST_GAP)
        if (row := b.rows.get(b.band)) and row[0].kind in ("leaf", "dummy"):
            graph.separate((a.borders[1], 0), _edges(row[0])[0], GAP)
            if (before := a.rows.get(a.band)) and before[-1].kind in ("leaf", "dummy"):
                graph.separate(_edges(before[-1])[1], _edges(row[0])[0], GAP)


def _gap_of_joined(graph: Graph, world: World, segment: Segment) -> None:
    a, b = segment.upper.slot, segment.lower.slot
    parent = world.blocks[a.key].parent
    assert parent is not None
    row = [block.key for block in parent.rows[world.blocks[a.key].band]]
    left, right = (a, b) if row.index(a.key) < row.index(b.key) else (b, a)
    graph.separate((left.index, left.half), (right.index, -right.half), JOINED_GAP)


def _join_columns(graph: Graph, strands: Strands, blocks: list[Block]) -> None:
    """Join the ends of one-to-one wires, long wires first, as far as no cycle arises."""
    single = [
        s
        for s in strands.segments
        if not s.bow and len(s.upper.segments) == 1 and len(s.lower.segments) == 1
    ]
    for dummy in (True, False):
        for segment in single:
            if dummy == _is_dummy(segment.upper) or dummy == _is_dummy(segment.lower):
                apart = segment.upper.offset - segment.lower.offset
                graph.join(segment.upper.slot.index, segment.lower.slot.index, apart)
    for port, slot in strands.through:
        graph.join(port.index, slot.index, 0)
    for block in blocks:
        if block.kind == "bridge" and len(block.tops) == len(block.bottoms) == 1:
            graph.join(block.tops[0].index, block.bottoms[0].index, 0)


def _is_dummy(pin: Pin) -> bool:
    return pin.key == ("dummy",)


def _pulls(strands: Strands, blocks: list[Block]) -> list[Pull]:
    pulls: list[Pull] = []
    for segment in strands.segments:
        long = _is_dummy(segment.upper) and _is_dummy(segment.lower)
        weight = 0.3 if segment.bow else 4.0 if long else 1.0
        apart = segment.upper.offset - segment.lower.offset
        pulls.append(Pull(segment.upper.slot.index, segment.lower.slot.index, apart, weight))
    for block in blocks:
        if block.kind == "bridge" and block.tops and block.bottoms:
            weight = 0.5 / max(len(block.tops), len(block.bottoms))
            for top in block.tops:
                for bottom in block.bottoms:
                    pulls.append(Pull(top.index, bottom.index, 0, weight))
    return pulls


def _solve(graph: Graph, pulls: list[Pull], blocks: list[Block]) -> list[int]:
    """The position of every place in whole px.

    All gaps are whole, so rounding monotonously keeps every one of them.
    """
    groups = sorted(set(graph.group))
    number = {group: n for n, group in enumerate(groups)}
    variables = [Variable() for _ in groups]
    owner = [variables[number[g]] for g in graph.group]
    tightest: dict[tuple[int, int], int] = {}
    for left, right, gap in graph.gaps:
        a, b = number[graph.group[left]], number[graph.group[right]]
        if a != b:
            needed = gap + graph.shift[left] - graph.shift[right]
            tightest[a, b] = max(needed, tightest.get((a, b), needed))
    constraints = [Constraint(variables[a], variables[b], g) for (a, b), g in tightest.items()]
    solver = Solver(variables, constraints)
    _start(variables, tightest)
    borders = [b for b in blocks if b.kind in ("bridge", "container")]
    idle = _idle_slots(pulls, blocks)
    for _ in range(ROUNDS):
        before = [v.desired for v in variables]
        _desire(graph, pulls, borders, idle, owner)
        solver.solve()
        moved = max(
            (abs(a - v.position) for a, v in zip(before, variables, strict=True)), default=0
        )
        for variable in variables:
            variable.desired = variable.position
        if moved < SETTLED:
            break
    slots = {id(owner[slot.index]) for block in blocks for slot in _own_slots(block)}
    for _ in range(LAST_ROUNDS):
        _desire(graph, pulls, borders, idle, owner)
        for variable in variables:
            if id(variable) in slots:
                variable.desired, variable.weight = variable.position, FIXED
        before = [v.desired for v in variables]
        solver.solve()
        for variable in variables:
            variable.desired = variable.position
        moved = max(
            (abs(a - v.position) for a, v in zip(before, variables, strict=True)), default=0
        )
        if moved < SETTLED / 100:
            break
    return [floor(owner[n].position + 0.5) + graph.shift[n] for n in range(len(owner))]


def _start(variables: list[Variable], tightest: dict[tuple[int, int], int]) -> None:
    """Begin with everything as far left as the gaps allow."""
    after: list[list[tuple[int, int]]] = [[] for _ in variables]
    waits = [0] * len(variables)
    for (a, b), gap in tightest.items():
        after[a].append((b, gap))
        waits[b] += 1
    ready = [n for n, count in enumerate(waits) if not count]
    while ready:
        here = ready.pop()
        for other, gap in after[here]:
            at_least = variables[here].desired + gap
            variables[other].desired = max(variables[other].desired, at_least)
            waits[other] -= 1
            if not waits[other]:
                ready.append(other)


def _idle_slots(pulls: list[Pull], blocks: list[Block]) -> list[tuple[int, Block]]:
    """Slots that nothing pulls, with the container that they stand in."""
    pulled = {n for pull in pulls for n in (pull.first, pull.second)}
    return [
        (slot.index, block.parent if block.parent is not None else block)
        for block in blocks
        for slot in _own_slots(block)
        if slot.index not in pulled
    ]


def _desire(
    graph: Graph,
    pulls: list[Pull],
    borders: list[Block],
    idle: list[tuple[int, Block]],
    owner: list[Variable],
) -> None:
    """Set what every variable desires: the mean of what it is wired to, as all stands now."""
    now = [v.desired + graph.shift[n] for n, v in enumerate(owner)]
    total = {id(v): 0.0 for v in owner}
    weight = {id(v): 0.0 for v in owner}

    def want(place: int, position: float, strength: float) -> None:
        key = id(owner[place])
        total[key] += strength * (position - graph.shift[place])
        weight[key] += strength

    for pull in pulls:
        if graph.group[pull.first] != graph.group[pull.second]:
            want(pull.first, now[pull.second] - pull.apart, pull.weight)
            want(pull.second, now[pull.first] + pull.apart, pull.weight)
    for place, around in idle:
        want(place, (now[around.borders[0]] + now[around.borders[1]]) / 2, 0.05)
    for block in reversed(borders):
        left, right = block.borders
        low, high = _held(block, now)
        spare = max(0.0, block.width - (high - low)) / 2
        now[left], now[right] = low - spare, high + spare
        want(left, now[left], BORDER_WEIGHT)
        want(right, now[right], BORDER_WEIGHT)
    done: set[int] = set()
    for variable in owner:
        key = id(variable)
        if key in done:
            continue
        done.add(key)
        if weight[key]:
            # Half of the way: two that pull each other would change places for ever.
            variable.desired = (total[key] / weight[key] + variable.desired) / 2
            variable.weight = max(weight[key], 0.01)
        else:
            variable.weight = 0.01


def _held(block: Block, now: list[float]) -> tuple[float, float]:
    """Where a box would begin and end to hold what it holds, its name apart."""
    lefts: list[float] = []
    rights: list[float] = []
    if block.kind == "bridge":
        for slot in block.tops + block.bottoms:
            lefts.append(now[slot.index] - slot.left)
            rights.append(now[slot.index] + slot.right)
    for band in sorted(block.rows):
        for child in block.rows[band]:
            first, last = _edges(child)
            lefts.append(now[first[0]] + first[1])
            rights.append(now[last[0]] + last[1])
    if not lefts:
        return now[block.borders[0]], now[block.borders[1]]
    return min(lefts) - block.margin, max(rights) + block.margin


def _hug(block: Block) -> None:
    """Draw a box's borders in to what it holds; blocks inside have been hugged before."""
    if block.kind not in ("bridge", "container"):
        return
    lefts: list[int] = []
    rights: list[int] = []
    if block.kind == "bridge":
        for slot in block.tops + block.bottoms:
            lefts.append(slot.x - slot.left - block.margin)
            rights.append(slot.x + slot.right + block.margin)
    for band in sorted(block.rows):
        for child in block.rows[band]:
            if band == block.band and block.parent is None:
                lefts.append(child.slot.x - child.slot.half - HOST_CORNER)
                rights.append(child.slot.x + child.slot.half + HOST_CORNER)
            elif child.kind in ("leaf", "dummy"):
                lefts.append(child.slot.x - child.slot.left - block.margin)
                rights.append(child.slot.x + child.slot.right + block.margin)
            else:
                lefts.append(child.left - block.margin)
                rights.append(child.right + block.margin)
    low, high = min(lefts, default=block.left), max(rights, default=block.right)
    if not lefts:
        low, high = block.left, block.left + block.width
    if high - low < block.width:
        left = max(block.left, low - (block.width - (high - low)) // 2)
        right = left + block.width
        if right < high:
            right = high
            left = right - block.width
        if right > block.right:
            right = block.right
            left = right - block.width
        low, high = left, right
    block.left, block.right = low, high


__all__ = ["place"]
