"""The values of a logical flow as they stand in its sentence.

Lives here: what is told of constants and symbols, with names beside them. Does not live here: how
a match (``matches``) or an action (``steps``) is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...logical.flow import (
    Constant,
    ConstantSet,
    Endpoint,
    LogicalFlow,
    PortRange,
    Symbol,
    Value,
    Word,
)
from .. import values
from ..message import Message, Param, Ref, Series
from . import words
from .names import LogicalNames, datapath_kind, pipeline_key
from .words import DatapathKind

PORTS = ("inport", "outport", "remote_outport")


@dataclass
class Telling:
    """Makes the phrases of one flow. ``said``: names that the sentence has already."""

    names: LogicalNames
    flow: LogicalFlow
    said: set[Ref] = field(default_factory=set)

    @property
    def kind(self) -> DatapathKind | None:
        return datapath_kind(self.flow)

    @property
    def pipeline(self) -> tuple[str, str]:
        return pipeline_key(self.flow)

    def field(self, symbol: Symbol) -> Param:
        """What a symbol is called."""
        return words.field(symbol, self.kind, self.names.versions)

    def port(self, name: str) -> Param:
        """A logical port, always with its name; a multicast group with what its ports are."""
        group = words.row("groups", name)
        if group is not None:
            return values.with_meaning(Ref("code", name), group)
        owner = self.names.owner(name)
        if owner is not None:
            self.said.add(owner)
        return self.names.port(name)

    def constant(self, symbol: Symbol | None, constant: Constant) -> Param:
        """A constant with what it stands for beside it."""
        text = constant.text
        match constant.kind:
            case "string" if symbol is not None and symbol.name in PORTS:
                return self.port(str(constant.value))
            case "port_group":
                group = Ref("code", str(constant.value), text)
                return Message("a port of group %(group)s", {"group": group})
            case "address_set":
                known = words.row("sets", str(constant.value))
                ref = Ref("code", str(constant.value), text)
                return (
                    Message("an address of set %(set)s", {"set": ref})
                    if known is None
                    else values.with_meaning(ref, known)
                )
            case "template":
                return Message("the chassis's value of %(name)s", {"name": Ref("code", text)})
            case "mac" if constant.mask is None:
                return self._named(Ref("mac", text.lower(), text), self.names.mac(text.lower()))
            case "mac":
                return Ref("mac", text)
            case "ipv4" | "ipv6":
                owner = self.names.address(text) if constant.mask is None else None
                return self._named(Ref("address", text), owner)
            case _:
                return words.value("" if symbol is None else symbol.name, text)

    def _named(self, ref: Ref, owner: Ref | None) -> Param:
        """A name beside a value, unless the sentence has it already."""
        if owner is None or owner in self.said:
            return ref
        self.said.add(owner)
        return values.with_meaning(ref, owner)

    def constants(self, symbol: Symbol | None, constants: Iterable[Constant]) -> Param:
        told = tuple(self.constant(symbol, one) for one in constants)
        return told[0] if len(told) == 1 else Series(told, "or")

    def value(self, symbol: Symbol | None, value: Value) -> Param:
        """Any value of an action: a constant, or the contents of a field."""
        match value:
            case Constant():
                return self.constant(symbol, value)
            case ConstantSet():
                return self.constants(symbol, value.constants)
            case Symbol():
                return self.field(value)
            case Endpoint():
                return Ref("address", written(value))
            case _:
                return Ref("code", written(value))


def written(value: Value) -> str:
    """A value as it is printed."""
    match value:
        case Symbol():
            return words.printed(value)
        case Constant() | ConstantSet() | Word():
            return value.text
        case Endpoint():
            host = value.address.text
            form = f"[{host}]" if value.address.kind == "ipv6" else host
            return f"{form}:{value.port.text}"
        case PortRange():
            return f"{value.first.text}-{value.last.text}"
