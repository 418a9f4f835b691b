"""Parts: what the graph of tables shows, before anything has a place.

Lives here: which tables, ports, links and ends of a bridge are drawn. Where the dump counts
packets, a link that no packet took is not drawn, and a table that no packet reached stands aside;
where it counts none, everything is drawn and nothing has a number. All frozen, sorted, without
colours; ids are ``t0 p0 e0 s0``, never names, so nothing of a capture is read as DOT or SVG.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from ...explain.message import Message, Ref
from ...explain.names import Names
from ...explain.pipeline import Pipeline
from ...explain.tables import table_of
from ...openflow.flow import Flow
from ...openflow.graph import EdgeKind, EndKind, TableGraph, table_graph
from ...openflow.values import decimal

# ``next`` and ``output`` (from the ingress to the egress pipeline) lead from stage to stage.
LinkKind = EdgeKind | Literal["in", "out", "next", "output"]
# More ports than these on one side of the bridge are told in one box.
MOST_PORTS = 8


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table. ``aside``: not on the way of any packet, because no way leads to it
    (``unreachable``) or because no packet took one (``idle``); None: on the way.

    ``role``, ``constant`` None: not known. ``name``: as the dump names the table. ``packets`` None:
    not counted. ``stages``: of a logical table the name of its stage, of neighbours that are one
    part all their names; ``last`` is the number of the last of them.
    """

    id: str
    number: int
    role: Message | None
    constant: str | None
    name: str | None
    flows: int
    packets: int | None
    aside: Literal["unreachable", "idle"] | None = None
    stages: tuple[str, ...] = ()
    last: int | None = None


@dataclass(frozen=True, slots=True)
class PortPart:
    """Ports on an edge of the bridge. ``ports``: who they are, as printed; empty: any port that
    no flow of the first table names. ``ref``: of one port alone, its name for the page.
    ``told``: what the box says where it stands for the ports of datapaths.
    """

    id: str
    side: Literal["in", "out"]
    ports: tuple[str, ...]
    ref: Ref | None
    rest: bool = False
    told: Message | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Packets (``learn``: flows) on their way from one part to another, by the parts' ids."""

    id: str
    source: str
    target: str
    kind: LinkKind
    flows: int
    packets: int | None


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the way of packets ends inside the bridge. ``group``: of ``group`` its number."""

    id: str
    table: str
    kind: EndKind
    group: str | None
    flows: int
    packets: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePicture:
    """The parts of one bridge. ``counted``: numbers are packets; else there are none at all.

    ``logical``: tables are stages of logical pipelines, and ``bridge`` is a datapath, or None.
    """

    bridge: str | None
    counted: bool
    tables: tuple[TablePart, ...]
    ports: tuple[PortPart, ...]
    links: tuple[Link, ...]
    stops: tuple[Stop, ...]
    logical: bool = False

    @property
    def drawn(self) -> tuple[TablePart, ...]:
        return tuple(table for table in self.tables if table.aside is None)

    @property
    def aside(self) -> tuple[TablePart, ...]:
        return tuple(table for table in self.tables if table.aside is not None)


class _Count(NamedTuple):
    flows: int = 0
    packets: int | None = None

    def plus(self, flows: int, packets: int | None) -> "_Count":
        known = [count for count in (self.packets, packets) if count is not None]
        return _Count(self.flows + flows, sum(known) if known else None)


def table_picture(flows: Iterable[Flow], names: Names, pipeline: Pipeline | None) -> TablePicture:
    """The parts of the graph of one bridge's flows."""
    flows = tuple(flows)
    graph = table_graph(flows)
    counted = any(flow.n_packets for flow in flows)
    ids = {number: f"t{index}" for index, number in enumerate(graph.tables)}
    ways_in, ways_out = _ways_in(flows), _ways_out(graph)
    if counted:
        ways_in = {port: count for port, count in ways_in.items() if count.packets != 0}
        ways_out = {key: count for key, count in ways_out.items() if count.packets != 0}
    entering = _ports("in", ways_in, names, 0)
    totals: dict[str | None, _Count] = {}
    for (_, name), count in ways_out.items():
        totals[name] = totals.get(name, _Count()).plus(*count)
    leaving = _ports("out", totals, names, len(entering))
    links = [
        *(
            Link("", port.id, ids[0], "in", *_sum(ways_in[name] for name in _keys(port)))
            for port in entering
        ),
        *(Link("", ids[e.from_table], ids[e.to_table], *e[2:]) for e in graph.edges),
        *_links_out(ways_out, leaving, ids),
    ]
    stops = [Stop("", ids[end.table], *end[1:]) for end in graph.ends if end.kind != "output"]
    if counted:
        links = [link for link in links if link.packets != 0]
        stops = [stop for stop in stops if stop.packets != 0]
    else:
        links = [replace(link, packets=None) for link in links]
        stops = [replace(stop, packets=None) for stop in stops]
    busy = {part for link in links for part in (link.source, link.target)}
    busy |= {stop.table for stop in stops}
    tables = _tables(flows, graph, names, pipeline, {n for n in ids if ids[n] in busy}, counted)
    aside = {table.id for table in tables if table.aside is not None}
    links = [link for link in links if not {link.source, link.target} & aside]
    used = {part for link in links for part in (link.source, link.target)}
    return TablePicture(
        bridge=names.bridge,
        counted=counted,
        tables=tables,
        ports=tuple(port for port in (*entering, *leaving) if port.id in used),
        links=tuple(replace(link, id=f"e{index}") for index, link in enumerate(links)),
        stops=tuple(
            replace(stop, id=f"s{index}")
            for index, stop in enumerate(stop for stop in stops if stop.table not in aside)
        ),
    )


def _tables(
    flows: Sequence[Flow],
    graph: TableGraph,
    names: Names,
    pipeline: Pipeline | None,
    busy: set[int],
    counted: bool,
) -> tuple[TablePart, ...]:
    counts: dict[int, _Count] = {}
    for flow in flows:
        counts[flow.table] = counts.get(flow.table, _Count()).plus(1, flow.n_packets)
    # A dump of some tables alone does not show what leads to them.
    unreachable = set(graph.unreachable) if 0 in counts else set()
    found = []
    for index, number in enumerate(graph.tables):
        known = table_of(number, pipeline, names.bridge)
        count = counts.get(number, _Count())
        aside: Literal["unreachable", "idle"] | None = None
        if number != 0 and not (counted and (number in busy or count.packets)):
            if number in unreachable:
                aside = "unreachable"
            elif counted:
                aside = "idle"
        found.append(
            TablePart(
                id=f"t{index}",
                number=number,
                role=None if known is None else known.role,
                constant=None if known is None else known.constant,
                name=graph.names.get(number),
                flows=count.flows,
                packets=count.packets if counted else None,
                aside=aside,
            )
        )
    return tuple(found)


def _ways_in(flows: Iterable[Flow]) -> dict[str | None, _Count]:
    """What the first table took from each port; None: from ports that its flow does not name."""
    found: dict[str | None, _Count] = {}
    for flow in flows:
        if flow.table != 0:
            continue
        port = next((c.value for c in flow.match.clauses if c.field == "in_port"), None)
        found[port] = found.get(port, _Count()).plus(1, flow.n_packets)
    return found


def _ways_out(graph: TableGraph) -> dict[tuple[int, str], _Count]:
    """What each table sent out of each port; a port may be a field that holds its number."""
    found: dict[tuple[int, str], _Count] = {}
    for end in graph.ends:
        if end.kind == "output":
            key = end.table, end.port or ""
            found[key] = found.get(key, _Count()).plus(end.flows, end.packets)
    return found


def _ports(
    side: Literal["in", "out"],
    ways: Mapping[str | None, _Count],
    names: Names,
    first: int,
) -> list[PortPart]:
    """Boxes for ports, the busiest apart, in natural order; then the other ports as one box."""
    named = sorted(port for port in ways if port is not None)
    alone = named
    if len(named) > MOST_PORTS:
        alone = sorted(named, key=lambda port: -(ways[port].packets or 0))[: MOST_PORTS - 1]
    groups: list[tuple[str, ...]] = [(port,) for port in sorted(alone, key=_natural)]
    if together := tuple(sorted(set(named) - set(alone), key=_natural)):
        groups.append(together)
    parts = [
        PortPart(
            f"p{first + n}", side, ports, names.port(ports[0]).port if len(ports) == 1 else None
        )
        for n, ports in enumerate(groups)
    ]
    if None in ways:
        parts.append(PortPart(f"p{first + len(parts)}", side, (), None, rest=bool(named)))
    return parts


def _keys(port: PortPart) -> tuple[str | None, ...]:
    return port.ports or (None,)


def _links_out(
    ways: Mapping[tuple[int, str], _Count], ports: Iterable[PortPart], ids: Mapping[int, str]
) -> Iterable[Link]:
    box = {name: port.id for port in ports for name in port.ports}
    found: dict[tuple[int, str], _Count] = {}
    for (table, name), count in ways.items():
        key = table, box[name]
        found[key] = found.get(key, _Count()).plus(*count)
    for (table, part), count in sorted(found.items()):
        yield Link("", ids[table], part, "out", *count)


def _sum(counts: Iterable[_Count]) -> _Count:
    total = _Count()
    for count in counts:
        total = total.plus(*count)
    return total


def _natural(name: str) -> tuple[int, str]:
    """Sort key that puts port 9 before port 10, and numbers before names."""
    number = decimal(name)
    return (1 << 64, name) if number is None else (number, "")
