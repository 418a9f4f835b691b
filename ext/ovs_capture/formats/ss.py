"""``ss``: sockets, what listens, and with ``-p`` which process.

Sample::

    Netid  State   Recv-Q  Send-Q        Local Address:Port   Peer Address:Port  Process
    tcp    LISTEN  0       1024        169.254.169.254:80          0.0.0.0:*      users:(("haproxy",pid=812,fd=5))
    udp    UNCONN  0       0      0.0.0.0%tapc7892349-b3:67          0.0.0.0:*

Grammar::

    title  = ["Netid"] "State Recv-Q Send-Q Local Address:Port Peer Address:Port" ["Process"]
    socket = [NETID] STATE N N ADDRESS ["%" DEVICE] ":" PORT ADDRESS [":" PORT] [REST]
    detail = BLANK REST                              further lines of a socket with -i, -m, -e
    error  = "RTNETLINK answers: " TEXT              no module for a protocol

The Netid column is missing when only one protocol was asked for. Printer: iproute2 misc/ss.c.
Title ``Process`` since 5.4; ``users:(("name",pid=N,fd=N))`` since 3.14, ``("name",N,N)`` before.
"""  # noqa: E501 - the sample is as printed

import re
from dataclasses import dataclass, replace

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, is_address
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Socket(Record):
    """A socket. ``local``, ``peer``: addresses without brackets and device (``*``: any).

    ``device``: what stands behind ``%``; ``processes``: names by ``-p``.
    """

    netid: str | None = None
    state: str
    recv_q: int
    send_q: int
    local: str
    local_port: str
    device: str | None = None
    peer: str
    peer_port: str | None = None
    processes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketError(Record):
    """What the kernel answered where it has no module for a protocol; other sockets follow."""

    error: str


_TITLE = re.compile(
    r"(?:Netid\s*)?State\s*Recv-Q\s*Send-Q\s*Local Address:Port\s*Peer Address:Port\s*"
    r"(?:Process)?\s*"
)
_NETIDS = (
    r"tcp|udp|raw|icmp6|u_str|u_dgr|u_seq|nl|p_raw|p_dgr|sctp|vsock|v_str|v_dgr|mptcp|dccp|tipc|xdp"
)
_SOCKET = re.compile(
    rf"""(?:(?P<netid>{_NETIDS})\s+)?(?P<state>[A-Z][A-Z0-9-]+)
        \s+(?P<recv_q>\d{{1,20}})\s+(?P<send_q>\d{{1,20}})
        \s+(?P<local>\S+?)(?::|\s+(?=\d+\s))(?P<local_port>[^\s:]+)
        \s+(?P<peer>\*|\S+?)(?:(?::|\s+(?=\d))(?P<peer_port>[^\s:]+))?
        (?:\s+(?P<rest>\S.*))?\s*""",
    re.VERBOSE,
)
_ERROR = re.compile(r"RTNETLINK answers: (?P<error>.*\S)\s*")
_USER = re.compile(r'\("(?P<name>[^"]+)",')


def parse(source: Source) -> Parsed:
    """Sockets in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        span = Span(offset, found.line_end(offset))
        last = found.records[-1] if found.records else None
        if _TITLE.fullmatch(line):
            continue
        if match := _SOCKET.fullmatch(line):
            found.records.append(_socket(found, offset, match, span))
        elif match := _ERROR.fullmatch(line):
            found.mark(offset, match[0].rstrip(), Kind.DIM)
            found.records.append(SocketError(error=match["error"], span=span))
        elif isinstance(last, Socket) and line[0] in " \t":
            found.records[-1] = replace(
                last,
                processes=last.processes + _processes(line),
                span=Span(last.span.start, span.end),
            )
        else:
            found.unknown_line(offset, line)
    return found.parsed()


def _socket(found: Findings, offset: int, match: re.Match[str], span: Span) -> Socket:
    found.mark_groups(match, offset, {"state": Kind.HEAD})
    sides = {}
    for side in ("local", "peer"):
        text, _, device = match[side].partition("%")
        bare, start = text.strip("[]"), offset + match.start(side)
        if is_address(bare):
            found.mark(start + text.index(bare), bare, Kind.ADDRESS)
        device = device.removesuffix("]")
        found.mark(start + len(text) + 1, device, Kind.DEVICE)
        sides[side] = (bare, device or None)
    return Socket(
        netid=match["netid"],
        state=match["state"],
        recv_q=int(match["recv_q"]),
        send_q=int(match["send_q"]),
        local=sides["local"][0],
        local_port=match["local_port"],
        device=sides["local"][1],
        peer=sides["peer"][0],
        peer_port=match["peer_port"],
        processes=_processes(match["rest"] or ""),
        span=span,
    )


def _processes(text: str) -> tuple[str, ...]:
    start = text.find("users:(")
    return tuple(user["name"] for user in _USER.finditer(text, start)) if start >= 0 else ()


def _prints(command: Command) -> bool:
    return command.program == "ss" and not {"-s", "--summary"} & set(command.options)


def _looks_like(source: Source) -> bool:
    """The title tells; an error of the kernel may stand before it."""
    lines = (line for _, line in Findings(source, FORMAT.name).lines())
    first = next((line for line in lines if not _ERROR.fullmatch(line)), "")
    return bool(_TITLE.fullmatch(first))


FORMAT = Format(
    name="ss",
    title="sockets (ss)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"\bss\b"),
)
