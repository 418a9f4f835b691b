"""``trace``: packets as arguments and from stdin."""

import io
import json

import pytest

from ovs_capture.command.line import main
from tests.conftest import ROOT

SEED = ROOT / "captures" / "flat-instance"
Captured = pytest.CaptureFixture[str]
PING = (
    "in_port=tap635485ff-6c,dl_src=fa:16:3e:55:2a:5d,dl_dst=52:54:00:12:34:56,icmp,"
    "nw_src=172.16.0.112,nw_dst=172.16.0.1,nw_ttl=64,icmp_type=8"
)


def test_trace_prints_the_way(capsys: Captured) -> None:
    assert main(["trace", f"{SEED}/compute:br-int", PING, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "\nLeaves for 172.16.0.0/24 on eth2, untagged\n" in said
    assert "  4. Table 71 (Egress base rules), priority 65\n" in said
    assert "priority=65,ip,reg5=0x3" in said


def test_trace_as_json(capsys: Captured) -> None:
    target = f"{SEED}/compute:br-int"
    spoofed = PING.replace("nw_src=172.16.0.112", "nw_src=172.16.0.113")
    assert main(["trace", target, spoofed, "--format", "json", "--lang", "en"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == {"kind": "drop", "ports": []}
    assert [step["table"] for step in found["steps"]] == [0, 58, 60, 71, 93]
    assert found["steps"][2]["actions"][0] == "load:0x3->NXM_NX_REG5[]"
    assert found["steps"][2]["flow"].startswith("cookie=0x495e20e8d5566065")


def test_trace_of_many_packets(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = f"{PING}\n{PING}\t--ct-next\ttrk,est\nin_port=nowhere\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert main(["trace", f"{SEED}/compute:br-int", "-", "--lang", "en"]) == 1
    said = capsys.readouterr()
    first, second, third = map(json.loads, said.out.splitlines())
    assert "trk" in first["assumed"][0] and "as --ct-next says" in second["assumed"][0]
    assert third == {"error": "there is no port nowhere", "column": 9}
    assert said.err == "-:3:9: unknown-port: there is no port nowhere\n"


def test_trace_refuses_a_packet(capsys: Captured) -> None:
    assert main(["trace", f"{SEED}/compute:br-int", "tcp_dst=80", "--lang", "en"]) == 1
    assert capsys.readouterr().err.startswith("PACKET:1:1: prerequisite: ")
