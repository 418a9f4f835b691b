"""Match fields: names, widths, and how a value is written.

Lives here: look-ups over ``knowledge/openflow_fields.toml``. The table says what a field is; this
module says how to find it (by any of its names) and how to bring a value to the one form in which
Open vSwitch itself would print it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from .. import knowledge
from . import values

ValueFormat = Literal[
    "decimal", "hex", "hex4", "hex5", "ethernet", "ipv4", "ipv6", "port", "frag", "packet_type",
    "flags",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """One field of ovs-fields(7). ``bits`` is None where the width is not fixed (tun_metadata).

    ``names``: other names in matches. ``nxm``: names in actions (``NXM_NX_REG5``). ``needs``: what
    the packet must be for the field to exist, in shorthands; ``""`` when every packet has it.
    """

    name: str
    names: tuple[str, ...]
    nxm: tuple[str, ...]
    bits: int | None
    format: ValueFormat
    maskable: bool
    writable: bool
    needs: str
    source: str

    @property
    def is_register(self) -> bool:
        """reg, xreg and xxreg: what a pipeline keeps its own notes in."""
        return self.name.lstrip("x").startswith("reg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A shorthand (``udp6``) and the fields that it stands for.

    ``family``: what decides which field a shared name is: tcp, udp, sctp, icmp, icmp6, arp or ip.
    """

    name: str
    implies: Mapping[str, str]
    family: str


_ROW = {"names", "nxm", "bits", "format", "maskable", "writable", "needs", "family", "source"}
_FAMILY_BY_NUMBER = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmp6", "132": "sctp"}


def _table() -> dict[str, Any]:
    return knowledge.table("openflow_fields")


def _fields_of_row(name: str, row: dict[str, Any]) -> Iterator[Field]:
    knowledge.require_known(row, _ROW, f"openflow_fields.toml: [fields.{name}]")
    first, last = row.get("family", (0, 0))
    for number in range(first, last + 1):

        def numbered(text: str, number: int = number) -> str:
            return text.replace("<N>", str(number))

        yield Field(
            name=numbered(name),
            names=tuple(map(numbered, row.get("names", ()))),
            nxm=tuple(map(numbered, row.get("nxm", ()))),
            bits=row.get("bits"),
            format=row["format"],
            maskable=row["maskable"],
            writable=row["writable"],
            needs=row.get("needs", ""),
            source=row["source"],
        )


@cache
def all_fields() -> Mapping[str, Field]:
    """Every field by its canonical name; families (``reg0`` ... ``reg31``) one by one."""
    fields = {}
    for name, row in _table()["fields"].items():
        for field in _fields_of_row(name, row):
            fields[field.name] = field
    return fields


@cache
def _by_any_name() -> Mapping[str, Field]:
    found: dict[str, Field] = {}
    for field in all_fields().values():
        for name in (field.name, *field.names, *field.nxm):
            if found.setdefault(name, field) is not field:
                raise KeyError(f"openflow_fields.toml: {name} names two fields")
    return found


@cache
def all_protocols() -> Mapping[str, Protocol]:
    """Every shorthand by each of its names."""
    found = {}
    for name, row in _table()["protocols"].items():
        implies = {key: row[key] for key in ("eth_type", "nw_proto", "packet_type") if key in row}
        family = _FAMILY_BY_NUMBER.get(row.get("nw_proto", ""), name.removesuffix("v6").rstrip("6"))
        if name == "rarp":
            family = "arp"
        for any_name in (name, *row.get("names", ())):
            found[any_name] = Protocol(name=name, implies=implies, family=family)
    return found


def find_field(name: str) -> Field | None:
    """A field by its canonical name, another name in matches, or an NXM/OXM name."""
    return _by_any_name().get(name)


def find_protocol(name: str) -> Protocol | None:
    return all_protocols().get(name)


@cache
def shared_names() -> Mapping[str, Mapping[str, str]]:
    """Names that mean one field or another: ``{"tp_dst": {"udp": "udp_dst", ...}}``, by family."""
    context: dict[str, dict[str, str]] = _table()["context"]
    return {find.name if (find := find_field(name)) else name: by for name, by in context.items()}


def family_of(implied: Mapping[str, str]) -> str | None:
    """The family of a packet with these fields (``eth_type``, ``nw_proto`` as canonical text)."""
    eth_type = implied.get("eth_type")
    if eth_type in ("0x0806", "0x8035"):
        return "arp"
    return _FAMILY_BY_NUMBER.get(implied.get("nw_proto", ""))


@cache
def bits_of(name: str) -> Mapping[str, int]:
    """The named bits of a field of format ``flags``: name -> bit number, lowest first."""
    bits: dict[str, int] = _table()["bits"][name]
    return bits


@cache
def reserved_ports() -> Mapping[str, int]:
    """OpenFlow's reserved ports: ``LOCAL`` -> 65534."""
    ports: dict[str, int] = _table()["values"]["port"]
    return ports


@cache
def value_names(name: str) -> Mapping[int, str]:
    """Names of a field's values: ``value_names("icmpv6_type")[135]``; empty when there are none."""
    rows = _table()["values"].get(name, {})
    return {int(key, 0): text for key, text in rows.items() if isinstance(text, str)}


def canonical(field: Field, text: str) -> tuple[str, str | None] | None:
    """``(value, mask)`` of a printed ``VALUE[/MASK]`` as Open vSwitch prints them, None when wrong.

    ``mask`` is None when the match is exact. IPv4 and IPv6 masks are prefix lengths where they are
    prefixes. Fields of format ``flags`` keep their signs (``+est-rel``), in order of the bits, and
    have no mask: the signs tell which bits are tested.
    """
    if field.format == "port":
        return (values.port(text, reserved_ports()), None) if values.PORT.fullmatch(text) else None
    if field.format == "flags":
        signs = values.flag_signs(text, bits_of(field.name))
        return None if signs is None else (values.signed(signs), None)
    if field.format == "frag":
        names = _table()["values"]["ip_frag"]["names"]
        return (text, None) if text in names else None
    if field.format == "packet_type":
        return (text, None) if values.PACKET_TYPE.fullmatch(text) else None
    value, slash, mask = text.partition("/")
    if field.format == "ethernet":
        return values.masked_mac(value, mask if slash else None)
    if field.format in ("ipv4", "ipv6"):
        return values.masked_address(value, mask if slash else None, field.format)
    return values.masked_number(value, mask if slash else None, field.format, _width(field))


def _width(field: Field) -> int | None:
    # vlan_vid is written with the bit that says "tagged" (4096 + VLAN): one bit more than a VLAN.
    return 13 if field.name == "vlan_vid" else field.bits
