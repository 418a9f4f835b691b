"""Is this OVN's br-int, and of which versions?

Lives here: the layouts of tables that a dump can have, and what tells so. A version that a capture
states is believed where the dump does not contradict it; else the dump decides, by which tables
each datapath has flows in, by where packets of ports and tunnels go on, and by flows that only one
stage has. Layouts that fit equally well are all kept: a range is said as a range.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ...logical import registers
from ...logical.stages import KINDS, Kind, Layout, in_order, layout_of, layouts
from ...network.southbound import Southbound, StatedVersion
from ...openflow.flow import Flow
from ...openflow.graph import targets
from ...openflow.values import decimal, number
from ..logical.versions import spans
from ..message import Message, Ref

_PART = 0.6
# In this bit range of Geneve's option is the logical input port (ovn-architecture(7)).
_OPTION = "tun_metadata0"
# What flows of br-int that are about every datapath ask for: flags and addresses of load balancers.
_OF_ALL = re.compile(r"reg\d+|ct_label|ct_mark|(?:ip|ipv6|tcp|udp|sctp)(?:6|_src|_dst)?|nw_proto")


class Clue(NamedTuple):
    """What was found, and what it tells. ``look``: as captured. ``fits``: with what is assumed."""

    look: str
    meaning: Message
    fits: bool = True


@dataclass(frozen=True)
class Recognised:
    """``layouts``: those that fit. ``kinds``: what each datapath is, by its key."""

    layouts: tuple[Layout, ...]
    kinds: Mapping[int, Kind]
    clues: tuple[Clue, ...]
    stated: tuple[str, ...]
    inport: str | None
    outport: str | None

    @property
    def versions(self) -> tuple[str, ...]:
        """All versions that fit, oldest first; one when it is stated."""
        if self.stated:
            return self.stated
        return in_order(version for layout in self.layouts for version in layout.versions)

    @property
    def version(self) -> Message:
        """``OVN 22.12.1 to 22.12.2 or 23.03.1 to 23.03.3``."""
        return spans(self.versions)

    @property
    def dialect(self) -> Message:
        """Where the logical ports are."""
        if self.inport is None or self.outport is None:
            return Message("integration bridge")
        holes = {"inport": Ref("register", self.inport), "outport": Ref("register", self.outport)}
        return Message("logical ports in %(inport)s and %(outport)s", holes)


def recognise(
    flows: Sequence[Flow], southbound: Southbound, *, asked: bool = False
) -> Recognised | None:
    """The layouts that a dump of br-int can have; None when it is none of OVN.

    ``asked``: the author says that it is, so that less of it need be understood.
    """
    seen = _Seen.of(flows)
    old, new = seen.registers["reg6"], seen.registers["reg14"]
    if not (old or new):
        return None
    if not asked and (seen.logical + seen.fixed) < _PART * len(flows):
        return None
    known = tuple(
        layout for layout in layouts() if old == new or bool(layout.dialect) == (old > new)
    )
    stated, clues = _stated(southbound.versions, known, seen)
    found = tuple(x for v in stated if (x := layout_of(v)) is not None)
    if not found:
        listed = _listed(southbound, known)
        found = _best(listed or known, seen)
        if listed:
            clues.append(_stage_clue(southbound, found))
    if not found:
        return None
    kinds = _kinds(seen, found, southbound)
    versions = tuple(version for layout in found for version in layout.versions)
    inport, outport = (registers.field_of(name, versions) for name in ("inport", "outport"))
    clues += _clues(seen, found[0] if len(found) == 1 else None, kinds, inport, outport)
    return Recognised(found, kinds, tuple(clues), stated, inport, outport)


class _Seen(NamedTuple):
    """What a dump shows that layouts differ in.

    ``tables``: of each datapath, those with flows. ``used``: all tables. ``onward``: where packets
    of ports and of tunnels go on, each with a flow. ``registers``: how often a register carries an
    input port. ``logical``, ``fixed``: flows of datapaths, and others in tables of OVN.
    """

    tables: Mapping[int, frozenset[int]]
    used: frozenset[int]
    ports_to: Mapping[int, Flow]
    tunnels_to: Mapping[int, Flow]
    registers: Counter[str]
    logical: int
    fixed: int

    @classmethod
    def of(cls, flows: Sequence[Flow]) -> "_Seen":
        tables: dict[int, set[int]] = {}
        ports_to: dict[int, Flow] = {}
        tunnels_to: dict[int, Flow] = {}
        carrying: Counter[str] = Counter()
        logical = fixed = 0
        for flow in flows:
            key = _key(flow)
            if key is not None:
                logical += 1
                tables.setdefault(key, set()).add(flow.table)
            carrying.update(_input_registers(flow))
            if flow.table == 0:
                fixed += 1
                how = _entry(flow)
                if how is not None:
                    onward = [n for t, _ in targets(flow) if (n := decimal(t)) is not None]
                    for table in onward[-1:]:
                        (ports_to if how == "port" else tunnels_to).setdefault(table, flow)
            elif key is None and all(_OF_ALL.fullmatch(c.field) for c in flow.match.clauses):
                fixed += 1
        return cls(
            {key: frozenset(of_it) for key, of_it in tables.items()},
            frozenset(flow.table for flow in flows),
            ports_to,
            tunnels_to,
            carrying,
            logical,
            fixed,
        )


def _key(flow: Flow) -> int | None:
    for clause in flow.match.clauses:
        if clause.field == "metadata" and clause.mask is None and clause.value is not None:
            return number(clause.value)
    return None


def _entry(flow: Flow) -> str | None:
    """Does the flow give packets of a ``port``, or of a ``tunnel``, their datapath?"""
    for action in flow.actions.items:
        given = action.arguments
        if given.get("field") != "metadata":
            continue
        if action.name == "move" and given.get("from_field") in ("tun_id", "tunnel_id"):
            return "tunnel"
        if action.name in ("load", "set_field"):
            return "port"
    return None


def _input_registers(flow: Flow) -> Iterator[str]:
    """The registers that carry the input port, as far as the flow tells."""
    if flow.table == 0 and _entry(flow) == "port":
        for action in flow.actions.items:
            given = action.arguments
            whole = given.get("start", "0") == "0" and "mask" not in given
            named = given.get("field") in ("reg6", "reg14")
            if action.name in ("load", "set_field") and named and whole:
                yield given["field"]
    for action in flow.actions.items:
        given = action.arguments
        moved = action.name == "move" and given.get("from_field") in ("reg6", "reg14")
        if moved and given.get("field") == _OPTION:
            yield given["from_field"]


def _foreign(layout: Layout, seen: _Seen) -> int:
    """How much the dump has that the layout cannot have."""
    foreign = sum(
        1
        for table in seen.used
        if layout.physical_at(table) is None and not layout.stages_at(table)
    )
    foreign += sum(1 for table in seen.ports_to if table != layout.ingress)
    local = layout.table("LOCAL_OUTPUT")
    # Tunnels of VTEP gateways enter the ingress pipeline (controller/physical.c).
    foreign += sum(1 for table in seen.tunnels_to if table not in (local, layout.ingress))
    return foreign


def _misfit(layout: Layout, seen: _Seen) -> int:
    """Tables of datapaths that the layout has too many of, or too few, and what it cannot have."""
    total = 10 * _foreign(layout, seen)
    for tables in seen.tables.values():
        total += min(_differences(layout, kind, tables) for kind in KINDS)
    return total


def _differences(layout: Layout, kind: Kind, tables: frozenset[int]) -> int:
    """Stages without a flow, and flows in tables that are no stage of the kind."""
    own = _stage_tables(layout, kind)
    logical = frozenset(table for table in tables if layout.physical_at(table) is None)
    # A datapath may have no flow at all in one pipeline, when the dump is of some tables only.
    return len(own ^ logical) if logical else 0


def _stage_tables(layout: Layout, kind: Kind) -> frozenset[int]:
    return frozenset(
        table
        for direction in ("in", "out")
        for name in layout.stages[kind, direction]
        if (table := layout.table(name)) is not None
    )


def _best(known: Sequence[Layout], seen: _Seen) -> tuple[Layout, ...]:
    """The layouts that fit best."""
    score = [_misfit(layout, seen) for layout in known]
    best = min(score, default=0)
    return tuple(layout for layout, misfit in zip(known, score, strict=True) if misfit == best)


def _stated(
    stated: Sequence[StatedVersion], known: Sequence[Layout], seen: _Seen
) -> tuple[tuple[str, ...], list[Clue]]:
    """The versions that captures state and the dump does not contradict, and what is to be told."""
    clues: list[Clue] = []
    believed: list[str] = []
    for one in {(one.version, one.where): one for one in stated}.values():
        layout = layout_of(one.version)
        told = {"version": one.version}
        if layout is None:
            clues.append(Clue(one.where, Message("OVN %(version)s, not known here", told), False))
        elif layout not in known or _foreign(layout, seen):
            clues.append(
                Clue(one.where, Message("OVN %(version)s, which has other tables", told), False)
            )
        else:
            clues.append(Clue(one.where, Message("OVN %(version)s, as stated", told)))
            believed.append(one.version)
    if len({layout_of(version) for version in believed}) > 1:
        return (), clues
    return in_order(believed), clues


def _listed(southbound: Southbound, known: Sequence[Layout]) -> tuple[Layout, ...]:
    """The layouts whose logical tables are those of the captured listing; empty without one."""
    stages = southbound.stages
    if not stages:
        return ()
    return tuple(layout for layout in known if _lists(layout, stages))


def _lists(layout: Layout, stages: Mapping[str, frozenset[int]]) -> bool:
    for name, tables in stages.items():
        table = layout.table(name)
        if table is None:
            return False
        first = layout.ingress if "_in_" in name else layout.egress
        if tables != {table - first}:
            return False
    return True


def _stage_clue(southbound: Southbound, found: Sequence[Layout]) -> Clue:
    names = sorted(southbound.stages.items(), key=lambda item: (min(item[1]), item[0]))
    name, tables = names[-1]
    meaning = Message("Stages of the captured logical flows: %(count)s", {"count": len(names)})
    return Clue(f"table={min(tables)} ({name})", meaning, bool(found))


def _kinds(seen: _Seen, found: Sequence[Layout], southbound: Southbound) -> dict[int, Kind]:
    """What each datapath is: by the database, else by the tables that it has flows in."""
    kinds: dict[int, Kind] = {}
    for key, tables in seen.tables.items():
        row = southbound.datapath(key)
        if row is not None and row.kind is not None:
            kinds[key] = row.kind
            continue
        told = {_kind_of(layout, tables) for layout in found}
        kind = told.pop() if len(told) == 1 else None
        if kind is not None:
            kinds[key] = kind
    return kinds


def _kind_of(layout: Layout, tables: frozenset[int]) -> Kind | None:
    switch, router = (_differences(layout, kind, tables) for kind in KINDS)
    if switch == router:
        return None
    return "ls" if switch < router else "lr"


def _clues(
    seen: _Seen,
    layout: Layout | None,
    kinds: Mapping[int, Kind],
    inport: str | None,
    outport: str | None,
) -> Iterable[Clue]:
    if inport and outport and seen.registers[inport]:
        holes = {"inport": Ref("register", inport), "outport": Ref("register", outport)}
        look = f"{inport}, {outport}"
        yield Clue(look, Message("Input port in %(inport)s, output port in %(outport)s", holes))
    for table, flow in sorted(seen.ports_to.items()):
        fits = layout is None or table == layout.ingress
        where = {"table": Ref("table", str(table))}
        meaning = Message("Packets of ports enter the logical pipeline at table %(table)s", where)
        yield Clue(_look(flow), meaning, fits)
    for table, flow in sorted(seen.tunnels_to.items()):
        fits = layout is None or table in (layout.table("LOCAL_OUTPUT"), layout.ingress)
        where = {"table": Ref("table", str(table))}
        meaning = Message("Packets of tunnels enter the local output at table %(table)s", where)
        yield Clue(_look(flow), meaning, fits)
    if layout is None:
        return
    for kind in KINDS:
        found = [key for key in sorted(kinds) if kinds[key] == kind]
        if not found:
            continue
        own = _stage_tables(layout, kind)
        count = len(own & seen.tables[found[0]])
        of = {"found": count, "all": len(own)}
        meaning = (
            Message("Flows in %(found)s of the %(all)s stages of a switch", of)
            if kind == "ls"
            else Message("Flows in %(found)s of the %(all)s stages of a router", of)
        )
        yield Clue(f"metadata={hex(found[0])}", meaning, count == len(own))
    foreign = sorted(
        t for t in seen.used if layout.physical_at(t) is None and not layout.stages_at(t)
    )
    for table in foreign:
        where = {"table": Ref("table", str(table))}
        yield Clue(f"table={table}", Message("No table of this version", where), False)


def _look(flow: Flow) -> str:
    look = f"table={flow.table} priority={flow.priority}"
    for clause in flow.match.clauses[:1]:
        look += f" {clause.key}" + ("" if clause.value is None else f"={clause.value}")
    return look
