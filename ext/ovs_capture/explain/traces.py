"""What is said of a trace: assumptions, remarks, and why a packet cannot be read.

Lives here: the one table of words for the codes of ``trace.result`` and ``trace.packet_text``. Does
not live here: when they are given.
"""

from collections.abc import Mapping, Sequence

from ..trace.packet_text import PacketError
from ..trace.result import Assumption, AssumptionCode, Remark, RemarkCode
from .message import Message, Param, Ref, Series

_A = AssumptionCode
_ASSUMPTIONS: Mapping[AssumptionCode, Message] = {
    _A.CT_STATE: Message(
        "The connection tracker is taken to find %(state)s before table %(table)s; %(option)s says "
        "otherwise."
    ),
    _A.CT_FROM_OPTION: Message(
        "The connection tracker finds %(state)s before table %(table)s, as %(option)s says."
    ),
    _A.NAT: Message("NAT takes the first address and port of its range."),
    _A.EQUAL_PRIORITY: Message(
        "%(flows)s flows of table %(table)s of %(bridge)s match with priority %(priority)s; the "
        "first of the dump is taken."
    ),
    _A.FLOODED: Message(
        "%(bridge)s has not learned the destination MAC address, and floods the packet."
    ),
    _A.NO_FDB: Message(
        "No capture shows what MAC addresses %(bridge)s has learned; it is taken to flood."
    ),
    _A.NO_VSCTL_SHOW: Message("No capture shows the ports of %(bridge)s."),
    _A.NO_FLOWS: Message("No capture shows the flows of %(bridge)s."),
    _A.UNKNOWN_PORT: Message("No capture shows which port of %(bridge)s %(port)s is."),
    _A.HASH: Message(
        "Hashes inside the switch decide for %(what)s on %(bridge)s; the first choice is taken."
    ),
    _A.LIVENESS: Message("The ports that groups watch are taken to be up."),
    _A.LEARN: Message("The flow that learn writes into table %(table)s is not added."),
    _A.PACKET_LENGTH: Message(
        "Nothing says whether the packet is longer than %(length)s bytes; both ways are followed."
    ),
    _A.SAMPLED: Message("Samples for a collector are not followed."),
    _A.NO_GROUP: Message("No capture shows the groups of %(bridge)s."),
    _A.OPENFLOW10: Message(
        "The flows of %(bridge)s were dumped with OpenFlow 1.0, which leaves out meter, "
        "write_actions and clear_actions."
    ),
    _A.NOT_READ: Message("Something in the flows could not be read: %(what)s."),
    _A.PARTIAL_DUMP: Message("The dump of %(bridge)s is partial; a flow may be missing."),
}

_R = RemarkCode
_REMARKS: Mapping[RemarkCode, Message] = {
    _R.IN_PORT_DROPPED: Message("not sent back to %(port)s, the port that it came from"),
    _R.PORT_UNKNOWN: Message("no such port"),
    _R.TTL_EXPIRED: Message("the TTL has run out; the packet goes to the controller"),
    _R.TOO_DEEP: Message("more than 64 resubmits deep: the switch drops the packet"),
    _R.TOO_MANY: Message("more than 4096 resubmits: the switch drops the packet"),
    _R.NOT_TRACKED: Message("the packet is not tracked or is not IP: the switch drops it"),
    _R.STACK_UNDERFLOW: Message("the stack is empty or full"),
    _R.NOT_APPLICABLE: Message("the packet has no %(field)s; nothing happens"),
    _R.NORMAL_LEARNED: Message("sent to the learned port %(port)s"),
    _R.NORMAL_FLOOD: Message("flooded to the ports of VLAN %(vlan)s"),
    _R.NORMAL_LOOP: Message("the learned port is the port that it came from: dropped"),
    _R.NORMAL_VLAN: Message("VLAN %(vlan)s is not allowed on this port: dropped"),
    _R.NORMAL_RESERVED: Message("the destination MAC address is reserved: dropped"),
    _R.GROUP_MISSING: Message("group %(group)s is not known"),
    _R.BUCKET: Message("bucket %(bucket)s"),
    _R.FORK: Message("a copy goes to the connection tracker (zone %(zone)s), and on to table "
                     "%(table)s"),
    _R.TUNNEL_UNKNOWN: Message("no flow says where the tunnel goes: dropped"),
    _R.TUNNEL_NO_ROUTE: Message(
        "no route leads over a bridge to the tunnel's end %(remote)s: dropped"),
    _R.TUNNEL_NO_NEIGHBOUR: Message(
        "the switch does not know the MAC address on the way to %(remote)s: it asks for it, and "
        "the packet is dropped"),
}  # fmt: skip

_PACKET: Mapping[str, Message] = {
    "syntax": Message("the packet cannot be read from here: %(text)s"),
    "datapath-form": Message(
        "%(field)s(...) is the datapath's form; write fields as in in_port=NAME,tcp,nw_src=..."
    ),
    "unknown-field": Message("there is no field %(field)s"),
    "unknown-port": Message("there is no port %(port)s"),
    "prerequisite": Message("a packet like this has no %(field)s; say what it is first (tcp, arp)"),
    "bad-value": Message("%(value)s is no value of %(field)s"),
}


def assumption(one: Assumption, bridges: Sequence[str] = (), option: str = "--ct-next") -> Message:
    """What was taken for granted, as a sentence; of several ``bridges`` where it is so of all.

    ``option``: how the reader says what the connection tracker finds.
    """
    args: dict[str, Param] = dict(one.args)
    if one.code in (_A.CT_STATE, _A.CT_FROM_OPTION):
        args["option"] = Ref("code", option)
    if one.code is _A.NOT_READ:
        args = {"what": args.get("action") or f"table {args.get('table', '?')}"}
    if "table" in args:
        args["table"] = Ref("table", one.args["table"])
    if "bridge" in args:
        named = [Ref("bridge", name) for name in bridges] or [Ref("bridge", one.args["bridge"])]
        args["bridge"] = named[0] if len(named) == 1 else Series(tuple(named), "and")
    return Message(_ASSUMPTIONS[one.code].msgid, args)


def remark(one: Remark) -> Message:
    """What came of an action, as a clause."""
    if one.code is _R.NORMAL_FLOOD and one.args.get("vlan") == "0":
        return Message("flooded to the ports of untagged frames")
    return Message(_REMARKS[one.code].msgid, one.args)


def packet_error(error: PacketError) -> Message:
    """Why a packet cannot be read."""
    return Message(_PACKET[error.code].msgid, error.args_of_code)
