"""``virsh domiflist DOMAIN``: the interfaces of a guest.

Sample::

     Interface        Type       Source    Model    MAC
    ------------------------------------------------------------------
     tap635485ff-6c   ethernet   -         virtio   fa:16:3e:55:2a:5d

Grammar: headings in the locale's words, a rule of ``-``, rows ``INTERFACE TYPE SOURCE MODEL MAC``
with ``-`` for what is missing. Printer: libvirt tools/virsh-domain-monitor.c cmdDomiflist. Type
``bridge`` with source br-int before Nova 24, ``ethernet`` since (os-vif plugs the port).
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import MAC, Findings, Format, Kind, Parsed, Record, first_line
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedInterface(Record):
    """A row; None for ``-``."""

    interface: str | None = None
    type: str | None = None
    source: str | None = None
    model: str | None = None
    mac: str | None = None


_RULE = re.compile(r"\s*-{5,}\s*")
_ROW = re.compile(
    rf"""\s*(?P<interface>\S+)\s+(?P<type>\S+)\s+(?P<source>\S+(?:\ \S+)*)\s+(?P<model>\S+)
         \s+(?P<mac>{MAC}|-)\s*""",
    re.VERBOSE,
)


def parse(source: Source) -> Parsed:
    """Rows in the order of the capture; the line above the rule is the headings."""
    found = Findings(source, FORMAT.name)
    lines = list(found.lines())
    headed = {lines[i - 1][0] for i, (_, line) in enumerate(lines) if i and _RULE.fullmatch(line)}
    for offset, line in lines:
        if offset in headed or _RULE.fullmatch(line):
            continue
        match = _ROW.fullmatch(line)
        if match is None:
            found.unknown_line(offset, line)
            continue
        given = {key: None if text == "-" else text for key, text in match.groupdict().items()}
        kinds = {"interface": Kind.DEVICE, "mac": Kind.MAC}
        found.mark_groups(match, offset, {k: kind for k, kind in kinds.items() if given[k]})
        if given["type"] == "bridge" and given["source"]:
            found.mark_groups(match, offset, {"source": Kind.BRIDGE})
        mac = given.pop("mac")
        span = Span(offset, found.line_end(offset))
        found.records.append(ListedInterface(mac=mac.lower() if mac else None, **given, span=span))
    return found.parsed()


def _prints(command: Command) -> bool:
    return command.program == "virsh" and command.arguments[:1] == ("domiflist",)


_LOOKS = re.compile(r"\s?Interface\s+Type\s+Source\s+Model\s+MAC\s*")


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_LOOKS.fullmatch(first))


FORMAT = Format(
    name="virsh_domiflist",
    title="interfaces of a guest (virsh domiflist)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"domiflist"),
)
