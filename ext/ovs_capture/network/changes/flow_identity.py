"""When two flows are the same: table, priority and match, told by names and not by numbers.

Numbers of ports mean something on one bridge in one snapshot only, so a port is its name; a
register that is proven to carry ports or VLANs is what it carries; a local VLAN that was renumbered
is its network. Cookies (an agent makes a new one at each start), durations, counts and ages are no
part of a flow.
"""

from collections.abc import Callable, Iterable

from ...openflow.flow import Action, Clause, Flow
from ...openflow.values import decimal, number
from .identity import Compared, Identity, Side
from .model import Registers

# vlan_tci, vlan_vid: bit 12 says that there is a tag (ovs-fields(7)).
_PRESENT = 0x1000
_PORT_ARGUMENTS = {"port", "members"}
# Statistics that somebody set.
_SET = ("idle_timeout", "hard_timeout", "importance")


def flow_identity(
    flow: Flow, bridge: str, side: Side, registers: Registers, learning: frozenset[int]
) -> Identity:
    """``learning``: tables into which the bridge's own flows learn; what is there has a timeout."""
    words = _Words(bridge, side, registers)
    match = sorted(words.clause(clause) for clause in flow.match.clauses)
    timed = any(flow.statistics.get(name, "0") != "0" for name in _SET[:2])
    what = "learned-flow" if timed and flow.table in learning else "flow"
    actions = tuple(words.action(action) for action in flow.actions.items)
    if all(action.name == "conjunction" for action in flow.actions.items):
        # A flow is in several conjunctions in no order.
        actions = tuple(sorted(actions, key=repr))
    fields: dict[str, Compared] = {"actions": (actions, flow.actions.text)}
    for name in _SET:
        if name in flow.statistics:
            fields[name] = (flow.statistics[name], flow.statistics[name])
    if flags := tuple(sorted(set(flow.flags) - {"reset_counts"})):
        fields["flags"] = (flags, flags)
    table = flow.table_name if flow.table < 0 and flow.table_name else str(flow.table)
    return Identity(what, (bridge, table, str(flow.priority), ",".join(match)), fields)


def learning_tables(flows: Iterable[Flow]) -> frozenset[int]:
    """Tables that ``learn`` actions write to."""
    found = set()
    for flow in flows:
        for action in flow.actions.items:
            table = decimal(action.arguments.get("table", "")) if action.name == "learn" else None
            if table is not None:
                found.add(table)
    return frozenset(found)


def words_of(
    bridge: str, side: Side, registers: Registers
) -> tuple[Callable[[Clause], str], Callable[[Action], tuple[object, ...]]]:
    """What clauses and actions of a bridge are called, alike on both sides."""
    words = _Words(bridge, side, registers)
    return words.clause, words.action


class _Words:
    """Values of one bridge as both sides call them."""

    def __init__(self, bridge: str, side: Side, registers: Registers) -> None:
        self.bridge, self.side, self.registers = bridge, side, registers

    def port(self, text: str) -> str:
        return self.side.port(self.bridge, text)

    def zone(self, text: str) -> str:
        value = number(text)
        return self.registers.zones.get(value, text) if value is not None else text

    def in_register(self, register: str, text: str) -> str:
        value = number(text)
        if value is None:
            return text
        if register in self.registers.zone_registers:
            return self.registers.zones.get(value, str(value))
        if (port := self.registers.ports.get((register, value))) is not None:
            return f"port {self.port(port)}"
        if (vlan := self.registers.vlans.get((register, value))) is not None:
            return f"VLAN {self.side.vlan(vlan)}"
        return str(value)

    def tagged(self, text: str) -> str:
        """A value with the tag-present bit."""
        value = number(text)
        if value is None or not value & _PRESENT:
            return text
        return f"tagged {self.side.vlan(value & 0xFFF)}"

    def conjunction(self, text: str) -> str:
        return self.registers.conjunctions.get(number(text) or 0, text)

    def clause(self, clause: Clause) -> str:
        name, value, mask = clause.field or clause.key, clause.value, clause.mask
        if value is None:
            return name
        if mask is None:
            if name in ("in_port", "actset_output"):
                value = self.port(value)
            elif name.startswith("reg"):
                value = self.in_register(name, value)
            elif name == "dl_vlan" and (tag := decimal(value)) is not None:
                value = self.side.vlan(tag)
            elif name == "conj_id":
                value = self.conjunction(value)
            elif name == "ct_zone":
                value = self.zone(value)
        if mask == "0xffff" and name in self.registers.zone_registers:
            value = self.in_register(name, value)
        if (name, mask) in (("vlan_vid", None), ("vlan_tci", "0x1fff")):
            value = self.tagged(value)
        elif (name, mask) == ("vlan_tci", "0x0fff") and (tag := number(value)) is not None:
            value = self.side.vlan(tag)
        return f"{name}={value}" if mask is None else f"{name}={value}/{mask}"

    def action(self, action: Action) -> tuple[object, ...]:
        arguments = {
            name: self.argument(action, name, text)
            for name, text in action.arguments.items()
            if not (action.name == "learn" and name == "cookie")
        }
        nested = tuple(self.action(inner) for inner in action.actions)
        if action.name == "unknown":
            return action.name, action.text
        return action.name, tuple(sorted(arguments.items())), nested

    def argument(self, action: Action, name: str, text: str) -> str:
        if name in _PORT_ARGUMENTS and action.name in ("output", "resubmit", "enqueue"):
            return self.port(text)
        if name == "id" and action.name == "conjunction":
            return self.conjunction(text)
        if name == "zone" and action.name == "ct":
            return self.zone(text)
        if name == "vlan" and (tag := decimal(text)) is not None:
            return self.side.vlan(tag)
        field = action.arguments.get("field", "")
        if name == "value" and field in self.registers.zone_registers and _is_zone(action):
            return self.in_register(field, text)
        if name == "value" and "mask" not in action.arguments:
            if field == "vlan_vid":
                return self.tagged(text)
            if field.startswith("reg") and action.arguments.get("bits", "32") == "32":
                return self.in_register(field, text)
        return text


def _is_zone(action: Action) -> bool:
    """Does an action write the whole lower half of a register, or all of it?"""
    arguments = action.arguments
    written = (arguments.get("start", "0"), arguments.get("bits", "32"))
    return written in (("0", "16"), ("0", "32")) and arguments.get("mask", "0xffff") == "0xffff"
