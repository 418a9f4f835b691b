"""Actions made ready to run: numbers in place of texts, once for each distinct list.

Lives here: ``Action`` -> ``Op``. What an operation does is in ``execute`` and its neighbours.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..openflow import fields, values
from ..openflow.flow import Action
from . import packet as p


class Bits(NamedTuple):
    """A subfield: ``width`` bits of ``field`` from bit ``start`` on."""

    field: str
    start: int
    width: int

    @property
    def ones(self) -> int:
        return (1 << self.width) - 1


class Op(NamedTuple):
    """One operation. ``value`` and ``mask``: what is written; ``target`` and ``source``: subfields.

    ``number``: a port, table, group, VLAN, TTL ... by kind; None when nothing tells it. ``action``:
    as parsed, for what is rare. ``inner``: the operations inside.
    """

    kind: str
    text: str
    action: Action
    number: int | None = None
    value: int = 0
    mask: int = 0
    target: Bits | None = None
    source: Bits | None = None
    inner: tuple["Op", ...] = ()


_RESERVED = {"IN_PORT", "NORMAL", "FLOOD", "ALL", "LOCAL", "TABLE", "NONE"}
# Old actions that write a field: the field, the argument with the value.
_SETTERS = {
    "mod_dl_src": ("eth_src", "mac"),
    "mod_dl_dst": ("eth_dst", "mac"),
    "mod_nw_src": ("ip_src", "ip"),
    "mod_nw_dst": ("ip_dst", "ip"),
    "mod_nw_ttl": ("nw_ttl", "ttl"),
    "mod_nw_ecn": ("nw_ecn", "ecn"),
    "mod_tp_src": ("tp_src", "port"),
    "mod_tp_dst": ("tp_dst", "port"),
    "set_mpls_label": ("mpls_label", "label"),
    "set_mpls_tc": ("mpls_tc", "tc"),
    "set_mpls_ttl": ("mpls_ttl", "ttl"),
    "set_tunnel": ("tun_id", "id"),
}
# Actions with one number, and the argument that holds it.
_NUMBERS = {
    "group": "group",
    "goto_table": "table",
    "push_vlan": "ethertype",
    "push_mpls": "ethertype",
    "pop_mpls": "ethertype",
    "mod_vlan_vid": "vlan",
    "set_vlan_vid": "vlan",
    "mod_vlan_pcp": "pcp",
    "set_vlan_pcp": "pcp",
    "mod_nw_tos": "tos",
    "set_queue": "queue",
    "meter": "meter",
    "check_pkt_larger": "length",
}


def compile_actions(actions: Iterable[Action], ports: Mapping[str, int]) -> tuple[Op, ...]:
    """``ports``: numbers of the bridge's ports by name."""
    return tuple(_compiled(action, ports) for action in actions)


def bits_of(arguments: Mapping[str, str], prefix: str = "", suffix: str = "") -> Bits | None:
    """``field``, ``start`` and ``bits`` among an action's arguments."""
    name = arguments.get(f"{prefix}field{suffix}")
    start, width = arguments.get(f"{prefix}start", ""), arguments.get("bits", "")
    if prefix == "zone_":
        width = arguments.get("zone_bits", "")
    field = fields.find_field(name) if name else None
    first, bits = values.decimal(start), values.decimal(width)
    if field is None or first is None:
        return None
    return Bits(field.name, first, 992 if bits is None else bits)


def port_number(text: str, ports: Mapping[str, int]) -> int | None:
    if (number := values.decimal(text)) is not None:
        return number
    if text == "ANY":
        return p.NO_PORT
    return ports[text] if text in ports else fields.reserved_ports().get(text)


def _compiled(action: Action, ports: Mapping[str, int]) -> Op:
    name, arguments = action.name, action.arguments
    op = Op(name, action.text, action)
    if action.actions:
        op = op._replace(inner=compile_actions(action.actions, ports))
    if name in _RESERVED:
        return op._replace(kind="output", number=fields.reserved_ports()[name])
    if name in _SETTERS and (found := _setter(op, *_SETTERS[name])):
        return found
    if name in _NUMBERS:
        number = values.number(arguments.get(_NUMBERS[name], ""))
        return op._replace(number=number, target=bits_of(arguments))
    match name:
        case "output":
            if "field" in arguments:
                return op._replace(kind="output_reg", source=bits_of(arguments))
            return op._replace(number=port_number(arguments.get("port", ""), ports))
        case "enqueue":
            return op._replace(number=port_number(arguments.get("port", ""), ports))
        case "resubmit":
            port = arguments.get("port", "")
            table = values.decimal(arguments.get("table", ""))
            return op._replace(
                number=port_number(port, ports) if port else fields.reserved_ports()["IN_PORT"],
                value=255 if table is None else table,
            )
        case "set_field":
            return _set_field(op, ports)
        case "load":
            target = bits_of(arguments)
            value = values.number(arguments.get("value", ""))
            if target is None or value is None:
                return op._replace(kind="unknown")
            return op._replace(
                kind="write",
                target=target,
                value=(value & target.ones) << target.start,
                mask=target.ones << target.start,
            )
        case "move":
            return op._replace(source=bits_of(arguments, "from_"), target=bits_of(arguments))
        case "push" | "pop" | "multipath" | "bundle_load":
            return op._replace(target=bits_of(arguments))
        case "write_metadata":
            value = values.number(arguments.get("value", "")) or 0
            mask = values.number(arguments["mask"]) if "mask" in arguments else None
            ones = (1 << 64) - 1 if mask is None else mask
            return op._replace(kind="write", target=Bits("metadata", 0, 64), value=value, mask=ones)
        case "ct":
            return op._replace(
                number=values.number(arguments.get("table", "")),
                value=values.number(arguments.get("zone", "")) or 0,
                source=bits_of(arguments, "zone_"),
            )
    return op


def _setter(op: Op, name: str, argument: str) -> Op | None:
    value = p.parse_number(op.action.arguments.get(argument, ""))
    if value is None:
        return None
    width = sum(place.width for place in p.places(name))
    ones = (1 << width) - 1
    return op._replace(kind="write", target=Bits(name, 0, width), value=value & ones, mask=ones)


def _set_field(op: Op, ports: Mapping[str, int]) -> Op:
    arguments = op.action.arguments
    name, text = arguments.get("field", ""), arguments.get("value", "")
    if not p.places(name):
        return op._replace(kind="unknown")
    if name in ("in_port", "in_port_oxm"):
        value = port_number(text, ports)
    else:
        value = p.number_of(name, text, ports)
    width = sum(place.width for place in p.places(name))
    mask: int | None = (1 << width) - 1
    if "mask" in arguments:
        mask = p.mask_of(name, arguments["mask"])
    if value is None or mask is None:
        return op._replace(kind="unknown")
    if name == "nw_tos":
        mask &= 0xFC
    return op._replace(kind="write", target=Bits(name, 0, width), value=value & mask, mask=mask)
