"""JSON with the places of its values: for printers that have a JSON form as well.

No format of its own. What was cut off is told by place, and what stands before it is read: the
complete objects of an array count, whatever follows them.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Json:
    """A value and where it stands. ``value``: a scalar, ``dict[str, Json]`` or ``list[Json]``."""

    value: object
    start: int
    end: int

    def get(self, key: str) -> "Json | None":
        return self.value.get(key) if isinstance(self.value, dict) else None

    def text(self, *keys: str) -> str | None:
        """The first of some members that is there, as text: ``on``, ``off`` for truth values."""
        for key in keys:
            member = self.get(key)
            if member is not None and (text := scalar(member)) is not None:
                return text
        return None

    def members(self) -> dict[str, "Json"]:
        return self.value if isinstance(self.value, dict) else {}

    def items(self) -> list["Json"]:
        return self.value if isinstance(self.value, list) else []


def scalar(value: Json) -> str | None:
    """A string, number or truth value as text; None for null and what has parts."""
    match value.value:
        case bool():
            return "on" if value.value else "off"
        case str():
            return value.value
        case int() | float():
            return str(value.value)
    return None


class _BrokenError(Exception):
    def __init__(self, offset: int) -> None:
        self.offset = offset


_BLANK = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*+"')
_SCALAR = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?|true|false|null")
_EMPTY = re.compile(r"\s*\[\s*(?:\{\}\s*)?\]\s*")
_DEEPEST = 32


def objects(text: str, start: int, end: int) -> tuple[list[Json], int | None]:
    """The objects of an array, or one object, in ``text[start:end]``.

    And the offset where the text is no JSON, None when all of it is.
    """
    reader = _Reader(text, end)
    at = reader.blank(start)
    found: list[Json] = []
    try:
        if text[at:end].startswith("{"):
            found.append(reader.value(at, 0))
            at = reader.blank(found[0].end)
        else:
            at = reader.array(at, found.append, 0)
            at = reader.blank(at)
    except _BrokenError as broken:
        return [one for one in found if isinstance(one.value, dict)], min(broken.offset, end)
    return [one for one in found if isinstance(one.value, dict)], at if at < end else None


def begins_json(window: str, key: str) -> bool:
    """Does a text begin like an array of objects that have this key (or one such object)?"""
    if _EMPTY.fullmatch(window):
        return True
    return bool(re.match(r'\s*(?:\[\s*)?\{[^{}]{0,200}?"' + re.escape(key) + r'"\s*:', window))


class _Reader:
    def __init__(self, text: str, end: int) -> None:
        self.text, self.end = text, end

    def blank(self, at: int) -> int:
        match = _BLANK.match(self.text, at, self.end)
        return match.end() if match else at

    def expect(self, at: int, char: str) -> int:
        if at >= self.end or self.text[at] != char:
            raise _BrokenError(at)
        return self.blank(at + 1)

    def array(self, at: int, take: Callable[[Json], None], depth: int) -> int:
        """Elements go to ``take`` as they are read, so that a cut array keeps them."""
        at = self.expect(at, "[")
        if at < self.end and self.text[at] == "]":
            return at + 1
        while True:
            element = self.value(at, depth + 1)
            take(element)
            at = self.blank(element.end)
            if at < self.end and self.text[at] == ",":
                at = self.blank(at + 1)
                continue
            if at < self.end and self.text[at] == "]":
                return at + 1
            raise _BrokenError(at)

    def value(self, at: int, depth: int) -> Json:
        if depth > _DEEPEST or at >= self.end:
            raise _BrokenError(at)
        char = self.text[at]
        if char == "{":
            return self._object(at, depth)
        if char == "[":
            found: list[Json] = []
            return Json(found, at, self.array(at, found.append, depth))
        pattern = _STRING if char == '"' else _SCALAR
        match = pattern.match(self.text, at, self.end)
        if match is None:
            raise _BrokenError(at)
        try:
            return Json(json.loads(match[0]), at, match.end())
        except ValueError as error:  # an escape that JSON does not have
            raise _BrokenError(at) from error

    def _object(self, start: int, depth: int) -> Json:
        members: dict[str, Json] = {}
        at = self.expect(start, "{")
        while at < self.end and self.text[at] != "}":
            key = self.value(at, depth + 1)
            if not isinstance(key.value, str):
                raise _BrokenError(at)
            at = self.expect(self.blank(key.end), ":")
            members[key.value] = self.value(at, depth + 1)
            at = self.blank(members[key.value].end)
            if at < self.end and self.text[at] == ",":
                at = self.blank(at + 1)
                if at < self.end and self.text[at] == "}":
                    raise _BrokenError(at)
            elif at >= self.end or self.text[at] != "}":
                raise _BrokenError(at)
        if at >= self.end:
            raise _BrokenError(at)
        return Json(members, start, at + 1)
