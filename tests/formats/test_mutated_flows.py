"""Mutated flow lines: nothing raises, none is lost, and the quick way reads as the careful one."""

import random
import re
from itertools import islice

import pytest

from ovs_capture.formats import ovs_ofctl_dump_flows as reader
from ovs_capture.formats.base import ELISION
from ovs_capture.source import Source, decode
from tools.fuzz import flow_lines, mutated, read_mutated


@pytest.mark.parametrize("seed", range(4))
def test_no_line_raises_and_none_is_lost(seed: int) -> None:
    assert read_mutated(2500, seed) == []


def test_the_same_seed_makes_the_same_lines() -> None:
    lines = flow_lines()
    assert list(islice(mutated(lines, 7), 50)) == list(islice(mutated(lines, 7), 50))
    assert list(islice(mutated(lines, 7), 50)) != list(islice(mutated(lines, 8), 50))


@pytest.mark.parametrize(
    ("share", "part"), [(0, reader._PART), (1, reader._PART), (4, reader._PART), (1, 900), (0, 1)]
)
def test_usual_lines_are_read_as_all_lines_are(share: int, part: int, monkeypatch) -> None:
    """Of each ten lines so many are mutated; most of the rest take the quick way.

    ``part``: the characters read at once. Wherever a part ends, no flow is cut.
    """
    monkeypatch.setattr(reader, "_PART", part)
    lines = flow_lines()
    changed = mutated(lines, 11)
    text = decode(
        b"\n".join(
            next(changed) if index % 10 < share else lines[index % len(lines)]
            for index in range(4000)
        )
    )
    quick = reader.parse(Source("quick", text + "\n"))
    monkeypatch.setattr(reader, "_USUAL", re.compile(r"(?!)"))
    careful = reader.parse(Source("quick", text + "\n"))
    assert len(quick.records) == len(careful.records)
    for ours, theirs in zip(quick.records, careful.records, strict=True):
        assert ours == theirs
    assert quick == careful


@pytest.mark.parametrize("seed", range(3))
def test_mutated_lines_broken_by_empty_ones(seed: int) -> None:
    """Wherever they are broken, each line is a record's or has its diagnostic, once, in order."""
    chance = random.Random(seed)
    pieces = []
    for line in islice(mutated(flow_lines(), seed), 1500):
        text = decode(line)
        at = chance.randrange(len(text) + 1)
        pieces.append(text[:at] + chance.choice(["", "\n", "\n\n", "\n \n\n  "]) + text[at:])
    source = Source("broken", "\n".join(pieces))
    parsed = reader.parse(source)
    position = 0
    told: set[int] = set()
    for record in parsed.records:
        assert position <= record.span.start < record.span.end
        position = record.span.end
        told.update(
            range(source.line_numbers(record.span)[0], source.line_numbers(record.span)[1] + 1)
        )
    for diagnostic in parsed.diagnostics:
        first, last = source.line_numbers(diagnostic.span)
        told.update(range(first, last + 1))
    silent = [
        line
        for number, line in enumerate(source.text.split("\n"), 1)
        if number not in told and line.strip() and not ELISION.fullmatch(line)
    ]
    assert silent == []
