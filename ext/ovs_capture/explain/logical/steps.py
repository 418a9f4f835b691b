"""The actions of a logical flow as steps of a sentence.

Lives here: how an action finds its row in ``knowledge/ovn_phrases.toml`` and how its holes are
filled. An action without a row is said as it is printed: nothing is left out, nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from ... import knowledge
from ...logical.flow import Action, Argument, Constant, Symbol
from ..message import Message, Param, Ref, Series
from ..phrases import Step
from . import words
from .names import PipelineKey
from .telling import Telling, written


class Row(NamedTuple):
    """One ``[[actions.NAME]]`` of the table."""

    arguments: frozenset[str]
    step: str
    onward: bool


_ROW = {"with", "step", "onward"}


@cache
def _rows(name: str) -> tuple[Row, ...]:
    rows = []
    for row in words.table()["actions"].get(name, ()):
        knowledge.require_known(row, _ROW, f"ovn_phrases.toml: [[actions.{name}]]")
        rows.append(Row(frozenset(row["with"]), row["step"], row.get("onward", False)))
    return tuple(rows)


def steps(actions: Iterable[Action], telling: Telling) -> Iterator[Step]:
    """All steps of an action list; assignments that follow one another are one step."""
    left = list(actions)
    assignments: list[Param] = []
    if not left:
        yield _step("drop", {})
    while left:
        taken, step = _together(left, telling)
        if not taken and (assignment := _assignment(left[0], telling)) is not None:
            assignments.append(assignment)
            del left[0]
            continue
        if assignments:
            yield _step("assign", {"assignments": Series(tuple(assignments))})
            assignments.clear()
        if step is None:
            taken, step = 1, _single(left[0], telling)
        yield step
        del left[:taken]
    if assignments:
        yield _step("assign", {"assignments": Series(tuple(assignments))})


def _together(left: Sequence[Action], telling: Telling) -> tuple[int, Step | None]:
    """What several actions in a row do as one: choose a port and send there."""
    outputs = [action.name for action in left[:3]].index("output") if any(
        action.name == "output" for action in left[:3]
    ) else 0  # fmt: skip
    if not outputs:
        return 0, None
    names = [_form(action) for action in left[:outputs]]
    if names == ["outport"]:
        port = left[0].value()
        assert isinstance(port, Constant)
        return 2, _step("output_to", {"port": telling.port(str(port.value))})
    if names in (["outport_inport", "loopback"], ["outport_inport", "no_inport"]):
        # Since 2.6 a flag permits it; before, the input port was forgotten (ovn-sb(5), output).
        return 3, _step("send_back", {})
    return 0, None


def _form(action: Action) -> str:
    """What an assignment does that has a row of its own, else the action's name."""
    if action.form != "assign" or action.target is None:
        return action.name
    target, value = words.printed(action.target), action.value()
    match target, value:
        case "outport", Constant(kind="string", value=text) if text:
            return "outport"
        case "outport", Symbol(name="inport", bits=()):
            return "outport_inport"
        case "inport", Constant(kind="string", value=""):
            return "no_inport"
        case "flags.loopback", Constant(value=1):
            return "loopback"
    return action.name


def _assignment(action: Action, telling: Telling) -> Param | None:
    """``reg0 to 10.0.0.1`` of an action that only sets a field, else None."""
    target, value = action.target, action.value()
    if action.form != "assign" or target is None or value is None or len(action.arguments) != 1:
        return None
    if action.name not in ("load", "move", "icmp4.frag_mtu") or _form(action) != action.name:
        return None
    told = telling.value(target, value)
    return Message("%(field)s to %(value)s", {"field": telling.field(target), "value": told})


def _single(action: Action, telling: Telling) -> Step:
    form = _form(action)
    match form:
        case "outport":
            return _step("outport", {"port": telling.value(action.target, _only(action))})
        case "outport_inport" | "no_inport" | "loopback":
            return _step(form, {})
        case "exchange" if action.target is not None:
            a, b = telling.field(action.target), telling.value(None, _only(action))
            return _step("exchange", {"a": a, "b": b})
        case "next":
            return _next(action, telling)
        case "ip.ttl--":
            return _step("ip.ttl--", {})
        case "ct_commit":
            return _commit(action, telling)
    params = _params(action, telling)
    if action.actions:
        params["steps"] = series(steps(action.actions, telling))
    elif action.form == "block":
        params["steps"] = series(steps((), telling))
    return _step(action.name, params, action)


def _only(action: Action) -> Constant | Symbol:
    value = action.value()
    assert isinstance(value, Constant | Symbol), "the grammar gives an assignment one value"
    return value


def series(found: Iterable[Step]) -> Series:
    """Steps as a sentence of their own: all but the last in the middle form."""
    told = tuple(found)
    return Series((*(step.mid() for step in told[:-1]), *(s.end() for s in told[-1:])), "steps")


def goal(action: Action, telling: Telling) -> tuple[PipelineKey, int]:
    """The pipeline and the table that an action goes on to: ``next(pipeline=ingress, table=0)``.

    ``next;`` and what goes on by itself lead to the next table; -1 of a number that is none.
    """
    pipeline, table = _asked(action) if action.name == "next" else ("", "")
    datapath, own = telling.pipeline
    try:
        number = int(table, 0) if table else telling.flow.table + 1
    except ValueError:
        number = -1
    return (datapath, pipeline or own), number


def onward_by_itself(action: Action) -> bool:
    """Does an action go on to the next table without ``next``? So conntrack does (ovn-sb(5))."""
    return action.name in words.table()["onward"]["actions"]


def _asked(action: Action) -> tuple[str, str]:
    """Pipeline and table as a ``next`` names them; "" where it does not."""
    named = {a.name: written(a.values[0]) for a in action.arguments if a.name and a.values}
    value = action.value()
    table = named.get("table", "") or ("" if value is None else written(value))
    return named.get("pipeline", ""), table


def _next(action: Action, telling: Telling) -> Step:
    """``next;``, ``next(3);``, ``next(pipeline=ingress, table=0);`` by the stage's name."""
    where, number = goal(action, telling)
    stage = telling.names.stage(where, number)
    if stage is not None:
        return _step("next", {"stage": Ref("code", stage)})
    pipeline, table = _asked(action)
    if not pipeline and not table:
        return _step("next", {})
    told: dict[str, Param] = {"table": Ref("code", table or str(number))}
    if pipeline:
        told["pipeline"] = Ref("code", pipeline)
    return _step("next", told)


def _commit(action: Action, telling: Telling) -> Step:
    """``ct_commit { ct_mark.blocked = 1; }``; until 20.09 ``ct_commit(ct_mark=1)``."""
    told = [_assignment(inner, telling) for inner in action.actions]
    for argument in action.arguments:
        target = Symbol(argument.name) if argument.name else None
        for value in argument.values:
            said = telling.value(target, value)
            told.append(
                said
                if target is None
                else Message(
                    "%(field)s to %(value)s", {"field": telling.field(target), "value": said}
                )
            )
    known = tuple(one for one in told if one is not None)
    if len(known) < len(told):
        return _step("printed", {"action": Ref("code", printed(action))})
    return _step("ct_commit", {"assignments": Series(known)} if known else {})


def _params(action: Action, telling: Telling) -> dict[str, Param]:
    """What an action's arguments put into the holes of its row."""
    params: dict[str, Param] = {}
    if action.target is not None:
        params["result"] = telling.field(action.target)
    holes = words.table()["positions"].get(action.name, ())
    slots = words.table()["arguments"].get(action.name, {})
    rest: list[Param] = []
    place = 0
    for argument in action.arguments:
        hole = slots.get(argument.name) if argument.name else None
        if argument.name and hole is None:
            rest.append(Ref("code", _named(argument)))
            continue
        if hole is not None:
            told = tuple(telling.value(None, value) for value in argument.values)
            params[hole] = told[0] if len(told) == 1 else Series(told)
            continue
        for value in argument.values:
            if place < len(holes):
                params[holes[place]] = _positional(holes[place], value, telling)
            else:
                rest.append(Ref("code", written(value)))
            place += 1
    if rest:
        told_rest = Series(tuple(rest), "plain")
        takes = {name for row in _rows(action.name) for name in row.arguments}
        for hole in ("options", "arguments", "values", "backends"):
            if hole in takes and hole not in params:
                params[hole] = told_rest
                return params
        params["more"] = told_rest
    return params


def _positional(hole: str, value: object, telling: Telling) -> Param:
    if hole in ("port", "vport") and isinstance(value, Constant) and value.kind == "string":
        return telling.port(str(value.value))
    if isinstance(value, Symbol | Constant):
        return telling.value(None, value)
    return Ref("code", written(value))  # type: ignore[arg-type]


def _named(argument: Argument) -> str:
    if argument.arguments:
        inner = ", ".join(_named(one) for one in argument.arguments)
        return f"{argument.name} = ({inner})"
    return f"{argument.name} = {', '.join(written(value) for value in argument.values)}"


def printed(action: Action) -> str:
    """An action that has no words, much as it was printed."""
    if action.text or not action.name:
        return action.text
    arguments = ", ".join(
        _named(one) if one.name else ", ".join(written(value) for value in one.values)
        for one in action.arguments
    )
    inner = " ".join(f"{printed(one)};" for one in action.actions)
    target = "" if action.target is None else words.printed(action.target)
    match action.form:
        case "assign" if action.name in ("load", "move"):
            return f"{target} = {arguments}"
        case "exchange":
            return f"{target} <-> {arguments}"
        case "block":
            return f"{action.name} {{ {inner} }}"
    call = f"{action.name}({arguments})" if action.form in ("call", "assign") else action.name
    return f"{target} = {call}" if target else call


def _step(name: str, params: Mapping[str, Param], action: Action | None = None) -> Step:
    """The row of an action that tells most of its arguments; the others follow in parentheses."""
    fitting = [row for row in _rows(name) if row.arguments <= params.keys()]
    if not fitting:
        assert action is not None, f"ovn_phrases.toml: no row of {name} with {sorted(params)}"
        return _step("printed", {"action": Ref("code", printed(action))})
    row = max(fitting, key=lambda row: len(row.arguments))
    told = {name: params[name] for name in row.arguments}
    rest = tuple(param for name, param in params.items() if name not in row.arguments)
    return Step(row.step, told, row.onward, options=rest)
