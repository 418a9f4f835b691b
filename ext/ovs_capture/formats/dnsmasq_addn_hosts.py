"""dnsmasq's ``addn-hosts`` file: names that its DNS answers, in the form of hosts(5).

Command: ``cat /var/lib/neutron/dhcp/NETWORK/addn_hosts``. Sample (a tab after the address)::

    172.16.0.112    host-172-16-0-112.openstacklocal host-172-16-0-112
    172.16.0.2      host-172-16-0-2.openstacklocal host-172-16-0-2
    192.168.101.85  instance03.example.org instance03
    fd00:101::55    host-fd00-101--55.openstacklocal host-fd00-101--55
    # a comment

Grammar: ``ADDRESS blank NAME (blank NAME)* ["#" comment]``. Printer: neutron/agent/linux/dhcp.py
_output_addn_hosts_file (a full name and its first label), since Neutron 2014.1.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, is_address
from .command import Command, shown_file


@dataclass(frozen=True, slots=True, kw_only=True)
class HostsEntry(Record):
    """An address and its names."""

    ip: str
    names: tuple[str, ...]


_ENTRY = re.compile(r"\s*(?P<ip>[0-9a-fA-F.:]+)(?P<names>(?:\s+[\w.-]+)+)\s*(?:#.*)?")
_COMMENT = re.compile(r"\s*#.*")


def parse(source: Source) -> Parsed:
    """Entries in the order of the file."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        match = _ENTRY.fullmatch(line)
        if match and is_address(match["ip"]):
            found.mark_groups(match, offset, {"ip": Kind.ADDRESS})
            names = list(re.finditer(r"\S+", match["names"]))
            for name in names:
                found.mark(offset + match.start("names") + name.start(), name[0], Kind.HOST)
            found.records.append(
                HostsEntry(
                    ip=match["ip"].lower(),
                    names=tuple(name[0] for name in names),
                    span=Span(offset, found.line_end(offset)),
                )
            )
        elif not _COMMENT.fullmatch(line):
            found.unknown_line(offset, line)
    return found.parsed()


_PATH = re.compile(r"/dhcp/[^/]+/addn_hosts$")


def _prints(command: Command) -> bool:
    return bool(_PATH.search(shown_file(command) or ""))


# A full name and its own first label: no route or neighbour looks like this.
_NEUTRON = re.compile(r"\s*[0-9a-fA-F.:]+\s+(?P<label>[\w-]+)\.[\w.-]+\s+(?P=label)\s*")


def _looks_like(source: Source) -> bool:
    lines = [line for _, line in Findings(source, FORMAT.name).lines()]
    return bool(lines) and all(_NEUTRON.fullmatch(line) for line in lines)


FORMAT = Format(
    name="dnsmasq_addn_hosts",
    title="DNS names (dnsmasq)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"addn[-_]hosts"),
)
