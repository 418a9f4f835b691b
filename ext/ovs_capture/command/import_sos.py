"""``ovs-capture import-sos``: captures from the tree of a sosreport."""

import argparse
from pathlib import Path

from ..collect.sosreport import import_reports
from .streams import Failure, print_text
from .waiting import telling


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tree", metavar="TREE", type=Path)
    parser.add_argument("-o", dest="output", type=Path, metavar="DIR", required=True)


def run(options: argparse.Namespace) -> int:
    """What was read as which host, and the files of network plugins that were not."""
    try:
        imported = import_reports(options.tree, options.output, telling("reading reports"))
    except OSError as error:
        raise Failure(f"cannot import {options.tree}: {error}") from error
    if not imported:
        raise Failure(f"no sosreport in {options.tree}: none of its directories has sos_commands")
    for one in imported:
        for name in one.unknown:
            print_text(f"not recognised: {one.report / name}\n")
        print_text(f"{len(one.captures)} captures in {options.output / one.host}\n")
    return int(not all(one.captures for one in imported))
