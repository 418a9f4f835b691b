"""DOT: the text for people, the skeleton for the engine, and the engines."""

import builtins
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ovs_capture.diagram.pipeline.dot import Body, NoEngine, Pull, dot_text, order, skeleton
from tests.conftest import ROOT
from tests.diagram.pipeline.flows import HOSTILE, english, picture_of, picture_of_host

GOLDEN = Path(__file__).parent / "golden" / "br-int.dot"
MIDDLE = (Body("t1", 100, 20, 60), Body("e1r1", 6, lane="e1"))
ROWS = ((Body("t0", 100),), MIDDLE, (Body("p0", 80),))
PULLS = (Pull("t0", "t1", 7), Pull("t0", "e1r1", 1), Pull("e1r1", "p0", 1))


def test_the_seed_as_dot() -> None:
    host = ROOT / "captures" / "flat-instance" / "compute"
    found = dot_text(picture_of_host(host, "br-int"), english)
    if os.environ.get("OVS_CAPTURE_REGEN") == "1":
        GOLDEN.write_text(found, "utf-8")
        pytest.fail(f"{GOLDEN.name} was written; read the diff")
    assert found == GOLDEN.read_text("utf-8")


def test_nothing_of_a_capture_is_read_as_dot() -> None:
    pygraphviz = pytest.importorskip("pygraphviz")
    text = dot_text(picture_of(HOSTILE), english)
    graph = pygraphviz.AGraph(string=text)
    ids = {str(node) for node in graph.nodes()}
    assert all(re.fullmatch(r"[tps]\d+", one) for one in ids), ids
    assert graph.edges(), text
    for source, target in graph.edges():
        assert {str(source), str(target)} <= ids
    labels = [graph.get_node(one).attr["label"] for one in sorted(ids)]
    assert any("a:b" in label for label in labels)
    assert any("<b>\\\\N</b>" in label for label in labels)
    assert not any(label.startswith("<") for label in labels)


def test_the_skeleton_has_no_text_to_measure() -> None:
    text = skeleton(ROWS, PULLS)
    assert 'label=""' in text
    assert not re.search(r">[^<>\s]+</td>", text)
    assert "t0:b:s -> t1:b:n" in text


def test_the_engine_orders_without_overlap() -> None:
    pytest.importorskip("pygraphviz")
    middles, engine = order(ROWS, PULLS)
    assert engine == "pygraphviz"
    assert set(middles) == {"t0", "t1", "e1r1", "p0"}
    left, right = sorted((middles["t1"], middles["e1r1"]))
    assert right - left >= 50 + 3
    assert order(ROWS, PULLS) == (middles, engine)


def without_pygraphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "pygraphviz":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)


def test_without_any_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    without_pygraphviz(monkeypatch)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(NoEngine):
        order(ROWS, PULLS)


def test_the_systems_dot_where_there_is_no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    without_pygraphviz(monkeypatch)
    asked: list[Any] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        asked.append((command, options["input"]))
        plain = "graph 1 3 2\nnode t0 1.0 1.5 1.4 0.1 x\nnode t1 2.0 0.5 2.5 0.1 x\nstop\n"
        return subprocess.CompletedProcess(command, 0, plain, "")

    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", run)
    middles, engine = order(ROWS, PULLS)
    assert engine == "dot"
    assert asked == [(["/usr/bin/dot", "-Tplain"], skeleton(ROWS, PULLS))]
    # 20 px at the left of the box, 60 at its right: the box is left of the middle.
    assert middles == {"t0": 72, "t1": 124}


def test_a_dot_that_fails_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    without_pygraphviz(monkeypatch)
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/false")
    with pytest.raises(NoEngine):
        order(ROWS, PULLS)
