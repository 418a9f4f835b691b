"""The captures of a scenario, seen by each of its hosts: the same answers, for less work."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ovs_capture.formats.ip_addr import AddressedLink
from ovs_capture.formats.ip_link import Link
from ovs_capture.formats.openstack_table import Row
from ovs_capture.formats.ovsdb_list import OvsdbRow
from ovs_capture.formats.reading import Capture
from ovs_capture.network.correlate import correlate, correlate_all
from ovs_capture.network.model import Network
from ovs_capture.network.pool import Pool, having, having_rows, of_each_host, once, shared
from ovs_capture.network.snapshot import facts
from ovs_capture.store import Host, load_target
from tests.growth import calls, scenario

SCENARIOS = ["flat-instance", "linuxbridge", "ovn", "ovs-vlan", "selfservice"]


@pytest.fixture(params=SCENARIOS)
def hosts(captures: Path, request: pytest.FixtureRequest) -> tuple[Host, ...]:
    return load_target(captures / request.param).hosts


def test_a_host_sees_its_own_captures_first(hosts: tuple[Host, ...]) -> None:
    pool = Pool(hosts)
    for host in hosts:
        own = len(host.captures)
        assert pool.around(host)[:own] == host.captures
        assert len(pool.around(host)) == sum(len(one.captures) for one in hosts)


@pytest.mark.parametrize("kind", [Link, AddressedLink, Row, OvsdbRow])
def test_what_is_found_is_what_a_search_finds(hosts: tuple[Host, ...], kind: type[Any]) -> None:
    pool = Pool(hosts)
    for host in hosts:
        everywhere = pool.around(host)
        assert list(having(tuple(everywhere), kind)) == list(everywhere)
        assert [record for record, _ in facts(everywhere, kind)] == [
            record
            for capture in everywhere
            for record in capture.parsed.records
            if isinstance(record, kind)
        ]


def test_rows_are_found_by_their_table(hosts: tuple[Host, ...]) -> None:
    for host in hosts:
        everywhere = Pool(hosts).around(host)
        for table in ("Port_Binding", "Interface", "No_Such_Table"):
            assert list(having_rows(everywhere, table)) == [
                capture
                for capture in everywhere
                if any(isinstance(r, OvsdbRow) and r.table == table for r in capture.parsed.records)
            ]


def test_a_reading_is_asked_for_once_a_host(hosts: tuple[Host, ...]) -> None:
    pool, read = Pool(hosts), []

    def names(captures: Sequence[Capture]) -> list[str]:
        read.append(captures)
        return [capture.source.name for capture in captures]

    for host in hosts:
        everywhere = pool.around(host)
        assert of_each_host(everywhere, names) == [c.source.name for c in everywhere]
    assert len(read) == len(hosts)
    assert of_each_host((), names) == []


def test_what_all_see_alike_is_made_once(hosts: tuple[Host, ...]) -> None:
    pool, made = Pool(hosts), []

    def count(captures: Sequence[Capture]) -> int:
        made.append(captures)
        return len(captures)

    for host in hosts:
        everywhere = pool.around(host)
        assert shared(everywhere, [[]], count) == once(everywhere, len, everywhere)
    assert len(made) == 1
    # Those who see parts in another order have an answer of their own.
    assert [shared(pool.around(h), [h.captures], count) for h in hosts if h.captures]
    assert len(made) == 1 + len([host for host in hosts if host.captures])


def test_hosts_joined_together_are_those_joined_alone(hosts: tuple[Host, ...]) -> None:
    for host, network in zip(hosts, correlate_all(hosts), strict=True):
        alone = correlate(host, [other for other in hosts if other is not host])
        # What else a model holds is compared by value; captures are those of all hosts.
        assert tuple(alone.captures) == tuple(network.captures)
        assert alone == network


def joined(hosts: Sequence[Host]) -> list[Network]:
    return list(correlate_all(hosts))


def test_twice_as_many_hosts_take_twice_as_long(tmp_path: Path) -> None:
    few, many = (scenario(tmp_path / str(number), number) for number in (12, 24))
    steps = [calls(partial(joined, hosts)) for hosts in (few, many)]
    # What reads the captures of every other host again takes more than three times as long.
    assert steps[1] < 2.5 * steps[0]
