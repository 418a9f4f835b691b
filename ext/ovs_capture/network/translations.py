"""What ports do to tags: the callouts, from the flows that classify (CORRELATION.md, Labels).

Only a classifying table with an explicit ``in_port`` counts: a ``load`` of metadata deep in OVN's
pipeline is a router's hop. A flow is recognised by its shape; table numbers are used where Neutron
fixes them (``knowledge/devices.toml``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ..diagnostic import Diagnostic
from ..openflow.flow import Flow
from .ambiguity import ambiguous
from .flow_shapes import exact, exact_number, loaded, moves, outputs, strips_vlan, vlan, vlan_set
from .model import Evidence, Network, OvsBridge, OvsPort, Translation
from .naming import tunnel_tables
from .ovs import TUNNEL_TYPES
from .snapshot import FlowDump

PRIORITY_TAGGED = 0


class _Seen(NamedTuple):
    """One flow's word about one port."""

    bridge: str
    port: str
    outer: str
    inner: str
    direction: str
    evidence: Evidence


@dataclass(frozen=True)
class _Bridge:
    """A bridge of the model and what its flows say so far.

    ``problems``: each ambiguous port name once. ``localnets``: metadata that enter by some localnet
    port, even where its cut name is ambiguous. ``bound``: localnet ports by metadata, where the
    southbound database says them.
    """

    network: Network
    bridge: OvsBridge
    problems: dict[str, Diagnostic] = field(default_factory=dict)
    localnets: set[int] = field(default_factory=set)
    bound: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def tunnels(self) -> tuple[OvsPort, ...]:
        return tuple(port for port in self.bridge.ports if type_of(port) == "tunnel")

    def ports(self, name: str) -> tuple[OvsPort, ...]:
        """OpenFlow cuts names to 15 characters, so several ports may fit."""
        return self.network.port(name, self.bridge.name).items

    def port(self, name: str, evidence: Evidence, metadata: int | None = None) -> OvsPort | None:
        """The port of that name; several that fit are ambiguous and none is taken.

        The localnet port of the datapath ``metadata``, where OVN says which it is, decides.
        """
        found = self.ports(name)
        if len(found) > 1 and (localnets := self.bound.get(metadata or 0)):
            wanted = {f"patch-{self.bridge.name}-to-{localnet}" for localnet in localnets}
            found = tuple(port for port in found if port.name in wanted) or found
        if len(found) > 1:
            problem = ambiguous(name, [port.name for port in found], evidence)
            self.problems.setdefault(name, problem)
        return found[0] if len(found) == 1 else None


def type_of(port: OvsPort) -> str:
    """``patch``, ``tunnel``, or ``other`` for what a NIC, a tap or a bond is on."""
    types = {interface.type for interface in port.interfaces}
    if "patch" in types:
        return "patch"
    return "tunnel" if types & TUNNEL_TYPES else "other"


def tag_text(number: int) -> str:
    return f"tag {number}"


def metadata_text(number: int) -> str:
    return f"metadata {number}"


def translations(
    network: Network, dumps: Mapping[str, FlowDump], localnets: Mapping[int, tuple[str, ...]]
) -> tuple[tuple[Translation, ...], list[Diagnostic]]:
    """All translations of a host, focused or not. ``localnets``: port names by metadata."""
    problems: list[Diagnostic] = []
    seen: list[_Seen] = []
    integration = {bridge.name for bridge in network.bridges if _holds_tags(bridge)}
    for bridge in network.bridges:
        dump = dumps.get(bridge.name)
        if dump is None:
            continue
        here = _Bridge(network, bridge, bound=localnets)
        for flow, evidence in dump.flows:
            seen += _of_patch_or_access(here, integration, flow, evidence)
            seen += _of_tunnel_tag(here, flow, evidence)
            seen += _to_localnet(here, flow, evidence)
        seen += _of_ovn_tunnels(here, dump, seen)
        problems += here.problems.values()
    return _joined(seen), problems


def _holds_tags(bridge: OvsBridge) -> bool:
    """Local VLANs live on the bridge that has access ports."""
    return any(port.tag is not None and type_of(port) == "other" for port in bridge.ports)


def _of_patch_or_access(
    here: _Bridge, integration: set[str], flow: Flow, evidence: Evidence
) -> Iterator[_Seen]:
    name = exact(flow, "in_port")
    if name is None:
        return
    tag, written, metadata = vlan(flow), vlan_set(flow), loaded(flow, "metadata")
    if written is None and metadata is None and not strips_vlan(flow):
        return
    fitting = {type_of(port) for port in here.ports(name)}
    if metadata is not None and fitting == {"patch"}:
        here.localnets.add(metadata)
    port = here.port(name, evidence, metadata)
    if port is None or type_of(port) == "tunnel":
        return
    bridge, patch = here.bridge.name, type_of(port) == "patch"
    outer = tag_text(tag) if isinstance(tag, int) else "untagged"
    if metadata is not None:
        # Of a localnet port `dl_vlan=0`, priority-tagged, says nothing that untagged does not.
        if flow.table == 0 and tag != PRIORITY_TAGGED and (not patch or tag is not None):
            yield _Seen(bridge, port.name, outer, metadata_text(metadata), "in", evidence)
    elif not patch:
        return
    elif bridge in integration:
        if flow.table == 0 and tag is not None and written is not None:
            yield _Seen(bridge, port.name, outer, tag_text(written), "in", evidence)
    elif isinstance(tag, int) and _peer_bridge(port) in integration:
        outer = "untagged" if written is None else tag_text(written)
        yield _Seen(bridge, port.name, outer, tag_text(tag), "out", evidence)


def _peer_bridge(port: OvsPort) -> str | None:
    return next((i.peer[0] for i in port.interfaces if i.peer), None)


def _of_tunnel_tag(here: _Bridge, flow: Flow, evidence: Evidence) -> Iterator[_Seen]:
    """Neutron's tunnel bridge: ``tun_id`` to local VLAN for all its ports, and back by output."""
    tables = tunnel_tables()
    kind = next((k for k, table in tables["to_local"].items() if table == flow.table), None)
    if kind is None and flow.table != tables["flood"]:
        return
    ports = here.tunnels
    number, tag = exact_number(flow, "tun_id"), vlan_set(flow)
    if kind is not None and number is not None and tag is not None:
        for port in ports:
            if _tunnel_type(port) == kind:
                outer = f"{kind} {number}"
                yield _Seen(here.bridge.name, port.name, outer, tag_text(tag), "in", evidence)
    elif flow.table == tables["flood"]:
        tag, number = exact_number(flow, "dl_vlan"), loaded(flow, "tun_id")
        if tag is None or number is None or not strips_vlan(flow):
            return
        for name in outputs(flow):
            port = here.port(name, evidence)  # type: ignore[assignment]  # None is looked at below
            if port in ports:
                outer = f"{_tunnel_type(port)} {number}"
                yield _Seen(here.bridge.name, port.name, outer, tag_text(tag), "out", evidence)


def _tunnel_type(port: OvsPort) -> str:
    return next(i.type for i in port.interfaces if i.type in TUNNEL_TYPES) or ""


def _to_localnet(here: _Bridge, flow: Flow, evidence: Evidence) -> Iterator[_Seen]:
    """OVN's last table: ``reg15=..,metadata=M actions=[mod_vlan_vid:V,]output:localnet``."""
    metadata = exact_number(flow, "metadata")
    if metadata is None or {c.field for c in flow.match.clauses} != {"reg15", "metadata"}:
        return
    written = vlan_set(flow)
    for name in outputs(flow):
        port = here.port(name, evidence, metadata)
        if port is not None and type_of(port) == "patch":
            outer = "untagged" if written is None else tag_text(written)
            inner = metadata_text(metadata)
            yield _Seen(here.bridge.name, port.name, outer, inner, "out", evidence)


def _of_ovn_tunnels(here: _Bridge, dump: FlowDump, seen: list[_Seen]) -> list[_Seen]:
    """OVN carries the datapath's number as VNI, one for one, unless a localnet port carries it.

    The flows that say so hold for every datapath (a ``move``); the invariant VNI = tunnel_key of
    the datapath (ovn-architecture(7), Tunnel Encapsulations) gives the number.
    """
    bridge = here.bridge.name
    access = {s.inner: s for s in seen if s.bridge == bridge and _is_access(here, s)}
    localnets = {metadata_text(number) for number in here.localnets}
    carried = {inner: s for inner, s in access.items() if inner not in localnets}
    found = []
    for flow, evidence in dump.flows:
        name = exact(flow, "in_port")
        if flow.table != 0 or name is None or not moves(flow, "tun_id", "metadata"):
            continue
        port = here.port(name, evidence)
        if port is None or type_of(port) != "tunnel":
            continue
        for inner, classified in carried.items():
            outer = f"{_tunnel_type(port)} {inner.removeprefix('metadata ')}"
            found.append(_Seen(bridge, port.name, outer, inner, "in", evidence))
            found.append(_Seen(bridge, port.name, outer, inner, "out", classified.evidence))
    return found


def _is_access(here: _Bridge, seen: _Seen) -> bool:
    port = here.network.port(seen.port, here.bridge.name).one
    return port is not None and type_of(port) == "other" and seen.inner.startswith("metadata")


def _joined(seen: list[_Seen]) -> tuple[Translation, ...]:
    """One translation for each port and pair of values; ``both`` when in and out agree."""
    groups: dict[tuple[str, str, str, str], list[_Seen]] = {}
    for one in seen:
        groups.setdefault((one.bridge, one.port, one.outer, one.inner), []).append(one)
    return tuple(
        Translation(
            bridge=bridge,
            port=port,
            outer=outer,
            inner=inner,
            direction=("both" if len({o.direction for o in group}) == 2 else group[0].direction),
            evidence=tuple(dict.fromkeys(o.evidence for o in group)),
        )
        for (bridge, port, outer, inner), group in groups.items()
    )
