"""A listing of logical flows with all that is needed to explain it. Does without Sphinx.

Lives here: which capture of a file is meant, and what the other captures of the host add to it.
Pages and the command come through here alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..explain.logical.names import LogicalNames
from ..explain.logical.versions import versions_of
from ..formats.ovn_rows import ShownPort
from ..formats.reading import Capture
from ..logical.flow import LogicalFlow
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
    """What ``ovn-nbctl show`` calls ports beside their names (``aka``: Neutron's port names)."""
    return {
        record.name: record.aka
        for capture in captures
        for record in capture.parsed.records
        if isinstance(record, ShownPort) and record.aka
    }
