"""One packet going through a switch: the state that actions work on, and the walk itself.

Lives here: look-ups, recursion and its limits, what happens when a list of actions ends
(ofproto/ofproto-dpif-xlate.c). What each action does is in the rooms of ``handlers``.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from . import packet as p
from .commit import commit
from .draft import Draft, EventDraft, StepDraft, remark
from .packet import Packet
from .packet_text import write_packet, write_value
from .program import Op
from .result import AssumptionCode, Change, Effect, Pass, RemarkCode, Via
from .switch import Bridge, Switch
from .tables import Hit
from .tunnels import Outer

MAX_DEPTH = 64
MAX_RESUBMITS = MAX_DEPTH * MAX_DEPTH
MAX_STACK = 65536
SAME_TABLE = 255
# Each pass may start others; a switch would go on for ever.
MAX_PASSES = 64
# Nothing in a real switch takes as many: the datapath's actions would exceed 64 kB.
MAX_ACTIONS = 4096

# Python's own calls for one look-up, with an allowance for actions inside of actions.
CALLS_A_LOOK_UP = 8

Handler = Callable[["Run", Op, EventDraft, Sequence[Op]], bool | None]


@contextmanager
def deep_calls() -> Iterator[None]:
    """Let a walk go as deep as a switch does; Python stops at a thousand calls.

    A table that goes on to the next is a call inside a call, for a switch as for us: a real one
    allows ``MAX_RESUBMITS``. Python's calls of its own functions do not use the stack of C.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, MAX_RESUBMITS * CALLS_A_LOOK_UP))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@dataclass(frozen=True, slots=True)
class Resumption:
    """A packet on its way back from the connection tracker."""

    packet: Packet
    bridge: Bridge
    table: int
    recirculation: int
    step: int
    stack: tuple[int, ...]
    action_set: tuple[Op, ...]
    event: EventDraft


@dataclass(slots=True)
class State:
    """What a clone must put back."""

    flow: Packet
    base: Packet
    tunnel: str
    conntracked: bool
    was_mpls: bool


@dataclass(eq=False)
class Run:
    """One pass. ``flow``: the packet as the flows see it; ``base``: as the datapath has it.

    ``carrier``: what the packet is inside of, once the switch has put it into a tunnel.
    ``ends``: what is executed now is the last thing done to the packet.
    """

    switch: Switch
    draft: Draft
    handlers: dict[str, Handler]
    pass_number: int
    bridge: Bridge
    flow: Packet
    base: Packet
    recirculations: list[int]
    queue: deque[Resumption]
    conntracked: bool = False
    table: int = 0
    depth: int = 0
    resubmits: int = 0
    cookie: str = "0"
    traced_bridge: str | None = None
    stack: list[int] = field(default_factory=list)
    action_set: list[Op] = field(default_factory=list)
    touched: dict[str, int] = field(default_factory=dict)
    datapath: list[str] = field(default_factory=list)
    actions: int = 0
    tunnel: str = ""
    was_mpls: bool = False
    carrier: Outer | None = None
    ends: bool = True
    exit: bool = False
    freezing: bool = False
    failed: bool = False
    step: StepDraft | None = None
    nat: Op | None = None
    sent: list[tuple[EventDraft, Effect]] = field(default_factory=list)

    # The walk

    def look_up(
        self,
        table: int,
        via: Via,
        event: EventDraft | None = None,
        in_port: int | None = None,
        *,
        by_original: bool = False,
        walk: "Callable[[Run, Sequence[Op], bool], None] | None" = None,
        is_last: bool = False,
    ) -> None:
        """Go on in a table: find the flow and do what it says."""
        if self.was_mpls:
            self.freeze()
            return
        if not self._may_go_on(event):
            return
        flow = self.flow
        if by_original:
            if not flow["ct_nw_proto"] or not p.is_ip(flow):
                if event:
                    remark(event, RemarkCode.NOT_TRACKED)
                self.failed = True
                return
            _swap_tuple(flow)
        hit = self._find(table, flow["in_port"] if in_port is None else in_port)
        if by_original:
            _swap_tuple(flow)
        step = self._step(table, via, event, hit)
        deepens = table <= self.table or via in ("patch", "tunnel")
        before = self.table, self.step, self.cookie
        self.table, self.step = table, step
        self.depth += deepens
        self.resubmits += 1
        if hit.entry is not None:
            self.cookie = hit.entry.flow.cookie or "0"
            self._touch(hit)
            program = self.bridge.program(hit.entry.flow.actions)
            (walk or Run.execute)(self, program, is_last)
        self.depth -= deepens
        self.table, self.step, self.cookie = before

    def _may_go_on(self, event: EventDraft | None) -> bool:
        if self.depth >= MAX_DEPTH:
            code = RemarkCode.TOO_DEEP
        elif self.resubmits >= MAX_RESUBMITS:
            code = RemarkCode.TOO_MANY
        elif len(self.stack) * 128 >= MAX_STACK:
            code = RemarkCode.STACK_UNDERFLOW
        elif len(self.datapath) > MAX_ACTIONS:
            self.exit = True
            return False
        else:
            return True
        if event:
            remark(event, code)
        self.failed = self.draft.looped = True
        return False

    def _find(self, table: int, in_port: int) -> Hit:
        found = self.bridge.tables.get(table)
        if found is None:
            return Hit(None)
        flow = self.flow
        kept = flow["in_port"]
        flow["in_port"] = in_port
        if flow["nw_frag"] & p.FRAGMENT:
            ends = flow["tp_src"], flow["tp_dst"]
            flow["tp_src"] = flow["tp_dst"] = 0
            hit = found.look_up(flow)
            flow["tp_src"], flow["tp_dst"] = ends
        else:
            hit = found.look_up(flow)
        flow["in_port"] = kept
        return hit

    def _step(self, table: int, via: Via, event: EventDraft | None, hit: Hit) -> StepDraft:
        number = len(self.draft.steps)
        place: tuple[str | None, int | None, str | None] = (None, None, None)
        if hit.entry is not None:
            place = self.switch.place_of(hit.entry)
        step = StepDraft(
            number,
            self.step.number if self.step and event else None,
            self.pass_number,
            via,
            self.bridge.name,
            self.bridge.port_name(self.flow["in_port"]),
            table,
            hit.entry.flow if hit.entry else None,
            place[0],
            place[1],
            place[2],
            self.traced_bridge or self.bridge.name,
            tuple(entry.flow for entry in hit.rivals),
        )
        self.draft.steps.append(step)
        if event:
            event.children.append(number)
        self._assume_of_table(table, hit, step)
        return step

    def _assume_of_table(self, table: int, hit: Hit, step: StepDraft) -> None:
        bridge, assume = self.bridge, self.draft.assume
        if bridge.dump is None:
            self.draft.unknown = True
            assume(AssumptionCode.NO_FLOWS, step.number, bridge=bridge.name)
            return
        if not bridge.is_whole and hit.entry is None:
            self.draft.unknown = True
            assume(AssumptionCode.PARTIAL_DUMP, step.number, bridge=bridge.name)
        if hit.rivals and hit.entry:
            assume(
                AssumptionCode.EQUAL_PRIORITY,
                step.number,
                bridge=bridge.name,
                table=str(table),
                priority=str(hit.entry.priority),
                flows=str(len(hit.rivals) + 1),
            )
        found = bridge.tables.get(table)
        if found is not None and found.unread:
            assume(
                AssumptionCode.NOT_READ,
                None,
                bridge=bridge.name,
                table=str(table),
                flows=str(len(found.unread)),
            )

    def _touch(self, hit: Hit) -> None:
        """Bits that a flow tests are bits that the switch has read."""
        assert hit.entry is not None
        for name, mask in hit.entry.masks:
            self.touched[name] = self.touched.get(name, 0) | mask

    def execute(self, ops: Sequence[Op], is_last: bool = False) -> None:
        """Do a list of actions, as events of the present step."""
        ends = self.ends
        self._execute(ops, ends=ends)
        self.ends = ends

    def _execute(self, ops: Sequence[Op], *, ends: bool) -> None:
        step = self.step
        assert step is not None
        for at, op in enumerate(ops):
            if self.failed:
                return
            if self.exit:
                return
            event = EventDraft(op.text)
            step.events.append(event)
            self.ends = ends and at == len(ops) - 1 and not self.action_set
            handler = self.handlers.get(op.kind)
            if handler is None:
                self.draft.unknown = True
                self.draft.assume(AssumptionCode.NOT_READ, step.number, action=op.text)
                continue
            if self.was_mpls and _needs_reparse(op):
                self.freeze()
                continue
            if handler(self, op, event, ops[at + 1 :]):
                return

    def clone(self, ops: Sequence[Op], is_last: bool = False) -> None:
        """Do a list on a copy; what came of it counts, what it did to the packet does not."""
        stack, action_set = list(self.stack), self.action_set
        self.action_set = []
        flow = self.flow.copy()
        if is_last or all(_is_reversible(op) for op in ops):
            self._to_the_end(ops)
        else:
            self.commit()
            kept = self.kept()
            outer, self.datapath = self.datapath, []
            ends, self.ends = self.ends, True
            self._to_the_end(ops)
            inner, self.datapath = self.datapath, outer
            self.ends = ends
            if inner:
                self.datapath.append(f"clone({','.join(inner)})")
            self.restore(kept)
        self.stack, self.action_set = stack, action_set
        self.flow = flow

    def _to_the_end(self, ops: Sequence[Op]) -> None:
        self.execute(ops, True)
        self.end()

    def end(self) -> None:
        """After the last action: the action set, or what waits for recirculation."""
        if not self.freezing and not self.failed:
            self.run_action_set()
        if self.freezing:
            self.finish_freezing()

    def run_action_set(self) -> None:
        ops, self.action_set = in_order(self.action_set), []
        if ops and not self.exit:
            ends, self.ends = self.ends, True
            self.execute(ops, True)
            self.ends = ends

    # Freezing

    def freeze(self) -> None:
        """The datapath must look at the packet again: nothing more happens in this pass."""
        self.exit = self.freezing = True

    def finish_freezing(self) -> int:
        self.freezing = False
        self.commit()
        number = self.recirculations[0] = self.recirculations[0] + 1
        self.emit(f"recirc({number:#x})")
        return number

    # The packet

    def write(self, event: EventDraft, name: str, value: int, mask: int) -> None:
        """Write a field, and tell what changed."""
        before = p.get(self.flow, name)
        p.put(self.flow, name, value, mask)
        after = p.get(self.flow, name)
        for entry, _, bits in p.spread(name, -1 & mask, mask):
            self.touched[entry] = self.touched.get(entry, 0) | bits
        if before != after:
            event.changes.append(Change(name, self.text(name, before), self.text(name, after)))

    def text(self, name: str, value: int) -> str:
        if name in ("in_port", "in_port_oxm"):
            return self.bridge.port_name(value)
        return write_value(name, value)

    def kept(self) -> State:
        return State(
            self.flow.copy(), self.base.copy(), self.tunnel, self.conntracked, self.was_mpls
        )

    def restore(self, state: State) -> None:
        self.flow, self.base = state.flow, state.base
        self.tunnel, self.conntracked = state.tunnel, state.conntracked
        self.was_mpls = state.was_mpls

    def forget_tracking(self) -> None:
        for name in p.TRACKING:
            self.flow[name] = 0
        self.conntracked = False

    # The datapath

    def commit(self) -> None:
        self.datapath += commit(self.flow, self.base, self.touched)

    def emit(self, action: str) -> None:
        self.datapath.append(action)

    def report(self, event: EventDraft, effect: Effect) -> None:
        """An effect counts unless the whole pass fails."""
        self.sent.append((event, effect))

    def written(self) -> str:
        return write_packet(self.flow, self.bridge.names)

    def _open_last_clone(self) -> None:
        """The switch tells the datapath to copy for a tunnel only where more follows."""
        if self.datapath and self.datapath[-1].startswith("clone(tnl_push("):
            self.datapath[-1] = self.datapath[-1].removeprefix("clone(")[:-1]

    def finished_pass(
        self, start: str, table: int, resumed: int | None, state: str | None, *, assumed: bool
    ) -> Pass:
        if self.failed:
            self.datapath = []
        else:
            self._open_last_clone()
            for event, effect in self.sent:
                event.effects.append(effect)
                self.draft.effects.append(effect)
        return Pass(
            self.pass_number,
            resumed,
            table,
            state,
            assumed,
            start,
            self.written(),
            ",".join(self.datapath) or "drop",
        )


def _swap_tuple(flow: Packet) -> None:
    """The headers of the packet for those of the connection's first packet, or back."""
    pairs = [("nw_proto", "ct_nw_proto"), ("tp_src", "ct_tp_src"), ("tp_dst", "ct_tp_dst")]
    if flow["eth_type"] == p.IPV4:
        pairs += [("nw_src", "ct_nw_src"), ("nw_dst", "ct_nw_dst")]
    else:
        pairs += [("ipv6_src", "ct_ipv6_src"), ("ipv6_dst", "ct_ipv6_dst")]
    for one, other in pairs:
        flow[one], flow[other] = flow[other], flow[one]


# Actions whose effect on the packet cannot be taken back in the datapath.
_IRREVERSIBLE = frozenset({"ct", "meter", "nat", "encap", "decap", "dec_nsh_ttl"})


def _is_reversible(op: Op) -> bool:
    if op.kind in _IRREVERSIBLE:
        return False
    return not (op.kind == "output" and "max_len" in op.action.arguments)


# What needs the headers behind a popped MPLS label, which the datapath has not read.
_NEEDS_HEADERS = frozenset({"ct", "dec_ttl", "mod_nw_tos", "push_mpls", "pop_mpls", "dec_mpls_ttl"})
_LAYER_2 = ("eth_", "vlan", "dl_vlan", "reg", "xreg", "xxreg", "metadata", "tun_", "pkt_mark",
            "in_port", "ct_", "mpls", "packet_type")  # fmt: skip


def _needs_reparse(op: Op) -> bool:
    if op.kind in _NEEDS_HEADERS:
        return True
    bits = [bits for bits in (op.target, op.source) if bits]
    return any(not one.field.startswith(_LAYER_2) for one in bits)


# ovs-actions(7), write_actions: what is done in which order; each of these once, the last given.
_FIRST = ("strip_vlan", "pop_mpls", "decap", "encap", "push_mpls", "push_vlan", "dec_ttl",
          "dec_mpls_ttl", "dec_nsh_ttl")  # fmt: skip
_FINAL = (("group",), ("ct",), ("resubmit",), ("output", "output_reg"))
_MANY = frozenset({"write", "move", "mod_vlan_vid", "set_vlan_vid", "mod_vlan_pcp", "set_vlan_pcp",
                   "mod_nw_tos", "delete_field", "load"})  # fmt: skip


def in_order(ops: Iterable[Op]) -> list[Op]:
    """An action set as it is executed; () when nothing in it sends the packet anywhere."""
    ops = list(ops)
    final: Op | None = None
    for kinds in _FINAL:
        found = [op for op in ops if op.kind in kinds]
        if found:
            final = found[-1]
            break
    if final is None:
        return []
    ordered = []
    for kind in _FIRST:
        found = [op for op in ops if op.kind == kind]
        ordered += found[-1:]
    ordered += [op for op in ops if op.kind in _MANY]
    queues = [op for op in ops if op.kind == "set_queue"]
    return [*ordered, *queues[-1:], final]
