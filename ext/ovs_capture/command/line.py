"""The command line: which subcommand is meant, and what its end means for the shell.

Exit 0 fine, 1 something could not be read or a check failed, 2 usage.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from .. import __version__
from .streams import Failure, forget_stdout, say

# What each does, in the order of --help. Its module has its name.
SUBCOMMANDS = {
    "parse": "records and diagnostics as JSON",
    "topology": "the picture of hosts, or its scene as JSON",
    "flows": "every flow in words",
    "pipeline": "the graph of tables, or its DOT text",
    "trace": "the way of a packet through captured flows",
    "diff": "what changed, by meaning and not by line",
    "check": "what is unknown, contradictory or secret",
    "redact": "a copy that is safe to publish",
    "collect": "run the capture commands on this host",
    "import-sos": "captures from the tree of a sosreport, or several",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    try:
        options = _parser().parse_args(arguments)
        status: int = options.run(options)
        sys.stdout.flush()
    except Failure as failure:
        say(str(failure))
        return 1
    except BrokenPipeError:
        # The reader has seen enough (``| head``).
        forget_stdout()
        return 0
    except KeyboardInterrupt:
        forget_stdout()
        return 130
    except OSError as error:
        # A file that went away while it was read, or a standard output that takes no more.
        if error.filename is None:
            forget_stdout()
        say(f"{error.filename or 'standard output'}: {error.strerror or error}")
        return 1
    return status


class _Subcommand(argparse.ArgumentParser):
    """The arguments of a subcommand, which its module declares when it is the one that is named."""

    module: str

    def parse_known_args(self, *arguments: Any, **named: Any) -> Any:
        module = import_module(f".{self.module}", __package__)
        module.declare(self)
        self.set_defaults(run=module.run)
        return super().parse_known_args(*arguments, **named)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ovs-capture", description="Read, draw and explain captures of Open vSwitch networks."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subcommands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Subcommand)
    for name, does in SUBCOMMANDS.items():
        subcommands.add_parser(name, help=does).module = name.replace("-", "_")
    return parser
