"""Merging: several elements of a scene drawn as one, with what hangs on them.

Lives here: the scene in which the first of every group stands for all of it. Names that differ
become ``tap ×32``, wires that then join the same two elements are one. Does not live here: what
may be one (``collapse``, ``tunnels``, ``alike``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from .cells import bundle_name
from .scene import Address, Bridge, Callout, Container, Interface, Port, Scene, Wire

Group = Sequence[str]  # ids of one kind of element, the first stands for all
Named = TypeVar("Named", Bridge, Port, Interface)

# Translations beside one port beyond which a reader is told how many there are.
MOST_CALLOUTS = 16


def joined_groups(groups: Iterable[Group]) -> list[list[str]]:
    """Groups without a common element: those that share one are one, in the order of the first."""
    of: dict[str, list[str]] = {}
    for group in groups:
        whole: list[str] = []
        for key in group:
            for one in of.get(key, [key]):
                if of.get(one) is not whole:
                    whole.append(one)
                    of[one] = whole
    return list({id(group): group for group in of.values()}.values())


def merged(scene: Scene, groups: Sequence[Group]) -> Scene:
    """The scene with every group as one element; groups share no element."""
    if not groups:
        return scene
    first = {key: group[0] for group in groups for key in group}
    members = {group[0]: group for group in groups}
    return replace(
        scene,
        containers=_containers(scene, first, members),
        bridges=_named(scene.bridges, first, members, lambda b, _: b),
        ports=_named(scene.ports, first, members, _port),
        interfaces=_named(scene.interfaces, first, members, lambda i, _: i),
        addresses=_addresses(scene.addresses, first, members),
        callouts=tuple(_callouts(scene.callouts, first)),
        wires=tuple(_wires(scene.wires, first)),
    )


def _common(names: Sequence[str]) -> str:
    return names[0] if len(set(names)) == 1 else bundle_name(names)


def _containers(
    scene: Scene, first: Mapping[str, str], members: Mapping[str, Group]
) -> tuple[Container, ...]:
    known = {container.id: container for container in scene.containers}
    found: list[Container] = []
    for one in scene.containers:
        if first.get(one.id, one.id) != one.id:
            continue
        if one.id in members:
            one = _container(one, [known[key] for key in members[one.id]])
        found.append(one)
    return tuple(found)


def _container(one: Container, group: Sequence[Container]) -> Container:
    title = _common([each.title for each in group])
    subtitles = {each.subtitle for each in group}
    if one.kind != "namespace":
        return replace(one, title=title, subtitle=one.subtitle if len(subtitles) == 1 else None)
    # What a namespace is, its own name tells; routers may be called anything.
    own = _common([each.subtitle or each.title for each in group])
    title = own if title.startswith("×") else title
    return replace(one, title=title, subtitle=own if own != title else None)


def _named(
    elements: Sequence[Named],
    first: Mapping[str, str],
    members: Mapping[str, Group],
    more: Callable[[Named, Sequence[Named]], Named],
) -> tuple[Named, ...]:
    """``more``: what else of the first changes with its group."""
    known = {element.id: element for element in elements}
    found: list[Named] = []
    for one in elements:
        if first.get(one.id, one.id) != one.id:
            continue
        if one.id in members:
            group = [known[key] for key in members[one.id]]
            one = more(replace(one, name=_common([each.name for each in group])), group)
        found.append(one)
    return tuple(found)


def _port(port: Port, group: Sequence[Port]) -> Port:
    tags = {each.tag for each in group}
    return replace(port, tag=port.tag if len(tags) == 1 else None)


def _addresses(
    addresses: Sequence[Address], first: Mapping[str, str], members: Mapping[str, Group]
) -> tuple[Address, ...]:
    """Of merged interfaces only an address that all of them have."""
    texts: dict[str, set[str]] = {}
    for address in addresses:
        texts.setdefault(address.interface, set()).add(address.text)
    return tuple(
        address
        for address in addresses
        if first.get(address.interface, address.interface) == address.interface
        and all(address.text in texts.get(key, ()) for key in members.get(address.interface, ()))
    )


def _callouts(callouts: Sequence[Callout], first: Mapping[str, str]) -> Iterable[Callout]:
    """Of merged ports every translation once."""
    seen: set[tuple[str, str, str, str]] = set()
    for callout in callouts:
        port = first.get(callout.port, callout.port)
        told = (port, callout.outer, callout.inner, callout.direction)
        if told not in seen:
            seen.add(told)
            yield replace(callout, port=port)


def _wires(wires: Sequence[Wire], first: Mapping[str, str]) -> Iterable[Wire]:
    found: dict[tuple[frozenset[str], str], list[Wire]] = {}
    for wire in wires:
        ends = tuple(first.get(end, end) for end in wire.ends)
        if ends[0] != ends[1]:
            moved = replace(wire, ends=(ends[0], ends[1]))
            found.setdefault((frozenset(ends), wire.kind), []).append(moved)
    for same in found.values():
        labels = list(dict.fromkeys(wire.label for wire in same))
        told = [label for label in labels if label is not None]
        if len(labels) == 1:
            yield same[0]
        else:
            yield replace(same[0], label=bundle_name(told) if len(told) == len(labels) else None)


def few_callouts(scene: Scene) -> Scene:
    """Of a port with more translations than anyone reads one line: ``vxlan ×60``, ``tag ×60``."""
    lines: dict[str, list[Callout]] = {}
    for callout in scene.callouts:
        lines.setdefault(callout.port, []).append(callout)
    if all(len(mine) <= MOST_CALLOUTS for mine in lines.values()):
        return scene
    found: list[Callout] = []
    for mine in lines.values():
        found += mine if len(mine) <= MOST_CALLOUTS else [_told_as_one(mine)]
    return replace(scene, callouts=tuple(found))


def _told_as_one(callouts: Sequence[Callout]) -> Callout:
    directions = {callout.direction for callout in callouts}
    return replace(
        callouts[0],
        outer=_common(list(dict.fromkeys(callout.outer for callout in callouts))),
        inner=_common(list(dict.fromkeys(callout.inner for callout in callouts))),
        direction=callouts[0].direction if len(directions) == 1 else "both",
    )
