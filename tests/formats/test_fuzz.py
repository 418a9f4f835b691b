"""A share of ``make fuzz``, and what it found before: nothing raises, hangs or is lost."""

import os
import subprocess
import sys
from itertools import islice

import pytest

from ovs_capture.formats.registry import BY_NAME, FORMATS
from tests.conftest import ROOT
from tools.fuzz import Block, blocks, work
from tools.fuzz_captures import Hang, broken_promises, prefixes, texts, tried
from tools.fuzz_engines import broken_claims
from tools.texts import corpus


def test_every_format_has_texts() -> None:
    assert set(corpus()) == set(BY_NAME)


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_mutated_captures(format) -> None:
    for make in (texts, prefixes):
        for _, data in islice(make([format.name], 3), 12):
            assert broken_promises(format, data) == [], data


@pytest.mark.parametrize("seed", range(2))
def test_hosts_with_mutated_captures(seed: int) -> None:
    assert work(Block("hosts", seed, 2)).faults == []


@pytest.mark.parametrize("seed", range(2))
def test_packets_claims_and_hints(seed: int) -> None:
    assert work(Block("claims", seed, 120)).faults == []


def test_the_same_seed_makes_the_same_inputs() -> None:
    names = [format.name for format in FORMATS]
    assert list(islice(texts(names, 5), 60)) == list(islice(texts(names, 5), 60))
    assert list(islice(texts(names, 5), 60)) != list(islice(texts(names, 6), 60))


def test_formats_take_turns() -> None:
    names = [format.name for format in FORMATS]
    made = islice(texts(names, 1), 2 * len(names))
    assert [format.name for format, _ in made] == names * 2


def test_blocks_hold_all_inputs_and_mix_their_kinds() -> None:
    made = blocks(10_500, 7_000, 12, 1)
    assert sum(block.amount for block in made) == 10_500 + 1_050 + 2 * 7_000 + 12
    assert len({(block.kind, block.seed) for block in made}) == len(made)
    assert {block.kind for block in made[-6:]} == {block.kind for block in made}


def test_what_raises_hangs_or_breaks_a_promise_is_told() -> None:
    def forever() -> list[str]:
        while True:
            pass

    assert tried("kind", b"", list) == []
    assert [fault.told for fault in tried("kind", b"", lambda: ["lost"])] == ["lost"]
    (raised,) = tried("kind", b"", lambda: [str(1 // 0)])
    assert "ZeroDivisionError" in raised.told
    (hung,) = tried("kind", b"", forever, 0.05)
    assert Hang.__name__ in hung.told


@pytest.mark.parametrize(
    ("name", "data"),
    [
        # A command that a prefix cut, read as the format that was asked for.
        pytest.param("ovn_nbctl_names", b"$ ovn-", id="command without arguments"),
    ],
)
def test_what_was_found(name: str, data: bytes) -> None:
    assert broken_promises(BY_NAME[name], data) == []


def test_processes_end_with_the_tool() -> None:
    """Also when it is killed, which no handler of its own is told."""
    command = [sys.executable, "-m", "tools.fuzz", "--jobs", "1", "--lines", "0", "--hosts", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "ext")}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as tool:
        assert tool.stdout is not None
        assert tool.stdout.readline().startswith(b"fuzz: ")
        tool.kill()
        # The processes of the pool have the same pipe: it ends when the last of them does.
        tool.communicate(timeout=60)


def test_packets_that_were_found() -> None:
    """A superscript is a digit and no number."""
    assert broken_claims("packet", "in_port=1²,arp".encode()) == []
