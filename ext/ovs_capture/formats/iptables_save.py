"""``iptables-save``, ``iptables -S`` and those of IPv6: rules as the command takes them.

Sample::

    *filter
    :INPUT ACCEPT [0:0]
    :neutron-linuxbri-s7a8c0a54-7 - [0:0]
    -A neutron-linuxbri-s7a8c0a54-7 -s 192.168.101.88/32 -m mac --mac-source FA:16:3E:BE:71:21 -j RETURN
    COMMIT

Grammar::

    line  = "*" TABLE | chain | rule | "COMMIT" | "#" COMMENT
    chain = ":" NAME (POLICY | "-") "[" PACKETS ":" BYTES "]" | "-N" NAME | "-P" NAME POLICY
    rule  = ["[" PACKETS ":" BYTES "]"] "-A" CHAIN option*           counters with -c

Options are words of a shell; a ``!`` negates the one after it. ``-S`` prints ``-N``, ``-P`` and rules
of one table. Printers: iptables iptables/iptables-save.c, xtables-save.c.
"""  # noqa: E501 - the sample is as printed

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, is_address
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedChain(Record):
    """A chain of ``table`` (None with ``-S``). ``policy`` None: not a built-in one."""

    table: str | None = None
    name: str
    policy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRule(Record):
    """A rule. ``options``: all of it as printed; the other fields are those read from it."""

    table: str | None = None
    chain: str
    source: str | None = None
    destination: str | None = None
    in_interface: str | None = None
    out_interface: str | None = None
    mac: str | None = None
    target: str | None = None
    options: str | None = None


_TABLE = re.compile(r"\*(?P<table>[a-z]+)\s*")
_CHAIN = re.compile(
    r"""(?::(?P<name>\S+)\s+(?P<policy>\S+)(?:\s+\[\d+:\d+\])?
        |-N\s+(?P<new>\S+)|-P\s+(?P<builtin>\S+)\s+(?P<default>\S+)(?:\s+-c\ \d+\ \d+)?)\s*""",
    re.VERBOSE,
)
_RULE = re.compile(r"(?:\[\d+:\d+\]\s+)?-A\s+(?P<chain>\S+)(?:\s+(?P<options>\S(?:.*\S)?))?\s*")
_WORD = re.compile(r'"(?:[^"\\]|\\.)*+"|\S+')
_END = re.compile(r"COMMIT\s*|#.*")
_FIELDS = {
    "-s": "source", "--source": "source", "-d": "destination", "--destination": "destination",
    "-i": "in_interface", "-o": "out_interface", "--mac-source": "mac", "-j": "target",
    "-g": "target",
}  # fmt: skip
_KINDS = {
    "source": Kind.ADDRESS, "destination": Kind.ADDRESS, "mac": Kind.MAC,
    "in_interface": Kind.DEVICE, "out_interface": Kind.DEVICE, "target": Kind.HEAD,
}  # fmt: skip
_DEVICES = {"--physdev-in", "--physdev-out"}


def parse(source: Source) -> Parsed:
    """Chains and rules in the order of the capture."""
    found = Findings(source, FORMAT.name)
    table = None
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        if match := _TABLE.fullmatch(line):
            table = match["table"]
        elif match := _CHAIN.fullmatch(line):
            policy = match["policy"] or match["default"]
            found.mark_groups(match, offset, {"name": Kind.HEAD, "new": Kind.HEAD})
            found.mark_groups(match, offset, {"builtin": Kind.HEAD})
            found.records.append(
                SavedChain(
                    table=table,
                    name=match["name"] or match["new"] or match["builtin"],
                    policy=None if policy == "-" else policy,
                    span=span,
                )
            )
        elif match := _RULE.fullmatch(line):
            found.records.append(_saved(found, offset, line, match, table, span))
        elif not _END.fullmatch(line):
            found.unknown_line(offset, line)
    return found.parsed()


def _saved(
    found: Findings,
    offset: int,
    line: str,
    match: re.Match[str],
    table: str | None,
    span: Span,
) -> SavedRule:
    fields: dict[str, str] = {}
    words = list(_WORD.finditer(line, match.end("chain")))
    for number, word in enumerate(words[:-1]):
        value = words[number + 1]
        if word[0] in _DEVICES:
            found.mark(offset + value.start(), value[0].removesuffix("+"), Kind.DEVICE)
        field = _FIELDS.get(word[0])
        if field is None:
            continue
        negated = number > 0 and words[number - 1][0] == "!"
        text = value[0].lower() if field == "mac" else value[0]
        fields[field] = f"!{text}" if negated else text
        kind = _KINDS[field]
        if field == "target" and text == "DROP":
            kind = Kind.DROP
        if kind is not Kind.ADDRESS or is_address(text):
            found.mark(offset + value.start(), value[0], kind)
    return SavedRule(
        table=table,
        chain=match["chain"],
        source=fields.get("source"),
        destination=fields.get("destination"),
        in_interface=fields.get("in_interface"),
        out_interface=fields.get("out_interface"),
        mac=fields.get("mac"),
        target=fields.get("target"),
        options=match["options"],
        span=span,
    )


_SAVE = re.compile(r"ip6?tables(?:-legacy|-nft)?-save")
_PROGRAM = re.compile(r"ip6?tables(?:-legacy|-nft)?")


def _prints(command: Command) -> bool:
    if _SAVE.fullmatch(command.program):
        return True
    asked = any(
        word == "--list-rules" or re.fullmatch(r"-[a-zA-Z]*S[a-zA-Z]*", word)
        for word in command.options
    )
    return bool(_PROGRAM.fullmatch(command.program)) and asked


def _looks_like(source: Source) -> bool:
    lines = (line for _, line in Findings(source, FORMAT.name).lines())
    first = next((line for line in lines if not line.startswith("#")), "")
    return bool(_TABLE.fullmatch(first)) or first.startswith("-P INPUT ")


FORMAT = Format(
    name="iptables_save",
    title="packet filter rules (iptables-save, iptables -S)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"iptables.*(?:save|S)"),
)
