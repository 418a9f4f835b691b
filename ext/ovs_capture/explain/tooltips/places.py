"""Tooltips of guests, namespaces, host names and UUIDs."""

from collections.abc import Iterable, Mapping

from ...formats.base import Entry
from ...formats.dnsmasq_host import DhcpHost
from ...formats.dnsmasq_leases import Lease
from ...formats.openstack_table import Resource, Row
from ...formats.ovs_vsctl_show import OpenvSwitch
from ...formats.reading import Capture
from ...knowledge import table
from ...network.model import Evidence, Guest, GuestNic, Namespace, Scope
from .. import refs
from ..identity import Entity
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
    told = [
        (record, Evidence(capture, record.span))
        for capture in _captures(around)
        if capture.has(DhcpHost | Lease)
        for record in capture.parsed.records
        if isinstance(record, DhcpHost | Lease) and record.hostname
        if entity.name in (record.hostname, record.hostname.partition(".")[0])
    ]
    macs = {record.mac.lower() for record, _ in told if record.mac}
    owner = around.owner_of_mac(macs.pop()) if len(macs) == 1 else None
    if owner is None:
        return Description(entity.name, kind_words(entity))
    return Description(
        entity.name,
        kind_words(entity),
        Message("Name of %(nic)s.", {"nic": refs.guests_nic(owner)}),
        evidence=tuple(evidence for _, evidence in told),
    )


def _captures(around: Surroundings) -> tuple[Capture, ...]:
    """The captures of the whole scenario: each model has them all."""
    return around.networks[0].captures if around.networks else ()


def uuid(entity: Entity, around: Surroundings) -> Description:
    """Of an Open vSwitch its host; else the field of a table that has it."""
    for network in around.networks:
        shown = [e for bridge in network.bridges for e in bridge.evidence]
        for evidence in shown:
            for record in evidence.capture.parsed.records:
                if isinstance(record, OpenvSwitch) and record.uuid.lower() == entity.name:
                    host = {"host": Ref("host", network.key, network.title)}
                    return Description(
                        entity.name,
                        kind_words(entity),
                        Message("Open vSwitch of %(host)s.", host),
                        evidence=(Evidence(evidence.capture, record.span),),
                    )
    found = tuple(_fields_with(entity.name, around))
    fields = dict.fromkeys(name for name, _ in found)
    field = refs.series((Ref("code", name) for name in fields), "plain")
    return Description(
        entity.name,
        kind_words(entity),
        facts=((Message("Field", context="label"), field),) if fields else (),
        evidence=tuple(evidence for _, evidence in found),
    )


def _fields_with(uuid: str, around: Surroundings) -> Iterable[tuple[str, Evidence]]:
    """Fields and columns of the ``openstack`` command's tables that show a UUID."""
    for capture in _captures(around):
        if not capture.has(Resource | Row):
            continue
        for record in capture.parsed.records:
            for name, text in _cells(record).items():
                if uuid in text.lower():
                    yield name, Evidence(capture, record.span)


def _cells(record: Entry) -> Mapping[str, str]:
    if isinstance(record, Resource):
        return record.fields
    return record.cells if isinstance(record, Row) else {}
