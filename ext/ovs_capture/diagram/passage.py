"""Passage: which elements of a scene one packet goes by, in which direction, and in which steps.

Lives here: from the steps of a trace to ids of a scene. Does not live here: how a passage looks
(``paint``), nor the ways that a frame could take (``ways``).

A trace tells of bridges and their ports. What lies outside a port - the interface, a patch, a guest
or a network - the packet takes whole, up to the nearest place where it ends: a rail, a guest's NIC,
another bridge's port.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..trace.result import Trace
from .scene import Scene


@dataclass(frozen=True, slots=True)
class Passage:
    """``elements``: ids on the way. ``wires``: of those, the end that the packet comes from; ""
    where it goes both ways.

    ``discs``: the numbers that stand at a bridge or at an end, as text.
    """

    elements: frozenset[str]
    wires: Mapping[str, str] = field(default_factory=dict)
    discs: tuple[tuple[str, str], ...] = ()


def passage(scene: Scene, trace: Trace) -> Passage:
    """The way of ``trace`` in a scene of its host.

    Steps are numbered from 1; the ends, one for each of ``Trace.outs``, go on behind them.
    """
    walk = _Walk(scene)
    told = _leading_out(trace)
    numbers: dict[str, list[int]] = defaultdict(list)
    for step in trace.steps:
        if step.number not in told:
            continue
        bridge = walk.bridge(step.bridge)
        if bridge is None:
            continue
        walk.found.add(bridge)
        numbers[bridge].append(step.number + 1)
        if step.via in ("patch", "tunnel") or (step.via == "first" and step.pass_number == 0):
            walk.outside(step.bridge, step.in_port, inwards=True)
    for number, effect in enumerate(trace.outs, len(trace.steps) + 1):
        assert effect.port is not None
        end = walk.outside(effect.bridge, effect.port, inwards=False)
        if end is not None:
            numbers[end].append(number)
    discs = tuple((element, ranges(found)) for element, found in numbers.items())
    return Passage(frozenset(walk.found | walk.around()), dict(walk.wires), discs)


def around_passage(scene: Scene, way: Passage) -> Scene:
    """The part of a scene that shows a packet's way and what it could have reached from there.

    Left out are guests and namespaces that it does not come to, with what leads only to them, and
    what no wire joins to the way but a network's rail; of a bridge with a crowd of ports also all
    ports that the packet does not take.
    """
    rooms = _rooms_passed_by(scene, way)
    gone = {one.id for one in scene.interfaces if one.container in rooms}
    gone |= {one.id for one in scene.bridges if one.container in rooms}
    gone |= {one.id for one in scene.ports if one.bridge in gone}
    gone |= _crowds(scene, way, gone)
    rails = {rail.id for rail in scene.rails}
    small = {port.id for port in scene.ports} | {one.id for one in scene.interfaces}
    small -= way.elements
    wires = {wire.id: wire.ends for wire in scene.wires}
    while True:
        left = {key: ends for key, ends in wires.items() if gone.isdisjoint(ends)}
        loose = {end for key in wires.keys() - left.keys() for end in wires[key]} & small
        loose -= {end for ends in left.values() for end in ends} | gone
        wires = left
        if not loose:
            break
        gone |= loose
    kept = _joined_to(way.elements - rails, wires, scene, rails) - gone
    ends_kept = {end for key, ends in wires.items() if not kept.isdisjoint(ends) for end in ends}
    return replace(
        scene,
        containers=tuple(one for one in scene.containers if one.id not in rooms),
        bridges=tuple(one for one in scene.bridges if one.id in kept),
        ports=tuple(one for one in scene.ports if one.id in kept),
        interfaces=tuple(one for one in scene.interfaces if one.id in kept),
        rails=tuple(one for one in scene.rails if one.id in ends_kept),
        addresses=tuple(one for one in scene.addresses if one.interface in kept),
        wires=tuple(
            one for one in scene.wires if one.id in wires and not kept.isdisjoint(one.ends)
        ),
        callouts=tuple(one for one in scene.callouts if one.port in kept),
    )


# Beside the way a bridge shows this many ports, or none: a hundred would shrink the way to nothing.
_MOST_PORTS = 8


def _crowds(scene: Scene, way: Passage, gone: Collection[str]) -> set[str]:
    """Ports that the packet does not take, of bridges with too many of them."""
    beside: dict[str, set[str]] = defaultdict(set)
    for port in scene.ports:
        if port.id not in way.elements and port.id not in gone:
            beside[port.bridge].add(port.id)
    return {port for ports in beside.values() if len(ports) > _MOST_PORTS for port in ports}


def _rooms_passed_by(scene: Scene, way: Passage) -> set[str]:
    """Guests, namespaces and clouds that are not on the way, with all that is in them."""
    gone: set[str] = set()
    inside = [one for one in scene.containers if one.kind != "host"]
    while True:
        more = {
            one.id
            for one in inside
            if one.id not in way.elements and (one.kind != "process" or one.parent in gone)
        } - gone
        if not more:
            return gone
        gone |= more


def _joined_to(
    start: Iterable[str],
    wires: Mapping[str, tuple[str, str]],
    scene: Scene,
    rails: Collection[str],
) -> set[str]:
    """All elements joined to some of ``start`` by wires and bridges; a rail joins nothing."""
    near: dict[str, set[str]] = defaultdict(set)
    for one, other in (*wires.values(), *((port.id, port.bridge) for port in scene.ports)):
        if one not in rails and other not in rails:
            near[one].add(other)
            near[other].add(one)
    found, waiting = set(start), list(start)
    while waiting:
        for there in near[waiting.pop()] - found:
            found.add(there)
            waiting.append(there)
    return found


def _leading_out(trace: Trace) -> frozenset[int]:
    """The steps from which a copy of the packet leaves; all steps, when none does.

    A copy that the next bridge drops is not the way of the packet.
    """
    parents: dict[int, int | None] = {step.number: step.parent for step in trace.steps}
    for one in trace.passes:
        first = next((s for s in trace.steps if s.pass_number == one.number), None)
        if first is not None and first.parent is None:
            parents[first.number] = one.resumed_from
    outs = {effect.place for effect in trace.outs}
    found: set[int] = set()
    for step in trace.steps:
        if any(effect.place in outs for event in step.events for effect in event.effects):
            here: int | None = step.number
            while here is not None and here not in found:
                found.add(here)
                here = parents[here]
    return frozenset(found) or frozenset(parents)


class _Walk:
    """What has been walked of one scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.found: set[str] = set()
        self.wires: dict[str, str] = {}
        self._bridges = {bridge.name: bridge.id for bridge in scene.bridges}
        names = {bridge.id: bridge.name for bridge in scene.bridges}
        self._ports = {(names[port.bridge], port.name): port.id for port in scene.ports}
        self._near: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for wire in scene.wires:
            for here, there in (wire.ends, wire.ends[::-1]):
                self._near[here].append((wire.id, there))
        self._stops = {rail.id for rail in scene.rails} | {port.id for port in scene.ports}

    def bridge(self, name: str) -> str | None:
        return self._bridges.get(name)

    def outside(self, bridge: str, port: str, *, inwards: bool) -> str | None:
        """Mark what lies outside a port; the element that ends it, before a rail."""
        start = self._ports.get((bridge, port))
        if start is None:
            return None
        way = self._way(start)
        self.found.add(start)
        for wire, here, there in way:
            self.found |= {wire, there}
            self.wires[wire] = there if inwards else here
        rails = {rail.id for rail in self.scene.rails}
        passed = [start, *(there for _, _, there in way)]
        return next((one for one in reversed(passed) if one not in rails), None)

    def _way(self, start: str) -> list[tuple[str, str, str]]:
        """Wires from a port to the nearest end, each with where it is entered and left."""
        came: dict[str, tuple[str, str]] = {}
        waiting = deque([start])
        last = start
        while waiting:
            here = last = waiting.popleft()
            onward = [(w, there) for w, there in self._near[here] if there not in (start, *came)]
            if here != start and (here in self._stops or not onward):
                break
            for wire, there in onward:
                if there not in came:
                    came[there] = (wire, here)
                    waiting.append(there)
        way: list[tuple[str, str, str]] = []
        while last != start:
            wire, here = came[last]
            way.append((wire, here, last))
            last = here
        return way[::-1]

    def around(self) -> set[str]:
        """What belongs to the elements walked: their boxes, addresses and callouts."""
        scene = self.scene
        inside = {interface.id: interface.container for interface in scene.interfaces}
        inside |= {bridge.id: bridge.container for bridge in scene.bridges}
        parents = {container.id: container.parent for container in scene.containers}
        found = {container.id for container in scene.containers if container.kind == "host"}
        for element in self.found & inside.keys():
            box: str | None = inside[element]
            while box is not None:
                found.add(box)
                box = parents[box]
        found |= {one.id for one in scene.addresses if one.interface in self.found}
        found |= {one.id for one in scene.callouts if one.port in self.found}
        return found


def ranges(numbers: Iterable[int]) -> str:
    """``1-3, 7``, with an en dash."""
    groups: list[list[int]] = []
    for number in sorted(set(numbers)):
        if groups and number == groups[-1][-1] + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    dash = "\N{EN DASH}"
    return ", ".join(str(g[0]) if len(g) == 1 else f"{g[0]}{dash}{g[-1]}" for g in groups)
