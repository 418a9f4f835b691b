"""Tables of br-int in the layouts that a dump can have, with the shapes of their flows.

Lives here: ``knowledge/ovn_flows.toml`` (explained in its head) brought to the numbers of tables.
A *part* is what stands for br-int as recognised: ``ovn 23.03.1 ls lr`` names one version of each
layout that fits, and the kinds of datapaths that the dump has. Where layouts differ about a number,
its table is told as either.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from ... import knowledge
from ...logical import registers
from ...logical.stages import (
    KINDS,
    Kind,
    Layout,
    PhysicalTable,
    Stage,
    layout_of,
    physical_tables,
    stages,
)
from ..message import Message, Series
from ..shapes import Releases, Shape, Table, action_patterns, clause_patterns

PART = "ovn"

_FLOW = {"id", "at", "priority", "match", "actions", "purpose", "evidence", "source"}
_TABLE = re.compile(r"@(\w+)")
_SLOT_OF: Mapping[Kind, str] = {"ls": "switch", "lr": "router"}
_EVERYWHEN = Releases(None, None)


@dataclass(frozen=True)
class StageShape(Shape):
    """A shape of a stage or of a physical table, by its name."""

    stage: str = ""

    @property
    def place(self) -> str:
        return self.stage


def part_of(layouts: Iterable[Layout], kinds: Iterable[Kind]) -> str:
    """The part that br-int plays where these layouts fit."""
    known = set(kinds)
    versions = [layout.versions[0] for layout in layouts]
    return " ".join((PART, *versions, *(kind for kind in KINDS if kind in known)))


def is_part(part: str) -> bool:
    return part.partition(" ")[0] == PART


def _read(part: str) -> tuple[tuple[Layout, ...], tuple[Kind, ...]]:
    words = part.split()[1:]
    found = (layout_of(word) for word in words)
    return tuple(x for x in found if x is not None), tuple(k for k in KINDS if k in words)


@cache
def tables_of(part: str) -> tuple[Table, ...]:
    """The tables of br-int, in order of their numbers."""
    layouts, kinds = _read(part)
    placed = (layout.table(name) for layout in layouts for name in (*layout.physical, *stages()))
    numbers = sorted({number for number in placed if number is not None})
    found = (_table(part, number, layouts, kinds) for number in numbers)
    return tuple(table for table in found if table is not None)


def names_at(number: int, layout: Layout, kinds: Sequence[Kind]) -> tuple[str, ...]:
    """The stages, or the physical table, that a number is in one layout."""
    physical = layout.physical_at(number)
    if physical is not None:
        return (physical,)
    return tuple(name for kind in kinds if (name := layout.stage(kind, number)) is not None)


def _table(
    part: str, number: int, layouts: Sequence[Layout], kinds: Sequence[Kind]
) -> Table | None:
    readings = tuple(dict.fromkeys(names_at(number, layout, kinds) for layout in layouts))
    known = [reading for reading in readings if reading]
    if not known:
        return None
    return Table(
        bridge=part,
        number=number,
        constant=" / ".join(", ".join(names) for names in known),
        releases=_EVERYWHEN,
        role=_either([_role([_words(name) for name in names]) for names in known]),
        lead=_either([_lead([_words(name) for name in names]) for names in known]),
        source="; ".join(dict.fromkeys(_words(n).source for names in known for n in names)),
        shapes=tuple(_shapes(part, number, layouts, kinds)),
    )


def _words(name: str) -> Stage | PhysicalTable:
    return stages()[name] if name in stages() else physical_tables()[name]


def _role(rows: Sequence[Stage | PhysicalTable]) -> Message:
    roles = tuple(dict.fromkeys(row.role for row in rows))
    if len(roles) == 1:
        return Message(roles[0])
    return Message(
        "%(switch)s / %(router)s", {"switch": Message(roles[0]), "router": Message(roles[1])}
    )


def _lead(rows: Sequence[Stage | PhysicalTable]) -> Message:
    leads = tuple(dict.fromkeys(row.lead for row in rows))
    if len(leads) == 1:
        return Message(leads[0])
    return Message(
        "Switches: %(switch)s Routers: %(router)s",
        {"switch": Message(leads[0]), "router": Message(leads[1])},
    )


def _either(told: Sequence[Message]) -> Message:
    distinct = tuple({repr(one): one for one in told}.values())
    if len(distinct) == 1:
        return distinct[0]
    return Message("by version: %(tables)s", {"tables": Series(distinct, "or")})


def _shapes(
    part: str, number: int, layouts: Sequence[Layout], kinds: Sequence[Kind]
) -> Iterator[Shape]:
    told: set[str] = set()
    for row in rows():
        for layout in layouts:
            for name in names_at(number, layout, kinds):
                if not any(fnmatchcase(name, at) for at in row["at"].split()):
                    continue
                shape = _shape(row, name, part, number, layout)
                if shape is not None and repr(shape) not in told:
                    told.add(repr(shape))
                    yield shape


@cache
def rows() -> tuple[Mapping[str, Any], ...]:
    """``[[flows]]``. KeyError on a row that is not understood."""
    found = knowledge.table("ovn_flows")["flows"]
    for row in found:
        knowledge.require_known(row, _FLOW, f"ovn_flows.toml: {row}")
    return tuple(found)


def _shape(
    row: Mapping[str, Any], name: str, part: str, number: int, layout: Layout
) -> StageShape | None:
    """The shape of a row at a table; None where the layout has not the tables that it names."""
    match = _spelled(row.get("match", ""), number, layout)
    actions = _spelled(row["actions"], number, layout)
    if match is None or actions is None:
        return None
    clauses = [text for text in match.split(", ") if text]
    others = "*" in clauses
    if others:
        clauses.remove("*")
    stage = stages().get(name)
    if stage is not None:
        clauses.append(f"metadata={{{_SLOT_OF[stage.kind]}}}")
    priority = row.get("priority")
    return StageShape(
        id=row["id"],
        bridge=part,
        table=number,
        priority=(priority, priority) if isinstance(priority, int) else priority,
        clauses=clause_patterns(", ".join(clauses)),
        actions=tuple(action_patterns(actions)),
        releases=_EVERYWHEN,
        purpose=row["purpose"],
        evidence=row.get("evidence"),
        source=row["source"],
        open=others,
        stage=name,
    )


def _spelled(text: str, number: int, layout: Layout) -> str | None:
    """A match or actions with the numbers and fields of the layout in place of their names."""
    for word in ("INPORT", "OUTPORT"):
        field = registers.field_of(word.lower(), layout.versions[:1])
        if field is None:
            return None
        text = re.sub(rf"\b{word}\b", field, text)
    beginnings = {
        "next": number + 1,
        "ingress": layout.ingress,
        "egress": layout.egress,
        "output": layout.output,
    }
    found = {name: beginnings.get(name, layout.table(name)) for name in _TABLE.findall(text)}
    if not any(found.values()) and found:
        return None
    for name, value in found.items():
        # One of several: "@SAVE_INPORT|@LOG_TO_PHY" before there was SAVE_INPORT.
        text = text.replace(f"@{name}", "" if value is None else str(value))
    return text.replace("=|", "=").replace("| ", " ")
