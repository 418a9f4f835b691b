"""Prompts of several forms in one block: ``$`` of a user, then ``#`` of root. Without Sphinx.

Lives here: which lines of a transcript begin with a prompt though the block began with another. A
``#`` may be a comment, a ``$`` may be printed, so a line is a prompt on evidence alone:

- what follows is a command that we know, and the reader of its output knows what follows it, or
- the command before it opened or left a shell, or
- its program is one that people run, and the line is no sentence and in no file that was shown, or
- a ``$`` that stands before commands more than once.

Does not live here: the prompt that a block began with and whole prompts (``user@host...$``), which
``transcript`` knows.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...formats.command import Command, shown_file
from ...formats.reading import has_format
from ...formats.transcript import Piece, prompted, split
from ...source import Source, Span

# Programs that stand in the transcripts of this field, next to those whose output we read. Left
# out are those that are words of a sentence as well: host, route, test, time, watch.
_PROGRAMS = frozenset(
    """
    apt apt-get arping bridge cat cd conntrack cp crictl curl dmesg dnf docker echo ethtool exit
    export getent grep hostnamectl ifconfig ip iperf3 iptables journalctl kubectl logout ls lsmod
    lspci mkdir modinfo modprobe netstat nft nmcli openstack ping podman ps pwd rpm scp sed ss
    ssh su sudo sysctl systemctl tail tc tcpdump tee traceroute uname vi vim virsh wget yum
    """.split()  # noqa: SIM905 (as a list it would be 70 lines)
)
_FAMILIES = re.compile(r"(?:ov[sn]|ovsdb|neutron|nova|glance|cinder|kolla)-[a-z-]+")
# What a command line does not hold and a sentence does.
_PROSE = frozenset(
    {
        *("a", "an", "and", "are", "for", "from", "in", "is", "of"),
        *("on", "that", "the", "then", "this", "to", "we", "with", "you"),
    }
)
# As the shell finds a program: a name, or a path to one.
_PROGRAM = re.compile(r"[\w./+-]*[A-Za-z][\w./+-]*")
_SHELLS = frozenset(("bash", "csh", "exit", "ksh", "login", "logout", "sh", "su", "zsh"))
# What is printed between a command that opens or leaves a shell and the next prompt.
_AT_LOGIN = re.compile(
    r"\s*(?:(?:\[sudo\] )?[Pp]assword(?: for \S+)?:\s*|exit|logout|Last login: .*"
    r"|Connection to \S+ closed\.)?\s*"
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that may be a prompt; ``piece``: its command and what follows it."""

    offset: int
    prompt: str
    piece: Piece
    command: Command


def other_prompts(source: Source, sure: Callable[[Piece], bool]) -> frozenset[int]:
    """Offsets of the lines that begin with another prompt than the text's first.

    ``sure``: does the reader of a piece's command know what follows it?
    """
    outputs = [(piece, tuple(_candidates(piece))) for piece in split(source, has_format)]
    every = [candidate for _, candidates in outputs for candidate in candidates]
    certain = {
        one.offset
        for one in every
        if has_format(one.command) and one.piece.source.window.strip() and sure(one.piece)
    }
    often = Counter(one.prompt for one in every if _is_typed(one))
    seen = {one.prompt for one in every if one.offset in certain}
    seen |= {prompt for prompt, count in often.items() if count > 1 and prompt.endswith("$")}
    found = set()
    for piece, candidates in outputs:
        command, start = piece.command, piece.source.start
        for one in candidates:
            between = source.slice(Span(start, one.offset))
            if one.offset in certain or (command and _is_likely(one, command, between, seen)):
                found.add(one.offset)
                seen.add(one.prompt)
                command, start = one.command, one.piece.source.start
    return frozenset(found)


def _candidates(piece: Piece) -> Iterator[_Candidate]:
    """Lines of a piece's output that look like a prompt and a command."""
    window = piece.source
    lines = [
        (offset, found[0])
        for offset, line in window.lines()
        if (found := prompted(line)) and found[1].strip()
    ]
    for index, (offset, prompt) in enumerate(lines):
        end = lines[index + 1][0] if index + 1 < len(lines) else window.end
        part = split(window.part(Span(offset, end)), has_format, (offset,))[0]
        if part.command is not None and part.command.text.strip():
            yield _Candidate(offset, prompt, part, part.command)


def _is_likely(one: _Candidate, before: Command, between: str, seen: set[str]) -> bool:
    """Is a line a prompt by what it says and what stands before it, its output aside?

    ``before``: the command before it; ``between``: what was printed since; ``seen``: the prompts
    that were prompts elsewhere in the block.
    """
    if not _is_typed(one) or shown_file(before):
        return False
    if _changes_shell(before) and _AT_LOGIN.fullmatch(between):
        return True
    if has_format(one.command):
        # Either it printed nothing, or another form than we read.
        return one.prompt in seen or not one.piece.source.window.strip()
    if one.prompt in seen and not one.prompt.endswith("#"):
        return True
    program = one.command.text.split()[0]
    return program in _PROGRAMS or bool(_FAMILIES.fullmatch(program))


def _is_typed(one: _Candidate) -> bool:
    """Is it a command line by its look, and no sentence?"""
    words = one.command.text.split()
    return bool(
        _PROGRAM.fullmatch(words[0])
        and not _PROSE.intersection(words)
        and not (words[0].istitle() and len(words) > 1)
        and not words[-1].endswith((".", ":"))
    )


def _changes_shell(command: Command) -> bool:
    """Does the next prompt belong to another shell than the one before?"""
    program = command.program
    if not program:  # sudo -i, ssh compute
        return command.ssh is not None or bool(re.match(r"sudo\s", command.text))
    # A script has a shell of its own, and none after it.
    script = program.endswith("sh") and bool(command.arguments)
    return program in _SHELLS and not script and not command.filters
