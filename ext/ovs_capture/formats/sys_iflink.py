"""``/sys/class/net/DEVICE/iflink``: the ifindex of a device's other end.

Commands: ``cat /sys/class/net/eth0/iflink``, ``grep . /sys/class/net/*/iflink``,
``head /sys/class/net/*/iflink``. Sample of grep::

    /sys/class/net/eth0/iflink:9
    /sys/class/net/lo/iflink:1

Grammar: ``[PATH ":"] N``; head writes ``==> PATH <==`` above each number. The end of a veth pair is
in the namespace of its peer; a device that has none shows its own ifindex. Printer: Linux
net/core/net-sysfs.c iflink_show.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import Findings, Format, Kind, Parsed, Record, first_line
from .command import Command, shown_file


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceLink(Record):
    """``ifname`` None: ``cat`` of several files does not say which."""

    ifname: str | None = None
    iflink: int


_PATH = r"/sys/(?:class/net|devices/\S+/net)/(?P<ifname>[^/\s]+)/iflink"
_LINE = re.compile(rf"(?:{_PATH}:)?(?P<iflink>\d{{1,10}})\s*")
_HEAD = re.compile(rf"==> {_PATH} <==\s*")


def parse(source: Source) -> Parsed:
    """Devices in the order of the capture."""
    return _parse(source, None)


def parse_with(source: Source, command: Command) -> Parsed:
    """The path of a single file names the device."""
    match = re.fullmatch(_PATH, shown_file(command) or "")
    name = match["ifname"] if match else None
    return _parse(source, None if name is None or re.search(r"[*?[{]", name) else name)


def _parse(source: Source, ifname: str | None) -> Parsed:
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        if match := _HEAD.fullmatch(line):
            ifname = match["ifname"]
        elif match := _LINE.fullmatch(line):
            found.mark_groups(match, offset, {"ifname": Kind.DEVICE})
            found.records.append(
                InterfaceLink(
                    ifname=match["ifname"] or ifname,
                    iflink=int(match["iflink"]),
                    span=Span(offset, found.line_end(offset)),
                )
            )
        else:
            found.unknown_line(offset, line)
    return found.parsed()


def _prints(command: Command) -> bool:
    path = shown_file(command)
    if path is None and command.program == "grep" and command.arguments:
        path = command.arguments[-1]
    return bool(path and re.fullmatch(_PATH, path))


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    match = _LINE.fullmatch(first)
    return bool(_HEAD.fullmatch(first) or (match and match["ifname"]))


FORMAT = Format(
    name="sys_iflink",
    title="other end of a device (/sys/class/net/*/iflink)",
    parse=parse,
    parse_with=parse_with,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"iflink"),
)
