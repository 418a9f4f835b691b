"""Crowds: when there is more than a reader can take in, equal things are drawn as one.

Lives here: from which size on a picture is folded, in which order, and what it says of it. Does not
live here: what is equal (``collapse``, ``tunnels``, ``alike``), and how it becomes one
(``merging``).

The author may ask for it (``collapse=True``) or forbid it (``False``); unasked, a picture is folded
where it would else be wider or higher than anyone scrolls.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..explain.message import Message, Param
from . import describe
from .alike import alike_hosts
from .choice import Reason
from .collapse import NOTHING, Crowd, Equal
from .describe import PICTURE
from .heights import MARGIN
from .merging import Group, few_callouts, joined_groups, merged
from .places import Label, Layout
from .rows import cut_rows
from .scene import Omission, Scene
from .slots import LABEL, Words
from .tunnels import MESH_HOSTS, Mesh, meshed, open_tunnels

# Guests of one host beyond which a grid is longer than anyone reads: some 5,000 px.
GRID_REACH = 200
# px of ports side by side, each of a network of its own, that no grid makes narrower.
WIDTH_REACH = 2400
# Hosts beyond which those built alike are one box: some 5,000 px. Where the
# author asks for it, they are so from as few on as a mesh has (``tunnels``).
HOSTS_REACH = 24
LINE = 18  # px that a line under the picture takes


@dataclass(frozen=True, slots=True)
class Collapsed:
    """A scene, and of every container that stands for several how many it stands for.

    ``says``: container or rail to what is told of it; ``notes``: lines under the picture.
    """

    scene: Scene
    stacks: Mapping[str, int] = field(default_factory=dict)
    says: Mapping[str, Message] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()


def collapsed(
    scene: Scene, collapse: bool | None = True, *, apart: Mapping[str, str] = NOTHING
) -> Collapsed:
    """The scene as it is drawn: equal guests, hosts, tunnels as one.

    ``collapse``: whether the author wants that; None where nothing is said. ``apart``: elements
    that a trace or a comparison marks, and how; they stand for themselves.
    """
    if collapse is False:
        return Collapsed(scene)
    return _Folding(scene, collapse is True, apart).done()


class _Folding:
    """One scene being folded. ``groups``: what becomes one element each."""

    def __init__(self, scene: Scene, asked: bool, apart: Mapping[str, str]) -> None:
        self.asked = asked
        self.apart = apart
        self.tunnels = meshed(scene, apart)
        self.scene = self.tunnels.scene
        self.hosts = [c.id for c in scene.containers if c.kind == "host" and c.parent is None]
        others = [c.id for c in scene.containers if c.parent is None and c.kind != "host"]
        rows = cut_rows(self.scene, [[host] for host in self.hosts], others) if self.hosts else []
        self.parts = dict(zip(self.hosts, (row.scene for row in rows), strict=True))
        self.groups: list[Group] = [*self.tunnels.groups, *open_tunnels(self.scene, apart)]

    def done(self) -> Collapsed:
        most = MESH_HOSTS if self.asked else HOSTS_REACH
        whole = {host: self._all(host) for host in self.hosts} if len(self.hosts) > most else {}
        alike = self._alike(whole.values())
        stacked = {host for equal in alike for host in equal.rooms}
        equals = [*alike]
        for host in self.hosts:
            equals += whole[host] if host in stacked else self._equal(host)
        groups = joined_groups([*self.groups, *(g for equal in equals for g in equal.groups)])
        scene = few_callouts(merged(self.scene, groups))
        count = {group[0]: len(group) for group in groups}
        rooms = {c.id for c in scene.containers if c.parent is None or c.parent in self.hosts}
        stacks = {key: n for key, n in count.items() if key in rooms}
        meshes = {mesh.rail: _of_mesh(mesh) for mesh in self.tunnels.meshes}
        return Collapsed(
            replace(scene, omitted=(*scene.omitted, *self._told(groups))),
            stacks,
            meshes | dict(self._of_stacks(stacks, groups, equals)),
            () if self.asked else tuple(_notes(self.scene, scene, stacks)),
        )

    def _alike(self, whole: Collection[list[Equal]]) -> list[Equal]:
        """Hosts built alike, when each has its guests and its tunnels as one (``whole``)."""
        if not whole:
            return []
        groups = [*self.groups, *(g for equals in whole for one in equals for g in one.groups)]
        return alike_hosts(merged(self.scene, joined_groups(groups)), self.apart)

    def _all(self, host: str) -> list[Equal]:
        return Crowd(self.parts[host], host, self.apart).equal(networks=True)

    def _equal(self, host: str) -> list[Equal]:
        """Equal guests of a host; those of all networks where there are still too many."""
        crowd = Crowd(self.parts[host], host, self.apart)
        many = crowd.count() > GRID_REACH or crowd.width() > WIDTH_REACH
        if not self.asked and not many:
            return []
        found = crowd.equal()
        if crowd.count(found) > GRID_REACH or crowd.width(found) > WIDTH_REACH:
            return crowd.equal(networks=True)
        return found

    def _of_stacks(
        self, stacks: Mapping[str, int], groups: Sequence[Group], equals: Sequence[Equal]
    ) -> Iterator[tuple[str, Message]]:
        """What a box of several says of how many it stands for.

        Nothing of equal guests of one network that the author asked for: their title has it.
        """
        containers = {c.id: c for c in self.scene.containers}
        tags = {port.id: port.tag for port in self.scene.ports if port.tag is not None}
        vlans = {
            equal.rooms[0]: max(len({tags[key] for key in g if key in tags}) for g in equal.groups)
            for equal in equals
            if equal.rooms
        }
        for first, *others in groups:
            if first in stacks:
                kind = containers[first].kind
                # A tag means something on its own host: those of several hosts cannot be counted.
                alone = len({containers[room].parent for room in (first, *others)}) == 1
                several = vlans.get(first, 0) if alone else 0
                if not (self.asked and kind == "guest" and alone and several < 2):
                    yield first, _of_stack(kind, stacks[first], several)

    def _told(self, groups: Sequence[Group]) -> Iterator[Omission]:
        """Who is in a box of several: every room by its title, every device by its name."""
        scene = self.scene
        grouped = {key for group in groups for key in group}
        for one in scene.containers:
            if one.id in grouped and one.kind != "process":
                reason = (Reason.ALIKE if one.kind == "host" else Reason.COLLAPSED).text
                yield Omission(kind="container", name=one.title, reason=reason, source=one.source)
        grouped -= {key for group in self.tunnels.groups for key in group}  # each tunnel is told
        interfaces = {interface.id: interface for interface in scene.interfaces}
        bridges = {bridge.id: bridge for bridge in scene.bridges}
        devices = interfaces | {port.id: port for port in scene.ports} | bridges
        told: set[str] = set()
        for group in groups:
            mine = [devices[key] for key in group if key in grouped and key in devices]
            if len({device.name for device in mine}) < 2:
                continue
            for device in mine:
                if device.name not in told:
                    told.add(device.name)
                    yield Omission(
                        kind="interface"
                        if device.id in interfaces
                        else "bridge"
                        if device.id in bridges
                        else "port",
                        name=device.name,
                        reason=Reason.BUNDLED.text,
                        source=device.source,
                    )


def _of_mesh(mesh: Mesh) -> Message:
    holes: dict[str, Param] = {
        "tunnels": f"{mesh.tunnels:,}",
        "hosts": f"{mesh.hosts:,}",
        "pairs": f"{mesh.pairs:,}",
        "all": f"{mesh.full:,}",
    }
    if mesh.pairs == mesh.full:
        return Message("full mesh: %(tunnels)s tunnels between %(hosts)s hosts", holes, PICTURE)
    return Message(
        "%(tunnels)s tunnels between %(hosts)s hosts (%(pairs)s of %(all)s pairs)", holes, PICTURE
    )


def _of_stack(kind: str, count: int, tags: int) -> Message:
    holes: dict[str, Param] = {"n": f"{count:,}", "vlans": f"{tags:,}"}
    if kind == "host":
        return Message("%(n)s hosts", holes, PICTURE)
    if kind == "namespace":
        return Message("%(n)s namespaces", holes, PICTURE)
    if tags > 1:
        return Message("%(n)s guests in %(vlans)s VLANs", holes, PICTURE)
    return Message("%(n)s guests", holes, PICTURE)


def _notes(before: Scene, after: Scene, stacks: Collection[str]) -> Iterator[Message]:
    """That and how much a picture was folded of itself."""
    folded = {container.kind for container in after.containers if container.id in stacks}
    for kind in ("host", "guest", "namespace"):
        if kind in folded:
            counts = [sum(c.kind == kind for c in s.containers) for s in (before, after)]
            yield _note(kind, f"{counts[0]:,}", f"{counts[1]:,}")


def _note(kind: str, count: str, boxes: str) -> Message:
    holes: dict[str, Param] = {"n": count, "boxes": boxes}
    if kind == "host":
        return Message(
            "Hosts built alike are drawn as one box (hosts: %(n)s, boxes: %(boxes)s).",
            holes,
            PICTURE,
        )
    if kind == "guest":
        return Message(
            "Equal guests are drawn as one box (guests: %(n)s, boxes: %(boxes)s).", holes, PICTURE
        )
    return Message(
        "Equal namespaces are drawn as one box (namespaces: %(n)s, boxes: %(boxes)s).",
        holes,
        PICTURE,
    )


def said(found: Collapsed, words: Words) -> Scene:
    """The folded scene with what its boxes and lines say of themselves."""
    scene = found.scene
    texts = {key: words(message) for key, message in found.says.items()}
    return replace(
        scene,
        containers=tuple(
            replace(c, subtitle=texts[c.id]) if c.id in texts else c for c in scene.containers
        ),
        rails=tuple(
            replace(r, annotation=texts[r.id]) if r.id in texts else r for r in scene.rails
        ),
    )


def standing_for_several(scene: Scene, stacks: Collection[str]) -> frozenset[str]:
    """The elements that are no single thing: containers of ``stacks`` and all that they hold."""
    around: dict[str, str | None] = {c.id: c.parent for c in scene.containers}
    around |= {bridge.id: bridge.container for bridge in scene.bridges}
    around |= {interface.id: interface.container for interface in scene.interfaces}
    around |= {port.id: port.bridge for port in scene.ports}
    found = set(stacks)
    for start in around:
        chain: list[str] = []
        here: str | None = start
        while here is not None and here not in found:
            chain.append(here)
            here = around[here]
        if here is not None:
            found.update(chain)
    return frozenset(found)


def with_notes(layout: Layout, found: Collapsed, words: Words) -> Layout:
    """The layout with the lines that say how it was folded, under everything else.

    What a rail says of itself is drawn there, and told to those who do not see it.
    """
    texts = tuple(words(note) for note in found.notes)
    rails = (rail for rail in found.scene.rails if rail.id in found.says)
    told = tuple(words(describe.told(rail.title, found.says[rail.id])) for rail in rails)
    lines = [
        Label("", "subtitle", text, MARGIN, layout.height + LINE * n, "start", LABEL)
        for n, text in enumerate(texts)
    ]
    return replace(
        layout,
        width=max([layout.width, *(2 * MARGIN + line.width for line in lines)]),
        height=layout.height + LINE * len(lines),
        labels=(*layout.labels, *lines),
        notes=(*told, *texts),
    )
