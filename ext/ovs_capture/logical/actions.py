"""Action lists: ``reg0[0] = 1; ct_lb_mark(backends=10.0.0.1:80); next;`` -> ``Actions``.

    actions   = *(statement ";")
    statement = name / name "(" [arguments] ")" / name "{" actions "}"
              / symbol "=" (constant / symbol / name "(" [arguments] ")")
              / symbol "<->" symbol / symbol "--"
    arguments = argument *(("," / ";") argument)
    argument  = [name "="] (value / "(" arguments ")")
    value     = symbol / constant / set / endpoint / number "-" number / name

Lives here: the grammar of ovn-sb(5), Logical_Flow, actions, for the actions of all releases alike.
Which actions there are stands in ``knowledge/ovn_actions.toml``. May not know: any capture.

A shape goes through pyparsing once, statement by statement; a statement that breaks the grammar is
kept as it is, and the others are read.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import knowledge
from ..diagnostic import Code
from ..grammar import Memo, Problem, is_too_long, too_long
from . import constants as lexis
from .constants import ENDPOINT, Reading, readings
from .flow import (
    Action,
    ActionForm,
    Actions,
    Argument,
    Constant,
    ConstantSet,
    Endpoint,
    PortRange,
    Symbol,
    Value,
    Word,
)
from .match import constant_token
from .symbols import Definition, find_symbol
from .text import (
    BLANKS,
    CONSTANT,
    HOLE,
    WORD,
    Token,
    bad,
    gaps_of_shape,
    gaps_of_text,
    split,
    without_comments,
)

if TYPE_CHECKING:
    import pyparsing as pp

_MOST_DEPTH = 32  # MAX_NESTED_ACTION_DEPTH of lib/actions.c
# Stands for what is between braces, while what is around them is parsed.
_BLOCK = "\ue001"
_SIGNS = re.compile(r"[(){};]")
_ROW = {"names", "forms", "has_result", "implies_next", "ovnact", "since", "until", "source"}


@cache
def all_actions() -> Mapping[str, Mapping[str, Any]]:
    """The rows of ``ovn_actions.toml`` by name."""
    rows: dict[str, dict[str, Any]] = knowledge.table("ovn_actions")["actions"]
    for name, row in rows.items():
        knowledge.require_known(row, _ROW, f"ovn_actions.toml: [actions.{name}]")
    return rows


@cache
def _by_any_name() -> Mapping[str, str]:
    return {
        any_name: name
        for name, row in all_actions().items()
        for any_name in (name, *row.get("names", ()))
    }


def find_action(word: str) -> str | None:
    """The name of an action's row by any word for it."""
    return _by_any_name().get(word)


class _Ref(NamedTuple):
    """A name in a shape, perhaps with bits; ``start`` counts from the statement."""

    name: str
    bits: tuple[str | int, ...]
    start: int


class _Hole(NamedTuple):
    start: int


class _Ports(NamedTuple):
    first: int
    last: int


class _Item(NamedTuple):
    """An argument: ``name`` is a word, a hole (a weighted number) or None."""

    name: str | int | None
    value: "_Ref | _Hole | _Ports | tuple[_Item, ...]"
    separator: str


class _Statement(NamedTuple):
    form: ActionForm
    name: str
    start: int
    target: _Ref | None = None
    items: tuple[_Item, ...] = ()


def _located(make: Callable[[int, "pp.ParseResults"], object]) -> Callable[..., object]:
    return lambda _text, location, tokens: make(location, tokens)


def _items(tokens: "pp.ParseResults") -> list[tuple[_Item, ...]]:
    """Arguments with the separators behind them."""
    found = []
    parts = list(tokens)
    for index in range(0, len(parts), 2):
        separator = parts[index + 1] if index + 1 < len(parts) else ""
        found.append(parts[index]._replace(separator=separator))
    return [tuple(found)]


@cache
def _statement() -> "pp.ParserElement":
    # Loading it takes longer than reading most captures, so only a text that needs it does.
    import pyparsing as pp

    hole = pp.Literal(HOLE).set_parse_action(_located(lambda at, _: at))
    word = pp.Regex(WORD, re.ASCII)
    bit = pp.Regex("0|[1-9][0-9]{0,3}") | hole
    bits = pp.Suppress("[") + bit + pp.Optional(pp.Suppress("..") + bit) + pp.Suppress("]")
    ref = (word + pp.Optional(bits)).set_parse_action(
        _located(lambda at, t: _Ref(t[0], tuple(t[1:]), at))
    )
    ports = (hole + pp.Suppress("-") + hole).set_parse_action(lambda t: _Ports(*t))
    constant = pp.Literal(HOLE).set_parse_action(_located(lambda at, _: _Hole(at)))
    value = ports | constant | ref
    weighted = (hole + pp.Suppress("=") + constant).set_parse_action(
        lambda t: _Item(t[0], t[1], "")
    )
    plain = value.copy().add_parse_action(lambda t: _Item(None, t[0], ""))
    separator = pp.one_of(", ;")
    inner = weighted | plain
    nested = pp.Suppress("(") + inner + pp.ZeroOrMore(separator + inner) + pp.Suppress(")")
    nested = nested.set_parse_action(_items)
    named = (word + pp.Suppress("=") + (nested | value)).set_parse_action(
        lambda t: _Item(t[0], t[1], "")
    )
    argument = weighted | named | plain
    arguments = argument + pp.ZeroOrMore(separator + argument) + pp.Optional(separator)
    arguments = pp.Optional(arguments).set_parse_action(_items)
    call = word + pp.Suppress("(") + arguments + pp.Suppress(")")
    call = call.set_parse_action(_located(lambda at, t: _Statement("call", t[0], at, None, t[1])))
    result = (ref + pp.Suppress("=") + call).set_parse_action(
        _located(lambda at, t: t[1]._replace(target=t[0]))
    )
    assign = (ref + pp.Suppress("=") + (constant | ref)).set_parse_action(
        _located(lambda at, t: _Statement("assign", "", at, t[0], (_Item(None, t[1], ""),)))
    )
    exchange = (ref + pp.Suppress("<->") + ref).set_parse_action(
        _located(lambda at, t: _Statement("exchange", "", at, t[0], (_Item(None, t[1], ""),)))
    )
    decrement = (ref + pp.Suppress("--")).set_parse_action(
        _located(lambda at, t: _Statement("decrement", "", at, t[0]))
    )
    block = (word + pp.Suppress(_BLOCK)).set_parse_action(
        _located(lambda at, t: _Statement("block", t[0], at))
    )
    alone = word.copy().add_parse_action(_located(lambda at, t: _Statement("word", t[0], at)))
    forms = (result, assign, exchange, decrement, call, block, alone)
    # Each with the end: then the form that came furthest tells where the grammar breaks.
    return pp.MatchFirst([form + pp.StringEnd() for form in forms]).parse_with_tabs()


@lru_cache(maxsize=1 << 12)
def _parse_statement(shape: str) -> _Statement | int:
    """A statement without its semicolon, or where its grammar breaks."""
    import pyparsing as pp

    try:
        found: _Statement = _statement().parse_string(shape, parse_all=True)[0]
    except pp.ParseException as fault:
        return int(fault.loc)
    return found


class _Piece(NamedTuple):
    """One statement of a shape: its text without semicolon, the statements between its braces.

    ``start``, ``end``: of the whole with its semicolon, where it has one (``ended``).
    """

    shape: str
    start: int
    end: int
    ended: bool
    block: "tuple[_Piece, ...]"


class _Open:
    """A list of statements that is not complete yet."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.pieces: list[_Piece] = []
        self.parts: list[str] = []
        self.block: tuple[_Piece, ...] = ()
        self.position = start

    def take(self, shape: str, end: int, ended: bool) -> None:
        """What was collected is a statement, if there is anything."""
        text = "".join([*self.parts, shape[self.position : end]])
        if text.strip(BLANKS) or ended:
            stop = end + 1 if ended else end
            self.pieces.append(_Piece(text, self.start, stop, ended, self.block))
            self.start = stop
        self.parts, self.block, self.position = [], (), end + 1

    def put(self, shape: str, end: int, block: tuple[_Piece, ...], after: int) -> None:
        """A block stands here: ``end`` where its brace opens, ``after`` behind the closing one."""
        self.parts += [shape[self.position : end], _BLOCK, " " * (after - end - 1)]
        self.block, self.position = block, after


def _pieces(shape: str) -> tuple[_Piece, ...] | Problem:
    """The statements of a shape; a problem where its braces do not fit."""
    stack = [_Open(0)]
    opened: list[int] = []
    depth = 0
    for sign in _SIGNS.finditer(shape):
        at, char = sign.start(), sign[0]
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif char == ";":
            stack[-1].take(shape, at, True)
        elif char == "{":
            if len(opened) >= _MOST_DEPTH or stack[-1].block:
                return bad("braces are nested too deep", at, at + 1)
            opened.append(at)
            stack.append(_Open(at + 1))
        elif not opened:
            return bad("'}' is not expected here", at, at + 1)
        else:
            inner = stack.pop()
            inner.take(shape, at, False)
            stack[-1].put(shape, opened.pop(), tuple(inner.pieces), at + 1)
    if opened:
        return bad("a brace is not closed", opened[-1], opened[-1] + 1)
    stack[-1].take(shape, len(shape), False)
    return tuple(stack[-1].pieces)


_Holes = Sequence[str]
_Build = Callable[[_Holes], Action]
_Check = Callable[[_Holes], Problem | None]


class _Compiler:
    """From the statements of a shape to functions of the constants in its holes."""

    def __init__(self, shape: str) -> None:
        self.shape = shape
        self.number_of_hole = {
            found.start(): number for number, found in enumerate(re.finditer(HOLE, shape))
        }
        self.checks: list[_Check] = []
        self.unread: list[tuple[int, int]] = []

    def statement(self, piece: _Piece) -> _Build:
        parsed = _parse_statement(piece.shape)
        lead = len(piece.shape) - len(piece.shape.lstrip(BLANKS))
        begin = piece.start + lead
        if isinstance(parsed, int) or not piece.ended:
            at = piece.start + (
                parsed if isinstance(parsed, int) else len(piece.shape.rstrip(BLANKS))
            )
            return self._unread(piece, begin, at)
        return self._read(parsed, piece)

    def _unread(self, piece: _Piece, begin: int, at: int) -> _Build:
        end = piece.end
        text = self.shape[begin:end]
        kept = text.rstrip(BLANKS)
        self.unread.append((begin, begin + len(kept)))
        at = max(begin, min(at, begin + len(kept)))
        what = "the action ends too early" if at >= begin + len(kept) else (
            f"{_token(self.shape, at)!r} is not expected here"
        )  # fmt: skip
        self._wrong(bad(what, at, min(at + 1, len(self.shape))))
        parts = kept.split(HOLE)
        first = sum(place < begin for place in self.number_of_hole)

        def build(holes: _Holes) -> Action:
            constants = holes[first : first + len(parts) - 1]
            text = "".join(chain.from_iterable(zip(parts, [*constants, ""], strict=True)))
            return Action("", "unread", text=text)

        return build

    def _wrong(self, problem: Problem) -> None:
        self.checks.append(lambda holes: problem)

    def _read(self, parsed: _Statement, piece: _Piece) -> _Build:
        offset = piece.start
        name, target = self._name(parsed, offset)
        make_target = None if target is None else self._symbol(target, offset)
        make_items = self._arguments(parsed.items, offset)
        block = [self.statement(inner) for inner in piece.block]
        if parsed.form == "assign" and target is not None:
            self._check_load(target, parsed.items[0].value, offset)
        form = parsed.form
        if not block and make_items is None and make_target is None:
            found = Action(name, form)
            return lambda holes: found
        return lambda holes: Action(
            name,
            form,
            None if make_target is None else make_target(holes),
            () if make_items is None else make_items(holes),
            tuple([build(holes) for build in block]),
        )

    def _name(self, parsed: _Statement, offset: int) -> tuple[str, _Ref | None]:
        """The row's name; a problem where no row has the word, or not in this form."""
        target = parsed.target
        if parsed.form in ("exchange", "decrement", "assign") and target is not None:
            if target.name in ("icmp4.frag_mtu", "icmp6.frag_mtu"):
                return find_action(target.name) or target.name, target
            is_load = bool(parsed.items) and isinstance(parsed.items[0].value, _Hole)
            names = {"exchange": "exchange", "decrement": "ip.ttl--"}
            return names.get(parsed.form, "load" if is_load else "move"), target
        name = find_action(parsed.name)
        start = offset + parsed.start
        if name is None:
            end = start + len(parsed.name)
            self._wrong(Problem(Code.UNKNOWN_ACTION, start, end, {"action": parsed.name}))
            return parsed.name, target
        row = all_actions()[name]
        if parsed.form not in row["forms"] or bool(row.get("has_result")) != (target is not None):
            self._wrong(bad(f"{name!r} is not written like this", start, start + len(parsed.name)))
        return name, target

    def _symbol(self, ref: _Ref, offset: int) -> Callable[[_Holes], Symbol]:
        definition = find_symbol(ref.name)
        if definition is None:
            start = offset + ref.start
            self._wrong(Problem(
                Code.UNKNOWN_FIELD, start, start + len(ref.name), {"field": ref.name}
            ))  # fmt: skip
        numbers = [self.number_of_hole[offset + bit] if isinstance(bit, int) else None
                   for bit in ref.bits]  # fmt: skip
        if any(number is not None for number in numbers):
            return lambda holes: Symbol(ref.name, tuple(
                str(bit) if number is None else holes[number]
                for bit, number in zip(ref.bits, numbers, strict=True)
            ))  # fmt: skip
        symbol = Symbol(ref.name, tuple(map(str, ref.bits)))
        width = 0 if definition is None else definition.bits
        first, last = symbol.first or 0, symbol.last or 0
        if definition is not None and symbol.bits and not first <= last < width:
            start = offset + ref.start
            printed = f"{ref.name}[{'..'.join(symbol.bits)}]"
            self._wrong(bad(f"there are no such bits: {printed}", start, start + 1))
        return lambda holes: symbol

    def _arguments(
        self, items: tuple[_Item, ...], offset: int
    ) -> Callable[[_Holes], tuple[Argument, ...]] | None:
        """What follows a named argument without a name of its own is one more of its values."""
        if not items:
            return None
        grouped: list[list[_Item]] = []
        for item in items:
            before = grouped[-1] if grouped else None
            if before is not None and item.name is None and _goes_on(before, item):
                before.append(item)
            else:
                grouped.append([item])
        builds = [self._argument(group, offset) for group in grouped]
        return lambda holes: tuple([build(holes) for build in builds])

    def _argument(self, group: list[_Item], offset: int) -> Callable[[_Holes], Argument]:
        name, separator = group[0].name, group[-1].separator
        number = self.number_of_hole[offset + name] if isinstance(name, int) else None
        nested = group[0].value
        # A nested list is a plain tuple, all else has a name.
        if type(nested) is tuple:
            inner = self._arguments(nested, offset)
            assert inner is not None  # the grammar has no empty one
            return lambda holes: Argument(str(name), (), inner(holes), separator)
        values = [self._value(item.value, offset) for item in group]
        return lambda holes: Argument(
            (name or "") if number is None else holes[number],  # type: ignore[arg-type]
            tuple([value(holes) for value in values]),
            (),
            separator,
        )

    def _value(self, value: Any, offset: int) -> Callable[[_Holes], Value]:
        if isinstance(value, _Hole):
            return self._constant(offset + value.start)
        if isinstance(value, _Ports):
            first = self._constant(offset + value.first)
            last = self._constant(offset + value.last)
            return lambda holes: PortRange(_single(first(holes)), _single(last(holes)))
        definition = find_symbol(value.name)
        if not value.bits and (definition is None or definition.kind == "predicate"):
            word = Word(value.name)
            return lambda holes: word
        return self._symbol(value, offset)

    def _constant(self, place: int) -> Callable[[_Holes], Value]:
        number = self.number_of_hole[place]

        def check(holes: _Holes) -> Problem | None:
            text = holes[number]
            fault = "" if ENDPOINT.fullmatch(text) else readings[text].fault
            return bad(f"{text[:60]}: {fault}", place, place + 1) if fault else None

        self.checks.append(check)
        return lambda holes: _constants[holes[number]]

    def _check_load(self, target: _Ref, value: object, offset: int) -> None:
        """Does the constant fit the symbol that it is assigned to?"""
        definition = find_symbol(target.name)
        if definition is None or not isinstance(value, _Hole):
            return
        place = offset + value.start
        number = self.number_of_hole[place]

        def check(holes: _Holes) -> Problem | None:
            reading = readings[holes[number]]
            if reading.fault or _fits(reading, definition):
                return None
            args = {"field": target.name, "value": holes[number]}
            return Problem(Code.BAD_VALUE, place, place + 1, args)

        self.checks.append(check)


def _goes_on(before: list[_Item], item: _Item) -> bool:
    """Is an item without name one more value of the argument before it?

    ``skip_snat`` behind backends is a word of its own; ports and addresses are values.
    """
    has_name = isinstance(before[0].name, str) and type(before[0].value) is not tuple
    return has_name and before[-1].separator == "," and isinstance(item.value, _Hole | _Ports)


def _fits(reading: Reading, definition: Definition) -> bool:
    """As of matches: the width is that of the whole symbol, whichever bits are named."""
    if definition.kind == "string":
        return "integer" not in reading.kinds
    return "string" not in reading.kinds and reading.bits <= definition.bits


def _token(shape: str, at: int) -> str:
    found = re.compile(r"\s*([\w.]+|\S|\Z)").match(shape, at)
    token = found[1] if found else ""
    return {HOLE: "a constant", _BLOCK: "{"}.get(token, token)


def _single(value: Value) -> Constant:
    return value if isinstance(value, Constant) else Constant("integer", 0, None, "")


def _read_constant(text: str) -> Value:
    if ENDPOINT.fullmatch(text):
        address, _, port = text.rpartition(":")
        return Endpoint(
            readings[address.strip("[]")].constants[0], readings[port].constants[0], text
        )
    reading = readings[text]
    return ConstantSet(reading.constants, text) if reading.is_set else reading.constants[0]


_constants = Memo(_read_constant, 1 << 17)


class _Shape(NamedTuple):
    """How to make the actions of the constants of a text, and what to check."""

    builds: tuple[_Build, ...]
    checks: tuple[_Check, ...]
    gaps: tuple[str, ...] | None
    broken: Problem | None
    has_unread: bool = False


def _compile(shape: str) -> _Shape:
    pieces = _pieces(shape)
    if isinstance(pieces, Problem):
        return _Shape((), (), None, pieces)
    compiler = _Compiler(shape)
    builds = tuple(compiler.statement(piece) for piece in pieces)
    gaps = gaps_of_shape(shape, sorted(compiler.unread))
    return _Shape(builds, tuple(compiler.checks), gaps, None, bool(compiler.unread))


_shapes = Memo(_compile, 1 << 13)
_Read = tuple[Actions, tuple[Problem, ...]]


def _parse(text: str) -> _Read:
    if is_too_long(text):
        return _unread(text, too_long(text))
    clean = without_comments(text)
    pieces = split(clean, lexis.IN_ACTIONS)
    if not pieces.is_told_apart or _BLOCK in pieces.shape:
        return _unread(text, bad("it has a character that nothing prints", 0, len(text)))
    shape = _shapes[pieces.shape]
    if shape.broken is not None or shape.gaps is None:
        return _unread(text, pieces.in_text(shape.broken or bad("", 0, 0)))
    holes = pieces.constants
    items = tuple([build(holes) for build in shape.builds])
    problems = tuple(filter(None, [check(holes) for check in shape.checks]))
    if problems:
        problems = tuple(pieces.in_text(problem) for problem in problems)
    if clean is text:
        return Actions(items, text, shape.gaps), problems
    if shape.has_unread:
        # A statement that is kept as it is would lose its comments.
        return _unread(text, *problems)
    return Actions(items, text, gaps_of_text(text, pieces)), problems


def _unread(text: str, *problems: Problem) -> _Read:
    return Actions((Action("", "unread", text=text),), text, ("", "")), problems


_lists = Memo(_parse, 1 << 16)


def parse_actions(text: str) -> _Read:
    """An action list as printed. Never raises; offsets of problems count from ``text``."""
    return _lists[text]


def forget() -> None:
    """Empty what was remembered of shapes and lists: for measuring."""
    _parse_statement.cache_clear()
    for memory in (_shapes, _lists, _constants):
        memory.clear()


_TOKEN = re.compile(
    rf"(?P<endpoint>{ENDPOINT.pattern})|(?P<constant>{CONSTANT})|(?P<word>{WORD})", re.ASCII
)


@lru_cache(maxsize=1 << 12)
def action_tokens(text: str) -> tuple[Token, ...]:
    """The tokens of an action list, in order and disjoint; offsets count from ``text``."""
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    if is_too_long(text):
        return
    for found in _TOKEN.finditer(without_comments(text)):
        start, end = found.span()
        if found["endpoint"]:
            address = found["endpoint"].rpartition(":")[0]
            bare = address.strip("[]")
            at = start + (len(address) - len(bare)) // 2
            if token := constant_token(bare, at):
                yield token
        elif found["constant"]:
            if token := constant_token(found["constant"], start):
                yield token
        elif definition := find_symbol(found["word"]):
            yield Token(
                start, end, "register" if definition.is_register else "name", definition.name
            )
        elif find_action(found["word"]):
            yield Token(start, end, "drop" if found["word"] == "drop" else "name", found["word"])
