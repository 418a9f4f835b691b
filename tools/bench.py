"""How fast we read: every capture of the repository, and large dumps beside the ovs package.

Both parsers read the same flows in one run, in turns, and the best turn of each counts, in seconds
of the processor. Ours makes every clause and action of every flow a record, nothing is left for
later, and what it remembers is emptied before each turn. Of theirs ``match``, ``actions`` and
``info`` are asked for; its flows are dropped as they come, because the garbage collector would make
it three times as slow if they were kept. One large dump is generated from br-int of the flat
instance, with other ports, MACs, addresses and tags in each flow; others are read from ``--dumps``.
``--write`` writes the table into the manual (``source/*/reference/_figures_parse.md``).
"""

import argparse
import gzip
import os
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ovs.flow.ofp import OFPFlow

from ovs_capture.formats import ovn_sbctl_lflow_list
from ovs_capture.formats.base import Entry
from ovs_capture.formats.ovs_ofctl_dump_flows import parse
from ovs_capture.formats.reading import read
from ovs_capture.logical import actions as logical_actions
from ovs_capture.logical import match as logical_match
from ovs_capture.openflow import actions, match
from ovs_capture.openflow.flow import Flow
from ovs_capture.source import Source, decode
from tools.instances import FLOWS, instances

ROOT = Path(__file__).resolve().parent.parent
CAPTURES = ROOT / "captures"
SCALE = Path(os.environ.get("OVS_CAPTURE_SHARED") or ROOT.parent / "shared") / "lab" / "scale"


def seconds_of(work: Callable[[], object]) -> float:
    """How long it takes to have the result; to forget it again is not counted."""
    begin = time.process_time()
    result = work()
    seconds = time.process_time() - begin
    del result
    return seconds


def large_dump(flows: int) -> str:
    """A dump of so many distinct flows, shaped like br-int of the flat instance."""
    lines = decode(FLOWS.read_bytes()).splitlines()
    distinct: dict[str, str] = {}
    for one in instances(line for line in lines if "actions=" in line):
        for line in one:
            distinct.setdefault(line.partition("n_bytes=")[2], line)
        if len(distinct) >= flows:
            break
    return "\n".join(list(distinct.values())[:flows]) + "\n"


def read_with_ours(text: str) -> tuple[Entry, ...]:
    return parse(Source("dump", text)).records


def read_with_theirs(lines: Iterable[str]) -> None:
    for line in lines:
        flow = OFPFlow(line)
        assert flow.match is not None and flow.actions is not None and flow.info is not None


class Row(NamedTuple):
    """One dump: flows a second, ours and those of the ovs package."""

    name: str
    flows: int
    ours: float
    theirs: float


def beside_ovs(name: str, text: str, turns: int = 3) -> Row:
    """Measure one dump, and print its row of the table."""
    lines = [line.strip() for line in text.splitlines() if "actions=" in line]
    ours = theirs = float("inf")
    for _ in range(turns):
        match.forget()
        actions.forget()
        ours = min(ours, seconds_of(partial(read_with_ours, text)))
        theirs = min(theirs, seconds_of(partial(read_with_theirs, lines)))
    flows = sum(isinstance(record, Flow) for record in read_with_ours(text))
    assert flows == len(lines), name
    row = Row(name, flows, flows / ours, flows / theirs)
    rates = f"{row.ours:10,.0f} {row.theirs:10,.0f}"
    print(f"{name:42} {flows:7} {rates} {row.ours / row.theirs:6.1f}", flush=True)
    return row


def listing(path: Path) -> None:
    """Measure a listing of logical flows, and print how many are read in a second."""
    text = decode(gzip.decompress(path.read_bytes()))
    seconds = float("inf")
    for _ in range(3):
        logical_match.forget()
        logical_actions.forget()
        seconds = min(seconds, seconds_of(partial(ovn_sbctl_lflow_list.parse, Source("l", text))))
    flows = text.count("match=(")
    print(f"{path.parent.name + ' lflow-list':42} {flows:7} {flows / seconds:10,.0f}", flush=True)


_HEADS = {
    "en": ("Dump", "Flows", "ovs-capture, flows/s", "ovs.flow, flows/s", "Ratio"),
    "ja": ("ダンプ", "フロー数", "ovs-capture (フロー/秒)", "ovs.flow (フロー/秒)", "比"),
}


def write(language: str, rows: Sequence[Row]) -> None:
    """The table that ``figures.md`` of the manual includes."""
    cells = []
    for name, flows, ours, theirs in rows:
        rates = f"{ours:,.0f}", f"{theirs:,.0f}", f"{ours / theirs:.1f}"
        cells.append((f"`{name}`", f"{flows:,}", *rates))
    table = (_HEADS[language], ("---", *("---:",) * 4), *cells)
    lines = "".join(f"| {' | '.join(row)} |\n" for row in table)
    file = ROOT / "source" / language / "reference" / "_figures_parse.md"
    file.write_text(lines, "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--flows", type=int, default=24_000, help="of the generated dump")
    parser.add_argument(
        "--dumps", type=Path, nargs="*", default=sorted(SCALE.glob("*-50k/dump-flows-br-int*"))
    )
    parser.add_argument("--no-captures", action="store_true", help="only the large dumps")
    parser.add_argument("--write", action="store_true", help="the table into the manual")
    options = parser.parse_args()

    if not options.no_captures:
        print("captures                                                      lines      ms    MB/s")
        for path in sorted(CAPTURES.rglob("*.txt")):
            text = decode(path.read_bytes())
            name = path.relative_to(CAPTURES).as_posix()
            seconds = min(seconds_of(partial(read, Source(name, text))) for _ in range(3))
            rate = len(text) / 1e6 / seconds
            print(f"{name:58} {text.count(chr(10)):8} {seconds * 1e3:7.2f} {rate:7.2f}")
        print()

    print("flows a second                               flows       ours   ovs.flow  ratio")
    rows = [beside_ovs("flat-instance br-int, multiplied", large_dump(options.flows))]
    for path in options.dumps:
        data = path.read_bytes()
        text = decode(gzip.decompress(data) if path.suffix == ".gz" else data)
        rows.append(beside_ovs(f"{path.parent.name} br-int", text))
    for path in sorted(SCALE.glob("ovn-*/lflow-list.txt.gz")):
        listing(path)
    if options.write:
        for language in _HEADS:
            write(language, rows)


if __name__ == "__main__":
    main()
