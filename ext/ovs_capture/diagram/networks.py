"""Networks: which one every wire and element belongs to, so that it can take its colour.

Lives here: how a network's colour runs from its rail along the wires. Does not live here: a colour.
The key of a network is ``net0`` for the lowest rail, ``net1`` for the next above, and so on;
``tagged`` is what runs behind an access port with a tag, ``overlay`` the first rail that a tunnel
or VLAN makes, ``tunnel`` what leaves a bridge of tunnels, and the rail
that tunnels between hosts make, ``plain`` what no rail feeds.
"""

from collections import deque
from collections.abc import Iterable

from .scene import Rail, Wire
from .slots import World

TUNNELS = frozenset({"vxlan", "geneve", "gre"})
OVERLAYS = TUNNELS | {"vlan", "macvlan"}


def rail_order(world: World) -> list[Rail]:
    """The rails from top to bottom: the busiest is the lowest, else as the scene has them.

    In a row of hosts they stand as in the others, and tracks below them.
    """
    count = {rail.id: 0 for rail in world.scene.rails}
    for _, rail, _ in (*world.rail_wires, *world.cloud_wires):
        count[rail] += 1
    count |= world.ranks
    return sorted(world.scene.rails, key=lambda r: (r.id in world.tracks, count[r.id]))


def of_elements(world: World) -> dict[str, str]:
    """The network of every rail, interface, port, bridge and wire, by element id."""
    networks = _of_rails(world)
    near: dict[str, list[tuple[str, str]]] = {}
    for wire in world.scene.wires:
        for here, there in (wire.ends, wire.ends[::-1]):
            near.setdefault(here, []).append((wire.id, there))
    carried = frozenset(wire.id for wire in world.scene.wires if wire.kind == "carried")
    ports: dict[str, list[str]] = {}
    for port in world.scene.ports:
        ports.setdefault(port.bridge, []).append(port.id)
    _run(world, [rail.id for rail in reversed(rail_order(world))], carried, near, networks)
    for bridge in sorted(world.scene.bridges, key=lambda b: world.blocks[b.id].band):
        reached = _pass(world, bridge.id, ports.get(bridge.id, []), near, networks)
        _run(world, reached, carried, near, networks)
    for wire in world.scene.wires:
        if wire.kind == "carried" and _between_hosts(world, wire):
            networks.setdefault(wire.id, "tunnel")
        networks.setdefault(wire.id, "tagged" if _is_tagged(world, wire.ends) else "plain")
    for end in (*world.ports, *world.interfaces, *world.bridges):
        networks.setdefault(end, "plain")
    return networks


def _of_rails(world: World) -> dict[str, str]:
    networks: dict[str, str] = {}
    meshes = {
        rail
        for wire, rail, end in world.rail_wires
        if wire.kind == "carried" and rail not in world.tracks
        if end in world.interfaces and world.interfaces[end].kind in TUNNELS
    }
    count = 0
    for rail in reversed(rail_order(world)):
        if rail.id in meshes:
            networks[rail.id] = "tunnel"
        elif rail.annotation and "overlay" not in networks.values():
            networks[rail.id] = "overlay"
        else:
            networks[rail.id] = f"net{count}"
            count += 1
    return networks


def _run(
    world: World,
    ends: Iterable[str],
    carried: frozenset[str],
    near: dict[str, list[tuple[str, str]]],
    networks: dict[str, str],
) -> None:
    """Spread the networks of ``ends`` along wires, up to and not through bridges.

    ``carried``: the wires of that kind.
    """
    waiting = deque(ends)
    while waiting:
        here = waiting.popleft()
        for wire, there in near.get(here, ()):
            if wire in networks or _is_carried_by(world, carried, wire, there, here):
                continue
            tagged = _is_tagged(world, (here, there)) and not _leads_up(world, here, there)
            networks[wire] = "tagged" if tagged else networks[here]
            if there not in networks:
                networks[there] = networks[wire]
                if there not in world.bridges:
                    waiting.append(there)


def _between_hosts(world: World, wire: Wire) -> bool:
    if not all(_is_overlay(world, end) for end in wire.ends):
        return False
    one, other = (world.block_of(end).top_level() for end in wire.ends)
    return one is not other


def _is_overlay(world: World, end: str) -> bool:
    return end in world.interfaces and world.interfaces[end].kind in OVERLAYS


def _is_carried_by(
    world: World, carried: frozenset[str], wire: str, carrier: str, device: str
) -> bool:
    """Whether ``device`` travels over ``carrier`` on this wire: its network stays out of there."""
    if wire not in carried or not {carrier, device} <= world.interfaces.keys():
        return False
    if not (_is_overlay(world, device) and _is_overlay(world, carrier)):
        return _is_overlay(world, device)  # a bond may stand below its VLAN devices
    above, below = world.block_of(carrier).band, world.block_of(device).band
    if above == below:  # on one border: a tunnel goes over a VLAN, hardly the other way round
        kinds = world.interfaces[carrier].kind, world.interfaces[device].kind
        return not (kinds[0] in TUNNELS and kinds[1] not in TUNNELS)
    return above < below


def _leads_up(world: World, here: str, there: str) -> bool:
    """Whether ``there`` is the port: the network came from a NIC, so the tag is not of a guest."""
    return there in world.ports and here not in world.ports


def _is_tagged(world: World, ends: tuple[str, str]) -> bool:
    """Whether a wire runs between an access port with a tag and its interface."""
    return any(end in world.tagged for end in ends)


def _pass(
    world: World,
    bridge: str,
    ports: list[str],
    near: dict[str, list[tuple[str, str]]],
    networks: dict[str, str],
) -> list[str]:
    """Give the bridge's other ends the network that all fed ends agree on; the result is new ends.

    A bridge fed by tunnels alone hands on ``tunnel``: what leaves it is no network of the rails.
    """
    # Repeats do no harm: only how many different networks there are counts.
    fed = [networks[p] for p in ports if p in networks]
    own = [networks[w] for w, _ in near.get(bridge, ()) if w in networks]
    found = sorted(set(fed + own))
    if ports and fed and all(_has_tunnel(world, p, near) for p in ports if p in networks):
        network = "tunnel" if _leads_to_bridge(world, bridge, ports, near, networks) else found[0]
    elif len(found) == 1:
        network = found[0]
    else:
        network = "plain"
    if not found:
        return []
    networks[bridge] = network
    fresh = [p for p in ports if p not in networks]
    for port in fresh:
        networks[port] = network
    return fresh + ([bridge] if not ports else [])


def _has_tunnel(world: World, port: str, near: dict[str, list[tuple[str, str]]]) -> bool:
    return any(
        there in world.interfaces and world.interfaces[there].kind in TUNNELS
        for _, there in near.get(port, ())
    )


def _leads_to_bridge(
    world: World,
    bridge: str,
    ports: list[str],
    near: dict[str, list[tuple[str, str]]],
    networks: dict[str, str],
) -> bool:
    """Whether an end not yet fed is a patch: then the bridge is one of tunnels, as br-tun."""
    return any(
        there in world.interfaces and world.interfaces[there].kind == "patch"
        for port in ports
        if port not in networks
        for _, there in near.get(port, ())
    )
