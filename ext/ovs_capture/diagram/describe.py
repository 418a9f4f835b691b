"""Describe: a picture in words, for those who do not see it.

Lives here: the accessible title and description of a scene, and what each element is called. All
are messages; nothing here is in a language.
"""

from collections.abc import Sequence

from ..explain.message import Message, Param, Series
from .scene import Container, Scene, roots_of

PICTURE = "picture"  # the gettext context of all messages of this room
NOTHING = Message("The captures show nothing to draw.", {}, PICTURE)


def title(scene: Scene) -> Message:
    """What the picture shows, in one short phrase."""
    hosts = [c.title for c in scene.containers if c.kind == "host"]
    if not hosts:
        return Message("Network picture", {}, PICTURE)
    return Message("Network of %(hosts)s", {"hosts": Series(tuple(hosts))}, PICTURE)


def description(scene: Scene) -> Param:
    """What each host holds, and which networks it hangs on."""
    contents = _Contents(scene)
    sentences: list[Message] = [_host(contents, c) for c in scene.containers if c.parent is None]
    if scene.rails:
        rails: tuple[Param, ...] = tuple(rail.title for rail in scene.rails)
        sentences.append(
            Message("Network %(name)s.", {"name": rails[0]}, PICTURE)
            if len(rails) == 1
            else Message("Networks %(names)s.", {"names": Series(rails)}, PICTURE)
        )
    # Not one in the other: there may be hundreds of hosts.
    return Series(tuple(sentences), "sentences") if sentences else NOTHING


def whole(scene: Scene, notes: Sequence[str]) -> Series:
    """The description of a picture with what it says of how it was folded (``Layout.notes``)."""
    return Series((description(scene), *notes), "sentences")


class _Contents:
    """Names in the order of the scene, by the outermost container; of NICs those on its border."""

    def __init__(self, scene: Scene) -> None:
        self.nics: dict[str, list[str]] = {}
        self.bridges: dict[str, list[str]] = {}
        self.guests: dict[str, list[str]] = {}
        self.spaces: dict[str, list[str]] = {}
        root = roots_of(scene)
        for interface in scene.interfaces:
            if interface.border:
                self.nics.setdefault(interface.container, []).append(interface.name)
        for bridge in scene.bridges:
            self.bridges.setdefault(root[bridge.id], []).append(bridge.name)
        kinds = {"guest": self.guests, "namespace": self.spaces}
        for container in scene.containers:
            if container.kind in kinds:
                kinds[container.kind].setdefault(root[container.id], []).append(container.title)


def _host(contents: _Contents, host: Container) -> Message:
    nics = contents.nics.get(host.id, [])
    bridges = contents.bridges.get(host.id, [])
    guests = contents.guests.get(host.id, [])
    spaces = contents.spaces.get(host.id, [])
    parts: list[Param] = []
    if len(nics) == 1:
        parts.append(Message("NIC %(name)s", {"name": nics[0]}, PICTURE))
    elif nics:
        parts.append(
            Message(
                "%(n)s NICs (%(names)s)",
                {"n": len(nics), "names": Series(tuple(nics), "plain")},
                PICTURE,
            )
        )
    if len(bridges) == 1:
        parts.append(Message("bridge %(name)s", {"name": bridges[0]}, PICTURE))
    elif bridges:
        parts.append(Message("bridges %(names)s", {"names": Series(tuple(bridges))}, PICTURE))
    if len(guests) == 1:
        parts.append(Message("guest %(name)s", {"name": guests[0]}, PICTURE))
    elif guests:
        parts.append(Message("guests %(names)s", {"names": Series(tuple(guests))}, PICTURE))
    if len(spaces) == 1:
        parts.append(Message("namespace %(name)s", {"name": spaces[0]}, PICTURE))
    elif spaces:
        parts.append(Message("namespaces %(names)s", {"names": Series(tuple(spaces))}, PICTURE))
    if not parts:
        return Message("%(host)s.", {"host": host.title}, PICTURE)
    return told(host.title, Series(tuple(parts), "plain"))


def told(name: str, what: Param) -> Message:
    """A sentence that tells of one element what it is or holds."""
    return Message("%(host)s: %(parts)s.", {"host": name, "parts": what}, PICTURE)


def element(kind: str, name: str) -> Message:
    """What an element is, with its name. ``kind`` as in the scene; ``ovs``, ``linux``: a bridge."""
    hole = {"name": name}
    match kind:
        case "host":
            return Message("host %(name)s", hole, PICTURE)
        case "guest":
            return Message("guest %(name)s", hole, PICTURE)
        case "namespace":
            return Message("namespace %(name)s", hole, PICTURE)
        case "process":
            return Message("process %(name)s", hole, PICTURE)
        case "cloud":
            return Message("gateway %(name)s", hole, PICTURE)
        case "ovs":
            return Message("OVS bridge %(name)s", hole, PICTURE)
        case "linux":
            return Message("Linux bridge %(name)s", hole, PICTURE)
        case "port":
            return Message("OVS port %(name)s", hole, PICTURE)
        case "nic":
            return Message("NIC %(name)s", hole, PICTURE)
        case "guest-nic":
            return Message("guest NIC %(name)s", hole, PICTURE)
        case "patch":
            return Message("patch interface %(name)s", hole, PICTURE)
        case "tap":
            return Message("TAP device %(name)s", hole, PICTURE)
        case "veth":
            return Message("veth device %(name)s", hole, PICTURE)
        case "vlan":
            return Message("VLAN device %(name)s", hole, PICTURE)
        case "bond":
            return Message("bond %(name)s", hole, PICTURE)
        case "vxlan" | "geneve" | "gre":
            return Message("tunnel interface %(name)s", hole, PICTURE)
        case "internal":
            return Message("internal port %(name)s", hole, PICTURE)
        case "rail":
            return Message("network %(name)s", hole, PICTURE)
        case _:
            return Message("interface %(name)s", hole, PICTURE)
