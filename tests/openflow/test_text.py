"""Splitting at commas, and joining what was wrapped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_capture.openflow.text import split_items, unwrap


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", []),
        ("a", ["a"]),
        ("a,b", ["a", "b"]),
        (" a , b ,", ["a", "b"]),
        (",,", []),
        ("ct(a,b),c", ["ct(a,b)", "c"]),
        ("x(y(1,2),3),z", ["x(y(1,2),3)", "z"]),
        ('output:"a,b",c', ['output:"a,b"', "c"]),
        ('"a(",b', ['"a("', "b"]),
        (r'"a\",b",c', [r'"a\",b"', "c"]),
    ],
)
def test_split(text, items) -> None:
    found = split_items(text)
    assert [item for _, item in found.items] == items
    assert found.balanced
    for start, item in found.items:
        assert text[start : start + len(item)] == item


@pytest.mark.parametrize("text", ["ct(a", "a)", "ct(a,b))", "x(y(1,2)"])
def test_a_missing_parenthesis_is_seen(text) -> None:
    assert not split_items(text).balanced


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("a,\n    b", "a,b"),
        ("a, \r\n b", "a,b"),
        ("resub\nmit(,5)", "resubmit(,5)"),
        ("priority=0\n    actions=drop", "priority=0 actions=drop"),
        ("send_flow_rem\n priority=0", "send_flow_rem priority=0"),
        ("\x1b[33mtable=\x1b[m\x1b[K7", "table=7"),
    ],
)
def test_unwrap(text, joined) -> None:
    assert unwrap(text).text == joined


@given(st.text("ab,= \t\r\n\x1b[m3K;", max_size=30))
@settings(deadline=None)
def test_every_character_is_where_it_came_from(text) -> None:
    joined = unwrap(text)
    assert len(joined.origin) == len(joined.text) + 1
    assert joined.origin[-1] == len(text)
    assert list(joined.origin) == sorted(set(joined.origin))
    for char, origin in zip(joined.text, joined.origin, strict=False):
        # A blank may stand for a line break with the blanks around it.
        assert text[origin] == char or (char == " " and "\n" in text[origin:])
    if "\n" not in text and "\x1b" not in text:
        assert joined.text == text
