"""``parse``: records and diagnostics as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from ovs_capture import store
from ovs_capture.command.line import main
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


def test_parse_reads_a_directory_once_for_all_its_guests(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    load = store.load_target

    def load_target(path: Path, **options: Any) -> store.Target:
        asked.append(path)
        return load(path, **options)

    monkeypatch.setattr(store, "load_target", load_target)
    file = SEED / "client" / "ssh-cirros-ip-addr.txt"
    assert main(["parse", str(file), str(file)]) == 0
    captures = json.loads(capsys.readouterr().out)["captures"]
    assert [capture["context"]["guest"] for capture in captures] == ["instance00"] * 2
    assert asked == [SEED / "client"]
    assert main(["parse", str(SEED / "compute" / "ovs-vsctl-show.txt")]) == 0
    assert len(asked) == 1


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


def test_parse_masks_unless_told_not_to(tmp_path: Path, capsys: Captured) -> None:
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
