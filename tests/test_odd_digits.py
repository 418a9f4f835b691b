"""Digits that are none to int(): a superscript, one of another script, more than it takes.

``"²".isdigit()`` is true and ``int("²")`` raises; so does ``int()`` of 4,301 digits. Each number of
a capture becomes such a one, for every format, and then for all that stands on the readers.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest

from ovs_capture import store
from ovs_capture.formats.reading import Capture
from ovs_capture.formats.registry import FORMATS
from ovs_capture.openflow.values import decimal
from tests.conftest import ROOT
from tools.fuzz_captures import broken_promises
from tools.fuzz_engines import (
    CLAIMS,
    HINTS,
    MICROFLOWS,
    PACKETS,
    broken_claims,
    captures_of,
    engines,
)
from tools.texts import corpus

ODD = ("²", "٣", "9" * 5000)
IDS = ("superscript", "arabic", "long")
NUMBER = re.compile(rb"[0-9]+")
EXT = ROOT / "ext" / "ovs_capture"


def replaced(data: bytes, odd: str, most: int) -> Iterator[bytes]:
    """The text with one number after the other replaced, evenly chosen."""
    found = list(NUMBER.finditer(data))
    for match in islice(found[:: max(1, len(found) // most)], most):
        yield data[: match.start()] + odd.encode() + data[match.end() :]


@pytest.mark.parametrize("odd", ODD, ids=IDS)
@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_reading(format, odd: str) -> None:
    for text in corpus()[format.name][:4]:
        excerpt = b"\n".join(text.output.split(b"\n")[:12])
        for data in replaced(excerpt, odd, 20):
            assert broken_promises(format, text.command + data) == [], data


@pytest.mark.parametrize("odd", ODD, ids=IDS)
@pytest.mark.parametrize("phase", range(3))
@pytest.mark.parametrize("path", ["flat-instance/compute", "ovn/hv1", "linuxbridge/lbnet1"])
def test_what_stands_on_the_readers(path: str, phase: int, odd: str) -> None:
    """Model, pictures, words, traces, differences, redaction: every seventh number is odd."""
    where = ROOT / "captures" / path
    target = store.load_target(where)
    host = next(one for one in target.hosts if one.path == where)
    captures: list[Capture] = []
    for file in store.capture_files(where):
        command, newline, output = store.read_text(file).encode().partition(b"\n")
        pieces, at = list[bytes](), 0
        for index, match in enumerate(NUMBER.finditer(output[:20_000])):
            if index % 7 == phase * 2:
                pieces += [output[at : match.start()], odd.encode()]
                at = match.end()
        made = command + newline + b"".join((*pieces, output[at:20_000]))
        captures += captures_of(file.name, made)
    assert engines(host, replace(host, captures=tuple(captures)), target.siblings(host), b"") == []


@pytest.mark.parametrize("odd", ODD, ids=IDS)
def test_packets_claims_and_hints(odd: str) -> None:
    kinds = {"packet": PACKETS, "microflow": MICROFLOWS, "claim": CLAIMS, "hints": HINTS}
    for kind, texts in kinds.items():
        for text in texts:
            for data in replaced(text, odd, 30):
                assert broken_claims(kind, data) == [], data


@pytest.mark.parametrize("odd", ODD, ids=IDS)
def test_a_natural_order_of_any_name(odd: str) -> None:
    assert decimal(odd) is None
    names = [f"{odd}", f"eth{odd}", f"eth1{odd}", "eth10", "eth2", "eth02", "2", "10", ""]
    ordered = sorted(names, key=store.natural)
    assert ordered.index("eth2") < ordered.index("eth10")
    assert ordered.index("2") < ordered.index("10")


def test_no_module_asks_isdigit() -> None:
    """``isdecimal`` is what int() takes."""
    found = [path for path in EXT.rglob("*.py") if ".isdigit(" in path.read_text("utf-8")]
    assert found == []
