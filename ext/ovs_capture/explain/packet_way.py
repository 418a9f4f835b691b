"""The way of a packet in words: its verdict, its steps, and where its copies end.

Lives here: messages made of a trace and of the model of the host. What a flow says and what it is
there for are told by ``flows`` and ``purpose``; what was assumed by ``traces``. Their Japanese is
in ``trace_page.po``.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ..network.model import Network
from ..openflow.values import number
from ..trace.result import AssumptionCode, Change, Effect, Event, Step, Trace
from . import refs
from .message import Message, Param, Ref, Series
from .names import Names, Subject

NO_FLOW = Message("No flow of this table matches: the packet is dropped.")
NO_MATCH = Message("No flow of this table matches.")
NOT_CAPTURED = Message("No capture shows the flows of this bridge.")


def verdict(trace: Trace, network: Network | None, names: Names) -> Message:
    """How it ends, one sentence without a full stop."""
    match trace.verdict.kind:
        case "output":
            if len(trace.outs) == 1:
                return _way_out(trace.outs[0], network, names)
            places: Param = Series(tuple(_place(out, names) for out in trace.outs), "plain")
            holes: dict[str, Param] = {"count": len(trace.outs), "places": places}
            return Message("Leaves in %(count)s copies: %(places)s", holes)
        case "controller":
            return Message("Goes to the controller")
        case "loop":
            return Message("Goes round until the switch gives up")
        case "unknown":
            return Message("Where it ends cannot be told from these captures")
    if trace.verdict.dropped_in is None:
        return Message("Dropped")
    bridge, table = trace.verdict.dropped_in
    return Message(
        "Dropped in table %(table)s of %(bridge)s",
        {"table": Ref("table", str(table)), "bridge": Ref("bridge", bridge)},
    )


def extent(trace: Trace) -> Message:
    """``9 steps through br-int and br-provider``."""
    bridges = dict.fromkeys(step.bridge for step in trace.steps)
    through = Series(tuple(Ref("bridge", bridge) for bridge in bridges), "and")
    if len(trace.steps) == 1:
        return Message("1 step through %(bridges)s", {"bridges": through})
    holes: dict[str, Param] = {"count": len(trace.steps), "bridges": through}
    return Message("%(count)s steps through %(bridges)s", holes)


def entrance(step: Step, names: Names) -> Message:
    """Where a packet comes into a bridge."""
    if step.via == "tunnel":
        return Message(
            "enters in the tunnel's outer packet at %(port)s",
            {"port": names.port(step.in_port).full},
        )
    return Message("enters at %(port)s", {"port": names.port(step.in_port).full})


def end(effect: Effect, network: Network | None, names: Names) -> Message:
    """Where one copy ends, one sentence."""
    if effect.kind == "controller":
        return Message("A copy goes to the controller.")
    return Message("%(way)s.", {"way": _way_out(effect, network, names)}, context="end of a way")


def _way_out(effect: Effect, network: Network | None, names: Names) -> Message:
    """``Leaves for 172.16.0.0/24 on eth2, untagged``, ``Reaches instance01 (tap...)``."""
    assert effect.port is not None
    subject = names.port(effect.port)
    place = _place(effect, names)
    if effect.tunnel is not None and effect.remote is not None:
        return Message(
            "Leaves for %(remote)s on %(place)s",
            {"place": place, "remote": Ref("address", effect.remote)},
        )
    if subject.owner is not None:
        return Message("Reaches %(place)s", {"place": place})
    prefix = network.prefix_of(effect.port) if network else None
    if prefix is not None:
        return Message(
            "Leaves for %(network)s on %(place)s",
            {"place": place, "network": Ref("address", prefix)},
        )
    return Message("Leaves on %(place)s", {"place": place})


def _place(effect: Effect, names: Names) -> Message:
    """A port, and how the copy is marked there."""
    assert effect.port is not None
    subject: Subject = names.port(effect.port)
    holes: dict[str, Param] = {"port": subject.full}
    if effect.tunnel is not None:
        key = refs.vlan(effect.tunnel)
        holes["key"] = Ref("vlan", key.value, str(effect.tunnel))
        return Message("%(port)s with tunnel key %(key)s", holes)
    if effect.vlans:
        tags = Series(tuple(refs.vlan(tag) for tag in effect.vlans), "and")
        return Message("%(port)s with a tag of %(vlans)s", holes | {"vlans": tags})
    if subject.owner is not None:
        return Message("%(port)s", holes, context="end of a way")
    return Message("%(port)s, untagged", holes)


class Copy(NamedTuple):
    """One of several places that an action sends a packet to. ``taken``: does a copy get out?"""

    port: Param
    fate: Message
    taken: bool


def copies(event: Event, trace: Trace, network: Network | None, names: Names) -> tuple[Copy, ...]:
    """Where an action sends its copies; nothing when there are fewer than two."""
    found = [_beyond(trace.steps[child], trace, names) for child in event.children]
    found = [copy for copy in found if copy is not None]
    for effect in event.effects:
        if effect.port is None:
            continue
        own = effect.port == effect.bridge
        fate = Message("the bridge's own port") if own else Message("leaves here")
        found.append(Copy(names.port(effect.port).full, fate, True))
    told = tuple(copy for copy in found if copy is not None)
    return told if len(told) > 1 else ()


def _beyond(step: Step, trace: Trace, names: Names) -> Copy | None:
    """What becomes of a copy that goes on into another bridge, over a patch or in a tunnel."""
    if step.via == "tunnel":
        return _in_a_tunnel(step, trace)
    if step.via != "patch":
        return None
    bridge = Ref("bridge", step.bridge)
    inside, leads_out = _inside(step, trace)
    port = _port_towards(step, names)
    if leads_out:
        return Copy(port, Message("over a patch to %(bridge)s", {"bridge": bridge}), True)
    if not_captured(step, trace):
        return Copy(
            port,
            Message("over a patch to %(bridge)s, whose flows no capture shows", {"bridge": bridge}),
            False,
        )
    last = trace.steps[inside[-1]]
    holes: dict[str, Param] = {"bridge": bridge, "table": Ref("table", str(last.table))}
    return Copy(
        port, Message("over a patch to %(bridge)s, dropped in its table %(table)s", holes), False
    )


def _in_a_tunnel(step: Step, trace: Trace) -> Copy:
    port, bridge = Ref("device", step.in_port), Ref("bridge", step.bridge)
    inside, leads_out = _inside(step, trace)
    if leads_out:
        return Copy(port, Message("in a tunnel over %(bridge)s", {"bridge": bridge}), True)
    if not_captured(step, trace):
        return Copy(
            port,
            Message(
                "in a tunnel over %(bridge)s, whose flows no capture shows", {"bridge": bridge}
            ),
            False,
        )
    last = trace.steps[inside[-1]]
    holes: dict[str, Param] = {"bridge": bridge, "table": Ref("table", str(last.table))}
    return Copy(
        port, Message("in a tunnel over %(bridge)s, dropped in its table %(table)s", holes), False
    )


def _inside(step: Step, trace: Trace) -> tuple[list[int], bool]:
    """The steps that follow from one, itself too, and whether any of them has an effect."""
    inside = [step.number]
    for one in trace.steps[step.number + 1 :]:
        if one.parent in inside:
            inside.append(one.number)
    leads_out = any(
        event.effects or event.resumes is not None
        for place in inside
        for event in trace.steps[place].events
    )
    return inside, leads_out


def not_captured(step: Step, trace: Trace) -> bool:
    """Whether no flow was found because there are no flows to look in."""
    return step.flow is None and any(
        one.code is AssumptionCode.NO_FLOWS and one.args.get("bridge") == step.bridge
        for one in trace.assumptions
    )


def _port_towards(step: Step, names: Names) -> Param:
    """The near end of the patch whose far end a step's packet comes in at."""
    network = names.network
    far = network.port(step.in_port, step.bridge).one if network else None
    peers = {i.peer for i in far.interfaces if i.peer} if far else set()
    if len(peers) == 1:
        return Ref("device", peers.pop()[1])
    return Ref("device", step.in_port)


class Changed(NamedTuple):
    """A field that a step changed, as values to show. ``meaning``: what the new one stands for."""

    name: Ref
    before: Param
    after: Param
    meaning: Param | None


# What comes and goes with a tag, and says nothing while it is 0.
_OF_TAG = ("vlan_pcp", "vlan_cfi")


def changed(changes: Iterable[Change], names: Names) -> tuple[Changed, ...]:
    """The changes of a step, each field once: from what it was to what it became."""
    first: dict[str, str | None] = {}
    last: dict[str, str | None] = {}
    for change in changes:
        first.setdefault(change.field, change.before)
        last[change.field] = change.after
    return tuple(
        Changed(
            Ref("register" if _is_register(field) else "field", field),
            _value(field, before),
            _value(field, after),
            _meaning(field, after, names),
        )
        for field, before in first.items()
        if (after := last[field]) != before
        and not (field in _OF_TAG and {before, after} == {None, "0"})
    )


def _is_register(field: str) -> bool:
    return field.startswith(("reg", "xreg", "xxreg"))


def _value(field: str, value: str | None) -> Param:
    """Registers hold numbers that people know in decimal; what is missing is said."""
    if value is None:
        return Message("untagged") if field.startswith("vlan") else Message("none", context="value")
    found = number(value) if _is_register(field) else None
    return value if found is None or found > _WORD else str(found)


# Beyond 16 bits a number in hexadecimal tells more.
_WORD = 0xFFFF


def _meaning(field: str, value: str | None, names: Names) -> Param | None:
    found = None if value is None else number(value)
    if found is None:
        return None
    subject = names.in_register(field, found)
    if subject is not None and subject.who is not None:
        return Message("port of %(owner)s", {"owner": subject.who})
    vlan = names.vlan_in_register(field, found)
    return None if vlan is None else Message("local %(vlan)s", {"vlan": refs.vlan(vlan)})
