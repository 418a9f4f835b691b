"""``ovs-trace``: the way of one packet through the captured flows."""

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from ...diagnostic import Code
from ...diagram.compose import compose
from ...explain.logical_traces import microflow_error
from ...explain.traces import packet_error
from ...trace.expect import Expectation, Malformed, Resolve, expectation, ports_of_name
from ...trace.logical.destinations import Destination, parse_destination
from ...trace.logical.microflow import MicroflowError
from ...trace.logical.result import Verdict as LogicalVerdict
from ...trace.logical.run import Options, state_text
from ...trace.logical.trace import arriving
from ...trace.logical.trace import trace as logical_trace
from ...trace.openflow import parse_state, trace
from ...trace.packet_text import PacketError, parse_packet
from ...trace.result import Trace, Verdict
from ...translation import Translator
from .. import report
from ..library.captures import (
    Place,
    Unusable,
)
from ..links.domain import (
    NAMED,
    Mention,
)
from ..trace.logical_view import logical_trace_view
from ..trace.plain import plain_trace
from ..trace.view import (
    RunRow,
    TraceView,
    trace_view,
)
from . import OvsDirective
from .topology import width_of


class TraceDirective(OvsDirective):
    """Steps, verdict and picture of a packet; ``:expect:`` makes the page's claim a test."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "packet": directives.unchanged_required,
        "ct-next": directives.unchanged_required,
        "ct": directives.unchanged_required,
        "lb-dst": directives.unchanged_required,
        "expect": directives.unchanged_required,
        "alt": directives.unchanged_required,
        "width": directives.unchanged_required,
        "lang": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        try:
            place, name = self._place()
            packet = " ".join(self.options.get("packet", "").split())
            if not packet:
                raise Unusable(Code.OPTION, option="packet", reason="there is no packet to trace")
            claim = " ".join(self.options.get("expect", "").split())
            anchor = self.anchor("trace", place.key, name)
            make = self._openflow if name in self.library.switch(place).bridges else self._logical
            view = make(place, name, packet, claim, anchor)
        except Unusable as problem:
            return self.refuse(problem)
        report.keep(self.env, self.library.diagnostics(place))
        mentions = list(_mentions(view))
        self.note_mentions(mentions)
        self.note_known(view.tips, place, {mention.entity: set() for mention in mentions})
        return [self.node(view, anchor, plain_trace(view))]

    def _place(self) -> tuple[Place, str]:
        """The host, and the bridge or OVN's datapath at which the packet arrives."""
        host, colon, name = self.target.rpartition(":")
        if not colon or not self.library.is_host(host):
            raise Unusable(
                Code.TARGET, reason=f"{self.target!r} is no HOST:BRIDGE or HOST:DATAPATH"
            )
        place = self.library.place(self.env, host)
        assert place.network is not None
        self.library.show_captures(self.env, place.network.captures)
        bridges = self.library.switch(place).bridges
        if name in bridges:
            if bridges[name].dump is None:
                raise Unusable(Code.TARGET, reason=f"no flows of {name!r} in {host}")
            return place, name
        state = self.library.southbound(place).state
        if name not in state.by_name:
            known = ", ".join([*bridges, *(one.title for one in state.datapaths)]) or "none"
            reason = f"no bridge or datapath {name!r} in {host}; there are: {known}"
            raise Unusable(Code.TARGET, reason=reason)
        if state.datapath(name) is None:
            reason = f"{name!r} is more than one datapath in {host}; say its UUID"
            raise Unusable(Code.TARGET, reason=reason)
        return place, name

    # OpenFlow

    def _openflow(
        self, place: Place, bridge: str, packet: str, claim: str, anchor: str
    ) -> TraceView:
        if "lb-dst" in self.options:
            self.warn_option("lb-dst", "OpenFlow's groups choose; only logical flows take it")
        trace = self._traced(place, bridge, packet)
        holds = self._judged(claim, trace.verdict, lambda name: ports_of_name(place.network, name))
        return self._view(trace, place, anchor, claim, holds)

    def _traced(self, place: Place, bridge: str, packet: str) -> Trace:
        switch = self.library.switch(place)
        at = switch.bridges[bridge]
        try:
            parsed = parse_packet(packet, at.numbers)
        except PacketError as problem:
            reason = Translator("en").text(packet_error(problem))
            raise self._bad_packet(packet, problem.column, reason) from problem
        return trace(switch, at, parsed, self._states())

    def _bad_packet(self, packet: str, column: int, reason: str) -> Unusable:
        """A fault at a column, from 1, of the packet; the warning stands where the page has it."""
        said = f"column {column}: {reason}"
        where = self.place_in_option("packet", column - 1)
        return Unusable(Code.PACKET, packet=packet, reason=said, where=where)

    def _states(self) -> list[int]:
        """What ``:ct-next:`` says that the connection tracker finds, each time it is asked.

        ``:ct:``, as ovn-trace calls it, is the same.
        """
        option = "ct-next" if "ct-next" in self.options else "ct"
        found = []
        for word in self.options.get(option, "").split():
            state = parse_state(word)
            if state is None:
                self.warn_option(option, f"{word!r} is no state of connection tracking")
                break
            found.append(state)
        return found

    def _judged(self, claim: str, verdict: Verdict | LogicalVerdict, resolve: Resolve) -> bool:
        """Whether the claim of ``:expect:`` holds; that it does not is a warning."""
        if not claim:
            return True
        try:
            expected: Expectation = expectation(claim, resolve)
        except Malformed as problem:
            self.warn_option("expect", str(problem))
            return False
        if expected.holds(verdict):
            return True
        self.warn(Code.EXPECT, claim=claim, verdict=verdict_words(verdict))
        return False

    def _view(self, trace: Trace, place: Place, anchor: str, claim: str, holds: bool) -> TraceView:
        networks = [] if place.network is None else [place.network]
        return trace_view(
            trace,
            self.library.dumps(place),
            place,
            compose(networks, language=self.language),
            language=self.language,
            anchor=anchor,
            claim=claim,
            holds=holds,
            caption=self.author("caption"),
            packet=" ".join(self.options["packet"].split()),
            redact=self.library.settings.redact,
            alt=self.author("alt"),
            width=width_of(self),
        )

    # OVN

    def _logical(
        self, place: Place, datapath: str, packet: str, claim: str, anchor: str
    ) -> TraceView:
        southbound = self.library.southbound(place)
        state = southbound.state
        at = state.datapath(datapath)
        assert at is not None, "_place has looked"
        try:
            parsed = arriving(at, packet)
        except MicroflowError as problem:
            reason = Translator("en").text(microflow_error(problem))
            raise self._bad_packet(packet, problem.column, reason) from problem
        states = tuple(self._states())
        destination = self._destination()
        trace = logical_trace(state, at, parsed, Options(states, destination))
        words = [f" --ct={state_text(one).replace('|', ',')}" for one in states]
        if destination is not None:
            words.append(f" --lb-dst={self.options['lb-dst'].strip()}")
        return logical_trace_view(
            trace,
            southbound,
            place,
            language=self.language,
            anchor=anchor,
            datapath=datapath,
            packet=packet,
            options="".join(words),
            claim=claim,
            holds=self._judged(claim, trace.verdict, state.ports_named),
            caption=self.author("caption"),
            redact=self.library.settings.redact,
            alt=self.author("alt"),
            width=width_of(self),
        )

    def _destination(self) -> Destination | None:
        """The backend that ``:lb-dst:`` says a load balancer takes."""
        word = self.options.get("lb-dst", "").strip()
        if not word:
            return None
        found = parse_destination(word)
        if found is None:
            self.warn_option("lb-dst", f"{word!r} is no IP[:PORT]")
        return found


def verdict_words(verdict: Verdict | LogicalVerdict) -> str:
    """A verdict in the form of ``:expect:``, so that an author can copy it."""
    if verdict.kind == "output":
        return f"output {', '.join(verdict.ports)}"
    if verdict.kind == "drop" and verdict.dropped_in is not None:
        where, last = verdict.dropped_in
        table = f"table {last}" if isinstance(last, int) else last
        return f"drop in {table} of {where}"
    return verdict.kind


def _mentions(view: TraceView) -> list[Mention]:
    """What the steps name."""
    found = []
    rows = [s for row in view.steps for s in (row.steps if isinstance(row, RunRow) else (row,))]
    for step in rows:
        for pieces in (step.reading, step.purpose, step.raw):
            keys = dict.fromkeys(
                piece.entity for piece in pieces if not isinstance(piece, str) and piece.entity
            )
            found += [Mention(key, step.anchor, NAMED) for key in keys]
    return found
