"""Long work is told to a terminal only, and leaves nothing there."""

import io

import pytest

from ovs_capture import progress as told
from ovs_capture.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_hears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "PATIENCE", -1.0)
    pipe = io.StringIO()
    assert list(progress("abc", "reading", 3, out=pipe)) == ["a", "b", "c"]
    assert pipe.getvalue() == ""


def test_what_is_done_at_once_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "PATIENCE", 3600.0)
    terminal = Terminal()
    assert list(progress("abc", "reading", 3, out=terminal)) == ["a", "b", "c"]
    assert terminal.getvalue() == ""


def test_long_work_is_told_and_the_line_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "PATIENCE", -1.0)
    terminal = Terminal()
    assert list(progress("ab", "reading", 2, out=terminal)) == ["a", "b"]
    lines = terminal.getvalue().split("\r\x1b[K")
    assert lines == ["", "reading... 0 of 2", "reading... 1 of 2", ""]


def test_the_line_is_cleared_when_work_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "PATIENCE", -1.0)
    terminal = Terminal()
    with pytest.raises(ZeroDivisionError):
        for number in progress([1, 0], "dividing", 2, out=terminal):
            assert 1 / number
    assert terminal.getvalue().endswith("\r\x1b[K")
