"""Parsed logical flows: what ``ovn-sbctl lflow-list`` says, as trees.

Lives here: the records. The grammars that make them are in ``match`` and ``actions``; what symbols
and actions *are* stands in ``knowledge``. A listing has tens of thousands of flows and few distinct
texts, so these are NamedTuples, and what is equal is shared: no node knows where it stands. A
``Match`` and an ``Actions`` know their text and the gaps between its tokens; ``printing`` puts the
text together again from the tree alone, and tells the place of every token.

The grammar is that of ovn-sb(5), Logical_Flow, match and actions.
"""

from typing import Literal, NamedTuple

from ..source import Span

Pipeline = Literal["ingress", "egress"]
Relop = Literal["==", "!=", "<", "<=", ">", ">="]
ConstantKind = Literal[
    "integer", "mac", "ipv4", "ipv6", "string", "address_set", "port_group", "template"
]


class Symbol(NamedTuple):
    """A field, sub-field or predicate that is named: ``ip4.src``, ``reg0[0..15]``, ``ip4``.

    ``name``: as printed; ``symbols.find_symbol`` tells what it is, if anything knows it.
    ``bits``: as printed between brackets: ``()`` none, ``("5",)``, ``("0", "15")``.
    """

    name: str
    bits: tuple[str, ...] = ()

    @property
    def first(self) -> int | None:
        """The lowest bit that is named; None for the whole."""
        return int(self.bits[0], 0) if self.bits else None

    @property
    def last(self) -> int | None:
        """The highest bit that is named; None for the whole."""
        return int(self.bits[-1], 0) if self.bits else None


class Constant(NamedTuple):
    """One constant. ``text``: as printed, with its mask, quotes, ``$``, ``@`` or ``^``.

    ``kind``: how it is written; it says nothing about the field (``eth.type == 0x800``).
    ``value``: the number that an integer, MAC or address stands for; of a string its characters
    without quotes and escapes; of ``$set``, ``@group`` and ``^template`` the name.
    ``mask``: the mask's number, ``/24`` too; None when there is none.
    """

    kind: ConstantKind
    value: int | str
    mask: int | None
    text: str


class ConstantSet(NamedTuple):
    """``{10.0.0.1, 10.0.0.2}``. ``text``: as printed, with its braces."""

    constants: tuple[Constant, ...]
    text: str


# Every node of an expression counts the parentheses that stand around it: ``((ip4))`` has two.


class Boolean(NamedTuple):
    """``1`` or ``0``: always, never."""

    value: bool
    parentheses: int = 0


class Predicate(NamedTuple):
    """A predicate or a one-bit field by itself: ``ip4``, ``ct.est``, ``eth.src[40]``."""

    symbol: Symbol
    parentheses: int = 0


class Resident(NamedTuple):
    """``is_chassis_resident("port")``: true on the chassis where the port is bound."""

    port: Constant
    parentheses: int = 0


class Comparison(NamedTuple):
    """``symbol relop constant``, or a set of constants.

    ``relop``: as read with the symbol first: ``80 < tcp.dst`` has ``>``, and ``turned`` True.
    ``constants``: one, or those of the set; ``set_text``: the set as printed, None without braces.
    """

    symbol: Symbol
    relop: Relop
    constants: tuple[Constant, ...]
    set_text: str | None = None
    turned: bool = False
    parentheses: int = 0


class Range(NamedTuple):
    """``1024 <= tcp.dst <= 49151``: constant, relop, symbol, relop, constant, as printed.

    Both relops go one way. ``80 > tcp.dst > 60`` is one, too.
    """

    first: Constant
    first_relop: Relop
    symbol: Symbol
    second_relop: Relop
    second: Constant
    parentheses: int = 0


class Not(NamedTuple):
    """``!ip4``, ``!(tcp.dst == 80)``: of the latter the operand has the parentheses."""

    operand: "Expression"
    parentheses: int = 0


class And(NamedTuple):
    """``a && b && c``. ``a && (b && c)`` keeps its inner one."""

    operands: tuple["Expression", ...]
    parentheses: int = 0


class Or(NamedTuple):
    """``a || b``; inside an ``And`` it stands in parentheses, and the other way round."""

    operands: tuple["Expression", ...]
    parentheses: int = 0


class Unread(NamedTuple):
    """An expression that breaks the grammar, as printed; a problem tells why."""

    text: str
    parentheses: int = 0


Expression = Boolean | Predicate | Resident | Comparison | Range | Not | And | Or | Unread


class Match(NamedTuple):
    """A flow's match. ``text``: as captured, line breaks of a wrapped one included.

    ``gaps``: blanks, line breaks and comments before each token, and behind the last.
    """

    expression: Expression
    text: str
    gaps: tuple[str, ...]


class Word(NamedTuple):
    """A word that is no symbol: ``ingress``, ``skip_snat``, ``true``, ``allow``."""

    text: str


class Endpoint(NamedTuple):
    """``10.0.0.1:80`` or ``[fd00::1]:80``: an address and a port. ``text``: as printed."""

    address: Constant
    port: Constant
    text: str


class PortRange(NamedTuple):
    """``1024-65535``."""

    first: Constant
    last: Constant


Value = Symbol | Constant | ConstantSet | Word | Endpoint | PortRange


class Argument(NamedTuple):
    """One argument of an action: ``inport``, ``table=3``, ``backends=10.0.0.1:80,10.0.0.2:80``.

    ``name``: as printed, "" when only a value is printed. What follows without a name belongs to
    the name before it (backends, childports): several ``values``.
    ``arguments``: those of ``values=(1=20, 2=30)``; then there are no ``values``.
    ``separator``: what is printed behind the argument: ``,``, ``;``, or "" behind the last.
    """

    name: str
    values: tuple[Value, ...]
    arguments: tuple["Argument", ...] = ()
    separator: str = ""


ActionForm = Literal["word", "call", "block", "assign", "exchange", "decrement", "unread"]


class Action(NamedTuple):
    """One action, nested to any depth.

    ``name``: a row of ``ovn_actions.toml`` (``load``, ``move``, ``exchange`` and ``ip.ttl--`` are
    the names of what has no word of its own; ``icmp6.frag_mtu = 1500;`` is ``icmp4.frag_mtu``);
    else the word as printed, and a problem says so.
    ``target``: the symbol left of ``=``, ``<->`` or ``--``, also of ``reg0[0] = dns_lookup();``.
    ``arguments``: in order; of load, move and exchange one with the constant or symbol.
    ``actions``: those between braces.
    ``form``: what was printed: ``next;`` word, ``next(3);`` call (``dns_lookup()`` has no
    arguments, but is one), ``arp { ... };`` block, ``a = b;`` assign, ``a <-> b;``, ``ip.ttl--;``.
    ``unread``: a statement that breaks the grammar; it has ``text``, as printed, and no name.
    """

    name: str
    form: ActionForm
    target: Symbol | None = None
    arguments: tuple[Argument, ...] = ()
    actions: tuple["Action", ...] = ()
    text: str = ""

    def value(self, name: str = "", index: int = 0) -> Value | None:
        """A value by its argument's printed name, or the ``index``-th of those without name."""
        found = [value for argument in self.arguments if argument.name == name
                 for value in argument.values]  # fmt: skip
        return found[index] if index < len(found) else None


class Actions(NamedTuple):
    """A flow's actions, top level in order; ``text`` and ``gaps`` as of ``Match``.

    No items: the flow drops, as ``drop;`` does.
    """

    items: tuple[Action, ...]
    text: str
    gaps: tuple[str, ...]


class Datapath(NamedTuple):
    """The head of a pipeline: ``Datapath: "name" aka "alias" (uuid)  Pipeline: ingress``.

    ``name``: None where only the UUID is printed (2016). ``span``: the line.
    """

    span: Span
    name: str | None
    alias: str | None
    uuid: str | None
    pipeline: Pipeline


class LogicalFlow(NamedTuple):
    """One logical flow.

    ``span``: its characters in the capture, over all its lines, without the last newline.
    ``datapath``: the head that it stands below; None when the capture begins in the middle.
    ``stage``: the stage's name (``ls_in_acl``), the only thing that tells what a table is for;
    "" when none is printed. ``uuid``: ``0xcbca52ef``, the first 32 bits of the row's UUID, which
    are the cookie of its OpenFlow flows; None without ``--uuid``.
    ``match_start``, ``actions_start``: where the texts of ``match`` and ``actions`` begin in the
    capture; of a wrapped flow these texts still are one piece.
    """

    span: Span
    datapath: Datapath | None
    table: int
    stage: str
    priority: int
    match: Match
    match_start: int
    actions: Actions
    actions_start: int
    uuid: str | None
