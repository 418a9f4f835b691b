"""PNG has every text or says that a font is missing; PDF where a converter is."""

import pytest

from ovs_capture.diagram import export
from ovs_capture.diagram.layout import lay_out
from ovs_capture.diagram.paint import paint_svg
from tests.diagram.scenes import japanese, scene

PNG = b"\x89PNG\r\n\x1a\n"


def svg(font: str = export.LATIN) -> str:
    return paint_svg(
        lay_out(scene("flat"), japanese),
        mode="static",
        words=japanese,
        prefix="",
        lang="ja",
        title="t",
        description="d",
        font=font,
    )


def test_png_has_the_size_of_the_picture() -> None:
    layout = lay_out(scene("flat"), japanese)
    data = export.to_png(svg(), scale=2).data
    assert data.startswith(PNG)
    size = [int.from_bytes(data[n : n + 4], "big") for n in (16, 20)]
    assert size == [2 * layout.width, 2 * layout.height]


def test_a_huge_picture_is_a_smaller_png(monkeypatch: pytest.MonkeyPatch) -> None:
    layout = lay_out(scene("flat"), japanese)
    monkeypatch.setattr(export, "MOST_PIXELS", layout.width * layout.height // 4)
    data = export.to_png(svg()).data
    size = [int.from_bytes(data[n : n + 4], "big") for n in (16, 20)]
    assert size == pytest.approx([layout.width / 2, layout.height / 2], abs=1)


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert export.to_png(svg()).data == export.to_png(svg()).data


def test_ascii_needs_no_other_font() -> None:
    assert export.pick_font("br-int ↑ … tag 1") == export.Font(f"{export.LATIN}, sans-serif")


def test_an_installed_cjk_font_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_installed", lambda: frozenset({"IPAGothic", "Meiryo"}))
    font = export.pick_font("tag なし")
    assert font.family.startswith("IPAGothic,")
    assert not font.font_missing


def test_a_missing_font_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_installed", frozenset)
    assert export.pick_font("tag なし").font_missing
    assert export.to_png(svg()).font_missing


def test_without_fontconfig_no_font_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert export._installed() == frozenset()


def test_what_is_no_svg_is_said() -> None:
    with pytest.raises(ValueError):
        export.to_png("<p>no picture</p>")


def test_pdf_or_nothing() -> None:
    data = export.to_pdf(svg())
    assert data is None or data.startswith(b"%PDF")


def test_sideways_is_as_wide_as_the_picture_was_high() -> None:
    layout = lay_out(scene("flat"), japanese)
    turned = export.sideways(svg(), layout.width, layout.height)
    data = export.to_png(turned, scale=1).data
    size = [int.from_bytes(data[n : n + 4], "big") for n in (16, 20)]
    assert size == [layout.height, layout.width]
    assert len(data) > 5000  # not an empty page
