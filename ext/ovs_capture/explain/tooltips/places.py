"""Tooltips of guests, namespaces, host names and UUIDs."""

from collections.abc import Iterable, Mapping, Sequence

from ...formats.base import Entry
from ...formats.dnsmasq_host import DhcpHost
from ...formats.dnsmasq_leases import Lease
from ...formats.openstack_table import Resource, Row
from ...formats.ovs_vsctl_show import OpenvSwitch
from ...formats.reading import Capture
from ...knowledge import table
from ...network.model import Evidence, Guest, GuestNic, Namespace, Network, Scope
from .. import refs
from ..identity import Entity, uuids_in
from ..message import Message, Param, Ref
from ..surroundings import Owner, Surroundings
from .base import Description, Fact, kind_words, named_devices


def guest(entity: Entity, around: Surroundings) -> Description:
    """A virtual machine: where it runs, its other names, its NICs."""
    known = around.guest_in(entity.scope) if entity.scope else None
    if known is None:
        return Description(entity.name, kind_words(entity))
    host, guest = known
    network = around.network_of(Scope(host))
    title = network.title if network else host
    return Description(
        guest.title,
        kind_words(entity),
        Message("Virtual machine on %(host)s.", {"host": Ref("host", host, title)}),
        tuple(_guest_table(host, guest)),
        (*guest.evidence, *(e for nic in guest.nics for e in nic.evidence)),
    )


def _guest_table(host: str, guest: Guest) -> Iterable[Fact]:
    if guest.subtitle:
        yield Message("libvirt domain", context="label"), Ref("code", guest.subtitle)
    if guest.uuid:
        yield Message("UUID", context="label"), Ref("uuid", guest.uuid)
    for nic in guest.nics:
        yield Message("NIC", context="label"), _nic_line(Owner(host, guest, nic))


def _nic_line(owner: Owner) -> Param:
    nic: GuestNic = owner.nic
    ips = refs.telling(a.ip for a in nic.addresses)
    line: list[Param] = [refs.nic(owner)]
    if ips:
        line.append(refs.addresses(ips))
    return refs.series(line, "plain")


def namespace(entity: Entity, around: Surroundings) -> Description:
    """A network namespace: what it is for, and its devices."""
    network = around.network
    found = [n for n in network.namespaces if n.name == entity.name] if network else []
    if network is None or len(found) != 1:
        return Description(entity.name, kind_words(entity))
    namespace: Namespace = found[0]
    sentence = table("device_words")["namespace"].get(namespace.kind, {}).get("sentence")
    facts: list[Fact] = []
    devices = tuple(device for device in namespace.devices if device.kind != "loopback")
    if devices:
        facts.append((Message("Devices", context="label"), named_devices(network, devices)))
    return Description(
        entity.name,
        kind_words(entity),
        Message(sentence) if sentence else None,
        tuple(facts),
        namespace.evidence,
    )


def host(entity: Entity, around: Surroundings) -> Description:
    """A name that DHCP gives: whose, by the MAC beside it."""
    told = around.told_in_captures(_by_dhcp_name, entity.name)
    macs = {mac.lower() for mac, _ in told if mac}
    owner = around.owner_of_mac(macs.pop()) if len(macs) == 1 else None
    if owner is None:
        return Description(entity.name, kind_words(entity))
    return Description(
        entity.name,
        kind_words(entity),
        Message("Name of %(nic)s.", {"nic": refs.guests_nic(owner)}),
        evidence=tuple(evidence for _, evidence in told),
    )


# What captures say of a name, and where.
_Told = Mapping[str, Sequence[tuple[str, Evidence]]]


def _by_name(told: Iterable[tuple[str, tuple[str, Evidence]]]) -> list[_Told]:
    found: dict[str, list[tuple[str, Evidence]]] = {}
    for name, one in told:
        found.setdefault(name, []).append(one)
    return [found] if found else []


def _by_dhcp_name(captures: Sequence[Capture]) -> list[_Told]:
    """The MAC that stands beside a host's name, whole or without its domain."""
    return _by_name(
        (name, (record.mac or "", Evidence(capture, record.span)))
        for capture in captures
        if capture.has(DhcpHost | Lease)
        for record in capture.parsed.records
        if isinstance(record, DhcpHost | Lease) and record.hostname
        for name in dict.fromkeys((record.hostname, record.hostname.partition(".")[0]))
    )


def uuid(entity: Entity, around: Surroundings) -> Description:
    """Of an Open vSwitch its host; else the field of a table that has it."""
    for network, evidence in around.told_by(_switches, entity.name):
        host = {"host": Ref("host", network.key, network.title)}
        return Description(
            entity.name,
            kind_words(entity),
            Message("Open vSwitch of %(host)s.", host),
            evidence=(evidence,),
        )
    found = around.told_in_captures(_by_uuid, entity.name)
    fields = dict.fromkeys(name for name, _ in found)
    field = refs.series((Ref("code", name) for name in fields), "plain")
    return Description(
        entity.name,
        kind_words(entity),
        facts=((Message("Field", context="label"), field),) if fields else (),
        evidence=tuple(evidence for _, evidence in found),
    )


def _switches(network: Network) -> Mapping[str, Evidence]:
    """The first lines that show the UUID of an Open vSwitch of a host."""
    found: dict[str, Evidence] = {}
    captures = {id(e.capture): e.capture for bridge in network.bridges for e in bridge.evidence}
    for capture in captures.values():
        if capture.has(OpenvSwitch):
            for record in capture.parsed.records:
                if isinstance(record, OpenvSwitch):
                    found.setdefault(record.uuid.lower(), Evidence(capture, record.span))
    return found


def _by_uuid(captures: Sequence[Capture]) -> list[_Told]:
    """Fields and columns of the ``openstack`` command's tables that show a UUID."""
    return _by_name(
        (uuid, (name, Evidence(capture, record.span)))
        for capture in captures
        if capture.has(Resource | Row)
        for record in capture.parsed.records
        for name, text in _cells(record).items()
        for uuid in uuids_in(text)
    )


def _cells(record: Entry) -> Mapping[str, str]:
    if isinstance(record, Resource):
        return record.fields
    return record.cells if isinstance(record, Row) else {}
