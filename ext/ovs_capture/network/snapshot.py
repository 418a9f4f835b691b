"""Which captures count: where each was taken, and which of several shows the state.

The snapshot rule (CORRELATION.md). One host directory is one host at one time; tags, ofports and
ifindexes are joined only inside it. Of two captures of one thing the last in natural order of file
names is the state, the others are history; where only the form differs, the one that says most is
used.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from ..formats.command import Command, ip_object
from ..formats.ovs_ofctl_dump_flows import FlowHeader
from ..formats.reading import Capture
from ..openflow.flow import Flow
from .model import Evidence
from .naming import api_programs
from .pool import having

R = TypeVar("R")

# Filters that pass every line on.
_WHOLE_FILTERS = {"cat", "less", "more", "tee", "sort", "nl", "column"}
# Options of ovs-ofctl(8) that take a value as a word of its own.
_OFCTL_WITH_VALUE = {"-O", "-F", "-P", "-t", "-v"}


class Place(NamedTuple):
    """Where a command ran: ``namespace`` of the host, ``ssh`` target, ``inner`` namespace there."""

    namespace: str | None = None
    ssh: str | None = None
    inner: str | None = None

    @property
    def root(self) -> bool:
        return self == Place()


def place_of(capture: Capture) -> Place:
    """Behind ssh, ``ip netns exec`` names a namespace inside the guest."""
    command = capture.command
    if command is None:
        return Place()
    if command.ssh is not None:
        return Place(ssh=command.ssh, inner=command.namespace)
    return Place(namespace=command.namespace)


def asks_a_service(capture: Capture) -> bool:
    """An API's answer, which says nothing of the host it was asked from."""
    if capture.command is not None:
        return capture.command.program in api_programs()
    return capture.format.name.startswith(("openstack", "ovn_"))


def shows_root(capture: Capture) -> bool:
    """Was this captured in the host's root namespace?"""
    if not place_of(capture).root or asks_a_service(capture):
        return False
    return capture.command is not None or bool(capture.reading.classes)


def is_whole(capture: Capture) -> bool:
    """Does the capture show all there was, so that absence proves something?"""
    if capture.parsed.elided:
        return False
    command = capture.command
    if command is None:
        return True
    if any(
        stage.split()[:1] and stage.split()[0] not in _WHOLE_FILTERS for stage in command.filters
    ):
        return False
    return not _selects(command)


def _selects(command: Command) -> bool:
    """Does an ``ip`` command name the devices it wants?"""
    if ip_object(command) is None:
        return False
    words = list(command.words[1:])
    if {"-4", "-6"} & set(words):
        return True
    words = [word for word in words if not word.startswith("-")]
    rest = words[1:]
    if (rest and "show".startswith(rest[0])) or rest[:1] in (["list"], ["lst"], ["ls"]):
        rest = rest[1:]
    return bool(rest)


def facts(captures: Iterable[Capture], kind: type[R]) -> Iterator[tuple[R, Evidence]]:
    """Every record of one class, with its evidence, in order of the captures."""
    for capture in having(captures, kind):
        if not capture.has(kind):
            continue
        for record in capture.parsed.records:
            if isinstance(record, kind):
                yield record, Evidence(capture, record.span)


@dataclass(frozen=True)
class FlowDump:
    """The flows of a bridge that show its state. ``history``: other dumps of it, oldest first."""

    bridge: str
    flows: tuple[tuple[Flow, Evidence], ...]
    captures: tuple[Capture, ...]
    history: tuple[Capture, ...] = ()


def dumped_bridge(capture: Capture, bridges: Sequence[str] = ()) -> str | None:
    """The bridge whose flows a capture holds: by its command, else by its file's name."""
    if not capture.has(Flow):
        command_only = capture.command is not None and "dump-flows" in " ".join(
            capture.command.words
        )
        if not command_only:
            return None
    if capture.command is not None:
        return _bridge_word(capture.command)
    stem = capture.source.name.rsplit("/", 1)[-1].removesuffix(".gz").removesuffix(".txt")
    named = [name for name in bridges if stem == name or stem.endswith("-" + name)]
    return max(named, key=len, default=None)


def _bridge_word(command: Command) -> str | None:
    return next(iter(_dump_words(command)), None)


def _dump_words(command: Command) -> list[str]:
    """The bridge, then what selects flows: the words after ``dump-flows`` that are no options."""
    words = list(command.words)
    while words and not words[0].endswith("dump-flows"):
        words.pop(0)
    found: list[str] = []
    rest = iter(words[1:])
    for word in rest:
        if word in _OFCTL_WITH_VALUE:
            next(rest, None)
        elif not word.startswith("-"):
            found.append(word)
    return found


def flow_dumps(captures: Sequence[Capture], bridges: Sequence[str] = ()) -> dict[str, FlowDump]:
    """The dump of each bridge that counts; partial dumps only where there is no whole one."""
    by_bridge: dict[str, list[Capture]] = {}
    for capture in captures:
        if not place_of(capture).ssh and (bridge := dumped_bridge(capture, bridges)):
            by_bridge.setdefault(bridge, []).append(capture)
    return {bridge: _state(bridge, found) for bridge, found in by_bridge.items()}


def _state(bridge: str, captures: list[Capture]) -> FlowDump:
    whole = [capture for capture in captures if dumps_all(capture)]
    chosen: tuple[Capture, ...] = tuple(captures)
    if whole:
        last = whole[-1]
        # What a dump says is dear to tell, and of one dump no matter.
        same = whole[-1:]
        if len(whole) > 1:
            content = _content(last)
            same = [capture for capture in whole if _content(capture) == content]
        # max returns the first of equals: turned round, the last of two dumps that say as much.
        chosen = (max(reversed(same), key=_says) if len(same) > 1 else last,)
    flows = tuple(fact for fact in facts(chosen, Flow))
    history = tuple(c for c in captures if not any(c is one for one in chosen))
    return FlowDump(bridge, flows, chosen, history)


def dumps_all(capture: Capture) -> bool:
    """Does the command ask for all flows of its bridge, and the capture show them?"""
    if not is_whole(capture):
        return False
    return capture.command is None or len(_dump_words(capture.command)) < 2


def _content(capture: Capture) -> tuple[object, ...]:
    """What a dump says whatever its form: tables, priorities and matches, ports aside."""
    return tuple(
        sorted(
            (
                flow.table,
                flow.priority,
                tuple(
                    sorted(
                        (c.field, c.value or "", c.mask or "")
                        for c in flow.match.clauses
                        if c.field != "in_port"
                    )
                ),
            )
            for flow in capture.parsed.records
            if isinstance(flow, Flow)
        )
    )


def _says(capture: Capture) -> tuple[int, bool, bool]:
    """How much a form says: OpenFlow version, then names, then statistics."""
    command = capture.command.text if capture.command else ""
    version = max((int(v) for v in re.findall(r"OpenFlow(1\d)", command)), default=10)
    for header, _ in facts((capture,), FlowHeader):
        if header.version:
            version = max(version, int(re.sub(r"\D", "", header.version) or 10))
    flows = [flow for flow, _ in facts((capture,), Flow)]
    ports = [c.value or "" for flow in flows for c in flow.match.clauses if c.field == "in_port"]
    return (
        version,
        any(not port.isdecimal() for port in ports),
        any(flow.n_packets is not None for flow in flows),
    )
