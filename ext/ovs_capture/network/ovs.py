"""Open vSwitch bridges, ports, interfaces and patch pairs, from ``ovs-vsctl show``."""

from collections.abc import Sequence
from dataclasses import replace

from ..diagnostic import Code, Diagnostic
from ..formats import ovs_vsctl_show as show
from ..formats.reading import Capture
from .listed_switches import datapath_switches, described_switches, listed_switches, vlan_modes
from .model import Evidence, OvsBridge, OvsInterface, OvsPort
from .snapshot import facts, is_whole, place_of

# Types that leave the host through an IP network; ovs-vswitchd.conf.db(5), Interface:type.
TUNNEL_TYPES = frozenset({"vxlan", "geneve", "gre", "ip6gre", "stt", "erspan", "ip6erspan", "gtpu"})


def node_uuid(captures: Sequence[Capture]) -> str | None:
    """The UUID of the Open_vSwitch row: the same node has the same, in any scenario."""
    found = [row.uuid for row, _ in facts(_shows(captures), show.OpenvSwitch)]
    return found[-1] if found else None


def bridges(captures: Sequence[Capture]) -> tuple[tuple[OvsBridge, ...], list[Diagnostic]]:
    """Bridges with their ports, and what is wrong with them."""
    rows: dict[str, Evidence] = {}
    ports: dict[tuple[str, str], OvsPort] = {}
    problems: list[Diagnostic] = []
    elided = False
    for capture in _shows(captures):
        if is_whole(capture):
            rows.clear()
            ports.clear()
            problems.clear()
        elided = not is_whole(capture)
        rows.update((row.name, evidence) for row, evidence in facts((capture,), show.Bridge))
        for port, evidence in facts((capture,), show.Port):
            rows.setdefault(port.bridge, evidence)
            ports[port.bridge, port.name] = _port(port, evidence)
            if not port.interfaces and not elided:
                problems.append(
                    Diagnostic(
                        Code.PORT_WITHOUT_INTERFACE,
                        capture.source,
                        port.span,
                        {"name": port.name, "what": port.name},
                    )
                )
    modes = vlan_modes(captures) if rows else {}
    for key, shown in ports.items():
        if shown.vlan_mode is None and shown.name in modes:
            mode, proof = modes[shown.name]
            ports[key] = replace(shown, vlan_mode=mode, evidence=(*shown.evidence, proof))
    if not rows:
        rows, ports = listed_switches(captures)
    if not rows:
        rows, ports = datapath_switches(captures)
    if not rows:
        rows, ports = described_switches(captures)
    paired, one_sided = _pair_patches(ports, elided)
    found = tuple(
        OvsBridge(
            name=name,
            ports=tuple(port for (bridge, _), port in paired.items() if bridge == name),
            evidence=(evidence,),
        )
        for name, evidence in rows.items()
    )
    return found, problems + one_sided


def _shows(captures: Sequence[Capture]) -> list[Capture]:
    return [
        capture
        for capture in captures
        if not place_of(capture).ssh and capture.has(show.Bridge | show.OpenvSwitch)
    ]


def _port(port: show.Port, evidence: Evidence) -> OvsPort:
    interfaces = tuple(
        OvsInterface(
            name=interface.name,
            type=interface.type,
            options=interface.options,
            error=interface.error,
            evidence=(Evidence(evidence.capture, interface.span),),
        )
        for interface in port.interfaces
    )
    return OvsPort(
        name=port.name,
        bridge=port.bridge,
        tag=port.tag,
        trunks=port.trunks,
        vlan_mode=port.vlan_mode,
        interfaces=interfaces,
        evidence=(evidence,),
    )


def _pair_patches(
    ports: dict[tuple[str, str], OvsPort], elided: bool
) -> tuple[dict[tuple[str, str], OvsPort], list[Diagnostic]]:
    """Set ``peer`` of the patches that point at each other; report the others.

    ``options: {peer=...}`` names an Interface, whose name is unique in one Open vSwitch.
    """
    patches = {
        interface.name: (key, interface)
        for key, port in ports.items()
        for interface in port.interfaces
        if interface.type == "patch"
    }
    problems: list[Diagnostic] = []
    paired = dict(ports)
    for key, port in ports.items():
        interfaces = []
        for interface in port.interfaces:
            wanted = interface.options.get("peer") if interface.type == "patch" else None
            other = patches.get(wanted) if wanted else None
            if other and other[1].options.get("peer") == interface.name:
                interface = replace(interface, peer=other[0])
            elif wanted and (other or not elided):
                where = interface.evidence[0]
                problems.append(
                    Diagnostic(
                        Code.PEER_ONE_SIDED,
                        where.capture.source,
                        where.span,
                        {"name": interface.name, "peer": wanted, "what": interface.name},
                    )
                )
            interfaces.append(interface)
        paired[key] = replace(port, interfaces=tuple(interfaces))
    return paired, problems
