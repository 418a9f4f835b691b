"""The command line: usage, help, the language of the locale, what is loaded for what."""

import subprocess
import sys

import pytest

from ovs_capture.command.line import SUBCOMMANDS, main
from tests.conftest import ROOT

SEED = ROOT / "captures" / "flat-instance"
Captured = pytest.CaptureFixture[str]


def test_usage() -> None:
    for wrong in ([], ["nothing"], ["parse"], ["flows", "x", "--lang", "fr"]):
        with pytest.raises(SystemExit) as usage:
            main(wrong)
        assert usage.value.code == 2


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_of_the_locale(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main(["flows", f"{SEED / 'compute'}:br-int", "--table", "60"]) == 0
    assert ("テーブル" in capsys.readouterr().out) == (language == "ja")


def loaded_by(code: str) -> set[str]:
    """The modules that a Python of its own has loaded when ``code`` has run."""
    tell = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
    environment = {"PYTHONPATH": str(ROOT / "ext"), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", tell + code], env=environment, capture_output=True, check=True
    )
    return set(done.stderr.decode().split())


def test_the_command_does_without_sphinx() -> None:
    names = ", ".join(f"ovs_capture.command.{name.replace('-', '_')}" for name in SUBCOMMANDS)
    loaded = loaded_by(f"import {names}")
    assert "ovs_capture.diagram.compose" in loaded
    assert not {"sphinx", "docutils"} & loaded


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["collect", "--help"], ["collect", "--print-script"]]
)
def test_what_reads_nothing_loads_no_reader(arguments: list[str]) -> None:
    loaded = loaded_by(f"from ovs_capture.command.line import main; main({arguments})")
    rooms = {name.split(".")[1] for name in loaded if name.startswith("ovs_capture.")}
    assert rooms <= {"command", "collect", "diagnostic", "source", "printable"}
    assert not {"babel", "pyparsing", "graphviz"} & loaded


def test_parsing_a_host_command_loads_no_model_and_no_grammar() -> None:
    arguments = ["parse", str(SEED / "compute" / "ip-d-link-show.txt")]
    loaded = loaded_by(f"from ovs_capture.command.line import main; main({arguments})")
    assert "ovs_capture.formats.ip_link" in loaded
    assert not {"pyparsing", "ovs_capture.network", "ovs_capture.explain"} & loaded


def test_every_subcommand_has_its_module() -> None:
    package = ROOT / "ext" / "ovs_capture" / "command"
    declaring = {
        path.stem for path in package.glob("*.py") if "\ndef declare(" in path.read_text("utf-8")
    }
    assert declaring == {name.replace("-", "_") for name in SUBCOMMANDS}


def test_help_of_each(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    said = capsys.readouterr().out
    assert all(f"\n    {name}" in said and does in said for name, does in SUBCOMMANDS.items())
    for name in SUBCOMMANDS:
        with pytest.raises(SystemExit) as stopped:
            main([name, "--help"])
        assert stopped.value.code == 0
        assert capsys.readouterr().out.startswith(f"usage: ovs-capture {name} [-h]")
