"""``trace``: where a packet goes, from a datapath's ingress port on."""

from ipaddress import ip_address

from .fields import Packet
from .handlers import HANDLERS
from .microflow import packet_text
from .result import AssumptionCode, Trace
from .run import At, Destination, Options, Run
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


def parse_destination(text: str) -> Destination | None:
    """``--lb-dst``: ``10.0.0.1``, ``10.0.0.1:80``, ``[fd00::1]:80``; None when it is none."""
    address, port = text, None
    if text.startswith("["):
        address, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or None
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    if port is not None and not (port.isdecimal() and 0 < int(port[:6]) < 1 << 16):
        return None
    try:
        found = ip_address(address)
    except ValueError:
        return None
    bits = 32 if found.version == 4 else 128
    return Destination(bits, int(found), None if port is None else int(port))
