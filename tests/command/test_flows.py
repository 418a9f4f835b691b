"""``flows``: of bridges and of files, as text, Markdown and JSON."""

import json
from pathlib import Path

import pytest

from ovs_capture.command.line import main
from tests.conftest import ROOT

SEED = ROOT / "captures" / "flat-instance"
BR_INT = f"{SEED / 'compute'}:br-int"
Captured = pytest.CaptureFixture[str]


def test_flows(capsys: Captured) -> None:
    target = f"{SEED / 'compute'}:br-int"
    assert main(["flows", target, "--format", "json", "--lang", "en"]) == 0
    flows = json.loads(capsys.readouterr().out)["flows"]
    assert len(flows) == 76
    assert [flow["line"] for flow in flows] == list(range(2, 78))
    assert all(flow["reading"] and flow["purpose"] for flow in flows)
    assert main(["flows", target, "--lang", "ja", "--table", "60"]) == 0
    text = capsys.readouterr().out
    assert "テーブル 60" in text
    assert "テーブル 71 へ進む。" in text
    assert main(["flows", target, "--format", "md", "--lang", "en"]) == 0
    assert "## Table 60: Egress or ingress" in capsys.readouterr().out


def test_flows_of_a_file(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_text("$ ovs-ofctl dump-flows br0\n priority=1,arp actions=NORMAL\n")
    assert main(["flows", str(path), "--format", "json"]) == 0
    (flow,) = json.loads(capsys.readouterr().out)["flows"]
    assert flow["actions"] == ["NORMAL"]
    assert flow["purpose"] is None


def test_flows_of_nothing(capsys: Captured, tmp_path: Path) -> None:
    assert main(["flows", f"{SEED / 'compute'}:br-x"]) == 1
    assert "no flows of 'br-x'" in capsys.readouterr().err
    assert main(["flows", str(tmp_path / "gone")]) == 1
    assert main(["flows", str(SEED / "compute/ip-d-link-show.txt")]) == 1
    assert "holds no flows" in capsys.readouterr().err
    assert main(["flows", f"{SEED / 'compute'}:br-int", "--table", "7"]) == 1


def test_flows_of_ovn_say_what_they_were_made_of(capsys: Captured) -> None:
    target = str(ROOT / "captures" / "ovn" / "hv1") + ":br-int"
    assert main(["flows", target, "--table", "8", "--format", "json", "--lang", "en"]) == 0
    told = json.loads(capsys.readouterr().out)["flows"]
    assert told
    made = "Made of the logical flow of "
    assert {flow["made_of"].removeprefix(made).partition(" ")[0] for flow in told} == {
        "ls_in_check_port_sec", "lr_in_admission"
    }  # fmt: skip
    assert main(["flows", BR_INT, "--table", "71", "--format", "json"]) == 0
    assert not any("made_of" in flow for flow in json.loads(capsys.readouterr().out)["flows"])
