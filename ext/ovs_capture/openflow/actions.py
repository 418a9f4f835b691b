"""Action lists: ``output:"tap1",resubmit(,71)`` -> ``Actions``.

Lives here: the grammar of ovs-actions(7), one pyparsing rule for each form of argument list. Which
action has which form stands in ``knowledge/openflow_actions.toml``. May not know: any capture.

The contract: names and arguments
---------------------------------

``Action.name`` is the row's name in ``openflow_actions.toml``; another spelling (``pop_vlan``,
``set_tunnel64``, ``CONTROLLER``) gives that name too. All arguments are canonical text. An argument
that is not printed is absent from ``Action.arguments``, except where "may be empty" is said. A
*subfield* ``NXM_NX_REG6[0..15]`` is told by three arguments: ``field`` (canonical name, ``reg6``),
``start`` (lowest bit, ``"0"``) and ``bits`` (their number, ``"16"``; ``NAME[]`` is the whole field;
``bits`` is ``""`` for a whole ``tun_metadataN``, whose width is not fixed).

===================  ===========================================================================
name                 arguments  (-> nested ``actions``)
===================  ===========================================================================
output               one of: ``port`` | ``field`` ``start`` ``bits`` | ``port`` ``max_len``;
                     also for a bare port: ``2``, ``"tap1"``
NORMAL IN_PORT       none; also when printed ``output:LOCAL``. Names of reserved ports are upper
FLOOD ALL LOCAL      case
TABLE NONE
drop                 none; the whole list when there are no actions
controller           each optional: ``max_len``, ``reason`` (may be empty), ``id``, ``userdata``
                     (``00.00.00.01``), ``meter_id``; flag ``pause``
enqueue              ``port``, ``queue``
bundle               ``fields``, ``basis``, ``algorithm``, ``members`` (ports, ``"2,3"``)
bundle_load          as bundle, and ``field`` ``start`` ``bits`` (where the port goes)
group                ``group``
strip_vlan           none (``pop_vlan`` is printed by OpenFlow 1.1+)
push_vlan            ``ethertype`` (``0x8100``)
mod_vlan_vid         ``vlan`` (decimal)
set_vlan_vid         ``vlan`` (decimal)
mod_vlan_pcp         ``pcp``
set_vlan_pcp         ``pcp``
push_mpls pop_mpls   ``ethertype``
set_mpls_label       ``label``
set_mpls_tc          ``tc``
set_mpls_ttl         ``ttl``
dec_mpls_ttl         none
encap                ``header`` (``ethernet``, ``mpls``, ``nsh``); for nsh each optional:
                     ``md_type``, ``tlv`` (``tlv(0x1000,10,0x12345678),tlv(...)``)
decap                each optional: ``ns``, ``type`` (from ``packet_type(ns=0,type=0)``)
dec_nsh_ttl          none
set_field            ``value`` (in the field's own format), ``field``; ``mask`` when masked
load                 ``value`` (hexadecimal), ``field`` ``start`` ``bits``; inside learn the value
                     may be a subfield: then ``from_field`` ``from_start`` ``bits`` ``field``
                     ``start``, and no ``value``
move                 ``from_field``, ``from_start``, ``bits``, ``field``, ``start``
mod_dl_src _dst      ``mac``
mod_nw_src _dst      ``ip``
mod_nw_tos           ``tos`` (the whole byte, 4 times DSCP)
mod_nw_ecn           ``ecn``
mod_nw_ttl           ``ttl``
mod_tp_src _dst      ``port`` (of TCP, UDP or SCTP)
dec_ttl              ``ids`` when printed with parentheses (controllers, ``"1,2"``; may be empty)
check_pkt_larger     ``length``, ``field`` ``start`` ``bits``
delete_field         ``field``
push pop             ``field`` ``start`` ``bits``
set_tunnel           ``id`` (hexadecimal)
set_queue            ``queue``
pop_queue            none
fin_timeout          each optional: ``idle_timeout``, ``hard_timeout``
resubmit             ``port`` (may be empty: in_port stays), ``table`` (may be empty: the same
                     table); flag ``ct`` (match on the original direction of the connection)
learn                each optional: ``table``, ``idle_timeout``, ``hard_timeout``, ``priority``,
                     ``cookie``, ``limit``, ``fin_idle_timeout``, ``fin_hard_timeout``,
                     ``result_dst_field`` ``_start`` ``_bits``; flags ``send_flow_rem``,
                     ``delete_learned``
                     -> ``learn_match`` for each match of the new flow, then its ``load`` and
                     ``output``, all as printed
learn_match          (in learn only) one of: ``field`` ``value`` | ``field`` ``start`` ``bits``
                     ``from_field`` ``from_start`` | ``field`` ``start`` ``bits`` (the same field of
                     the packet)
conjunction          ``id``, ``k``, ``n`` (dimension k of n)
clone                none -> the cloned list
write_actions        none -> the list that goes into the action set
apply_actions        none -> the list
clear_actions exit   none
multipath            ``fields``, ``basis``, ``algorithm``, ``n_links``, ``arg``,
                     ``field`` ``start`` ``bits``
note                 ``hex`` (``00.11.22``)
sample               ``probability``, ``collector_set_id``, ``obs_domain_id``, ``obs_point_id``;
                     ``sampling_port``; flags ``ingress``, ``egress``
ct                   flags ``commit``, ``force``; each optional: ``table``, ``zone`` (a number) or
                     ``zone_field`` ``zone_start`` ``zone_bits``, ``alg``
                     -> ``nat`` (at most one, first), then what ``exec(...)`` holds
nat                  (in ct only) each optional: ``type`` (``src`` or ``dst``; absent: what the
                     connection has), ``address`` (``10.0.0.1`` or ``10.0.0.1-10.0.0.9``, IPv6
                     without brackets), ``port`` (``80`` or ``80-90``); flags ``persistent``,
                     ``hash``, ``random``
ct_clear             none
meter                ``meter``
write_metadata       ``value``; ``mask`` when masked
goto_table           ``table``
unroll_xlate         none
debug_recirc _slow   none
unknown              none: a word that is in no row, ``text`` is all there is
===================  ===========================================================================

A *flag* has the value ``"true"`` when printed and is absent otherwise. A known action whose
arguments fit no form keeps its name, has no arguments, and costs one ``BAD_VALUE``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import knowledge
from ..diagnostic import Code
from ..grammar import Memo, Problem, is_too_long, too_long
from . import fields, values
from .flow import Action, Actions
from .match import name_token, value_role
from .text import Role, Token, Unwrapped, as_captured, has_noise, plain_items, split_items, unwrap

if TYPE_CHECKING:
    import pyparsing as pp

_ROW = {"names", "forms", "options", "items", "source"}
_WORD = re.compile(r"[A-Za-z_]\w*")
_BARE_PORT = re.compile(r'[0-9]+|"(?:[^"\\]|\\.)*+"')
_SUBFIELD = re.compile(r"(?P<field>\w+)\[(?:(?P<first>[0-9]{1,4})(?:\.\.(?P<last>[0-9]{1,4}))?)?\]")

# What a hole of a form may hold. A list item never holds a comma outside parentheses or quotes.
_PORT = r'"(?:[^"\\]|\\.)*+"|[^\s,():"\[\]]+'
_IP_ADDRESS = r"[0-9]+(?:\.[0-9]+){3}|(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]+"
_TYPES = {
    "decimal": r"[0-9]{1,20}",
    "number": values.NUMBER.pattern,
    "hex": values.NUMBER.pattern,
    "vlan": values.NUMBER.pattern,
    "ethertype": r"0[xX][0-9a-fA-F]+",
    "word": r"[\w.+-]+",
    "bytes": r"[0-9a-fA-F]{2}(?:\.[0-9a-fA-F]{2})*",
    "list": r"[0-9,]+",
    "port": _PORT,
    "ports": r'(?:"(?:[^"\\]|\\.)*+"|[^()"])*',
    "table": r'"(?:[^"\\]|\\.)*+"|[\w.-]+',
    "mac": values.MAC.pattern,
    "ip": r"[0-9]+(?:\.[0-9]+){3}",
    "addresses": rf"(?:{_IP_ADDRESS})(?:-(?:{_IP_ADDRESS}))?",
    "portrange": r"[0-9]+(?:-[0-9]+)?",
    "field": r"\w+",
    "subfield": r"\w+\[(?:[0-9]{1,4}(?:\.\.[0-9]{1,4})?)?\]",
    "value": r"(?:\([^()]*\)|(?!->)[^()])+",
    "tlvs": r"tlv\([^()]*\)(?:,tlv\([^()]*\))*",
    "nothing": r"(?:)",
    "nsh": "nsh",
    "nat": "src|dst",
    "members": "members|slaves",
    # Everything up to the parenthesis that closes the action, which is its last character.
    "actions": r".*(?=\)$)",
}  # fmt: skip
# How a type is written when it is nothing but a value.
_CANONICAL: Mapping[str, Callable[[str], str]] = {
    "flag": lambda text: "true",
    "decimal": lambda text: str(values.number(text)),
    "number": lambda text: str(values.number(text)),
    "hex": lambda text: values.hexadecimal(values.number(text) or 0),
    "ethertype": str.lower,
    "bytes": str.lower,
}
# Actions of their own, though they may be written as ports: output:LOCAL.
_RESERVED_ACTIONS = ("NORMAL", "IN_PORT", "FLOOD", "ALL", "LOCAL", "TABLE", "NONE")
_ONLY_INSIDE = ("nat", "learn_match")
_HOLE = re.compile(r"\{(?P<name>\w*)(?::(?P<type>\w+))?(?P<empty>\??)\}")


# What filled a hole of a form: name of the hole, type, text, offset of the text.
_Piece = tuple[str, str, str, int]


class _Form(NamedTuple):
    """One way to write an action: a pattern of the whole text, and what its groups hold."""

    pattern: re.Pattern[str]
    holes: tuple[tuple[str, str], ...]


class _Grammar(NamedTuple):
    """One row of the table, ready to read with."""

    name: str
    forms: tuple[_Form, ...]
    options: "pp.ParserElement | None"
    items: tuple[str, ...]


class _Read(NamedTuple):
    """One action or a list of them; offsets from the beginning of the text that was read."""

    actions: tuple[Action, ...]
    tokens: tuple[Token, ...]
    problems: tuple[Problem, ...]


@cache
def all_actions() -> Mapping[str, Mapping[str, Any]]:
    """The rows of ``openflow_actions.toml`` by canonical name."""
    rows: dict[str, dict[str, Any]] = knowledge.table("openflow_actions")["actions"]
    for name, row in rows.items():
        knowledge.require_known(row, _ROW, f"openflow_actions.toml: [actions.{name}]")
    return rows


@cache
def _by_any_name() -> Mapping[str, str]:
    return {
        any_name: name
        for name, row in all_actions().items()
        for any_name in (name, *row.get("names", ()))
    }


def find_action(word: str) -> str | None:
    """The canonical name of an action by any of its spellings."""
    return _by_any_name().get(word)


class Opcode(NamedTuple):
    """What OVN asks its controller to do. ``versions``: first and last release, or ``main``."""

    name: str
    versions: tuple[str, str]


def userdata_opcodes(userdata: str) -> tuple[Opcode, ...]:
    """What ``controller(userdata=00.00.00.01...)`` may ask for; several where releases differ."""
    head = userdata.split(".")[:4]
    if len(head) < 4 or not values.NUMBER.fullmatch("0x" + "".join(head)):
        return ()
    opcode = int("".join(head), 16)
    rows = knowledge.table("openflow_actions")["userdata"]
    return tuple(
        Opcode(row["name"], tuple(row["versions"].split("..", 1)))
        for row in rows
        if row["opcode"] == opcode
    )


def _parts(text: str) -> Iterator[tuple[str, str, str]]:
    """What a form of the table consists of: name and type of a hole (empty: a literal), pattern."""
    position = 0
    for hole in _HOLE.finditer(text):
        if hole.start() > position:
            yield "", "", re.escape(text[position : hole.start()])
        kind = hole["type"] or hole["name"]
        pattern = re.escape(hole["name"]) if kind == "flag" else _TYPES[kind]
        yield hole["name"], kind, f"(?:{pattern})?" if hole["empty"] else pattern
        position = hole.end()
    if position < len(text):
        yield "", "", re.escape(text[position:])


def _form(text: str) -> _Form:
    """A form as written in the table. Flat: nothing is as fast as one regular expression."""
    parts = tuple(_parts(text))
    pattern = re.compile(
        "".join(f"({pattern})" if kind else pattern for _, kind, pattern in parts), re.DOTALL
    )
    holes = tuple((name, kind) for name, kind, _ in parts if kind)
    assert pattern.groups == len(holes), text
    return _Form(pattern, holes)


def _option(text: str) -> "pp.ParserElement":
    """An option of a nested action, as a rule for the whole of an item."""
    # Loading it takes longer than reading most captures, so only a text that needs it does.
    import pyparsing as pp

    rules: list[pp.ParserElement] = []
    for name, kind, pattern in _parts(text):
        rule = pp.Regex(pattern, re.DOTALL).set_name(f"<{kind or text}>")
        rules.append(rule.set_parse_action(_piece_maker(name, kind)) if kind else rule.suppress())
    return pp.And([*rules, pp.StringEnd()]).leave_whitespace().parse_with_tabs()


def _piece_maker(name: str, kind: str) -> Callable[[str, int, "pp.ParseResults"], _Piece]:
    def piece(_text: str, location: int, tokens: "pp.ParseResults") -> _Piece:
        return name, kind, tokens[0], location

    return piece


def _any_of(options: list[str]) -> "pp.ParserElement":
    import pyparsing as pp

    rules = [_option(option) for option in options]
    return pp.MatchFirst(rules).leave_whitespace().parse_with_tabs()


@cache
def _grammar(name: str) -> _Grammar:
    row = all_actions()[name]
    forms: list[str] = row.get("forms", [] if "options" in row else [name])
    spellings = (name, *row.get("names", ()))
    options = row.get("options")
    return _Grammar(
        name,
        tuple(
            _form(spelling + form.removeprefix(name))
            for form in forms
            for spelling in (spellings if form.startswith(name) else ("",))
        ),
        None if options is None else _any_of(options),
        tuple(row.get("items", ())),
    )


def _pieces_of_form(forms: tuple[_Form, ...], text: str) -> list[_Piece] | None:
    """What fills the holes of the first form that fits."""
    for pattern, holes in forms:
        if found := pattern.fullmatch(text):
            starts = (start for start, _ in found.regs[1:])
            return [
                (name, kind, filled, start)
                for (name, kind), filled, start in zip(holes, found.groups(), starts, strict=True)
            ]
    return None


@lru_cache(maxsize=1 << 14)
def _pieces_of_option(name: str, text: str) -> list[_Piece] | None:
    import pyparsing as pp

    rule = _grammar(name).options
    assert rule is not None
    try:
        return list(rule.parse_string(text))
    except pp.ParseException:
        return None


@lru_cache(maxsize=1 << 12)
def _subfield(text: str) -> tuple[str, str, str, bool]:
    """Name as printed, lowest bit, number of bits, and whether the field has no such bits."""
    match = _SUBFIELD.fullmatch(text)
    assert match is not None  # the hole's own pattern
    field = fields.find_field(match["field"])
    width = None if field is None else field.bits
    if match["first"] is None:
        return match["field"], "0", "" if width is None else str(width), False
    first = int(match["first"])
    last = int(match["last"]) if match["last"] else first
    is_wrong = last < first or (width is not None and last >= width)
    return match["field"], str(first), str(max(1, last - first + 1)), is_wrong


class _Builder:
    """Collects what the pieces of one action say."""

    __slots__ = ("actions", "arguments", "marked", "name", "problems", "text", "tokens")

    def __init__(self, name: str, text: str, marked: bool) -> None:
        self.name = name
        self.text = text
        self.marked = marked
        self.arguments: dict[str, str] = {}
        self.actions: list[Action] = []
        self.tokens: list[Token] = []
        self.problems: list[Problem] = []

    def add(self, pieces: list[_Piece], offset: int) -> None:
        """Take the pieces of a form that begins at ``offset``."""
        for name, kind, text, start in pieces:
            self._add(name, kind, text, start + offset)
        self._value(pieces, offset)

    def nest(self, read: _Read, offset: int) -> None:
        self.actions.extend(_moved_action(action, offset) for action in read.actions)
        self.tokens.extend(_moved_tokens(read.tokens, offset))
        self.problems.extend(_moved_problems(read.problems, offset))

    def mark(self, start: int, end: int, role: Role, value: str) -> None:
        if self.marked:
            self.tokens.append(Token(start, end, role, value))

    def bad_value(self, text: str, start: int) -> None:
        args = {"field": self.name, "value": text}
        self.problems.append(Problem(Code.BAD_VALUE, start, start + len(text), args))

    def _add(self, name: str, kind: str, text: str, start: int) -> None:
        end = start + len(text)
        canonical = text
        if kind == "actions":
            self.nest(_read_list(text, self.marked), start)
            return
        if kind == "subfield":
            self._subfield(name, text, start)
            return
        if kind == "members":
            return
        if kind in _CANONICAL:
            canonical = _CANONICAL[kind](text)
        elif kind == "field":
            canonical = self._field(text, start)
        elif kind == "port":
            canonical = values.port(text, fields.reserved_ports())
            self._port(text, canonical, start)
        elif kind == "ports":
            ports = split_items(text).items
            for at, item in ports:
                self._port(item, values.port(item, fields.reserved_ports()), start + at)
            canonical = ",".join(values.unquoted(item) for _, item in ports)
        elif kind == "table":
            canonical = values.unquoted(text)
            if canonical:
                quotes = len(text) > len(canonical) and text[0] == '"'
                self.mark(start + quotes, end - quotes, "table", canonical)
        elif kind == "mac":
            canonical = values.mac(text) or text
            self.mark(start, end, "mac", canonical)
        elif kind in ("ip", "addresses"):
            canonical = self._addresses(text, start)
        elif kind == "vlan":
            canonical = str(values.number(text))
            self.mark(start, end, "vlan", canonical)
        self.arguments[name] = canonical

    def _port(self, text: str, canonical: str, start: int) -> None:
        if canonical and not canonical.isdecimal() and canonical not in fields.reserved_ports():
            quotes = text[0] == '"'
            self.mark(start + quotes, start + len(text) - quotes, "port", canonical)

    def _addresses(self, text: str, start: int) -> str:
        """One address or two with a dash between them, in canonical form."""
        found = []
        for part in text.split("-"):
            address = values.address(part, "ipv6" if ":" in part else "ipv4")
            if address is None:
                self.bad_value(part, start)
            else:
                self.mark(start, start + len(part), "address", address)
            found.append(address or part)
            start += len(part) + 1
        return "-".join(found)

    def _field(self, text: str, start: int) -> str:
        field = fields.find_field(text)
        if field is None:
            problem = Problem(Code.UNKNOWN_FIELD, start, start + len(text), {"field": text})
            self.problems.append(problem)
            return text
        if self.marked:
            self.tokens.append(name_token(start, start + len(text), field))
        return field.name

    def _subfield(self, name: str, text: str, start: int) -> None:
        """``NXM_NX_REG6[0..15]`` as arguments field, start and bits, behind ``name`` and ``_``."""
        prefix = f"{name}_" if name != "subfield" else ""
        printed, first, bits, is_wrong = _subfield(text)
        self.arguments[f"{prefix}field"] = self._field(printed, start)
        self.arguments[f"{prefix}start"] = first
        if name != "from":
            self.arguments[f"{prefix}bits"] = bits
        if is_wrong:
            self.bad_value(text, start)

    def _value(self, pieces: list[_Piece], offset: int) -> None:
        """Bring a value to the form of the field it is for, and say what it stands for."""
        for name, kind, text, start in pieces:
            if name in ("value", "id"):
                self._one_value(kind, text, start + offset)
                return

    def _one_value(self, kind: str, text: str, start: int) -> None:
        end = start + len(text)
        field_name = {"set_tunnel": "tun_id", "write_metadata": "metadata"}.get(
            self.name, self.arguments.get("field", "")
        )
        field = fields.find_field(field_name)
        if field is None:
            return
        if kind == "value":
            read = fields.canonical(field, text)
            if read is None:
                self.bad_value(text, start)
                return
            self.arguments["value"] = read[0]
            if read[1] is not None:
                self.arguments["mask"] = read[1]
                end = start + text.find("/") if "/" in text else end
            if self.marked and (role := value_role(field, *read)):
                quotes = text[0] == '"'
                self.mark(start + quotes, end - quotes, *role)
            return
        whole = self.arguments.get("bits") in (None, str(field.bits))
        vlan = field.name == "vlan_tci" and self.arguments.get("bits") == "12"
        number = values.number(text) or 0
        if field.bits is not None and number >> int(self.arguments.get("bits", field.bits)):
            self.bad_value(text, start)
        elif not self.marked:
            return
        elif field.format == "ethernet" and whole:
            self.mark(start, end, "mac", values.mac_of_number(number))
        elif field.format in ("ipv4", "ipv6") and whole:
            address = values.address_of_number(number, field.format)
            self.mark(start, end, "address", address)
        elif (
            field.format != "port"
            and (role := value_role(field, text.lower(), None))
            and (whole or vlan or field.name in ("tun_id", "metadata"))
        ):
            self.mark(start, end, *role)

    def done(self) -> _Read:
        action = Action(self.name, self.arguments, tuple(self.actions), self.text, 0)
        tokens = tuple(sorted(self.tokens)) if self.tokens else ()
        return _Read((action,), tokens, tuple(self.problems))


# A call of a NamedTuple's own constructor costs twice as much.
_new_action: Callable[[type[Action], tuple[object, ...]], Action] = tuple.__new__


def _moved_action(action: Action, by: int) -> Action:
    name, arguments, nested, text, start = action
    if nested:
        nested = tuple(_moved_action(inner, by) for inner in nested)
    return _new_action(Action, (name, arguments, nested, text, start + by))


def _moved_tokens(tokens: tuple[Token, ...], by: int) -> Iterator[Token]:
    return (Token(start + by, end + by, role, value) for start, end, role, value in tokens)


def _moved_problems(problems: tuple[Problem, ...], by: int) -> Iterator[Problem]:
    return (
        problem._replace(start=problem.start + by, end=problem.end + by) for problem in problems
    )


@cache
def _words() -> Mapping[str, _Grammar]:
    """The grammar of each action that may stand in a list, by every word that it begins with."""
    return {
        word: _grammar(name) for word, name in _by_any_name().items() if name not in _ONLY_INSIDE
    }


def _read_action(text: str, marked: bool) -> _Read:
    """One item of a list: one action."""
    if _BARE_PORT.fullmatch(text):
        builder = _Builder("output", text, marked)
        builder.add([("port", "port", text, 0)], 0)
        return builder.done()
    word_match = _WORD.match(text)
    word = word_match[0] if word_match else ""
    grammar = _words().get(word)
    if grammar is None:
        shown = word or text
        problem = Problem(Code.UNKNOWN_ACTION, 0, len(shown), {"action": shown})
        return _Read((Action("unknown", {}, (), text, 0),), (), (problem,))
    read = _read_as(grammar, text, word, marked)
    first = read.actions[0]
    port = first.arguments.get("port", "") if grammar.name == "output" else ""
    if port in _RESERVED_ACTIONS and "max_len" not in first.arguments:
        return read._replace(actions=(Action(port, {}, (), text, 0),))
    return read


@lru_cache(maxsize=1 << 14)
def _read_inside(text: str, marked: bool, names: tuple[str, ...]) -> _Read | None:
    """An item of ct or learn, which may be one of ``names`` only; None when it is none of them."""
    word_match = _WORD.match(text)
    word = word_match[0] if word_match else ""
    name = find_action(word)
    if name not in names:
        # A learned match begins with the name of a field, not with a word of its own.
        name = next((name for name in names if name.startswith("learn_")), None)
    return None if name is None else _read_as(_grammar(name), text, word, marked)


def _read_as(grammar: _Grammar, text: str, word: str, marked: bool) -> _Read:
    """An action that begins with ``word``, read as the row of the table that it is."""
    name = grammar.name
    builder = _Builder(name, text, marked)
    if name != "learn_match":
        builder.mark(0, len(word), "drop" if name == "drop" else "name", name)
    pieces = _pieces_of_form(grammar.forms, text)
    if pieces is not None:
        builder.add(pieces, 0)
        return builder.done()
    opening = len(word)
    if grammar.options is not None and text[opening : opening + 1] == "(" and text[-1] == ")":
        _read_options(builder, grammar, text[opening + 1 : -1], opening + 1)
    elif not split_items(text).balanced:
        builder.problems.append(Problem(Code.TRUNCATED, 0, len(text), {"what": name}))
    else:
        builder.bad_value(text[opening:] or text, opening if text[opening:] else 0)
    return builder.done()


# Items of lists, by their text, without tokens.
_ITEMS = Memo(lambda text: _read_action(text, False), 1 << 16)


def _read_options(builder: _Builder, grammar: _Grammar, text: str, offset: int) -> None:
    """The items of ``ct(...)`` and its like: options first, then actions of a kind of their own."""
    for start, item in split_items(text).items:
        pieces = _pieces_of_option(grammar.name, item)
        if pieces is not None:
            builder.add(pieces, offset + start)
        elif (read := _read_inside(item, builder.marked, grammar.items)) is not None:
            builder.nest(read, offset + start)
        else:
            builder.bad_value(item, offset + start)


def forget() -> None:
    """Empty what was remembered of actions: for measuring."""
    plain_actions.clear()
    _ITEMS.clear()
    for memory in (_read_inside, _pieces_of_option, action_tokens, _subfield):
        memory.cache_clear()


# include/openvswitch/ofp-actions.h MAX_OFPACT_PARSE_DEPTH is 100; nobody nests more than a few.
_DEEPEST = 24


def _is_too_deep(text: str) -> bool:
    """More nesting than any switch prints: somebody tries the reader."""
    if text.count("(") <= _DEEPEST:
        return False
    depth = deepest = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _read_list(text: str, marked: bool) -> _Read:
    """A list of actions without line breaks; its tokens too when they are to be ``marked``."""
    if is_too_long(text):
        return _Read((Action("unknown", {}, (), text, 0),), (), (too_long(text),))
    if _is_too_deep(text):
        problem = Problem(Code.BAD_VALUE, 0, len(text), {"field": "actions", "value": text[:20]})
        return _Read((Action("unknown", {}, (), text, 0),), (), (problem,))
    actions: list[Action] = []
    tokens: list[Token] = []
    problems: list[Problem] = []
    for start, item in split_items(text).items:
        (action,), its_tokens, its_problems = _read_action(item, True) if marked else _ITEMS[item]
        actions.append(_moved_action(action, start))
        tokens.extend(_moved_tokens(its_tokens, start))
        problems.extend(_moved_problems(its_problems, start))
    return _Read(tuple(actions), tuple(tokens), tuple(problems))


def _read_plain_list(text: str) -> _Read:
    """The same for a list as ovs-ofctl prints it, in a third of the time."""
    items = [] if is_too_long(text) else plain_items(text)
    if not items:
        return _read_list(text, False)
    actions: list[Action] = []
    problems: list[Problem] = []
    start = 0
    for item in items:
        (action,), _, its_problems = _ITEMS[item]
        if start:
            name, arguments, nested, text_, _ = action
            action = (
                _moved_action(action, start)
                if nested
                else _new_action(Action, (name, arguments, (), text_, start))
            )
        actions.append(action)
        if its_problems:
            problems.extend(_moved_problems(its_problems, start))
        start += len(item) + 1
    return _Read(tuple(actions), (), tuple(problems))


def _action_as_captured(action: Action, joined: Unwrapped, text: str) -> Action:
    start, end = joined.place(action.start, action.start + len(action.text))
    nested = tuple(_action_as_captured(inner, joined, text) for inner in action.actions)
    return action._replace(start=start, text=text[start:end], actions=nested)


def _parse(text: str) -> tuple[Actions, tuple[Problem, ...]]:
    read = _read_plain_list(text)
    return Actions(read.actions, text), read.problems


# Lists in which no line break or colour stands (``has_noise``), by their text.
plain_actions = Memo(_parse, 1 << 16)


def parse_actions(text: str) -> tuple[Actions, tuple[Problem, ...]]:
    """What follows ``actions=``. Never raises; offsets count from ``text``."""
    if is_too_long(text) or not has_noise(text):
        return plain_actions[text]
    joined = unwrap(text)
    read = _read_list(joined.text, False)
    items = tuple(_action_as_captured(action, joined, text) for action in read.actions)
    return Actions(items, text), tuple(as_captured(p, joined) for p in read.problems)


@lru_cache(maxsize=1 << 12)
def action_tokens(text: str) -> tuple[Token, ...]:
    """The tokens of an action list, in order and disjoint; offsets count from ``text``."""
    if is_too_long(text) or not has_noise(text):
        return _read_list(text, True).tokens
    joined = unwrap(text)
    return tuple(as_captured(token, joined) for token in _read_list(joined.text, True).tokens)
