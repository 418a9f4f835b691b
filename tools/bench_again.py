"""What a second build of an author's site costs: 200 captures of real size (``author_site``).

The first build, one with nothing to do, and one after each of several edits, in seconds of the
processor and of the clock: each a process of its own, Python's bytecode being there. Beside it the
same pages by Sphinx without us, its edit being of a page. An edit's last column is its share of the
first build.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tools.author_site import Form, write_author_site

ROOT = Path(__file__).resolve().parent.parent


class Build(NamedTuple):
    """Seconds of the processor and of the clock, and how many pages Sphinx wrote."""

    processor: float
    clock: float
    pages: int


class Edit(NamedTuple):
    """``capture``: the end of a path; ``change``: of its text."""

    name: str
    capture: str
    change: Callable[[str], str]


def _other_counter(text: str) -> str:
    return re.sub(r"n_packets=(\d+)", lambda m: f"n_packets={int(m[1]) + 1}", text, count=1)


def _other_name(text: str) -> str:
    return re.sub(r"\beth0\b", "eth9", text)


def _other_mac(text: str) -> str:
    return re.sub(r"(link/ether (?:[0-9a-f]{2}:){5})..", r"\g<1>5e", text, count=1)


EDITS = (
    Edit(
        "a counter, cloud of 14 captures", "flat-instance-0/compute/*flows-br-mgmt*", _other_counter
    ),
    Edit("a counter, cloud of 39", "ovs-vlan-0/net1/*flows-br-int*", _other_counter),
    Edit("a name, cloud of 14", "flat-instance-0/client/ssh*", _other_name),
    Edit("a MAC, cloud of 39", "ovs-vlan-0/net1/ip-d-link*", _other_mac),
    Edit("a MAC, cloud of 63", "ovn-0/ctl/ip-d-link*", _other_mac),
)


def build(top: Path, cache: Path) -> Build:
    """Builds a site in a process of its own."""
    environment = dict(os.environ, PYTHONPYCACHEPREFIX=str(cache))
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    html = top / "html"
    paths = ["-d", str(top / "doctrees"), str(top), str(html)]
    before = time.time_ns()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "sphinx", "-Q", "-b", "html", *paths], env=environment
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "the site does not build"
    sources = {page.stem for page in top.glob("*.md")}
    written = [
        p for p in html.glob("*.html") if p.stem in sources and p.stat().st_mtime_ns > before
    ]
    return Build(usage.ru_utime + usage.ru_stime, time.perf_counter() - started, len(written))


def line(name: str, made: Build, first: Build | None = None) -> str:
    share = f"{made.processor / first.processor:8.3f}" if first else ""
    return f"  {name:34} {made.processor:7.2f} {made.clock:7.2f} {made.pages:6}{share}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--captures", type=int, default=200, help="of the generated site")
    parser.add_argument("--form", choices=[form.name for form in Form], action="append")
    options = parser.parse_args()
    forms = [form for form in Form if form.name in (options.form or [f.name for f in Form])]
    with tempfile.TemporaryDirectory() as directory:
        cache = Path(directory, "bytecode")
        for number, form in enumerate(forms):
            top = Path(directory, form.name)
            top.mkdir()
            captures = write_author_site(top, ROOT / "captures", options.captures, form)
            if number == 0:
                warm = Path(directory, "warm")
                warm.mkdir()
                write_author_site(warm, ROOT / "captures", options.captures // 4, form)
                build(warm, cache)
            pages = len(list(top.glob("*.md")))
            print(f"{form.value}: {len(captures)} captures, {pages} pages")
            print(f"  {'':34} {'CPU s':>7} {'clock s':>7} {'pages':>6}   share")
            first = build(top, cache)
            print(line("first build", first), flush=True)
            print(line("nothing to do", build(top, cache), first), flush=True)
            for edit in EDITS if form is not Form.PLAIN else ():
                (path,) = [p for p in captures if _is(p, edit.capture, form)]
                changed = edit.change(path.read_text())
                assert changed != path.read_text(), f"{edit.name}: nothing to edit in {path.name}"
                path.write_text(changed)
                print(line(edit.name, build(top, cache), first), flush=True)
            if form is Form.PLAIN:
                page = top / "flat-instance-0.md"
                page.write_text(page.read_text() + "More.\n")
                print(line("a word of a page", build(top, cache), first), flush=True)


def _is(path: Path, pattern: str, form: Form) -> bool:
    scenario, host, file = pattern.split("/")
    where = f"all/{scenario}-{host}" if form is Form.ONE else f"{scenario}/{host}"
    return path.match(f"{where}/{file}")


if __name__ == "__main__":
    main()
