"""Flows of one shape told together: one reading, and what differs from flow to flow.

Lives here: the reading and the purpose of a group, and its columns. Which flows are a group is told
by ``tables``. A reading of a group says of a value that differs which values there are, or how many
where they are many.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..openflow.flow import Flow
from . import purpose, refs
from .fitting import literal_of
from .flows import reading
from .kinds import Kind, hole, is_hole, places_of
from .message import Message, Param, Ref, Series
from .names import Names
from .ovn.keys import metadata_of
from .phrases import Telling
from .purpose import Purpose
from .shapes import Shape, Slots, comparable
from .values import field_words
from .values import value as value_words

# So many values are named in a sentence; more are counted.
_FEW = 3
_HOLE = re.compile("\ue000([0-9]+)\ue001")


@dataclass(frozen=True)
class Column:
    """What differs. ``head``: the field; ``values``: one a flow; ``told``: each value in words.

    ``ports``: are the values ports?
    """

    head: Param
    values: tuple[str, ...]
    told: Mapping[str, Param] = field(repr=False)
    ports: bool = False

    def any_of(self) -> Param:
        """``67 or 68``, ``one of 420 ports``."""
        if len(self.told) <= _FEW:
            return Series(tuple(self.told.values()), "or")
        if self.ports:
            return Message("one of %(count)s ports", {"count": len(self.told)})
        return Message("one of %(count)s values", {"count": len(self.told)})

    def any_vlan(self) -> Param:
        """``VLAN 1 or VLAN 2``, where the sentence has no word before the number."""
        if len(self.told) <= _FEW:
            return Series(tuple(refs.vlan(vlan) for vlan in self.told), "or")
        return Message("one of %(count)s VLANs", {"count": len(self.told)})


@dataclass(frozen=True)
class Shared:
    """What flows of one shape have in common, and what differs from one to the next."""

    general: Flow
    columns: tuple[Column, ...]
    reading: Message
    purpose: Purpose | None


class Told(dict[tuple[str, str | None], dict[str, Param]]):
    """Values in words, by field and mask: the groups of a bridge have many in common."""


def shared(
    flows: Sequence[Flow], shape: Shape | None, names: Names, words: Told | None = None
) -> Shared:
    """Flows of one form (``kinds.form_of``) as one. ``words``: those of other groups, kept."""
    words = Told() if words is None else words
    kind = Kind.of(flows)
    places = list(places_of(flows[0], kind.clauses))
    values = kind.columns
    # One for each place, since what a value stands for depends on its field; those to show.
    columns: list[Column] = []
    shown: dict[tuple[bool, tuple[str, ...]], Column] = {}
    metadata = _datapath(flows, names)
    fillings: list[str] = []
    for place, column in zip(places, values, strict=True):
        distinct = dict.fromkeys(column)
        if len(distinct) == 1:
            fillings.append(column[0])
            continue
        fillings.append(hole(len(columns)))
        columns.append(_column(place, column, distinct, names, words, metadata))
        same = {value: comparable(value) for value in distinct}
        key = columns[-1].ports, tuple([same[value] for value in column])
        shown.setdefault(key, columns[-1])
    general = kind.filled(fillings)
    told = _with_values(reading(general, names), columns)
    assert isinstance(told, Message)
    why = None
    if shape is not None:
        why = _purpose(kind, fillings, shape, names, columns)
    return Shared(general, tuple(shown.values()), told, why)


def _datapath(flows: Sequence[Flow], names: Names) -> int | None:
    """The one datapath of OVN that all flows are of: it tells what their ports are."""
    if names.ovn is None:
        return None
    found = {metadata_of(flow) for flow in flows}
    return found.pop() if len(found) == 1 else None


def _told_value(
    field_name: str, value: str, mask: str | None, names: Names, metadata: int | None
) -> Param:
    if mask is not None:
        return value_words(field_name, value, mask)
    # No value of a field is told by the table that asks for it.
    telling = Telling(names, 0, metadata)
    return telling.port(value) if field_name == "in_port" else telling.value(field_name, value)


def _column(
    place: tuple[str, str, str | None],
    values: tuple[str, ...],
    distinct: Mapping[str, None],
    names: Names,
    words: Told,
    metadata: int | None,
) -> Column:
    name, what, mask = place
    field_name = _FIELDS.get(name, what)
    head = _HEADS[name] if name in _HEADS else field_words(field_name)
    # A logical port's number is another port in another datapath.
    of_ports = names.ovn is not None and names.ovn.carries_port(field_name)
    known = {} if of_ports else words.setdefault((field_name, mask), {})
    for value in distinct:
        if value not in known:
            known[value] = (
                Ref("code", value)
                if field_name in ("", "id")
                else _told_value(field_name, value, mask, names, metadata)
            )
    told = {value: known[value] for value in distinct}
    return Column(head, values, told, ports=field_name == "in_port")


# The field that an action sets, and what stands above the values of an action that sets none.
_FIELDS = {
    "output port": "in_port",
    "mod_dl_src mac": "eth_src",
    "mod_dl_dst mac": "eth_dst",
    "mod_vlan_vid vlan": "dl_vlan",
    "set_tunnel id": "tun_id",
    "conjunction id": "id",
    "ct zone": "ct_zone",
}
_HEADS: dict[str, Param] = {
    "in_port": Message("port", context="column"),
    "output port": Message("output port", context="column"),
    "conjunction id": Message("conjunction", context="column"),
}


def _purpose(
    kind: Kind, fillings: Sequence[str], shape: Shape, names: Names, columns: Sequence[Column]
) -> Purpose | None:
    literal = literal_of(shape.bridge, shape.table)
    first = [column[0] for column in kind.columns]
    names_of = [name for name, _, _ in places_of(kind.flows[0], kind.clauses)]
    kept = [
        value if literal(name, value) else filling
        for name, value, filling in zip(names_of, first, fillings, strict=True)
    ]
    slots = _LastOf()
    if not shape.looks_like(kind.filled(fillings), slots):
        # The shape asks for some values by themselves, and the flows have several of these.
        slots.clear()
        if not shape.looks_like(kind.filled(kept), slots):
            return None
    told = purpose.told(shape, slots, names)
    if is_hole(slots.get("ofport", "")):
        each: dict[str, Param] = {"owner": Message("each port")}
        message = Message(told.message.msgid, {**told.message.params, **each})
        told = told._replace(message=message)
    message_of = _with_values(told.message, columns)
    assert isinstance(message_of, Message)
    return told._replace(message=message_of)


class _LastOf(Slots):
    """Slots that take every value: the flows themselves were held against the shape."""

    def setdefault(self, slot: str, value: str = "") -> str:
        self[slot] = value
        return value


def _with_values(param: Param, columns: Sequence[Column]) -> Param:
    """A message about the general flow with the values in its holes."""
    match param:
        case Message():
            params = {name: _with_values(value, columns) for name, value in param.params.items()}
            return Message(param.msgid, params, param.context)
        case Series():
            return Series(tuple(_with_values(one, columns) for one in param.items), param.style)
        case Ref():
            found = _HOLE.search(param.value)
            if found is None:
                return param
            if param.kind == "code" and not _HOLE.match(param.shown):
                return Ref("code", _HOLE.sub("*", param.value), _HOLE.sub("*", param.shown))
            column = columns[int(found[1])]
            worded = param.kind == "vlan" and not is_hole(param.shown)
            return column.any_vlan() if worded else column.any_of()
        case str():
            found = _HOLE.fullmatch(param)
            return columns[int(found[1])].any_of() if found else _HOLE.sub("*", param)
    return param
