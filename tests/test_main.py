"""The command: what it prints, where, and with which exit status."""

import io
import json
from pathlib import Path

import pytest

from ovs_capture.__main__ import main
from tests.conftest import ROOT

SEED = ROOT / "captures" / "flat-instance"
LINKS = (
    "$ ip link\n"
    "1: eth0: <UP> mtu 1500 qdisc mq state UP mode DEFAULT group default qlen 1000\n"
    "    link/ether 00:15:5d:bf:ba:50 brd ff:ff:ff:ff:ff:ff\n"
)
Captured = pytest.CaptureFixture[str]


def test_parse(capsys: Captured) -> None:
    assert main(["parse", str(SEED / "compute/ip-d-link-show.txt")]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    (capture,) = json.loads(said.out)["captures"]
    assert capture["format"] == "ip_link"
    assert capture["line"] == 1
    assert capture["command"] == "ip -d link show"
    assert capture["context"] == {
        "host": "flat-instance/compute",
        "namespace": None,
        "guest": None,
    }
    assert capture["diagnostics"] == []
    first = capture["records"][0]
    assert (first["record"], first["ifname"], first["lines"]) == ("Link", "lo", [2, 3])


def test_parse_says_in_which_guest(capsys: Captured) -> None:
    assert main(["parse", str(SEED / "client/ssh-cirros-ip-addr.txt")]) == 0
    (capture,) = json.loads(capsys.readouterr().out)["captures"]
    assert capture["context"]["guest"] == "instance00"


def test_parse_reads_the_first_seed_whole(capsys: Captured) -> None:
    files = sorted(str(path) for path in SEED.rglob("*.txt"))
    assert main(["parse", *files]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    captures = json.loads(said.out)["captures"]
    assert len(captures) == len(files)
    assert "raw" not in {capture["format"] for capture in captures}


def test_parse_tells_what_it_cannot_read(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_bytes(LINKS.encode() + b"a log line \xff\n")
    assert main(["parse", str(path)]) == 0
    said = capsys.readouterr()
    assert f"{path.as_posix()}:4:1: unknown-line: " in said.err
    codes = {d["code"] for c in json.loads(said.out)["captures"] for d in c["diagnostics"]}
    assert codes == {"unknown-line", "not-utf8"}
    assert main(["parse", str(tmp_path / "gone.txt")]) == 1
    assert ":1:1: not-readable: cannot read" in capsys.readouterr().err


def test_parse_as_a_format(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(LINKS)
    assert main(["parse", str(path), "--format", "raw"]) == 0
    assert json.loads(capsys.readouterr().out)["captures"][0]["records"] == []
    with pytest.raises(SystemExit) as usage:
        main(["parse", str(path), "--format", "nothing"])
    assert usage.value.code == 2


@pytest.mark.parametrize("suffix", ["json", "svg", "png"])
def test_topology(capsys: Captured, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"picture.{suffix}"
    assert main(["topology", str(SEED / "compute"), "-o", str(out)]) == 0
    start = {"json": b"{", "svg": b"<svg", "png": b"\x89PNG"}[suffix]
    assert out.read_bytes().startswith(start)
    assert capsys.readouterr() == ("", "")


def test_topology_prints_the_scene(capsys: Captured, tmp_path: Path) -> None:
    assert main(["topology", str(SEED / "compute")]) == 0
    scene = json.loads(capsys.readouterr().out)
    assert {"Compute Node", "instance00"} <= {c["title"] for c in scene["containers"]}
    out = tmp_path / "x.json"
    main(["topology", str(SEED / "compute"), "-o", str(out)])
    assert json.loads(out.read_text()) == scene


@pytest.mark.parametrize("suffix", ["json", "svg", "png", "dot"])
def test_the_logical_layer(capsys: Captured, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"picture.{suffix}"
    seed = str(ROOT / "captures" / "selfservice")
    assert main(["topology", "--layer", "logical", seed, "-o", str(out)]) == 0
    start = {"json": b"{", "svg": b"<svg", "png": b"\x89PNG", "dot": b"graph"}[suffix]
    assert out.read_bytes().startswith(start)
    assert main(["topology", "--layer", "logical", str(SEED)]) == 1
    assert "no capture of OVN's databases" in capsys.readouterr().err


def test_topology_collapsed_and_upside_down(capsys: Captured, tmp_path: Path) -> None:
    pictures = []
    for direction in ("down", "up"):
        out = tmp_path / f"{direction}.svg"
        path = str(SEED / "compute")
        assert main(["topology", path, "--collapse", "--direction", direction, "-o", str(out)]) == 0
        pictures.append(out.read_text("utf-8"))
    assert pictures[0] != pictures[1]
    assert capsys.readouterr() == ("", "")


def test_topology_of_nothing(capsys: Captured, tmp_path: Path) -> None:
    assert main(["topology", str(tmp_path / "gone")]) == 1
    assert "not-found: no capture, host or scenario at" in capsys.readouterr().err
    assert main(["topology", str(SEED / "compute"), "--hide", "nobody"]) == 1
    said = capsys.readouterr().err
    assert "option-no-match: option :hide: 'nobody' matches nothing" in said
    assert main(["topology", str(SEED / "compute"), "-o", str(tmp_path / "no/x.json")]) == 1
    with pytest.raises(SystemExit) as usage:
        main(["topology", str(SEED / "compute"), "-o", "x.gif"])
    assert usage.value.code == 2


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


def test_check_of_all_scenarios(capsys: Captured, tmp_path: Path) -> None:
    for name in ("one/host", "several/before/host", "several/after/host"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "ip.txt").write_text(LINKS + "a log line\n")
    assert main(["check", str(tmp_path)]) == 1
    places = [line.partition(":")[0] for line in capsys.readouterr().err.splitlines()]
    assert places == [
        str(tmp_path / name / "ip.txt")
        for name in ("one/host", "several/after/host", "several/before/host")
    ]


def test_check(capsys: Captured, tmp_path: Path) -> None:
    assert main(["check", str(SEED)]) == 0
    (secret,) = capsys.readouterr().err.splitlines()
    assert "openstack-server-create.txt:24:42: secret: " in secret
    assert main(["check", str(SEED), "--strict"]) == 1
    capsys.readouterr()
    odd = tmp_path / "odd.txt"
    odd.write_text(LINKS + "a log line\n")
    assert main(["check", str(odd)]) == 1
    assert "odd.txt:4:1: unknown-line: " in capsys.readouterr().err
    unknown = tmp_path / "unknown.txt"
    unknown.write_text("$ uname -a\nLinux\n")
    assert main(["check", str(unknown)]) == 0
    assert main(["check", str(unknown), "--strict"]) == 1
    assert "unknown.txt:1:3: unrecognised: " in capsys.readouterr().err
    assert main(["check", str(tmp_path / "gone")]) == 1


def test_usage() -> None:
    for wrong in ([], ["nothing"], ["parse"], ["flows", "x", "--lang", "fr"]):
        with pytest.raises(SystemExit) as usage:
            main(wrong)
        assert usage.value.code == 2


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_of_the_locale(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main(["flows", f"{SEED / 'compute'}:br-int", "--table", "60"]) == 0
    assert ("テーブル" in capsys.readouterr().out) == (language == "ja")


def test_the_command_does_without_sphinx() -> None:
    import subprocess
    import sys

    code = "import sys, ovs_capture.__main__; sys.exit('sphinx' in sys.modules)"
    env = {"PYTHONPATH": str(ROOT / "ext"), "PATH": ""}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode == 0


def test_flows_of_ovn_say_what_they_were_made_of(capsys: pytest.CaptureFixture[str]) -> None:
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


# pipeline

BR_INT = str(ROOT / "captures" / "flat-instance" / "compute") + ":br-int"
LFLOWS = str(ROOT / "captures" / "ovn" / "ctl" / "ovn-sbctl-lflow-list.txt.gz")


def test_pipeline_prints_dot(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipeline", BR_INT, "--lang", "ja"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("digraph {")
    assert "送信の基本ルール" in text


@pytest.mark.parametrize(
    ("suffix", "begins"),
    [("svg", b"<svg "), ("dot", b"digraph"), ("json", b"{\n"), ("png", b"\x89PNG")],
)
def test_pipeline_writes(tmp_path: Path, suffix: str, begins: bytes) -> None:
    pytest.importorskip("pygraphviz")
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


def test_pipeline_writes_no_other_kind(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["pipeline", BR_INT, "-o", "x.txt"])
    assert stopped.value.code == 2
    assert ".svg, .dot, .json" in capsys.readouterr().err


def test_pipeline_without_an_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from ovs_capture.diagram.pipeline import dot

    def none(source: str) -> None:
        raise dot.NoEngine

    monkeypatch.setattr(dot, "_run", none)
    out = tmp_path / "graph.svg"
    assert main(["pipeline", BR_INT, "-o", str(out)]) == 1
    assert "no-graph-engine" in capsys.readouterr().err
    assert not out.exists()
    # The text needs none.
    assert main(["pipeline", BR_INT]) == 0


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


def test_parse_masks_unless_told_not_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.txt"
    file.write_text("$ openstack --os-password hush server show x\n| adminPass | other |\n")
    main(["parse", str(file)])
    said = capsys.readouterr()
    assert "hush" not in said.out + said.err
    assert "other" not in said.out + said.err
    main(["parse", "--no-redact", str(file)])
    assert "hush" in capsys.readouterr().out
    assert main(["check", "--strict", str(file)]) == 1
    said = capsys.readouterr()
    assert f"{file}:1:27: secret: 2 secret(s)" in said.err
    assert "hush" not in said.err
    assert "other" not in said.err
