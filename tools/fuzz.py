"""Mutates lines of flows and reads them: nothing may raise, no line may be lost.

``make fuzz`` reads 100 000 lines of OpenFlow and as many of logical flows; the tests a share of
them. The same seed makes the same lines.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from ovs_capture.formats import ovn_sbctl_lflow_list, ovs_ofctl_dump_flows
from ovs_capture.formats.base import ELISION, Format
from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.logical.printing import print_actions, print_match
from ovs_capture.openflow.flow import Flow
from ovs_capture.openflow.normal import text_of
from ovs_capture.source import Source, decode

ROOT = Path(__file__).resolve().parent.parent
DUMPS = (
    *sorted((ROOT / "captures").rglob("*dump-flows*.txt")),
    ROOT / "tests" / "openflow" / "normal.dump",
)
LISTINGS = (
    *sorted((ROOT / "captures").rglob("*lflow-list*.txt")),
    *sorted((ROOT / "tests" / "formats" / "ovn_sbctl_lflow_list").glob("*.txt")),
)
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    lost = []
    for format in (FORMAT, LOGICAL):
        begin = time.perf_counter()
        lost_here = read_mutated(options.lines, options.seed, format)
        seconds = time.perf_counter() - begin
        print(f"{format.name}: {options.lines} mutated lines in {seconds:.0f} s, "
              f"{len(lost_here)} lost")  # fmt: skip
        lost += lost_here
    print(*map(repr, lost[:10]), sep="\n", end="\n" if lost else "")
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
