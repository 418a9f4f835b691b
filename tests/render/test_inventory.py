"""``objects.inv`` with hostile names: other sites read the entries that are meant, no more."""

import io
from typing import Any

import pytest
from sphinx.util.inventory import InventoryFile

from tests.render.conftest import Project

PAGE = "```{ovs-capture} lab/node/ip-link.json.txt\n```\n"
CAPTURE = '$ ip -j link\n[{"ifindex": 9, "ifname": "%s", "mtu": 1}]\n'


@pytest.mark.parametrize(
    "name",
    [
        "lo ovs:port 1 //evil.invalid/x y",
        r"a\nlo ovs:port 1 //evil.invalid/x y",
        r"a\u2028lo ovs:port 1 //evil.invalid/x y",
        r"a\rlo ovs:port 1 //evil.invalid/x y",
        "\udcff",
        r"\ud800",
        r"\u0000",
    ],
)
def test_no_name_is_another_entry(project: Project, name: str) -> None:
    written = (CAPTURE % name).encode("utf-8", "surrogateescape")
    project.write({"index.md": PAGE, "captures/lab/node/ip-link.json.txt": written})
    built = project.build()
    inventory = InventoryFile.load(
        io.BytesIO(built.files["objects.inv"]), "", lambda base, uri: f"{base}{uri}"
    )
    entries = [uri_of(item) for kind in inventory.values() for item in kind.values()]
    assert entries
    assert [uri for uri in entries if "evil" in uri.partition("#")[0]] == []


def uri_of(item: Any) -> str:
    """Of an entry, which is a tuple before Sphinx 8.2."""
    uri: str = item[2] if isinstance(item, tuple) else item.uri
    return uri
