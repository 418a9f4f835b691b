"""Where an option of a directive stands in its page, so that a warning names the very character.

docutils and MyST-Parser tell the directive's line alone. Both forms are known: ``:packet: TEXT``,
and MyST's YAML block between ``---`` lines.
"""

import re
from collections.abc import Sequence


def option_place(
    lines: Sequence[str], directive: int, name: str, offset: int
) -> tuple[int, int] | None:
    """Line and column, from 1, of a character of an option's value; None where it is not found.

    ``lines``: of the page. ``directive``: the directive's line, from 1. ``offset``: of the
    character in the value, whose words are told apart by one blank each; it may be the value's end.
    """
    option = re.compile(rf"\s*(?P<colon>:?){re.escape(name)}:(?:\s+|$)")
    for number in range(directive, len(lines)):
        if match := option.match(lines[number]):
            places = list(_characters(lines, number, match))
            if not places:
                return number + 1, match.end() + 1
            if offset < len(places):
                return places[offset]
            line, column = places[-1]
            return line, column + 1
        if not lines[number].strip() or not re.match(
            r"\s*(?::[\w-]+:|---|[\w-]+:|\s)", lines[number]
        ):
            # Options stand at the top, without a blank line between them.
            return None
    return None


def _characters(
    lines: Sequence[str], number: int, option: re.Match[str]
) -> Sequence[tuple[int, int]]:
    """The place of each character of the value, of one blank between two words too."""
    indent = len(option[0]) - len(option[0].lstrip())
    places: list[tuple[int, int]] = []
    start = option.end()
    while True:
        line = lines[number]
        for word in re.finditer(r"\S+", line[start:]):
            if places:
                places.append((places[-1][0], places[-1][1] + 1))
            at = start + word.start()
            places += [(number + 1, column + 1) for column in range(at, at + len(word[0]))]
        number, start = number + 1, 0
        # What is indented more goes on with the value.
        if number >= len(lines) or not re.match(rf"\s{{{indent + 1},}}\S", lines[number]):
            return places
