"""Neutron's note of the device on which dnsmasq serves a network.

Command: ``cat /var/lib/neutron/dhcp/NETWORK/interface``. Sample::

    ns-9c5411ff-e6

Grammar: one line, the device's name. Printer: neutron/agent/linux/dhcp.py interface_name; the file
has no newline at its end.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record
from .command import Command, shown_file


@dataclass(frozen=True, slots=True, kw_only=True)
class DhcpInterface(Record):
    """The device in the network's ``qdhcp-`` namespace."""

    name: str


# A device's name has at most 15 characters (IFNAMSIZ), no blank and no slash.
_NAME = re.compile(r"\s*(?P<name>[^\s/:]{1,15})\s*")


def parse(source: Source) -> Parsed:
    """The one device; a second line is unknown."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        match = _NAME.fullmatch(line)
        if match is None or found.records:
            found.unknown_line(offset, line)
            continue
        found.mark_groups(match, offset, {"name": Kind.DEVICE})
        span = Span(offset, found.line_end(offset))
        found.records.append(DhcpInterface(name=match["name"], span=span))
    return found.parsed()


_PATH = re.compile(r"/dhcp/[^/]+/interface$")


def _prints(command: Command) -> bool:
    return bool(_PATH.search(shown_file(command) or ""))


_LOOKS = re.compile(r"\s*(?:tap|ns-)[0-9a-f]{8}-[0-9a-f]{2}\s*")


def _looks_like(source: Source) -> bool:
    return bool(_LOOKS.fullmatch(source.window))


FORMAT = Format(
    name="dnsmasq_interface",
    title="device of a DHCP server (dnsmasq)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"interface"),
)
