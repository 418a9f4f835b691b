"""Where a capture was taken: the head of its figure."""

import lxml.html
import pytest

from tests.render.conftest import Project

NAMESPACE = "qrouter-1a10b28b-d620-5574-a87a-b10d05469e12"
INSIDE = f"$ ip netns exec {NAMESPACE} ip route show\ndefault via 10.0.0.1 dev qg-1\n"
PAGE = "# Page\n\n```{ovs-capture} lab/node/route.txt\n```\n"


@pytest.mark.parametrize(
    ("hints", "where"),
    [
        ('title = "Node"\n', f"Node, {NAMESPACE}"),
        (f'title = "Node"\n[alias]\n"{NAMESPACE}" = "router"\n', "Node, router"),
    ],
)
def test_a_namespace_is_called_as_host_toml_says(project: Project, hints: str, where: str) -> None:
    files = {"captures/lab/node/host.toml": hints, "captures/lab/node/route.txt": INSIDE}
    project.write({"index.md": PAGE, **files})
    built = project.build()
    assert built.warnings == []
    (said,) = lxml.html.document_fromstring(built.text("index.html")).find_class("ovs-where")
    assert said.text_content() == where
