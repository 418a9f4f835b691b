"""What a capture orders a terminal to do is never done: the command prints no control character."""

import json
import unicodedata
from pathlib import Path

import pytest

from ovs_capture.command.line import main
from ovs_capture.source import encode
from tests.render.hostile import ATTACKS, captures, hints, scenario

Captured = pytest.CaptureFixture[bytes]
_REORDERING = ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")


@pytest.fixture(params=["terminal", "bytes", "bidi"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A scenario of two hosts, in whose captures everything has a hostile name."""
    name = ATTACKS[request.param]
    for host, called in (("before", name), ("after", name + "2")):
        made = tmp_path / "lab" / host
        made.mkdir(parents=True)
        for file, text in captures(called).items():
            (made / file).write_bytes(encode(text))
        (made / "host.toml").write_text(hints(called), "utf-8")
    (tmp_path / "lab" / "scenario.toml").write_text(scenario(name), "utf-8")
    return tmp_path / "lab"


def _orders(text: str) -> set[str]:
    """Characters that a terminal obeys instead of showing them; lines may end in CRLF."""
    text = text.replace("\r\n", "\n")
    return {
        char
        for char in text
        if (unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t")
        or unicodedata.bidirectional(char) in _REORDERING
    }


@pytest.mark.parametrize(
    "words",
    [
        ("flows", "before:br-int"),
        ("flows", "before:br-int", "--format", "md"),
        ("flows", "before/lflows.txt"),
        ("diff", "before", "after"),
        ("check", ""),
        ("pipeline", "before:br-int"),
        ("trace", "before:br-int", "in_port=1,icmp"),
        ("import-sos", "before", "-o", "sos"),
    ],
    ids=lambda words: words[0],
)
def test_text(folder: Path, capfdbinary: Captured, words: tuple[str, ...]) -> None:
    main(_with_paths(folder, words))
    said = capfdbinary.readouterr()
    assert said.out + said.err
    assert _orders(said.out.decode()) == set()
    assert _orders(said.err.decode()) == set()


@pytest.mark.parametrize(
    "words",
    [
        ("flows", "before:br-int", "--format", "json"),
        ("flows", "before/lflows.txt", "--format", "json"),
        ("diff", "before", "after", "--format", "json"),
        ("trace", "before:br-int", "in_port=1,icmp", "--format", "json"),
        ("topology", ""),
        ("topology", "before", "--layer", "logical"),
        ("parse", *(f"before/{file}" for file in captures("x"))),
    ],
    ids=lambda words: words[0],
)
def test_json(folder: Path, capfdbinary: Captured, words: tuple[str, ...]) -> None:
    main(_with_paths(folder, words))
    out = capfdbinary.readouterr().out.decode()
    assert json.loads(out)
    assert _orders(out) == set()


def _with_paths(folder: Path, words: tuple[str, ...]) -> list[str]:
    return [
        str(folder / word) if word == "" or word.startswith(("before", "after", "sos")) else word
        for word in words
    ]
