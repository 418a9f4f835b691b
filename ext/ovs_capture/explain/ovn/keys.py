"""What metadata, registers and their bits stand for in OVN's br-int.

Lives here: names beside numbers, proven by the southbound database or by the dump's own first
table, which joins a port of the switch to its logical port. Does not live here: which version it is
(``recognition``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...logical import registers
from ...logical.stages import Kind
from ...network.southbound import Southbound
from ...openflow.flow import Action, Flow
from ...openflow.values import number
from ..message import Ref


@dataclass(frozen=True)
class Keys:
    """Names for the numbers of one dump.

    ``versions``: those that fit; what differs between them has no name. ``kinds``: of datapaths,
    by key. ``entries``: the OpenFlow ports that are a logical port, by datapath and key; only those
    that are the one entry of it.
    """

    versions: tuple[str, ...]
    southbound: Southbound = field(default_factory=Southbound, repr=False)
    kinds: Mapping[int, Kind] = field(default_factory=dict)
    entries: Mapping[tuple[int, int], str] = field(default_factory=dict)
    inport: str | None = None
    outport: str | None = None

    def kind(self, metadata: int | None) -> Kind | None:
        """What a datapath is; None when neither the database nor its flows tell."""
        return None if metadata is None else self.kinds.get(metadata)

    def datapath(self, metadata: int) -> Ref | None:
        """The switch or router with this key."""
        found = self.southbound.datapath(metadata)
        if found is None:
            return None
        return Ref("code", found.name)

    def port(self, metadata: int, key: int) -> Ref | None:
        """The logical port or multicast group of a datapath, as the database calls it."""
        found = self.southbound.port(metadata, key)
        return None if found is None else Ref("code", found.name)

    def entry(self, metadata: int, key: int) -> str | None:
        """The OpenFlow port, as printed, that a logical port is on this host."""
        return self.entries.get((metadata, key))

    def carries_port(self, name: str) -> bool:
        """Does this field carry a logical port?"""
        return name in (self.inport, self.outport)

    def bits(self, name: str, first: int, last: int, metadata: int | None) -> Ref | None:
        """The name of some bits of a field in the stages of a datapath."""
        found = registers.bits_of(name, first, last, self.kind(metadata), self.versions)
        return None if found is None else Ref("code", found)


def entries(flows: Iterable[Flow], inport: str | None) -> dict[tuple[int, int], str]:
    """The OpenFlow ports whose packets become those of one logical port, each without another."""
    found: dict[tuple[int, int], set[str]] = {}
    for flow in flows:
        if flow.table != 0:
            continue
        port = next((c.value for c in flow.match.clauses if c.field == "in_port"), None)
        told = loads(flow.actions.items)
        if port and inport in told and "metadata" in told:
            found.setdefault((told["metadata"], told[inport or ""]), set()).add(port)
    return {key: ports.pop() for key, ports in found.items() if len(ports) == 1}


def loads(actions: Iterable[Action]) -> dict[str, int]:
    """Whole fields that an action list sets to a number."""
    found: dict[str, int] = {}
    for action in actions:
        if action.name not in ("load", "set_field") or "mask" in action.arguments:
            continue
        value = number(action.arguments.get("value", ""))
        if value is not None and action.arguments.get("start", "0") == "0":
            found[action.arguments.get("field", "")] = value
    return found


def metadata_of(flow: Flow) -> int | None:
    """The datapath that a flow is of: that which it matches, else that which it gives."""
    for clause in flow.match.clauses:
        if clause.field == "metadata" and clause.mask is None and clause.value is not None:
            return number(clause.value)
    return loads(flow.actions.items).get("metadata")
