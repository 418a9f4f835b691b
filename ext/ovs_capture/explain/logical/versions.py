"""Which versions of OVN may have made a listing: those whose stages stand in its tables.

The number of a stage is in no version's interface, and differs from one to the next: a listing of
all stages tells the version almost by itself.
"""

from collections.abc import Iterable

from ...logical.flow import LogicalFlow
from ...logical.stages import Layout, layouts, ranges
from ..message import Message, Series


def versions_of(flows: Iterable[LogicalFlow]) -> frozenset[str] | None:
    """The versions whose layout has every stage of the listing in its table; None when none has."""
    seen = {(flow.stage, flow.table) for flow in flows if flow.stage}
    found = [layout for layout in layouts() if seen and _has(layout, seen)]
    return frozenset(v for layout in found for v in layout.versions) or None


def _has(layout: Layout, seen: Iterable[tuple[str, int]]) -> bool:
    return all(table in _tables(layout, name) for name, table in seen)


def _tables(layout: Layout, name: str) -> tuple[int, ...]:
    """The logical tables of a stage: each pipeline counts from 0."""
    return tuple(
        place
        for stages in layout.stages.values()
        for place, one in enumerate(stages)
        if one == name
    )


def told(versions: frozenset[str] | None) -> Message:
    """Which versions, and what tells; that no version fits is said openly."""
    if versions is None:
        return Message(
            "The stages stand in the tables of no version of OVN that is known; what a register "
            "holds is told only where all versions agree."
        )
    return Message(
        "%(versions)s, told by the stages and their tables.", {"versions": spans(versions)}
    )


def spans(versions: Iterable[str]) -> Message:
    """``OVN 22.12.1 to 22.12.2 or 23.03.1 to 23.03.3``."""
    bounds = tuple(
        Message("%(first)s to %(last)s", {"first": b.first, "last": b.last})
        if b.first != b.last
        else b.first
        for b in ranges(versions)
    )
    return Message("OVN %(versions)s", {"versions": Series(bounds, "or")})
