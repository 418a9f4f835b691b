"""Lay out and paint many random topologies and say what is wrong with any of them.

    python tools/sweep_pictures.py [COUNT] [--seed N]

COUNT (2,000) topologies are made from the numbers N, N+1 ...; without ``--seed`` N is one that
nobody has seen. Each is drawn twice: as it is, and upside down with equal guests as one. Faults are
those of ``tests/diagram/geometry.py``: what overlaps, stands outside of its box, runs through a
foreign box or on another wire; besides, a picture that is no well-formed SVG of our elements alone,
or that is not the same twice. Each is printed with the number that makes it again. Exit status 1
when there is one.
"""

import argparse
import sys
import time
from pathlib import Path
from random import SystemRandom

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "ext")]

from ovs_capture.diagram.crowds import collapsed  # noqa: E402
from tests.diagram.geometry import changes, faults, foreign_elements  # noqa: E402
from tests.diagram.topologies import topology  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**9))
    options = parser.parse_args()
    begun, bad = time.perf_counter(), 0
    for seed in range(options.seed, options.seed + options.count):
        try:
            scene = topology(seed)
            found = [
                *faults(scene),
                *faults(collapsed(scene).scene, "up"),
                *foreign_elements(scene),
                *changes(scene),
            ]
        except Exception as error:  # whatever it is, the number that makes it is told
            found = [f"{type(error).__name__}: {error}"]
        if found:
            bad += 1
            print(f"topology {seed}: {len(found)} faults: {'; '.join(found[:4])}", flush=True)
    seconds = time.perf_counter() - begun
    print(f"{options.count} topologies from {options.seed}: {bad} with faults, {seconds:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
