"""Tunnels whose packets the switch itself puts into an outer packet and sends on ("native").

Lives here: whether the captures say that the datapath does so, and by which bridge, addresses and
neighbour such a packet goes (lib/ovs-router.c ovs_router_lookup, ofproto/ofproto-dpif-xlate.c
native_tunnel_output). May not know: packets, how an outer packet is sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from typing import NamedTuple

from ..formats.dpctl_dump_flows import DatapathFlow
from ..formats.dpif_show_dp_features import DatapathFeature
from ..formats.ovs_route_show import SwitchRoute
from ..formats.reading import Capture
from ..formats.tnl_neigh_show import TunnelNeighbour
from ..network.snapshot import facts
from .result import RemarkCode

_FEATURE = "Tunnel push pop"
_MAPPED, _MAPPED_BITS = 0xFFFF << 32, 96  # ::ffff:0:0/96, as the switch holds IPv4
# What the switch adds to the length of a prefix that is its user's or an address of its own.
_PREFERRED = 64


class Route(NamedTuple):
    """``value``, ``length``: the prefix in IPv6's form; of two that match the higher ``rank``."""

    value: int
    length: int
    rank: int
    record: SwitchRoute

    def has(self, address: int, mark: int) -> bool:
        return (address ^ self.value) >> 128 - self.length == 0 and mark == self.record.mark


class Way(NamedTuple):
    """``device``: the bridge's own port that the outer packet comes in by. MACs as printed."""

    device: str
    source: str
    source_mac: str
    neighbour_mac: str


@dataclass(frozen=True, slots=True)
class NativeTunnels:
    """``neighbours``: MACs by bridge and address; ``macs``: of the bridges' own ports.

    ``bridges``: all that there are; empty when no capture lists them.
    """

    routes: tuple[Route, ...]
    neighbours: Mapping[tuple[str, int], str]
    macs: Mapping[str, str]
    bridges: frozenset[str]

    def way_to(self, remote: str, local: str | None, mark: int) -> Way | RemarkCode | None:
        """How an outer packet goes to ``remote``; a code when the switch drops it.

        None when the captures do not have the MAC address that it would send from.
        """
        target = _number(remote)
        route = None if target is None else self._route(target, mark)
        own = _number(local) if local else None
        if own is not None:
            found = self._route(own, mark)
            if found is None or not found.is_local:
                return RemarkCode.TUNNEL_NO_ROUTE
        if route is None or target is None:
            return RemarkCode.TUNNEL_NO_ROUTE
        if self.bridges and route.device not in self.bridges:
            return RemarkCode.TUNNEL_NO_ROUTE
        mac = self.macs.get(route.device)
        if mac is None:
            return None
        hop = _number(route.gateway) if route.gateway else None
        neighbour = self.neighbours.get((route.device, target if hop is None else hop))
        if neighbour is None:
            return RemarkCode.TUNNEL_NO_NEIGHBOUR
        return Way(route.device, local or route.source, mac, neighbour)

    def _route(self, address: int, mark: int) -> SwitchRoute | None:
        fitting = [route for route in self.routes if route.has(address, mark)]
        return max(fitting, key=lambda route: route.rank).record if fitting else None


def native_tunnels(
    captures: Iterable[Capture], macs: Mapping[str, str], bridges: Iterable[str]
) -> NativeTunnels | None:
    """None unless routes and neighbours are captured, and that the datapath pushes tunnels.

    That a datapath is in userspace does not say so: ``dpif/set-dp-features`` may forbid it.
    """
    captures = tuple(captures)
    if not _pushes(captures):
        return None
    if not all(_is_captured(captures, *names) for names in (
        ("ovs/route/show",), ("tnl/neigh/show", "tnl/arp/show"),
    )):  # fmt: skip
        return None
    routes = (_route(record) for record, _ in facts(captures, SwitchRoute))
    neighbours = {
        (row.bridge, address): row.mac
        for row, _ in facts(captures, TunnelNeighbour)
        if (address := _number(row.address)) is not None
    }
    return NativeTunnels(tuple(filter(None, routes)), neighbours, macs, frozenset(bridges))


def _pushes(captures: Iterable[Capture]) -> bool:
    """By the last capture that tells: the features of a datapath, or its flows."""
    found = False
    for capture in captures:
        for feature, _ in facts((capture,), DatapathFeature):
            if feature.name == _FEATURE:
                found = feature.value == "Yes"
        if any(
            "tnl_push(" in action.text
            for flow, _ in facts((capture,), DatapathFlow)
            for action in flow.actions
        ):
            found = True
    return found


def _is_captured(captures: Iterable[Capture], *names: str) -> bool:
    return any(
        name in capture.command.words for capture in captures if capture.command for name in names
    )


def _route(record: SwitchRoute) -> Route | None:
    address, _, length = record.prefix.partition("/")
    value, bits = _number(address), int(length)
    if value is None:
        return None
    bits += 0 if ":" in address else _MAPPED_BITS
    if bits > 128:
        return None
    rank = bits + (_PREFERRED if record.is_user or record.is_local else 0)
    return Route(value, bits, rank, record)


def _number(text: str) -> int | None:
    """An address in IPv6's form."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return int(address) | (_MAPPED if isinstance(address, IPv4Address) else 0)
