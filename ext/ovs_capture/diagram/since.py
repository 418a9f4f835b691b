"""What is new, changed or gone in a picture, against the scene of an earlier capture.

Elements are the same when they have the same name in the same place: a port by its bridge, a
bridge by its host. A changed one has another tag. The mark is an edge and a sign, never a colour
alone; a line under the picture says what it means.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..explain.message import Message
from . import describe
from .heights import MARGIN
from .places import Label, Layout
from .scene import Scene
from .slots import LABEL, Words
from .text import whole_width

SIGNS: Mapping[str, str] = {"new": "+", "changed": "~"}
LINE = 26  # px that the line under the picture takes

_Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SceneChanges:
    """``marks``: element id of the later scene to ``new`` or ``changed``; ``gone``: in words."""

    marks: tuple[tuple[str, str], ...] = ()
    gone: tuple[Message, ...] = ()


def scene_changes(before: Scene, after: Scene) -> SceneChanges:
    """What the later picture has otherwise. Two lone hosts are one host, whatever their names."""
    alone = all(sum(c.parent is None for c in s.containers) == 1 for s in (before, after))
    old = {place: (said, kind) for place, _, said, kind in _elements(before, alone=alone)}
    new = {place: (said, owner) for place, owner, said, _ in _elements(after, alone=alone)}
    marks = []
    for place, (said, owner) in new.items():
        if place not in old:
            marks.append((owner, "new"))
        elif old[place][0] != said:
            marks.append((owner, "changed"))
    gone = [
        describe.element(kind, place[-1]) for place, (_, kind) in old.items() if place not in new
    ]
    return SceneChanges(tuple(marks), tuple(gone))


def _elements(scene: Scene, *, alone: bool) -> Iterator[tuple[_Place, str, object, str]]:
    """``(place, id, what may change, kind)`` of everything that is a box."""
    containers = {container.id: container for container in scene.containers}
    bridges = {bridge.id: bridge for bridge in scene.bridges}

    def inside(container: str) -> _Place:
        found: list[str] = []
        walk: str | None = container
        while walk is not None:
            one = containers[walk]
            found.insert(0, "" if alone and one.parent is None else f"{one.kind} {one.title}")
            walk = one.parent
        return tuple(found)

    for one in scene.containers:
        if one.parent is not None:
            yield (*inside(one.parent), one.kind, one.title), one.id, None, one.kind
    for bridge in scene.bridges:
        yield (*inside(bridge.container), "bridge", bridge.name), bridge.id, bridge.kind, "bridge"
    for port in scene.ports:
        bridge = bridges[port.bridge]
        place = (*inside(bridge.container), "bridge", bridge.name, "port", port.name)
        yield place, port.id, port.tag, "port"
    for interface in scene.interfaces:
        place = (*inside(interface.container), "interface", interface.name)
        yield place, interface.id, interface.kind, interface.kind


def with_since(layout: Layout, changes: SceneChanges, words: Words) -> Layout:
    """The layout with its marks, and the line that explains them."""
    drawn = {box.owner for box in layout.boxes}
    marks = tuple(mark for mark in changes.marks if mark[0] in drawn)
    if not marks:
        return layout
    text = words(Message("+ new, ~ changed since the earlier captures"))
    line = Label("", "label", text, MARGIN, layout.height + LINE // 2 - 6, "start", LABEL)
    return replace(
        layout,
        width=max(layout.width, 2 * MARGIN + whole_width(text, LABEL)),
        height=layout.height + LINE,
        labels=(*layout.labels, line),
        since=marks,
    )
