"""What tests of growth share: scenarios of any size, and work that is counted, not timed."""

import sys
from collections.abc import Callable
from pathlib import Path

from ovs_capture.store import Host, load_target
from tools.bench_scale import CAPTURES, Site
from tools.bench_scale import Host as Compute


def scenario(folder: Path, number: int) -> tuple[Host, ...]:
    """So many compute nodes with three guests each, captured from inside as well."""
    site = Site(folder)
    for index in range(number):
        host = Compute(index, number, range(index * 3, index * 3 + 3))
        for name in CAPTURES:
            site.capture("lab", host, name)
    return load_target(folder / "captures" / "lab").hosts


def calls(work: Callable[[], object]) -> int:
    """How many calls of functions it takes, those in C too: the same on any machine."""
    count = 0

    def see(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
