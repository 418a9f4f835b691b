"""What each action of a logical flow does to a packet: utilities/ovn-trace.c, action by action.

Lives here: the table ``HANDLERS`` and what moves bits. ``sections`` has what opens a pipeline or a
copy of the packet, ``answers`` what asks a database.
"""

from collections.abc import Mapping

from ...logical.flow import Action, Constant, Symbol, Value
from ...logical.symbols import find_symbol
from ..result import Change
from . import answers, sections
from .expressions import holds, port_name
from .fields import STRINGS, Packet, place_of
from .microflow import value_text
from .result import AssumptionCode, RemarkCode
from .run import Context, Handler

# OpenFlow's prerequisites of these fields do not look at the hop limit (lib/packets.h is_nd()).
_PREREQUISITES: Mapping[str, str] = {
    "nd": "icmp6.type == {135, 136} && icmp6.code == 0",
    "nd_ns": "icmp6.type == 135 && icmp6.code == 0",
    "nd_na": "icmp6.type == 136 && icmp6.code == 0",
}


def can_have(symbol: Symbol, packet: Packet) -> bool:
    """Does the packet have the field?"""
    definition = find_symbol(symbol.name)
    if definition is None or not definition.prerequisite or definition.kind == "subfield":
        return definition is not None
    text = _PREREQUISITES.get(definition.prerequisite, definition.prerequisite)
    return bool(holds(text)(packet))


def read(symbol: Symbol, packet: Packet) -> int | str | None:
    if symbol.name in STRINGS:
        return packet[symbol.name]
    place = place_of(symbol)
    return None if place is None else place.get(packet)


def write(context: Context, symbol: Symbol, value: int | str, mask: int | None = None) -> None:
    """Change a field and note it."""
    packet = context.packet
    place = place_of(symbol)
    before = read(symbol, packet)
    if place is None:
        packet[symbol.name] = str(value)
    elif isinstance(value, int) and isinstance(before, int):
        place.put(packet, value if mask is None else before & ~mask | value & mask)
    after = read(symbol, packet)
    if before != after and before is not None and after is not None:
        context.event.changes.append(
            Change(name_of(symbol), _told(symbol, before), _told(symbol, after))
        )


def name_of(symbol: Symbol) -> str:
    return f"{symbol.name}[{'..'.join(symbol.bits)}]" if symbol.bits else symbol.name


def _told(symbol: Symbol, value: int | str) -> str:
    return value or '""' if isinstance(value, str) else value_text(symbol.name, value)


def _source(action: Action) -> Value | None:
    return action.arguments[0].values[0] if action.arguments else None


def _load(context: Context, action: Action) -> None:
    target, value = action.target, _source(action)
    if target is None or not isinstance(value, Constant):
        return _not_read(context, action)
    if target.name in STRINGS:
        name = port_name(str(value.value))
        known = context.run.names[context.at.datapath.uuid].is_port(name)
        return write(context, target, name if known else "")
    definition = find_symbol(target.name)
    if definition is not None and definition.kind == "predicate":
        return _not_read(context, action)
    if not isinstance(value.value, int) or place_of(target) is None:
        return _not_read(context, action)
    if not can_have(target, context.packet):
        return context.remark(RemarkCode.NOT_APPLICABLE, field=target.name)
    return write(context, target, value.value, value.mask)


def _move(context: Context, action: Action) -> None:
    target, source = action.target, _source(action)
    if target is None or not isinstance(source, Symbol):
        return _not_read(context, action)
    value = read(source, context.packet)
    if value is None or isinstance(value, str) != (target.name in STRINGS):
        return _not_read(context, action)
    for symbol in (target, source):
        if not can_have(symbol, context.packet):
            return context.remark(RemarkCode.NOT_APPLICABLE, field=symbol.name)
    return write(context, target, value)


def _exchange(context: Context, action: Action) -> None:
    one, other = action.target, _source(action)
    if one is None or not isinstance(other, Symbol):
        return _not_read(context, action)
    for symbol in (one, other):
        if not can_have(symbol, context.packet):
            return context.remark(RemarkCode.NOT_APPLICABLE, field=symbol.name)
    first, second = read(one, context.packet), read(other, context.packet)
    if first is None or second is None or isinstance(first, str) != isinstance(second, str):
        return _not_read(context, action)
    write(context, one, second)
    return write(context, other, first)


def _decrement(context: Context, action: Action) -> None:
    packet = context.packet
    ttl = packet["nw_ttl"]
    if not holds("ip")(packet):
        return context.remark(RemarkCode.NOT_IP)
    if not isinstance(ttl, int) or ttl < 1:
        return context.remark(RemarkCode.TTL_EXPIRED)
    return write(context, Symbol("ip.ttl"), ttl - 1)


def _clear(context: Context, action: Action) -> None:
    for name in ("ct_state", "ct_mark", "ct_label"):
        write(context, Symbol(name), 0)


def _nothing(context: Context, action: Action) -> None:
    """It has no effect on the way of the packet."""


def _not_simulated(context: Context, action: Action) -> None:
    """ovn-trace does nothing either, although the action might change the way."""
    context.assume(AssumptionCode.NOT_SIMULATED, action=action.name)


def _not_read(context: Context, action: Action) -> None:
    context.assume(AssumptionCode.NOT_READ, what=context.event.text)


HANDLERS: Mapping[str, Handler] = {
    "drop": _nothing,
    "load": _load,
    "move": _move,
    "exchange": _exchange,
    "ip.ttl--": _decrement,
    "ct_clear": _clear,
    "next": sections.next_,
    "output": sections.output,
    "ct_next": sections.ct_next,
    "ct_dnat": sections.ct_nat,
    "ct_snat": sections.ct_nat,
    "ct_dnat_in_czone": sections.ct_nat,
    "ct_snat_in_czone": sections.ct_nat,
    "ct_lb": sections.ct_lb,
    "ct_lb_mark": sections.ct_lb,
    "ct_lb_mark_local": sections.ct_lb,
    "ct_commit_nat": sections.ct_nat,
    "ct_commit_to_zone": sections.ct_commit_to_zone,
    "select": sections.select,
    "clone": sections.clone,
    "arp": sections.arp,
    "nd_ns": sections.nd_ns,
    "nd_na": sections.nd_na,
    "nd_na_router": sections.nd_na,
    "icmp4": sections.icmp4,
    "icmp4_error": sections.icmp4,
    "icmp6": sections.icmp6,
    "icmp6_error": sections.icmp6,
    "tcp_reset": sections.tcp_reset,
    "sctp_abort": sections.sctp_abort,
    "reject": sections.reject,
    "get_arp": answers.get_binding,
    "get_nd": answers.get_binding,
    "lookup_arp": answers.lookup_binding,
    "lookup_nd": answers.lookup_binding,
    "lookup_arp_ip": answers.lookup_binding_by_ip,
    "lookup_nd_ip": answers.lookup_binding_by_ip,
    "get_fdb": answers.get_fdb,
    "lookup_fdb": answers.lookup_fdb,
    "put_dhcp_opts": answers.put_options,
    "put_dhcpv6_opts": answers.put_options,
    "put_nd_ra_opts": answers.put_options,
    "dns_lookup": answers.dns_lookup,
    "check_pkt_larger": answers.check_length,
    "chk_lb_hairpin": answers.hairpin,
    "chk_lb_hairpin_reply": answers.no_hairpin_reply,
    "ct_snat_to_vip": _nothing,
    "check_in_port_sec": answers.check_in_port_security,
    "check_out_port_sec": answers.check_out_port_security,
    "chk_lb_aff": answers.no_result,
    "chk_ecmp_nh_mac": answers.no_result,
    "chk_ecmp_nh": answers.no_result,
    # What these write down is in no table of this trace.
    **dict.fromkeys(
        ("ct_commit", "put_arp", "put_nd", "put_fdb", "log", "set_queue", "set_meter",
         "icmp4.frag_mtu", "trigger_event", "commit_lb_aff", "commit_ecmp_nh", "sample", "igmp",
         "bind_vport", "handle_svc_check", "handle_bfd_msg", "handle_dhcpv6_reply",
         "mac_cache_use"),
        _nothing,
    ),
    **dict.fromkeys(
        ("push", "pop", "fwd_group", "mirror", "flood_remote", "get_remote_fdb", "chk_evpn_arp",
         "ct_nw_dst", "ct_ip6_dst", "ct_tp_dst", "ct_proto", "ct_state_save",
         "dhcp_relay_req_chk", "dhcp_relay_resp_chk"),
        _not_simulated,
    ),
}  # fmt: skip
