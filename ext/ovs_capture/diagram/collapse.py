"""Collapsing: which guests of a host are equal, and can be one box, ``instance ×40``.

Two are equal when nothing but names and addresses tells them apart: they hold the same, and hang on
ports of the same bridges with the same tags and translations. Where a host has guests in more
networks than fit beside each other, tags and translations are no difference either; namespaces of
one kind are then equal too. Does not live here: when a picture is collapsed (``crowds``), nor the
grid, which draws every guest.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from .cells import BEGINNING, Cell, Cut, Trunk, cut_host
from .merging import Group
from .scene import Container, Scene
from .slots import GAP, LABEL, NAME, TEXT_GAP, name
from .text import whole_width

ROOMS = frozenset({"guest", "namespace"})
WAY = "way"  # the mark of what a packet comes by
# Guests of a host that have another mark, beyond which they are drawn as one too.
MARKED_REACH = 60
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Equal:
    """Equal guests of a host: of each the ids of all that stands in it or leads to it alone.

    The ids of all have one order. ``rooms``: the guests' own boxes; of networks there are none.
    """

    columns: tuple[tuple[str, ...], ...]
    rooms: tuple[str, ...]

    @property
    def groups(self) -> Iterator[Group]:
        """What becomes one element each."""
        return zip(*self.columns, strict=True)


class Crowd:
    """The guests and namespaces of one host, as they can be told apart.

    ``apart``: elements that shall stand for themselves, with their mark. So does the guest that has
    them; of more such guests than fit, those are equal that have the same marks, but for ``WAY``.
    """

    def __init__(self, scene: Scene, host: str, apart: Mapping[str, str] = NOTHING) -> None:
        self.cut = cut_host(scene, host) or Cut(host, "")
        self._containers = {c.id: c for c in scene.containers}
        self._ports = {port.id: port for port in scene.ports}
        self._trunks = {trunk.key: trunk for trunk in self.cut.trunks}
        self._ends = {wire.id: wire.ends for wire in scene.wires}
        self._uses: dict[str, int] = {}
        for wire in scene.wires:
            for end in wire.ends:
                self._uses[end] = self._uses.get(end, 0) + 1
        self._bridges = {bridge.id for bridge in scene.bridges}
        self._names = {port.id: port.name for port in scene.ports}
        self._names |= {bridge.id: bridge.name for bridge in scene.bridges}
        self._names |= {interface.id: interface.name for interface in scene.interfaces}
        self._columns = {id(cell): self._column(cell) for cell in self.cut.cells}
        self._marks = {
            key: tuple(apart.get(one, "") for one in column)
            for key, column in self._columns.items()
        }
        marked = sum(map(any, self._marks.values()))
        self._cells = [c for c in self.cut.cells if self._may_be_one(self._marks[id(c)], marked)]

        self._segments = self._equal_segments(scene, apart)
        self._segment = {
            key: column[0]
            for equal in self._segments
            for column in zip(*equal.columns, strict=True)
            for key in column
        }

    def _equal_segments(self, scene: Scene, apart: Collection[str]) -> list[Equal]:
        """Networks of Linux bridges: equal where devices of one kind join them to the same NICs.

        A column is a bridge with the devices that lead up from it, or the device alone where the
        bridge has one guest and is part of its cell.
        """
        inside = {key for column in self._columns.values() for key in column}
        kinds = {i.id: i.kind for i in scene.interfaces if not i.border}
        near: dict[str, list[tuple[str, str]]] = {}
        for wire in scene.wires:
            for here, there in (wire.ends, wire.ends[::-1]):
                near.setdefault(here, []).append((there, wire.kind))
        found: dict[object, list[tuple[str, ...]]] = {}
        for end in dict.fromkeys(trunk.ends[0] for trunk in self.cut.trunks):
            above = [there for there, _ in near[end] if there not in inside]
            devices = above if end in self._bridges else [end]
            if any(key not in kinds for key in devices) or {end, *devices} & set(apart):
                continue
            leads = {
                key: str((kinds[key], sorted(n for n in near[key] if n[0] not in {end, *inside})))
                for key in devices
            }
            column = dict.fromkeys((end, *sorted(devices, key=lambda key: leads[key])))
            shape = (end in self._bridges, *sorted(leads.values()))
            found.setdefault(shape, []).append(tuple(column))
        return [Equal(tuple(columns), ()) for columns in found.values() if len(columns) > 1]

    @staticmethod
    def _may_be_one(marks: Collection[str], marked: int) -> bool:
        return not any(marks) or (marked > MARKED_REACH and WAY not in marks)

    def equal(self, *, networks: bool = False) -> list[Equal]:
        """Equal guests, at least two of each kind.

        ``networks``: whether guests are equal that only their networks tell apart, and namespaces
        too, and Linux bridges with what leads up from them.
        """
        found: dict[object, list[Cell]] = {}
        for cell in self._cells:
            kinds = {self._containers[room].kind for room in cell.rooms}
            if len(cell.rooms) == 1 and (kinds == {"guest"} or (networks and kinds <= ROOMS)):
                found.setdefault(self._shape(cell, networks=networks), []).append(cell)
        guests = [
            Equal(
                tuple(self._columns[id(cell)] for cell in group),
                tuple(cell.rooms[0] for cell in group),
            )
            for group in found.values()
            if len(group) > 1
        ]
        return [*guests, *self._segments] if networks else guests

    def count(self, groups: Sequence[Equal] = ()) -> int:
        """How many guests and namespaces there are to be drawn."""
        return len(self.cut.cells) - sum(len(e.rooms[1:]) for e in groups)

    def width(self, groups: Sequence[Equal] = ()) -> int:
        """About the px that ports ask for where every tag has its own: what a grid cannot fold."""
        gone = {key for equal in groups for column in equal.columns[1:] for key in column}
        left = (t for t in self.cut.trunks if not all(end in gone for end in t.ends))
        return sum(map(self._width, left))

    def _width(self, trunk: Trunk) -> int:
        box = self._names.get(trunk.ends[0])  # a rail has no box
        label = trunk.sample.label
        room = whole_width(name(label), LABEL) + TEXT_GAP if label else 0
        return room + GAP + (whole_width(name(box), NAME) + 20 if box else 0)

    def _shape(self, cell: Cell, *, networks: bool) -> object:
        """What a cell is but for names: equal cells have their elements in one order."""
        scene = cell.scene
        number: dict[str, object] = {key: n for n, key in enumerate(_held(scene))}

        def of(key: str | None) -> object:
            if key is None or key in number:
                return None if key is None else number[key]
            return self._place(self._trunks[key]) if networks and key in self._trunks else key

        kinds = [kind_of(c) for c in scene.containers if c.id in cell.rooms]
        return (
            self._marks[id(cell)],
            tuple(kinds) if networks else (),
            tuple((c.kind, of(c.parent), c.title if c.kind == "process" else "")
                  for c in scene.containers[1:]),
            tuple((b.kind, of(b.container)) for b in scene.bridges),
            tuple((of(p.bridge), p.tag, p.side) for p in scene.ports),
            tuple((i.kind, of(i.container), i.border) for i in scene.interfaces),
            tuple((of(c.port), c.outer, c.inner, c.direction) for c in scene.callouts),
            tuple(sorted((str(of(w.ends[0])), str(of(w.ends[1])), w.kind) for w in scene.wires)),
        )  # fmt: skip

    def _place(self, trunk: Trunk) -> object:
        """What a trunk hangs on, whatever its tag and translation."""
        end = trunk.ends[0]
        port = self._ports.get(end)
        alone = port is not None and self._uses[end] == 1
        place = port.bridge if port is not None and alone else self._segment.get(end, end)
        return (place, alone, trunk.sample.kind)

    def _column(self, cell: Cell) -> tuple[str, ...]:
        """All that a cell holds, and the ports that only it hangs on, in the order of its shape."""
        keys = _held(cell.scene)
        number = {key: n for n, key in enumerate(keys)}
        outside: list[tuple[int, str, str]] = []
        for wire in cell.scene.wires:
            if wire.ends[0] not in number and wire.ends[1] in number:
                inner = wire.ends[1]
                upper = next(end for end in self._ends[wire.id] if end != inner)
                if upper in self._ports and self._uses[upper] == 1:
                    outside.append((number[inner], wire.ends[0], upper))
        return (*keys, *(port for _, _, port in sorted(outside)))


def kind_of(container: Container) -> str:
    """What tells containers of one kind apart.

    A process is its title; how a namespace's begins tells a router's from a DHCP server's.
    """
    if container.kind == "process":
        return container.title
    if container.kind != "namespace":
        return ""
    told = container.subtitle or container.title
    begins = BEGINNING.match(told)
    return begins[1] if begins else told


def _held(scene: Scene) -> list[str]:
    """The ids of all that stands in a cell; its first container is the host around it."""
    found = [container.id for container in scene.containers[1:]]
    found += [bridge.id for bridge in scene.bridges]
    found += [port.id for port in scene.ports]
    return found + [interface.id for interface in scene.interfaces]
