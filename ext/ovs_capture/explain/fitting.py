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
    """Slots that take every value. ``doubtful``: only the values of a flow can tell.

    ``datapath``: the slot that asks what the flow's datapath is, which the flow's kind does not
    tell either.
    """

    doubtful = False
    datapath: str | None = None

    def setdefault(self, slot: str, value: str = "") -> str:
        if slot in _DATAPATHS:
            self.datapath = _DATAPATHS[slot]
        else:
            self.doubtful |= slot in ABOUT
        self.doubtful |= self.get(slot, value) != value
        self[slot] = value
        return value


# What names.kind_of_datapath says of what fills these slots.
_DATAPATHS = {"switch": "ls", "router": "lr"}


class _Candidate(NamedTuple):
    """A shape that a kind of flows may have. ``doubtful``, ``datapath``: as of its bindings."""

    shape: Shape
    doubtful: bool
    datapath: str | None


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
    candidates: list[_Candidate] = []
    for shape in shapes_of(bridge, general.table):
        bindings = _Bindings()
        if shape.looks_like(general, bindings):
            candidates.append(_Candidate(shape, bindings.doubtful, bindings.datapath))
    asking = any(one.datapath is not None for one in candidates)
    if not asking and not any(one.doubtful for one in candidates):
        return [Fitted(flows, tuple(one.shape for one in candidates))]
    found: dict[tuple[int, ...], tuple[list[Flow], tuple[Shape, ...]]] = {}
    for flow in flows:
        kind = names.kind_of_datapath(_metadata(flow)) if asking else None
        shapes = tuple(
            one.shape
            for one in candidates
            if (one.datapath is None or one.datapath == kind)
            and (not one.doubtful or one.shape.fit(flow, names) is not None)
        )
        found.setdefault(tuple(map(id, shapes)), ([], shapes))[0].append(flow)
    return [Fitted(*one) for one in found.values()]


def _metadata(flow: Flow) -> str:
    return next((c.value or "" for c in flow.match.clauses if c.field == "metadata"), "")


@cache
def literal_of(bridge: str, table: int) -> Literal:
    """Does a shape of the table ask for a value by itself?"""
    asked = literals(bridge, table)

    def literal(name: str, value: str) -> bool:
        told = comparable(value)
        return f"{name} {told}" in asked or (" " in name and f"* {told}" in asked)

    return literal
