"""Text is measured without a browser, and what XML cannot hold never gets through."""

import pytest

from ovs_capture.diagram.text import printable, shorten, whole_width, width


@pytest.mark.parametrize(
    ("text", "em"),
    [
        pytest.param("", 0.0, id="nothing"),
        pytest.param("m", 1995 / 2048, id="widest-small-letter"),
        pytest.param("il", 2 * 569 / 2048, id="narrow"),
        pytest.param("監視", 2.0, id="wide"),
        pytest.param("ｱ", 0.5, id="half-width"),
        pytest.param("ア", 1.0, id="full-width"),
        pytest.param("e\u0301", 1260 / 2048, id="combining-takes-no-room"),
        pytest.param("é", 1.0, id="ambiguous-is-wide"),
    ],
)
def test_width(text: str, em: float) -> None:
    assert width(text, 12) == pytest.approx(12 * em)


def test_whole_width_is_never_less() -> None:
    assert whole_width("phy-br-provider", 12) == 94
    assert width("phy-br-provider", 12) < 94


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        pytest.param("eth0", 24, "eth0", id="fits"),
        pytest.param("ovnmeta-bdf0edc2-bae8", 6, "ovnm\u2026ae8", id="middle-goes"),
        pytest.param("監視サーバー", 4, "監視\u2026ー", id="wide"),
        pytest.param("m" * 1_000_000, 4, "mm\u2026m", id="as-fast-as-what-is-shown"),
        pytest.param("mmmm", 0.5, "\u2026", id="nothing-fits"),
    ],
)
def test_shorten(text: str, limit: float, shown: str) -> None:
    assert shorten(text, 12, limit) == shown


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\n", "\x85", "\ud800", "\ufffe", "\u202e"])
def test_what_xml_cannot_hold_is_replaced(char: str) -> None:
    assert printable(f"a{char}b") == "a\ufffdb"


def test_the_rest_stays() -> None:
    assert printable("<b>&監視é😀") == "<b>&監視é😀"
