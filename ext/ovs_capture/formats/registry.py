"""All formats, by hand and in the order in which content is tried; ``raw`` is last.

To add a format: write its module, add it here, add its cases under ``tests/formats``.
"""

from . import (
    dnsmasq_addn_hosts,
    dnsmasq_host,
    dnsmasq_leases,
    dpctl_dump_flows,
    dpctl_show,
    ip_addr,
    ip_link,
    openstack_table,
    ovs_ofctl_dump_flows,
    ovs_ofctl_dump_group_stats,
    ovs_ofctl_dump_groups,
    ovs_ofctl_dump_meters,
    ovs_ofctl_dump_ports,
    ovs_ofctl_dump_ports_desc,
    ovs_ofctl_dump_tables,
    ovs_ofctl_show,
    ovs_vsctl_show,
    raw,
    virsh_dumpxml,
    virsh_list,
)
from .base import Format

FORMATS: tuple[Format, ...] = (
    dnsmasq_addn_hosts.FORMAT,
    dnsmasq_host.FORMAT,
    dnsmasq_leases.FORMAT,
    dpctl_dump_flows.FORMAT,
    dpctl_show.FORMAT,
    ip_addr.FORMAT,
    ip_link.FORMAT,
    openstack_table.FORMAT,
    ovs_ofctl_dump_flows.FORMAT,
    ovs_ofctl_dump_group_stats.FORMAT,
    ovs_ofctl_dump_groups.FORMAT,
    ovs_ofctl_dump_meters.FORMAT,
    ovs_ofctl_dump_ports.FORMAT,
    ovs_ofctl_dump_ports_desc.FORMAT,
    ovs_ofctl_dump_tables.FORMAT,
    ovs_ofctl_show.FORMAT,
    ovs_vsctl_show.FORMAT,
    virsh_dumpxml.FORMAT,
    virsh_list.FORMAT,
    raw.FORMAT,
)

BY_NAME = {format.name: format for format in FORMATS}
assert len(BY_NAME) == len(FORMATS), "two formats have one name"
assert FORMATS[-1] is raw.FORMAT, "raw is the last resort"
