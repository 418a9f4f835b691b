"""The way of one packet through logical flows, as data.

Lives here: frozen records and no words; ``explain.logical_traces`` has the wording. A trace is a
flat tuple of steps in the order in which ``ovn-trace`` takes them. A step belongs to a *section*: a
pipeline of a datapath, or a copy of the packet (``ct_lb``, ``clone``, ``arp``) that goes its own
way. ``Section.parent`` is the step whose action opened it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from ...logical.flow import LogicalFlow, Pipeline
from ..result import Change

SectionKind = Literal["ingress", "egress", "multicast", "copy"]


class AssumptionCode(Enum):
    """What a capture cannot tell, and the trace takes for granted."""

    CT_STATE = "ct-state-assumed"
    CT_FROM_OPTION = "ct-state-given"
    UNNAT = "no-connection-to-translate-back"
    BACKEND = "backend-chosen"
    NO_BACKEND = "backend-unknown"
    MEMBER = "select-chosen"
    NO_BINDINGS = "no-port-bindings-captured"
    NO_GROUPS = "multicast-group-not-captured"
    SET_UNKNOWN = "set-not-captured"
    NO_MAC_BINDINGS = "no-mac-bindings-captured"
    NO_FDB = "no-fdb-captured"
    PORT_SECURITY = "port-security-not-captured"
    OPTIONS = "client-assumed"
    NO_DNS = "dns-not-answered"
    PACKET_LENGTH = "packet-length"
    NOT_SIMULATED = "not-simulated"
    EQUAL_PRIORITY = "equal-priority"
    NOT_READ = "not-read"


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing assumed. ``step``: the number of the step in which it first was."""

    code: AssumptionCode
    args: Mapping[str, str] = field(default_factory=dict)
    step: int | None = None


class RemarkCode(Enum):
    """What came of an action."""

    NULL_PORT = "output-to-no-port"
    UNKNOWN_PORT = "output-to-unknown-port"
    TO_INPORT = "output-to-inport"
    DISTRIBUTED = "distributed-port"
    NO_DISTRIBUTED = "no-distributed-port"
    MAC_BINDING = "mac-binding"
    NO_MAC_BINDING = "no-mac-binding"
    TTL_EXPIRED = "ttl-expired"
    NOT_IP = "ttl-of-no-ip"
    NOT_ANSWERED = "rejected-already"
    NOT_APPLICABLE = "not-applicable"
    PEER = "peer-not-captured"
    HOP = "leaves-the-logical-network"


@dataclass(frozen=True, slots=True)
class Remark:
    code: RemarkCode
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """A copy that leaves by a port. ``type``: of its binding, None where that was not captured."""

    datapath: str
    port: str
    type: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """A pipeline, a multicast group's copies, or a copy of the packet.

    ``action``: of a copy the name of the action (``ct_lb``). ``ct_state``: what the connection
    tracker is taken to find (``est|trk``), ``assumed`` when no option said it.
    """

    number: int
    kind: SectionKind
    parent: int | None
    datapath: str
    inport: str
    outport: str
    action: str = ""
    ct_state: str | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One executed action. ``depth``: how many blocks it is in. ``sections``: that it opened."""

    text: str
    depth: int = 0
    changes: tuple[Change, ...] = ()
    remarks: tuple[Remark, ...] = ()
    effects: tuple[Effect, ...] = ()
    sections: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One look-up in one table.

    ``number``: the index in ``Trace.steps``. ``flow``: None when none matched. ``stage``: of the
    flow, else of the table where any flow tells it. ``is_default``: ``ovn-trace`` does not print
    it, because it matches every packet and only goes to the next table.
    """

    number: int
    section: int
    datapath: str
    pipeline: Pipeline
    stage: str
    table: int
    flow: LogicalFlow | None
    file: str | None
    line: int | None
    text: str | None
    events: tuple[Event, ...]
    rivals: tuple[LogicalFlow, ...] = ()
    is_default: bool = False

    @property
    def priority(self) -> int | None:
        return None if self.flow is None else self.flow.priority


VerdictKind = Literal["output", "drop", "loop", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``ports``: names of the ports that the packet leaves by, sorted, once each.

    ``dropped_in``: datapath and stage of the last step, when the kind is ``drop``.
    """

    kind: VerdictKind
    ports: tuple[str, ...] = ()
    dropped_in: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole way. ``packet`` and ``final``: as a microflow; ``final``: of the last copy."""

    packet: str
    sections: tuple[Section, ...]
    steps: tuple[Step, ...]
    verdict: Verdict
    final: str
    effects: tuple[Effect, ...]
    assumptions: tuple[Assumption, ...]
