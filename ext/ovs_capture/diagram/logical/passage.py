"""Passage: which parts of the picture of a logical network one packet goes by, and in which steps.

Lives here: from the steps of a logical trace to ids of a scene, and what of the scene is drawn
beside them. Does not live here: how a passage looks (``paint``).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from ...trace.logical.result import Section, Trace
from ...trace.logical.state import State
from ..passage import Passage, ranges
from .parts import LinkPart, LogicalScene

# Beside those on the way a switch shows ports until it has so many, which is one row.
_MOST_PORTS = 4


def passage(scene: LogicalScene, trace: Trace, state: State) -> Passage:
    """The way of ``trace`` in a scene; ``state``: what it was traced through.

    Steps are numbered from 1; the ends, one for each of ``Trace.effects``, go on behind them. Of
    several links between the same two datapaths all are on the way: no step tells which it takes.
    """
    walk = _Walk(scene, state)
    told = _leading_out(trace)
    numbers: dict[str, list[int]] = defaultdict(list)
    before: dict[int, str] = {}
    for step in trace.steps:
        here = walk.datapath(step.datapath)
        if here is None or step.number not in told:
            continue
        walk.found.add(here)
        numbers[here].append(step.number + 1)
        section = trace.sections[step.section]
        if section.number in before:
            continue
        before[section.number] = here
        if section.parent is None:
            walk.enter(here, section.inport)
        else:
            outer = walk.datapath(trace.steps[section.parent].datapath)
            if outer is not None and outer != here:
                walk.over(outer, here)
    for number, effect in enumerate(trace.effects, len(trace.steps) + 1):
        here = walk.datapath(effect.datapath)
        end = None
        if here is not None:
            end = walk.leave(here, effect.port)
        if end is not None:
            numbers[end].append(number)
    discs = tuple((element, ranges(found)) for element, found in numbers.items())
    return Passage(frozenset(walk.found), dict(walk.wires), discs)


def _leading_out(trace: Trace) -> frozenset[int]:
    """The steps from which a copy of the packet leaves; all steps, when none does."""
    within: dict[int, list[int]] = defaultdict(list)
    for step in trace.steps:
        within[step.section].append(step.number)
    found: set[int] = set()
    waiting = [
        (step.section, step.number)
        for step in trace.steps
        if any(event.effects for event in step.events)
    ]
    while waiting:
        number, last = waiting.pop()
        found |= {one for one in within[number] if one <= last}
        section: Section = trace.sections[number]
        if section.parent is not None and section.parent not in found:
            waiting.append((trace.steps[section.parent].section, section.parent))
    return frozenset(found) or frozenset(step.number for step in trace.steps)


class _Walk:
    """What has been walked of one scene."""

    def __init__(self, scene: LogicalScene, state: State) -> None:
        self.scene, self.state = scene, state
        self.found: set[str] = set()
        self.wires: dict[str, str] = {}
        self._names = {one.title: one.names for one in state.datapaths}

    def datapath(self, title: str) -> str | None:
        """The part that a datapath of the trace is; None when none or several may be it."""
        names = self._names.get(title, frozenset({title}))
        found = [one.id for one in self.scene.datapaths if {one.title, one.name} & names]
        return found[0] if len(found) == 1 else None

    def enter(self, datapath: str, port: str) -> None:
        """From an instance or a physical network into its switch."""
        end = self._outside(datapath, port)
        if end is not None:
            self.wires[end[1]] = end[0]

    def leave(self, datapath: str, port: str) -> str | None:
        """To an instance or a physical network; None where the picture has neither."""
        end = self._outside(datapath, port)
        if end is None:
            return None
        self.wires[end[1]] = datapath
        return end[0]

    def _outside(self, datapath: str, name: str) -> tuple[str, str] | None:
        """What is behind a port and the line that leads there; a port's line has its id."""
        known = self.state.ports.get(name)
        if known is not None and known.type == "localnet":
            for link in self._links(datapath):
                if link.kind == "localnet":
                    end = next(one for one in link.ends if one != datapath)
                    self.found |= {link.id, end}
                    return end, link.id
        names = {name} if known is None else {name, known.title}
        for part in self.scene.ports:
            if part.datapath == datapath and not names.isdisjoint((part.title, *part.names)):
                self.found.add(part.id)
                return part.id, part.id
        return None

    def over(self, start: str, goal: str) -> None:
        """From a datapath to its neighbour; a link that is gone both ways has no direction."""
        for link in self._links(start):
            if goal in link.ends:
                self.found.add(link.id)
                self.wires[link.id] = start if self.wires.get(link.id, start) == start else ""

    def _links(self, end: str) -> Iterable[LinkPart]:
        return (link for link in self.scene.links if end in link.ends)


def around_passage(scene: LogicalScene, way: Passage) -> LogicalScene:
    """The part of a scene that shows a packet's way and what is next to it.

    Datapaths on the way keep their facts and a row of ports, their neighbours are bare; panels and
    what refers to them are left out.
    """
    passed = {one.id for one in scene.datapaths} & way.elements
    links = [link for link in scene.links if not passed.isdisjoint(link.ends)]
    near = passed | {end for link in links for end in link.ends}
    shown: dict[str, int] = defaultdict(int)
    ports = []
    for port in sorted(
        scene.ports, key=lambda port: (port.id not in way.elements, port.type != "")
    ):
        if port.datapath not in passed:
            continue
        if port.id in way.elements or shown[port.datapath] < _MOST_PORTS:
            shown[port.datapath] += 1
            ports.append(port.id)
    return LogicalScene(
        networks=tuple(one for one in scene.networks if one.id in near),
        switches=tuple(one for one in scene.switches if one.id in near),
        routers=tuple(one for one in scene.routers if one.id in near),
        ports=tuple(replace(one, chassis=(), groups=()) for one in scene.ports if one.id in ports),
        links=tuple(links),
        facts=tuple(fact for fact in scene.facts if fact.owner in passed),
    )
