"""What is read again, and that any number of jobs gives the same bytes."""

from pathlib import Path

import pytest

from tests.render.conftest import LINKS, SHOW, Project

CAPTURE = "# Page\n\n```{{ovs-capture}} {}\n```\n"


@pytest.fixture
def site(project: Project) -> Project:
    pages = {f"page{n}.md": CAPTURE.format("lab/node/ip-link.txt") for n in range(4)}
    project.write(
        {
            "index.md": "# Start\n\n```{toctree}\n:glob:\n*\n```\n",
            "other.md": CAPTURE.format("far/host/ovs-vsctl-show.txt"),
            "neighbour.md": CAPTURE.format("lab/second/ip-link.txt")
            + "\n```{ovs-topology} lab\n```\n",
            "captures/far/host/ovs-vsctl-show.txt": SHOW,
            "captures/lab/second/ip-link.txt": LINKS + "a log line\n",
            **pages,
        }
    )
    return project


def read_again(project: Project) -> list[str]:
    """Pages that the next build reads."""
    built = project.build(extensions=["myst_parser", "ovs_capture", "reading_probe"])
    return sorted((Path(built.app.outdir) / "read.txt").read_text().split())


PROBE = """\
from pathlib import Path

def setup(app):
    seen = []
    app.connect("source-read", lambda app, doc, text: seen.append(doc))
    done = lambda app, error: Path(app.outdir, "read.txt").write_text(" ".join(seen))
    app.connect("build-finished", done)
    return {"parallel_read_safe": False}
"""


@pytest.fixture
def probed(site: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    site.write({"reading_probe.py": PROBE})
    monkeypatch.syspath_prepend(str(site.root))
    read_again(site)
    return site


def test_nothing_changed(probed: Project) -> None:
    assert read_again(probed) == []


def test_a_changed_capture(probed: Project) -> None:
    probed.write({"captures/far/host/ovs-vsctl-show.txt": SHOW + "\n"})
    assert read_again(probed) == ["other"]
    probed.write({"captures/lab/node/ip-link.txt": LINKS + "\n"})
    assert read_again(probed) == ["neighbour", "page0", "page1", "page2", "page3"]


def test_a_new_and_a_removed_capture(probed: Project) -> None:
    probed.write({"captures/far/host/ip-link.txt": LINKS})
    assert read_again(probed) == ["other"]
    (probed.root / "captures/far/host/ip-link.txt").unlink()
    assert read_again(probed) == ["other"]
    probed.write({"captures/far/host/host.toml": 'title = "Far"\n'})
    assert read_again(probed) == ["other"]


def test_a_missing_capture_that_appears(probed: Project) -> None:
    probed.write({"page0.md": CAPTURE.format("new/host/ip-link.txt")})
    assert "page0" in read_again(probed)
    assert read_again(probed) == []
    probed.write({"captures/new/host/ip-link.txt": LINKS})
    assert read_again(probed) == ["page0"]


def test_a_link_follows_what_moved(site: Project) -> None:
    site.build()
    site.write({"page0.md": "# Page\n"})
    again = site.build()
    fresh = site.build(out="fresh")
    for name, data in fresh.files.items():
        assert again.files[name].splitlines() == data.splitlines(), name


def test_jobs(site: Project) -> None:
    one, two = site.build(out="one"), site.build(out="two", jobs=2)
    assert one.warnings == two.warnings
    assert len(one.warnings) == 1
    assert one.files.keys() == two.files.keys()
    differing = [name for name in one.files if one.files[name] != two.files[name]]
    assert differing == []
