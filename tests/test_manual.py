"""What the manual tells an author to write is built here, word for word."""

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any, NoReturn

import pytest

from ovs_capture.__main__ import main
from ovs_capture.diagnostic import Code
from ovs_capture.diagram import export
from ovs_capture.diagram.pipeline import layout
from ovs_capture.diagram.pipeline.dot import NoEngine
from tests.conftest import ROOT
from tests.render.conftest import Project

LANGUAGES = ("en", "ja")
CONF = """\
extensions = ["myst_parser", "ovs_capture"]
myst_enable_extensions = ["colon_fence"]
exclude_patterns = ["captures"]
show_warning_types = True
"""
WARNINGS = tomllib.loads((ROOT / "tools" / "reference.warnings.toml").read_text("utf-8"))


def pages_in(page: Path) -> list[str]:
    """The Markdown pages that a page of the manual shows."""
    return re.findall(r"^````markdown\n(.*?)^````$", page.read_text("utf-8"), re.M | re.S)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_moved_page_builds_and_its_claim_holds(tmp_path: Path, language: str) -> None:
    before, after = pages_in(ROOT / "source" / language / "moving-a-page.md")
    project = Project(tmp_path)
    project.write({"conf.py": CONF, "index.md": after})
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


def test_every_code_has_an_example() -> None:
    assert sorted(WARNINGS) == sorted(code.value for code in Code)


@pytest.mark.parametrize("code", sorted(WARNINGS))
def test_the_example_of_a_warning_says_just_that(
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    example: dict[str, Any] = WARNINGS[code]
    encoding = example.get("encoding", "utf-8")
    project = Project(tmp_path)
    project.write({name: text.encode(encoding) for name, text in example["files"].items()})
    if "without" in example:
        take_away(example["without"], monkeypatch)
    if "command" in example:
        monkeypatch.chdir(tmp_path)
        program, *arguments = example["command"].split()
        assert program == "ovs-capture"
        main(arguments)
        said = capsys.readouterr().err
    else:
        project.write({"conf.py": CONF})
        said = "\n".join(project.build().warnings)
    assert said.strip() == example["says"]
    place = r"(\S+:\d+:\d+: )?" if code == "font-missing" else r"\S+:\d+:\d+: "
    form = rf"{place}{code}: .+" if "command" in example else rf"\S+:\d+: .+\[ovs_capture\.{code}\]"
    assert re.fullmatch(form, said.strip())


def take_away(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without fonts for Japanese, or without Graphviz."""

    def no_engine(*_: object) -> NoReturn:
        raise NoEngine

    if what == "fonts":
        monkeypatch.setattr(export, "_installed", frozenset)
    else:
        monkeypatch.setattr(layout, "order", no_engine)
