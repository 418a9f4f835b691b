"""What ``ovs-capture trace`` prints.

``OVS_CAPTURE_REGEN=1`` rewrites the goldens that differ, and fails, so that someone reads the diff.
"""

import json
import os
from pathlib import Path

import pytest

from ovs_capture.command.line import main
from tests.conftest import ROOT
from tests.trace.pages import traces_of

HERE = Path(__file__).parent
SEED = traces_of(ROOT / "source" / "en" / "packet-traces.md")


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["trace", *words]) == 0
    return capsys.readouterr().out


def asked(number: int) -> list[str]:
    one = SEED[number]
    states = [word for state in one.ct_next for word in ("--ct-next", state)]
    return [f"captures/{one.scenario}/{one.host}:{one.bridge}", one.packet, *states]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_traces_of_the_first_seed(
    language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    told = [printed(capsys, *asked(n), "--lang", language) for n in range(len(SEED))]
    text = f"\n{'-' * 80}\n".join(told)
    golden = HERE / f"traces-of-flat-instance.{language}.golden"
    if os.environ.get("OVS_CAPTURE_REGEN") == "1" and (
        not golden.exists() or golden.read_text("utf-8") != text
    ):
        golden.write_text(text, "utf-8")
        pytest.fail(f"{golden.name} was rewritten: read the diff", pytrace=False)
    assert text == golden.read_text("utf-8")


def test_json_tells_the_same_steps(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    found = json.loads(printed(capsys, *asked(5), "--format", "json"))
    assert found["verdict"] == {"kind": "drop", "ports": []}
    assert [(s["bridge"], s["table"]) for s in found["steps"]][-1] == ("br-int", 93)
    assert found.keys() == {"steps", "verdict", "final", "assumed"}
    assert found["steps"][-1]["actions"] == ["drop"]
