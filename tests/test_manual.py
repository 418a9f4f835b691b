"""The manual tells of everything that there is, and what it tells an author to write works.

What there is comes from the code: from what Sphinx is told, from the codes of diagnostics, from the
command's own parser. The examples in ``site-example`` are built with the site (tests/test_site.py).
"""

import argparse
import re
import shlex
import shutil
import tomllib
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from ovs_capture import setup
from ovs_capture.__main__ import main
from ovs_capture.diagnostic import Code
from ovs_capture.diagram import export
from tests.conftest import ROOT
from tests.render.conftest import Project

LANGUAGES = ("en", "ja")
CONF = """\
extensions = ["myst_parser", "ovs_capture"]
myst_enable_extensions = ["colon_fence"]
exclude_patterns = ["captures"]
show_warning_types = True
"""
SPHINX = MagicMock()
setup(SPHINX)
DIRECTIVES = dict(call.args for call in SPHINX.add_directive.call_args_list)
VALUES = [call.args[0] for call in SPHINX.add_config_value.call_args_list]
DOMAIN = SPHINX.add_domain.call_args.args[0]
WARNINGS = tomllib.loads((ROOT / "tools" / "reference.warnings.toml").read_text("utf-8"))


def reference(language: str, name: str) -> str:
    return (ROOT / "source" / language / "reference" / f"{name}.md").read_text("utf-8")


def examples_in(text: str) -> list[str]:
    """What a page shows as it is written, and built."""
    return re.findall(r"^:{5}\{site-example\}\n(.*?)^:{5}$", text, re.M | re.S)


def options_of(directive: str) -> set[str]:
    return set(DIRECTIVES[directive].option_spec)


def shared_options() -> set[str]:
    return set.intersection(*map(options_of, DIRECTIVES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_directive_is_in_the_overview(language: str) -> None:
    overview = reference(language, "directives")
    linked = re.findall(r"^\| \[`(ovs-[a-z]+)`\]\(\1\.md\) \|", overview, re.M)
    assert sorted(linked) == sorted(DIRECTIVES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("directive", sorted(DIRECTIVES))
def test_every_option_is_described_and_built(language: str, directive: str) -> None:
    page = reference(language, directive)
    own = options_of(directive) - shared_options()
    assert own <= set(re.findall(r"`:([a-z-]+):`", page))
    uses = re.findall(
        rf"^:::\{{{directive}\}}.*\n((?::[a-z-]+:.*\n)*)", "\n".join(examples_in(page)), re.M
    )
    # ``:ct:`` is another name of ``:ct-next:``.
    assert own <= {option for use in uses for option in re.findall(r"^:([a-z-]+):", use, re.M)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shared_option_is_described_and_built(language: str) -> None:
    page = reference(language, "directives")
    for option in shared_options():
        assert f"`:{option}:`\n: " in page, option
        assert f"\n:{option}: " in "\n".join(examples_in(page)), option


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_role_and_type_is_described_and_built(language: str) -> None:
    page = reference(language, "roles")
    for role in DOMAIN.roles:
        assert f"| `ovs:{role}` |" in page
        assert f"{{ovs:{role}}}`" in "\n".join(examples_in(page))
    cells = re.findall(r"^\| `ovs:[a-z]+` \| ([a-z, ]+) \|", page, re.M)
    told = {name for cell in cells for name in cell.split(", ")}
    assert set(DOMAIN.object_types) <= told | set(re.findall(r"`([a-z]+)`", page))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", VALUES)
def test_every_value_of_conf_py_is_described_and_does_what_is_said(
    tmp_path: Path, language: str, value: str
) -> None:
    """The manual's own snippet, in a project that is built with and without it."""
    sections = reference(language, "configuration").split("\n## ")
    (section,) = (text for text in sections if text.startswith(f"{value}\n"))
    (snippet,) = re.findall(r"^```python\n(.*?)^```$", section, re.M | re.S)
    flows = "".join(f" table=0, priority={number} actions=drop\n" for number in range(501))
    listing = " Id   Name   State\n-----------------------\n 1    vm1    running\n"
    root = "../network/captures" if value == "ovs_capture_root" else "captures"
    project = Project(tmp_path / "site")
    project.write(
        {
            "index.md": "# Page\n\n:::{ovs-flows} lab/node:br-int\n:::\n\n"
            f":::{{ovs-capture}} lab/node/xml.txt\n:::\n\n```text\n{listing}```\n",
            f"{root}/lab/node/flows.txt": f"$ ovs-ofctl dump-flows br-int\n{flows}",
            f"{root}/lab/node/xml.txt": "$ virsh dumpxml vm1\n<graphics passwd='Orange-4711'/>\n",
        }
    )
    effects = []
    for conf in ("", snippet):
        project.write({"conf.py": CONF + conf})
        built = project.build()
        effects.append(effects_in(built.text("index.html"), built.warnings))
    assert effects == ([{"ovs_capture_root"}, set()] if "../" in root else [set(), {value}])


def effects_in(html: str, warnings: list[str]) -> set[str]:
    """The values of conf.py whose effect is seen, or which are missed."""
    assert "Orange-4711" not in html
    seen = {
        "ovs_capture_root": any("ovs_capture.not-found" in warning for warning in warnings),
        "ovs_capture_redact": any("ovs_capture.secret" in warning for warning in warnings),
        "ovs_capture_max_flows": "500 of 501 flows" in html,
        "ovs_capture_auto": html.count("ovs-capture ") > 1,
    }
    return {value for value, is_seen in seen.items() if is_seen}


class _Seen(Exception):
    """A parser of the command, with all its arguments, just before it would read words."""


def parser_of(*words: str) -> argparse.ArgumentParser:
    """The parser that the command itself asks for ``words``: a subcommand's, or the first."""
    read = argparse.ArgumentParser.parse_known_args

    def stop(parser: argparse.ArgumentParser, *rest: Any, **named: Any) -> Any:
        if words and parser.prog == "ovs-capture":
            return read(parser, *rest, **named)
        raise _Seen(parser)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_known_args", stop)
        with pytest.raises(_Seen) as seen:
            main(words)
    parser: argparse.ArgumentParser = seen.value.args[0]
    return parser


def commands() -> dict[str, argparse.ArgumentParser]:
    """The subcommands by name."""
    actions = parser_of()._actions
    (choice,) = (one for one in actions if isinstance(one, argparse._SubParsersAction))
    return {name: parser_of(name) for name in choice.choices}


COMMANDS = commands()


def sections_of_the_command(language: str) -> dict[str, str]:
    _, *sections = reference(language, "command").split("\n## ")
    return {text.partition("\n")[0]: text for text in sections}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_subcommand_is_described(language: str) -> None:
    assert sorted(sections_of_the_command(language)) == sorted(COMMANDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_option_of_a_subcommand_is_described(language: str, command: str) -> None:
    terms = re.findall(r"^(`-.+)\n: ", sections_of_the_command(language)[command], re.M)
    described = set(re.findall(r"`(--?[a-z-]+)", " ".join(terms)))
    # What all have is told above the sections.
    common = {"--help", "-h", "--lang"}
    assert len(COMMANDS[command]._actions) > 1
    for action in COMMANDS[command]._actions:
        names = set(action.option_strings) - common
        assert not names or names & described, names
    assert "`--lang" in reference(language, "command").partition("\n## ")[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_examples_of_a_subcommand_do_what_is_shown(
    language: str,
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    section = sections_of_the_command(language)[command]
    (block,) = re.findall(r"^```console\n(.*?)^```$", section, re.M | re.S)
    (tmp_path / "captures").symlink_to(ROOT / "captures")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", language)
    for line, shown in re.findall(r"^[$#] ovs-capture (.*)\n((?:(?![$#] ).*\n)*)", block, re.M):
        arguments = shlex.split(line)
        assert arguments[0] == command
        if command in {"collect", "import-sos"}:  # these need a host, and a report of one
            known = argparse.ArgumentParser.parse_known_args(COMMANDS[command], arguments[1:])
            assert not known[1]
            continue
        if not shown and language != "en":  # the same in all languages, and run once
            assert line in sections_of_the_command("en")[command]
            continue
        assert main(arguments) == 0
        said = "".join(capsys.readouterr())
        assert shown in ("", said.rstrip("\n") + "\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_moved_page_builds_and_its_claim_holds(tmp_path: Path, language: str) -> None:
    page = ROOT / "source" / language / "moving-a-page.md"
    before, after = examples_in(page.read_text("utf-8"))
    project = Project(tmp_path)
    project.write({"conf.py": CONF, "index.md": f"# Page\n\n{after}"})
    shutil.copytree(ROOT / "captures" / "flat-instance", tmp_path / "captures" / "flat-instance")
    built = project.build(language=language)
    assert built.warnings == []
    html = built.text("index.html")
    prose = re.sub(r"^```.*?^```$", "", before, flags=re.M | re.S)
    claims = [line for line in prose.splitlines() if line and not line.startswith("!")]
    assert len(claims) == 2
    for claim in claims:
        assert claim in html
    # Had the packet left elsewhere, the build would have said so.
    project.write({"index.md": "# Page\n\n" + after.replace("output eth2", "output eth3")})
    (warning,) = project.build(language=language).warnings
    assert "eth3" in warning


def test_every_code_has_an_example() -> None:
    assert sorted(WARNINGS) == sorted(code.value for code in Code)


@pytest.mark.parametrize("code", sorted(WARNINGS))
def test_the_example_of_a_warning_says_just_that(
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    example: dict[str, Any] = WARNINGS[code]
    encoding = example.get("encoding", "utf-8")
    project = Project(tmp_path)
    project.write({name: text.encode(encoding) for name, text in example["files"].items()})
    if "without" in example:
        take_away(example["without"], monkeypatch)
    if "command" in example:
        monkeypatch.chdir(tmp_path)
        program, *arguments = example["command"].split()
        assert program == "ovs-capture"
        main(arguments)
        said = capsys.readouterr().err
    else:
        project.write({"conf.py": CONF})
        said = "\n".join(project.build().warnings)
    assert said.strip() == example["says"]
    place = r"(\S+:\d+:\d+: )?" if code == "font-missing" else r"\S+:\d+:\d+: "
    form = rf"{place}{code}: .+" if "command" in example else rf"\S+:\d+: .+\[ovs_capture\.{code}\]"
    assert re.fullmatch(form, said.strip())


def take_away(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without fonts for Japanese."""
    assert what == "fonts"
    monkeypatch.setattr(export, "_installed", frozenset)
