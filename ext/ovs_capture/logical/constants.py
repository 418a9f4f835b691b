"""Constants of matches and actions: ``10.0.0.0/24``, ``{80, 443}``, ``$as``, ``"port"``.

The rules are those of lib/lex.c, which ``ovn-trace`` tells in its refusals. Nothing here raises.
"""

import json
import re
from ipaddress import IPv4Address, IPv6Address
from socket import AF_INET, AF_INET6, inet_pton
from typing import NamedTuple

from ..grammar import Memo
from .flow import Constant, ConstantKind
from .text import CONSTANT, STRING

_MAC = re.compile(r"[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}")
# A comma may follow a constant, and need not.
_IN_SET = re.compile(rf"\s*(?P<constant>{CONSTANT})\s*,?\s*", re.ASCII)
_NAMES: dict[str, ConstantKind] = {"$": "address_set", "@": "port_group", "^": "template"}
# What has no number says so by its width.
_NO_WIDTH = -1


class Reading(NamedTuple):
    """A constant or a set, read.

    ``bits``: the width that the widest of its numbers needs; -1 where there is none.
    ``kinds``: "integer" and "string", as far as OVN tells them apart; a template may be either.
    ``fault``: why it is no constant, "" when it is.
    """

    constants: tuple[Constant, ...]
    is_set: bool
    bits: int
    kinds: frozenset[str]
    fault: str


class _Number(NamedTuple):
    kind: ConstantKind
    value: int
    bits: int
    is_decimal: bool


def _number(text: str) -> _Number | str:
    """One number without mask, or why it is none."""
    if _MAC.fullmatch(text):
        return _Number("mac", int(text.replace(":", ""), 16), 48, False)
    if text.isascii() and text.isdecimal():
        if text[0] == "0" and len(text) > 1:
            return "decimal constants have no leading zeros"
        if len(text) > 20 or int(text) >> 64:
            return "decimal constants are less than 2**64"
        value = int(text)
        return _Number("integer", value, max(1, value.bit_length()), True)
    if text[:2] in ("0x", "0X"):
        if len(text) == 2:
            return "hexadecimal digits are missing"
        if not re.fullmatch(r"[0-9a-fA-F]+", text[2:]):
            return "it has a character that is no hexadecimal digit"
        digits = text[2:].lstrip("0")
        # More digits than any field has: int() has its limits, too.
        if len(digits) > 256:
            return "it is wider than any field"
        value = int(digits or "0", 16)
        return _Number("integer", value, max(1, value.bit_length()), False)
    return _address(text)


def _address(text: str) -> _Number | str:
    try:
        if ":" not in text:
            # inet_pton(3) is what OVN itself uses: no leading zeros, four parts.
            return _Number("ipv4", int.from_bytes(inet_pton(AF_INET, text)), 32, False)
        return _Number("ipv6", int.from_bytes(inet_pton(AF_INET6, text)), 128, False)
    except (OSError, ValueError):
        return "it is neither a number nor an address"


def _mask(value: _Number, text: str) -> int | str:
    """The mask of a number, or why it is none."""
    mask = _number(text)
    if isinstance(mask, str):
        return mask
    if value.kind in ("ipv4", "ipv6") and mask.is_decimal:
        if mask.value > value.bits:
            return "its prefix is longer than the address"
        return ((1 << mask.value) - 1) << (value.bits - mask.value)
    if (mask.kind, mask.is_decimal) != (value.kind, value.is_decimal):
        return "value and mask are written in different ways"
    return mask.value


def _string(text: str) -> str | None:
    """The characters of a quoted string, which is one of JSON."""
    try:
        found = json.loads(text, strict=False)
    except ValueError:
        return None
    return found if isinstance(found, str) else None


def read_constant(text: str) -> tuple[Constant, int, str]:
    """One constant as printed, the bits that it needs (-1: no number), and its fault or ""."""
    if text[0] == '"':
        value = _string(text)
        fault = "" if value is not None else "it has an escape that JSON has not"
        return Constant("string", text[1:-1] if value is None else value, None, text), -1, fault
    if kind := _NAMES.get(text[0]):
        return Constant(kind, text[1:], None, text), _NO_WIDTH, ""
    value_text, slash, mask_text = text.partition("/")
    number = _number(value_text)
    if isinstance(number, str):
        return Constant("integer", 0, None, text), _NO_WIDTH, number
    mask = _mask(number, mask_text) if slash else None
    if isinstance(mask, str):
        return Constant(number.kind, number.value, None, text), number.bits, mask
    return Constant(number.kind, number.value, mask, text), number.bits, ""


def _kind(constant: Constant) -> str:
    if constant.kind == "template":
        return "template"
    return "string" if constant.kind in ("string", "port_group") else "integer"


def _read(text: str) -> Reading:
    if text[0] != "{":
        constant, bits, fault = read_constant(text)
        return Reading((constant,), False, bits, frozenset((_kind(constant),)), fault)
    found, widest, fault, position = [], _NO_WIDTH, "", 1
    while piece := _IN_SET.match(text, position, len(text) - 1):
        position = piece.end()
        constant, bits, wrong = read_constant(piece["constant"])
        found.append(constant)
        widest, fault = max(widest, bits), fault or wrong
    kinds = frozenset(map(_kind, found))
    if position != len(text) - 1 or not found:
        fault = "a set holds constants only, and at least one"
    elif len(kinds - {"template"}) > 1:
        fault = fault or "it holds both numbers and strings"
    return Reading(tuple(found), True, widest, kinds, fault)


# What follows a hole of a shape, read once: ports and addresses come again and again.
readings = Memo(_read, 1 << 17)

# Constants that a match may have; every pair of braces is a set.
IN_MATCH = re.compile(rf"(\{{(?:[^{{}}\"]|{STRING})*+\}}|{CONSTANT})", re.ASCII)
_ENDPOINT = r"(?<![\w.:\[])[0-9]+(?:\.[0-9]+){3}:[0-9]+|\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]:[0-9]+"
# Those of actions, where braces may hold actions, which have a semicolon.
IN_ACTIONS = re.compile(
    rf"(\{{\s*(?=[\"$@^0-9A-Fa-f:])(?:[^{{}}\";=]|{STRING})*+\}}|{_ENDPOINT}|{CONSTANT})",
    re.ASCII,
)
ENDPOINT = re.compile(rf"(?:{_ENDPOINT})", re.ASCII)


def canonical_address(constant: Constant) -> str:
    """An address as it is usually written, with its prefix length or mask."""
    assert isinstance(constant.value, int)
    bits = 32 if constant.kind == "ipv4" else 128
    address = (IPv4Address if constant.kind == "ipv4" else IPv6Address)(constant.value)
    if constant.mask is None:
        return str(address)
    ones = constant.mask.bit_count()
    if constant.mask == ((1 << ones) - 1) << (bits - ones):
        return f"{address}/{ones}"
    mask = (IPv4Address if constant.kind == "ipv4" else IPv6Address)(constant.mask)
    return f"{address}/{mask}"
