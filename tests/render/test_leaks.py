"""Secrets planted wherever an author can put a capture reach no output of any builder."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ovs_capture.knowledge import table
from tests.conftest import ROOT
from tests.render.conftest import Built, Project

ROWS = table("secrets")
BUILDERS = [
    "html",
    "dirhtml",
    "singlehtml",
    "json",
    "pickle",
    "epub",
    "text",
    "man",
    "latex",
    "texinfo",
    "gettext",
    "xml",
    "pseudoxml",
]
FLOWS = """\
$ ovs-ofctl dump-flows br-int
 cookie=0x1, duration=1.0s, table=0, n_packets=0, n_bytes=0, priority=0 actions=NORMAL
 password=%(secret)s
"""


class Plants:
    """Secrets, each of its own spelling."""

    def __init__(self) -> None:
        self.secrets: list[str] = []

    def new(self) -> str:
        self.secrets.append(f"Leak{len(self.secrets):03d}Qz7")
        return self.secrets[-1]

    def in_row(self, row: dict[str, list[str]]) -> str:
        """A line of the table of secrets with secrets of our own; shapes that spell them stay."""
        line = str(row["example"])
        for hidden in row["hidden"]:
            if hidden.startswith("hush-"):
                line = line.replace(hidden, self.new())
            else:
                self.secrets.append(hidden)
        return line


def samples() -> Iterator[tuple[str, str]]:
    """One text of every format: the first of the goldens' inputs."""
    for folder in sorted((ROOT / "tests" / "formats").iterdir()):
        for file in sorted(folder.glob("*.txt"))[:1] if folder.is_dir() else ():
            lines = file.read_text("utf-8", "replace").split("\n")[:25]
            yield folder.name, "\n".join(lines)


def planted(project: Project) -> tuple[list[str], list[str]]:
    """Secrets in files, hints and pasted captures; their spellings, and the pages' names."""
    plants = Plants()
    files: dict[str, str | bytes] = {}
    shown = []
    for name, text in samples():
        lines = text.split("\n")
        lines.insert(1, f"        password={plants.new()}")
        lines.append(f"secret: {plants.new()}")
        key = f"lab/leaky/{name}.txt"
        files[f"captures/{key}"] = "\n".join(lines) + "\n"
        shown.append(key)
    rows = [plants.in_row(row) for row in (*ROWS["key"], *ROWS["shape"])]
    command = f"$ curl --password {plants.new()} http://x"
    files["captures/lab/leaky/raw.txt"] = "\n".join((command, *rows)) + "\n"
    files["captures/lab/leaky/packed.txt.gz"] = gzip.compress(
        f"$ virsh dumpxml x\n<graphics passwd='{plants.new()}'/>\n".encode()
    )
    files["captures/lab/leaky/dump.txt"] = FLOWS % {"secret": plants.new()}
    files["captures/lab/leaky/host.toml"] = f'title = "Leaky password={plants.new()}"\n'
    files["captures/lab/scenario.toml"] = f'notes = "password={plants.new()}"\n'
    shown += ["lab/leaky/raw.txt", "lab/leaky/packed.txt.gz"]
    pages = ["files", "pasted", "rest", "graphs"]
    fence = "```{ovs-capture} %s\n%s\n```\n"
    files["files.md"] = "# Files\n\n" + "\n".join(
        fence % (key, f":view: {view}")
        for index, key in enumerate(shown)
        for view in (("annotated", "table", "raw")[index % 3],)
    )
    files["graphs.md"] = (
        "# Graphs\n\n```{ovs-topology} lab/leaky\n```\n\n```{ovs-flows} lab/leaky:br-int\n```\n\n"
        "```{ovs-flows} lab/leaky/dump.txt\n```\n\n```{ovs-pipeline} lab/leaky:br-int\n```\n"
    )
    pasted = (
        f"$ openstack --os-password {plants.new()} server show x\n| adminPass | {plants.new()} |"
    )
    files["pasted.md"] = (
        f"# Pasted\n\n```{{ovs-capture}}\n{pasted}\n```\n\n```{{ovs-capture}}\n"
        f":command: mysql --password={plants.new()} x\n\npsk: {plants.new()}\n```\n"
    )
    files["rest.rst"] = (
        f"Rest\n====\n\n.. ovs-capture::\n\n   $ nova --os-token {plants.new()} list\n"
        f"   secret = {plants.new()}\n\n.. ovs-capture::\n   :command: x --psk {plants.new()}\n\n"
        f"   token: {plants.new()}\n"
    )
    toc = "\n".join(pages)
    files["index.md"] = f"# Index\n\n```{{toctree}}\n{toc}\n```\n"
    project.write(files)
    return plants.secrets, pages


def everything(built: Built) -> Iterator[tuple[str, str]]:
    """Every file that a reader gets, unpacked where it is packed."""
    for name, data in built.files.items():
        yield name, name + data.decode("utf-8", "replace")
        if name.endswith(".epub"):
            with zipfile.ZipFile(Path(built.app.outdir) / name) as book:
                for part in book.namelist():
                    yield f"{name}/{part}", book.read(part).decode("utf-8", "replace")
        if name.endswith("objects.inv"):
            yield name, zlib.decompress(data.split(b"\n", 4)[4]).decode()


@pytest.mark.parametrize("builder", BUILDERS)
def test_no_secret_leaves(project: Project, builder: str) -> None:
    secrets, pages = planted(project)
    built = project.build(
        builder,
        html_copy_source=True,
        man_pages=[("index", "m", "m", ["a"], 1)],
        gettext_additional_targets=["literal-block", "raw"],
        epub_show_urls="no",
    )
    found = [
        (name, secret) for name, text in everything(built) for secret in secrets if secret in text
    ]
    assert found == []
    whole = "".join(text for _, text in everything(built))
    assert builder in ("gettext", "epub") or "*****" in whole
    assert not [line for line in built.warnings if any(secret in line for secret in secrets)]
    if builder == "html":
        for name in pages[:3]:
            assert any(f"_sources/{name}." in file for file in built.files)


def test_secrets_are_there_when_asked_for(project: Project) -> None:
    """The planting works: without masking the same secrets are found."""
    secrets, _ = planted(project)
    built = project.build("html", html_copy_source=True, ovs_capture_redact=False)
    whole = "".join(text for _, text in everything(built))
    assert sum(secret in whole for secret in secrets) > len(secrets) * 0.7
