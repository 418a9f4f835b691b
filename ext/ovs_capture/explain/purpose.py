"""The purpose of a flow: why the recognised agent installs it.

Said only of a flow that has a known shape of a recognised pipeline; every other flow has a reading
and no purpose.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ..openflow.flow import Flow
from ..openflow.values import number
from . import refs
from .agents import shapes_for
from .message import Message, Param, Ref
from .names import Names, Subject
from .pipeline import Pipeline
from .shapes import Shape, Slots

# Neutron: the port's number (neutron-lib, agent/common/constants.py REG_PORT).
_PORT_REGISTER = "reg5"
# Slots of OVN's shapes: a datapath, and a logical port of it.
_DATAPATHS = ("switch", "router", "datapath")
_LOGICAL_PORTS = ("inport", "outport", "redirect")


class Purpose(NamedTuple):
    """Why a flow is there. ``source``: the rule in the agent's code, with the shape's name."""

    message: Message
    source: str


def purpose(flow: Flow, pipeline: Pipeline | None, names: Names) -> Purpose | None:
    """The purpose of a flow of the bridge that ``names`` is about."""
    found = rule(flow, pipeline, names)
    return None if found is None else told(*found, names)


def rule(flow: Flow, pipeline: Pipeline | None, names: Names) -> tuple[Shape, Slots] | None:
    """The shape that says why a flow is there, and what fills its slots."""
    role = None if pipeline is None else pipeline.roles.get(names.bridge or "")
    if pipeline is None or role is None:
        return None
    found = {
        id(shape): (shape, slots)
        for shape in shapes_for(role, flow)
        if (slots := shape.fit(flow, names)) is not None
    }
    chosen = first_suiting([shape for shape, _ in found.values()], pipeline.releases)
    return None if chosen is None else found[id(chosen)]


def first_suiting(shapes: Sequence[Shape], releases: Sequence[int]) -> Shape | None:
    """The first shape of the concluded releases, else the first at all."""
    suiting = (s for s in shapes if any(release in s.releases for release in releases))
    return next(suiting, next(iter(shapes), None))


def told(shape: Shape, slots: Slots, names: Names) -> Purpose:
    """What a shape says, its slots filled."""
    return Purpose(
        Message(shape.purpose, _holes(slots, names)),
        f"{shape.source} ({shape.place}, {shape.id})",
    )


def _holes(slots: Slots, names: Names) -> dict[str, Param]:
    holes: dict[str, Param] = {slot: _param(slot, text, names) for slot, text in slots.items()}
    if "ofport" in slots:
        holes["owner"] = _owner(slots["ofport"], names)
    port = slots.get("patch", slots.get("port"))
    if port is not None:
        holes["beyond"] = names.beyond(port) or _called(names.port(port))
    metadata = next((slots[slot] for slot in _DATAPATHS if slot in slots), None)
    if metadata is not None:
        for slot in _DATAPATHS:
            if slot in slots:
                holes[slot] = _datapath(slots[slot], names)
        for slot in _LOGICAL_PORTS:
            if slot in slots:
                holes[slot] = _logical_port(metadata, slots[slot], names)
    return holes


def _datapath(text: str, names: Names) -> Param:
    if (n := number(text)) is None:
        return Message("each datapath")
    return names.datapath(n) or Message("datapath %(key)s", {"key": Ref("code", text, str(n))})


def _logical_port(metadata: str, text: str, names: Names) -> Param:
    if (n := number(text)) is None:
        return Message("each port")
    key = Ref("code", text, str(n))
    known = names.logical_port(number(metadata), n)
    return known or Message("logical port %(key)s", {"key": key})


def _param(slot: str, text: str, names: Names) -> Param:
    n = number(text)
    match slot:
        case "port" | "patch" | "local" | "out":
            return _called(names.port(text))
        case "vlan" | "vlan2" | "provider":
            return refs.vlan(text if n is None else n)
        case "segment":
            return Ref("vlan", f"vni {text}", text if n is None else str(n))
        case "address" | "fixed":
            return Ref("address", text)
        case "ofport" if n is not None:
            return Ref("code", text, str(n))
        case "mac" | "gateway" | "dvr":
            return Ref("mac", text)
        case _:
            return text


def _called(subject: Subject) -> Param:
    """A guest by its name alone; a namespace has many ports, so its port stands beside it."""
    if subject.owner is not None and subject.owner.kind == "guest":
        return subject.owner
    return subject.full


def _owner(ofport: str, names: Names) -> Param:
    n = number(ofport)
    subject = None if n is None else names.in_register(_PORT_REGISTER, n)
    if subject is not None and subject.who is not None:
        return _called(subject)
    return Message("port %(number)s", {"number": Ref("code", ofport if n is None else str(n))})
