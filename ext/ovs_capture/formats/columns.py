"""Columns as a terminal shows them: a wide character takes two.

No format of its own: for printers that align their output (virsh, the OpenStack clients), whose
columns are places on the screen and not in the text.
"""

import unicodedata
from bisect import bisect_left
from itertools import accumulate


def width(char: str) -> int:
    """How many cells of a terminal a character takes, as wcwidth(3) has it."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def index_at(line: str, column: int) -> int | None:
    """The index of the character that begins at a column of the screen, from 0.

    None when the line is shorter or a wide character covers the column.
    """
    if line.isascii():
        return column if column <= len(line) else None
    starts = [0, *accumulate(map(width, line))]
    index = bisect_left(starts, column)
    return index if index < len(starts) and starts[index] == column else None


def column_of(line: str, index: int) -> int:
    """The column of the screen at which the character ``line[index]`` begins."""
    return index if line.isascii() else sum(map(width, line[:index]))
