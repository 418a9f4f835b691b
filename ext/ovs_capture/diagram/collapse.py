"""Collapsing: equal guests of a host as one box, ``instance ×40``.

Lives here: which guests are equal, and the scene in which the first of them stands for all. Two are
equal when nothing but names and addresses tells them apart: they hold the same, and hang on ports
of the same bridges with the same tags and translations. Does not live here: the grid, which draws
every guest and is what an author gets who asks for nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .cells import Cell, bundle_name, cut_host
from .choice import Reason
from .scene import Address, Container, Omission, Scene

# Guests of one host beyond which a grid is longer than anyone reads: some 5,000 px.
GRID_REACH = 200


@dataclass(frozen=True, slots=True)
class Collapsed:
    """A scene, and of every container that stands for several how many it stands for."""

    scene: Scene
    stacks: Mapping[str, int] = field(default_factory=dict)


def collapsed(scene: Scene, *, beyond: int = 1) -> Collapsed:
    """The scene with equal guests drawn as one, on hosts with more than ``beyond`` guests."""
    guests = {
        host.id: sum(1 for c in scene.containers if c.parent == host.id and c.kind == "guest")
        for host in scene.containers
        if host.parent is None
    }
    stacks: dict[str, int] = {}
    for host, count in guests.items():
        if count > beyond:
            for group in _groups(scene, host):
                scene = _merged(scene, group)
                stacks[group[0].rooms[0]] = len(group)
    return Collapsed(scene, stacks)


def _groups(scene: Scene, host: str) -> Iterator[list[Cell]]:
    """Equal guests, at least two of each kind."""
    cut = cut_host(scene, host)
    kinds = {container.id: container.kind for container in scene.containers}
    found: dict[object, list[Cell]] = {}
    for cell in cut.cells if cut is not None else ():
        if len(cell.rooms) == 1 and kinds[cell.rooms[0]] == "guest":
            found.setdefault(_shape(cell), []).append(cell)
    yield from (group for group in found.values() if len(group) > 1)


def _shape(cell: Cell) -> object:
    """What a cell is but for names: equal cells have their elements in one order."""
    scene = cell.scene
    number: dict[str, int | str] = {key: n for n, key in enumerate(_held(scene))}

    def of(key: str | None) -> int | str | None:
        return None if key is None else number.get(key, key)  # what lies outside is itself

    return (
        tuple((c.kind, of(c.parent), c.title if c.kind == "process" else "")
              for c in scene.containers[1:]),
        tuple((b.kind, of(b.container)) for b in scene.bridges),
        tuple((of(p.bridge), p.tag, p.side) for p in scene.ports),
        tuple((i.kind, of(i.container), i.border) for i in scene.interfaces),
        tuple((of(c.port), c.outer, c.inner, c.direction) for c in scene.callouts),
        tuple(sorted((str(of(w.ends[0])), str(of(w.ends[1])), w.kind) for w in scene.wires)),
    )  # fmt: skip


def _merged(scene: Scene, group: Sequence[Cell]) -> Scene:
    """The scene in which the first cell of ``group`` stands for all."""
    columns = [_columns(scene, cell) for cell in group]
    gone = {key for column in columns[1:] for key in column}
    gone |= {wire.id for cell in group[1:] for wire in cell.scene.wires}
    together = {first: keys for first, *keys in zip(*columns, strict=True)}
    names = {bridge.id: bridge.name for bridge in scene.bridges}
    names |= {port.id: port.name for port in scene.ports}
    names |= {interface.id: interface.name for interface in scene.interfaces}
    titles = {container.id: container.title for container in scene.containers}
    texts = _texts(scene.addresses)

    def named(key: str, known: Mapping[str, str]) -> str:
        mine = [known[key], *(known[other] for other in together.get(key, ()))]
        return mine[0] if len(set(mine)) == 1 else bundle_name(mine)

    def container(one: Container) -> Container:
        if one.id not in together:
            return one
        return replace(one, title=named(one.id, titles), subtitle=None)

    def kept_address(address: Address) -> bool:
        others = together.get(address.interface, ())
        return address.interface not in gone and all(
            address.text in texts.get(other, ()) for other in others
        )

    shown = {key: named(key, names) for key in names if key not in gone}
    rooms = {room for cell in group for room in cell.rooms}
    return replace(
        scene,
        containers=tuple(container(c) for c in scene.containers if c.id not in gone),
        bridges=tuple(replace(b, name=shown[b.id]) for b in scene.bridges if b.id in shown),
        ports=tuple(replace(p, name=shown[p.id]) for p in scene.ports if p.id in shown),
        interfaces=tuple(replace(i, name=shown[i.id]) for i in scene.interfaces if i.id in shown),
        addresses=tuple(a for a in scene.addresses if kept_address(a)),
        callouts=tuple(c for c in scene.callouts if c.port not in gone),
        wires=tuple(w for w in scene.wires if w.id not in gone),
        omitted=(*scene.omitted, *(_told(c) for c in scene.containers if c.id in rooms)),
    )


def _columns(scene: Scene, cell: Cell) -> list[str]:
    """All that a cell holds, and the ports that only it hangs on, in the order of its shape."""
    own = cell.scene
    keys = _held(own)
    number = {key: n for n, key in enumerate(keys)}
    ends = {wire.id: wire.ends for wire in scene.wires}
    uses: dict[str, int] = {}
    for wire in scene.wires:
        for end in wire.ends:
            uses[end] = uses.get(end, 0) + 1
    ports = {port.id for port in scene.ports}
    outside: list[tuple[tuple[str, str], str]] = []
    for wire in own.wires:
        if wire.ends[0] not in number and wire.ends[1] in number:
            inner = wire.ends[1]
            upper = next(end for end in ends[wire.id] if end != inner)
            if upper in ports and uses[upper] == 1:
                outside.append(((wire.ends[0], str(number[inner])), upper))
    return keys + [port for _, port in sorted(outside)]


def _held(scene: Scene) -> list[str]:
    """The ids of all that stands in a cell; its first container is the host around it."""
    found = [container.id for container in scene.containers[1:]]
    found += [bridge.id for bridge in scene.bridges]
    found += [port.id for port in scene.ports]
    return found + [interface.id for interface in scene.interfaces]


def _texts(addresses: Sequence[Address]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for address in addresses:
        found.setdefault(address.interface, set()).add(address.text)
    return found


def _told(guest: Container) -> Omission:
    reason = Reason.COLLAPSED.text
    return Omission(kind="container", name=guest.title, reason=reason, source=guest.source)
