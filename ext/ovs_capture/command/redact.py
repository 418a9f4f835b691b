"""``ovs-capture redact``: a copy that is safe to publish."""

import argparse
import secrets
from pathlib import Path

from ..redaction.pseudonyms import Pseudonyms
from ..redaction.tree import redact, write_map
from ..source import encode
from .streams import Failure, print_text, say
from .waiting import READING, telling


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", type=Path, help="file or directory of captures")
    parser.add_argument("-o", dest="output", metavar="DIR", type=Path, required=True)
    parser.add_argument(
        "--key", metavar="TEXT", help="the same key gives the same pseudonyms (else: random)"
    )
    parser.add_argument(
        "--names", action="store_true", help="replace names that somebody gave, too"
    )
    parser.add_argument("--map", metavar="FILE", type=Path, help="write what became what (keep it)")


def run(options: argparse.Namespace) -> int:
    if not options.path.exists():
        raise Failure(f"cannot read {options.path}: no such file or directory")
    inside = options.path if options.path.is_dir() else options.path.parent
    if options.output.resolve().is_relative_to(inside.resolve()):
        raise Failure(f"{options.output} is inside {inside}: name another directory")
    key = secrets.token_bytes(32) if options.key is None else encode(options.key)
    pseudonyms = Pseudonyms(key)
    try:
        done = redact(
            options.path,
            options.output,
            pseudonyms,
            names=options.names,
            reading=telling(READING),
            writing=telling("writing copies"),
        )
        if options.map is not None:
            write_map(options.map, pseudonyms)
    except OSError as error:
        raise Failure(f"cannot redact {options.path}: {error.strerror or error}") from error
    for file in done.left_out:
        say(f"{file}: no capture; not copied")
    print_text("".join(f"{file}\n" for file in done.written))
    return 0
