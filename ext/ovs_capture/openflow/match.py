"""Matches: ``arp,reg5=0x3,dl_src=fa:16:3e:55:2a:5d`` -> ``Match``.

    match  = [clause *("," clause)]
    clause = protocol / field ["=" value ["/" mask]]
    value  = name / DQUOTE name DQUOTE / "(" 1*CHAR ")" / 1*CHAR

Lives here: the grammar of ovs-fields(7) as lib/match.c match_format() prints it. Which fields there
are stands in ``knowledge/openflow_fields.toml``. May not know: any capture.

A match is read clause by clause, and a clause is read once: a dump of 60 000 flows has 20 000
distinct clauses.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from ..diagnostic import Code
from . import fields, values
from .fields import Field
from .flow import Clause, Match
from .text import Problem, Role, Token, as_captured, has_noise, split_items, unwrap

# Fields whose value is a tag of a network, and the form in which the value is joined with others.
_TAGS = ("dl_vlan", "vlan_vid", "vlan_tci", "tun_id", "metadata")
# Not a register of the packet, but marked like one: the same kind of note, kept by conntrack.
_MARKS = ("ct_mark", "ct_label", "ct_zone", "pkt_mark")
_NO_COMMA_IN_QUOTES = re.compile(r'[^"]*(?:"[^",]*"[^"]*)*')


class _Clause(NamedTuple):
    """A clause without its place. ``shared``: its name needs the protocol to tell the field."""

    field: str
    key: str
    value: str | None
    mask: str | None
    shared: bool
    problem: Problem | None


@lru_cache(maxsize=1 << 16)
def _clause(text: str) -> _Clause:
    key, equals, printed = text.partition("=")
    if not equals and (protocol := fields.find_protocol(key)):
        return _Clause(protocol.name, key, None, None, False, None)
    field = fields.find_field(key)
    if field is None:
        problem = Problem(Code.UNKNOWN_FIELD, 0, len(key), {"field": key})
        return _Clause("", key, printed if equals else None, None, False, problem)
    shared = field.name in fields.shared_names()
    if not equals:
        # "tun_metadata0" alone: the option is there, whatever its value.
        is_presence = field.name.startswith("tun_metadata")
        missing = None if is_presence else _bad_value(key, "", 0, len(text))
        return _Clause(field.name, key, None, None, shared, missing)
    read = fields.canonical(field, printed)
    if read is None or (read[1] is not None and not field.maskable):
        problem = _bad_value(key, printed, len(key) + 1, len(text))
        return _Clause(field.name, key, printed, None, shared, problem)
    return _Clause(field.name, key, *read, shared, None)


def _bad_value(key: str, printed: str, start: int, end: int) -> Problem:
    return Problem(Code.BAD_VALUE, start, end, {"field": key, "value": printed})


def _family(clauses: list[Clause]) -> str | None:
    """The protocol that a match is about, as far as it tells which field a shared name is."""
    implied: dict[str, str] = {}
    for clause in clauses:
        if clause.value is None:
            protocol = fields.find_protocol(clause.key)
            if protocol is not None and protocol.family not in ("ip", "eth"):
                return protocol.family
        elif clause.mask is None:
            implied[clause.field] = clause.value
    return fields.family_of(implied)


class _Placed(NamedTuple):
    """A clause at its place in a match."""

    clause: Clause
    shared: bool
    problem: Problem | None


@lru_cache(maxsize=1 << 17)
def _placed(text: str, start: int) -> _Placed:
    """Most clauses stand where they stood in the flow before: one object serves them all."""
    field, key, value, mask, shared, problem = _clause(text)
    if problem is not None:
        problem = problem._replace(start=start + problem.start, end=start + problem.end)
    return _Placed(Clause(field, key, value, mask, text, start), shared, problem)


def _items(text: str) -> Iterable[tuple[int, str]]:
    if "(" in text or " " in text or ('"' in text and not _NO_COMMA_IN_QUOTES.fullmatch(text)):
        return split_items(text).items
    found = []
    start = 0
    for item in text.split(","):
        if item:
            found.append((start, item))
        start += len(item) + 1
    return found


@lru_cache(maxsize=1 << 16)
def _told_apart(clause: Clause, family: str | None) -> Clause:
    """A clause with a shared name (``tp_dst``) as the field that it is in this protocol."""
    by_family = fields.shared_names()[clause.field]
    return clause._replace(field=by_family.get(family or "", clause.field))


def _parse(text: str) -> tuple[Match, tuple[Problem, ...]]:
    clauses: list[Clause] = []
    problems: list[Problem] = []
    shared: list[int] = []
    for start, item in _items(text):
        clause, is_shared, problem = _placed(item, start)
        if is_shared:
            shared.append(len(clauses))
        if problem is not None:
            problems.append(problem)
        clauses.append(clause)
    if shared:
        family = _family(clauses)
        for index in shared:
            clauses[index] = _told_apart(clauses[index], family)
    return Match(tuple(clauses), text), tuple(problems)


@lru_cache(maxsize=1 << 16)
def parse_match(text: str) -> tuple[Match, tuple[Problem, ...]]:
    """A match as printed, without its priority. Never raises; offsets count from ``text``."""
    if not has_noise(text):
        return _parse(text)
    joined = unwrap(text)
    match, problems = _parse(joined.text)
    clauses = []
    for clause in match.clauses:
        start, end = joined.place(clause.start, clause.start + len(clause.text))
        clauses.append(clause._replace(start=start, text=text[start:end]))
    return Match(tuple(clauses), text), tuple(as_captured(p, joined) for p in problems)


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
        return None if value.isdigit() or value in fields.reserved_ports() else ("port", value)
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
    for clause in _parse(text)[0].clauses:
        key_end = clause.start + len(clause.key)
        field = fields.find_field(clause.field)
        if field is None:
            if clause.field:
                found.append(Token(clause.start, key_end, "name", clause.field))
            continue
        found.append(name_token(clause.start, key_end, field))
        if clause.value is None:
            continue
        role = value_role(field, clause.value, clause.mask)
        if role is not None and fields.canonical(field, clause.text[len(clause.key) + 1 :]):
            start, end = key_end + 1, clause.start + len(clause.text)
            if role[0] == "mac" and clause.mask is not None:
                end = text.index("/", start)
            if text[start] == '"':
                start, end = start + 1, end - 1
            found.append(Token(start, end, *role))
    return found


@lru_cache(maxsize=1 << 12)
def match_tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a match, in order and disjoint; offsets count from ``text``."""
    if not has_noise(text):
        return tuple(_tokens(text))
    joined = unwrap(text)
    return tuple(as_captured(token, joined) for token in _tokens(joined.text))
