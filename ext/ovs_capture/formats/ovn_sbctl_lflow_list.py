"""``ovn-sbctl lflow-list [DATAPATH]``: the logical flows of OVN.

Commands: ``ovn-sbctl [--uuid] [--ovs[=REMOTE]] [--stats] [--vflows] lflow-list [DATAPATH]
[LFLOW...]`` and ``ovn-sbctl dump-flows``, which is the same. Printer: utilities/ovn-sbctl.c
cmd_lflow_list() (ovn/utilities/ in OVS 2.5).

    Datapath: "neutron-136d7642" aka "private" (d9323ede-8388-4cd9-83c4-ecb88441d773)  Pipeline: \
ingress
      table=0 (ls_in_check_port_sec), priority=100  , match=(eth.src[40]), action=(drop;)
        table=8 metadata=0x2,dl_src=01:00:00:00:00:00/01:00:00:00:00:00 actions=drop
      uuid=0x99e2545e, table=1 (ls_in_apply_port_sec), priority=0    , match=(1), action=(next;)

    Datapath: 0b214af6-8910-489c-926a-fd0ed16a8251  Pipeline: egress
      table= 7( ls_out_port_sec_l2), priority=   50,
        match=(outport == "39b23721-46f4-4747-af54-7e12f22b3397"),
        action=(output;)

    listing  = *(head / flow / openflow / related)
    head     = "Datapath: " (name ["aka" name] "(" uuid ")" / uuid) "  Pipeline: " pipeline
    flow     = ["uuid=" hex ", "] "table=" number "(" stage "), priority=" number ", match=("
               match "), action=(" actions ")"
    openflow = statistics "table=" number [","] statistics ["priority=" number] match " actions="
               actions
    related  = title ":" *(key "=" value ", ")

``openflow`` with ``--ovs``: the flows below a logical flow are what its chassis made of it.
``related`` with ``--vflows``, behind all flows. The stage is written in blanks so that it fills 19
columns, left of it until OVS 2.6, right of it since. A flow may be wrapped over several lines, by a
person: it ends where its parentheses do. Matches and actions of logical flows are read in
``logical``, those of OpenFlow in ``openflow``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from ..diagnostic import Code, Diagnostic
from ..grammar import Problem
from ..logical import actions as logical_actions
from ..logical import match as logical_match
from ..logical.flow import Datapath, LogicalFlow
from ..logical.text import STRING, Role
from ..openflow.actions import action_tokens, parse_actions
from ..openflow.flow import Actions, Match
from ..openflow.match import match_tokens, parse_match
from ..source import Source, Span
from .base import (
    ELISION,
    UUID,
    Entry,
    Format,
    Kind,
    Mark,
    Parsed,
    Record,
    collector_paused,
    first_line,
    unknown_line,
)
from .command import Command
from .ofp_reply import KINDS

NAME = "ovn_sbctl_lflow_list"


class Installed(NamedTuple):
    """An OpenFlow flow below the logical flow (or the related row) that it was made of.

    ``priority``: None where none is printed, which is the rule without ``--stats``: it is that of
    the logical flow. ``statistics``: as of ``openflow.flow.Flow``.
    """

    span: Span
    table: int
    priority: int | None
    match: Match
    match_start: int
    actions: Actions
    actions_start: int
    statistics: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Related(Record):
    """A southbound row that flows are made of: with ``--vflows``.

    ``title``: of its section (``Port Bindings``). ``columns``: keys and values as printed; a title
    line has none, and a virtual address (``10.0.0.1:80 = 10.0.0.2:80``) is the key of its backends.
    """

    title: str
    columns: tuple[tuple[str, str], ...] = ()


_QUOTED = r'"(?:[^"\\]|\\.)*+"'
HEAD = re.compile(
    rf"[ \t\ufeff]*Datapath:[ ]+(?:(?P<name>{_QUOTED})(?:[ ]+aka[ ]+(?P<alias>{_QUOTED}))?"
    rf"(?:[ ]+\((?P<uuid>{UUID})\))?|(?P<bare>{UUID})|\((?P<braced>{UUID})\))"
    r"[ ]+Pipeline:[ ]+(?P<pipeline>ingress|egress)[ \t\r]*"
)
# Where a flow begins; ``match=`` may stand on a later line.
_START = re.compile(
    r"[ \t]*(?:uuid=(?P<uuid>0x[0-9a-fA-F]+),[ ]?)?table=[ ]*(?P<table>[0-9]{1,9})[ ]*"
    r"\([ ]*(?P<stage>[\w-]*)[ ]*\),\s*priority=[ ]*(?P<priority>[0-9]{1,9})[ ]*,"
)
# A first line that was cut before its priority.
_BEGINNING = re.compile(
    r"[ \t]*(?:uuid=0x[0-9a-fA-F]+,[ ]?)?table=[ ]*[0-9]+[ ]*\([ ]*[\w-]*[ ]*\),\s*$"
)
# Atomic: what breaks behind "action=(" is not tried again with another "action=(".
FLOW = re.compile(
    rf"{_START.pattern}\s*(?>match=\((?P<match>.*?)\),\s*actions?=\()(?P<actions>.*)\)\s*",
    re.DOTALL,
)
_KEY_VALUE = r'[a-z_]+=(?:"(?:[^"\\]|\\.)*+"|[^\s,"]*)'
_OPENFLOW = re.compile(
    rf"""
    [ \t]+ (?P<early> (?:(?!table=){_KEY_VALUE},[ ])*+ )
    table=(?P<table>[0-9]{{1,3}}) (?: ,[ ] (?P<late> (?:(?!priority=){_KEY_VALUE},[ ])*+ ) | [ ] )
    (?: priority=(?P<priority>[0-9]{{1,9}})(?![0-9]),? )?
    (?P<match> (?:[^\s",a]++|(?!,?actions=)[,a]|"(?:[^"\\]|\\.)*+")*+ )
    [ ,]?actions=(?P<actions>(?:.*[^ \t\r\n])?) [ \t\r]*
    """,
    re.VERBOSE,
)
_TITLE = re.compile(r"(?P<title>Port Bindings|MAC Bindings|MC Groups|Chassis|Load Balancers):[\s]*")
_COLUMN = re.compile(
    rf"(?P<key>[a-z_]+)=(?P<value>{_QUOTED}(?:[ ]aka[ ]{_QUOTED})?|\([^()]*\)|[^,\s\"()]*)"
    r"(?:,[ ]*|\s*$)"
)
_VIP = re.compile(r"[ ]{4}(?P<vip>\S+) = (?P<backends>\S*)\s*|[ ]{2}(?P<vips>vips:)\s*")
_LEXEME = re.compile(
    rf"{STRING}|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?P<closing>(?:\*/)?)|[()]", re.DOTALL
)
# So many lines a wrapped flow may have: bounds what is read twice.
_MOST_LINES = 400


def _is_listing(command: Command) -> bool:
    return command.program == "ovn-sbctl" and not {"lflow-list", "dump-flows"}.isdisjoint(
        command.words
    )


def datapath_of(command: Command | None) -> str | None:
    """The datapath that a listing was asked for: a name or UUID; None for all of them."""
    if command is None or not _is_listing(command):
        return None
    found = command.arguments
    return found[1] if len(found) > 1 else None


class _Reader:
    """One listing being read. ``start``: of the flow that is being collected, None without one."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.records: list[Entry] = []
        self.diagnostics: list[Diagnostic] = []
        self.elided = False
        self.datapath: Datapath | None = None
        self.title: str | None = None
        self.start: int | None = None
        self.end = 0
        self.lines = 0
        self.balance = _Balance()

    def line(self, offset: int, line: str) -> None:
        end = offset + len(line)
        if self.start is not None:
            if self._continues(line):
                self.end, self.lines = end, self.lines + 1
                self._collect(line)
                return
            self.flush()
        found = FLOW.fullmatch(line)
        if found is not None and _balanced(found["actions"]):
            self._flow(found, Span(offset, end), offset)
        elif _START.match(line) or _BEGINNING.match(line):
            self.start, self.end, self.lines, self.balance = offset, end, 1, _Balance()
            self._collect(line)
        elif head := HEAD.fullmatch(line):
            self._head(head, Span(offset, end))
        elif ELISION.fullmatch(line):
            self.elided = True
        elif line.strip() and not self._other(line, Span(offset, end)):
            self.diagnostics.append(unknown_line(self.source, Span(offset, end), NAME))

    def _collect(self, line: str) -> None:
        """One more line of a flow; with the last parenthesis it is complete."""
        self.balance.read(line + "\n")
        if self.balance.closed and line.rstrip().endswith(")"):
            assert self.start is not None
            found = FLOW.fullmatch(self.source.text, self.start, self.end)
            if found is not None:
                span = Span(self.start, self.end)
                self.start = None
                self._flow(found, span, 0)

    def _continues(self, line: str) -> bool:
        if not line.strip() or ELISION.fullmatch(line) or self.lines >= _MOST_LINES:
            return False
        return not (
            _START.match(line)
            or _BEGINNING.match(line)
            or HEAD.match(line)
            or _OPENFLOW.fullmatch(line)
        )

    def flush(self) -> None:
        """All that is collected is read; what stood behind a first line may begin again."""
        while self.start is not None:
            self._flush()

    def _flush(self) -> None:
        """What was collected was cut; or its first line is a flow with something wrong in it."""
        assert self.start is not None
        span = Span(self.start, self.end)
        self.start = None
        newline = self.source.text.find("\n", span.start, span.end)
        first = Span(span.start, span.end if newline < 0 else newline)
        if found := FLOW.fullmatch(self.source.text, first.start, first.end):
            self._flow(found, first, 0)
            if newline >= 0:
                for offset, line in self.source.part(Span(newline + 1, span.end)).lines():
                    self.line(offset, line)
        elif found := FLOW.fullmatch(self.source.text, span.start, span.end):
            self._flow(found, span, 0)
        else:
            what = {"what": "a logical flow"}
            self.diagnostics.append(Diagnostic(Code.TRUNCATED, self.source, span, what))

    def _head(self, head: re.Match[str], span: Span) -> None:
        self.title = None
        self.datapath = Datapath(
            span,
            _unquoted(head["name"]),
            _unquoted(head["alias"]),
            head["uuid"] or head["bare"] or head["braced"],
            "ingress" if head["pipeline"] == "ingress" else "egress",
        )
        self.records.append(self.datapath)

    def _flow(self, found: re.Match[str], span: Span, offset: int) -> None:
        """``offset``: what the places of ``found`` count from."""
        match_start, actions_start = offset + found.start("match"), offset + found.start("actions")
        match, match_problems = logical_match.parse_match(found["match"])
        actions, action_problems = logical_actions.parse_actions(found["actions"])
        self.records.append(LogicalFlow(
            span, self.datapath, int(found["table"]), found["stage"], int(found["priority"]),
            match, match_start, actions, actions_start, found["uuid"],
        ))  # fmt: skip
        if match_problems:
            self._report(match_problems, match_start)
        if action_problems:
            self._report(action_problems, actions_start)

    def _other(self, line: str, span: Span) -> bool:
        """A line that only some options print."""
        if found := _OPENFLOW.fullmatch(line):
            self._installed(found, span)
        elif title := _TITLE.fullmatch(line):
            self.title = title["title"]
            self.records.append(Related(span=span, title=self.title))
        elif self.title is not None and (columns := _columns(line)) is not None:
            self.records.append(Related(span=span, title=self.title, columns=columns))
        else:
            return False
        return True

    def _installed(self, found: re.Match[str], span: Span) -> None:
        match_start = span.start + found.start("match")
        actions_start = span.start + found.start("actions")
        match, match_problems = parse_match(found["match"])
        actions, action_problems = parse_actions(found["actions"])
        self._report(match_problems, match_start)
        self._report(action_problems, actions_start)
        statistics = [
            text.partition("=")[::2]
            for group in (found["early"], found["late"])
            for text in (group or "").split(", ")
            if text
        ]
        priority = found["priority"]
        self.records.append(Installed(
            span, int(found["table"]), None if priority is None else int(priority), match,
            match_start, actions, actions_start, dict(statistics),
        ))  # fmt: skip

    def _report(self, problems: tuple[Problem, ...], offset: int) -> None:
        for code, start, end, args in problems:
            span = Span(offset + start, offset + end)
            self.diagnostics.append(Diagnostic(code, self.source, span, args))


class _Balance:
    """Counts parentheses over the lines of a flow; comments of one line and strings have none."""

    def __init__(self) -> None:
        self.depth = 0
        self.opened = 0

    def read(self, line: str) -> None:
        for lexeme in _LEXEME.finditer(line):
            if lexeme[0] == "(":
                self.depth += 1
                self.opened += 1
            elif lexeme[0] == ")":
                self.depth -= 1
            elif lexeme["closing"] == "":
                # A comment that nothing closes is none, and none begins behind it.
                self.read(line[lexeme.start() :].replace("*", " "))
                return

    @property
    def closed(self) -> bool:
        """Stage, match and actions are closed."""
        return self.depth == 0 and self.opened >= 3


def _balanced(actions: str) -> bool:
    if "(" not in actions and ")" not in actions:
        return True
    balance = _Balance()
    balance.read(actions)
    return balance.depth == 0


def _unquoted(text: str | None) -> str | None:
    return None if text is None else re.sub(r"\\(.)", r"\1", text[1:-1])


def _columns(line: str) -> tuple[tuple[str, str], ...] | None:
    if vip := _VIP.fullmatch(line):
        return ((vip["vip"], vip["backends"]),) if vip["vip"] else ()
    position = len(line) - len(line.lstrip())
    found = []
    while column := _COLUMN.match(line, position):
        found.append((column["key"], column["value"]))
        position = column.end()
    return tuple(found) if found and not line[position:].strip() else None


def parse(source: Source) -> Parsed:
    """Flows, heads and what options add, in order; what is none of these costs a diagnostic."""
    reader = _Reader(source)
    with collector_paused():
        for offset, line in source.lines():
            reader.line(offset, line)
        reader.flush()
    return Parsed(tuple(reader.records), tuple(reader.diagnostics), (), reader.elided)


LOGICAL_KINDS: dict[Role, Kind] = {
    "name": Kind.HEAD,
    "register": Kind.REGISTER,
    "port": Kind.DEVICE,
    "mac": Kind.MAC,
    "address": Kind.ADDRESS,
    "set": Kind.HEAD,
    "drop": Kind.DROP,
}
_UUID = re.compile(UUID)


def _flow_marks(source: Source, flow: LogicalFlow) -> Iterator[Mark]:
    head = _START.match(source.text, flow.span.start)
    if head is not None:
        if head["uuid"]:
            yield Mark(Span(*head.span("uuid")), Kind.COOKIE, head["uuid"])
        yield Mark(Span(*head.span("table")), Kind.DIM, head["table"])
        if head["stage"]:
            # A logical table is joined by its stage: its number is no OpenFlow table's.
            yield Mark(Span(*head.span("stage")), Kind.TABLE, head["stage"])
    tokens = chain(
        ((flow.match_start, token) for token in logical_match.match_tokens(flow.match.text)),
        ((flow.actions_start, token) for token in logical_actions.action_tokens(flow.actions.text)),
    )
    for offset, (start, end, role, value) in tokens:
        kind = LOGICAL_KINDS[role]
        if role == "port" and _UUID.fullmatch(value):
            kind = Kind.UUID
        yield Mark(Span(offset + start, offset + end), kind, value)


def _installed_marks(flow: Installed) -> Iterator[Mark]:
    for offset, tokens in (
        (flow.match_start, match_tokens(flow.match.text)),
        (flow.actions_start, action_tokens(flow.actions.text)),
    ):
        for start, end, role, value in tokens:
            yield Mark(Span(offset + start, offset + end), KINDS[role], value)


def _uuid_marks(source: Source, span: Span) -> Iterator[Mark]:
    for found in _UUID.finditer(source.text, span.start, span.end):
        yield Mark(Span(*found.span()), Kind.UUID, found[0].lower())


def marks(source: Source, parsed: Parsed) -> tuple[Mark, ...]:
    """The tokens of all flows, sorted and disjoint. Made on demand: dearer than reading."""
    found: list[Mark] = []
    for record in parsed.records:
        if isinstance(record, LogicalFlow):
            found.extend(_flow_marks(source, record))
        elif isinstance(record, Installed):
            found.extend(_installed_marks(record))
        else:
            found.extend(_uuid_marks(source, record.span))
    return tuple(found)


def _detect(source: Source) -> bool:
    """A head first, or a whole first line of a flow."""
    line = first_line(source)
    if HEAD.fullmatch(line):
        # "ovn-sbctl count-flows" has these heads, too.
        return "match=(" in source.window
    start = _START.match(line)
    return start is not None and bool(start["stage"])


FORMAT = Format(
    name=NAME,
    title="logical flows of OVN",
    parse=parse,
    command=_is_listing,
    detect=_detect,
    hint=re.compile(r"lflow|logical.flow", re.IGNORECASE),
    marks=marks,
)
