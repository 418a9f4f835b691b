"""``ovs-capture parse``: the records and diagnostics of files as JSON."""

import argparse
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import store
from ..formats.reading import Capture
from ..formats.registry import BY_NAME
from .captures import read_file
from .records_json import capture_json
from .streams import print_json, report
from .waiting import JOINING, READING, Hosts

if TYPE_CHECKING:
    from ..explain.surroundings import Surroundings


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+")
    parser.add_argument(
        "--format", metavar="NAME", choices=sorted(BY_NAME), help="read as this format"
    )
    parser.add_argument("--no-redact", action="store_true", help="show secrets as they are")


def run(options: argparse.Namespace) -> int:
    captures: list[dict[str, Any]] = []
    status = 0
    # Each directory once, however many of its files are named.
    host_of, around = cache(_host_of), cache(_around)
    for name in options.files:
        directory = Path(name).parent
        found, problems = read_file(Path(name), options.format, hide=not options.no_redact)
        status |= bool(problems)
        for capture in found:
            host, guest = host_of(directory), None
            if host is not None and capture.command is not None and capture.command.ssh is not None:
                guest = _guest(capture, around(directory))
            captures.append(capture_json(capture, host, guest))
        report((*problems, *(d for capture in found for d in capture.parsed.diagnostics)))
    print_json({"captures": captures})
    return status


def _host_of(directory: Path) -> str | None:
    return store.host_key(directory) if store.is_host(directory) else None


def _around(directory: Path) -> "Surroundings":
    """What is known of the hosts of a directory's scenario, which tells guests by their MACs."""
    # Needed here alone, and its code takes longer to load than most files to parse.
    from ..explain.surroundings import Surroundings
    from ..network.correlate import correlate_all

    read = Hosts()
    target = store.load_target(directory, hide=True, along=read.along(READING))
    everyone = correlate_all(target.everyone, read.along(JOINING))
    networks = {network.key: network for network in everyone}
    return Surroundings.of(networks.pop(target.hosts[0].key), [*networks.values()])


def _guest(capture: Capture, around: "Surroundings") -> str | None:
    guest = around.guest_in(around.scope_of(capture))
    return guest.guest.title if guest else None
