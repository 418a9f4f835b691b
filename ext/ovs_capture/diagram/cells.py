"""Cells: what a host with many guests is cut into, and what is left above.

Lives here: the first half of step 9 of the layout. A *cell* is a guest or namespace with what
leads up from it, as far as the first thing that others hang on too (a port, a NIC, a bridge). A
*trunk* is what several cells hang on alike: the ports of one bridge with one tag and one
translation, drawn as one box ``tap ×32``. The *upper* scene has one box in place of all cells, with
one NIC for each trunk. Does not live here: coordinates (``grid``).
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .scene import Container, Interface, Port, Rail, Scene, Wire
from .slots import GAP, NAME, TEXT_GAP, TITLE, name, title
from .text import whole_width

WIDEST_ROW = 1500  # px of guests in one row
FEWEST = 5  # guests, below which a grid is no gain
UPPER = frozenset({"nic", "bond", "vlan", "vxlan", "geneve", "gre", "patch"})


# Neutron names a device by two or three letters and the beginning of a UUID, which is hex.
BEGINNING = re.compile(r"([^\W\d_]+?)(?:-?[0-9a-f]{8}-[0-9a-f]{2}$|(?![^\W\d_]))")


@dataclass(slots=True, eq=False)
class Cell:
    """A guest with what leads up from it: a scene of its own, its trunks in place of rails."""

    scene: Scene
    trunks: list[int]
    rooms: tuple[str, ...]
    order: tuple[int, ...] = ()


@dataclass(slots=True, eq=False)
class Trunk:
    """What cells hang on. ``ends`` are the ids that it stands for, ``wires`` those that it holds.

    ``key`` is the id of its NIC on the box of all cells, and of its rail in a cell.
    """

    key: str
    mark: tuple[object, ...]
    sample: Wire
    ends: list[str] = field(default_factory=list)
    wires: list[str] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Cut:
    """A host that is cut: ``box`` is the id of the box that stands for all its cells."""

    host: str
    box: str
    cells: list[Cell] = field(default_factory=list)
    trunks: list[Trunk] = field(default_factory=list)


def cut_hosts(scene: Scene) -> list[Cut]:
    """Every host whose guests would not fit in one row, cut into cells.

    A guest that is wired to another host's is no cell: such a host stays whole.
    """
    wide = [c.id for c in scene.containers if c.parent is None and _too_wide(scene, c.id)]
    cutters = [_Cutter(scene, host) for host in wide]
    return [cutter.cut() for cutter in cutters if cutter.stands_alone()]


def cut_host(scene: Scene, host: str) -> Cut | None:
    """One host cut into cells however wide it is; None for one that stays whole."""
    cutter = _Cutter(scene, host)
    return cutter.cut() if cutter.stands_alone() else None


def _too_wide(scene: Scene, host: str) -> bool:
    rooms = {c.id: _width(c) for c in scene.containers if c.parent == host}
    if len(rooms) < FEWEST:
        return False
    nics = {i.id: i for i in scene.interfaces if i.container in rooms and i.border}
    addresses: dict[str, int] = {}
    for address in scene.addresses:
        width = TEXT_GAP + whole_width(name(address.text), NAME)
        addresses[address.interface] = max(width, addresses.get(address.interface, 0))
    total = dict.fromkeys(rooms, GAP)
    for nic in nics.values():
        box = max(44, whole_width(name(nic.name), NAME) + 20)
        total[nic.container] += box + addresses.get(nic.id, 0) + GAP
    return sum(max(rooms[room], total[room]) + 18 for room in rooms) > WIDEST_ROW


def _width(container: Container) -> int:
    return whole_width(title(container.title, TITLE), TITLE) + 2 * GAP


class _Cutter:
    def __init__(self, scene: Scene, host: str) -> None:
        self.scene = scene
        self.host = host
        self.room = _rooms(scene, host)
        self.ports = {port.id: port for port in scene.ports}
        self.containers = {b.id: b.container for b in scene.bridges}
        self.containers |= {i.id: i.container for i in scene.interfaces}
        self.containers |= {p.id: self.containers[p.bridge] for p in scene.ports}
        self.near: dict[str, list[Wire]] = {}
        for wire in scene.wires:
            for end in wire.ends:
                self.near.setdefault(end, []).append(wire)
        self.callouts: dict[str, list[tuple[str, str, str]]] = {}
        for callout in scene.callouts:
            told = (callout.outer, callout.inner, callout.direction)
            self.callouts.setdefault(callout.port, []).append(told)
        self.stems = self._stems()

    def _stems(self) -> set[str]:
        """What may lead to one guest only: free devices, and Linux bridges of two wires (qbr)."""
        found = {
            i.id
            for i in self.scene.interfaces
            if i.container == self.host and not i.border and i.kind not in UPPER
        }
        found |= {
            b.id
            for b in self.scene.bridges
            if b.container == self.host and b.kind == "linux" and len(self.near.get(b.id, ())) < 3
        }
        return found

    def _part(self, end: str) -> str | None:
        """The guest of the host that ``end`` lies in, or the stem that it is."""
        inside = self.room.get(self.containers.get(end, ""))
        return inside if inside is not None else end if end in self.stems else None

    def stands_alone(self) -> bool:
        """Whether what is in cells has wires within its host and to rails only."""
        elsewhere = {c.id for c in self.scene.containers} - self.room.keys() - {self.host}
        for wire in self.scene.wires:
            ends = wire.ends
            if any(self._part(end) is not None for end in ends) and any(
                self.containers.get(end) in elsewhere for end in ends
            ):
                return False
        return True

    def cut(self) -> Cut:
        result = Cut(self.host, f"{self.host} cells")
        groups = self._groups()
        trunks: dict[tuple[object, ...], Trunk] = {}
        owners: dict[str, int] = {}
        inside: list[list[Wire]] = [[] for _ in groups]
        above: list[list[tuple[Wire, int]]] = [[] for _ in groups]
        for n, parts in enumerate(groups):
            owners |= dict.fromkeys(parts, n)
        for wire in self.scene.wires:
            cells = [owners.get(self._part(end) or "") for end in wire.ends]
            if cells[0] is None and cells[1] is None:
                continue
            if cells[0] == cells[1] and cells[0] is not None:
                inside[cells[0]].append(wire)
                continue
            upper = 0 if cells[0] is None else 1
            cell = cells[1 - upper]
            assert cell is not None
            mark = self._mark(wire, wire.ends[upper])
            if mark not in trunks:
                key = f"{self.host} trunk {len(trunks)}"
                trunks[mark] = Trunk(key, mark, wire)
            trunk = trunks[mark]
            trunk.wires.append(wire.id)
            if wire.ends[upper] not in trunk.ends:
                trunk.ends.append(wire.ends[upper])
            if cell not in trunk.cells:
                trunk.cells.append(cell)
            above[cell].append((replace(wire, ends=(trunk.key, wire.ends[1 - upper])), 0))
        result.trunks = list(trunks.values())
        number = {trunk.key: n for n, trunk in enumerate(result.trunks)}
        elements = _Elements(self.scene, self._owner_of(owners))
        for n, parts in enumerate(groups):
            wires = [wire for wire, _ in above[n]]
            used = sorted({number[wire.ends[0]] for wire in wires})
            rails = tuple(Rail(id=result.trunks[t].key, title="") for t in used)
            bare = tuple(replace(wire, label=None) for wire in wires)
            scene = elements.scene(n, self.host, rails, (*inside[n], *bare))
            rooms = tuple(part for part in parts if part not in self.stems)
            result.cells.append(Cell(scene, used, rooms))
        return result

    def _owner_of(self, owners: dict[str, int]) -> dict[str, int]:
        """The cell of every container, bridge and interface that is in one."""
        found = {c: owners[room] for c, room in self.room.items()}
        for element, container in self.containers.items():
            if container in found:
                found[element] = found[container]
            elif element in owners:
                found[element] = owners[element]
        return found

    def _groups(self) -> list[list[str]]:
        """Guests and the stems that hang together with them, in the order of the guests."""
        near: dict[str, list[str]] = {}
        for wire in self.scene.wires:
            a, b = (self._part(end) for end in wire.ends)
            if a is not None and b is not None and a != b:
                near.setdefault(a, []).append(b)
                near.setdefault(b, []).append(a)
        groups: list[list[str]] = []
        seen: set[str] = set()
        for container in self.scene.containers:
            if container.parent != self.host or container.id in seen:
                continue
            seen.add(container.id)
            group, waiting = [], [container.id]
            while waiting:
                here = waiting.pop()
                group.append(here)
                for there in near.get(here, ()):
                    if there not in seen:
                        seen.add(there)
                        waiting.append(there)
            groups.append(group)
        return groups

    def _mark(self, wire: Wire, end: str) -> tuple[object, ...]:
        """Equal for wires that one trunk can stand for."""
        port = self.ports.get(end)
        if port is None or len(self.near[end]) != 1:
            return (end, wire.kind, wire.label)
        told = tuple(self.callouts.get(end, ()))
        return (port.bridge, port.tag, told, wire.kind, wire.label)


class _Elements:
    """The elements of a scene by the cell that they are in."""

    def __init__(self, scene: Scene, owner: dict[str, int]) -> None:
        self.fields: dict[int, dict[str, list[object]]] = {}
        holders = {port.id: owner[port.bridge] for port in scene.ports if port.bridge in owner}
        for kind, elements, place in (
            ("containers", scene.containers, [c.id for c in scene.containers]),
            ("bridges", scene.bridges, [b.id for b in scene.bridges]),
            ("ports", scene.ports, [p.bridge for p in scene.ports]),
            ("interfaces", scene.interfaces, [i.id for i in scene.interfaces]),
            ("addresses", scene.addresses, [a.interface for a in scene.addresses]),
        ):
            for element, key in zip(elements, place, strict=True):
                if key in owner:
                    mine = self.fields.setdefault(owner[key], {})
                    mine.setdefault(kind, []).append(element)
        for callout in scene.callouts:
            if callout.port in holders:
                mine = self.fields.setdefault(holders[callout.port], {})
                mine.setdefault("callouts", []).append(callout)

    def scene(self, n: int, host: str, rails: tuple[Rail, ...], wires: tuple[Wire, ...]) -> Scene:
        fields = {kind: tuple(found) for kind, found in self.fields.get(n, {}).items()}
        around = Container(id=host, kind="host", title="")
        containers = (around, *fields.pop("containers", ()))
        return Scene(containers=containers, rails=rails, wires=wires, **fields)  # type: ignore[arg-type]  # by field name


def _rooms(scene: Scene, host: str) -> dict[str, str]:
    """For every container inside the host that child of the host in which it lies."""
    parents = {c.id: c.parent for c in scene.containers}
    found: dict[str, str] = {}
    for start in parents:
        chain = [start]
        while (parent := parents[chain[-1]]) is not None and parent not in chain:
            chain.append(parent)
        if chain[-1] == host and len(chain) > 1:
            found[start] = chain[-2]
    return found


def bundle_name(names: Iterable[str]) -> str:
    """What a box that stands for several ports is called: the beginning of most, and how many.

    >>> bundle_name(["tap1", "tap2", "qr-3"])
    'tap ×3'
    """
    found = [match[1] if (match := BEGINNING.match(one)) else "" for one in names]
    commonest, count = Counter(found).most_common(1)[0]
    most = name(commonest) if commonest and 2 * count > len(found) else ""
    return f"{most} ×{len(found)}".strip()


def upper_scene(scene: Scene, cuts: list[Cut], orders: list[list[int]]) -> Scene:
    """The scene with one box in place of all cells of a host.

    ``orders``: for every cut its trunks as their ports shall stand, from left to right.
    """
    gone: set[str] = set()
    merged: dict[str, Port] = {}
    boxes: list[Container] = []
    nics: list[Interface] = []
    wires: list[Wire] = []
    front: dict[str, None] = {}
    ports = {port.id: port for port in scene.ports}
    for cut, order in zip(cuts, orders, strict=True):
        boxes.append(Container(id=cut.box, kind="guest", title="", parent=cut.host))
        for cell in cut.cells:
            for elements in (cell.scene.bridges, cell.scene.ports, cell.scene.interfaces):
                gone |= {element.id for element in elements}
            gone |= {c.id for c in cell.scene.containers if c.id != cut.host}
            gone |= {wire.id for wire in cell.scene.wires}
        for n in order:
            trunk = cut.trunks[n]
            nics.append(
                Interface(id=trunk.key, kind="guest-nic", name="", container=cut.box, border=True)
            )
            first = trunk.ends[0]
            if len(trunk.ends) > 1:
                gone |= set(trunk.ends[1:])
                shown = bundle_name(ports[end].name for end in trunk.ends)
                merged[first] = replace(ports[first], name=shown)
            if first in ports:
                front[first] = None
            kind, label = trunk.sample.kind, trunk.sample.label
            wires.append(
                Wire(id=f"{trunk.key} wire", ends=(first, trunk.key), kind=kind, label=label)
            )
    left = {port.id: merged.get(port.id, port) for port in scene.ports if port.id not in gone}
    ordered = [left[key] for key in front] + [p for p in left.values() if p.id not in front]
    return replace(
        scene,
        containers=(*(c for c in scene.containers if c.id not in gone), *boxes),
        bridges=tuple(b for b in scene.bridges if b.id not in gone),
        ports=tuple(ordered),
        interfaces=(*(i for i in scene.interfaces if i.id not in gone), *nics),
        addresses=tuple(a for a in scene.addresses if a.interface not in gone),
        callouts=tuple(c for c in scene.callouts if c.port not in gone),
        wires=(*(w for w in scene.wires if w.id not in gone), *wires),
    )
