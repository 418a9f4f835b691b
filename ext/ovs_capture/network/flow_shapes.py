"""What correlation reads in a flow: who sent it, its VLAN, what it loads, where it goes.

One look-up for each question, over parsed clauses and actions, equal for the spellings of OpenFlow
1.0 (``mod_vlan_vid``, ``load``) and later (``set_field``).
"""

from collections.abc import Iterator

from ..openflow import values
from ..openflow.flow import Action, Flow

UNTAGGED = "untagged"


def exact(flow: Flow, field: str) -> str | None:
    """The value of an unmasked clause on a field, None where there is none."""
    return next((c.value for c in flow.match.clauses if c.field == field and c.mask is None), None)


def exact_number(flow: Flow, field: str) -> int | None:
    return _number(exact(flow, field))


def vlan(flow: Flow) -> str | int | None:
    """``untagged``, a VLAN id, or None where the match says nothing.

    ``vlan_tci=0x0000/0x1fff`` (Neutron) and ``/0x1000`` (OVN) both mean no tag: bit 12 is CFI,
    which Open vSwitch sets on every tagged frame; ovs-fields(7), vlan_tci.
    """
    for clause in flow.match.clauses:
        if clause.field == "dl_vlan" and clause.mask is None:
            return _number(clause.value)
        if clause.field == "vlan_tci" and _number(clause.value) == 0:
            mask = 0xFFFF if clause.mask is None else _number(clause.mask) or 0
            if mask & 0x1000:
                return UNTAGGED
    return None


def top_actions(flow: Flow) -> tuple[Action, ...]:
    """The action list without what is nested: a ``clone(...)`` is another packet."""
    return flow.actions.items


def vlan_set(flow: Flow) -> int | None:
    """The VLAN id that the actions write."""
    for action in top_actions(flow):
        if action.name in ("mod_vlan_vid", "set_vlan_vid"):
            return _number(action.arguments.get("vlan"))
        if action.name == "set_field" and action.arguments.get("field") == "vlan_vid":
            number = _number(action.arguments.get("value"))
            # OpenFlow 1.2+ writes the id with its present bit (OFPVID_PRESENT).
            return None if number is None else number & 0xFFF
    return None


def strips_vlan(flow: Flow) -> bool:
    return any(action.name == "strip_vlan" for action in top_actions(flow))


def loaded(flow: Flow, field: str) -> int | None:
    """The number that the actions put into a whole field (``metadata``, ``tun_id``)."""
    for action in top_actions(flow):
        arguments = action.arguments
        if action.name in ("load", "set_field") and arguments.get("field") == field:
            if arguments.get("start", "0") == "0" and "mask" not in arguments:
                return _number(arguments.get("value"))
        elif action.name == "set_tunnel" and field == "tun_id":
            return _number(arguments.get("id"))
    return None


def moves(flow: Flow, source: str, destination: str) -> bool:
    return any(
        action.name == "move"
        and action.arguments.get("from_field") == source
        and action.arguments.get("field") == destination
        for action in top_actions(flow)
    )


def outputs(flow: Flow) -> Iterator[str]:
    """Ports that the action list names."""
    for action in top_actions(flow):
        if action.name == "output" and (port := action.arguments.get("port")):
            yield port


def _number(text: str | None) -> int | None:
    return values.number(text) if text is not None else None
