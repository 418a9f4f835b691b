"""Tokens in sentences: a long name may break, and only after a hyphen."""

import lxml.html
import pytest

from ovs_capture.render.tokens import Page, capture_text, prose
from ovs_capture.render.view import Token

LONG = "qdhcp-647ecab2-3557-55c6-8b40-58a1dd7f9946"


def page() -> Page:
    return Page(link=lambda entity, anchor: None)


@pytest.mark.parametrize(
    ("name", "breaks"),
    [("tap635485ff-6c", 0), (LONG, 5), ("x" * 200, 0), ("<b>-" + "&" * 40, 1)],
)
def test_a_long_name_may_break_after_its_hyphens(name: str, breaks: int) -> None:
    tree = lxml.html.fragment_fromstring(prose((Token(name, "namespace"),), page()))
    assert tree.text_content() == name
    assert len(tree.xpath(".//wbr")) == breaks


def test_a_name_in_a_capture_never_breaks() -> None:
    assert "wbr" not in capture_text((Token(LONG, "namespace"),), page(), "")
