"""Copies of pages' sources (``html_copy_source``) of which no byte was ever unmasked.

Sphinx copies a page's source right after it has written the page. A page with captures of its own
that hold secrets is copied here instead, masked, before Sphinx would: a build that ends in the
middle leaves nothing to mend.

Directives that ran have said where their secrets are. One with an option that is wrong, with a name
that is spelt wrong, inside of another that failed or in a comment never ran: ``captured_lines``
finds these by what is written.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from ...formats.reading import has_format
from ...formats.transcript import split
from ...redaction.masking import masked_lines
from ...source import Source, decode, encode
from ..config import Settings
from ..links.domain import domain_of
from .output import write_output

# "ovs-capture", however it is spelt; a directive may follow "..", ">" or the mark of a list.
_OURS = re.compile(r"o[vs]", re.IGNORECASE)
_DIRECTIVE = re.compile(r"(?<!\S)\.\.[ \t]+(?P<name>[^\s:]+)")
_FENCE = re.compile(r"(?<![`~:])(?P<fence>([`~:])\2{2,}+)[ \t]*\{?(?P<name>[^\s{}`]*)")


def captured_lines(text: str, *, auto: bool) -> Iterator[tuple[int, int]]:
    """First and last line of each directive that holds a capture, of reST or MyST, ran or not.

    ``auto``: blocks of any name hold one when they have a command whose output we read. Lines are
    numbered from 1; a body that nothing ends goes to the end of the text.
    """
    lines = text.split("\n")
    closing: set[int] = set()
    index = -1
    while (index := index + 1) < len(lines):
        end: Callable[[str], bool] | None = None
        found = _FENCE.search(lines[index])
        if found:
            end = None if index in closing else _closes(found["fence"])
        elif found := _DIRECTIVE.search(lines[index]):
            end = _dedents(found.start())
        if found is None or end is None or not (auto or _OURS.match(found["name"])):
            continue
        behind = range(index + 1, len(lines))
        last = next((at for at in behind if end(lines[at])), len(lines))
        if found.re is _FENCE:
            closing.add(last)
        if _OURS.match(found["name"]) or _has_command(lines[index + 1 : last]):
            yield index + 1, last
            index = last - 1


def _closes(fence: str) -> Callable[[str], bool]:
    """Does a line close the fence? It may stand in a quotation or a comment."""

    def closes(line: str) -> bool:
        marks = line.strip(" \t\r>%")
        return len(marks) >= len(fence) and not marks.strip(fence[0])

    return closes


def _dedents(column: int) -> Callable[[str], bool]:
    """Does a line stand no deeper than a directive in this column?"""
    return lambda line: bool(line.strip()) and len(line) - len(line.lstrip()) <= column


def _has_command(body: Sequence[str]) -> bool:
    text = "\n".join(line.strip() for line in body).strip()
    return any(piece.command for piece in split(Source("", text), has_format))


def copy_masked(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """``html-page-context``, the last event before a page and its source are written."""
    builder = app.builder
    name = context.get("sourcename")
    settings = Settings.of(app)
    if not name or not settings.redact:
        return
    source = Path(app.env.doc2path(pagename))
    text = decode(source.read_bytes()) if source.is_file() else ""
    told = domain_of(app.env).data["secrets"].get(pagename, ())
    written = captured_lines(text, auto=settings.annotates(pagename))
    masked = masked_lines(text, (*told, *written))
    secret = bool(told) or masked != text
    copy = Path(app.outdir, "_sources", name)
    if getattr(type(builder), "handle_page", None) is not StandaloneHTMLBuilder.handle_page:
        if secret:
            # Builders that write pages in their own way (json, pickle) heed no copysource.
            context["sourcename"] = ""
            copy.unlink(missing_ok=True)
        return
    assert isinstance(builder, StandaloneHTMLBuilder)
    builder.copysource = type(builder).copysource and not secret
    if secret and type(builder).copysource:
        write_output(copy, encode(masked))
