"""Another code, other pages: nothing that an older one made is shown."""

import shutil
from pathlib import Path

import pytest

from ovs_capture.render import extension
from ovs_capture.render.builds import kept
from tests.conftest import ROOT
from tests.render.conftest import Project
from tools.large_site import write_site


@pytest.fixture
def package(tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    (copy / "formats").mkdir(parents=True)
    shutil.copy(kept.PACKAGE / "source.py", copy)
    shutil.copy(kept.PACKAGE / "formats" / "raw.py", copy / "formats")
    (copy / "facts.toml").write_text("[a]\n")
    (copy / "words.po").write_text('msgid ""\n')
    return copy


def test_the_same_code_anywhere(package: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(package, elsewhere)
    (elsewhere / "words.mo").write_bytes(b"compiled")
    assert kept.code_version(package) == kept.code_version(elsewhere)


@pytest.mark.parametrize("name", ["source.py", "formats/raw.py", "facts.toml", "words.po"])
def test_a_changed_file(package: Path, name: str) -> None:
    before = kept.code_version(package)
    with (package / name).open("a") as file:
        file.write("\n")
    assert kept.code_version(package) != before


def test_a_renamed_file_and_another_version(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept.code_version(package)
    (package / "source.py").rename(package / "sources.py")
    renamed = kept.code_version(package)
    assert renamed != before
    monkeypatch.setattr(kept, "__version__", "99.0")
    assert kept.code_version(package) != renamed


def test_pages_are_read_again_by_other_code(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "# Page\n\n```{ovs-capture} lab/node/ip-link.txt\n```\n"
    project.write({"index.md": page})
    before = project.build().text("index.html")
    shown = "two devices of another code"
    monkeypatch.setattr("ovs_capture.render.directives.capture.where_of", lambda *_: shown)
    assert project.build().text("index.html") == before
    monkeypatch.setattr(extension, "code_version", lambda: 1)
    assert shown in project.build().text("index.html")


def test_one_edit_among_many_captures(tmp_path: Path) -> None:
    """Written again is the page that shows it: others of its scenario say nothing else."""
    captures = write_site(tmp_path, ROOT / "captures", 60)
    site = Project(tmp_path)
    site.build()
    pages = sorted((tmp_path / "out" / "html").glob("page*.html"))
    assert len(pages) == len(captures)
    written = {page.name: page.stat().st_mtime_ns for page in pages}
    edited = captures[5]
    edited.write_text(edited.read_text() + "\n")
    site.build()
    again = [page.name for page in pages if page.stat().st_mtime_ns != written[page.name]]
    assert again == ["page005.html"]
