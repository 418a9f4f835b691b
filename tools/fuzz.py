"""Mutates captures and lines of flows and reads them: nothing may raise, hang or be lost.

``make fuzz`` reads captures of every format, 100 000 lines of OpenFlow and as many of logical
flows, and lets models, pictures, notes, traces and differences be made of mutated hosts; the tests
do a share of it. The same seed makes the same inputs, however many processes there are.
"""

import argparse
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from multiprocessing import parent_process
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import NamedTuple

from ovs_capture.formats import ovn_sbctl_lflow_list, ovs_ofctl_dump_flows
from ovs_capture.formats.base import ELISION, Format
from ovs_capture.formats.registry import FORMATS
from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.logical.printing import print_actions, print_match
from ovs_capture.openflow.flow import Flow
from ovs_capture.openflow.normal import text_of
from ovs_capture.source import Source, decode
from tools.fuzz_captures import Fault, broken_promises, prefixes, texts, tried
from tools.fuzz_engines import broken_claims, claims, engines, hosts

ROOT = Path(__file__).resolve().parent.parent
DUMPS = (
    *sorted((ROOT / "captures").rglob("*dump-flows*.txt")),
    ROOT / "tests" / "openflow" / "normal.dump",
)
LISTINGS = (
    *sorted((ROOT / "captures").rglob("*lflow-list*.txt")),
    *sorted((ROOT / "tests" / "formats" / "ovn_sbctl_lflow_list").glob("*.txt")),
)
NAMES = tuple(format.name for format in FORMATS)
FORMAT, LOGICAL = ovs_ofctl_dump_flows.FORMAT, ovn_sbctl_lflow_list.FORMAT
# Bytes that a grammar trips over more often than over others.
_SIGNS = b',=()"\\[]>-./:|+ \t\r\x1b\x00\xff\xc2\xe3'
_BLOCK = 500


def flow_lines() -> list[bytes]:
    """Lines of real dumps, without what is no flow."""
    lines = (line for path in DUMPS for line in path.read_bytes().splitlines())
    return [line for line in lines if b"actions=" in line]


def logical_lines() -> list[bytes]:
    """Lines of real listings; of a flow that a person wrapped each is one."""
    lines = {line: None for path in LISTINGS for line in path.read_bytes().splitlines()}
    return [line for line in lines if b"=" in line]


def mutated(lines: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """Lines without end, each changed in one to six places."""
    chance = random.Random(seed)
    while True:
        line = bytearray(chance.choice(lines))
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(line) + 1)
            match chance.randrange(7):
                case 0:
                    line[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    line[at:at] = bytes([chance.choice(_SIGNS)])
                case 2:
                    del line[at : at + chance.randint(1, 8)]
                case 3:
                    start = chance.randrange(len(line) + 1)
                    line[at:at] = line[start : start + chance.randint(1, 30)]
                case 4:
                    other = chance.choice(lines)
                    start = chance.randrange(len(other))
                    line[at : at + 10] = other[start : start + chance.randint(1, 40)]
                case 5:
                    del line[at:]
                case _:
                    line[at : at + 1] = line[at : at + 1] * chance.randint(2, 40)
        yield bytes(line).replace(b"\n", b" ")


def lost_lines(text: str, format: Format = FORMAT) -> list[str]:
    """Read a text in every way; the lines that no record and no diagnostic tells of."""
    source = Source("mutated", text)
    parsed = format.parse(source)
    format.marks(source, parsed)
    for record in parsed.records:
        if isinstance(record, Flow):
            text_of(record)
        elif isinstance(record, LogicalFlow):
            assert print_match(record.match) == record.match.text, record.match.text
            assert print_actions(record.actions) == record.actions.text, record.actions.text
    told = sorted(
        [record.span for record in parsed.records] + [found.span for found in parsed.diagnostics]
    )
    lost, index, reach = [], 0, 0
    for offset, line in source.lines():
        while index < len(told) and told[index].start <= offset + len(line):
            reach = max(reach, told[index].end)
            index += 1
        if line.strip() and reach < offset + len(line.rstrip()) and not ELISION.fullmatch(line):
            lost.append(line)
    return lost


def read_mutated(count: int, seed: int, format: Format = FORMAT) -> list[str]:
    """Read so many mutated lines, in blocks; those that were lost."""
    lines = mutated(flow_lines() if format is FORMAT else logical_lines(), seed)
    lost = []
    for first in range(0, count, _BLOCK):
        block = [next(lines) for _ in range(min(_BLOCK, count - first))]
        lost += lost_lines(decode(b"\n".join(block) + b"\n"), format)
    return lost


class Block(NamedTuple):
    """So many inputs of one kind, made from one seed: what one process reads at once."""

    kind: str
    seed: int
    amount: int


class Done(NamedTuple):
    block: Block
    faults: list[Fault]


def blocks(inputs: int, lines: int, hosts: int, seed: int) -> list[Block]:
    """All work, kinds mixed, so that a run that is stopped has seen something of each."""
    amounts = {
        "texts": (inputs * 4 // 5, 1000),
        "prefixes": (inputs // 5, 1000),
        "flow lines": (lines, 5000),
        "logical lines": (lines, 5000),
        "claims": (inputs // 10, 200),
        "hosts": (hosts, 5),
    }
    found = []
    for kind, (amount, size) in amounts.items():
        of_kind = [
            Block(kind, seed * 1_000_003 + first // size, min(size, amount - first))
            for first in range(0, amount, size)
        ]
        found += [((index + 1) / len(of_kind), block) for index, block in enumerate(of_kind)]
    return [block for _, block in sorted(found)]


def work(block: Block) -> Done:
    """Try the inputs of a block."""
    faults: list[Fault] = []
    match block.kind:
        # What ``tried`` is given it calls before the next step, hence no B023.
        case "texts" | "prefixes":
            make = texts if block.kind == "texts" else prefixes
            for format, data in islice(make(NAMES, block.seed), block.amount):
                kind = f"{block.kind}, {format.name}"
                faults += tried(kind, data, lambda: broken_promises(format, data))  # noqa: B023
        case "claims":
            for claim, data in islice(claims(block.seed), block.amount):
                kind = f"claims, {claim}"
                faults += tried(kind, data, lambda: broken_claims(claim, data))  # noqa: B023
        case "hosts":
            for before, after, siblings, data in islice(hosts(block.seed), block.amount):
                kind = f"hosts, {after.key}"
                faults += tried(kind, data, lambda: engines(before, after, siblings, data), 60)  # noqa: B023
        case _:
            format = FORMAT if block.kind == "flow lines" else LOGICAL
            kind, data = block.kind, repr(block).encode()
            faults += tried(kind, data, lambda: read_mutated(block.amount, block.seed, format), 120)
    return Done(block, faults)


def end_with_parent() -> None:
    """A process of the pool ends when the tool does, killed or not: it would wait for ever."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        wait_for([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--inputs", type=int, default=200_000, help="mutated captures")
    parser.add_argument("--lines", type=int, default=100_000, help="flow lines of either kind")
    parser.add_argument("--hosts", type=int, default=200, help="hosts with mutated captures")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="directory for the inputs that failed")
    options = parser.parse_args()
    begin = told = time.monotonic()
    counts: Counter[str] = Counter()
    faults: list[Fault] = []
    todo = blocks(options.inputs, options.lines, options.hosts, options.seed)
    with ProcessPoolExecutor(options.jobs, initializer=end_with_parent) as pool:
        running: set[Future[Done]] = set()
        queue = iter(todo)
        while True:
            now = time.monotonic()
            if now - begin < options.seconds:
                running |= {
                    pool.submit(work, b) for b in islice(queue, 2 * options.jobs - len(running))
                }
            if not running:
                break
            finished, running = wait(running, timeout=5, return_when=FIRST_COMPLETED)
            for future in finished:
                done = future.result()
                counts[done.block.kind] += done.block.amount
                for fault in done.faults:
                    faults.append(fault)
                    _tell(fault, len(faults), options.keep)
            if now - told > 5:
                told = now
                print(f"fuzz: {_told(counts)}; {len(faults)} faults, {now - begin:.0f} s",
                      file=sys.stderr, flush=True)  # fmt: skip
    print(f"fuzz: {_told(counts)}; {len(faults)} faults, {time.monotonic() - begin:.0f} s")
    return 1 if faults else 0


def _tell(fault: Fault, number: int, keep: Path | None) -> None:
    """At once: a run of hours may be stopped."""
    if number <= 10:
        print(f"{fault.kind}: {fault.data[:200]!r}", fault.told, sep="\n", flush=True)
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        name = f"{fault.kind.replace('/', '-').replace(', ', '-')}-{number}"
        (keep / f"{name}.bin").write_bytes(fault.data)
        (keep / f"{name}.told").write_text(fault.told, "utf-8", "backslashreplace")


def _told(counts: Counter[str]) -> str:
    by_kind = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    return f"{counts.total()} inputs ({by_kind})"


if __name__ == "__main__":
    raise SystemExit(main())
