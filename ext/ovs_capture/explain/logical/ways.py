"""Where a logical flow sends its packets: to stages, to ports, or nowhere."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from ...logical.flow import Action, Constant, LogicalFlow, Symbol
from ..message import Message, Param, Ref
from .names import LogicalNames
from .steps import goal, onward_by_itself
from .telling import Telling


def ways(flow: LogicalFlow, names: LogicalNames) -> tuple[Param, ...]:
    """Each way once, in order: ``ls_in_acl``, ``output to vm1``, ``drop``."""
    found: list[Param] = []
    for way in _ways(flow.actions.items, Telling(names, flow), None):
        if way not in found:
            found.append(way)
    return tuple(found) or (Message("drop", context="way"),)


def _ways(actions: Iterable[Action], telling: Telling, port: Param | None) -> Iterator[Param]:
    for action in actions:
        if action.actions and action.name != "ct_commit":
            yield from _ways(action.actions, telling, port)
        elif action.name == "next" or onward_by_itself(action):
            yield _stage(action, telling)
        elif action.name == "output":
            yield (
                Message("output", context="way")
                if port is None
                else Message("output to %(port)s", {"port": port}, "way")
            )
        elif action.target == Symbol("outport"):
            match action.value():
                case Constant(kind="string", value=str(text)) if text:
                    port = telling.names.owner(text) or Ref("device", text)
                case Symbol(name="inport"):
                    port = Message("the input port")
                case _:
                    port = None


def _stage(action: Action, telling: Telling) -> Param:
    pipeline, table = goal(action, telling)
    stage = telling.names.stage(pipeline, table)
    if stage is not None:
        return Ref("code", stage)
    return Message("table %(table)s", {"table": str(table)}, "way")


class Goal(NamedTuple):
    """Where a way leads. ``next``, ``ct`` (through connection tracking): ``table`` of ``pipeline``
    (ingress or egress; empty: the flow's own, of a listing without heads). ``output``: to the
    egress pipeline, from there to a port. ``nothing``: what is left of the packet goes nowhere.
    """

    kind: Literal["next", "ct", "output", "drop", "nothing"]
    pipeline: str = ""
    table: int = -1


def goals(flow: LogicalFlow, names: LogicalNames) -> tuple[Goal, ...]:
    """Each goal of a flow once, in order: what a graph of stages draws."""
    items = flow.actions.items
    found = tuple(dict.fromkeys(_goals(items, Telling(names, flow))))
    if found:
        return found
    # northd writes an ACL's drop behind other actions as a comment (northd.c, consider_acl).
    drops = not items or any(action.name == "drop" for action in items)
    drops = drops or "/* drop */" in flow.actions.text
    return (Goal("drop" if drops else "nothing"),)


def _goals(actions: Iterable[Action], telling: Telling) -> Iterator[Goal]:
    for action in actions:
        if action.actions and action.name != "ct_commit":
            yield from _goals(action.actions, telling)
        elif action.name == "output":
            yield Goal("output")
        elif action.name == "next" or onward_by_itself(action):
            (_, pipeline), table = goal(action, telling)
            yield Goal("next" if action.name == "next" else "ct", pipeline, table)
