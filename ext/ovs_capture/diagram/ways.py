"""Ways: what lights up together when a reader points at an element.

Lives here: how far a frame gets from an element, as far as tags and callouts tell. A way runs along
wires; at a bridge it goes on to the ports whose tags agree. Does not live here: tracing, which
needs flows.
"""

from .slots import World


def of_elements(world: World) -> dict[str, tuple[str, ...]]:
    """The ids on the way of every wire, interface, port, bridge, rail, guest and namespace.

    They stand in the scene's order. The way of a guest or namespace is that of all its NICs.
    """
    near: dict[str, list[tuple[str, str]]] = {}
    for wire in world.scene.wires:
        for here, there in (wire.ends, wire.ends[::-1]):
            near.setdefault(here, []).append((wire.id, there))
    ports: dict[str, list[str]] = {bridge.id: [] for bridge in world.scene.bridges}
    for port in world.scene.ports:
        ports[port.bridge].append(port.id)
    through = _through(world, near, ports)
    scene = world.scene
    groups = (scene.rails, scene.bridges, scene.ports, scene.interfaces, scene.wires)
    order = [element.id for group in groups for element in group]
    rails = {rail.id for rail in scene.rails}
    ends = {wire.id: wire.ends for wire in scene.wires}
    ways: dict[str, tuple[str, ...]] = {}
    for element in order:
        found = _walk(world, element, ends.get(element, (element,)), near, ports, through, rails)
        ways[element] = tuple(other for other in order if other in found)
    for container in scene.containers:
        if container.kind in ("guest", "namespace"):
            nics = [i.id for i in scene.interfaces if i.container == container.id]
            found = {container.id}.union(*(ways[nic] for nic in nics))
            ways[container.id] = tuple(x for x in (container.id, *order) if x in found)
    return ways


def _walk(
    world: World,
    element: str,
    starts: tuple[str, ...],
    near: dict[str, list[tuple[str, str]]],
    ports: dict[str, list[str]],
    through: dict[str, tuple[str, ...]],
    rails: set[str],
) -> set[str]:
    # Where the way gets, and by which wire: None for who comes to a port out of its bridge.
    waiting: list[tuple[str, str | None]] = [(start, element) for start in starts]
    if element in world.bridges:
        waiting += [(port, None) for port in ports[element]]
    found = {element}
    been = set(waiting)
    while waiting:
        here, came = waiting.pop()
        found.add(here)
        if here in rails and here != element:
            continue  # a rail ends the way: all that hangs on it is not one path
        onwards: list[tuple[str, str | None]] = []
        for wire, there in near.get(here, ()):
            if wire != came:
                found.add(wire)
                onwards.append((there, wire))
        if here in world.ports and came is not None and element not in world.bridges:
            found.add(world.ports[here].bridge)
            onwards += [(port, None) for port in through[here]]
        waiting += [step for step in onwards if step not in been]
        been.update(onwards)
    return found


def _through(
    world: World, near: dict[str, list[tuple[str, str]]], ports: dict[str, list[str]]
) -> dict[str, tuple[str, ...]]:
    """For every port the ports of its bridge that a frame from it can leave by, as far as known.

    A bridge with access ports keeps networks apart: there only ports of one tag reach each other. A
    patch port has the tags that the bridge behind it translates to.
    """
    marks: dict[str, set[str]] = {}
    for port in world.scene.ports:
        marks[port.id] = {callout.inner for callout in world.callouts[port.id]}
        if port.tag is not None:
            marks[port.id].add(f"tag {port.tag}")
    separating = {p.bridge for p in world.scene.ports if p.tag is not None}
    for port in world.scene.ports:
        if port.bridge in separating and not marks[port.id]:
            behind = _bridge_behind(world, port.id, near)
            if behind is not None and behind not in separating:
                marks[port.id] = {c.inner for other in ports[behind] for c in world.callouts[other]}
    result: dict[str, tuple[str, ...]] = {}
    for port in world.scene.ports:
        mine = marks[port.id]
        result[port.id] = tuple(
            other
            for other in ports[port.bridge]
            if other != port.id
            and (
                mine & marks[other]
                or (port.bridge not in separating and not (mine and marks[other]))
            )
        )
    return result


def _bridge_behind(world: World, port: str, near: dict[str, list[tuple[str, str]]]) -> str | None:
    """The bridge at the other end of the interfaces behind ``port``, if that is all there is."""
    here, came = port, ""
    for _ in range(len(world.interfaces) + 1):
        onwards = [there for wire, there in near.get(here, ()) if wire != came and there != port]
        wires = [wire for wire, there in near.get(here, ()) if wire != came and there != port]
        if len(onwards) != 1:
            return None
        here, came = onwards[0], wires[0]
        if here in world.ports:
            return world.ports[here].bridge
    return None
