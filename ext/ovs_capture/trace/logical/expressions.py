"""Matches as functions of packets.

``lib/expr.c`` annotates, then evaluates: a comparison holds only where its field exists, a negation
is carried down to the comparisons first, and what a predicate stands for is negated with its own
prerequisites. What a set holds that was not captured is not known: the value then is None.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from ...logical.constants import readings
from ...logical.flow import (
    And,
    Boolean,
    Comparison,
    Constant,
    Expression,
    Not,
    Or,
    Predicate,
    Range,
    Relop,
    Resident,
    Symbol,
)
from ...logical.match import parse_match
from ...logical.symbols import find_symbol
from .fields import STRINGS, Packet, place_of

Test = Callable[[Packet], bool | None]

_INVERSE: Mapping[Relop, Relop] = {
    "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip
_TURNED: Mapping[Relop, Relop] = {
    "==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<=",
}  # fmt: skip
_COMPARE: Mapping[Relop, Callable[[int, int], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class Names(NamedTuple):
    """What names in the matches of a datapath stand for.

    ``address_sets``, ``port_groups``: None where it was not captured. ``is_port``: is there such a
    port or multicast group in the datapath? ``is_resident``: of ``is_chassis_resident``.
    """

    address_sets: Callable[[str], Sequence[str] | None]
    port_groups: Callable[[str], frozenset[str] | None]
    is_port: Callable[[str], bool]
    is_resident: Callable[[str], bool | None]


NO_NAMES = Names(lambda _: None, lambda _: None, lambda _: True, lambda _: True)


def _never(_: Packet) -> bool:
    return False


def always(_: Packet) -> bool:
    """What holds whatever the packet is: an expression that ovn-trace makes ``1`` of."""
    return True


def unknown(_: Packet) -> None:
    """What cannot be told."""


def compiled(expression: Expression, names: Names, negated: bool = False) -> Test:
    """A function of packets: does the expression hold? None when that cannot be told."""
    match expression:
        case Boolean(value):
            return always if value != negated else _never
        case And(operands) | Or(operands):
            tests = [compiled(one, names, negated) for one in operands]
            return every(tests) if isinstance(expression, And) != negated else _any(tests)
        case Not(operand):
            return compiled(operand, names, not negated)
        case Predicate(symbol):
            return _predicate(symbol, names, negated)
        case Resident(port):
            found = names.is_resident(str(port.value))
            return unknown if found is None else always if found != negated else _never
        case Comparison(symbol, relop, constants):
            return _compared(symbol, _INVERSE[relop] if negated else relop, constants, names)
        case Range(first, first_relop, symbol, second_relop, second):
            relops = (_TURNED[first_relop], second_relop)
            tests = [
                _compared(symbol, _INVERSE[relop] if negated else relop, (constant,), names)
                for relop, constant in zip(relops, (first, second), strict=True)
            ]
            return _any(tests) if negated else every(tests)
        case _:
            return _never  # ovn-controller leaves out a flow that it cannot read


def every(tests: list[Test]) -> Test:
    """Do all hold?"""
    if _never in tests:
        return _never
    tests = [test for test in tests if test is not always]
    if not tests:
        return always
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        one, other = tests
        return lambda packet: (
            other(packet) if (found := one(packet)) else found if found is False
            else False if other(packet) is False else None
        )  # fmt: skip

    def test(packet: Packet) -> bool | None:
        open_ = False
        for each in tests:
            found = each(packet)
            if found is None:
                open_ = True
            elif not found:
                return False
        return None if open_ else True

    return test


def _any(tests: list[Test]) -> Test:
    if always in tests:
        return always
    tests = [test for test in tests if test is not _never]
    if not tests:
        return _never
    if len(tests) == 1:
        return tests[0]

    def test(packet: Packet) -> bool | None:
        open_ = False
        for each in tests:
            found = each(packet)
            if found:
                return True
            open_ = open_ or found is None
        return None if open_ else False

    return test


def _predicate(symbol: Symbol, names: Names, negated: bool) -> Test:
    definition = find_symbol(symbol.name)
    if definition is None:
        return _never
    if definition.kind == "predicate":
        test = holds(definition.expands)
        return (lambda packet: not test(packet)) if negated else test
    # "!reg0" of a wide field is "reg0 == 0".
    one = Constant("integer", 0 if negated else 1, None, "")
    return _compared(symbol, "==", (one,), names)


@cache
def holds(text: str) -> Test:
    """An expression of the language itself: a prerequisite, what a predicate stands for."""
    return compiled(parse_match(text)[0].expression, NO_NAMES)


def _compared(symbol: Symbol, relop: Relop, constants: Sequence[Constant], names: Names) -> Test:
    definition = find_symbol(symbol.name)
    if definition is None:
        return _never
    if symbol.name in STRINGS:
        return _any_or_every(relop, [_named(symbol.name, relop, c, names) for c in constants])
    if definition.kind == "predicate":
        return _any_or_every(relop, [
            _predicate(symbol, names, bool(c.value) != (relop == "==")) for c in constants
        ])  # fmt: skip
    place = place_of(symbol)
    if place is None:
        return _never
    tests: list[Test] = []
    for constant in constants:
        found = _numbers(constant, names)
        if found is None:
            tests.append(unknown)
        else:
            tests += [_number(symbol, relop, value, mask) for value, mask in found]
    test = _any_or_every(relop, tests)
    if not definition.prerequisite:
        return test
    # The prerequisite decides first: without it nothing is compared.
    return every([holds(definition.prerequisite), test])


def _any_or_every(relop: Relop, tests: list[Test]) -> Test:
    """Of a set: ``==`` any, ``!=`` none; nothing equals an empty one."""
    if not tests:
        return always if relop == "!=" else _never
    return every(tests) if relop == "!=" else _any(tests)


def _numbers(constant: Constant, names: Names) -> list[tuple[int, int | None]] | None:
    if constant.kind != "address_set":
        return [(constant.value, constant.mask)] if isinstance(constant.value, int) else []
    texts = names.address_sets(str(constant.value))
    if texts is None:
        return None
    return [
        (one.value, one.mask)
        for text in texts
        for one in readings[text].constants
        if isinstance(one.value, int) and not readings[text].fault
    ]


def _number(symbol: Symbol, relop: Relop, value: int, mask: int | None) -> Test:
    place = place_of(symbol)
    assert place is not None
    if mask is None and place.width < value.bit_length():
        value &= (1 << place.width) - 1
    if len(place.pieces) > 1:
        compare = _COMPARE[relop]
        if mask is None:
            return lambda packet: compare(place.get(packet), value)
        value &= mask
        return lambda packet: compare(place.get(packet) & mask, value)
    ((key, shift, width),) = place.pieces
    bits = (1 << width) - 1 if mask is None else mask & (1 << width) - 1
    bits <<= shift
    value = value << shift & bits
    if not bits:
        return always if _COMPARE[relop](0, 0) else _never
    if relop == "==":
        return lambda packet: packet[key] & bits == value  # type: ignore[operator]
    compare = _COMPARE[relop]
    return lambda packet: compare(packet[key] & bits, value)  # type: ignore[operator]


def port_name(text: str) -> str:
    """``"none"`` is no port at all, as ``""`` is (northd/northd.c, ls_in_l2_unknown)."""
    return "" if text == "none" else text


def _named(key: str, relop: Relop, constant: Constant, names: Names) -> Test:
    """A port's name. One that the datapath does not have compares with nothing."""
    equal = relop == "=="
    if constant.kind == "port_group":
        members = names.port_groups(str(constant.value))
        if members is None:
            return unknown
        those = frozenset(name for name in members if names.is_port(name))
        return lambda packet: (packet[key] in those) == equal
    name = port_name(str(constant.value))
    if name and not names.is_port(name):
        return _never
    return lambda packet: (packet[key] == name) == equal
