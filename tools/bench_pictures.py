"""How fast we draw: layout and paint of a host against its number of guests. Best of three."""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.paint import paint_svg
from ovs_capture.translation import Translator

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.diagram.crowd import crowd

WORDS = Translator("en").text


def milliseconds_of(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("guests", nargs="*", type=int, default=[12, 60, 250, 1000])
    print("\nguests   layout ms   paint ms   ms/guest   size")
    for guests in parser.parse_args().guests:
        scene = crowd(guests)
        layout = lay_out(scene, WORDS)
        paint = partial(
            paint_svg,
            layout,
            mode="web",
            words=WORDS,
            prefix="",
            lang="en",
            title="",
            description="",
        )
        placed = milliseconds_of(partial(lay_out, scene, WORDS))
        painted = milliseconds_of(paint)
        each = (placed + painted) / guests
        size = f"{layout.width} x {layout.height}"
        print(f"{guests:6} {placed:11.0f} {painted:10.0f} {each:10.2f}   {size}")


if __name__ == "__main__":
    main()
