"""Words for the values of fields: numbers, masks and flags as people think of them.

Lives here: everything about a value that needs no name of a host, from the tables in
``knowledge/openflow_phrases.toml``. Does not live here: names beside values (``phrases``). The
number that was captured always stands in the words, in decimal or as it was printed.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from .. import knowledge
from ..openflow.fields import bits_of, find_field, reserved_ports
from ..openflow.values import address_of_number, flag_signs, mac_of_number, number
from .message import Message, Param, Ref, RefKind, Series

# Above these a hexadecimal number is a pattern of bits, and its decimal form tells nobody anything.
_COUNTED = 1 << 16
_KEYS = 1 << 32
_SERVICES = {
    "tcp_src": ("tcp",),
    "tcp_dst": ("tcp",),
    "udp_src": ("udp",),
    "udp_dst": ("udp",),
    "ct_tp_src": ("tcp", "udp"),
    "ct_tp_dst": ("tcp", "udp"),
}
# vlan_tci: three bits of priority, the tag-present bit, twelve bits of VLAN (ovs-fields(7)).
_TAG_PRESENT = 0x1000
_VLAN_ID = 0xFFF


class Bits(NamedTuple):
    """Neighbouring bits of a field, and the number in them."""

    first: int
    last: int
    value: int


def table() -> dict[str, Any]:
    """``knowledge/openflow_phrases.toml``."""
    return knowledge.table("openflow_phrases")


def words(section: str, key: str) -> Message | None:
    """The words of a row of one of the plain sections, None when it has none."""
    found = table()[section].get(key)
    return None if found is None else Message(found)


@cache
def kind_of(name: str) -> RefKind:
    """What a field's value stands for."""
    kind: RefKind = table()["kinds"].get(name, "code")
    return kind


def field_words(name: str) -> Param:
    """What a field is called inside a sentence; registers and families by their own names."""
    found = words("words", name)
    return found or Ref("register" if name.lstrip("x").startswith("reg") else "field", name)


# Numbers that are tags of a network, but no VLANs (explain/identity.py keeps them apart).
_NUMBER_SPACES = {"metadata": "metadata", "tun_id": "vni"}


def value_ref(name: str, value: str, text: str) -> Ref:
    """A field's value, shown as ``text``."""
    space = _NUMBER_SPACES.get(name)
    return Ref(kind_of(name), value if space is None else f"{space} {value}", text)


def shown(value: str, name: str = "") -> str:
    """A hexadecimal number as people read it: ``0x3`` is 3, ``0x1f`` is 31 with the 0x1f beside.

    Wide numbers (bit patterns, addresses in registers) and what is known by its hexadecimal form
    (Ethertypes) stay as they are.
    """
    n = number(value)
    if n is None or not value.startswith("0x"):
        return value
    if name in table()["numbers"]["hexadecimal"]:
        return value
    if n < 10:
        return str(n)
    limit = _KEYS if name in table()["numbers"]["keys"] else _COUNTED
    return f"{n} ({value})" if n < limit else value


def brief(value: str, name: str = "") -> str:
    """The same where other parentheses follow: the decimal form alone."""
    return shown(value, name).partition(" (")[0]


@lru_cache(maxsize=1 << 14)
def meaning(name: str, value: str) -> Param | None:
    """What a value stands for: 67 is the DHCP server's port."""
    known = table()["meaning"].get(name, {}).get(value)
    if known is not None:
        return Message(known)
    n = number(value)
    if n is None:
        return None
    match name:
        case "in_port" | "in_port_oxm":
            return next(
                (Ref("code", port) for port, at in reserved_ports().items() if at == n), None
            )
        case "nw_tos":
            return Message("DSCP %(dscp)s", {"dscp": n >> 2})
        case "vlan_tci" | "vlan_tci1":
            return _tag(n)
        case _ if name in _SERVICES:
            services = table()["services"]
            found = [services[by][str(n)] for by in _SERVICES[name] if str(n) in services[by]]
            return Message(found[0]) if found else None
    return None


def _tag(tci: int) -> Message | None:
    if tci == 0:
        return Message("no VLAN tag")
    if not tci & _TAG_PRESENT:
        return None
    vlan = Ref("vlan", str(tci & _VLAN_ID), f"VLAN {tci & _VLAN_ID}")
    return Message("%(vlan)s, priority %(pcp)s", {"vlan": vlan, "pcp": tci >> 13})


def with_meaning(ref: Param, known: Param) -> Message:
    return Message("%(value)s (%(meaning)s)", {"value": ref, "meaning": known})


@lru_cache(maxsize=1 << 14)
def value(name: str, text: str, mask: str | None = None) -> Param:
    """A field's value with what it stands for beside it."""
    if mask is not None:
        return _masked(name, text, mask)
    known = meaning(name, text)
    if known is None:
        return value_ref(name, text, shown(text, name))
    # Beside words the decimal form of a number would be a second pair of parentheses.
    return with_meaning(value_ref(name, text, brief(text, name)), known)


def _masked(name: str, text: str, mask: str) -> Param:
    printed = f"{text}/{mask}"
    ref = value_ref(name, printed, printed)
    known = meaning(name, printed)
    if known is not None:
        return with_meaning(ref, known)
    if (span := _range(name, text, mask)) is not None:
        return with_meaning(value_ref(name, printed, span), Ref("code", printed))
    return ref


def _range(name: str, text: str, mask: str) -> str | None:
    """``8064-8191`` of a mask that leaves the lowest bits free: so a range of ports is written."""
    row, n, m = find_field(name), number(text), number(mask)
    if row is None or row.format != "decimal" or not row.bits or n is None or m is None:
        return None
    free = (1 << row.bits) - 1 & ~m
    return None if free & (free + 1) else f"{n & m}-{n & m | free}"


def bits_under(text: str, mask: str) -> Bits | None:
    """The bits that a mask picks, where they are neighbours: ``0x400/0x400`` is bit 10, set."""
    n, m = number(text), number(mask)
    if n is None or not m:
        return None
    first = (m & -m).bit_length() - 1
    picked = m >> first
    if picked & (picked + 1):
        return None
    return Bits(first, m.bit_length() - 1, (n & m) >> first)


def subfield(name: str, first: int, last: int) -> Param:
    """Some bits of a field: ``reg6[0..15]``, ``bits 0-63 of ct_label``, ``VLAN ID``."""
    part = f"{first}" if first == last else f"{first}..{last}"
    if (known := table()["subfields"].get(name, {}).get(part)) is not None:
        return Message(known)
    if name not in table()["words"]:
        row = find_field(name)
        kind: RefKind = "register" if row is not None and row.is_register else "field"
        return Ref(kind, name, f"{name}[{part}]")
    if first == last:
        return Message("bit %(bit)s of %(field)s", {"bit": str(first), "field": field_words(name)})
    return Message(
        "bits %(first)s-%(last)s of %(field)s",
        {"first": str(first), "last": str(last), "field": field_words(name)},
    )


@lru_cache(maxsize=1 << 14)
def masked_condition(name: str, text: str, mask: str) -> Message:
    """A match under a mask: of addresses a network, of other numbers some bits."""
    row = find_field(name)
    form = "" if row is None else row.format
    params: dict[str, Param] = {"field": field_words(name), "value": value(name, text, mask)}
    if meaning(name, f"{text}/{mask}") is not None or _range(name, text, mask) is not None:
        return Message("%(field)s %(value)s", params)
    if (form in ("ipv4", "ipv6") and mask.isdecimal()) or (form == "ethernet" and _is_prefix(mask)):
        return Message("%(field)s in %(value)s", params)
    bits = None if form in ("ipv4", "ipv6", "ethernet", "decimal") else bits_under(text, mask)
    if bits is None or (name in table()["subfields"] and not _has_name(name, bits)):
        return Message("%(field)s matching %(value)s", params)
    part = subfield(name, bits.first, bits.last)
    if bits.first == bits.last:
        state = Message("%(bit)s set" if bits.value else "%(bit)s clear", {"bit": part})
        return _as_printed(state, name, text, mask)
    number_ = Ref("code", f"{text}/{mask}", in_bits(bits))
    state = Message("%(field)s %(value)s", {"field": part, "value": number_})
    return _as_printed(state, name, text, mask)


def _has_name(name: str, bits: Bits) -> bool:
    part = f"{bits.first}" if bits.first == bits.last else f"{bits.first}..{bits.last}"
    return part in table()["subfields"][name]


# A mask of more digits than this is told by the bits alone, which say the same.
_READABLE = 10


def _as_printed(said: Message, name: str, text: str, mask: str) -> Message:
    """What was said of some bits, with the value and the mask as they were printed."""
    if len(mask) > _READABLE:
        return said
    printed = f"{text}/{mask}"
    return with_meaning(said, value_ref(name, printed, printed))


def in_bits(bits: Bits) -> str:
    """The number in some bits: decimal where that can be read."""
    return str(bits.value) if bits.value < _COUNTED else hex(bits.value)


def set_under_mask(name: str, text: str, mask: str) -> Message:
    """``bits 4-7 of metadata to 1``; of addresses the mask, as it is printed."""
    row = find_field(name)
    numeric = row is None or row.format not in ("ethernet", "ipv4", "ipv6")
    bits = bits_under(text, mask) if numeric else None
    if bits is None:
        return Message(
            "%(field)s to %(value)s in the bits of mask %(mask)s",
            {
                "field": field_words(name),
                "value": value_ref(name, text, text),
                "mask": f"/{mask}" if mask.isdecimal() else mask,
            },
        )
    params: dict[str, Param] = {
        "field": subfield(name, bits.first, bits.last),
        "value": Ref("code", f"{text}/{mask}", in_bits(bits)),
    }
    return _as_printed(Message("%(field)s to %(value)s", params), name, text, mask)


def _is_prefix(mac: str) -> bool:
    n = int(mac.replace(":", ""), 16)
    free = ~n & (1 << 48) - 1
    return free & (free + 1) == 0


def flags(name: str, text: str) -> Message | None:
    """``tcp_flags`` and their kind: which are set and which are clear."""
    row = find_field(name)
    if row is None or row.format != "flags" or name not in table()["flags"]:
        return None
    bits = bits_of(name)
    signs = flag_signs(text, bits)
    rows: Mapping[str, str] = table()["flags"][name]
    if not signs or any(flag not in rows for flag, _ in signs):
        return None
    are_set = tuple(Message(rows[flag]) for flag, is_set in signs if is_set)
    are_clear = tuple(Message(rows[flag]) for flag, is_set in signs if not is_set)
    field = field_words(name)
    if len(signs) == len(bits) and len(bits) > 1:
        if not are_set:
            return Message("no %(field)s set", {"field": field})
        return Message(
            "%(field)s %(set)s set and no other", {"field": field, "set": Series(are_set)}
        )
    if not are_clear:
        return Message("%(field)s %(set)s set", {"field": field, "set": Series(are_set)})
    if not are_set:
        return Message("%(field)s %(clear)s clear", {"field": field, "clear": Series(are_clear)})
    return Message(
        "%(field)s %(set)s set and %(clear)s clear",
        {"field": field, "set": Series(are_set), "clear": Series(are_clear)},
    )


@lru_cache(maxsize=1 << 14)
def in_own_format(name: str, text: str) -> str:
    """A number that is loaded into an address or MAC field, as such a value is written."""
    row, n = find_field(name), number(text)
    if row is None or n is None:
        return text
    if row.format == "ethernet" and n < 1 << 48:
        return mac_of_number(n)
    if row.format == "ipv4" and n < 1 << 32:
        return address_of_number(n, "ipv4")
    if row.format == "ipv6" and n < 1 << 128:
        return address_of_number(n, "ipv6")
    if row.format in ("decimal", "port"):
        return str(n)
    if name == "eth_type":
        return f"0x{n:04x}"
    return text


@lru_cache(maxsize=1 << 10)
def connection_state(text: str, *, brief: bool = False) -> Message | None:
    """``+est-rel-rpl`` in words: the flag that tells most first, the others beside it.

    ``brief``: without the others.
    """
    if not text.startswith(("+", "-")):
        return None
    flags = flag_signs(text, bits_of("ct_state"))
    if not flags:
        return None
    rows = table()["ct_state"]
    main = min(flags, key=lambda flag: (not flag[1], _LEADING.index(flag[0])))
    rest = tuple(
        Message(rows[name]["set" if is_set else "unset"])
        for name, is_set in flags
        if (name, is_set) != main
    )
    head = "head" if main[1] else "not_head"
    if brief or not rest:
        return Message(rows[main[0]][head])
    return Message(rows[main[0]][f"{head}_rest"], {"rest": Series(rest, "plain")})


# Which flag of a connection's state is said first.
_LEADING = ("inv", "new", "est", "rel", "rpl", "trk", "snat", "dnat")
