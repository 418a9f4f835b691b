"""Notes on rows of OVSDB tables (``ovs-vsctl list``, ``ovn-nbctl list``, ``ovn-sbctl list``)."""

import re
from collections.abc import Callable, Mapping

from ...formats.base import MAC
from ...formats.ovsdb_list import OvsdbRow
from ...network.model import OvsInterface
from .. import refs
from ..message import Message, Param, Ref
from ..surroundings import Place
from .devices import device_facts, device_note
from .ovs import TUNNEL_WORDS, bridge_sentence, patch_sentence, tunnel_sentence

_MAC = re.compile(MAC)


def row(record: OvsdbRow, place: Place) -> Message | None:
    tell = _TABLES.get(record.table or "")
    return tell(record, place) if tell else None


def _interface(record: OvsdbRow, place: Place) -> Message | None:
    name = record.text("name")
    if name is None:
        return None
    interface = OvsInterface(
        name=name, type=record.text("type") or None, options=record.map("options")
    )
    if interface.type == "patch" and "peer" in interface.options:
        return patch_sentence(interface.options["peer"], _bridge_of_patch(interface, place))
    if interface.type in TUNNEL_WORDS:
        return tunnel_sentence(interface)
    told = _of_name(name, place)
    if told is not None:
        return told
    mac = record.map("external_ids").get("attached-mac", "").lower()
    owner = place.around.owner_of_mac(mac) if mac else None
    if owner is None:
        return Message("Internal port.") if interface.type == "internal" else None
    return Message("Port of %(nic)s.", {"nic": refs.guests_nic(owner)})


def _of_name(name: str, place: Place) -> Message | None:
    return device_note(device_facts(name, place.scope, place.around))


def _bridge_of_patch(interface: OvsInterface, place: Place) -> str | None:
    network = place.around.network
    found = network.ovs_interface(interface.name).one if network else None
    return found[1].peer[0] if found and found[1].peer else None


def _port(record: OvsdbRow, place: Place) -> Message | None:
    name = record.text("name")
    network = place.around.network
    if name is None:
        return None
    port = network.port(name).one if network else None
    if port is None:
        return _of_name(name, place) or _tags(record)
    if len(port.interfaces) > 1:
        members = refs.series(refs.device(i.name) for i in port.interfaces)
        return Message("Bond of %(devices)s.", {"devices": members})
    for interface in port.interfaces:
        if interface.type == "patch" and interface.options.get("peer"):
            peer = interface.peer
            return patch_sentence(interface.options["peer"], peer[0] if peer else None)
        if interface.type in TUNNEL_WORDS:
            return tunnel_sentence(interface)
    return _of_name(name, place) or _tags(record)


def _tags(record: OvsdbRow) -> Message | None:
    tag = record.text("tag")
    if tag is None or not tag.isdecimal() or record.items("trunks"):
        return None
    return Message("Access port of %(vlan)s.", {"vlan": refs.vlan(tag)})


def _bridge(record: OvsdbRow, place: Place) -> Message | None:
    name = record.text("name")
    if name is None:
        return None
    network = place.around.network
    known = network.bridge(name) if network else None
    ports = known.ports if known else ()
    peers = [i.peer[0] for port in ports for i in port.interfaces if i.peer]
    return bridge_sentence(name, ports, peers, place.around)


def _open_vswitch(record: OvsdbRow, place: Place) -> Message | None:
    system = record.map("external_ids").get("hostname")
    version = record.text("ovs_version")
    if version and system:
        return Message(
            "Open vSwitch %(version)s of %(host)s.",
            {"version": version, "host": Ref("host", system)},
        )
    if version:
        return Message("Open vSwitch %(version)s of this host.", {"version": version})
    return Message("This host's Open vSwitch. The UUID tells hosts apart.")


def _controller(record: OvsdbRow, place: Place) -> Message | None:
    return _connection(record, Message("Here the bridge asks its OpenFlow controller."))


def _manager(record: OvsdbRow, place: Place) -> Message | None:
    return _connection(record, Message("Here the database is read and written."))


def _connection(record: OvsdbRow, what: Message) -> Message:
    """ovs-vswitchd.conf.db(5), Controller and Manager: is_connected."""
    connected = {
        "true": Message("It is connected."),
        "false": Message("It is not connected."),
    }.get(record.text("is_connected") or "")
    return refs.sentences(what, connected) or what


def _logical_port(record: OvsdbRow, place: Place) -> Message | None:
    """Whose NIC a port of OVN is: by the MACs of ``addresses`` or ``mac``."""
    texts = (*record.items("addresses"), *record.items("mac"))
    macs = [text.split()[0] for text in texts if text.split() and _MAC.fullmatch(text.split()[0])]
    owners = [place.around.owner_of_mac(mac.lower()) for mac in dict.fromkeys(macs)]
    if len(owners) != 1 or owners[0] is None:
        return None
    return Message("Port of %(nic)s.", {"nic": refs.guests_nic(owners[0])})


def _dhcp_options(record: OvsdbRow, place: Place) -> Message | None:
    cidr = record.text("cidr")
    if cidr is None:
        return None
    holes: dict[str, Param] = {"prefix": refs.address(cidr)}
    router = record.map("options").get("router")
    if not router:
        return Message("DHCP options of %(prefix)s.", holes)
    holes["router"] = refs.address(router)
    return Message("DHCP options of %(prefix)s; the gateway is %(router)s.", holes)


_TABLES: Mapping[str, Callable[[OvsdbRow, Place], Message | None]] = {
    "Bridge": _bridge,
    "Controller": _controller,
    "DHCP_Options": _dhcp_options,
    "Interface": _interface,
    "Logical_Switch_Port": _logical_port,
    "Manager": _manager,
    "Open_vSwitch": _open_vswitch,
    "Port": _port,
    "Port_Binding": _logical_port,
}
