"""Standard input, output and error: packets come in, text goes out, what is wrong is said.

Lives here: the only functions that write there. No capture gives orders to a terminal through them.
"""

import io
import json
import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TextIO

from ..diagnostic import Diagnostic
from ..printable import one_line, shown

_ORDERS = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Failure(Exception):
    """The command cannot go on; the text says why."""


def report(diagnostics: Iterable[Diagnostic]) -> None:
    for diagnostic in diagnostics:
        say(str(diagnostic))


def say(line: str) -> None:
    print(one_line(line), file=sys.stderr)


def print_json(value: Any, indent: int | None = 2) -> None:
    """JSON whose strings give no orders to a terminal either: JSON itself escapes below 0x20."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    escaped = _ORDERS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    sys.stdout.buffer.write(encoded(escaped + "\n"))


def print_text(text: str) -> None:
    """Text for a terminal: what a capture would order it to do is written as ``\\xNN``."""
    sys.stdout.buffer.write(encoded(re.sub(r"\r(?!\n)", r"\\x0D", shown(text))))


def encoded(text: str) -> bytes:
    """UTF-8; a byte that was none is written as ``\\udcNN``, which JSON reads as it was."""
    return text.encode("utf-8", "backslashreplace")


def stdin() -> TextIO:
    """Standard input, whose bytes are read as those of captures, whatever the locale says."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    return sys.stdin


def forget_stdout() -> None:
    """What is still to be written is not: Python would complain at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
