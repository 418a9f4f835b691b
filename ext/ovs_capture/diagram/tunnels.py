"""Tunnels: many between the same hosts as one line, many of one bridge as one box.

A *mesh* is what tunnels of one kind make of hosts, between bridges of the same names. Where it has
more tunnels than anyone follows, it is drawn as a network is: a rail that every host hangs on. Many
tunnels of one bridge that lead to the same NIC, because their far ends were not captured, become
one box. Does not live here: when that is done (``crowds``), and words.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .choice import Reason
from .merging import Group
from .networks import TUNNELS
from .scene import Omission, Rail, Scene, Wire, roots_of

# A mesh of at most so many tunnels, or of so many hosts, is drawn wire by wire.
MESH_TUNNELS, MESH_HOSTS = 6, 4
# Tunnels of one bridge to far ends that no capture shows, beyond which they are one box.
BRIDGE_TUNNELS = 12
TITLES = {"vxlan": "VXLAN", "geneve": "Geneve", "gre": "GRE"}


@dataclass(frozen=True, slots=True)
class Mesh:
    """Tunnels that one rail stands for; ``pairs``: of hosts that are joined by at least one."""

    rail: str
    title: str
    hosts: int
    tunnels: int
    pairs: int

    @property
    def full(self) -> int:
        """How many pairs of hosts there are."""
        return self.hosts * (self.hosts - 1) // 2


@dataclass(frozen=True, slots=True)
class Meshed:
    """A scene with a rail for each mesh. ``groups``: interfaces, and ports, to be drawn as one."""

    scene: Scene
    meshes: tuple[Mesh, ...] = ()
    groups: tuple[Group, ...] = ()


def meshed(scene: Scene, apart: Collection[str] = ()) -> Meshed:
    """The scene with its meshes as rails; ``apart``: elements that shall stand for themselves."""
    ends = _Ends(scene)
    names = _names_of(scene)
    meshes: list[Mesh] = []
    rails: list[Rail] = []
    moved: dict[str, list[Wire]] = {}
    groups: list[Group] = []
    told: list[Omission] = []
    for wires in _meshes(scene, ends, apart):
        hosts = {ends.root[end] for wire in wires for end in wire.ends}
        if len(wires) <= MESH_TUNNELS or len(hosts) <= MESH_HOSTS:
            continue
        rail = f"m{len(rails)}"
        pairs = {frozenset(ends.root[end] for end in wire.ends) for wire in wires}
        title = TITLES[ends.kind[wires[0].ends[0]]]
        meshes.append(Mesh(rail, title, len(hosts), len(wires), len(pairs)))
        source = tuple(dict.fromkeys(origin for wire in wires for origin in wire.source))
        rails.append(Rail(id=rail, title=title, annotation=f"×{len(wires)}", source=source))
        for wire in wires:
            one, other = wire.ends
            moved[wire.id] = [
                replace(wire, ends=(rail, one)),
                replace(wire, id=f"{wire.id} far", ends=(rail, other)),
            ]
            name = " – ".join(f"{names[ends.root[e]]} {names[e]}" for e in wire.ends)
            reason = Reason.MESH.text
            told.append(Omission(kind="tunnel", name=name, reason=reason, source=wire.source))
        of_host: dict[str, list[str]] = {}
        for key in dict.fromkeys(end for wire in wires for end in wire.ends):
            of_host.setdefault(ends.root[key], []).append(key)
        for mine in of_host.values():
            groups += ends.as_one(mine)
    if not meshes:
        return Meshed(scene)
    return Meshed(
        replace(
            scene,
            rails=(*scene.rails, *rails),
            wires=tuple(new for wire in scene.wires for new in moved.get(wire.id, [wire])),
            omitted=(*scene.omitted, *told),
        ),
        tuple(meshes),
        tuple(groups),
    )


def open_tunnels(scene: Scene, apart: Collection[str] = ()) -> list[Group]:
    """Interfaces, and ports, of many tunnels that leave one bridge by the same NIC."""
    ends = _Ends(scene)
    alike: dict[object, list[str]] = {}
    for key, kind in ends.kind.items():
        ports = ends.ports[key]
        if len(ports) == 1 and not {key, *ports} & set(apart):
            leads = sorted((wire.kind, *(set(wire.ends) - {key})) for wire in ends.near[key]
                           if not ports & set(wire.ends))  # fmt: skip
            bridge = next(iter(ends.bridges[key]))
            alike.setdefault((kind, bridge, tuple(leads)), []).append(key)
    many = (keys for keys in alike.values() if len(keys) > BRIDGE_TUNNELS)
    return [group for keys in many for group in ends.as_one(keys)]


class _Ends:
    """The tunnel interfaces of a scene: kind, outermost container, ports, and bridges by id."""

    def __init__(self, scene: Scene) -> None:
        self.root = roots_of(scene)
        self.kind = {i.id: i.kind for i in scene.interfaces if i.kind in TUNNELS}
        bridge_of = {port.id: port.bridge for port in scene.ports}
        self.near: dict[str, list[Wire]] = {key: [] for key in self.kind}
        self.ports: dict[str, set[str]] = {key: set() for key in self.kind}
        for wire in scene.wires:
            for here, there in (wire.ends, wire.ends[::-1]):
                if here in self.kind:
                    self.near[here].append(wire)
                    if there in bridge_of:
                        self.ports[here].add(there)
        self.bridges = {k: {bridge_of[port] for port in ports} for k, ports in self.ports.items()}

    def as_one(self, keys: Sequence[str]) -> Iterator[Group]:
        """Interfaces of one host, and their ports, as one of each on every bridge."""
        of_bridge: dict[tuple[str, ...], list[str]] = {}
        for key in keys:
            of_bridge.setdefault(tuple(sorted(self.bridges[key])), []).append(key)
        for bridges, mine in of_bridge.items():
            if len(bridges) < 2 and len(mine) > 1:
                yield mine
                ports = [port for key in mine for port in sorted(self.ports[key])]
                if len(set(ports)) > 1:
                    yield list(dict.fromkeys(ports))


def _meshes(scene: Scene, ends: _Ends, apart: Collection[str]) -> Iterator[list[Wire]]:
    """Wires that join hosts by tunnels of one kind between bridges of the same names."""
    names = _names_of(scene)
    alone = set(apart)
    of_kind: dict[object, list[Wire]] = {}
    for wire in scene.wires:
        one, other = wire.ends
        if one not in ends.kind or other not in ends.kind or ends.root[one] == ends.root[other]:
            continue
        if {wire.id, one, other, *ends.ports[one], *ends.ports[other]} & alone:
            continue
        bridges = {tuple(sorted(names[b] for b in ends.bridges[end])) for end in wire.ends}
        of_kind.setdefault((ends.kind[one], tuple(sorted(bridges))), []).append(wire)
    for wires in of_kind.values():
        yield from _components(wires, ends.root)


def _components(wires: Sequence[Wire], root: Mapping[str, str]) -> Iterator[list[Wire]]:
    """Wires that hang together by the hosts of their ends."""
    near: dict[str, list[Wire]] = {}
    for wire in wires:
        for end in wire.ends:
            near.setdefault(root[end], []).append(wire)
    seen: set[str] = set()
    for start in near:
        if start in seen:
            continue
        seen.add(start)
        waiting, hosts = [start], {start}
        while waiting:
            for wire in near[waiting.pop()]:
                fresh = {root[end] for end in wire.ends} - hosts
                hosts |= fresh
                waiting += sorted(fresh)
        seen |= hosts
        yield [wire for wire in wires if root[wire.ends[0]] in hosts]


def _names_of(scene: Scene) -> dict[str, str]:
    found = {container.id: container.title for container in scene.containers}
    found |= {bridge.id: bridge.name for bridge in scene.bridges}
    return found | {interface.id: interface.name for interface in scene.interfaces}
