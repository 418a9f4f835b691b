"""Objects are set aside from Python's collector while pages are written, and only then."""

import gc
import logging
import os
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from ovs_capture.render.builds.collector import loading
from tests.render.conftest import Project

PROBE = """\
import gc
from pathlib import Path

def setup(app):
    def look(app, *page):
        Path(app.outdir, "aside.txt").write_text(str(gc.get_freeze_count()))
    app.connect("html-page-context", look)
    return {"parallel_read_safe": True}
"""

UNTIDY = """\
class Untidy:
    def __init__(self, app, path):
        self.app, self.path = app, path
        app.untidy = self

    def __del__(self, write=open):
        with write(self.path, "w") as file:
            file.write("finalised")

def setup(app):
    Untidy(app, "WRITTEN")
"""


@pytest.fixture
def probed(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    project.write({"collector_probe.py": PROBE})
    monkeypatch.syspath_prepend(str(project.root))
    return project


def aside_in_a_build(project: Project) -> int:
    """How many objects are set aside while a page is written."""
    built = project.build(extensions=["myst_parser", "ovs_capture", "collector_probe"])
    return int(built.text("aside.txt"))


def test_what_was_read_is_set_aside_while_pages_are_written(probed: Project) -> None:
    before = gc.get_freeze_count()
    assert aside_in_a_build(probed) > before
    assert gc.get_freeze_count() == before


def test_what_another_set_aside_stays_so(probed: Project) -> None:
    gc.freeze()
    try:
        others = gc.get_freeze_count()
        assert 0 < aside_in_a_build(probed) <= others
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_a_build_that_fails_takes_its_objects_back(
    probed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = gc.get_freeze_count()
    probed.write({"fails.py": PROBE.replace('"aside.txt"', '"no/such/directory/file"')})
    with pytest.raises(Exception, match="no/such"):
        probed.build(extensions=["myst_parser", "ovs_capture", "fails"])
    assert gc.get_freeze_count() == before


def test_what_an_app_holds_is_finalised_as_the_process_ends(
    project: Project, tmp_path: Path
) -> None:
    written = tmp_path / "written.txt"
    (tmp_path / "more" / "untidy.py").parent.mkdir()
    (tmp_path / "more" / "untidy.py").write_text(UNTIDY.replace("WRITTEN", str(written)))
    extensions = "extensions=myst_parser,ovs_capture,untidy"
    command = [sys.executable, "-m", "sphinx", "-Q", "-b", "html", "-D", extensions]
    more = os.pathsep.join((str(tmp_path / "more"), *sys.path))
    subprocess.run(
        [*command, str(project.root), str(tmp_path / "html")],
        check=True,
        env={**os.environ, "PYTHONPATH": more},
    )
    assert written.read_text() == "finalised"


def test_nothing_holds_an_application_after_its_build(project: Project) -> None:
    """Programs that build many sites would grow with each."""
    application = weakref.ref(project.build().app)
    logging.getLogger("sphinx").handlers.clear()  # as Sphinx does for its next application
    gc.collect()
    assert application() is None


LAST = """\
import atexit, gc

def setup(app):
    pass

# Registered before ours, and so called after it.
atexit.register(lambda: print("set aside:", gc.get_freeze_count() > 10_000))
"""


def test_the_process_ends_with_one_search(project: Project) -> None:
    project.write({"last.py": LAST})
    extensions = "extensions=last,myst_parser,ovs_capture"
    command = [sys.executable, "-m", "sphinx", "-Q", "-b", "html", "-D", extensions]
    path = os.pathsep.join((str(project.root), *sys.path))
    ended = subprocess.run(
        [*command, str(project.root), str(project.root / "html")],
        check=True,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert ended.stdout == "set aside: True\n"


def test_modules_load_without_a_search() -> None:
    searches: list[str] = []

    def count(phase: str, told: dict[str, int]) -> None:
        searches.append(phase)

    gc.callbacks.append(count)
    try:
        with loading():
            made = [[number] for number in range(100_000)]
            during = list(searches)
    finally:
        gc.callbacks.remove(count)
    assert during == []
    assert gc.isenabled()
    assert len(made) == 100_000
