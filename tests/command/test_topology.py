"""``topology``: what it draws and writes, of both layers."""

import json
from pathlib import Path

import pytest

from ovs_capture.command.line import main
from tests.conftest import ROOT
from tools import bench_scale

SEED = ROOT / "captures" / "flat-instance"
Captured = pytest.CaptureFixture[str]


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


def test_topology_of_a_crowd(tmp_path: Path) -> None:
    host = bench_scale.Host(0, 9, range(30))
    for name in ("ip-d-link-show", "ovs-vsctl-show", "instances-ip-addr-show"):
        lines = "".join(f"{line}\n" for line in bench_scale.CAPTURES[name](host))
        (tmp_path / f"{name}.txt").write_text(lines, "utf-8")
    said = {}
    for options in ((), ("--collapse",), ("--no-collapse",), ("--lang", "ja")):
        out = tmp_path / "x.svg"
        assert main(["topology", str(tmp_path), *options, "-o", str(out)]) == 0
        said[options[-1:]] = out.read_text("utf-8")
    note = "Equal guests are drawn as one box (guests: 30, boxes: 1)."
    assert said[()].count(note) == 2  # in the picture, and in its description
    assert "同じ構成のゲストを 1 つの箱にまとめて表示 (ゲスト 30 台、箱 1 個)。" in said["ja",]
    assert ">instance ×30<" in said["--collapse",]
    assert note not in said["--collapse",]
    assert ">instance17<" in said["--no-collapse",]


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


def test_since_marks_the_picture_and_says_what_is_gone(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = (str(root / "captures" / "what-changed" / side) for side in ("before", "after"))
    plain, marked = tmp_path / "plain.svg", tmp_path / "marked.svg"
    assert main(["topology", after, "-o", str(plain), "--lang", "en"]) == 0
    capsys.readouterr()
    asked = ["topology", after, "--since", before, "--lang", "en"]
    assert main([*asked, "-o", str(marked)]) == 0
    words = "+ new, ~ changed since the earlier captures"
    assert words in marked.read_text()
    assert words not in plain.read_text()
    assert f"gone since {before}: " in capsys.readouterr().err
    assert main([*asked, "-o", str(tmp_path / "x.drawio")]) == 1
    assert main(asked) == 1
    assert "--since needs -o OUT.svg|.png|.pdf" in capsys.readouterr().err
    assert main([*asked, "--layer", "logical", "-o", str(marked)]) == 1
    assert main(["topology", after, "--since", str(tmp_path), "-o", str(marked)]) == 1
