"""Connection tracking: ``ct``, ``nat``, ``ct_clear``, and the packet's way back.

Lives here: what the real trace does without asking a connection tracker. The state that comes back
is what the caller says (``--ct-next``), ``trk|new`` when nothing is said.
"""

from collections.abc import Sequence

from ..openflow.values import decimal
from . import packet as p
from .draft import EventDraft, remark
from .packet import Packet
from .program import Op
from .result import AssumptionCode, RemarkCode
from .run import Resumption, Run


def ct(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    kept = run.touched.pop("ct_mark", 0), run.touched.pop("ct_label", 0)
    run.commit()
    run.nat = None
    assert run.step is not None
    events = run.step.events
    first = len(events)
    run.execute(op.inner)
    for inner in events[first:]:
        event.changes += inner.changes
    del events[first:]
    zone = op.value
    if op.source is not None:
        zone = p.get(run.flow, op.source.field) >> op.source.start & op.source.ones
    run.emit(_text(run, op, zone))
    run.touched["ct_mark"], run.touched["ct_label"] = kept
    if op.number is not None:
        run.conntracked = True
        _fork(run, op.number, zone, event)
    run.nat = None
    run.forget_tracking()


def _text(run: Run, op: Op, zone: int) -> str:
    arguments, parts = op.action.arguments, []
    if "force" in arguments:
        parts.append("force_commit")
    elif "commit" in arguments:
        parts.append("commit")
    if zone:
        parts.append(f"zone={zone}")
    if mask := run.touched.get("ct_mark", 0):
        parts.append(f"mark={_number(run.flow['ct_mark'] & mask)}/{mask:#x}")
    if mask := run.touched.get("ct_label", 0):
        told = f"label={_number(run.flow['ct_label'] & mask)}"
        parts.append(told if mask == (1 << 128) - 1 else f"{told}/{mask:#x}")
    if "alg" in arguments:
        parts.append(f"helper={arguments['alg']}")
    if run.nat is not None:
        parts.append(run.nat.text)
    return f"ct({','.join(parts)})" if parts else "ct"


def _number(value: int) -> str:
    return f"{value:#x}" if value else "0"


def nat(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    run.nat = op


def ct_clear(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    if run.conntracked:
        run.forget_tracking()
        run.emit("ct_clear")


def _fork(run: Run, table: int, zone: int, event: EventDraft) -> None:
    number = run.finish_freezing()
    packet = run.flow.copy()
    packet["recirc_id"] = number
    packet["ct_zone"] = zone
    if run.nat is not None:
        translate(packet, run.nat)
        run.draft.assume(AssumptionCode.NAT, run.step.number if run.step else None)
    assert run.step is not None
    resumption = Resumption(
        packet,
        run.bridge,
        table,
        number,
        run.step.number,
        tuple(run.stack),
        tuple(run.action_set),
        event,
    )
    run.queue.append(resumption)
    remark(event, RemarkCode.FORK, table=str(table), zone=str(zone))


def translate(packet: Packet, op: Op) -> None:
    """The first address and port of the range, as ofproto/trace simulates it."""
    arguments = op.action.arguments
    end = arguments.get("type")
    if end not in ("src", "dst"):
        return
    address = arguments.get("address", "").partition("-")[0]
    number = p.parse_number(address) if address else None
    if number is not None:
        packet[f"ipv6_{end}" if ":" in address else f"nw_{end}"] = number
    port = decimal(arguments.get("port", "").partition("-")[0])
    if port is not None:
        packet[f"tp_{end}"] = port
