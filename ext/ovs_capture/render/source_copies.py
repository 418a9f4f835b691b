"""Copies of pages' sources (``html_copy_source``) of which no byte was ever unmasked.

Sphinx copies a page's source right after it has written the page. A page with captures of its own
that hold secrets is copied here instead, masked, before Sphinx would: a build that ends in the
middle leaves nothing to mend.
"""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from ..source import decode, encode
from .config import Settings
from .masking import masked_lines
from .output import write_output


def copy_masked(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """``html-page-context``, the last event before a page and its source are written."""
    builder = app.builder
    ranges = app.env.domains["ovs"].data["secrets"].get(pagename)
    name = context.get("sourcename")
    secret = bool(ranges and name and Settings.of(app).redact)
    copy = Path(app.outdir, "_sources", name or "")
    if getattr(type(builder), "handle_page", None) is not StandaloneHTMLBuilder.handle_page:
        if secret:
            # Builders that write pages in their own way (json, pickle) heed no copysource.
            context["sourcename"] = ""
            copy.unlink(missing_ok=True)
        return
    assert isinstance(builder, StandaloneHTMLBuilder)
    builder.copysource = type(builder).copysource and not secret
    if secret and type(builder).copysource:
        source = Path(app.env.doc2path(pagename))
        write_output(copy, encode(masked_lines(decode(source.read_bytes()), ranges)))
