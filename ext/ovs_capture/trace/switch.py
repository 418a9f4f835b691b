"""The switch that a trace runs through: bridges with ports, tables, groups and learned addresses.

Lives here: ``Switch``, made of the captures of one host snapshot. May not know: packets.
Numbers of ports come from ``ovs-ofctl show`` or ``dump-ports-desc`` where captured; a port without
one gets a number of the trace's own, which no capture has.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from ..formats.fdb_show import SwitchMac
from ..formats.ofp_ports import PortDescription
from ..formats.ofp_reply import switch_of
from ..formats.ovs_ofctl_dump_flows import FlowHeader
from ..formats.ovs_ofctl_dump_groups import Group
from ..formats.reading import Capture
from ..network.model import Evidence, Network, OvsInterface, OvsPort
from ..network.snapshot import FlowDump, facts, flow_dumps, is_whole
from ..openflow import fields
from ..openflow.flow import Actions, Flow
from ..openflow.values import decimal
from .program import Op, compile_actions
from .tables import Table

R = TypeVar("R")

LOCAL = 65534
_FIRST_OWN_NUMBER = 0xE000  # below OFPP_MAX (0xff00), above what a switch gives
_LONGEST_NAME = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A port of one bridge.

    ``number``: OpenFlow's; ``is_numbered``: a capture says so. ``bundle``: the Port record that it
    is an interface of, several for a bond. ``kind``: the Interface's type. ``peer``: bridge and
    name of the other end of a patch pair. ``tag``, ``trunks``, ``mode``: how NORMAL treats VLANs.
    """

    number: int
    is_numbered: bool
    name: str
    bundle: str
    kind: str = ""
    peer: tuple[str, str] | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    tag: int | None = None
    trunks: frozenset[int] = frozenset()
    mode: str = "trunk"
    is_up: bool = True
    floods: bool = True

    @property
    def is_patch(self) -> bool:
        return self.kind == "patch"


@dataclass(eq=False)
class Bridge:
    """One bridge. ``dump`` None: no flows captured; ``is_listed``: ``ovs-vsctl show`` has it."""

    name: str
    ports: tuple[Port, ...]
    is_listed: bool
    dump: FlowDump | None
    groups: Mapping[int, Group]
    has_groups: bool
    fdb: Mapping[tuple[int, int], int]
    has_fdb: bool
    _programs: dict[str, tuple[Op, ...]] = field(default_factory=dict)

    @cached_property
    def by_number(self) -> dict[int, Port]:
        return {port.number: port for port in self.ports}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Numbers by name, and by the name as OpenFlow cuts it where that is one port's."""
        found: dict[str, int] = {}
        cut: dict[str, list[int]] = {}
        for port in self.ports:
            found[port.name] = port.number
            cut.setdefault(port.name[:_LONGEST_NAME], []).append(port.number)
        for name, numbers in cut.items():
            if len(numbers) == 1:
                found.setdefault(name, numbers[0])
        return found

    @cached_property
    def tables(self) -> dict[int, Table]:
        flows: dict[int, list[tuple[Flow, object]]] = {}
        for flow, evidence in self.dump.flows if self.dump else ():
            flows.setdefault(flow.table, []).append((flow, evidence))
        return {number: Table(found, self.numbers) for number, found in flows.items()}

    @cached_property
    def is_openflow10(self) -> bool:
        """Was the dump made with OpenFlow 1.0, which leaves actions out without a word?"""
        if self.dump is None:
            return False
        for capture in self.dump.captures:
            versions = [h.version for h, _ in facts((capture,), FlowHeader) if h.version]
            command = capture.command.text if capture.command else ""
            if "OpenFlow1" in command or any("1" in v and "1.0" not in v for v in versions):
                return False
            if "bridge/dump-flows" in command:
                return False
        return True

    @cached_property
    def is_whole(self) -> bool:
        return self.dump is not None and all(is_whole(capture) for capture in self.dump.captures)

    def program(self, actions: Actions) -> tuple[Op, ...]:
        """A list of actions, ready to run."""
        found = self._programs.get(actions.text)
        if found is None:
            found = compile_actions(actions.items, self.numbers)
            self._programs[actions.text] = found
        return found

    def port_name(self, number: int) -> str:
        port = self.by_number.get(number)
        return port.name if port else _reserved_names().get(number, str(number))


def _reserved_names() -> Mapping[int, str]:
    return {number: name for name, number in fields.reserved_ports().items()} | {0xFFFF: "ANY"}


@dataclass(eq=False)
class Switch:
    """All bridges of one host."""

    bridges: Mapping[str, Bridge]

    def file_of(self, evidence: object) -> tuple[str | None, int | None]:
        """File and line of a flow."""
        if isinstance(evidence, Evidence):
            return evidence.file, evidence.line
        return None, None


def switch_of_host(captures: Sequence[Capture], network: Network) -> Switch:
    """The switch that the captures of one host show."""
    names = [bridge.name for bridge in network.bridges]
    dumps = flow_dumps(captures, names)
    groups = _by_bridge(captures, Group, "dump-groups")
    states = _by_bridge(captures, PortDescription, "show", "dump-ports-desc")
    learned = _learned(captures)
    listed = {bridge.name: bridge.ports for bridge in network.bridges}
    bridges = {}
    for name in dict.fromkeys((*listed, *dumps, *network.port_numbers)):
        ports = _ports(
            name, listed.get(name, ()), network.port_numbers.get(name, {}), states.get(name, [])
        )
        bridge = Bridge(
            name=name,
            ports=ports,
            is_listed=name in listed,
            dump=dumps.get(name),
            groups={group.group_id: group for group in groups.get(name, [])},
            has_groups=name in groups,
            fdb={},
            has_fdb=name in learned,
        )
        bridge.fdb = {
            (row.vlan, int(row.mac.replace(":", ""), 16)): number
            for row in learned.get(name, [])
            if (number := _port_number(row.port, bridge)) is not None
        }
        bridges[name] = bridge
    return Switch(bridges)


def _port_number(text: str, bridge: Bridge) -> int | None:
    if text == "LOCAL":
        return LOCAL
    return decimal(text) if text.isdigit() else bridge.numbers.get(text)


def _ports(
    bridge: str,
    listed: Iterable[OvsPort],
    numbers: Mapping[int, str],
    states: Iterable[PortDescription],
) -> tuple[Port, ...]:
    by_name: dict[str, list[int]] = {}
    for number, name in numbers.items():
        by_name.setdefault(name, []).append(number)
    described = {row.port_no: row.details for row in states}
    own = _FIRST_OWN_NUMBER
    found: list[Port] = []
    named = set()
    pairs = [(port, interface) for port in listed for interface in port.interfaces]
    for port, interface in pairs:
        known = by_name.get(interface.name) or by_name.get(interface.name[:_LONGEST_NAME], [])
        if interface.name == bridge:
            number, is_numbered = LOCAL, True
        elif len(known) == 1:
            number, is_numbered = known[0], True
        elif interface.error is not None:
            continue  # such an interface is in no datapath
        else:
            number, is_numbered, own = own, False, own + 1
        named.add(number)
        found.append(_port(port, interface, number, is_numbered, described.get(number, {})))
    for number, name in numbers.items():
        if number not in named:
            found.append(Port(number=number, is_numbered=True, name=name, bundle=name))
    if all(port.number != LOCAL for port in found):
        found.append(Port(number=LOCAL, is_numbered=True, name=bridge, bundle=bridge))
    return tuple(found)


def _port(
    port: OvsPort,
    interface: OvsInterface,
    number: int,
    is_numbered: bool,
    described: Mapping[str, str],
) -> Port:
    mode = port.vlan_mode or ("trunk" if port.tag is None else "access")
    return Port(
        number=number,
        is_numbered=is_numbered,
        name=interface.name,
        bundle=port.name,
        kind=interface.type or "",
        peer=interface.peer,
        options=interface.options,
        tag=port.tag,
        trunks=frozenset(port.trunks),
        mode=mode,
        is_up="LINK_DOWN" not in described.get("state", ""),
        floods="NO_FLOOD" not in described.get("config", ""),
    )


def _by_bridge(
    captures: Iterable[Capture], kind: type[R], *commands: str
) -> dict[str, list[R]]:
    """Records of the last capture of each bridge; a dump without any is there all the same."""
    found: dict[str, list[R]] = {}
    for capture in captures:
        bridge = switch_of(capture.command, *commands)
        if bridge:
            found[bridge] = [record for record, _ in facts((capture,), kind)]
    return found


def _learned(captures: Iterable[Capture]) -> dict[str, list[SwitchMac]]:
    found: dict[str, list[SwitchMac]] = {}
    for capture in captures:
        command = capture.command
        words = command.words if command else ()
        if "fdb/show" not in words:
            continue
        asked = words[words.index("fdb/show") + 1 :]
        if asked:
            found[asked[0]] = []
        for row, _ in facts((capture,), SwitchMac):
            bridge = row.bridge or (asked[0] if asked else None)
            if bridge:
                found.setdefault(bridge, []).append(row)
    return found
