"""What is said of a logical trace: assumptions, remarks, and why a microflow cannot be read.

Lives here: the one table of words for the codes of ``trace.logical``. Does not live here: when they
are given.
"""

from collections.abc import Mapping

from ..trace.logical.microflow import MicroflowError
from ..trace.logical.result import Assumption, AssumptionCode, Remark, RemarkCode, Section, Verdict
from .message import Message

_A = AssumptionCode
_ASSUMPTIONS: Mapping[AssumptionCode, Message] = {
    _A.CT_STATE: Message(
        "The connection tracker is taken to find %(state)s where no --ct says otherwise."
    ),
    _A.CT_FROM_OPTION: Message("The connection tracker finds %(state)s, as the options say."),
    _A.UNNAT: Message(
        "%(action)s without an address is taken to find no connection to translate back."
    ),
    _A.BACKEND: Message(
        "A hash decides between backends; %(backend)s is taken, and --lb-dst says otherwise."
    ),
    _A.NO_BACKEND: Message("No backend is of the packet's address family."),
    _A.MEMBER: Message("A hash decides between the members of a group; %(member)s is taken."),
    _A.NO_BINDINGS: Message(
        "No capture shows Port_Binding: types and peers of logical ports are not known."
    ),
    _A.NO_GROUPS: Message(
        "No capture shows Multicast_Group: the ports of %(group)s in %(datapath)s are not known."
    ),
    _A.SET_UNKNOWN: Message(
        "Whether a flow of %(stage)s matches is not known, for want of a set of addresses or "
        "ports; it is taken not to: %(flow)s"
    ),
    _A.NO_MAC_BINDINGS: Message(
        "No capture shows MAC_Binding: routers are taken to have learned no MAC address."
    ),
    _A.NO_FDB: Message("No capture shows FDB: switches are taken to have learned no MAC address."),
    _A.PORT_SECURITY: Message(
        "No capture shows Port_Binding: port security is taken to let everything through."
    ),
    _A.OPTIONS: Message(
        "The packet is taken for a request that %(action)s answers (DHCP or router solicitation)."
    ),
    _A.NO_DNS: Message("OVN's DNS is taken to have no answer."),
    _A.PACKET_LENGTH: Message("The packet is taken to be no longer than %(length)s bytes."),
    _A.NOT_SIMULATED: Message("The outcome of %(action)s is not simulated."),
    _A.EQUAL_PRIORITY: Message(
        "%(flows)s flows of %(stage)s of %(datapath)s with different actions match with priority "
        "%(priority)s; the first of the listing is taken."
    ),
    _A.NOT_READ: Message("Something in the flows could not be read: %(what)s."),
}

_R = RemarkCode
_REMARKS: Mapping[RemarkCode, Message] = {
    _R.NULL_PORT: Message("there is no outport: dropped"),
    _R.UNKNOWN_PORT: Message("there is no port and no multicast group %(port)s"),
    _R.TO_INPORT: Message(
        "not sent back to %(port)s, the port that it came from, without flags.loopback"
    ),
    _R.DISTRIBUTED: Message("%(port)s stands for the distributed port %(real)s"),
    _R.NO_DISTRIBUTED: Message("no capture shows which port %(port)s stands for: dropped"),
    _R.MAC_BINDING: Message("the MAC binding is %(mac)s"),
    _R.NO_MAC_BINDING: Message("there is no MAC binding"),
    _R.TTL_EXPIRED: Message("the TTL is 0 already"),
    _R.NOT_IP: Message("the packet is not IP and has no TTL"),
    _R.NOT_APPLICABLE: Message("the packet has no %(field)s; nothing happens"),
    _R.PEER: Message("no capture shows %(peer)s, the peer of %(port)s"),
    _R.HOP: Message("%(port)s (%(type)s) leads out of the logical network"),
}

_MICROFLOW: Mapping[str, Message] = {
    "ambiguous": Message("the microflow is ambiguous: say all that decides (ip4 or ip6, values)"),
    "contradictory": Message("the microflow is contradictory"),
    "no-inport": Message("the microflow does not say the inport"),
    "no-field": Message("there is no field %(field)s"),
    "syntax": Message("the microflow cannot be read: %(what)s"),
    "unknown-port": Message("there is no port %(port)s in %(datapath)s"),
}


def assumption(one: Assumption) -> Message:
    """What was taken for granted, as a sentence."""
    return Message(_ASSUMPTIONS[one.code].msgid, one.args)


def remark(one: Remark) -> Message:
    """What came of an action, as a clause."""
    return Message(_REMARKS[one.code].msgid, one.args)


def microflow_error(error: MicroflowError) -> Message:
    """Why a microflow cannot be read."""
    return Message(_MICROFLOW[error.code].msgid, error.args_of_code)


def section(one: Section) -> Message:
    """The head of a section."""
    args = {"datapath": one.datapath, "inport": one.inport, "outport": one.outport}
    if one.kind == "ingress":
        return Message("ingress of %(datapath)s from %(inport)s", args)
    if one.kind == "egress":
        return Message("egress of %(datapath)s to %(outport)s", args)
    if one.kind == "multicast":
        return Message("a copy to each port of %(outport)s in %(datapath)s", args)
    told = {"action": one.action, "state": one.ct_state or ""}
    if one.ct_state and one.assumed:
        return Message("after %(action)s, taken to be %(state)s", told)
    if one.ct_state:
        return Message("after %(action)s, as %(state)s", told)
    return Message("the packet of %(action)s", told)


def verdict(one: Verdict) -> Message:
    """How a trace ends, as a sentence."""
    match one.kind:
        case "output":
            args = {"ports": ", ".join(one.ports)}
            return Message("The packet leaves the logical network by %(ports)s.", args)
        case "loop":
            return Message("The logical flows send the packet round without end.")
        case "unknown":
            return Message("The captures of OVN do not tell where the packet goes.")
    datapath, stage = one.dropped_in or ("", "")
    return Message(
        "The packet is dropped in %(stage)s of %(datapath)s.",
        {"datapath": datapath, "stage": stage},
    )
