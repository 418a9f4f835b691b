"""Which tunnel end of one host is the other end of which of another: by the addresses both show.

A tunnel sends from its local address to its remote one; its other end does so the other way round.
IP addresses may be joined across hosts, within one scenario: another one has the same private
addresses again. What one end leaves open (``remote_ip=flow``) joins nothing; a VXLAN device that
names no remote sends to those of its forwarding entries (``bridge fdb``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..diagnostic import Diagnostic
from .ambiguity import ambiguous
from .carriers import kernel_device
from .model import Device, Evidence, Network, OvsInterface
from .ovs import TUNNEL_TYPES

End = tuple[str, str]  # the host's key, the device or interface as it is drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel:
    """Two ends that send to each other. ``evidence``: the lines of both."""

    ends: tuple[End, End]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """What one host says of a tunnel. ``number``: its VNI or key, None where flows choose it."""

    end: End
    name: str
    type: str
    remote: str
    locals: frozenset[str]
    number: str | None
    evidence: tuple[Evidence, ...]

    def faces(self, other: "_Side") -> bool:
        numbers = {self.number, other.number} - {None}
        return (
            self.end[0] != other.end[0]
            and _scenario(self.end[0]) == _scenario(other.end[0])
            and self.type == other.type
            and len(numbers) < 2
            and self.remote in other.locals
            and other.remote in self.locals
        )


@dataclass(frozen=True, slots=True)
class Joined:
    """The tunnels between hosts.

    ``open``: the ends that a tunnel to a host beyond these hangs on too, or one that is ambiguous;
    ``diagnostics``: by the key of the host whose end could join several.
    """

    tunnels: tuple[Tunnel, ...]
    open: frozenset[End]
    diagnostics: tuple[tuple[str, Diagnostic], ...]


def join_tunnels(networks: Sequence[Network]) -> Joined:
    """Join the ends of all tunnels of the hosts ``networks``."""
    sides = [side for network in networks for side in _sides(network)]
    by_remote: dict[str, list[_Side]] = {}
    for side in sides:
        by_remote.setdefault(side.remote, []).append(side)
    facing = [_facing(side, by_remote) for side in sides]
    alone = {id(side) for side, found in zip(sides, facing, strict=True) if len(found) == 1}
    tunnels: dict[frozenset[End], Tunnel] = {}
    closed: set[int] = set()
    problems: list[tuple[str, Diagnostic]] = []
    for side, found in zip(sides, facing, strict=True):
        if len(found) > 1:
            names = [f"{other.end[0]}: {other.name}" for other in found]
            problems.append((side.end[0], ambiguous(side.name, names, side.evidence[0])))
        elif found and id(found[0]) in alone:
            closed.add(id(side))
            evidence = (*side.evidence, *found[0].evidence)
            tunnel = Tunnel(ends=(side.end, found[0].end), evidence=evidence)
            tunnels.setdefault(frozenset(tunnel.ends), tunnel)
    return Joined(
        tuple(tunnels.values()),
        frozenset(side.end for side in sides if id(side) not in closed),
        tuple(problems),
    )


def _facing(side: _Side, by_remote: dict[str, list[_Side]]) -> list[_Side]:
    candidates = (other for ip in sorted(side.locals) for other in by_remote.get(ip, ()))
    return [other for other in candidates if side.faces(other)]


def _scenario(key: str) -> str:
    return key.rpartition("/")[0]


def _sides(network: Network) -> Iterator[_Side]:
    for port in network.ports:
        for interface in port.interfaces:
            remote = interface.options.get("remote_ip", "")
            if interface.type in TUNNEL_TYPES and remote not in ("", "flow"):
                yield _of_interface(network, interface, remote)
    for device in network.devices:
        if device.kind not in ("vxlan", "geneve", "gre"):
            continue
        told = {
            end.address: end.evidence for end in network.remote_ends if end.device == device.name
        }
        if (remote := device.details.get("remote", "any")) not in ("", "any"):
            told.setdefault(remote, ())
        for remote, evidence in told.items():
            yield _of_device(network, device, remote, evidence)


def _of_interface(network: Network, interface: OvsInterface, remote: str) -> _Side:
    options = interface.options
    name = kernel_device(network, interface)
    local = options.get("local_ip", "")
    own = frozenset({local}) if local not in ("", "flow") else _carried_by(network, name)
    key = options.get("key", "flow")
    return _Side(
        (network.key, name),
        interface.name,
        interface.type or "",
        remote,
        own,
        None if key == "flow" else key,
        interface.evidence,
    )


def _of_device(
    network: Network, device: Device, remote: str, evidence: tuple[Evidence, ...]
) -> _Side:
    local = device.details.get("local", "any")
    own = frozenset({local}) if local != "any" else _carried_by(network, device.name)
    end = (network.key, device.name)
    number = device.details.get("id")
    evidence = (*device.evidence, *evidence)
    return _Side(end, device.name, device.kind, remote, own, number, evidence)


def _carried_by(network: Network, name: str) -> frozenset[str]:
    """The addresses of what carries a tunnel: one of them is its local end."""
    lower = {carrier.lower for carrier in network.carriers if carrier.upper == name}
    return frozenset(a.ip for d in network.devices if d.name in lower for a in d.addresses)
