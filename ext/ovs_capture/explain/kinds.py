"""Flows that differ in values only: found fast, explained once.

Lives here: what makes two flows of one kind, and the flow that stands for all of them. A dump of
60 000 flows has a hundred kinds. Does not live here: which kinds a page shows together (``tables``,
``groups``).

A *form* is the text of a clause or an action list with the places of the values that may differ.
Two flows are of one kind when table, priority and forms are the same. A value that a sentence or a
shape of the agent asks for is no such place: ``tcp_dst=67`` is then another kind than others.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from ..openflow.flow import Action, Actions, Clause, Flow, Match

# Fields whose value a reading is built on (explain/flows.py), not only filled with.
_TELLING = frozenset({"ct_state", "vlan_tci", "tcp_flags"})
# ovs-ofctl(8): the value of dl_vlan that matches frames without a tag.
_NO_TAG = frozenset({"0xffff", "65535"})
# Arguments that may differ; any other action is of its kind by its whole text.
_MAY_DIFFER: dict[str, frozenset[str]] = {
    "output": frozenset({"port"}),
    "load": frozenset({"value"}),
    "set_field": frozenset({"value"}),
    "mod_dl_src": frozenset({"mac"}),
    "mod_dl_dst": frozenset({"mac"}),
    "mod_vlan_vid": frozenset({"vlan"}),
    "set_tunnel": frozenset({"id"}),
    "conjunction": frozenset({"id"}),
    "resubmit": frozenset(),
    "goto_table": frozenset(),
    "ct": frozenset({"zone"}),
    "clone": frozenset(),
    "apply_actions": frozenset(),
}

Literal = Callable[[str, str], bool]


def _nothing(name: str, value: str) -> bool:
    return False


class _Form(NamedTuple):
    """``key``: equal for equal forms; ``values``: what stands in its places, in order."""

    key: Any
    values: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """Flows of one kind, in order of the dump.

    ``clauses``: places of the clauses whose value may differ; ``arguments``: how many values of the
    actions may.
    """

    flows: Sequence[Flow]
    clauses: tuple[int, ...]
    arguments: int
    literal: Literal = field(default=_nothing, repr=False)

    @classmethod
    def of(cls, flows: Sequence[Flow], literal: Literal = _nothing) -> "Kind":
        """The kind of flows that are known to be of one."""
        first = flows[0]
        clauses = first.match.clauses
        return cls(
            flows,
            tuple(place for place, c in enumerate(clauses) if _may_differ(c, literal)),
            sum(1 for _ in values_of(first.actions.items, literal)),
            literal,
        )

    @cached_property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """The values of each place that may differ, one a flow: matches first, then actions."""
        matched = [
            tuple([flow.match.clauses[place].value or "" for flow in self.flows])
            for place in self.clauses
        ]
        if not self.arguments:
            return tuple(matched)
        forms: dict[int, tuple[str, ...]] = {}
        done = []
        for flow in self.flows:
            # Equal action lists of a dump are one object (openflow/actions.py).
            values = forms.get(id(flow.actions))
            if values is None:
                values = forms[id(flow.actions)] = tuple(
                    values_of(flow.actions.items, self.literal)
                )
            done.append(values)
        return (*matched, *zip(*done, strict=True))

    @cached_property
    def general(self) -> Flow:
        """The first flow with a mark (``hole``) in each place that may differ."""
        return self.filled([hole(n) for n in range(len(self.clauses) + self.arguments)])

    def filled(self, values: Sequence[str]) -> Flow:
        """The first flow with other values in its places."""
        rest = iter(values)
        flow = self.flows[0]
        match = list(flow.match.clauses)
        for place in self.clauses:
            match[place] = match[place]._replace(value=next(rest))
        items = tuple(_filled(action, rest, self.literal) for action in flow.actions.items)
        return flow._replace(
            match=Match(tuple(match), flow.match.text), actions=Actions(items, flow.actions.text)
        )


def hole(number: int) -> str:
    """What stands in a general flow for a value: no capture has these characters."""
    return f"\ue000{number}\ue001"


def is_hole(text: str) -> bool:
    return text.startswith("\ue000")


def kinds(flows: Iterable[Flow], literal: Literal = _nothing) -> tuple[Kind, ...]:
    """The kinds, in order of their first flows. ``literal``: is this value of a name its own kind?

    Names are those of fields, and of actions with an argument (``mod_vlan_vid vlan``).
    """
    # By identity: equal clauses and action lists of a dump are mostly one object.
    clause_forms: dict[int, int] = {}
    action_forms: dict[int, tuple[int, Actions]] = {}
    known: dict[Any, int] = {}
    found: dict[Any, list[Flow]] = {}
    for flow in flows:
        match, actions = flow.match.clauses, flow.actions
        try:
            form = [clause_forms[id(clause)] for clause in match]
        except KeyError:
            for clause in match:
                if id(clause) not in clause_forms:
                    key = _clause_form(clause, literal)
                    clause_forms[id(clause)] = known.setdefault(key, len(known))
            form = [clause_forms[id(clause)] for clause in match]
        done = action_forms.get(id(actions))
        if done is None:
            key = tuple(_action_form(action, literal).key for action in actions.items)
            done = action_forms[id(actions)] = known.setdefault(key, len(known)), actions
        form.append(done[0])
        key = (flow.table, flow.priority, *form)
        if key in found:
            found[key].append(flow)
        else:
            found[key] = [flow]
    return tuple(Kind.of(of_kind, literal) for of_kind in found.values())


def form_of(flow: Flow, literal: Literal = _nothing) -> Any:
    """Equal for flows of one kind."""
    return (
        flow.table,
        flow.priority,
        tuple(_clause_form(clause, literal) for clause in flow.match.clauses),
        tuple(_action_form(action, literal).key for action in flow.actions.items),
    )


def _may_differ(clause: Clause, literal: Literal) -> bool:
    name, value = clause.field, clause.value
    if not name or value is None or name in _TELLING:
        return False
    if name == "dl_vlan" and value in _NO_TAG:
        return False
    # A reserved port (LOCAL) is said otherwise than the name of a port.
    return not value.isupper() and not literal(name, value)


def _clause_form(clause: Clause, literal: Literal) -> Any:
    if _may_differ(clause, literal):
        return clause.field, clause.mask
    if clause.field:
        return clause.field, clause.mask, clause.value
    return clause.text


def _action_form(action: Action, literal: Literal) -> _Form:
    differing = _MAY_DIFFER.get(action.name)
    if differing is None:
        return _Form(action.text, ())
    key: list[Any] = [action.name]
    values: list[str] = []
    for name, value in action.arguments.items():
        if name in differing and _argument_may_differ(action, name, value, literal):
            key.append(name)
            values.append(value)
        else:
            key.append((name, value))
    for inner in action.actions:
        form = _action_form(inner, literal)
        key.append(form.key)
        values += form.values
    return _Form(tuple(key), tuple(values))


def _argument_may_differ(action: Action, name: str, value: str, literal: Literal) -> bool:
    if not value or value.isupper():
        return False
    of_field = action.arguments.get("field", "")
    return not literal(f"{action.name} {name} {of_field}".rstrip(), value)


def values_of(actions: Sequence[Action], literal: Literal = _nothing) -> Iterable[str]:
    """The values of an action list that may differ, in order."""
    for action in actions:
        yield from _action_form(action, literal).values


def _filled(action: Action, rest: Iterator[str], literal: Literal) -> Action:
    differing = _MAY_DIFFER.get(action.name)
    if differing is None:
        return action
    arguments = {
        name: next(rest)
        if name in differing and _argument_may_differ(action, name, value, literal)
        else value
        for name, value in action.arguments.items()
    }
    inner = tuple(_filled(one, rest, literal) for one in action.actions)
    return action._replace(arguments=arguments, actions=inner)


def places_of(flow: Flow, clauses: Iterable[int]) -> Iterator[tuple[str, str, str | None]]:
    """Of each place: its name (as for ``literal``), the field in it, and the mask of its clause."""
    for place in clauses:
        clause = flow.match.clauses[place]
        yield clause.field, clause.field, clause.mask
    yield from _argument_places(flow.actions.items)


def _argument_places(actions: Iterable[Action]) -> Iterator[tuple[str, str, str | None]]:
    for action in actions:
        differing = _MAY_DIFFER.get(action.name)
        if differing is None:
            continue
        for name, value in action.arguments.items():
            if name in differing and _argument_may_differ(action, name, value, _nothing):
                of_field = action.arguments.get("field", "")
                yield f"{action.name} {name} {of_field}".rstrip(), of_field, None
        yield from _argument_places(action.actions)
