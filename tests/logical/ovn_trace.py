"""The real ``ovn-trace`` as a judge: it parses every logical flow of a southbound database.

A database is made by hand, with one datapath and the flows to be judged; what ovn-trace refuses it
tells on standard error, with OVN's own reason.
"""

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

SCHEMA = Path("/usr/share/ovn/ovn-sb.ovsschema")
PROGRAM = shutil.which("ovsdb-server") or "/usr/sbin/ovsdb-server"
# What a match names by $ and @ must exist, which a capture need not show.
_NAMED = re.compile(r"([$@])([A-Za-z_.][A-Za-z_.0-9]*)")
_REFUSED = re.compile(
    r"\|WARN\|(?P<text>.*): parsing (?:expression|actions) failed \((?P<why>.*)\)"
)


class Candidate(NamedTuple):
    """A logical flow to be judged."""

    match: str = "1"
    actions: str = "next;"


def version() -> str:
    """The release that is installed: ``23.03.1``."""
    told = subprocess.run(["ovn-trace", "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[1]


def refusals(candidates: Sequence[Candidate]) -> Mapping[int, str]:
    """Index of each candidate that ovn-trace refuses, and why."""
    # The socket's name must be short: sun_path has 108 bytes.
    with TemporaryDirectory(prefix="ovn") as directory:
        return _judge(Path(directory), candidates)


def _judge(directory: Path, candidates: Sequence[Candidate]) -> Mapping[int, str]:
    database, address = directory / "sb.db", directory / "sb.sock"
    subprocess.run(["ovsdb-tool", "create", database, SCHEMA], check=True)
    server = subprocess.Popen(
        [PROGRAM, f"--remote=punix:{address}", "-voff", "--no-chdir",
         f"--unixctl={directory / 'ctl'}", str(database)],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _fill(address, candidates)
        told = subprocess.run(
            ["ovn-trace", f"--db=unix:{address}", "--minimal", "net", 'inport == "a"'],
            capture_output=True, text=True, errors="surrogateescape", timeout=300, check=False,
        )  # fmt: skip
    finally:
        server.terminate()
        server.wait(10)
    return _refused(told.stderr, candidates)


def _fill(address: Path, candidates: Sequence[Candidate]) -> None:
    """One transaction, as RFC 7047 has it."""
    names = ["map", [["name", "net"]]]
    named = sorted({name for one in candidates for name in _NAMED.findall(one.match)})
    operations = [
        "OVN_Southbound",
        _insert("Datapath_Binding", {"tunnel_key": 1, "external_ids": names}, "net"),
        *(_insert("Address_Set", {"name": name, "addresses": ["set", []]})
          for sign, name in named if sign == "$"),
        *(_insert("Port_Group", {"name": name, "ports": "a"})
          for sign, name in named if sign == "@"),
        *(_flow(index, candidate) for index, candidate in enumerate(candidates)),
    ]  # fmt: skip
    request = {"method": "transact", "params": operations, "id": 0}
    with _connected(address) as server:
        server.sendall(json.dumps(request).encode())
        answer = b""
        while answer.count(b"{") != answer.count(b"}") or not answer:
            answer += server.recv(1 << 20)
    failed = [result for result in json.loads(answer)["result"] if result and "error" in result]
    assert failed == []


def _connected(address: Path) -> socket.socket:
    server = socket.socket(socket.AF_UNIX)
    for _ in range(200):
        try:
            server.connect(str(address))
        except OSError:
            time.sleep(0.05)
        else:
            return server
    raise TimeoutError(address)


def _insert(table: str, row: Mapping[str, object], name: str = "row") -> object:
    named = {"uuid-name": name} if name == "net" else {}
    return {"op": "insert", "table": table, "row": row, **named}


def _flow(index: int, candidate: Candidate) -> object:
    return _insert("Logical_Flow", {
        "logical_datapath": ["named-uuid", "net"], "pipeline": "ingress", "table_id": 0,
        "priority": 1, "match": candidate.match, "actions": candidate.actions,
        "external_ids": ["map", [["stage-name", str(index)]]],
    })  # fmt: skip


def _refused(log: str, candidates: Sequence[Candidate]) -> Mapping[int, str]:
    found = {}
    reasons = {}
    for line in log.splitlines():
        if told := _REFUSED.search(line):
            reasons[told["text"]] = told["why"]
    for index, candidate in enumerate(candidates):
        for text in candidate:
            if text in reasons:
                found[index] = reasons[text]
    return found
