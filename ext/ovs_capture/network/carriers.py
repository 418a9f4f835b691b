"""Which device lies over which: tunnels and VLAN devices over a NIC, NICs under a bond."""

from collections.abc import Iterable, Sequence
from ipaddress import ip_address, ip_network

from ..diagnostic import Diagnostic
from .addresses import prefix
from .ambiguity import ambiguous
from .model import Carrier, Device, Evidence, Network, OvsInterface
from .ovs import TUNNEL_TYPES

# The UDP port of Geneve where options:dst_port does not say another; ovs-vswitchd.conf.db(5).
GENEVE_PORT = "6081"


def carriers(
    network: Network, encap: Sequence[str] = ()
) -> tuple[tuple[Carrier, ...], list[Diagnostic]]:
    """All carriers of a host; where two devices fit equally well, a diagnostic and none.

    ``encap``: the addresses at which OVN says that the host's tunnels end.
    """
    found: list[Carrier] = []
    problems: list[Diagnostic] = []
    for device in network.devices:
        found += _of_device(network, device, problems)
    for port in network.ports:
        for interface in port.interfaces:
            if interface.type in TUNNEL_TYPES:
                found += _of_tunnel(network, interface, encap, problems)
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


def _of_device(network: Network, device: Device, problems: list[Diagnostic]) -> list[Carrier]:
    if device.kind == "vlan" and device.link:
        return [_carrier(device.name, device.link, "carried", device.evidence)]
    if device.kind == "macvlan" and device.link:
        return [_carrier(device.name, device.link, "wire", device.evidence)]
    if device.kind == "nic" and device.master and _is_bond(network, device.master):
        return [_carrier(device.master, device.name, "wire", device.evidence)]
    if device.kind in ("vxlan", "geneve", "gre") and "external" not in device.details:
        if below := device.details.get("dev"):
            return [_carrier(device.name, below, "carried", device.evidence)]
        holders = _holding(network, device.details.get("local"))
        return _one(device.name, holders, device.evidence, problems)
    return []


def _of_tunnel(
    network: Network,
    interface: OvsInterface,
    encap: Sequence[str],
    problems: list[Diagnostic],
) -> list[Carrier]:
    local = interface.options.get("local_ip")
    if local:
        holders = _holding(network, local)
    else:
        holders = _connected_to(network, interface.options.get("remote_ip"))
        ends = [device for ip in encap for device in _holding(network, ip)]
        if len(holders) != 1 and len(ends) == 1:
            holders = ends
    return _one(kernel_device(network, interface), holders, interface.evidence, problems)


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


def _one(
    upper: str,
    holders: list[Device],
    evidence: tuple[Evidence, ...],
    problems: list[Diagnostic],
) -> list[Carrier]:
    if len(holders) > 1:
        problems.append(ambiguous(upper, [device.name for device in holders], evidence[0]))
    if len(holders) != 1:
        return []
    return [_carrier(upper, holders[0].name, "carried", (*evidence, *holders[0].evidence))]
