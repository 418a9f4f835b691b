"""Words for the symbols of logical flows: fields, predicates, registers, values.

Lives here: how a symbol finds its row in ``knowledge/ovn_phrases.toml``. A symbol without a row is
said as it is printed. The number that was captured always stands in the words.
"""

import re
from functools import cache, lru_cache
from typing import Any, Literal

from ... import knowledge
from ...logical.flow import Symbol
from ...logical.registers import bits
from ...logical.stages import Kind, versions
from .. import values
from ..message import Message, Param, Ref, RefKind

DatapathKind = Literal["switch", "router"]
_KINDS: dict[DatapathKind, Kind] = {"switch": "ls", "router": "lr"}

# What the same values of a field of OpenFlow stand for (openflow_phrases.toml).
_OPENFLOW = {
    "icmp4.type": "icmp_type",
    "icmp6.type": "icmpv6_type",
    "arp.op": "arp_op",
    "ip.proto": "nw_proto",
    "ip.ecn": "nw_ecn",
    "tcp.src": "tcp_src",
    "tcp.dst": "tcp_dst",
    "udp.src": "udp_src",
    "udp.dst": "udp_dst",
}
_REGISTER = re.compile(r"x{0,2}reg[0-9]+")


def table() -> dict[str, Any]:
    """``knowledge/ovn_phrases.toml``."""
    return knowledge.table("ovn_phrases")


def row(section: str, key: str) -> Message | None:
    """The words of a row of one of the plain sections, None when it has none."""
    found = table()[section].get(key)
    return None if found is None else Message(found)


def printed(symbol: Symbol) -> str:
    """``reg0[0..15]``."""
    return symbol.name + (f"[{'..'.join(symbol.bits)}]" if symbol.bits else "")


def is_register(symbol: Symbol) -> bool:
    return _REGISTER.fullmatch(symbol.name) is not None


def field(symbol: Symbol, kind: DatapathKind | None, made_by: frozenset[str] | None) -> Param:
    """What a symbol is called: ``source MAC``, ``reg0[1] (commit wanted)``."""
    text = printed(symbol)
    if is_register(symbol) or symbol.name == "flags":
        ref = Ref("register", text)
        label = register_label(text, kind, made_by)
        if label is None:
            return ref
        return Message("%(value)s (%(meaning)s)", {"value": ref, "meaning": label})
    known = row("words", symbol.name)
    if known is None:
        return row("holds", symbol.name) or Ref("field", text)
    if not symbol.bits:
        return known
    part = "-".join(symbol.bits)
    if len(symbol.bits) == 1:
        return Message("bit %(bit)s of %(field)s", {"bit": part, "field": known})
    return Message(
        "bits %(first)s-%(last)s of %(field)s",
        {"first": symbol.bits[0], "last": symbol.bits[1], "field": known},
    )


@cache
def register_label(
    text: str, kind: DatapathKind | None, made_by: frozenset[str] | None
) -> Message | None:
    """What a register holds; None when the versions that may have made the flows disagree.

    ``made_by``: versions of OVN; None when it may be any.
    """
    labels = {
        one.label
        for one in bits()
        if one.label is not None
        and one.of == text
        and (kind is None or one.kind is None or one.kind == _KINDS[kind])
        and (made_by is None or any(_release(version) in one.versions for version in made_by))
    }
    return Message(labels.pop()) if len(labels) == 1 else None


@cache
def _release(version: str) -> str:
    """The release that a development snapshot (2.5.90-20160615) was on the way to."""
    known = versions()
    return next(one for one in known[known.index(version) :] if "-" not in one)


def kind_of(name: str) -> RefKind:
    """What a field's value stands for."""
    kind: RefKind = table()["kinds"].get(name, "code")
    return kind


@lru_cache(maxsize=1 << 14)
def meaning(name: str, text: str) -> Param | None:
    """What a value stands for: 67 is the DHCP server's port."""
    known = table()["meaning"].get(name, {}).get(text)
    if known is not None:
        return Message(known)
    return values.meaning(_OPENFLOW[name], text) if name in _OPENFLOW else None


@lru_cache(maxsize=1 << 14)
def value(name: str, text: str) -> Param:
    """A value of a field, with what it stands for beside it."""
    ref = Ref(kind_of(name), text)
    known = meaning(name, text)
    return ref if known is None else values.with_meaning(ref, known)
