"""Actions that ask a database or a client: MAC bindings, learned addresses, port security, DHCP.

Where the table was not captured, the answer is an assumption.
"""

from collections.abc import Iterator
from ipaddress import ip_interface

from ...logical.flow import Action, Constant, Symbol, Value
from .expressions import holds
from .fields import STRINGS, Packet, place_of
from .microflow import value_text
from .result import AssumptionCode, RemarkCode
from .run import Context
from .state import Port

_LINK_LOCAL = 0xFE80 << 112
_DNAT_BIT = 7  # of ct_state


def _read(value: Value | None, packet: Packet) -> int | str:
    if isinstance(value, Constant):
        return value.value
    if not isinstance(value, Symbol):
        return 0
    if value.name in STRINGS:
        return packet[value.name]
    place = place_of(value)
    return 0 if place is None else place.get(packet)


def _result(context: Context, action: Action, value: int) -> None:
    place = None if action.target is None else place_of(action.target)
    if place is None:
        return context.assume(AssumptionCode.NOT_READ, what=context.event.text)
    return place.put(context.packet, value)


def _arguments(action: Action) -> list[Value]:
    return [value for argument in action.arguments for value in argument.values]


def _bindings(context: Context, action: Action) -> Iterator[int]:
    """MACs that a router knows for an address behind a port."""
    port, address, *_ = (_read(value, context.packet) for value in _arguments(action)[:2])
    state = context.run.state
    if not state.has_bindings:
        context.assume(AssumptionCode.NO_MAC_BINDINGS)
    for one in sorted(state.bindings):
        if (one.port, one.address) == (port, address):
            yield one.mac


def get_binding(context: Context, action: Action) -> None:
    """``get_arp(outport, reg0);``: eth.dst is what the router knows, or zero."""
    if len(_arguments(action)) < 2:
        return context.assume(AssumptionCode.NOT_READ, what=context.event.text)
    mac = next(_bindings(context, action), 0)
    context.packet["dl_dst"] = mac
    if mac:
        return context.remark(RemarkCode.MAC_BINDING, mac=value_text("eth.dst", mac))
    return context.remark(RemarkCode.NO_MAC_BINDING)


def lookup_binding(context: Context, action: Action) -> None:
    """``reg9[2] = lookup_arp(inport, arp.spa, arp.sha);``"""
    arguments = _arguments(action)
    if len(arguments) < 3:
        return context.assume(AssumptionCode.NOT_READ, what=context.event.text)
    mac = _read(arguments[2], context.packet)
    return _looked_up(context, action, mac if mac in set(_bindings(context, action)) else None)


def lookup_binding_by_ip(context: Context, action: Action) -> None:
    """``reg9[3] = lookup_arp_ip(inport, arp.spa);``"""
    if len(_arguments(action)) < 2:
        return context.assume(AssumptionCode.NOT_READ, what=context.event.text)
    return _looked_up(context, action, next(_bindings(context, action), None))


def _looked_up(context: Context, action: Action, mac: int | str | None) -> None:
    if isinstance(mac, int):
        context.remark(RemarkCode.MAC_BINDING, mac=value_text("eth.dst", mac))
    else:
        context.remark(RemarkCode.NO_MAC_BINDING)
    _result(context, action, int(mac is not None))


def get_fdb(context: Context, action: Action) -> None:
    """``outport = get_fdb(eth.dst);``"""
    target, mac = action.target, _read(action.value(), context.packet)
    state = context.run.state
    if not state.has_fdb:
        context.assume(AssumptionCode.NO_FDB)
    if target is not None and target.name in STRINGS and isinstance(mac, int):
        context.packet[target.name] = state.fdb.get((context.at.datapath.uuid, mac), "")


def lookup_fdb(context: Context, action: Action) -> None:
    """``reg0[11] = lookup_fdb(inport, eth.src);``"""
    port, mac = (*(_read(value, context.packet) for value in _arguments(action)), 0, 0)[:2]
    state = context.run.state
    if not state.has_fdb:
        context.assume(AssumptionCode.NO_FDB)
    known = isinstance(mac, int) and state.fdb.get((context.at.datapath.uuid, mac)) == port
    _result(context, action, int(known))


def put_options(context: Context, action: Action) -> None:
    """The packet is taken for the request of a client."""
    context.assume(AssumptionCode.OPTIONS, action=action.name)
    _result(context, action, 1)


def dns_lookup(context: Context, action: Action) -> None:
    context.assume(AssumptionCode.NO_DNS)
    _result(context, action, 0)


def check_length(context: Context, action: Action) -> None:
    """The result stays as it is: nothing says how long the packet is."""
    length = _read(action.value(), context.packet)
    context.assume(AssumptionCode.PACKET_LENGTH, length=str(length))


def no_result(context: Context, action: Action) -> None:
    """Nothing was noted of this connection."""
    context.assume(AssumptionCode.NOT_SIMULATED, action=action.name)
    _result(context, action, 0)


def hairpin(context: Context, action: Action) -> None:
    """Does a packet come back to the backend that sent it?"""
    packet, state = context.packet, context.run.state
    ct_state = packet["ct_state"]
    assert isinstance(ct_state, int)
    back = ct_state >> _DNAT_BIT & 1 and (
        (holds("ip4")(packet) and packet["nw_src"] == packet["nw_dst"])
        or (holds("ip6")(packet) and packet["ipv6_src"] == packet["ipv6_dst"])
    )
    if back and state.has_backends:
        address = packet["nw_dst" if holds("ip4")(packet) else "ipv6_dst"]
        back = any(
            one.address == address
            and (one.port is None or (one.port == packet["tp_dst"] and holds(one.protocol)(packet)))
            for one in state.backends
        )
    elif back:
        context.assume(AssumptionCode.NOT_SIMULATED, action=action.name)
    _result(context, action, int(bool(back)))


def no_hairpin_reply(context: Context, action: Action) -> None:
    _result(context, action, 0)


# port security: ovn-nb(5), Logical_Switch_Port:port_security


def check_in_port_security(context: Context, action: Action) -> None:
    port = _port(context, "inport")
    _result(context, action, int(port is not None and not _may_send(context.packet, port)))


def check_out_port_security(context: Context, action: Action) -> None:
    port = _port(context, "outport")
    _result(context, action, int(port is not None and not _may_receive(context.packet, port)))


def _port(context: Context, key: str) -> Port | None:
    if not context.run.state.has_ports:
        context.assume(AssumptionCode.PORT_SECURITY)
    return context.at.datapath.ports.get(str(context.packet[key]))


class _Allowed:
    """One element of port_security: a MAC, and the addresses that go with it."""

    def __init__(self, text: str) -> None:
        first, *rest = text.split() or [""]
        octets = first.partition("/")[0].replace(":", "")
        self.mac = int(octets, 16) if len(octets) == 12 else -1
        self.ipv4: list[tuple[int, int]] = []
        self.ipv6: list[tuple[int, int]] = []
        for word in rest:
            try:
                one = ip_interface(word)
            except ValueError:
                continue
            network = one.network
            # An address with host bits stands for itself, whatever its prefix length.
            exact = one.ip != network.network_address
            bits = 32 if one.version == 4 else 128
            mask_bits = (1 << bits) - 1 if exact else int(network.netmask)
            (self.ipv4 if one.version == 4 else self.ipv6).append((int(one.ip), mask_bits))

    @property
    def any_address(self) -> bool:
        return not self.ipv4 and not self.ipv6


def _among(value: int | str, addresses: list[tuple[int, int]]) -> bool:
    assert isinstance(value, int)
    return any(value & mask == address & mask for address, mask in addresses)


def _link_local(mac: int) -> int:
    """RFC 4291, appendix A."""
    return _LINK_LOCAL | ((mac >> 24 ^ 0x020000) << 40) | (0xFFFE << 24) | (mac & 0xFFFFFF)


def _may_send(packet: Packet, port: Port) -> bool:
    if not port.security:
        return True
    return any(_sends(packet, _Allowed(text)) for text in port.security)


def _sends(packet: Packet, allowed: _Allowed) -> bool:
    if packet["dl_src"] != allowed.mac:
        return False
    if holds("arp")(packet):
        return packet["arp_sha"] in (allowed.mac,) and (
            allowed.any_address or _among(packet["nw_src"], allowed.ipv4)
        )
    if holds("ip4")(packet):
        return (
            allowed.any_address
            or _among(packet["nw_src"], allowed.ipv4)
            or (bool(allowed.ipv4) and _asks_dhcp(packet))
        )
    if holds("ip6")(packet):
        if holds("icmp6.type == {135, 136} && icmp6.code == 0")(packet) and not _tells_itself(
            packet, allowed
        ):
            return False
        own = [*allowed.ipv6, (_link_local(allowed.mac), (1 << 128) - 1)]
        return allowed.any_address or (
            bool(allowed.ipv6) and (_among(packet["ipv6_src"], own) or _finds_address(packet))
        )
    return True


def _asks_dhcp(packet: Packet) -> bool:
    return bool(holds(
        "ip4.src == 0.0.0.0 && ip4.dst == 255.255.255.255 && udp.src == 68 && udp.dst == 67"
    )(packet))  # fmt: skip


def _finds_address(packet: Packet) -> bool:
    """Multicast listener reports, router and neighbour solicitations of who has no address yet."""
    return bool(holds(
        "ip6.src == :: && ip6.dst == ff02::/16 && icmp6.type == {131, 135, 143}"
    )(packet))  # fmt: skip


def _tells_itself(packet: Packet, allowed: _Allowed) -> bool:
    if holds("icmp6.type == 135")(packet):
        return packet["arp_sha"] in (0, allowed.mac)
    own = [*allowed.ipv6, (_link_local(allowed.mac), (1 << 128) - 1)]
    return packet["arp_tha"] in (0, allowed.mac) and (
        allowed.any_address or _among(packet["nd_target"], own)
    )


def _may_receive(packet: Packet, port: Port) -> bool:
    if not port.security or holds("eth.dst[40]")(packet):
        return True
    return any(_receives(packet, _Allowed(text)) for text in port.security)


def _receives(packet: Packet, allowed: _Allowed) -> bool:
    if packet["dl_dst"] != allowed.mac:
        return False
    if allowed.any_address:
        return True
    if holds("ip4")(packet):
        broadcast = packet["nw_dst"] == 0xFFFFFFFF or holds("ip4.dst == 224.0.0.0/4")(packet)
        return bool(allowed.ipv4) and (bool(broadcast) or _among(packet["nw_dst"], allowed.ipv4))
    if holds("ip6")(packet):
        own = [*allowed.ipv6, (_link_local(allowed.mac), (1 << 128) - 1)]
        return bool(allowed.ipv6) and (
            bool(holds("ip6.dst == ff00::/8")(packet)) or _among(packet["ipv6_dst"], own)
        )
    return True
