"""``pipeline``: the graph as DOT text and as files."""

import json
from pathlib import Path

import pytest

from ovs_capture.command.line import main
from tests.conftest import ROOT

SEED = ROOT / "captures" / "flat-instance"
BR_INT = f"{SEED / 'compute'}:br-int"
LFLOWS = str(ROOT / "captures" / "ovn" / "ctl" / "ovn-sbctl-lflow-list.txt.gz")
Captured = pytest.CaptureFixture[str]


def test_pipeline_prints_dot(capsys: Captured) -> None:
    assert main(["pipeline", BR_INT, "--lang", "ja"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("digraph {")
    assert "送信の基本ルール" in text


@pytest.mark.parametrize(
    ("suffix", "begins"),
    [("svg", b"<svg "), ("dot", b"digraph"), ("json", b"{\n"), ("png", b"\x89PNG")],
)
def test_pipeline_writes(tmp_path: Path, suffix: str, begins: bytes) -> None:
    out = tmp_path / f"graph.{suffix}"
    assert main(["pipeline", BR_INT, "-o", str(out), "--lang", "en"]) == 0
    assert out.read_bytes().startswith(begins)


def test_pipeline_of_logical_flows(tmp_path: Path) -> None:
    out = tmp_path / "stages.json"
    assert main(["pipeline", LFLOWS, "-o", str(out), "--lang", "en"]) == 0
    told = json.loads(out.read_bytes())
    found = [node for node in told["nodes"] if node["kind"] == "stage"]
    assert {"ls_in_acl", "lr_out_snat"} <= {name for node in found for name in node["stages"]}
    assert all(len(node["stages"]) == node["last"] - node["table"] + 1 for node in found)
    assert {edge["kind"] for edge in told["edges"]} == {
        "in_port", "next", "ct", "output", "end"
    }  # fmt: skip


def test_pipeline_writes_no_other_kind(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["pipeline", BR_INT, "-o", "x.txt"])
    assert stopped.value.code == 2
    assert ".svg, .dot, .json" in capsys.readouterr().err
