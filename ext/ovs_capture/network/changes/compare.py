"""Two snapshots of a host, entry by entry.

Captures of one command are compared with each other. Of several the last whole one is the state
(snapshot rule), as everywhere. Absence proves something only in a whole capture: what stands on one
side only is new or gone when the other side's capture is whole, else it is *unproven*.

A thing that several commands print (a device: ``ip link``, ``ip addr``) is one change.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from ...formats.base import Entry
from ...formats.ovsdb_list import OvsdbRow
from ...formats.reading import Capture
from ...openflow.flow import Flow
from ..snapshot import dumped_bridge, dumps_all, is_whole, place_of
from .conjunctions import conjunctions_of, same_conjunctions
from .flow_identity import flow_identity, learning_tables, words_of
from .identity import Compared, Identity, Side, identity, row_name
from .joins import joins
from .model import Change, ChangeKind, FieldChange, HostChanges, Located, Registers, Snapshot
from .renumbering import renumbered
from .vlan_register import vlan_register
from .zones import bridges_with_zones, same_zones, zone_registers, zones_of

Topic = tuple[str, ...]
Key = tuple[str, tuple[str, ...]]
# Formats of which one capture is all of one kind, whatever options and names the command has.
_BY_PLACE = ("ip_link", "ip_addr", "ip_brief")


class _Entry(NamedTuple):
    identity: Identity
    located: Located


@dataclass
class _Thing:
    """One thing in all topics: where it stands on either side, and what differs."""

    before: Located | None = None
    after: Located | None = None
    both: bool = False
    proven: bool = False
    fields: dict[str, FieldChange] = field(default_factory=dict)


def compare_host(name: str, before: Snapshot | None, after: Snapshot | None) -> HostChanges:
    """What changed on one host; None: it was not there, or is not any more."""
    if before is None or after is None:
        return HostChanges(name, before, after)
    numbers = renumbered(before, after)
    vlans = [
        {one.before: f"VLAN of {one.carried}" for one in numbers},
        {one.after: f"VLAN of {one.carried}" for one in numbers},
    ]
    sides = [
        Side(one.network, other.network, of_it, _row_names(one.captures))
        for one, other, of_it in zip((before, after), (after, before), vlans, strict=True)
    ]
    registers = [
        _registers(one, other, side, frozenset((*vlans[0], *vlans[1])))
        for one, other, side in zip((before, after), (after, before), sides, strict=True)
    ]
    topics = [_topics(snapshot) for snapshot in (before, after)]
    zones = _same_zones(topics, registers, (before, after))
    renumbered_conjunctions = _same_conjunctions(topics, sides, registers)
    things: dict[Key, _Thing] = {}
    unread: list[Capture] = []
    pairs: list[tuple[Located, Located]] = []
    for topic, old in topics[0].items():
        new = topics[1].get(topic)
        if new is None:
            continue
        if old[-1].format.name == "raw":
            if [c.source.window for c in old] != [c.source.window for c in new]:
                unread.append(new[-1])
            continue
        learning = learning_tables(
            flow for c in (*old, *new) for flow in c.parsed.records if isinstance(flow, Flow)
        )
        entries = [
            _entries(captures, side, of_bridge, learning)
            for captures, side, of_bridge in zip((old, new), sides, registers, strict=True)
        ]
        pairs += _match(entries, (old, new), things)
    found = [_change(key, thing) for key, thing in things.items()]
    unproven = [
        one
        for one in things.values()
        if not one.proven and (one.before is None) != (one.after is None)
    ]
    return HostChanges(
        name,
        before,
        after,
        changes=tuple(one for one in found if one is not None),
        joins=joins(before.network, after.network, *vlans),
        renumbered=numbers,
        only_before=_without(topics[0], topics[1]),
        only_after=_without(topics[1], topics[0]),
        unread=tuple(unread),
        unproven=len(unproven),
        conjunctions=renumbered_conjunctions,
        zones=zones,
        pairs=tuple(pairs),
    )


def _same_zones(
    topics: Sequence[Mapping[Topic, Sequence[Capture]]],
    registers: Sequence[dict[str, Registers]],
    snapshots: Sequence[Snapshot],
) -> dict[str, int]:
    """How many zones of each bridge were renumbered; both sides call those that both know alike."""
    known = [zones_of(one.captures) for one in snapshots]
    both, renumbered_zones = same_zones(*known)
    if not both:
        return {}
    found = {}
    rows = bridges_with_zones(capture for one in snapshots for capture in one.captures)
    bridges = {topic[1] for topic in topics[0] if topic[0] == "flows" and topic in topics[1]}
    for bridge in sorted(bridges & rows if rows else bridges):
        carrying = zone_registers(flow for every in topics for flow in _flows_of(every, bridge))
        if not carrying:
            continue
        for of_side, zones in zip(registers, known, strict=True):
            names = {zone: f"zone of {name}" for zone, name in zones.items() if name in both}
            of_side[bridge] = replace(
                of_side.get(bridge, Registers()), zones=names, zone_registers=carrying
            )
        if renumbered_zones:
            found[bridge] = renumbered_zones
    return found


def _flows_of(every: Mapping[Topic, Sequence[Capture]], bridge: str) -> Iterator[Flow]:
    for topic, captures in every.items():
        if topic[:2] == ("flows", bridge):
            for capture in captures:
                yield from (one for one in capture.parsed.records if isinstance(one, Flow))


def _same_conjunctions(
    topics: Sequence[Mapping[Topic, Sequence[Capture]]],
    sides: Sequence[Side],
    registers: Sequence[dict[str, Registers]],
) -> dict[str, int]:
    """How many conjunctions of each bridge were renumbered; both sides call them alike then."""
    found = {}
    bridges = {topic[1] for topic in topics[0] if topic[0] == "flows" and topic in topics[1]}
    for bridge in sorted(bridges):
        meanings = []
        for every, side, known in zip(topics, sides, registers, strict=True):
            words = words_of(bridge, side, known.get(bridge, Registers()))
            meanings.append(conjunctions_of(_flows_of(every, bridge), words))
        same = same_conjunctions(*meanings)
        for known, names in zip(
            registers,
            ({old: f"conjunction {old}" for old in same},
             {new: f"conjunction {old}" for old, new in same.items()}),
            strict=True,
        ):  # fmt: skip
            known[bridge] = replace(known.get(bridge, Registers()), conjunctions=names)
        if same:
            found[bridge] = len(same)
    return found


def _without(
    these: Mapping[Topic, Sequence[Capture]], those: Mapping[Topic, object]
) -> tuple[Capture, ...]:
    return tuple(found[-1] for topic, found in these.items() if topic not in those)


def _topics(snapshot: Snapshot) -> dict[Topic, list[Capture]]:
    """The captures that show the state, by what they show."""
    bridges = [bridge.name for bridge in snapshot.network.bridges]
    found: dict[Topic, list[Capture]] = defaultdict(list)
    for capture in snapshot.captures:
        found[_topic(capture, bridges)].append(capture)
    return {topic: _state(captures) for topic, captures in found.items()}


def _state(captures: list[Capture]) -> list[Capture]:
    whole = [capture for capture in captures if is_whole(capture)]
    return whole[-1:] or captures


def _topic(capture: Capture, bridges: Sequence[str]) -> Topic:
    place = tuple(part or "" for part in place_of(capture))
    if (bridge := dumped_bridge(capture, bridges)) is not None:
        # "dump-flows br-int table=0" and "... | grep" show a part; the words tell which.
        return ("flows", bridge, *place, *(() if dumps_all(capture) else _asked(capture)))
    if capture.command is None:
        return (capture.format.name, capture.source.name.rsplit("/", 1)[-1])
    if capture.format.name in _BY_PLACE and is_whole(capture):
        return (capture.format.name, *place)
    return (capture.format.name, *place, *_asked(capture))


def _asked(capture: Capture) -> tuple[str, ...]:
    """The command without its options, and its filters."""
    command = capture.command
    if command is None:
        return ()
    return (command.program, *command.arguments, *command.filters)


def _registers(
    one: Snapshot, other: Snapshot, side: Side, renumbered_vlans: frozenset[int]
) -> dict[str, Registers]:
    """What registers carry, by bridge, as far as either side proves it."""
    none = Registers()
    found = {}
    for bridge in (*one.registers, *other.registers):
        known = one.registers.get(bridge, none).with_other(other.registers.get(bridge, none))
        if renumbered_vlans and not known.vlans:
            flows = (
                record
                for capture in one.captures
                if dumped_bridge(capture) == bridge
                for record in capture.parsed.records
                if isinstance(record, Flow)
            )
            port = partial(side.port, bridge)
            register = vlan_register(one.network, bridge, flows, port)
            if register is not None:
                vlans = {(register, vlan): vlan for vlan in renumbered_vlans}
                known = Registers(known.ports, vlans)
        found[bridge] = known
    return found


def _row_names(captures: Iterable[Capture]) -> dict[str, str]:
    """Names of OVSDB rows by UUID; a row without a name keeps its UUID."""
    found = {}
    for capture in captures:
        for record in capture.parsed.records:
            if isinstance(record, OvsdbRow) and record.uuid and (name := row_name(record)):
                found[record.uuid] = f"{record.table} {name}"
    return found


def _entries(
    captures: Sequence[Capture],
    side: Side,
    registers: Mapping[str, Registers],
    learning: frozenset[int],
) -> dict[Key, _Entry]:
    """Entries by what they are; the second of two equal ones is another thing."""
    found: dict[Key, _Entry] = {}
    bridges = [bridge.name for bridge in side.network.bridges]
    for capture in captures:
        bridge = dumped_bridge(capture, bridges) or ""
        of_bridge = registers.get(bridge, Registers())
        times: dict[Key, int] = {}
        for record in capture.parsed.records:
            if isinstance(record, Flow):
                told = flow_identity(record, bridge, side, of_bridge, learning)
            elif (of_record := identity(record, capture, side)) is not None:
                told = of_record
            else:
                continue
            told = _without_secrets(told, capture, record)
            key = (told.what, told.key)
            times[key] = times.get(key, 0) + 1
            if times[key] > 1:
                key = (told.what, (*told.key, f"#{times[key]}"))
            found[key] = _Entry(told, Located(record, capture))
    return found


def _without_secrets(told: Identity, capture: Capture, record: Entry) -> Identity:
    """That a secret changed is told, never what it is: what is shown of it is asterisks."""
    inside = [span for span in capture.secrets if span in record.span]
    secrets = sorted({capture.source.slice(span) for span in inside} - {""}, key=len, reverse=True)
    if not secrets:
        return told

    def masked(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, "*" * len(secret))
        return text

    fields: dict[str, Compared] = {}
    for name, (compared, shown) in told.fields.items():
        if isinstance(shown, tuple):
            fields[name] = (compared, tuple(masked(text) for text in shown))
        else:
            fields[name] = (compared, masked(shown) if shown else shown)
    return Identity(told.what, tuple(masked(part) for part in told.key), fields)


def _match(
    entries: Sequence[Mapping[Key, _Entry]],
    captures: tuple[Sequence[Capture], Sequence[Capture]],
    things: dict[Key, _Thing],
) -> Iterator[tuple[Located, Located]]:
    """Note what one topic shows of each thing; the entries that both sides have."""
    old, new = entries
    whole = [all(is_whole(capture) for capture in of_side) for of_side in captures]
    for key in dict.fromkeys((*old, *new)):
        thing = things.setdefault(key, _Thing())
        one, other = old.get(key), new.get(key)
        thing.before = thing.before or (one and one.located)
        thing.after = thing.after or (other and other.located)
        if one is not None and other is not None:
            yield one.located, other.located
            if not thing.both:
                # What this topic shows on both sides is the best evidence.
                thing.before, thing.after = one.located, other.located
            differing = dict(_fields(one, other))
            if differing and not thing.fields:
                thing.before, thing.after = one.located, other.located
            thing.both = True
            thing.fields.update(differing)
        elif whole[1] if one is not None else whole[0]:
            thing.proven = True


def _fields(one: _Entry, other: _Entry) -> Iterator[tuple[str, FieldChange]]:
    """What differs. What only one side prints is a difference where both were asked alike."""
    alike = _words(one.located.capture) == _words(other.located.capture)
    old, new = one.identity.fields, other.identity.fields
    for name in dict.fromkeys((*old, *new)):
        if (name in old and name in new) or alike:
            before: Compared = old.get(name, (None, None))
            after: Compared = new.get(name, (None, None))
            if before[0] != after[0]:
                yield name, FieldChange(name, before[1], after[1])


def _words(capture: Capture) -> tuple[str, ...]:
    return capture.command.words if capture.command else ()


def _change(key: Key, thing: _Thing) -> Change | None:
    what, name = key
    kind: ChangeKind = "changed"
    if thing.both:
        if not thing.fields:
            return None
    elif thing.before is not None and thing.after is not None:
        # Each side shows it in another command only.
        return None
    elif not thing.proven:
        return None
    else:
        kind = "gone" if thing.after is None else "new"
    return Change(kind, what, name, thing.before, thing.after, tuple(thing.fields.values()))
