"""Builds as a process of its own: killed in the middle, or where the system gives nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.render.conftest import CONF

SEED = ROOT / "captures" / "flat-instance"
PAGE = """# Page \u56f3

```{ovs-topology} flat-instance
```
```{ovs-capture} flat-instance/compute/ovs-vsctl-show.txt
```
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    (root / "conf.py").write_text(CONF + 'exclude_patterns = ["*/**"]\n', "utf-8")
    (root / "index.md").write_text(PAGE, "utf-8")
    shutil.copytree(SEED, root / "captures" / "flat-instance")
    return root


@pytest.fixture(scope="module")
def usual(site: Path) -> dict[str, bytes]:
    """What a build gives that nothing disturbs."""
    return finished(site, "usual", {"LC_ALL": "C.UTF-8", "HOME": str(site)})


def sphinx(site: Path, out: str, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "sphinx", "-q", "-j", "1", "-b", "html", str(site), str(site / out)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "ext")} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finished(site: Path, out: str, environment: dict[str, str] | None = None) -> dict[str, bytes]:
    """Build; what a reader gets."""
    with sphinx(site, out, environment or {}) as process:
        said = process.communicate()[1].decode("utf-8", "replace")
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert b"<svg" in (site / out / "index.html").read_bytes()
    return {
        path.relative_to(site / out).as_posix(): path.read_bytes()
        for path in sorted((site / out).rglob("*"))
        if path.is_file() and ".doctrees" not in path.parts and path.name != ".buildinfo"
    }


def test_killed_builds_leave_nothing_that_the_next_one_takes(
    site: Path, usual: dict[str, bytes]
) -> None:
    """SIGKILL at two moments; the next build in the same place is as one in a new place."""
    for pause in (0.8, 1.6):
        with sphinx(site, "out", {}) as process:
            time.sleep(pause)
            process.send_signal(signal.SIGKILL)
    assert finished(site, "out") == usual


def test_a_site_where_the_system_gives_nothing(site: Path, usual: dict[str, bytes]) -> None:
    """No home, no locale, no UTF-8, no fonts, no network: the same pages."""
    bare = {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "HOME": "/nowhere",
        "FONTCONFIG_FILE": "/nowhere",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    assert finished(site, "bare", bare) == usual
