"""``ovs-capture trace HOST:DATAPATH``: the command on the database of the oracle's cases."""

import gzip
import json
from pathlib import Path

import pytest

from ovs_capture.command.line import main

VECTORS = Path(__file__).parent / "vectors"
SPOOFED = (
    'inport == "f37d3d14-c773-5bcc-b0c0-63d5b980221b" && eth.src == fa:16:3e:dc:63:d4 && '
    "eth.dst == fa:16:3e:ef:ec:56 && ip4.src == 192.168.111.11 && ip.ttl == 64 && icmp4"
)


@pytest.fixture
def host(tmp_path: Path) -> Path:
    directory = tmp_path / "control"
    directory.mkdir()
    text = gzip.decompress((VECTORS / "southbound.txt.gz").read_bytes())
    (directory / "southbound.txt").write_bytes(text)
    return directory


def test_steps_as_json(host: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["trace", f"{host}:ovn-selfservice", SPOOFED, "--format", "json", "--ct", "rel"]
    assert main([*arguments, "--lang", "en"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(step["stage"], step["table"], step["priority"]) for step in told["steps"]] == [
        ("ls_in_check_port_sec", 0, 50),
        ("ls_in_apply_port_sec", 1, 50),
    ]
    assert told["verdict"] == {"kind": "drop", "ports": []}
    assert told["steps"][1]["line"] > 0


def test_text(host: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", f"{host}:ovn-selfservice", SPOOFED, "--lang", "ja"]) == 0
    told = capsys.readouterr().out
    lines = told.splitlines()
    assert lines[1] == "ovn-selfservice の ls_in_apply_port_sec で破棄される"
    assert "  1. テーブル 0: ls_in_check_port_sec (ポートセキュリティの検査)、優先度 50" in lines
    assert "control/southbound.txt:" in told


def test_refused(host: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", f"{host}:nowhere", SPOOFED]) == 1
    assert "no bridge or datapath 'nowhere'" in capsys.readouterr().err
    assert main(["trace", f"{host}:ovn-backend", SPOOFED, "--lang", "en"]) == 1
    assert "there is no port f37d3d14" in capsys.readouterr().err
