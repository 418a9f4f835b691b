"""Actions that say where to go on: tables, groups, clones, action sets; those without effect."""

from collections.abc import Sequence

from ..openflow.values import decimal
from . import packet as p
from .draft import EventDraft, remark
from .program import Op
from .result import AssumptionCode, RemarkCode
from .run import SAME_TABLE, Run, in_order
from .sending import IN_PORT


def resubmit(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    if op.number is None:
        remark(event, RemarkCode.PORT_UNKNOWN, port=op.action.arguments.get("port", ""))
        run.draft.unknown = True
        return
    run.look_up(
        run.table if op.value == SAME_TABLE else op.value,
        "resubmit",
        event,
        run.flow["in_port"] if op.number == IN_PORT else op.number,
        by_original="ct" in op.action.arguments,
    )


def goto_table(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    if op.number is not None:
        run.look_up(op.number, "goto_table", event)


def clone(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    run.clone(op.inner, not rest)


def apply_actions(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    run.execute(op.inner)


def write_actions(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    run.action_set += op.inner


def clear_actions(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    run.action_set = []


def leave(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    run.exit = True


def nothing(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    """What changes neither the packet nor its way."""


def stop(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> bool:
    return True


def learn(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    assert run.step is not None
    run.draft.assume(
        AssumptionCode.LEARN, run.step.number, table=op.action.arguments.get("table", "1")
    )


def meter(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    run.emit("meter(0)")


def set_queue(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    run.flow["skb_priority"] = op.number or 0


def pop_queue(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    run.flow["skb_priority"] = 0


def debug_recirc(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    run.freeze()


def sample(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    assert run.step is not None
    run.draft.assume(AssumptionCode.SAMPLED, run.step.number)


def check_pkt_larger(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> bool:
    """Both ways are gone, as the real trace does: nobody says how long the packet is."""
    if op.target is None:
        return False
    assert run.step is not None
    if rest:
        run.draft.assume(AssumptionCode.PACKET_LENGTH, run.step.number, length=str(op.number))
    name, bit = op.target.field, 1 << op.target.start
    run.commit()
    kept, left = run.kept(), run.exit
    stack, action_set = list(run.stack), list(run.action_set)
    branches = []
    ends, run.ends = run.ends, True
    for value in (bit, 0):
        p.put(run.flow, name, value, bit)
        outer, run.datapath = run.datapath, []
        run.execute(rest, True)
        run.end()
        branches.append(",".join(run.datapath))
        run.datapath = outer
        run.restore(kept)
        kept = run.kept()
        run.stack, run.action_set = list(stack), list(action_set)
        run.exit = left
    run.ends = ends
    larger, others = (branch or "drop" for branch in branches)
    run.emit(f"check_pkt_len(size={op.number},gt({larger}),le({others}))")
    return True


# Groups


def group(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> bool | None:
    bridge = run.bridge
    assert run.step is not None
    found = bridge.groups.get(op.number if op.number is not None else -1)
    if found is None:
        remark(event, RemarkCode.GROUP_MISSING, group=str(op.number))
        if not bridge.has_groups:
            run.draft.unknown = True
            run.draft.assume(AssumptionCode.NO_GROUP, run.step.number, bridge=bridge.name)
        return None
    buckets = [bridge.program(bucket.actions) for bucket in found.buckets]
    if found.type == "all":
        ends = run.ends
        for number in range(len(buckets)):
            run.ends = ends and number == len(buckets) - 1
            _bucket(run, event, number, buckets[number])
        run.ends = ends
        return None
    live = [
        number
        for number, bucket in enumerate(found.buckets)
        if _is_live(run, bucket.parameters, depth=0) and bucket.parameters.get("weight") != "0"
    ]
    if found.type == "indirect":
        live = [0] if buckets else []
    if not live:
        return None
    if found.type in ("ff", "fast_failover"):
        run.draft.assume(AssumptionCode.LIVENESS, run.step.number)
        _bucket(run, event, live[0], buckets[live[0]])
        return None
    if found.type == "select" and len(live) > 1:
        run.draft.assume(AssumptionCode.HASH, run.step.number, what=op.text, bridge=bridge.name)
        if found.properties.get("selection_method") != "hash":
            # The datapath computes the hash, and the packet comes back with it.
            is_symmetric = "selection_method" not in found.properties
            run.commit()
            run.emit(f"hash({'sym_l4' if is_symmetric else 'l4'}(0))")
            run.draft.unknown = True
            run.freeze()
            return None
    _bucket(run, event, live[0], buckets[live[0]])
    return None


def _is_live(run: Run, parameters: dict[str, str], depth: int) -> bool:
    port = parameters.get("watch_port", "any")
    if port not in ("any", "ANY", "-1", "4294967295"):
        number = decimal(port)
        if number is None:
            number = run.bridge.numbers.get(port.strip('"'))
        found = run.bridge.by_number.get(number if number is not None else -1)
        return found is not None and found.is_up
    watched = decimal(parameters.get("watch_group", "any"))
    if watched is not None:
        group = run.bridge.groups.get(watched)
        return (
            group is not None
            and depth < 8
            and any(_is_live(run, bucket.parameters, depth + 1) for bucket in group.buckets)
        )
    return True


def _bucket(run: Run, event: EventDraft, number: int, ops: Sequence[Op]) -> None:
    """A bucket is an action set of its own, done on a copy."""
    remark(event, RemarkCode.BUCKET, bucket=str(number))
    flow, was_mpls = run.flow.copy(), run.was_mpls
    if run.depth >= 64:
        run.failed = run.draft.looped = True
        return
    run.depth += 1
    run.execute(in_order(ops))
    run.depth -= 1
    if run.freezing:
        run.finish_freezing()
    run.flow, run.was_mpls = flow, was_mpls
    run.exit = False
