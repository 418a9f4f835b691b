"""``ovs-capture check``: what is unknown, contradictory or secret."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from .. import store
from ..diagnostic import Code, Diagnostic
from ..formats.reading import Capture
from ..network.correlate import correlate_target
from ..redaction.masking import secrets_of
from ..source import Span
from .captures import read_file
from .streams import report
from .waiting import JOINING, READING, Hosts


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="file, host or scenario directory")
    parser.add_argument(
        "--strict", action="store_true", help="fail for secrets and unrecognised captures too"
    )


def run(options: argparse.Namespace) -> int:
    problems = [problem for path in options.paths for problem in _problems(Path(path))]
    unique = {str(problem): problem for problem in problems}
    report(unique.values())
    mild = () if options.strict else (Code.SECRET, Code.UNRECOGNISED)
    return int(any(problem.code not in mild for problem in unique.values()))


def _problems(path: Path) -> Iterator[Diagnostic]:
    """Everything wrong with a file, or with the hosts of a directory, in the order of the text.

    A directory of scenarios is all of them.
    """
    if path.is_file():
        captures, unread = read_file(path)
        yield from unread
        yield from _problems_of(captures)
        return
    inside = sorted(one for one in path.iterdir() if one.is_dir()) if path.is_dir() else []
    if inside and not store.is_host(path) and not store.is_scenario(path):
        for one in inside:
            yield from _problems(one)
        return
    read = Hosts()
    target = store.load_target(path, hide=True, along=read.along(READING))
    yield from target.diagnostics
    for host in read.along("checking captures")(target.hosts, len(target.hosts)):
        yield from host.diagnostics
        yield from _problems_of(host.captures)
    yield from correlate_target(target, read.along(JOINING))[1].kept


def _problems_of(captures: Iterable[Capture]) -> Iterator[Diagnostic]:
    for capture in captures:
        yield from capture.parsed.diagnostics
        if (secret := secrets_of(capture)) is not None:
            yield secret
        if capture.recognised == "none" and capture.source.window.strip():
            span = capture.command.span if capture.command else Span(*[capture.source.start] * 2)
            yield Diagnostic(Code.UNRECOGNISED, capture.source, span)
