"""Small Sphinx projects, built in a directory of the test."""

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

CONF = """\
extensions = ["myst_parser", "ovs_capture"]
exclude_patterns = ["captures"]
project = "test"
html_copy_source = False
show_warning_types = True
"""

LINKS = """\
$ ip -d link show
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00 promiscuity 0
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP mode DEFAULT
    link/ether 00:15:5d:bf:ba:50 brd ff:ff:ff:ff:ff:ff promiscuity 0
"""

SHOW = """\
$ ovs-vsctl show
698493db-95ef-4c31-b419-56b3d4096f2b
    Bridge br-int
        Port br-int
            Interface br-int
                type: internal
        Port eth0
            Interface eth0
    ovs_version: "3.3.1"
"""


@dataclass
class Built:
    """A finished build: where, and what it warned of, with paths relative to the project."""

    app: Sphinx
    warnings: list[str]

    def text(self, name: str) -> str:
        return (Path(self.app.outdir) / name).read_text("utf-8")

    @property
    def files(self) -> dict[str, bytes]:
        """Everything that a reader gets, by name."""
        out = Path(self.app.outdir)
        return {
            path.relative_to(out).as_posix(): path.read_bytes()
            for path in sorted(out.rglob("*"))
            if path.is_file() and ".doctrees" not in path.parts and path.name != ".buildinfo"
        }


@dataclass
class Project:
    """A Sphinx project on disk."""

    root: Path

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode() if isinstance(content, str) else content
            path.write_bytes(data)

    def build(
        self, builder: str = "html", *, jobs: int = 1, out: str = "out", **config: Any
    ) -> Built:
        """Build; unchanged pages are not read again."""
        warnings = io.StringIO()
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                self.root,
                self.root,
                self.root / out / builder,
                self.root / out / ".doctrees",
                builder,
                confoverrides=config,
                status=None,
                warning=warnings,
                parallel=jobs,
            )
            app.build()
        said = warnings.getvalue().replace(f"{self.root}/", "")
        return Built(app, [_plain(line) for line in said.splitlines() if line.strip()])


def _plain(line: str) -> str:
    """A line without the colours of the terminal."""
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with one host and an empty page."""
    made = Project(tmp_path)
    made.write(
        {
            "conf.py": CONF,
            "index.md": "# Page\n",
            "captures/lab/node/ip-link.txt": LINKS,
            "captures/lab/node/ovs-vsctl-show.txt": SHOW,
            "captures/lab/node/host.toml": 'title = "Node"\n',
        }
    )
    return made


@pytest.fixture
def page(project: Project) -> Callable[..., Built]:
    """Build the project with this text as its page."""

    def build(text: str, builder: str = "html", *, suffix: str = "md", **config: Any) -> Built:
        for old in project.root.glob("index.*"):
            old.unlink()
        project.write({f"index.{suffix}": text})
        return project.build(builder, **config)

    return build
