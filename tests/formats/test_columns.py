"""Columns of the screen: wide characters take two, marks on letters none."""

import pytest

from ovs_capture.formats.columns import column_of, index_at, width


@pytest.mark.parametrize(
    ("char", "cells"), [("a", 1), ("名", 2), ("ｱ", 1), ("Ａ", 2), ("\u0301", 0), ("\u200b", 0)]
)
def test_width(char: str, cells: int) -> None:
    assert width(char) == cells


@pytest.mark.parametrize(
    ("line", "column", "index"),
    [
        ("abc", 3, 3),
        ("abc", 4, None),
        ("名前 x", 2, 1),
        ("名前 x", 3, None),
        ("名前 x", 5, 3),
        ("", 0, 0),
    ],
)
def test_index_at(line: str, column: int, index: int | None) -> None:
    assert index_at(line, column) == index


def test_column_of_is_the_way_back() -> None:
    line = "| 名 e\u0301 |"
    assert [index_at(line, column_of(line, i)) for i in (0, 2, 3, 4)] == [0, 2, 3, 4]
