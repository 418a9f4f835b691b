"""How fast we read: every capture of the repository, and a big table beside the ovs package.

The big dump is br-int of the flat instance with as many ports as ``--ports`` says, each with a
name, MAC, address and register value of its own. Times are the best of three; each run of the big
dump is of other ports, because what was read once is remembered.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ovs.flow.ofp import OFPFlow

from ovs_capture.formats.reading import read
from ovs_capture.source import Source, decode

ROOT = Path(__file__).resolve().parent.parent
CAPTURES = ROOT / "captures"
FLOWS = CAPTURES / "flat-instance" / "compute" / "ovs-ofctl-dump-flows-br-int.txt"


def seconds_of(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def big_dump(first: int, ports: int) -> list[str]:
    """The flows of ``ports`` instances on one bridge, numbered from ``first``."""
    lines = decode(FLOWS.read_bytes()).splitlines()[1:]
    found = []
    for port in range(first, first + ports):
        high, low = divmod(port, 256)
        renamed = {
            "tap635485ff-6c": f"tap{port:08x}-6c",
            "fa:16:3e:55:2a:5d": f"fa:16:3e:55:{high % 256:02x}:{low:02x}",
            "172.16.0.112": f"172.16.{high % 256}.{low}",
            "reg5=0x3": f"reg5={port + 1:#x}",
            "load:0x3": f"load:{port + 1:#x}",
        }
        for line in lines:
            for old, new in renamed.items():
                line = line.replace(old, new)
            found.append(line)
    return found


def read_dump(lines: list[str]) -> object:
    return read(Source("big.txt", "$ ovs-ofctl dump-flows br-int\n" + "\n".join(lines) + "\n"))


def read_with_ovs(lines: list[str]) -> object:
    return [OFPFlow(line.strip()) for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--ports", type=int, default=100)
    ports = parser.parse_args().ports

    print("captures                                                      lines      ms    MB/s")
    for path in sorted(CAPTURES.rglob("*.txt")):
        text = decode(path.read_bytes())
        name = path.relative_to(CAPTURES).as_posix()
        seconds = min(seconds_of(partial(read, Source(name, text))) for _ in range(3))
        rate = len(text) / 1e6 / seconds
        print(f"{name:58} {text.count(chr(10)):8} {seconds * 1e3:7.2f} {rate:7.2f}")

    dumps = [big_dump(run * ports, ports) for run in range(3)]
    ours = min(seconds_of(partial(read_dump, lines)) for lines in dumps)
    theirs = min(seconds_of(partial(read_with_ovs, lines)) for lines in dumps)
    flows = len(dumps[0])
    print(f"\n{flows} flows of {ports} ports: {ours:.2f} s, {flows / ours:,.0f} flows/s")
    print(f"the ovs package's parser: {theirs:.2f} s, {flows / theirs:,.0f} flows/s")
    print(f"ratio: {theirs / ours:.1f}")


if __name__ == "__main__":
    main()
