"""Notes on a datapath: its flows, how often they were used, and what it can do."""

from collections.abc import Mapping

from ...formats.dpctl_dump_flows import DatapathFlow
from ...formats.dpif_show import Datapath
from ...formats.dpif_show_dp_features import DatapathFeature
from ...openflow.datapath import Part
from ...openflow.values import decimal
from .. import refs
from ..message import Message, Param
from ..surroundings import Place
from . import whose
from .ovs import datapath_kind

# What each name stands for: ofproto/ofproto-dpif.h DPIF_SUPPORT_FIELDS, lib/odp-util.h
# ODP_SUPPORT_FIELDS, and of actions and fields ovs-actions(7) and ovs-fields(7).
_FEATURES: Mapping[str, Message] = {
    "Masked set action": Message("Setting a part of a field and leaving its other bits."),
    "Tunnel push pop": Message(
        "Adding and removing tunnel headers itself; otherwise the kernel's tunnel devices do it."
    ),
    "Ufid": Message("Finding a flow by an identifier instead of its whole key."),
    "Truncate action": Message("Cutting a packet at a length (output with max_len)."),
    "Clone action": Message("Running actions on a copy of a packet (clone)."),
    "Sample nesting": Message("How deep actions of the kind sample may be nested."),
    "Conntrack eventmask": Message("Choosing which events of a connection are reported."),
    "Conntrack clear": Message("Removing what connection tracking knows of a packet (ct_clear)."),
    "Max dp_hash algorithm": Message(
        "The highest hash algorithm by which select groups choose a bucket."
    ),
    "Check pkt length action": Message(
        "Comparing the length of a packet (check_pkt_larger), as OVN does for the MTU."
    ),
    "Conntrack timeout policy": Message("Timeouts of connections by zone."),
    "Explicit Drop action": Message("An action for dropping, so that dropped packets are counted."),
    "Optimized Balance TCP mode": Message(
        "Spreading over the members of a bond (balance-tcp) without a flow for each connection."
    ),
    "Conntrack all-zero IP SNAT": Message(
        "NAT to 0.0.0.0, which changes the source port only where another connection uses it."
    ),
    "MPLS Label add": Message("Putting an MPLS label before or behind the Ethernet header."),
    "Psample action": Message("Handing samples of packets to programs on the host (psample)."),
    "Max VLAN headers": Message("How many VLAN tags of a packet can be matched."),
    "Max MPLS depth": Message("How many MPLS labels of a packet can be matched."),
    "Recirc": Message(
        "Looking a packet up again after an action, as connection tracking and MPLS need."
    ),
    "CT state": Message("Matching the state of a connection (ct_state)."),
    "CT zone": Message("Matching the zone of a connection (ct_zone)."),
    "CT mark": Message("Matching the mark of a connection (ct_mark)."),
    "CT label": Message("Matching the label of a connection (ct_label)."),
    "CT state NAT": Message("Matching whether NAT changed a packet (snat and dnat in ct_state)."),
    "CT orig tuple": Message(
        "Matching the addresses with which a connection began (ct_nw_src, ct_nw_dst)."
    ),
    "CT orig tuple for IPv6": Message(
        "Matching the IPv6 addresses with which a connection began (ct_ipv6_src, ct_ipv6_dst)."
    ),
    "IPv6 ND Extension": Message(
        "Matching flags and options of neighbour discovery (nd_reserved, nd_options_type)."
    ),
}


def feature(record: DatapathFeature, place: Place) -> Message | None:
    """What it is, whether the datapath has it or not."""
    return _FEATURES.get(record.name)


def lookups(record: Datapath, place: Place) -> Message | None:
    """Whose datapath, and how often its flows knew the packet (``dpif/show``)."""
    counts: dict[str, Param] = {"hit": record.hit, "missed": record.missed}
    return refs.sentences(
        datapath_kind(record.name),
        Message("Packets: %(hit)s matched a cached flow, %(missed)s went to ovs-vswitchd.", counts),
    )


def flow(record: DatapathFlow, place: Place) -> Message | None:
    """From whom to whom; whether the packets are dropped."""
    source = whose.of_mac(_value(record.key, "eth", "src"), place.around)
    target = whose.of_mac(_value(record.key, "eth", "dst"), place.around)
    if source is None:
        arrived = (part for part in record.key if part.name == "in_port" and part.mask is None)
        source = _port(next((part.value for part in arrived), None), place)
    if target is None:
        # Other actions have names, too: only what is a number is surely a port.
        ports = [part.name for part in record.actions if decimal(part.name) is not None]
        target = _port(ports[0], place) if len(ports) == 1 else None
    return refs.sentences(_between(source, target), _fate(record))


def _port(text: str | None, place: Place) -> Param | None:
    """A port of the datapath by its number, or by the name that ``--names`` prints."""
    network, number = place.around.network, decimal(text or "")
    name = text if number is None else network.datapath_ports.get(number) if network else None
    if not name:
        return None
    owner = place.around.owner_of_tap(name)
    return refs.device(name) if owner is None else refs.guests_nic(owner)


def _between(source: Param | None, target: Param | None) -> Message | None:
    if source is not None and target is not None:
        return Message("From %(source)s to %(target)s.", {"source": source, "target": target})
    if source is not None:
        return Message("From %(source)s.", {"source": source})
    return Message("To %(target)s.", {"target": target}) if target is not None else None


def _fate(record: DatapathFlow) -> Message | None:
    packets = record.statistics.get("packets")
    dropped = [part.name for part in record.actions] == ["drop"]
    if packets is None or not packets.isdecimal():
        return Message("Dropped.") if dropped else None
    # The first packet makes the flow, and is not counted: lib/dpif.c, dpif_flow_stats_format.
    if packets == "0":
        return (
            Message("Dropped; no packet after the first.")
            if dropped
            else Message("No packet after the first.")
        )
    holes: dict[str, Param] = {"packets": packets}
    if dropped:
        return Message("Dropped; packets: %(packets)s.", holes)
    used = record.statistics.get("used", "")
    if not used.endswith("s") or not used[:-1].replace(".", "", 1).isdecimal():
        return Message("Packets: %(packets)s.", holes)
    holes["age"] = used[:-1]
    return Message("Packets: %(packets)s, the last %(age)s s ago.", holes)


def _value(parts: tuple[Part, ...], name: str, inner: str) -> str | None:
    """``src`` of ``eth(src=...)``, where it is exact."""
    for part in parts:
        if part.name == name:
            for value in part.parts:
                if value.name == inner and value.mask is None:
                    return value.value
    return None
