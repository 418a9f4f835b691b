"""What tests may need on the machine, and how a test that lacks it is skipped.

A test says what it needs with ``@pytest.mark.needs("chromium", "ovs")``, or by asking for a
fixture that is built on it. Where it is missing the test is skipped with one line that says what to
install; with ``OVS_CAPTURE_REQUIRE_ALL=1``, as CI sets it, it fails instead. The shared folder is
never required: a clone has none.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The same examples in every run, so that a change is judged by what it changes; no deadlines,
# since a busy machine is no fault. New examples: make test PYTEST=--hypothesis-profile=explore
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("same")

ROOT = Path(__file__).resolve().parent.parent
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Need(NamedTuple):
    find: Callable[[], str | None]
    missing: str
    optional: bool = False


def _program(*names: str) -> Callable[[], str | None]:
    """The first of ``names`` that is installed; Debian's daemons are in /usr/sbin."""
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    return lambda: next(filter(None, (shutil.which(name, path=path) for name in names)), None)


def _shared() -> str | None:
    folder = Path(os.environ.get("OVS_CAPTURE_SHARED") or ROOT.parent / "shared")
    return str(folder) if (folder / "seeds").is_dir() else None


def _axe() -> str | None:
    file = ROOT / ".venv" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
    named = os.environ.get("OVS_CAPTURE_AXE")
    return named or (str(file) if file.is_file() else None)


def _themes() -> str | None:
    """The themes and extensions of tests/test_themes.py."""
    names = ("pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme")
    found = [find_spec(name) for name in (*names, "sphinx_copybutton", "sphinx_design")]
    return "installed" if all(found) else None


NEEDS = {
    "axe": Need(_axe, "no axe-core (make axe, which needs npm; OVS_CAPTURE_AXE names another)"),
    "chromium": Need(
        _program("chromium", "chromium-browser", "google-chrome"),
        "no Chromium in PATH (apt-get install chromium fonts-noto-cjk)",
    ),
    "ovs": Need(_program("ovs-vswitchd"), "no Open vSwitch (apt-get install openvswitch-switch)"),
    "ovn": Need(_program("ovn-trace"), "no OVN (apt-get install ovn-central ovn-host)"),
    "themes": Need(_themes, "no sphinx-book-theme, sphinx-design ... (make .venv/dev)"),
    "shared": Need(
        _shared, "no shared folder beside the clone (OVS_CAPTURE_SHARED names it)", optional=True
    ),
}


def require(name: str) -> str:
    """Where ``name`` is on this machine; skips or fails the test when it is nowhere."""
    need = NEEDS[name]
    found = need.find()
    if found is not None:
        return found
    if os.environ.get("OVS_CAPTURE_REQUIRE_ALL") == "1" and not need.optional:
        pytest.fail(f"OVS_CAPTURE_REQUIRE_ALL=1, but {need.missing}", pytrace=False)
    pytest.skip(need.missing)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        for name in marker.args:
            require(name)


@pytest.fixture
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture
def captures(root: Path) -> Path:
    return root / "captures"


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """One browser for all tests of a module, which asks nobody for news."""
    program = require("chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def shared() -> Path:
    """The folder with the seeds and the reference cases."""
    return Path(require("shared"))
