"""Dumps as text files beside the pages: a page of 60 000 flows does not repeat their text.

Lives here: what is kept of a dump while pages are read, and written when they are. The files lie
where Sphinx puts downloads; secrets are masked in them as in pages.
"""

import zlib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util.osutil import relative_uri

from ...formats.reading import Capture
from ...redaction.masking import masked_file
from ...source import encode
from ..builds.output import write_output
from ..links.domain import domain_of

FOLDER = "_downloads"


def keep(env: BuildEnvironment, name: str, captures: tuple[Capture, ...], *, redact: bool) -> None:
    """The file that ``captures`` are from, to be written as ``name``."""
    source = captures[0].source
    text = masked_file(source) if redact else source.text
    kept = domain_of(env).data["dumps"].setdefault(env.docname, {})
    kept[name] = zlib.compress(encode(text), 1)


def raw_address(builder: Builder, docname: str, name: str) -> str | None:
    """The address of a dump for a page; an EPUB has no such files."""
    if builder.format != "html" or builder.name == "epub":
        return None
    return relative_uri(builder.get_target_uri(docname), f"{FOLDER}/{name}")


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the files that are not there or are others, when the pages have been written."""
    if error is not None or app.builder.format != "html" or app.builder.name == "epub":
        return
    for _, kept in sorted(domain_of(app.env).data["dumps"].items()):
        for name, packed in sorted(kept.items()):
            file = Path(app.outdir, FOLDER, name)
            data = zlib.decompress(packed)
            if not file.is_file() or file.read_bytes() != data:
                write_output(file, data)
