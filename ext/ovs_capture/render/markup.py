"""HTML that is well-formed XML too, since an EPUB holds the same elements as a page.

Lives here: the only functions that turn text into markup. Two kinds of text exist: what we say
(``text``) and what was captured (``captured``), which may hold anything and is shown byte for byte.
"""

import re

VOID = frozenset({"br", "input", "wbr"})

# What no page can hold or show as it is: control characters (tab and newline excepted; a carriage
# return has its own spelling), bytes that were not UTF-8 (lone surrogates), noncharacters of XML,
# and the signs that reorder a line, by which a capture could show other than it says.
_UNSHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
# What ends a line for a reader of lines, beside what is never shown.
_BREAK = re.compile("[\n\r\u2028\u2029]")


def text(words: str) -> str:
    """Words of ours, escaped; a captured name in them keeps nothing that no page can hold."""
    return _escape(shown(words))


def _escape(words: str) -> str:
    return (
        words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def bytes_of(char: str) -> bytes:
    """The bytes that a character was captured as; a lone surrogate stands for one byte."""
    return char.encode(
        "utf-8", "surrogateescape" if "\udc80" <= char <= "\udcff" else "surrogatepass"
    )


def shown(captured_text: str) -> str:
    """Captured text as plain text that any builder can write: what cannot be shown as ``\\xNN``."""
    return _UNSHOWN.sub(_escaped, captured_text)


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"\\x{byte:02X}" for byte in bytes_of(match[0]))


def one_line(captured_text: str) -> str:
    """Captured text as a part of one line: a warning, an entry of a list that other sites read."""
    return _BREAK.sub(_escaped, shown(captured_text))


def captured(captured_text: str) -> str:
    """Captured text as HTML whose text content is the captured text.

    A character that cannot be shown is a ``span.ovs-byte`` whose ``data-byte`` has its bytes in
    hexadecimal. A carriage return is written as a reference, because parsers turn a bare one into a
    newline.
    """
    return _UNSHOWN.sub(_byte, _escape(captured_text)).replace("\r", "&#13;")


def _byte(match: re.Match[str]) -> str:
    data = bytes_of(match[0])
    return f'<span class="ovs-byte" data-byte="{data.hex().upper()}">{shown(match[0])}</span>'


def attribute(value: str) -> str:
    """An attribute's value, on one line."""
    return text(value).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")


def element(name: str, *children: str, **attributes: str | int | bool | None) -> str:
    """An element around markup. Attributes: ``class_`` is class, ``data_ovs`` is data-ovs.

    None and False leave an attribute out; True repeats its name, as XML wants it.
    """
    written = "".join(
        f' {key}="{key if value is True else attribute(str(value))}"'
        for key, value in ((k.rstrip("_").replace("_", "-"), v) for k, v in attributes.items())
        if value is not None and value is not False
    )
    if name in VOID:
        return f"<{name}{written} />"
    return f"<{name}{written}>{''.join(children)}</{name}>"


def pre(content: str, **attributes: str | int | bool | None) -> str:
    """A ``pre``. HTML drops a newline right after the tag, XML does not: an element keeps it."""
    guard = "<span></span>" if content.startswith("\n") else ""
    return element("pre", guard, content, **attributes)
