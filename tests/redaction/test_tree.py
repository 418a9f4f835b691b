"""Whole scenarios: nothing of the original is left, and the picture is the same."""

import gzip
import json
import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import pytest

from ovs_capture import store
from ovs_capture.command.line import main
from ovs_capture.diagram.compose import compose
from ovs_capture.network.correlate import correlate_target
from ovs_capture.redaction.pseudonyms import KEPT_V4, Pseudonyms
from ovs_capture.redaction.text import Known, redacted
from ovs_capture.redaction.tree import redact
from tests.conftest import ROOT

SCENARIOS = sorted(p for p in (ROOT / "captures").iterdir() if store.is_scenario(p))


def texts(folder: Path) -> dict[Path, str]:
    return {
        file: store.read_text(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name.endswith((*store.SUFFIXES, ".toml"))
    }


def private(text: str) -> Iterator[str]:
    """Addresses, MACs and UUIDs, in their plain forms, that nobody but their owner has."""
    for said in re.findall(r"(?<![\w.])\d+\.\d+\.\d+\.\d+(?:/\d+)?(?![\w.]*\d)", text):
        address, _, length = said.partition("/")
        if any(IPv4Address(address) in block for block in KEPT_V4):
            continue
        if length and IPv4Address(address) == IPv4Network(said, strict=False).network_address:
            continue  # a network keeps its zeros
        yield address
    for mac in re.findall(r"(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])", text):
        if not int(mac[:2], 16) & 1 and mac != "00:00:00:00:00:00":
            yield mac
    for uuid in re.findall(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", text):
        if uuid.strip("0-"):
            yield uuid
            yield uuid[:11]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.name)
def test_nothing_private_is_left(scenario: Path, tmp_path: Path) -> None:
    done = redact(scenario, tmp_path, Pseudonyms(b"test"))
    before, after = texts(scenario), texts(tmp_path)
    assert len(done.written) == len(before) == len(after)
    whole = "\n".join((*after.values(), *(file.as_posix() for file in after)))
    found = {said for text in before.values() for said in private(text)}
    assert found
    left = [
        said for said in sorted(found) if re.search(rf"(?<![\w.]){re.escape(said)}(?!\w)", whole)
    ]
    assert left == []


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.name)
def test_lines_stay_lines(scenario: Path, tmp_path: Path) -> None:
    redact(scenario, tmp_path, Pseudonyms(b"test"))
    before = sorted(text.count("\n") for text in texts(scenario).values())
    assert before == sorted(text.count("\n") for text in texts(tmp_path).values())


def told(folder: Path, say: Any) -> dict[str, Any]:
    """A picture's elements without the numbers and the order that their names gave them."""
    target = store.load_target(folder)
    scene = compose(correlate_target(target)[0], language="en").to_json()
    every = {one["id"]: (kind, one) for kind, part in scene.items() for one in part if "id" in one}

    def words(kind: str, one: dict[str, Any]) -> str:
        own = {key: value for key, value in one.items() if key not in _LINKS}
        ends = sorted(name(end) for end in one.get("ends", ()))
        around = sorted(
            name(one[key])
            for key in _LINKS
            if key not in ("id", "ends", "source") and one.get(key) in every
        )
        return f"{kind} {say(json.dumps(own, sort_keys=True))} {ends} {around}"

    def name(ident: str) -> str:
        return words(*every[ident])

    return {kind: sorted(words(kind, one) for one in part) for kind, part in scene.items()}


# `source` names files, whose places the redacted copy has elsewhere.
_PLACES = ("parent", "container", "bridge", "interface", "port")
_LINKS = ("id", "ends", "source", *_PLACES)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.name)
def test_the_picture_is_the_same(scenario: Path, tmp_path: Path) -> None:
    redact(scenario, tmp_path, Pseudonyms(b"test"))
    known = Known()
    for text in texts(scenario).values():
        known.learn(text)
    before = told(scenario, lambda text: redacted(text, known, Pseudonyms(b"test")))
    after = told(tmp_path, lambda text: text)
    assert {kind: len(part) for kind, part in before.items()} == {
        kind: len(part) for kind, part in after.items()
    }
    assert before == after


@pytest.mark.parametrize(
    "target", ["flat-instance/compute:br-int", "ovs-vlan/cmp1:br-tun", "ovs-vlan/net1:br-int"]
)
def test_flows_are_told_alike(
    target: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    scenario = ROOT / "captures" / target.partition("/")[0]
    redact(scenario, tmp_path / scenario.name, Pseudonyms(b"test"))
    known, said = Known(), []
    for text in texts(scenario).values():
        known.learn(text)
    for place in (scenario.parent, tmp_path):
        monkeypatch.chdir(place)
        assert main(["flows", target, "--format", "json", "--lang", "en"]) == 0
        said.append(json.loads(capsys.readouterr().out)["flows"])
    before, after = said
    assert len(before) == len(after) > 3
    for one, two in zip(before, after, strict=True):
        text = json.dumps(one, sort_keys=True)
        assert redacted(text, known, Pseudonyms(b"test")) == json.dumps(two, sort_keys=True)


def test_the_same_key_gives_the_same_copy(tmp_path: Path) -> None:
    for name, key in (("a", b"one"), ("b", b"one"), ("c", b"two")):
        redact(SCENARIOS[0], tmp_path / name, Pseudonyms(key))
    one, again, other = (list(texts(tmp_path / name).values()) for name in "abc")
    assert one == again != other


def lab(tmp_path: Path) -> Path:
    host = tmp_path / "lab" / "net-172.16.0.31"
    host.mkdir(parents=True)
    (host / "x.txt").write_text("$ something\n172.16.0.31 web01.example password=hush\n")
    (host / "tap635485ff-6c.txt.gz").write_bytes(gzip.compress(b"$ x\ntap635485ff-6c\n"))
    (host / "host.toml").write_text('title = "Net 172.16.0.31"\n')
    (host / "notes.doc").write_text("172.16.0.31")
    return tmp_path / "lab"


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out, mapping = lab(tmp_path), tmp_path / "out", tmp_path / "map.json"
    arguments = ["redact", str(folder), "-o", str(out), "--key", "k", "--map", str(mapping)]
    assert main(arguments) == 0
    new = json.loads(mapping.read_text())
    assert mapping.stat().st_mode & 0o777 == 0o600
    host = out / f"net-{new['172.16.0.31']}"
    assert sorted(p.name for p in host.iterdir()) == sorted(
        ["host.toml", "x.txt", f"{new['tap635485ff-6c']}.txt.gz"]
    )
    text = f"$ something\n{new['172.16.0.31']} web01.example password=****\n"
    assert (host / "x.txt").read_text() == text
    assert (host / "host.toml").read_text() == f'title = "Net {new["172.16.0.31"]}"\n'
    said = capsys.readouterr()
    assert "notes.doc: no capture; not copied" in said.err
    assert str(host / "x.txt") in said.out


def test_never_into_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = lab(tmp_path)
    assert main(["redact", str(folder), "-o", str(folder / "out")]) == 1
    assert main(["redact", str(tmp_path / "gone"), "-o", str(tmp_path / "out")]) == 1
    assert not (folder / "out").exists()
    assert "name another directory" in capsys.readouterr().err


def test_names_when_asked_for(tmp_path: Path) -> None:
    folder = ROOT / "captures" / "flat-instance"
    redact(folder, tmp_path / "kept", Pseudonyms(b"k"))
    redact(folder, tmp_path / "gone", Pseudonyms(b"k"), names=True)
    kept, gone = ("\n".join(texts(tmp_path / name).values()) for name in ("kept", "gone"))
    assert "instance00" in kept
    assert "instance00" not in gone
    assert (tmp_path / "gone" / "compute").is_dir()
