"""All formats, by hand and in the order in which content is tried; ``raw`` is last.

To add a format: write its module, add it here, add its cases under ``tests/formats``.
"""

from . import (
    dnsmasq_addn_hosts,
    dnsmasq_host,
    dnsmasq_interface,
    dnsmasq_leases,
    dnsmasq_opts,
    dpctl_show,
    haproxy_conf,
    ip_addr,
    ip_link,
    ip_netns,
    openstack_table,
    ovs_ofctl_dump_flows,
    ovs_vsctl_show,
    ovsdb_list,
    ps,
    raw,
    ss,
    virsh_dumpxml,
    virsh_list,
)
from .base import Format

FORMATS: tuple[Format, ...] = (
    dnsmasq_addn_hosts.FORMAT,
    dnsmasq_host.FORMAT,
    dnsmasq_interface.FORMAT,
    dnsmasq_leases.FORMAT,
    dnsmasq_opts.FORMAT,
    dpctl_show.FORMAT,
    haproxy_conf.FORMAT,
    ip_addr.FORMAT,
    ip_link.FORMAT,
    ip_netns.FORMAT,
    openstack_table.FORMAT,
    ovs_ofctl_dump_flows.FORMAT,
    ovs_vsctl_show.FORMAT,
    ovsdb_list.FORMAT,
    ps.FORMAT,
    ss.FORMAT,
    virsh_dumpxml.FORMAT,
    virsh_list.FORMAT,
    raw.FORMAT,
)

BY_NAME = {format.name: format for format in FORMATS}
assert len(BY_NAME) == len(FORMATS), "two formats have one name"
assert FORMATS[-1] is raw.FORMAT, "raw is the last resort"
