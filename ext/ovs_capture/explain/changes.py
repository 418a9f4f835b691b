"""What changed, in words: a line of counts, then each change with what is different in it.

Of a flow that is new or gone the reading says what it does and the purpose why it is there; of one
that changed the reading before and after. Facts are those of ``network.changes``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..formats.reading import Capture
from ..formats.secrets import secret_spans
from ..logical.flow import LogicalFlow
from ..network.changes.model import (
    Change,
    ChangeKind,
    FieldChange,
    HostChanges,
    Join,
    Located,
    Registers,
    Renumbered,
    Value,
)
from ..openflow.flow import Flow
from ..openflow.values import number
from ..source import Source
from . import refs
from .flows import reading
from .groups import Column, Shared, shared
from .groups import Told as ToldValues
from .logical.names import LogicalNames
from .logical.purpose import purpose as logical_purpose
from .logical.reading import reading as logical_reading
from .logical.versions import versions_of
from .message import Message, Param, Ref, RefKind, Series
from .names import Names
from .pipeline import Pipeline
from .purpose import purpose
from .tables import groups_of

# From so many flows of one form on they are told as one; so many values of a column are named.
LEAST_OF_A_GROUP = 3
MOST_VALUES = 8
KINDS: tuple[ChangeKind, ...] = ("moved", "new", "gone", "changed")


class FlowWords(NamedTuple):
    """What explains the flows of one bridge at one time."""

    names: Names
    pipeline: Pipeline | None


class Thing(NamedTuple):
    """A kind of thing. ``holes``: of ``phrase``, in order of the key; "" where it is not said.

    ``title``: of several, a heading.
    """

    title: Message
    phrase: Message
    holes: tuple[tuple[str, RefKind] | None, ...]


_NAME: tuple[str, RefKind] = ("name", "code")
_DEVICE: tuple[str, RefKind] = ("name", "device")
_BRIDGE: tuple[str, RefKind] = ("bridge", "bridge")

# In the order in which a page tells them. The last part of many keys is a place (``_in_place``).
THINGS: Mapping[str, Thing] = {
    "guest": Thing(Message("Guests"), Message("Guest %(name)s"), (_NAME,)),
    "guest-nic": Thing(
        Message("NICs of guests"), Message("NIC %(name)s of a guest"), (("name", "mac"),)
    ),
    "namespace": Thing(
        Message("Namespaces"), Message("Namespace %(name)s"), (("name", "namespace"),)
    ),
    "device": Thing(Message("Devices"), Message("Device %(name)s"), (_DEVICE,)),
    "bridge": Thing(Message("Bridges"), Message("Bridge %(name)s"), (("name", "bridge"),)),
    "switch": Thing(Message("Open vSwitch"), Message("Open vSwitch"), ()),
    "port": Thing(
        Message("Ports"), Message("Port %(name)s of %(bridge)s"), (_BRIDGE, _DEVICE)
    ),
    "bridge-port": Thing(
        Message("Ports of Linux bridges"), Message("Bridge port %(name)s"), (_DEVICE,)
    ),
    "bond": Thing(Message("Bonds"), Message("Bond %(name)s"), (_DEVICE,)),
    "bond-member": Thing(
        Message("Members of bonds"),
        Message("Member %(name)s of %(bond)s"),
        (_DEVICE, ("bond", "device")),
    ),
    "tunnel": Thing(
        Message("Tunnels"),
        Message("Tunnel %(name)s (%(type)s) to %(remote)s"),
        (_DEVICE, ("type", "code"), ("remote", "address")),
    ),
    "route": Thing(Message("Routes"), Message("Route to %(name)s"), (("name", "address"),)),
    "neighbour": Thing(
        Message("Neighbours"), Message("Neighbour %(name)s"), (("name", "address"),)
    ),
    "lease": Thing(
        Message("DHCP leases"), Message("DHCP lease of %(name)s"), (("name", "mac"),)
    ),
    "reservation": Thing(
        Message("DHCP reservations"), Message("DHCP reservation of %(name)s"), (("name", "mac"),)
    ),
    "dhcp-option": Thing(
        Message("DHCP options"),
        Message("DHCP option %(option)s of %(name)s"),
        (_NAME, ("option", "code")),
    ),
    "hosts-entry": Thing(
        Message("Host names"), Message("Host names of %(name)s"), (("name", "address"),)
    ),
    "flow": Thing(
        Message("Flows"),
        Message("Flow of %(bridge)s, table %(table)s, priority %(priority)s"),
        (_BRIDGE, ("table", "table"), ("priority", "code")),
    ),
    "learned-flow": Thing(
        Message("Learned flows"),
        Message("Learned flow of %(bridge)s, table %(table)s, priority %(priority)s"),
        (_BRIDGE, ("table", "table"), ("priority", "code")),
    ),
    "logical-flow": Thing(
        Message("Logical flows"),
        Message("Logical flow of %(name)s, %(pipeline)s, %(stage)s, priority %(priority)s"),
        (_NAME, ("pipeline", "code"), ("stage", "code"), ("priority", "code")),
    ),
    "group": Thing(
        Message("Groups"), Message("Group %(name)s of %(bridge)s"), (_BRIDGE, _NAME)
    ),
    "meter": Thing(
        Message("Meters"), Message("Meter %(name)s of %(bridge)s"), (_BRIDGE, _NAME)
    ),
    "datapath-port": Thing(
        Message("Ports of the datapath"), Message("Datapath port %(name)s"), (None, _DEVICE)
    ),
    "datapath-feature": Thing(
        Message("Features of the datapath"),
        Message("Feature of the datapath of %(bridge)s: %(name)s"),
        (_BRIDGE, _NAME),
    ),
    "learned": Thing(
        Message("Learned MAC addresses"), Message("Learned MAC %(name)s"), (("name", "mac"),)
    ),
    "forwarding": Thing(
        Message("Forwarding entries"),
        Message("Forwarding entry %(name)s of %(device)s"),
        (("name", "mac"), ("device", "device")),
    ),
    "row": Thing(
        Message("Database rows"), Message("%(table)s %(name)s"), (("table", "code"), _NAME)
    ),
    "resource": Thing(
        Message("OpenStack resources"),
        Message("OpenStack %(object)s %(name)s"),
        (("object", "code"), _NAME),
    ),
    "datapath": Thing(
        Message("Logical switches and routers"), Message("Logical datapath %(name)s"), (_NAME,)
    ),
    "logical-port": Thing(
        Message("Logical ports"), Message("Logical port %(name)s of %(datapath)s"),
        (("datapath", "code"), _NAME),
    ),
    "nat": Thing(Message("NAT rules"), Message("NAT rule of %(name)s"), (_NAME,)),
    "load-balancer": Thing(
        Message("Load balancers"), Message("Load balancer %(name)s"), (_NAME,)
    ),
    "named-row": Thing(
        Message("Database rows"), Message("%(table)s %(name)s"), (("table", "code"), None, _NAME)
    ),
    "chassis": Thing(Message("Chassis"), Message("Chassis %(name)s"), (_NAME,)),
    "encap": Thing(
        Message("Tunnel ends"), Message("Tunnel end (%(type)s) of %(name)s"),
        (_NAME, ("type", "code")),
    ),
    "binding": Thing(
        Message("Port bindings"), Message("Port binding %(name)s"), (_NAME,)
    ),
    "chain": Thing(Message("Chains"), Message("Chain %(name)s"), (_NAME,)),
    "process": Thing(Message("Processes"), Message("Process %(name)s"), (_NAME,)),
    "socket": Thing(
        Message("Sockets"),
        Message("Socket %(name)s %(local)s:%(port)s"),
        (_NAME, None, ("local", "address"), ("port", "code")),
    ),
    "entry": Thing(Message("Other entries"), Message("Entry of %(name)s"), (_NAME,)),
}  # fmt: skip
# Kinds whose key ends with the place of the capture, by the length of the key.
_PLACED = {
    "device": 2, "bridge": 2, "bridge-port": 2, "namespace": 2, "route": 5, "neighbour": 3,
    "forwarding": 5, "chain": 2, "process": 2,
}  # fmt: skip

_FIELDS: Mapping[str, Message] = {
    "tag": Message("VLAN tag"),
    "trunks": Message("trunk VLANs"),
    "mtu": Message("MTU"),
    "master": Message("bridge or bond"),
    "flags": Message("flags"),
    "operstate": Message("state", context="field"),
    "state": Message("state", context="field"),
    "address": Message("MAC address", context="field"),
    "addresses": Message("addresses"),
    "via": Message("next hop"),
    "nexthops": Message("next hops"),
    "dev": Message("device", context="field"),
    "src": Message("source address"),
    "ip": Message("address", context="field"),
    "hostname": Message("host name"),
    "actions": Message("actions"),
    "buckets": Message("buckets"),
    "options.remote_ip": Message("remote tunnel end"),
    "options.local_ip": Message("local tunnel end"),
    "bridge": Message("bridge", context="field"),
    "vlan": Message("VLAN", context="field"),
    "prefix": Message("network", context="field"),
    "chassis": Message("chassis", context="field"),
    "ovs_version": Message("version", context="field"),
    "port": Message("port", context="field"),
    "name": Message("name", context="field"),
    "bond_mode": Message("mode", context="field"),
    "active_member": Message("active member"),
    "value": Message("value", context="field"),
}

COUNTED: Mapping[ChangeKind, Message] = {
    "new": Message("%(count)s new"),
    "gone": Message("%(count)s gone"),
    "changed": Message("%(count)s changed"),
    "moved": Message("%(count)s moved"),
}
KIND_WORDS: Mapping[ChangeKind, Message] = {
    "new": Message("new", context="change"),
    "gone": Message("gone", context="change"),
    "changed": Message("changed", context="change"),
    "moved": Message("moved", context="change"),
}
_HEADLINES: Mapping[ChangeKind, Message] = {
    "new": Message("%(thing)s is new.", context="change"),
    "gone": Message("%(thing)s is gone.", context="change"),
    "changed": Message("%(thing)s has changed.", context="change"),
}

_RUNNING = {"running", "実行中"}


@dataclass(frozen=True)
class Told:
    """One change in words. ``details``: what differs, a line each.

    ``members``: of flows of one form that all are new, or gone: each by itself; ``change`` is that
    of the first.
    """

    change: Change
    headline: Message
    details: tuple[Message, ...] = ()
    members: tuple["Told", ...] = ()


@dataclass(frozen=True)
class Section:
    """Changes of one kind of thing on a host."""

    what: str
    title: Message
    entries: tuple[Told, ...]

    @property
    def each(self) -> Iterator[Told]:
        """Every change by itself."""
        for told in self.entries:
            yield from told.members or (told,)


def registers_of(names: Names) -> Registers:
    """What the flows of a bridge prove its registers to carry."""
    return Registers(names.ports_of, names.vlans_of)


def summary(hosts: Sequence[HostChanges]) -> Message:
    """``Ports: 1 new, 1 gone; flows: 16 new``: all hosts together; that nothing changed is said."""
    counts = Counter((one.what, one.kind) for host in hosts for one in host.changes)
    items: list[Param] = []
    for what, thing in THINGS.items():
        counted = tuple(
            Message(COUNTED[kind].msgid, {"count": counts[what, kind]})
            for kind in KINDS
            if counts[what, kind]
        )
        if counted:
            params: dict[str, Param] = {"things": thing.title, "counts": Series(counted, "plain")}
            items.append(Message("%(things)s: %(counts)s", params, "counts"))
    if items:
        return Message("%(counts)s.", {"counts": _joined(items)}, "summary")
    if all(host.nothing for host in hosts):
        return Message("Nothing has changed.")
    return Message("No entry has changed.")


def _joined(items: Sequence[Param]) -> Param:
    joined = items[0]
    for item in items[1:]:
        joined = Message("%(head)s; %(last)s", {"head": joined, "last": item}, "counts")
    return joined


def sections(
    host: HostChanges, before: Mapping[str, FlowWords], after: Mapping[str, FlowWords]
) -> tuple[Section, ...]:
    """The changes of a host by kind. ``before``, ``after``: what explains flows, by bridge."""
    by_what: dict[str, list[Change]] = {}
    for one in host.changes:
        by_what.setdefault(one.what, []).append(one)
    logical = {
        "before": _logical_names(host, before_side=True),
        "after": _logical_names(host, before_side=False),
    }
    found = []
    for what, thing in THINGS.items():
        changes = sorted(by_what.get(what, ()), key=_order)
        if changes:
            told = [_told(one, before, after, logical) for one in changes]
            found.append(Section(what, thing.title, tuple(_grouped(told, before, after))))
    return tuple(found)


def _order(change: Change) -> tuple[object, ...]:
    """Flows as a bridge tries them; what is gone and what came in its place stand together."""
    flow = change.flow
    if flow is not None:
        return (change.key[0], flow.table, -flow.priority, change.key, KINDS.index(change.kind))
    return (KINDS.index(change.kind), change.key)


def _logical_names(host: HostChanges, *, before_side: bool) -> LogicalNames | None:
    snapshot = host.before if before_side else host.after
    if snapshot is None or not any(one.what == "logical-flow" for one in host.changes):
        return None
    flows = [
        record
        for capture in snapshot.captures
        for record in capture.parsed.records
        if isinstance(record, LogicalFlow)
    ]
    return LogicalNames.of(snapshot.network, flows, versions_of(flows)) if flows else None


def _grouped(
    told: Sequence[Told], before: Mapping[str, FlowWords], after: Mapping[str, FlowWords]
) -> Iterator[Told]:
    """Flows of one form that came or went together, as one."""
    of_bridge: dict[tuple[str, ChangeKind], list[Told]] = {}
    for one in told:
        if one.change.flow is not None and one.change.kind in ("new", "gone"):
            of_bridge.setdefault((one.change.key[0], one.change.kind), []).append(one)
    groups: dict[int, Told] = {}
    inside: set[int] = set()
    for (bridge, kind), every in of_bridge.items():
        words = (after if kind == "new" else before).get(bridge)
        known = words or FlowWords(Names(bridge or None), None)
        by_flow = {id(one.change.flow): one for one in every}
        flows = [one.change.flow for one in every if one.change.flow is not None]
        values = ToldValues()
        for group in groups_of(flows, known.pipeline, known.names):
            if len(group.flows) >= LEAST_OF_A_GROUP:
                members = tuple(by_flow[id(flow)] for flow in group.flows)
                common = shared(group.flows, group.shape, known.names, values)
                groups[id(members[0])] = _group(members, common)
                inside |= {id(one) for one in members}
    for one in told:
        if id(one) in groups:
            yield groups[id(one)]
        elif id(one) not in inside:
            yield one


def _group(members: tuple[Told, ...], common: Shared) -> Told:
    change = members[0].change
    details = [common.reading]
    if common.purpose is not None:
        details.append(Message("Purpose: %(purpose)s", {"purpose": common.purpose.message}))
    details += [_differing(column) for column in common.columns]
    params: dict[str, Param] = {
        "count": len(members),
        "bridge": Ref("bridge", change.key[0]),
        "table": Ref("table", change.key[1]),
        "priority": Ref("code", change.key[2]),
    }
    frame = _GROUPS[change.kind]
    return Told(change, Message(frame.msgid, params, frame.context), tuple(details), members)


_GROUPS: Mapping[ChangeKind, Message] = {
    "new": Message(
        "%(count)s flows of one form in %(bridge)s, table %(table)s, priority %(priority)s, "
        "are new."
    ),
    "gone": Message(
        "%(count)s flows of one form in %(bridge)s, table %(table)s, priority %(priority)s, "
        "are gone."
    ),
}


def _differing(column: Column) -> Message:
    """``They differ in port (14 values): tap1, tap2, ...``."""
    values = tuple(column.told[one] for one in sorted(column.told, key=_in_order))
    named: Param = Series(values[:MOST_VALUES], "plain")
    if len(values) > MOST_VALUES:
        named = Message(
            "%(values)s and %(count)s more",
            {"values": named, "count": len(values) - MOST_VALUES},
            "values",
        )
    return Message(
        "They differ in %(field)s (values: %(count)s): %(values)s.",
        {"field": column.head, "count": len(values), "values": named},
    )


def _in_order(value: str) -> tuple[bool, int, str]:
    """Numbers by their size, then words."""
    n = number(value)
    return n is None, n or 0, value


def _told(
    change: Change,
    before: Mapping[str, FlowWords],
    after: Mapping[str, FlowWords],
    logical: Mapping[str, LogicalNames | None],
) -> Told:
    details: list[Message] = []
    if change.flow is not None or isinstance(change.shown.record, LogicalFlow):
        details += _flow_details(change, before, after, logical)
    details += [
        field_words(one)
        for one in change.fields
        if not (one.name == "actions" and details) and not _is_said(change, one)
    ]
    return Told(change, headline(change), tuple(details))


def _flow_details(
    change: Change,
    before: Mapping[str, FlowWords],
    after: Mapping[str, FlowWords],
    logical: Mapping[str, LogicalNames | None],
) -> Iterator[Message]:
    """The reading on each side that matters, then what the flow is for."""
    sides = (("before", change.before, before), ("after", change.after, after))
    for side, located, words in sides:
        if located is None:
            continue
        told = _reading(located, change.key[0], words, logical[side])
        if told is None:
            continue
        sentence, why = told
        if change.kind == "changed":
            frame = _BEFORE if side == "before" else _NOW
            yield Message(frame.msgid, {"reading": sentence})
            if side == "before":
                continue
        else:
            yield sentence
        if why is not None:
            yield Message("Purpose: %(purpose)s", {"purpose": why})


_BEFORE = Message("Before: %(reading)s")
_NOW = Message("Now: %(reading)s")


def _reading(
    located: Located, bridge: str, words: Mapping[str, FlowWords], logical: LogicalNames | None
) -> tuple[Message, Message | None] | None:
    record = located.record
    if isinstance(record, Flow):
        known = words.get(bridge) or FlowWords(Names(bridge or None), None)
        why = purpose(record, known.pipeline, known.names)
        return reading(record, known.names), why.message if why else None
    if isinstance(record, LogicalFlow) and logical is not None:
        told = logical_purpose(record, logical)
        return logical_reading(record, logical), told.message if told else None
    return None


def thing_words(change: Change) -> Message:
    """The thing as a noun phrase: ``Port tap1 of br-int``, ``Device eth0 in qdhcp-...``."""
    thing = THINGS.get(change.what, THINGS["entry"])
    params: dict[str, Param] = {}
    for hole, value in zip(thing.holes, change.key, strict=False):
        if hole is not None:
            params[hole[0]] = Ref(hole[1], value)
    if change.what == "guest":
        name = getattr(change.shown.record, "name", None) or change.key[0]
        params["name"] = Ref("guest", str(name))
    said = Message(thing.phrase.msgid, params)
    placed = _PLACED.get(change.what)
    place = change.key[placed - 1] if placed and len(change.key) >= placed else ""
    if not place:
        return said
    return Message("%(thing)s in %(place)s", {"thing": said, "place": Ref("code", place)})


def headline(change: Change) -> Message:
    """One sentence."""
    if change.kind == "moved" and change.hosts is not None:
        source, target = (Ref("host", host) for host in change.hosts)
        return Message(
            "%(thing)s moved from %(source)s to %(target)s.",
            {"thing": thing_words(change), "source": source, "target": target},
        )
    for one in change.fields:
        if _is_said(change, one):
            frame = _STARTED if one.after in _RUNNING else _STOPPED
            return Message(frame.msgid, {"thing": thing_words(change)})
    frame = _HEADLINES[change.kind]
    return Message(frame.msgid, {"thing": thing_words(change)}, frame.context)


_STARTED = Message("%(thing)s was started.")
_STOPPED = Message("%(thing)s was stopped.")


def _is_said(change: Change, one: FieldChange) -> bool:
    """Does the headline say it: that a guest was started or stopped?"""
    states = {one.before in _RUNNING, one.after in _RUNNING}
    return change.what == "guest" and one.name == "state" and states == {True, False}


def field_words(change: FieldChange) -> Message:
    """``MTU: 1500 -> 1400``; of a set what came and what went."""
    prefix, _, last = change.name.rpartition(" ")
    name: Param = _FIELDS.get(last) or Ref("code", last)
    if prefix:
        name = Message("%(field)s of %(device)s", {"field": name, "device": refs.device(prefix)})
    if isinstance(change.before, tuple) or isinstance(change.after, tuple):
        return _set_words(name, _items(change.before), _items(change.after))
    params: dict[str, Param] = {"field": name}
    if change.before is None:
        return Message("%(field)s: %(after)s, none before", {**params, **_value("after", change)})
    if change.after is None:
        return Message(
            "%(field)s: none any more, %(before)s before", {**params, **_value("before", change)}
        )
    return Message(
        "%(field)s: %(before)s → %(after)s",
        {**params, **_value("before", change), **_value("after", change)},
    )


def _value(side: str, change: FieldChange) -> dict[str, Param]:
    value = change.before if side == "before" else change.after
    text = value if isinstance(value, str) else ""
    match change.name.rpartition(" ")[2]:
        case "tag" | "vlan" if text.isdecimal():
            return {side: Ref("vlan", text)}
        case "master" | "bridge":
            return {side: Ref("bridge", text)}
        case "dev" | "port":
            return {side: Ref("device", text)}
        case "via" | "src" | "ip" | "prefix" | "options.remote_ip" | "options.local_ip":
            return {side: Ref("address", text)}
        case "address":
            return {side: Ref("mac", text.lower())}
    return {side: Ref("code", text)}


def _items(value: Value) -> tuple[str, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _set_words(name: Param, before: Sequence[str], after: Sequence[str]) -> Message:
    came = _codes(item for item in after if item not in before)
    went = _codes(item for item in before if item not in after)
    params: dict[str, Param] = {"field": name, "came": came, "went": went}
    if not came.items:
        return Message("%(field)s: without %(went)s", params)
    if not went.items:
        return Message("%(field)s: with %(came)s", params)
    return Message("%(field)s: with %(came)s, without %(went)s", params)


def _codes(texts: Iterable[str]) -> Series:
    return Series(tuple(Ref("code", text) for text in texts), "plain")


def renumbered_words(one: Renumbered) -> Message:
    """Said once, in place of every flow that names the VLAN."""
    return Message(
        "The local VLAN of %(network)s was renumbered: %(before)s → %(after)s. Flows and ports "
        "that differ in it alone are not told.",
        {
            "network": Ref("code", one.carried),
            "before": Ref("vlan", str(one.before)),
            "after": Ref("vlan", str(one.after)),
        },
    )


def join_words(join: Join) -> Message:
    """``instance00 (fa:16:...) now hangs on br-int, VLAN 2; before: br-int, VLAN 1``."""
    if join.what == "attachment":
        change = join.fields[0]
        return Message(
            "%(device)s is on network %(after)s now, on %(before)s before.",
            {
                "device": refs.device(join.key[0]),
                **_value("before", change),
                **_value("after", change),
            },
        )
    return Message(
        "The NIC %(nic)s of %(guest)s hangs elsewhere: %(fields)s.",
        {
            "nic": Ref("mac", join.key[1]),
            "guest": Ref("guest", join.key[0]),
            "fields": Series(tuple(field_words(one) for one in join.fields), "plain"),
        },
    )


def notes(host: HostChanges) -> tuple[Message, ...]:
    """What is to be known of a host besides its changes: what could not be compared."""
    if host.before is None:
        return (Message("This host is only in the later captures."),)
    if host.after is None:
        return (Message("This host is only in the earlier captures."),)
    found = [
        Message(
            "Conjunctions of %(bridge)s that only have another number: %(count)s. Flows that "
            "differ in it alone are not told.",
            {"bridge": Ref("bridge", bridge), "count": count},
        )
        for bridge, count in host.conjunctions.items()
    ]
    found += [
        Message(
            "Connection tracking zones of %(bridge)s that only have another number: %(count)s. "
            "Flows that differ in it alone are not told.",
            {"bridge": Ref("bridge", bridge), "count": count},
        )
        for bridge, count in host.zones.items()
    ]
    for captures, frame in ((host.only_before, _ONLY_BEFORE), (host.only_after, _ONLY_AFTER)):
        names = _codes(_called(capture) for capture in captures)
        if names.items:
            found.append(Message(frame.msgid, {"captures": names}))
    if host.unread:
        names = _codes(_called(capture) for capture in host.unread)
        found.append(
            Message("Differ, but are of no format that is read: %(captures)s.", {"captures": names})
        )
    if host.unproven:
        found.append(
            Message(
                "Entries of one side only, where the other side's capture is cut: %(count)s. "
                "Whether they are new or gone is not known.",
                {"count": host.unproven},
            )
        )
    return tuple(found)


def _called(capture: Capture) -> str:
    """The command as typed, its secrets as asterisks; else the file's name."""
    if capture.command is None:
        return capture.source.name.rsplit("/", 1)[-1]
    text = capture.command.text
    for span in secret_spans(Source("", text)):
        text = text[: span.start] + "*" * (span.end - span.start) + text[span.end :]
    return text


_ONLY_BEFORE = Message("Only captured earlier, not compared: %(captures)s.")
_ONLY_AFTER = Message("Only captured later, not compared: %(captures)s.")
