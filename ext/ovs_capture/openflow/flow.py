"""Parsed OpenFlow flows: what a line of ``dump-flows`` says, with the place of every piece.

Lives here: the records. The grammars that make them are in ``match`` and ``actions``; what fields
and actions *are* stands in ``knowledge``. Millions of these may exist, so they are
NamedTuples, and distinct clauses and action lists are parsed once and shared: offsets inside a
``Match`` or an ``Actions`` count from the beginning of *their own* text, never from the capture's.
"""

from itertools import accumulate
from typing import NamedTuple

from ..grammar import Memo
from ..source import Span
from .values import decimal

# Counts by their text: each is asked for several times, and most are 0.
_COUNTS = Memo(decimal, 1 << 12)


class Clause(NamedTuple):
    """One clause of a match: ``dl_vlan=1``, ``reg0=0x4/0x4``, ``arp``.

    ``field``: canonical ovs-fields(7) name (``tp_dst`` of a UDP flow is ``udp_dst``); for a
    protocol shorthand (``arp``, ``udp6``) the shorthand itself, with ``value`` None; ``""`` when
    nothing knows it.
    ``key``: as printed. ``value``, ``mask``: canonical text (numbers in the field's own format, MAC
    lower case, names unquoted, masks of addresses as prefix lengths where they are prefixes),
    ``mask`` None when exact. Flags (``ct_state=+est-rel``) keep their signs in ``value``, which say
    what is tested, and have no mask; see ``values.flag_signs``. A value that its field does not
    allow stays as printed, mask and all. ``text``: the clause as printed. Where it stands its match
    knows: one object serves every match that has the clause.
    """

    field: str
    key: str
    value: str | None
    mask: str | None
    text: str


class Action(NamedTuple):
    """One action, nested to any depth.

    ``name``: canonical ovs-actions(7) name (``output``, ``resubmit``, ``ct``, ``load`` ...;
    ``output`` also for a bare port). ``arguments``: by name, as canonical text, e.g. resubmit ->
    ``{"port": "", "table": "58"}``, load -> ``{"value": "0x3", "field": "reg5", "start": "0",
    "bits": "32"}`` (subfields told by the field's canonical name). ``actions``: nested ones (the
    ``exec(...)`` of ct, clone, write_actions, learn). ``text``: as printed. ``start``: offset in
    the text of the whole action list. Which action has which arguments: the table in ``actions``.
    """

    name: str
    arguments: dict[str, str]
    actions: tuple["Action", ...]
    text: str
    start: int


class Match(NamedTuple):
    """All clauses of one flow's match. ``text`` as printed, without ``priority``.

    ``offsets``: where each clause begins in ``text``; empty when they stand as ovs-ofctl prints
    them, one comma apart from the beginning (``starts`` tells it either way).
    """

    clauses: tuple[Clause, ...]
    text: str
    offsets: tuple[int, ...] = ()

    @property
    def starts(self) -> tuple[int, ...]:
        """Where each clause begins in ``text``."""
        if self.offsets:
            return self.offsets
        lengths = (len(clause.text) + 1 for clause in self.clauses[:-1])
        return tuple(accumulate(lengths, initial=0)) if self.clauses else ()


class Actions(NamedTuple):
    """A parsed action list, top level in order. ``text``: what follows ``actions=``."""

    items: tuple[Action, ...]
    text: str


class Flow(NamedTuple):
    """One flow entry.

    ``span``: the flow's characters in the capture (whole lines, without the newline).
    ``table``: a number below 0 when the dump names the table and does not number it
    (``table_name``); one number for each name.
    ``match_start``, ``actions_start``: where the texts of ``match`` and ``actions`` begin in the
    capture. Of a flow wrapped over lines these texts still are one piece, line breaks and indents
    included.
    ``statistics``: what the printer adds, by its own keys, as printed (``cookie``, ``duration``,
    ``n_packets``, ``n_bytes``, ``idle_age``, ``hard_age``, ``idle_timeout``, ``hard_timeout``,
    ``importance``); ``flags``: ``send_flow_rem``, ``reset_counts`` ...
    """

    span: Span
    table: int
    table_name: str | None
    priority: int
    match: Match
    match_start: int
    actions: Actions
    actions_start: int
    statistics: dict[str, str]
    flags: tuple[str, ...]

    @property
    def n_packets(self) -> int | None:
        """Packets counted, None when the dump has no statistics."""
        return _COUNTS[self.statistics.get("n_packets", "")]

    @property
    def n_bytes(self) -> int | None:
        return _COUNTS[self.statistics.get("n_bytes", "")]

    @property
    def cookie(self) -> str | None:
        return self.statistics.get("cookie")
