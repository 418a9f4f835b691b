"""``ovs-ofctl dump-flows BRIDGE``: the flow entries of a bridge.

Commands: ``ovs-ofctl [-O VERSION] [--names] [--no-stats] [--sort[=FIELD]] [-m] dump-flows BRIDGE
[FLOW]`` and ``ovs-appctl bridge/dump-flows BRIDGE``. Printers: lib/ofp-flow.c
ofputil_flow_stats_format(), ofproto/ofproto.c flow_stats_ds().

    NXST_FLOW reply (xid=0x4):
     cookie=0x0, duration=1.2s, table=0, n_packets=8, n_bytes=648, idle_age=11, actions=NORMAL
     cookie=0x0, duration=1.2s, table=16, n_packets=0, n_bytes=0, priority=0,reg6=0x2 actions=drop
     table=71, priority=95,arp,reg5=0x3,arp_spa=172.16.0.112 actions=resubmit(,94)
    table_id=254, duration=18s, n_packets=0, n_bytes=0, priority=2,recirc_id=0,actions=drop

    dump   = *(header / flow)
    header = ("NXST_FLOW" / "OFPST_FLOW") " reply" [" (" version ")"] " (xid=" hex "):"
             [" flags=[more]"]
    flow   = *(key "=" value ", ") *(flag " ") *(key "=" value ", ") ["priority=" number [","]]
             [match] (" " / ",") "actions=" actions

No priority is 32768, no table is table 0. A header is printed only with statistics, unsorted and
with port numbers. A flow may be wrapped over several lines, by a person or by a terminal: a line is
the next flow's when it holds "actions=" and the flow before it is complete, or begins as a flow
does. Empty lines may stand inside a flow that is not complete. Matches and actions are read in
``openflow``.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, count, repeat
from operator import add, ne
from typing import Any

from ..diagnostic import Code, Diagnostic
from ..grammar import Problem
from ..openflow.actions import action_tokens, parse_actions, plain_actions
from ..openflow.flow import Flow
from ..openflow.match import match_tokens, parse_match, plain_matches
from ..openflow.text import Unwrapped, has_noise, split_items, unwrap
from ..openflow.values import decimal
from ..source import Source, Span
from .base import (
    ELISION,
    Entry,
    Format,
    Kind,
    Mark,
    Parsed,
    Record,
    collector_paused,
    unknown_line,
    unknown_token,
)
from .command import Command
from .ofp_reply import KINDS, SOCKET, begins_with

NAME = "ovs_ofctl_dump_flows"
DEFAULT_PRIORITY = 32768  # OFP_DEFAULT_PRIORITY, which match_format() does not print


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowHeader(Record):
    """``NXST_FLOW reply (xid=0x4):`` or ``OFPST_FLOW reply (OF1.3) (xid=0x2):``."""

    version: str | None = None


# An editor may have put a byte order mark before everything.
_INDENT = r"[\ \t\ufeff]*"
HEADER = re.compile(
    rf"{_INDENT}(?:NXST|OFPST)_FLOW reply(?: \((?P<version>OF1\.\d)\))? \(xid=0x[0-9a-f]+\):"
    r"(?: flags=\[more\])?[ \t\r]*"
)
_KEYS = (
    "cookie", "duration", "table", "table_id", "n_packets", "n_bytes", "n_offload_packets",
    "n_offload_bytes", "idle_timeout", "hard_timeout",
)  # fmt: skip
_LATE_KEYS = ("importance", "idle_age", "hard_age")
_KNOWN_KEYS = {*_KEYS, *_LATE_KEYS}
_KEY = f"(?:{'|'.join(_KEYS)})"
_LATE_KEY = f"(?:{'|'.join(_LATE_KEYS)})"
# A key of a version that we do not know: only a statistic has a blank after its comma.
_OTHER_KEY = rf"(?!priority|{_LATE_KEY}|actions)[a-z]\w*"
_FLAG = r"(?:send_flow_rem|check_overlap|reset_counts|no_packet_counts|no_byte_counts)"
_VALUE = r'(?:"(?:[^"\\]|\\.)*+"|[^\s,"]*)'
# Repetitions are possessive: a line that is no flow is given up at once.
FLOW = re.compile(
    rf"""
    {_INDENT}
    (?P<statistics> (?:{_KEY}={_VALUE},[ ]?|{_OTHER_KEY}={_VALUE},[ ])*+ )
    (?P<flags>      (?:{_FLAG}[ ])*+ )
    (?P<late>       (?:{_LATE_KEY}=[0-9]+,[ ]?)*+ )
    (?:priority=(?P<priority>[0-9]{{1,9}}),?)?
    (?P<match>      (?:[^\s",a]++|(?!,?actions=)[,a]|"(?:[^"\\]|\\.)*+")*+ )
    [ ,]?actions=
    (?P<actions>    (?:.*[^ \t\r\n])? )
    [ \t\r]*
    """,
    re.VERBOSE,
)
# What ``FLOW`` finds in a line as most dumps have it, found in a tenth of the time.
_USUAL = re.compile(
    r"""
    ^[ ]cookie=(0x[0-9a-f]++),[ ]duration=([0-9.]++s),[ ]table=([0-9]{1,20}+),
    [ ]n_packets=([0-9]++),[ ]n_bytes=([0-9]++),[ ](?:idle_age=([0-9]++),[ ])?
    (?:priority=([0-9]{1,9}+)(?![0-9]),?)?([!-~]*+)[ ]actions=([!-~]++)\n
    """,
    re.VERBOSE | re.MULTILINE,
)
_MATCH = 8  # the number of its group
# So many characters are read at once: what is made on the way stays in the processor's cache.
_PART = 1 << 17
_STATISTIC = re.compile(rf"(?P<key>[a-z]\w*)=(?P<value>{_VALUE})")
# What only the beginning of a flow looks like, even inside an action list that is not closed.
_CERTAIN_START = re.compile(
    rf"{_INDENT}(?:cookie=0x[0-9a-f]+, ?duration=|(?:table_id=\d+, )?duration=[\d.]+s, n_packets=)"
)
_START = re.compile(
    rf"{_INDENT}(?:{_KEY}={_VALUE},(?:[ \t]|\r?$)|priority=[0-9]+(?:[,\s]|$)|{_FLAG}[ ])"
)
# Lines of other origin: what ovs-ofctl and its log print on standard error.
_FOREIGN = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d|\S*ovs-\w+ctl: |[0-9a-f]{8}  (?:[0-9a-f]{2}[ -]){4}"
)
_DETECT = re.compile(
    rf"{_INDENT}(?:(?:NXST|OFPST)_FLOW reply|cookie=0x[0-9a-f]+, duration=[\d.]+s,"
    rf"|(?:{_KEY}={_VALUE}, )*(?:{_KEY}={_VALUE}, |priority=[0-9]+)[^\s]*[ ,]?actions=\S)"
)


def _is_dump(command: Command) -> bool:
    return _bridge_word(command) is not None


def _bridge_word(command: Command) -> str | None:
    """The word that names the switch; ``""`` when the command line stops before it."""
    words = command.words
    if command.program == "ovs-ofctl" and "dump-flows" in words:
        rest = words[words.index("dump-flows") + 1 :]
    elif command.program == "ovs-appctl" and "bridge/dump-flows" in words:
        rest = words[words.index("bridge/dump-flows") + 1 :]
    else:
        return None
    after_option = iter(rest)
    for word in after_option:
        if word in ("-O", "-F", "-t", "--protocols", "--flow-format", "--target", "--timeout"):
            next(after_option, None)
        elif not word.startswith("-"):
            return word
    return ""


def bridge_of(command: Command | None) -> str | None:
    """The bridge whose flows a command dumps; None when it says none.

    ``unix:/run/openvswitch/br-int.mgmt`` is br-int: ovs-vswitchd names the socket by the bridge.
    """
    word = None if command is None else _bridge_word(command)
    if not word:
        return None
    if socket := SOCKET.fullmatch(word):
        return socket["bridge"]
    return None if re.match(r"(?:tcp|ssl|unix):", word) else word


# Calls of a NamedTuple's own constructor cost twice as much.
_new_tuple: Callable[[type[Any], tuple[object, ...]], Any] = tuple.__new__


class _Numbers(dict[str | None, int]):
    """Tables and priorities, of which there are few; no priority is the default."""

    def __missing__(self, text: str | None) -> int:
        found = self[text] = DEFAULT_PRIORITY if text is None else int(text)
        return found


# So many lines a flow may have behind its first empty line: bounds what is read twice.
_MOST_AFTER_GAP = 32
# And so many in all: whether a flow goes on is asked again of all its lines with each of them.
_MOST_LINES = 400


@dataclass(slots=True)
class _Reader:
    """One dump being read.

    ``tables``: numbers of named tables. ``start``, ``end``: the flow that is being collected,
    ``start`` None when there is none; ``complete``: its "actions=" was seen; ``gap``: where it ends
    when the empty line behind it is its end after all; ``since``: lines collected after the gap.
    """

    source: Source
    records: list[Entry]
    diagnostics: list[Diagnostic]
    tables: dict[str, int]
    elided: bool = False
    start: int | None = None
    end: int = 0
    complete: bool = False
    gap: int | None = None
    since: int = 0

    def line(self, offset: int, line: str) -> None:
        end = offset + len(line)
        has_actions = "actions=" in line
        if self.start is not None:
            if self.gap is None and not line.strip() and self._is_open():
                self.gap, self.since = self.end, 0
            if self.gap is not None and not line.strip():
                return
            if self._continues(line, has_actions):
                self.end = end
                self.since += 1
                self.complete = self.complete or has_actions
                return
            self.flush()
        if has_actions or _START.match(line) or _starts_coloured(line):
            self.start, self.end, self.complete = offset, end, has_actions
            self.since = 0
        elif header := HEADER.fullmatch(line):
            self.records.append(FlowHeader(version=header["version"], span=Span(offset, end)))
        elif ELISION.fullmatch(line):
            self.elided = True
        elif line.strip():
            self.diagnostics.append(unknown_line(self.source, Span(offset, end), NAME))

    def part(self, position: int, stop: int) -> None:
        """Read whole lines, of which most need no second look.

        A flow ends where the next one begins for certain, and something wrong is told in one way
        only: what is not followed by a usual line, or has a problem, is read with care.
        """
        found = list(_USUAL.finditer(self.source.text, position, stop))
        starts = [line.start() for line in found]
        ends = [line.end() for line in found]
        flows, problems = _usual_flows(found)
        not_followed = compress(count(), map(ne, ends, [*starts[1:], -1]))
        first = 0
        for index in sorted({*not_followed, *problems}):
            if first < index:
                self.lines(position, starts[first])
                self.flush()
                self.records.extend(flows[first:index])
                position = starts[index]
            self.lines(position, ends[index])
            position, first = ends[index], index + 1
        self.lines(position, stop)

    def lines(self, position: int, stop: int) -> None:
        """Read lines with all care that there is."""
        text = self.source.text
        while position < stop:
            newline = text.find("\n", position, stop)
            end = stop if newline < 0 else newline
            self.line(position, text[position:end])
            position = end + 1

    def _continues(self, line: str, has_actions: bool) -> bool:
        """Does the line belong to the flow before it?"""
        assert self.start is not None
        if (
            not line.strip()
            or _FOREIGN.match(line)
            or HEADER.match(line)
            or ELISION.fullmatch(line)
        ):
            return False
        if self.since >= (_MOST_LINES if self.gap is None else _MOST_AFTER_GAP):
            return False
        if not self.complete:
            return not _CERTAIN_START.match(line)
        if has_actions or _CERTAIN_START.match(line):
            return False
        if self._is_open():
            # Behind an empty line words are a text of their own.
            return self.gap is None or not re.search(r"\s", line.strip())
        if self.gap is not None:
            return False
        if line[0] in " \t":
            return not _START.match(line)
        return self._terminal_wrapped(line)

    def _is_open(self) -> bool:
        """Does the flow lack its actions, or the end of their list?"""
        if not self.complete:
            return True
        collected = self.source.text[self.start : self.end].rstrip()
        actions = collected.rpartition("actions=")[2]
        if actions.endswith((",", "(", "->", ":")):
            return True
        if '"' not in actions:
            return actions.count("(") != actions.count(")")
        return not split_items(actions).balanced

    def _terminal_wrapped(self, line: str) -> bool:
        """Is the line what a terminal of ``width`` columns put below a line that it cut?"""
        newline = self.source.text.rfind("\n", self.source.start, self.end)
        last_line = self.end - (self.source.start if newline < 0 else newline + 1)
        return last_line == _terminal_width(self.source) and not re.search(r"\s", line.rstrip("\r"))

    def flush(self) -> None:
        """All that is collected is read; what was behind a gap may begin again."""
        while self.start is not None:
            self._flush()

    def _flush(self) -> None:
        """The collected lines are one flow, or lines that we do not know."""
        assert self.start is not None
        span, gap = Span(self.start, self.end), self.gap
        self.start = self.gap = None
        flow = self._flow(span)
        if flow is not None:
            self.records.append(flow)
        elif gap is not None and gap < span.end:
            # The empty line was the flow's end.
            self.start, self.end = span.start, gap
            self.complete = "actions=" in self.source.text[span.start : gap]
            self._flush()
            for offset, line in self.source.part(Span(gap + 1, span.end)).lines():
                self.line(offset, line)
        elif not self.complete:
            self.diagnostics.append(
                Diagnostic(Code.TRUNCATED, self.source, span, {"what": "a flow"})
            )
        else:
            for offset, line in self.source.part(span).lines():
                at = Span(offset, offset + len(line))
                self.diagnostics.append(unknown_line(self.source, at, NAME))

    def _flow(self, span: Span) -> Flow | None:
        text = self.source.text[span.start : span.end]
        joined: Unwrapped | None = None
        if has_noise(text):
            joined = unwrap(text)
            found = FLOW.fullmatch(joined.text)
        else:
            found = FLOW.fullmatch(text)
        if found is None:
            return None
        statistics = dict(_STATISTIC.findall(found["statistics"]))
        if found["late"]:
            statistics.update(_STATISTIC.findall(found["late"]))
        if not statistics.keys() <= _KNOWN_KEYS:
            self._unknown_statistics(span, found, joined)
        table, table_name = self._table(statistics)
        match_start, match_end = found.span("match")
        actions_start, actions_end = found.span("actions")
        if joined is not None:
            match_start, match_end = joined.place(match_start, match_end)
            actions_start, actions_end = joined.place(actions_start, actions_end)
        match, match_problems = parse_match(text[match_start:match_end])
        actions, action_problems = parse_actions(text[actions_start:actions_end])
        self._report(match_problems, span.start + match_start)
        self._report(action_problems, span.start + actions_start)
        priority = found["priority"]
        return Flow(
            span=span,
            table=table,
            table_name=table_name,
            priority=DEFAULT_PRIORITY if priority is None else int(priority),
            match=match,
            match_start=span.start + match_start,
            actions=actions,
            actions_start=span.start + actions_start,
            statistics=statistics,
            flags=tuple(found["flags"].split()),
        )

    def _unknown_statistics(
        self, span: Span, found: re.Match[str], joined: Unwrapped | None
    ) -> None:
        for statistic in _STATISTIC.finditer(found.string, *found.span("statistics")):
            if statistic["key"] not in _KNOWN_KEYS:
                start, end = statistic.span("key")
                if joined is not None:
                    start, end = joined.place(start, end)
                at = Span(span.start + start, span.start + end)
                self.diagnostics.append(unknown_token(self.source, at, NAME))

    def _table(self, statistics: dict[str, str]) -> tuple[int, str | None]:
        """Number and name. A dump that names tables does not number them: each gets one below 0."""
        text = statistics.pop("table", None) or statistics.pop("table_id", "0")
        number = decimal(text)
        if number is not None:
            return number, None
        name = text.strip('"')
        return self.tables.setdefault(name, -1 - len(self.tables)), name

    def _report(self, problems: tuple[Problem, ...], offset: int) -> None:
        for code, start, end, args in problems:
            span = Span(offset + start, offset + end)
            self.diagnostics.append(Diagnostic(code, self.source, span, args))


def _usual_flows(found: Sequence[re.Match[str]]) -> tuple[list[Flow], list[int]]:
    """The flows of usual lines, and which of them have problems.

    Column by column: what is done to all values of a kind at once needs no step of Python for each.
    """
    if not found:
        return [], []
    (
        cookies, durations, tables, packets, octets, idle_ages, priorities,
        match_texts, action_texts,
    ) = zip(*map(re.Match.groups, found), strict=True)  # fmt: skip
    matches, match_problems = zip(*plain_matches.read(match_texts), strict=True)
    lists, list_problems = zip(*map(plain_actions.__getitem__, action_texts), strict=True)
    statistics = [
        {"cookie": cookie, "duration": duration, "n_packets": n_packets, "n_bytes": n_bytes}
        if idle_age is None else
        {"cookie": cookie, "duration": duration, "n_packets": n_packets, "n_bytes": n_bytes,
         "idle_age": idle_age}
        for cookie, duration, n_packets, n_bytes, idle_age
        in zip(cookies, durations, packets, octets, idle_ages, strict=True)
    ]  # fmt: skip
    numbers = _Numbers().__getitem__
    columns = zip(
        [_new_tuple(Span, (line.start(), line.end() - 1)) for line in found],
        map(numbers, tables),
        repeat(None),
        map(numbers, priorities),
        matches,
        [line.start(_MATCH) for line in found],
        lists,
        [line.start(_MATCH + 1) for line in found],
        statistics,
        repeat(()),
        strict=False,
    )
    with_problems = [*compress(count(), map(add, match_problems, list_problems))]
    return [*map(_new_tuple, repeat(Flow), columns)], with_problems


def _starts_coloured(line: str) -> bool:
    return "\x1b" in line and bool(_START.match(unwrap(line).text))


@lru_cache(maxsize=4)
def _terminal_width(source: Source) -> int | None:
    """The length of several lines that no line exceeds: a terminal cut them there."""
    lengths = sorted(len(line) for _, line in source.lines())
    return lengths[-1] if len(lengths) > 1 and lengths[-1] == lengths[-2] >= 40 else None


def parse(source: Source) -> Parsed:
    """Flows and headers in order; a line that is neither costs one diagnostic."""
    reader = _Reader(source, [], [], {})
    with collector_paused():
        position = source.start
        while position < source.end:
            newline = source.text.find("\n", position + _PART, source.end)
            stop = source.end if newline < 0 else newline + 1
            reader.part(position, stop)
            position = stop
        reader.flush()
    return Parsed(tuple(reader.records), tuple(reader.diagnostics), (), reader.elided)


# Keys before the match whose value means something; a statistic that is not here is dim as a whole.
_VALUE_KINDS = {
    "cookie": Kind.COOKIE,
    "table": Kind.TABLE,
    "table_id": Kind.TABLE,
    "n_packets": Kind.COUNTER,
    "n_bytes": Kind.COUNTER,
    "n_offload_packets": Kind.COUNTER,
    "n_offload_bytes": Kind.COUNTER,
}


def _head_marks(text: str) -> Iterator[tuple[int, int, Kind, str]]:
    """Marks of what stands before the match: start, end, kind, value."""
    for statistic in _STATISTIC.finditer(text):
        start, end = statistic.span()
        key, value = statistic["key"], statistic["value"]
        kind = _VALUE_KINDS.get(key)
        key_end = statistic.end("key")
        if kind is None and key != "priority":
            yield start, end, Kind.DIM, statistic[0]
            continue
        yield start, key_end, Kind.DIM, key
        name = value.strip('"')
        if kind is not None and name:
            quotes = value.startswith('"')
            yield key_end + 1 + quotes, end - quotes, kind, name


def _flow_marks(source: Source, flow: Flow) -> Iterator[Mark]:
    start = flow.span.start
    head = source.text[start : flow.match_start]
    joined = unwrap(head) if has_noise(head) else None
    for first, last, kind, value in _head_marks(head if joined is None else joined.text):
        place = (first, last) if joined is None else joined.place(first, last)
        yield Mark(Span(start + place[0], start + place[1]), kind, value)
    for first, last, role, value in match_tokens(flow.match.text):
        yield Mark(Span(flow.match_start + first, flow.match_start + last), KINDS[role], value)
    word = source.text.rfind("actions=", start, flow.actions_start)
    if word >= 0:
        yield Mark(Span(word, word + len("actions")), Kind.DIM, "actions")
    for first, last, role, value in action_tokens(flow.actions.text):
        yield Mark(Span(flow.actions_start + first, flow.actions_start + last), KINDS[role], value)


def marks(source: Source, parsed: Parsed) -> tuple[Mark, ...]:
    """The tokens of all flows, sorted and disjoint. Made on demand: dearer than reading."""
    found: list[Mark] = []
    for record in parsed.records:
        if isinstance(record, Flow):
            found.extend(_flow_marks(source, record))
        elif isinstance(record, FlowHeader):
            found.append(Mark(record.span, Kind.DIM, source.slice(record.span)))
    return tuple(found)


FORMAT = Format(
    name=NAME,
    title="flow entries of a bridge",
    parse=parse,
    command=_is_dump,
    detect=begins_with(_DETECT),
    hint=re.compile(r"flows?\b|dump.flows", re.IGNORECASE),
    marks=marks,
)
