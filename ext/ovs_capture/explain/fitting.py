"""Which shapes of an agent each flow of a dump has, told by kinds of flows, not flow by flow.

What ``Shape.fit`` says of one flow it says of all of its kind, but for two things that are asked of
each flow: whether the values of one slot are the same, and whether a port is a patch port.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from ..openflow.flow import Flow
from .agents import literals, shapes_of
from .kinds import Literal, kinds
from .names import Names
from .shapes import ABOUT, Shape, Slots, comparable


class Fitted(NamedTuple):
    """Flows of one kind that have the same shapes, in order of the dump."""

    flows: Sequence[Flow]
    shapes: tuple[Shape, ...]


class _Bindings(Slots):
    """Slots that take every value. ``doubtful``: only the values of a flow can tell."""

    doubtful = False

    def setdefault(self, slot: str, value: str = "") -> str:
        self.doubtful |= slot in ABOUT or self.get(slot, value) != value
        self[slot] = value
        return value


def fitted(bridge: str, flows: Iterable[Flow], names: Names) -> tuple[Fitted, ...]:
    """All flows with their shapes, in order of the first of each kind.

    ``bridge``: the part that it plays (``br-int``, ``br-phys`` ...).
    """
    places: dict[int, int] = {}
    by_table: dict[int, list[Flow]] = {}
    for place, flow in enumerate(flows):
        places[id(flow)] = place
        by_table.setdefault(flow.table, []).append(flow)
    found: list[Fitted] = []
    for table, of_table in by_table.items():
        for kind in kinds(of_table, literal_of(bridge, table)):
            found += _fitted(bridge, kind.flows, kind.general, names)
    return tuple(sorted(found, key=lambda one: places[id(one.flows[0])]))


def _fitted(bridge: str, flows: Sequence[Flow], general: Flow, names: Names) -> Iterable[Fitted]:
    candidates: list[tuple[Shape, bool]] = []
    for shape in shapes_of(bridge, general.table):
        bindings = _Bindings()
        if shape.looks_like(general, bindings):
            candidates.append((shape, bindings.doubtful))
    if not any(doubtful for _, doubtful in candidates):
        return [Fitted(flows, tuple(shape for shape, _ in candidates))]
    found: dict[tuple[int, ...], tuple[list[Flow], tuple[Shape, ...]]] = {}
    for flow in flows:
        shapes = tuple(
            shape
            for shape, doubtful in candidates
            if not doubtful or shape.fit(flow, names) is not None
        )
        found.setdefault(tuple(map(id, shapes)), ([], shapes))[0].append(flow)
    return [Fitted(*one) for one in found.values()]


@cache
def literal_of(bridge: str, table: int) -> Literal:
    """Does a shape of the table ask for a value by itself?"""
    asked = literals(bridge, table)

    def literal(name: str, value: str) -> bool:
        told = comparable(value)
        return f"{name} {told}" in asked or (" " in name and f"* {told}" in asked)

    return literal
