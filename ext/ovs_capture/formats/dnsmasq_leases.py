"""dnsmasq's lease file: who has which address, until when.

Commands: ``cat /var/lib/neutron/dhcp/NETWORK/leases``, ``cat /var/lib/misc/dnsmasq.leases``::

    1715862686 fa:16:3e:55:2a:5d 172.16.0.112 host-172-16-0-112 01:fa:16:3e:55:2a:5d
    0 fa:16:3e:e8:17:42 172.16.0.113 * *
    duid 00:01:00:01:32:92:a5:39:fa:16:3e:c7:89:23
    1715862686 1042535 fd00:101::55 host-fd00-101--55 00:01:00:01:32:92:a5:3a:fa:16:3e:2d:86:af
    1715862686 T1042535 fd00:101::56 * 00:01:00:01:32:92:a5:3a:fa:16:3e:2d:86:af

Grammar::

    lease4 = EXPIRES [TYPE "-"] MAC IPV4 (HOSTNAME | "*") (CLIENT_ID | "*")
    server = "duid " HEX
    lease6 = EXPIRES ["T"] IAID IPV6 (HOSTNAME | "*") (DUID | "*")
    extra  = ("agent-info" | "vendorclass") IP HEX          dnsmasq 2.92

Printer: dnsmasq src/lease.c lease_update_file. Neutron's DHCP agent writes ``0 MAC IP * *`` for
every port before it starts dnsmasq (dhcp.py _output_init_lease_file): configured, not yet taken.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import MAC, Findings, Format, Kind, Parsed, Record, is_address
from .command import Command, shown_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease(Record):
    """One lease. ``expires``: seconds since 1970, 0 = never.

    ``hostname``, ``client_id``: None for ``*``. ``iaid``: of a DHCPv6 lease instead of ``mac``. The
    network's UUID is not here: it stands in the file's path, which is the command's.
    """

    expires: int
    mac: str | None
    ip: str
    hostname: str | None = None
    client_id: str | None = None
    iaid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerDuid(Record):
    """The DHCPv6 identity of dnsmasq itself; the leases after it are of DHCPv6."""

    duid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseDetail(Record):
    """What dnsmasq 2.92 adds to a lease: ``agent-info`` or ``vendorclass`` of ``ip``, in hex."""

    detail: str
    ip: str
    data: str


_LEASE4 = re.compile(
    rf"""(?P<expires>\d{{1,20}})\s+(?:[0-9a-fA-F]{{2}}-)?(?P<mac>{MAC})\s+(?P<ip>[\d.]+)
         \s+(?P<hostname>\S+)\s+(?P<client_id>\S+)\s*""",
    re.VERBOSE,
)
_LEASE6 = re.compile(
    r"""(?P<expires>\d{1,20})\s+(?P<iaid>T?\d+)\s+(?P<ip>[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)
        \s+(?P<hostname>\S+)\s+(?P<client_id>\S+)\s*""",
    re.VERBOSE,
)
_DUID = re.compile(r"duid\s+(?P<duid>[0-9a-fA-F:]+)\s*")
_DETAIL = re.compile(
    r"(?P<detail>agent-info|vendorclass)\s+(?P<ip>\S+)\s+(?P<data>[0-9a-fA-F:]+)\s*"
)
# An Ethernet client's identity is its MAC after the hardware type 01 (RFC 2132, 9.14).
_ETHERNET_CLIENT = re.compile(rf"01:(?P<mac>{MAC})")


def parse(source: Source) -> Parsed:
    """Leases in the order of the file."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        match = _LEASE4.fullmatch(line) or _LEASE6.fullmatch(line)
        if match and is_address(match["ip"]):
            found.records.append(_lease(found, offset, match, span))
        elif match := _DUID.fullmatch(line):
            found.records.append(ServerDuid(duid=match["duid"], span=span))
        elif (match := _DETAIL.fullmatch(line)) and is_address(match["ip"]):
            found.mark_groups(match, offset, {"ip": Kind.ADDRESS})
            found.records.append(LeaseDetail(**match.groupdict(), span=span))
        else:
            found.unknown_line(offset, line)
    return found.parsed()


def _lease(found: Findings, offset: int, match: re.Match[str], span: Span) -> Lease:
    given = {key: None if text == "*" else text for key, text in match.groupdict().items()}
    mac = given.get("mac")
    found.mark_groups(match, offset, {"ip": Kind.ADDRESS})
    if mac:
        found.mark_groups(match, offset, {"mac": Kind.MAC})
    if given["hostname"]:
        found.mark_groups(match, offset, {"hostname": Kind.HOST})
    if client := _ETHERNET_CLIENT.fullmatch(match["client_id"]):
        found.mark(offset + match.start("client_id") + 3, client["mac"], Kind.MAC)
    return Lease(
        expires=int(match["expires"]),
        mac=mac.lower() if mac else None,
        ip=match["ip"].lower(),
        hostname=given["hostname"],
        client_id=given["client_id"],
        iaid=given.get("iaid"),
        span=span,
    )


_PATH = re.compile(r"/dhcp/[^/]+/leases|/dnsmasq[^/]*\.leases")


def _prints(command: Command) -> bool:
    return bool(_PATH.search(shown_file(command) or ""))


def _looks_like(source: Source) -> bool:
    """Only leases; a ``duid`` line alone says too little."""
    lines = [line for _, line in Findings(source, FORMAT.name).lines()]
    kinds = (_LEASE4, _LEASE6, _DUID, _DETAIL)
    leases = any(_LEASE4.fullmatch(line) or _LEASE6.fullmatch(line) for line in lines[:2])
    return leases and all(any(kind.fullmatch(line) for kind in kinds) for line in lines)


FORMAT = Format(
    name="dnsmasq_leases",
    title="DHCP leases (dnsmasq)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"leases"),
)
