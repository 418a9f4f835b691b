"""``ps``: processes, in whatever columns it was asked for.

Sample (``ps ax``)::

        PID TTY      STAT   TIME COMMAND
         20 ?        Ssl    0:00 ovs-vswitchd --detach --pidfile --log-file
         27 ?        S      0:00 dnsmasq --no-hosts --dhcp-hostsfile=/var/lib/neutron/dhcp/feeee2c4/host

Grammar::

    title   = HEADING+                  the last is COMMAND, CMD or ARGS
    process = WORD+ COMMAND LINE        as many words as headings before the last

Without its title (``ps ax | grep dnsmasq``) a line is read in the columns of ``aux``, ``-ef`` and
``ax``, whichever fits. Printer: procps-ng src/ps/output.c. ``f`` draws a tree of ``\\_`` before the
command.
"""  # noqa: E501 - the sample is as printed

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import UUID, Findings, Format, Kind, Parsed, Record, as_number, first_line
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Process(Record):
    """A process. ``command``: its whole line; ``columns``: the others, by their headings."""

    pid: int | None = None
    command: str
    columns: dict[str, str]


_TITLE = re.compile(r"\s*(?:[%A-Z]+\s+)+(?:COMMAND|CMD|ARGS)\s*|\s*(?:COMMAND|CMD|ARGS)\s*")
_LAYOUTS = (
    ("USER PID %CPU %MEM VSZ RSS TTY STAT START TIME", r"\S+ \d+ [\d.]+ [\d.]+ \d+ \d+ \S+ \S+"),
    ("UID PID PPID C STIME TTY TIME", r"\S+ \d+ \d+ \d+ \S+ \S+ [\d:-]+"),
    ("PID TTY STAT TIME", r"\d+ \S+ [A-Za-z]\S* \d+:\d+"),
    ("PID TTY TIME", r"\d+ \S+ \d\d:\d\d:\d\d"),
)
_BY_SHAPE = tuple(
    (headings.split(), re.compile(r"\s*" + shape.replace(" ", r"\s+") + r"\s+\S.*"))
    for headings, shape in _LAYOUTS
)
_TREE = re.compile(r"(?:[|\s]*\\_ )?")
_WORD = re.compile(r"\S+")
_UUID = re.compile(rf"(?<![\w]){UUID}(?![\w])")


def parse(source: Source) -> Parsed:
    """Processes in the order of the capture."""
    found = Findings(source, FORMAT.name)
    headings: list[str] | None = None
    for offset, line in found.lines():
        if _TITLE.fullmatch(line):
            headings = line.split()[:-1]
            continue
        columns = headings
        if columns is None:
            columns = next((names for names, shape in _BY_SHAPE if shape.fullmatch(line)), None)
        process = _process(found, offset, line, columns) if columns is not None else None
        if process is None:
            found.unknown_line(offset, line)
        else:
            found.records.append(process)
    return found.parsed()


def _process(found: Findings, offset: int, line: str, headings: list[str]) -> Process | None:
    words = [match for _, match in zip(headings, _WORD.finditer(line), strict=False)]
    start = words[-1].end() if words else 0
    rest = line[start:]
    tree = _TREE.match(rest.lstrip())
    command = rest.lstrip()[tree.end() if tree else 0 :].rstrip()
    pid = next((m[0] for name, m in zip(headings, words, strict=False) if name == "PID"), None)
    if len(words) < len(headings) or not command or ("PID" in headings and not as_number(pid)):
        return None
    at = offset + start + rest.index(command)
    program = command.split()[0]
    found.mark(at, program, Kind.HEAD)
    for match in _UUID.finditer(command, len(program)):
        found.mark(at + match.start(), match[0], Kind.UUID)
    return Process(
        pid=as_number(pid),
        command=command,
        columns={name: m[0] for name, m in zip(headings, words, strict=True)},
        span=Span(offset, found.line_end(offset)),
    )


def _prints(command: Command) -> bool:
    return command.program == "ps"


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_TITLE.fullmatch(first)) and "PID" in first.split()


FORMAT = Format(
    name="ps",
    title="processes (ps)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"\bps\b"),
)
