"""Notes on dnsmasq's files: who has an address, until when, under which name."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from ...formats.dnsmasq_addn_hosts import HostsEntry
from ...formats.dnsmasq_host import DhcpHost
from ...formats.dnsmasq_interface import DhcpInterface
from ...formats.dnsmasq_leases import Lease
from ...formats.dnsmasq_opts import DhcpOption
from ...formats.reading import Capture
from ...network.model import Scope
from .. import refs
from ..message import Message, Param, Ref
from ..surroundings import Owner, Place, Surroundings
from . import whose
from .devices import device_facts, where

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def lease(record: Lease, place: Place) -> Message | None:
    """Whose address until when. The time is told in UTC, which is what an epoch counts."""
    holes: dict[str, Param] = {"address": refs.address(record.ip)}
    who = _who(record.mac, place.around)
    if who is not None:
        holes["who"] = who
    if record.expires == 0:
        if who is None:
            return Message("%(address)s is leased for ever.", holes)
        return Message("%(address)s is leased to %(who)s for ever.", holes)
    time = utc(record.expires)
    if time is None:
        return None
    holes["time"] = time
    if who is None:
        return Message("%(address)s is leased until %(time)s UTC.", holes)
    return Message("%(address)s is leased to %(who)s until %(time)s UTC.", holes)


def utc(seconds: int) -> str | None:
    """Seconds since 1970 as a date and time in UTC; None for what no calendar has."""
    try:
        return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")
    except OverflowError:
        return None


def reservation(record: DhcpHost, place: Place) -> Message | None:
    who = _who(record.mac, place.around)
    if who is None or not record.ips:
        return None
    return Message(
        "DHCP assigns %(addresses)s to %(who)s.",
        {"who": who, "addresses": refs.addresses(record.ips)},
    )


def hosts_entry(record: HostsEntry, place: Place) -> Message | None:
    """A DNS name; whose address it is, dnsmasq's other files of the same network say."""
    if not record.names:
        return None
    holes: dict[str, Param] = {
        "name": Ref("host", record.names[0]),
        "address": refs.address(record.ip),
    }
    owner = _owner_by_files(record.ip, place)
    if owner is None:
        return Message("DNS answers %(name)s with %(address)s.", holes)
    holes["nic"] = refs.guests_nic(owner)
    return Message("DNS answers %(name)s with %(address)s (%(nic)s).", holes)


# Options by number and by dnsmasq's name; RFC 2132, RFC 3442, dnsmasq --help dhcp.
_ROUTER, _DNS, _DOMAIN, _MTU = (
    ("3", "router"),
    ("6", "dns-server"),
    ("15", "domain-name"),
    ("26", "mtu"),
)
_ROUTES, _MICROSOFT_ROUTES = ("121", "classless-static-route"), ("249",)


def option(record: DhcpOption, place: Place) -> Message | None:
    """What clients are told."""
    if record.version != 4:
        return None
    values = refs.series((refs.address(value) for value in record.values), "plain")
    if record.option in _ROUTER:
        if not record.values:
            return Message("Clients get no default gateway.")
        return Message("Clients get the default gateway %(values)s.", {"values": values})
    if not record.values:
        return None
    if record.option in _DNS:
        return Message("Clients ask the DNS server %(values)s.", {"values": values})
    if record.option in _DOMAIN:
        return Message(
            "Clients get the DNS domain %(name)s.", {"name": Ref("code", record.values[0])}
        )
    if record.option in _MTU:
        return Message("Clients set the MTU %(number)s.", {"number": record.values[0]})
    if record.option in (*_ROUTES, *_MICROSOFT_ROUTES) and len(record.values) % 2 == 0:
        return _static_routes(record)
    return None


def _static_routes(record: DhcpOption) -> Message:
    pairs = zip(record.values[::2], record.values[1::2], strict=True)
    routes: list[Param] = [
        Message("%(dst)s through %(via)s", {"dst": refs.address(dst), "via": refs.address(via)})
        for dst, via in pairs
    ]
    holes: dict[str, Param] = {"routes": refs.series(routes)}
    if record.option in _MICROSOFT_ROUTES:
        return Message("Windows clients get static routes: %(routes)s.", holes)
    return Message("Clients get static routes: %(routes)s.", holes)


_NETWORK_OF_PATH = re.compile(r"/dhcp/(?P<network>[^/]+)/interface$")


def interface(record: DhcpInterface, place: Place) -> Message | None:
    """The device in the network's namespace, which the path of the file names."""
    command = place.capture.command
    paths = [word for word in command.arguments if "/" in word] if command else []
    match = _NETWORK_OF_PATH.search(paths[0]) if len(paths) == 1 else None
    if match is None:
        return None
    scope = Scope(place.around.host, f"qdhcp-{match['network']}")
    note = where(device_facts(record.name, scope, place.around))
    holes: dict[str, Param] = {
        "device": refs.device(record.name, scope),
        "uuid": Ref("uuid", match["network"].lower()),
    }
    return refs.sentences(Message("dnsmasq serves network %(uuid)s on %(device)s.", holes), note)


def _who(mac: str | None, around: Surroundings) -> Param | None:
    """The guest NIC or device of a MAC, else the MAC itself."""
    if mac is None:
        return None
    return whose.of_mac(mac, around) or refs.mac(mac)


def _owner_by_files(ip: str, place: Place) -> Owner | None:
    """The owner of an address of this very network: two networks may use one address.

    ``leases`` and ``host`` in the directory of ``addn_hosts`` are of one network and have the MAC.
    """
    directory = _directory(place.capture)
    if directory is None:
        return None
    macs = set(place.around.told_in_captures(_macs_by_files, (directory, ip)))
    return place.around.owner_of_mac(macs.pop()) if len(macs) == 1 else None


def _macs_by_files(captures: Sequence[Capture]) -> list[Mapping[tuple[str, str], Sequence[str]]]:
    """The MACs of each address in the leases and host files of a directory; none or one mapping."""
    found: dict[tuple[str, str], list[str]] = {}
    for capture in captures:
        directory = _directory(capture) if capture.has(Lease | DhcpHost) else None
        for record in capture.parsed.records if directory else ():
            if isinstance(record, Lease | DhcpHost) and record.mac:
                for ip in _ips(record):
                    found.setdefault((directory or "", ip), []).append(record.mac.lower())
    return [found] if found else []


def _ips(record: Lease | DhcpHost) -> tuple[str, ...]:
    return (record.ip,) if isinstance(record, Lease) else record.ips


def _directory(capture: Capture) -> str | None:
    """The directory of the file that was printed, ``/var/lib/neutron/dhcp/<network>``."""
    command = capture.command
    paths = [word for word in command.arguments if "/" in word] if command else []
    return paths[0].rpartition("/")[0] if len(paths) == 1 else None
