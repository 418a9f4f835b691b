"""What changed between two targets, as text and JSON, and how targets become snapshots.

Lives here: what the directive ``ovs-diff`` and the command ``diff`` share. Does without Sphinx.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..explain.changes import (
    FlowWords,
    Section,
    join_words,
    notes,
    registers_of,
    renumbered_words,
    sections,
    summary,
)
from ..formats.reading import Capture
from ..network.changes.model import FieldChange, HostChanges, Located, Snapshot
from ..network.changes.scenarios import compare_scenarios
from ..network.model import Network
from ..source import Source
from .dumps import dumps_of_host
from .masking import masked
from .translation import Translator

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
        found = tuple(replace(one, joins=(), renumbered=one.renumbered) for one in found)
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


def diff_as_text(diffs: Sequence[HostDiff], language: str) -> str:
    """The summary, then each host with its changes."""
    say = Translator(language).text
    lines = [say(summary([diff.changes for diff in diffs]))]
    for diff in diffs:
        told = [*_host_lines(diff, say)]
        if told:
            lines += ["", diff.changes.name, *told]
    return "\n".join(lines) + "\n"


def _host_lines(diff: HostDiff, say: Any) -> Iterator[str]:
    host = diff.changes
    for one in host.renumbered:
        yield f"  {say(renumbered_words(one))}"
    for section in diff.sections:
        yield f"  {say(section.title)}"
        for told in section.entries:
            yield f"  {SIGNS[told.change.kind]} {say(told.headline)}"
            for detail in told.details:
                yield f"      {say(detail)}"
    for join in host.joins:
        yield f"  = {say(join_words(join))}"
    for note in notes(host):
        yield f"  {say(note)}"


def diff_as_json(diffs: Sequence[HostDiff], language: str) -> dict[str, Any]:
    """``{"summary", "hosts": [{"host", "changes", "renumbered", "joins", "notes"}]}``."""
    say = Translator(language).text
    return {
        "summary": say(summary([diff.changes for diff in diffs])),
        "changed": is_changed(diffs),
        "hosts": [_host_json(diff, say) for diff in diffs],
    }


def _host_json(diff: HostDiff, say: Any) -> dict[str, Any]:
    host = diff.changes
    return {
        "host": host.name,
        "changes": [
            {
                "kind": told.change.kind,
                "what": told.change.what,
                "key": list(told.change.key),
                "fields": [_field_json(one) for one in told.change.fields],
                "before": _located_json(told.change.before),
                "after": _located_json(told.change.after),
                "hosts": list(told.change.hosts) if told.change.hosts else None,
                "words": [say(told.headline), *(say(detail) for detail in told.details)],
            }
            for section in diff.sections
            for told in section.each
        ],
        "renumbered": [
            {"network": one.carried, "before": one.before, "after": one.after}
            for one in host.renumbered
        ],
        "joins": [
            {
                "what": join.what,
                "key": list(join.key),
                "fields": [_field_json(one) for one in join.fields],
                "words": say(join_words(join)),
            }
            for join in host.joins
        ],
        "notes": [say(note) for note in notes(host)],
    }


def _field_json(change: FieldChange) -> dict[str, Any]:
    return {
        "field": change.name,
        "before": _json_value(change.before),
        "after": _json_value(change.after),
    }


def _json_value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _located_json(located: Located | None) -> dict[str, Any] | None:
    if located is None:
        return None
    source: Source = located.capture.source
    line = source.place(located.record.span.start)[0]
    return {"file": source.name, "line": line, "text": raw_text(located)}
