"""``ovs-capture collect``: run the capture commands on this host, or print the script."""

import argparse
from pathlib import Path

from .. import collect
from .streams import Failure, print_text


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", dest="output", type=Path, metavar="DIR", help="new or empty")
    parser.add_argument(
        "--print-script", action="store_true", help="print the script that does it, for sh"
    )


def run(options: argparse.Namespace) -> int:
    if options.print_script:
        print_text(collect.script())
        return 0
    try:
        return collect.collect(options.output)
    except OSError as error:
        raise Failure(f"cannot run sh: {error.strerror or error}") from error
