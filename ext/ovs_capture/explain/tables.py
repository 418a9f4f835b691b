"""A dump as sections: one for each table, with its flows, highest priority first.

Lives here: what a flows page and ``ovs-capture flows`` show, as messages and numbers. Flows that no
packet matched collapse in their place, because the order of priorities is meaning.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from ..openflow.flow import Flow
from ..openflow.graph import EdgeKind, EndKind, TableGraph, ends, targets
from . import flows as readings
from .agents import tables_of
from .groups import Column, Told, shared
from .kinds import form_of, is_hole, kinds
from .message import Message, Param, Ref, Series
from .names import Names
from .ovn.origin import origin
from .pipeline import Pipeline
from .purpose import Purpose, first_suiting, purpose
from .shapes import Shape, Table


class Way(NamedTuple):
    """Where packets come from or go to: a table by an edge, or an end.

    ``port``: of an output, as printed. ``packets`` None: not counted in the dump.
    """

    kind: EdgeKind | EndKind
    table: int | None = None
    port: str | None = None
    packets: int | None = None


@dataclass(frozen=True)
class FlowRow:
    """A flow and what it does and is for. ``share``: of its table's packets, 0 to 1."""

    flow: Flow
    reading: Message
    purpose: Purpose | None
    ways: tuple[Way, ...]
    share: float | None


@dataclass(frozen=True)
class FlowGroup:
    """Flows of one table and priority that differ in values only, and are there for one reason.

    ``flows``: in order of the dump, as are the values of each of ``columns``. ``ways``: of all of
    them; an output to ports that differ has no port. ``packets``, ``bytes``: of all, None when the
    dump does not count.
    """

    flows: tuple[Flow, ...]
    reading: Message
    purpose: Purpose | None
    ways: tuple[Way, ...]
    columns: tuple[Column, ...]
    packets: int | None
    bytes: int | None
    share: float | None

    @property
    def flow(self) -> Flow:
        """The first: table and priority are those of all."""
        return self.flows[0]


@dataclass(frozen=True)
class IdleRun:
    """Flows one after another that no packet matched. ``priorities``: highest and lowest."""

    rows: tuple[FlowRow | FlowGroup, ...]
    priorities: tuple[int, int]
    short: Series


Row = FlowRow | FlowGroup | IdleRun


@dataclass(frozen=True)
class TableSection:
    """One table. ``role``, ``constant``, ``lead`` None: the pipeline or the table is not known.

    ``name``: as the dump names the table. ``origins``: tables that send here. ``matched``: flows
    that packets matched. ``packets``, ``bytes``: None when the dump does not count.
    """

    number: int
    name: str | None
    role: Message | None
    constant: str | None
    lead: Message | None
    origins: tuple[Way, ...]
    destinations: tuple[Way, ...]
    reached: bool
    flows: int
    matched: int
    packets: int | None
    bytes: int | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Totals:
    """Of a whole dump. ``packets``: received by the bridge, those that table 0 counted."""

    flows: int
    tables: int
    matched: int
    packets: int | None
    bytes: int | None


def totals(flows: Iterable[Flow]) -> Totals:
    flows = tuple(flows)
    first = [flow for flow in flows if flow.table == 0]
    return Totals(
        flows=len(flows),
        tables=len({flow.table for flow in flows}),
        matched=sum(1 for flow in flows if flow.n_packets),
        packets=_sum(flow.n_packets for flow in first),
        bytes=_sum(flow.n_bytes for flow in first),
    )


def sections(
    flows: Iterable[Flow],
    pipeline: Pipeline | None,
    names: Names,
    graph: TableGraph,
    *,
    grouped: bool = False,
    chosen: Container[int] | None = None,
) -> tuple[TableSection, ...]:
    """One section for each table that has flows, in order of their numbers.

    ``grouped``: flows of one shape are one row. ``chosen``: places of the flows that have rows,
    None for all; what a section counts, it counts in all flows.
    """
    flows = tuple(flows)
    by_table: dict[int, list[Flow]] = {}
    for flow in flows:
        by_table.setdefault(flow.table, []).append(flow)
    told = flows
    if chosen is not None:
        told = tuple(flow for place, flow in enumerate(flows) if place in chosen)
    groups: dict[int, list[Group]] = {}
    words = Told()
    for group in groups_of(told, pipeline, names) if grouped else (Group((f,), None) for f in told):
        groups.setdefault(group.flows[0].table, []).append(group)
    return tuple(
        _section(number, found, groups.get(number, ()), pipeline, names, graph, words)
        for number, found in sorted(by_table.items())
    )


class Group(NamedTuple):
    """Flows of one shape in order of the dump, and why the agent installs them."""

    flows: Sequence[Flow]
    shape: Shape | None


def groups_of(flows: Sequence[Flow], pipeline: Pipeline | None, names: Names) -> Iterable[Group]:
    """The flows of a bridge by form, and by what the recognised agent installs them for."""
    if pipeline is None:
        return [Group(kind.flows, None) for kind in kinds(flows)]
    found: dict[Any, tuple[Shape | None, list[Flow]]] = {}
    merged = set()
    for one in pipeline.shapes_of(names.bridge, flows, names):
        shape = first_suiting(one.shapes, pipeline.releases)
        key = (form_of(one.flows[0]), None if shape is None else shape.id)
        if key in found:
            merged.add(key)
        found.setdefault(key, (shape, []))[1].extend(one.flows)
    if merged:
        places = {id(flow): place for place, flow in enumerate(flows)}
        for key in merged:
            found[key][1].sort(key=lambda flow: places[id(flow)])
    return [Group(of_shape, shape) for shape, of_shape in found.values()]


def table_of(number: int, pipeline: Pipeline | None, bridge: str | None) -> Table | None:
    """What the recognised agent uses a table for, in the releases that were concluded."""
    role = None if pipeline is None else pipeline.roles.get(bridge or "")
    if pipeline is None or role is None:
        return None
    known = [table for table in tables_of(role) if table.number == number]
    suiting = [t for t in known if any(release in t.releases for release in pipeline.releases)]
    return next(iter(suiting or known), None)


def way_words(way: Way, names: Names) -> Param:
    """A way in a few words: ``table 71``, ``ct table 72``, ``drop``, a port."""
    if way.table is not None:
        table = Ref("table", str(way.table))
        if way.kind == "ct":
            return Message("ct table %(table)s", {"table": table})
        if way.kind == "learn":
            return Message("learns into table %(table)s", {"table": table})
        return Message("table %(table)s", {"table": table})
    match way.kind:
        case "drop":
            return Message("drop", context="end of the way")
        case "nothing":
            return Message("no further", context="end of the way")
        case "controller":
            return Message("controller", context="end of the way")
        case "group":
            return Message("group %(group)s", {"group": way.port or ""})
        case "output" if way.port is not None:
            subject = names.port(way.port)
            return subject.owner or subject.full
        case "output":
            return Message("one port each", context="end of the way")
        case _:
            return Ref("code", way.kind)


def ways(flow: Flow) -> tuple[Way, ...]:
    """Where a flow sends its packets, tables first."""
    to_tables = sorted(
        (int(table) if table.isdigit() else flow.table, kind)
        for table, kind in targets(flow)
        if table == "" or table.isdigit()
    )
    out = sorted(ends(flow), key=lambda end: (end[0], end[1] or ""))
    return (
        *(Way(kind, table=table) for table, kind in to_tables),
        *(Way(kind, port=port) for kind, port in out),
    )


def _section(
    number: int,
    flows: Sequence[Flow],
    groups: Sequence[Group],
    pipeline: Pipeline | None,
    names: Names,
    graph: TableGraph,
    words: Told,
) -> TableSection:
    packets = _sum(flow.n_packets for flow in flows)
    places = {id(flow): place for place, flow in enumerate(flows)}
    found = [row for group in groups for row in _rows_of(group, pipeline, names, packets, words)]
    found.sort(key=lambda row: places[id(row.flow)])
    # Python's sort is stable: flows of one priority stay in the order of the dump.
    rows = sorted(found, key=lambda row: -row.flow.priority)
    known = table_of(number, pipeline, names.bridge)
    return TableSection(
        number=number,
        name=graph.names.get(number),
        role=None if known is None else known.role,
        constant=None if known is None else known.constant,
        lead=None if known is None else known.lead,
        origins=tuple(
            Way(edge.kind, table=edge.from_table, packets=edge.packets)
            for edge in graph.edges
            if edge.to_table == number
        ),
        destinations=(
            *(
                Way(edge.kind, table=edge.to_table, packets=edge.packets)
                for edge in graph.edges
                if edge.from_table == number
            ),
            *(
                Way(end.kind, port=end.port, packets=end.packets)
                for end in graph.ends
                if end.table == number
            ),
        ),
        reached=number not in graph.unreachable,
        flows=len(flows),
        matched=sum(1 for flow in flows if flow.n_packets),
        packets=packets,
        bytes=_sum(flow.n_bytes for flow in flows),
        rows=tuple(_collapsed(rows, names)),
    )


def _row(flow: Flow, pipeline: Pipeline | None, names: Names, packets: int | None) -> FlowRow:
    count = flow.n_packets
    return FlowRow(
        flow=flow,
        reading=readings.reading(flow, names),
        purpose=_with_origin(purpose(flow, pipeline, names), [flow], pipeline, names),
        ways=ways(flow),
        share=None if count is None or not packets else count / packets,
    )


def _with_origin(
    why: Purpose | None, flows: Sequence[Flow], pipeline: Pipeline | None, names: Names
) -> Purpose | None:
    """The purpose with what all flows were made of, where captures show it (OVN)."""
    joins = None if pipeline is None else pipeline.joins.get(names.bridge or "")
    if why is None or joins is None or (made_of := origin(flows, joins)) is None:
        return why
    both = Message("%(first)s %(second)s", {"first": why.message, "second": made_of})
    return why._replace(message=both)


# So few flows are told one by one where they differ in more than one thing.
_PAIR = 3


def _rows_of(
    group: Group, pipeline: Pipeline | None, names: Names, packets: int | None, words: Told
) -> Iterable[FlowRow | FlowGroup]:
    flows = group.flows
    if len(flows) == 1:
        return [_row(flows[0], pipeline, names, packets)]
    common = shared(flows, group.shape, names, words)
    if len(flows) <= _PAIR and len(common.columns) != 1:
        return [_row(flow, pipeline, names, packets) for flow in flows]
    count = _sum(flow.n_packets for flow in flows)
    onward = tuple(
        way._replace(port=None) if way.kind == "output" and is_hole(way.port or "") else way
        for way in ways(common.general)
    )
    return [
        FlowGroup(
            flows=tuple(flows),
            reading=common.reading,
            purpose=_with_origin(common.purpose, flows, pipeline, names),
            ways=tuple(dict.fromkeys(onward)),
            columns=common.columns,
            packets=count,
            bytes=_sum(flow.n_bytes for flow in flows),
            share=None if count is None or not packets else count / packets,
        )
    ]


def _short(flows: Sequence[Flow], names: Names) -> Message:
    """Flows with the same ways, in a few words: which packets, and where they go."""
    kinds = {repr(kind): kind for kind in (readings.kind_of_packets(f, names) for f in flows)}
    onward = Series(tuple(way_words(way, names) for way in ways(flows[0])), "plain")
    return Message(
        "%(packets)s → %(ways)s",
        {"packets": Series(tuple(kinds.values()), "plain"), "ways": onward},
    )


def _is_idle(row: FlowRow | FlowGroup) -> bool:
    packets = row.packets if isinstance(row, FlowGroup) else row.flow.n_packets
    return packets == 0


def _collapsed(rows: Sequence[FlowRow | FlowGroup], names: Names) -> Iterable[Row]:
    for idle, run in groupby(rows, key=_is_idle):
        if not idle:
            yield from run
            continue
        found = tuple(run)
        by_ways: dict[tuple[Way, ...], list[Flow]] = {}
        for row in found:
            by_ways.setdefault(row.ways, []).append(row.flow)
        yield IdleRun(
            rows=found,
            priorities=(found[0].flow.priority, found[-1].flow.priority),
            short=Series(tuple(_short(flows, names) for flows in by_ways.values()), "clauses"),
        )


def _sum(counts: Iterable[int | None]) -> int | None:
    """A sum over flows; None when none of them is counted."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
