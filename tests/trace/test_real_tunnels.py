"""Tunnels whose outer packets a real switch makes itself, beside ours.

Not flooded into: in the order of a flood, which is that of a hash table, only the last tunnel is no
``clone``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ovs_capture.trace.openflow import trace
from ovs_capture.trace.packet_text import parse_packet
from ovs_capture.trace.result import RemarkCode, Trace
from ovs_capture.trace.switch import Switch
from tests.openflow.switch import BRIDGE
from tests.openflow.switch import Switch as RealSwitch
from tests.openflow.switch import switch as start

from .comparing import switch_in
from .test_real_actions import _capture
from .test_real_switch import _compare, _control, _vsctl

OUTER = "br-phy"
TUNNELS = {
    "vxlan0": (11, "vxlan", "remote_ip=192.0.2.9 key=flow"),
    "vxlan1": (12, "vxlan", "remote_ip=192.0.2.9 key=7 tos=8 ttl=9 df_default=false csum=true"),
    "geneve0": (13, "geneve", "remote_ip=192.0.2.8 key=flow local_ip=192.0.2.1"),
    "gre0": (14, "gre", "remote_ip=192.0.2.9 key=flow"),
    "gre1": (15, "gre", "remote_ip=192.0.2.8"),
    "far": (16, "vxlan", "remote_ip=198.51.100.7 key=5"),
    "mute": (17, "vxlan", "remote_ip=192.0.2.77 key=5"),
    "lost": (18, "vxlan", "remote_ip=203.0.113.1 key=5"),
    "strange": (19, "vxlan", "remote_ip=192.0.2.9 key=6 local_ip=192.0.2.200"),
    "six": (20, "vxlan", "remote_ip=2001:db8::9 key=4"),
    "flowing": (21, "geneve", "remote_ip=flow key=flow"),
}
ACTIONS = (
    "set_field:9->tun_id,output:11", "set_field:9->tun_id,output:11,output:13,output:2",
    "output:12", "set_field:3->tun_id,output:13", "set_field:0x55->tun_id,output:14", "output:15",
    "output:16", "output:17", "output:18", "output:17,output:2", "output:19", "output:20",
    "set_field:192.0.2.9->tun_dst,set_field:8->tun_id,output:21", "output:12,output:15",
    "set_field:0x1234->tun_metadata0,set_field:2->tun_id,output:13", "push_vlan:0x8100,output:12",
    "clone(output:12),output:2", "resubmit(,8)", "resubmit(,8),output:3",
    "set_field:1->reg3,output:12", "group:77", "check_pkt_larger(100)->NXM_NX_REG0[0],output:12",
    "write_actions(output:12)",
)  # fmt: skip
PACKETS = (
    "tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_tos=8,nw_ecn=1,nw_ttl=64,tcp_src=1000,tcp_dst=80",
    "dl_vlan=5,dl_vlan_pcp=1,udp,nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_ttl=3,udp_src=5,udp_dst=6",
    "arp,arp_op=1,arp_spa=10.0.0.1,arp_tpa=10.0.0.2",
)


def _appctl(real: RealSwitch, *words: str) -> str:
    return real.run("ovs-appctl", "-t", _control(real), *words)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSwitch]:
    with start(tmp_path_factory.mktemp("ovs"), "") as running:
        words = ["add-br", OUTER, "--", "set", "bridge", OUTER, "datapath_type=dummy", "--",
                 "add-port", OUTER, "eth9", "--", "set", "interface", "eth9", "type=dummy",
                 "ofport_request=1"]  # fmt: skip
        for name, (number, kind, options) in TUNNELS.items():
            told = [f"options:{option}".replace("=", '="', 1) + '"' for option in options.split()]
            words += ["--", "add-port", BRIDGE, name, "--", "set", "interface", name,
                      f"type={kind}", f"ofport_request={number}", *told]  # fmt: skip
        _vsctl(running, *words)
        _appctl(running, "netdev-dummy/ip4addr", OUTER, "192.0.2.1/24")
        _appctl(running, "netdev-dummy/ip6addr", OUTER, "2001:db8::1/64")
        _appctl(running, "ovs/route/add", "192.0.2.0/24", OUTER)
        _appctl(running, "ovs/route/add", "2001:db8::/64", OUTER)
        _appctl(running, "ovs/route/add", "198.51.100.0/24", OUTER, "192.0.2.254")
        for last, address in enumerate(("192.0.2.9", "192.0.2.8", "192.0.2.254", "2001:db8::9")):
            _appctl(running, "tnl/neigh/set", OUTER, address, f"02:00:00:00:00:{last:02x}")
        running.ofctl("add-group", BRIDGE, "group_id=77,type=all,bucket=output:12,bucket=output:15")
        running.ofctl("add-flow", OUTER, "priority=0,actions=NORMAL")
        running.ofctl("add-flow", OUTER, "priority=9,ip,nw_dst=192.0.2.8,actions=drop")
        yield running


def _state(real: RealSwitch, directory: Path) -> Switch:
    _capture(real, directory)
    for name, words in {
        "flows": ("ovs-ofctl", "-O", "OpenFlow15", "--names", "--no-stats", "dump-flows", OUTER),
        "ports": ("ovs-ofctl", "-O", "OpenFlow15", "dump-ports-desc", OUTER),
    }.items():
        text = f"$ {' '.join(words)}\n{real.run(*words)}"
        (directory / f"outer-{name}.txt").write_text(text)
    for number, words in enumerate((
        ("ovs/route/show",), ("tnl/neigh/show",), ("dpif/show-dp-features", BRIDGE),
    )):  # fmt: skip
        text = f"$ ovs-appctl {' '.join(words)}\n{_appctl(real, *words)}"
        (directory / f"appctl-{number}.txt").write_text(text)
    return switch_in(directory)


@pytest.mark.needs("ovs")
@pytest.mark.parametrize("actions", ACTIONS)
def test_as_the_switch_does(actions: str, real: RealSwitch, tmp_path: Path) -> None:
    real.load([f"table=0,actions={actions}", "table=8,actions=output:12"])
    ours = _state(real, tmp_path)
    assert ours.native is not None
    wrong = []
    for packet in PACKETS:
        text = f"in_port=1,dl_src=00:11:22:33:44:55,dl_dst=66:77:88:99:aa:bb,{packet}"
        found = trace(ours, ours.bridges[BRIDGE], parse_packet(text, ours.bridges[BRIDGE].numbers))
        said = _appctl(real, "ofproto/trace", BRIDGE, text, "--names")
        if what := _compare(said, found):
            wrong.append(f"{packet}: {what}")
        _remarks(said, found)
    assert wrong == []


def _remarks(said: str, found: Trace) -> None:
    """Why the switch drops an outer packet, by its own words."""
    codes = [
        remark.code for step in found.steps for event in step.events for remark in event.remarks
    ]
    assert len(re.findall("native tunnel routing failed", said)) == codes.count(
        RemarkCode.TUNNEL_NO_ROUTE
    )
    assert len(re.findall("neighbor cache miss", said)) == codes.count(
        RemarkCode.TUNNEL_NO_NEIGHBOUR
    )
