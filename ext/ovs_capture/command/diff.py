"""``ovs-capture diff``: what changed between two captures, hosts or scenarios."""

import argparse
from pathlib import Path

from .. import store
from ..network.correlate import correlate, correlate_target
from ..subjects.changes import (
    Moment,
    compare,
    is_changed,
    moment,
)
from .arguments import add_language
from .captures import read_file
from .diff_text import diff_as_json, diff_as_text
from .streams import Failure, print_json, print_text, report
from .waiting import JOINING, READING, Hosts


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="A", help="file, host or scenario directory")
    parser.add_argument("after", metavar="B", help="the same, later")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--exit-code", action="store_true", help="exit 1 when something changed, as git does"
    )
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    before, after = _moments(options.before), _moments(options.after)
    files = any(Path(name).is_file() for name in (options.before, options.after))
    diffs = compare(before, after, files=files)
    if options.format == "json":
        print_json(diff_as_json(diffs, options.lang))
    else:
        print_text(diff_as_text(diffs, options.lang))
    return int(options.exit_code and is_changed(diffs))


def _moments(name: str) -> dict[str, Moment]:
    """The hosts of a directory, or the one whose file this is; problems go to stderr."""
    path = Path(name)
    if path.is_file():
        found, problems = read_file(path)
        report((*problems, *(d for capture in found for d in capture.parsed.diagnostics)))
        if problems:
            raise Failure(f"cannot read {name}")
        host, siblings = store.load_host(path.parent, Hosts().along(READING))
        return {path.name: moment(correlate(host, siblings), found, host.hints.pipeline)}
    read = Hosts()
    target = store.load_target(path, along=read.along(READING))
    if not target.hosts:
        report(target.diagnostics)
        raise Failure(f"nothing to compare in {name}")
    report((*target.diagnostics, *(d for host in target.hosts for d in host.diagnostics)))
    networks, _ = correlate_target(target, read.along(JOINING))
    return {
        host.name: moment(network, host.captures, host.hints.pipeline)
        for host, network in zip(target.hosts, networks, strict=True)
    }
