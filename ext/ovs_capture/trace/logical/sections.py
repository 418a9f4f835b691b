"""Actions after which the packet is in another table, another pipeline, or a packet of its own.

``ovn-trace`` follows a copy to its end, then does the rest of the actions with the packet as it was
before. The rules are those of utilities/ovn-trace.c.
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address

from ...logical.flow import Action, Constant, Endpoint, Pipeline, Symbol, Value
from ...openflow.values import decimal
from .destinations import Destination
from .expressions import holds
from .fields import Packet, place_of
from .result import AssumptionCode, Effect, RemarkCode
from .run import At, Context, Work, next_table, state_text
from .state import Datapath, Port

_EST, _TRK, _SNAT, _DNAT = 1 << 1, 1 << 5, 1 << 6, 1 << 7
_LOOPBACK = 1 << 0
_REGISTERS = ("flags", *(f"reg{number}" for number in range(10)))
# Ports behind which the packet leaves OVN's logical network.
_HOPS = frozenset({"localnet", "vtep", "l2gateway", "remote"})


def next_(context: Context, action: Action) -> Work:
    """To a table of this pipeline with the same packet; from egress back to ingress, too."""
    at = context.at
    pipeline, table = next_table(action, context.table, at.pipeline)
    if pipeline != at.pipeline:
        at = _opened(context, at.datapath, context.packet, pipeline)
    return context.run.table(at, context.packet, table)


def _opened(context: Context, datapath: Datapath, packet: Packet, pipeline: Pipeline) -> At:
    outport = str(packet["outport"]) if pipeline == "egress" else ""
    number = context.run.section(pipeline, context.step, datapath, packet, outport=outport)
    context.event.sections.append(number)
    return At(datapath, pipeline, number)


def output(context: Context, action: Action) -> Work | None:
    """In ingress: to the egress pipeline of one port or of a group; in egress: out."""
    packet, datapath = context.packet, context.at.datapath
    name = str(packet["outport"])
    if not name:
        context.remark(RemarkCode.NULL_PORT)
        return None
    port = datapath.ports.get(name)
    if context.at.pipeline == "egress":
        return _leave(context, name, port)
    egress = {**packet, **dict.fromkeys(_REGISTERS, 0)}
    group = datapath.groups.get(name)
    if group is not None:
        return _multicast(context, egress, group.ports)
    if port is None:
        if not context.run.state.has_groups and name.startswith("_MC_"):
            context.assume(AssumptionCode.NO_GROUPS, group=name, datapath=datapath.title)
            context.run.lost = True
            return None
        if context.run.state.has_ports:
            context.remark(RemarkCode.UNKNOWN_PORT, port=name)
    if port is not None and port.type == "chassisredirect":
        real = datapath.ports.get(port.distributed or "")
        if real is None:
            context.remark(RemarkCode.NO_DISTRIBUTED, port=name)
            return None
        context.remark(RemarkCode.DISTRIBUTED, port=name, real=real.name)
        egress["outport"] = name = real.name
    if _goes_back(packet, name):
        context.remark(RemarkCode.TO_INPORT, port=name)
        return None
    return context.run.table(_opened(context, datapath, egress, "egress"), egress, 0)


def _goes_back(packet: Packet, outport: str) -> bool:
    """An output to the input port is dropped, unless flags.loopback is set."""
    flags = packet["flags"]
    assert isinstance(flags, int)
    return outport == packet["inport"] and not flags & _LOOPBACK


def _multicast(context: Context, egress: Packet, ports: Sequence[str]) -> Work:
    run, datapath = context.run, context.at.datapath
    group = str(context.packet["outport"])
    number = run.section("multicast", context.step, datapath, context.packet, outport=group)
    context.event.sections.append(number)
    for name in ports:
        if _goes_back(context.packet, name):
            context.remark(RemarkCode.TO_INPORT, port=name)
            continue
        egress["outport"] = name
        yield run.table(_opened(context, datapath, egress, "egress"), egress, 0)


def _leave(context: Context, name: str, port: Port | None) -> Work | None:
    run, datapath = context.run, context.at.datapath
    if port is None or (port.peer is None and port.type not in ("patch", "l3gateway")):
        if port is None and not run.state.has_ports:
            context.assume(AssumptionCode.NO_BINDINGS)
        elif port is not None and port.type in _HOPS:
            tag = port.tag or ""
            context.remark(RemarkCode.HOP, port=name, type=port.type, tag=tag)
        kind = None if port is None else port.type
        context.event.effects.append(Effect(datapath.title, name, kind))
        return None
    peer = run.state.ports.get(port.peer or "")
    there = None if peer is None else run.state.by_uuid.get(peer.datapath)
    if peer is None or there is None or port.type not in ("patch", "l3gateway"):
        if port.type in ("patch", "l3gateway"):
            context.remark(RemarkCode.PEER, port=name, peer=port.peer or "-")
        context.event.effects.append(Effect(datapath.title, name, port.type))
        return None
    packet = {**context.packet, "inport": peer.name, "outport": ""}
    return run.table(_opened(context, there, packet, "ingress"), packet, 0)


# the connection tracker


def _next_state(context: Context) -> tuple[int, bool]:
    """What the tracker finds next, and whether no option says so."""
    run = context.run
    if run.ct:
        state = run.ct.popleft()
        context.assume(AssumptionCode.CT_FROM_OPTION, state=state_text(state))
        return state, False
    context.assume(AssumptionCode.CT_STATE, state=state_text(_EST | _TRK))
    return _EST | _TRK, True


def _go_on(
    context: Context, packet: Packet, action: str, table: int, assumed: bool = False,
    tracked: bool = True,
) -> Work:  # fmt: skip
    """A copy goes on in a table."""
    state = packet["ct_state"]
    number = context.run.section(
        "copy", context.step, context.at.datapath, packet, action=action,
        ct_state=state_text(state) if tracked and isinstance(state, int) else None,
        assumed=assumed,
    )  # fmt: skip
    context.event.sections.append(number)
    return context.run.table(context.at._replace(section=number), packet, table)


def ct_next(context: Context, action: Action) -> Work:
    state, assumed = _next_state(context)
    packet = {**context.packet, "ct_state": state}
    return _go_on(context, packet, action.name, context.table + 1, assumed)


def ct_nat(context: Context, action: Action) -> Work | None:
    is_dst = "dnat" in action.name
    address = _address(action.value())
    packet = dict(context.packet)
    if address is None:
        if not is_dst and context.at.datapath.has_gateway:
            return None  # "ct_snat;" has no visible effect in a gateway router
        context.assume(AssumptionCode.UNNAT, action=action.name)
    else:
        packet[_nat_key(is_dst, address)] = address[1]
        packet["ct_state"] = _number(packet, "ct_state") | (_DNAT if is_dst else _SNAT)
    assumed = False
    if not _number(packet, "ct_state") & _TRK:
        state, assumed = _next_state(context)
        packet["ct_state"] = _number(packet, "ct_state") | state
    return _go_on(context, packet, action.name, context.table + 1, assumed)


def ct_commit_to_zone(context: Context, action: Action) -> Work:
    return _go_on(context, dict(context.packet), action.name, context.table + 1)


def _number(packet: Packet, key: str) -> int:
    value = packet[key]
    assert isinstance(value, int)
    return value


def _address(value: Value | None) -> tuple[int, int] | None:
    """Bits of the family, and the number."""
    if isinstance(value, Constant) and isinstance(value.value, int):
        return (128 if value.kind == "ipv6" else 32), value.value
    return None


def _nat_key(is_dst: bool, address: tuple[int, int]) -> str:
    way = "dst" if is_dst else "src"
    return f"nw_{way}" if address[0] == 32 else f"ipv6_{way}"


def ct_lb(context: Context, action: Action) -> Work:
    """To a backend of the list: that of ``--lb-dst``, else the first of the packet's family."""
    run, packet = context.run, dict(context.packet)
    bits = 32 if holds("ip4")(packet) else 128 if holds("ip6")(packet) else 0
    backends = _backends(action)
    chosen: Destination | None = None
    if bits and backends:
        own = [one for one in backends if one.bits == bits]
        wanted = run.lb_dst
        chosen = next((one for one in own if wanted and one.address == wanted.address), None)
        if chosen is not None:
            run.lb_dst = None
        elif own:
            chosen = own[run.choice % len(own)]
            if len(own) > 1:
                context.assume(AssumptionCode.BACKEND, backend=_written(chosen))
        else:
            context.assume(AssumptionCode.NO_BACKEND)
    elif bits and run.lb_dst is not None and run.lb_dst.bits == bits:
        chosen = run.lb_dst
    if chosen is not None:
        packet["nw_dst" if bits == 32 else "ipv6_dst"] = chosen.address
        if chosen.port:
            packet["tp_dst"] = chosen.port
        packet["ct_state"] = _number(packet, "ct_state") | _DNAT
    state, assumed = _next_state(context)
    packet["ct_state"] = _number(packet, "ct_state") | state
    return _go_on(context, packet, action.name, context.table + 1, assumed)


def _written(one: Destination) -> str:
    address = IPv4Address(one.address) if one.bits == 32 else IPv6Address(one.address)
    if one.port is None:
        return str(address)
    return f"{address}:{one.port}" if one.bits == 32 else f"[{address}]:{one.port}"


def _backends(action: Action) -> list[Destination]:
    found = []
    for argument in action.arguments:
        if argument.name not in ("backends", ""):
            continue
        for value in argument.values:
            if isinstance(value, Endpoint) and isinstance(value.address.value, int):
                bits = 128 if value.address.kind == "ipv6" else 32
                port = value.port.value if isinstance(value.port.value, int) else None
                found.append(Destination(bits, value.address.value, port))
            elif (address := _address(value)) is not None:
                found.append(Destination(*address, None))
    return found


def select(context: Context, action: Action) -> Work | None:
    """One of weighted values: that of ``--select-id``, else the first."""
    run = context.run
    found = [n for argument in action.arguments if (n := decimal(argument.name)) is not None]
    target = action.target or action.value()
    place = place_of(target) if isinstance(target, Symbol) else None
    values = [
        one.value for argument in action.arguments for one in argument.values
        if argument.name in ("values", "") and isinstance(one, Constant)
    ]  # fmt: skip
    found += [n for argument in action.arguments for inner in argument.arguments
              if (n := decimal(inner.name)) is not None]  # fmt: skip
    found += [value for value in values if isinstance(value, int)]
    if not found or place is None:
        context.assume(AssumptionCode.NOT_READ, what=context.event.text)
        return None
    if run.select_id in found:
        chosen = run.select_id or 0
    else:
        chosen = found[0]
        if len(found) > 1:
            context.assume(AssumptionCode.MEMBER, member=str(chosen))
    packet = dict(context.packet)
    place.put(packet, chosen)
    return _go_on(context, packet, action.name, context.table + 1, tracked=False)


# packets of its own


def _block(context: Context, action: Action, packet: Packet, name: str = "") -> Work:
    """Execute the actions between the braces with another packet."""
    at = context.at
    number = context.run.section(
        "copy", context.step, at.datapath, packet, action=name or action.name
    )
    context.event.sections.append(number)
    return context.run.actions(
        at._replace(section=number), packet, context.table, context.step, action.actions,
        context.event.depth + 1,
    )  # fmt: skip


def clone(context: Context, action: Action) -> Work:
    return _block(context, action, dict(context.packet))


def arp(context: Context, action: Action) -> Work:
    packet = dict(context.packet)
    packet.update(
        nw_frag=0, ip_dscp=0, nw_ecn=0, nw_ttl=0, tcp_flags=0, dl_type=0x0806, nw_proto=1,
        arp_sha=packet["dl_src"], arp_tha=0,
    )  # fmt: skip
    return _block(context, action, packet)


def nd_na(context: Context, action: Action) -> Work:
    old = context.packet
    packet = dict(old)
    packet.update(
        dl_src=old["dl_dst"], dl_dst=old["dl_src"], ipv6_dst=old["ipv6_src"],
        ipv6_src=old["nd_target"], dl_type=0x86DD, nw_proto=58, nw_ttl=255, tp_src=136, tp_dst=0,
        arp_sha=0, arp_tha=old["dl_dst"],
    )  # fmt: skip
    return _block(context, action, packet)


def nd_ns(context: Context, action: Action) -> Work:
    """To the solicited-node address of Ethernet; ovn-trace leaves the rest of the packet alone."""
    packet = dict(context.packet)
    packet["dl_dst"] = 0x3333FF000000 | _number(packet, "ipv6_dst") & 0xFFFFFF
    return _block(context, action, packet)


def _answer(context: Context, turned: bool, **changes: int) -> Packet:
    """A packet back to the sender; ``turned``: with its addresses exchanged, as reject does.

    Else the actions in the braces exchange them.
    """
    old = context.packet
    packet = dict(old)
    if turned:
        packet.update(
            dl_src=old["dl_dst"], dl_dst=old["dl_src"], nw_src=old["nw_dst"],
            nw_dst=old["nw_src"], ipv6_src=old["ipv6_dst"], ipv6_dst=old["ipv6_src"],
        )  # fmt: skip
    packet.update(nw_ttl=255, **changes)
    return packet


def icmp4(context: Context, action: Action, turned: bool = False) -> Work:
    """Host unreachable (RFC 792), until the actions say another type and code."""
    packet = _answer(context, turned, nw_proto=1, tp_src=3, tp_dst=1)
    return _block(context, action, packet, "icmp4" if turned else "")


def icmp6(context: Context, action: Action, turned: bool = False) -> Work:
    """Destination unreachable, administratively prohibited (RFC 4443)."""
    packet = _answer(context, turned, nw_proto=58, tp_src=1, tp_dst=1)
    return _block(context, action, packet, "icmp6" if turned else "")


def tcp_reset(context: Context, action: Action, turned: bool = False) -> Work:
    packet = _answer(context, turned, nw_proto=6, tcp_flags=0x004)
    return _block(context, action, packet, "tcp_reset")


def sctp_abort(context: Context, action: Action, turned: bool = False) -> Work:
    return _block(context, action, _answer(context, turned, nw_proto=132), "sctp_abort")


_Answer = Callable[[Context, Action, bool], Work]


# A reset and nothing else; destination unreachable of ICMPv4 and ICMPv6.
_REJECTIONS = {(6, 0x004), (1, 3), (58, 1)}


def reject(context: Context, action: Action) -> Work | None:
    """A TCP reset, an SCTP abort or an ICMP error, as fits the packet.

    What such an answer looks like gets none: ovn-trace 23.03.
    """
    protocol = context.packet["nw_proto"]
    deciding = "tcp_flags" if protocol == 6 else "tp_src"
    if (protocol, context.packet[deciding]) in _REJECTIONS:
        context.remark(RemarkCode.NOT_ANSWERED)
        return None
    answer: _Answer = icmp4 if holds("ip4")(context.packet) else icmp6
    if protocol == 6:
        answer = tcp_reset
    elif protocol == 132:
        answer = sctp_abort
    return answer(context, action, True)
