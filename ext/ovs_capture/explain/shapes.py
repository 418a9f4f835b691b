"""Shapes of flows that a known agent installs, and how a flow fits one.

Lives here: the small language of ``knowledge/neutron_ovs_tables.toml`` and ``ovn_flows.toml``
(explained in their heads) and its matching. A shape is held against parsed clauses and actions,
never against text, so that a dump over OpenFlow 1.0 and one over 1.3 fit the same shapes. Does not
live here: which shapes there are (``agents``).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from .. import knowledge
from ..openflow.actions import userdata_opcodes
from ..openflow.fields import find_field
from ..openflow.flow import Action, Clause, Flow
from ..openflow.values import number
from .message import Message
from .names import Names
from .values import in_own_format


class Slots(dict[str, str]):
    """What fills the slots of a shape, by their names."""


# Slots that only a port, or a datapath of OVN, of one kind fills.
ABOUT = ("patch", "local", "switch", "router")

_CLAUSE = re.compile(r"(?P<names>[^=?]+)(?:=(?P<values>[^/?]*)(?:/(?P<mask>[^?]*))?)?(?P<may>\?)?")
_SLOT = re.compile(r"\{(\w+)\}")
_MORE = "..."
_ANY = "*"


class Releases(NamedTuple):
    """Major versions in which something holds. ``backported``: majors before ``since`` too."""

    since: int | None
    until: int | None
    backported: tuple[int, ...] = ()

    def __contains__(self, release: object) -> bool:
        if not isinstance(release, int):
            return False
        if release in self.backported:
            return True
        return (self.since or 0) <= release <= (self.until or release)

    @property
    def first(self) -> int | None:
        """The first major, stable releases included."""
        return min((self.since, *self.backported)) if self.since is not None else None


class ClausePattern(NamedTuple):
    """``udp_src|tcp_src=67/0xff?``; no values: the bare shorthand."""

    names: tuple[str, ...]
    values: tuple[str, ...]
    mask: str | None
    optional: bool


class ActionPattern(NamedTuple):
    """``load field=reg5 value={ofport}``. ``any``: any arguments; ``more``: any number of these."""

    name: str
    arguments: Mapping[str, str]
    any: bool
    nested: tuple["ActionPattern", ...]
    any_nested: bool
    more: bool = False


@dataclass(frozen=True)
class Shape:
    """One kind of flow. ``priority``: lowest and highest, None when it does not matter.

    ``open``: the flow may have other clauses too.
    """

    id: str
    bridge: str
    table: int
    priority: tuple[int, int] | None
    clauses: tuple[ClausePattern, ...]
    actions: tuple[ActionPattern, ...]
    releases: Releases
    purpose: str
    evidence: str | None
    source: str
    open: bool = False

    @property
    def place(self) -> str:
        """Where its table is, for who looks up the source."""
        return f"{self.bridge}, table {self.table}"

    def fit(self, flow: Flow, names: Names) -> Slots | None:
        """What fills the slots when the flow is of this shape, else None."""
        slots = Slots()
        if self.looks_like(flow, slots) and _are_what_they_say(slots, names):
            return slots
        return None

    def looks_like(self, flow: Flow, slots: Slots) -> bool:
        """Is the flow of this shape as far as the flow itself tells? Fills the slots."""
        if flow.table != self.table:
            return False
        if self.priority and not self.priority[0] <= flow.priority <= self.priority[1]:
            return False
        if not _clauses_fit(flow.match.clauses, self.clauses, slots, self.open):
            return False
        return _actions_fit(tuple(_plain(flow.actions.items)), self.actions, slots)

    def may_have(self, priority: int, fields: Sequence[str]) -> bool:
        """Can a flow of this priority with these fields be of the shape? ``fit`` decides."""
        if self.priority is not None and not self.priority[0] <= priority <= self.priority[1]:
            return False
        if not self.open and any(
            all(name not in pattern.names for pattern in self.clauses) for name in fields
        ):
            return False
        return all(
            pattern.optional or any(name in pattern.names for name in fields)
            for pattern in self.clauses
        )

    @cached_property
    def literals(self) -> frozenset[str]:
        """The values that it asks for by themselves, as ``field value``.

        A number is written in decimal. Of what an action sets the field does not count: ``*``
        stands in its place.
        """
        found: set[str] = set()
        for clause in self.clauses:
            for value in _choices(clause.values):
                found.update(f"{name} {value}" for name in clause.names)
        found.update(f"* {value}" for value in _action_choices(self.actions))
        return frozenset(found)


@dataclass(frozen=True)
class Table:
    """One table of a bridge as the agent uses it. ``constant``: its name in the agent's code."""

    bridge: str
    number: int
    constant: str
    releases: Releases
    role: Message
    lead: Message
    source: str
    shapes: tuple[Shape, ...]


_RANGE = {"since", "until", "backported"}
_TABLE = {"bridge", "table", "constant", "role", "lead", "source", "shapes"} | _RANGE
_SHAPE = {"id", "priority", "match", "actions", "purpose", "evidence", "source"} | _RANGE


def _action_choices(patterns: Iterable[ActionPattern]) -> Iterator[str]:
    for pattern in patterns:
        yield from _choices(value for name, value in pattern.arguments.items() if name in _SET_TO)
        yield from _action_choices(pattern.nested)


# Arguments whose value is what the action sets, or where it sends.
_SET_TO = frozenset({"value", "vlan", "mac", "port", "id", "zone"})


def _choices(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        for choice in value.split("|"):
            if choice != "*" and not _SLOT.fullmatch(choice):
                yield comparable(choice)


def comparable(value: str) -> str:
    """Equal for values that are the same as text or as numbers."""
    n = number(value)
    return value if n is None else str(n)


def _releases(row: Mapping[str, Any]) -> Releases:
    return Releases(row.get("since"), row.get("until"), tuple(row.get("backported", ())))


def neutron_table(row: Mapping[str, Any], macros: Mapping[str, str]) -> Table:
    """A row of ``neutron_ovs_tables.toml``. KeyError when it is not understood."""
    knowledge.require_known(row, _TABLE, f"neutron_ovs_tables.toml: {row}")
    return Table(
        bridge=row["bridge"],
        number=row["table"],
        constant=row["constant"],
        releases=_releases(row),
        role=Message(row["role"]),
        lead=Message(row["lead"]),
        source=row["source"],
        shapes=tuple(_shape(shape, row, macros) for shape in row.get("shapes", ())),
    )


def _shape(row: Mapping[str, Any], table: Mapping[str, Any], macros: Mapping[str, str]) -> Shape:
    knowledge.require_known(row, _SHAPE, f"neutron_ovs_tables.toml: {row}")
    priority = row.get("priority")
    match, actions = row.get("match", ""), row["actions"]
    for name, text in sorted(macros.items(), key=lambda item: -len(item[0])):
        match, actions = match.replace(name, text), actions.replace(name, text)
    return Shape(
        id=row["id"],
        bridge=table["bridge"],
        table=table["table"],
        priority=(priority, priority) if isinstance(priority, int) else priority,
        clauses=clause_patterns(match),
        actions=tuple(action_patterns(actions)),
        releases=_releases(row),
        purpose=row["purpose"],
        evidence=row.get("evidence"),
        source=row.get("source", table["source"]),
    )


def clause_patterns(match: str) -> tuple[ClausePattern, ...]:
    """``ip, in_port={port}``. KeyError when it is no match."""
    return tuple(_clause_pattern(text) for text in match.split(", ") if text)


def _clause_pattern(text: str) -> ClausePattern:
    found = _CLAUSE.fullmatch(text.strip())
    if found is None:
        raise KeyError(f"no clause of a shape: {text!r}")
    values = found["values"]
    return ClausePattern(
        names=tuple(found["names"].split("|")),
        values=() if values is None else tuple(values.split("|")),
        mask=found["mask"],
        optional=found["may"] is not None,
    )


def action_patterns(text: str) -> Iterator[ActionPattern]:
    """``load field=reg5 value={ofport}; resubmit table=71``."""
    last: ActionPattern | None = None
    for item in (piece.strip() for piece in text.split(";")):
        if item == _MORE:
            assert last is not None, f"nothing before ... in {text!r}"
            yield last._replace(arguments={}, any=True, more=True)
            continue
        outer, nests, inner = (piece.strip() for piece in item.partition(">"))
        name, *words = outer.split()
        arguments = {word: value or "true" for word, _, value in (w.partition("=") for w in words)}
        any_arguments = arguments.pop(_MORE, None) is not None
        any_nested = inner == _MORE
        nested = tuple(action_patterns(inner)) if nests and not any_nested else ()
        last = ActionPattern(name, arguments, any_arguments, nested, any_nested)
        yield last


def _clauses_fit(
    clauses: Sequence[Clause], patterns: Sequence[ClausePattern], slots: Slots, others: bool
) -> bool:
    unused = list(patterns)
    for clause in clauses:
        pattern = next((p for p in unused if clause.field in p.names), None)
        if pattern is None and others:
            continue
        if pattern is None or not _clause_fits(clause, pattern, slots):
            return False
        unused.remove(pattern)
    return all(pattern.optional for pattern in unused)


def _clause_fits(clause: Clause, pattern: ClausePattern, slots: Slots) -> bool:
    if not pattern.values:
        return clause.value is None
    if clause.value is None:
        return False
    if pattern.values == ("*",) and pattern.mask is None:
        return True
    if pattern.mask == "*":
        masks = True
    elif pattern.mask is None or clause.mask is None:
        masks = pattern.mask is None and clause.mask is None
    else:
        masks = _same(clause.mask, pattern.mask)
    return masks and any(_value_fits(clause.value, value, slots) for value in pattern.values)


def _value_fits(value: str, pattern: str, slots: Slots) -> bool:
    if pattern == "*":
        return True
    if (slot := _SLOT.fullmatch(pattern)) is not None:
        return _same(slots.setdefault(slot[1], value), value)
    return any(_same(value, choice) for choice in pattern.split("|"))


def _same(a: str, b: str) -> bool:
    """Equal as text or as numbers: a port is 3 in a match and 0x3 in a load."""
    return a == b or (number(a) is not None and number(a) == number(b))


def _actions_fit(
    actions: Sequence[Action], patterns: Sequence[ActionPattern], slots: Slots
) -> bool:
    rest = list(actions)
    for place, pattern in enumerate(patterns):
        if pattern.name == _ANY:
            return _some_rest_fits(rest, patterns[place + 1 :], slots)
        if pattern.more:
            while rest and _action_fits(rest[0], pattern, slots):
                rest.pop(0)
        elif not rest or not _action_fits(rest.pop(0), pattern, slots):
            return False
    return not rest


def _some_rest_fits(
    actions: Sequence[Action], patterns: Sequence[ActionPattern], slots: Slots
) -> bool:
    """Do the patterns fit what follows any number of actions? The fewest are left out."""
    before = dict(slots)
    for place in range(len(actions) + 1):
        if _actions_fit(actions[place:], patterns, slots):
            return True
        slots.clear()
        slots.update(before)
    return False


def _action_fits(action: Action, pattern: ActionPattern, slots: Slots) -> bool:
    if action.name != pattern.name:
        return False
    given = {
        name: text
        for name, text in action.arguments.items()
        if text and not name.endswith(("start", "bits"))
    }
    # Which bits of a field are set matters only where the shape says so.
    asked = pattern.arguments.keys() - given.keys()
    given |= {name: action.arguments[name] for name in asked if name in action.arguments}
    if not pattern.any and given.keys() != pattern.arguments.keys():
        return False
    if not all(
        name in given and _value_fits(given[name], wanted, slots)
        for name, wanted in pattern.arguments.items()
    ):
        return False
    return pattern.any_nested or _actions_fit(tuple(_plain(action.actions)), pattern.nested, slots)


# What OpenFlow 1.1+ prints where 1.0 prints an action of its own (lib/ofp-actions.c,
# ofpact_put_set_field and the ..._to_openflow10 functions).
_SETTERS = {
    "eth_src": ("mod_dl_src", "mac"),
    "eth_dst": ("mod_dl_dst", "mac"),
    "ip_src": ("mod_nw_src", "ip"),
    "ip_dst": ("mod_nw_dst", "ip"),
    "tcp_src": ("mod_tp_src", "port"),
    "tcp_dst": ("mod_tp_dst", "port"),
    "udp_src": ("mod_tp_src", "port"),
    "udp_dst": ("mod_tp_dst", "port"),
}
_VLAN_ID = 0xFFF


def _setter(given: Mapping[str, str]) -> Action | None:
    """The action of OpenFlow 1.0 that sets the whole of a field to a value."""
    row = find_field(given.get("field", ""))
    if row is None or row.name not in _SETTERS or "mask" in given or "value" not in given:
        return None
    if given.get("bits", str(row.bits)) != str(row.bits):
        return None
    name, argument = _SETTERS[row.name]
    return Action(name, {argument: in_own_format(row.name, given["value"])}, (), "", 0)


def _part(given: Mapping[str, str]) -> dict[str, str] | None:
    """A field set under a mask of neighbouring bits as ``load`` writes it."""
    value, mask = number(given.get("value", "")), number(given.get("mask", ""))
    if value is None or not mask:
        return None
    start = (mask & -mask).bit_length() - 1
    if (mask >> start) & ((mask >> start) + 1):
        return None
    bits = mask.bit_length() - start
    return {
        "value": hex(value >> start),
        "field": given["field"],
        "start": str(start),
        "bits": str(bits),
    }


def _plain(actions: Iterable[Action]) -> Iterator[Action]:
    """Actions in the one form in which the table writes them."""
    for action in actions:
        given = action.arguments
        match action.name:
            case "apply_actions":
                yield from _plain(action.actions)
            case "controller" if opcodes := userdata_opcodes(given.get("userdata", "")):
                # What OVN asks its controller for, by the name of the opcode.
                yield action._replace(arguments=dict(given) | {"opcode": opcodes[0].name})
            case "push_vlan":
                continue  # what sets the VLAN afterwards tells all
            case "goto_table":
                yield action._replace(name="resubmit")
            case "set_tunnel" if "id" in given:
                yield action._replace(
                    name="load", arguments={"field": "tun_id", "value": given["id"]}
                )
            case "set_field" if "mask" not in given and given.get("field") == "vlan_vid":
                vlan = (number(given["value"]) or 0) & _VLAN_ID
                yield action._replace(name="mod_vlan_vid", arguments={"vlan": str(vlan)})
            case "set_field" | "load" if (setter := _setter(given)) is not None:
                yield setter._replace(text=action.text, start=action.start)
            case "set_field" if "mask" not in given:
                yield action._replace(name="load")
            case "set_field" if (part := _part(given)) is not None:
                yield action._replace(name="load", arguments=part)
            case _:
                yield action


def _are_what_they_say(slots: Slots, names: Names) -> bool:
    """Is {patch} a patch port, is {local} none, is {switch} one and no router?"""
    return all(_is(names, slot, slots[slot]) for slot in ABOUT if slot in slots)


def _is(names: Names, slot: str, port: str) -> bool:
    if slot in ("switch", "router"):
        return names.kind_of_datapath(port) == ("ls" if slot == "switch" else "lr")
    known = names.is_patch(port)
    if known is not None:
        return known == (slot == "patch")
    pattern: str = knowledge.table("neutron_ovs_tables")["slots"][slot]
    return re.fullmatch(pattern, port) is not None
