"""What the models join otherwise: where each guest's NIC hangs, on what network each host NIC is.

A change of one line may move a guest to another network; this says so in the model's terms. Only
what both models show is compared, for a model without a guest may lack the capture of it.
"""

from collections.abc import Iterator, Mapping

from ..model import Evidence, GuestNic, Network
from .model import FieldChange, Join, Value

_Facts = dict[str, tuple[object, Value]]


def joins(
    before: Network, after: Network, old_vlans: Mapping[int, str], new_vlans: Mapping[int, str]
) -> tuple[Join, ...]:
    """The joins that differ, connections first."""
    found = []
    old = dict(_connections(before, old_vlans))
    for key, (facts, evidence) in _connections(after, new_vlans):
        if key in old and (changed := tuple(_differing(old[key][0], facts))):
            found.append(Join("changed", "connection", key, changed, (*old[key][1], *evidence)))
    hung = {one.device: one for one in before.attachments}
    for one in after.attachments:
        earlier = hung.get(one.device)
        if earlier is not None and earlier.prefix != one.prefix:
            changed = (FieldChange("prefix", earlier.prefix, one.prefix),)
            evidence = (*earlier.evidence, *one.evidence)
            found.append(Join("changed", "attachment", (one.device,), changed, evidence))
    return tuple(found)


def _connections(
    network: Network, vlans: Mapping[int, str]
) -> Iterator[tuple[tuple[str, str], tuple[_Facts, tuple[Evidence, ...]]]]:
    """``(guest, NIC)`` and where it hangs, of each NIC whose end on the host is known."""
    for guest in network.guests:
        for nic in guest.nics:
            if nic.tap is None:
                continue
            facts = _where(network, nic, vlans)
            if facts:
                key = (guest.title, nic.mac or nic.name)
                yield key, (facts, nic.evidence)


def _where(network: Network, nic: GuestNic, vlans: Mapping[int, str]) -> _Facts:
    assert nic.tap is not None
    port = network.port(nic.tap).one
    if port is not None:
        facts: _Facts = {"bridge": (port.bridge, port.bridge)}
        if port.tag is not None:
            facts["vlan"] = (vlans.get(port.tag, str(port.tag)), str(port.tag))
        return facts
    device = network.device(nic.tap).one
    if device is not None and device.master:
        return {"bridge": (device.master, device.master)}
    return {}


def _differing(old: _Facts, new: _Facts) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*old, *new)):
        one, other = old.get(name, (None, None)), new.get(name, (None, None))
        if one[0] != other[0]:
            yield FieldChange(name, one[1], other[1])
