"""Which place a name links to."""

from types import SimpleNamespace
from typing import Any

import pytest

from ovs_capture.render.links.domain import (
    FOLDED,
    NAMED,
    TOLD,
    Mention,
    OvsDomain,
    Warned,
)

ETH0 = "lab/node device eth0"


@pytest.fixture
def domain() -> OvsDomain:
    env: Any = SimpleNamespace(domaindata={})
    return OvsDomain(env)


def test_this_page_before_others_and_told_before_named(domain: OvsDomain) -> None:
    domain.note_mentions("b", [Mention("eth0", "named", NAMED), Mention("eth0", "told", TOLD)])
    domain.note_mentions("a", [Mention("eth0", "far", TOLD)])
    assert domain.place("eth0", "b", "x") == ("b", "told")
    assert domain.place("eth0", "b", "told") == ("b", "named")
    assert domain.place("eth0", "c", "x") == ("a", "far")
    assert domain.place("eth1", "b", "x") is None


def test_the_open_before_a_fold(domain: OvsDomain) -> None:
    places = [Mention("eth0", "fold", TOLD + FOLDED), Mention("eth0", "named", NAMED)]
    domain.note_mentions("a", places)
    assert domain.place("eth0", "a", "x") == ("a", "named")


def test_the_only_place_is_no_link(domain: OvsDomain) -> None:
    domain.note_mentions("a", [Mention("eth0", "told", TOLD)])
    assert domain.place("eth0", "a", "told") is None


def test_a_page_that_is_read_again_forgets(domain: OvsDomain) -> None:
    domain.note_mentions("a", [Mention("eth0", "told", TOLD)])
    domain.note_warned("a", [Warned("f:1:1", "m", "empty")])
    domain.note_folder("a", "captures", ("x",))
    domain.clear_doc("a")
    assert domain.place("eth0", "b", "x") is None
    assert not any(domain.data[part] for part in domain.initial_data)


def test_merging_is_the_same_in_any_order(domain: OvsDomain) -> None:
    env: Any = SimpleNamespace(domaindata={})
    beside = OvsDomain(env)
    for docname, anchor in (("a", "told"), ("z", "z")):
        beside.note_mentions(docname, [Mention(ETH0, anchor, TOLD)])
    domain.note_mentions("m", [Mention(ETH0, "m", TOLD)])
    domain.merge_domaindata({"z", "a"}, beside.data)
    assert domain.place(ETH0, "x", "") == ("a", "told")
    places = [(entry[0], *entry[2:]) for entry in domain.get_objects()]
    assert places == [
        ("eth0", "port", "a", "told", 1),
        ("lab/node:eth0", "port", "a", "told", -1),
    ]


def test_pages_whose_links_moved_are_written_again(domain: OvsDomain) -> None:
    domain.note_mentions("a", [Mention("eth0", "here", NAMED)])
    domain.note_mentions("b", [Mention("eth0", "there", TOLD)])
    assert domain.pages_with_other_targets() == ["a", "b"]
    assert domain.pages_with_other_targets() == []
    domain.clear_doc("b")
    assert domain.pages_with_other_targets() == ["a"]
