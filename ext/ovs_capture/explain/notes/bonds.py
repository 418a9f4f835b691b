"""Notes on ``ovs-appctl bond/show``; what a mode does: ovs-vswitchd.conf.db(5), bond_mode."""

from ...formats.bond_show import Bond, BondMember
from .. import refs
from ..message import Message, Param
from ..surroundings import Place

_STANDBY = "active-backup"


def bond(record: Bond, place: Place) -> Message | None:
    """How the bond uses its members, and whether LACP was agreed."""
    holes: dict[str, Param] = {"device": refs.device(record.active_member or "")}
    mode = lacp = None
    match record.bond_mode:
        case "active-backup" if record.active_member:
            mode = Message("Everything goes through %(device)s; the others stand by.", holes)
        case "active-backup":
            mode = Message("One member carries everything, the others stand by.")
        case "balance-slb":
            mode = Message("Spread over the members by source MAC and VLAN.")
        case "balance-tcp":
            mode = Message("Spread over the members by addresses and ports.")
    match record.lacp_status:
        case "negotiated":
            lacp = Message("LACP is agreed with the other side.")
        case "configured":
            lacp = Message("LACP is set, but not agreed with the other side.")
    return refs.sentences(mode, lacp)


def member(record: BondMember, place: Place) -> Message:
    """Does it carry traffic?"""
    modes = (
        other.bond_mode
        for other in place.capture.parsed.records
        if isinstance(other, Bond) and other.name == record.bond
    )
    holes: dict[str, Param] = {"bond": refs.device(record.bond)}
    if not record.enabled:
        return Message("Carries nothing of %(bond)s.", holes)
    if next(modes, None) != _STANDBY:
        return Message("Carries a part of %(bond)s.", holes)
    if record.active:
        return Message("Carries all of %(bond)s.", holes)
    return Message("Stands by for %(bond)s.", holes)
