"""Words for the pieces of a flow: what fields, values and actions are called.

Lives here: how a piece finds its row in ``knowledge/openflow_phrases.toml`` and how its holes are
filled. Does not live here: how pieces become a sentence (``flows``). A piece without a row is said
as it is printed: nothing is left out and nothing is guessed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from .. import knowledge
from ..openflow.actions import userdata_opcodes
from ..openflow.fields import find_field
from ..openflow.flow import Action, Clause
from ..openflow.values import decimal, number
from . import refs, values
from .message import Message, Param, Ref, Series
from .names import Names, Subject
from .values import field_words


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


def _runs(mask: str) -> Iterator[tuple[int, int]]:
    """First and last bit of each run of ones of a mask, lowest first."""
    rest, first = number(mask) or 0, 0
    while rest:
        skipped = (rest & -rest).bit_length() - 1
        rest >>= skipped
        length = ((rest + 1) & -(rest + 1)).bit_length() - 1
        yield first + skipped, first + skipped + length - 1
        rest >>= length
        first += skipped + length


_ROW = {"with", "step", "onward", "short"}


@cache
def _rows(name: str) -> tuple[Row, ...]:
    rows = []
    for row in values.table()["actions"].get(name, ()):
        knowledge.require_known(row, _ROW, f"openflow_phrases.toml: [[actions.{name}]]")
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
    return values.words("protocols", name)


@dataclass
class Telling:
    """Makes the phrases of one flow. ``said``: names that the sentence has already.

    ``table``: the flow's own, to tell a resubmit to it. ``metadata``: OVN's datapath, whose ports
    and registers the flow is about.
    """

    names: Names
    table: int
    metadata: int | None = None
    said: set[Param] = field(default_factory=set)

    def port(self, port: str) -> Param:
        """``instance00 (tap635485ff-6c)``: a port in the role of an actor is always named."""
        reserved = values.words("reserved", port)
        if reserved is not None:
            return values.with_meaning(reserved, Ref("code", port))
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

    def value(self, name: str, value: str) -> Param:
        """A field's value with what it stands for beside it."""
        if name in ("in_port", "in_port_oxm", "actset_output"):
            if number(value) is not None:
                return values.value("in_port", values.in_own_format(name, value))
            return self.port(value)
        known: Param | None = None
        kind = values.kind_of(name)
        if kind == "mac":
            known = self._once(self.names.mac(value))
        elif kind == "address":
            known = self._once(self.names.address(value))
        elif self.names.ovn is not None:
            known = self._in_ovn(name, number(value))
        elif name in self.names.registers and (n := number(value)) is not None:
            known = self._in_register(name, n)
        if known is None:
            return values.value(name, value)
        ref = values.value_ref(name, value, values.brief(value, name))
        return values.with_meaning(ref, known)

    def _in_ovn(self, name: str, n: int | None) -> Param | None:
        """OVN's datapath or logical port behind a number."""
        ovn = self.names.ovn
        if n is None or ovn is None:
            return None
        if name == "metadata":
            return self._once(self.names.datapath(n))
        if not ovn.carries_port(name):
            return None
        return self._once(self.names.logical_port(self.metadata, n))

    def _named_bits(self, name: str, told: Param, runs: Iterable[tuple[int, int]]) -> Param:
        """Bits of a field with the names beside that OVN gives them."""
        ovn = self.names.ovn
        if ovn is None:
            return told
        found = (ovn.bits(name, first, last, self.metadata) for first, last in runs)
        known = tuple(bits for bits in found if bits is not None)
        return values.with_meaning(told, refs.series(known, "plain")) if known else told

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
        name = clause.field
        if not name:
            return Ref("code", clause.text)
        if clause.value is None:
            # "tun_metadata0" alone: the option is there, whatever its value.
            return Message("%(field)s present", {"field": field_words(name)})
        if clause.mask is not None:
            told = values.masked_condition(name, clause.value, clause.mask)
            return self._named_bits(name, told, _runs(clause.mask))
        if (flags := values.flags(name, clause.value)) is not None:
            return flags
        params = {"field": field_words(name), "value": self.value(name, clause.value)}
        return Message("%(field)s %(value)s", params)

    def subfield(self, arguments: Mapping[str, str], prefix: str = "") -> Param:
        """A field of an action, or some bits of it: ``reg6[0..15]``."""
        name = arguments.get(f"{prefix}field", "")
        start = arguments.get(f"{prefix}start", "0")
        # Both sides of a copy have the same width, which is printed once (bits).
        bits = arguments.get("zone_bits" if prefix == "zone_" else "bits", "")
        row = find_field(name)
        first, width = decimal(start), decimal(bits)
        if first is None or width is None or row is None or (first, width) == (0, row.bits):
            return field_words(name)
        last = first + width - 1
        return self._named_bits(name, values.subfield(name, first, last), [(first, last)])

    def assignment(self, action: Action) -> Param | None:
        """``reg5 to 3`` of an action that only sets a field, else None."""
        row = values.table()["assigns"].get(action.name)
        if row is None or row["argument"] not in action.arguments:
            return None
        name = row.get("field", action.arguments.get("field", ""))
        if not name:
            return None
        value, mask = action.arguments[row["argument"]], action.arguments.get("mask")
        if mask is not None:
            told = values.set_under_mask(name, value, mask)
            return self._named_bits(name, told, _runs(mask))
        if name == "metadata" and (n := number(value)) is not None:
            self.metadata = n
        target = self.subfield({"field": name, **action.arguments})
        if target == field_words(name):
            said = self.value(name, values.in_own_format(name, value))
        else:
            said = Ref("code", value, values.shown(value))
        return Message("%(field)s to %(value)s", {"field": target, "value": said})

    def steps(self, actions: Iterable[Action]) -> Iterator[Step]:
        """All steps of an action list; assignments that follow one another are one step, and so
        are outputs."""
        actions = tuple(joined_halves(actions))
        assignments: list[Param] = []
        ports: list[Param] = []
        for place, action in enumerate(actions):
            last = place + 1 == len(actions)
            if action.name == "resubmit" and not last:
                # The other table is worked through and comes back: what follows is done as well.
                action = action._replace(name="resubmit_within")
            if (tagged := _tagging(action)) is not None:
                action = tagged
            assignment = self.assignment(action)
            if assignment is not None:
                yield from self._sent(ports)
                assignments.append(assignment)
                continue
            yield from self._assigned(assignments)
            if action.name == "output" and action.arguments.keys() == {"port"}:
                ports.append(self.port(action.arguments["port"]))
                continue
            yield from self._sent(ports)
            yield from self._steps_of(action, last=last)
        yield from self._assigned(assignments)
        yield from self._sent(ports)

    def _sent(self, ports: list[Param]) -> Iterator[Step]:
        if ports:
            yield _step("output", {"port": refs.series(ports)})
            ports.clear()

    def _assigned(self, assignments: list[Param]) -> Iterator[Step]:
        if assignments:
            joined = Series(tuple(assignments))
            assignments.clear()
            yield _step("assign", {"assignments": joined})

    def _steps_of(self, action: Action, *, last: bool) -> Iterator[Step]:
        if action.name == "ct":
            yield from self._conntrack(action, last=last)
        elif action.name == "apply_actions":
            yield from self.steps(action.actions)
        else:
            yield self._step_of(action)

    def _step_of(self, action: Action) -> Step:
        name = action.name
        if action.arguments.get("algorithm") == "active_backup":
            # The only algorithm of bundle that does not hash (ovs-actions(7)).
            name += "_active_backup"
        return _step(name, self._params(action), action)

    def _params(self, action: Action) -> dict[str, Param]:
        """What an action's arguments put into the holes of its row."""
        given = {name: text for name, text in action.arguments.items() if text}
        match action.name:
            case "learn":
                return self._learning(action, given)
            case "nat":
                side = given.pop("type", None)
                if side is not None and "address" in given:
                    given[side] = given.pop("address")
                elif side is not None:
                    given[f"any_{side}"] = side
                return {k: Ref("address", v) if k == side else v for k, v in given.items()}
            case "resubmit" if given.get("table") == str(self.table):
                given["same_table"] = given.pop("table")
            case "mod_nw_tos" if (tos := number(given.get("tos", ""))) is not None:
                given["dscp"] = str(tos >> 2)
        params: dict[str, Param] = {}
        for name, text in given.items():
            if name.endswith(("start", "bits")):
                continue
            params[name] = self._param(action, name, text)
        if opcodes := userdata_opcodes(given.get("userdata", "")):
            # An opcode of OVN means one thing in one range of releases and may mean another later.
            params["opcodes"] = Series(tuple(Ref("code", o.name) for o in opcodes), "or")
        if action.actions:
            # A clone may enter another datapath; what follows is still in this one.
            metadata = self.metadata
            params["steps"] = _series(self.steps(action.actions))
            self.metadata = metadata
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
                return self._ethertype(text)
            case "members":
                return Series(tuple(Ref("device", port) for port in text.split(",")), "plain")
            case "header":
                return values.words("headers", text) or Ref("code", text)
            case "fields":
                return values.words("hashes", text) or Ref("code", text)
            case "tlv":
                return Series(tuple(_tlv(tlv) for tlv in _TLV.findall(text)), "plain")
            case _:
                return Ref("code", text)

    def _ethertype(self, text: str) -> Param:
        """``0x8100, 802.1Q``: it stands in parentheses already."""
        ref, known = Ref("code", text), values.meaning("eth_type", text)
        return ref if known is None else Series((ref, known), "plain")

    def _conntrack(self, action: Action, *, last: bool) -> Iterator[Step]:
        """ct is several things in one: track or commit, translate, set marks, go on."""
        given = action.arguments
        told: dict[str, Param] = {}
        if "zone" in given:
            told["zone"] = self.value("ct_zone", given["zone"])
        elif "zone_field" in given:
            told["zone"] = self.subfield(given, "zone_")
        nat = [a for a in action.actions if a.name == "nat"]
        others = tuple(joined_halves(a for a in action.actions if a.name != "nat"))
        if "commit" in given:
            assignments = [self.assignment(a) for a in others]
            if others and None not in assignments:
                told["assignments"] = Series(tuple(a for a in assignments if a is not None))
            elif others:
                told["steps"] = _series(self.steps(others))
            yield _step("ct_commit", told)
            if "force" in given:
                yield _step("ct_force", {})
        else:
            yield _step("ct_track", told)
            yield from self.steps(others)
        for inner in nat:
            yield self._step_of(inner)
        if "alg" in given:
            yield _step("ct_helper", {"alg": Ref("code", given["alg"])})
        if "table" in given:
            # The tracked packet is another one than that which the following actions work on.
            name = "goto_table" if last else "ct_fork"
            yield _step(name, {"table": Ref("table", given["table"])})

    def _learning(self, action: Action, given: Mapping[str, str]) -> dict[str, Param]:
        matches = tuple(self._learned(a) for a in action.actions if a.name == "learn_match")
        does = [a for a in action.actions if a.name != "learn_match"]
        flow: dict[str, Param] = {"steps": _series(self._learned_steps(does))}
        if matches:
            flow["matches"] = Series(matches)
        params: dict[str, Param] = {
            "table": Ref("table", given.get("table", "1")),  # ovs-actions(7): table 1 by default
            "flow": Message("packets with %(matches)s: %(steps)s", flow)
            if matches
            else Message("all packets: %(steps)s", flow),
        }
        options = [
            _option("learn", name, text)
            for name, text in given.items()
            if name != "table" and not name.startswith("result_dst")
        ]
        if "result_dst_field" in given:
            bit = {k.removeprefix("result_dst_"): v for k, v in given.items()}
            options.append(
                Message(
                    "%(field)s becomes 1 if it is learned, else 0", {"field": self.subfield(bit)}
                )
            )
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
        some = False
        for action in actions:
            some = True
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
        if not some:
            yield _step("drop", {})


_TLV = re.compile(r"tlv\(([^,]*),([^,]*),([^)]*)\)")


def _tlv(parts: tuple[str, str, str]) -> Message:
    kind, number_, value = parts
    return Message(
        "TLV of class %(class)s, type %(type)s, value %(value)s",
        {"class": Ref("code", kind), "type": Ref("code", number_), "value": Ref("code", value)},
    )


def _tagging(action: Action) -> Action | None:
    """``set_field:4196->vlan_vid`` is VLAN 100 and the bit that says "tagged"."""
    given = action.arguments
    if action.name not in ("set_field", "load") or given.get("field") != "vlan_vid":
        return None
    vid = number(given.get("value", ""))
    if vid is None or not vid & _TAG_PRESENT or "mask" in given or given.get("bits", "13") != "13":
        return None
    return action._replace(name="mod_vlan_vid", arguments={"vlan": str(vid & ~_TAG_PRESENT)})


_TAG_PRESENT = 0x1000


def joined_halves(actions: Iterable[Action]) -> Iterator[Action]:
    """A 128-bit field that is loaded in two halves, as OpenFlow 1.0 prints it, in one."""
    held: Action | None = None
    for action in actions:
        if held is not None and (whole := _whole(held, action)) is not None:
            yield whole
            held = None
            continue
        if held is not None:
            yield held
        held = action
    if held is not None:
        yield held


def _whole(a: Action, b: Action) -> Action | None:
    if a.name != "load" or b.name != "load":
        return None
    low, high = sorted((a.arguments, b.arguments), key=lambda given: given.get("start") != "0")
    halves = (low.get("start"), low.get("bits"), high.get("start"), high.get("bits"))
    values_ = number(low.get("value", "")), number(high.get("value", ""))
    if low.get("field") != high.get("field") or halves != ("0", "64", "64", "64"):
        return None
    if values_[0] is None or values_[1] is None:
        return None
    whole = {"value": hex(values_[1] << 64 | values_[0]), "start": "0", "bits": "128"}
    return a._replace(arguments={**low, **whole})


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
            options = tuple(_option(action.name, name, params[name]) for name in rest)
            return Step(row.step, told, row.onward, row.short, options)
    assert action is not None, f"openflow_phrases.toml: no row of {name} with {sorted(params)}"
    return _step("printed", {"action": Ref("code", action.text)})


def _option(action: str, name: str, value: Param) -> Param:
    """An argument that stands in parentheses; without words as it would be printed."""
    rows: Mapping[str, str] = values.table()["options"].get(action, {})
    if name in rows:
        # A flag has no value to say (openflow/actions.py).
        return Message(rows[name], {"value": value})
    text = value.shown if isinstance(value, Ref) else value
    return Ref("code", name if text == "true" else f"{name}={text}")


def _series(steps: Iterable[Step]) -> Series:
    """Steps as a sentence of their own: all but the last in the middle form."""
    found = tuple(steps)
    return Series((*(step.mid() for step in found[:-1]), *(s.end() for s in found[-1:])), "steps")
