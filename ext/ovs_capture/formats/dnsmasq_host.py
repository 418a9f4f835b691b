"""dnsmasq's ``dhcp-hostsfile``: which MAC gets which address and name.

Command: ``cat /var/lib/neutron/dhcp/NETWORK/host``. Sample::

    fa:16:3e:55:2a:5d,host-172-16-0-112.openstacklocal,172.16.0.112
    fa:16:3e:2d:86:af,host-fd00-101--55.openstacklocal,[fd00:101::55]
    fa:16:3e:2d:86:af,tag:dhcpv6,host-fd00-101--55.openstacklocal,[fd00:101::55]
    fa:16:3e:6f:1d:2c,host-172-16-0-9.openstacklocal,172.16.0.9,set:port-0f456a63-2634-4721-90d0-090067cf73ac
    fa:16:3e:04:03:d5,id:01:02:03,host-172-16-0-8.openstacklocal,172.16.0.8

Grammar: words between commas in any order, the MAC first (dnsmasq(8), --dhcp-host)::

    host = MAC ("," word)*
    word = ("set:" | "tag:") TAG | "id:" CLIENT | IPV4 | "[" IPV6 "]" | NAME | TIME | "ignore"

Printer: neutron/agent/linux/dhcp.py _output_hosts_file. ``set:port-UUID`` since Neutron 16 (the
bare UUID before), ``tag:dhcpv6`` since 17, several IPv6 addresses in one line since 16.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import MAC, UUID, Findings, Format, Kind, Parsed, Record, is_address
from .command import Command, shown_file


@dataclass(frozen=True, slots=True, kw_only=True)
class DhcpHost(Record):
    """One reservation, ``MAC,name,IP`` (Neutron also writes ``set:TAG`` and ``id:CLIENT``)."""

    mac: str
    hostname: str | None = None
    ips: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    client_id: str | None = None


_FIRST = re.compile(rf"(?P<mac>{MAC})(?=,|\s*$)")
_WORD = re.compile(r"[^,\s](?:[^,]*[^,\s])?")
_TIME = re.compile(r"\d+[smhdw]?|infinite|ignore")
_NAME = re.compile(r"[\w*](?:[\w.-]*\w)?\.?")


def parse(source: Source) -> Parsed:
    """Reservations in the order of the file."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        match = _FIRST.match(line)
        if match is None:
            if not line.lstrip().startswith("#"):
                found.unknown_line(offset, line)
            continue
        found.mark_groups(match, offset, {"mac": Kind.MAC})
        found.records.append(_host(found, offset, line, match))
    return found.parsed()


def _host(found: Findings, offset: int, line: str, first: re.Match[str]) -> DhcpHost:
    hostname = client_id = None
    ips: list[str] = []
    tags: list[str] = []
    for match in _WORD.finditer(line, first.end()):
        word, start = match[0], offset + match.start()
        inside = word.removeprefix("[").removesuffix("]")
        if word.startswith(("set:", "tag:")):
            tags.append(word)
            if uuid := re.search(UUID, word):
                found.mark(start + uuid.start(), uuid[0], Kind.UUID)
        elif word.startswith("id:"):
            client_id = word.removeprefix("id:")
        elif is_address(inside):
            ips.append(inside.lower())
            found.mark(start + word.index(inside), inside, Kind.ADDRESS)
        elif _TIME.fullmatch(word):
            found.mark(start, word, Kind.DIM)
        elif hostname is None and _NAME.fullmatch(word):
            hostname = word
            found.mark(start, word, Kind.HOST)
        else:
            found.unknown_token(start, word)
    return DhcpHost(
        mac=first["mac"].lower(),
        hostname=hostname,
        ips=tuple(ips),
        tags=tuple(tags),
        client_id=client_id,
        span=Span(offset, found.line_end(offset)),
    )


_PATH = re.compile(r"/dhcp/[^/]+/host$")


def _prints(command: Command) -> bool:
    return bool(_PATH.search(shown_file(command) or ""))


_LOOKS = re.compile(rf"{MAC},\S+\s*")


def _looks_like(source: Source) -> bool:
    lines = [line for _, line in Findings(source, FORMAT.name).lines()]
    return bool(lines) and all(_LOOKS.fullmatch(line) for line in lines)


FORMAT = Format(
    name="dnsmasq_host",
    title="DHCP reservations (dnsmasq)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"(?<!addn-)(?<!addn_)hosts?\b"),
)
