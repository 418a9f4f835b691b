"""The stylesheet in the assets is the palette's, readable, and touches nothing but pictures."""

import re
from pathlib import Path

import pytest

from ovs_capture.diagram.palette import COLOURS, css, network_key

ASSET = "ext/ovs_capture/render/assets/ovs-picture.css"


def test_the_asset_is_what_the_palette_makes(root: Path) -> None:
    assert (root / ASSET).read_text("utf-8") == css(), (
        "python -m ovs_capture.diagram.palette > the asset"
    )


def test_every_rule_is_ours() -> None:
    for selectors in re.findall(r"(?m)^ *([^@{}/]+) \{$|^ *([^@{}/]+?) \{ ", css()):
        for selector in "".join(selectors).split(",\n"):
            assert ".ovs-picture" in selector
    for name in re.findall(r"--[\w-]+", css()):
        assert name.startswith("--ovs-pic-")


def test_every_property_used_is_defined() -> None:
    used = set(re.findall(r"var\(--ovs-pic-([\w-]+)\)", css()))
    assert used <= {*COLOURS, "width"}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "surface"),
        ("ink", "host"),
        ("ink", "guest"),
        ("ink", "process"),
        ("ink", "callout"),
        ("muted", "guest"),
        ("muted", "surface"),
        ("bridge-text", "bridge"),
        ("port-text", "port"),
        ("interface-text", "interface"),
    ],
)
def test_text_can_be_read(text: str, ground: str, theme: int) -> None:
    lighter, darker = sorted(
        (luminance(COLOURS[text][theme]), luminance(COLOURS[ground][theme])), reverse=True
    )
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(value: str) -> float:
    channels = [int(value[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_there_are_colours_for_any_number_of_rails() -> None:
    assert {network_key(f"net{n}") for n in range(6, 30)} == {"net2", "net3", "net4", "net5"}
