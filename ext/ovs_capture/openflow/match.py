"""Matches: ``arp,reg5=0x3,dl_src=fa:16:3e:55:2a:5d`` -> ``Match``.

    match  = [clause *("," clause)]
    clause = protocol / field ["=" value ["/" mask]]
    value  = name / DQUOTE name DQUOTE / "(" 1*CHAR ")" / 1*CHAR

Lives here: the grammar of ovs-fields(7) as lib/match.c match_format() prints it. Which fields there
are stands in ``knowledge/openflow_fields.toml``. May not know: any capture.

A match is read clause by clause, and a clause is read once.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from ..diagnostic import Code
from ..grammar import Problem, is_too_long, too_long
from . import fields, values
from .fields import Field
from .flow import Clause, Match
from .text import Role, Token, as_captured, has_noise, split_items, unwrap

# Fields whose value is a tag of a network, and the form in which the value is joined with others.
_TAGS = ("dl_vlan", "vlan_vid", "vlan_tci", "tun_id", "metadata")
# Not a register of the packet, but marked like one: the same kind of note, kept by conntrack.
_MARKS = ("ct_mark", "ct_label", "ct_zone", "pkt_mark")
# What an item that is no clause of its own has: a match with one is split again, with care.
_PLAIN = re.compile(r'[^\s"(\x1b]+')
_NEEDS_CARE = re.compile(r'[(\s\x1b]|^$|^[^"]*(?:"[^"]*"[^"]*)*"[^"]*$')


# Clauses for which the look-up alone does not do: those of the two collections below.
_SPECIAL: set[str] = set()
# Clauses whose name several fields share (``tp_dst``): the protocol of the match tells which.
_SHARED: set[str] = set()
# Clauses that tell the protocol by a number.
_TELLING: set[str] = set()


class _Care(NamedTuple):
    """Why a match that has a clause needs a second look.

    ``resplit``: the comma beside it may have stood in quotes or parentheses.
    """

    problem: Problem | None
    resplit: bool


# Clauses in which something is wrong, or beside which it may be.
_WITH_CARE: dict[str, _Care] = {}


class _Clauses(dict[str, Clause]):
    """Every distinct clause, read once: a dump of 60 000 flows has 20 000 of them.

    A dictionary that reads what it lacks, because ``map`` over its look-up is the fastest loop
    that there is.
    """

    def __missing__(self, text: str) -> Clause:
        clause, shared, problem = _clause(text)
        resplit = not (is_too_long(text) or _PLAIN.fullmatch(text)) and bool(
            _NEEDS_CARE.search(text)
        )
        if shared:
            _SHARED.add(text)
            _SPECIAL.add(text)
        if clause.field in ("eth_type", "nw_proto"):
            _TELLING.add(text)
        if resplit or problem is not None:
            _WITH_CARE[text] = _Care(problem, resplit)
            _SPECIAL.add(text)
        self[text] = clause
        return clause


class _ClausesOf(dict[str, Clause]):
    """Clauses of matches of one protocol: those with shared names as the field that each is."""

    def __init__(self, family: str | None) -> None:
        self.family = family

    def __missing__(self, text: str) -> Clause:
        clause = _clause_of(text)
        if text in _SHARED:
            by_family = fields.shared_names()[clause.field]
            clause = clause._replace(field=by_family.get(self.family or "", clause.field))
        self[text] = clause
        return clause


_CLAUSES = _Clauses()
_clause_of = _CLAUSES.__getitem__
_BY_FAMILY: dict[str | None, _ClausesOf] = {}
_MOST_CLAUSES = 1 << 17
# Calls of a NamedTuple's own constructor cost twice as much.
_new_match: Callable[[type[Match], tuple[object, ...]], Match] = tuple.__new__
_new_clause: Callable[[type[Clause], tuple[object, ...]], Clause] = tuple.__new__


def _forget_clauses() -> None:
    """All or none, and never while a match is being read: each knows of the others."""
    for memory in (_CLAUSES, _SPECIAL, _SHARED, _TELLING, _WITH_CARE, _BY_FAMILY):
        memory.clear()


def forget() -> None:
    """Empty what was remembered of clauses and matches: for measuring."""
    _forget_clauses()
    plain_matches.clear()


def _clause(text: str) -> tuple[Clause, bool, Problem | None]:
    """A clause; whether its name is shared by several fields; what is wrong with it."""
    if is_too_long(text):
        return Clause("", text, None, None, text), False, too_long(text)
    key, equals, printed = text.partition("=")
    field = fields.find_field(key)
    if equals and field is not None:
        read = fields.canonical(field, printed)
        shared = field.name in fields.shared_names()
        if read is None or (read[1] is not None and not field.maskable):
            problem = _bad_value(key, printed, len(key) + 1, len(text))
            return Clause(field.name, key, printed, None, text), shared, problem
        return _new_clause(Clause, (field.name, key, *read, text)), shared, None
    if not equals and (protocol := fields.find_protocol(key)):
        return Clause(protocol.name, key, None, None, text), False, None
    if field is None:
        problem = Problem(Code.UNKNOWN_FIELD, 0, len(key), {"field": key})
        return Clause("", key, printed if equals else None, None, text), False, problem
    # "tun_metadata0" alone: the option is there, whatever its value.
    is_presence = field.name.startswith("tun_metadata")
    missing = None if is_presence else _bad_value(key, "", 0, len(text))
    shared = field.name in fields.shared_names()
    return Clause(field.name, key, None, None, text), shared, missing


def _bad_value(key: str, printed: str, start: int, end: int) -> Problem:
    return Problem(Code.BAD_VALUE, start, end, {"field": key, "value": printed})


def _family(clauses: Iterable[Clause]) -> str | None:
    """The protocol that the numbers in a match tell, as far as it tells which field is meant."""
    return fields.family_of({c.field: c.value for c in clauses if c.value and c.mask is None})


@cache
def _family_words() -> Mapping[str, str]:
    """Shorthands that tell the family by themselves: ``udp6`` -> ``udp``."""
    return {
        name: protocol.family
        for name, protocol in fields.all_protocols().items()
        if protocol.family not in ("ip", "eth")
    }


_Read = tuple[Match, tuple[Problem, ...]]


def _told_apart(items: Sequence[str], clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """The clauses of a match in which shared names may stand, each as the field that it is."""
    words = _family_words()
    if _SHARED.isdisjoint(items) or (words.keys().isdisjoint(items) and _TELLING.isdisjoint(items)):
        return clauses
    family = next(filter(None, map(words.get, items)), None)
    if family is None and not _TELLING.isdisjoint(items):
        family = _family(clauses)
    told = _BY_FAMILY.get(family)
    if told is None:
        told = _BY_FAMILY[family] = _ClausesOf(family)
    return tuple(map(told.__getitem__, items))


def _with_care(text: str, items: Sequence[str], clauses: tuple[Clause, ...]) -> _Read:
    """A match with shared names, with something wrong, or not to be split at every comma."""
    clauses = _told_apart(items, clauses)
    if _WITH_CARE.keys().isdisjoint(items):
        return _new_match(Match, (clauses, text, ())), ()
    offsets: tuple[int, ...] = ()
    if any((care := _WITH_CARE.get(item)) is not None and care.resplit for item in items):
        placed = split_items(text).items
        offsets = tuple(start for start, _ in placed)
        items = [item for _, item in placed]
        clauses = _told_apart(items, tuple(map(_clause_of, items)))
    match = Match(clauses, text, offsets)
    problems = tuple(
        care.problem._replace(start=start + care.problem.start, end=start + care.problem.end)
        for start, item in zip(match.starts, items, strict=True)
        if (care := _WITH_CARE.get(item)) is not None and care.problem is not None
    )
    return match, problems


class _Matches(dict[str, _Read]):
    """Matches in which no line break or colour stands (``has_noise``), by their text."""

    def __missing__(self, text: str) -> _Read:
        return self.read((text,))[0]

    def read(self, texts: Iterable[str]) -> list[_Read]:
        """Many at once: most are new, and a call for each costs a fifth of what reading takes."""
        if len(self) >= _MOST_MATCHES:
            self.clear()
        if len(_CLAUSES) >= _MOST_CLAUSES:
            _forget_clauses()
        known, clause_of, is_plain, new = self.get, _clause_of, _SPECIAL.isdisjoint, _new_match
        found: list[_Read] = []
        add = found.append
        for text in texts:
            read = known(text)
            if read is None:
                items = [text] if is_too_long(text) else text.split(",")
                clauses = tuple(map(clause_of, items))
                if is_plain(items):
                    read = new(Match, (clauses, text, ())), ()
                else:
                    read = _with_care(text, items, clauses)
                self[text] = read
            add(read)
        return found


_MOST_MATCHES = 1 << 17
plain_matches = _Matches()


def parse_match(text: str) -> _Read:
    """A match as printed, without its priority. Never raises; offsets count from ``text``."""
    if is_too_long(text) or not has_noise(text):
        return plain_matches[text]
    joined = unwrap(text)
    match, problems = plain_matches[joined.text]
    clauses, offsets = [], []
    for start, clause in zip(match.starts, match.clauses, strict=True):
        start, end = joined.place(start, start + len(clause.text))
        offsets.append(start)
        clauses.append(clause._replace(text=text[start:end]))
    placed = tuple(as_captured(p, joined) for p in problems)
    return Match(tuple(clauses), text, tuple(offsets)), placed


def name_token(start: int, end: int, field: Field) -> Token:
    """The token of a field's name."""
    role: Role = "register" if field.is_register or field.name in _MARKS else "name"
    return Token(start, end, role, field.name)


def value_role(field: Field, value: str, mask: str | None) -> tuple[Role, str] | None:
    """What a canonical value of ``field`` stands for, and under which text it is joined.

    VLANs and tunnel keys are joined by their number in decimal, metadata as it is printed. None:
    the value is a number and nothing else.
    """
    if field.format == "ethernet":
        return "mac", value
    if field.format in ("ipv4", "ipv6"):
        return "address", value if mask is None else f"{value}/{mask}"
    if field.format == "port":
        return None if value.isdecimal() or value in fields.reserved_ports() else ("port", value)
    if field.name in _TAGS:
        return "vlan", _tag(field.name, value, mask)
    return None


def _tag(name: str, value: str, mask: str | None) -> str:
    number = values.number(value)
    if mask is not None or number is None or name == "metadata":
        return value if mask is None else f"{value}/{mask}"
    # The bit above the VLAN says that there is a tag.
    return str(number & 0xFFF if name in ("vlan_vid", "vlan_tci") else number)


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    match = plain_matches[text][0]
    for begin, clause in zip(match.starts, match.clauses, strict=True):
        key_end = begin + len(clause.key)
        field = fields.find_field(clause.field)
        if field is None:
            if clause.field:
                found.append(Token(begin, key_end, "name", clause.field))
            continue
        found.append(name_token(begin, key_end, field))
        if clause.value is None:
            continue
        role = value_role(field, clause.value, clause.mask)
        if role is not None and fields.canonical(field, clause.text[len(clause.key) + 1 :]):
            start, end = key_end + 1, begin + len(clause.text)
            if role[0] == "mac" and clause.mask is not None:
                end = text.index("/", start)
            if text[start] == '"':
                start, end = start + 1, end - 1
            found.append(Token(start, end, *role))
    return found


@lru_cache(maxsize=1 << 12)
def match_tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a match, in order and disjoint; offsets count from ``text``."""
    if is_too_long(text) or not has_noise(text):
        return tuple(_tokens(text))
    joined = unwrap(text)
    return tuple(as_captured(token, joined) for token in _tokens(joined.text))
