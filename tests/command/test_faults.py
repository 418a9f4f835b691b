"""The command where the system refuses: one line that says where, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_writing import room_for

SEED = ROOT / "captures" / "flat-instance"
FILE = SEED / "compute" / "ovs-vsctl-show.txt"


def run(
    *arguments: object,
    environment: dict[str, str] | None = None,
    stdin: bytes = b"",
    stdout: int | None = subprocess.PIPE,
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "ovs_capture", *map(str, arguments)],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "ext"),
            # Where no file may be long, a module's bytecode would be cut off and stay so.
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        | (environment or {}),
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[bytes], place: object, reason: str) -> None:
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert "Traceback" not in said
    assert any(str(place) in line and reason in line for line in said.splitlines()), said


def test_standard_output_is_full() -> None:
    with open("/dev/full", "wb") as full:
        done = run("parse", FILE, stdout=full.fileno())
    refused(done, "standard output", "No space left on device")
    assert len(done.stderr.splitlines()) == 1


def test_the_reader_of_standard_output_went_away() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    done = run("parse", FILE, stdout=writes)
    os.close(writes)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("command", ["topology", "pipeline"])
def test_no_room_for_a_picture(tmp_path: Path, command: str) -> None:
    out = tmp_path / "a.svg"
    out.write_bytes(b"before")
    target = SEED / "compute" if command == "topology" else f"{SEED / 'compute'}:br-int"
    with room_for(1000):
        done = run(command, target, "-o", out)
    refused(done, out, "File too large")
    assert out.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["a.svg"]


def test_a_directory_where_a_picture_should_be(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    refused(run("topology", SEED / "compute", "-o", tmp_path / "a.json"), "a.json", "directory")


def test_a_file_where_a_directory_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    out = tmp_path / "file" / "below"
    refused(run("redact", FILE, "-o", out), FILE, "Not a directory")
    refused(run("topology", SEED / "compute", "-o", out / "a.json"), out, "Not a directory")


def test_no_room_for_a_redacted_copy(tmp_path: Path) -> None:
    with room_for(1000):
        done = run("redact", SEED / "compute", "-o", tmp_path / "safe", "--key", "k")
    refused(done, SEED / "compute", "File too large")
    for path in (tmp_path / "safe").rglob("*"):
        assert not path.name.startswith(".ovs-capture-")
        if path.is_file():
            assert path.stat().st_size < 1000


@pytest.mark.parametrize("command", ["parse", "flows", "diff", "redact"])
def test_a_file_that_the_system_does_not_give(tmp_path: Path, command: str) -> None:
    """The kernel refuses to read it, to root too."""
    path = tmp_path / "host" / "a.txt"
    path.parent.mkdir()
    path.symlink_to("/proc/self/mem")
    options: dict[str, list[str | Path]] = {
        "diff": [path],
        "redact": ["-o", tmp_path / "safe"],
    }
    refused(run(command, path, *options.get(command, [])), path, "Input/output error")


@pytest.mark.parametrize("what", ["nowhere", "itself"])
@pytest.mark.parametrize("command", ["parse", "check", "redact"])
def test_broken_links(tmp_path: Path, command: str, what: str) -> None:
    path = tmp_path / "itself"
    path.symlink_to(what)
    more = ["-o", tmp_path.with_name("safe")] if command == "redact" else []
    refused(run(command, path, *more), path, "")


def test_a_directory_that_is_named_as_a_capture(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    refused(run("parse", tmp_path / "a.txt"), "a.txt", "Is a directory")
    (tmp_path / "b.txt").write_bytes(FILE.read_bytes())
    assert run("check", tmp_path).returncode == 0


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "xx_YY.nothing", "HOME": "/nowhere", "FONTCONFIG_FILE": "/nowhere"},
        {},
    ],
    ids=["ascii", "ascii streams", "no such locale, home and fonts", "nothing set"],
)
def test_any_environment_gives_the_same(tmp_path: Path, environment: dict[str, str]) -> None:
    target = f"{SEED / 'compute'}:br-int"
    packets = "in_port=\u57e0,arp\n".encode() + b"in_port=\xff\n"
    for arguments in (("pipeline", target, "--lang", "ja"), ("trace", target, "-")):
        usual = run(*arguments, environment={"LC_ALL": "C.UTF-8"}, stdin=packets)
        done = run(*arguments, environment=environment, stdin=packets)
        assert usual.stdout
        assert done.stdout == usual.stdout
        assert done.returncode == usual.returncode
        assert b"Traceback" not in done.stderr
    out = tmp_path / "\u56f3.png"
    done = run("topology", SEED / "compute", "-o", out, "--lang", "ja", environment=environment)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr.decode()
    assert out.stat().st_size > 1000


def test_no_fonts(tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text("<fontconfig></fontconfig>")
    done = run(
        "topology", SEED / "compute", "-o", tmp_path / "a.png", "--lang", "ja",
        environment={"FONTCONFIG_FILE": str(config)},
    )  # fmt: skip
    said = done.stderr.decode()
    assert done.returncode == 0, said
    assert "font-missing" in said
    assert "Traceback" not in said


ODD = """
import os, sys
from ovs_capture.command.line import main
odd, host = os.fsdecode(b"\\xff\\xfe"), os.path.join(sys.argv[1], "compute")
bridge = f"{host}:br-int"
for arguments in (
    ["parse", odd],
    ["topology", sys.argv[1], "-o", os.path.join(sys.argv[2], odd + ".svg")],
    ["topology", host, "--focus", odd],
    ["flows", f"{host}:{odd}"],
    ["trace", bridge, odd],
    ["trace", bridge, f'in_port="{odd}",arp'],
    ["trace", bridge, "in_port=1,icmp", "--ct-next", odd],
    ["diff", host, odd],
    ["redact", host, "-o", os.path.join(sys.argv[2], "copy" + odd), "--key", odd],
):
    try:
        status = main(arguments)
    except SystemExit as usage:
        status = usage.code
    assert status in (0, 1, 2), arguments
print("run")
"""


def test_arguments_that_are_not_utf8(tmp_path: Path) -> None:
    seed = ROOT / "captures" / "flat-instance"
    done = subprocess.run(
        [sys.executable, "-c", ODD, str(seed), str(tmp_path)],
        env={"PYTHONPATH": str(ROOT / "ext"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    assert done.stdout.endswith(b"run\n"), done.stderr[-2000:].decode(errors="replace")
    made = sorted(os.fsencode(path.name) for path in tmp_path.iterdir())
    assert made == [b"copy\xff\xfe", b"\xff\xfe.svg"]
