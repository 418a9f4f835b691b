"""Notes on chains and rules of ``iptables``: whose chain it is, what a rule lets pass.

Neutron names a port's chains by a letter and the beginning of the port's UUID:
``neutron-linuxbri-i635485ff-6`` (i: to the port, o: from it, s: who it claims to be).
"""

import re

from ...formats.iptables_list import ListedChain, ListedRule
from ...formats.iptables_save import SavedChain, SavedRule
from .. import refs
from ..message import Message, Param, Ref
from ..surroundings import Owner, Place

# neutron/agent/linux/iptables_firewall.py CHAIN_NAME_PREFIX, _port_chain_name.
_CHAIN = re.compile(r"neutron-(?:linuxbri|openvswi)-(?P<way>[ios])(?P<port>[0-9a-f]{8}-[0-9a-f])")
_TO_SOURCE = re.compile(r"--to-source (?P<ip>[0-9a-fA-F.:]+)|\bto:(?P<listed>[0-9a-fA-F.:]+)")
_TO_DESTINATION = re.compile(
    r"--to-destination (?P<ip>[0-9a-fA-F.:]+)|\bto:(?P<listed>[0-9a-fA-F.:]+)"
)
_ANYWHERE = {None, "anywhere", "0.0.0.0/0", "::/0"}


def chain(record: ListedChain | SavedChain, place: Place) -> Message | None:
    named = _of_port(record.name, place)
    if named is not None:
        return named
    if record.policy == "DROP":
        return Message("What no rule of %(chain)s decides is dropped.", _chain(record.name))
    if record.policy == "ACCEPT":
        return Message("What no rule of %(chain)s decides passes.", _chain(record.name))
    return None


def _chain(name: str) -> dict[str, Param]:
    return {"chain": Ref("code", name)}


def _of_port(name: str, place: Place) -> Message | None:
    """A chain of a guest's port, told by the name that both the chain and its tap have."""
    match = _CHAIN.fullmatch(name)
    owner = _owner(match["port"], place) if match else None
    if match is None or owner is None:
        return None
    holes: dict[str, Param] = {"nic": refs.guests_nic(owner)}
    match match["way"]:
        case "i":
            return Message("Security group rules for what %(nic)s gets.", holes)
        case "o":
            return Message("Security group rules for what %(nic)s sends.", holes)
    return Message("Only with its own addresses may %(nic)s send.", holes)


def _owner(begins: str, place: Place) -> Owner | None:
    """The guest NIC whose tap is ``tap`` and these characters of the port's UUID."""
    network = place.around.network
    taps = {
        nic.tap
        for guest in (network.guests if network else ())
        for nic in guest.nics
        if nic.tap and re.fullmatch(rf"(?:tap|qvo|vhu){re.escape(begins)}\w*", nic.tap)
    }
    return place.around.owner_of_tap(taps.pop()) if len(taps) == 1 else None


def rule(record: ListedRule | SavedRule, place: Place) -> Message | None:
    """What a rule does, where more than its words is known."""
    options = (record.text if isinstance(record, ListedRule) else record.options) or ""
    if record.mac is not None and record.target == "RETURN":
        return _spoofing(record, place)
    if record.target == "DNAT" and record.destination not in _ANYWHERE:
        return _translated(record.destination, _TO_DESTINATION.search(options), place)
    if record.target == "SNAT" and record.source not in _ANYWHERE:
        return _source(record.source, _TO_SOURCE.search(options), place)
    return _of_port(record.target or "", place)


def _spoofing(record: ListedRule | SavedRule, place: Place) -> Message | None:
    owner = place.around.owner_of_mac((record.mac or "").lower())
    if owner is None:
        return None
    holes: dict[str, Param] = {"nic": refs.guests_nic(owner)}
    if record.source in _ANYWHERE:
        return Message("Lets pass what %(nic)s sends with its MAC.", holes)
    holes["address"] = refs.address(_lone(record.source or ""))
    return Message("Lets pass what %(nic)s sends with its MAC and from %(address)s.", holes)


def _lone(address: str) -> str:
    """``192.168.101.88/32`` is one address."""
    return re.sub(r"(?<=\.\d)/32$|(?<=\.\d\d)/32$|(?<=\.\d\d\d)/32$|/128$", "", address)


def _translated(destination: str | None, to: re.Match[str] | None, place: Place) -> Message | None:
    """A floating address: packets to it go to the guest behind it."""
    inner = _ip(to)
    if destination is None or inner is None:
        return None
    holes: dict[str, Param] = {
        "address": refs.address(_lone(destination)),
        "inner": _named(inner, place),
    }
    return Message("Packets to %(address)s are passed on to %(inner)s.", holes)


def _source(source: str | None, to: re.Match[str] | None, place: Place) -> Message | None:
    outer = _ip(to)
    if source is None or outer is None:
        return None
    lone = _lone(source)
    holes: dict[str, Param] = {
        "inner": _named(lone, place) if "/" not in lone else refs.address(lone),
        "address": refs.address(outer),
    }
    return Message("What %(inner)s sends leaves as %(address)s.", holes)


def _ip(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    text = match["ip"] or match["listed"]
    return text.partition(":")[0] if text.count(":") == 1 else text.rstrip(":")


def _named(ip: str, place: Place) -> Param:
    owner = place.around.owner_of_address(ip)
    if owner is None:
        return refs.address(ip)
    return Message("%(name)s (%(who)s)", {"name": refs.address(ip), "who": refs.guests_nic(owner)})
