"""Routes: which device leads to an address, and what carries a tunnel that names none."""

import pytest

from ovs_capture.network.attachments import connected_routes
from ovs_capture.network.carriers import carriers
from ovs_capture.network.model import Device, DeviceAddress, Evidence, Network, Scope
from ovs_capture.network.routes import ways_to
from ovs_capture.source import Span
from tests.network.test_snapshot import capture

ROUTES = capture(
    "ip route show",
    "default via 192.0.2.1 dev eth0 proto static\n"
    "10.0.0.0/8 via 192.0.2.9 dev eth1 metric 200\n"
    "10.0.0.0/8 via 192.0.2.8 dev eth2 metric 100\n"
    "10.30.0.0/24 dev bond0.30 proto kernel scope link src 10.30.0.31\n"
    "unreachable 10.66.0.0/16\n"
    "10.77.0.0/16\n"
    "\tnexthop via 192.0.2.2 dev eth1 weight 1\n"
    "\tnexthop via 192.0.2.3 dev eth2 weight 1\n",
)


@pytest.mark.parametrize(
    ("ip", "devices"),
    [
        pytest.param("10.30.0.32", ["bond0.30"], id="the longest prefix"),
        pytest.param("10.9.0.1", ["eth2"], id="the lowest metric"),
        pytest.param("198.51.100.7", ["eth0"], id="the default route"),
        pytest.param("10.66.0.1", [], id="a route that refuses"),
        pytest.param("10.77.0.1", ["eth1", "eth2"], id="a route of two ways"),
        pytest.param("2001:db8::1", [], id="no route of that version"),
        pytest.param("flow", [], id="no address"),
        pytest.param(None, [], id="nothing"),
    ],
)
def test_the_way_to_an_address(ip: str | None, devices: list[str]) -> None:
    assert [name for name, _ in ways_to([ROUTES], ip).items] == devices


def test_other_namespaces_route_for_themselves() -> None:
    inside = capture("ip netns exec qrouter-1 ip route", "default via 10.0.0.1 dev qg-1\n")
    assert ways_to([inside], "198.51.100.7").items == ()


@pytest.mark.parametrize(
    ("remote", "lower"),
    [
        pytest.param("10.30.0.32", ["bond0.30"], id="in the subnet of a device"),
        pytest.param("10.9.0.1", ["eth2"], id="behind a route"),
        pytest.param("10.77.0.1", [], id="behind two"),
    ],
)
def test_what_carries_a_tunnel_that_names_its_remote_alone(remote: str, lower: list[str]) -> None:
    scope, where = Scope("h"), (Evidence(ROUTES, Span(0, 0)),)
    address = DeviceAddress("10.30.0.31", 24, where)
    tunnel = {"id": "5001", "remote": remote}
    devices = (
        *(Device(scope=scope, name=f"eth{n}", kind="nic", evidence=where) for n in range(3)),
        Device(scope=scope, name="bond0.30", kind="vlan", addresses=(address,), evidence=where),
        Device(scope=scope, name="geneve1", kind="geneve", details=tunnel, evidence=where),
    )
    network = Network(key="h", title="h", devices=devices)
    found, problems = carriers(network, (), lambda ip: ways_to([ROUTES], ip))
    assert [(c.lower, c.kind) for c in found] == [(name, "carried") for name in lower]
    assert len(problems) == (0 if lower else 1)


@pytest.mark.parametrize("dst", ["0/24", "10.0/16", "10.0.0.0/99", "01.2.3.0/24", "::1.2.3.4.5"])
def test_what_is_no_network_is_the_way_to_nothing(dst: str) -> None:
    on_link = "proto kernel scope link\n"
    captures = [capture("ip route", f"{dst} dev eth0 {on_link}10.0.0.0/8 dev eth1 {on_link}")]
    assert [way[0] for way in ways_to(captures, "10.0.0.9").items] == ["eth1"]
    assert [network for network, _ in connected_routes(captures)] == ["10.0.0.0/8"]
