"""A link in the capture root that leads out of it: nothing behind it is read."""

from pathlib import Path

import pytest

from tests.render.conftest import LINKS, Project

SECRET = "text-of-a-file-outside-the-root"
PAGE = "```{ovs-topology} lab\n```\n```{ovs-capture} lab/node/ip-link.txt\n```\n"


@pytest.mark.parametrize(
    "name", ["lab/scenario.toml", "lab/node/host.toml", "lab/node/more.txt", "lab/other"]
)
def test_a_link_out(project: Project, tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    outside = _outside(tmp_path_factory.mktemp("outside"), name)
    project.write({"index.md": PAGE})
    link = project.root / "captures" / name
    link.unlink(missing_ok=True)
    link.symlink_to(outside)
    built = project.build()
    assert any("ovs_capture.outside-root" in warning for warning in built.warnings)
    assert [file for file, data in built.files.items() if SECRET.encode() in data] == []


def _outside(folder: Path, name: str) -> Path:
    """What the link leads to: it would be read, and its text be shown, were it inside."""
    if name == "lab/other":
        (folder / "ip-link.txt").write_text(LINKS.replace("eth0", SECRET), "utf-8")
        return folder
    file = folder / "file"
    if name.endswith(".toml"):
        file.write_text(f'title = "{SECRET}"\n', "utf-8")
    else:
        file.write_text(f"$ cat x\n{SECRET}\n", "utf-8")
    return file
