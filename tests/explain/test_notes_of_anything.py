"""Notes on every fixture of every format, cut anywhere: nothing raises, every hole is filled."""

from pathlib import Path

import pytest

from ovs_capture import store
from ovs_capture.explain.captures import notes
from ovs_capture.formats.reading import read
from ovs_capture.network.correlate import correlate
from ovs_capture.source import Source, decode
from ovs_capture.translation import Translator

FORMATS = Path(__file__).parent.parent / "formats"
FIXTURES = sorted(
    path for path in FORMATS.glob("*/*.txt") if path.parent.name != "ovs_ofctl_dump_flows"
)
SAY = [Translator(language) for language in ("en", "ja")]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_fixture(path: Path) -> None:
    text = decode(path.read_bytes())
    step = max(1, len(text) // 12)
    for end in (*range(step, len(text), step), len(text)):
        captures = read(Source("s/h/x.txt", text[:end]))
        network = correlate(store.Host("s/h", Path(), captures, store.Hints()))
        for capture in captures:
            for note in notes(capture, network):
                for say in SAY:
                    told = say.text(note.message)
                    assert told.strip()
                    assert "%(" not in told
