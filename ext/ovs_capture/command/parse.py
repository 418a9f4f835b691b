"""``ovs-capture parse``: the records and diagnostics of files as JSON."""

import argparse
from pathlib import Path
from typing import Any

from .. import store
from ..explain.surroundings import Surroundings
from ..formats.reading import Capture
from ..formats.registry import BY_NAME
from ..network.correlate import correlate
from ..render.records_json import capture_json
from .captures import read_file
from .streams import print_json, report


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+")
    parser.add_argument(
        "--format", metavar="NAME", choices=sorted(BY_NAME), help="read as this format"
    )
    parser.add_argument("--no-redact", action="store_true", help="show secrets as they are")


def run(options: argparse.Namespace) -> int:
    captures: list[dict[str, Any]] = []
    status = 0
    for name in options.files:
        found, problems = read_file(Path(name), options.format, hide=not options.no_redact)
        status |= bool(problems)
        for capture in found:
            captures.append(capture_json(capture, *_context(Path(name), capture)))
        report((*problems, *(d for capture in found for d in capture.parsed.diagnostics)))
    print_json({"captures": captures})
    return status


def _context(path: Path, capture: Capture) -> tuple[str | None, str | None]:
    """Host and guest of a capture: the directory's host, and the guest that its MACs name."""
    directory = path.parent
    if not store.is_host(directory):
        return None, None
    target = store.load_target(directory, hide=True)
    host, siblings = target.hosts[0], target.siblings(target.hosts[0])
    if capture.command is None or capture.command.ssh is None:
        return host.key, None
    network = correlate(host, siblings)
    around = Surroundings.of(network, [correlate(one, target.siblings(one)) for one in siblings])
    guest = around.guest_in(around.scope_of(capture))
    return host.key, guest.guest.title if guest else None
