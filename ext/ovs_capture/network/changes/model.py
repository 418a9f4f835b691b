"""The changes of a host: frozen facts, each with the entries that prove it.

Lives here: data only. ``before`` and ``after`` are texts or, of a set, tuples of texts; None where
that side has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ...formats.base import Entry
from ...formats.reading import Capture
from ...openflow.flow import Flow
from ..model import Evidence, Network

ChangeKind = Literal["new", "gone", "changed", "moved"]
Value = str | tuple[str, ...] | None

_MIRRORED: Mapping[ChangeKind, ChangeKind] = {"new": "gone", "gone": "new"}


@dataclass(frozen=True, slots=True)
class Registers:
    """What the registers of one bridge are proven to carry: (register, value) to port or VLAN.

    ``conjunctions``: what a conjunction that was renumbered is called on both sides; ``zones``: the
    same of connection tracking zones, and ``zone_registers`` carry one in their lower 16 bits.
    """

    ports: Mapping[tuple[str, int], str] = field(default_factory=dict)
    vlans: Mapping[tuple[str, int], int] = field(default_factory=dict)
    conjunctions: Mapping[int, str] = field(default_factory=dict)
    zones: Mapping[int, str] = field(default_factory=dict)
    zone_registers: frozenset[str] = frozenset()

    def with_other(self, other: "Registers") -> "Registers":
        """What this side does not prove is as on the other, where nothing here speaks against it.

        One flow less may be just the flow that proved it, and the others have not changed.
        """
        here = set(self.ports.values())
        ports = {key: port for key, port in other.ports.items() if port not in here}
        return Registers({**ports, **self.ports}, {**other.vlans, **self.vlans})


@dataclass(frozen=True)
class Snapshot:
    """One host at one time: its model, its own captures, its bridges' registers."""

    network: Network
    captures: tuple[Capture, ...]
    registers: Mapping[str, Registers] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Located:
    """An entry and the capture that holds it."""

    record: Entry
    capture: Capture

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.capture, self.record.span)

    @property
    def text(self) -> str:
        """The entry as it was printed."""
        return self.capture.source.slice(self.record.span)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an entry that differs."""

    name: str
    before: Value
    after: Value

    def mirrored(self) -> "FieldChange":
        return FieldChange(self.name, self.after, self.before)


@dataclass(frozen=True)
class Change:
    """One thing that is new, gone, changed or on another host.

    ``what``: the kind of thing (``device``, ``port``, ``flow`` ...: the rows of ``identity``).
    ``key``: what identifies it on its host. ``hosts``: of a guest that moved, from and to.
    """

    kind: ChangeKind
    what: str
    key: tuple[str, ...]
    before: Located | None = None
    after: Located | None = None
    fields: tuple[FieldChange, ...] = ()
    hosts: tuple[str, str] | None = None

    @property
    def shown(self) -> Located:
        """The entry as it is now, or as it was last."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def flow(self) -> Flow | None:
        record = self.shown.record
        return record if isinstance(record, Flow) else None

    def mirrored(self) -> "Change":
        """The same change, told backwards."""
        return Change(
            _MIRRORED.get(self.kind, self.kind),
            self.what,
            self.key,
            self.after,
            self.before,
            tuple(one.mirrored() for one in self.fields),
            self.hosts and (self.hosts[1], self.hosts[0]),
        )


@dataclass(frozen=True)
class Renumbered:
    """A network that has another local VLAN: ``carried`` is what it is on the wire."""

    carried: str
    before: int
    after: int
    evidence: tuple[Evidence, Evidence]


@dataclass(frozen=True)
class Join:
    """What the models join otherwise: a guest's NIC and where it hangs, a NIC and its network.

    ``what``: ``connection`` or ``attachment``; ``key``: the guest's title and its NIC, or the NIC.
    """

    kind: ChangeKind
    what: str
    key: tuple[str, ...]
    fields: tuple[FieldChange, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class HostChanges:
    """Everything that changed on one host. ``before``, ``after`` None: the host was not there.

    ``only_before``, ``only_after``: captures that the other side has no like of, so that they
    prove nothing. ``unproven``: entries of one side that the other may have too, for its capture
    is cut. ``unread``: captures that differ and that nothing reads. ``pairs``: entries of both, in
    captures of one command. ``conjunctions``: how many of each bridge have another number only;
    ``zones``: the same of connection tracking zones.
    """

    name: str
    before: Snapshot | None
    after: Snapshot | None
    changes: tuple[Change, ...] = ()
    joins: tuple[Join, ...] = ()
    renumbered: tuple[Renumbered, ...] = ()
    only_before: tuple[Capture, ...] = ()
    only_after: tuple[Capture, ...] = ()
    unread: tuple[Capture, ...] = ()
    unproven: int = 0
    conjunctions: Mapping[str, int] = field(default_factory=dict)
    zones: Mapping[str, int] = field(default_factory=dict)
    pairs: tuple[tuple[Located, Located], ...] = field(default=(), repr=False)

    @property
    def nothing(self) -> bool:
        """Is the host as it was, as far as the captures tell?"""
        present = self.before is not None and self.after is not None
        return present and not (self.changes or self.joins or self.renumbered or self.unread)
