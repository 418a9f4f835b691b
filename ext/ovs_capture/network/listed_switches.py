"""Bridges and ports of Open vSwitch from other commands, where no ``ovs-vsctl show`` is or says.

Rows of ``ovs-vsctl list`` point at each other by UUID: ``ports`` of a Bridge, ``interfaces`` of a
Port. Without all three tables nothing says which bridge a port is on. ``ovs-ofctl show BRIDGE`` and
``dump-ports-desc BRIDGE`` say it, of names that OpenFlow cuts; they do not say what a port is.
``dpif/show`` says both, of whole names, and of no tag.
"""

from collections.abc import Sequence

from ..formats.dpif_show import SwitchBridge, SwitchPort
from ..formats.ofp_ports import PortDescription
from ..formats.ofp_reply import switch_of
from ..formats.ovsdb_list import OvsdbRow
from ..formats.reading import Capture
from .model import Evidence, OvsInterface, OvsPort
from .ovsdb import rows
from .snapshot import facts, is_whole, place_of

Ports = dict[tuple[str, str], OvsPort]
# What a datapath opens in place of an Interface's type, which ovs-vsctl leaves out where it is
# system: lib/dpif-netdev.c, dpif_netdev_port_open_type.
_OPENED_TYPES = {"system": None, "tap": "internal", "dummy-internal": "internal"}


def listed_switches(captures: Sequence[Capture]) -> tuple[dict[str, Evidence], Ports]:
    """Bridges with their evidence, and ports by bridge and name."""
    own = [capture for capture in captures if not place_of(capture).ssh]
    by_table = {
        table: {row.uuid: (row, evidence) for row, evidence in rows(own, table) if row.uuid}
        for table in ("Port", "Interface")
    }
    bridges: dict[str, Evidence] = {}
    ports: Ports = {}
    for bridge, evidence in rows(own, "Bridge"):
        name = bridge.text("name")
        if name is None:
            continue
        bridges[name] = evidence
        for uuid in bridge.items("ports"):
            found = by_table["Port"].get(uuid.lower())
            if found is None:
                continue
            port = _port(name, *found, by_table["Interface"])
            if port is not None:
                ports[name, port.name] = port
    return bridges, ports


def vlan_modes(captures: Sequence[Capture]) -> dict[str, tuple[str, Evidence]]:
    """``vlan_mode`` by port, which ``ovs-vsctl show`` does not print; most ports have none."""
    own = [capture for capture in captures if not place_of(capture).ssh]
    return {
        name: (mode, evidence)
        for row, evidence in rows(own, "Port")
        if (name := row.text("name")) and (mode := row.text("vlan_mode"))
    }


def described_switches(captures: Sequence[Capture]) -> tuple[dict[str, Evidence], Ports]:
    """Bridges with their evidence, and ports by bridge and name, as OpenFlow describes them.

    The last capture of a bridge is its state.
    """
    bridges: dict[str, Evidence] = {}
    by_bridge: dict[str, Ports] = {}
    for capture in captures:
        bridge = switch_of(capture.command, "show", "dump-ports-desc")
        if not bridge or place_of(capture).ssh or not capture.parsed.records:
            continue
        bridges[bridge] = Evidence(capture, capture.parsed.records[0].span)
        by_bridge[bridge] = {
            (bridge, port.name): OvsPort(
                name=port.name,
                bridge=bridge,
                interfaces=(
                    OvsInterface(name=port.name, type=None, options={}, evidence=(evidence,)),
                ),
                evidence=(evidence,),
            )
            for port, evidence in facts((capture,), PortDescription)
            if port.name
        }
    return bridges, {key: port for ports in by_bridge.values() for key, port in ports.items()}


def datapath_switches(captures: Sequence[Capture]) -> tuple[dict[str, Evidence], Ports]:
    """Bridges with their evidence, and ports by bridge and name, as a datapath has them."""
    bridges: dict[str, Evidence] = {}
    ports: Ports = {}
    for capture in captures:
        if place_of(capture).ssh or not capture.has(SwitchBridge):
            continue
        if is_whole(capture):
            bridges.clear()
            ports.clear()
        bridges.update((row.name, evidence) for row, evidence in facts((capture,), SwitchBridge))
        for port, evidence in facts((capture,), SwitchPort):
            interface = OvsInterface(
                name=port.name,
                type=_OPENED_TYPES.get(port.type, port.type),
                options=port.options,
                evidence=(evidence,),
            )
            ports[port.bridge, port.name] = OvsPort(
                name=port.name, bridge=port.bridge, interfaces=(interface,), evidence=(evidence,)
            )
    return bridges, ports


def _port(
    bridge: str,
    row: OvsdbRow,
    evidence: Evidence,
    interfaces: dict[str, tuple[OvsdbRow, Evidence]],
) -> OvsPort | None:
    name, tag = row.text("name"), row.text("tag")
    if name is None:
        return None
    held = [
        interfaces[uuid.lower()] for uuid in row.items("interfaces") if uuid.lower() in interfaces
    ]
    return OvsPort(
        name=name,
        bridge=bridge,
        tag=int(tag) if tag and tag.isdecimal() and len(tag) < 6 else None,
        trunks=tuple(int(t) for t in row.items("trunks") if t.isdecimal() and len(t) < 6),
        vlan_mode=row.text("vlan_mode"),
        interfaces=tuple(
            OvsInterface(
                name=interface.text("name") or name,
                type=interface.text("type") or None,
                options=interface.map("options"),
                error=interface.text("error"),
                evidence=(proof,),
            )
            for interface, proof in held
        ),
        evidence=(evidence,),
    )
