"""A listing of logical flows as a page tells it: pipelines, their stages, and rows of flows.

Flows of one stage and priority whose sentences differ in values only are one row, with what differs
in columns. Neighbouring stages that hand everything on are told in one line.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...logical.flow import Datapath, LogicalFlow
from ...logical.stages import stage as stage_of
from ..groups import Column
from ..message import Message, Param, Ref, Series
from ..purpose import Purpose
from .names import LogicalNames, PipelineKey, datapath_kind, pipeline_key
from .purpose import bare, purpose
from .reading import reading


@dataclass(frozen=True)
class Row:
    """Flows that are told together; ``columns`` has what differs, nothing of a lone flow."""

    flows: tuple[LogicalFlow, ...]
    reading: Message
    purpose: Purpose | None
    columns: tuple[Column, ...] = ()

    @property
    def flow(self) -> LogicalFlow:
        return self.flows[0]


@dataclass(frozen=True)
class Stage:
    """A stage of a pipeline. ``role``, ``lead``: None of a stage that no version of OVN has."""

    table: int
    name: str
    role: Message | None
    lead: Message | None
    rows: tuple[Row, ...]

    @property
    def flows(self) -> int:
        return sum(len(row.flows) for row in self.rows)


@dataclass(frozen=True)
class Passage:
    """Neighbouring stages that hand everything on."""

    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Part:
    """One pipeline of one datapath. ``datapath`` None: the listing begins in the middle.

    ``datapaths``: how many datapaths of a kind are told together.
    """

    key: PipelineKey
    datapath: Datapath | None
    stages: tuple[Stage | Passage, ...]
    datapaths: int = 1

    @property
    def flows(self) -> int:
        return sum(stage.flows for one in self.stages for stage in all_stages(one))


def all_stages(one: Stage | Passage) -> tuple[Stage, ...]:
    """A stage, or those that hand everything on."""
    return one.stages if isinstance(one, Passage) else (one,)


# Above so many flows the datapaths of a kind are told together: they have the same stages, and most
# of their flows differ in names only.
LARGE = 3000


def parts(flows: Sequence[LogicalFlow], names: LogicalNames, *, limit: int = 0) -> tuple[Part, ...]:
    """The pipelines in order of the listing. ``limit``: tell no more flows than so many; 0: all."""
    told = flows[:limit] if limit else flows
    together = len(told) > LARGE
    found: dict[PipelineKey, list[LogicalFlow]] = {}
    for flow in told:
        key = pipeline_key(flow)
        if together:
            key = datapath_kind(flow) or "", key[1]
        found.setdefault(key, []).append(flow)
    return tuple(
        Part(
            key,
            of_it[0].datapath,
            tuple(_passages(_stages(of_it, names))),
            len({pipeline_key(flow) for flow in of_it}),
        )
        for key, of_it in found.items()
    )


def _stages(flows: Sequence[LogicalFlow], names: LogicalNames) -> Iterator[Stage]:
    tables: dict[tuple[int, str], list[LogicalFlow]] = {}
    for flow in flows:
        tables.setdefault((flow.table, flow.stage), []).append(flow)
    for (table, name), of_it in sorted(tables.items(), key=lambda one: one[0][0]):
        known = stage_of(name)
        yield Stage(
            table,
            name,
            None if known is None else Message(known.role),
            None if known is None else Message(known.lead),
            tuple(rows(of_it, names)),
        )


def _passages(stages: Iterable[Stage]) -> Iterator[Stage | Passage]:
    held: list[Stage] = []
    for stage in stages:
        if _passes(stage):
            held.append(stage)
            continue
        yield from _held(held)
        held = []
        yield stage
    yield from _held(held)


def _held(held: list[Stage]) -> Iterator[Stage | Passage]:
    if len(held) > 1:
        yield Passage(tuple(held))
    else:
        yield from held


def _passes(stage: Stage) -> bool:
    return all(
        bare(flow.match.text) == "1" and hands_on(flow) for row in stage.rows for flow in row.flows
    )


def hands_on(flow: LogicalFlow) -> bool:
    """Does a flow do nothing but hand packets on to the next table?"""
    return bare(flow.actions.text) == "next;"


def rows(flows: Iterable[LogicalFlow], names: LogicalNames) -> Iterator[Row]:
    """The flows of a stage, highest priority first, those of one shape in one row."""
    found: dict[object, list[tuple[LogicalFlow, Message, Purpose | None]]] = {}
    for flow in sorted(flows, key=lambda flow: -flow.priority):
        told, why = reading(flow, names), purpose(flow, names)
        key = (flow.priority, form(told), None if why is None else form(why.message))
        found.setdefault(key, []).append((flow, told, why))
    for alike in found.values():
        flow, told, why = alike[0]
        if len(alike) == 1:
            yield Row((flow,), told, why)
        else:
            yield _row(alike)


def _row(alike: Sequence[tuple[LogicalFlow, Message, Purpose | None]]) -> Row:
    merged = _Merged()
    told = merged.param([one for _, one, _ in alike])
    shown = merged.columns()
    why = alike[0][2]
    if why is not None:
        message = _Each().param([one.message for _, _, one in alike if one is not None])
        assert isinstance(message, Message)
        why = why._replace(message=message)
    assert isinstance(told, Message)
    flows = tuple(flow for flow, _, _ in alike)
    return Row(flows, told, why, (*_datapaths(flows), *shown))


def _datapaths(flows: Iterable[LogicalFlow]) -> Iterator[Column]:
    """The column of the datapaths, where the flows are of several."""
    values = tuple(datapath_name(flow.datapath) for flow in flows)
    if len(set(values)) > 1:
        told: dict[str, Param] = {value: Ref("code", value) for value in values}
        yield Column(Message("datapath", context="column"), values, told)


def datapath_name(head: Datapath | None) -> str:
    """What people call a datapath, else its name, else its UUID."""
    return "-" if head is None else head.alias or head.name or head.uuid or "-"


# A value with what it stands for, and a port with its owner, are one value each.
_VALUES = frozenset({"%(value)s (%(meaning)s)", "%(owner)s (%(port)s)"})


def _is_value(param: Param) -> bool:
    if isinstance(param, Message) and param.msgid in _VALUES:
        inner = param.params.get("value") or param.params.get("port")
        return isinstance(inner, Ref) and inner.kind != "register"
    return isinstance(param, Ref) and param.kind not in ("register", "field")


def form(param: Param) -> object:
    """Equal for messages that differ in values only."""
    if _is_value(param):
        return None
    match param:
        case Message():
            inner = tuple((name, form(value)) for name, value in param.params.items())
            return param.msgid, param.context, inner
        case Series():
            return param.style, tuple(form(item) for item in param.items)
    return param


class _Merged:
    """Messages of one form as one: where the values differ, it says which there are."""

    def __init__(self) -> None:
        self._found: dict[tuple[Param, ...], Column] = {}

    def columns(self) -> tuple[Column, ...]:
        return tuple(self._found.values())

    def param(self, alike: Sequence[Param], head: Param | None = None) -> Param:
        first = alike[0]
        if _is_value(first):
            return self._value(alike, head)
        match first:
            case Message():
                params = {
                    name: self.param(
                        [one.params[name] for one in alike if isinstance(one, Message)],
                        _head(first, name),
                    )
                    for name in first.params
                }
                return Message(first.msgid, params, first.context)
            case Series():
                items = tuple(
                    self.param([one.items[place] for one in alike if isinstance(one, Series)], head)
                    for place in range(len(first.items))
                )
                return Series(items, first.style)
        return first

    def _value(self, alike: Sequence[Param], head: Param | None) -> Param:
        texts = tuple(_text(one) for one in alike)
        if len(set(texts)) == 1:
            return alike[0]
        key: tuple[Param, ...] = texts
        if key not in self._found:
            told = dict(zip(texts, alike, strict=True))
            ports = _kind(alike[0]) == "device"
            self._found[key] = Column(head or Message("value"), texts, told, ports)
        return self._found[key].any_of()


class _Each(_Merged):
    """The same for a purpose, which is true of each flow with its own values."""

    def _value(self, alike: Sequence[Param], head: Param | None) -> Param:
        if len({_text(one) for one in alike}) == 1:
            return alike[0]
        match _kind(alike[0]):
            case "device" | "guest":
                return Message("each port")
            case "address":
                nets = all("/" in _text(one) for one in alike)
                return Message("each network") if nets else Message("each address")
            case "mac":
                return Message("each MAC")
        if head == _HEADS["port"]:
            return Message("each port")
        return Message("each group") if head == _HEADS["group"] else Message("each of them")


def _kind(param: Param) -> str:
    """What a value is, with or without what it stands for."""
    match param:
        case Ref():
            return param.kind
        case Message():
            return _kind(param.params.get("value") or param.params.get("port") or "")
    return ""


def _text(param: Param) -> str:
    """What tells one value from another: the value itself, without what it stands for."""
    match param:
        case Ref():
            return param.value
        case Message():
            return _text(param.params.get("value") or param.params.get("port") or param.msgid)
    return str(param)


_HEADS: dict[str, Param] = {
    "port": Message("port", context="column"),
    "group": Message("port group", context="column"),
    "address": Message("address", context="column"),
    "mac": Message("MAC", context="column"),
    "backends": Message("backends", context="column"),
}


def _head(message: Message, name: str) -> Param | None:
    """What stands above the values of a hole: the field that has them."""
    field = message.params.get("field")
    if name == "value" and field is not None:
        return field
    return _HEADS.get(name)
