"""What is said of a logical trace: assumptions, remarks, and why a microflow cannot be read.

Lives here: the one table of words for the codes of ``trace.logical``. Does not live here: when they
are given.
"""

from collections.abc import Callable, Mapping

from ..trace.logical.microflow import MicroflowError
from ..trace.logical.result import Assumption, AssumptionCode, Remark, RemarkCode, Section, Step
from .logical.names import LogicalNames
from .logical.words import DatapathKind
from .message import Message, Param, Ref

_A = AssumptionCode
_ASSUMPTIONS: Mapping[AssumptionCode, Message] = {
    _A.CT_STATE: Message(
        "The connection tracker is taken to find %(state)s where no %(option)s says otherwise."
    ),
    _A.CT_FROM_OPTION: Message("The connection tracker finds %(state)s, as the options say."),
    _A.UNNAT: Message(
        "%(action)s without an address is taken to find no connection to translate back."
    ),
    _A.BACKEND: Message(
        "A hash decides between backends; %(backend)s is taken, and %(option)s says otherwise."
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
    _R.NOT_ANSWERED: Message("a rejection itself is not rejected"),
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


# Where the reader may say what was assumed: options of the command.
OPTIONS: Mapping[str, str] = {"ct": "--ct", "lb-dst": "--lb-dst"}
_OPTION_OF = {_A.CT_STATE: "ct", _A.BACKEND: "lb-dst"}


def assumption(one: Assumption, options: Mapping[str, str] = OPTIONS) -> Message:
    """What was taken for granted, as a sentence."""
    holes: dict[str, Param] = dict(one.args)
    if one.code in _OPTION_OF:
        holes["option"] = Ref("code", options[_OPTION_OF[one.code]])
    return Message(_ASSUMPTIONS[one.code].msgid, holes)


_PORTS = ("port", "real", "peer")


def remark(one: Remark, names: LogicalNames) -> Message:
    """What came of an action, as a clause."""
    holes: dict[str, Param] = dict(one.args)
    holes |= {hole: names.port(one.args[hole]) for hole in _PORTS if hole in one.args}
    return Message(_REMARKS[one.code].msgid, holes)


def kind_of(step: Step) -> DatapathKind | None:
    """Is a step in a switch or in a router? The name of its stage tells."""
    kinds: Mapping[str, DatapathKind] = {"ls": "switch", "lr": "router"}
    return kinds.get(step.stage.partition("_")[0])


def microflow_error(error: MicroflowError) -> Message:
    """Why a microflow cannot be read."""
    return Message(_MICROFLOW[error.code].msgid, error.args_of_code)


def section(one: Section, port: Callable[[str], Param]) -> Message:
    """Where the packet is; ``port``: how ports are told."""
    datapath = Ref("code", one.datapath)
    if one.kind == "ingress":
        holes: dict[str, Param] = {"datapath": datapath, "inport": port(one.inport)}
        return Message("%(datapath)s, ingress: from %(inport)s", holes)
    if one.kind == "egress":
        holes = {"datapath": datapath, "outport": port(one.outport)}
        return Message("%(datapath)s, egress: to %(outport)s", holes)
    if one.kind == "multicast":
        holes = {"datapath": datapath, "outport": port(one.outport)}
        return Message("a copy to each port of %(outport)s in %(datapath)s", holes)
    told: dict[str, Param] = {"action": Ref("code", one.action), "state": one.ct_state or ""}
    if one.ct_state and one.assumed:
        return Message("after %(action)s, taken to be %(state)s", told)
    if one.ct_state:
        return Message("after %(action)s, as %(state)s", told)
    return Message("the packet of %(action)s", told)
