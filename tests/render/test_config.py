"""Wrong values in conf.py are said by name."""

from typing import Any

import pytest
from sphinx.errors import ConfigError

from tests.render.conftest import Project


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ovs_capture_root", ""),
        ("ovs_capture_redact", "maybe"),
        ("ovs_capture_max_flows", -1),
        ("ovs_capture_auto", "yes"),
        ("ovs_capture_auto", [1]),
    ],
)
def test_a_wrong_value(project: Project, name: str, value: Any) -> None:
    with pytest.raises(ConfigError, match=name):
        options: dict[str, Any] = {name: value}
        project.build(**options)


def test_another_root(project: Project) -> None:
    project.write(
        {
            "material/x/y/a.txt": "$ uname\nLinux\n",
            "index.md": "# Page\n\n```{ovs-capture} x/y/a.txt\n```\n",
        }
    )
    built = project.build(ovs_capture_root="material")
    assert built.warnings == []
    assert "Linux" in built.text("index.html")
