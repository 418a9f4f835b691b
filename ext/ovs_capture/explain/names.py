"""What the ports, registers and addresses of a bridge's flows are called.

Lives here: names, each proven by the model of the host or by the bridge's own flows. A name stands
beside the literal value and never in its place; two names that fit equally well are none.

The flows themselves prove what a register carries. A register into which every flow of a known VLAN
(``dl_vlan=V``, or ``in_port`` of a port that ``ovs-vsctl show`` tags V) loads just that V carries
VLANs (Neutron: reg6). A register into which the flows with ``in_port=P`` load another number for
each P carries port numbers (Neutron: reg5). When two registers fit, none is named.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from ..formats.base import UUID
from ..network.model import Guest, Network, OvsPort, Scope
from ..network.ofports import port_name
from ..openflow.flow import Action, Flow
from ..openflow.values import decimal, number
from .message import Message, Param, Ref
from .ovn.keys import Keys

Register = tuple[str, int]

_UUID = re.compile(UUID)


class Subject(NamedTuple):
    """Who or what a value stands for. ``owner`` None: the port is all that is known.

    ``number``: of a port that is printed by its number and has a name in another capture.
    """

    owner: Ref | None
    port: Ref | None
    number: Ref | None = None

    @property
    def who(self) -> Ref | None:
        """The shortest name: the guest, the namespace, else the port."""
        return self.owner or self.port

    @property
    def full(self) -> Param:
        """``instance00 (tap635485ff-6c)``, or the port alone; its number where that is printed."""
        if self.number is not None and self.port is not None:
            holes: dict[str, Param] = {"port": self.port, "number": self.number}
            if self.owner is None:
                return Message("%(port)s (port %(number)s)", holes)
            return Message("%(owner)s (%(port)s, port %(number)s)", {"owner": self.owner} | holes)
        if self.owner is not None and self.port is not None:
            return Message("%(owner)s (%(port)s)", {"owner": self.owner, "port": self.port})
        if self.port is not None and number(self.port.value) is not None:
            return Message("port %(number)s", {"number": self.port})
        return self.who or ""


@dataclass(frozen=True)
class Names:
    """Names for one bridge. ``network`` None: no captures but the dump itself.

    ``ports_of``: what a register's value is proven to stand for, a port by its name as printed.
    ``vlans_of``: the same for VLANs. ``highest``: the highest priority of each table. ``ovn``: what
    OVN's numbers stand for, where it is OVN's bridge.
    """

    bridge: str | None = None
    network: Network | None = None
    ports_of: Mapping[Register, str] = field(default_factory=dict)
    vlans_of: Mapping[Register, int] = field(default_factory=dict)
    highest: Mapping[int, int] = field(default_factory=dict)
    ovn: Keys | None = None
    # A port is looked up once: a dump names each many times.
    _subjects: dict[str, Subject] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, network: Network | None, bridge: str | None, flows: Iterable[Flow]) -> "Names":
        """Names for the flows of ``bridge``. ``bridge`` None: not known which bridge it is."""
        flows = tuple(flows)
        highest: dict[int, int] = {}
        for flow in flows:
            highest[flow.table] = max(flow.priority, highest.get(flow.table, 0))
        loading = tuple(_loading(flows))
        vlans = _vlan_register(network, bridge, loading)
        return cls(
            bridge=bridge,
            network=network,
            ports_of=_port_register(loading, {register for register, _ in vlans}),
            vlans_of=vlans,
            highest=highest,
        )

    @cached_property
    def registers(self) -> frozenset[str]:
        """The registers whose values are proven to stand for something."""
        return frozenset(register for register, _ in (*self.ports_of, *self.vlans_of))

    def is_rest(self, flow: Flow) -> bool:
        """Does the table hold flows that are tried before this one?"""
        return flow.priority < self.highest.get(flow.table, flow.priority)

    def port(self, port: str) -> Subject:
        """A port as a match or an action names it."""
        known = self._subjects.get(port)
        if known is None:
            known = self._subjects[port] = self._subject(port)
        return known

    def _subject(self, port: str) -> Subject:
        if (named := self._name(port)) is None:
            # A reserved port, or a number without a name: neither is a device's name.
            return Subject(None, Ref("code", port))
        printed = None if named == port else Ref("code", port)
        return Subject(self._owner(named), Ref("device", named), printed)

    def _name(self, port: str) -> str | None:
        """The name of a port as printed, which may be its number; None where it has none."""
        value = decimal(port)
        if value is not None:
            return port_name(self.network, self.bridge, value).one
        return None if port.isupper() or number(port) is not None else port

    def _owner(self, port: str) -> Ref | None:
        if self.network is None:
            return None
        ovs_port = self.network.port(port, self.bridge).one
        name = port if ovs_port is None else ovs_port.name
        if (nic := self.network.nic_of_tap(name).one) is not None:
            return guest_of(self.network, nic[0])
        homes = [
            namespace
            for namespace in self.network.namespaces
            if any(device.name == name for device in namespace.devices)
        ]
        if len(homes) == 1:
            return Ref("namespace", homes[0].name, homes[0].title)
        return None

    def mac(self, mac: str) -> Ref | None:
        return guest_of_mac(self.network, mac)

    def address(self, address: str) -> Ref | None:
        return guest_of_address(self.network, address)

    def in_register(self, register: str, value: int) -> Subject | None:
        """The port that a register's value is proven to stand for, where it has a name."""
        port = self.ports_of.get((register, value))
        return None if port is None or self._name(port) is None else self.port(port)

    def with_ovn(self, keys: Keys) -> "Names":
        """The same names where the bridge is OVN's: registers then carry what OVN says."""
        return replace(self, ports_of={}, vlans_of={}, ovn=keys)

    def kind_of_datapath(self, metadata: str) -> str | None:
        """``ls`` or ``lr``: what the datapath of a flow is; None when it is not known."""
        return None if self.ovn is None else self.ovn.kind(number(metadata))

    def datapath(self, metadata: int) -> Ref | None:
        """OVN's switch or router with this key."""
        return None if self.ovn is None else self.ovn.datapath(metadata)

    def logical_port(self, metadata: int | None, key: int) -> Ref | None:
        """OVN's logical port or multicast group: its guest, its port here, else its own name."""
        if self.ovn is None or metadata is None:
            return None
        named = self.ovn.port(metadata, key)
        entry = self.ovn.entry(metadata, key)
        if entry is None:
            return named
        subject = self.port(entry)
        # Neutron names a logical port by its UUID, which tells people less than the tap.
        if subject.owner is not None or named is None or _UUID.fullmatch(named.value):
            return subject.who or named
        return named

    def vlan_in_register(self, register: str, value: int) -> int | None:
        """The VLAN that a register's value is proven to stand for."""
        return self.vlans_of.get((register, value))

    def beyond(self, port: str) -> Ref | None:
        """The bridge on the other side of a patch port."""
        found = self._patch(port)
        return None if found is None else Ref("bridge", found[0])

    def is_patch(self, port: str) -> bool | None:
        """Is this a patch port? None: no capture says so."""
        ovs_port = self._ovs_port(port)
        if ovs_port is None or not ovs_port.interfaces:
            return None
        return any(interface.type == "patch" for interface in ovs_port.interfaces)

    def _patch(self, port: str) -> tuple[str, str] | None:
        ovs_port = self._ovs_port(port)
        peers = {i.peer for i in ovs_port.interfaces if i.peer} if ovs_port else set()
        return peers.pop() if len(peers) == 1 else None

    def _ovs_port(self, port: str) -> OvsPort | None:
        named = self._name(port)
        return self.network.port(named, self.bridge).one if self.network and named else None


def guest_of_mac(network: Network | None, mac: str) -> Ref | None:
    """The guest that has this MAC."""
    nic = network.nic_of_mac(mac).one if network else None
    return None if network is None or nic is None else guest_of(network, nic[0])


def guest_of_address(network: Network | None, address: str) -> Ref | None:
    """The guest that has this IP address."""
    nic = network.nic_of_address(address).one if network else None
    return None if network is None or nic is None else guest_of(network, nic[0])


def guest_of(network: Network, guest: Guest) -> Ref:
    """A guest by its name, in the scope that is its own."""
    return Ref("guest", guest.key, guest.title, Scope(network.key, guest=guest.key))


# A flow, and the whole registers that it sets to numbers: at least one.
_Loading = tuple[Flow, tuple[tuple[str, int], ...]]


def _loading(flows: Iterable[Flow]) -> Iterable[_Loading]:
    """The flows that set registers; few of a large dump do."""
    # Equal action lists of a dump are one object (openflow/actions.py), alive as long as the flows.
    known: dict[int, tuple[tuple[str, int], ...]] = {}
    for flow in flows:
        loads = known.get(id(flow.actions))
        if loads is None:
            loads = known[id(flow.actions)] = tuple(_loads(flow))
        if loads:
            yield flow, loads


def _vlan_register(
    network: Network | None, bridge: str | None, loading: Iterable[_Loading]
) -> dict[Register, int]:
    """The one register that always gets the flow's VLAN, and the values seen in it."""
    values: dict[str, set[int]] = defaultdict(set)
    others: set[str] = set()
    for flow, loads in loading:
        in_port, vlan = _in_port(flow), _vlan(flow)
        if vlan is None and in_port is not None:
            vlan = _tag(network, bridge, in_port)
        if vlan is None:
            continue
        for register, value in loads:
            if value == vlan:
                values[register].add(value)
            else:
                others.add(register)
    found = [register for register in values if register not in others]
    return {(found[0], value): value for value in values[found[0]]} if len(found) == 1 else {}


def _port_register(loading: Iterable[_Loading], without: set[str]) -> dict[Register, str]:
    """The one register that gets another number for each input port, and whose number is whose."""
    pairs: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for flow, loads in loading:
        if (in_port := _in_port(flow)) is not None:
            for register, value in loads:
                pairs[register].add((value, in_port))
    found = [
        register
        for register, seen in pairs.items()
        if register not in without
        and len(seen) == len({value for value, _ in seen}) == len({port for _, port in seen})
    ]
    if len(found) != 1:
        return {}
    return {(found[0], value): port for value, port in pairs[found[0]]}


def _loads(flow: Flow) -> Iterable[tuple[str, int]]:
    """Whole registers that a flow sets to a number."""
    for action in flow.actions.items:
        if action.name not in ("load", "set_field") or "mask" in action.arguments:
            continue
        name, value = action.arguments.get("field", ""), _value(action)
        if name.startswith("reg") and value is not None and _whole(action):
            yield name, value


def _value(action: Action) -> int | None:
    return number(action.arguments.get("value", ""))


def _whole(action: Action) -> bool:
    # set_field has no subfield; a register has 32 bits (ovs-fields(7)).
    return action.arguments.get("bits", "32") == "32"


def _in_port(flow: Flow) -> str | None:
    for clause in flow.match.clauses:
        if clause.field == "in_port":
            return clause.value
    return None


def _vlan(flow: Flow) -> int | None:
    for clause in flow.match.clauses:
        if clause.field == "dl_vlan":
            return number(clause.value or "")
    return None


def _tag(network: Network | None, bridge: str | None, port: str) -> int | None:
    if network is None:
        return None
    value = decimal(port)
    named = port if value is None else port_name(network, bridge, value).one
    found = network.port(named, bridge).one if named else None
    return None if found is None else found.tag
