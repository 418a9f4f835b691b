"""Actions that change the packet and nothing else: fields, stack, VLANs, labels, TTL, NSH."""

from collections.abc import Sequence

from . import mpls
from . import packet as p
from .draft import EventDraft, remark
from .program import Op
from .result import AssumptionCode, Change, Effect, RemarkCode
from .run import Run

_NSH_NEXT = {p.ETHERNET_PACKET: 3, 1 << 16 | p.IPV4: 1, 1 << 16 | p.IPV6: 2, p.NSH_PACKET: 4}
_INVALID_TTL = 2


def write(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    """``load``, ``set_field`` and their older forms; ignored when the packet lacks the field."""
    assert op.target is not None
    name = op.target.field
    if p.has(run.flow, name):
        run.write(event, name, op.value, op.mask)
    else:
        remark(event, RemarkCode.NOT_APPLICABLE, field=name)


def move(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    source, target = op.source, op.target
    if source is None or target is None:
        return
    if not p.has(run.flow, source.field) or not p.has(run.flow, target.field):
        remark(event, RemarkCode.NOT_APPLICABLE, field=target.field)
        return
    value = p.get(run.flow, source.field) >> source.start & source.ones
    for entry, _, bits in p.spread(source.field, -1, source.ones << source.start):
        run.touched[entry] = run.touched.get(entry, 0) | bits
    run.write(event, target.field, value << target.start, target.ones << target.start)


def push(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    if op.target is not None:
        run.stack.append(p.get(run.flow, op.target.field) >> op.target.start & op.target.ones)


def pop(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    if not run.stack:
        remark(event, RemarkCode.STACK_UNDERFLOW)
    elif op.target is not None:
        value = run.stack.pop() & op.target.ones
        run.write(
            event, op.target.field, value << op.target.start, op.target.ones << op.target.start
        )


def delete_field(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    name = op.action.arguments.get("field", "")
    if name.startswith("tun_metadata") and name[12:].isdecimal():
        run.flow[name] = 0
        run.flow["tun_options"] &= ~(1 << int(name[12:]))


def mod_nw_tos(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    if p.is_ip(run.flow):
        run.write(event, "nw_tos", op.number or 0, 0xFC)


# VLAN


def push_vlan(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    before = run.flow["vlan_tci"]
    _push_tag(run, op.number or p.VLAN, p.TAGGED)
    _changed_tag(run, event, before)


def _push_tag(run: Run, eth_type: int, tci: int) -> None:
    flow = run.flow
    flow["vlan_tci1"], flow["vlan_tpid1"] = flow["vlan_tci"], flow["vlan_tpid"]
    flow["vlan_tci"], flow["vlan_tpid"] = tci, eth_type


def strip_vlan(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    flow, before = run.flow, run.flow["vlan_tci"]
    flow["vlan_tci"], flow["vlan_tpid"] = flow["vlan_tci1"], flow["vlan_tpid1"]
    flow["vlan_tci1"] = flow["vlan_tpid1"] = 0
    _changed_tag(run, event, before)


def vlan_vid(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    """``mod_vlan_vid`` adds a tag where there is none, ``set_vlan_vid`` does not."""
    _set_tag(run, op, event, (op.number or 0) & p.VID, p.VID)


def vlan_pcp(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    _set_tag(run, op, event, ((op.number or 0) & 7) << p.PCP_SHIFT, 7 << p.PCP_SHIFT)


def _set_tag(run: Run, op: Op, event: EventDraft, bits: int, mask: int) -> None:
    flow, before = run.flow, run.flow["vlan_tci"]
    if not before & p.TAGGED:
        if not op.kind.startswith("mod_"):
            return
        _push_tag(run, p.VLAN, p.TAGGED)
    flow["vlan_tci"] = flow["vlan_tci"] & ~mask | bits | p.TAGGED
    _changed_tag(run, event, before)


def _changed_tag(run: Run, event: EventDraft, before: int) -> None:
    after = run.flow["vlan_tci"]
    for name, shift, mask in (("vlan_vid", 0, p.VID), ("vlan_pcp", p.PCP_SHIFT, 7)):
        old = str(before >> shift & mask) if before & p.TAGGED else None
        new = str(after >> shift & mask) if after & p.TAGGED else None
        if old != new:
            event.changes.append(Change(name, old, new))


# TTL


def dec_ttl(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> bool:
    if not p.is_ip(run.flow):
        return False
    if run.flow["nw_ttl"] > 1:
        run.write(event, "nw_ttl", run.flow["nw_ttl"] - 1, 0xFF)
        return False
    for controller in op.action.arguments.get("ids", "0").split(",") or ["0"]:
        to_controller(run, event, _INVALID_TTL, 65535, controller or "0")
    remark(event, RemarkCode.TTL_EXPIRED)
    return True


def dec_mpls_ttl(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> bool:
    if run.flow["eth_type"] not in p.MPLS_TYPES:
        return False
    ttl = run.flow["mpls_lse0"] & 0xFF
    if ttl > 1:
        run.write(event, "mpls_ttl", ttl - 1, 0xFF)
        return False
    to_controller(run, event, _INVALID_TTL, 65535, "0")
    remark(event, RemarkCode.TTL_EXPIRED)
    return True


def dec_nsh_ttl(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> bool:
    if not p.has(run.flow, "nsh_ttl"):
        return False
    if run.flow["nsh_ttl"] > 1:
        run.write(event, "nsh_ttl", run.flow["nsh_ttl"] - 1, 0xFF)
        return False
    to_controller(run, event, _INVALID_TTL, 65535, "0")
    remark(event, RemarkCode.TTL_EXPIRED)
    return True


def to_controller(
    run: Run,
    event: EventDraft,
    reason: int,
    max_len: int,
    controller: str,
    *,
    metered: bool = False,
) -> None:
    """A copy for the controller."""
    run.commit()
    run.recirculations[0] += 1
    text = (
        f"userspace(pid=0,controller(reason={reason},dont_send=1,continuation=0,"
        f"recirc_id={run.recirculations[0]},rule_cookie={_cookie(run.cookie)},"
        f"controller_id={controller},max_len={max_len}))"
    )
    if metered:
        text = f"sample(sample=100.0%,actions(meter(0),{text}))"
    run.emit(text)
    run.report(event, Effect("controller", run.bridge.name, datapath=text))


def _cookie(text: str) -> str:
    number = p.parse_number(text)
    return f"{number:#x}" if number else "0"


# MPLS and NSH


def push_mpls(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    if not mpls.count(run.flow):
        run.commit()
    if not mpls.push(run.flow, op.number or p.MPLS):
        run.exit = True
        return
    event.changes.append(Change("mpls_label", None, str(p.get(run.flow, "mpls_label"))))


def pop_mpls(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    label = str(p.get(run.flow, "mpls_label"))
    eth_type = op.number or 0
    if mpls.pop(run.flow, eth_type):
        run.was_mpls = eth_type not in p.MPLS_TYPES
        event.changes.append(Change("mpls_label", label, None))
    elif run.flow["eth_type"] in p.MPLS_TYPES:
        run.exit = True
        run.datapath.clear()


def encap(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    run.commit()
    flow = run.flow
    header = op.action.arguments.get("header")
    if header == "nsh":
        following = _NSH_NEXT.get(flow["packet_type"])
        if following is None:
            run.failed = True
            return
        for entry in (*p.NETWORK, "eth_src", "eth_dst"):
            flow[entry] = 0
        flow["packet_type"], flow["eth_type"] = p.NSH_PACKET, p.NSH
        flow["nsh_ttl"], flow["nsh_si"], flow["nsh_np"] = 63, 255, following
        flow["nsh_mdtype"] = p.parse_number(op.action.arguments.get("md_type", "1")) or 1
    elif header == "ethernet":
        if flow["packet_type"] == p.ETHERNET_PACKET:
            remark(event, RemarkCode.NOT_APPLICABLE, field="encap(ethernet)")
            run.failed = True
            return
        flow["eth_type"] = flow["packet_type"] & 0xFFFF
        flow["packet_type"] = p.ETHERNET_PACKET
        flow["eth_src"] = flow["eth_dst"] = 0
    elif header == "mpls" and mpls.push(flow, p.MPLS):
        flow["packet_type"] = 1 << 16 | p.MPLS


def decap(run: Run, op: Op, event: EventDraft, rest: Sequence[Op]) -> None:
    run.commit()
    flow = run.flow
    if flow["packet_type"] == p.ETHERNET_PACKET:
        if flow["vlan_tci"] & p.TAGGED:
            run.failed = True
            return
        flow["packet_type"] = 1 << 16 | flow["eth_type"]
        flow["eth_src"] = flow["eth_dst"] = 0
    elif flow["packet_type"] == p.NSH_PACKET:
        # What is inside only the datapath knows.
        assert run.step is not None
        run.draft.unknown = True
        run.draft.assume(AssumptionCode.NOT_READ, run.step.number, action=op.text)
        run.emit("pop_nsh()")
        run.freeze()
    else:
        run.failed = True
