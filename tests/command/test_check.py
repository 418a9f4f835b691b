"""``check``: what it finds, and when it fails."""

from pathlib import Path

import pytest

from ovs_capture.command.line import main
from tests.command.test_parse import LINKS
from tests.conftest import ROOT

SEED = ROOT / "captures" / "flat-instance"
Captured = pytest.CaptureFixture[str]


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
