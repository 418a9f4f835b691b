"""What a build loads only when a page needs it."""

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from ovs_capture.render.directives.later import later
from ovs_capture.render.directives.pipeline import PipelineDirective
from tests.render.conftest import LINKS, Project

ASKED = ("option_spec", "has_content", "required_arguments", "optional_arguments",
         "final_argument_whitespace")  # fmt: skip
# What none but these directives and the writers of their views need.
ROOMS = ("ovs_capture.trace", "ovs_capture.diagram", "ovs_capture.network.changes.scenarios")
BUILD = """\
import sys
from sphinx.cmd.build import main
assert main(["-Q", "-b", "html", *sys.argv[1:]]) == 0
print(*sorted(sys.modules))
"""


def test_a_stand_in_answers_as_the_directive_does() -> None:
    stand_in = later("pipeline", "PipelineDirective")
    assert isinstance(stand_in, type)
    assert [getattr(stand_in, name) for name in ASKED] == [
        getattr(PipelineDirective, name) for name in ASKED
    ]
    machine: Any = SimpleNamespace(reporter=None)
    made = stand_in("ovs-pipeline", [], {}, StringList(), 1, 0, "", machine, machine)
    assert isinstance(made, PipelineDirective)
    assert isinstance(made, Directive)


def test_a_name_that_no_directive_has() -> None:
    with pytest.raises(AttributeError):
        _ = later("pipeline", "PipelineDirective").no_such_name  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("page", "loads"),
    [
        ("```{ovs-capture} lab/node/ip-link.txt\n```", False),
        ("```{ovs-capture}\n" + LINKS + "```", False),
        ("```{ovs-topology} lab\n```", True),
    ],
    ids=["a capture", "a pasted capture", "a picture"],
)
def test_a_page_loads_what_it_shows(project: Project, page: str, loads: bool) -> None:
    project.write({"index.md": f"# Page\n\n{page}\n"})
    command = [sys.executable, "-c", BUILD, str(project.root), str(project.root / "html")]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert "ovs_capture.render.library.captures" in said
    assert bool([module for module in said if module.startswith(ROOMS)]) == loads
