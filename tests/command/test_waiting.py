"""Long work is told on a terminal, and of what is done no more stays than pages would need."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ovs_capture import store
from ovs_capture.command import waiting
from ovs_capture.subjects.memory import Memory
from tests.conftest import ROOT

SCENARIO = ROOT / "captures" / "flat-instance"
IMPATIENT = (
    "import sys; from ovs_capture import progress; progress.PATIENCE = -1.0;"
    "from ovs_capture.command.line import main; sys.exit(main())"
)


def on_a_terminal(*arguments: str) -> tuple[bytes, bytes]:
    """What a command writes to standard output, and to a terminal as standard error."""
    ours, theirs = os.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", IMPATIENT, *arguments], stdout=subprocess.PIPE, stderr=theirs
        )
        os.close(theirs)
        said, _ = process.communicate(timeout=60)
        told = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux: the last one at the other end has gone
                break
            if not piece:
                break
            told += piece
    finally:
        os.close(ours)
    assert process.returncode in (0, 1)
    return said, told


@pytest.mark.parametrize(
    ("arguments", "steps"),
    [
        (("topology", str(SCENARIO)), ("reading captures", "joining captures")),
        (("check", str(SCENARIO)), ("reading captures", "checking captures", "joining captures")),
        (("diff", str(SCENARIO), str(SCENARIO)), ("reading captures", "joining captures")),
        (("flows", f"{SCENARIO / 'compute'}:br-int"), ("reading captures",)),
        (("redact", str(SCENARIO), "-o", "OUT"), ("reading captures", "writing copies")),
        (("import-sos", "SOS", "-o", "OUT"), ("reading reports",)),
    ],
)
def test_a_terminal_is_told_and_left_clean(
    arguments: tuple[str, ...], steps: tuple[str, ...], tmp_path: Path
) -> None:
    commands = tmp_path / "sos" / "report" / "sos_commands" / "openvswitch"
    commands.mkdir(parents=True)
    (commands / "ovs-vsctl_-t_5_show").write_text("6f8a-\n    Bridge br-int\n")
    places = {"OUT": str(tmp_path / "out"), "SOS": str(tmp_path / "sos")}
    words = tuple(places.get(one, one) for one in arguments)
    said, told = on_a_terminal(*words)
    lines = told.split(b"\r\x1b[K")
    assert [
        step for step in steps if not any(line.startswith(step.encode()) for line in lines)
    ] == []
    # What follows the last clearing is what the command has to say, and no half line.
    assert b"... " not in lines[-1]
    piped = subprocess.run(
        [sys.executable, "-c", IMPATIENT, *words], capture_output=True, timeout=60, check=False
    )
    assert b"..." not in piped.stderr
    if "OUT" not in arguments:
        assert piped.stdout == said


def test_of_hosts_that_are_done_large_dumps_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = " cookie=0x1, table=0, n_packets=1, priority={},in_port={} actions=NORMAL\n"
    dump = "".join(flow.format(number, number) for number in range(2_000))
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        text = f"$ ovs-ofctl dump-flows br0\n{dump}"
        (tmp_path / name / "flows.txt.gz").write_bytes(gzip.compress(text.encode()))
    monkeypatch.setattr(waiting, "Memory", lambda: Memory(most=150_000, large=64_000))
    read = waiting.Hosts()
    target = store.load_target(tmp_path, along=read.along(waiting.READING))
    remembered = [host.captures[0].reading.is_remembered for host in target.hosts]
    assert sorted(remembered) == [False, False, True]
    # What was forgotten is read again by who asks.
    whole = store.load_target(tmp_path).hosts
    for host, same in zip(target.hosts, whole, strict=True):
        assert len(host.captures[0].parsed.records) >= 2_000
        assert host.captures[0].parsed == same.captures[0].parsed
