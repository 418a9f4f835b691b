"""An EPUB whose manifest says which pages hold pictures, as EPUB 3 asks of pages with SVG.

Sphinx writes its own manifest, ``content.opf``, without properties: none of its own pages has SVG.
"""

import re
from pathlib import Path
from urllib.parse import unquote

from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder

from .output import write_output

# An item as Sphinx's template writes it; one that has properties is left alone.
_PAGE = re.compile(r'(<item id="[^"]*" href="([^"]*)" media-type="application/xhtml\+xml") ?/>')


class EpubWithPictures(Epub3Builder):
    """Sphinx's builder, which packs the files right after it wrote the manifest."""

    def build_content(self) -> None:
        super().build_content()
        manifest, top = Path(self.outdir, "content.opf"), Path(self.outdir)
        told = _PAGE.sub(
            lambda item: (
                f'{item[1]} properties="svg" />' if _has_svg(top / unquote(item[2])) else item[0]
            ),
            manifest.read_text("utf-8"),
        )
        write_output(manifest, told.encode())


def _has_svg(page: Path) -> bool:
    return page.is_file() and b"<svg" in page.read_bytes()


def setup(app: Sphinx) -> None:
    app.add_builder(EpubWithPictures, override=True)
