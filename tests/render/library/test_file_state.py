"""What is read again when a capture changes, and that it makes the pages of a new build."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ovs_capture.render.library.captures import library
from ovs_capture.render.library.file_state import mean_otherwise, state_of
from tests.conftest import ROOT
from tests.render.conftest import Built, Project

FLAT = "captures/flat-instance"
FLOWS = f"{FLAT}/compute/ovs-ofctl-dump-flows-br-provider.txt"
BR_INT = f"{FLAT}/compute/ovs-ofctl-dump-flows-br-int.txt"
LINK = f"{FLAT}/compute/ip-d-link-show.txt"
DUMPXML = f"{FLAT}/compute/virsh-dumpxml.txt"
LEASES = f"{FLAT}/controller/dnsmasq-leases.txt"
TRACE = """\
# Way

```{ovs-trace} flat-instance/compute:br-int
:packet: in_port=1,udp
```
"""


@pytest.fixture
def site(project: Project) -> Project:
    """A page for each capture of a cloud, and one of each kind that is made of them together."""
    shutil.copytree(ROOT / FLAT, project.root / FLAT)
    pages = {}
    for file in sorted((project.root / FLAT).glob("*/*.txt")):
        key = file.relative_to(project.root / "captures").as_posix()
        pages[f"{page_of(key)}.md"] = f"# {file.name}\n\n```{{ovs-capture}} {key}\n```\n"
    project.write(
        {
            **pages,
            "index.md": "# Start\n\n```{toctree}\n:glob:\n*\n```\n",
            "picture.md": "# Picture\n\n```{ovs-topology} flat-instance\n```\n",
            "flows-int.md": "# Flows\n\n```{ovs-flows} flat-instance/compute:br-int\n```\n",
            "flows-provider.md": f"# Flows\n\n```{{ovs-flows}} {FLOWS.partition('/')[2]}\n```\n",
            "graph.md": "# Graph\n\n```{ovs-pipeline} flat-instance/compute:br-int\n```\n",
            "way.md": TRACE,
            "other.md": "# Other\n\n```{ovs-capture} lab/node/ip-link.txt\n```\n",
        }
    )
    return project


def page_of(capture: str) -> str:
    host, name = capture.removeprefix("captures/").split("/")[1:]
    return f"{host}-{name.removesuffix('.txt')}"


def pages_read(built: Built) -> set[str]:
    return set(library(built.app.env).pages_read)


def of_cloud(site: Project) -> set[str]:
    """Every page of the cloud."""
    return {page.stem for page in site.root.glob("*.md")} - {"index", "other"}


def edit(site: Project, file: str, change: Callable[[str], str]) -> None:
    path = site.root / file
    text = path.read_text()
    changed = change(text)
    assert changed != text
    path.write_text(changed)


def more_packets(text: str) -> str:
    return re.sub(r"n_packets=(\d+)", lambda match: f"n_packets={int(match[1]) + 1000}", text)


def same(built: Built, fresh: Built) -> None:
    """The same files with the same bytes."""
    assert built.files.keys() == fresh.files.keys()
    for name, data in fresh.files.items():
        if name == "searchindex.js":
            assert words_found(built) == words_found(fresh)
        else:
            assert built.files[name] == data, name


def words_found(built: Built) -> dict[str, Any]:
    """The index of the search. A word that no page has any more stays in Sphinx's own."""
    (text,) = re.findall(r"Search\.setIndex\((.*)\)", built.text("searchindex.js"), re.DOTALL)
    index: dict[str, Any] = json.loads(text)
    for part in ("terms", "titleterms"):
        index[part] = {word: pages for word, pages in index[part].items() if pages != []}
    return index


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_counter(site: Project, jobs: int) -> None:
    """Only what shows it: the capture's page, and its flows where it is the one explained."""
    site.build(jobs=jobs)
    assert pages_read(site.build(jobs=jobs)) == set()
    edit(site, FLOWS, more_packets)
    built = site.build(jobs=jobs)
    assert pages_read(built) == {page_of(FLOWS), "flows-provider", "way"}
    same(built, site.build(out="fresh"))
    edit(site, BR_INT, more_packets)
    built = site.build(jobs=jobs)
    assert pages_read(built) == {page_of(BR_INT), "flows-int", "graph", "way"}
    same(built, site.build(out="fresh2"))
    assert pages_read(site.build(jobs=jobs)) == set()


def test_a_name_that_others_join(site: Project) -> None:
    site.build()
    edit(site, DUMPXML, lambda text: text.replace("tap635485ff-6c", "tap00000000-6c"))
    built = site.build()
    assert pages_read(built) == of_cloud(site)
    same(built, site.build(out="fresh"))


def test_a_mac(site: Project) -> None:
    site.build()
    before = site.build(out="before").files
    edit(site, LEASES, lambda text: text.replace("fa:16:3e:55:2a:5d", "fa:16:3e:55:2a:5e"))
    built = site.build()
    after = site.build(out="fresh")
    same(built, after)
    # It is told on pages that do not show the file: had they stayed, they would be wrong.
    pages = [f"{page}.html" for page in of_cloud(site) - {page_of(LEASES)}]
    assert any(before[page] != after.files[page] for page in pages)
    assert "other" not in pages_read(built)


def test_a_file_that_goes_and_comes(site: Project) -> None:
    site.build()
    text = (site.root / LEASES).read_text()
    (site.root / LEASES).unlink()
    built = site.build()
    assert pages_read(built) == of_cloud(site)
    same(built, site.build(out="fresh"))
    site.write({LEASES: text})
    built = site.build()
    assert pages_read(built) == of_cloud(site)
    same(built, site.build(out="fresh2"))


def test_a_hint(site: Project) -> None:
    site.build()
    edit(site, f"{FLAT}/compute/host.toml", lambda text: text.replace("Compute", "Hypervisor"))
    built = site.build()
    assert pages_read(built) == of_cloud(site)
    same(built, site.build(out="fresh"))


def test_a_hint_that_comes(site: Project) -> None:
    """No page asks for a title: it uses the one that is there."""
    hint = site.root / FLAT / "controller" / "host.toml"
    text = hint.read_text()
    hint.unlink()
    site.build()
    hint.write_text(text)
    built = site.build()
    assert pages_read(built) == of_cloud(site)
    same(built, site.build(out="fresh"))


def test_a_capture_that_comes_to_the_host_of_flows(site: Project) -> None:
    """Flows are explained by all captures of their host: by its groups."""
    dump = site.root / BR_INT
    text = dump.read_text()
    site.write({BR_INT: text.replace("actions=resubmit(,60)", "actions=group:1")})
    assert "group:1" in dump.read_text()
    site.build()
    groups = "$ ovs-ofctl dump-groups br-int\n group_id=1,type=all,bucket=actions=output:1\n"
    site.write({f"{FLAT}/compute/ovs-ofctl-dump-groups-br-int.txt": groups})
    built = site.build()
    assert {"flows-int", "flows-provider", "graph"} <= pages_read(built)
    same(built, site.build(out="fresh"))


def test_a_capture_that_was_awaited(site: Project) -> None:
    """Also on a page that shows another one of its host."""
    missing = "flat-instance/compute/ip-neigh.txt"
    shown = LINK.removeprefix("captures/")
    site.write({"two.md": f"# Two\n\n```{{ovs-capture}} {shown}\n```\n\n"})
    with (site.root / "two.md").open("a") as page:
        page.write(f"```{{ovs-capture}} {missing}\n```\n")
    assert any("not-found" in line for line in site.build().warnings)
    site.write({f"captures/{missing}": "$ ip neigh\n10.0.0.1 dev eth0 FAILED\n"})
    built = site.build()
    assert "two" in pages_read(built)
    assert not any("not-found" in line for line in built.warnings)
    same(built, site.build(out="fresh"))


def test_a_file_written_again_as_it_was(site: Project) -> None:
    """A check-out gives every file another time: the picture is no other for it."""
    site.build()
    for file in (LINK, f"{FLAT}/compute/host.toml"):
        os.utime(site.root / file, (2_000_000_000, 2_000_000_000))
    assert pages_read(site.build()) == {page_of(LINK), "way"}


def test_an_edit_after_a_counter(site: Project) -> None:
    """Pages that stayed when a counter changed are read again when more does."""
    site.build()
    edit(site, BR_INT, more_packets)
    site.build()
    edit(site, BR_INT, lambda text: text.replace("mod_vlan_vid:1", "mod_vlan_vid:7"))
    built = site.build()
    assert pages_read(built) > {page_of(BR_INT), "flows-int", "graph", "way", "picture"}
    same(built, site.build(out="fresh"))


def test_a_build_with_nothing_to_do_writes_what_sphinx_writes(site: Project) -> None:
    site.build()
    out = site.root / "out"

    def times() -> dict[str, int]:
        files = (path for path in out.rglob("*") if path.is_file())
        return {path.relative_to(out).as_posix(): path.stat().st_mtime_ns for path in files}

    before = times()
    site.build()
    again = {name for name, time in times().items() if before.get(name) != time}
    assert again <= {
        # Sphinx makes its indices, lists and static files in every build; ours is one of them.
        *(f"html/{name}" for name in ("genindex.html", "search.html", "ovs-index.html")),
        *(f"html/{name}" for name in ("objects.inv", "searchindex.js", ".buildinfo")),
        *(name for name in again if name.startswith("html/_static/")),
    }


@pytest.mark.parametrize("data", [b"", b"$ ip link\n", b"\xff\xfe", b"\x1f\x8bdamaged"])
def test_states(tmp_path: Path, data: bytes) -> None:
    for name in ("a.txt", "a.txt.gz"):
        path = tmp_path / name
        path.write_bytes(data)
        state = state_of(name, tmp_path)
        assert not mean_otherwise(str(tmp_path), (state,))
        os.utime(path, (1, 1))
        assert not mean_otherwise(str(tmp_path), (state,))


def test_a_state_of_what_is_not_there(tmp_path: Path) -> None:
    absent = state_of("a.txt", tmp_path)
    assert absent.stamp is None
    assert not mean_otherwise(str(tmp_path), (absent,))
    (tmp_path / "a.txt").write_text("$ ip link\n")
    assert mean_otherwise(str(tmp_path), (absent,))
    there = state_of("a.txt", tmp_path)
    (tmp_path / "a.txt").unlink()
    assert mean_otherwise(str(tmp_path), (absent, there))
