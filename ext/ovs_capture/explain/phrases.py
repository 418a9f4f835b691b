"""Words for the pieces of a flow: what fields, values and actions are called.

Lives here: how a piece finds its row in ``knowledge/openflow_phrases.toml`` and how its holes are
filled. Does not live here: how pieces become a sentence (``flows``). A piece without a row is said
as it is printed: nothing is left out and nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from .. import knowledge
from ..openflow.fields import find_field
from ..openflow.flow import Action, Clause
from ..openflow.values import address_of_number, mac_of_number, number
from . import refs
from .message import Message, Param, Ref, RefKind, Series
from .names import Names, Subject


class Step(NamedTuple):
    """What one action does.

    ``onward``: the packet goes somewhere by it. ``short``: it is said without a pause before it.
    ``options``: arguments that the row has no hole for, as printed.
    """

    msgid: str
    params: Mapping[str, Param]
    onward: bool = False
    short: bool = False
    options: tuple[Param, ...] = ()

    def mid(self) -> Message:
        """In the middle of a sentence (Japanese: the continuative form)."""
        return self._said("mid")

    def end(self) -> Message:
        """At the end of a sentence."""
        return self._said("end")

    def _said(self, form: str) -> Message:
        step = Message(self.msgid, self.params, form)
        if not self.options:
            return step
        options = Series(self.options, "plain")
        return Message("%(step)s (%(options)s)", {"step": step, "options": options})


class Row(NamedTuple):
    """One ``[[actions.NAME]]`` of the table."""

    arguments: frozenset[str]
    step: str
    onward: bool
    short: bool


@cache
def _table() -> dict[str, Any]:
    return knowledge.table("openflow_phrases")


@cache
def _rows(name: str) -> tuple[Row, ...]:
    rows = []
    for row in _table()["actions"].get(name, ()):
        if unknown := row.keys() - {"with", "step", "onward", "short"}:
            raise KeyError(f"openflow_phrases.toml: [[actions.{name}]]: unknown key {unknown}")
        rows.append(
            Row(
                frozenset(row.get("with", ())),
                row["step"],
                row.get("onward", False),
                row.get("short", False),
            )
        )
    return tuple(rows)


def protocol(name: str) -> Message | None:
    """What packets of a shorthand are called: ``IPv4 packets``."""
    words = _table()["protocols"].get(name)
    return None if words is None else Message(words)


def field_words(name: str) -> Param:
    """What a field is called inside a sentence; registers and families by their own names."""
    words = _table()["words"].get(name)
    if words is not None:
        return Message(words)
    return Ref("register" if name.lstrip("x").startswith("reg") else "field", name)


def kind_of(name: str) -> RefKind:
    """What a field's value stands for."""
    kind: RefKind = _table()["kinds"].get(name, "code")
    return kind


# Numbers that are tags of a network, but no VLANs (explain/identity.py keeps them apart).
_NUMBER_SPACES = {"metadata": "metadata", "tun_id": "vni"}


def value_ref(name: str, value: str, text: str) -> Ref:
    """A field's value, shown as ``text``."""
    space = _NUMBER_SPACES.get(name)
    return Ref(kind_of(name), value if space is None else f"{space} {value}", text)


def meaning(name: str, value: str) -> Message | None:
    """What a value stands for: 67 is the DHCP server's port."""
    words = _table()["meaning"].get(name, {}).get(value)
    return None if words is None else Message(words)


def shown(value: str) -> str:
    """A hexadecimal number as people read it: ``0x3`` is 3, ``0x1f`` stays and gets its decimal.

    Wide numbers (bit patterns, 64-bit keys) stay as they are.
    """
    n = number(value)
    if n is None or not value.startswith("0x"):
        return value
    if n < 10:
        return str(n)
    return f"{value} ({n})" if n < 1 << 16 else value


@dataclass
class Telling:
    """Makes the phrases of one flow. ``said``: names that the sentence has already.

    ``table``: the flow's own, to tell a resubmit to it.
    """

    names: Names
    table: int
    said: set[Param] = field(default_factory=set)

    def port(self, port: str) -> Param:
        """``instance00 (tap635485ff-6c)``: a port in the role of an actor is always named."""
        subject = self.names.port(port)
        self._remember(subject)
        return subject.full

    def _remember(self, subject: Subject) -> None:
        self.said.update(ref for ref in subject if ref is not None)

    def _once(self, name: Ref | None) -> Ref | None:
        """A name beside a value, unless the sentence has it already."""
        if name is None or name in self.said:
            return None
        self.said.add(name)
        return name

    def value(self, name: str, value: str, mask: str | None = None) -> Param:
        """A field's value with what it stands for beside it."""
        if name == "in_port" or name in ("in_port_oxm", "actset_output"):
            return self.port(value)
        text = value if mask is None else f"{value}/{mask}"
        known: Param | None = meaning(name, text)
        n = number(value)
        if known is None and mask is None:
            kind = kind_of(name)
            if kind == "mac":
                known = self._once(self.names.mac(value))
            elif kind == "address":
                known = self._once(self.names.address(value))
            elif n is not None:
                known = self._in_register(name, n)
        if known is None:
            return value_ref(name, text, shown(value) if mask is None else text)
        # Beside a name the decimal form of a number would be a second pair of parentheses.
        ref = value_ref(name, text, text if "(" in shown(value) or mask else shown(value))
        return Message("%(value)s (%(meaning)s)", {"value": ref, "meaning": known})

    def _in_register(self, name: str, n: int) -> Param | None:
        if (subject := self.names.in_register(name, n)) is not None:
            who = self._once(subject.who)
            if who is not None:
                self._remember(subject)
            return who
        vlan = self.names.vlan_in_register(name, n)
        if vlan is None:
            return None
        return self._once(refs.vlan(vlan))

    def condition(self, clause: Clause) -> Param:
        """A clause as a condition: ``reg5 3 (instance00)``."""
        if clause.value is None or not clause.field:
            return Ref("code", clause.text)
        params = {
            "field": field_words(clause.field),
            "value": self.value(clause.field, clause.value, clause.mask),
        }
        if clause.mask is not None and clause.mask.isdigit() and kind_of(clause.field) == "address":
            return Message("%(field)s in %(value)s", params)
        return Message("%(field)s %(value)s", params)

    def subfield(self, arguments: Mapping[str, str], prefix: str = "") -> Param:
        """A field of an action, or some bits of it: ``reg6[0..15]``."""
        name = arguments.get(f"{prefix}field", "")
        start = arguments.get(f"{prefix}start", "0")
        # Both sides of a copy have the same width, which is printed once (bits).
        bits = arguments.get("zone_bits" if prefix == "zone_" else "bits", "")
        row = find_field(name)
        if not bits.isdigit() or row is None or (start == "0" and int(bits) == row.bits):
            return field_words(name)
        last = int(start) + int(bits) - 1
        part = f"[{start}]" if bits == "1" else f"[{start}..{last}]"
        if name not in _table()["words"]:
            kind: RefKind = "register" if row.is_register else "field"
            return Ref(kind, name, name + part)
        if bits == "1":
            return Message("bit %(bit)s of %(field)s", {"bit": start, "field": field_words(name)})
        return Message(
            "bits %(first)s-%(last)s of %(field)s",
            {"first": start, "last": str(last), "field": field_words(name)},
        )

    def assignment(self, action: Action) -> Param | None:
        """``reg5 to 3`` of an action that only sets a field, else None."""
        row = _table()["assigns"].get(action.name)
        if row is None or row["argument"] not in action.arguments:
            return None
        name = row.get("field", action.arguments.get("field", ""))
        if not name:
            return None
        value, mask = action.arguments[row["argument"]], action.arguments.get("mask")
        target = {"field": name, **action.arguments}
        whole = self.subfield(target) == field_words(name)
        if whole and mask is None:
            said = self.value(name, _in_own_format(name, value))
        else:
            said = Ref("code", value, shown(value) if mask is None else value)
            if mask is not None:
                said = Message("%(value)s (mask %(mask)s)", {"value": said, "mask": mask})
        return Message("%(field)s to %(value)s", {"field": self.subfield(target), "value": said})

    def steps(self, actions: Iterable[Action]) -> Iterator[Step]:
        """All steps of an action list; assignments that follow one another are one step."""
        actions = tuple(actions)
        assignments: list[Param] = []
        for place, action in enumerate(actions):
            if action.name == "resubmit" and place + 1 < len(actions):
                # The other table is worked through and comes back: what follows is done as well.
                action = action._replace(name="resubmit_within")
            assignment = self.assignment(action)
            if assignment is not None:
                assignments.append(assignment)
                continue
            yield from self._assigned(assignments)
            assignments = []
            yield from self._steps_of(action)
        yield from self._assigned(assignments)

    def _assigned(self, assignments: list[Param]) -> Iterator[Step]:
        if assignments:
            joined = Series(tuple(assignments))
            yield _step("assign", {"assignments": joined})

    def _steps_of(self, action: Action) -> Iterator[Step]:
        if action.name == "ct":
            yield from self._conntrack(action)
        elif action.name == "apply_actions":
            yield from self.steps(action.actions)
        else:
            yield self._step_of(action)

    def _step_of(self, action: Action) -> Step:
        params = self._params(action)
        return _step(action.name, params, action)

    def _params(self, action: Action) -> dict[str, Param]:
        """What an action's arguments put into the holes of its row."""
        given = {name: text for name, text in action.arguments.items() if text}
        match action.name:
            case "learn":
                return self._learning(action, given)
            case "nat":
                if (side := given.pop("type", None)) is not None:
                    given[side] = given.pop("address", "")
                return {k: Ref("address", v) if k == side else v for k, v in given.items()}
            case "resubmit" if given.get("table") == str(self.table):
                given["same_table"] = given.pop("table")
        params: dict[str, Param] = {}
        for name, text in given.items():
            if name.endswith(("start", "bits")):
                continue
            params[name] = self._param(action, name, text)
        if action.actions:
            params["steps"] = _series(self.steps(action.actions))
        return params

    def _param(self, action: Action, name: str, text: str) -> Param:
        match name:
            case "port":
                return self.port(text)
            case "field" | "from_field":
                return self.subfield(action.arguments, name.removesuffix("field"))
            case "table" | "same_table":
                return Ref("table", text)
            case "vlan":
                ref = refs.vlan(text)
                self.said.add(ref)
                return ref
            case "ethertype":
                return self.value("eth_type", text)
            case "members":
                return Series(tuple(Ref("device", port) for port in text.split(",")), "plain")
            case _:
                return Ref("code", text)

    def _conntrack(self, action: Action) -> Iterator[Step]:
        """ct is several things in one: track or commit, translate, set marks, go on."""
        given = action.arguments
        zone: dict[str, Param] = {}
        if "zone" in given:
            zone["zone"] = self.value("ct_zone", given["zone"])
        elif "zone_field" in given:
            zone["zone"] = self.subfield(given, "zone_")
        nat = [a for a in action.actions if a.name == "nat"]
        others = [a for a in action.actions if a.name != "nat"]
        if "commit" in given:
            assignments = [self.assignment(a) for a in others]
            set_here = tuple(a for a in assignments if a is not None)
            if set_here and len(set_here) == len(others):
                zone["assignments"] = Series(set_here)
                others = []
            yield _step("ct_commit", zone)
            if "force" in given:
                yield _step("ct_force", {})
        else:
            yield _step("ct_track", zone)
        for inner in nat:
            yield self._step_of(inner)
        yield from self.steps(others)
        if "alg" in given:
            yield _step("ct_helper", {"alg": Ref("code", given["alg"])})
        if "table" in given:
            yield _step("goto_table", {"table": Ref("table", given["table"])})

    def _learning(self, action: Action, given: Mapping[str, str]) -> dict[str, Param]:
        matches = tuple(self._learned(a) for a in action.actions if a.name == "learn_match")
        does = [a for a in action.actions if a.name != "learn_match"]
        params: dict[str, Param] = {
            "table": Ref("table", given.get("table", "1")),  # ovs-actions(7): table 1 by default
            "steps": _series(self._learned_steps(does)),
        }
        if matches:
            params["matches"] = Series(matches)
        options = [_option(name, text) for name, text in given.items() if name != "table"]
        if options:
            params["settings"] = Series(tuple(options), "plain")
        return params

    def _learned(self, action: Action) -> Param:
        given = action.arguments
        to = self.subfield(given)
        if "value" in given:
            value = self.value(given.get("field", ""), given["value"])
            return Message("%(field)s %(value)s", {"field": to, "value": value})
        if "from_field" in given:
            return Message(
                "%(field)s equal to this packet's %(from_field)s",
                {"field": to, "from_field": self.subfield(given, "from_")},
            )
        return Message("the same %(field)s as this packet", {"field": to})

    def _learned_steps(self, actions: Iterable[Action]) -> Iterator[Step]:
        for action in actions:
            if action.name == "load" and "from_field" in action.arguments:
                given = action.arguments
                copied = Message(
                    "%(field)s to this packet's %(from_field)s",
                    {
                        "field": self.subfield(given),
                        "from_field": self.subfield(given, "from_"),
                    },
                )
                yield _step("assign", {"assignments": copied})
            elif action.name == "output" and "field" in action.arguments:
                here = Message(
                    "this packet's %(field)s", {"field": self.subfield(action.arguments)}
                )
                yield _step("output", {"port": here})
            else:
                yield from self.steps((action,))


def connection_state(value: str, *, brief: bool = False) -> Message | None:
    """``+est-rel-rpl`` in words: the flag that tells most first, the others beside it.

    ``brief``: without the others.
    """
    flags = [(sign == "+", name) for sign, name in _signed(value)]
    rows = _table()["ct_state"]
    if not flags or any(name not in rows for _, name in flags):
        return None
    order = list(_LEADING)
    main = min(flags, key=lambda flag: (not flag[0], order.index(flag[1])))
    rest = tuple(
        Message(rows[name]["set" if is_set else "unset"])
        for is_set, name in flags
        if (is_set, name) != main
    )
    head = "head" if main[0] else "not_head"
    if brief or not rest:
        return Message(rows[main[1]][head])
    return Message(rows[main[1]][f"{head}_rest"], {"rest": Series(rest, "plain")})


# Which flag of a connection's state is said first.
_LEADING = ("inv", "new", "est", "rel", "rpl", "trk", "snat", "dnat")


def _signed(value: str) -> Iterator[tuple[str, str]]:
    sign, name = "", ""
    for character in value:
        if character in "+-":
            if name:
                yield sign, name
            sign, name = character, ""
        else:
            name += character
    if name:
        yield sign, name


def _step(name: str, params: Mapping[str, Param], action: Action | None = None) -> Step:
    """The row of an action that tells most of its arguments; the others follow in parentheses.

    An action without a row, or of which a nested list would be left out, is said as printed.
    """
    fitting = [row for row in _rows(name) if row.arguments <= params.keys()]
    if fitting:
        row = max(fitting, key=lambda row: len(row.arguments))
        rest = [name for name in params if name not in row.arguments]
        told = {name: params[name] for name in row.arguments}
        if not rest:
            return Step(row.step, told, row.onward, row.short)
        if action is not None and all(name in action.arguments for name in rest):
            options = tuple(_option(name, action.arguments[name]) for name in rest)
            return Step(row.step, told, row.onward, row.short, options)
    assert action is not None, f"openflow_phrases.toml: no row of {name} with {sorted(params)}"
    return _step("printed", {"action": Ref("code", action.text)})


def _option(name: str, text: str) -> Ref:
    # A flag is printed as its bare name (openflow/actions.py).
    return Ref("code", name if text == "true" else f"{name}={text}")


def _series(steps: Iterable[Step]) -> Series:
    """Steps as a sentence of their own: all but the last in the middle form."""
    found = tuple(steps)
    return Series((*(step.mid() for step in found[:-1]), *(s.end() for s in found[-1:])), "steps")


def _in_own_format(name: str, value: str) -> str:
    """A number that is loaded into an address or MAC field, as such a value is written."""
    row, n = find_field(name), number(value)
    if row is None or n is None:
        return value
    if row.format == "ethernet":
        return mac_of_number(n)
    if row.format in ("ipv4", "ipv6"):
        return address_of_number(n, row.format)
    if row.format == "decimal":
        return str(n)
    return value
