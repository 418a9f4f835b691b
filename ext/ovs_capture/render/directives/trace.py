"""``ovs-trace``: the way of one packet through the captured flows."""

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from ...diagnostic import Code
from ...diagram.compose import compose
from ...explain.traces import packet_error
from ...trace.expect import Expectation, Malformed, expectation, ports_of_name
from ...trace.openflow import parse_state, trace
from ...trace.packet_text import PacketError, parse_packet
from ...trace.result import Trace, Verdict
from .. import report
from ..captures import Place, Unusable
from ..domain import NAMED, Mention
from ..trace_plain import plain_trace
from ..trace_view import RunRow, TraceView, trace_view
from ..translation import Translator
from . import OvsDirective
from .topology import width_of


class TraceDirective(OvsDirective):
    """Steps, verdict and picture of a packet; ``:expect:`` makes the page's claim a test."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "packet": directives.unchanged_required,
        "ct-next": directives.unchanged_required,
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
            place, bridge = self._place()
            packet = " ".join(self.options.get("packet", "").split())
            if not packet:
                raise Unusable(Code.OPTION, option="packet", reason="there is no packet to trace")
            trace = self._traced(place, bridge, packet)
        except Unusable as problem:
            return self.refuse(problem)
        report.keep(self.env, self.library.diagnostics(place))
        claim = " ".join(self.options.get("expect", "").split())
        holds = self._judged(claim, trace.verdict, place)
        anchor = self.anchor("trace", place.key, bridge)
        view = self._view(trace, place, anchor, claim, holds)
        self.note_mentions(list(_mentions(view)))
        return [self.node(view, anchor, plain_trace(view))]

    def _place(self) -> tuple[Place, str]:
        """The host and the bridge at which the packet arrives."""
        host, colon, bridge = self.target.rpartition(":")
        if not colon or not self.library.is_host(host):
            raise Unusable(Code.TARGET, reason=f"{self.target!r} is no HOST:BRIDGE")
        place = self.library.place(self.env, host)
        bridges = self.library.switch(place).bridges
        if bridge not in bridges:
            known = ", ".join(bridges) or "none"
            raise Unusable(
                Code.TARGET, reason=f"no bridge {bridge!r} in {host}; there are: {known}"
            )
        if bridges[bridge].dump is None:
            raise Unusable(Code.TARGET, reason=f"no flows of {bridge!r} in {host}")
        return place, bridge

    def _traced(self, place: Place, bridge: str, packet: str) -> Trace:
        switch = self.library.switch(place)
        at = switch.bridges[bridge]
        try:
            parsed = parse_packet(packet, at.numbers)
        except PacketError as problem:
            reason = Translator("en").text(packet_error(problem))
            told = f"column {problem.column}: {reason}"
            raise Unusable(Code.PACKET, packet=packet, reason=told) from problem
        return trace(switch, at, parsed, self._states())

    def _states(self) -> list[int]:
        """What ``:ct-next:`` says that the connection tracker finds, each time it is asked."""
        found = []
        for word in self.options.get("ct-next", "").split():
            state = parse_state(word)
            if state is None:
                self.warn_option("ct-next", f"{word!r} is no state of connection tracking")
                break
            found.append(state)
        return found

    def _judged(self, claim: str, verdict: Verdict, place: Place) -> bool:
        """Whether the claim of ``:expect:`` holds; that it does not is a warning."""
        if not claim:
            return True
        try:
            expected: Expectation = expectation(
                claim, lambda name: ports_of_name(place.network, name)
            )
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


def verdict_words(verdict: Verdict) -> str:
    """A verdict in the form of ``:expect:``, so that an author can copy it."""
    if verdict.kind == "output":
        return f"output {', '.join(verdict.ports)}"
    if verdict.kind == "drop" and verdict.dropped_in is not None:
        bridge, table = verdict.dropped_in
        return f"drop in table {table} of {bridge}"
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
