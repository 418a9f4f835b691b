"""How fast a page of many flows is made, beside ``ovs-flowviz openflow html`` of the ovs package.

Both read the same dump and write HTML, each in a process of its own: seconds of the processor,
bytes, and peak memory. The dump is br-int of the flat instance with as many flows as ``--flows``
says, or a file (``--dump``). With Chromium: when the page is there, and how many elements it has.
``--write`` writes the figures into the manual (``source/*/reference/_figures.md``).

ovs-flowviz needs the package ``rich``; where it does not run, our figures stand alone.
"""

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tools.bench import large_dump

ROOT = Path(__file__).resolve().parent.parent
OURS = """
import sys
from pathlib import Path
from ovs_capture.formats.reading import read
from ovs_capture.render.library.captures import Place
from ovs_capture.subjects.dumps import dump_of_capture
from ovs_capture.render.flows.html import flows_html
from ovs_capture.render.flows.page import Asked, flows_page
from ovs_capture.render.tokens import Page
from ovs_capture.source import Source, decode

(capture,) = read(Source("dump.txt", decode(Path(sys.argv[1]).read_bytes())))
dump = dump_of_capture(capture, (capture,), None, None)
made = flows_page(dump, Place("host", None, None), language="en", anchor="f", asked=Asked())
page = Page(lambda entity, anchor: None, raw=lambda name: name)
views = (made.totals, made.pipeline, made.filter, *(sheet.view for sheet in made.sheets))
print('<!doctype html><meta charset="utf-8"><title>Flows</title>')
for number, view in enumerate(views):
    print(flows_html(view, page, f"part-{number}"))
"""


class Figures(NamedTuple):
    """Of one run: seconds of the processor, bytes of HTML, peak memory in bytes."""

    seconds: float
    bytes: int
    memory: int


def measured(command: list[str], output: Path) -> Figures | None:
    """Runs a command; None when it fails."""
    with output.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        return None
    # ru_maxrss is in kilobytes on Linux (getrusage(2)).
    seconds = usage.ru_utime + usage.ru_stime
    return Figures(seconds, output.stat().st_size, usage.ru_maxrss * 1024)


def in_browser(page: Path) -> tuple[float, int] | None:
    """Seconds until DOMContentLoaded, and elements; None without Chromium or Playwright."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        return None
    if program is None:
        return None
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.goto(page.as_uri(), wait_until="domcontentloaded")
        timing = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
        seconds = tab.evaluate(timing) / 1000
        elements = tab.evaluate("document.querySelectorAll('*').length")
        browser.close()
    return seconds, elements


def dump_text(file: Path | None, flows: int) -> bytes:
    if file is None:
        return ("$ ovs-ofctl dump-flows br-int\n" + large_dump(flows)).encode()
    data = file.read_bytes()
    return gzip.decompress(data) if file.suffix == ".gz" else data


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--flows", type=int, default=5_440, help="of the generated dump")
    parser.add_argument("--dump", type=Path, help="a capture of dump-flows, .txt or .txt.gz")
    parser.add_argument("--write", action="store_true", help="the figures into the manual")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        text = dump_text(options.dump, options.flows)
        dump, bare = folder / "dump.txt", folder / "bare.txt"
        dump.write_bytes(text)
        # ovs-flowviz takes no command line of a terminal.
        flows = [line for line in text.splitlines(keepends=True) if b"actions=" in line]
        bare.write_bytes(b"".join(flows))
        html = folder / "ours.html"
        ours = measured([sys.executable, "-c", OURS, str(dump)], html)
        assert ours is not None, "our own page failed"
        flowviz = str(Path(sys.executable).with_name("ovs-flowviz"))
        command = [flowviz, "-i", str(bare), "openflow", "html"]
        has_flowviz = Path(flowviz).is_file()
        theirs = measured(command, folder / "theirs.html") if has_flowviz else None
        browser = in_browser(html)
    for line in report(len(flows), ours, theirs, browser):
        print(line)
    if options.write:
        for language in ("en", "ja"):
            write(language, len(flows), ours, theirs, browser)


def report(
    flows: int, ours: Figures, theirs: Figures | None, browser: tuple[float, int] | None
) -> list[str]:
    lines = [f"a page of {flows} flows      seconds      MB  peak memory, MB"]
    for name, figures in (("ovs-capture", ours), ("ovs-flowviz", theirs)):
        if figures is None:
            lines.append(f"{name:27} does not run here (pip install rich)")
            continue
        seconds, size, memory = figures
        lines.append(f"{name:27} {seconds:7.2f} {size / 1e6:7.1f} {memory / 1e6:16.0f}")
    if theirs is not None:
        parts = [theirs_ / ours_ for ours_, theirs_ in zip(ours, theirs, strict=True)]
        lines.append(f"{'ratio':27} {parts[0]:7.1f} {parts[1]:7.1f} {parts[2]:16.1f}")
    if browser is not None:
        lines.append(f"in Chromium: DOMContentLoaded {browser[0]:.2f} s, {browser[1]} elements")
    return lines


_HEAD = {
    "en": ("", "ovs-capture", "ovs-flowviz openflow html"),
    "ja": ("", "ovs-capture", "ovs-flowviz openflow html"),
}
_ROWS = {
    "en": ("Processor time", "HTML", "Peak memory", "DOMContentLoaded", "Elements"),
    "ja": ("CPU 時間", "HTML", "最大メモリ", "DOMContentLoaded", "要素数"),
}
_LEAD = {
    "en": "A page of {flows:,} flows, on a machine with {cores} cores:",
    "ja": "{flows:,} 件のフローのページ ({cores} コアのマシンで測定):",
}


def write(
    language: str,
    flows: int,
    ours: Figures,
    theirs: Figures | None,
    browser: tuple[float, int] | None,
) -> None:
    """The table that ``figures.md`` of the manual includes."""

    def cells(figures: Figures | None) -> tuple[str, str, str]:
        if figures is None:
            return ("-", "-", "-")
        seconds, size, memory = figures
        return f"{seconds:.1f} s", f"{size / 1e6:.1f} MB", f"{memory / 1e6:.0f} MB"

    rows = list(zip(_ROWS[language], cells(ours), cells(theirs), strict=False))
    if browser is not None:
        rows.append((_ROWS[language][3], f"{browser[0]:.2f} s", "-"))
        rows.append((_ROWS[language][4], f"{browser[1]:,}", "-"))
    lines = [
        _LEAD[language].format(flows=flows, cores=os.cpu_count()),
        "",
        *(f"| {' | '.join(row)} |" for row in (_HEAD[language], ("---", "---:", "---:"), *rows)),
        "",
    ]
    file = ROOT / "source" / language / "reference" / "_figures.md"
    file.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
