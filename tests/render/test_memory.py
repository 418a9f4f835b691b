"""What is forgotten of captures is read again when it is asked for, and no page shows it."""

from collections.abc import Container, Iterator
from pathlib import Path

import pytest

from ovs_capture.render.memory import Memory
from ovs_capture.store import Host, load_target
from tests.render.conftest import Project


@pytest.fixture
def hosts(captures: Path) -> tuple[Host, ...]:
    return load_target(captures / "ovs-vlan").hosts


def remembered(host: Host) -> bool:
    return all(capture.reading.is_remembered for capture in host.captures)


def size(host: Host) -> int:
    return sum(len(capture.source.window) for capture in host.captures)


def test_nothing_is_forgotten_below_the_limit(hosts: tuple[Host, ...]) -> None:
    kept = Memory(most=sum(map(size, hosts)), large=0)
    for host in hosts:
        kept.use(host)
    assert list(kept.settle()) == []
    assert all(map(remembered, hosts))


def test_the_host_that_was_used_last_stays_however_large_it_is(hosts: tuple[Host, ...]) -> None:
    kept = Memory(most=1, large=0)
    for host in (*hosts, hosts[0]):
        kept.use(host)
    assert list(kept.settle()) == [host.key for host in reversed(hosts[1:])]
    assert [remembered(host) for host in hosts] == [True, *(False for _ in hosts[1:])]
    assert list(kept.settle()) == []


def test_others_than_those_asked_for_stay(hosts: tuple[Host, ...]) -> None:
    kept = Memory(most=1, large=0)
    for host in hosts:
        kept.use(host)
    assert list(kept.settle({hosts[1].key})) == [hosts[1].key]
    assert [remembered(host) for host in hosts] == [True, False, True]


def test_small_captures_stay(hosts: tuple[Host, ...]) -> None:
    kept = Memory(most=1, large=max(len(c.source.window) for h in hosts for c in h.captures))
    for host in hosts:
        kept.use(host)
    assert len(list(kept.settle())) == len(hosts) - 1
    assert all(map(remembered, hosts))


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
