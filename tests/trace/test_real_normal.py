"""NORMAL between ports of every VLAN mode, beside a real switch."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ovs_capture.trace.openflow import trace
from ovs_capture.trace.packet_text import parse_packet
from tests.openflow.switch import BRIDGE, PORTS
from tests.openflow.switch import Switch as RealSwitch
from tests.openflow.switch import switch as start

from .comparing import switch_in
from .test_real_actions import _capture
from .test_real_switch import _compare, _control

pytestmark = pytest.mark.needs("ovs")

# What the ports have in their rows; those that are not here are trunks of all VLANs.
PORT_ROWS: tuple[dict[str, str], ...] = (
    {},
    {"p1": "tag=5", "p2": "tag=5", "p4": "vlan_mode=native-untagged tag=5"},
    {"p1": "vlan_mode=native-untagged tag=5", "p4": "vlan_mode=native-tagged tag=5"},
    {"p1": "vlan_mode=native-tagged tag=5", "p2": "tag=5", "p3": "trunks=[6,7]"},
    {"p1": "tag=0", "p2": "tag=0", "p3": "tag=6"},
    {"p1": "vlan_mode=dot1q-tunnel tag=5", "p2": "tag=5", "p4": "vlan_mode=dot1q-tunnel tag=5"},
)
PACKETS = (
    "ip", "dl_vlan=0,dl_vlan_pcp=0,ip", "dl_vlan=0,dl_vlan_pcp=3,ip", "dl_vlan=5,dl_vlan_pcp=3,ip",
    "dl_vlan=5,dl_vlan_pcp=0,arp", "dl_vlan=6,dl_vlan_pcp=7,ipv6",
)  # fmt: skip


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSwitch]:
    with start(tmp_path_factory.mktemp("ovs")) as running:
        running.load(["actions=normal"])
        yield running


@pytest.mark.parametrize("rows", PORT_ROWS)
def test_normal(rows: dict[str, str], real: RealSwitch, tmp_path: Path) -> None:
    database = f"--db=unix:{real.directory}/db.sock"
    for port in PORTS:
        vsctl = ("ovs-vsctl", "--timeout=20", database)
        words = [*vsctl, "clear", "port", port, "tag", "vlan_mode", "trunks"]
        if port in rows:
            words += ["--", "set", "port", port, *rows[port].split()]
        real.run(*words)
    _capture(real, tmp_path)
    # "ovs-vsctl show" prints no vlan_mode.
    (tmp_path / "port.txt").write_text(
        f"$ ovs-vsctl list port\n{real.run('ovs-vsctl', database, 'list', 'port')}"
    )
    ours = switch_in(tmp_path)
    bridge = ours.bridges[BRIDGE]
    for packet in PACKETS:
        text = f"in_port=p1,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,{packet}"
        said = real.run("ovs-appctl", "-t", _control(real), "ofproto/trace", BRIDGE, text,
                        "--names")  # fmt: skip
        found = trace(ours, bridge, parse_packet(text, bridge.numbers))
        assert _compare(said, found) is None, said
