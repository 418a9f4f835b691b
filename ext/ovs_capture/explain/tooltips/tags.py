"""Tooltips of VLANs, VNIs and metadata: which ports have them, and what they are outside."""

from collections.abc import Iterable

from ...network.model import OvsPort
from .. import refs
from ..identity import Entity
from ..message import Message, Param
from ..notes.ovs import DEAD_VLAN, label
from ..surroundings import Surroundings
from .base import Description, Fact

# More ports than these are counted.
_FEW = 4


def vlan(entity: Entity, around: Surroundings) -> Description:
    """A local tag, by its ports and by what it is outside."""
    network = around.network
    space, _, number = entity.name.rpartition(" ")
    if network is None or (space and not number.isdecimal()):
        return Description(entity.name, _vlan_words(space))
    inner = f"{space} {number}" if space else f"tag {number}"
    ports = [p for p in network.ports if not space and str(p.tag) == number]
    as_inner = [t for t in network.translations if t.inner == inner]
    as_outer = [t for t in network.translations if t.outer in _outer_labels(space, number)]
    facts: list[Fact] = []
    if as_inner:
        told = _at_ports((t.outer, t.port) for t in as_inner)
        facts.append((Message("Outside", context="label"), told))
    if as_outer:
        told = _at_ports((t.inner, t.port) for t in as_outer)
        facts.append((Message("Inside", context="label"), told))
    return Description(
        entity.name if space else f"VLAN {number}",
        _vlan_words(space),
        _tagged(ports) or (_dead() if inner == f"tag {DEAD_VLAN}" else None),
        tuple(facts),
        (
            *(e for port in ports for e in port.evidence),
            *(e for t in (*as_inner, *as_outer) for e in t.evidence),
        ),
    )


def _outer_labels(space: str, number: str) -> tuple[str, ...]:
    """How a callout may write this number on the side of the wire."""
    if space == "vni":
        return tuple(f"{kind} {number}" for kind in ("vxlan", "geneve", "gre"))
    return () if space else (f"tag {number}",)


def _vlan_words(space: str) -> Message:
    match space:
        case "metadata":
            return Message("metadata", context="kind")
        case "vni":
            return Message("VNI", context="kind")
    return Message("VLAN", context="kind")


def _tagged(ports: list[OvsPort]) -> Message | None:
    bridges = {port.bridge for port in ports}
    if len(bridges) != 1:
        return None
    on = refs.bridge(bridges.pop())
    if len(ports) > _FEW:
        return Message("Tag of %(count)s ports on %(bridge)s.", {"count": len(ports), "bridge": on})
    listed = refs.series(refs.device(port.name) for port in ports)
    return Message("Tag of %(ports)s on %(bridge)s.", {"ports": listed, "bridge": on})


def _dead() -> Message:
    return Message(
        "%(vlan)s is Neutron's dead VLAN: nothing passes.", {"vlan": refs.vlan(DEAD_VLAN)}
    )


def _at_ports(pairs: Iterable[tuple[str, str]]) -> Param:
    """``untagged at int-br-provider, VLAN 100 at eth2``: a tag and where it has it."""
    ports: dict[str, list[str]] = {}
    for tag, port in pairs:
        ports.setdefault(tag, []).append(port)
    return refs.series((_at(*item) for item in ports.items()), "plain")


def _at(tag: str, ports: list[str]) -> Message:
    holes: dict[str, Param] = {
        "ports": refs.devices([refs.device(port) for port in dict.fromkeys(ports)])
    }
    if tag == "untagged":
        return Message("untagged at %(ports)s", holes)
    return Message("%(tag)s at %(ports)s", {**holes, "tag": label(tag)})
