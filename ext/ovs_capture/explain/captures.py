"""The one-line notes beside the entries of a capture.

A note says in one sentence, two at most, what is true and useful to know about its entry: first
what it is, then where it hangs. An entry about which nothing is known has none; OpenFlow flows
have none either, their reading is the flows page's. That of a logical flow is its purpose.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..formats import (
    dnsmasq_addn_hosts,
    dnsmasq_host,
    dnsmasq_leases,
    dpctl_show,
    ip_addr,
    ip_link,
    openstack_table,
    ovs_vsctl_show,
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
from .notes import dnsmasq, ip, openstack, ovs, virsh
from .surroundings import Place, Surroundings


@dataclass(frozen=True, slots=True)
class Note:
    """``message`` about the record at ``index`` of the capture's records; ``span`` is its text."""

    index: int
    span: Span
    message: Message


# Records that are not here get no note: flows, headers, version lines.
_NOTES: Mapping[type, Callable[[Any, Place], Message | None]] = {
    dnsmasq_addn_hosts.HostsEntry: dnsmasq.hosts_entry,
    dnsmasq_host.DhcpHost: dnsmasq.reservation,
    dnsmasq_leases.Lease: dnsmasq.lease,
    dpctl_show.Datapath: ovs.datapath,
    dpctl_show.DatapathPort: ovs.datapath_port,
    ip_addr.AddressedLink: ip.note,
    ip_link.Link: ip.note,
    openstack_table.Resource: openstack.resource,
    openstack_table.Row: openstack.row,
    ovs_vsctl_show.Bridge: ovs.bridge,
    ovs_vsctl_show.OpenvSwitch: ovs.open_vswitch,
    ovs_vsctl_show.Port: ovs.port,
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
    for index, record in enumerate(capture.parsed.records):
        tell = _NOTES.get(type(record))
        message = tell(record, place) if tell else None
        if message is not None:
            found.append(Note(index, record.span, message))
    return tuple(found)


def _purposes(capture: Capture, network: Network | None) -> Iterator[Note]:
    """Why each logical flow of a capture is there."""
    flows = [one for one in capture.parsed.records if isinstance(one, LogicalFlow)]
    if not flows:
        return
    names = LogicalNames.of(network, flows, versions_of(flows))
    for index, record in enumerate(capture.parsed.records):
        if isinstance(record, LogicalFlow) and (why := purpose(record, names)) is not None:
            yield Note(index, record.span, why.message)
