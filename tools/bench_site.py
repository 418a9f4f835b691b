"""How long a site of existing pages takes with ``ovs_capture_auto``, beside the site without us.

The site is generated: pages of Japanese MyST in the manner of the manual's first seed, 800 commands
with their output on 75 pages, from the captures of the repository and, where it is there, of the
laboratory (``OVS_CAPTURE_SHARED``). A page tells of one or two hosts under headings; a command
stands in a block of its own, sometimes with its prompt, sometimes in one block with its output,
sometimes in an admonition or a list; long outputs are cut with ``(...)``.

Both are built from nothing, each in a process of its own, in turns; the best turn counts, in
seconds of the processor. Then the text of every block of every page is compared: it must be the
same.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from ovs_capture.formats.transcript import split
from ovs_capture.source import Source, decode
from ovs_capture.store import read_text

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("OVS_CAPTURE_SHARED") or ROOT.parent / "shared")
# Beyond this many lines an author cuts.
LONGEST = 90
BUILD = """
import resource, sys
from sphinx.cmd.build import build_main
status = build_main(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
sys.exit(status)
"""
CONF = """\
project = "OpenStack"
language = "ja"
extensions = ["myst_parser"{more}]
html_theme = "{theme}"
"""
OURS = "ovs_capture_auto = True\novs_capture_redact = False\n"
NODES = ("コントローラーノード", "Compute Node", "ネットワークノード", "Compute Node 2")
WORDS = (
    "{what}を確認する。",
    "次のコマンドで{what}を表示する。",
    "{what}が追加されていることを確認する。",
    "ここでは{what}を見る。他の値は環境により異なる。",
)
THINGS = ("デバイス", "ブリッジ", "フローのエントリ", "ルーティングテーブル", "ポート", "名前空間")


class Pair(NamedTuple):
    """A command and what it printed, of one host."""

    host: str
    command: str
    output: str


def pairs() -> Iterator[Pair]:
    """Every capture at hand, host by host."""
    folders = [ROOT / "captures", SHARED / "lab" / "captures"]
    for folder in folders:
        for file in sorted((*folder.rglob("*.txt"), *folder.rglob("*.txt.gz"))):
            text = decode(read_text(file).encode("utf-8", "surrogateescape"))
            if len(text) > 200_000:
                continue
            for piece in split(Source(file.name, text), lambda command: True):
                output = piece.source.window.strip("\n")
                if piece.command and output and "```" not in output:
                    yield Pair(str(file.parent), piece.command.text, cut(output))


def cut(output: str) -> str:
    lines = output.split("\n")
    if len(lines) > LONGEST:
        lines = [*lines[: LONGEST - 10], "(...)", *lines[-10:]]
    return "\n".join(lines)


def blocks(pair: Pair, chance: random.Random) -> Iterator[str]:
    """A pair as an author writes it."""
    yield chance.choice(WORDS).format(what=chance.choice(THINGS)) + "\n"
    form = chance.random()
    if form < 0.75:
        yield f"```sh\n{pair.command}\n```\n"
        if form > 0.68:
            yield "次のように表示される。\n"
        yield f"```text\n{pair.output}\n```\n"
    elif form < 0.85:
        yield f"```console\n$ {pair.command}\n{pair.output}\n```\n"
    elif form < 0.93:
        inner = f"```sh\n{pair.command}\n```\n\n```text\n{pair.output}\n```\n"
        yield "* 確認\n\n" + re.sub("^(?=.)", "  ", inner, flags=re.MULTILINE)
    else:
        yield (
            f"````{{note}}\n参考として示す。\n\n```sh\n{pair.command}\n```\n\n"
            f"```text\n{pair.output}\n```\n````\n"
        )


def site(folder: Path, pages: int, count: int) -> int:
    """Write the pages; returns how many pairs they hold."""
    chance = random.Random(7)
    by_host: dict[str, list[Pair]] = {}
    for pair in pairs():
        by_host.setdefault(pair.host, []).append(pair)
    hosts = sorted(by_host)
    written = 0
    names = []
    for page in range(pages):
        share = (count * (page + 1)) // pages - (count * page) // pages
        lines = [f"# ネットワーク構成の確認 {page + 1}\n", "構成を変更した後の状態を確認する。\n"]
        chosen = [hosts[(page + n) % len(hosts)] for n in range(1 + page % 2)]
        for number, host in enumerate(chosen):
            of_host = by_host[host]
            part = share // len(chosen) + (number < share % len(chosen))
            if len(chosen) > 1:
                lines.append(f"## {NODES[number + 2 * (page // 2 % 2)]}\n")
            start = chance.randrange(len(of_host))
            for index in range(part):
                pair = of_host[(start + index) % len(of_host)]
                if index % 4 == 0:
                    level = "##" if len(chosen) == 1 else "###"
                    lines.append(f"{level} {THINGS[(index // 4 + page) % len(THINGS)]}\n")
                lines += blocks(pair, chance)
                written += 1
        if page % 10 == 0:
            lines.append("```{code-block} python\nprint('ovs-vsctl show')\n```\n")
        name = f"page{page + 1:02}"
        names.append(name)
        (folder / f"{name}.md").write_text("\n".join(lines), "utf-8", "surrogateescape")
    toctree = "\n".join(["# OpenStack\n", "```{toctree}", *names, "```", ""])
    (folder / "index.md").write_text(toctree, "utf-8")
    return written


def build(source: Path, out: Path, *, ours: bool, jobs: int, theme: str) -> tuple[float, list[str]]:
    """Seconds of the processor, and warnings."""
    conf = CONF.format(theme=theme, more=', "ovs_capture"' if ours else "") + (OURS if ours else "")
    (source / "conf.py").write_text(conf, "utf-8")
    command = [sys.executable, "-c", BUILD, "-q", "-E", "-j", str(jobs), str(source), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return float(done.stdout.split()[-1]), done.stderr.splitlines()


class _Blocks(HTMLParser):
    """The text of every ``pre`` of a page; those of one figure of ours are one."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._depth = self._figure = 0
        self.figures = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "figure" and "ovs-capture" in (dict(attrs).get("class") or ""):
            self._figure = 1
            self.figures += 1
            self.texts.append("")
        elif tag == "pre":
            self._depth += 1
            if not self._figure:
                self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "figure":
            self._figure = 0
        elif tag == "pre":
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.texts[-1] += data


def texts(page: Path) -> tuple[list[str], int]:
    """The text of every block of a built page, and how many are annotated."""
    parser = _Blocks()
    parser.feed(page.read_text("utf-8"))
    return parser.texts, parser.figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=75)
    parser.add_argument("--pairs", type=int, default=800)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--theme", default="furo")
    parser.add_argument("--keep", type=Path, help="leave the site and both builds here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        source = folder / "source"
        source.mkdir(parents=True, exist_ok=True)
        written = site(source, options.pages, options.pairs)
        best = {True: float("inf"), False: float("inf")}
        said: list[str] = []
        for _ in range(options.turns):
            for ours in (False, True):
                out = folder / ("ours" if ours else "plain")
                seconds, warnings = build(
                    source, out, ours=ours, jobs=options.jobs, theme=options.theme
                )
                best[ours] = min(best[ours], seconds)
                said = [line for line in warnings if "ovs_capture" in line] if ours else said
        changed, figures = [], 0
        for page in sorted((folder / "plain").glob("page*.html")):
            before, _ = texts(page)
            after, count = texts(folder / "ours" / page.name)
            figures += count
            if before != after:
                changed.append(page.name)
    ratio = best[True] / best[False]
    print(f"{options.pages} pages, {written} commands with output, {figures} annotated")
    print(f"plain Sphinx {best[False]:.1f} s, with us {best[True]:.1f} s: {ratio:.2f} times")
    print(f"{len(said)} warnings of ours, {len(changed)} pages whose text changed")
    print(*said[:40], *changed, sep="\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
