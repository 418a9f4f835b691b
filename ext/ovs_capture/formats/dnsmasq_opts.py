"""dnsmasq's ``dhcp-optsfile``: DHCP options by subnet or port.

Command: ``cat /var/lib/neutron/dhcp/NETWORK/opts``. Sample::

    tag:subnet-5c1fe02b-db8a-54e0-8788-76c4c0b62b08,option:dns-server,172.16.0.1
    tag:subnet-5c1fe02b-db8a-54e0-8788-76c4c0b62b08,249,0.0.0.0/0,192.168.103.254
    tag:subnet-5c1fe02b-db8a-54e0-8788-76c4c0b62b08,option:router

Grammar::

    line   = ("tag:" TAG ",")+ option ("," VALUE)*
    option = ("option:" | "option6:") NAME | NUMBER

An option without value is withheld from clients. Printer: neutron/agent/linux/dhcp.py
_output_opts_file, _format_option. Tags ``subnet-UUID``, ``port-UUID`` since Neutron 16 (``tag0``
and a bare port UUID before).
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import UUID, Findings, Format, Kind, Parsed, Record, is_address
from .command import Command, shown_file


@dataclass(frozen=True, slots=True, kw_only=True)
class DhcpOption(Record):
    """One option. ``option``: ``dns-server``, or its number; ``version``: 6 for ``option6:``."""

    tags: tuple[str, ...]
    option: str
    version: int = 4
    values: tuple[str, ...] = ()


_LINE = re.compile(
    r"(?P<tags>(?:tag:[^,\s]+,)+)(?P<option>option6?:[^,\s]+|\d{1,3})(?:,(?P<values>(?:.*\S)?))?\s*"
)
_VALUE = re.compile(r"[^,\s]+(?: [^,\s]+)*")
_UUID = re.compile(UUID)


def parse(source: Source) -> Parsed:
    """Options in the order of the file."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        match = _LINE.fullmatch(line)
        if match is None:
            if not line.lstrip().startswith("#"):
                found.unknown_line(offset, line)
            continue
        for uuid in _UUID.finditer(line, 0, match.end("tags")):
            found.mark(offset + uuid.start(), uuid[0], Kind.UUID)
        found.mark_groups(match, offset, {"option": Kind.HEAD})
        values = []
        if match["values"]:
            for value in _VALUE.finditer(line, match.start("values"), match.end("values")):
                values.append(value[0])
                inside = value[0].removeprefix("[").removesuffix("]")
                if is_address(inside):
                    at = offset + value.start() + value[0].index(inside)
                    found.mark(at, inside, Kind.ADDRESS)
        family, _, name = match["option"].rpartition(":")
        found.records.append(
            DhcpOption(
                tags=tuple(tag.removeprefix("tag:") for tag in match["tags"].split(",") if tag),
                option=name,
                version=6 if family == "option6" else 4,
                values=tuple(values),
                span=Span(offset, found.line_end(offset)),
            )
        )
    return found.parsed()


_PATH = re.compile(r"/dhcp/[^/]+/opts$")


def _prints(command: Command) -> bool:
    return bool(_PATH.search(shown_file(command) or ""))


def _looks_like(source: Source) -> bool:
    lines = [line for _, line in Findings(source, FORMAT.name).lines()]
    return bool(lines) and all(map(_LINE.fullmatch, lines))


FORMAT = Format(
    name="dnsmasq_opts",
    title="DHCP options (dnsmasq)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"\bopts\b"),
)
