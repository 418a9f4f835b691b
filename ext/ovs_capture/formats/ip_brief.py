"""The columns of ``ip -brief link|addr``, and of ``ip -br`` in a terminal.

No format of its own. Sample::

    lo               UNKNOWN        127.0.0.1/8 ::1/128
    eth0@if9         UP             52:54:00:b1:0b:13 <BROADCAST,MULTICAST,UP,LOWER_UP>

Grammar::

    link = NAME ["@" LINK] STATE [MAC] "<" FLAGS ">"
    addr = NAME ["@" LINK] STATE (LOCAL ["peer" ADDRESS] ["/" LENGTH])*

Neither has an index. Printer: iproute2 ip/ipaddress.c print_linkinfo_brief, print_addrinfo.
"""

import re

from .base import Findings, Kind
from .ip_device import Device, mark_value

_STATES = "UNKNOWN|NOTPRESENT|DOWN|LOWERLAYERDOWN|TESTING|DORMANT|UP"
BRIEF = re.compile(
    rf"(?P<ifname>[^\s@:]+)(?:@(?P<link>[^\s:]+))?\s+(?P<state>{_STATES})(?P<rest>(?:\s.*)?)"
)
LINK = re.compile(r"\s*(?:(?P<address>[0-9a-fA-F:.]+)\s+)?<(?P<flags>[^>\s]*)>\s*")


def read_brief(found: Findings, offset: int, line: str) -> tuple[Device, int, str] | None:
    """``(device, offset of the rest, rest of the line)``; None when the line is none."""
    match = BRIEF.fullmatch(line)
    if match is None:
        return None
    device = Device(
        start=offset,
        end=found.line_end(offset),
        ifindex=None,
        ifname=match["ifname"],
        link=match["link"],
    )
    device.attributes["state"] = match["state"]
    found.mark_groups(match, offset, {"ifname": Kind.DEVICE, "state": Kind.HEAD})
    if match["link"] and not re.fullmatch(r"if\d+|NONE", match["link"]):
        found.mark_groups(match, offset, {"link": Kind.DEVICE})
    return device, offset + match.start("rest"), match["rest"]


def read_brief_link(found: Findings, offset: int, line: str) -> Device | None:
    """A line of ``ip -br link``."""
    read = read_brief(found, offset, line)
    match = LINK.fullmatch(read[2]) if read else None
    if read is None or match is None:
        return None
    device, start, _ = read
    device.flags = tuple(filter(None, match["flags"].split(",")))
    if "LOOPBACK" in device.flags:
        device.link_type = "loopback"
    if match["address"]:
        device.address = match["address"].lower()
        mark_value(found, start + match.start("address"), match["address"])
    return device
