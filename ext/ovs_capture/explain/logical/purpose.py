"""The purpose of a logical flow: why ovn-northd makes it.

A flow that has a shape of ``knowledge/ovn_flow_purposes.toml`` is told by it, another by what its
stage is for. A flow of a stage that no version of OVN has gets none.
"""

import re
from functools import cache, lru_cache

from ... import knowledge
from ...logical.flow import LogicalFlow
from ...logical.stages import stage
from ..message import Message, Param, Ref
from ..purpose import Purpose
from .names import LogicalNames
from .telling import Telling

_HOLE = re.compile(r"%\((\w+)\)s")
_SLOT = re.compile(r"<(\w+)>|(\.\.\.)")
# A value in a slot: a name in quotes, a set, or a word, which may hold brackets ([fd00::1]:80).
_VALUE = r"\"[^\"]*\"|\{[^{}]*\}|[^\s;,(){}]+"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_BEFORE_END = re.compile(r"\s+;")


class Shape:
    """One ``[[shapes]]`` of the table."""

    def __init__(self, row: dict[str, object]) -> None:
        known = {"id", "stages", "priority", "match", "actions", "purpose", "source"}
        knowledge.require_known(row, known, f"ovn_flow_purposes.toml: {row.get('id')}")
        self.id, self.purpose, self.source = (str(row[k]) for k in ("id", "purpose", "source"))
        self.priority = row.get("priority")
        self.match = _pattern(row.get("match"))
        self.actions = _pattern(row.get("actions"))

    def fit(self, flow: LogicalFlow) -> dict[str, str] | None:
        """What stands in the slots of a flow that has this shape."""
        if self.priority is not None and self.priority != flow.priority:
            return None
        slots: dict[str, str] = {}
        for pattern, text in ((self.match, flow.match.text), (self.actions, flow.actions.text)):
            if pattern is None:
                continue
            found = pattern.fullmatch(bare(text))
            if found is None:
                return None
            slots |= found.groupdict()
        return slots


@lru_cache(maxsize=1 << 15)
def bare(text: str) -> str:
    """A match or actions without comments and without the breaks of a wrapped capture."""
    return _BEFORE_END.sub(";", _BLANKS.sub(" ", _COMMENT.sub(" ", text))).strip()


def _pattern(template: object) -> re.Pattern[str] | None:
    """``arp.tpa == <address> ...``: a slot for a value, dots for any text."""
    if template is None:
        return None
    parts: list[str] = []
    seen: set[str] = set()
    text, place = str(template), 0
    for slot in _SLOT.finditer(text):
        parts.append(re.escape(text[place : slot.start()]))
        place = slot.end()
        name = slot[1]
        if name is None:
            parts.append(".*?")
        elif name in seen:
            parts.append(f"(?P={name})")
        else:
            seen.add(name)
            parts.append(f"(?P<{name}>{_VALUE})")
    return re.compile("".join(parts) + re.escape(text[place:]))


@cache
def _shapes() -> dict[str, tuple[Shape, ...]]:
    found: dict[str, list[Shape]] = {}
    for row in knowledge.table("ovn_flow_purposes")["shapes"]:
        shape = Shape(row)
        for name in row["stages"]:
            found.setdefault(name, []).append(shape)
    return {name: tuple(shapes) for name, shapes in found.items()}


def purpose(flow: LogicalFlow, names: LogicalNames) -> Purpose | None:
    """Why the flow is there; None of a stage that is not known."""
    known = stage(flow.stage)
    for shape in _shapes().get(flow.stage, ()):
        slots = shape.fit(flow)
        if slots is None:
            continue
        telling = Telling(names, flow)
        holes = {name: _param(name, slots[name], telling) for name in _HOLE.findall(shape.purpose)}
        return Purpose(Message(shape.purpose, holes), f"{shape.source} ({flow.stage}, {shape.id})")
    if known is None:
        return None
    if (rest := _rest(flow)) is not None:
        return Purpose(rest, f"{known.source} ({flow.stage})")
    return Purpose(Message(known.lead), f"{known.source} ({flow.stage})")


def _rest(flow: LogicalFlow) -> Message | None:
    """What the last flow of a stage is for, which takes what no other has taken."""
    if flow.priority != 0 or bare(flow.match.text) != "1":
        return None
    match bare(flow.actions.text):
        case "next;":
            return Message("What no other flow of this stage names goes on unchanged.")
        case "drop;" | "":
            return Message("What no other flow of this stage allows ends here.")
    return None


_PORTS = ("port", "cr", "vport", "out", "side")
_MACS = ("mac",)
_GROUPS = ("group",)


def _param(slot: str, text: str, telling: Telling) -> Param:
    value = text[1:-1] if text.startswith('"') else text
    if slot in _PORTS:
        return telling.names.owner(value) or Ref("device", value)
    if slot in _MACS:
        return Ref("mac", value.lower(), value)
    if slot in _GROUPS:
        return telling.names.group(value)
    return Ref("address", value)
