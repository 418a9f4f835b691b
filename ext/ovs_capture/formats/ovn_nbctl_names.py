"""``ls-list``, ``lr-list``, ``lsp-list``, ``lrp-list`` and ``dhcp-options-list`` of ovn-nbctl.

Sample (``ovn-nbctl lsp-list neutron-136d7642``)::

    a3bf3607-321a-4278-bf0b-36803d2d272d (471b79cb-271d-5419-b14c-e8bbc5251778)

Grammar::

    row = UUID [" (" NAME ")"]

Only the command says what is listed. Printer: utilities/ovn-nbctl.c nbctl_ls_list and its like;
DHCP options have no name.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import UUID, Findings, Format, Kind, Parsed, Record
from .command import Command

# What is listed: a table of ovn-nb(5).
TABLES = {
    "ls-list": "Logical_Switch",
    "lr-list": "Logical_Router",
    "lsp-list": "Logical_Switch_Port",
    "lrp-list": "Logical_Router_Port",
    "dhcp-options-list": "DHCP_Options",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRow(Record):
    """A row by UUID and name. ``table``: of ovn-nb(5); ``of``: the switch or router asked about."""

    uuid: str
    name: str | None = None
    table: str | None = None
    of: str | None = None


_ROW = re.compile(rf"(?P<uuid>{UUID})(?: \((?P<name>.*)\))?\s*")


def parse(source: Source) -> Parsed:
    """Rows of an unknown table."""
    return _parse(source, None, None)


def parse_with(source: Source, command: Command) -> Parsed:
    """Rows of the table that the command lists."""
    asked, *names = command.arguments or ("",)
    return _parse(source, TABLES.get(asked), names[0] if names else None)


def _parse(source: Source, table: str | None, of: str | None) -> Parsed:
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        match = _ROW.fullmatch(line)
        if match is None:
            found.unknown_line(offset, line)
            continue
        found.mark_groups(match, offset, {"uuid": Kind.UUID})
        if match["name"] and re.fullmatch(UUID, match["name"]):
            found.mark_groups(match, offset, {"name": Kind.UUID})
        found.records.append(
            NamedRow(
                uuid=match["uuid"].lower(),
                name=match["name"],
                table=table,
                of=of,
                span=Span(offset, found.line_end(offset)),
            )
        )
    return found.parsed()


def _prints(command: Command) -> bool:
    return command.program == "ovn-nbctl" and command.arguments[:1] in [(w,) for w in TABLES]


_NAMED = re.compile(rf"{UUID} \(.*\)\s*")


def _looks_like(source: Source) -> bool:
    rows = [line for _, line in Findings(source, FORMAT.name).lines()]
    return bool(rows) and all(_NAMED.fullmatch(line) for line in rows)


FORMAT = Format(
    name="ovn_nbctl_names",
    title="names of logical objects (ovn-nbctl ls-list, lr-list, lsp-list, lrp-list)",
    parse=parse,
    parse_with=parse_with,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"nbctl.*(?:ls|lr|lsp|lrp|dhcp.options).list"),
)
