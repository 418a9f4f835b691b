"""What is forgotten of captures is read again when it is asked for, and no page shows it."""

from pathlib import Path

import pytest

from ovs_capture.store import Host, load_target
from ovs_capture.subjects.memory import Memory


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
