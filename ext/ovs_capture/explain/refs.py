"""Names of the model as they stand in sentences, and the frames that several sentences share."""

from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import Literal

from ..network.model import Scope
from .message import Message, Param, Ref, Series
from .surroundings import Owner


def device(name: str, scope: Scope | None = None) -> Ref:
    """A device or port; ``scope`` None: of the host that is spoken of."""
    return Ref("device", name, scope=scope)


def bridge(name: str, host: str | None = None) -> Ref:
    return Ref("bridge", name, scope=Scope(host) if host else None)


def vlan(tag: int | str) -> Ref:
    return Ref("vlan", str(tag), f"VLAN {tag}")


def address(ip: str) -> Ref:
    return Ref("address", ip)


def mac(value: str) -> Ref:
    return Ref("mac", value.lower())


def guest(owner: Owner) -> Ref:
    return Ref("guest", owner.guest.title, scope=owner.scope)


def nic(owner: Owner) -> Ref:
    return Ref("device", owner.nic.name, scope=owner.scope)


def guests_nic(owner: Owner) -> Message:
    """``instance00's eth0``, a noun phrase."""
    return Message("%(guest)s's %(nic)s", {"guest": guest(owner), "nic": nic(owner)})


def series(items: Iterable[Param], style: Literal["and", "plain"] = "and") -> Param:
    """Items joined; a single one stands for itself."""
    found = tuple(items)
    return found[0] if len(found) == 1 else Series(found, style)


def sentences(first: Message | None, second: Message | None) -> Message | None:
    """One sentence after the other; two are as much as a note holds."""
    if first is None or second is None:
        return first or second
    return Message("%(first)s %(second)s", {"first": first, "second": second})


# More than these make a list that nobody reads in a note.
_FEW = 4


def addresses(ips: Sequence[str]) -> Param:
    """``172.16.0.31 and fd00::31``, or how many where they are many."""
    if len(ips) > _FEW:
        return Message("%(count)s addresses", {"count": len(ips)}, "many")
    return series(address(ip) for ip in ips)


def devices(refs: Sequence[Ref]) -> Param:
    """``eth1 and eth2``, or how many where they are many."""
    if len(refs) > _FEW:
        return Message("%(count)s devices", {"count": len(refs)}, "many")
    return series(refs)


def telling(ips: Iterable[str]) -> tuple[str, ...]:
    """Addresses that tell something: no loopback, no link-local; each once."""
    return tuple(dict.fromkeys(ip for ip in ips if _tells(ip)))


def _tells(ip: str) -> bool:
    try:
        value = ip_address(ip)
    except ValueError:
        return False
    return not (value.is_loopback or value.is_link_local or value.is_unspecified)
