"""``acl-list`` and ``qos-list`` of ovn-nbctl: rules of a switch or a port group.

Sample (``ovn-nbctl --type=port-group acl-list pg_web``)::

    from-lport  1002 (inport == @pg_web && ip4) allow-related
      to-lport  1002 (outport == @pg_web && ip4 && tcp && tcp.dst == 22) allow-related log()

and ``ovn-nbctl qos-list``::

      to-lport  2002 (outport == "c8e33d72") rate=10000 burst=8000

Grammar::

    rule   = DIRECTION PRIORITY "(" MATCH ")" (ACTION *extra / *(KEY "=" N))
    extra  = "log" ["(" LOG ")"] / "label=" N / "[after-lb]" / "[tier " N "]" / "[" GROUP "]"
             / "network-function-group=" NAME

Printer: utilities/ovn-nbctl.c nbctl_acl_list, nbctl_qos_list. ``label`` since OVN 21.09,
``[after-lb]`` since 22.06, the port group with ``--all`` since 25.09. ``log`` had no parentheses
before 2.8.
"""

import re
from dataclasses import dataclass, field

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record
from .command import Command
from .ovn_rows import mark_values


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Record):
    """An ACL, or a QoS rule (``action`` None). ``of``: the switch or port group asked about.

    ``extra``: as printed by key: ``log``, ``label``, ``tier``, ``rate``, ``burst``, ``dscp``.
    """

    direction: str
    priority: int
    match: str
    action: str | None = None
    extra: dict[str, str] = field(default_factory=dict)
    of: str | None = None


_EXTRA = (
    r"(?: (?:log(?:\([^)]*\))?|\[[^\]]*\]|(?:label|rate|burst|dscp|mark|network-function-group)"
    r"=\S+))*"
)
_RULE = re.compile(
    rf"""\s*(?P<direction>from-lport|to-lport)\ +(?P<priority>\d{{1,5}})\ \((?P<match>.*?)\)
         (?:\ (?P<action>allow(?:-related|-stateless)?|drop|reject|pass))?
         (?P<extra>{_EXTRA.replace(" ", chr(92) + " ")})\s*""",
    re.VERBOSE,
)
_PART = re.compile(
    r"(?P<log>log)(?:\((?P<how>[^)]*)\))?|\[(?P<word>[\w-]+)(?: (?P<number>\d+))?\]"
    r"|(?P<key>[\w-]+)=(?P<value>\S+)"
)


def parse(source: Source) -> Parsed:
    """Rules of an unknown owner."""
    return _parse(source, None)


def parse_with(source: Source, command: Command) -> Parsed:
    """Rules of the switch or port group that the command names."""
    return _parse(source, command.arguments[1] if len(command.arguments) > 1 else None)


def _parse(source: Source, of: str | None) -> Parsed:
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        match = _RULE.fullmatch(line)
        if match is None:
            found.unknown_line(offset, line)
            continue
        found.mark_groups(match, offset, {"direction": Kind.HEAD})
        mark_values(found, offset + match.start("match"), match["match"])
        if match["action"] in ("drop", "reject"):
            found.mark_groups(match, offset, {"action": Kind.DROP})
        found.records.append(
            Rule(
                direction=match["direction"],
                priority=int(match["priority"]),
                match=match["match"],
                action=match["action"],
                extra=_extra(match["extra"]),
                of=of,
                span=Span(offset, found.line_end(offset)),
            )
        )
    return found.parsed()


def _extra(text: str) -> dict[str, str]:
    extra: dict[str, str] = {}
    for part in _PART.finditer(text):
        if part["log"]:
            extra["log"] = part["how"] or ""
        elif part["word"]:
            extra[part["word"]] = part["number"] or ""
        else:
            extra[part["key"]] = part["value"]
    return extra


def _prints(command: Command) -> bool:
    return command.program == "ovn-nbctl" and command.arguments[:1] in (
        ("acl-list",),
        ("qos-list",),
    )


def _looks_like(source: Source) -> bool:
    rows = [line for _, line in Findings(source, FORMAT.name).lines()]
    return bool(rows) and all(_RULE.fullmatch(line) for line in rows)


FORMAT = Format(
    name="ovn_nbctl_rules",
    title="ACLs and QoS rules (ovn-nbctl acl-list, qos-list)",
    parse=parse,
    parse_with=parse_with,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"nbctl.*(?:acl|qos).list"),
)
