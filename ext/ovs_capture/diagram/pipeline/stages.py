"""Stages: what the graph of logical pipelines shows, as parts of the graph of tables.

Lives here: from logical flows to stages, the ways between them, and their ends. Datapaths of one
kind have the same stages and are drawn once. Neighbouring stages whose flows all do nothing but
hand packets on are one part.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ...explain.logical.listing import hands_on
from ...explain.logical.names import LogicalNames, datapath_kind, pipeline_key
from ...explain.logical.ways import Goal, goals
from ...explain.message import Message, Param
from ...logical.flow import LogicalFlow
from ...logical.stages import stage as stage_of
from .parts import Link, LinkKind, PortPart, Stop, TablePart, TablePicture
from .words import PIPELINE

INGRESS, EGRESS = "ingress", "egress"

NOTHING_APPLIES = Message("nothing applies", {}, PIPELINE)
NOT_LISTED = Message("not in the listing", {}, PIPELINE)
# What the boxes at the ends say: where packets of all datapaths of a kind come in and go out.
_FROM = {
    "switch": Message("ports of logical switches (%(count)s)", {}, PIPELINE),
    "router": Message("ports of logical routers (%(count)s)", {}, PIPELINE),
    "": Message("ports of datapaths (%(count)s)", {}, PIPELINE),
}

# A stage: what kind of datapath has it, in which pipeline, at which table.
Key = tuple[str, str, int]


@dataclass
class _Stage:
    """What the flows of a stage come to. ``goals``: how many flows have each."""

    name: str = ""
    flows: int = 0
    hands_on: bool = True
    goals: dict[Goal, int] = field(default_factory=dict)


def stage_picture(
    flows: Iterable[LogicalFlow], names: LogicalNames, datapath: str | None = None
) -> TablePicture:
    """The parts of the graph of some flows' stages. ``datapath``: the only one, by its name."""
    stages: dict[Key, _Stage] = {}
    datapaths: dict[str, set[str]] = {}
    for flow in flows:
        kind = datapath_kind(flow) or ""
        stage = stages.setdefault((kind, _pipeline(flow), flow.table), _Stage(flow.stage))
        stage.flows += 1
        stage.hands_on = stage.hands_on and hands_on(flow)
        for goal in goals(flow, names):
            stage.goals[goal] = stage.goals.get(goal, 0) + 1
        datapaths.setdefault(kind, set()).add(pipeline_key(flow)[0])
    return _Plan(stages, datapaths, datapath).picture()


def _pipeline(flow: LogicalFlow) -> str:
    """Ingress or egress: as the head says, else as the stage is named."""
    if flow.datapath is not None:
        return flow.datapath.pipeline
    return EGRESS if "_out_" in flow.stage else INGRESS


@dataclass
class _Plan:
    stages: dict[Key, _Stage]
    datapaths: Mapping[str, set[str]]
    datapath: str | None

    def picture(self) -> TablePicture:
        links = self._links()
        whole = True
        for key in [*(target for _, target, _ in links), *self._starts()]:
            # A table that packets come to and the listing does not show.
            whole = whole and key in self.stages
            self.stages.setdefault(key, _Stage(hands_on=False))
        parts: dict[Key, str] = {}
        tables: list[TablePart] = []
        for held in _runs(self.stages):
            part = self._table(f"t{len(tables)}", held)
            parts.update(dict.fromkeys(held, part.id))
            tables.append(part)
        ports = list(self._ports())
        ways: dict[tuple[str, str, LinkKind], int] = {}
        for port, key in ports:
            if port.side == "in":
                ways[port.id, parts[key], "in"] = self.stages[key].flows
        for (source, target, way), count in links.items():
            ends = parts[source], parts[target], way
            if ends[0] != ends[1] or source == target:
                ways[ends] = ways.get(ends, 0) + count
        stops: dict[tuple[str, str], int] = {}
        out = {key[0]: port.id for port, key in ports if port.side == "out"}
        for key, stage in self.stages.items():
            for goal, count in stage.goals.items():
                if goal.kind == "output" and (key[1] == EGRESS or not self._first(key[0], EGRESS)):
                    ends = parts[key], out[key[0]], "out"
                    ways[ends] = ways.get(ends, 0) + count
                elif goal.kind in ("drop", "nothing"):
                    stop = parts[key], goal.kind
                    stops[stop] = stops.get(stop, 0) + count
        aside: set[str] = set()
        if whole:
            # A listing of some stages alone does not show what leads to them.
            aside = {t.id for t in tables} - _reached({parts[key] for key in self._starts()}, ways)
        ways = {ends: count for ends, count in ways.items() if not {*ends[:2]} & aside}
        used = {part for ends in ways for part in ends[:2]}
        return TablePicture(
            bridge=self.datapath,
            counted=False,
            tables=tuple(replace(t, aside="unreachable") if t.id in aside else t for t in tables),
            ports=tuple(port for port, _ in ports if port.id in used),
            links=tuple(
                Link(f"e{at}", *ends, count, None) for at, (ends, count) in enumerate(ways.items())
            ),
            stops=tuple(
                Stop(f"s{at}", table, kind, None, count, None)  # type: ignore[arg-type]
                for at, ((table, kind), count) in enumerate(stops.items())
                if table not in aside
            ),
            logical=True,
        )

    def _links(self) -> dict[tuple[Key, Key, LinkKind], int]:
        """The ways from stage to stage, each with its flows."""
        found: dict[tuple[Key, Key, LinkKind], int] = {}
        for key, stage in sorted(self.stages.items(), key=_place):
            kind, pipeline, _ = key
            for goal, count in stage.goals.items():
                way: LinkKind
                if goal.kind in ("next", "ct"):
                    target: Key | None = (kind, goal.pipeline or pipeline, goal.table)
                    way = "ct" if goal.kind == "ct" else "next"
                elif goal.kind == "output" and pipeline == INGRESS:
                    target, way = self._first(kind, EGRESS), "output"
                else:
                    continue
                if target is not None:
                    ends = key, target, way
                    found[ends] = found.get(ends, 0) + count
        return found

    def _first(self, kind: str, pipeline: str) -> Key | None:
        """The stage that a pipeline begins with, where the listing shows any of it."""
        shown = any(key[:2] == (kind, pipeline) for key in self.stages)
        return (kind, pipeline, 0) if shown else None

    def _starts(self) -> list[Key]:
        """The stages that pipelines begin with; a listing may hold the egress alone."""
        firsts = [self._first(kind, way) for kind in self.datapaths for way in (INGRESS, EGRESS)]
        return [key for key in firsts if key is not None]

    def _ports(self) -> Iterator[tuple[PortPart, Key]]:
        """Boxes where packets come in and go out, each with the stage that it belongs to."""
        number = 0
        for kind in sorted(self.datapaths, key=_KINDS.index):
            count: dict[str, Param] = {"count": str(len(self.datapaths[kind]))}
            told = replace(_FROM[kind], params=count)
            if (first := self._first(kind, INGRESS)) is not None:
                yield PortPart(f"p{number}", "in", (), None, told=told), first
                number += 1
            last = max(key for key in self.stages if key[0] == kind)
            yield PortPart(f"p{number}", "out", (), None, told=told), last
            number += 1

    def _table(self, part: str, held: list[Key]) -> TablePart:
        first = self.stages[held[0]]
        names = tuple(self.stages[key].name for key in held)
        flows = sum(self.stages[key].flows for key in held)
        table = TablePart(part, held[0][2], None, first.name or None, None, flows, None)
        if len(held) > 1:
            span = f"{names[0]} … {names[-1].split('_', 2)[-1]}"
            return replace(
                table, role=NOTHING_APPLIES, constant=span, stages=names, last=held[-1][2]
            )
        if not first.flows:
            return replace(table, role=NOT_LISTED)
        known = stage_of(first.name)
        role = None if known is None else Message(known.role)
        return replace(table, role=role, stages=tuple(filter(None, names)))


_KINDS = ("switch", "router", "")


def _place(one: tuple[Key, object]) -> tuple[int, bool, int]:
    kind, pipeline, table = one[0]
    return _KINDS.index(kind), pipeline == EGRESS, table


def _runs(stages: Mapping[Key, _Stage]) -> Iterator[list[Key]]:
    """Stages in order of the way, neighbours that hand everything on together."""
    held: list[Key] = []
    for key, stage in sorted(stages.items(), key=_place):
        if held and not (stage.hands_on and held[-1][:2] == key[:2]):
            yield held
            held = []
        if stage.hands_on:
            held.append(key)
        else:
            yield [key]
    if held:
        yield held


def _reached(starts: set[str], ways: Iterable[tuple[str, str, LinkKind]]) -> set[str]:
    """The parts that some way leads to."""
    onward: dict[str, set[str]] = {}
    for source, target, _ in ways:
        onward.setdefault(source, set()).add(target)
    found, new = set(starts), list(starts)
    while new:
        following = onward.get(new.pop(), set()) - found
        found |= following
        new += following
    return found
