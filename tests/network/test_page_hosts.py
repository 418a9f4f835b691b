"""Captures of one page: of which host each is."""

import pytest

from ovs_capture.formats.reading import read
from ovs_capture.network.page_hosts import Placed, hosts_of, named_host
from ovs_capture.source import Source


def link(mac: str, prompt: str = "$") -> str:
    return (
        f"{prompt} ip link\n2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP\n"
        f"    link/ether {mac} brd ff:ff:ff:ff:ff:ff\n"
    )


def show(uuid: str) -> str:
    return f"$ ovs-vsctl show\n{uuid * 8}-1111-2222-3333-{uuid * 12}\n    Bridge br-int\n"


ONE, OTHER = "00:15:5d:bf:ba:50", "00:15:5d:bf:ba:99"
ROUTE = "$ ip route\ndefault via 192.0.2.1 dev eth0\n"
SERVERS = "$ openstack server list\n+----+\n| ID |\n+----+\n| 1  |\n+----+\n"


def hosts(*captures: tuple[str, tuple[str, ...]]) -> list[tuple[str, list[int]]]:
    """Title of each host, and the numbers of its captures."""
    placed = []
    for text, headings in captures:
        (capture,) = read(Source("page.md", text))
        placed.append(Placed(capture, headings))
    number = {id(one.capture): index for index, one in enumerate(placed)}
    return [(host.title, [number[id(c)] for c in host.captures]) for host in hosts_of(placed)]


PAGE = ("構成の確認",)


def test_a_page_has_one_host_unless_something_tells_otherwise() -> None:
    assert hosts((link(ONE), PAGE), (show("a"), PAGE), (ROUTE, PAGE)) == [("", [0, 1, 2])]
    assert hosts((ROUTE, PAGE), (SERVERS, (*PAGE, "ネットワーク"))) == [("", [0, 1])]


def test_a_mac_tells_two_hosts_apart() -> None:
    one, other = (*PAGE, "変更前"), (*PAGE, "別の環境")
    found = hosts((link(ONE), one), (ROUTE, one), (link(OTHER), other), (ROUTE, other))
    assert [captures for _, captures in found] == [[0, 1], [2, 3]]


def test_the_same_mac_is_the_same_host() -> None:
    found = hosts((link(ONE), ("a", "b")), (show("a"), ("a", "b")), (link(ONE), ("a", "c")))
    assert [captures for _, captures in found] == [[0, 1, 2]]


def test_a_switch_tells_two_hosts_apart() -> None:
    found = hosts((show("a"), PAGE), (show("b"), PAGE), (show("a"), PAGE))
    assert [captures for _, captures in found] == [[0, 2], [1]]


def test_what_was_printed_inside_an_instance_is_not_of_the_host() -> None:
    found = hosts((show("a"), PAGE), (link("fa:16:3e:55:2a:5d"), PAGE))
    assert [captures for _, captures in found] == [[0], [1]]


def test_headings() -> None:
    control, compute = (*PAGE, "コントローラーノード"), (*PAGE, "Compute Node", "デバイス")
    found = hosts((ROUTE, control), (ROUTE, compute), (ROUTE, (*PAGE, "compute node")))
    assert found == [("コントローラーノード", [0]), ("Compute Node", [1, 2])]


def test_evidence_wins_over_headings() -> None:
    control, compute = (*PAGE, "コントローラーノード"), (*PAGE, "コンピュートノード")
    found = hosts((link(ONE), control), (link(OTHER), compute), (link(ONE), compute))
    assert [captures for _, captures in found] == [[0, 2], [1]]


def test_a_prompt_names_its_host() -> None:
    found = hosts((link(ONE, "[root@net1 ~]#"), PAGE), (link(OTHER, "[root@cmp1 ~]#"), PAGE))
    assert found == [("net1", [0]), ("cmp1", [1])]


def test_what_could_be_of_either_joins_neither() -> None:
    found = hosts((show("a"), PAGE), (show("b"), PAGE), (ROUTE, PAGE))
    assert [captures for _, captures in found] == [[0], [1], [2]]


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Compute Node", "Compute Node"),
        ("コントローラーノード", "コントローラーノード"),
        ("1.2 ネットワークノード", "ネットワークノード"),
        ("Compute Node 2", "Compute Node 2"),
        ("compute1", "compute1"),
        ("コンピュートノード (compute)", "コンピュートノード"),
        ("ネットワーク", ""),
        ("Network", ""),
        ("ノードの確認", ""),
        ("コントローラーノードとコンピュートノード", ""),
        ("All nodes", ""),
        ("インスタンス", ""),
        ("computed values", ""),
    ],
)
def test_headings_that_name_a_host(heading: str, name: str) -> None:
    assert named_host(("頁", heading)) == name
