"""The graph of tables: from which table to which a bridge's flows send packets, and where they end.

Lives here: what can be counted from flows alone. May not know: what a table is for, and how a graph
is drawn.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from .fields import find_field
from .flow import Action, Flow
from .values import decimal

EdgeKind = Literal["resubmit", "goto", "ct", "learn"]
EndKind = Literal[
    "drop", "output", "NORMAL", "FLOOD", "ALL", "IN_PORT", "LOCAL", "TABLE", "NONE", "controller",
    "group", "nothing",
]  # fmt: skip

_RESERVED: Mapping[str, EndKind] = {
    "NORMAL": "NORMAL",
    "FLOOD": "FLOOD",
    "ALL": "ALL",
    "IN_PORT": "IN_PORT",
    "LOCAL": "LOCAL",
    "TABLE": "TABLE",
    "NONE": "NONE",
}
# lib/learn.c learn_parse__(): the table of a learned flow when none is said.
_DEFAULT_LEARN_TABLE = "1"


class Edge(NamedTuple):
    """Flows of ``from_table`` that send packets (or, ``learn``, flows) to ``to_table``.

    ``packets``: the sum of ``n_packets`` of these flows, None when none of them has statistics.
    """

    from_table: int
    to_table: int
    kind: EdgeKind
    flows: int
    packets: int | None


class End(NamedTuple):
    """Flows of ``table`` that end the way of a packet, or of a copy of it.

    ``port``: of ``output`` the port's name or number, or the field that holds it (``reg15``,
    ``reg0[0..15]``); of ``group`` the group; else None. ``nothing``: the flow neither sends the
    packet anywhere nor says ``drop``; the packet is gone all the same.
    """

    table: int
    kind: EndKind
    port: str | None
    flows: int
    packets: int | None


class TableGraph(NamedTuple):
    """All sorted. ``tables``: those with flows and those that flows send to.

    ``names``: of tables that the dump names. ``entries``: where packets can begin, table 0 and
    every table with flows that no other table sends to. ``unreachable``: tables that no way from
    table 0 leads to; all but the entries when there is no table 0 in the dump.
    """

    tables: tuple[int, ...]
    names: Mapping[int, str]
    edges: tuple[Edge, ...]
    ends: tuple[End, ...]
    entries: tuple[int, ...]
    unreachable: tuple[int, ...]


class _Count:
    """Flows and packets of one edge or end."""

    __slots__ = ("flows", "packets")

    def __init__(self) -> None:
        self.flows = 0
        self.packets: int | None = None

    def add(self, flow: Flow) -> None:
        self.flows += 1
        packets = flow.n_packets
        if packets is not None:
            self.packets = (self.packets or 0) + packets


def every_action(actions: Iterable[Action]) -> Iterator[Action]:
    """Actions at any depth, without those of a learned flow: they are not done by this one."""
    for action in actions:
        yield action
        if action.name != "learn":
            yield from every_action(action.actions)


def targets(flow: Flow) -> set[tuple[str, EdgeKind]]:
    """Tables that a flow sends to, as printed (``""``: its own), with the kind of the edge."""
    found: set[tuple[str, EdgeKind]] = set()
    for action in every_action(flow.actions.items):
        table = action.arguments.get("table", "")
        if action.name == "resubmit":
            found.add((table, "resubmit"))
        elif action.name == "goto_table":
            found.add((table, "goto"))
        elif action.name == "ct" and table:
            found.add((table, "ct"))
        elif action.name == "learn":
            found.add((table or _DEFAULT_LEARN_TABLE, "learn"))
    return found


def _field(arguments: Mapping[str, str]) -> str:
    """The field whose value is a port, with its bits when they are not the whole of it."""
    name, first, bits = arguments["field"], int(arguments["start"]), arguments["bits"]
    field = find_field(name)
    if not bits or (field is not None and int(bits) == field.bits):
        return name
    return f"{name}[{first}..{first + int(bits) - 1}]"


def ends(flow: Flow) -> set[tuple[EndKind, str | None]]:
    """How a flow ends the way of the packet, each way once."""
    found: set[tuple[EndKind, str | None]] = set()
    for action in every_action(flow.actions.items):
        arguments = action.arguments
        if action.name in ("output", "enqueue") and arguments:
            port = arguments["port"] if "port" in arguments else _field(arguments)
            found.add(("output", port))
        elif action.name == "bundle":
            members = arguments.get("members", "").split(",")
            found.update(("output", port) for port in members if port)
        elif action.name in _RESERVED:
            found.add((_RESERVED[action.name], None))
        elif action.name == "controller":
            found.add(("controller", None))
        elif action.name == "group":
            found.add(("group", arguments.get("group")))
        elif action.name == "drop":
            found.add(("drop", None))
    sends_on = any(kind != "learn" for _, kind in targets(flow))
    # A conjunction is a part of a match, and an action that we do not know may send the packet.
    silent = ("conjunction", "unknown")
    if not found and not sends_on and not any(a.name in silent for a in flow.actions.items):
        found.add(("nothing", None))
    return found


def table_graph(flows: Iterable[Flow]) -> TableGraph:
    """The graph of the tables of one bridge's flows."""
    flows = tuple(flows)
    numbers = {flow.table_name: flow.table for flow in flows if flow.table_name is not None}
    edges: dict[tuple[int, int, EdgeKind], _Count] = defaultdict(_Count)
    ways_out: dict[tuple[int, EndKind, str | None], _Count] = defaultdict(_Count)

    def number(table: str) -> int:
        known = decimal(table)
        if known is not None:
            return known
        # As in the reader: a table of which only the name is known has a number below 0.
        return numbers.setdefault(table, min([0, *numbers.values()]) - 1)

    # Equal action lists of a dump are one object (openflow/actions.py), alive as long as the flows.
    told: dict[tuple[int, int], tuple[_Count, ...]] = {}
    for flow in flows:
        counts = told.get((flow.table, id(flow.actions)))
        if counts is None:
            reached = {(number(t) if t else flow.table, kind) for t, kind in targets(flow)}
            counts = told[flow.table, id(flow.actions)] = (
                *(edges[flow.table, to_table, kind] for to_table, kind in reached),
                *(ways_out[flow.table, kind, port] for kind, port in ends(flow)),
            )
        for count in counts:
            count.add(flow)

    own = {flow.table for flow in flows}
    sent_to = {to for start, to, _ in edges if start != to}
    reachable = _reachable(0, [(start, to) for start, to, kind in edges if kind != "learn"])
    tables = own | {to for _, to, _ in edges}
    entries = {table for table in own if table == 0 or table not in sent_to}
    return TableGraph(
        tables=tuple(sorted(tables)),
        names={table: name for name, table in numbers.items()},
        edges=tuple(Edge(*key, count.flows, count.packets) for key, count in sorted(edges.items())),
        ends=tuple(
            sorted(
                (End(*key, count.flows, count.packets) for key, count in ways_out.items()),
                key=lambda end: (end.table, end.kind, _natural(end.port or "")),
            )
        ),
        entries=tuple(sorted(entries)),
        unreachable=tuple(sorted(tables - (reachable if 0 in own else entries))),
    )


def _natural(name: str) -> tuple[int, str]:
    """Sort key that puts port 9 before port 10, and numbers before names."""
    number = decimal(name)
    return (1 << 64, name) if number is None else (number, "")


def _reachable(start: int, edges: Iterable[tuple[int, int]]) -> set[int]:
    following: dict[int, set[int]] = defaultdict(set)
    for source, target in edges:
        following[source].add(target)
    found = {start}
    open_ends = [start]
    while open_ends:
        for table in following[open_ends.pop()] - found:
            found.add(table)
            open_ends.append(table)
    return found
