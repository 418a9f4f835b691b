"""A file is there whole or as it was, whatever goes wrong while it is written."""

import os
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ovs_capture.writing import write_file
from tests.conftest import ROOT


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may become longer than ``size`` bytes: what a full disk is to who writes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_no_room(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"before")
    with room_for(1000), pytest.raises(OSError):
        write_file(path, b"x" * 100_000)
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["a"]


def test_a_directory_is_there(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError, match=r"'.*/a'$"):
        write_file(tmp_path / "a", b"new")
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize("name", ["gone/a", "file/a"])
def test_no_directory_to_write_in(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match=f"'.*/{name}'$"):
        write_file(tmp_path / name, b"new")


def test_a_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"before")
    path.chmod(0o640)
    write_file(path, b"after")
    assert path.read_bytes() == b"after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_permissions_of_a_new_file(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_file(tmp_path / "usual", b"")
        write_file(tmp_path / "secret", b"", mode=0o600)
    finally:
        os.umask(old)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"usual": 0o640, "secret": 0o600}


def test_what_a_link_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")
    for data in (b"first", b"second"):
        write_file(tmp_path / "link", data)
        assert (tmp_path / "real").read_bytes() == data
    assert (tmp_path / "link").is_symlink()


def test_a_device_is_written_to() -> None:
    write_file(Path("/dev/null"), b"x")
    assert not Path("/dev/null").is_file()
    with pytest.raises(OSError):
        write_file(Path("/dev/full"), b"x")


def test_a_pipe_is_written_to() -> None:
    code = "from ovs_capture.writing import *; write_file(Path('/dev/stdout'), b'through')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT / "ext")},
        stdout=subprocess.PIPE,
        check=True,
    )
    assert done.stdout == b"through"


def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    """SIGKILL at five moments of writing without end."""
    path = tmp_path / "a"
    wholes = {letter * 2_000_000 for letter in (b"x", b"y")}
    code = (
        "import sys; from ovs_capture.writing import *\n"
        "while True:\n"
        "    for letter in (b'x', b'y'): write_file(Path(sys.argv[1]), letter * 2_000_000)"
    )
    for pause in (0.0, 0.003, 0.011, 0.02, 0.05):
        path.unlink(missing_ok=True)
        with subprocess.Popen(
            [sys.executable, "-c", code, str(path)],
            env=os.environ | {"PYTHONPATH": str(ROOT / "ext")},
        ) as writer:
            deadline = time.monotonic() + 60
            while not path.exists() and time.monotonic() < deadline:
                time.sleep(0.001)
            time.sleep(pause)
            writer.send_signal(signal.SIGKILL)
        assert path.read_bytes() in wholes
