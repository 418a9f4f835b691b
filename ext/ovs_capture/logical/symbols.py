"""Symbols of matches and actions: look-ups over ``knowledge/ovn_fields.toml``.

The table says what a symbol is; this module says how to find it by its name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from .. import knowledge

Kind = Literal["field", "subfield", "predicate", "string"]
Level = Literal["ordinal", "nominal", "Boolean"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Definition:
    """One symbol of ovn-sb(5).

    ``bits``: width; 1 of a predicate, 0 of a string. ``level``: which relations are allowed.
    ``expands``: what a predicate or a sub-field stands for, in the language itself; "" of a field.
    ``prerequisite``: what the packet must be for the symbol to exist; "" when every packet has it.
    ``openflow``: name of the OpenFlow field that it is; "" where it is none, or part of one.
    ``since``, ``until``: OVN releases; ``until`` "" when it is there still.
    """

    name: str
    kind: Kind
    bits: int
    level: Level
    expands: str
    prerequisite: str
    writable: bool
    openflow: str
    since: str
    until: str
    source: str

    @property
    def is_register(self) -> bool:
        """reg, xreg and xxreg: what a pipeline keeps its own notes in."""
        return self.name.lstrip("x").startswith("reg")


_ROW = {
    "kind", "family", "bits", "level", "expands", "prerequisite", "writable", "openflow", "since",
    "until", "source",
}  # fmt: skip
_WIDTHS = {"predicate": 1, "string": 0}


def _definitions_of_row(name: str, row: dict[str, Any]) -> Iterator[Definition]:
    knowledge.require_known(row, _ROW, f"ovn_fields.toml: [fields.{name}]")
    first, last = row.get("family", (0, 0))
    for number in range(first, last + 1):
        yield Definition(
            name=name.replace("<N>", str(number)),
            kind=row["kind"],
            bits=row["bits"] if "bits" in row else _WIDTHS[row["kind"]],
            level=row["level"],
            expands=row.get("expands", ""),
            prerequisite=row.get("prerequisite", ""),
            writable=row["writable"],
            openflow=row.get("openflow", "").replace("<N>", str(number)),
            since=row["since"],
            until=row.get("until", ""),
            source=row["source"],
        )


@cache
def all_symbols() -> Mapping[str, Definition]:
    """Every symbol by its name; families (``reg0`` ... ``reg9``) one by one."""
    rows: dict[str, dict[str, Any]] = knowledge.table("ovn_fields")["fields"]
    return {
        definition.name: definition
        for name, row in rows.items()
        for definition in _definitions_of_row(name, row)
    }


def find_symbol(name: str) -> Definition | None:
    return all_symbols().get(name)
