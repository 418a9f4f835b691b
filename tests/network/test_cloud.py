"""What OpenStack's tables say."""

import pytest

from ovs_capture.formats.reading import read
from ovs_capture.network.cloud import Cloud, addresses_in, cloud
from ovs_capture.source import Source

SERVERS = """\
$ openstack server list
+----+------+--------+-----------+
| ID | Name | Status | Networks  |
+----+------+--------+-----------+
| 1  | {} | ACTIVE | n={} |
+----+------+--------+-----------+
"""
CREATED = """\
$ openstack server create vm
+-----------+-------+
| Field     | Value |
+-----------+-------+
| addresses |       |
| id        | 1     |
| name      | vm    |
+-----------+-------+
"""


def of(*texts: str) -> Cloud:
    return cloud([c for text in texts for c in read(Source("x.txt", text))])


@pytest.mark.parametrize(
    ("cell", "ips"),
    [
        ("", ()),
        ("provider=172.16.0.112", ("172.16.0.112",)),
        ("selfservice=172.16.0.168, 192.168.101.88", ("172.16.0.168", "192.168.101.88")),
        ("{'n': ['10.0.0.5', '2001:db8::5']}", ("10.0.0.5", "2001:db8::5")),
        ("ip_address='10.0.0.5', subnet_id='765053a1-4543-4732-a9ac-47065f945e9f'", ("10.0.0.5",)),
        ("10.0.0.0/24", ()),
        ("fa:16:3e:38:32:fe", ()),
    ],
)
def test_addresses_in_a_cell(cell: str, ips: tuple[str, ...]) -> None:
    assert addresses_in(cell) == ips


def test_no_rows() -> None:
    assert of() == Cloud()


def test_the_last_row_of_an_id_wins() -> None:
    found = of(SERVERS.format("old", "10.0.0.5"), SERVERS.format("new", "10.0.0.6"))
    assert found.server(None, ["10.0.0.5"]).items == ()
    server = found.server(None, ["10.0.0.6"]).one
    assert server is not None
    assert server.name == "new"


def test_a_row_without_addresses_does_not_take_them_away() -> None:
    found = of(SERVERS.format("vm", "10.0.0.5"), CREATED)
    assert found.server(None, ["10.0.0.5"]).one is not None


def test_an_id_is_better_than_an_address_and_two_are_ambiguous() -> None:
    second = SERVERS.format("other", "10.0.0.5").replace("| 1 ", "| 2 ")
    found = of(SERVERS.format("vm", "10.0.0.5"), second)
    assert found.server(None, ["10.0.0.5"]).ambiguous
    server = found.server("2", ["10.0.0.5"]).one
    assert server is not None
    assert server.name == "other"
