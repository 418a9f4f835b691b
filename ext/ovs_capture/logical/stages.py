"""OVN's logical stages and the OpenFlow tables that they become, by version.

Lives here: look-ups over ``knowledge/ovn_stages.toml``. A stage is known by its name
(``ls_in_acl``); its number, logical or OpenFlow, is one only together with the version.

    stage("ls_in_acl").lead                     one sentence, an English msgid
    layout_of("23.03.1").stage("ls", 16)        "ls_in_acl": OpenFlow table 16 of a switch
    layout_of("23.03.1").table("ls_in_acl")     16
    layout_of("23.03.1").physical_at(65)        "LOG_TO_PHY"
    ranges(versions)                            inclusive ranges of the releases
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal, NamedTuple

from .. import knowledge

# What a datapath is: a logical switch or a logical router, as the names of its stages begin.
Kind = Literal["ls", "lr"]
Direction = Literal["in", "out"]

KINDS: tuple[Kind, ...] = ("ls", "lr")
DIRECTIONS: tuple[Direction, ...] = ("in", "out")

# Physical names that are no table of their own: where a section begins.
_BEGINNINGS = ("LOG_INGRESS_PIPELINE", "LOG_EGRESS_PIPELINE", "OUTPUT_INIT")

MAIN = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a logical pipeline. ``role`` (a word or two) and ``lead`` are English msgids."""

    name: str
    role: str
    lead: str
    source: str

    @property
    def kind(self) -> Kind:
        return "lr" if self.name.startswith("lr_") else "ls"

    @property
    def direction(self) -> Direction:
        return "out" if "_out_" in self.name else "in"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhysicalTable:
    """An OpenFlow table of br-int that is none of a stage. ``constant``: in OVN's sources."""

    name: str
    constant: str
    role: str
    lead: str
    source: str


class Bounds(NamedTuple):
    """Versions from ``first`` to ``last``, both in it."""

    first: str
    last: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """The tables of br-int in some versions; there is one object of each.

    ``stages``: of ``ls`` and ``lr``, ``in`` and ``out``, in order of the logical tables.
    ``physical``: numbers by the names of the tables, without those where only a section begins.
    ``ingress``, ``egress``, ``output``: where the sections begin. ``dialect``: ``2016`` when the
    ports are in reg6 and reg7, else empty.
    """

    versions: tuple[str, ...]
    stages: Mapping[tuple[Kind, Direction], tuple[str, ...]]
    physical: Mapping[str, int]
    ingress: int
    egress: int
    output: int
    dialect: str
    source: str

    @cached_property
    def _numbers(self) -> Mapping[int, str]:
        return {number: name for name, number in self.physical.items()}

    @cached_property
    def _tables(self) -> Mapping[str, int]:
        return {
            name: (self.ingress if direction == "in" else self.egress) + place
            for (_, direction), names in self.stages.items()
            for place, name in enumerate(names)
        }

    def physical_at(self, table: int) -> str | None:
        """The name of an OpenFlow table that is none of a stage."""
        return self._numbers.get(table)

    def stage(self, kind: Kind, table: int) -> str | None:
        """The stage that an OpenFlow table is for the datapaths of a kind."""
        if table in self._numbers:
            return None
        for direction in DIRECTIONS:
            first = self.ingress if direction == "in" else self.egress
            names = self.stages[kind, direction]
            if first <= table < first + len(names):
                return names[table - first]
        return None

    def stages_at(self, table: int) -> tuple[str, ...]:
        """The stages that an OpenFlow table is, of switches and of routers."""
        found = (self.stage(kind, table) for kind in KINDS)
        return tuple(name for name in found if name is not None)

    def table(self, name: str) -> int | None:
        """The OpenFlow table of a stage or of a physical table."""
        return self.physical.get(name, self._tables.get(name))


@cache
def stages() -> Mapping[str, Stage]:
    """All stages that any version has, by name."""
    rows = knowledge.table("ovn_stages")["stages"]
    return {name: Stage(name=name, **row) for name, row in rows.items()}


def stage(name: str) -> Stage | None:
    return stages().get(name)


@cache
def physical_tables() -> Mapping[str, PhysicalTable]:
    """All OpenFlow tables that are none of a stage, by name (``LOG_TO_PHY``)."""
    rows = knowledge.table("ovn_stages")["physical"]
    return {name: PhysicalTable(name=name, **row) for name, row in rows.items()}


@cache
def versions() -> tuple[str, ...]:
    """All versions that are known, oldest first; ``main`` is last."""
    data = knowledge.table("ovn_stages")
    found = [f"{series}.{n}" for series, last in data["series"].items() for n in range(last + 1)]
    for row in data["layouts"]:
        if "before" in row:
            found[found.index(row["before"]) : found.index(row["before"])] = row["versions"]
    return (*found, MAIN)


@cache
def _places() -> Mapping[str, int]:
    return {version: place for place, version in enumerate(versions())}


def between(bounds: str) -> tuple[str, ...]:
    """The versions of ``FIRST..LAST`` or of one version. KeyError when one is not known."""
    first, _, last = bounds.partition("..")
    places = _places()
    return versions()[places[first] : places[last or first] + 1]


def in_order(found: Iterable[str]) -> tuple[str, ...]:
    """Versions in order, each once."""
    return tuple(sorted(set(found), key=_places().__getitem__))


def ranges(found: Iterable[str]) -> tuple[Bounds, ...]:
    """Versions as few inclusive ranges."""
    places = _places()
    bounds: list[Bounds] = []
    for version in in_order(found):
        if bounds and places[bounds[-1].last] + 1 == places[version]:
            bounds[-1] = Bounds(bounds[-1].first, version)
        else:
            bounds.append(Bounds(version, version))
    return tuple(bounds)


@cache
def layouts() -> tuple[Layout, ...]:
    """All layouts, oldest first. KeyError on a row that is not understood."""
    return tuple(_layout(row) for row in knowledge.table("ovn_stages")["layouts"])


@cache
def _by_version() -> Mapping[str, Layout]:
    return {version: layout for layout in layouts() for version in layout.versions}


def layout_of(version: str) -> Layout | None:
    """The tables of one version (``23.03.1``); None when the version is not known."""
    return _by_version().get(version)


_STAGES: Mapping[str, tuple[Kind, Direction]] = {
    "switch_ingress": ("ls", "in"),
    "switch_egress": ("ls", "out"),
    "router_ingress": ("lr", "in"),
    "router_egress": ("lr", "out"),
}
_LAYOUT = {*_STAGES, "versions", "before", "dialect", "physical", "source"}


def _layout(row: Mapping[str, Any]) -> Layout:
    knowledge.require_known(row, _LAYOUT, f"ovn_stages.toml: {row['versions']}")
    numbers: Mapping[str, int] = row["physical"]
    own = {name: n for name, n in numbers.items() if name not in _BEGINNINGS}
    # 23.06.0 alone has a table that is only the entry of the output section.
    if numbers["OUTPUT_INIT"] not in own.values():
        own["OUTPUT_INIT"] = numbers["OUTPUT_INIT"]
    return Layout(
        versions=in_order(version for bounds in row["versions"] for version in between(bounds)),
        stages={key: tuple(_names(row[name], *key)) for name, key in _STAGES.items()},
        physical=own,
        ingress=numbers["LOG_INGRESS_PIPELINE"],
        egress=numbers["LOG_EGRESS_PIPELINE"],
        output=numbers["OUTPUT_INIT"],
        dialect=row.get("dialect", ""),
        source=row["source"],
    )


def _names(text: str, kind: Kind, direction: Direction) -> Iterator[str]:
    for name in text.split():
        yield f"{kind}_{direction}_{name}"
