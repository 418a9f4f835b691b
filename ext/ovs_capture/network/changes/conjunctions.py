"""Conjunctions that an agent numbered anew: nobody's change.

A number means nothing by itself: it joins the flows that name it (ovs-actions(7), conjunction).
Proven by these flows: two numbers, one on each side, are one conjunction when all that their flows
match, in all dimensions, and all that the flows of ``conj_id=`` match and do are the same, and no
other number of either side has the same.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from ...openflow.flow import Action, Clause, Flow
from ...openflow.values import number

Words = tuple[Callable[[Clause], str], Callable[[Action], tuple[object, ...]]]


def conjunctions_of(flows: Iterable[Flow], words: Words) -> Mapping[int, frozenset[object]]:
    """What each conjunction of a bridge joins. ``words``: how clauses and actions are told."""
    clause, action = words
    found: dict[int, set[object]] = defaultdict(set)
    for flow in flows:
        joins = [one for one in flow.actions.items if one.name == "conjunction"]
        named = [one for one in flow.match.clauses if one.field == "conj_id" and one.mask is None]
        if not joins and not named:
            continue
        match = sorted(clause(one) for one in flow.match.clauses if one not in named)
        place = (flow.table, flow.priority, *match)
        for one in joins:
            arguments = {k: v for k, v in one.arguments.items() if k != "id"}
            if (n := number(one.arguments.get("id", ""))) is not None:
                found[n].add((*place, *sorted(arguments.items())))
        for at in named:
            if (n := number(at.value or "")) is not None:
                done = tuple(action(one) for one in flow.actions.items if one not in joins)
                found[n].add((*place, done))
    return {n: frozenset(every) for n, every in found.items()}


def same_conjunctions(
    before: Mapping[int, frozenset[object]], after: Mapping[int, frozenset[object]]
) -> dict[int, int]:
    """The numbers of one conjunction on either side, where they differ; one to one."""
    old, new = _by_meaning(before), _by_meaning(after)
    pairs = {
        old[meaning][0]: new[meaning][0]
        for meaning in old
        if len(old[meaning]) == 1 and len(new.get(meaning, ())) == 1
    }
    return {one: other for one, other in pairs.items() if one != other}


def _by_meaning(numbers: Mapping[int, frozenset[object]]) -> dict[frozenset[object], list[int]]:
    found: dict[frozenset[object], list[int]] = defaultdict(list)
    for n, meaning in numbers.items():
        found[meaning].append(n)
    return found
