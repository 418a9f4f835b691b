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
from ..formats.ovsdb_list import OvsdbRow
from ..formats.reading import Capture
from ..network.model import Evidence, Network, OvsInterface, OvsPort
from ..network.snapshot import FlowDump, facts, flow_dumps, is_whole
from ..openflow import fields
from ..openflow.flow import Actions, Flow
from ..openflow.values import decimal, unquoted
from .native import NativeTunnels, native_tunnels
from .program import Op, compile_actions
from .tables import Entry, Table

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
    def names(self) -> dict[int, str]:
        """Names by number, as a packet's text has them."""
        return {port.number: port.name for port in self.ports} | _reserved_names()

    @cached_property
    def tables(self) -> dict[int, Table]:
        flows: dict[int, list[tuple[Flow, Evidence]]] = {}
        for flow, evidence in self.dump.flows if self.dump else ():
            flows.setdefault(flow.table, []).append((flow, evidence))
        return {number: Table(found, self.numbers) for number, found in flows.items()}

    @cached_property
    def is_openflow10(self) -> bool:
        """Was the dump made with OpenFlow 1.0, which leaves actions out without a word?"""
        return self.dump is not None and any(map(_speaks_10, self.dump.captures))

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


def _reserved_names() -> dict[int, str]:
    return {number: name for name, number in fields.reserved_ports().items()} | {0xFFFF: "ANY"}


@dataclass(eq=False)
class Switch:
    """All bridges of one host. ``native``: what it needs to send on its tunnels' packets itself."""

    bridges: Mapping[str, Bridge]
    native: NativeTunnels | None = None
    _places: dict[int, tuple[str, int, str]] = field(default_factory=dict)

    def place_of(self, entry: Entry) -> tuple[str, int, str]:
        """File, line and text of a flow; asked at every step of every trace."""
        place = self._places.get(id(entry))
        if place is None:
            evidence, span = entry.source, entry.flow.span
            text = evidence.capture.source.text[span.start : span.end].strip()
            place = self._places[id(entry)] = (evidence.file, evidence.line, text)
        return place


def switch_of_host(captures: Sequence[Capture], network: Network) -> Switch:
    """The switch that the captures of one host show."""
    names = [bridge.name for bridge in network.bridges]
    dumps = {name: fullest(dump) for name, dump in flow_dumps(captures, names).items()}
    groups = _by_bridge(captures, Group, "dump-groups")
    states = _by_bridge(captures, PortDescription, "show", "dump-ports-desc")
    learned = _learned(captures)
    own_numbers = interface_numbers(captures)
    listed = {bridge.name: bridge.ports for bridge in network.bridges}
    bridges = {}
    for name in dict.fromkeys((*listed, *dumps, *network.port_numbers)):
        ports = _ports(
            name,
            listed.get(name, ()),
            network.port_numbers.get(name, {}),
            states.get(name, []),
            own_numbers,
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
    macs = {
        name: row.mac
        for name, rows in states.items()
        for row in rows
        if row.port_no == LOCAL and row.mac
    }
    return Switch(bridges, native_tunnels(captures, macs, listed))


def _port_number(text: str, bridge: Bridge) -> int | None:
    if text == "LOCAL":
        return LOCAL
    return decimal(text) if text.isdecimal() else bridge.numbers.get(text)


def _ports(
    bridge: str,
    listed: Iterable[OvsPort],
    numbers: Mapping[int, str],
    states: Iterable[PortDescription],
    own_numbers: Mapping[str, int],
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
        elif interface.name in own_numbers:
            number, is_numbered = own_numbers[interface.name], True
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


def fullest(dump: FlowDump) -> FlowDump:
    """The same flows as another dump has them that leaves no action out, where there is one.

    OpenFlow 1.0 writes matches and actions otherwise, so texts tell nothing: tables and priorities
    do. A dump of another time has the same ones only when nothing came or went.
    """
    if len(dump.captures) != 1 or not _speaks_10(dump.captures[0]):
        return dump
    shape = _shape(dump.captures[0])
    for capture in reversed(dump.history):
        if not _speaks_10(capture) and is_whole(capture) and _shape(capture) == shape:
            return FlowDump(dump.bridge, tuple(facts((capture,), Flow)), (capture,), dump.history)
    return dump


def _shape(capture: Capture) -> list[tuple[int, int]]:
    return sorted((flow.table, flow.priority) for flow, _ in facts((capture,), Flow))


def _speaks_10(capture: Capture) -> bool:
    """Was it dumped with OpenFlow 1.0, which leaves actions out without a word?"""
    if capture.command is not None:
        text = capture.command.text
        if "OpenFlow1" in text or "bridge/dump-flows" in text:
            return "OpenFlow10" in text
    versions = [header.version for header, _ in facts((capture,), FlowHeader) if header.version]
    return all(version == "OF1.0" for version in versions)


def interface_numbers(captures: Iterable[Capture]) -> dict[str, int]:
    """Numbers by whole name, of ``ovs-vsctl list Interface``, also as CSV (name, ofport)."""
    found: dict[str, int] = {}
    for capture in captures:
        words = capture.command.words if capture.command else ()
        if "Interface" not in words or not {"list", "find"} & set(words):
            continue
        if "--format=csv" in words and "--columns=name,ofport" in words:
            lines = capture.source.window.splitlines()
            rows = [line.rpartition(",")[::2] for line in lines]
        else:
            records = [row for row, _ in facts((capture,), OvsdbRow)]
            rows = [(row.text("name") or "", row.text("ofport") or "") for row in records]
        for name, number in rows:
            if number.isdecimal() and len(number) <= 5:
                found[unquoted(name)] = int(number)
    return found


def _by_bridge(captures: Iterable[Capture], kind: type[R], *commands: str) -> dict[str, list[R]]:
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
