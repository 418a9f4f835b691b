"""``ovs-capture diff``: text and JSON of a real pair, exit statuses, files."""

import json
from pathlib import Path

import pytest

from ovs_capture.command.line import main
from ovs_capture.render.changes import SIGNS

GOLDEN = Path(__file__).parent


@pytest.fixture
def pair(root: Path) -> tuple[str, str]:
    return (
        str(root / "captures" / "what-changed" / "before"),
        str(root / "captures" / "what-changed" / "after"),
    )


@pytest.mark.parametrize("language", ["en", "ja"])
def test_text_of_a_real_pair(
    language: str, pair: tuple[str, str], capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:  # fmt: skip
    assert main(["diff", *pair, "--lang", language]) == 0
    said = capsys.readouterr().out
    golden = GOLDEN / f"what-changed.{language}.golden"
    if pytestconfig.getoption("--regen", default=False):
        golden.write_text(said, "utf-8")
        pytest.fail(f"{golden.name} was written; read its diff")
    assert said == golden.read_text("utf-8")


def test_json_has_what_the_text_says(
    pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *pair, "--format", "json", "--lang", "en"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["changed"] is True
    (host,) = told["hosts"]
    assert {one["kind"] for one in host["changes"]} <= set(SIGNS)
    tag = next(one for one in host["changes"] if one["what"] == "port" and one["fields"])
    assert tag["fields"] == [{"field": "tag", "before": "3", "after": "2"}]
    assert "tag: 3" in tag["before"]["text"]
    assert "tag: 2" in tag["after"]["text"]


def test_exit_statuses(pair: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    before, after = pair
    assert main(["diff", before, before, "--exit-code", "--lang", "en"]) == 0
    assert capsys.readouterr().out == "Nothing has changed.\n"
    assert main(["diff", before, after, "--exit-code"]) == 1
    assert main(["diff", before, f"{after}-not-there"]) == 1


def test_two_files(pair: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    files = [f"{side}/cmp1/ovs-vsctl-show.txt" for side in pair]
    assert main(["diff", *files, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Ports: 1 new, 1 gone, 1 changed.\n")
