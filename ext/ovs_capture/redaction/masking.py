"""Secrets as asterisks, character by character, so that columns and offsets stay. Without Sphinx.

Lives here: how a secret is shown and reported. Where secrets are is told by ``formats.secrets``.
"""

from collections.abc import Iterable

from ..diagnostic import Code, Diagnostic
from ..formats.reading import Capture
from ..formats.secrets import masked, secret_spans, stars
from ..source import Source

__all__ = ["masked", "masked_file", "masked_lines", "masked_text", "secrets_of", "stars"]


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
