"""``iptables -L`` and ``ip6tables -L``, with ``-n``, ``-v``, ``--line-numbers``: chains and rules.

Sample::

    Chain neutron-linuxbri-s7a8c0a54-7 (1 references)
    target     prot opt source               destination
    RETURN     all  --  192.168.101.88       anywhere             MAC fa:16:3e:be:71:21 /* Allow traffic from defined IP/MAC pairs. */
    DROP       all  --  anywhere             anywhere             /* Drop traffic without an IP/MAC allow rule. */

Grammar::

    chain = "Chain" NAME "(" ("policy" POLICY [COUNTERS] | N "references") ")"
    title = ["num"] ["pkts bytes"] "target prot opt" ["in out"] "source destination"
    rule  = [NUM] [PACKETS BYTES] [TARGET] PROTOCOL OPT [IN OUT] SOURCE DESTINATION [TEXT]

A rule without target begins with blanks. ip6tables prints no OPT. Printer: iptables
iptables/xshared.c print_header, print_rule_details; 1.8.9 printed protocols as numbers with ``-n``.
"""  # noqa: E501 - the sample is as printed

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import MAC, Findings, Format, Kind, Parsed, Record, is_address
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChain(Record):
    """A chain. ``policy`` of the built-in ones, ``references`` of the others."""

    name: str
    policy: str | None = None
    references: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRule(Record):
    """A rule of the chain above it. ``text``: matches, options and comment as printed.

    ``mac``: the source MAC that the rule asks for.
    """

    chain: str
    target: str | None = None
    protocol: str
    source: str
    destination: str
    in_interface: str | None = None
    out_interface: str | None = None
    mac: str | None = None
    text: str | None = None


_CHAIN = re.compile(
    r"""Chain\ (?P<name>\S+)\ \((?:policy\ (?P<policy>\S+?)(?:\ \S+\ packets,\ \S+\ bytes)?
        |(?P<references>\d{1,10})\ references(?:,\ \S+\ packets,\ \S+\ bytes)?)\)\s*""",
    re.VERBOSE,
)
_TITLE = re.compile(
    r"(?P<num>num\s+)?\s*(?P<counters>pkts\s+bytes\s+)?target\s+prot\s+opt\s+"
    r"(?P<devices>in\s+out\s+)?source\s+destination\s*"
)
_MAC = re.compile(rf"\bMAC\s?(?P<mac>{MAC})")
_NOTE = re.compile(r"#.*")


def _rule(num: bool, counters: bool, devices: bool) -> re.Pattern[str]:
    """The rule's grammar under a title with these columns."""
    text = r"\s*\d+\s+" if num else ""
    text += r"\s*\d+[KMGTP]?\s+\d+[KMGTP]?\s" if counters else ""
    # Without columns before it, a blank where the target would stand means that there is none.
    blank = r"\s*" if num or counters else ""
    text += rf"{blank}(?:(?P<target>[^\s-]\S*)\s+)?\s*(?P<protocol>!?[a-z0-9][\w-]*)"
    text += r"\s+(?:(?:--|-f|!f|----)\s+)?"
    text += r"(?P<in>!?[^\s/]+)\s+(?P<out>!?[^\s/]+)\s+" if devices else ""
    text += r"(?P<source>!?\S+)\s+(?P<destination>!?\S+)(?:\s+(?P<text>\S(?:.*\S)?))?\s*"
    return re.compile(text)


def parse(source: Source) -> Parsed:
    """Chains and rules in the order of the capture."""
    found = Findings(source, FORMAT.name)
    chain, columns, rule = None, (False, False, False), _rule(False, False, False)
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        if match := _CHAIN.fullmatch(line):
            chain = match["name"]
            found.mark_groups(match, offset, {"name": Kind.HEAD})
            references = match["references"]
            found.records.append(
                ListedChain(
                    name=chain,
                    policy=match["policy"],
                    references=int(references) if references else None,
                    span=span,
                )
            )
        elif match := _TITLE.fullmatch(line):
            shown = bool(match["num"]), bool(match["counters"]), bool(match["devices"])
            if shown != columns:
                columns, rule = shown, _rule(*shown)
        elif chain is not None and (match := rule.fullmatch(line)):
            found.records.append(_listed(found, offset, match, chain, span))
        elif not _NOTE.fullmatch(line):
            found.unknown_line(offset, line)
    return found.parsed()


def _listed(
    found: Findings, offset: int, match: re.Match[str], chain: str, span: Span
) -> ListedRule:
    given = match.groupdict()
    if given["target"]:
        kind = Kind.DROP if given["target"] == "DROP" else Kind.HEAD
        found.mark_groups(match, offset, {"target": kind})
    for side in ("source", "destination"):
        if is_address(given[side].removeprefix("!")):
            start = offset + match.start(side) + given[side].startswith("!")
            found.mark(start, given[side].removeprefix("!"), Kind.ADDRESS)
    text = given["text"] or ""
    mac = _MAC.search(text)
    if mac:
        found.mark(offset + match.start("text") + mac.start("mac"), mac["mac"], Kind.MAC)
    return ListedRule(
        chain=chain,
        target=given["target"],
        protocol=given["protocol"],
        source=given["source"],
        destination=given["destination"],
        in_interface=_device(given.get("in")),
        out_interface=_device(given.get("out")),
        mac=mac["mac"].lower() if mac else None,
        text=given["text"],
        span=span,
    )


def _device(text: str | None) -> str | None:
    return None if text in (None, "any", "*") else text


_PROGRAM = re.compile(r"ip6?tables(?:-legacy|-nft)?")


def _prints(command: Command) -> bool:
    listed = any(
        (word.startswith("--list") and not word.startswith("--list-"))
        or re.fullmatch(r"-[a-zA-Z]*L[a-zA-Z]*", word)
        for word in command.options
    )
    return bool(_PROGRAM.fullmatch(command.program)) and listed


def _looks_like(source: Source) -> bool:
    lines = [line for _, line in Findings(source, FORMAT.name).lines()]
    return len(lines) > 1 and bool(_CHAIN.fullmatch(lines[0]) and _TITLE.fullmatch(lines[1]))


FORMAT = Format(
    name="iptables_list",
    title="packet filter rules (iptables -L)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"iptables.*L"),
)
