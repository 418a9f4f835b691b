"""``ip neigh [show]``: the ARP and neighbour cache.

Sample::

    10.0.2.11 dev br-phy lladdr 56:e6:d3:fe:86:46 REACHABLE
    192.168.101.9 dev qr-11111111-aa  FAILED
    fe80::1 dev eth0 lladdr 56:e6:d3:fe:86:47 router STALE

Grammar::

    entry = ADDRESS ["dev" DEVICE] ["lladdr" MAC] flag* [KEY VALUE]* STATE* ["proto" P]
    flag  = "router" | "proxy" | "extern_learn" | "offload" | "managed" | "extern_valid"

``dev`` is left out when one device was asked for; with ``-s`` nothing parts ``used 345/405/345``
from ``probes 0``. Printer: iproute2 ip/ipneigh.c print_neigh.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import MAC, Findings, Format, Kind, Parsed, Record, first_line, is_address
from .command import Command, ip_object, ip_prints_brief
from .ip_json import mark_address, mark_text, read_objects, span_of, texts
from .json_text import begins_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour(Record):
    """An entry. ``state`` None: printed without one (proxy entries)."""

    dst: str
    dev: str | None = None
    lladdr: str | None = None
    state: str | None = None
    flags: tuple[str, ...] = ()


_ENTRY = re.compile(
    r"""\s?(?P<dst>[0-9a-fA-F:.]+)(?:\s+dev\s+(?P<dev>\S+))?(?:\s+lladdr\s+(?P<lladdr>\S+))?
        (?P<flags>(?:\s+(?:router|proxy|extern_learn|offload|managed|extern_valid))*)
        (?:\s+(?:ref\s+\d+|used\s+[\d/]+(?:\s*probes\s+\d+)?|probes\s+\d+|nhid\s+\d+|proto\s+\S+))*
        (?:\s+(?P<state>INCOMPLETE|REACHABLE|STALE|DELAY|PROBE|FAILED|NOARP|PERMANENT|NONE))?
        (?:\s+proto\s+\S+)?\s*""",
    re.VERBOSE,
)


def parse(source: Source) -> Parsed:
    """Entries in the order of the capture."""
    found = Findings(source, FORMAT.name)
    if begins_json(source.window, "dst"):
        return _of_json(found)
    for offset, line in found.lines():
        match = _ENTRY.fullmatch(line)
        if match is None or not is_address(match["dst"]):
            found.unknown_line(offset, line)
            continue
        found.mark_groups(
            match, offset, {"dst": Kind.ADDRESS, "dev": Kind.DEVICE, "state": Kind.HEAD}
        )
        if match["lladdr"] and re.fullmatch(MAC, match["lladdr"]):
            found.mark_groups(match, offset, {"lladdr": Kind.MAC})
        found.records.append(
            Neighbour(
                dst=match["dst"],
                dev=match["dev"],
                lladdr=match["lladdr"].lower() if match["lladdr"] else None,
                state=match["state"],
                flags=tuple(match["flags"].split()),
                span=Span(offset, found.line_end(offset)),
            )
        )
    return found.parsed()


def _of_json(found: Findings) -> Parsed:
    """``ip -j neigh``: ``state`` is a list; a flag is a key whose value is null."""
    for entry in read_objects(found):
        dst, lladdr = entry.text("dst"), entry.text("lladdr")
        if dst is None or not is_address(dst):
            continue
        mark_address(found, entry.get("dst"))
        mark_text(found, entry.get("dev"), Kind.DEVICE)
        if lladdr and re.fullmatch(MAC, lladdr):
            mark_text(found, entry.get("lladdr"), Kind.MAC)
        found.records.append(
            Neighbour(
                dst=dst,
                dev=entry.text("dev"),
                lladdr=lladdr.lower() if lladdr else None,
                state=next(iter(texts(entry.get("state"))), None),
                flags=tuple(key for key, value in entry.members().items() if value.value is None),
                span=span_of(entry),
            )
        )
    return found.parsed()


def _prints(command: Command) -> bool:
    return ip_object(command) == ("neighbour", "show") and not ip_prints_brief(command)


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    match = _ENTRY.fullmatch(first)
    return bool(match and match["dev"] and match["state"])


FORMAT = Format(
    name="ip_neigh",
    title="ARP and neighbour cache (ip neigh)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"neigh"),
)
