"""Actions that send the packet somewhere: ports, NORMAL, patch ports, tunnels, the controller."""

from collections.abc import Sequence

from . import packet as p
from .commit import tags_of
from .draft import EventDraft, remark
from .headers import to_controller
from .normal import decide, flooded, tagged_for
from .program import Op, port_number
from .result import AssumptionCode, Effect, RemarkCode, Via
from .run import Run
from .switch import LOCAL, Bridge, Port
from .tunnels import Outer, carried, is_tunnel, outer_of, push_of

IN_PORT, TABLE, NORMAL, FLOOD, ALL, CONTROLLER, NONE = (
    65528, 65529, 65530, 65531, 65532, 65533, 65535,
)  # fmt: skip
_REASONS = {"no_match": 0, "action": 1, "invalid_ttl": 2, "action_set": 3, "group": 4,
            "packet_out": 5}  # fmt: skip


def output(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    if "max_len" in op.action.arguments:
        _truncated(run, op, event)
        return
    if op.number is None:
        _unknown_port(run, event, op.action.arguments.get("port", op.text))
        return
    send(run, op.number, event, is_last=not rest)


def send(run: Run, number: int, event: EventDraft, *, is_last: bool = False) -> None:
    """To a port, real or reserved."""
    in_port = run.flow["in_port"]
    if number == IN_PORT:
        to_port(run, in_port, event, is_last=is_last)
    elif number == TABLE:
        run.look_up(0, "table", event)
    elif number == NORMAL:
        normal(run, event, is_last=is_last)
    elif number in (FLOOD, ALL):
        ends, run.ends = run.ends, False
        for port in list(flooded(run.bridge, run.flow, everywhere=number == ALL)):
            to_port(run, port.number, event)
        run.ends = ends
    elif number == CONTROLLER:
        to_controller(run, event, _reason(run), 65535, "0")
    elif number == in_port:
        remark(event, RemarkCode.IN_PORT_DROPPED, port=run.bridge.port_name(number))
    elif number not in (NONE, NONE | 0xFFFF0000):
        to_port(run, number, event, is_last=is_last)


def _truncated(run: Run, op: Op, event: EventDraft) -> None:
    """To a real port alone: the switch refuses reserved ports and patch ports."""
    name, number = op.action.arguments.get("port", op.text), op.number
    if number is not None and number == run.flow["in_port"]:
        remark(event, RemarkCode.IN_PORT_DROPPED, port=run.bridge.port_name(number))
        return
    port = run.bridge.by_number.get(-1 if number is None else number)
    if port is None or port.is_patch:
        is_reserved = number is not None and IN_PORT <= number <= CONTROLLER
        if is_reserved or port is not None:
            remark(event, RemarkCode.NOT_APPLICABLE, field="max_len")
        else:
            _unknown_port(run, event, name)
        return
    run.commit()
    run.emit(f"trunc({op.action.arguments['max_len']})")
    to_port(run, port.number, event)


def output_reg(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    if op.source is None:
        return
    number = p.get(run.flow, op.source.field) >> op.source.start & op.source.ones
    if number <= 0xFFFF:
        send(run, number, event, is_last=not rest)


def enqueue(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    if op.number is None:
        _unknown_port(run, event, op.action.arguments.get("port", op.text))
        return
    kept = run.flow["skb_priority"]
    run.flow["skb_priority"] = p.parse_number(op.action.arguments.get("queue", "")) or 0
    number = run.flow["in_port"] if op.number == IN_PORT else op.number
    if op.number != IN_PORT and number == run.flow["in_port"]:
        remark(event, RemarkCode.IN_PORT_DROPPED, port=run.bridge.port_name(number))
    else:
        to_port(run, number, event)
    run.flow["skb_priority"] = kept


def _reason(run: Run) -> int:
    flow = run.step.flow if run.step else None
    is_miss = flow is not None and flow.priority == 0 and not flow.match.clauses
    return 0 if is_miss and not run.bridge.is_openflow10 else 1


def controller(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    arguments = op.action.arguments
    if "pause" in arguments:
        # The controller has the packet now; what it does with it no capture tells.
        run.commit()
        run.report(event, Effect("controller", run.bridge.name))
        run.freeze()
        run.freezing = False
        return
    reason = _REASONS.get(arguments.get("reason", ""))
    to_controller(
        run,
        event,
        _reason(run) if reason is None else reason,
        p.parse_number(arguments.get("max_len", "65535")) or 0,
        arguments.get("id", "0"),
        metered="meter_id" in arguments,
    )


def _unknown_port(run: Run, event: EventDraft, name: str) -> None:
    remark(event, RemarkCode.PORT_UNKNOWN, port=name)
    assert run.step is not None
    run.draft.unknown = True
    run.draft.assume(
        AssumptionCode.UNKNOWN_PORT, run.step.number, bridge=run.bridge.name, port=name
    )


def to_port(run: Run, number: int, event: EventDraft, *, is_last: bool = False) -> None:
    """Out of a port of the present bridge."""
    port = run.bridge.by_number.get(number)
    if port is None:
        remark(event, RemarkCode.PORT_UNKNOWN, port=str(number))
        if not run.bridge.is_listed or any(not one.is_numbered for one in run.bridge.ports):
            _unknown_port(run, event, str(number))
        return
    if run.flow["packet_type"] != p.ETHERNET_PACKET:
        remark(event, RemarkCode.NOT_APPLICABLE, field="packet_type")
        return
    if port.is_patch:
        through_patch(run, port, event, is_last=is_last)
    elif is_tunnel(port):
        _through_tunnel(run, port, event)
    else:
        run.commit()
        run.emit(port.name)
        run.report(event, _effect(run, port, None, None, port.name))


def _effect(run: Run, port: Port, tunnel: int | None, remote: str | None, datapath: str) -> Effect:
    vlans = tuple(tci & p.VID for _, tci in tags_of(run.flow))
    if run.carrier is not None and remote is None:
        tunnel, remote = run.carrier.key, run.carrier.remote
    return Effect("output", run.bridge.name, port.name, vlans, tunnel, remote, datapath)


def _through_tunnel(run: Run, port: Port, event: EventDraft) -> None:
    outer = outer_of(port, run.flow)
    if outer is None:
        remark(event, RemarkCode.TUNNEL_UNKNOWN, port=port.name)
        return
    if _pushed(run, port, outer, event):
        return
    key = f"set({outer.text})"
    if run.tunnel != outer.text:
        run.tunnel = outer.text
        run.emit(key)
    run.commit()
    run.emit(outer.device)
    run.report(event, _effect(run, port, outer.key, outer.remote, f"{key},{outer.device}"))


def _pushed(run: Run, port: Port, outer: Outer, event: EventDraft) -> bool:
    """The switch makes the outer packet itself; False when it does not, as far as captured."""
    native = run.switch.native
    if native is None:
        return False
    way = native.way_to(outer.remote, outer.local, run.flow["pkt_mark"])
    if isinstance(way, RemarkCode):
        remark(event, way, port=port.name, remote=outer.remote)
        return True
    bridge = run.switch.bridges.get(way.device) if way else None
    push = push_of(port, run.flow, outer, way) if way else None
    if way is None or bridge is None or push is None:
        return False
    run.commit()
    kept, carrier = run.kept(), run.carrier
    before, run.datapath = run.datapath, []
    run.flow, run.base = carried(run.flow, outer, way), carried(run.base, outer, way)
    run.carrier = outer
    _into(run, bridge, LOCAL, event, "tunnel", is_last=run.ends)
    inner, run.datapath = run.datapath, before
    run.restore(kept)
    run.carrier = carrier
    if inner:
        sent = ",".join([push, *inner])
        run.emit(sent if run.ends else f"clone({sent})")
    return True


def through_patch(run: Run, port: Port, event: EventDraft, *, is_last: bool = False) -> None:
    """Into the bridge at the other end, where the packet arrives with nothing noted on it."""
    bridge = run.switch.bridges.get(port.peer[0]) if port.peer else None
    number = bridge.numbers.get(port.peer[1]) if bridge and port.peer else None
    if bridge is None or number is None:
        remark(event, RemarkCode.PORT_UNKNOWN, port=port.name)
        return
    _into(run, bridge, number, event, "patch", is_last=is_last)


def _into(
    run: Run, bridge: Bridge, number: int, event: EventDraft, via: Via, *, is_last: bool
) -> None:
    """On in another bridge, from its port ``number``; then back to where the packet was."""
    flow, home = run.flow, run.bridge
    stack, action_set = run.stack, run.action_set
    conntracked, was_mpls = run.conntracked, run.was_mpls
    run.flow = arrived(flow, number)
    run.bridge, run.stack, run.action_set = bridge, [], []
    run.conntracked, traced, run.traced_bridge = False, run.traced_bridge, None
    run.look_up(0, via, event, walk=Run.clone, is_last=is_last)
    run.end()
    run.flow, run.bridge, run.stack, run.action_set = flow, home, stack, action_set
    run.conntracked, run.was_mpls, run.traced_bridge = conntracked, was_mpls, traced
    run.exit = run.failed = False


def arrived(flow: p.Packet, in_port: int) -> p.Packet:
    """A packet as it comes out of the other end of a patch pair."""
    fresh = flow.copy()
    for name in (*p.REGISTERS, *p.TRACKING, *p.TUNNEL[:18], "metadata"):
        fresh[name] = 0
    for name in [name for name in fresh if name.startswith("tun_metadata")]:
        del fresh[name]
    fresh["in_port"] = in_port
    fresh["actset_output"] = p.UNSET_PORT
    return fresh


def normal(run: Run, event: EventDraft, *, is_last: bool = False) -> None:
    bridge, flow = run.bridge, run.flow
    assert run.step is not None
    decision = decide(bridge, flow)
    remark(event, decision.why, vlan=str(decision.vlan),
           port=",".join(port.name for port in decision.ports))  # fmt: skip
    is_single = not flow["eth_dst"] >> 40 & 1
    if not bridge.is_listed:
        run.draft.assume(AssumptionCode.NO_VSCTL_SHOW, run.step.number, bridge=bridge.name)
    elif is_single and decision.is_flood:
        code = AssumptionCode.FLOODED if bridge.has_fdb else AssumptionCode.NO_FDB
        run.draft.assume(code, run.step.number, bridge=bridge.name)
    for name in decision.bonds:
        run.draft.assume(AssumptionCode.HASH, run.step.number, what=name, bridge=bridge.name)
    ends = run.ends
    run.ends = ends and not decision.is_flood
    for port in decision.ports:
        kept = run.flow
        run.flow = tagged_for(port, kept, decision)
        to_port(run, port.number, event)
        run.flow = kept
    run.ends = ends


def bundle(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    """One of several ports: which, hashes in the switch decide; ``active_backup``: the first."""
    members = op.action.arguments.get("members", "").split(",")
    numbers = [
        number
        for member in members
        if (number := port_number(member.strip(' "'), run.bridge.numbers)) is not None
    ]
    live = [n for n in numbers if (port := run.bridge.by_number.get(n)) and port.is_up]
    assert run.step is not None
    if op.action.arguments.get("algorithm") != "active_backup" and len(live) > 1:
        run.draft.assume(AssumptionCode.HASH, run.step.number, what=op.text, bridge=run.bridge.name)
    chosen = live[0] if live else NONE
    if op.target is not None:
        run.write(event, op.target.field, chosen << op.target.start,
                  op.target.ones << op.target.start)  # fmt: skip
    elif live:
        send(run, chosen, event)


def multipath(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    assert run.step is not None
    if op.action.arguments.get("n_links") != "1":
        run.draft.assume(AssumptionCode.HASH, run.step.number, what=op.text, bridge=run.bridge.name)
    if op.target is not None:
        run.write(event, op.target.field, 0, op.target.ones << op.target.start)
