"""``ovs-capture flows``: every flow in words."""

import argparse

from ..subjects.listings import Listing
from ..translation import Translator
from .arguments import add_language
from .flows_text import flows_as_json, flows_as_markdown, flows_as_text
from .lflows_text import lflows_as_json, lflows_as_markdown, lflows_as_text
from .streams import Failure, print_json, print_text, report
from .targets import flows_in


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE|HOST:BRIDGE")
    parser.add_argument("--table", type=int, metavar="N", help="this table only")
    parser.add_argument("--format", choices=("text", "md", "json"), default="text")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    dump = flows_in(options.target)
    if isinstance(dump, Listing):
        return _logical_flows(dump, options)
    report(d for capture in dump.captures for d in capture.parsed.diagnostics)
    flows = [flow for flow in dump.flows if options.table in (None, flow.table)]
    if not flows and options.table is not None:
        raise Failure(f"{options.target} has no flows in table {options.table}")
    names, pipeline, words = dump.names, dump.pipeline, Translator(options.lang)
    if options.format == "json":
        found = [
            told
            for capture in dump.captures
            for told in flows_as_json(
                [flow for flow in flows if dump.capture_of(flow) is capture],
                names,
                pipeline,
                words,
                capture.source,
            )["flows"]
        ]
        print_json({"flows": found})
    else:
        write = flows_as_text if options.format == "text" else flows_as_markdown
        print_text(write(dump.flows, names, pipeline, words, table=options.table))
    return 0


def _logical_flows(listing: Listing, options: argparse.Namespace) -> int:
    report(listing.capture.parsed.diagnostics)
    if options.table is not None and all(flow.table != options.table for flow in listing.flows):
        raise Failure(f"{options.target} has no flows in table {options.table}")
    words = Translator(options.lang)
    if options.format == "json":
        print_json(lflows_as_json(listing, words, table=options.table))
    else:
        write = lflows_as_text if options.format == "text" else lflows_as_markdown
        print_text(write(listing, words, table=options.table))
    return 0
