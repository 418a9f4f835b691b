"""HTML that is well-formed XML too, since an EPUB holds the same elements as a page.

Lives here: the only functions that turn text into markup. Two kinds of text exist: what we say
(``text``) and what was captured (``captured``), which may hold anything and is shown byte for byte.
"""

import re

from ..printable import UNSHOWN, bytes_of, shown

VOID = frozenset({"br", "input", "wbr"})


def text(words: str) -> str:
    """Words of ours, escaped; a captured name in them keeps nothing that no page can hold."""
    return _escape(shown(words))


def _escape(words: str) -> str:
    return (
        words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def captured(captured_text: str) -> str:
    """Captured text as HTML whose text content is the captured text.

    A character that cannot be shown is a ``span.ovs-byte`` whose ``data-byte`` has its bytes in
    hexadecimal. A carriage return is written as a reference, because parsers turn a bare one into a
    newline.
    """
    return UNSHOWN.sub(_byte, _escape(captured_text)).replace("\r", "&#13;")


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
