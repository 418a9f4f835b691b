"""Which device lies over which: tunnels and VLAN devices over a NIC, NICs under a bond."""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address, ip_network

from ..diagnostic import Diagnostic
from .addresses import prefix
from .ambiguity import ambiguous
from .model import Carrier, Device, Evidence, Found, Network, OvsInterface
from .ovs import TUNNEL_TYPES
from .routes import Way

# The UDP port of Geneve where options:dst_port does not say another; ovs-vswitchd.conf.db(5).
GENEVE_PORT = "6081"


Routes = Callable[[str], Found[Way]]


def no_routes(ip: str) -> Found[Way]:
    """Of a host whose routes nobody captured."""
    return Found(())


def carriers(
    network: Network, encap: Sequence[str] = (), routes: Routes = no_routes
) -> tuple[tuple[Carrier, ...], list[Diagnostic]]:
    """All carriers of a host; where two devices fit equally well, a diagnostic and none.

    ``encap``: the addresses at which OVN says that the host's tunnels end; ``routes``: the devices
    by which the host sends to an address.
    """
    found: list[Carrier] = []
    problems: list[Diagnostic] = []
    for device in network.devices:
        found += _of_device(network, device, routes, problems)
    for port in network.ports:
        for interface in port.interfaces:
            if interface.type in TUNNEL_TYPES:
                found += _of_tunnel(network, interface, encap, routes, problems)
    return tuple(dict.fromkeys(found)), problems


def kernel_device(network: Network, interface: OvsInterface) -> str:
    """The device that a tunnel interface is drawn as.

    OVN's geneve tunnels, which have no ``local_ip``, share the kernel's ``genev_sys_<port>``; where
    no listing shows that, and for every other tunnel, it is the Interface itself.
    """
    if interface.type == "geneve" and "local_ip" not in interface.options:
        name = f"genev_sys_{interface.options.get('dst_port', GENEVE_PORT)}"
        if network.device(name).items:
            return name
    return interface.name


def _of_device(
    network: Network, device: Device, routes: Routes, problems: list[Diagnostic]
) -> list[Carrier]:
    if device.kind == "vlan" and device.link:
        return [_carrier(device.name, device.link, "carried", device.evidence)]
    if device.kind == "macvlan" and device.link:
        return [_carrier(device.name, device.link, "wire", device.evidence)]
    if device.kind == "nic" and device.master and _is_bond(network, device.master):
        return [_carrier(device.master, device.name, "wire", device.evidence)]
    if device.kind in ("vxlan", "geneve", "gre") and "external" not in device.details:
        if below := device.details.get("dev"):
            return [_carrier(device.name, below, "carried", device.evidence)]
        local = device.details.get("local", "any")
        if local != "any":
            holders = _holding(network, local)
            return _one(device.name, holders, device.evidence, problems)
        remotes = {end.address: None for end in network.remote_ends if end.device == device.name}
        if (remote := device.details.get("remote", "any")) != "any":
            remotes[remote] = None
        # Several remotes that one device leads to are carried by it; else nothing says what does.
        proofs: dict[str, list[Evidence]] = {}
        for remote in remotes:
            for name, proof in _towards(network, remote, routes):
                proofs.setdefault(name, []).extend(proof)
        return _one_proven(device.name, proofs, device.evidence, problems)
    return []


def _of_tunnel(
    network: Network,
    interface: OvsInterface,
    encap: Sequence[str],
    routes: Routes,
    problems: list[Diagnostic],
) -> list[Carrier]:
    upper = kernel_device(network, interface)
    if local := interface.options.get("local_ip"):
        return _one(upper, _holding(network, local), interface.evidence, problems)
    ends = [device for ip in encap for device in _holding(network, ip)]
    remote = interface.options.get("remote_ip")
    if len(_connected_to(network, remote)) != 1 and len(ends) == 1:
        return _one(upper, ends, interface.evidence, problems)
    proofs = {name: [*proof] for name, proof in _towards(network, remote, routes)}
    return _one_proven(upper, proofs, interface.evidence, problems)


def _is_bond(network: Network, name: str) -> bool:
    device = network.device(name).one
    return device is not None and device.kind == "bond"


def _carrier(upper: str, lower: str, kind: str, evidence: Iterable[Evidence]) -> Carrier:
    return Carrier(upper=upper, lower=lower, kind=kind, evidence=tuple(evidence))


def _holding(network: Network, ip: str | None) -> list[Device]:
    """Devices of the host that have an address: a NIC, or a bridge's own device (``br-ex``)."""
    return [d for d in network.devices if any(a.ip == ip for a in d.addresses)]


def _connected_to(network: Network, ip: str | None) -> list[Device]:
    try:
        remote = ip_address(ip or "")
    except ValueError:  # "flow": the flows choose the remote
        return []
    return [
        device
        for device in network.devices
        if any((p := prefix(a)) and remote in ip_network(p) for a in device.addresses)
    ]


def _towards(
    network: Network, ip: str | None, routes: Routes
) -> list[tuple[str, tuple[Evidence, ...]]]:
    """The devices that lead to an address, with proofs: by their own prefix, else by routes."""
    near = _connected_to(network, ip)
    if len(near) != 1:
        ways = routes(ip or "")
        known = [(name, proof) for name, proof in ways.items if network.device(name).one]
        if known:
            return [(name, (proof,)) for name, proof in known]
    return [(device.name, device.evidence) for device in near]


def _one_proven(
    upper: str,
    proofs: dict[str, list[Evidence]],
    evidence: tuple[Evidence, ...],
    problems: list[Diagnostic],
) -> list[Carrier]:
    if len(proofs) > 1:
        problems.append(ambiguous(upper, list(proofs), evidence[0]))
    if len(proofs) != 1:
        return []
    ((lower, proof),) = proofs.items()
    return [_carrier(upper, lower, "carried", dict.fromkeys((*evidence, *proof)))]


def _one(
    upper: str,
    holders: list[Device],
    evidence: tuple[Evidence, ...],
    problems: list[Diagnostic],
) -> list[Carrier]:
    proofs = {device.name: [*device.evidence] for device in holders}
    return _one_proven(upper, proofs, evidence, problems)
