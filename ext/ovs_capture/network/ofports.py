"""Numbers of OpenFlow ports, and of a datapath's, and the names that they stand for.

``ovs-ofctl show`` and ``dump-ports-desc`` print both, and so does ``dpif/show``. A number means
something on its bridge only, and in one snapshot only: of two captures of one bridge the last whole
one counts, as everywhere (``snapshot``). OpenFlow cuts a name after 15 characters; where just one
port of the bridge begins so, ``ovs-vsctl show`` has the whole of it. ``dpif/show`` cuts none.

A datapath has numbers of its own, which its flows name. ``dpctl/show`` and ``dpif/show`` print
them, the latter those of tunnels as often as tunnels share one.
"""

from collections.abc import Iterable

from ..formats.dpctl_show import DatapathPort
from ..formats.dpif_show import SwitchPort
from ..formats.ofp_ports import PortDescription
from ..formats.ofp_reply import switch_of
from ..formats.reading import Capture
from .model import Found, Network
from .snapshot import facts, is_whole, place_of

_NUMBERED: tuple[type[DatapathPort | SwitchPort], ...] = (DatapathPort, SwitchPort)
_LONGEST = 15  # OFP_MAX_PORT_NAME_LEN less the terminating zero


def port_numbers(captures: Iterable[Capture]) -> dict[str, dict[int, str]]:
    """Names as printed, by bridge and number; whole where a capture has them whole."""
    found: dict[str, dict[int, str]] = {}
    for capture in captures:
        if place_of(capture).ssh:
            continue
        for bridge, ports in _numbered(capture).items():
            known = found.get(bridge, {})
            ports = {number: _whole(name, known.get(number)) for number, name in ports.items()}
            is_all = is_whole(capture) and not _asks_for_one(capture)
            found[bridge] = ports if is_all else known | ports
    return found


def _numbered(capture: Capture) -> dict[str, dict[int, str]]:
    """What one capture says; a bridge that it shows without ports is there all the same."""
    bridge = switch_of(capture.command, "show", "dump-ports-desc")
    if bridge:
        described = facts((capture,), PortDescription)
        return {bridge: {port.port_no: port.name for port, _ in described if port.name}}
    found: dict[str, dict[int, str]] = {}
    for port, _ in facts((capture,), SwitchPort):
        found.setdefault(port.bridge, {})[port.ofport] = port.name
    return found


def _whole(name: str, known: str | None) -> str:
    """The name that an earlier capture has whole, where this one was cut."""
    return known if known and len(name) == _LONGEST and known.startswith(name) else name


def datapath_ports(captures: Iterable[Capture]) -> dict[int, str]:
    """Names of the ports of the host's datapath by number, where one name fits."""
    shown: dict[type, dict[tuple[str, int], set[str]]] = {}
    for capture in captures:
        if place_of(capture).ssh:
            continue
        for kind in _NUMBERED:
            ports: dict[tuple[str, int], set[str]] = {}
            for port, _ in facts((capture,), kind):
                if port.number is not None:
                    ports.setdefault((port.datapath, port.number), set()).add(port.name)
            if ports:
                known = {} if is_whole(capture) else shown.get(kind, {})
                shown[kind] = known | ports
    # A datapath's own list has the one device that all tunnels of a kind go through.
    every = shown.get(SwitchPort, {}) | shown.get(DatapathPort, {})
    found: dict[int, set[str]] = {}
    for (_, number), names in every.items():
        found.setdefault(number, set()).update(names)
    return {number: names.pop() for number, names in found.items() if len(names) == 1}


def _asks_for_one(capture: Capture) -> bool:
    """``dump-ports-desc br-int 3`` (OpenFlow 1.5) describes one port."""
    words = capture.command.words if capture.command else ()
    return "dump-ports-desc" in words and words[-2] != "dump-ports-desc"


def port_name(network: Network | None, bridge: str | None, number: int) -> Found[str]:
    """The name of the port that has this number on this bridge.

    Nothing when no capture of the host says so, or it is not known which bridge it is; several when
    a cut name fits several ports.
    """
    if network is None or bridge is None:
        return Found(())
    name = network.port_numbers.get(bridge, {}).get(number)
    if name is None:
        return Found(())
    if len(name) < _LONGEST:
        return Found((name,))
    whole = network.port(name, bridge).items
    return Found(tuple(port.name for port in whole) or (name,))
