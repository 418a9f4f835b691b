"""The command ``ovs-capture``: what the pages do, on a terminal.

Text goes to stdout, diagnostics to stderr as ``file:line:column: code: message``. Exit 0 fine, 1
something could not be read or a check failed, 2 usage. Does without Sphinx.
"""

import argparse
import io
import json
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO, TypeVar

from . import __version__, collect, store
from .collect.sosreport import import_reports
from .diagnostic import WORDING, Code, Diagnostic
from .diagram import describe
from .diagram.collapse import collapsed
from .diagram.compose import compose, unmatched
from .diagram.dot import write_dot
from .diagram.drawio import write_drawio
from .diagram.export import Font, pick_font, to_pdf, to_png
from .diagram.layout import picture
from .diagram.legend import with_legend
from .diagram.logical import words as logical_words
from .diagram.logical.dot import write_logical_dot
from .diagram.logical.layout import lay_out_logical
from .diagram.logical.paint import paint_logical
from .diagram.logical.parts import LogicalScene, logical_scene
from .diagram.paint import paint_svg
from .diagram.pipeline import words as graph_words
from .diagram.pipeline.dot import NoEngine, dot_text
from .diagram.pipeline.layout import lay_out_tables
from .diagram.pipeline.paint import paint_tables
from .diagram.pipeline.parts import TablePicture, table_picture
from .diagram.pipeline.stages import stage_picture
from .diagram.scene import Scene
from .diagram.turning import DIRECTIONS
from .explain.logical_traces import microflow_error
from .explain.message import Message
from .explain.surroundings import Surroundings
from .explain.traces import packet_error
from .formats.reading import Capture, read
from .formats.registry import BY_NAME
from .network.correlate import correlate, correlate_target
from .network.logical.join import logical_network
from .network.model import Network
from .redaction.pseudonyms import Pseudonyms
from .redaction.tree import redact, write_map
from .render.changes import Moment, compare, diff_as_json, diff_as_text, is_changed, moment
from .render.dumps import Dump, choose, dump_of_capture, dumps_of_host
from .render.flows_text import flows_as_json, flows_as_markdown, flows_as_text
from .render.graph_json import graph_json
from .render.lflows_text import lflows_as_json, lflows_as_markdown, lflows_as_text
from .render.listings import Listing, listing_of
from .render.logical_trace_text import logical_trace_as_json, logical_trace_as_text
from .render.markup import one_line, shown
from .render.masking import secrets_of
from .render.records_json import capture_json
from .render.southbound import Southbound, southbound_of
from .render.trace_text import trace_as_json, trace_as_text
from .render.translation import LANGUAGES, Translator
from .source import Source, Span
from .trace.logical.destinations import Destination, parse_destination
from .trace.logical.microflow import MicroflowError
from .trace.logical.result import Trace as LogicalTrace
from .trace.logical.run import Options as LogicalOptions
from .trace.logical.trace import arriving
from .trace.logical.trace import trace as logical_trace
from .trace.openflow import parse_state, trace
from .trace.packet_text import PacketError, parse_packet
from .trace.result import Trace
from .trace.switch import switch_of_host
from .writing import write_file

PICTURES = (".json", ".svg", ".png", ".pdf", ".drawio", ".dot")
GRAPHS = (".svg", ".dot", ".json", ".png", ".pdf")


class Failure(Exception):
    """The command cannot go on; the text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except Failure as failure:
        _say(str(failure))
        return 1
    except BrokenPipeError:
        # The reader has seen enough (``| head``).
        _forget_stdout()
        return 0
    except KeyboardInterrupt:
        _forget_stdout()
        return 130
    except OSError as error:
        # A file that went away while it was read, or a standard output that takes no more.
        if error.filename is None:
            _forget_stdout()
        _say(f"{error.filename or 'standard output'}: {error.strerror or error}")
        return 1
    return status


def _forget_stdout() -> None:
    """What is still to be written is not: Python would complain at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ovs-capture", description="Read, draw and explain captures of Open vSwitch networks."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    parse = commands.add_parser("parse", help="records and diagnostics as JSON")
    parse.add_argument("files", metavar="FILE", nargs="+")
    parse.add_argument(
        "--format", metavar="NAME", choices=sorted(BY_NAME), help="read as this format"
    )
    parse.add_argument("--no-redact", action="store_true", help="show secrets as they are")
    parse.set_defaults(run=_parse)

    topology = commands.add_parser("topology", help="the picture of hosts, or its scene as JSON")
    topology.add_argument("paths", metavar="PATH", nargs="+", help="scenario or host directory")
    topology.add_argument(
        "-o", dest="output", type=_picture_file, metavar="OUT.json|svg|png|pdf|drawio|dot"
    )
    topology.add_argument("--focus", action="append", default=[], metavar="NAME")
    topology.add_argument("--hide", action="append", default=[], metavar="NAME")
    topology.add_argument("--layer", choices=("physical", "logical"), default="physical")
    topology.add_argument(
        "--direction",
        choices=DIRECTIONS,
        default="down",
        help="where the guests are: under the rails or above them",
    )
    topology.add_argument(
        "--collapse", action="store_true", help="draw equal guests of a host as one box"
    )
    topology.add_argument("--legend", action="store_true", help="say what the shapes stand for")
    _add_language(topology)
    topology.set_defaults(run=_topology)

    flows = commands.add_parser("flows", help="every flow in words")
    flows.add_argument("target", metavar="FILE|HOST:BRIDGE")
    flows.add_argument("--table", type=int, metavar="N", help="this table only")
    flows.add_argument("--format", choices=("text", "md", "json"), default="text")
    _add_language(flows)
    flows.set_defaults(run=_flows)

    pipeline = commands.add_parser("pipeline", help="the graph of tables, or its DOT text")
    pipeline.add_argument("target", metavar="FILE|HOST:BRIDGE")
    pipeline.add_argument("-o", dest="output", type=_graph_file, metavar="OUT.svg|dot|json|png|pdf")
    _add_language(pipeline)
    pipeline.set_defaults(run=_pipeline)

    way = commands.add_parser("trace", help="the way of a packet through captured flows")
    way.add_argument("target", metavar="HOST:BRIDGE|HOST:DATAPATH")
    way.add_argument(
        "packet",
        metavar="PACKET",
        help="as ofproto/trace, or of a datapath as ovn-trace takes it; -: from stdin, one a line",
    )
    _add_trace_options(way)
    way.add_argument("--format", choices=("text", "json"), default="text")
    _add_language(way)
    way.set_defaults(run=_trace)

    diff = commands.add_parser("diff", help="what changed, by meaning and not by line")
    diff.add_argument("before", metavar="A", help="file, host or scenario directory")
    diff.add_argument("after", metavar="B", help="the same, later")
    diff.add_argument("--format", choices=("text", "json"), default="text")
    diff.add_argument(
        "--exit-code", action="store_true", help="exit 1 when something changed, as git does"
    )
    _add_language(diff)
    diff.set_defaults(run=_diff)

    check = commands.add_parser("check", help="what is unknown, contradictory or secret")
    check.add_argument("paths", metavar="PATH", nargs="+", help="file, host or scenario directory")
    check.add_argument(
        "--strict", action="store_true", help="fail for secrets and unrecognised captures too"
    )
    check.set_defaults(run=_check)

    redact = commands.add_parser("redact", help="a copy that is safe to publish")
    redact.add_argument("path", metavar="PATH", type=Path, help="file or directory of captures")
    redact.add_argument("-o", dest="output", metavar="DIR", type=Path, required=True)
    redact.add_argument(
        "--key", metavar="TEXT", help="the same key gives the same pseudonyms (else: random)"
    )
    redact.add_argument("--names", action="store_true", help="replace names of hosts and guests")
    redact.add_argument("--map", metavar="FILE", type=Path, help="write what became what (keep it)")
    redact.set_defaults(run=_redact)

    collecting = commands.add_parser("collect", help="run the capture commands on this host")
    collecting.add_argument("-o", dest="output", type=Path, metavar="DIR", help="new or empty")
    collecting.add_argument(
        "--print-script", action="store_true", help="print the script that does it, for sh"
    )
    collecting.set_defaults(run=_collect)

    sos = commands.add_parser(
        "import-sos", help="captures from the tree of a sosreport, or several"
    )
    sos.add_argument("tree", metavar="TREE", type=Path)
    sos.add_argument("-o", dest="output", type=Path, metavar="DIR", required=True)
    sos.set_defaults(run=_import_sos)
    return parser


def _add_trace_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--ct-next",
        action="append",
        default=[],
        type=_tracking_state,
        metavar="STATE",
        help="what the connection tracker finds next (trk,est); again for the time after",
    )
    parser.add_argument(
        "--ct",
        action="append",
        default=[],
        type=_tracking_state,
        metavar="STATE",
        help="the same for logical flows, as ovn-trace has it",
    )
    parser.add_argument(
        "--lb-dst",
        type=_destination,
        metavar="ADDR[:PORT]",
        help="the backend that a load balancer of OVN takes",
    )
    parser.add_argument(
        "--select-id",
        type=int,
        metavar="ID",
        help="the member of a group that a logical flow's select() takes",
    )


def _tracking_state(text: str) -> int:
    state = parse_state(text)
    if state is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no state of connection tracking")
    return state


def _destination(text: str) -> Destination:
    found = parse_destination(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no ADDR[:PORT]")
    return found


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=LANGUAGES, default=_locale_language())


def _locale_language() -> str:
    """The language of the environment if we speak it, else English (POSIX: LC_ALL wins)."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value[:2] if value[:2] in LANGUAGES else "en"
    return "en"


def _picture_file(name: str) -> Path:
    return _file_ending(name, PICTURES)


def _graph_file(name: str) -> Path:
    return _file_ending(name, GRAPHS)


def _file_ending(name: str, suffixes: Sequence[str]) -> Path:
    path = Path(name)
    if path.suffix.lower() not in suffixes:
        raise argparse.ArgumentTypeError(f"{name!r} does not end in {', '.join(suffixes)}")
    return path


# parse


def _parse(options: argparse.Namespace) -> int:
    captures: list[dict[str, Any]] = []
    status = 0
    for name in options.files:
        found, problems = _read_file(Path(name), options.format, hide=not options.no_redact)
        status |= bool(problems)
        for capture in found:
            captures.append(capture_json(capture, *_context(Path(name), capture)))
        _report((*problems, *(d for capture in found for d in capture.parsed.diagnostics)))
    _print_json({"captures": captures})
    return status


def _read_file(
    path: Path, format_name: str | None = None, *, hide: bool = True
) -> tuple[tuple[Capture, ...], tuple[Diagnostic, ...]]:
    shown = path.as_posix()
    if format_name is None:
        return store.read_file(path, shown, hide=hide)
    try:
        source = Source(shown, store.read_text(path))
        return read(source, format_name=format_name, hide=hide), ()
    except OSError:
        return store.read_file(path, shown)


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


# topology


def _topology(options: argparse.Namespace) -> int:
    networks = _networks(options.paths)
    if options.layer == "logical":
        return _logical(networks, options)
    status = 0
    for option, names in (("--focus", options.focus), ("--hide", options.hide)):
        for name in unmatched(networks, names):
            status = 1
            args = {"option": option.lstrip("-"), "value": name}
            _say(f"{Code.OPTION_NO_MATCH.value}: {WORDING[Code.OPTION_NO_MATCH].text % args}")
    scene = compose(networks, focus=options.focus, hide=options.hide, language=options.lang)
    if options.output is None:
        _print_json(_told(scene, options).to_json())
        return status
    try:
        suffix = options.output.suffix.lower()
        write_file(options.output, _picture(scene, suffix, options))
    except OSError as error:
        raise Failure(f"cannot write {options.output}: {error.strerror or error}") from error
    return status


def _logical(networks: Iterable[Network], options: argparse.Namespace) -> int:
    every = {id(capture): capture for network in networks for capture in network.captures}
    logical = logical_network(every.values())
    _report(logical.diagnostics)
    scene = logical_scene(logical)
    if not scene.datapaths:
        raise Failure("no capture of OVN's databases")
    suffix = ".json" if options.output is None else options.output.suffix.lower()
    data = _logical_picture(scene, suffix, options.lang)
    try:
        if options.output is None:
            _print_json(scene.to_json())
        else:
            write_file(options.output, data)
    except OSError as error:
        if options.output is None:
            raise
        raise Failure(f"cannot write {options.output}: {error.strerror or error}") from error
    return 0


def _logical_picture(scene: LogicalScene, suffix: str, language: str) -> bytes:
    say = Translator(language).text
    if suffix == ".json":
        return _encoded(json.dumps(scene.to_json(), ensure_ascii=False, indent=2) + "\n")
    if suffix == ".dot":
        return _encoded(write_logical_dot(scene, say))
    if suffix == ".drawio":
        raise Failure("the logical layer is not written as drawio; svg, png, pdf, dot and json are")
    try:
        layout = lay_out_logical(scene, say)
    except NoEngine as error:
        code = Code.NO_GRAPH_ENGINE
        raise Failure(f"{code.value}: {WORDING[code].text}") from error
    font = pick_font(layout.written)
    svg = paint_logical(
        scene,
        layout,
        mode="static",
        say=say,
        prefix="",
        lang=language,
        title=say(logical_words.TITLE),
        description=say(logical_words.description(scene)),
        font=font.family,
    )
    return _converted(svg, font, suffix)


def _diff(options: argparse.Namespace) -> int:
    before, after = _moments(options.before), _moments(options.after)
    files = any(Path(name).is_file() for name in (options.before, options.after))
    diffs = compare(before, after, files=files)
    if options.format == "json":
        _print_json(diff_as_json(diffs, options.lang))
    else:
        _print(diff_as_text(diffs, options.lang))
    return int(options.exit_code and is_changed(diffs))


def _moments(name: str) -> dict[str, Moment]:
    """The hosts of a directory, or the one whose file this is; problems go to stderr."""
    path = Path(name)
    if path.is_file():
        found, problems = _read_file(path)
        _report((*problems, *(d for capture in found for d in capture.parsed.diagnostics)))
        if problems:
            raise Failure(f"cannot read {name}")
        host, siblings = store.load_host(path.parent)
        return {path.name: moment(correlate(host, siblings), found, host.hints.pipeline)}
    target = store.load_target(path)
    if not target.hosts:
        _report(target.diagnostics)
        raise Failure(f"nothing to compare in {name}")
    _report((*target.diagnostics, *(d for host in target.hosts for d in host.diagnostics)))
    return {
        host.name: moment(
            correlate(host, target.siblings(host)), host.captures, host.hints.pipeline
        )
        for host in target.hosts
    }


def _networks(paths: Iterable[str]) -> tuple[Network, ...]:
    """The models of all hosts that the paths name; what is wrong with them goes to stderr."""
    networks: dict[str, Network] = {}
    problems: list[Diagnostic] = []
    for path in paths:
        target = store.load_target(Path(path), hide=True)
        if not target.hosts:
            _report(target.diagnostics)
            raise Failure(f"nothing to draw in {path}")
        found, judged = correlate_target(target)
        networks |= {network.key: network for network in found}
        problems += target.diagnostics
        problems += (problem for host in target.hosts for problem in host.diagnostics)
        problems += judged.kept
    _report({str(problem): problem for problem in problems}.values())
    return tuple(networks.values())


def _told(scene: Scene, options: argparse.Namespace) -> Scene:
    """The scene as programs get it: every guest, unless the user asks for less."""
    return collapsed(scene).scene if options.collapse else scene


def _picture(scene: Scene, suffix: str, options: argparse.Namespace) -> bytes:
    language = options.lang
    if suffix == ".json":
        return _encoded(
            json.dumps(_told(scene, options).to_json(), ensure_ascii=False, indent=2) + "\n"
        )
    if suffix == ".dot":
        return _encoded(write_dot(_told(scene, options)))
    words = Translator(language).text
    scene, layout = picture(scene, words, direction=options.direction, collapse=options.collapse)
    if suffix == ".drawio":
        return _encoded(write_drawio(scene, layout, title=words(describe.title(scene))))
    if options.legend:
        layout = with_legend(layout, words)
    font = pick_font("".join(layout.texts))
    svg = paint_svg(
        layout,
        mode="static",
        words=words,
        prefix="",
        lang=language,
        title=words(describe.title(scene)),
        description=words(describe.description(scene)),
        font=font.family,
    )
    return _converted(svg, font, suffix)


def _converted(svg: str, font: Font, suffix: str) -> bytes:
    """A static SVG as the kind of file that ``suffix`` says."""
    if suffix == ".svg":
        return _encoded(svg)
    if font.font_missing:
        _say(f"{Code.FONT_MISSING.value}: {WORDING[Code.FONT_MISSING].text}")
    if suffix == ".png":
        try:
            return to_png(svg).data
        except ModuleNotFoundError as error:
            raise Failure("PNG needs resvg-py (pip install resvg-py)") from error
        except ValueError as error:
            raise Failure(f"resvg cannot draw the picture: {error}") from error
    pdf = to_pdf(svg)
    if pdf is None:
        raise Failure("PDF needs rsvg-convert (apt-get install librsvg2-bin) or CairoSVG")
    return pdf


# flows


def _flows(options: argparse.Namespace) -> int:
    if (listing := _listing(options.target)) is not None:
        return _logical_flows(listing, options)
    dump = _dump(options.target)
    _report(d for capture in dump.captures for d in capture.parsed.diagnostics)
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
        _print_json({"flows": found})
    else:
        write = flows_as_text if options.format == "text" else flows_as_markdown
        _print(write(dump.flows, names, pipeline, words, table=options.table))
    return 0


def _listing(target: str) -> Listing | None:
    """The logical flows of a file; None when the target is something else, or cannot be read."""
    path = Path(target)
    if not path.is_file():
        return None
    captures, _ = _read_file(path)
    home = _host(path.parent) if store.is_host(path.parent) else None
    if home is None:
        return listing_of(captures, captures, None)
    return listing_of(captures, home[0].captures, home[1])


def _logical_flows(listing: Listing, options: argparse.Namespace) -> int:
    _report(listing.capture.parsed.diagnostics)
    if options.table is not None and all(flow.table != options.table for flow in listing.flows):
        raise Failure(f"{options.target} has no flows in table {options.table}")
    words = Translator(options.lang)
    if options.format == "json":
        _print_json(lflows_as_json(listing, words, table=options.table))
    else:
        write = lflows_as_text if options.format == "text" else lflows_as_markdown
        _print(write(listing, words, table=options.table))
    return 0


def _dump(target: str) -> Dump:
    """The flows of a file, or of a bridge: the last colon parts host and bridge."""
    path = Path(target)
    directory, colon, bridge = target.rpartition(":")
    if colon and not path.exists() and store.is_host(Path(directory)):
        host, network = _host(Path(directory))
        dumps = dumps_of_host(host.captures, network, host.hints.pipeline)
        if bridge not in dumps:
            known = ", ".join(dumps) or "none"
            raise Failure(f"no flows of {bridge!r} in {directory}; there are those of: {known}")
        return dumps[bridge]
    captures, problems = _read_file(path)
    if problems:
        _report(problems)
        raise Failure(f"cannot read {target}")
    home = _host(path.parent) if store.is_host(path.parent) else None
    choice = choose(captures, home[1] if home else None)
    if choice is None:
        raise Failure(f"{target} holds no flows")
    if choice.other_dumps or choice.other_bridges:
        line = choice.capture.source.place(choice.capture.source.start)[0] - 1
        of_bridge = f" of {choice.bridge}" if choice.bridge else ""
        _say(f"{target}: several dumps; this is the one{of_bridge} at line {max(line, 1)}")
    if home is None:
        return dump_of_capture(choice.capture, captures, None, None)
    host, network = home
    return dump_of_capture(choice.capture, host.captures, network, host.hints.pipeline)


def _host(directory: Path) -> tuple[store.Host, Network]:
    target = store.load_target(directory, hide=True)
    host = target.hosts[0]
    return host, correlate(host, target.siblings(host))


# pipeline


def _pipeline(options: argparse.Namespace) -> int:
    if (listing := _listing(options.target)) is not None:
        _report(listing.capture.parsed.diagnostics)
        picture = stage_picture(listing.flows, listing.names)
    else:
        dump = _dump(options.target)
        _report(d for capture in dump.captures for d in capture.parsed.diagnostics)
        picture = table_picture(dump.flows, dump.names, dump.pipeline)
    if options.output is None:
        _print(dot_text(picture, Translator(options.lang).text))
        return 0
    try:
        data = _graph(picture, options.output.suffix.lower(), options.lang)
        write_file(options.output, data)
    except OSError as error:
        raise Failure(f"cannot write {options.output}: {error.strerror or error}") from error
    return 0


def _graph(picture: TablePicture, suffix: str, language: str) -> bytes:
    say = Translator(language).text
    if suffix == ".dot":
        return _encoded(dot_text(picture, say))
    if suffix == ".json":
        told = graph_json(picture, say)
        return _encoded(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    try:
        layout = lay_out_tables(picture, say)
    except NoEngine as error:
        code = Code.NO_GRAPH_ENGINE
        raise Failure(f"{code.value}: {WORDING[code].text}") from error
    if layout.engine == "dot":
        _say("no pygraphviz here: the system's dot orders the graph")
    font = pick_font(layout.written)
    svg = paint_tables(
        picture,
        layout,
        mode="static",
        say=say,
        prefix="",
        lang=language,
        title=say(graph_words.title(picture)),
        description=say(graph_words.description(picture, say)),
        font=font.family,
    )
    return _converted(svg, font, suffix)


# trace


def _trace(options: argparse.Namespace) -> int:
    directory, colon, bridge = options.target.rpartition(":")
    if not colon or not store.is_host(Path(directory)):
        raise Failure(f"{options.target} is no HOST:BRIDGE and no HOST:DATAPATH")
    host, network = _host(Path(directory))
    switch = switch_of_host(host.captures, network)
    words = Translator(options.lang)
    southbound = southbound_of(network)
    state = southbound.state
    if bridge not in switch.bridges:
        if bridge not in state.by_name:
            known = ", ".join([*switch.bridges, *(one.title for one in state.datapaths)]) or "none"
            raise Failure(f"no bridge or datapath {bridge!r} in {directory}; there are: {known}")
        return _trace_logical(options, southbound, bridge, words)
    if bridge in state.by_name:
        _say(f"{bridge} is a bridge and a datapath: the bridge is taken")

    def answer(text: str, chosen: argparse.Namespace) -> Trace:
        packet = parse_packet(text, switch.bridges[bridge].numbers)
        states = chosen.ct_next or options.ct_next
        return trace(switch, switch.bridges[bridge], packet, states)

    if options.packet == "-":
        return _answer_lines(
            lambda text, chosen: trace_as_json(answer(text, chosen), words),
            PacketError,
            packet_error,
            words,
        )
    try:
        found = answer(options.packet, options)
    except PacketError as error:
        told = f"PACKET:1:{error.column}: {error.code}: {words.text(packet_error(error))}"
        raise Failure(told) from error
    if options.format == "json":
        _print_json(trace_as_json(found, words))
    else:
        dumps = dumps_of_host(host.captures, network, host.hints.pipeline)
        _print(trace_as_text(found, dumps, network, words))
    return 0


def _trace_logical(
    options: argparse.Namespace, southbound: Southbound, name: str, words: Translator
) -> int:
    state = southbound.state
    datapath = state.datapath(name)
    if datapath is None:
        raise Failure(f"{name} is more than one datapath; say its UUID")

    def answer(text: str, chosen: argparse.Namespace) -> LogicalTrace:
        packet = arriving(datapath, text)
        states = chosen.ct or options.ct
        destination = chosen.lb_dst or options.lb_dst
        select = options.select_id if chosen.select_id is None else chosen.select_id
        return logical_trace(
            state, datapath, packet, LogicalOptions(tuple(states), destination, select)
        )

    if options.packet == "-":
        return _answer_lines(
            lambda text, chosen: logical_trace_as_json(answer(text, chosen), words),
            MicroflowError,
            microflow_error,
            words,
        )
    try:
        found = answer(options.packet, options)
    except MicroflowError as error:
        told = f"MICROFLOW:1:{error.column}: {error.code}: {words.text(microflow_error(error))}"
        raise Failure(told) from error
    if options.format == "json":
        _print_json(logical_trace_as_json(found, words))
    else:
        _print(logical_trace_as_text(found, southbound.names, words))
    return 0


# Both say their column, a code, and what fills the code's words.
_Refused = TypeVar("_Refused", PacketError, MicroflowError)


def _answer_lines(
    answer: Callable[[str, argparse.Namespace], dict[str, Any]],
    refused: type[_Refused],
    reason: Callable[[_Refused], Message],
    words: Translator,
) -> int:
    """Packets from stdin, each answered by a line of JSON before the next is read.

    ``answer`` raises ``refused`` for a packet that it cannot read; ``reason`` says why.
    """
    parser = argparse.ArgumentParser(prog="options", exit_on_error=False, add_help=False)
    _add_trace_options(parser)
    status = 0
    for number, line in enumerate(_stdin(), 1):
        text, *extra = line.rstrip("\r\n").split("\t")
        if not text.strip():
            continue
        try:
            options, unknown = parser.parse_known_args(extra)
            if unknown:
                raise argparse.ArgumentError(None, f"unknown options: {' '.join(unknown)}")
            told = answer(text, options)
        except refused as error:
            message = words.text(reason(error))
            _say(f"-:{number}:{error.column}: {error.code}: {message}")
            told = {"error": message, "column": error.column}
            status = 1
        except argparse.ArgumentError as error:
            _say(f"-:{number}:{len(text) + 1}: usage: {error}")
            told = {"error": str(error), "column": len(text) + 1}
            status = 1
        _print_json(told, indent=None)
        sys.stdout.buffer.flush()
    return status


def _stdin() -> TextIO:
    """Standard input, whose bytes are read as those of captures, whatever the locale says."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    return sys.stdin


# check


def _check(options: argparse.Namespace) -> int:
    problems = [problem for path in options.paths for problem in _problems(Path(path))]
    unique = {str(problem): problem for problem in problems}
    _report(unique.values())
    mild = () if options.strict else (Code.SECRET, Code.UNRECOGNISED)
    return int(any(problem.code not in mild for problem in unique.values()))


def _problems(path: Path) -> Iterator[Diagnostic]:
    """Everything wrong with a file, or with the hosts of a directory, in the order of the text.

    A directory of scenarios is all of them.
    """
    if path.is_file():
        captures, unread = _read_file(path)
        yield from unread
        yield from _problems_of(captures)
        return
    inside = sorted(one for one in path.iterdir() if one.is_dir()) if path.is_dir() else []
    if inside and not store.is_host(path) and not store.is_scenario(path):
        for one in inside:
            yield from _problems(one)
        return
    target = store.load_target(path, hide=True)
    yield from target.diagnostics
    for host in target.hosts:
        yield from host.diagnostics
        yield from _problems_of(host.captures)
    yield from correlate_target(target)[1].kept


def _problems_of(captures: Iterable[Capture]) -> Iterator[Diagnostic]:
    for capture in captures:
        yield from capture.parsed.diagnostics
        if (secret := secrets_of(capture)) is not None:
            yield secret
        if capture.recognised == "none" and capture.source.window.strip():
            span = capture.command.span if capture.command else Span(*[capture.source.start] * 2)
            yield Diagnostic(Code.UNRECOGNISED, capture.source, span)


# redact


def _redact(options: argparse.Namespace) -> int:
    if not options.path.exists():
        raise Failure(f"cannot read {options.path}: no such file or directory")
    inside = options.path if options.path.is_dir() else options.path.parent
    if options.output.resolve().is_relative_to(inside.resolve()):
        raise Failure(f"{options.output} is inside {inside}: name another directory")
    key = secrets.token_bytes(32) if options.key is None else options.key.encode()
    pseudonyms = Pseudonyms(key)
    try:
        done = redact(options.path, options.output, pseudonyms, names=options.names)
        if options.map is not None:
            write_map(options.map, pseudonyms)
    except OSError as error:
        raise Failure(f"cannot redact {options.path}: {error.strerror or error}") from error
    for file in done.left_out:
        _say(f"{file}: no capture; not copied")
    _print("".join(f"{file}\n" for file in done.written))
    return 0


# collect


def _collect(options: argparse.Namespace) -> int:
    if options.print_script:
        _print(collect.script())
        return 0
    try:
        return collect.collect(options.output)
    except OSError as error:
        raise Failure(f"cannot run sh: {error.strerror or error}") from error


def _import_sos(options: argparse.Namespace) -> int:
    """What was read as which host, and the files of network plugins that were not."""
    try:
        imported = import_reports(options.tree, options.output)
    except OSError as error:
        raise Failure(f"cannot import {options.tree}: {error}") from error
    if not imported:
        raise Failure(f"no sosreport in {options.tree}: none of its directories has sos_commands")
    for one in imported:
        for name in one.unknown:
            _print(f"not recognised: {one.report / name}\n")
        _print(f"{len(one.captures)} captures in {options.output / one.host}\n")
    return int(not all(one.captures for one in imported))


# output


def _report(diagnostics: Iterable[Diagnostic]) -> None:
    for diagnostic in diagnostics:
        _say(str(diagnostic))


def _say(line: str) -> None:
    print(one_line(line), file=sys.stderr)


def _print_json(value: Any, indent: int | None = 2) -> None:
    """JSON whose strings give no orders to a terminal either: JSON itself escapes below 0x20."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    escaped = _ORDERS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    sys.stdout.buffer.write(_encoded(escaped + "\n"))


_ORDERS = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _print(text: str) -> None:
    """Text for a terminal: what a capture would order it to do is written as ``\\xNN``."""
    sys.stdout.buffer.write(_encoded(re.sub(r"\r(?!\n)", r"\\x0D", shown(text))))


def _encoded(text: str) -> bytes:
    """UTF-8; a byte that was none is written as ``\\udcNN``, which JSON reads as it was."""
    return text.encode("utf-8", "backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
