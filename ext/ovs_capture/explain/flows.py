"""The reading of a flow: what it literally does, composed of its own clauses and actions.

Lives here: the frames that make a sentence of phrases. The phrases are made by ``phrases``. A
reading says nothing that the flow does not, and leaves nothing of it out.

A match is a noun phrase, built from the inside: what kind of packets (protocol, ICMP type, tag), of
which connection, from which port, with which other conditions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..openflow.fields import find_protocol
from ..openflow.flow import Clause, Flow
from ..openflow.values import number
from . import phrases, refs, values
from .message import Message, Param, Series
from .names import Names
from .ovn.keys import metadata_of
from .phrases import Telling

# vlan_tci: bit 12 says that there is a tag (ovs-fields(7), "VLAN Fields").
_TAG_PRESENT = 0x1000
_VLAN_ID = 0xFFF

# What tells the service that packets are for.
_SERVICE = ("tcp_dst", "udp_dst", "sctp_dst")


@dataclass(frozen=True)
class _Noun:
    """A noun phrase. ``plain``: it says what kind of packets, and neither whose nor from where."""

    phrase: Message
    plain: bool = True


def reading(flow: Flow, names: Names) -> Message:
    """What the flow does, one sentence."""
    telling = _telling(flow, names)
    packets = _packets(flow, telling)
    steps = tuple(telling.steps(flow.actions.items))
    if not any(step.onward for step in steps):
        return Message(
            "%(packets)s: %(steps)s; the packet goes no further.",
            {
                "packets": packets.phrase,
                "steps": Series(tuple(step.mid() for step in steps), "steps"),
            },
        )
    said = Series((*(step.mid() for step in steps[:-1]), steps[-1].end()), "steps")
    brief = packets.plain and len(steps) == 1 and steps[0].short
    return Message(
        "%(packets)s: %(steps)s.",
        {"packets": packets.phrase, "steps": said},
        "brief" if brief else "sentence",
    )


def _telling(flow: Flow, names: Names) -> Telling:
    return Telling(names, flow.table, None if names.ovn is None else metadata_of(flow))


def kind_of_packets(flow: Flow, names: Names) -> Message:
    """Which packets the flow is about, in a few words.

    Without their port, and without the other conditions where the kind tells enough; of a
    connection's state only what tells most.
    """
    clauses = list(flow.match.clauses)
    if not clauses:
        return _everything(flow, names).phrase
    telling = _telling(flow, names)
    noun = _kind(clauses, telling, brief=True)
    told = [clause for clause in clauses if clause.field in _SERVICE]
    if not told and len(clauses) == len(flow.match.clauses):
        told = [clause for clause in clauses if clause.field != "in_port"]
        if not told:
            return _packets(flow, telling).phrase
    return _with(noun, tuple(telling.condition(clause) for clause in told)).phrase


def _packets(flow: Flow, telling: Telling) -> _Noun:
    if not flow.match.clauses:
        return _everything(flow, telling.names)
    clauses = list(flow.match.clauses)
    # The port comes first: its owner is then known, and not said again beside the other values.
    in_port = _take(clauses, "in_port")
    port = telling.port(in_port.value) if in_port and in_port.value else None
    noun = _kind(clauses, telling)
    if port is not None:
        noun = _Noun(
            Message("%(noun)s from %(port)s", {"noun": noun.phrase, "port": port}), plain=False
        )
    return _with(noun, tuple(telling.condition(clause) for clause in clauses))


def _everything(flow: Flow, names: Names) -> _Noun:
    return _Noun(Message("Everything else") if names.is_rest(flow) else Message("All packets"))


def _kind(clauses: list[Clause], telling: Telling, *, brief: bool = False) -> _Noun:
    """What kind of packets, of which connection; takes its clauses out of the list."""
    noun = _tagged(clauses, telling, _protocol(clauses, telling))
    fragments = _take(clauses, "ip_frag")
    if fragments is not None:
        told = values.words("fragments", fragments.value or "")
        if told is None:
            clauses.insert(0, fragments)
        else:
            params: dict[str, Param] = {"noun": noun.phrase, "fragments": told}
            noun = _Noun(Message("%(noun)s (%(fragments)s)", params), noun.plain)
    state = _take(clauses, "ct_state")
    if state is None:
        return noun
    words = values.connection_state(state.value or "", brief=brief)
    if words is None:
        clauses.insert(0, state)
        return noun
    return _Noun(Message("%(noun)s %(state)s", {"noun": noun.phrase, "state": words}), plain=False)


def _with(noun: _Noun, conditions: Sequence[Param]) -> _Noun:
    """The noun with its other conditions.

    Japanese puts them before a plain noun, and picks out of a longer phrase (``of these``).
    """
    if not conditions:
        return noun
    params: dict[str, Param] = {"noun": noun.phrase, "conditions": Series(tuple(conditions))}
    context = None if noun.plain else "of these"
    return _Noun(Message("%(noun)s with %(conditions)s", params, context), plain=False)


def _take(clauses: list[Clause], name: str) -> Clause | None:
    """The clause about a field, taken out of the list."""
    for index, clause in enumerate(clauses):
        if clause.field == name and clause.value is not None and clause.mask is None:
            return clauses.pop(index)
    return None


def _protocol(clauses: list[Clause], telling: Telling) -> _Noun | None:
    """What kind of packets: the shorthand, with the type of ICMP in it."""
    for index, clause in enumerate(clauses):
        name = clause.field
        words = phrases.protocol(name) if clause.value is None else None
        if words is None or find_protocol(name) is None:
            continue
        del clauses[index]
        if name == "icmp" and (kind := _take(clauses, "icmp_type")) is not None:
            told = telling.value(kind.field, kind.value or "")
            return _Noun(Message("ICMP type %(type)s", {"type": told}))
        if name == "icmp6" and (kind := _take(clauses, "icmpv6_type")) is not None:
            told = telling.value(kind.field, kind.value or "")
            return _Noun(Message("ICMPv6 type %(type)s", {"type": told}))
        return _Noun(words)
    return None


def _tagged(clauses: list[Clause], telling: Telling, noun: _Noun | None) -> _Noun:
    """The noun with the tag of its frames, where the match says something of it."""
    for index, clause in enumerate(clauses):
        tag = _tag(clause)
        if tag is None:
            continue
        del clauses[index]
        if tag == "none":
            if noun is None:
                return _Noun(Message("Untagged frames"))
            return _Noun(Message("Untagged %(noun)s", {"noun": noun.phrase}))
        if tag == "any":
            if noun is None:
                return _Noun(Message("Tagged frames"))
            return _Noun(Message("Tagged %(noun)s", {"noun": noun.phrase}))
        vlan = refs.vlan(tag)
        telling.said.add(vlan)
        if noun is None:
            return _Noun(Message("%(vlan)s frames", {"vlan": vlan}))
        return _Noun(Message("%(vlan)s %(noun)s", {"vlan": vlan, "noun": noun.phrase}))
    return noun or _Noun(Message("Packets"))


def _tag(clause: Clause) -> str | None:
    """``none``, ``any``, or the VLAN that a clause asks for; None when it says something else."""
    value = number(clause.value or "")
    if value is None:
        return None
    mask = number(clause.mask) if clause.mask is not None else None
    match clause.field:
        case "dl_vlan" if mask is None:
            # ovs-ofctl(8): dl_vlan=0xffff matches frames without a tag.
            return "none" if value == 0xFFFF else str(value)
        case "vlan_vid" if mask is None and value & _TAG_PRESENT:
            return str(value & _VLAN_ID)
        case "vlan_tci":
            if mask is None:
                return "none" if value == 0 else None
            if mask == _TAG_PRESENT | _VLAN_ID:
                return str(value & _VLAN_ID) if value & _TAG_PRESENT else _absent(value)
            if mask == _TAG_PRESENT:
                return "any" if value else "none"
    return None


def _absent(value: int) -> str | None:
    # A VLAN without the tag-present bit matches no tagged frame (Neutron wrote such a flow): what
    # it asks for is then told as it is printed.
    return "none" if value == 0 else None
