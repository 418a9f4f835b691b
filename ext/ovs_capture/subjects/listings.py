"""A listing of logical flows with all that is needed to explain it. Does without Sphinx.

Lives here: which capture of a file is meant, and what the other captures of the host add to it.
Pages and the command come through here alike.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..explain.logical.names import LogicalNames
from ..explain.logical.versions import versions_of
from ..formats.ovn_rows import ShownPort
from ..formats.ovsdb_list import OvsdbRow
from ..formats.reading import Capture
from ..logical.flow import LogicalFlow
from ..network.logical.join import logical_network
from ..network.model import Network


@dataclass(frozen=True)
class Listing:
    """Logical flows in order of the listing, and what explains them."""

    flows: tuple[LogicalFlow, ...]
    capture: Capture
    names: LogicalNames


def listing_of(
    found: Sequence[Capture], captures: Iterable[Capture], network: Network | None
) -> Listing | None:
    """The first listing of logical flows among a file's captures; ``captures``: all of its host."""
    for capture in found:
        flows = tuple(r for r in capture.parsed.records if isinstance(r, LogicalFlow))
        if flows:
            names = LogicalNames.of(network, flows, versions_of(flows), titles_of(captures))
            return Listing(flows, capture, names)
    return None


def titles_of(captures: Iterable[Capture]) -> Mapping[str, str]:
    """What other captures call ports beside their names: Neutron's port names.

    ``ovn-nbctl show`` prints them as ``aka``; rows of both databases have them in ``external_ids``.
    """
    return {
        name: title
        for capture in captures
        for record in capture.parsed.records
        for name, title in _title(record)
        if name and title
    }


# The column that has a port's name, by table.
_NAMED_BY = {"Logical_Switch_Port": "name", "Port_Binding": "logical_port"}


def _title(record: object) -> Iterator[tuple[str | None, str | None]]:
    if isinstance(record, ShownPort):
        yield record.name, record.aka
    elif isinstance(record, OvsdbRow) and record.table in _NAMED_BY:
        title = record.map("external_ids").get("neutron:port_name")
        yield record.text(_NAMED_BY[record.table]), title


def flows_about(listing: Listing, captures: Iterable[Capture], port: str) -> frozenset[int]:
    """Places in the listing of the flows that name a port, its addresses or its port groups.

    ``port``: its name, or what other captures call it.
    """
    network = logical_network(captures)
    wanted = [one for one in network.ports if port in (one.name, one.title)]
    names = {port, *(one.name for one in wanted)}
    groups = {group.name for one in wanted for group in network.port_groups_of(one.name)}
    addresses = {word for one in wanted for word in (*one.ips, one.mac) if word}
    patterns = [rf'"{re.escape(name)}"' for name in sorted(names)]
    patterns += [rf"@{re.escape(group)}\b" for group in sorted(groups)]
    # A colon behind an IPv4 address parts it from a port; in others it is part of the address.
    patterns += [
        rf"(?<![\w.:]){re.escape(word)}(?!\w|\.\d{'' if '.' in word else '|:'})"
        for word in sorted(addresses)
    ]
    said = re.compile("|".join(patterns))
    return frozenset(
        place
        for place, flow in enumerate(listing.flows)
        if said.search(flow.match.text) or said.search(flow.actions.text)
    )
