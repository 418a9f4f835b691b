"""Counters are as good as any other; what joins captures stays."""

import gzip
import re

import pytest

from ovs_capture.formats.counters import without_counters
from tests.conftest import ROOT

FLOW = (
    " cookie=0x1, duration=12.5s, table=60, n_packets=3, n_bytes=270, idle_age=4, "
    "priority=4,dl_vlan=1,dl_dst=fa:16:3e:55:2a:5d actions=strip_vlan,output:5\n"
)
MEGAFLOW = (
    "recirc_id(0),in_port(2),eth_type(0x0800), packets:12, bytes:1176, used:0.124s, actions:3\n"
)
COLUMN = "statistics          : {collisions=0, rx_bytes=656, tx_packets=9}\n"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (FLOW, FLOW.replace("12.5s", "99s").replace("=3,", "=0,").replace("270", "1")),
        (MEGAFLOW, MEGAFLOW.replace("12,", "0,").replace("1176", "0").replace("0.124s", "never")),
        (COLUMN, COLUMN.replace("656", "7").replace("=9", "=10")),
    ],
)
def test_other_counters(text: str, other: str) -> None:
    assert text != other
    assert without_counters(text) == without_counters(other)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (FLOW, "table=60", "table=61"),
        (FLOW, "dl_vlan=1", "dl_vlan=2"),
        (FLOW, "output:5", "output:6"),
        (FLOW, "cookie=0x1", "cookie=0x2"),
        (FLOW, " n_packets=3,", ""),
        (MEGAFLOW, "in_port(2)", "in_port(3)"),
        (COLUMN, "tx_packets", "tx_dropped"),
    ],
)
def test_what_is_no_counter(text: str, old: str, new: str) -> None:
    assert without_counters(text) != without_counters(text.replace(old, new))


def test_nothing_but_digits_goes() -> None:
    """Of every capture: the words and the lines stay, and what is left is left once more."""
    files = sorted((ROOT / "captures").glob("*/**/*.txt*"))
    changed = 0
    for file in files:
        data = file.read_bytes()
        text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode()
        blanked = without_counters(text)
        changed += blanked != text
        assert without_counters(blanked) == blanked, file
        assert blanked.count("\n") == text.count("\n"), file
        words = re.compile(r"(?:[0-9.]+|#)s?|never")
        assert words.sub("", blanked) == words.sub("", text), file
    assert changed > 10
