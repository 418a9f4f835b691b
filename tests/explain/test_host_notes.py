"""Notes on what a host's other commands print: what each says, and where it says nothing."""

import pytest

from tests.explain.test_captures import told, told_alone

SWITCH = """\
$ ovs-vsctl show
698493db-95ef-4c31-b419-56b3d4096f2b
    Bridge br-int
        Port tap635485ff-6c
            tag: 1
            Interface tap635485ff-6c
        Port int-br-ex
            Interface int-br-ex
                type: patch
                options: {peer=phy-br-ex}
        Port br-int
            Interface br-int
                type: internal
    Bridge br-ex
        Port phy-br-ex
            Interface phy-br-ex
                type: patch
                options: {peer=int-br-ex}
"""
DOMAIN = """\
$ virsh dumpxml instance-00000004
<domain type='kvm'>
  <name>instance-00000004</name>
  <devices>
    <interface type='ethernet'>
      <mac address='fa:16:3e:55:2a:5d'/>
      <target dev='tap635485ff-6c'/>
    </interface>
  </devices>
</domain>
"""
PORTS = """\
$ ovs-ofctl show br-int
OFPT_FEATURES_REPLY (xid=0x2): dpid:0000ba818ddf1a46
 3(tap635485ff-6c): addr:fe:16:3e:55:2a:5d
     config:     0
     state:      0
 LOCAL(br-int): addr:ba:81:8d:df:1a:46
     config:     PORT_DOWN
     state:      LINK_DOWN
"""
LEASE = """\
$ cat /var/lib/neutron/dhcp/5a0e0c4c-0cf2-4a83-8dc9-2ef51ac0ee4e/leases
1795242556 fa:16:3e:55:2a:5d 172.16.0.112 host-172-16-0-112 *
"""
ADDRESSES = """\
$ ip addr
2: eth0: <BROADCAST,UP> mtu 1500 qdisc mq state UP
    link/ether 00:15:5d:bf:ba:50 brd ff:ff:ff:ff:ff:ff
    inet 10.0.0.31/24 scope global eth0
"""
HOST = (SWITCH, DOMAIN, LEASE, ADDRESSES)
NIC = "instance-00000004's eth0"


def command(line: str, *output: str) -> str:
    return f"$ {line}\n" + "".join(f"{text}\n" for text in output)


@pytest.mark.parametrize(
    "text",
    [
        command("ip route", "(...)"),
        command("ip neigh", "10.0.0.9 dev eth0 lladdr 52:54:00:00:00:09 NOARP"),
        command("bridge fdb", "52:54:00:00:00:09 dev eth1 self permanent"),
        command("ip rule", "100: from all fwmark 0x1 lookup 100"),
        command("virsh domiflist 4", " tap1   ethernet   -   virtio   fa:16:3e:00:00:01"),
        command("cat /sys/class/net/eth0/iflink", "9"),
        command("ovs-ofctl dump-meters br-int", "meter=1 kbps bands="),
        command("iptables -S", "-A INPUT -i eth0 -j ACCEPT"),
        command("hostnamectl", "   Static hostname: compute"),
    ],
)
def test_nothing_to_say(text: str) -> None:
    assert told_alone(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            command("ip route", "default via 10.0.0.254 dev eth0"),
            "All other packets go to the gateway 10.0.0.254 through eth0.",
        ),
        (
            command("ip route", "10.1.0.0/24 via 172.16.0.112 dev eth0 linkdown"),
            f"Packets to 10.1.0.0/24 go to the gateway 172.16.0.112 ({NIC}) through eth0. "
            "The device has no carrier.",
        ),
        (
            command("ip route", "10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.31"),
            "10.0.0.0/24 is directly on eth0; packets leave from 10.0.0.31.",
        ),
        (
            command("ip route", "blackhole 10.9.0.0/16"),
            "Packets to 10.9.0.0/16 are dropped without an answer.",
        ),
        (
            command("ip neigh", "172.16.0.112 dev br-ex lladdr fa:16:3e:55:2a:5d REACHABLE"),
            f"172.16.0.112 is {NIC}. The MAC was confirmed lately.",
        ),
        (command("ip neigh", "10.0.0.7 dev eth0  FAILED"), "Nobody answered for 10.0.0.7."),
        (
            command("ip rule", "57481: from 10.1.1.5 lookup 16"),
            "Packets from 10.1.1.5 look into table 16.",
        ),
        (
            command("ip netns", "qdhcp-5a0e0c4c-0cf2-4a83-8dc9-2ef51ac0ee4e (id: 1)"),
            "Namespace of the DHCP agent for one network. Devices call it link-netnsid 1.",
        ),
        (
            command("bridge fdb", "fa:16:3e:55:2a:5d dev vxlan-7 dst 10.0.0.99 self"),
            f"{NIC} is behind the tunnel end 10.0.0.99.",
        ),
        (
            command("bridge fdb", "00:00:00:00:00:00 dev vxlan-7 dst 10.0.0.99 self permanent"),
            "What vxlan-7 has no entry for goes to 10.0.0.99.",
        ),
        (
            command("bridge fdb", "33:33:ff:bf:ba:50 dev eth0 self permanent"),
            "eth0 is asked for IPv6 addresses that end in bf:ba50.",
        ),
        (
            command("bridge vlan", "port    vlan-id", "eth1    1 PVID Egress Untagged"),
            "Untagged on eth1: VLAN 1 both ways.",
        ),
        (
            command(
                "brctl showmacs br0", "  1     fa:16:3e:55:2a:5d       no                 0.50"
            ),
            f"{NIC}, heard 0.5 s ago behind port 1.",
        ),
        (
            command(
                "ovs-appctl fdb/show br-int",
                " port  VLAN  MAC                Age",
                "    3     1  fa:16:3e:55:2a:5d   17",
            ),
            f"{NIC}. Last heard 17 s ago.",
        ),
        (
            command("ovs-appctl ofproto/list-tunnels", "port 4: v (vxlan: 10.0.0.31->10.0.0.11)"),
            "VXLAN tunnel from 10.0.0.31 to 10.0.0.11.",
        ),
        (
            command(
                "ovs-ofctl dump-meters br-int",
                "meter=1 kbps burst stats bands=",
                "type=drop rate=1000 burst_size=100",
            ),
            "Drops what exceeds 1000 kbit/s.",
        ),
        (
            command(
                "ovs-ofctl dump-ports br-int 3",
                '  port  "tap635485ff-6c": rx pkts=94, bytes=8397',
                "           tx pkts=168, bytes=1",
            ),
            f"tap635485ff-6c ({NIC}): packets in: 94, out: 168.",
        ),
        (
            command("ovs-ofctl dump-groups br-int", " group_id=5,type=ff,bucket=actions=drop"),
            "The first live bucket of 1 gets the packet.",
        ),
        (
            command("virsh domiflist 4", " x   ethernet   -   virtio   fa:16:3e:55:2a:5d"),
            f"{NIC}.",
        ),
        (
            command(
                "iptables -S",
                "-A neutron-linuxbri-s635485ff-6 -s 172.16.0.112/32 -m mac "
                "--mac-source FA:16:3E:55:2A:5D -j RETURN",
            ),
            f"Lets pass what {NIC} sends with its MAC and from 172.16.0.112.",
        ),
        (
            command("iptables -S", "-N neutron-openvswi-i635485ff-6"),
            f"Security group rules for what {NIC} gets.",
        ),
        (
            command(
                "iptables-save",
                "*nat",
                "-A x -d 10.0.0.77/32 -j DNAT --to-destination 172.16.0.112",
            ),
            f"Packets to 10.0.0.77 are passed on to 172.16.0.112 ({NIC}).",
        ),
        (
            command("ss -ulpn", "udp   UNCONN 0      0      0.0.0.0%tap1:67   0.0.0.0:*"),
            "DHCP server, on tap1.",
        ),
        (
            command("ss -tn", "tcp ESTAB 0 0 10.0.0.31:34567 172.16.0.112:22"),
            f"This side is connected to {NIC}: SSH.",
        ),
        (
            command(
                "ps ax",
                "  20 ?  Sl  0:00 /usr/bin/qemu-system-x86_64 -name guest=instance-00000004,x=y",
            ),
            "Virtual machine instance-00000004.",
        ),
        (
            command("hostnamectl", "   Static hostname: c1", "  Operating System: Debian 12"),
            "c1 runs Debian 12.",
        ),
    ],
)
def test_one_entry(text: str, expected: str) -> None:
    assert told(text, PORTS, *HOST) == [expected]


def test_ports_of_a_switch() -> None:
    assert told(PORTS, *HOST) == [
        "The datapath id of br-int holds the MAC ba:81:8d:df:1a:46.",
        f"Host side of {NIC}. On br-int in VLAN 1.",
        "The bridge's own internal port.",
    ]


def test_rows_of_ovsdb() -> None:
    rows = command(
        "ovs-vsctl list Interface",
        "name : int-br-ex",
        "type : patch",
        "options : {peer=phy-br-ex}",
        "",
        "name : tap635485ff-6c",
        'type : ""',
        "options : {}",
    )
    assert told(rows, *HOST) == [
        "Patch to phy-br-ex on br-ex.",
        f"Host side of {NIC}. On br-int in VLAN 1.",
    ]


def test_two_owners_of_a_mac_are_nobody() -> None:
    """Two guests with one MAC: the entry says what it is, not whose."""
    other = DOMAIN.replace("00000004", "00000005").replace("tap635485ff-6c", "tap735485ff-6c")
    entry = command("ip neigh", "172.16.0.112 dev eth0 lladdr fa:16:3e:55:2a:5d REACHABLE")
    assert told(entry, DOMAIN, other) == ["The MAC was confirmed lately."]


def test_japanese() -> None:
    route = command("ip route", "default via 172.16.0.112 dev eth0")
    assert told(route, *HOST, language="ja") == [
        "そのほかのパケットは eth0 からゲートウェイ 172.16.0.112 "
        "(instance-00000004 の eth0) へ送る。"
    ]


def test_bonds_and_their_members() -> None:
    spread = ["---- bond0 ----", "bond_mode: balance-slb", "lacp_status: configured"]
    alone = [
        "---- bond1 ----",
        "bond_mode: active-backup",
        "active slave mac: 00:15:5d:bf:ba:58(eth4)",
    ]
    members = ["member eth2: disabled", "member eth3: enabled"]
    slaves = ["slave eth4: enabled", "\tactive slave", "slave eth5: enabled"]
    assert told_alone(command("ovs-appctl bond/show", *spread, *members, *alone, *slaves)) == [
        "Spread over the members by source MAC and VLAN. "
        "LACP is set, but not agreed with the other side.",
        "Carries nothing of bond0.",
        "Carries a part of bond0.",
        "Everything goes through eth4; the others stand by.",
        "Carries all of bond1.",
        "Stands by for bond1.",
    ]


DPIF = command(
    "ovs-appctl dpif/show",
    "netdev@ovs-netdev: hit:646 missed:270",
    "  br-int:",
    "    br-int 65534/3: (tap)",
    "    int-br-ex 1/none: (patch: peer=phy-br-ex)",
    "    tap635485ff-6c 3/10: (system)",
    "  br-tun:",
    "    vxlan-0a00000b 2/5: (vxlan: key=flow, local_ip=10.0.0.31, remote_ip=10.0.0.11)",
)


def test_bridges_and_ports_of_a_datapath() -> None:
    counted = "Userspace datapath. Packets: 646 matched a cached flow, 270 went to ovs-vswitchd."
    own = ["Integration bridge.", "The bridge's own internal port.", "Patch to phy-br-ex."]
    tunnel = "VXLAN tunnel from 10.0.0.31 to 10.0.0.11."
    assert told_alone(DPIF) == [counted, *own, tunnel]
    assert told(DPIF) == [counted, *own, "On br-int.", "Tunnel bridge, to 10.0.0.11.", tunnel]
    assert told(DPIF, *HOST) == [
        counted,
        "Integration bridge. Patch ports lead to br-ex.",
        "The bridge's own internal port.",
        "Patch to phy-br-ex on br-ex.",
        "Host side of instance-00000004's eth0. On br-int in VLAN 1.",
        tunnel,
    ]


def test_flows_of_a_datapath_name_its_ports_by_number() -> None:
    flow = "recirc_id(0),in_port({}),eth_type(0x0800), packets:3, bytes:9, used:0.1s, actions:{}\n"
    flows = [flow.format(10, 5), flow.format(3, "5,10"), flow.format("tap9", "push_vlan(vid=1),10")]
    dump = command("ovs-appctl dpctl/dump-flows", *(one.rstrip() for one in flows))
    assert told(dump, DPIF, *HOST) == [
        "From instance-00000004's eth0 to vxlan-0a00000b. Packets: 3, the last 0.1 s ago.",
        "From br-int. Packets: 3, the last 0.1 s ago.",
        "From tap9 to instance-00000004's eth0. Packets: 3, the last 0.1 s ago.",
    ]
    assert told(dump, *HOST) == [
        "Packets: 3, the last 0.1 s ago.",
        "Packets: 3, the last 0.1 s ago.",
        "From tap9. Packets: 3, the last 0.1 s ago.",
    ]


def test_features_of_a_datapath() -> None:
    features = command(
        "ovs-appctl dpif/show-dp-features br-int",
        "Tunnel push pop: No",
        "Max VLAN headers: 2",
        "A feature of tomorrow: Yes",
    )
    assert told_alone(features) == [
        "Adding and removing tunnel headers itself; otherwise the kernel's tunnel devices do it.",
        "How many VLAN tags of a packet can be matched.",
    ]
    assert told(features, language="ja") == [
        "トンネルのヘッダを自身で付け外しする機能。なければカーネルのトンネルデバイスが行う。",
        "照合できる VLAN タグの数。",
    ]
