"""The syntax of datapath flows: ``eth(src=fa:..,dst=..),ipv4(proto=6)`` -> parts of any depth.

Lives here: the grammar that lib/odp-util.c odp_flow_format() and format_odp_actions() print,
neither a match nor an action list of OpenFlow. May not know: any capture.

    list = part *("," part)
    part = name / name "(" list ")" / name "=" value ["/" mask] / "{" list "}"
    name = WORD / "set_" WORD / PORT
"""

import re
from typing import NamedTuple

from .text import split_items


class Part(NamedTuple):
    """One part of a key or of an action list.

    ``name``: the word before ``(`` or ``=``, or all there is (``drop``, a port, ``+key-df``).
    ``value``, ``mask``: behind ``=``, or the only thing in the parentheses (``recirc_id(0x1)``).
    ``parts``: what the parentheses hold. ``text``: as printed. ``start``: offset in the whole text.
    """

    name: str
    value: str | None
    mask: str | None
    parts: tuple["Part", ...]
    text: str
    start: int


_CALL = re.compile(r"(?P<name>[^()=,{}]*)(?P<open>[({])(?P<inside>.*)[)}]", re.DOTALL)
_DEEPEST = 24


def parse_parts(text: str, offset: int = 0, depth: int = 0) -> tuple[Part, ...]:
    """All parts of a key or of a list of actions. Never raises; ``offset`` is added to places."""
    return tuple(_part(item, offset + start, depth) for start, item in split_items(text).items)


def _part(text: str, start: int, depth: int) -> Part:
    if depth < _DEEPEST and (call := _CALL.fullmatch(text)):
        inside, at = call["inside"], start + call.start("inside")
        parts = parse_parts(inside, at, depth + 1)
        if len(parts) == 1 and not parts[0].parts and parts[0].value is None:
            value, slash, mask = inside.partition("/")
            return Part(call["name"], value, mask if slash else None, (), text, start)
        return Part(call["name"], None, None, parts, text, start)
    name, equals, printed = text.partition("=")
    value, slash, mask = printed.partition("/")
    if not equals:
        return Part(text, None, None, (), text, start)
    return Part(name, value, mask if slash else None, (), text, start)
