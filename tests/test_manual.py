"""What the manual tells an author to write is built here, word for word."""

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.render.conftest import Project

LANGUAGES = ("en", "ja")


def pages_in(page: Path) -> list[str]:
    """The Markdown pages that a page of the manual shows."""
    return re.findall(r"^````markdown\n(.*?)^````$", page.read_text("utf-8"), re.M | re.S)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_moved_page_builds_and_its_claim_holds(tmp_path: Path, language: str) -> None:
    before, after = pages_in(ROOT / "source" / language / "moving-a-page.md")
    project = Project(tmp_path)
    conf = 'extensions = ["myst_parser", "ovs_capture"]\nmyst_enable_extensions = ["colon_fence"]\n'
    project.write({"conf.py": f'{conf}exclude_patterns = ["captures"]\n', "index.md": after})
    shutil.copytree(ROOT / "captures" / "flat-instance", tmp_path / "captures" / "flat-instance")
    built = project.build(language=language)
    assert built.warnings == []
    html = built.text("index.html")
    for claim in re.findall(r"^[^\W#:!].*br-int.*$", before, re.M):
        assert claim in html
    # Had the packet left elsewhere, the build would have said so.
    project.write({"index.md": after.replace("output eth2", "output eth3")})
    (warning,) = project.build(language=language).warnings
    assert "eth3" in warning
