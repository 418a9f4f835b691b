"""What changed, as text and as JSON: what ``ovs-capture diff`` prints."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..explain.changes import join_words, notes, renumbered_words, summary
from ..explain.message import Message
from ..network.changes.model import FieldChange, Located
from ..source import Source
from ..subjects.changes import (
    SIGNS,
    HostDiff,
    is_changed,
    raw_text,
)
from ..translation import Translator

Say = Callable[[Message], str]


def diff_as_text(diffs: Sequence[HostDiff], language: str) -> str:
    """The summary, then each host with its changes."""
    say = Translator(language).text
    lines = [say(summary([diff.changes for diff in diffs]))]
    for diff in diffs:
        told = [*_host_lines(diff, say)]
        if told:
            lines += ["", diff.changes.name, *told]
    return "\n".join(lines) + "\n"


def _host_lines(diff: HostDiff, say: Say) -> Iterator[str]:
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


def _host_json(diff: HostDiff, say: Say) -> dict[str, Any]:
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
