"""``ovs-capture trace``: the way of a packet through captured flows."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from .. import store
from ..explain.logical_traces import microflow_error
from ..explain.message import Message
from ..explain.traces import packet_error
from ..subjects.dumps import dumps_of_host
from ..subjects.southbound import (
    Southbound,
    southbound_of,
)
from ..trace.logical.destinations import Destination, parse_destination
from ..trace.logical.microflow import MicroflowError
from ..trace.logical.result import Trace as LogicalTrace
from ..trace.logical.run import Options as LogicalOptions
from ..trace.logical.trace import arriving
from ..trace.logical.trace import trace as logical_trace
from ..trace.openflow import parse_state, trace
from ..trace.packet_text import PacketError, parse_packet
from ..trace.result import Trace
from ..trace.switch import switch_of_host
from ..translation import Translator
from .arguments import add_language
from .logical_trace_text import logical_trace_as_json, logical_trace_as_text
from .streams import Failure, print_json, print_text, say, stdin
from .targets import load_host
from .trace_text import trace_as_json, trace_as_text


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="HOST:BRIDGE|HOST:DATAPATH")
    parser.add_argument(
        "packet",
        metavar="PACKET",
        help="as ofproto/trace, or of a datapath as ovn-trace takes it; -: from stdin, one a line",
    )
    _add_trace_options(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_language(parser)


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


def run(options: argparse.Namespace) -> int:
    directory, colon, bridge = options.target.rpartition(":")
    if not colon or not store.is_host(Path(directory)):
        raise Failure(f"{options.target} is no HOST:BRIDGE and no HOST:DATAPATH")
    host, network = load_host(Path(directory))
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
        say(f"{bridge} is a bridge and a datapath: the bridge is taken")

    def answer(text: str, chosen: argparse.Namespace) -> Trace:
        packet = parse_packet(text, switch.bridges[bridge].numbers)
        states = chosen.ct_next or options.ct_next
        return trace(switch, switch.bridges[bridge], packet, states)

    def as_text(found: Trace) -> str:
        dumps = dumps_of_host(host.captures, network, host.hints.pipeline)
        return trace_as_text(found, dumps, network, words)

    wrong = _Wrong("PACKET", PacketError, packet_error)
    return _print_answers(options, words, answer, wrong, trace_as_json, as_text)


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

    def as_text(found: LogicalTrace) -> str:
        return logical_trace_as_text(found, southbound.names, words)

    wrong = _Wrong("MICROFLOW", MicroflowError, microflow_error)
    return _print_answers(options, words, answer, wrong, logical_trace_as_json, as_text)


# Both say their column, a code, and what fills the code's words.
_Refused = TypeVar("_Refused", PacketError, MicroflowError)
_Found = TypeVar("_Found", Trace, LogicalTrace)


@dataclass(frozen=True)
class _Wrong(Generic[_Refused]):
    """What a packet is called, what is raised for one that cannot be read, and how to say why."""

    name: str
    error: type[_Refused]
    reason: Callable[[_Refused], Message]


def _print_answers(
    options: argparse.Namespace,
    words: Translator,
    answer: Callable[[str, argparse.Namespace], _Found],
    wrong: _Wrong[_Refused],
    as_json: Callable[[_Found, Translator], dict[str, Any]],
    as_text: Callable[[_Found], str],
) -> int:
    """The packet of the command line answered, or those of stdin; the exit status."""
    if options.packet == "-":
        return _answer_lines(
            lambda text, chosen: as_json(answer(text, chosen), words), wrong, words
        )
    try:
        found = answer(options.packet, options)
    except wrong.error as error:
        why = words.text(wrong.reason(error))
        raise Failure(f"{wrong.name}:1:{error.column}: {error.code}: {why}") from error
    if options.format == "json":
        print_json(as_json(found, words))
    else:
        print_text(as_text(found))
    return 0


def _answer_lines(
    answer: Callable[[str, argparse.Namespace], dict[str, Any]],
    wrong: _Wrong[_Refused],
    words: Translator,
) -> int:
    """Packets from stdin, each answered by a line of JSON before the next is read."""
    parser = argparse.ArgumentParser(prog="options", exit_on_error=False, add_help=False)
    _add_trace_options(parser)
    status = 0
    for number, line in enumerate(stdin(), 1):
        text, *extra = line.rstrip("\r\n").split("\t")
        if not text.strip():
            continue
        try:
            options, unknown = parser.parse_known_args(extra)
            if unknown:
                raise argparse.ArgumentError(None, f"unknown options: {' '.join(unknown)}")
            told = answer(text, options)
        except wrong.error as error:
            message = words.text(wrong.reason(error))
            say(f"-:{number}:{error.column}: {error.code}: {message}")
            told = {"error": message, "column": error.column}
            status = 1
        except argparse.ArgumentError as error:
            say(f"-:{number}:{len(text) + 1}: usage: {error}")
            told = {"error": str(error), "column": len(text) + 1}
            status = 1
        print_json(told, indent=None)
        sys.stdout.buffer.flush()
    return status
