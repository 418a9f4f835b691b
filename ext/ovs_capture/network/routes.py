"""Which device of a host leads to an address, by the routes that were captured.

What the kernel does with its main table: the longest prefix wins, of equal ones the lowest metric
(``ip-route(8)``). Rules (``ip rule``) and other tables are left aside; a route of several ways has
several answers.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from ..formats.ip_route import Route
from ..formats.reading import Capture
from .addresses import network_of
from .model import Evidence, Found
from .snapshot import facts, place_of

Way = tuple[str, Evidence]  # a device, the route that names it


def ways_to(captures: Iterable[Capture], ip: str | None) -> Found[Way]:
    """The devices by which the host sends to ``ip``; none where no route says so.

    A route that refuses (``unreachable``, ``blackhole``) leads nowhere, and hides wider ones.
    """
    try:
        address = ip_address(ip or "")
    except ValueError:
        return Found(())
    best: tuple[int, int] | None = None
    found: dict[str, Way] = {}
    for route, evidence in facts([c for c in captures if place_of(c).root], Route):
        network = _destination(route, address.version)
        if network is None or address not in network:
            continue
        rank = (-network.prefixlen, route.metric or 0)
        if best is not None and rank > best:
            continue
        if rank != best:
            best, found = rank, {}
        if route.type in (None, "unicast"):
            for name in (route.dev, *(hop.dev for hop in route.nexthops)):
                if name is not None:
                    found.setdefault(name, (name, evidence))
    return Found(tuple(found.values()))


def _destination(route: Route, version: int) -> IPv4Network | IPv6Network | None:
    """The network of a route of the main table, of this version of IP."""
    if route.table not in (None, "main") or route.type in ("local", "broadcast", "multicast"):
        return None
    if route.dst != "default":
        network = network_of(route.dst)
        return network if network is not None and network.version == version else None
    # ``default`` tells its family by its next hop alone.
    hops = [via for via in (route.via, *(hop.via for hop in route.nexthops)) if via]
    try:
        six = any(ip_address(via.removeprefix("inet6 ")).version == 6 for via in hops)
    except ValueError:
        return None
    if six != (version == 6):
        return None
    return ip_network("::/0" if six else "0.0.0.0/0")
