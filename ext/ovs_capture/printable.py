"""Captured text, which may hold anything, as text that any writer can take. Nothing is left out."""

import re

# What no page can hold or show as it is: control characters (tab and newline excepted; a carriage
# return has its own spelling), bytes that were not UTF-8 (lone surrogates), noncharacters of XML,
# and the signs that reorder a line, by which a capture could show other than it says.
UNSHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
# What ends a line for a reader of lines, beside what is never shown.
_BREAK = re.compile("[\n\r\u2028\u2029]")


def bytes_of(char: str) -> bytes:
    """The bytes that a character was captured as; a lone surrogate stands for one byte."""
    return char.encode(
        "utf-8", "surrogateescape" if "\udc80" <= char <= "\udcff" else "surrogatepass"
    )


def shown(captured_text: str) -> str:
    """Captured text as plain text that any builder can write: what cannot be shown as ``\\xNN``."""
    return UNSHOWN.sub(_escaped, captured_text)


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"\\x{byte:02X}" for byte in bytes_of(match[0]))


def one_line(captured_text: str) -> str:
    """Captured text as a part of one line: a warning, an entry of a list that other sites read."""
    return _BREAK.sub(_escaped, shown(captured_text))
