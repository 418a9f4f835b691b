"""Alike: hosts that are built the same, and can be one box, ``compute ×200``.

Lives here: which hosts nothing but names, addresses, tags and translations tells apart. What a
scene has as one element counts as one, however many it stands for: hosts are compared when their
guests and tunnels were merged. Does not live here: when hosts are merged (``crowds``).
"""

from collections.abc import Collection, Iterator

from .collapse import Equal, kind_of
from .scene import Scene, roots_of


def alike_hosts(scene: Scene, apart: Collection[str] = ()) -> list[Equal]:
    """Hosts that are built the same, at least two of each kind.

    ``apart``: elements that shall stand for themselves, and so does the host that has them. So does
    one that a wire joins to another host: the wire would join nothing.
    """
    inside: dict[str, list[str]] = {}
    roots = roots_of(scene)
    for key, root in roots.items():
        inside.setdefault(root, []).append(key)
    alone = set(apart)
    for wire in scene.wires:
        if len({roots[end] for end in wire.ends if end in roots}) > 1:
            alone.update(wire.ends)
    colours = _Colours(scene).settled()
    found: dict[object, list[tuple[str, ...]]] = {}
    for container in scene.containers:
        mine = inside.get(container.id, [])
        if container.kind != "host" or container.parent is not None or alone.intersection(mine):
            continue
        column = tuple(sorted(mine, key=lambda key: colours[key]))  # stable: the scene's order
        found.setdefault(tuple(colours[key] for key in column), []).append(column)
    return [
        Equal(tuple(columns), tuple(roots[column[0]] for column in columns))
        for columns in found.values()
        if len(columns) > 1
    ]


class _Colours:
    """Numbers of elements, equal for those that cannot be told apart (colour refinement).

    Two elements begin with one number when they are of one kind, and keep it while all that they
    are joined to has the same numbers. A rail is itself.
    """

    def __init__(self, scene: Scene) -> None:
        self.near: dict[str, list[tuple[str, str]]] = {}
        self.numbers: dict[object, int] = {}
        self.colours = {key: self._number(kind) for key, kind in self._kinds(scene)}
        for wire in scene.wires:
            one, other = wire.ends
            self.near.setdefault(one, []).append((wire.kind, other))
            self.near.setdefault(other, []).append((wire.kind, one))
        for container in scene.containers:
            if container.parent is not None:
                self._inside(container.id, container.parent)
        for port in scene.ports:
            self._inside(port.id, port.bridge)
        for bridge in scene.bridges:
            self._inside(bridge.id, bridge.container)
        for interface in scene.interfaces:
            self._inside(interface.id, interface.container)

    def settled(self) -> dict[str, int]:
        """The numbers, when a further look tells no two elements apart."""
        count = 0
        while count < (count := len(set(self.colours.values()))):
            self.colours = {
                key: self._number((colour, *sorted(self._seen(key))))
                for key, colour in self.colours.items()
            }
        return self.colours

    def _seen(self, key: str) -> Iterator[tuple[str, int]]:
        return ((how, self.colours[there]) for how, there in self.near.get(key, ()))

    def _inside(self, one: str, around: str) -> None:
        self.near.setdefault(one, []).append(("around", around))
        self.near.setdefault(around, []).append(("inside", one))

    def _number(self, what: object) -> int:
        return self.numbers.setdefault(what, len(self.numbers))

    @staticmethod
    def _kinds(scene: Scene) -> Iterator[tuple[str, object]]:
        for container in scene.containers:
            yield container.id, (container.kind, kind_of(container))
        for bridge in scene.bridges:
            yield bridge.id, (bridge.kind, bridge.name if bridge.kind == "ovs" else "")
        for port in scene.ports:
            yield port.id, ("port", port.side)
        for interface in scene.interfaces:
            yield interface.id, (interface.kind, interface.border)
        for rail in scene.rails:
            yield rail.id, ("rail", rail.id)
