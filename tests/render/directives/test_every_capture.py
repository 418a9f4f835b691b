"""Every capture of the repository in a page: its text is what the command printed."""

import shutil
from pathlib import Path

import lxml.html
import pytest

from ovs_capture.formats.transcript import split
from ovs_capture.source import Source, decode
from tests.render.conftest import Built, Project

ROOT = Path(__file__).resolve().parents[3] / "captures"
FILES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.txt"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """All captures on one page, annotated; masking on, as it is by default."""
    project = Project(tmp_path_factory.mktemp("every"))
    shutil.copytree(ROOT, project.root / "captures")
    page = "".join(f"```{{ovs-capture}} {file}\n```\n\n" for file in FILES)
    conf = 'extensions = ["myst_parser", "ovs_capture"]\nexclude_patterns = ["captures"]\n'
    project.write({"conf.py": conf, "index.md": "# Every capture\n\n" + page})
    return project.build()


@pytest.fixture(scope="module")
def shown(built: Built) -> list[str]:
    """The text of each capture on the page, as a browser has it."""
    page = lxml.html.fromstring(built.text("index.html"))
    figures = page.xpath('//figure[contains(@class, "ovs-capture")]')
    return ["".join(pre.text_content() for pre in figure.iter("pre")) for figure in figures]


def printed() -> list[tuple[str, str]]:
    """The file and the output of each command."""
    found = []
    for file in FILES:
        text = decode((ROOT / file).read_bytes())
        pieces = split(Source(file, text), lambda command: True)
        found += [(file, piece.source.window) for piece in pieces]
    return found


PRINTED = printed()


def test_every_capture_is_on_the_page(shown: list[str]) -> None:
    assert len(shown) == len(PRINTED)
    assert {file for file, _ in PRINTED} == set(FILES)


@pytest.mark.parametrize("number", range(len(PRINTED)), ids=[file for file, _ in PRINTED])
def test_the_text_is_the_output(shown: list[str], number: int) -> None:
    on_page, in_file = shown[number], PRINTED[number][1]
    # A masked character is an asterisk; everything else is the byte that was captured.
    assert len(on_page) == len(in_file)
    differing = [i for i, (a, b) in enumerate(zip(on_page, in_file, strict=True)) if a != b]
    assert all(on_page[i] == "*" for i in differing)
    secret = "X3xJpjoBatE5" in in_file
    assert len(differing) == (len("X3xJpjoBatE5") if secret else 0)


def test_no_secret_is_on_the_page(built: Built) -> None:
    assert not any(b"X3xJpjoBatE5" in data for data in built.files.values())
