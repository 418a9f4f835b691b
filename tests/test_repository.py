"""What a stranger gets: the package as installed, the README's commands, nothing of our machine."""

import ast
import gettext
import io
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

LANGUAGES = ("en", "ja")
# What people of this project wrote; captures are as printed.
OURS = ["conf.py", "source", "ext", "tests", "tools", "Makefile", "pyproject.toml", "setup.py"]
OURS += ["constraints.txt", "README.md", "README.ja.md", "CONTRIBUTING.md", "CHANGELOG.md"]
OURS += [".ci", ".github", ".gitignore"]


def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def files_of_ours() -> list[Path]:
    """Every text file that people of this project wrote."""
    found = []
    for name in OURS:
        top = ROOT / name
        found += [top] if top.is_file() else sorted(top.rglob("*"))
    skipped = {"__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
    return [
        path
        for path in found
        if path.is_file()
        and not skipped & set(path.parts)
        and not any(part.endswith(".egg-info") for part in path.parts)
        and path.suffix not in {".pyc", ".mo", ".png", ".gz", ".woff2"}
    ]


def test_nothing_names_this_machine_or_a_registry() -> None:
    # Written apart, so that this file does not name them either.
    machine = "|".join(re.escape("/" + name + "/") for name in ("work", "root", "tmp/pv"))
    hosts = "|".join(
        re.escape(".".join(host)) for host in (("pypi", "org"), ("pythonhosted", "org"))
    )
    pattern = re.compile(rf"(?<![\w.])(?:{machine})|{hosts}|--(?:extra-)?index-url|--trusted-host")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in files_of_ours()
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if pattern.search(line) and path != Path(__file__)
    ]
    assert found == []


def test_every_dependency_is_pinned() -> None:
    pinned = {}
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            assert re.fullmatch(r"[A-Za-z0-9._-]+", name), line
            assert re.fullmatch(r"[0-9][0-9a-z.]*", version), line
            pinned[normal(name)] = version
    data = project()
    asked = [data["dependencies"], *data["optional-dependencies"].values()]
    names = {normal(re.split(r"[^A-Za-z0-9._-]", line)[0]) for lines in asked for line in lines}
    assert names <= set(pinned)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_version_is_one() -> None:
    version = project()["version"]
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## (\S+)", changes, re.M)[0] == version
    init = ROOT / "ext" / "ovs_capture" / "__init__.py"
    for node in ast.walk(ast.parse(init.read_text("utf-8"))):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__version__":
            assert ast.literal_eval(node.value) == version


@pytest.mark.parametrize("readme", ["README.md", "README.ja.md"])
def test_the_readme_names_only_what_is_there(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"\bmake ([a-z-]+)", text)) <= targets
    for path in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"\bcaptures/[a-z][a-z./-]*[a-z]", text):
        assert (ROOT / path).exists(), path


def test_the_two_readmes_show_the_same_code() -> None:
    def blocks(name: str) -> list[str]:
        return re.findall(
            r"^```(?:console|python)\n(.*?)^```", (ROOT / name).read_text("utf-8"), re.M | re.S
        )

    assert blocks("README.md") == blocks("README.ja.md")


def test_both_languages_have_the_same_pages() -> None:
    trees = [ROOT / "source" / language for language in LANGUAGES]
    english, japanese = ({path.relative_to(tree) for path in tree.rglob("*.md")} for tree in trees)
    assert english == japanese != set()


def test_both_languages_show_the_same_captures() -> None:
    """The same directives with the same arguments, page by page and in the same order."""

    def directives(path: Path) -> list[str]:
        return re.findall(r"^:::+\{(ovs-[a-z]+)\} *(.*)$", path.read_text("utf-8"), re.M)

    for english in (ROOT / "source" / "en").rglob("*.md"):
        twin = ROOT / "source" / "ja" / english.relative_to(ROOT / "source" / "en")
        assert directives(english) == directives(twin), english.name


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that ``pip install .`` would build, from a copy, so that the tree stays clean."""
    top = tmp_path_factory.mktemp("wheel")
    copy = top / "copy"
    copy.mkdir()
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        (copy / name).write_bytes((ROOT / name).read_bytes())
    for path in (ROOT / "ext").rglob("*"):
        keep = path.suffix not in {".mo", ".pyc"} and ".egg-info" not in str(path)
        if path.is_file() and keep:
            target = copy / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    environment = os.environ | {"PIP_ROOT_USER_ACTION": "ignore"}
    subprocess.run([*command, "--no-deps", "-w", top, copy], check=True, env=environment)
    (built,) = top.glob("*.whl")
    return built


def test_the_wheel_holds_what_the_package_needs(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "ext" / "ovs_capture"
    for path in package.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(package).parts)
        if path.is_file() and not hidden and path.suffix not in {".pyc", ".mo"}:
            assert path.relative_to(package.parent).as_posix() in inside
    for catalogue in package.rglob("*.po"):
        assert catalogue.relative_to(package.parent).with_suffix(".mo").as_posix() in inside


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            assert name.split("/")[0] == "ovs_capture" or ".dist-info/" in name
            data = archive.read(name)
            assert str(ROOT).encode() not in data, name
            assert str(wheel.parent).encode() not in data, name


def test_the_catalogues_of_a_wheel_do_not_tell_when_it_was_built(wheel: Path) -> None:
    """Two wheels of one commit are equal."""
    with zipfile.ZipFile(wheel) as archive:
        catalogues = [name for name in archive.namelist() if name.endswith(".mo")]
        for name in catalogues:
            told = gettext.GNUTranslations(io.BytesIO(archive.read(name))).info()
            dates = {told["pot-creation-date"], told["po-revision-date"]}
            assert dates == {"1970-01-01 00:00+0000"}, name
    assert catalogues


def test_the_sdist_has_all_that_the_tests_need() -> None:
    """MANIFEST.in names everything that is not in an sdist by itself."""
    lines = (ROOT / "MANIFEST.in").read_text("utf-8").splitlines()
    named = {name for line in lines if re.match("include|graft", line) for name in line.split()[1:]}
    by_itself = {"pyproject.toml", "setup.py", "README.md", "LICENSE", "ext", "MANIFEST.in"}
    assert set(OURS) | {"captures", "tests"} <= named | by_itself
    assert all((ROOT / name).exists() for name in named)


def test_the_installed_package_works(wheel: Path, tmp_path: Path) -> None:
    """Imported from the wheel alone, it reads its facts and runs its command."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
        (points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "ovs-capture = ovs_capture.__main__:main" in archive.read(points).decode()
    capture = ROOT / "captures" / "flat-instance" / "compute" / "ovs-vsctl-show.txt"
    done = subprocess.run(
        [sys.executable, "-m", "ovs_capture", "parse", capture],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"ovs-vsctl show"' in done.stdout
