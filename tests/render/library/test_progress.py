"""Long work is told step by step, short work is not."""

import pytest

from ovs_capture.render.library import progress as told
from ovs_capture.render.library.progress import (
    LONG,
    progress,
)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Sphinx's own iterator is asked to tell."""
    lines: list[str] = []

    def iterator(steps, summary, color, length, verbosity, stringify_func):
        for step in steps:
            lines.append(f"{summary}{stringify_func(step)} of {length}")
            yield step

    monkeypatch.setattr(told, "status_iterator", iterator)
    return lines


@pytest.mark.parametrize("length", [0, 1, LONG - 1])
def test_short_work_says_nothing(said: list[str], length: int) -> None:
    assert list(progress(range(length), "joining", length, str, 0)) == list(range(length))
    assert said == []


def test_long_work_tells_every_step(said: list[str]) -> None:
    assert list(progress(range(LONG), "joining", LONG, str, 0)) == list(range(LONG))
    assert said == [f"joining... {step} of {LONG}" for step in range(LONG)]
