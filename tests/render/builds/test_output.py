"""Builds that end in the middle, captures that change in one, and places that take no file."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ovs_capture.render.builds.output import (
    NotWritten,
    write_output,
)
from tests.render.conftest import LINKS, Project
from tests.test_writing import room_for

# Does at an event what the file of that name in the project says.
PROBE = """\
from pathlib import Path

def setup(app):
    for event in ("doctree-read", "env-updated", "html-page-context"):
        def act(*_, event=event):
            file = Path(app.srcdir, event)
            if file.exists():
                exec(file.read_text(), {"root": Path(app.srcdir)})
        app.connect(event, act)
    return {"parallel_read_safe": True}
"""
CAPTURE = "captures/lab/node/ip-link.txt"
OTHER = LINKS.replace("mtu 1500", "mtu 1442")


@pytest.fixture
def site(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    page = "# Page\n\n```{ovs-capture} lab/node/ip-link.txt\n```\n"
    project.write({"index.md": page, "acting.py": PROBE, CAPTURE: LINKS})
    monkeypatch.syspath_prepend(str(project.root))
    return project


def build(site: Project, builder: str = "html") -> str:
    built = site.build(builder, extensions=["myst_parser", "ovs_capture", "acting"])
    return built.text("index.html") + "\n".join(built.warnings)


def test_a_build_that_was_interrupted_while_it_wrote(site: Project) -> None:
    assert "1442" not in build(site)
    site.write({CAPTURE: OTHER, "html-page-context": "raise KeyboardInterrupt"})
    with pytest.raises(KeyboardInterrupt):
        build(site)
    (site.root / "html-page-context").unlink()
    assert "1442" in build(site)


def test_a_build_that_failed_while_it_wrote(site: Project) -> None:
    build(site)
    site.write({CAPTURE: OTHER, "html-page-context": "raise ValueError('no')"})
    with pytest.raises(Exception, match="no"):
        build(site)
    (site.root / "html-page-context").unlink()
    assert "1442" in build(site)


@pytest.mark.parametrize("event", ["doctree-read", "env-updated"])
def test_a_capture_that_changes_during_the_build(site: Project, event: str) -> None:
    site.write({event: f"(root / {CAPTURE!r}).write_text({OTHER!r})"})
    assert "1442" not in build(site)
    (site.root / event).unlink()
    assert "1442" in build(site)


@pytest.mark.parametrize("event", ["doctree-read", "env-updated"])
def test_a_capture_that_goes_away_during_the_build(site: Project, event: str) -> None:
    site.write({event: f"(root / {CAPTURE!r}).unlink(missing_ok=True)"})
    assert "mtu" in build(site)
    (site.root / event).unlink()
    assert "not-found" in build(site)


def no_root(captures: Path) -> None:
    shutil.rmtree(captures)


def a_file_as_root(captures: Path) -> None:
    shutil.rmtree(captures)
    captures.write_bytes(b"")


def a_directory_as_capture(captures: Path) -> None:
    (captures / "lab/node/ip-link.txt").unlink()
    (captures / "lab/node/ip-link.txt").mkdir()


def a_link_to_nowhere(captures: Path) -> None:
    (captures / "lab/node/ip-link.txt").unlink()
    (captures / "lab/node/ip-link.txt").symlink_to("nowhere")


def a_link_to_itself(captures: Path) -> None:
    (captures / "lab/node/ip-link.txt").unlink()
    (captures / "lab/node/ip-link.txt").symlink_to("ip-link.txt")


@pytest.mark.parametrize(
    "done", [no_root, a_file_as_root, a_directory_as_capture, a_link_to_nowhere, a_link_to_itself]
)
def test_a_tree_that_is_not_as_it_should_be(site: Project, done: Callable[[Path], None]) -> None:
    """One warning at the directive, and the build goes on."""
    done(site.root / "captures")
    built = site.build()
    (warning,) = [line for line in built.warnings if "ip-link" in line]
    assert warning.startswith("index.md:3: ")


def test_a_place_that_takes_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotWritten, match=r"cannot write .*/file/a: "):
        write_output(tmp_path / "file" / "a", b"")
    with room_for(10), pytest.raises(NotWritten, match=r"cannot write .*/a: File too large"):
        write_output(tmp_path / "a", b"x" * 1000)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
