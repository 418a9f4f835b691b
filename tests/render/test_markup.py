"""Markup: nothing captured is ever markup, and nothing captured is lost."""

import re

import lxml.etree
import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture.printable import shown
from ovs_capture.render.markup import attribute, captured, element, pre

ANY_TEXT = st.text(st.characters(codec=None))


def back(html: str) -> str:
    """The text of an element, with the bytes that are shown as ``\\xNN`` put back."""
    tree = lxml.html.fragment_fromstring(html)
    for byte in tree.iter("span"):
        if byte.get("class") == "ovs-byte":
            data = bytes.fromhex(byte.get("data-byte") or "")
            byte.text = "".join(f"\\x{b:02X}" for b in data)
    return str(tree.text_content())


@given(ANY_TEXT)
def test_the_text_of_a_pre_is_the_text(text: str) -> None:
    assert back(pre(captured(text))) == shown(text)


@given(ANY_TEXT)
def test_a_pre_is_wellformed_xml(text: str) -> None:
    tree = lxml.etree.fromstring(pre(captured(text), title=text))
    assert "".join(tree.itertext()) == shown(text)


@given(ANY_TEXT)
def test_shown_text_can_be_written(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", shown(text))
    shown(text).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("]]>", "]]&gt;"),
        ("a&amp;b", "a&amp;amp;b"),
        ("a\r\n", "a&#13;\n"),
        ("\x00", '<span class="ovs-byte" data-byte="00">\\x00</span>'),
        ("\x1b[0m", '<span class="ovs-byte" data-byte="1B">\\x1B</span>[0m'),
        ("\udcff", '<span class="ovs-byte" data-byte="FF">\\xFF</span>'),
        # Right-to-left override: the line would read other than it is.
        ("\u202e", '<span class="ovs-byte" data-byte="E280AE">\\xE2\\x80\\xAE</span>'),
        ("日本語\t", "日本語\t"),
    ],
)
def test_captured(text: str, html: str) -> None:
    assert captured(text) == html


def test_a_first_newline_survives_every_parser() -> None:
    # HTML drops a newline right after <pre>, XML keeps it.
    html = pre(captured("\n\na"))
    assert lxml.html.fragment_fromstring(html).text_content() == "\n\na"
    assert not html.startswith("<pre>\n")


def test_attributes_cannot_end_their_quotes() -> None:
    assert element("p", title='"><script>') == '<p title="&quot;&gt;&lt;script&gt;"></p>'
    assert attribute("a\nb\x00") == "a&#10;b\\x00"


def test_void_elements_and_flags() -> None:
    assert element("input", checked=True, class_="a", hidden=False, id=None) == (
        '<input checked="checked" class="a" />'
    )
