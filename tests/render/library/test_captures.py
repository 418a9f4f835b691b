"""What a page asks of the captures of a build."""

from collections.abc import Container, Iterator
from pathlib import Path

import pytest

from ovs_capture.subjects.memory import Memory
from tests.render.conftest import Project

PAGE = """# {host}

```{{ovs-topology}} lab
```

```{{ovs-flows}} lab/{host}:br-int
```

```{{ovs-trace}} lab/{host}:br-int
:packet: in_port=1,ip
```

```{{ovs-diff}} lab/net1 lab/{host}
```
"""


def test_pages_are_the_same_when_everything_is_forgotten(
    project: Project, captures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        f"captures/lab/{file.relative_to(captures / 'ovs-vlan')}": file.read_bytes()
        for file in sorted((captures / "ovs-vlan").rglob("*"))
        if file.is_file()
    }
    names = ("cmp1", "cmp2", "net1", "cmp1 again")
    pages = {f"{name}.md": PAGE.format(host=name.split()[0]) for name in names}
    project.write({"index.md": "# Start\n\n```{toctree}\n:glob:\n*\n```\n", **files, **pages})
    forgotten: list[str] = []

    begin, settle = Memory.__init__, Memory.settle

    def forgetful(self: Memory) -> None:
        begin(self, most=1, large=0)

    def noting(self: Memory, among: Container[str] | None = None) -> Iterator[str]:
        for key in settle(self, among):
            forgotten.append(key)
            yield key

    usual = project.build(out="usual")
    monkeypatch.setattr(Memory, "__init__", forgetful)
    monkeypatch.setattr(Memory, "settle", noting)
    sparing = project.build(out="sparing")
    assert set(forgotten) >= {"lab/cmp1", "lab/cmp2", "lab/net1"}
    assert sparing.files == usual.files
    assert sparing.warnings == usual.warnings
