"""What changed between two targets, and how targets become snapshots.

Lives here: what the directive ``ovs-diff`` and the command ``diff`` share. Does without Sphinx.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..explain.changes import FlowWords, Section, registers_of, sections
from ..formats.reading import Capture
from ..network.changes.model import HostChanges, Located, Snapshot
from ..network.changes.scenarios import compare_scenarios
from ..network.model import Network
from ..redaction.masking import masked
from .dumps import dumps_of_host

SIGNS = {"new": "+", "gone": "-", "changed": "~", "moved": ">"}


@dataclass(frozen=True)
class Moment:
    """One host at one time, and what explains its flows, by bridge."""

    snapshot: Snapshot
    flows: Mapping[str, FlowWords]


def moment(network: Network, captures: tuple[Capture, ...], asked: str | None) -> Moment:
    """``captures``: the host's own, or those of them that are compared; ``asked``: host.toml's."""
    dumps = dumps_of_host(captures, network, asked)
    flows = {bridge: FlowWords(dump.names, dump.pipeline) for bridge, dump in dumps.items()}
    registers = {bridge: registers_of(words.names) for bridge, words in flows.items()}
    return Moment(Snapshot(network, captures, registers), flows)


@dataclass(frozen=True)
class HostDiff:
    """The changes of one host, told."""

    changes: HostChanges
    sections: tuple[Section, ...]


def compare(
    before: Mapping[str, Moment], after: Mapping[str, Moment], *, files: bool = False
) -> tuple[HostDiff, ...]:
    """Hosts by name on both sides. ``files``: of each only some captures are compared."""
    found = compare_scenarios(
        {name: one.snapshot for name, one in before.items()},
        {name: one.snapshot for name, one in after.items()},
    )
    if files:
        # Models are of the whole hosts, which nobody asked about.
        found = tuple(replace(one, joins=()) for one in found)
    pair = len(before) == len(after) == 1
    diffs = []
    for one in found:
        old = next(iter(before.values())) if pair else before.get(one.name)
        new = after.get(one.name)
        diffs.append(
            HostDiff(one, sections(one, old.flows if old else {}, new.flows if new else {}))
        )
    return tuple(diffs)


def is_changed(diffs: Sequence[HostDiff]) -> bool:
    return not all(diff.changes.nothing for diff in diffs)


def raw_text(located: Located) -> str:
    """An entry as it was captured, secrets masked."""
    capture = located.capture
    span = located.record.span
    inside = [one for one in capture.secrets if one in span]
    return masked(capture.source.part(span), inside)
