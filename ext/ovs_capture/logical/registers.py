"""What OVN keeps in registers and in conntrack's fields, by version.

Lives here: look-ups over ``knowledge/ovn_registers.toml``. A register means something only together
with the version, and most only in the stages of a switch or of a router.

    field_of("inport", versions)                    "reg14"
    bits_of("reg10", 6, 6, None, versions)          "MLF_LOOKUP_MAC"
    bits_of("xxreg0", 111, 111, "ls", versions)     "REGBIT_PORT_SEC_DROP": it is reg0[15]
"""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from .. import knowledge
from .stages import Kind, between

_OF = re.compile(r"(?P<field>\w+)(?:\[(?P<first>\d+)(?:\.\.(?P<last>\d+))?\])?")
# Bits of a register by its name (ovs-fields(7)): xreg0 is reg0 and reg1, the first the higher.
_WIDTHS = {"reg": 32, "xreg": 64, "xxreg": 128, "ct_mark": 32, "ct_label": 128}
_REGISTER = re.compile(r"(?P<family>x{0,2}reg)(?P<n>\d+)")


class Place(NamedTuple):
    """Bits ``first`` to ``last`` of a field, in the 32-bit registers where it is one."""

    field: str
    first: int
    last: int


class Bits(NamedTuple):
    """A name for bits. ``of``: the bits as logical flows print them. ``kind`` None: in every
    datapath. ``label``: what they hold, an English msgid; None where no row says.
    """

    of: str
    place: Place
    name: str
    kind: Kind | None
    versions: frozenset[str]
    source: str
    label: str | None


def place_of(field: str, first: int, last: int) -> Place:
    """Bits of ``xreg``, ``xxreg`` as bits of the register that holds the last; others as given.

    What spans several registers keeps its own field.
    """
    found = _REGISTER.fullmatch(field)
    if found is None or found["family"] == "reg":
        return Place(field, first, last)
    registers = _WIDTHS[found["family"]] // 32
    if first // 32 != last // 32:
        return Place(field, first, last)
    register = int(found["n"]) * registers + registers - 1 - last // 32
    return Place(f"reg{register}", first % 32, last % 32)


@cache
def _fields() -> tuple[tuple[str, str, frozenset[str]], ...]:
    rows = knowledge.table("ovn_registers")["fields"]
    return tuple((row["is"], row["field"], _versions(row["versions"])) for row in rows)


def field_of(name: str, versions: Iterable[str]) -> str | None:
    """The OpenFlow field that is ``inport`` ...; None unless it is one in all the versions."""
    found = {
        field
        for version in versions
        for known, field, those in _fields()
        if known == name and version in those
    }
    return found.pop() if len(found) == 1 else None


def registers_with(known: Collection[str], names: Collection[str]) -> frozenset[str]:
    """The registers that are one of ``names`` in every version in which one of ``known`` is one."""
    rows = [
        (field.partition("[")[0], versions) for name, field, versions in _fields() if name in names
    ]
    those = {version for field, versions in rows if field in known for version in versions}
    return frozenset(field for field, versions in rows if those and versions >= those)


@cache
def bits() -> tuple[Bits, ...]:
    """All names of bits. KeyError on a row that is not understood."""
    return tuple(
        Bits(
            row["of"].replace("reg10[", "flags["),
            _place(row["of"]),
            row["name"],
            row.get("datapath"),
            _versions(row["versions"]),
            row["source"],
            row.get("label"),
        )
        for row in knowledge.table("ovn_registers")["bits"]
    )


@lru_cache(maxsize=1 << 10)
def bits_of(
    field: str, first: int, last: int, kind: Kind | None, versions: Sequence[str]
) -> str | None:
    """The name of these bits in all the versions; None when it has none, or more than one."""
    place = place_of(field, first, last)
    found = {
        one.name
        for one in bits()
        if one.place == place
        and (one.kind is None or one.kind == kind)
        and one.versions.issuperset(versions)
    }
    return found.pop() if len(found) == 1 and versions else None


def _place(text: str) -> Place:
    found = _OF.fullmatch(text)
    if found is None:
        raise KeyError(f"ovn_registers.toml: no bits: {text!r}")
    field, first = found["field"], found["first"]
    if first is None:
        return place_of(field, 0, _WIDTHS[field.rstrip("0123456789")] - 1)
    return place_of(field, int(first), int(found["last"] or first))


def _versions(ranges: Iterable[str]) -> frozenset[str]:
    return frozenset(version for bounds in ranges for version in between(bounds))
