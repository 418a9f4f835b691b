"""Packets as text: what is read, what is refused and where."""

import pytest

from ovs_capture.trace import packet as p
from ovs_capture.trace.packet_text import PacketError, parse_packet, write_packet

PORTS = {"tap1": 3}


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("in_port=tap1", "in_port", 3),
        ('in_port="tap1"', "in_port", 3),
        ("in_port=LOCAL", "in_port", 65534),
        ("tcp6,tcp_dst=80", "tcp_dst", 80),
        ("dl_type=0x0800,nw_proto=17,udp_src=53", "udp_src", 53),
        ("dl_vlan=5", "vlan_tci", 0x1005),
        ("dl_vlan=0,dl_vlan_pcp=3", "vlan_tci", 0x7000),
        ("vlan_tci=0x1064", "vlan_tci", 0x1064),
        ("ct_state=trk|est", "ct_state", 0x22),
        ("ip,ip_frag=later", "ip_frag", 3),
        ("icmp6,icmpv6_type=135,icmpv6_code=0,nd_target=fe80::1", "nd_target", 0xFE80 << 112 | 1),
        ("reg3=0x7 metadata=5", "reg3", 7),
    ],
)
def test_read(text: str, name: str, value: int) -> None:
    assert p.get(parse_packet(text, PORTS), name) == value


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ("in_port=tap2", 9, "unknown-port"),
        ("tcp,nosuch=1", 5, "unknown-field"),
        ("tcp_dst=80", 1, "prerequisite"),
        ("udp,tcp_dst=80", 5, "prerequisite"),
        ("tcp,tcp_dst=99999", 13, "bad-value"),
        ("ip,nw_src=10.0.0.0/8", 11, "bad-value"),
        ("in_port(1),eth(src=1)", 1, "datapath-form"),
        ("ip,=5", 4, "syntax"),
    ],
)
def test_refused(text: str, column: int, code: str) -> None:
    with pytest.raises(PacketError) as caught:
        parse_packet(text, PORTS)
    assert (caught.value.column, caught.value.code) == (column, code)


def test_written_as_the_switch_writes_it() -> None:
    packet = parse_packet("in_port=tap1,tcp,nw_src=10.0.0.1,nw_ttl=64,tcp_dst=80", PORTS)
    assert write_packet(packet, {3: "tap1"}) == (
        "tcp,in_port=tap1,vlan_tci=0x0000,dl_src=00:00:00:00:00:00,dl_dst=00:00:00:00:00:00,"
        "nw_src=10.0.0.1,nw_dst=0.0.0.0,nw_tos=0,nw_ecn=0,nw_ttl=64,nw_frag=no,tp_src=0,tp_dst=80,"
        "tcp_flags=0"
    )
