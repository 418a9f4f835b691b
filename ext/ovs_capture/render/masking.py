"""Secrets as asterisks, character by character, so that columns and offsets stay. Without Sphinx.

Lives here: how a secret is shown and reported. Where secrets are is told by ``formats.secrets``.
"""

from collections.abc import Iterable

from ..diagnostic import Code, Diagnostic
from ..formats.reading import Capture
from ..formats.secrets import secret_spans
from ..source import Source, Span


def stars(secret: str) -> str:
    """What is shown for a secret; its lines stay lines."""
    return "".join("\n" if char == "\n" else "*" for char in secret)


def masked(source: Source, secrets: Iterable[Span]) -> str:
    """The window of a source with its secrets hidden; ``secrets`` sorted and disjoint."""
    position, shown = source.start, []
    for span in secrets:
        shown += [source.text[position : span.start], stars(source.slice(span))]
        position = span.end
    return "".join((*shown, source.text[position : source.end]))


def masked_text(text: str) -> str:
    """Any text with its secrets hidden: a command line with ``--os-password ...``."""
    source = Source("", text)
    return masked(source, secret_spans(source))


def masked_file(source: Source) -> str:
    """The whole text that a source is a window of, with its secrets hidden."""
    return masked_text(source.text)


def masked_lines(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    """A text with the secrets hidden that stand between these lines, numbered from 1."""
    lines = text.split("\n")
    for first, last in ranges:
        part = "\n".join(lines[first - 1 : last])
        lines[first - 1 : last] = masked_text(part).split("\n")
    return "\n".join(lines)


def secrets_of(capture: Capture) -> Diagnostic | None:
    """That a capture holds secrets, at the first of them."""
    found = sorted((*capture.secrets, *capture.command_secrets))
    if not found:
        return None
    return Diagnostic(Code.SECRET, capture.source, found[0], {"count": len(found)})
