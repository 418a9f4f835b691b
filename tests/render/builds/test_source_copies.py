"""Secrets of pasted captures are masked before a source is copied, whenever the build ends."""

import os
import signal
import subprocess
import sys

import pytest

from ovs_capture.redaction.masking import masked_lines
from ovs_capture.render.builds.source_copies import captured_lines
from tests.conftest import ROOT
from tests.render.conftest import Project

SECRETS = [f"Leak{number}Qz7" for number in range(6)]
PASTED = """\
# Pasted

```{{ovs-capture}}
$ openstack --os-password {0} server show x
| adminPass | {1} |
```

Words of the page.

```{{ovs-capture}}
:command: mysql --password={2} x

psk: {3}
```
"""
REST = "Rest\n====\n\n.. ovs-capture::\n\n   $ nova --os-token {0} list\n   secret = {1}\n"
# Each time that a file is opened to be written: `MOMENT` says which time ends the build, or,
# "every", that it looks whether a secret has been written before.
PROBE = """\
import os, signal, sys
from pathlib import Path

def setup(app):
    places = (str(app.outdir), str(app.doctreedir))
    moment, builder, times = os.environ["MOMENT"], os.getpid(), 0

    def look(*_):
        for place in places:
            for file in Path(place).rglob("*"):
                if file.is_file() and b"Leak" in file.read_bytes():
                    print(file, "holds a secret", file=sys.stderr)
                    os.kill(builder, signal.SIGTERM)

    def opened(event, arguments):
        nonlocal times
        if event != "open" or not str(arguments[0]).startswith(places):
            return
        if arguments[1] is not None and not set("wxa+") & set(arguments[1]):
            return
        if moment == "every":
            look()
        else:
            times += 1
            if times == int(moment):
                os.kill(builder, signal.SIGKILL)

    sys.addaudithook(opened)
    if moment == "every":
        app.connect("build-finished", look, priority=1000)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
"""


@pytest.fixture
def site(project: Project) -> Project:
    pages = {f"page{number}.md": f"# Page {number}\n" for number in range(6)}
    pages["index.md"] = "# Index\n\n```{toctree}\n:glob:\n*\n```\n"
    pages["pasted.md"] = PASTED.format(*SECRETS)
    pages["rest.rst"] = REST.format(*SECRETS[4:])
    project.write({**pages, "probe.py": PROBE})
    return project


def run(site: Project, moment: str, *options: str) -> int:
    """Build in a process of its own; the status with which it ends."""
    command = [
        *(sys.executable, "-m", "sphinx", "-q", "-b", "html", *options),
        *("-D", "html_copy_source=1", "-D", "extensions=myst_parser,ovs_capture,probe"),
        *(str(site.root), str(site.root / "out")),
    ]
    paths = os.pathsep.join((str(site.root), str(ROOT / "ext")))
    environment = {**os.environ, "MOMENT": moment, "PYTHONPATH": paths}
    return subprocess.run(command, check=False, env=environment, timeout=300).returncode


def leaks(site: Project) -> list[tuple[str, str]]:
    """The secrets in whatever lies in the output directory, doctrees as well."""
    files = sorted(path for path in (site.root / "out").rglob("*") if path.is_file())
    texts = [(path.name, path.read_bytes()) for path in files]
    return [(name, one) for name, data in texts for one in SECRETS if one.encode() in data]


def test_at_every_moment(site: Project) -> None:
    assert run(site, "every") == 0
    copy = (site.root / "out" / "_sources" / "pasted.md.txt").read_text()
    hidden = ["*" * len(one) if one in PASTED.format(*SECRETS) else one for one in SECRETS]
    assert copy == PASTED.format(*hidden)
    assert (site.root / "out" / "_sources" / "page1.md.txt").read_text() == "# Page 1\n"
    assert leaks(site) == []


def test_a_build_that_is_killed(site: Project) -> None:
    """In one directory, so that a build also begins with what another one left."""
    ended = []
    for moment in (10, 18, 26, 30, 34):
        ended.append(run(site, str(moment)))
        assert leaks(site) == []
    assert ended.count(-signal.SIGKILL) >= 3
    assert run(site, "0") == 0
    assert leaks(site) == []


def test_the_test_sees_a_copy(site: Project) -> None:
    assert run(site, "every", "-D", "ovs_capture_redact=0") == -signal.SIGTERM
    assert run(site, "0", "-D", "ovs_capture_redact=0") == 0
    assert [("pasted.md.txt", one) for one in SECRETS[:4]] == [
        leak for leak in leaks(site) if leak[0] == "pasted.md.txt"
    ]


def test_two_processes(site: Project) -> None:
    assert run(site, "0", "-j", "2") == 0
    assert (site.root / "out" / "_sources" / "pasted.md.txt").is_file()
    assert leaks(site) == []


def test_builders_that_copy_in_their_own_way(site: Project) -> None:
    """A source with secrets is not copied: nothing tells them to copy another text."""
    site.build("json", html_copy_source=True, ovs_capture_redact=False)
    built = site.build("json", html_copy_source=True)
    assert "_sources/page1.md.txt" in built.files
    assert "_sources/pasted.md.txt" not in built.files
    assert '"sourcename": ""' in built.text("pasted.fjson")
    assert not [line for line in built.warnings if "_sources" in line]
    texts = [data for name, data in built.files.items() if name != "environment.pickle"]
    assert not [one for one in SECRETS if any(one.encode() in text for text in texts)]


# Directives of ours that do not run. Words of the page stay as they are, whatever they look like.
NOT_RUN = {
    "an unknown option": (
        "```{ovs-capture}\n:comand: x\n\npsk: Leak0\n```\n",
        ".. ovs-capture::\n   :comand: x\n\n   psk: Leak0\n",
    ),
    "a name spelt wrong": (
        "```{ovs-captur}\npsk: Leak0\n```\n",
        ".. ovs-captur::\n\n   psk: Leak0\n",
    ),
    "a directive spelt as a comment": (
        "```{ovs-capture\npsk: Leak0\n```\n",
        ".. ovs-capture:\n\n   psk: Leak0\n",
    ),
    "inside an unknown directive": (
        "````{nothing}\n```{ovs-capture}\npsk: Leak0\n```\n````\n",
        ".. nothing::\n\n   .. ovs-capture::\n\n      psk: Leak0\n\n",
    ),
    "inside a comment": (
        "% ```{ovs-capture}\n% psk: Leak0\n% ```\n",
        "..\n   .. ovs-capture::\n\n      psk: Leak0\n",
    ),
    "inside a list": (
        "- ```{ovs-capture}\n  psk: Leak0\n  ```\n",
        "- .. ovs-capture::\n\n     psk: Leak0\n",
    ),
    "in an option": (
        "```{ovs-capture}\n:command: mysql --password=Leak0 x\n:nothing:\n```\n",
        ".. ovs-capture::\n   :command: mysql --password=Leak0 x\n   :nothing:\n",
    ),
    "that nothing ends": (
        ":::{ovs-capture}\npsk: Leak0\n",
        ".. ovs-capture::\n\n   psk: Leak0",
    ),
}
PROSE = "\nWords. psk: visible\n"


@pytest.mark.parametrize("name", NOT_RUN)
def test_directives_that_do_not_run(project: Project, name: str) -> None:
    myst, rest = NOT_RUN[name]
    after = PROSE if name != "that nothing ends" else ""
    pages = {"index.md": f"# Index\n{PROSE}\n{myst}{after}"}
    pages["rest.rst"] = f"Rest\n====\n{PROSE}\n{rest}{after}"
    project.write(pages)
    built = project.build(html_copy_source=True)
    for page, text in pages.items():
        assert built.text(f"_sources/{page}.txt") == text.replace("Leak0", "*****")


def test_blocks_of_any_name_where_blocks_are_annotated() -> None:
    """Of existing pages: a block has a command of ours, or it is words of the page."""
    block = "```{consol}\n$ ovs-vsctl show\n    psk: Leak0\n```\n"
    rest = ".. code-blok:: text\n\n   $ ovs-vsctl show\n   psk: Leak0\n\nend\n"
    words = "```ini\npsk: visible\n```\n"
    text = block + rest + words
    assert list(captured_lines(text, auto=True)) == [(1, 3), (5, 9)]
    assert list(captured_lines(text, auto=False)) == []
    assert masked_lines(text, captured_lines(text, auto=True)) == text.replace("Leak0", "*****")
