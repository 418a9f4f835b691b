"""Notes on what ovn-nbctl and ovn-sbctl print."""

from pathlib import Path

import pytest

from ovs_capture import store
from ovs_capture.explain.captures import notes
from ovs_capture.formats.reading import Capture, read
from ovs_capture.network.correlate import correlate
from ovs_capture.source import Source
from ovs_capture.store import load_target
from ovs_capture.translation import Translator

ENGLISH = Translator("en")
SHOW = """$ ovn-nbctl show
switch 790c1068-f065-4fc0-bc80-3fc7325ae7bd (neutron-1) (aka net1)
    port p0 (aka vm0)
        addresses: ["fa:16:3e:00:00:01 10.0.0.2"]
    port s-r
        type: router
        router-port: r-s
    port out
        type: localnet
        tag: 100
router 1f5163e0-4988-40d2-970f-ad50fc48ab01 (r0)
    port r-s
        networks: ["10.0.0.1/24"]
    nat 019e256b-3441-487f-b9f5-cf0a5c04c8e3
        external ip: "172.19.0.150"
        logical ip: "10.0.0.2"
        type: "dnat_and_snat"
"""


def told(*texts: str) -> list[str]:
    """The notes of the first capture on a host that has all of them."""
    found: list[Capture] = [one for text in texts for one in read(Source("x.txt", text))]
    network = correlate(store.Host("s/h", Path(), tuple(found), store.Hints()))
    return [ENGLISH.text(note.message) for note in notes(found[0], network)]


def test_show_is_told_from_itself() -> None:
    assert told(SHOW) == [
        "Logical switch net1.",
        "Port vm0 on switch net1.",
        "Leads to router r0.",
        "Leads to physical network out with VLAN 100.",
        "Logical router r0.",
        "Port of router r0 to switch net1.",
        "Floating IP 172.19.0.150 of vm0 (10.0.0.2).",
    ]


def test_a_binding_says_the_number_and_the_chassis() -> None:
    row = """$ ovn-sbctl list Datapath_Binding
_uuid               : 0b214af6-8910-489c-926a-fd0ed16a8251
external_ids        : {logical-switch="790c1068-f065-4fc0-bc80-3fc7325ae7bd"}
tunnel_key          : 5
"""
    assert told(row, SHOW) == ["Logical switch net1. In flows it is metadata 5."]
    chassis = "$ ovn-sbctl show\nChassis c1\n    hostname: hv1\n    Port_Binding p0\n"
    assert told(chassis, SHOW) == [
        "Host hv1; ports bound here: 1.",
        "Port vm0 on switch net1. Bound to chassis hv1.",
    ]


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("from-lport 1 (ip4) drop", "Dropped when the ports send it: IPv4 packets."),
        (
            "  to-lport 1 (outport == @pg_web && ip4 && tcp && tcp.dst == 443) allow-related",
            "Allowed to the ports, with replies: "
            "TCP packets over IPv4 with destination port 443 (HTTPS).",
        ),
        (
            "  to-lport 1 (outport == @pg_a || ip4) drop",
            "Dropped when it is for the ports: "
            "Packets bound for a port of group @pg_a or IPv4 packets.",
        ),
        ("from-lport 1 (ip4 &&) drop", "Dropped when the ports send it: Packets with ip4 &&."),
        ("from-lport 1 (1) pass", "Left to the next tier when the ports send it: All packets."),
    ],
)
def test_rules(line: str, note: str) -> None:
    assert told(f"$ ovn-nbctl acl-list sw0\n{line}\n") == [note]


ROWS = """$ ovn-nbctl list %s
_uuid               : 7f007217-3d91-462e-9b02-7af00082f316
%s
"""


@pytest.mark.parametrize(
    ("table", "columns", "note"),
    [
        (
            "QoS",
            'action : {dscp=16}\nbandwidth : {}\nmatch : "inport == \\"p\\""',
            "Given DSCP 16: Packets from p.",
        ),
        (
            "QoS",
            "action : {dscp=16}\nbandwidth : {burst=8, rate=10}\nmatch : ip4",
            "Limited to 10 kbit/s and given DSCP 16: IPv4 packets.",
        ),
        (
            "Logical_Router_Policy",
            'action : reroute\nmatch : ip4\nnexthop : []\nnexthops : ["10.0.0.1"]',
            "Sent to 10.0.0.1, whatever the routes say: IPv4 packets.",
        ),
        (
            "Address_Set",
            'addresses : ["198.51.100.7", "203.0.113.0/24"]\nname : as_partners',
            "Matches write these 2 addresses as $as_partners.",
        ),
        ("DNS", 'records : {a.example="10.0.0.1"}', "ovn-controller answers for these names: 1."),
        (
            "Load_Balancer",
            'vips : {"10.0.0.9:80"="10.0.0.1:80,10.0.0.2:80"}',
            "Connections to 10.0.0.9:80 are spread over 10.0.0.1:80, 10.0.0.2:80.",
        ),
    ],
)
def test_rows(table: str, columns: str, note: str) -> None:
    assert told(ROWS % (table, columns)) == [note]


def test_a_policy_and_a_meter() -> None:
    policies = "$ ovn-nbctl lr-policy-list r\nRouting Policies\n        10 ip4            drop\n"
    assert told(policies) == ["Dropped before the routes: IPv4 packets."]
    meters = "$ ovn-nbctl meter-list\nm: (fair) bands:\n  drop: 100 pktps, 25 packet burst\n"
    assert told(meters) == ["What exceeds 100 pktps is dropped."]


def test_routes_and_balancers() -> None:
    routes = "$ ovn-nbctl lr-route-list r0\nIPv4 Routes\n"
    assert told(f"{routes} 0.0.0.0/0 10.0.0.1 dst-ip\n 10.1.0.0/16 discard dst-ip\n") == [
        "Default route to 10.0.0.1.",
        "Packets to 10.1.0.0/16 are discarded.",
    ]
    title = "UUID                                    LB    PROTO  VIP          IPs\n"
    uuid = "78a986d3-e0d3-4ad5-85d0-7f1ba742218d"
    assert told(
        f"$ ovn-nbctl lb-list\n{title}{uuid}    lb    tcp    10.0.0.9:80  10.0.0.2:80\n"
    ) == ["Connections to 10.0.0.9:80 go to 10.0.0.2:80."]


@pytest.mark.needs("shared")
def test_every_row_of_the_lab_that_names_a_port_or_datapath_is_told(shared: Path) -> None:
    target = load_target(shared / "lab" / "captures" / "ovn")
    host = next(host for host in target.hosts if host.name == "ctl")
    network = correlate(host, target.siblings(host))
    tables = ("Logical_Switch", "Logical_Switch_Port", "Logical_Router_Port", "Port_Binding", "NAT")
    seen = 0
    for capture in host.captures:
        if capture.source.name.endswith(tuple(f"list_{table}.txt" for table in tables)):
            found = notes(capture, network, host=host.key)
            assert len(found) == len(capture.parsed.records)
            seen += len(found)
    assert seen > 60
