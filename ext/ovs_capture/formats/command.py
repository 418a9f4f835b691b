"""The command line of a capture: what was run, where, and through which filters.

Knows shells, the wrappers that people put around a command (sudo, env, ssh, ip netns exec, docker
exec) and which options take a value; does not know any format. Nothing here is ever run.
"""

import re
import shlex
from dataclasses import dataclass, field, replace

from ..source import Span

# Options of ssh(1) that take a value, so that the word after them is not the target.
_SSH_WITH_VALUE = set("BbcDEeFIiJLlmOoPpQRSWw")
# Options, by program, whose value is the next word: it is then not an argument.
_WITH_VALUE: dict[str, frozenset[str]] = {
    program: frozenset(options.split())
    for program, options in {
        "sudo": "-u -g -h -p -C -r -t -T -D -R -U",
        "doas": "-u -C",
        "env": "-u -C -S",
        "docker": "-u --user -w --workdir -e --env --env-file --detach-keys",
        "podman": "-u --user -w --workdir -e --env --env-file --detach-keys",
        "virsh": "-c --connect -d --debug -e --escape -k --keepalive-interval "
        "-K --keepalive-count -l --log",
        "ovs-vsctl": "--db -t --timeout -f --format -d --data --columns",
        "ovn-nbctl": "--db -t --timeout -f --format -d --data --columns",
        "ovn-sbctl": "--db -t --timeout -f --format -d --data --columns",
        "ovs-ofctl": "-O --protocols -F --flow-format -t --timeout",
        "ovs-dpctl": "-t --timeout",
        "ovs-appctl": "-t --target -T --timeout",
        "ovn-appctl": "-t --target -T --timeout",
        "openstack": "-f --format -c --column --max-width --sort-column --os-cloud --os-auth-url "
        "--os-region-name --os-project-name --os-username --os-password --os-token",
        "head": "-n --lines -c --bytes",
        "tail": "-n --lines -c --bytes",
    }.items()
}
# Nobody wraps a command this often; each wrapper reads the rest of the line again.
_MOST_WRAPPERS = 12
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_REDIRECTION = re.compile(r"(?P<operator>(?:\d|&)?(?:>>?|<)(?:&\d|\|)?)(?P<target>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """A command as read from a prompt line.

    ``text``: as typed, without prompt, continuation marks joined by spaces.
    ``words``: the essential command: no sudo, env, ssh, ip netns exec, program without its path.
    ``namespace``: the network namespace it ran in: of the guest (``ssh``) or of the host.
    ``ssh``: the ssh target, ``user@addr``: it says that the command ran in a guest, not in which.
    ``filters``: what it was piped through, each as text; a filter means that lines may be missing.
    ``span``: its characters in the source (all its lines, without the last newline).
    """

    text: str
    words: tuple[str, ...]
    namespace: str | None = None
    ssh: str | None = None
    filters: tuple[str, ...] = ()
    span: Span = field(default=Span(0, 0), compare=False)

    @property
    def program(self) -> str:
        return self.words[0] if self.words else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Words after the program that are neither options (``-d``) nor their values."""
        with_value = _WITH_VALUE.get(self.program, frozenset())
        found, skip = [], False
        for word in self.words[1:]:
            if skip:
                skip = False
            elif word.startswith("-") and len(word) > 1:
                skip = word in with_value
            else:
                found.append(word)
        return tuple(found)

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(w for w in self.words[1:] if w.startswith("-"))


_NOWHERE = Span(0, 0)


def read_command(text: str, span: Span = _NOWHERE) -> Command:
    """Read a command line; a line that no shell would take is kept as words split at blanks."""
    command = replace(_pipeline(text), text=text, span=span)
    for _ in range(_MOST_WRAPPERS):  # wrappers nest: sudo ip netns exec NS sudo ssh ...
        inner = _unwrap(command)
        if inner == command:
            break
        command = inner
    return command


def _pipeline(text: str) -> Command:
    stages = [stage.strip() for stage in _split_pipes(text)]
    return Command(text=text, words=_words(stages[0]), filters=tuple(stages[1:]))


def _split_pipes(text: str) -> list[str]:
    """Split at ``|`` and ``|&`` outside quotes; ``||`` is no pipe."""
    stages, quote, start, position = [], "", 0, 0
    while position < len(text):
        char = text[position]
        if char == "\\" and quote != "'":
            position += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif text.startswith("||", position):
            position += 1
        elif char == "|" and text[position - 1 : position] != ">":
            stages.append(text[start:position])
            position += text.startswith("|&", position)
            start = position + 1
        position += 1
    return [*stages, text[start:]]


def _words(text: str) -> tuple[str, ...]:
    """Words of one stage, without redirections."""
    try:
        words = shlex.split(text, comments=False)
    except ValueError:  # an open quote: somebody cut the line
        words = text.split()
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif redirection := _REDIRECTION.fullmatch(word):
            skip = not redirection["target"] and "&" not in redirection["operator"][1:]
        else:
            found.append(word)
    return tuple(found)


def _unwrap(command: Command) -> Command:
    words = command.words
    if not words:
        return command
    program = words[0].rsplit("/", 1)[-1]
    if _ASSIGNMENT.fullmatch(words[0]):
        first = next((i for i, w in enumerate(words) if not _ASSIGNMENT.fullmatch(w)), len(words))
        return replace(command, words=words[first:])
    if program in ("sudo", "doas", "env"):
        return replace(command, words=_after_options(words, program))
    if program in ("docker", "podman") and words[1:2] == ("exec",):
        inside = _after_options(words[1:], program)
        return replace(command, words=inside[1:]) if len(inside) > 1 else command
    if program in ("sh", "bash") and len(words) == 3 and words[1] in ("-c", "-lc"):
        return _inner(command, words[2])
    if program == "ip":
        return _ip_namespace(command)
    if program == "ssh":
        at = 1
        while at < len(words) and (option := words[at]).startswith("-"):
            at += 2 if len(option) == 2 and option[1] in _SSH_WITH_VALUE else 1
        if rest := words[at:]:
            # A namespace that ssh was started from says nothing about where the command ran.
            guest = replace(command, ssh=rest[0], namespace=None)
            return _inner(guest, rest[1] if len(rest) == 2 else shlex.join(rest[1:]))
    if program != words[0]:
        return replace(command, words=(program, *words[1:]))
    return command


def _inner(command: Command, text: str) -> Command:
    """The command that a shell is given as one text; its pipes come before the outer ones."""
    inner = _pipeline(text)
    return replace(command, words=inner.words, filters=inner.filters + command.filters)


def _ip_namespace(command: Command) -> Command:
    """``ip netns exec NS COMMAND`` and ``ip -n NS OBJECT``."""
    words = command.words
    start = 1
    while start < len(words) and words[start].startswith("-"):
        if words[start] in ("-n", "-netns") and start + 2 < len(words):
            rest = ("ip", *words[1:start], *words[start + 2 :])
            return replace(command, words=rest, namespace=words[start + 1])
        start += 1
    if words[start : start + 2] == ("netns", "exec") and len(words) > start + 3:
        return replace(command, words=words[start + 3 :], namespace=words[start + 2])
    return replace(command, words=("ip", *words[1:]))


def _after_options(words: tuple[str, ...], program: str) -> tuple[str, ...]:
    at = 1
    while at < len(words) and (words[at].startswith("-") or _ASSIGNMENT.fullmatch(words[at])):
        at += 2 if words[at] in _WITH_VALUE[program] else 1
    return words[at:]


# Options of ip(8) with a value, and those under which it prints another form than its blocks.
_IP_WITH_VALUE = ("-f", "-family", "-l", "-loops", "-rc", "-rcvbuf", "-b", "-batch")
_IP_OBJECTS = ("address", "link", "route", "rule", "neighbour", "neighbor", "netns", "tunnel")
# In the order in which ip(8) tries them: "s" of `ip addr s` is show, but of `ip link s` it is set.
_IP_ACTIONS = (
    "show", "list", "lst", "add", "append", "attach", "change", "delete", "exec", "flush", "get",
    "help", "identify", "list-id", "monitor", "pids", "replace", "restore", "save", "set",
)  # fmt: skip


def ip_object(command: Command) -> tuple[str, str] | None:
    """``(object, action)`` of an ``ip`` command with abbreviations resolved, else None.

    ip(8) takes any unambiguous prefix, in its own order of preference: ``ip l`` is link, ``ip a``
    is address, ``ip r`` is route, ``ip n`` is neighbour; no action is ``show``.
    """
    if command.program not in ("ip", "busybox"):
        return None
    words = command.words
    at = 2 if command.program == "busybox" and words[1:2] == ("ip",) else 1
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in _IP_WITH_VALUE else 1
    words = words[at:]
    if not words:
        return None
    name = next((o for o in _IP_OBJECTS if o.startswith(words[0])), None)
    if name is None:
        return None
    action = "show"
    if len(words) > 1:
        action = next((a for a in _IP_ACTIONS if a.startswith(words[1])), words[1])
        action = "show" if action in ("list", "lst") else action
    return ("neighbour" if name == "neighbor" else name), action


def ip_prints_blocks(command: Command) -> bool:
    """Does this ``ip`` command print its usual blocks, not ``-brief`` columns or ``-json``?"""
    return not any(
        option[1:]
        and (("-brief".startswith(option) and option != "-b") or "-json".startswith(option))
        for option in (word.replace("--", "-", 1) for word in command.options)
    )


def ip_prints_brief(command: Command) -> bool:
    """``ip -br``, up to ``-brief``; ``-b`` is a batch."""
    words = (word.replace("--", "-", 1) for word in command.options)
    return any(len(word) >= len("-br") and "-brief".startswith(word) for word in words)


def shown_file(command: Command) -> str | None:
    """The path of the file that ``cat``, ``head`` and the like print, else None."""
    if command.program in ("cat", "head", "tail", "less", "more") and command.arguments:
        return command.arguments[-1]
    return None
