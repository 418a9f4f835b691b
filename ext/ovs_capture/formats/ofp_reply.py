"""What the printers of ``ovs-ofctl`` share: the line above a reply, the switch in a command.

Lives here: nothing of any one reply. Printer: lib/ofp-print.c ofp_header_to_string().

    reply  = TYPE [" reply"] [" (" VERSION ")"] " (xid=" hex "):" rest
    type   = "OFPST_" WORD / "OFPT_" WORD / "NXST_" WORD
"""

import re
from collections.abc import Callable, Mapping

from ..diagnostic import Diagnostic
from ..openflow.actions import action_tokens, parse_actions
from ..openflow.flow import Actions
from ..openflow.text import Role
from ..source import Source, Span
from .base import Findings, Kind, first_line
from .command import Command

# Options of ovs-ofctl(8) whose value is a word of its own.
_WITH_VALUE = {"-O", "-F", "-P", "-t", "--protocols", "--flow-format", "--timeout", "--packet-type"}
# The socket by which ovs-vswitchd lets a bridge be asked.
SOCKET = re.compile(r"(?:unix:)?(?:.*/)?(?P<bridge>[^/]+)\.mgmt")
# What a token of a match or an action list stands for.
KINDS: Mapping[Role, Kind] = {
    "name": Kind.HEAD,
    "register": Kind.REGISTER,
    "port": Kind.DEVICE,
    "table": Kind.TABLE,
    "mac": Kind.MAC,
    "address": Kind.ADDRESS,
    "vlan": Kind.VLAN,
    "drop": Kind.DROP,
}


def switch_of(command: Command | None, *verbs: str) -> str | None:
    """The switch that ``ovs-ofctl VERB SWITCH`` asks; None for other commands, ``""`` without.

    ``unix:/run/openvswitch/br-int.mgmt`` is br-int: ovs-vswitchd names the socket by the bridge.
    """
    if command is None or command.program != "ovs-ofctl":
        return None
    words = iter(command.words[1:])
    found: list[str] = []
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            found.append(word)
    if found[:1] == [] or found[0] not in verbs:
        return None
    switch = found[1] if len(found) > 1 else ""
    socket = SOCKET.fullmatch(switch)
    return socket["bridge"] if socket else switch


def asks(*verbs: str) -> Callable[[Command], bool]:
    """Does a command ask a switch for this?"""
    return lambda command: switch_of(command, *verbs) is not None


def header(kind: str) -> re.Pattern[str]:
    """The pattern of the line above a reply; ``kind``: a pattern of its type."""
    return re.compile(
        rf"\s*(?:{kind})(?: reply)?(?: \((?P<version>OF1\.\d)\))? \(xid=0x[0-9a-f]+\):(?P<rest>.*)"
    )


def begins_with(pattern: re.Pattern[str]) -> Callable[[Source], bool]:
    """Does the first line that says something fit?"""
    return lambda source: bool(pattern.match(first_line(source)))


def read_actions(found: Findings, offset: int, text: str) -> Actions:
    """An action list at ``offset``, with its marks and what is wrong with it."""
    actions, problems = parse_actions(text)
    for code, start, end, args in problems:
        span = Span(offset + start, offset + end)
        found.diagnostics.append(Diagnostic(code, found.source, span, args))
    for start, end, role, value in action_tokens(text):
        found.mark(offset + start, text[start:end], KINDS[role], value)
    return actions
