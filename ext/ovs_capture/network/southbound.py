"""OVN's southbound database as a dump of br-int needs it: names by key, and rows by cookie.

Lives here: the look-ups from numbers in OpenFlow to what they stand for. The database belongs to a
service: its rows count in every host of a scenario. Two rows that answer equally are no answer.

- ``metadata`` is the ``tunnel_key`` of a Datapath_Binding; the ports and multicast groups of a
  datapath share one space of keys (ovn-architecture(7), "Logical Input/Output Port Field").
- The cookie of a flow is the first 32 bits of the UUID of the row that it was made of: a logical
  flow, or for the physical tables a port binding, multicast group and so on (the same, "Cookies";
  controller/physical.c, controller/lflow.c).
- Two logical flows or rows may begin with the same 32 bits; the join then says them all.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar

from ..formats.ovsdb_list import OvsdbRow
from ..formats.reading import Capture
from ..logical.flow import LogicalFlow
from .model import Evidence
from .ovsdb import rows
from .pool import having, having_rows, of_each_host, shared
from .snapshot import facts

DatapathKind = Literal["ls", "lr"]
K = TypeVar("K")
V = TypeVar("V")

# What ovn-controller makes flows of, and the column that names a row.
_NAMED_BY: Mapping[str, str] = {
    "Port_Binding": "logical_port",
    "Multicast_Group": "name",
    "MAC_Binding": "ip",
    "Static_MAC_Binding": "ip",
    "Load_Balancer": "name",
    "Chassis": "name",
    "Datapath_Binding": "external_ids",
    "FDB": "mac",
    "IGMP_Group": "address",
    "Encap": "ip",
    "Chassis_Template_Var": "chassis",
    "ECMP_Nexthop": "nexthop",
    "Mirror": "name",
}
# northd: "the name of the switch or router", that CMSs give beside; ovn-sb(5) Datapath_Binding.
_NAMES = ("name2", "name")
_GLOBALS = ("SB_Global", "NB_Global")
_VERSION = re.compile(r"\d+\.\d+\.\d+")


class Datapath(NamedTuple):
    """A logical switch or router. ``name``: as people know it; ``kind`` None: not told."""

    key: int
    name: str
    kind: DatapathKind | None
    uuid: str | None
    evidence: Evidence


class PortKey(NamedTuple):
    """What a number in ``reg14`` or ``reg15`` is within its datapath.

    ``group``: a multicast group. ``type``: of a port binding ("" is a VIF).
    """

    name: str
    group: bool
    type: str
    evidence: Evidence


class Row(NamedTuple):
    """A row that flows are made of. ``name``: of a port, group, load balancer, the address ..."""

    table: str
    uuid: str
    name: str
    evidence: Evidence


class StatedVersion(NamedTuple):
    """A version that a capture states. ``where``: the words there."""

    version: str
    where: str
    evidence: Evidence | None


@dataclass(frozen=True)
class Southbound:
    """``logical``: captured logical flows, of all listings."""

    datapaths: Mapping[int, Datapath] = field(default_factory=dict)
    ports: Mapping[tuple[int, int], PortKey] = field(default_factory=dict)
    by_cookie: Mapping[int, tuple[Row, ...]] = field(default_factory=dict)
    logical: tuple[LogicalFlow, ...] = ()
    versions: tuple[StatedVersion, ...] = ()

    def datapath(self, metadata: int) -> Datapath | None:
        return self.datapaths.get(metadata)

    def port(self, metadata: int, key: int) -> PortKey | None:
        """The port or multicast group with this key in a datapath."""
        return self.ports.get((metadata, key))

    @cached_property
    def _logical_by_cookie(self) -> Mapping[int, tuple[LogicalFlow, ...]]:
        found: dict[int, dict[object, LogicalFlow]] = {}
        for flow in self.logical:
            if flow.uuid is None:
                continue
            # One row of a group of datapaths is listed once for each of them; the listing of a
            # file and of another are the same rows.
            key = flow.stage, flow.priority, flow.match.text, flow.actions.text
            found.setdefault(int(flow.uuid, 16), {}).setdefault(key, flow)
        return {cookie: tuple(flows.values()) for cookie, flows in found.items()}

    def logical_of(self, cookie: int) -> tuple[LogicalFlow, ...]:
        """The logical flows that a cookie may mean: one, unless two begin alike."""
        return self._logical_by_cookie.get(cookie, ())

    def rows_of(self, cookie: int) -> tuple[Row, ...]:
        """The rows, other than logical flows, that a cookie may mean."""
        return self.by_cookie.get(cookie, ())

    @cached_property
    def stages(self) -> Mapping[str, frozenset[int]]:
        """The logical tables that each stage has in the captured listings."""
        found: dict[str, set[int]] = {}
        for flow in self.logical:
            if flow.stage:
                found.setdefault(flow.stage, set()).add(flow.table)
        return {stage: frozenset(tables) for stage, tables in found.items()}


def southbound(captures: Sequence[Capture]) -> Southbound:
    """What the captures of a scenario tell of the southbound database."""
    tables = (*_NAMED_BY, "Logical_Switch", "Logical_Router", *_GLOBALS)
    parts = [having_rows(captures, table) for table in tables]
    parts += having(captures, LogicalFlow), of_each_host(captures, _version_answers)
    return shared(captures, parts, _southbound)


def _southbound(captures: Sequence[Capture]) -> Southbound:
    datapaths = {d.uuid: d for d in _datapaths(captures)}
    keys = {uuid: datapath.key for uuid, datapath in datapaths.items() if uuid}
    by_cookie: dict[int, tuple[Row, ...]] = {}
    for row in _rows(captures):
        cookie = int(row.uuid[:8], 16)
        by_cookie[cookie] = (*by_cookie.get(cookie, ()), row)
    return Southbound(
        datapaths=_unique((d.key, d) for d in datapaths.values()),
        ports=_unique(_ports(captures, keys)),
        by_cookie=by_cookie,
        logical=tuple(flow for flow, _ in facts(captures, LogicalFlow)),
        versions=tuple(_versions(captures)),
    )


def _unique(found: Iterable[tuple[K, V]]) -> dict[K, V]:
    """By key; a key that two claim is nobody's."""
    known: dict[K, V] = {}
    twice: set[K] = set()
    for key, value in found:
        if key in known:
            twice.add(key)
        known[key] = value
    return {key: value for key, value in known.items() if key not in twice}


def _datapaths(captures: Sequence[Capture]) -> Iterator[Datapath]:
    # In 2016 a datapath says only which northbound row it is of.
    named = {
        (row.uuid or "").lower(): row.text("name") or ""
        for table in ("Logical_Switch", "Logical_Router")
        for row, _ in rows(captures, table)
    }
    for row, evidence in rows(captures, "Datapath_Binding"):
        key = _number(row, "tunnel_key")
        if key is None:
            continue
        ids = row.map("external_ids")
        kind: DatapathKind | None = None
        if ("logical-switch" in ids) != ("logical-router" in ids):
            kind = "ls" if "logical-switch" in ids else "lr"
        uuid = (row.uuid or "").lower() or None
        of = ids.get("logical-switch") or ids.get("logical-router") or ""
        name = _datapath_name(ids) or named.get(of.lower()) or of or uuid or str(key)
        yield Datapath(key, name, kind, uuid, evidence)


def _datapath_name(ids: Mapping[str, str]) -> str:
    return next((ids[name] for name in _NAMES if ids.get(name)), "")


def _ports(
    captures: Sequence[Capture], keys: Mapping[str, int]
) -> Iterator[tuple[tuple[int, int], PortKey]]:
    for table, named_by in (("Port_Binding", "logical_port"), ("Multicast_Group", "name")):
        for row, evidence in rows(captures, table):
            datapath = keys.get((row.text("datapath") or "").lower())
            key, name = _number(row, "tunnel_key"), row.text(named_by)
            if datapath is not None and key is not None and name:
                group = table == "Multicast_Group"
                type_ = "" if group else row.text("type") or ""
                yield (datapath, key), PortKey(name, group, type_, evidence)


def _rows(captures: Sequence[Capture]) -> Iterator[Row]:
    for table, named_by in _NAMED_BY.items():
        for row, evidence in rows(captures, table):
            if row.uuid is None:
                continue
            name = row.text(named_by) or ""
            if table == "Datapath_Binding":
                name = _datapath_name(row.map("external_ids"))
            elif not name and table in ("Encap", "IGMP_Group"):
                name = ", ".join(row.items(named_by))
            yield Row(table, row.uuid.lower(), name, evidence)


def _number(row: OvsdbRow, column: str) -> int | None:
    text = row.text(column) or ""
    return int(text) if text.isdecimal() and len(text) < 20 else None


def _versions(captures: Sequence[Capture]) -> Iterator[StatedVersion]:
    """What captures state: northd's own version in a Global row, or ``ovn-sbctl --version``.

    ``northd_internal_version``: ``23.03.1-20.27.0-70.6`` is OVN's version, that of the southbound
    schema, and the number of actions and symbols (ovn-architecture(7), upgrades).
    """
    for table in _GLOBALS:
        for row, evidence in rows(captures, table):
            text = row.map("options").get("northd_internal_version", "")
            if (found := _VERSION.match(text)) is not None:
                yield StatedVersion(found[0], f"northd_internal_version={text}", evidence)
    for capture in _version_answers(captures):
        # The first line is the program's; the next say the schema or the library.
        for line in capture.source.window.lstrip().split("\n", 1)[:1]:
            found = re.match(r"ovn-[a-z]+ (?:\(.*\) )?(\d+\.\d+\.\d+)", line)
            if found is not None:
                yield StatedVersion(found[1], line.strip(), None)


def _version_answers(captures: Iterable[Capture]) -> list[Capture]:
    return [capture for capture in captures if _asks_version(capture)]


def _asks_version(capture: Capture) -> bool:
    words = capture.command.words if capture.command else ()
    return bool(
        words
        and words[0].startswith("ovn-")
        and not {"--version", "-V", "version"}.isdisjoint(words[1:])
    )
