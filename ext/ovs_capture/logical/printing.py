"""Matches and actions as text again, from their trees and the gaps between tokens.

Proves that a tree lacks nothing: what ``ovn-sbctl`` printed comes back, byte for byte. An
expression without gaps is printed as OVN's own programs write one.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from .flow import (
    Action,
    Actions,
    And,
    Argument,
    Boolean,
    Comparison,
    Constant,
    ConstantSet,
    Endpoint,
    Expression,
    Match,
    Not,
    Or,
    PortRange,
    Predicate,
    Range,
    Relop,
    Resident,
    Symbol,
    Unread,
    Value,
    Word,
)

_TURNED: dict[Relop, str] = {
    "==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
}  # fmt: skip


def _symbol(symbol: Symbol) -> Iterator[str]:
    yield symbol.name
    if symbol.bits:
        yield "["
        yield symbol.bits[0]
        if len(symbol.bits) > 1:
            yield ".."
            yield symbol.bits[1]
        yield "]"


def _joined(operands: Iterable[Expression], sign: str) -> Iterator[str]:
    for index, operand in enumerate(operands):
        if index:
            yield sign
        yield from expression_tokens(operand)


def _bare(node: Expression) -> Iterator[str]:
    match node:
        case Boolean():
            yield "1" if node.value else "0"
        case Predicate():
            yield from _symbol(node.symbol)
        case Resident():
            yield from ("is_chassis_resident", "(", node.port.text, ")")
        case Comparison():
            texts = [constant.text for constant in node.constants]
            constants = node.set_text if node.set_text is not None else texts[0]
            if node.turned:
                yield from (constants, _TURNED[node.relop], *_symbol(node.symbol))
            else:
                yield from (*_symbol(node.symbol), node.relop, constants)
        case Range():
            yield from (node.first.text, node.first_relop, *_symbol(node.symbol))
            yield from (node.second_relop, node.second.text)
        case Not():
            yield "!"
            yield from expression_tokens(node.operand)
        case And():
            yield from _joined(node.operands, "&&")
        case Or():
            yield from _joined(node.operands, "||")
        case Unread():
            yield node.text


def expression_tokens(node: Expression) -> Iterator[str]:
    """The tokens of an expression in order; a set is one, and so is what could not be read."""
    yield from ("(",) * node.parentheses
    yield from _bare(node)
    yield from (")",) * node.parentheses


def _values(values: Iterable[Value]) -> Iterator[str]:
    for index, value in enumerate(values):
        if index:
            yield ","
        match value:
            case Symbol():
                yield from _symbol(value)
            case Word() | Constant() | ConstantSet() | Endpoint():
                yield value.text
            case PortRange():
                yield from (value.first.text, "-", value.last.text)


def _arguments(arguments: Iterable[Argument]) -> Iterator[str]:
    for argument in arguments:
        if argument.name:
            yield argument.name
            yield "="
        if argument.arguments:
            yield "("
            yield from _arguments(argument.arguments)
            yield ")"
        yield from _values(argument.values)
        if argument.separator:
            yield argument.separator


def _statement(action: Action) -> Iterator[str]:
    if action.form == "unread":
        yield action.text
        return
    if action.target is not None:
        yield from _symbol(action.target)
        yield {"exchange": "<->", "decrement": "--"}.get(action.form, "=")
    if action.form in ("assign", "exchange"):
        yield from _arguments(action.arguments)
    elif action.form != "decrement":
        yield action.name
    if action.form == "call":
        yield "("
        yield from _arguments(action.arguments)
        yield ")"
    elif action.form == "block":
        yield "{"
        yield from chain.from_iterable(map(_statement, action.actions))
        yield "}"
    yield ";"


def action_list_tokens(actions: Iterable[Action]) -> Iterator[str]:
    """The tokens of an action list in order, each action with its semicolon."""
    return chain.from_iterable(map(_statement, actions))


def _woven(tokens: Iterable[str], gaps: tuple[str, ...]) -> str:
    pieces = list(tokens)
    if len(pieces) + 1 != len(gaps):
        raise ValueError(f"{len(pieces)} tokens do not go with {len(gaps)} gaps")
    return "".join(chain.from_iterable(zip(gaps, [*pieces, ""], strict=True)))


def print_match(match: Match) -> str:
    """The text that was read, made from the tree. ValueError for a tree of another text."""
    return _woven(expression_tokens(match.expression), match.gaps)


def print_actions(actions: Actions) -> str:
    """The text that was read, made from the tree. ValueError for a tree of another text."""
    return _woven(action_list_tokens(actions.items), actions.gaps)


_TIGHT_AFTER = {"!", "(", "[", ".."}
_TIGHT_BEFORE = {")", "[", "]", ".."}


def expression_text(node: Expression) -> str:
    """An expression in the spacing of lib/expr.c, whatever the spacing that it was read in."""
    parts: list[str] = []
    for token in expression_tokens(node):
        tight = token in _TIGHT_BEFORE or (token == "(" and parts[-1:] == ["is_chassis_resident"])
        if parts and not tight and parts[-1] not in _TIGHT_AFTER:
            parts.append(" ")
        parts.append(token)
    return "".join(parts)


def value_text(value: Value) -> str:
    """A value of an action's argument, as printed but for blanks."""
    return "".join(_values((value,)))
