"""``trace``: where a packet goes, from a datapath's ingress port on."""

from .fields import Packet
from .handlers import HANDLERS
from .microflow import MicroflowError, packet_text, parse_microflow
from .result import AssumptionCode, Trace
from .run import At, Options, Run
from .state import Datapath, State

_DEFAULT = Options()


def trace(state: State, datapath: Datapath, packet: Packet, options: Options = _DEFAULT) -> Trace:
    """The way of ``packet`` from table 0 of the ingress pipeline on. Never raises, always ends."""
    run = Run(state, HANDLERS, options)
    start = dict(packet)
    section = run.section("ingress", None, datapath, start)
    if not state.has_ports:
        run.assume(AssumptionCode.NO_BINDINGS, None)
    run.drive(run.table(At(datapath, "ingress", section), start, 0))
    return run.finished(packet_text(packet))


def datapath_of(state: State, packet: Packet) -> Datapath | None:
    """The datapath of the packet's ingress port, where a capture tells it."""
    port = state.ports.get(str(packet["inport"]))
    return None if port is None else state.by_uuid.get(port.datapath)


def arriving(datapath: Datapath, text: str) -> Packet:
    """The packet of a microflow that arrives at a port of ``datapath``; raises MicroflowError.

    The port may go by what others call it, where one port of the datapath only is called so.
    """
    packet = parse_microflow(text)
    name = str(packet["inport"])
    if not datapath.ports:
        return packet
    found = datapath.ports_named(name)
    if len(found) != 1:
        raise MicroflowError("unknown-port", {"port": name, "datapath": datapath.title})
    return {**packet, "inport": found[0]}
