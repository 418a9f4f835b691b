"""The way of one packet, as data: what a trace finds and what the page and the command tell.

Lives here: frozen records and no words; ``explain.traces`` has the wording of ``Assumption`` and
``Remark``. A trace is a flat tuple of steps in the order in which the switch takes them. What is
inside of what is told by ``Step.parent``; what happens in a step, in its order, by ``Step.events``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from ..openflow.flow import Flow

# How a step was reached. ``first``: the packet arrives, or is resumed after recirculation;
# ``tunnel``: inside an outer packet, by the own port of the bridge that has the tunnel's route.
Via = Literal["first", "resubmit", "goto_table", "table", "patch", "tunnel", "controller"]


class AssumptionCode(Enum):
    """What a capture cannot tell, and the trace takes for granted."""

    CT_STATE = "ct-state-assumed"
    CT_FROM_OPTION = "ct-state-given"
    NAT = "nat-simulated"
    EQUAL_PRIORITY = "equal-priority"
    FLOODED = "flooded-unlearned"
    NO_FDB = "no-fdb-captured"
    NO_VSCTL_SHOW = "no-ports-captured"
    NO_FLOWS = "no-flows-captured"
    UNKNOWN_PORT = "unknown-port"
    HASH = "hash-unknown"
    LIVENESS = "liveness-assumed"
    LEARN = "learn-not-stored"
    PACKET_LENGTH = "packet-length"
    SAMPLED = "sampled"
    NO_GROUP = "no-groups-captured"
    OPENFLOW10 = "openflow10-dump"
    NOT_READ = "not-read"
    PARTIAL_DUMP = "partial-dump"


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing assumed. ``step``: the number of the step in which, None: the whole trace."""

    code: AssumptionCode
    args: Mapping[str, str] = field(default_factory=dict)
    step: int | None = None


class RemarkCode(Enum):
    """Why something in a step did not do what one would expect, and what NORMAL decided."""

    IN_PORT_DROPPED = "output-to-in-port"
    PORT_UNKNOWN = "port-unknown"
    TTL_EXPIRED = "ttl-expired"
    TOO_DEEP = "too-deep"
    TOO_MANY = "too-many-resubmits"
    NOT_TRACKED = "resubmit-ct-not-tracked"
    STACK_UNDERFLOW = "stack-underflow"
    NOT_APPLICABLE = "not-applicable"
    NORMAL_LEARNED = "normal-learned"
    NORMAL_FLOOD = "normal-flood"
    NORMAL_LOOP = "normal-same-port"
    NORMAL_VLAN = "normal-bad-vlan"
    NORMAL_RESERVED = "normal-reserved-address"
    GROUP_MISSING = "group-missing"
    BUCKET = "bucket-chosen"
    FORK = "recirculation"
    TUNNEL_UNKNOWN = "tunnel-destination-unknown"
    TUNNEL_NO_ROUTE = "tunnel-without-route"
    TUNNEL_NO_NEIGHBOUR = "tunnel-without-neighbour"


@dataclass(frozen=True, slots=True)
class Remark:
    code: RemarkCode
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A field of the packet that an action changed; values in the field's own format.

    ``before``, ``after`` None: the packet did not, or does no longer, have the field.
    """

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What reaches the world: a copy at a real port or at the controller, or another effect.

    ``kind``: ``output``, ``controller`` or ``other``. ``port``: the name of the real port,
    ``bridge``: the bridge that it is on. ``vlans``: tags of the copy, outermost first. ``tunnel``:
    key of a tunnelled copy, None when it has none; ``remote``: where the tunnel goes.
    ``datapath``: what the switch would tell its datapath to do, as ``ofproto/trace`` prints it.
    """

    kind: Literal["output", "controller", "other"]
    bridge: str
    port: str | None = None
    vlans: tuple[int, ...] = ()
    tunnel: int | None = None
    remote: str | None = None
    datapath: str = ""

    @property
    def place(self) -> str:
        """``NAME``, ``NAME vlan N`` or ``NAME tun N``; of two tags the outer one is told."""
        if self.tunnel is not None:
            return f"{self.port} tun {self.tunnel}"
        return f"{self.port} vlan {self.vlans[0]}" if self.vlans else f"{self.port}"


@dataclass(frozen=True, slots=True)
class Event:
    """One executed action of a step, and what came of it.

    ``text``: the action as printed; of a group's bucket or an action set, the inner action.
    ``children``: numbers of the steps that it led to at once. ``resumes``: the number of the pass
    that continues later (``ct(table=...)``).
    """

    text: str
    changes: tuple[Change, ...] = ()
    remarks: tuple[Remark, ...] = ()
    effects: tuple[Effect, ...] = ()
    children: tuple[int, ...] = ()
    resumes: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One look-up in one table.

    ``number``: from 0, the index in ``Trace.steps``. ``parent``: the step whose action led here,
    None for the first of a pass. ``pass_number``: 0, then one for each recirculation.
    ``in_port``: the name of the packet's input port then. ``flow``: the
    matched flow, None when none matched. ``traced_bridge``: the bridge that ofproto/trace names: of
    a packet that comes back, that where the trace began, whatever bridge it comes back to.
    ``file``, ``line``: where the capture has it; ``text``: the flow as captured. ``rivals``:
    other flows of the same priority that match as well.
    """

    number: int
    parent: int | None
    pass_number: int
    via: Via
    bridge: str
    in_port: str
    table: int
    flow: Flow | None
    file: str | None
    line: int | None
    text: str | None
    events: tuple[Event, ...]
    traced_bridge: str
    rivals: tuple[Flow, ...] = ()

    @property
    def priority(self) -> int | None:
        return None if self.flow is None else self.flow.priority

    @property
    def actions(self) -> tuple[str, ...]:
        """What was executed, as printed."""
        return tuple(event.text for event in self.events)

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(change for event in self.events for change in event.changes)


@dataclass(frozen=True, slots=True)
class Pass:
    """The packet arrives (number 0), or is resumed after its recirculation.

    ``resumed_from``: number of the step that sent it there. ``ct_state``: what the connection
    tracker is taken to find, ``assumed`` when no option said it. ``packet``, ``final``: the
    packet before and after, as flow text; ``datapath``: actions for the datapath.
    """

    number: int
    resumed_from: int | None
    table: int
    ct_state: str | None
    assumed: bool
    packet: str
    final: str
    datapath: str


VerdictKind = Literal["output", "controller", "drop", "loop", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``output`` when a copy leaves by a real port. ``ports``: ``Effect.place``, sorted, once each.

    ``dropped_in``: bridge and table of the last step, when the kind is ``drop``.
    """

    kind: VerdictKind
    ports: tuple[str, ...] = ()
    dropped_in: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole way. ``packet``: as it was read; ``final``: as it is at the end of the last
    pass."""

    packet: str
    steps: tuple[Step, ...]
    passes: tuple[Pass, ...]
    verdict: Verdict
    final: str
    effects: tuple[Effect, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def outs(self) -> tuple[Effect, ...]:
        """The copies that leave, each way out once.

        What a flood gives to a bridge's own port stays on the host, and counts only when that is
        all.
        """
        copies = {
            (effect.place, effect.remote): effect
            for effect in self.effects
            if effect.port is not None
        }
        found = tuple(effect for effect in copies.values() if effect.port != effect.bridge)
        return found or tuple(copies.values())

    @property
    def last_bridge(self) -> str:
        """The bridge of the first way out; where none is, of the last step."""
        bridges = [out.bridge for out in self.outs] or [step.bridge for step in self.steps[-1:]]
        return bridges[0] if bridges else ""

    def children(self, number: int) -> tuple[Step, ...]:
        """The steps that a step led to within its pass."""
        return tuple(step for step in self.steps if step.parent == number)
