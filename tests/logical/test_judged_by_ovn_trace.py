"""ovn-trace as the judge: what it accepts is read without a problem, what it refuses has one."""

import re
from functools import cache

import pytest

from ovs_capture.diagnostic import Code
from ovs_capture.logical.actions import all_actions, parse_actions
from ovs_capture.logical.match import parse_match
from ovs_capture.logical.symbols import all_symbols

from .mutations import flows, mutated_matches
from .ovn_trace import Candidate, refusals, version

pytestmark = pytest.mark.needs("ovn")

# A number that a comment follows without a blank: OVN takes "/" for a mask. A name that an address
# follows so: OVN takes the colon for its beginning. Nothing prints either.
_WITHOUT_BLANK = re.compile(r"[0-9A-Fa-f:]/[/*]|[$@]\w+:")
# OVN looks into sets, which are not in the text.
_IN_SET = ("address set", "port group", "value set", "-bit constant", "is not compatible")


def release(text: str) -> tuple[int, ...]:
    return (999,) if text == "main" else tuple(map(int, text.split(".")))


@cache
def unknown_to_ovn() -> set[str]:
    """Symbols that the installed OVN does not have: of later releases, or not yet backported."""
    names = list(all_symbols())
    refused = refusals([Candidate(match=f"{name} == 1") for name in names])
    return {names[index] for index, why in refused.items() if "expecting field name" in why}


def test_every_symbol_is_there_since_its_release() -> None:
    """Of a patch release nothing follows for another series."""
    installed = release(version())
    for name in unknown_to_ovn():
        definition = all_symbols()[name]
        assert release(definition.since) > installed or not definition.since.endswith(".0")


@pytest.mark.parametrize("seed", range(3))
def test_mutated_matches(seed: int) -> None:
    later = unknown_to_ovn()
    matches = [
        text
        for text in mutated_matches(3000, seed)
        if not _WITHOUT_BLANK.search(text)
        and later.isdisjoint(re.findall(r"[A-Za-z_.][A-Za-z_.0-9]*", text))
    ]
    refused = refusals([Candidate(match=text) for text in matches])
    disagree = []
    for index, text in enumerate(matches):
        problems = parse_match(text)[1]
        why = refused.get(index)
        names_set = bool(re.search(r"[$@]", text)) and any(word in (why or "") for word in _IN_SET)
        if bool(problems) != (why is not None) and not names_set:
            disagree.append((text, why, problems[:1]))
    assert disagree == []
    # The judge is awake: it accepts some and refuses some.
    assert 100 < len(matches) - len(refused) < len(matches) - 1000


def test_symbols_are_as_wide_and_as_level_as_ovn_has_them() -> None:
    later = unknown_to_ovn()
    known = [one for name, one in all_symbols().items() if name not in later]
    fields = [one for one in known if one.kind in ("field", "subfield")]
    candidates = [Candidate(match=f"{one.name}[900] == 1") for one in fields]
    for index, why in refusals(candidates).items():
        assert f"of {fields[index].bits}-bit field" in why
    assert len(refusals(candidates)) == len(fields)
    refused = refusals([Candidate(match=f"{one.name} < 1") for one in known])
    for index, one in enumerate(known):
        assert (index not in refused) == (one.level == "ordinal"), one.name


def test_real_actions_are_accepted_by_both() -> None:
    texts = sorted({flow.actions.text for flow in flows()})
    texts += ["reg0[0] = 1; next;", "ct_commit { };", "ct_snat(10.0.0.1,1-3000);", "next(3);", ""]
    refused = refusals([Candidate(actions=text) for text in texts])
    # Names of DHCP options stand in a table of the database, which is empty here.
    assert {why for why in refused.values() if "option name" not in why} == set()
    for text in texts:
        assert parse_actions(text)[1] == (), text


def test_every_action_that_ovn_knows_has_a_row() -> None:
    """ovn-trace refuses a word it does not know as an action in words of its own."""
    later = release(version())
    words = [name for name in all_actions() if name.isidentifier() and name not in
             ("load", "move", "exchange")]  # fmt: skip
    words = [name for name in words if release(all_actions()[name]["since"]) <= later]
    refused = refusals([Candidate(actions=f"{word};") for word in (*words, "no_such_action")])
    unknown = refused[len(words)].replace("no_such_action", "")
    results = {name for name in words if all_actions()[name].get("has_result")}
    assert {
        word
        for index, word in enumerate(words)
        if refused.get(index, "").replace(word, "") == unknown
    } <= results


def test_an_unknown_action_is_a_problem() -> None:
    (problem,) = parse_actions("no_such_action;")[1]
    assert problem.code is Code.UNKNOWN_ACTION
    assert refusals([Candidate(actions="no_such_action;")])
