"""What can be wrong with a capture, and in which words that is said.

Lives here: the list of codes (their values are Sphinx's warning subtypes, ``ovs_capture.<value>``),
one wording for each, and ``Diagnostic``. May not know: how a diagnostic reaches a person. Readers
return diagnostics and never raise on bad text.

``Wording.meaning`` documents a code: the manual's page of warnings is made from it, and from the
examples in ``tools/reference.warnings.toml``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from .source import Source, Span


class Code(Enum):
    """Everything that can be wrong; the value is what ``suppress_warnings`` takes."""

    UNKNOWN_LINE = "unknown-line"
    UNKNOWN_TOKEN = "unknown-token"
    UNKNOWN_FIELD = "unknown-field"
    UNKNOWN_ACTION = "unknown-action"
    BAD_VALUE = "bad-value"
    BAD_EXPRESSION = "bad-expression"
    TRUNCATED = "truncated"
    NOT_UTF8 = "not-utf8"
    EMPTY = "empty"
    NOT_FOUND = "not-found"
    NOT_READABLE = "not-readable"
    OUTSIDE_ROOT = "outside-root"
    BAD_HINT = "bad-hint"
    HINT_CONTRADICTED = "hint-contradicted"
    HINT_UNUSED = "hint-unused"
    ACCEPT_UNUSED = "accept-unused"
    PEER_AMBIGUOUS = "peer-ambiguous"
    PEER_ONE_SIDED = "peer-one-sided"
    ADDRESS_DISAGREES = "address-disagrees"
    ADDRESS_TWO_MACS = "address-two-macs"
    NIC_TWO_MACS = "nic-two-macs"
    HOST_TWO_MAC_SETS = "host-two-mac-sets"
    PORT_WITHOUT_INTERFACE = "port-without-interface"
    TARGET = "target"
    OPTION = "option"
    OPTION_NO_MATCH = "option-no-match"
    REFERENCE_NOT_FOUND = "reference-not-found"
    REFERENCE_AMBIGUOUS = "reference-ambiguous"
    PACKET = "packet"
    EXPECT = "expect"
    FONT_MISSING = "font-missing"
    SECRET = "secret"
    UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class Wording:
    """How one code is said and documented; ``Diagnostic.args`` fill the holes of ``text``."""

    text: str
    meaning: str


WORDING: Mapping[Code, Wording] = {
    Code.UNKNOWN_LINE: Wording(
        "this line is not part of '%(format)s' as we know it: %(line)r",
        "A line fits no line of the format. It is shown as captured and not explained.",
    ),
    Code.UNKNOWN_TOKEN: Wording(
        "%(token)r is not a word of '%(format)s' that we know",
        "A word inside a known line is unknown. It is shown as captured and not explained.",
    ),
    Code.UNKNOWN_FIELD: Wording(
        "%(field)r is not a match field that we know",
        "A clause of a flow's match is in no row of ovs-fields(7). "
        "It stays in the reading as text.",
    ),
    Code.UNKNOWN_ACTION: Wording(
        "%(action)r is not an action that we know",
        "An action of a flow is in no row of ovs-actions(7). It stays in the reading as text.",
    ),
    Code.BAD_VALUE: Wording(
        "%(value)r is not a valid value of %(field)s",
        "A known field has a value that its type does not allow.",
    ),
    Code.BAD_EXPRESSION: Wording(
        "%(reason)s",
        "A logical flow's match or action breaks the grammar or the rules of types of ovn-sb(5), "
        "or a line is longer than anything that is read. It is shown as captured.",
    ),
    Code.TRUNCATED: Wording(
        "the capture ends inside %(what)s",
        "The capture ends where the format needs more: it was cut when it was copied.",
    ),
    Code.NOT_UTF8: Wording(
        "%(count)s bytes are not UTF-8; they are shown as \\xNN",
        "The file holds bytes that are not UTF-8. They are kept and shown by their number.",
    ),
    Code.EMPTY: Wording("the capture is empty", "The file has no text, not even a command."),
    Code.NOT_FOUND: Wording(
        "no capture, host or scenario at %(path)r",
        "A path that a page or the command names does not exist.",
    ),
    Code.NOT_READABLE: Wording(
        "cannot read %(path)r: %(reason)s", "The operating system refused to read a file."
    ),
    Code.OUTSIDE_ROOT: Wording(
        "%(path)r leads out of the capture root",
        "A directive may only name files under ovs_capture_root: no '..', no absolute path, "
        "no link that leads out.",
    ),
    Code.BAD_HINT: Wording(
        "%(reason)s",
        "host.toml or scenario.toml has a key, type or value that is not allowed.",
    ),
    Code.HINT_CONTRADICTED: Wording(
        "%(hint)s says %(said)r but %(capture)s shows %(shown)r; the capture wins",
        "A hint says other than a capture. The capture is believed.",
    ),
    Code.HINT_UNUSED: Wording(
        "no capture of this host has %(name)r", "A hint names something that no capture shows."
    ),
    Code.ACCEPT_UNUSED: Wording(
        "nothing to accept: %(code)s %(what)r does not occur",
        "An `[[accept]]` of `scenario.toml` no longer applies.",
    ),
    Code.PEER_AMBIGUOUS: Wording(
        "%(name)s could join %(count)s others: %(candidates)s; none is drawn",
        "Two things fit equally well as the other end. None is chosen.",
    ),
    Code.PEER_ONE_SIDED: Wording(
        "%(name)s names %(peer)s as its peer, which does not point back",
        "A patch port's peer is missing or has another peer.",
    ),
    Code.ADDRESS_DISAGREES: Wording(
        "%(what)s has %(best)s by %(best_from)s but %(other)s by %(other_from)s",
        "Two sources give one interface different addresses. The better source is used.",
    ),
    Code.ADDRESS_TWO_MACS: Wording(
        "%(what)s belongs to %(first)s by %(first_from)s and to %(second)s by %(second_from)s",
        "Two MAC addresses claim one address.",
    ),
    Code.NIC_TWO_MACS: Wording(
        "%(what)s has MAC %(first)s by %(first_from)s and %(second)s by %(second_from)s",
        "One guest NIC has two MAC addresses.",
    ),
    Code.HOST_TWO_MAC_SETS: Wording(
        "%(what)s has other NIC MACs in %(second)s than in %(first)s",
        "Captures of one host come from two machines, or from before and after a change of NICs.",
    ),
    Code.PORT_WITHOUT_INTERFACE: Wording(
        "port %(name)s has no interface", "A Port of ovs-vsctl show has no Interface under it."
    ),
    Code.TARGET: Wording(
        "%(reason)s", "A directive's or command's argument does not name what it needs."
    ),
    Code.OPTION: Wording(
        "option :%(option)s: %(reason)s", "A directive's option has a wrong value."
    ),
    Code.OPTION_NO_MATCH: Wording(
        "option :%(option)s: %(value)r matches nothing in this capture",
        "A directive's option names something that the capture no longer has.",
    ),
    Code.REFERENCE_NOT_FOUND: Wording(
        "no capture on this site shows %(target)r ({%(role)s})",
        "A role such as ``{ovs:port}`` names something that no page tells of.",
    ),
    Code.REFERENCE_AMBIGUOUS: Wording(
        "%(target)r ({%(role)s}) may be %(names)s",
        "A role names something that is there twice. Nothing is linked; a longer name tells it "
        "apart.",
    ),
    Code.PACKET: Wording(
        "the packet %(packet)r cannot be traced: %(reason)s",
        "The packet of a trace is not written as ovs-appctl ofproto/trace takes it.",
    ),
    Code.EXPECT: Wording(
        "the page expects %(claim)r, but the packet's way ends otherwise: %(verdict)s",
        "A trace does not end as the page claims: the captures, or the page, are out of date.",
    ),
    Code.FONT_MISSING: Wording(
        "no font with Japanese glyphs was found; the picture's text may be incomplete",
        "PNG and PDF need an installed CJK font. Pages, which use SVG, are not concerned.",
    ),
    Code.UNRECOGNISED: Wording(
        "no reader recognises this capture; it is shown as it is",
        "Said by ``ovs-capture check`` only: neither the command nor the text is of a known "
        "format.",
    ),
    Code.SECRET: Wording(
        "%(count)s secret(s) in this capture; pages show them masked",
        "The capture holds passwords, tokens or keys. Each character of them is shown as '*'.",
    ),
}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong, at one place; the empty span at 0 stands for the whole file."""

    code: Code
    source: Source
    span: Span
    args: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return WORDING[self.code].text % self.args

    @property
    def place(self) -> tuple[int, int]:
        """Line and column, both from 1."""
        return self.source.place(self.span.start)

    def __str__(self) -> str:
        line, column = self.place
        return f"{self.source.name}:{line}:{column}: {self.code.value}: {self.message}"

    def caret(self) -> str:
        """The line of the capture with a caret line under the span; for tests and the command."""
        _, column = self.place
        start = self.span.start - (column - 1)
        newline = self.source.text.find("\n", start)
        text = self.source.text[start : len(self.source.text) if newline < 0 else newline]
        width = max(1, min(self.span.end, start + len(text)) - self.span.start)
        # A tab before the span is a tab before the caret, so that they stay one below the other.
        before = "".join(char if char == "\t" else " " for char in text[: column - 1])
        return f"{self}\n    {text}\n    {before}{'^' * width}"
