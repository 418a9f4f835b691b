"""Matches: ``ip4.src == $as && !(tcp.dst == {80, 443})`` -> ``Match``.

    expression = operand *("&&" operand) / operand *("||" operand)
    operand    = ["!"] (constant / symbol / resident / "(" expression ")") / comparison
    comparison = symbol relop constants / constants relop symbol / constant relop symbol relop
                 constant
    resident   = "is_chassis_resident" "(" string ")"
    symbol     = name ["[" number [".." number] "]"]
    constants  = constant / "{" 1*(constant [","]) "}"

Lives here: the grammar of ovn-sb(5), Logical_Flow, match, as lib/expr.c has it, and what it says of
types and levels of measurement. Which symbols there are stands in ``knowledge/ovn_fields.toml``.
May not know: any capture.

A shape goes through pyparsing once. Parentheses are taken apart before, so that no depth of them
makes anything recurse deeper than OVN itself allows (``_MOST_DEPTH``).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ..diagnostic import Code
from ..grammar import Memo, Problem, is_too_long, too_long
from . import constants as lexis
from .constants import Reading, canonical_address, readings
from .flow import (
    And,
    Boolean,
    Comparison,
    Constant,
    Expression,
    Match,
    Not,
    Or,
    Predicate,
    Range,
    Relop,
    Resident,
    Symbol,
    Unread,
)
from .symbols import Definition, find_symbol
from .text import (
    CONSTANT,
    HOLE,
    WORD,
    Role,
    Token,
    bad,
    gaps_of_shape,
    gaps_of_text,
    split,
    without_comments,
)

if TYPE_CHECKING:
    import pyparsing as pp

_MOST_DEPTH = 100  # MAX_PAREN_DEPTH of lib/expr.c
# Stands for what is in parentheses, while what is around them is parsed.
_GROUP = "\ue001"
_RESIDENT = "is_chassis_resident"
_PARENTHESES = re.compile(rf"(?<![\w.]){_RESIDENT}\s*\(\s*{HOLE}\s*\)|(?P<sign>[()])")
_TURNED: dict[str, Relop] = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

# What a constant's hole holds, in the order of the text.
_Holes = Sequence[Reading]
_Build = Callable[[_Holes, Sequence[str]], Expression]


class _Named(NamedTuple):
    """A symbol in a shape, and where. ``holes``: bits that were taken for constants."""

    name: str
    bits: tuple[str | int, ...]
    start: int
    end: int


class _Alone(NamedTuple):
    symbol: _Named


class _Always(NamedTuple):
    hole: int
    start: int


class _OnChassis(NamedTuple):
    hole: int
    start: int


class _Compared(NamedTuple):
    symbol: _Named
    relop: Relop
    hole: int
    turned: bool
    start: int


class _Between(NamedTuple):
    first: int
    first_relop: Relop
    symbol: _Named
    second_relop: Relop
    second: int
    start: int
    second_start: int


class _Grouped(NamedTuple):
    """An expression in parentheses, by the place where they open."""

    place: int


class _Negated(NamedTuple):
    operand: Any


class _Joined(NamedTuple):
    sign: str
    operands: tuple[Any, ...]


class _Broken(NamedTuple):
    """Why a shape is no expression, and where."""

    reason: str
    start: int
    end: int


def _located(make: Callable[[int, "pp.ParseResults"], object]) -> Callable[..., object]:
    return lambda _text, location, tokens: make(location, tokens)


def _symbol(location: int, tokens: "pp.ParseResults") -> _Named:
    name, *bits = tokens
    end = bits.pop() if bits else location + len(name)
    return _Named(name, tuple(bits), location, end)


def _hole_number() -> "pp.ParserElement":
    """A constant: where its hole is. Its number is counted when the shape is known."""
    import pyparsing as pp

    return pp.Literal(HOLE).set_parse_action(_located(lambda location, _: location))


@cache
def _expression() -> "pp.ParserElement":
    # Loading it takes longer than reading most captures, so only a text that needs it does.
    import pyparsing as pp

    hole = _hole_number().set_name("a constant")
    word = pp.Regex(WORD, re.ASCII).set_name("a symbol")
    bit = pp.Regex("0|[1-9][0-9]{0,3}") | hole
    bits = pp.Suppress("[") + bit + pp.Optional(pp.Suppress("..") + bit)
    closing = pp.Literal("]").set_parse_action(_located(lambda location, _: location + 1))
    symbol = (word + pp.Optional(bits + closing)).set_parse_action(_located(_symbol))
    relop = pp.one_of(list(_TURNED)).set_name("a relational operator")
    resident = pp.Regex(rf"{_RESIDENT}\s*\(\s*") + hole + pp.Regex(r"\s*\)").leave_whitespace()
    resident = resident.set_parse_action(_located(lambda at, t: _OnChassis(t[1], t[1])))
    group = pp.Literal(_GROUP).set_parse_action(_located(lambda at, _: _Grouped(at)))
    named_first = (symbol + relop + hole).set_parse_action(
        _located(lambda at, t: _Compared(t[0], t[1], t[2], False, at))
    )
    between = (hole + relop + symbol + relop + hole).set_parse_action(
        _located(lambda at, t: _Between(t[0], t[1], t[2], t[3], t[4], at, t[4]))
    )
    constant_first = (hole + relop + symbol).set_parse_action(
        _located(lambda at, t: _Compared(t[2], _TURNED[t[1]], t[0], True, at))
    )
    alone = symbol.copy().add_parse_action(lambda t: _Alone(t[0]))
    always = _hole_number().add_parse_action(lambda t: _Always(t[0], t[0]))
    primary = resident | group | named_first | between | constant_first | alone | always
    # "!tcp.dst == 80" lacks parentheses: a comparison is no operand of "!".
    comparison_follows = ~(named_first | constant_first)
    negated = pp.Suppress("!") + comparison_follows + (resident | group | alone | always)
    negated = negated.set_parse_action(lambda t: _Negated(t[0]))
    operand = negated | primary
    joined = operand + pp.Optional(
        pp.OneOrMore(pp.Literal("&&") - operand) | pp.OneOrMore(pp.Literal("||") - operand)
    )
    return joined.set_parse_action(_joined).parse_with_tabs()


def _joined(tokens: "pp.ParseResults") -> object:
    return tokens[0] if len(tokens) == 1 else _Joined(tokens[1], tuple(tokens[::2]))


_SYNTAX = re.compile(r"\s*(?P<token>&&|\|\||[=!<>]=|<->|\.\.|[\w.]+|\S|\Z)")


def _parse_flat(flat: str) -> object:
    """What stands in no parentheses of its own."""
    import pyparsing as pp

    try:
        return cast(object, _expression().parse_string(flat, parse_all=True)[0])
    except pp.ParseBaseException as fault:
        return _fault(flat, fault.loc)


def _fault(flat: str, location: int) -> _Broken:
    here = _SYNTAX.match(flat, location)
    assert here is not None  # it fits everything
    token = here["token"]
    start, end = here.span("token")
    if token in ("&&", "||") and re.search(r"&&|\|\|", flat[:start]):
        return _Broken("'&&' and '||' need parentheses when used together", start, end)
    before = flat[:start].rstrip()
    if token and before.endswith("!"):
        return _Broken("the operand of '!' needs parentheses", len(before) - 1, len(before))
    return _Broken(_at(token), start, end)


def _at(token: str) -> str:
    if not token:
        return "the expression ends too early"
    if token == HOLE:
        return "no constant is expected here"
    return f"{'(' if token == _GROUP else token!r} is not expected here"


class _Tree(NamedTuple):
    """A shape, parsed: its parts between parentheses, the outermost last."""

    groups: tuple[object, ...]
    by_place: dict[int, int]


def _parse_shape(shape: str) -> _Tree | _Broken:
    """Innermost parentheses first; blanks stand for what was parsed, so that places stay."""
    groups: list[object] = []
    by_place: dict[int, int] = {}
    stack: list[int] = []
    parts: list[list[str]] = [[]]
    position = 0
    for found in _PARENTHESES.finditer(shape):
        if found["sign"] is None:
            continue
        parts[-1].append(shape[position : found.start()])
        position = found.end()
        if found["sign"] == "(":
            if len(stack) >= _MOST_DEPTH:
                return _Broken("parentheses are nested too deep", *found.span())
            stack.append(found.start())
            parts.append([])
            continue
        if not stack:
            return _Broken(_at(")"), *found.span())
        start = stack.pop()
        inner = "".join(parts.pop())
        tree = _parse_flat(inner)
        if isinstance(tree, _Broken):
            # Places count from the beginning of the group.
            return tree._replace(start=tree.start + start + 1, end=tree.end + start + 1)
        groups.append(_moved(tree, start + 1))
        by_place[start] = len(groups) - 1
        parts[-1].append(_GROUP + " " * (position - start - 1))
    if stack:
        return _Broken("a parenthesis is not closed", stack[-1], stack[-1] + 1)
    parts[-1].append(shape[position:])
    tree = _parse_flat("".join(parts[-1]))
    if isinstance(tree, _Broken):
        return tree
    groups.append(tree)
    return _Tree(tuple(groups), by_place)


def _moved(tree: Any, by: int) -> Any:
    """A part of a shape with places that count from the beginning of the whole shape."""
    match tree:
        case _Named():
            bits = tuple(bit + by if isinstance(bit, int) else bit for bit in tree.bits)
            return _Named(tree.name, bits, tree.start + by, tree.end + by)
        case _Joined():
            return _Joined(tree.sign, tuple(_moved(part, by) for part in tree.operands))
        case bool() | str():
            return tree
        case int():
            return tree + by
    return type(tree)(*(_moved(part, by) for part in tree))


class _Shape(NamedTuple):
    """How to make an expression of the constants of a text, and what to check."""

    build: _Build
    check: Callable[[_Holes, Sequence[str]], Iterator[Problem]]
    gaps: tuple[str, ...]
    broken: _Broken | None


class _Compiler:
    """From a parsed shape to functions of the constants in its holes."""

    def __init__(self, shape: str, tree: _Tree) -> None:
        self.tree = tree
        self.number_of_hole = {
            found.start(): number for number, found in enumerate(re.finditer(HOLE, shape))
        }
        self.checks: list[Callable[[_Holes, Sequence[str]], Problem | None]] = []

    def expression(self, node: Any, negated: bool = False, parentheses: int = 0) -> _Build:
        match node:
            case _Grouped(place):
                inner = self.tree.groups[self.tree.by_place[place]]
                return self.expression(inner, negated, parentheses + 1)
            case _Joined(sign, operands):
                builds = [self.expression(operand, negated) for operand in operands]
                kind = And if sign == "&&" else Or
                return lambda holes, texts: kind(
                    tuple([build(holes, texts) for build in builds]), parentheses
                )
            case _Negated(operand):
                inner_build = self.expression(operand, not negated)
                return lambda holes, texts: Not(inner_build(holes, texts), parentheses)
            case _Alone(symbol):
                return self._alone(symbol, negated, parentheses)
            case _Always(place, _):
                return self._always(place, parentheses)
            case _OnChassis(place, _):
                return self._resident(place, parentheses)
            case _Between():
                return self._between(node, negated, parentheses)
            case _:
                return self._compared(node, negated, parentheses)

    def _symbol(self, named: _Named) -> tuple[Callable[[Sequence[str]], Symbol], int | None]:
        """A symbol, and its width where it is known."""
        definition = find_symbol(named.name)
        static = all(isinstance(bit, str) for bit in named.bits)
        if definition is None:
            problem = Problem(
                Code.UNKNOWN_FIELD,
                named.start,
                named.start + len(named.name),
                {"field": named.name},
            )
            self.checks.append(lambda holes, texts: problem)
        numbers = [self.number_of_hole.get(bit) if isinstance(bit, int) else None
                   for bit in named.bits]  # fmt: skip

        def make(texts: Sequence[str]) -> Symbol:
            return Symbol(named.name, tuple(
                cast(str, bit) if number is None else texts[number]
                for bit, number in zip(named.bits, numbers, strict=True)
            ))  # fmt: skip

        if not static:
            # Blanks inside the brackets, which nothing prints.
            self.checks.append(lambda holes, texts: (
                None if all(number is None or texts[number].isdecimal() for number in numbers)
                else bad("a bit is told by a decimal number", named.start, named.end)
            ))  # fmt: skip
            return make, None
        symbol = Symbol(named.name, cast("tuple[str, ...]", named.bits))
        width = None if definition is None else definition.bits
        if symbol.bits:
            first, last = int(symbol.bits[0]), int(symbol.bits[-1])
            reason = "" if definition is None else _bits_fault(definition, first, last)
            width = None if reason else last - first + 1
            if reason:
                self._always_wrong(reason, named.start, named.end)
        return lambda texts: symbol, width

    def _always_wrong(self, reason: str, start: int, end: int) -> None:
        problem = bad(reason, start, end)
        self.checks.append(lambda holes, texts: problem)

    def _alone(self, named: _Named, negated: bool, parentheses: int) -> _Build:
        symbol, width = self._symbol(named)
        definition = find_symbol(named.name)
        if definition is not None:
            # "!reg0" is "reg0 == 0"; OVN refuses only the other, which looks like "reg0 == 1".
            if width not in (None, 1) and not negated:
                self._always_wrong(
                    f"{named.name} is not one bit: it must be compared with a constant",
                    named.start, named.end,
                )  # fmt: skip
            elif negated and (definition.kind, definition.level) == ("predicate", "nominal"):
                self._always_wrong(_only_positive(definition), named.start, named.end)
        if all(isinstance(bit, str) for bit in named.bits):
            found = Predicate(symbol(()), parentheses)
            return lambda holes, texts: found
        return lambda holes, texts: Predicate(symbol(texts), parentheses)

    def _always(self, place: int, parentheses: int) -> _Build:
        number = self.number_of_hole[place]

        def check(holes: _Holes, texts: Sequence[str]) -> Problem | None:
            if texts[number] in ("0", "1"):
                return None
            return bad("a constant alone must be 0 or 1", place, place + 1)

        self.checks.append(check)
        return lambda holes, texts: (
            Boolean(texts[number] == "1", parentheses)
            if texts[number] in ("0", "1")
            else Unread(texts[number], parentheses)
        )

    def _resident(self, place: int, parentheses: int) -> _Build:
        number = self.number_of_hole[place]

        def check(holes: _Holes, texts: Sequence[str]) -> Problem | None:
            reading = holes[number]
            if reading.is_set or reading.constants[0].kind not in ("string", "template"):
                return bad("a string is expected here", place, place + 1)
            return _constant_fault(reading, texts[number], place)

        self.checks.append(check)
        return lambda holes, texts: Resident(
            _first_constant(holes[number], texts[number]), parentheses
        )

    def _compared(self, node: _Compared, negated: bool, parentheses: int) -> _Build:
        symbol, _ = self._symbol(node.symbol)
        number = self.number_of_hole[node.hole]
        self._check_compared(node.symbol, node.relop, node.hole, negated)
        relop, turned = node.relop, node.turned

        def build(holes: _Holes, texts: Sequence[str]) -> Expression:
            reading = holes[number]
            set_text = texts[number] if reading.is_set else None
            return Comparison(
                symbol(texts), relop, reading.constants, set_text, turned, parentheses
            )

        return build

    def _between(self, node: _Between, negated: bool, parentheses: int) -> _Build:
        symbol, _ = self._symbol(node.symbol)
        first, second = self.number_of_hole[node.first], self.number_of_hole[node.second]
        signs = node.first_relop[0] + node.second_relop[0]
        if signs not in ("<<", ">>"):
            self._always_wrong(
                "a range is written 'x < symbol < y' or 'x > symbol > y'",
                node.start, node.second_start,
            )  # fmt: skip
        else:
            self._check_compared(node.symbol, _TURNED[node.first_relop], node.first, negated)
            self._check_compared(node.symbol, node.second_relop, node.second, negated)
        return lambda holes, texts: Range(
            _first_constant(holes[first], texts[first]),
            node.first_relop,
            symbol(texts),
            node.second_relop,
            _first_constant(holes[second], texts[second]),
            parentheses,
        )

    def _check_compared(self, named: _Named, relop: Relop, place: int, negated: bool) -> None:
        """The rules of lib/expr.c make_cmp()."""
        number = self.number_of_hole[place]
        definition = find_symbol(named.name)

        def check(holes: _Holes, texts: Sequence[str]) -> Problem | None:
            reading = holes[number]
            wrong = _constant_fault(reading, texts[number], place)
            if wrong is not None or definition is None:
                return wrong
            reason = _level_fault(definition, relop, reading, negated)
            if reason:
                return bad(reason, named.start, named.end)
            if _fits(definition, reading):
                return None
            args = {"field": _printed(named, texts, self.number_of_hole), "value": texts[number]}
            return Problem(Code.BAD_VALUE, place, place + 1, args)

        self.checks.append(check)


def _printed(named: _Named, texts: Sequence[str], number_of_hole: dict[int, int]) -> str:
    bits = [bit if isinstance(bit, str) else texts[number_of_hole[bit]] for bit in named.bits]
    return named.name + (f"[{'..'.join(bits)}]" if bits else "")


def _first_constant(reading: Reading, text: str) -> Constant:
    """The only constant; of a set, where none is allowed, the text is kept as one."""
    return Constant("integer", 0, None, text) if reading.is_set else reading.constants[0]


def _constant_fault(reading: Reading, text: str, place: int) -> Problem | None:
    if not reading.fault:
        return None
    return bad(f"{text if len(text) < 60 else text[:57] + '...'}: {reading.fault}",
                place, place + 1)  # fmt: skip


def _bits_fault(definition: Definition, first: int, last: int) -> str:
    if definition.kind == "string":
        return f"{definition.name} is a string and has no bits"
    if last < first:
        return f"{first}..{last} is no range of bits"
    if last >= definition.bits:
        return f"{definition.name} has no bit {last}"
    if definition.level == "nominal" and last - first + 1 != definition.bits:
        return f"{definition.name} is nominal: its bits cannot be looked at one by one"
    return ""


def _only_positive(definition: Definition) -> str:
    return f"{definition.name} is nominal: it can only be tested for being true"


def _level_fault(definition: Definition, relop: Relop, reading: Reading, negated: bool) -> str:
    """What the symbol's level of measurement forbids."""
    name, level = definition.name, definition.level
    if relop not in ("==", "!="):
        if reading.is_set or reading.constants[0].kind in ("address_set", "port_group"):
            return f"a set can only be compared by == and !=, not by {relop}"
        if level != "ordinal":
            return f"{name} is {'Boolean' if level == 'Boolean' else 'nominal'}: only == and != fit"
        if reading.constants[0].mask is not None:
            return f"a constant with a mask can only be compared by == and !=, not by {relop}"
    if level != "nominal":
        return ""
    if definition.kind == "predicate":
        values = [c.value for c in reading.constants if isinstance(c.value, int)]
        negative = (relop == "!=") != negated
        return _only_positive(definition) if any(bool(v & 1) == negative for v in values) else ""
    if relop != ("!=" if negated else "=="):
        return f"{name} is nominal: it can only be tested for being equal"
    return ""


def _fits(definition: Definition, reading: Reading) -> bool:
    """Are the constants of the symbol's type, and not too wide?

    OVN compares with the width of the whole symbol, where only some of its bits are named, too.
    """
    if definition.kind == "string":
        return "integer" not in reading.kinds
    return "string" not in reading.kinds and reading.bits <= definition.bits


def _compile(shape: str) -> _Shape:
    tree = _parse_shape(shape)
    gaps = gaps_of_shape(shape)
    if isinstance(tree, _Broken):
        broken = tree
        return _Shape(lambda holes, texts: Unread(""), lambda holes, texts: iter(()), gaps, broken)
    compiler = _Compiler(shape, tree)
    build = compiler.expression(tree.groups[-1])
    checks = tuple(compiler.checks)

    def check(holes: _Holes, texts: Sequence[str]) -> Iterator[Problem]:
        return filter(None, [one(holes, texts) for one in checks])

    return _Shape(build, check, gaps, None)


_shapes = Memo(_compile, 1 << 12)
_Read = tuple[Match, tuple[Problem, ...]]


def _parse(text: str) -> _Read:
    if is_too_long(text):
        return _unread(text, too_long(text))
    clean = without_comments(text)
    pieces = split(clean, lexis.IN_MATCH)
    if not pieces.is_told_apart or _GROUP in pieces.shape:
        return _unread(text, bad("it has a character that nothing prints", 0, len(text)))
    shape = _shapes[pieces.shape]
    if shape.broken is not None:
        reason, start, end = shape.broken
        return _unread(text, pieces.in_text(bad(reason, start, end)))
    holes = [readings[constant] for constant in pieces.constants]
    expression = shape.build(holes, pieces.constants)
    gaps = shape.gaps if clean is text else gaps_of_text(text, pieces)
    problems = tuple(shape.check(holes, pieces.constants))
    if problems:
        problems = tuple(pieces.in_text(problem) for problem in problems)
    return Match(expression, text, gaps), problems


def _unread(text: str, problem: Problem) -> _Read:
    return Match(Unread(text), text, ("", "")), (problem,)


_matches = Memo(_parse, 1 << 16)


def parse_match(text: str) -> _Read:
    """A match as printed. Never raises; offsets of problems count from ``text``."""
    return _matches[text]


def forget() -> None:
    """Empty what was remembered of constants, shapes and matches: for measuring."""
    for memory in (readings, _shapes, _matches):
        memory.clear()


_TOKEN = re.compile(rf"(?P<constant>{CONSTANT})|(?P<word>{WORD})", re.ASCII)


@lru_cache(maxsize=1 << 12)
def match_tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a match, in order and disjoint; offsets count from ``text``."""
    return tuple(tokens_of(text))


def tokens_of(text: str) -> Iterator[Token]:
    """Symbols and constants of any text in the language that is not too long to be read."""
    if is_too_long(text):
        return
    for found in _TOKEN.finditer(without_comments(text)):
        start, end = found.span()
        if found["constant"]:
            if token := constant_token(found["constant"], start):
                yield token
        elif definition := find_symbol(found["word"]):
            role: Role = "register" if definition.is_register else "name"
            yield Token(start, end, role, found["word"])


def constant_token(text: str, start: int) -> Token | None:
    """What a constant stands for; None of a plain number."""
    constant = readings[text].constants[0]
    end = start + len(text)
    if readings[text].fault:
        return None
    if constant.kind == "string":
        return Token(start + 1, end - 1, "port", str(constant.value)) if len(text) > 2 else None
    if constant.kind == "mac":
        # Of a masked one the mask names nothing.
        return Token(start, start + 17, "mac", text[:17].lower())
    if constant.kind in ("ipv4", "ipv6"):
        return Token(start, end, "address", canonical_address(constant))
    if constant.kind == "integer":
        return None
    return Token(start, end, "set", text)
