"""Notes on ``virsh list|dumpxml|domiflist``: which server a libvirt domain is."""

from ...formats.virsh_domiflist import ListedInterface
from ...formats.virsh_dumpxml import DomainDescription, DomainInterface
from ...formats.virsh_list import Domain
from ...network.model import Scope
from .. import refs
from ..message import Message, Ref
from ..surroundings import Place


def domain(record: Domain | DomainDescription, place: Place) -> Message | None:
    """The server that OpenStack knows by another name."""
    network = place.around.network
    guests = [
        guest
        for guest in (network.guests if network else ())
        if record.name in (guest.key, guest.subtitle) and guest.title != record.name
    ]
    if record.name is None or len(guests) != 1:
        return None
    scope = Scope(place.around.host, guest=guests[0].key)
    server = Ref("guest", guests[0].title, scope=scope)
    return Message("OpenStack's server %(guest)s.", {"guest": server})


def interface(record: DomainInterface, place: Place) -> Message | None:
    owner = place.around.owner_of_mac(record.mac) if record.mac else None
    first = Message("%(nic)s.", {"nic": refs.guests_nic(owner)}) if owner else None
    if record.target is None:
        return first
    target = {"device": refs.device(record.target)}
    if first is None:
        return Message("NIC of the guest. On the host it is %(device)s.", target)
    return refs.sentences(first, Message("On the host it is %(device)s.", target))


def listed_interface(record: ListedInterface, place: Place) -> Message | None:
    """A row of ``virsh domiflist``."""
    owner = place.around.owner_of_mac(record.mac.lower()) if record.mac else None
    if owner is None:
        return None
    first = Message("%(nic)s.", {"nic": refs.guests_nic(owner)})
    network = place.around.network
    port = network.port(record.interface).one if network and record.interface else None
    if port is None:
        return first
    return refs.sentences(first, Message("On %(bridge)s.", {"bridge": refs.bridge(port.bridge)}))
