"""Tunnels between hosts: joined where the addresses of both ends say so, and nowhere else."""

from typing import Any

import pytest

from ovs_capture.formats.reading import Capture
from ovs_capture.network.model import (
    Carrier,
    Device,
    DeviceAddress,
    Evidence,
    Network,
    OvsBridge,
    OvsInterface,
    OvsPort,
    RemoteEnd,
    Scope,
)
from ovs_capture.network.tunnels import join_tunnels
from ovs_capture.source import Span
from tests.network.test_snapshot import capture

LINES: Capture = capture("ip link", "")
WHERE = (Evidence(LINES, Span(0, 0)),)


def host(key: str, *interfaces: OvsInterface, **more: Any) -> Network:
    ports = tuple(OvsPort(name=i.name, bridge="br-tun", interfaces=(i,)) for i in interfaces)
    return Network(key=key, title=key, bridges=(OvsBridge(name="br-tun", ports=ports),), **more)


def vxlan(name: str, local: str, remote: str, **options: str) -> OvsInterface:
    ends = {"local_ip": local, "remote_ip": remote}
    return OvsInterface(name=name, type="vxlan", options=ends | options, evidence=WHERE)


A = vxlan("to-b", "10.0.0.1", "10.0.0.2")
B = vxlan("to-a", "10.0.0.2", "10.0.0.1")


def test_two_ends_that_send_to_each_other_are_one_tunnel() -> None:
    joined = join_tunnels([host("lab/a", A), host("lab/b", B)])
    assert [tunnel.ends for tunnel in joined.tunnels] == [(("lab/a", "to-b"), ("lab/b", "to-a"))]
    assert joined.open == frozenset()
    assert joined.diagnostics == ()


@pytest.mark.parametrize(
    ("key", "other"),
    [
        pytest.param("else/b", B, id="another scenario"),
        pytest.param("lab/b", vxlan("x", "10.0.0.2", "10.0.0.3"), id="it sends elsewhere"),
        pytest.param("lab/b", vxlan("x", "10.0.0.2", "flow"), id="its flows choose the remote"),
        pytest.param("lab/a", B, id="the same host"),
    ],
)
def test_what_does_not_face_it(key: str, other: OvsInterface) -> None:
    joined = join_tunnels([host("lab/a", A), host(key, other)])
    assert joined.tunnels == ()
    assert ("lab/a", "to-b") in joined.open


def test_numbers_tell_parallel_tunnels_apart() -> None:
    def of(end: str, local: str, remote: str) -> list[OvsInterface]:
        return [vxlan(f"{end}{key}", local, remote, key=key) for key in ("7", "8")]

    left, right = of("a", "10.0.0.1", "10.0.0.2"), of("b", "10.0.0.2", "10.0.0.1")
    joined = join_tunnels([host("lab/a", *left), host("lab/b", *right)])
    names = [[name for _, name in tunnel.ends] for tunnel in joined.tunnels]
    assert names == [["a7", "b7"], ["a8", "b8"]]


def test_two_hosts_with_one_address_are_ambiguous() -> None:
    joined = join_tunnels([host("lab/a", A), host("lab/b", B), host("lab/c", B)])
    assert joined.tunnels == ()
    assert [(key, d.args["count"]) for key, d in joined.diagnostics] == [("lab/a", 2)]


def with_geneve(key: str, local: str, *remotes: str) -> Network:
    """A host of OVN: its tunnels are one kernel device over the NIC that has ``local``."""
    scope = Scope(key)
    address = DeviceAddress(local, 24, WHERE)
    interfaces = [
        OvsInterface(name=f"ovn-{n}", type="geneve", options={"remote_ip": remote}, evidence=WHERE)
        for n, remote in enumerate(remotes)
    ]
    devices = (
        Device(scope=scope, name="eth0", kind="nic", addresses=(address,)),
        Device(scope=scope, name="genev_sys_6081", kind="geneve"),
    )
    carriers = (Carrier(upper="genev_sys_6081", lower="eth0", kind="carried"),)
    return host(key, *interfaces, devices=devices, carriers=carriers)


def test_a_shared_device_stays_open_while_one_of_its_tunnels_leads_elsewhere() -> None:
    hosts = [
        with_geneve("lab/a", "10.0.0.1", "10.0.0.2", "10.0.0.99"),
        with_geneve("lab/b", "10.0.0.2", "10.0.0.1"),
    ]
    joined = join_tunnels(hosts)
    device = "genev_sys_6081"
    assert [tunnel.ends for tunnel in joined.tunnels] == [(("lab/a", device), ("lab/b", device))]
    assert joined.open == {("lab/a", device)}


def test_a_kernel_tunnel_meets_one_of_open_vswitch() -> None:
    details = {"id": "7", "remote": "10.0.0.2", "local": "10.0.0.1"}
    device = Device(
        scope=Scope("lab/a"), name="vxlan7", kind="vxlan", details=details, evidence=WHERE
    )
    far = host("lab/b", vxlan("to-a", "10.0.0.2", "10.0.0.1", key="7"))
    (tunnel,) = join_tunnels([Network(key="lab/a", title="a", devices=(device,)), far]).tunnels
    assert tunnel.ends == (("lab/a", "vxlan7"), ("lab/b", "to-a"))


def test_forwarding_entries_name_the_remote_that_the_device_does_not() -> None:
    """``bridge fdb`` of a VXLAN device with multicast: learned remotes, and the flooding ones."""

    def end(key: str, local: str, *remotes: str) -> Network:
        details = {"id": "7", "group": "239.1.1.1", "local": local, "dev": "eth0"}
        scope = Scope(key)
        device = Device(scope=scope, name="vxlan-7", kind="vxlan", details=details, evidence=WHERE)
        told = tuple(RemoteEnd("vxlan-7", remote, WHERE) for remote in remotes)
        return Network(key=key, title=key, devices=(device,), remote_ends=told)

    one = end("lab/a", "10.0.0.1", "10.0.0.2", "10.0.0.3")
    joined = join_tunnels([one, end("lab/b", "10.0.0.2", "10.0.0.1"), end("lab/c", "10.0.0.3")])
    ends = [(("lab/a", "vxlan-7"), ("lab/b", "vxlan-7"))]
    assert [tunnel.ends for tunnel in joined.tunnels] == ends
    assert joined.open == {("lab/a", "vxlan-7")}
