"""What rows of OVSDB tables say to correlation: OVN's addresses and localnet ports, OVS's guests.

OVN's databases belong to a service, so their rows count in every host of a scenario; the rows of
``ovs-vsctl list`` are the host's own (snapshot rule).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..formats.base import MAC, UUID, is_address
from ..formats.ovsdb_list import OvsdbRow
from ..formats.reading import Capture
from ..openflow.values import decimal
from .model import Evidence
from .pool import having_rows, shared
from .snapshot import facts, place_of

_MAC = re.compile(MAC)
_UUID = re.compile(UUID)
# How networking-ovn names the logical switch of a network; neutron/common/ovn/utils.py ovn_name.
_SWITCH = "neutron-"
# Ports that belong to no device of a guest: a router's own, a physical network's, a virtual IP
# that moves between parents; ovn-nb(5), Logical_Switch_Port:type, ovn-sb(5), Port_Binding:type.
_NOBODYS = {
    "patch", "chassisredirect", "l3gateway", "localnet", "router", "virtual", "vtep", "remote",
}  # fmt: skip


def rows(captures: Iterable[Capture], table: str) -> Iterator[tuple[OvsdbRow, Evidence]]:
    """The rows of one table; of a row listed twice the last counts, in the place of the first."""
    last: dict[object, tuple[OvsdbRow, Evidence]] = {}
    for number, (row, evidence) in enumerate(facts(having_rows(captures, table), OvsdbRow)):
        if row.table == table:
            last[row.uuid or number] = (row, evidence)
    yield from last.values()


@dataclass(frozen=True, slots=True)
class PortAddress:
    """OVN gives a MAC an address. ``network``: the Neutron network's UUID, where a row says it."""

    mac: str
    ip: str
    network: str | None
    evidence: Evidence


# Where rows of ovn-nb and ovn-sb say addresses.
_ADDRESSES = {
    "Logical_Switch_Port": ("addresses", "dynamic_addresses"),
    "Port_Binding": ("mac",),
}


def port_addresses(captures: Sequence[Capture]) -> tuple[PortAddress, ...]:
    """``addresses`` of logical switch ports, and ``mac`` of their bindings: ``["MAC IP..."]``.

    ``router``, ``unknown`` and ``dynamic`` name no address; what ``dynamic`` became stands in
    ``dynamic_addresses``. ovn-nb(5), Logical_Switch_Port.
    """
    return shared(captures, _parts(captures, _ADDRESSES), _port_addresses)


def _parts(captures: Sequence[Capture], tables: Iterable[str]) -> list[Iterable[Capture]]:
    return [having_rows(captures, table) for table in tables]


def _port_addresses(captures: Sequence[Capture]) -> tuple[PortAddress, ...]:
    return tuple(_addresses_of_ports(captures))


def _addresses_of_ports(captures: Sequence[Capture]) -> Iterator[PortAddress]:
    for table, names in _ADDRESSES.items():
        for row, evidence in rows(captures, table):
            if row.text("type") in _NOBODYS:
                continue
            switch = row.map("external_ids").get("neutron:network_name", "")
            network = switch.removeprefix(_SWITCH) if switch.startswith(_SWITCH) else None
            for text in (text for name in names for text in row.items(name)):
                mac, *ips = text.split() or [""]
                if _MAC.fullmatch(mac):
                    for ip in filter(is_address, ips):
                        yield PortAddress(mac.lower(), ip.partition("/")[0], network, evidence)


def dhcp_cidrs(captures: Sequence[Capture]) -> Iterator[tuple[str, Evidence]]:
    """``cidr`` of OVN's DHCP options: a subnet of the logical switch."""
    for row, evidence in rows(captures, "DHCP_Options"):
        cidr = row.text("cidr")
        if cidr and "/" in cidr and is_address(cidr):
            yield cidr, evidence


def localnet_ports(captures: Sequence[Capture]) -> dict[int, tuple[str, ...]]:
    """Names of the localnet ports by the ``metadata`` of their datapath (its tunnel_key)."""
    return shared(captures, _parts(captures, ("Datapath_Binding", "Port_Binding")), _localnet_ports)


def _localnet_ports(captures: Sequence[Capture]) -> dict[int, tuple[str, ...]]:
    keys = {row.uuid: row.text("tunnel_key") for row, _ in rows(captures, "Datapath_Binding")}
    found: dict[int, tuple[str, ...]] = {}
    for row, _ in rows(captures, "Port_Binding"):
        name = row.text("logical_port")
        key = decimal(keys.get((row.text("datapath") or "").lower()) or "")
        if row.text("type") == "localnet" and name and key is not None:
            found[key] = (*found.get(key, ()), name)
    return found


@dataclass(frozen=True, slots=True)
class PluggedNic:
    """An Interface that Nova plugged for a virtual machine."""

    tap: str
    mac: str
    uuid: str
    order: int
    evidence: Evidence


def plugged_nics(own: Sequence[Capture]) -> tuple[PluggedNic, ...]:
    """Interfaces whose ``external_ids`` name the MAC, the port and the machine, oldest first.

    Neutron's agents set ``iface-id`` and ``attached-mac`` on their own devices too: only
    ``vm-uuid`` tells a guest. os_vif vif_plug_ovs/ovsdb/ovsdb_lib.py.
    """
    found = []
    for row, evidence in rows((c for c in own if not place_of(c).ssh), "Interface"):
        ids, name = row.map("external_ids"), row.text("name")
        mac, uuid = ids.get("attached-mac", ""), ids.get("vm-uuid", "")
        if name and _MAC.fullmatch(mac) and _UUID.fullmatch(uuid) and ids.get("iface-id"):
            index = row.text("ifindex") or row.text("ofport") or ""
            order = decimal(index) or 0
            found.append(PluggedNic(name, mac.lower(), uuid.lower(), order, evidence))
    return tuple(sorted(found, key=lambda nic: nic.order))


def encap_addresses(own: Sequence[Capture]) -> tuple[str, ...]:
    """``ovn-encap-ip`` of the host: where its OVN tunnels end; ovn-controller(8)."""
    found = []
    for row, _ in rows((c for c in own if not place_of(c).ssh), "Open_vSwitch"):
        found += row.map("external_ids").get("ovn-encap-ip", "").split(",")
    return tuple(dict.fromkeys(ip.strip() for ip in found if ip.strip()))
