"""``bridge fdb [show]``: MAC addresses of Linux bridges and of VXLAN devices.

Sample::

    86:fc:c7:af:bc:46 dev qvb3b1ab8f7-bd master qbr3b1ab8f7-bd
    fe:16:3e:00:00:01 dev tap3b1ab8f7-bd master qbr3b1ab8f7-bd permanent
    00:00:00:00:00:00 dev vxlan-1234 dst 224.0.0.1 via eth0 self permanent

Grammar::

    entry = MAC ["dev" DEVICE] (KEY VALUE)* flag* ["master" BRIDGE] [STATE]
    flag  = "self" | "router" | "extern_learn" | "offload" | "sticky" | "locked" | "master"

``dst`` of a VXLAN device is the remote tunnel end; the MAC of zeros is where it floods. A learned
entry has no state. Printer: iproute2 bridge/fdb.c print_fdb.
"""

import re
from dataclasses import dataclass

from ..source import Source, Span
from .base import MAC, Findings, Format, Kind, Parsed, Record, as_number, first_line, is_address
from .command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class FdbEntry(Record):
    """An entry. ``state`` None: learned; ``properties``: the other keys as printed."""

    mac: str
    dev: str | None = None
    dst: str | None = None
    vlan: int | None = None
    master: str | None = None
    state: str | None = None
    flags: tuple[str, ...] = ()
    properties: dict[str, str]


_MAC = re.compile(rf"\s?(?P<mac>{MAC})(?=\s|$)")
_WORD = re.compile(r"\S+")
_STATE = re.compile(r"permanent|static|stale|state=0x[0-9a-f]+")
_FLAGS = {"self", "router", "extern_learn", "offload", "sticky", "locked", "added_by_ext_learn"}
_KEYS = {
    "dev", "dst", "vlan", "port", "vni", "src_vni", "via", "nhid", "link-netnsid", "used",
    "activity_notify", "age",
}  # fmt: skip
_MARKED = {"dev": Kind.DEVICE, "via": Kind.DEVICE, "vlan": Kind.VLAN, "vni": Kind.VLAN}


def parse(source: Source) -> Parsed:
    """Entries in the order of the capture."""
    found = Findings(source, FORMAT.name)
    for offset, line in found.lines():
        match = _MAC.match(line)
        if match is None:
            found.unknown_line(offset, line)
            continue
        found.mark_groups(match, offset, {"mac": Kind.MAC})
        found.records.append(_entry(found, offset, line, match))
    return found.parsed()


def _entry(found: Findings, offset: int, line: str, start: re.Match[str]) -> FdbEntry:
    values: dict[str, str] = {}
    flags: list[str] = []
    state = None
    words = list(_WORD.finditer(line, start.end()))
    index = 0
    while index < len(words):
        word = words[index]
        following = words[index + 1] if index + 1 < len(words) else None
        index += 1
        if _STATE.fullmatch(word[0]):
            state = word[0]
        elif word[0] in _FLAGS:
            flags.append(word[0])
        elif word[0] == "master" and (
            following is None or following[0] in _FLAGS or _STATE.fullmatch(following[0])
        ):
            flags.append(word[0])  # the entry is the master's, whose name was not asked for
        elif (word[0] in _KEYS or word[0] == "master") and following is not None:
            if following[0] == "ifindex" and index + 1 < len(words):
                index += 1
                following = words[index]
            index += 1
            values[word[0]] = following[0]
            kind = Kind.BRIDGE if word[0] == "master" else _MARKED.get(word[0])
            if word[0] == "dst" and is_address(following[0]):
                kind = Kind.ADDRESS
            if word[0] == "via" and following[0].isdecimal():
                kind = None  # "via ifindex 7": of another namespace
            if kind is not None:
                found.mark(offset + following.start(), following[0], kind)
        else:
            found.unknown_token(offset + word.start(), word[0])
    return FdbEntry(
        mac=start["mac"].lower(),
        dev=values.pop("dev", None),
        dst=values.pop("dst", None),
        vlan=as_number(values.pop("vlan", None)),
        master=values.pop("master", None),
        state=state,
        flags=tuple(flags),
        properties=values,
        span=Span(offset, found.line_end(offset)),
    )


def _prints(command: Command) -> bool:
    words = command.arguments
    listed = command.program == "bridge" and words[:1] == ("fdb",)
    shown = words[1:2] == () or "show".startswith(words[1]) or words[1] == "list"
    return listed and shown and not {"-j", "-json"} & set(command.options)


_LOOKS = re.compile(rf"{MAC} dev \S+ .*")


def _looks_like(source: Source) -> bool:
    first = first_line(source)
    return bool(_LOOKS.fullmatch(first))


FORMAT = Format(
    name="bridge_fdb",
    title="MAC addresses of Linux bridges (bridge fdb)",
    parse=parse,
    command=_prints,
    detect=_looks_like,
    hint=re.compile(r"fdb"),
)
