"""A match expression as a noun phrase: which packets a logical flow is about.

The operands of the outermost ``&&`` build the phrase from the inside: what kind of packets
(predicates, ARP operation, ICMP type), of which connection, from and for which port, with which
other conditions. Of an outermost ``||`` each side is a phrase. No operand is left out, but for a
predicate that the noun says already (ARP requests are ARP).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    Resident,
    Symbol,
    Unread,
)
from .. import values
from ..message import Message, Param, Ref, Series
from . import words
from .telling import PORTS, Telling


@dataclass(frozen=True)
class Noun:
    """A noun phrase. ``plain``: it says what kind of packets, and neither whose nor from where."""

    phrase: Message
    plain: bool = True


# The predicates that name packets best come first; of those in one match the first is the noun.
_LEADING = (
    "mldv1", "mldv2", "nd_ns_mcast", "nd_ns", "nd_na", "nd_rs", "nd_ra", "nd", "igmp",
    "icmp4", "icmp6", "icmp", "tcp", "udp", "sctp", "arp", "rarp",
    "ip.later_frag", "ip.first_frag", "ip.is_frag",
    "ip6.mcast_rsvd", "ip6.mcast_all_nodes", "ip6.mcast_all_rtrs", "ip6.mcast_sol_node",
    "ip6.mcast_flood", "ip6.mcast", "ip4.src_mcast", "ip4.mcast",
    "ip4", "ip6", "ip", "eth.mcastv6", "eth.bcast", "eth.mcast", "vlan.present",
    "from_evpn_vtep", "to_evpn_vtep",
)  # fmt: skip
_TRANSPORT = ("tcp", "udp", "sctp", "icmp")
_NETWORK = ("ip4", "ip6", "ip")
# What the words of a noun hold already (the definitions in ovn_init_symtab).
_HELD = {
    "icmp4": ("ip4", "ip"), "icmp6": ("ip6", "ip"), "icmp": ("ip",), "igmp": ("ip4", "ip"),
    "arp.op": ("arp",), "rarp.op": ("rarp",), "icmp4.type": ("icmp4", "ip4", "ip"),
    "icmp6.type": ("icmp6", "ip6", "ip"), "ip4": ("ip",), "ip6": ("ip",),
}  # fmt: skip


def packets(expression: Expression, telling: Telling, *, rest: bool = False) -> Noun:
    """The packets that match. ``rest``: the table holds flows that are tried before this one."""
    if isinstance(expression, Boolean):
        if not expression.value:
            return Noun(Message("No packets"))
        return Noun(Message("Everything else") if rest else Message("All packets"))
    if isinstance(expression, Or):
        sides = [packets(side, telling) for side in expression.operands]
        phrases = (_lower(side.phrase) if n else side.phrase for n, side in enumerate(sides))
        told = Series(tuple(phrases), "or")
        return Noun(Message("%(packets)s", {"packets": told}), plain=False)
    return _phrase(list(_operands(expression)), telling)


def _operands(expression: Expression) -> Iterable[Expression]:
    """The operands of an ``&&``, those of inner ones too, which say the same."""
    if isinstance(expression, And):
        for operand in expression.operands:
            yield from _operands(operand)
    else:
        yield expression


def _phrase(operands: list[Expression], telling: Telling) -> Noun:
    inports = _ports(operands, "inport")
    outports = _ports(operands, "outport")
    # Ports are told first, so that their owners are not said again beside other values.
    sources = tuple(_end(port, telling) for port in inports)
    goals = tuple(_end(port, telling) for port in outports)
    noun = _kind(operands, telling)
    state = _connection(operands)
    if state is not None:
        noun = Noun(
            Message("%(noun)s %(state)s", {"noun": noun.phrase, "state": state}), plain=False
        )
    for port in sources:
        noun = Noun(
            Message("%(noun)s from %(port)s", {"noun": noun.phrase, "port": port}), plain=False
        )
    for port in goals:
        noun = Noun(
            Message("%(noun)s bound for %(port)s", {"noun": noun.phrase, "port": port}),
            plain=False,
        )
    conditions = tuple(condition(one, telling) for one in _ranged(operands))
    if not conditions:
        return noun
    return Noun(
        Message(
            "%(noun)s with %(conditions)s",
            {"noun": noun.phrase, "conditions": Series(conditions)},
            None if noun.plain else "of these",
        ),
        plain=False,
    )


def _ports(operands: list[Expression], name: str) -> list[Constant]:
    """The one port that packets come from or go to; its operand is taken out of the list."""
    for place, operand in enumerate(operands):
        match operand:
            case Comparison(symbol=Symbol(name=found, bits=()), relop="==", constants=(port,)) if (
                found == name and port.kind in ("string", "port_group")
            ):
                del operands[place]
                return [port]
    return []


def _end(port: Constant, telling: Telling) -> Param:
    return telling.constant(Symbol(PORTS[0]), port)


def _kind(operands: list[Expression], telling: Telling) -> Noun:
    """What kind of packets; what says it is taken out of the list."""
    for place, operand in enumerate(operands):
        match operand:
            case Comparison(symbol=Symbol(name=name, bits=()), relop="==", constants=(one,)):
                whole = words.table()["whole"].get(name, {}).get(one.text)
                if whole is not None:
                    del operands[place]
                    _drop(operands, _HELD[name])
                    return Noun(Message(whole))
    named = {o.symbol.name for o in operands if isinstance(o, Predicate) and not o.symbol.bits}
    leading = next((name for name in _LEADING if name in named), None)
    if leading is None:
        return _alternatives(operands, telling) or Noun(Message("Packets"))
    _drop(operands, (leading, *_HELD.get(leading, ())))
    noun = Noun(Message(words.table()["nouns"][leading]))
    below = next((one for one in _NETWORK if one in named), None)
    if leading in _TRANSPORT and below in ("ip4", "ip6"):
        _drop(operands, _NETWORK)
        told = words.row("holds", below)
        return Noun(Message("%(noun)s over %(below)s", {"noun": noun.phrase, "below": told or ""}))
    return noun


def _drop(operands: list[Expression], names: Sequence[str]) -> None:
    operands[:] = [
        o
        for o in operands
        if not (isinstance(o, Predicate) and not o.symbol.bits and o.symbol.name in names)
    ]


def _alternatives(operands: list[Expression], telling: Telling) -> Noun | None:
    """``(arp.op == 1 || nd_ns)`` as a noun: each side is a kind of packets and nothing else."""
    for place, operand in enumerate(operands):
        if not isinstance(operand, Or):
            continue
        sides: list[Param] = []
        for side in operand.operands:
            left = list(_operands(side))
            noun = _kind(left, telling)
            if left or noun.phrase == Message("Packets"):
                break
            sides.append(noun.phrase)
        else:
            del operands[place]
            told = Series(tuple(sides), "or")
            return Noun(Message("%(packets)s", {"packets": told}), plain=False)
    return None


def _lower(phrase: Message) -> Message:
    """``Packets`` at the head of a phrase that does not begin the sentence."""
    if phrase.msgid == "Packets":
        return Message("packets")
    noun = phrase.params.get("noun")
    if not isinstance(noun, Message):
        return phrase
    return Message(phrase.msgid, {**phrase.params, "noun": _lower(noun)}, phrase.context)


def _flag(operand: Expression) -> tuple[str, bool] | None:
    """A bit of the connection's state and whether it is set: ``!ct.new`` is new, unset."""
    match operand:
        case Predicate(symbol=Symbol(name=name, bits=())) if name.startswith("ct."):
            return name.removeprefix("ct."), True
        case Not(operand=Predicate(symbol=Symbol(name=name, bits=()))) if name.startswith("ct."):
            return name.removeprefix("ct."), False
        case Comparison(symbol=Symbol(name=name, bits=()), relop="==", constants=(one,)) if (
            name.startswith("ct.") and one.value in (0, 1)
        ):
            return name.removeprefix("ct."), one.value == 1
    return None


def _connection(operands: list[Expression]) -> Message | None:
    """The state of the connection; its bits are taken out of the list."""
    bits = [(operand, flag) for operand in operands if (flag := _flag(operand)) is not None]
    text = "".join(f"{'+' if is_set else '-'}{name}" for _, (name, is_set) in bits)
    told = values.connection_state(text) if text else None
    if told is not None:
        taken = {id(operand) for operand, _ in bits}
        operands[:] = [operand for operand in operands if id(operand) not in taken]
    return told


def _ranged(operands: Sequence[Expression]) -> Iterable[Expression]:
    """The operands, ``a >= 1 && a <= 9`` as one range."""
    left = list(operands)
    while left:
        operand = left.pop(0)
        if isinstance(operand, Comparison) and operand.relop == ">=" and not operand.set_text:
            for other in left:
                if (
                    isinstance(other, Comparison)
                    and other.symbol == operand.symbol
                    and other.relop == "<="
                    and not other.set_text
                ):
                    left.remove(other)
                    operand = Range(
                        operand.constants[0], "<=", operand.symbol, "<=", other.constants[0]
                    )
                    break
        yield operand


def condition(expression: Expression, telling: Telling) -> Param:
    """An expression as one condition: ``reg0[1] (commit wanted) 1``."""
    match expression:
        case Boolean():
            return Message("always") if expression.value else Message("never")
        case Predicate():
            return _bit(expression.symbol, telling, is_set=True)
        case Not(operand=Predicate() as predicate):
            return _bit(predicate.symbol, telling, is_set=False)
        case Not(operand=operand):
            return Message("not (%(condition)s)", {"condition": condition(operand, telling)})
        case Resident():
            port = telling.port(str(expression.port.value))
            return Message("%(port)s resident on this chassis", {"port": port})
        case Comparison():
            return _comparison(expression, telling)
        case Range():
            return _range(expression, telling)
        case And() | Or():
            told = (
                _ranged(tuple(_operands(expression)))
                if isinstance(expression, And)
                else expression.operands
            )
            inner = tuple(condition(one, telling) for one in told)
            if isinstance(expression, And):
                return Message("(%(conditions)s)", {"conditions": Series(inner)})
            return Message("either %(alternatives)s", {"alternatives": Series(inner, "or")})
        case Unread():
            return Ref("code", expression.text)


def _bit(symbol: Symbol, telling: Telling, *, is_set: bool) -> Param:
    known = words.row("holds" if is_set else "fails", words.printed(symbol))
    if known is not None:
        return known
    flags = values.table()["ct_state"]
    flag = symbol.name.removeprefix("ct.")
    if symbol.name.startswith("ct.") and flag in flags:
        return Message(flags[flag]["set" if is_set else "unset"])
    return Message("%(bit)s set" if is_set else "%(bit)s clear", {"bit": telling.field(symbol)})


def _comparison(expression: Comparison, telling: Telling) -> Message:
    symbol, relop = expression.symbol, expression.relop
    params = {
        "field": telling.field(symbol),
        "value": telling.constants(symbol, expression.constants),
    }
    networks = [c for c in expression.constants if c.kind in ("ipv4", "ipv6")]
    if networks and any(c.mask is not None for c in networks) and relop in ("==", "!="):
        within = "%(field)s in %(value)s" if relop == "==" else "%(field)s outside %(value)s"
        return Message(within, params)
    return Message(words.table()["relations"][relop], params)


def _range(expression: Range, telling: Telling) -> Message:
    first, last = expression.first, expression.second
    field = telling.field(expression.symbol)
    if expression.first_relop == "<=" and expression.second_relop == "<=":
        span = Ref("code", f"{first.text}-{last.text}")
        return Message("%(field)s %(value)s", {"field": field, "value": span})
    if expression.first_relop == ">=" and expression.second_relop == ">=":
        span = Ref("code", f"{last.text}-{first.text}")
        return Message("%(field)s %(value)s", {"field": field, "value": span})
    text = f"{first.text} {expression.first_relop} … {expression.second_relop} {last.text}"
    return Message("%(field)s within %(value)s", {"field": field, "value": Ref("code", text)})
