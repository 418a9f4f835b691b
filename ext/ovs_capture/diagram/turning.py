"""Turning: a layout with its guests on top and its rails below.

Lives here: the mirror image of a layout whose texts still read from the first line to the last. A
layout from left to right is no mirror image: every box is as wide as its name, so that rows would
have to become columns before anything is placed.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from .places import Box, CalloutBox, CalloutLine, Label, Layout

Direction = Literal["down", "up"]
DIRECTIONS: tuple[Direction, ...] = ("down", "up")

_TURNED: dict[str, Literal["up", "down", "both"]] = {"up": "down", "down": "up", "both": "both"}


def turned(layout: Layout) -> Layout:
    """The layout upside down: what hung from a rail stands on it."""
    height = layout.height
    return replace(
        layout,
        boxes=tuple(_box(box, height) for box in layout.boxes),
        rails=tuple(replace(rail, y=height - rail.y) for rail in layout.rails),
        wires=tuple(
            replace(
                wire,
                points=tuple((x, height - y) for x, y in wire.points),
                jumps=tuple(sorted((x, height - y, r) for x, y, r in wire.jumps)),
            )
            for wire in layout.wires
        ),
        dots=tuple(replace(dot, y=height - dot.y) for dot in layout.dots),
        callouts=tuple(_callout(box, height) for box in layout.callouts),
        labels=tuple(_labels(layout.labels, height)),
    )


def _box(box: Box, height: int) -> Box:
    return replace(box, y=height - box.y - box.height)


def _label(label: Label, height: int) -> Label:
    return replace(label, y=height - label.y)


def _labels(labels: tuple[Label, ...], height: int) -> Iterator[Label]:
    """A box's title stays above its subtitle."""
    pairs = ("title", "host", "subtitle")
    stacks: dict[str, list[int]] = {}
    for label in labels:
        if label.role in pairs:
            stacks.setdefault(label.owner, []).append(height - label.y)
    for label in labels:
        places = stacks.get(label.owner, []) if label.role in pairs else []
        if len(places) == 2:
            y = max(places) if label.role == "subtitle" else min(places)
            yield replace(label, y=y)
        else:
            yield _label(label, height)


def _callout(box: CalloutBox, height: int) -> CalloutBox:
    """One callout is read from its upper text to its lower, several from line to line."""
    y = height - box.y - box.height
    stacked = len(box.lines) == 1 and box.lines[0].first.y != box.lines[0].second.y
    if stacked:
        (line,) = box.lines
        first, second = _label(line.second, height), _label(line.first, height)
        turned_line = CalloutLine(
            line.owner, first, second, _TURNED[line.arrow], line.x, height - line.y
        )
        return replace(box, y=y, lines=(turned_line,))
    down = y - box.y
    lines = tuple(
        CalloutLine(
            line.owner,
            replace(line.first, y=line.first.y + down),
            replace(line.second, y=line.second.y + down),
            _TURNED[line.arrow],
            line.x,
            line.y + down,
        )
        for line in box.lines
    )
    return replace(box, y=y, lines=lines)
