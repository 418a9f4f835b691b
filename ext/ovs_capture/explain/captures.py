"""The one-line notes beside the entries of a capture.

A note says in one sentence, two at most, what is true and useful to know about its entry: first
what it is, then where it hangs. An entry about which nothing is known has none; OpenFlow flows
have none either, their reading is the flows page's. That of a logical flow is its purpose.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..formats import (
    bond_show,
    brctl_show,
    brctl_showmacs,
    bridge_fdb,
    bridge_link,
    bridge_vlan,
    ct_zone_list,
    dnsmasq_addn_hosts,
    dnsmasq_host,
    dnsmasq_interface,
    dnsmasq_leases,
    dnsmasq_opts,
    dpctl_dump_flows,
    dpctl_show,
    dpif_show,
    dpif_show_dp_features,
    fdb_show,
    haproxy_conf,
    hostnamectl,
    ip_addr,
    ip_link,
    ip_neigh,
    ip_netns,
    ip_route,
    ip_rule,
    iptables_list,
    iptables_save,
    list_tunnels,
    nmcli,
    ofp_ports,
    openstack_table,
    ovn_nbctl_columns,
    ovn_nbctl_meter_list,
    ovn_nbctl_names,
    ovn_nbctl_routes,
    ovn_nbctl_rules,
    ovn_rows,
    ovn_sbctl_show,
    ovs_ofctl_dump_group_stats,
    ovs_ofctl_dump_groups,
    ovs_ofctl_dump_meters,
    ovs_ofctl_dump_ports,
    ovs_ofctl_dump_tables,
    ovs_ofctl_show,
    ovs_vsctl_show,
    ovsdb_list,
    ps,
    ss,
    sys_iflink,
    virsh_domiflist,
    virsh_dumpxml,
    virsh_list,
)
from ..formats.reading import Capture
from ..logical.flow import LogicalFlow
from ..network.model import Network
from ..source import Span
from .logical.names import LogicalNames
from .logical.purpose import purpose
from .logical.versions import versions_of
from .message import Message
from .notes import (
    bonds,
    datapath,
    dnsmasq,
    ip,
    iptables,
    linux_bridge,
    openflow,
    openstack,
    ovn,
    ovs,
    ovsdb,
    processes,
    routing,
    virsh,
)
from .surroundings import Place, Surroundings


@dataclass(frozen=True, slots=True)
class Note:
    """``message`` about the record at ``index`` of the capture's records; ``span`` is its text."""

    index: int
    span: Span
    message: Message


def _ovsdb_row(row: ovsdb_list.OvsdbRow, place: Place) -> Message | None:
    """A row of Open vSwitch's own database, else of OVN's."""
    return ovsdb.row(row, place) or ovn.row(row, place)


# Records that are not here get no note: flows, headers, version lines.
_NOTES: Mapping[type, Callable[[Any, Place], Message | None]] = {
    bond_show.Bond: bonds.bond,
    bond_show.BondMember: bonds.member,
    brctl_show.LinuxBridge: linux_bridge.bridge,
    brctl_showmacs.LearnedMac: linux_bridge.learned,
    bridge_fdb.FdbEntry: linux_bridge.entry,
    bridge_link.BridgePort: linux_bridge.port,
    bridge_vlan.PortVlan: linux_bridge.vlan,
    ct_zone_list.CtZone: ovn.zone,
    dnsmasq_addn_hosts.HostsEntry: dnsmasq.hosts_entry,
    dnsmasq_host.DhcpHost: dnsmasq.reservation,
    dnsmasq_interface.DhcpInterface: dnsmasq.interface,
    dnsmasq_leases.Lease: dnsmasq.lease,
    dnsmasq_opts.DhcpOption: dnsmasq.option,
    dpctl_dump_flows.DatapathFlow: datapath.flow,
    dpctl_show.Datapath: ovs.datapath,
    dpctl_show.DatapathPort: ovs.datapath_port,
    dpif_show.Datapath: datapath.lookups,
    dpif_show.SwitchBridge: ovs.switch_bridge,
    dpif_show.SwitchPort: openflow.switch_port,
    dpif_show_dp_features.DatapathFeature: datapath.feature,
    fdb_show.SwitchMac: openflow.learned,
    haproxy_conf.HaproxySection: processes.section,
    hostnamectl.HostStatus: processes.status,
    ip_addr.AddressedLink: ip.note,
    ip_link.Link: ip.note,
    ip_neigh.Neighbour: routing.neighbour,
    ip_netns.NamespaceId: routing.namespace_id,
    ip_netns.NetworkNamespace: routing.namespace,
    ip_route.Route: routing.route,
    ip_rule.Rule: routing.rule,
    iptables_list.ListedChain: iptables.chain,
    iptables_list.ListedRule: iptables.rule,
    iptables_save.SavedChain: iptables.chain,
    iptables_save.SavedRule: iptables.rule,
    list_tunnels.Tunnel: openflow.tunnel,
    nmcli.NmBlock: processes.managed,
    nmcli.NmRow: processes.managed,
    ofp_ports.PortDescription: openflow.port,
    openstack_table.Resource: openstack.resource,
    openstack_table.Row: openstack.row,
    ovn_nbctl_columns.LoadBalancerRow: ovn.balancer,
    ovn_nbctl_columns.NatRow: ovn.nat_row,
    ovn_nbctl_meter_list.Meter: ovn.meter,
    ovn_nbctl_names.NamedRow: ovn.named,
    ovn_nbctl_routes.RouterPolicy: ovn.policy,
    ovn_nbctl_routes.StaticRoute: ovn.route,
    ovn_nbctl_rules.Rule: ovn.rule,
    ovn_rows.ShownDatapath: ovn.shown_datapath,
    ovn_rows.ShownNat: ovn.shown_nat,
    ovn_rows.ShownPort: ovn.shown_port,
    ovn_sbctl_show.ShownBinding: ovn.shown_binding,
    ovn_sbctl_show.ShownChassis: ovn.shown_chassis,
    ovn_sbctl_show.ShownEncap: ovn.encap,
    ovs_ofctl_dump_group_stats.GroupStatistics: openflow.group_counts,
    ovs_ofctl_dump_groups.Group: openflow.group,
    ovs_ofctl_dump_meters.Meter: openflow.meter,
    ovs_ofctl_dump_meters.MeterStatistics: openflow.meter_counts,
    ovs_ofctl_dump_ports.PortStatistics: openflow.statistics,
    ovs_ofctl_dump_tables.TableStatistics: openflow.table,
    ovs_ofctl_show.SwitchFeatures: openflow.switch,
    ovs_vsctl_show.Bridge: ovs.bridge,
    ovs_vsctl_show.OpenvSwitch: ovs.open_vswitch,
    ovs_vsctl_show.Port: ovs.port,
    ovsdb_list.OvsdbRow: _ovsdb_row,
    ps.Process: processes.process,
    ss.Socket: processes.socket,
    sys_iflink.InterfaceLink: routing.interface_link,
    virsh_domiflist.ListedInterface: virsh.listed_interface,
    virsh_dumpxml.DomainDescription: virsh.domain,
    virsh_dumpxml.DomainInterface: virsh.interface,
    virsh_list.Domain: virsh.domain,
}


def notes(
    capture: Capture,
    network: Network | None,
    *,
    others: Iterable[Network] = (),
    host: str = "",
) -> tuple[Note, ...]:
    """The notes of a capture, in order.

    ``network``: the model of the capture's own host, None where there is none (``host`` is then
    the key of the host). ``others``: models of the scenario's other hosts, which may know whose a
    MAC or a server is.
    """
    around = Surroundings.of(network, others, host)
    place = Place(capture, around.scope_of(capture), around)
    found = [*_purposes(capture, network)]
    shared = _on_shared_lines(capture)
    for index, record in enumerate(capture.parsed.records):
        tell = None if index in shared else _NOTES.get(type(record))
        message = tell(record, place) if tell else None
        if message is not None:
            found.append(Note(index, record.span, message))
    return tuple(found)


def _on_shared_lines(capture: Capture) -> frozenset[int]:
    """Records that stand on one line with another (``ip -j``): beside it there is room for none."""
    found: set[int] = set()
    text, end = capture.source.text, 0
    for index, record in enumerate(capture.parsed.records):
        if index and "\n" not in text[end : record.span.start]:
            found |= {index - 1, index}
        end = max(end, record.span.end)
    return frozenset(found)


def _purposes(capture: Capture, network: Network | None) -> Iterator[Note]:
    """Why each logical flow of a capture is there."""
    flows = [one for one in capture.parsed.records if isinstance(one, LogicalFlow)]
    if not flows:
        return
    names = LogicalNames.of(network, flows, versions_of(flows))
    for index, record in enumerate(capture.parsed.records):
        if isinstance(record, LogicalFlow) and (why := purpose(record, names)) is not None:
            yield Note(index, record.span, why.message)
