"""Which flow of a table a packet meets: tuple space search.

Lives here: one dictionary for each set of masks in a table, the sets in order of the highest
priority in them (lib/classifier.c does the same), and conjunctions. A table of 50 000 flows has
some ten sets, so a look-up asks some ten dictionaries.
"""

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import NamedTuple

from ..network.model import Evidence
from ..openflow.flow import Flow
from .keys import Tests, key_of
from .packet import Packet


class Entry(NamedTuple):
    """A flow in a table. ``order``: its place in the dump. ``dimensions``: of conjunctions,
    (id, k, n); a flow that has them is no flow of its own (ovs-actions(7), conjunction)."""

    flow: Flow
    priority: int
    order: int
    dimensions: tuple[tuple[int, int, int], ...]
    source: Evidence
    masks: tuple[tuple[str, int], ...]


class Hit(NamedTuple):
    """What was met; ``rivals``: other flows of the same priority that match too."""

    entry: Entry | None
    rivals: tuple[Entry, ...] = ()


_NOTHING = Hit(None)


class _MaskSet:
    """Flows that test the same bits, by the values that they ask for."""

    def __init__(self, masks: tuple[tuple[str, int], ...]) -> None:
        self.highest = -1
        self.entries: dict[object, list[Entry]] = {}
        self.key: Callable[[Packet], object] = _key_maker(masks)

    def add(self, values: tuple[int, ...], entry: Entry) -> None:
        self.entries.setdefault(values[0] if len(values) == 1 else values, []).append(entry)
        self.highest = max(self.highest, entry.priority)


def _key_maker(masks: tuple[tuple[str, int], ...]) -> Callable[[Packet], object]:
    if not masks:
        return lambda packet: ()
    names = itemgetter(*(entry for entry, _ in masks))
    ones = tuple(mask for _, mask in masks)
    if len(masks) == 1:
        (one,) = ones
        return lambda packet: names(packet) & one
    return lambda packet: tuple(map(int.__and__, names(packet), ones))


class Table:
    """The flows of one table. Sets are made when the first packet comes."""

    def __init__(self, flows: Iterable[tuple[Flow, Evidence]], ports: Mapping[str, int]) -> None:
        self.unread: list[Flow] = []
        found: dict[tuple[tuple[str, int], ...], _MaskSet] = {}
        for order, (flow, source) in enumerate(flows):
            key = key_of(flow.match, ports)
            if key.unread:
                self.unread.append(flow)
                continue
            masks = tuple((name, mask) for name, _, mask in key.tests)
            entry = Entry(flow, flow.priority, order, _dimensions(flow), source, masks)
            group = found.get(masks)
            if group is None:
                group = found[masks] = _MaskSet(masks)
            group.add(_values(key.tests), entry)
        for group in found.values():
            for entries in group.entries.values():
                entries.sort(key=lambda entry: -entry.priority)
        self._sets = sorted(found.values(), key=lambda group: -group.highest)

    def look_up(self, packet: Packet) -> Hit:
        """The flow of the highest priority that matches; of equals the first in the dump."""
        soft: list[Entry] = []
        hit = self._hard(packet, soft)
        if not soft:
            return hit
        floor = hit.entry.priority if hit.entry else -1
        by_priority: dict[int, list[Entry]] = {}
        for entry in soft:
            if entry.priority > floor:
                by_priority.setdefault(entry.priority, []).append(entry)
        for priority in sorted(by_priority, reverse=True):
            number = _complete(by_priority[priority])
            if number is not None:
                packet["conj_id"] = number
                whole = self._hard(packet, [])
                packet["conj_id"] = 0
                if whole.entry is not None:
                    return whole
        return hit

    def _hard(self, packet: Packet, soft: list[Entry]) -> Hit:
        best: Entry | None = None
        rivals: list[Entry] = []
        priority = -1
        for group in self._sets:
            if group.highest < priority:
                break
            entries = group.entries.get(group.key(packet))
            if entries is None:
                continue
            for entry in entries:
                if entry.priority < priority:
                    break
                if entry.dimensions:
                    soft.append(entry)
                    continue
                if best is None or entry.priority > priority:
                    best, priority, rivals = entry, entry.priority, []
                else:
                    rivals.append(entry)
                break
        if best is None:
            return _NOTHING
        if rivals:
            first, *others = sorted((best, *rivals), key=lambda entry: entry.order)
            return Hit(first, tuple(others))
        return Hit(best)


def _values(tests: Tests) -> tuple[int, ...]:
    return tuple(value for _, value, _ in tests)


def _dimensions(flow: Flow) -> tuple[tuple[int, int, int], ...]:
    found = []
    for action in flow.actions.items:
        if action.name != "conjunction":
            break
        arguments = action.arguments
        if arguments:
            found.append((int(arguments["id"], 0), int(arguments["k"]), int(arguments["n"])))
    return tuple(found)


def _complete(entries: Iterable[Entry]) -> int | None:
    """The conjunction of which every dimension is there."""
    seen: dict[tuple[int, int], set[int]] = {}
    for entry in entries:
        for number, k, n in entry.dimensions:
            dimensions = seen.setdefault((number, n), set())
            dimensions.add(k)
            if len(dimensions) == n:
                return number
    return None
