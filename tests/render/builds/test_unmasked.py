"""Builds that masked nothing leave no byte of a secret to the next one, which masks."""

from pathlib import Path
from typing import Any

import pytest

from tests.render.conftest import Project
from tests.render.test_leaks import BUILDERS, planted


def leaks(out: Path, secrets: list[str]) -> list[tuple[str, str]]:
    """Secrets in any file of the output and of what is kept for the next build, in any case."""
    every = [(path, path.read_bytes().lower()) for path in sorted(out.rglob("*")) if path.is_file()]
    return [
        (path.relative_to(out).as_posix(), secret)
        for path, data in every
        for secret in secrets
        if secret.lower().encode() in data
    ]


def hidden_words(secrets: list[str]) -> list[str]:
    """The secrets that no prose holds: those that we made up."""
    return [secret for secret in secrets if secret.startswith("Leak")]


def without_page(project: Project, name: str) -> None:
    """The author removes a page."""
    index = (project.root / "index.md").read_text()
    project.write({"index.md": index.replace(f"\n{name}\n", "\n")})
    (project.root / f"{name}.md").unlink()


EVERYWHERE: dict[str, Any] = {
    "html_copy_source": True,
    "man_pages": [("index", "m", "m", ["a"], 1)],
}
EVERYWHERE["gettext_additional_targets"] = ["literal-block", "raw"]


@pytest.mark.parametrize("builder", BUILDERS)
def test_no_byte_of_a_build_that_masked_nothing_stays(project: Project, builder: str) -> None:
    secrets = hidden_words(planted(project)[0])
    out = project.root / "out"
    project.build(builder, ovs_capture_redact=False, **EVERYWHERE)
    assert leaks(out, secrets)
    without_page(project, "pasted")
    project.build(builder, ovs_capture_redact=False, **EVERYWHERE)
    without_page(project, "files")
    built = project.build(builder, **EVERYWHERE)
    assert leaks(out, secrets) == []
    fresh = Project(project.root).build(builder, out="fresh", **EVERYWHERE)
    assert sorted(built.files) == sorted(fresh.files)
    assert project.build(builder, **EVERYWHERE).files.keys() == built.files.keys()


@pytest.mark.parametrize("builder", ["html", "json"])
def test_builders_that_share_what_was_read(project: Project, builder: str) -> None:
    """The environment is masked already when the second builder masks for the first time."""
    secrets = hidden_words(planted(project)[0])
    other = {"html": "json", "json": "html"}[builder]
    for name in (builder, other):
        project.build(name, ovs_capture_redact=False, **EVERYWHERE)
    without_page(project, "pasted")
    for name in (builder, other):
        project.build(name, **EVERYWHERE)
    assert leaks(project.root / "out", secrets) == []


def test_a_build_that_masked_nothing_and_did_not_end(project: Project) -> None:
    secrets = hidden_words(planted(project)[0])
    failing = "def setup(app):\n    app.connect('build-finished', lambda *_: 1 / 0)\n"
    project.write({"failing.py": failing, "out/html/CNAME": "docs.example\n"})
    extensions = ["myst_parser", "ovs_capture"]
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project.root))
        with pytest.raises(Exception, match="division"):
            project.build(
                "html", ovs_capture_redact=False, extensions=[*extensions, "failing"], **EVERYWHERE
            )
    assert leaks(project.root / "out", secrets)
    without_page(project, "pasted")
    built = project.build("html", extensions=extensions, **EVERYWHERE)
    assert leaks(project.root / "out", secrets) == []
    assert built.text("CNAME") == "docs.example\n"


def test_what_others_put_beside_the_pages_stays(project: Project) -> None:
    planted(project)
    project.build("html", ovs_capture_redact=False)
    others = {"out/html/CNAME": "x", "out/html/.git/HEAD": "y", "out/html/files.pdf": "z"}
    project.write(others)
    project.build("html")
    for name, text in others.items():
        assert (project.root / name).read_text() == text


@pytest.mark.parametrize("note", ["", "{", "[]", '{"files": 3}', '{"files": [], "ended": 0}'])
def test_a_note_that_was_cut(project: Project, note: str) -> None:
    planted(project)
    project.write({"out/html/mine.txt": "x"})
    project.build("html", ovs_capture_redact=False)
    (mark,) = (project.root / "out" / ".doctrees").glob("ovs-unmasked-*")
    mark.write_text(note)
    project.build("html", ovs_capture_redact=True)
    assert not mark.exists()
    assert (project.root / "out/html/mine.txt").exists()
