"""What lists of bridge ports, ``iflink`` and ``virsh domiflist`` join without any ``ip link``."""

from pathlib import Path

import pytest

from ovs_capture.diagnostic import Code
from ovs_capture.network.bridge_ports import memberships, remote_ends
from ovs_capture.network.correlate import correlate
from ovs_capture.network.model import Network, Scope
from ovs_capture.store import Hints, Host, InterfaceHint
from tests.network.test_snapshot import capture

PORTS = """\
7: vxlan-339: <UP> mtu 1450 master brq1 state forwarding priority 32 cost 2
9: tap1446772e-69@eth0: <UP> mtu 1450 master brq1 state forwarding priority 32 cost 2
"""
BRCTL = """\
bridge name     bridge id               STP enabled     interfaces
brq1            8000.aed176956e26       no              vxlan-339
                                                        tap1446772e-69
"""
FDB = """\
00:00:00:00:00:00 dev vxlan-339 dst 10.0.1.11 via eth0 self permanent
fa:16:3e:f3:a4:1e dev vxlan-339 dst 10.0.1.11 self
fa:16:3e:14:46:77 dev tap1446772e-69 master brq1
"""
INTERFACES = """\
 Interface        Type     Source   Model    MAC
-----------------------------------------------------------
 tap1446772e-69   bridge   brq1     virtio   fa:16:3e:14:46:77
"""
LINK = "{}: {}: <UP> mtu 1500 qdisc noqueue {}state UP mode DEFAULT\n    link/ether {}{}\n"


def model(*captures: tuple[str, str], hints: Hints | None = None) -> Network:
    own = tuple(capture(command, text) for command, text in captures)
    return correlate(Host("s/h", Path("h"), own, hints or Hints()))


def test_no_list_no_membership() -> None:
    assert memberships(()) == ()
    assert remote_ends(()) == ()


@pytest.mark.parametrize(
    "shown", [("bridge link", PORTS), ("brctl show", BRCTL)], ids=["bridge-link", "brctl"]
)
def test_a_list_of_ports_proves_the_bridge_and_its_members(shown: tuple[str, str]) -> None:
    network = model(shown)
    assert [d.name for d in network.linux_bridges] == ["brq1"]
    assert {d.name for d in network.members("brq1")} == {"vxlan-339", "tap1446772e-69"}
    assert all(device.evidence for device in network.devices)
    assert network.diagnostics == ()


def test_brctl_has_the_mac_of_the_bridge() -> None:
    (bridge,) = model(("brctl show", BRCTL)).linux_bridges
    assert bridge.mac == "ae:d1:76:95:6e:26"


def test_the_name_behind_the_at_of_bridge_link_is_not_believed() -> None:
    """It is the name of the device that has the peer's index in this namespace."""
    tap = model(("bridge link", PORTS)).device("tap1446772e-69").one
    assert tap is not None
    assert tap.link is None


def test_entries_with_a_remote_end_prove_a_vxlan_device_and_what_carries_it() -> None:
    network = model(("bridge fdb show", FDB))
    tunnel = network.device("vxlan-339").one
    assert tunnel is not None
    assert (tunnel.kind, tunnel.details) == ("vxlan", {"dev": "eth0"})
    assert [(c.upper, c.lower, c.kind) for c in network.carriers] == [
        ("vxlan-339", "eth0", "carried")
    ]
    (end,) = network.remote_ends
    assert (end.device, end.address, len(end.evidence)) == ("vxlan-339", "10.0.1.11", 2)


def test_a_later_whole_list_takes_the_place_of_an_earlier() -> None:
    moved = "9: tap1446772e-69: <UP> mtu 1450 master brq2 state forwarding priority 32 cost 2\n"
    network = model(("bridge link", PORTS), ("bridge link", moved))
    assert [d.name for d in network.members("brq2")] == ["tap1446772e-69"]
    assert network.members("brq1") == ()


def test_two_masters_are_told_and_none_is_chosen() -> None:
    link = LINK.format(9, "tap1446772e-69", "master brq2 ", "fe:16:3e:14:46:77", "")
    network = model(("ip link", link), ("brctl show", BRCTL))
    (problem,) = network.diagnostics
    assert (problem.code, problem.args["what"]) == (Code.PEER_AMBIGUOUS, "tap1446772e-69")
    assert network.device("tap1446772e-69").items[0].master is None


def test_a_hint_names_a_nic_that_only_a_bridge_shows() -> None:
    ports = "3: eth2: <UP> mtu 1500 master brq1 state forwarding priority 32 cost 2\n"
    hints = Hints(interfaces={"eth2": InterfaceHint(address=None, rail="172.16.0.0/24", line=1)})
    network = model(("bridge link", ports), hints=hints)
    nic = network.device("eth2").one
    assert nic is not None
    assert (nic.kind, nic.master, network.prefix_of("eth2")) == ("nic", "brq1", "172.16.0.0/24")
    assert network.diagnostics == ()


def test_domiflist_joins_the_guest_with_its_tap_and_bridge() -> None:
    network = model(("virsh domiflist instance-00000004", INTERFACES), ("bridge link", PORTS))
    hold = network.nic_of_tap("tap1446772e-69").one
    assert hold is not None
    guest, nic = hold
    assert (guest.key, guest.proofs, nic.mac) == (
        "instance-00000004",
        ("domiflist",),
        "fa:16:3e:14:46:77",
    )
    tap = network.device("tap1446772e-69").one
    assert tap is not None
    assert (tap.kind, tap.master) == ("tap", "brq1")


def test_domiflist_by_number_is_the_domain_that_the_list_has() -> None:
    listed = " Id   Name                State\n" + "-" * 36
    listed += "\n 4    instance-00000004   running\n"
    network = model(("virsh list", listed), ("virsh domiflist 4", INTERFACES))
    (guest,) = network.guests
    assert (guest.key, [nic.tap for nic in guest.nics]) == (
        "instance-00000004",
        ["tap1446772e-69"],
    )


LEASE = "1795242556 fa:16:3e:14:46:77 172.16.0.112 host *\n"


def test_a_neighbour_that_answers_proves_an_address_and_gives_none() -> None:
    guest = ("virsh domiflist instance-00000004", INTERFACES)
    answers = "172.16.0.112 dev eth0 lladdr fa:16:3e:14:46:77 REACHABLE\n"
    answers += "172.16.0.200 dev eth0 lladdr fa:16:3e:14:46:77 STALE\n"
    lease = ("cat /var/lib/neutron/dhcp/x/leases", LEASE)
    for captures, expected in (([lease], [("172.16.0.112", 2)]), ([], [])):
        network = model(guest, ("ip neigh", answers), *captures)
        (nic,) = network.guests[0].nics
        assert [(a.ip, len(a.evidence)) for a in nic.addresses] == expected


def veths(other: str = "", *, inside: str = "9") -> Network:
    """A veth pair whose ends print no ``@``; ``/sys`` has the numbers."""
    root = LINK.format(9, "veth9", "", "02:00:00:00:00:09", " promiscuity 0\n    veth") + other
    room = LINK.format(2, "eth0", "", "02:00:00:00:00:02", " promiscuity 0\n    veth")
    return model(
        ("ip -d link", root),
        ("cat /sys/class/net/veth9/iflink", "2\n"),
        ("ip netns exec c1 ip -d link", room),
        ("ip netns exec c1 cat /sys/class/net/eth0/iflink", f"{inside}\n"),
    )


def test_iflink_joins_the_ends_of_a_pair() -> None:
    veth = veths().device("veth9").one
    assert veth is not None
    assert veth.peer == (Scope("s/h", "c1"), "eth0")


def test_iflink_that_does_not_point_back_joins_nothing() -> None:
    veth = veths(inside="7").device("veth9").one
    assert veth is not None
    assert veth.peer is None


def test_an_iflink_of_its_own_number_is_no_other_end() -> None:
    link = LINK.format(2, "eth0", "", "02:00:00:00:00:02", "")
    network = model(("ip link", link), ("cat /sys/class/net/eth0/iflink", "2\n"))
    assert [d.peer for d in network.devices] == [None]


ROWS = """\
_uuid               : 00000000-0000-0000-0000-0000000000{:02x}
name                : {}
{}
"""


def uuid(number: int) -> str:
    return f"00000000-0000-0000-0000-0000000000{number:02x}"


BRIDGES = ROWS.format(1, "br-int", f"ports               : [{uuid(3)}, {uuid(4)}]") + ROWS.format(
    2, "br-ex", f"ports               : [{uuid(5)}]"
)
OVS_PORTS = (
    ROWS.format(3, "tap1", f"interfaces          : [{uuid(6)}]\ntag                 : 7")
    + ROWS.format(4, "int-br-ex", f"interfaces          : [{uuid(7)}]\ntag                 : []")
    + ROWS.format(5, "phy-br-ex", f"interfaces          : [{uuid(8)}]\ntag                 : []")
)
OVS_INTERFACES = (
    ROWS.format(6, "tap1", 'type                : ""')
    + ROWS.format(7, "int-br-ex", "type : patch\noptions : {peer=phy-br-ex}")
    + ROWS.format(8, "phy-br-ex", "type : patch\noptions : {peer=int-br-ex}")
)


def test_rows_of_three_tables_are_the_switch() -> None:
    network = model(
        ("ovs-vsctl list Bridge", BRIDGES),
        ("ovs-vsctl list Port", OVS_PORTS),
        ("ovs-vsctl list Interface", OVS_INTERFACES),
    )
    shown = {p.name: (p.bridge, p.tag, [i.peer for i in p.interfaces]) for p in network.ports}
    assert shown == {
        "tap1": ("br-int", 7, [None]),
        "int-br-ex": ("br-int", None, [("br-ex", "phy-br-ex")]),
        "phy-br-ex": ("br-ex", None, [("br-int", "int-br-ex")]),
    }
    assert all(port.evidence for port in network.ports)


def test_without_bridges_no_port_is_placed() -> None:
    network = model(
        ("ovs-vsctl list Port", OVS_PORTS), ("ovs-vsctl list Interface", OVS_INTERFACES)
    )
    assert network.ports == ()
