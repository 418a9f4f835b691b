"""Notes on ``ip link`` and ``ip addr``: a device each."""

from ...formats.ip_addr import AddressedLink
from ...formats.ip_link import Link
from ..message import Message
from ..surroundings import Place
from .devices import device_facts, device_note


def note(record: Link | AddressedLink, place: Place) -> Message | None:
    """What the device is, and where it hangs."""
    facts = device_facts(record.ifname, place.scope, place.around, record=record)
    return device_note(facts)
