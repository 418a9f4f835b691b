"""Captures whose files have names that nobody expects: in pages, in prints and on a terminal."""

import json
import os
import re
from pathlib import Path

import pytest
from lxml import etree, html

from ovs_capture import store
from ovs_capture.__main__ import main
from tests.render.conftest import Project
from tests.render.hostile import FILE_NAMES, SECRET

SHOW = b"""$ ovs-vsctl show
    Bridge br%d
        Port eth%d
            Interface eth%d
            An odd line
"""
FLOWS = (
    b"$ ovs-ofctl dump-flows br0\n"
    b" cookie=0x0, duration=1s, table=0, n_packets=1, n_bytes=9, priority=1 actions=drop\n"
)
PAGE = """# Names

```{ovs-topology} s/before
```
```{ovs-flows} s/before:br0
```
```{ovs-trace} s/before:br0
:packet: in_port=1
```
```{ovs-diff} s/before s/after
```
"""
# With tildes: no line that begins a block with backticks has others.
DIRECTIVE = """~~~{{ovs-capture}} s/before/{name}
~~~
"""


def scenario(root: Path) -> None:
    """Two hosts, in one file each a bridge of its own; a file of flows."""
    for host in ("before", "after"):
        folder = os.fsencode(root / "s" / host)
        os.makedirs(folder)
        for number, name in enumerate(FILE_NAMES):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(SHOW.replace(b"%d", str(number).encode()))
        with open(os.path.join(folder, b"flows.txt"), "wb") as file:
            file.write(FLOWS)


def typed() -> list[str]:
    """Names that an author can write behind a directive; one with a backslash is refused there."""
    texts = [os.fsdecode(name) for name in FILE_NAMES]
    return [text for text in texts if text.isprintable() and "\\" not in text]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    scenario(tmp_path / "captures")
    conf = (
        'extensions = ["myst_parser", "ovs_capture"]\nexclude_patterns = ["captures"]\n'
        'project = "test"\nhtml_copy_source = False\nshow_warning_types = True\n'
    )
    pages = PAGE + "".join(DIRECTIVE.format(name=name) for name in typed())
    project.write({"conf.py": conf, "index.md": pages, "secret": SECRET})
    return project


def test_names_are_there_to_be_read() -> None:
    assert len(typed()) >= 10


@pytest.mark.parametrize("builder", ["html", "text", "latex"])
def test_pages(project: Project, builder: str) -> None:
    built = project.build(builder)
    for name, data in built.files.items():
        assert SECRET.encode() not in data, name
    for line in built.warnings:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", line), line
    odd = [
        line for line in built.warnings if "unknown-line" not in line and "contradict" not in line
    ]
    assert odd == []
    assert len([line for line in built.warnings if "unknown-line" in line]) >= len(typed())
    if builder == "html":
        page = html.fromstring(built.text("index.html"))
        assert page.xpath("//*[@class='evil']") == []
        names = {name for element in page.iter() for name in getattr(element, "attrib", ())}
        assert [name for name in names if name.startswith("on")] == []
        assert page.xpath("//a[starts-with(@href, 'javascript:')]") == []
        assert len(page.find_class("ovs-capture")) >= len(typed())
    # Nothing has changed: nothing is read again, however a name is written in the environment.
    assert [line for line in project.build(builder).warnings if "unknown-line" in line] == []


def test_the_command(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    scenario(tmp_path)
    before, after = str(tmp_path / "s" / "before"), str(tmp_path / "s" / "after")
    runs = [
        ["check", str(tmp_path / "s")],
        ["topology", before],
        ["topology", before, "-o", str(tmp_path / "picture.svg")],
        ["flows", f"{before}:br0", "--format", "json"],
        ["pipeline", f"{before}:br0"],
        ["trace", f"{before}:br0", "in_port=1"],
        ["diff", before, after],
        ["redact", before, "-o", str(tmp_path / "safe"), "--key", "k"],
        ["parse", *(os.path.join(before, os.fsdecode(name)) for name in FILE_NAMES)],
    ]
    for arguments in runs:
        main(arguments)
        said = capfdbinary.readouterr()
        for text in (said.out.decode(), said.err.decode()):
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text), arguments
    captures = json.loads(said.out)["captures"]
    assert [one["records"][0]["name"] for one in captures] == [
        f"br{number}" for number in range(len(FILE_NAMES))
    ]
    etree.parse(tmp_path / "picture.svg")
    safe = os.listdir(os.fsencode(tmp_path / "safe"))
    assert sorted(safe) == sorted([*FILE_NAMES, b"flows.txt"])


def test_names_that_differ_only_in_what_is_no_text(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    for number in range(0x80, 0x90):
        with open(os.path.join(folder, b"a" + bytes([number]) + b".txt"), "wb") as file:
            file.write(SHOW.replace(b"%d", b"1"))
    (host,) = store.load_target(tmp_path).hosts
    assert len({capture.source.name for capture in host.captures}) == 16
